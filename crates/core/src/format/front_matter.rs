//! The YAML between `---` lines at the top of a letter: its title, its subject, its language, whether its body is HTML.
//! The subject is prose; comments may be markers.

mod value;

use crate::{document::ReadError, format::prose::Prose, segment::Segment, span::Span};

/// What the front matter of a letter says.
#[derive(Debug, Default)]
pub(crate) struct FrontMatter {
    /// What the team calls the letter.
    pub title: Option<String>,
    /// Its language, as it is written.
    pub locale: Option<String>,
    /// Whether its body is HTML, whatever the file's name says.
    pub is_html: bool,
    /// Its subject.
    pub subject: Option<Segment>,
    /// Where its body starts.
    pub body: usize,
}

/// Reads the front matter of `text`, if it has any.
pub(crate) fn read(text: &str) -> Result<FrontMatter, ReadError> {
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let body = start + length(&text[start..]).unwrap_or(0);
    let mut front = FrontMatter { body, ..FrontMatter::default() };
    let mut at = start;
    let mut lines = text[start..body].split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        let goes_on = lines.peek().is_some_and(|it| it.starts_with([' ', '\t']));
        if let Some((key, rest)) = line.split_once(':').filter(|it| !goes_on && KEYS.contains(&it.0)) {
            let value = Span::new(at + line.len() - rest.len(), at + line.len());
            front.take(text, key, value)?;
        }
        at += line.len();
    }
    Ok(front)
}

const KEYS: [&str; 6] = ["title", "subject", "language", "locale", "lang", "is_html"];

impl FrontMatter {
    fn take(&mut self, text: &str, key: &str, value: Span) -> Result<(), ReadError> {
        let value = match value::read(text, value) {
            Ok(it) => it,
            // What other programs make of their front matter is none of our business.
            Err(_) if !matches!(key, "subject" | "is_html") => return Ok(()),
            Err(error) => return Err(error),
        };
        let Some(value) = value else { return Ok(()) };
        match key {
            "title" => self.title = Some(value.text),
            "subject" => self.subject = Some(Segment::decoded(value.text, value.map, value.escape)),
            "is_html" => self.is_html = value.text.eq_ignore_ascii_case("true"),
            _ => self.locale = self.locale.take().or(Some(value.text)),
        }
        Ok(())
    }
}

/// Hands the markers in the front matter of a text, which ends at byte `body`, to its prose.
pub(crate) fn read_markers(text: &str, body: usize, prose: &mut Prose<'_>) {
    let mut at = 0;
    for line in text[..body].split_inclusive('\n') {
        read_line(line, at, prose);
        at += line.len();
    }
}

/// The length of the front matter that `text` starts with, up to the end of its last line.
fn length(text: &str) -> Option<usize> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|it| it.trim_end() == "---")?;
    let mut len = first.len();
    let mut is_first = true;
    for line in lines {
        len += line.len();
        let content = line.trim_end();
        if content == "---" || content == "..." {
            return Some(len);
        }
        if is_first && !content.is_empty() && !is_yaml(content) {
            return None;
        }
        is_first &= content.is_empty();
    }
    None
}

/// Whether a line can be the first of a YAML mapping or list; after a rule (`---`) comes prose, which cannot.
fn is_yaml(line: &str) -> bool {
    let key = line.split_once(':').filter(|(_, value)| value.is_empty() || value.starts_with(' ')).map(|(key, _)| key);
    let is_key = |key: &str| !key.is_empty() && key.chars().all(|it| it.is_alphanumeric() || "_-.\"'".contains(it));
    line.starts_with('#') || line.starts_with("- ") || key.is_some_and(is_key)
}

fn read_line(line: &str, at: usize, prose: &mut Prose<'_>) {
    let comment = line.trim_start();
    if let Some(inside) = comment.strip_prefix('#') {
        let start = at + line.len() - comment.len();
        prose.file_marker(inside, Span::new(start, start + comment.trim_end().len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(length(text).map(|it| &text[..it]), expected);
    }

    #[test]
    fn front_matter_is_yaml_at_the_top() {
        check("---\ntitle: a\n---\nb", Some("---\ntitle: a\n---\n"));
        check("---\r\n# c\r\n\r\ntitle: a\r\n...\r\nb", Some("---\r\n# c\r\n\r\ntitle: a\r\n...\r\n"));
        check("---\n---\nb", Some("---\n---\n"));
        check("---\nSorry about that: it broke.\n---\nb", None);
        check("---\ntitle: a\nb", None);
        check("a\n---\nb: c\n---\n", None);
    }
}
