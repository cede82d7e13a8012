//! Between bytes of a text and a client's positions: the one place where the two meet.

use std::sync::Arc;

use absolve_core::{
    line_index::{ColumnUnit, LineIndex, Position},
    span::Span,
};

/// From one position up to another, in a client's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Of the first character.
    pub start: Position,
    /// Just past the last.
    pub end: Position,
}

/// A text as it was at some moment, with its lines. Copies share both until one is edited.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The text.
    pub text: Arc<String>,
    index: Arc<LineIndex>,
    unit: ColumnUnit,
}

impl Snapshot {
    /// Reads `text` once.
    pub fn new(text: String, unit: ColumnUnit) -> Snapshot {
        Snapshot { index: Arc::new(LineIndex::new(&text)), text: Arc::new(text), unit }
    }

    /// Applies a change. Only the new words are read, however long the text.
    pub fn apply(&mut self, change: Change) {
        let Some(range) = change.range else {
            *self = Snapshot::new(change.text, self.unit);
            return;
        };
        let (span, text) = (self.span(range), Arc::make_mut(&mut self.text));
        text.replace_range(span.range(), &change.text);
        Arc::make_mut(&mut self.index).replace(text, span, change.text.len());
    }

    /// Where bytes stand for the client.
    pub fn range(&self, span: Span) -> Range {
        let position = |it| self.index.position(&self.text, it, self.unit);
        Range { start: position(span.start), end: position(span.end) }
    }

    /// The bytes of a client's range; one that runs backwards is turned round.
    pub fn span(&self, range: Range) -> Span {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        Span::new(start.min(end), start.max(end))
    }

    /// The byte at a client's position.
    pub fn offset(&self, position: Position) -> usize {
        self.index.offset(&self.text, position, self.unit)
    }

    /// The bytes of a line, without its end.
    pub fn line(&self, line: usize) -> Span {
        self.index.line(&self.text, line)
    }

    /// The range of a whole line, counted from 0.
    pub fn line_range(&self, line: usize) -> Range {
        self.range(self.line(line))
    }
}

/// Measures spans of a snapshot that come in order: a line of ten megabytes is read once, not once for each finding.
#[derive(Clone, Debug)]
pub struct Ruler<'a> {
    snapshot: &'a Snapshot,
    /// What was last measured.
    last: (usize, Position),
}

impl<'a> Ruler<'a> {
    /// Starts at the top.
    pub fn new(snapshot: &'a Snapshot) -> Ruler<'a> {
        Ruler { snapshot, last: (0, Position { line: 0, column: 0 }) }
    }

    /// Where bytes stand for the client.
    pub fn range(&mut self, span: Span) -> Range {
        let start = self.position(span.start);
        self.last = (span.start, start);
        Range { start, end: self.position(span.end) }
    }

    fn position(&self, offset: usize) -> Position {
        let Snapshot { text, index, unit } = self.snapshot;
        let (at, position) = self.last;
        match text.get(at..offset) {
            Some(between) if index.line_of(offset) == position.line => {
                Position { line: position.line, column: position.column + width(between, *unit) }
            }
            _ => index.position(text, offset, *unit),
        }
    }
}

fn width(text: &str, unit: ColumnUnit) -> usize {
    match unit {
        ColumnUnit::Utf8 => text.len(),
        ColumnUnit::Utf16 => text.encode_utf16().count(),
        ColumnUnit::Char => text.chars().count(),
    }
}

/// Words that replace a range of a document, or all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `None` for all of it.
    pub range: Option<Range>,
    /// The new words.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ruler_measures_what_the_index_says() {
        let text = "é😀 e\u{301}\r\n\rb\nlast 日本";
        for unit in [ColumnUnit::Utf8, ColumnUnit::Utf16, ColumnUnit::Char] {
            let snapshot = Snapshot::new(text.to_owned(), unit);
            let places: Vec<usize> = (0..=text.len()).filter(|&it| text.is_char_boundary(it)).collect();
            let mut ruler = Ruler::new(&snapshot);
            for (index, &start) in places.iter().enumerate() {
                for &end in &places[index..] {
                    let span = Span::new(start, end);
                    assert_eq!(ruler.range(span), snapshot.range(span), "{unit:?} {span:?}");
                    assert_eq!(snapshot.span(ruler.range(span)).is_empty(), is_in_line_end(text, span), "{span:?}");
                }
            }
        }
    }

    /// Places in a line's end count as its start.
    fn is_in_line_end(text: &str, span: Span) -> bool {
        let words = &text[span.range()];
        words.is_empty() || words == "\r" && text[span.end..].starts_with('\n')
    }
}
