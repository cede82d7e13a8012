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

/// A text as it was at some moment, with its lines.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The text.
    pub text: Arc<str>,
    index: LineIndex,
    unit: ColumnUnit,
}

impl Snapshot {
    /// Reads `text` once.
    pub fn new(text: Arc<str>, unit: ColumnUnit) -> Snapshot {
        Snapshot { index: LineIndex::new(&text), text, unit }
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

/// Words that replace a range of a document, or all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `None` for all of it.
    pub range: Option<Range>,
    /// The new words.
    pub text: String,
}

impl Change {
    /// Applies the change.
    pub fn apply(self, text: &mut String, unit: ColumnUnit) {
        let Some(range) = self.range else {
            *text = self.text;
            return;
        };
        let index = LineIndex::new(text);
        let (start, end) = (index.offset(text, range.start, unit), index.offset(text, range.end, unit));
        text.replace_range(start.min(end)..start.max(end), &self.text);
    }
}
