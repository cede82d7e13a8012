//! Plain text: everything is prose but quoted mail (lines that start with `>`) and what follows a signature's `-- `.

use crate::{document::Document, segment::Segment, span::Span};

/// Fills in the segments of a document of plain text.
pub(crate) fn read(document: &mut Document) {
    let text = &document.text;
    document.segments = prose(text).into_iter().map(|it| Segment::verbatim(text, it)).collect();
}

/// The runs of lines of `text` that the writer of this mail wrote.
pub(crate) fn prose(text: &str) -> Vec<Span> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "--" && line.starts_with("-- ") {
            push(&mut runs, text, start, at);
            return runs;
        }
        if line.trim_start().starts_with('>') {
            push(&mut runs, text, start, at);
            start = at + line.len();
        }
        at += line.len();
    }
    push(&mut runs, text, start, at);
    runs
}

fn push(runs: &mut Vec<Span>, text: &str, start: usize, end: usize) {
    if !text[start..end].trim().is_empty() {
        runs.push(Span::new(start, end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let runs: Vec<&str> = prose(text).into_iter().map(|it| &text[it.range()]).collect();
        assert_eq!(runs, expected);
    }

    #[test]
    fn quoted_mail_is_not_ours() {
        check("Hi\n> sorry\n>> about that\nBye\n", &["Hi\n", "Bye\n"]);
        check("> only theirs\n", &[]);
    }

    #[test]
    fn what_follows_a_signature_is_no_prose() {
        check("Hi\r\n-- \r\nAna\r\n", &["Hi\r\n"]);
    }
}
