//! Absolve's engine: text in, diagnostics and edits out. No files, no printing, no network, no clock.
//!
//! Modules stand in the data's order; each imports only from above.

pub mod span;
pub mod line_index;
pub mod offset_map;
pub mod rule;
pub mod diagnostic;
pub mod fold;
pub mod atom;
mod charset;
mod quoted_printable;
pub mod escape;
pub mod segment;
mod encoding;
pub mod document;
pub mod format;
mod pattern;
pub mod rule_file;
pub mod voice;
pub mod rule_pack;
mod flat;
mod word_table;
mod groups;
mod sentence;
mod words;
pub mod rule_set;
mod compile;
mod candidates;
mod matcher;
mod finding;
mod overlap;
mod template;
mod typography;
mod extent;
mod rewrite;
pub mod linter;
pub mod fix;
pub mod fill;
pub mod score;
pub mod locale;
pub mod suppress;
pub mod language;
pub mod gate;
pub mod examples;
pub mod set_checks;
pub mod reference;
