//! Plain text: everything is prose but quoted mail (lines that start with `>`), the line that announces it, and what
//! follows a signature's `-- ` or the head of the message that is answered.

use crate::{
    format::mail::{OPENINGS, is_attribution, is_certain, is_signature, starts_history},
    format::prose::Reading,
    segment::Segment,
    span::Span,
};

/// The prose of a plain text from byte `start` on.
pub(crate) fn read_from(text: &str, start: usize) -> Reading {
    let segment = |it: Span| Segment::verbatim(text, Span::new(start + it.start, start + it.end));
    Reading { segments: prose(&text[start..]).into_iter().map(segment).collect(), ..Reading::default() }
}

/// The runs of lines of `text` that the writer of this mail wrote.
pub(crate) fn prose(text: &str) -> Vec<Span> {
    prose_between(text, |line| line.trim_start().starts_with('>'))
}

/// The same of a text whose lines flowed: what stands after a space is not quoted, however it looks.
pub(crate) fn flowed_prose(text: &str) -> Vec<Span> {
    prose_between(text, |line| line.starts_with('>'))
}

/// Whether a line is quoted.
type IsQuoted = fn(&str) -> bool;

fn prose_between(text: &str, is_quoted: IsQuoted) -> Vec<Span> {
    let mut runs = Vec::new();
    let mut start = text.len() - text.trim_start_matches('\u{feff}').len();
    let mut at = start;
    while at < text.len() {
        let line = line_at(text, at);
        match history_at(text, at, is_quoted) {
            History::None => at += line.len(),
            History::Lines(len) => {
                push(&mut runs, text, start, at);
                at += len;
                start = at;
            }
            History::Rest => {
                push(&mut runs, text, start, at);
                return runs;
            }
        }
    }
    push(&mut runs, text, start, at);
    runs
}

/// What at the start of a line is not the writer's own.
enum History {
    None,
    /// So many bytes.
    Lines(usize),
    /// Everything from here.
    Rest,
}

fn history_at(text: &str, at: usize, is_quoted: IsQuoted) -> History {
    let line = line_at(text, at);
    if is_quoted(line) {
        return History::Lines(line.len());
    }
    if is_signature(line) || starts_history(&text[at..]) {
        return History::Rest;
    }
    match attribution_at(text, at) {
        Some(len) if follows_quoted(&text[at + len..], is_quoted) => History::Lines(len),
        Some(len) if is_certain(&text[at..at + len]) => History::Rest,
        _ => History::None,
    }
}

/// Whether the first line of `text` that is not blank is quoted; otherwise what follows is quoted without marks.
fn follows_quoted(text: &str, is_quoted: IsQuoted) -> bool {
    text.lines().find(|it| !it.trim().is_empty()).is_some_and(is_quoted)
}

/// The length of the attribution that starts at a line, over three lines at most.
fn attribution_at(text: &str, at: usize) -> Option<usize> {
    if !OPENINGS.iter().any(|it| text[at..].starts_with(it)) {
        return None;
    }
    let mut end = at;
    for _ in 0..3 {
        let line = line_at(text, end);
        if line.trim().is_empty() {
            return None;
        }
        end += line.len();
        if is_attribution(&text[at..end]) {
            return Some(end - at);
        }
    }
    None
}

/// The line that starts at a byte, with its end.
fn line_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let end = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |it| it + 1);
    &rest[..end]
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
        check("\u{feff}> theirs\nours", &["ours"]);
    }

    #[test]
    fn what_follows_a_signature_is_no_prose() {
        check("Hi\r\n-- \r\nAna\r\n", &["Hi\r\n"]);
        check("Hi\n--\nStill ours\n", &["Hi\n--\nStill ours\n"]);
    }

    #[test]
    fn the_line_that_announces_a_quotation_goes_with_it() {
        check("Hi\n\nLe 5 janv. 2026 à 10:00, Ana a écrit :\n\n> désolée\n\nÀ vous\n", &["Hi\n\n", "\nÀ vous\n"]);
        check("Hi\nOn Mon, Jan 5, 2026, Ana <ana@x.example>\nwrote:\n> sorry\nBye", &["Hi\n", "Bye"]);
        check("Le client a écrit :\n« bonjour »", &["Le client a écrit :\n« bonjour »"]);
        check("On 5 May 2026, the firm wrote:\nno more.", &["On 5 May 2026, the firm wrote:\nno more."]);
    }

    #[test]
    fn a_quotation_without_marks_ends_what_is_ours() {
        check("Hi\nOn 5 Jan 2026, at 10:00, Ana wrote:\nI want my money\n", &["Hi\n"]);
        check("Hi\r\n-----Original Message-----\r\nFrom: Ana\r\n", &["Hi\r\n"]);
        check("Salut\n-----Message d'origine-----\nDe : Ana\n", &["Salut\n"]);
        check("Salut\n\nDe : Ana\nEnvoyé : lundi 5\nObjet : colis\n\nOù est-il ?", &["Salut\n\n"]);
    }
}
