//! The words around a finding, as a person is shown them: never more than a few lines, however long the file's are.

use absolve_core::{
    diagnostic::Diagnostic,
    document::Document,
    escape::Escape,
    line_index::{LineIndex, floor_char_boundary},
    segment::Segment,
    span::Span,
};

/// Some lines, with the flagged words in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// The lines, `…` where something was cut.
    pub text: String,
    /// The flagged words, in bytes of `text`.
    pub flagged: Span,
}

/// Characters of a line that are shown at most, and lines.
const WIDEST: usize = 96;
const MOST_LINES: usize = 4;

/// Bytes on either side of the flagged words that are looked at: more than is shown. A line may be megabytes long.
const NEAR: usize = 4 * 4 * WIDEST;

impl Excerpt {
    /// The flagged words and as much of their sentence as fits: as they stand in the file, or, where that is JSON or
    /// HTML, as the customer reads them.
    pub fn around(document: &Document, index: &LineIndex, diagnostic: &Diagnostic) -> Excerpt {
        let at = document.segments.partition_point(|it| it.span.end <= diagnostic.span.start);
        match document.segments.get(at) {
            Some(segment) if segment.escape != Escape::default() => decoded(document, segment, diagnostic),
            _ => in_file(document, index, diagnostic),
        }
    }
}

fn in_file(document: &Document, index: &LineIndex, diagnostic: &Diagnostic) -> Excerpt {
    let text = &document.text;
    let first = index.line(text, index.line_of(diagnostic.span.start)).start;
    let last = index.line(text, index.line_of(diagnostic.span.end.max(1) - 1)).end.max(diagnostic.span.end);
    let lines = &text[first..last];
    let within = |span: Span| Span::new(span.start.max(first) - first, span.end.min(last) - first);
    cut(lines, within(diagnostic.span), within(diagnostic.sentence))
}

fn decoded(document: &Document, segment: &Segment, diagnostic: &Diagnostic) -> Excerpt {
    let prose = segment.text(&document.text);
    let in_prose =
        |span: Span| Span::new(prose_offset(segment, prose, span.start), prose_offset(segment, prose, span.end));
    let (flagged, sentence) = (in_prose(diagnostic.span), in_prose(diagnostic.sentence));
    cut(prose, flagged, sentence)
}

/// Where the byte of the prose stands that comes from `source` or the next byte after it.
pub fn prose_offset(segment: &Segment, prose: &str, source: usize) -> usize {
    let comes_before = |at: usize| segment.to_source(Span::new(at, at + 1)).start < source;
    let (mut low, mut high) = (0, prose.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if comes_before(middle) { low = middle + 1 } else { high = middle }
    }
    (low..=prose.len()).find(|&it| prose.is_char_boundary(it)).unwrap_or(prose.len())
}

/// `text` cut around `flagged`: from where its sentence starts, if that is near, to where the width ends.
fn cut(text: &str, flagged: Span, sentence: Span) -> Excerpt {
    let width = |start: usize, end: usize| text[start..end].chars().count();
    let near = floor_char_boundary(text, flagged.start.saturating_sub(NEAR));
    let line_start = text[near..flagged.start].rfind('\n').map_or(near, |it| near + it + 1);
    let start = if width(line_start, flagged.end) <= WIDEST {
        line_start
    } else if sentence.start > line_start && width(sentence.start, flagged.end) <= WIDEST {
        sentence.start
    } else {
        word_start(text, line_start, flagged.start)
    };
    let end = cut_end(text, start, flagged.end);
    let before = if start > line_start { "…" } else { "" };
    let after = if text[end..].starts_with(['\n', '\r']) || end == text.len() { "" } else { "…" };
    let shown = text[start..end].trim_end();
    let flagged =
        Span::new(before.len() + flagged.start - start, before.len() + flagged.end.min(start + shown.len()) - start);
    Excerpt { text: format!("{before}{shown}{after}"), flagged }
}

/// A third of the width before the flagged words, at the start of a word.
fn word_start(text: &str, line_start: usize, flagged: usize) -> usize {
    let before = &text[line_start..flagged];
    let near = before.char_indices().rev().nth(WIDEST / 3).map_or(line_start, |it| line_start + it.0);
    text[near..flagged].find(' ').map_or(near, |it| near + it + 1)
}

/// Where the excerpt ends: with the line, or where it is full, but not before the flagged words are told.
fn cut_end(text: &str, start: usize, flagged_end: usize) -> usize {
    let lines = text[start..flagged_end].matches('\n').count();
    let near = floor_char_boundary(text, flagged_end + NEAR);
    let line_end = text[flagged_end..near].find(['\n', '\r']).map_or(near, |it| flagged_end + it);
    let last_start = text[start..flagged_end].rfind('\n').map_or(start, |it| start + it + 1);
    if lines >= MOST_LINES {
        let mut ends = text[start..].match_indices('\n').map(|it| start + it.0);
        return ends.nth(MOST_LINES - 1).unwrap_or(line_end);
    }
    let full = text[last_start..line_end].char_indices().nth(WIDEST).map_or(line_end, |it| last_start + it.0);
    if full == line_end {
        return line_end;
    }
    let word_end = text[last_start..full].rfind(' ').map_or(full, |it| last_start + it);
    let limit = text[start..].char_indices().nth(WIDEST * MOST_LINES).map_or(text.len(), |it| start + it.0);
    word_end.max(flagged_end).min(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The excerpt of a line in which `«words»` are flagged, with the same marks; the sentence is the whole of `text`.
    #[track_caller]
    fn check(marked: &str, expected: &str) {
        let start = marked.find('«').expect("a mark");
        let end = marked.find('»').expect("a mark") - '«'.len_utf8();
        let text = marked.replace(['«', '»'], "");
        let excerpt = cut(&text, Span::new(start, end), Span::new(0, text.len()));
        let (start, end) = (excerpt.flagged.start, excerpt.flagged.end);
        let shown = &excerpt.text;
        assert_eq!(format!("{}«{}»{}", &shown[..start], &shown[start..end], &shown[end..]), expected);
    }

    #[test]
    fn short_lines_are_shown_whole() {
        check("We are «sorry» for that.", "We are «sorry» for that.");
        check("We are «sorry\nfor» that.", "We are «sorry\nfor» that.");
    }

    #[test]
    fn long_lines_are_cut_between_words() {
        let long = "word ".repeat(60);
        check(
            &format!("{long}«sorry» {long}"),
            &format!("…{}«sorry» {}…", "word ".repeat(6), "word ".repeat(12).trim_end()),
        );
        check(&format!("We are «sorry» {long}"), &format!("We are «sorry» {}…", "word ".repeat(16).trim_end()));
    }

    #[test]
    fn a_line_of_megabytes_is_cut_as_any_other() {
        let long = "é word ".repeat(10_000);
        let (before, after) = ("é word ".repeat(4), "é word ".repeat(8));
        check(&format!("{long}«sorry» {long}"), &format!("…{before}«sorry» {after}é…"));
    }

    #[test]
    fn a_flood_of_flagged_words_is_cut_too() {
        let flood = "a".repeat(10_000);
        let excerpt = cut(&flood, Span::new(0, flood.len()), Span::new(0, flood.len()));
        assert!(excerpt.text.chars().count() <= WIDEST * MOST_LINES + 2);
        let lines = "sorry\n".repeat(100);
        let excerpt = cut(&lines, Span::new(0, lines.len() - 1), Span::new(0, lines.len() - 1));
        assert_eq!(excerpt.text.lines().count(), MOST_LINES);
    }
}
