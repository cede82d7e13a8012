//! The bytes of a part, as they were before the mail's encoding, with the map back to its text.

use super::part::Transfer;
use crate::{
    document::{Encoding, ReadError},
    offset_map::OffsetMap,
    span::Span,
};

/// Bytes, and where in the mail's text each stands.
#[derive(Debug, Default)]
pub(super) struct Transferred {
    pub bytes: Vec<u8>,
    pub map: OffsetMap,
}

/// Decodes the text at `span`.
pub(super) fn decode(
    source: &str,
    span: Span,
    transfer: Transfer,
    encoding: Encoding,
) -> Result<Transferred, ReadError> {
    let mut transferred = Transferred::default();
    match transfer {
        Transfer::Identity => transferred.identity(source, span, encoding),
        Transfer::QuotedPrintable => transferred.quoted_printable(source, span, encoding),
        Transfer::Base64 => transferred.base64(source, span)?,
    }
    Ok(transferred)
}

impl Transferred {
    /// Text that stands as it is, in the charset of the whole mail.
    pub fn identity(&mut self, source: &str, span: Span, encoding: Encoding) {
        let text = &source[span.range()];
        if encoding != Encoding::Bytes || text.is_ascii() {
            self.bytes.extend_from_slice(text.as_bytes());
            return self.map.push_verbatim(span.len(), span.start);
        }
        for (at, it) in text.char_indices() {
            self.byte(u8::try_from(u32::from(it)).unwrap_or(b'?'), Span::new(at, at + it.len_utf8()), span.start);
        }
    }

    fn byte(&mut self, byte: u8, span: Span, base: usize) {
        self.bytes.push(byte);
        if span.len() == 1 {
            self.map.push_verbatim(1, base + span.start);
        } else {
            self.map.push_replaced(1, Span::new(base + span.start, base + span.end));
        }
    }

    pub fn quoted_printable(&mut self, source: &str, span: Span, encoding: Encoding) {
        let mut at = span.start;
        while let Some(next) = memchr::memchr(b'=', &source.as_bytes()[at..span.end]).map(|it| at + it) {
            self.identity(source, Span::new(at, next), encoding);
            let rest = &source[next + 1..span.end];
            at = match (fold_len(rest), hexadecimal(rest)) {
                (Some(len), _) => next + 1 + len,
                (None, Some(byte)) => {
                    self.byte(byte, Span::new(next, next + 3), 0);
                    next + 3
                }
                (None, None) => {
                    self.identity(source, Span::new(next, next + 1), encoding);
                    next + 1
                }
            };
        }
        self.identity(source, Span::new(at, span.end), encoding);
    }

    pub fn base64(&mut self, source: &str, span: Span) -> Result<(), ReadError> {
        let mut group = Group::default();
        for (at, byte) in (span.start..).zip(source.as_bytes()[span.range()].iter().copied()) {
            match value(byte) {
                Some(value) => group.push(value, at),
                None if byte.is_ascii_whitespace() => {}
                None if byte == b'=' => break,
                None => return Err(no_base64(at)),
            }
            if group.len == 4 {
                self.take_group(&mut group);
            }
        }
        self.take_group(&mut group);
        Ok(())
    }

    fn take_group(&mut self, group: &mut Group) {
        let Group { bits, places, len } = std::mem::take(group);
        let n_bytes = len * 6 / 8;
        let bits = bits << (6 * (4 - len));
        self.bytes.extend_from_slice(&bits.to_be_bytes()[1..1 + n_bytes]);
        let is_in_one_line = n_bytes > 0 && places[len - 1] == places[0] + len - 1;
        if is_in_one_line {
            return self.map.push_base64(n_bytes, places[0]);
        }
        for byte in 0..n_bytes {
            self.map.push_replaced(1, Span::new(places[byte * 8 / 6], places[(byte * 8 + 7) / 6] + 1));
        }
    }
}

/// Up to four characters of base64: three bytes.
#[derive(Default)]
struct Group {
    bits: u32,
    places: [usize; 4],
    len: usize,
}

impl Group {
    fn push(&mut self, value: u8, at: usize) {
        self.bits = self.bits << 6 | u32::from(value);
        self.places[self.len] = at;
        self.len += 1;
    }
}

fn no_base64(at: usize) -> ReadError {
    ReadError::new(at, "this part of the mail is said to be base64, and here it is not")
}

fn value(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// The length of what follows the `=` of a line that goes on.
fn fold_len(rest: &str) -> Option<usize> {
    let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let line_end = ["\r\n", "\n"].iter().find(|it| rest[spaces..].starts_with(**it));
    line_end.map(|it| spaces + it.len()).or_else(|| (spaces == rest.len()).then_some(spaces))
}

fn hexadecimal(rest: &str) -> Option<u8> {
    let digits = rest.get(..2).filter(|it| it.bytes().all(|it| it.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}
