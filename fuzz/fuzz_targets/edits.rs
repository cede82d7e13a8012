//! Any edits of any text: lines and columns are what a text that is read anew has, in every unit.
#![no_main]

use absolve_core::{
    line_index::{ColumnUnit, LineIndex, Position},
    span::Span,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (u8, &str, Vec<([u8; 4], &str)>)| {
    let (unit, text, edits) = data;
    let unit = [ColumnUnit::Utf8, ColumnUnit::Utf16, ColumnUnit::Char][usize::from(unit) % 3];
    let mut text = text.to_owned();
    let mut index = LineIndex::new(&text);
    for (places, words) in edits {
        let [start, end] = [(places[0], places[1]), (places[2], places[3])].map(|(line, column)| {
            index.offset(&text, Position { line: usize::from(line), column: usize::from(column) }, unit)
        });
        let span = Span::new(start.min(end), start.max(end));
        text.replace_range(span.range(), words);
        index.replace(&text, span, words.len());
        assert_eq!(index, LineIndex::new(&text));
    }
    for (at, it) in text.char_indices() {
        let place = index.position(&text, at, unit);
        let is_inside_crlf = it == '\n' && text[..at].ends_with('\r');
        let expected = at - usize::from(is_inside_crlf);
        assert_eq!(index.offset(&text, place, unit), expected, "{at} in {text:?}");
    }
});
