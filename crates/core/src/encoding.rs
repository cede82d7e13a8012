//! From the bytes of a file to text, and from places in the text back to bytes.

use std::{borrow::Cow, fmt};

use crate::{document::ReadError, span::Span};

/// How a file writes its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with a byte-order mark (kept in the text as U+FEFF) or without.
    #[default]
    Utf8,
    /// UTF-16, little-endian, with a byte-order mark (kept in the text).
    Utf16Le,
    /// UTF-16, big-endian, with a byte-order mark (kept in the text).
    Utf16Be,
    /// Windows-1252, and so Latin-1's letters too.
    Windows1252,
    /// Bytes of several charsets, one character for each: a mail whose parts are not all in UTF-8.
    Bytes,
}

/// A character that a file's encoding has no bytes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodeError {
    /// The character.
    pub character: char,
    /// Where it stands, in bytes of the text.
    pub offset: usize,
    /// The encoding that cannot write it.
    pub encoding: Encoding,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EncodeError { character, encoding, .. } = self;
        let code = u32::from(*character);
        write!(f, "{} cannot write “{character}” (U+{code:04X}); save the file as UTF-8 first", encoding.name())
    }
}

impl std::error::Error for EncodeError {}

impl Encoding {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Windows1252 => "Windows-1252",
            Encoding::Bytes => "the mail",
        }
    }

    /// The bytes of a file that says `text`: what was decoded comes out as it was, byte-order mark included.
    pub fn encode(self, text: &str) -> Result<Vec<u8>, EncodeError> {
        match self {
            Encoding::Utf8 => Ok(text.as_bytes().to_vec()),
            Encoding::Utf16Le => Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Encoding::Utf16Be => Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            Encoding::Windows1252 => encode_with(text, self, windows_1252_byte),
            Encoding::Bytes => encode_with(text, self, |it| u8::try_from(u32::from(it)).ok()),
        }
    }

    /// Where a span of the decoded text stands in the file, in bytes.
    pub(crate) fn file_span(self, text: &str, span: Span) -> Span {
        if self == Encoding::Utf8 {
            return span;
        }
        let start = self.file_len(&text[..span.start]);
        Span::new(start, start + self.file_len(&text[span.range()]))
    }

    /// How many bytes of a file `text` takes.
    pub fn file_len(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16Le | Encoding::Utf16Be => 2 * text.encode_utf16().count(),
            Encoding::Windows1252 | Encoding::Bytes => text.chars().count(),
        }
    }
}

/// Decodes a whole file.
pub(crate) fn decode(bytes: Cow<'_, [u8]>) -> Result<(String, Encoding), ReadError> {
    match &*bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => error(0, "the file is UTF-32; save it as UTF-8"),
        [0xff, 0xfe, ..] => Ok((decode_utf16(&bytes, u16::from_le_bytes)?, Encoding::Utf16Le)),
        [0xfe, 0xff, ..] => Ok((decode_utf16(&bytes, u16::from_be_bytes)?, Encoding::Utf16Be)),
        _ => decode_bytes(bytes),
    }
}

/// Takes any bytes: what they say is for who reads them to know.
pub(crate) fn decode_mail(bytes: Cow<'_, [u8]>) -> (String, Encoding) {
    match String::from_utf8(bytes.into_owned()) {
        Ok(text) => (text, Encoding::Utf8),
        Err(it) => (it.as_bytes().iter().copied().map(char::from).collect(), Encoding::Bytes),
    }
}

fn decode_bytes(bytes: Cow<'_, [u8]>) -> Result<(String, Encoding), ReadError> {
    if let Some(at) = memchr::memchr(0, &bytes) {
        return error_after(&bytes, at, nul_message(&bytes));
    }
    match String::from_utf8(bytes.into_owned()) {
        Ok(text) => Ok((text, Encoding::Utf8)),
        Err(it) if is_windows_1252(it.as_bytes()) => Ok((decode_windows_1252(it.as_bytes()), Encoding::Windows1252)),
        Err(it) => error_after(it.as_bytes(), it.utf8_error().valid_up_to(), broken_message(it.as_bytes())),
    }
}

