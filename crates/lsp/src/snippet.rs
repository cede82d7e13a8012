//! Words with blanks, as snippets with tab stops.

use absolve_core::span::Span;

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

    /// Words with their blanks, as a snippet.
    #[track_caller]
    fn check(words: &str, blanks: &[&str], expected: &str) {
        let mut at = 0;
        let find = |it: &&str| {
            let start = at + words[at..].find(it).expect("the blank is there");
            at = start + it.len();
            Span::new(start, at)
        };
        let blanks: Vec<Span> = blanks.iter().map(find).collect();
        assert_eq!(TabStops::default().snippet(words, &blanks), expected);
    }

    #[test]
    fn blanks_become_tab_stops_and_all_else_stays() {
        check("I'm sorry: {what happened}.", &["{what happened}"], "I'm sorry: ${1:{what happened\\}}.");
        check("{a}, {b}, {a}", &["{a}", "{b}", "{a}"], "${1:{a\\}}, ${2:{b\\}}, ${1:{a\\}}");
        check("Hi {{name}}, {when}", &["{when}"], "Hi {{name\\}\\}, ${1:{when\\}}");
        check("$5 ${x} \\ {y}", &["{y}"], "\\$5 \\${x\\} \\\\ ${1:{y\\}}");
        check("{% if a %}", &[], "{% if a %\\}");
    }
}
