//! The strings of JSON: what they say, and where each byte of that stands.

use std::ops::Range;

use crate::{escape::Layer, format::tree::Scalar, offset_map::OffsetMap, span::Span};

/// Reads the string that opens at byte `at`; returns where it ends, or where and why it does not.
pub(super) fn read(source: &str, at: usize) -> Result<(Scalar<'_>, usize), (usize, &'static str)> {
    let start = at + 1;
    let Some(mut end) = next_special(source, start) else { return Err((at, NO_END)) };
    if source.as_bytes()[end] == b'"' {
        let span = Span::new(start, end);
        return Ok((Scalar::verbatim(source, span, Layer::Json), end + 1));
    }
    loop {
        let from = match source.as_bytes()[end] {
            b'"' => return Ok((Scalar::escaped(source, Span::new(start, end)), end + 1)),
            b'\\' => end + escape(source, end)?.1,
            _ => return Err((end, "a line break or control character in a string must be escaped, as in `\\n`")),
        };
        end = next_special(source, from).ok_or((at, NO_END))?;
    }
}

/// What the inside of a string says, whose escapes are good.
pub(in crate::format) fn unescaped(inside: &str) -> String {
    let mut text = String::with_capacity(inside.len());
    for (words, escape) in pieces(inside) {
        text.push_str(&inside[words]);
        text.extend(escape.map(|it| it.0));
    }
    text
}

/// Where each byte of that stands, in a text whose byte `start` the inside starts at.
pub(in crate::format) fn map(inside: &str, start: usize) -> OffsetMap {
    let mut map = OffsetMap::default();
    for (words, escape) in pieces(inside) {
        map.push_verbatim(words.len(), start + words.start);
        if let Some((character, len)) = escape {
            let at = start + words.end;
            map.push_replaced(character.len_utf8(), Span::new(at, at + len));
        }
    }
    map
}

/// Words, and the character of the escape that follows them with its length, if one does.
fn pieces(inside: &str) -> impl Iterator<Item = (Range<usize>, Option<(char, usize)>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let end = at + memchr::memchr(b'\\', &inside.as_bytes()[at..]).unwrap_or(inside.len() - at);
        let escape = escape(inside, end).ok();
        let words = at..end;
        at = end + escape.map_or(0, |it| it.1);
        (words.start < at).then_some((words, escape))
    })
}

const NO_END: &str = "this string has no closing quote";

/// The next quote, backslash or control character.
fn next_special(source: &str, from: usize) -> Option<usize> {
    let rest = &source.as_bytes()[from..];
    let end = memchr::memchr2(b'"', b'\\', rest);
    let words = &rest[..end.unwrap_or(rest.len())];
    // Without a way out, so that it looks at many at once: there is hardly ever one.
    let has_control = words.iter().fold(false, |has, it| has | (*it < 0x20));
    let at = if has_control { words.iter().position(|it| *it < 0x20) } else { end };
    at.map(|it| from + it)
}

/// The character that the escape at `at` stands for, and the escape's length.
fn escape(source: &str, at: usize) -> Result<(char, usize), (usize, &'static str)> {
    let character = match source.as_bytes().get(at + 1) {
        Some(&it @ (b'"' | b'\\' | b'/')) => char::from(it),
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'u') => return unicode_escape(source, at).ok_or((at, "`\\u` needs four hexadecimal digits")),
        _ => return Err((at, "no such escape; a backslash itself is written `\\\\`")),
    };
    Ok((character, 2))
}

/// `\u00e9`, or two of them for what takes two units of UTF-16; half of such a pair is U+FFFD.
fn unicode_escape(source: &str, at: usize) -> Option<(char, usize)> {
    let first = unit(source, at)?;
    let pair = || char::decode_utf16([first, unit(source, at + 6)?]).next()?.ok();
    match char::from_u32(u32::from(first)) {
        Some(it) => Some((it, 6)),
        None => Some(pair().map_or((char::REPLACEMENT_CHARACTER, 6), |it| (it, 12))),
    }
}

/// The unit of UTF-16 that the escape at `at` writes.
fn unit(source: &str, at: usize) -> Option<u16> {
    let digits = source.get(at..at + 6)?.strip_prefix("\\u")?;
    let is_hexadecimal = digits.bytes().all(|it| it.is_ascii_hexdigit());
    if is_hexadecimal { u16::from_str_radix(digits, 16).ok() } else { None }
}
