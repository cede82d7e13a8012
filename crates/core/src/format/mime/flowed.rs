//! Text whose lines flow (RFC 3676): one that ends in a space goes on in the next.

use crate::{offset_map::OffsetMap, span::Span};

/// What a flowed text says, with the map back to it. The end of a line that goes on is one space; with `deletes_space`,
/// the space that says so is none of the text. Quoted lines are left as they are.
pub(super) fn unfold(text: &str, deletes_space: bool) -> (String, OffsetMap) {
    let mut unfolded = Unfolded { source: text, text: String::with_capacity(text.len()), map: OffsetMap::default() };
    let mut lines = text.split_inclusive('\n').peekable();
    let (mut at, mut start) = (0, stuffing(text));
    while let Some(line) = lines.next() {
        let next = at + line.len();
        let next_start = next + stuffing(&text[next..]);
        let end = at + line.trim_end_matches(['\r', '\n']).len();
        let goes_on = lines.peek().is_some_and(|next| is_ours(line) && is_ours(next));
        match goes_on && text[start.min(end)..end].ends_with(' ') {
            true => unfolded.go_on(Span::new(start, end - 1), next_start, deletes_space),
            false => unfolded.verbatim(Span::new(start.min(end), next)),
        }
        (at, start) = (next, next_start);
    }
    (unfolded.text, unfolded.map)
}

/// Neither quoted nor the mark of a signature.
fn is_ours(line: &str) -> bool {
    !line.starts_with('>') && line.trim_end_matches(['\r', '\n']) != "-- "
}

/// The space before a line that would mean something without it. What looks quoted but is not keeps it.
fn stuffing(line: &str) -> usize {
    usize::from(line.starts_with(' ') && !line.starts_with(" >"))
}

struct Unfolded<'a> {
    source: &'a str,
    text: String,
    map: OffsetMap,
}

impl Unfolded<'_> {
    fn verbatim(&mut self, span: Span) {
        self.text.push_str(&self.source[span.range()]);
        self.map.push_verbatim(span.len(), span.start);
    }

    /// A line up to the space that says that it goes on, at `next`.
    fn go_on(&mut self, line: Span, next: usize, deletes_space: bool) {
        let has_another = self.source[line.range()].ends_with(' ');
        let end = line.end - usize::from(deletes_space && has_another);
        self.verbatim(Span::new(line.start, end));
        if !deletes_space || has_another {
            self.text.push(' ');
            self.map.push_replaced(1, Span::new(end, next));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, deletes_space: bool, expected: &str) {
        let (unfolded, map) = unfold(text, deletes_space);
        assert_eq!(unfolded, expected);
        assert_eq!(map.len(), unfolded.len());
        for (derived, source) in map.verbatim_runs() {
            assert_eq!(unfolded[derived.range()], text[source.range()]);
        }
    }

    #[test]
    fn a_line_that_ends_in_a_space_goes_on() {
        check("Hi Ana,\r\n\r\nit left \r\nat noon. \r\nBye\r\n", false, "Hi Ana,\r\n\r\nit left at noon. Bye\r\n");
        check("a \nb\n", false, "a b\n");
        check("a ", false, "a ");
        check("", false, "");
        check(" \n \n", false, "\n\n");
    }

    #[test]
    fn what_is_quoted_or_signed_stands_alone() {
        check("a \n> b \n> c \nd\n", false, "a \n> b \n> c \nd\n");
        check("a \n-- \nAna \nLee", false, "a \n-- \nAna Lee");
    }

    #[test]
    fn a_space_before_a_line_is_none_of_it() {
        check(" From here \n to there\n >not quoted\n", false, "From here to there\n >not quoted\n");
    }

    #[test]
    fn the_space_may_be_none_of_the_text() {
        check("it left  \r\nat no \r\n on\r\n", true, "it left at noon\r\n");
    }

    #[test]
    fn a_space_stands_for_the_whole_end_of_its_line() {
        let (text, map) = unfold("it left \r\n at noon", false);
        assert_eq!(text, "it left at noon");
        assert_eq!(map.to_source(Span::new(7, 8)), Span::new(7, 11));
        assert_eq!(map.to_source(Span::new(3, 10)), Span::new(3, 13));
    }
}
