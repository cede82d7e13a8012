//! A range of bytes, the one way to say where something stands.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A range of bytes: of a document's text unless its owner says otherwise. `start <= end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset just past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`, in bytes.
    pub fn new(start: usize, end: usize) -> Span {
        debug_assert!(start <= end, "a span ends where it starts or later: {start}..{end}");
        Span { start, end }
    }

    /// Its length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two have a byte in common.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether every byte of `other` is in this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// As a range, to slice with.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// Those of `all`, which are disjoint and in order, that overlap `part`: mostly none, and of a million as quickly.
pub(crate) fn overlapping<T>(all: &[T], part: Span, span: impl Fn(&T) -> Span) -> &[T] {
    let rest = &all[all.partition_point(|it| span(it).end <= part.start)..];
    match rest.first() {
        Some(first) if span(first).start < part.end => &rest[..rest.partition_point(|it| span(it).start < part.end)],
        _ => &[],
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Span {
        Span::new(range.start, range.end)
    }
}
