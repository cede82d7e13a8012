//! The charsets in which mails write their text: which characters their bytes are, and back.

use std::borrow::Cow;

use encoding_rs::{Decoder, UTF_8, WINDOWS_1252};

use crate::{offset_map::OffsetMap, span::Span};

/// A charset, as a mail's header names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charset {
    table: &'static encoding_rs::Encoding,
    repertoire: Repertoire,
}

/// Which of its characters may be written. What is called Latin-1 is read as Windows-1252, as every mail program does,
/// but Windows-1252's own characters are not written under that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repertoire {
    Ascii,
    Latin1,
    All,
}

impl Charset {
    /// ASCII. What is not, is read as Windows-1252.
    pub const ASCII: Charset = Charset { table: WINDOWS_1252, repertoire: Repertoire::Ascii };
    /// UTF-8.
    pub const UTF_8: Charset = Charset { table: UTF_8, repertoire: Repertoire::All };

    /// The charset of that name.
    pub fn named(name: &str) -> Option<Charset> {
        let table = encoding_rs::Encoding::for_label(name.as_bytes())?;
        let name = name.trim().to_ascii_lowercase();
        let repertoire = match () {
            () if name.contains("ascii") || !table.is_ascii_compatible() => Repertoire::Ascii,
            () if table == WINDOWS_1252 && !name.contains("1252") => Repertoire::Latin1,
            () => Repertoire::All,
        };
        Some(Charset { table, repertoire })
    }

    /// What a person calls it.
    pub fn name(self) -> &'static str {
        match self.repertoire {
            Repertoire::Ascii => "US-ASCII",
            Repertoire::Latin1 => "ISO-8859-1",
            Repertoire::All => self.table.name(),
        }
    }

    /// What `bytes` say, with the map back to them if they are not UTF-8 as they stand. Broken ones say U+FFFD.
    pub fn decode(self, bytes: &[u8]) -> (Cow<'_, str>, OffsetMap) {
        match std::str::from_utf8(bytes) {
            Ok(text) if self.table == UTF_8 || text.is_ascii() && self.table.is_ascii_compatible() => {
                (Cow::Borrowed(text), OffsetMap::verbatim(Span::new(0, bytes.len())))
            }
            _ => {
                let (text, map) = decode_by_byte(bytes, self.table.new_decoder_with_bom_removal());
                (Cow::Owned(text), map)
            }
        }
    }

    /// The bytes of a character, or of what is written for it where there is none: `'` for `’`.
    pub fn encode(self, character: char) -> Option<Vec<u8>> {
        self.bytes(character).or_else(|| {
            let plain = PLAIN.iter().find(|it| it.0 == character)?.1;
            plain.chars().map(|it| self.bytes(it)).collect::<Option<Vec<_>>>().map(|it| it.concat())
        })
    }

    fn bytes(self, character: char) -> Option<Vec<u8>> {
        let last = match self.repertoire {
            Repertoire::Ascii => '\u{7f}',
            Repertoire::Latin1 => '\u{ff}',
            Repertoire::All => char::MAX,
        };
        let mut buffer = [0; 4];
        let (bytes, _, is_unmappable) = self.table.encode(character.encode_utf8(&mut buffer));
        let is_known = character <= last && !is_unmappable && self.table.is_ascii_compatible();
        is_known.then(|| bytes.into_owned())
    }
}

/// Typography that old charsets lack, and what was typed before them.
const PLAIN: [(char, &str); 13] = [
    ('’', "'"),
    ('‘', "'"),
    ('“', "\""),
    ('”', "\""),
    ('…', "..."),
    ('–', "-"),
    ('—', "-"),
    ('\u{2011}', "-"),
    ('\u{202f}', " "),
    ('\u{a0}', " "),
    ('œ', "oe"),
    ('Œ', "Oe"),
    ('€', "EUR"),
];

/// Fed byte by byte, a decoder tells which bytes each character is.
fn decode_by_byte(bytes: &[u8], mut decoder: Decoder) -> (String, OffsetMap) {
    let (mut text, mut map) = (String::new(), OffsetMap::default());
    let mut start = 0;
    let mut buffer = [0; 32];
    for (at, byte) in bytes.iter().enumerate() {
        let is_last = at + 1 == bytes.len();
        let (_, _, written, _) = decoder.decode_to_utf8(std::slice::from_ref(byte), &mut buffer, is_last);
        if written == 0 {
            continue;
        }
        text.push_str(std::str::from_utf8(&buffer[..written]).unwrap_or("\u{fffd}"));
        if buffer[..written] == bytes[start..=at] {
            map.push_verbatim(written, start);
        } else {
            map.push_replaced(written, Span::new(start, at + 1));
        }
        start = at + 1;
    }
    (text, map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, bytes: &[u8], text: &str) {
        let charset = Charset::named(name).expect("a known name");
        let (decoded, map) = charset.decode(bytes);
        assert_eq!((&*decoded, map.len()), (text, text.len()));
    }

    #[test]
    fn bytes_are_read_as_their_charset_says() {
        check("utf-8", "déjà".as_bytes(), "déjà");
        check("UTF-8", b"d\xc3\xa9j\xe0 vu", "déj\u{fffd} vu");
        check("iso-8859-1", b"d\xe9j\xe0 l\x92", "déjà l’");
        check("windows-1252", b"\x80 caf\xe9", "€ café");
        check("iso-8859-15", b"\xa4", "€");
        check("us-ascii", b"plain", "plain");
        check("koi8-r", b"\xc4\xc1", "да");
        check("utf-16le", b"h\0\xe9\0", "hé");
        assert_eq!(Charset::named("x-nonsense"), None);
    }

    #[test]
    fn characters_know_their_bytes() {
        let (text, map) = Charset::named("iso-8859-1").expect("known").decode(b"d\xe9j\xe0 vu");
        let at = text.find("jà").expect("it is there");
        assert_eq!(map.to_source(Span::new(at, at + "jà".len())), Span::new(2, 4));
    }

    #[test]
    fn what_a_charset_lacks_is_not_written() {
        let check = |name: &str, character: char, bytes: Option<&[u8]>| {
            assert_eq!(Charset::named(name).expect("known").encode(character).as_deref(), bytes, "{character}");
        };
        check("utf-8", '’', Some("’".as_bytes()));
        check("iso-8859-1", 'é', Some(b"\xe9"));
        check("iso-8859-1", '’', Some(b"'"));
        check("iso-8859-1", '\u{202f}', Some(b" "));
        check("iso-8859-1", 'œ', Some(b"oe"));
        check("iso-8859-1", '→', None);
        check("windows-1252", '’', Some(b"\x92"));
        check("us-ascii", 'é', None);
        check("utf-16le", 'a', None);
    }
}
