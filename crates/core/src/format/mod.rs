//! From a document's text to the prose in it, one module per file format.

pub mod text;

use crate::document::{Document, ReadError};

/// What a document is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// Plain text: a reply, a mail's body.
    #[default]
    Text,
}

/// Fills in the segments (and items, and suppressions) of `document`.
pub(crate) fn read(document: &mut Document) -> Result<(), ReadError> {
    match document.format {
        Format::Text => text::read(document),
    }
    Ok(())
}