/// With its line and column, if the bytes before it are text.
fn error_after<T>(bytes: &[u8], offset: usize, message: &str) -> Result<T, ReadError> {
    let error = |it| match std::str::from_utf8(&bytes[..offset]) {
        Ok(before) => ReadError::after(it, before),
        Err(_) => it,
    };
    self::error(offset, message).map_err(error)
}

fn error<T>(offset: usize, message: &str) -> Result<T, ReadError> {
    Err(ReadError::new(offset, format!("{message} (byte {offset})")))
}

fn nul_message(bytes: &[u8]) -> &'static str {
    let half = bytes.len() / 2;
    let zeros = |parity: usize| bytes.iter().skip(parity).step_by(2).filter(|&&it| it == 0).count();
    if half > 1 && zeros(0).max(zeros(1)) * 4 > half * 3 {
        "this looks like UTF-16 without a byte-order mark; save the file as UTF-8"
    } else {
        "this is a binary file, not text; leave it out of what is checked"
    }
}

fn broken_message(bytes: &[u8]) -> &'static str {
    if bytes.iter().any(|&it| is_control(it)) {
        "this is a binary file, not text; leave it out of what is checked"
    } else if has_wide_utf8(bytes) {
        "the UTF-8 is broken here; open the file, repair the character and save it as UTF-8"
    } else {
        "the text is neither UTF-8, UTF-16 nor Windows-1252; save the file as UTF-8"
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, ReadError> {
    if bytes.len() % 2 == 1 {
        return error(bytes.len() - 1, "the UTF-16 ends in the middle of a character; save the file again as UTF-8");
    }
    let units = bytes.chunks_exact(2).map(|it| unit([it[0], it[1]]));
    let mut text = String::with_capacity(bytes.len());
    let mut at = 0;
    for it in char::decode_utf16(units) {
        match it {
            Ok('\0') => return error(at, "this is a binary file, not text; leave it out of what is checked"),
            Ok(it) => {
                text.push(it);
                at += 2 * it.len_utf16();
            }
            Err(_) => return error(at, "half a character in the UTF-16; repair it and save the file as UTF-8"),
        }
    }
    Ok(text)
}

/// Whether bytes that are not UTF-8 are plausibly Windows-1252: text of a few accents, none of it UTF-8.
fn is_windows_1252(bytes: &[u8]) -> bool {
    let accents = bytes.iter().filter(|it| !it.is_ascii()).count();
    let is_mostly_ascii = bytes.len() < 16 || accents * 2 < bytes.len();
    let all_defined = bytes.iter().all(|&it| !is_control(it) && !UNDEFINED.contains(&it));
    is_mostly_ascii && all_defined && !has_wide_utf8(bytes)
}

/// Whether some character of more than one byte is written in UTF-8.
fn has_wide_utf8(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().any(|it| !it.valid().is_ascii())
}

fn is_control(byte: u8) -> bool {
    (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c)) || byte == 0x7f
}

/// What Windows-1252 has at 0x80 to 0x9f. Where it has nothing, `UNDEFINED` says so.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', //
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];
const UNDEFINED: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

fn decode_windows_1252(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|&it| if (0x80..0xa0).contains(&it) { WINDOWS_1252[usize::from(it) - 0x80] } else { it.into() })
        .collect()
}

fn encode_with(text: &str, encoding: Encoding, byte: fn(char) -> Option<u8>) -> Result<Vec<u8>, EncodeError> {
    let encode = |(offset, character)| byte(character).ok_or(EncodeError { character, offset, encoding });
    text.char_indices().map(encode).collect()
}

