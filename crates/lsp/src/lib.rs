//! Absolve's language server: core's answers in an editor's words.
//!
//! Bytes of a client → messages (guard) → events (adapter) → the owner of the documents → jobs → answers.
//! Only `adapter` knows tower-lsp; only the owner changes a document; only a job runs rules.

mod frame;
mod guard;
mod client;
mod position;
mod snippet;
mod uri;
pub mod project;
mod config;
mod notice;
mod hover;
mod action;
mod completion;
mod rule_check;
mod message;
mod job;
mod fix_workspace;
mod open;
mod owner;
mod command;
mod adapter;
mod serve;

pub use serve::{run, serve};
