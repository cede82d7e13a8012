//! Rule files and vocabularies as their authors write them: TOML in, plain data out.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::{
    diagnostic::Severity,
    rule::{Family, FixTemplate},
};

/// `<language>/<sin>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// A few words for a heading.
    pub title: String,
    /// The kind of sin it is.
    pub family: Family,
    /// How much it matters.
    pub severity: Severity,
    /// Why it hurts, in one sentence.
    pub why: String,
    /// What to write instead, in one sentence.
    pub instead: String,
    /// Where this is known from.
    pub source: String,
    /// What the writer is told; `{match}` stands for the flagged words.
    pub message: Option<String>,
    /// See [`GuardPatterns`]; for every phrase of the file.
    #[serde(default)]
    pub unless: Vec<Spanned<String>>,
    /// See [`GuardPatterns`].
    #[serde(default)]
    pub unless_next: Vec<Spanned<String>>,
    /// See [`GuardPatterns`].
    #[serde(default)]
    pub unless_before: Vec<Spanned<String>>,
    /// See [`GuardPatterns`].
    #[serde(default)]
    pub only_if: Vec<Spanned<String>>,
    /// Sets of words of this file only.
    #[serde(default)]
    pub sets: BTreeMap<String, Vec<Spanned<String>>>,
    /// What to find.
    #[serde(rename = "phrase")]
    pub phrases: Vec<PhraseEntry>,
    /// Better words, for every phrase.
    #[serde(default, rename = "fix")]
    pub fixes: Vec<FixTemplate>,
    /// What must be found.
    #[serde(rename = "bad")]
    pub bad: Vec<Bad>,
    /// What must stay silent.
    #[serde(rename = "good")]
    pub good: Vec<Good>,
}

impl RuleFile {
    /// Its guards, as one value.
    pub fn guards(&self) -> GuardPatterns {
        GuardPatterns {
            unless: self.unless.clone(),
            unless_next: self.unless_next.clone(),
            unless_before: self.unless_before.clone(),
            only_if: self.only_if.clone(),
        }
    }
}

/// A family of wordings, with what keeps it silent.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhraseEntry {
    /// Patterns.
    #[serde(default)]
    pub find: Vec<Spanned<String>>,
    /// A regular expression on the folded sentence, where words are not enough.
    pub regex: Option<Spanned<String>>,
    /// What keeps it silent, besides the rule's own guards.
    #[serde(default)]
    pub unless: Vec<Spanned<String>>,
    /// See [`GuardPatterns`].
    #[serde(default)]
    pub unless_next: Vec<Spanned<String>>,
    /// See [`GuardPatterns`].
    #[serde(default)]
    pub unless_before: Vec<Spanned<String>>,
    /// See [`GuardPatterns`].
    #[serde(default)]
    pub only_if: Vec<Spanned<String>>,
    /// What the writer is told, instead of the rule's message.
    pub message: Option<String>,
    /// Milder than the rule.
    pub severity: Option<Severity>,
    /// Better words for this phrase, offered before the rule's.
    #[serde(default)]
    pub fixes: Vec<FixTemplate>,
}

impl PhraseEntry {
    /// Its guards, as one value.
    pub fn guards(&self) -> GuardPatterns {
        GuardPatterns {
            unless: self.unless.clone(),
            unless_next: self.unless_next.clone(),
            unless_before: self.unless_before.clone(),
            only_if: self.only_if.clone(),
        }
    }
}

/// What keeps a phrase silent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuardPatterns {
    /// In the same sentence.
    #[serde(default)]
    pub unless: Vec<Spanned<String>>,
    /// In the sentence right after.
    #[serde(default)]
    pub unless_next: Vec<Spanned<String>>,
    /// In the sentence right before.
    #[serde(default)]
    pub unless_before: Vec<Spanned<String>>,
    /// Silent if none of these is in the same sentence.
    #[serde(default)]
    pub only_if: Vec<Spanned<String>>,
}

/// A text on which the rule must fire.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bad {
    /// A sentence or a whole reply.
    pub text: Spanned<String>,
    /// The exact words to be flagged.
    #[serde(default)]
    pub finds: Option<Finds>,
    /// The text after the machine-applicable fixes.
    #[serde(default)]
    pub fixed: Option<String>,
}

/// The words that an example must flag.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Finds {
    /// One finding.
    One(String),
    /// Several, in order.
    Many(Vec<String>),
}

impl Finds {
    /// As a list.
    pub fn words(&self) -> Vec<&str> {
        match self {
            Finds::One(it) => vec![it],
            Finds::Many(all) => all.iter().map(String::as_str).collect(),
        }
    }
}

/// A text on which no rule may fire.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Good {
    /// A sentence or a whole reply that looks like the sin.
    pub text: Spanned<String>,
    /// Why it is innocent.
    #[serde(default)]
    pub why: Option<String>,
}

/// `<language>/vocabulary.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// How texts of the language are cut.
    #[serde(default)]
    pub text: TextHabits,
    /// Which words show how a reply speaks.
    #[serde(default)]
    pub voice: VoiceWords,
    /// Guards for every rule of the language.
    #[serde(default)]
    pub guards: GuardPatterns,
    /// Sets of words, by name.
    #[serde(default)]
    pub sets: BTreeMap<String, Vec<Spanned<String>>>,
}

/// How texts of a language are cut into sentences.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextHabits {
    /// Little words that every text of the language is full of, and no other language has: they tell whose it is.
    #[serde(default)]
    pub everyday: Vec<String>,
    /// Words that open a greeting, which is a sentence of its own.
    #[serde(default)]
    pub greetings: Vec<String>,
    /// Words whose full stop does not end a sentence that goes on in small letters or digits: `etc.`.
    #[serde(default)]
    pub abbreviations: Vec<String>,
    /// Words that stand before a name, with a full stop: `Dr.`.
    #[serde(default)]
    pub titles: Vec<String>,
}

/// The words that show how a reply speaks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoiceWords {
    /// As one person.
    #[serde(default, rename = "I")]
    pub i: Vec<String>,
    /// As a team.
    #[serde(default)]
    pub we: Vec<String>,
    /// To a friend, in languages that tell.
    #[serde(default)]
    pub tu: Vec<String>,
    /// Politely, in languages that tell.
    #[serde(default)]
    pub vous: Vec<String>,
}
