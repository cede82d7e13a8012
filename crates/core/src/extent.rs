//! How much of a text a fix takes: the flagged words, their clause, their sentence, with the spaces that go with them.

use crate::{rule::Extent, span::Span};

/// The bytes of `text` that a replacement takes.
pub(crate) fn replaced(text: &str, extent: Extent, span: Span, sentence: Span) -> Span {
    match extent {
        Extent::Phrase => span,
        Extent::Clause => clause(text, span, sentence),
        Extent::Sentence => sentence,
    }
}

/// The bytes of `text` that a deletion takes, and the letter that must become a capital after it, if any.
pub(crate) fn deleted(text: &str, extent: Extent, span: Span, sentence: Span) -> (Span, Option<char>) {
    let span = replaced(text, extent, span, sentence);
    if span.contains(Span::new(sentence.start, sentence.end)) {
        return (deleted_sentence(text, sentence), None);
    }
    let after = &text[span.end..sentence.end];
    if span.start == sentence.start {
        let rest = after.trim_start_matches([',', ':', ' ', '\u{a0}', '\u{202f}', '\n']);
        return (Span::new(span.start, sentence.end - rest.len()), rest.chars().next().filter(|it| it.is_lowercase()));
    }
    let end_is_near = after.trim_start_matches([' ', '\u{a0}', '\u{202f}']).starts_with(['.', ',', '!', '?', ';', '…']);
    if end_is_near || after.is_empty() {
        return (Span::new(before_link_word(text, span.start), span.end), None);
    }
    let spaces = after.len() - after.trim_start_matches([' ', '\u{a0}', '\n']).len();
    (Span::new(span.start, span.end + spaces), None)
}

/// The clause around `span`: from mark to mark.
fn clause(text: &str, span: Span, sentence: Span) -> Span {
    let is_mark = |it: char| ",;:—–(".contains(it);
    let before = &text[sentence.start..span.start];
    let start = before.rfind(is_mark).map_or(sentence.start, |it| {
        let mark = before[it..].chars().next().map_or(1, char::len_utf8);
        let rest = &before[it + mark..];
        sentence.start + it + mark + (rest.len() - rest.trim_start().len())
    });
    let after = &text[span.end..sentence.end];
    let len = after.find(|it| is_mark(it) || ".!?…)".contains(it)).unwrap_or(after.len());
    Span::new(start, span.end + after[..len].trim_end().len())
}

/// A deleted sentence takes the spaces after it, or before it at the end of a line, or its whole line.
fn deleted_sentence(text: &str, sentence: Span) -> Span {
    let before = &text[..sentence.start];
    let after = &text[sentence.end..];
    let spaces_after = after.len() - after.trim_start_matches(SPACES).len();
    let ends_line = after[spaces_after..].is_empty() || after[spaces_after..].starts_with(['\n', '\r']);
    // Control flow prints nothing: the line may well end after it.
    let ends_line = ends_line || after.starts_with("{%");
    let starts_line = before.trim_end_matches(SPACES).is_empty() || before.trim_end_matches(SPACES).ends_with('\n');
    match (starts_line, ends_line) {
        (_, false) => Span::new(sentence.start, sentence.end + spaces_after),
        (false, true) => Span::new(before.trim_end_matches(SPACES).len(), sentence.end),
        (true, true) => deleted_line(text, sentence),
    }
}

/// Deleted bytes of HTML, with the elements that would be left empty: `<b>…</b>`. One with attributes may be there for more
/// than its words.
pub(crate) fn with_emptied(html: &str, deleted: Span) -> Span {
    let (before, after) = (&html[..deleted.start], &html[deleted.end..]);
    let emptied = EMPHASIS.iter().find_map(|name| {
        let start = before.strip_suffix('>')?.strip_suffix(name)?.strip_suffix('<')?.len();
        let rest = after.strip_prefix("</")?.strip_prefix(name)?.strip_prefix('>')?;
        Some(Span::new(start, html.len() - rest.len()))
    });
    emptied.map_or(deleted, |it| with_emptied(html, it))
}

/// Elements that only say how their words look.
const EMPHASIS: [&str; 9] = ["b", "i", "u", "s", "em", "strong", "small", "mark", "span"];

