//! A text as it was received, and the prose in it.

use std::fmt;

use crate::{
    encoding::{self, Encoding},
    format::{self, Format},
    segment::Segment,
    span::Span,
};

/// A text as it was received, with the agent's prose in it marked out.
#[derive(Clone, Debug)]
pub struct Document {
    /// The whole text, decoded, nothing else changed: line endings and byte-order mark are kept.
    pub text: String,
    /// How the file wrote it.
    pub encoding: Encoding,
    /// What it was read as.
    pub format: Format,
    /// The agent's prose, in order, disjoint.
    pub segments: Vec<Segment>,
    /// The macros of a library, in order; empty for a single reply.
    pub items: Vec<Item>,
    /// What its author asked not to be told.
    pub suppressions: Vec<Suppression>,
}

/// One canned reply of a library.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// What the team calls it.
    pub title: String,
    /// The whole of it: bytes of the document's text.
    pub span: Span,
}

/// A comment that silences sins: `absolve-ignore SIN[, SIN]: reason`, `absolve-ignore-file SIN: reason`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The sins by name; empty for all.
    pub sins: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    /// The comment: bytes of the document's text.
    pub span: Span,
    /// What it covers: bytes of the document's text.
    pub covers: Span,
}

/// Why bytes could not be read as a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Where, in bytes of the file, if there is a place.
    pub offset: Option<usize>,
    /// What is wrong and what to do, without the file's name.
    pub message: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}

impl Document {
    /// Reads the bytes of a file. The only step of linting that can fail.
    pub fn read(bytes: &[u8], format: Format) -> Result<Document, ReadError> {
        let (text, encoding) = encoding::decode(bytes)?;
        Document { encoding, ..Document::empty(text, format) }.segmented()
    }

    /// Reads text that is already decoded, such as an editor's buffer.
    pub fn parse(text: impl Into<String>, format: Format) -> Result<Document, ReadError> {
        Document::empty(text.into(), format).segmented()
    }

    /// A reply in plain text. Every string is one.
    pub fn plain(text: impl Into<String>) -> Document {
        let mut document = Document::empty(text.into(), Format::Text);
        format::text::read(&mut document);
        document
    }

    /// Where a span of the text stands in the file as it is on disk, in bytes.
    pub fn file_span(&self, span: Span) -> Span {
        self.encoding.file_span(&self.text, span)
    }

    fn empty(text: String, format: Format) -> Document {
        let encoding = Encoding::default();
        Document { text, encoding, format, segments: vec![], items: vec![], suppressions: vec![] }
    }

    fn segmented(mut self) -> Result<Document, ReadError> {
        format::read(&mut self)?;
        debug_assert!(self.segments.is_sorted_by_key(|it| it.span), "segments are in order");
        Ok(self)
    }
}
