//! Nothing here: Absolve is tested in `rules.rs`, `suite.rs` and `paraphrases.rs`.
