//! From the bytes of a file to text, and from places in the text back to bytes.

use crate::{document::ReadError, span::Span};

/// How a file writes its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with a byte-order mark (kept in the text) or without.
    #[default]
    Utf8,
}

impl Encoding {
    /// Where a span of the decoded text stands in the file, in bytes.
    pub(crate) fn file_span(self, _text: &str, span: Span) -> Span {
        match self {
            Encoding::Utf8 => span,
        }
    }
}

/// Decodes a whole file.
pub(crate) fn decode(bytes: &[u8]) -> Result<(String, Encoding), ReadError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok((text.to_owned(), Encoding::Utf8)),
        Err(error) => Err(ReadError { offset: Some(error.valid_up_to()), message: "invalid UTF-8".to_owned() }),
    }
}
