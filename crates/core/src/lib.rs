//! Absolve's engine: text in, diagnostics and edits out. No files, no printing, no network, no clock.
//!
//! Modules stand in the data's order; each imports only from above.

pub mod span;
pub mod line_index;
pub mod offset_map;
pub mod rule;
pub mod diagnostic;
mod fold;
pub mod atom;
pub mod escape;
pub mod segment;
mod encoding;
pub mod document;
pub mod format;
mod pattern;
pub mod rule_file;