fn windows_1252_byte(it: char) -> Option<u8> {
    match u8::try_from(u32::from(it)) {
        Ok(byte) if !(0x80..0xa0).contains(&byte) => Some(byte),
        Ok(_) => None,
        Err(_) => WINDOWS_1252.iter().position(|&known| known == it).map(|at| at as u8 + 0x80),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str, encoding: Encoding) {
        assert_eq!(decode(bytes.into()), Ok((text.to_owned(), encoding)));
        assert_eq!(encoding.encode(text).as_deref(), Ok(bytes), "written back as it was");
    }

    #[track_caller]
    fn check_error(bytes: &[u8], offset: usize, words: &str) {
        let error = decode(bytes.into()).expect_err("not text");
        assert_eq!(error.offset, Some(offset), "{error}");
        assert!(error.message.contains(words), "{error}");
    }

    #[test]
    fn each_encoding_is_told_by_its_bytes() {
        check(b"", "", Encoding::Utf8);
        check("déjà 😀".as_bytes(), "déjà 😀", Encoding::Utf8);
        check(b"\xef\xbb\xbfhi", "\u{feff}hi", Encoding::Utf8);
        check(b"\xff\xfeh\0\xe9\0\x3d\xd8\x00\xde", "\u{feff}hé😀", Encoding::Utf16Le);
        check(b"\xfe\xff\0h\0\xe9", "\u{feff}hé", Encoding::Utf16Be);
        check(b"d\xe9sol\xe9, n\x92h\xe9sitez pas \x80", "désolé, n’hésitez pas €", Encoding::Windows1252);
        check(b"caf\xe9", "café", Encoding::Windows1252);
    }

    #[test]
    fn what_is_no_text_is_a_clear_error() {
        check_error(b"PK\x03\x04\0\0", 4, "binary");
        check_error(b"\x89PNG\r\n\x1a\n", 0, "binary");
        check_error(b"a\0b\0c\0d\0", 1, "UTF-16 without a byte-order mark");
    }

    #[test]
    fn broken_unicode_is_told_where() {
        check_error(b"d\xc3\xa9j\xe0 vu", 4, "UTF-8 is broken");
        check_error("été 😀".as_bytes().split_last().expect("not empty").1, 6, "UTF-8 is broken");
        check_error(b"\xff\xfeh\0x", 4, "middle of a character");
        check_error(b"\xff\xfeh\0\x3d\xd8", 4, "half a character");
        check_error(b"\xff\xfe\0\0h\0\0\0", 0, "UTF-32");
        check_error(&[0xe9; 64], 0, "neither");
    }

    #[test]
    fn spans_map_back_to_the_bytes_on_disk() {
        let text = "\u{feff}é😀x";
        let emoji = Span::new(5, 9);
        assert_eq!(Encoding::Utf8.file_span(text, emoji), emoji);
        assert_eq!(Encoding::Utf16Be.file_span(text, emoji), Span::new(4, 8));
        assert_eq!(Encoding::Windows1252.file_span("é€x", Span::new(2, 5)), Span::new(1, 2));
    }

    #[test]
    fn a_character_without_bytes_is_named() {
        let error = Encoding::Windows1252.encode("a → b").expect_err("no arrow");
        assert_eq!((error.character, error.offset), ('→', 2));
        assert!(error.to_string().contains("“→” (U+2192)"), "{error}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn what_is_decoded_is_written_back(bytes: Vec<u8>) {
            if let Ok((text, encoding)) = decode((&bytes).into()) {
                prop_assert_eq!(encoding.encode(&text), Ok(bytes));
            }
        }

        #[test]
        fn utf16_goes_both_ways(text in "[^\0]{0,40}") {
            let text = format!("\u{feff}{text}");
            for encoding in [Encoding::Utf16Le, Encoding::Utf16Be] {
                let bytes = encoding.encode(&text).expect("UTF-16 writes everything");
                prop_assert_eq!(decode((&bytes).into()), Ok((text.clone(), encoding)));
            }
        }
    }
}
