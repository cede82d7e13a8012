//! From byte offsets to lines and columns, and back, in the units that editors and people count in.

use crate::span::Span;

/// A place in a text: a line and a column, both counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Lines end with `\n`, `\r\n` or `\r`.
    pub line: usize,
    /// Counted in the unit that was asked for.
    pub column: usize,
}

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnUnit {
    /// Bytes of UTF-8.
    Utf8,
    /// 16-bit units, as in JavaScript and most LSP clients.
    Utf16,
    /// Unicode scalar values (LSP's UTF-32), as in our reports.
    Char,
}

impl ColumnUnit {
    fn width(self, it: char) -> usize {
        match self {
            ColumnUnit::Utf8 => it.len_utf8(),
            ColumnUnit::Utf16 => it.len_utf16(),
            ColumnUnit::Char => 1,
        }
    }

    fn width_of(self, text: &str) -> usize {
        match self {
            ColumnUnit::Utf8 => text.len(),
            ColumnUnit::Utf16 => text.encode_utf16().count(),
            ColumnUnit::Char => text.chars().count(),
        }
    }
}

/// Where each line of a text starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    /// Byte offsets; the first is 0.
    starts: Vec<usize>,
}

impl LineIndex {
    /// Reads `text` once.
    pub fn new(text: &str) -> LineIndex {
        LineIndex { starts: [0].into_iter().chain(line_starts(text, 0, text.len())).collect() }
    }

    /// What the index is once `span` of its text has been replaced by `len` bytes: `text` is the text after that. Only what
    /// is new is read.
    pub fn replace(&mut self, text: &str, span: Span, len: usize) {
        // A `\r` before the words is an end or none by what follows it.
        let from = span.start.saturating_sub(1);
        let (first, last) = (self.starts.partition_point(|&it| it <= from), self.line_of(span.end) + 1);
        self.starts[last..].iter_mut().for_each(|it| *it = *it - span.len() + len);
        let new: Vec<usize> = line_starts(text, from, span.start + len).collect();
        self.starts.splice(first..last, new);
    }

    /// How many lines there are: at least one.
    pub fn n_lines(&self) -> usize {
        self.starts.len()
    }

    /// The bytes of a line of `text`, without its end. A line that is not there is empty, at the end.
    pub fn line(&self, text: &str, line: usize) -> Span {
        let Some(&start) = self.starts.get(line) else { return Span::new(text.len(), text.len()) };
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        let content = text[start..end].trim_end_matches(['\n', '\r']);
        Span::new(start, start + content.len())
    }

    /// The line a byte is on.
    pub fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|&it| it <= offset) - 1
    }

    /// Line and column of a byte of `text`; an offset inside a character counts as its start.
    pub fn position(&self, text: &str, offset: usize, unit: ColumnUnit) -> Position {
        let offset = floor_char_boundary(text, offset);
        let line = self.line_of(offset);
        Position { line, column: unit.width_of(&text[self.starts[line]..offset]) }
    }

    /// The byte of `text` at a position: past the end of its line counts as that end, past the last line as the
    /// end of the text, inside a character (half a surrogate pair) as its start.
    pub fn offset(&self, text: &str, position: Position, unit: ColumnUnit) -> usize {
        let line = self.line(text, position.line);
        let mut left = position.column;
        for (at, it) in text[line.range()].char_indices() {
            if left < unit.width(it) {
                return line.start + at;
            }
            left -= unit.width(it);
        }
        line.end
    }
}

/// Where lines start whose predecessors end between two bytes of `text`.
fn line_starts(text: &str, from: usize, to: usize) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let ends = memchr::memchr2_iter(b'\n', b'\r', &bytes[from..to]).map(move |it| from + it);
    let cr_of_crlf = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
    ends.filter(move |&it| !cr_of_crlf(it)).map(|it| it + 1)
}

/// `offset`, or the start of the character of `text` that it is in; the end of `text` if it is past that. Bytes.
pub fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// From bytes of a text to units of UTF-16, as JavaScript counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utf16Index {
    /// For each character that is not ASCII: where it ends, and how many more bytes than units there are up to there.
    wide: Vec<(usize, usize)>,
}

impl Utf16Index {
    /// Reads `text` once.
    pub fn new(text: &str) -> Utf16Index {
        let mut excess = 0;
        let wide = text.char_indices().filter(|it| !it.1.is_ascii()).map(|(at, it)| {
            excess += it.len_utf8() - it.len_utf16();
            (at + it.len_utf8(), excess)
        });
        Utf16Index { wide: wide.collect() }
    }

    /// A span of bytes, on character boundaries, in units.
    pub fn span(&self, span: Span) -> Span {
        Span::new(self.offset(span.start), self.offset(span.end))
    }

    fn offset(&self, at: usize) -> usize {
        let before = self.wide.partition_point(|it| it.0 <= at);
        at - before.checked_sub(1).map_or(0, |it| self.wide[it].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a😀é\r\nb\rc\n";

    #[track_caller]
    fn check(offset: usize, line: usize, columns: [usize; 3]) {
        let index = LineIndex::new(TEXT);
        for (unit, column) in [ColumnUnit::Utf8, ColumnUnit::Utf16, ColumnUnit::Char].into_iter().zip(columns) {
            let position = Position { line, column };
            assert_eq!(index.position(TEXT, offset, unit), position, "{unit:?}");
            assert_eq!(index.offset(TEXT, position, unit), offset, "{unit:?}");
        }
    }

    #[test]
    fn columns_count_in_each_unit() {
        check(0, 0, [0, 0, 0]);
        check(1, 0, [1, 1, 1]);
        check(5, 0, [5, 3, 2]);
        check(7, 0, [7, 4, 3]);
    }

    #[test]
    fn every_line_end_ends_a_line() {
        check(9, 1, [0, 0, 0]);
        check(11, 2, [0, 0, 0]);
        check(13, 3, [0, 0, 0]);
    }

    #[test]
    fn positions_outside_are_clamped() {
        let index = LineIndex::new(TEXT);
        let offset = |line, column| index.offset(TEXT, Position { line, column }, ColumnUnit::Utf16);
        assert_eq!(offset(0, 99), 7);
        assert_eq!(offset(99, 0), TEXT.len());
        assert_eq!(offset(0, 2), 1, "half of the emoji");
    }

    #[test]
    fn an_edited_text_is_indexed_as_if_it_were_new() {
        for words in ["", "x", "\n", "\r", "\r\n", "a\rb\r\n\nc\r"] {
            for start in 0..=TEXT.len() {
                for end in start..=TEXT.len() {
                    if !(TEXT.is_char_boundary(start) && TEXT.is_char_boundary(end)) {
                        continue;
                    }
                    let mut text = TEXT.to_owned();
                    let mut index = LineIndex::new(&text);
                    text.replace_range(start..end, words);
                    index.replace(&text, Span::new(start, end), words.len());
                    assert_eq!(index, LineIndex::new(&text), "{start}..{end} {words:?}");
                }
            }
        }
    }

    #[test]
    fn units_of_utf16() {
        let text = "é👍 a";
        let units = |start, end| Utf16Index::new(text).span(Span::new(start, end));
        assert_eq!(units(0, 2), Span::new(0, 1));
        assert_eq!(units(2, 6), Span::new(1, 3));
        assert_eq!(units(7, 8), Span::new(4, 5));
    }
}
