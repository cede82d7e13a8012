//! A text as it was received, and the prose in it.

use std::{borrow::Cow, fmt};

pub use crate::encoding::{EncodeError, Encoding};
use crate::{
    encoding,
    format::{self, Format, Reading},
    line_index::{ColumnUnit, LineIndex, Position},
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
    /// Such comments where they would reach the customer: in plain text, in a macro's body. In order.
    pub stray_markers: Vec<Span>,
    /// Such comments that are not well written.
    pub marker_problems: Vec<MarkerProblem>,
}

/// One canned reply of a library.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// What the team calls it.
    pub title: String,
    /// The whole of it: bytes of the document's text.
    pub span: Span,
    /// Its language, as the library names it: `fr`, `en-US`.
    pub locale: Option<String>,
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

/// A comment that means to silence sins, and why it does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkerProblem {
    /// The comment: bytes of the document's text.
    pub span: Span,
    /// What is wrong and how to write it.
    pub message: String,
}

/// Why bytes could not be read as a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// Where, in bytes of the file, if there is a place.
    pub offset: Option<usize>,
    /// The same as line and column, in characters, where what stands before it could be read.
    pub position: Option<Position>,
    /// What is wrong and what to do, without the file's name.
    pub message: String,
    /// Whose mistake it is.
    pub kind: ReadErrorKind,
}

/// Whose mistake it is that bytes could not be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadErrorKind {
    /// The file's: it is broken, or not what it was said to be.
    #[default]
    Broken,
    /// Nobody's: it holds something else than replies, as a `package.json` does.
    Foreign,
}

impl ReadError {
    /// That something is wrong with a file as a whole, or at `offset`.
    pub fn new(offset: impl Into<Option<usize>>, message: impl Into<String>) -> ReadError {
        ReadError { offset: offset.into(), position: None, message: message.into(), kind: ReadErrorKind::Broken }
    }

    /// The same, `before` standing before it.
    pub(crate) fn after(self, before: &str) -> ReadError {
        let position = LineIndex::new(before).position(before, before.len(), ColumnUnit::Char);
        ReadError { position: Some(position), ..self }
    }

    /// The same, of a file that holds something else than replies.
    pub(crate) fn foreign(self) -> ReadError {
        ReadError { kind: ReadErrorKind::Foreign, ..self }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ReadError {}

impl Document {
    /// Reads the bytes of a file; where they are handed over, they are not copied. The only step of linting that can fail.
    pub fn read<'a>(bytes: impl Into<Cow<'a, [u8]>>, format: Format) -> Result<Document, ReadError> {
        let bytes = bytes.into();
        let (text, encoding) = match format {
            Format::Mail => encoding::decode_mail(bytes),
            _ => encoding::decode(bytes)?,
        };
        Document { encoding, ..Document::empty(text, format) }.segmented()
    }

    /// Reads text that is already decoded, such as an editor's buffer.
    pub fn parse(text: impl Into<String>, format: Format) -> Result<Document, ReadError> {
        Document::empty(text.into(), format).segmented()
    }

    /// What this document is with another text: read as it was.
    pub fn with_text(&self, text: impl Into<String>) -> Result<Document, ReadError> {
        Document { encoding: self.encoding, ..Document::empty(text.into(), self.format) }.segmented()
    }

    /// A reply in plain text. Every string is one.
    pub fn plain(text: impl Into<String>) -> Document {
        let mut document = Document::empty(text.into(), Format::Text);
        let reading = format::text::read_from(&document.text, 0);
        document.take(reading);
        format::finish(&mut document);
        document
    }

    /// The bytes of a file that says its text: of one that was read, those that were read.
    pub fn bytes(&self) -> Result<Vec<u8>, EncodeError> {
        self.encoding.encode(&self.text)
    }

    /// Where a span of the text stands in the file as it is on disk, in bytes.
    pub fn file_span(&self, span: Span) -> Span {
        self.encoding.file_span(&self.text, span)
    }

    /// Adds what was read from a part of the text that comes after what is known.
    pub(crate) fn take(&mut self, reading: Reading) {
        self.segments.extend(reading.segments);
        self.suppressions.extend(reading.suppressions);
        self.stray_markers.extend(reading.stray_markers);
        self.marker_problems.extend(reading.marker_problems);
    }

    /// Adds an item that comes after those that are known, and what was read from it.
    pub(crate) fn push_item(&mut self, item: Item, mut reading: Reading) {
        reading.segments.iter_mut().for_each(|it| it.item = Some(self.items.len()));
        self.items.push(item);
        self.take(reading);
    }

    fn empty(text: String, format: Format) -> Document {
        Document {
            text,
            encoding: Encoding::default(),
            format,
            segments: Vec::new(),
            items: Vec::new(),
            suppressions: Vec::new(),
            stray_markers: Vec::new(),
            marker_problems: Vec::new(),
        }
    }

    fn segmented(mut self) -> Result<Document, ReadError> {
        format::read(&mut self).map_err(|it| self.in_file(it))?;
        debug_assert!(self.segments.is_sorted_by(|a, b| a.span.end <= b.span.start), "segments are in order, disjoint");
        Ok(self)
    }

    /// The error, its place counted in bytes of the file.
    fn in_file(&self, error: ReadError) -> ReadError {
        let Some(at) = error.offset else { return error };
        let error = ReadError { offset: Some(self.file_span(Span::new(at, at)).start), ..error };
        match self.text.get(..at) {
            Some(before) => error.after(before),
            None => error,
        }
    }
}
