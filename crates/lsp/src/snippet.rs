//! Words with blanks, as snippets with tab stops.

use absolve_core::{diagnostic::Edit, span::Span};

/// The blanks of an edit's words: bytes of its replacement.
pub fn blanks(edit: &Edit) -> Vec<Span> {
    let text = &edit.replacement;
    let mut blanks = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|it| at + it) {
        let rest = &text[open..];
        let Some(close) = rest.find('}').map(|it| open + it + 1) else { break };
        let is_placeholder = rest.starts_with("{{") || text[..open].ends_with(['$', '%', '#', '{']);
        if !is_placeholder && !rest.starts_with("{%") {
            blanks.push(Span::new(open, close));
        }
        at = if rest.starts_with("{{") { rest.find("}}").map_or(text.len(), |it| open + it + 2) } else { close };
    }
    blanks
}

/// Numbers the tab stops of a snippet, or of several that belong together: the same blank has the same number.
#[derive(Debug, Default)]
pub struct TabStops<'a> {
    known: Vec<&'a str>,
}

impl<'a> TabStops<'a> {
    /// `text` as a snippet. A blank keeps its braces: one that is left unfilled is still seen.
    pub fn snippet(&mut self, text: &'a str, blanks: &[Span]) -> String {
        let mut snippet = String::with_capacity(text.len() + 16);
        let mut at = 0;
        for blank in blanks {
            snippet.push_str(&escape(&text[at..blank.start]));
            let words = &text[blank.range()];
            snippet.push_str(&format!("${{{}:{}}}", self.number(words), escape(words)));
            at = blank.end;
        }
        snippet.push_str(&escape(&text[at..]));
        snippet
    }

    fn number(&mut self, words: &'a str) -> usize {
        let known = self.known.iter().position(|it| *it == words);
        known.unwrap_or_else(|| {
            self.known.push(words);
            self.known.len() - 1
        }) + 1
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for it in text.chars() {
        if matches!(it, '$' | '}' | '\\') {
            escaped.push('\\');
        }
        escaped.push(it);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &str, expected: &str) {
        let edit = Edit { replacement: words.to_owned(), ..sample() };
        assert_eq!(TabStops::default().snippet(words, &blanks(&edit)), expected);
    }

    fn sample() -> Edit {
        Edit { span: Span::default(), replacement: String::new() }
    }

    #[test]
    fn blanks_become_tab_stops_and_all_else_stays() {
        check("I'm sorry: {what happened}.", "I'm sorry: ${1:{what happened\\}}.");
        check("{a}, {b}, {a}", "${1:{a\\}}, ${2:{b\\}}, ${1:{a\\}}");
        check("Hi {{ticket.name}}, {when}", "Hi {{ticket.name\\}\\}, ${1:{when\\}}");
        check("$5 ${x} \\ %{y}", "\\$5 \\${x\\} \\\\ %{y\\}");
        check("{% if a %}{b}", "{% if a %\\}${1:{b\\}}");
        check("{open", "{open");
    }
}
