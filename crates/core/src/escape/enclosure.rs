//! Texts without quotes, which must be given some before other words may stand in them.

use crate::{diagnostic::Edit, span::Span};

/// Where a text stands without quotes, and what they would have to keep apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enclosure {
    /// A cell of CSV, and what separates it from the next.
    Csv(Span, char),
    /// A plain text in YAML.
    Yaml(Span),
}

impl Enclosure {
    /// Completes `edits`, which are in order: with quotes around the text, if it does not stand without them any more.
    pub(super) fn enclose(self, document_text: &str, edits: &mut Vec<Edit>) {
        let span = self.span();
        if !edits.iter().any(|it| self.needs_quotes(document_text, it)) {
            return;
        }
        let insert =
            |at: usize, words: &str| Edit { span: Span::new(at, at), replacement: words.to_owned(), blanks: vec![] };
        let is_left = |at: &usize| !edits.iter().any(|it| it.span.start <= *at && *at < it.span.end);
        let special =
            document_text[span.range()].char_indices().filter(|it| self.is_special(it.1)).map(|it| span.start + it.0);
        let mut inserted: Vec<Edit> = special.filter(is_left).map(|at| insert(at, self.escape())).collect();
        inserted.insert(0, insert(span.start, "\""));
        inserted.push(insert(span.end, "\""));
        let words = std::mem::take(edits);
        *edits = merged(inserted, words);
    }

    fn span(self) -> Span {
        match self {
            Enclosure::Csv(span, _) | Enclosure::Yaml(span) => span,
        }
    }

    /// Whether what stands there after the edit would be read as something else. An answer to a blank may be anything.
    fn needs_quotes(self, document_text: &str, edit: &Edit) -> bool {
        let span = self.span();
        let words = edit.replacement.as_str();
        let is_at_start = edit.span.start == span.start;
        let is_at_end = edit.span.end == span.end;
        !edit.blanks.is_empty()
            || match self {
                Enclosure::Csv(_, delimiter) => {
                    words.contains([delimiter, '"', '\n', '\r'])
                        || is_at_start && document_text[edit.span.end..span.end].trim_start().starts_with('"')
                }
                Enclosure::Yaml(_) => is_at_start || is_at_end || words.contains(YAML_SPECIAL),
            }
    }

    fn is_special(self, it: char) -> bool {
        it == '"' || it == '\\' && matches!(self, Enclosure::Yaml(_))
    }

    fn escape(self) -> &'static str {
        match self {
            Enclosure::Csv(..) => "\"",
            Enclosure::Yaml(_) => "\\",
        }
    }
}

/// What may mean something in a plain text of YAML.
const YAML_SPECIAL: &[char] =
    &[':', '#', '\n', '"', '\'', '\\', '{', '}', '[', ']', ',', '&', '*', '!', '|', '>', '%', '@', '`'];

/// Insertions and other edits, in order; what is inserted where another edit ends comes after it.
fn merged(inserted: Vec<Edit>, words: Vec<Edit>) -> Vec<Edit> {
    let mut edits: Vec<Edit> = inserted.into_iter().chain(words).collect();
    edits.sort_by_key(|it| it.span);
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::apply;

    /// `old` in `text` becomes `new`; the place is what stands between the bars.
    #[track_caller]
    fn check(enclosure: fn(Span) -> Enclosure, text: &str, old: &str, new: &str, expected: &str) {
        let start = text.find('|').expect("a bar");
        let text = text.replacen('|', "", 1);
        let end = text.find('|').expect("a bar");
        let text = text.replacen('|', "", 1);
        let at = text.find(old).expect("it is there");
        let mut edits = vec![Edit { span: Span::new(at, at + old.len()), replacement: new.to_owned(), blanks: vec![] }];
        enclosure(Span::new(start, end)).enclose(&text, &mut edits);
        assert_eq!(apply(&text, &edits), expected);
    }

    #[test]
    fn a_cell_has_quotes_if_it_needs_them() {
        let csv = |span| Enclosure::Csv(span, ';');
        check(csv, "1;|So sorry|;2", "So", "Very", "1;Very sorry;2");
        check(csv, "1;|So sorry|;2", "So", "Hi, so", "1;Hi, so sorry;2");
        check(csv, "1;|So sorry|;2", "So", "Hi; so", "1;\"Hi; so sorry\";2");
        check(csv, "1;|So 5\" sorry|;2", "sorry", "a;", "1;\"So 5\"\" a;\";2");
        check(csv, "1;|So \"x\" sorry|;2", "So ", "", "1;\"\"\"x\"\" sorry\";2");
    }

    #[test]
    fn so_has_a_plain_text_in_yaml() {
        check(Enclosure::Yaml, "a: |So sorry now|\n", "sorry", "good", "a: So good now\n");
        check(Enclosure::Yaml, "a: |So sorry now|\n", "So ", "", "a: \"sorry now\"\n");
        check(Enclosure::Yaml, "a: |So \\ \"x\" now|\n", "now", "it is: y", "a: \"So \\\\ \\\"x\\\" it is: y\"\n");
    }
}
