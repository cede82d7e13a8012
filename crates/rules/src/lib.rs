//! Absolve's own rules, as the folder `rules/` had them when this crate was built.

use absolve_core::{image::Aligned, rule_pack::RulePack, rule_set::RuleSet};

/// The rules, ready to run.
pub fn builtin() -> RuleSet {
    RuleSet::from_bytes(BYTES).expect("written by this very version, in build.rs")
}

/// The rule files themselves, for their examples. Reads them all: slow beside [`builtin`].
pub fn builtin_pack() -> RulePack {
    RulePack::parse(FILES.iter().copied()).expect("build.rs read them before")
}

/// `(en/sin.toml, text)`, sorted by path.
pub const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/files.rs"));

static BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin")));

/// `rules/profiles.toml`: sets of choices for kinds of teams.
pub const PROFILES: &str = include_str!("../../../rules/profiles.toml");