const SPACES: [char; 4] = [' ', '\t', '\u{a0}', '\u{202f}'];

fn deleted_line(text: &str, sentence: Span) -> Span {
    let after = &text[sentence.end..];
    let breaks_after = after.len() - after.trim_start().len();
    if breaks_after < after.len() {
        return Span::new(sentence.start, sentence.end + breaks_after);
    }
    Span::new(text[..sentence.start].trim_end().len(), sentence.end)
}

/// Where a deletion at the end of a sentence starts: a comma, « et » or “and” before it has nothing to link any more.
fn before_link_word(text: &str, start: usize) -> usize {
    let before = text[..start].trim_end();
    let linked = [" and", " et", " but", " mais", ","].into_iter().find_map(|it| before.strip_suffix(it));
    linked.map_or(before, |it| it.trim_end().trim_end_matches(',')).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `[…]` are the flagged words; the sentence is all of the line they are in, or what stands between `|`.
    #[track_caller]
    fn check(marked: &str, extent: Extent, expected: &str) {
        let plain = marked.replace(['[', ']', '|'], "");
        let at = |mark: char| marked.find(mark).map(|it| it - marked[..it].matches(['[', ']', '|']).count());
        let last = |mark: char| marked.rfind(mark).map(|it| it - marked[..it].matches(['[', ']', '|']).count());
        let span = Span::new(at('[').expect("marked"), at(']').expect("marked"));
        let sentence = Span::new(at('|').unwrap_or(0), last('|').unwrap_or(plain.len()));
        let (deleted, capital) = deleted(&plain, extent, span, sentence);
        let mut rest = plain[deleted.end..].to_owned();
        if let Some(letter) = capital {
            rest.replace_range(..letter.len_utf8(), &letter.to_uppercase().to_string());
        }
        assert_eq!(format!("{}{rest}", &plain[..deleted.start]), expected);
    }

    #[test]
    fn no_element_is_left_empty() {
        let check = |html: &str, deleted: &str, rest: &str| {
            let start = html.find(deleted).expect("it is there");
            let span = with_emptied(html, Span::new(start, start + deleted.len()));
            assert_eq!([&html[..span.start], &html[span.end..]].concat(), rest);
        };
        check("a <b>Sorry.</b> c", "Sorry.", "a  c");
        check("a <strong><em>Sorry.</em></strong>", "Sorry.", "a ");
        check("a <b>Sorry. Really.</b>", "Sorry. ", "a <b>Really.</b>");
        check("<p>Sorry.</p>", "Sorry.", "<p></p>");
        check("<b id=x>Sorry.</b>", "Sorry.", "<b id=x></b>");
        check("<a>Sorry.</b>", "Sorry.", "<a></b>");
        check("Sorry.", "Sorry.", "");
    }

    #[test]
    fn a_deleted_head_leaves_a_capital() {
        check("[Please be advised that] the shop is open.", Extent::Phrase, "The shop is open.");
        check("[To be honest], I forgot.", Extent::Phrase, "I forgot.");
    }

    #[test]
    fn a_deleted_phrase_leaves_no_gap_and_no_orphan() {
        check("Please [just] click the link.", Extent::Phrase, "Please click the link.");
        check("We refunded you [as a courtesy].", Extent::Phrase, "We refunded you.");
        check("It left today, and [rest assured].", Extent::Phrase, "It left today.");
    }

    #[test]
    fn a_deleted_clause_takes_its_mark() {
        check("It left today, [as you know] very well, from Lyon.", Extent::Clause, "It left today, from Lyon.");
    }

    #[test]
    fn a_deleted_sentence_takes_its_spaces_or_its_line() {
        check("It left. |[Thank you] for your patience.| Bye.", Extent::Sentence, "It left. Bye.");
        check("It left. |[Thank you].|", Extent::Sentence, "It left.");
        check("It left.\n\n|[Thank you].|\n\nBye.\n", Extent::Sentence, "It left.\n\nBye.\n");
        check("It left.\n\n|[Thank you].|\n", Extent::Sentence, "It left.\n");
        check("|[Thank you].|\nIt left.\n", Extent::Sentence, "It left.\n");
    }
}
