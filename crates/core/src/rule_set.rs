//! Rules compiled: what the linter runs. Serializable, so that a program starts with its rules ready.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::{
    diagnostic::Severity,
    rule::{FixTemplate, Rule},
    sentence::SentenceCutter,
    word_table::{Symbol, WordTable},
};

/// All rules of all languages, compiled.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RuleSet {
    pub(crate) rules: Vec<CompiledRule>,
    pub(crate) phrases: Vec<Phrase>,
    pub(crate) patterns: Vec<FindPattern>,
    pub(crate) sets: Vec<Set>,
    /// By language and name, for rule files compiled later.
    pub(crate) set_names: FxHashMap<(String, String), u32>,
    pub(crate) words: WordTable,
    pub(crate) cutter: SentenceCutter,
    /// Guards for every rule of a language.
    pub(crate) language_guards: FxHashMap<String, Guards>,
}

/// One sin in one language, with what is the same for all its phrases.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CompiledRule {
    pub rule: Arc<Rule>,
    pub message: Option<String>,
    pub guards: Guards,
    pub fixes: Vec<FixTemplate>,
    pub enabled: bool,
}

/// A family of wordings of a rule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Phrase {
    /// Index into the rules.
    pub rule: u32,
    pub guards: Guards,
    pub message: Option<String>,
    pub severity: Option<Severity>,
    pub fixes: Vec<FixTemplate>,
    /// A regular expression to find, instead of patterns.
    pub regex: Option<String>,
}

/// One wording to find.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FindPattern {
    /// Index into the phrases.
    pub phrase: u32,
    pub node: Node,
    /// Each group has a symbol that must stand in the sentence, rarest group first. The first is the anchor.
    pub required: Vec<Vec<Symbol>>,
}

/// What keeps a phrase silent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Guards {
    pub unless: Vec<Node>,
    pub unless_next: Vec<Node>,
    pub unless_before: Vec<Node>,
    pub only_if: Vec<Node>,
}

/// A named set of words.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Set {
    /// Stands where one of its single words stands.
    pub symbol: Symbol,
    /// Its members of several words.
    pub phrases: Option<Node>,
}

/// A pattern with its words as symbols.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Node {
    /// A word that has this symbol.
    Word(Symbol),
    /// Whatever word.
    Any,
    /// A member of a set, by index.
    Set(u32),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    Optional(Box<Node>),
    Gap(u8),
    Not(Box<Node>),
    /// By index into the marks.
    Mark(u8),
    Start,
    End,
}

impl RuleSet {
    /// Every rule that is on, in the order of its files.
    pub fn rules(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rules.iter().filter(|it| it.enabled).map(|it| &it.rule)
    }

    /// Turns rules off for which `keep` says no.
    pub fn retain(&mut self, keep: impl Fn(&Rule) -> bool) {
        for rule in &mut self.rules {
            rule.enabled &= keep(&rule.rule);
        }
    }

    /// Gives a sin another severity, in every language. Its milder phrases stay as mild as they are, or milder.
    pub fn set_severity(&mut self, sin: &str, severity: Severity) {
        for compiled in self.rules.iter_mut().filter(|it| it.rule.sin == sin) {
            Arc::make_mut(&mut compiled.rule).severity = severity;
        }
    }

    /// Better words of a team's own for a sin, offered before, or instead of, ours.
    pub fn set_fixes(&mut self, sin: &str, language: &str, fixes: Vec<FixTemplate>) {
        let is_meant = |rule: &Rule| rule.sin == sin && rule.language == language;
        for compiled in self.rules.iter_mut().filter(|it| is_meant(&it.rule)) {
            compiled.fixes.clone_from(&fixes);
        }
    }

    /// As bytes, to be read by [`RuleSet::from_bytes`] of the same version of Absolve.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_stdvec(self).expect("plain data can always be written")
    }

    /// The rules that [`RuleSet::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<RuleSet, postcard::Error> {
        postcard::from_bytes(bytes)
    }
}
