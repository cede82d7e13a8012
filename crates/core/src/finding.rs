//! A sin found, before it is put into words.

use crate::{diagnostic::Severity, span::Span};

/// A sin found, before it is put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub phrase: u32,
    /// Index into the rules.
    pub rule: u32,
    pub severity: Severity,
    pub segment: usize,
    /// Bytes of the segment's text.
    pub span: Span,
    pub sentence: Span,
}
