//! A rule as the engine and its users see it: what a sin is, why it hurts, what to write instead.

use serde::{Deserialize, Serialize};

use crate::diagnostic::Severity;

/// One sin in one language, without its patterns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// The sin's name, the same in every language: `inconvenience-apology`. Its file is named after it.
    pub sin: String,
    /// The language's code, the name of its folder: `en`.
    pub language: String,
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
}

/// The six kinds of sins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Saying sorry.
    Apology,
    /// Hearing the customer.
    Listening,
    /// Taking charge.
    Ownership,
    /// Promising.
    Promise,
    /// Making good.
    Repair,
    /// Sounding human.
    Voice,
}

/// Better words, before they are fitted to a reply.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixTemplate {
    /// The words; `{…}` are blanks. Empty deletes.
    pub with: String,
    /// How much of the text they replace.
    #[serde(default)]
    pub replace: Extent,
    /// Whether a machine may apply it alone.
    #[serde(default)]
    pub safe: bool,
    /// For replies that speak so only.
    #[serde(default)]
    pub speaker: Option<Speaker>,
    /// For replies that address the customer so only.
    #[serde(default)]
    pub address: Option<Address>,
}

/// How much of the text a fix replaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// The flagged words only.
    Phrase,
    /// From mark to mark around them: comma, colon, semicolon, dash, end.
    Clause,
    /// The whole sentence.
    #[default]
    Sentence,
}

/// Who a reply speaks as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Speaker {
    /// I, je.
    #[serde(rename = "I", alias = "i", alias = "je")]
    I,
    /// We, nous.
    #[serde(rename = "we", alias = "nous")]
    We,
}

/// How a reply addresses the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Address {
    /// The polite plural.
    Vous,
    /// The familiar singular.
    Tu,
}
