//! What a linter says: a finding, why it hurts, and the edits that would mend it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{finding::Finding, rule::Rule, span::Span};

/// How much a finding matters; in order, so `>=` compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Shown only where asked for.
    Hint,
    /// Merely stale.
    Info,
    /// Hurts.
    Warning,
    /// A deadly sin.
    Error,
}

impl Severity {
    /// All of them, mildest first.
    pub const ALL: [Severity; 4] = [Severity::Hint, Severity::Info, Severity::Warning, Severity::Error];

    /// Its name in rule files, reports and settings.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Hint => "hint",
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// A sin found in a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// The rule that was broken.
    pub rule: Arc<Rule>,
    /// The rule's severity, unless the phrase that was found is milder.
    pub severity: Severity,
    /// The flagged words: bytes of the document's text, on character boundaries.
    pub span: Span,
    /// The sentence they stand in: bytes of the document's text.
    pub sentence: Span,
    /// One sentence for the writer, with the flagged words in it.
    pub message: String,
    /// The macro they stand in, as an index into the document's items.
    pub item: Option<usize>,
    /// Better words, best first.
    pub fixes: Vec<Fix>,
    /// What its fixes are made of, if a rule has found it.
    pub(crate) finding: Option<Finding>,
}

/// Alternatives that are offered at most: what a glance takes in.
const OFFERED: usize = 4;

impl Diagnostic {
    /// The first few fixes whose words differ.
    pub fn offered(&self) -> Vec<&Fix> {
        let mut offered: Vec<&Fix> = Vec::new();
        for fix in &self.fixes {
            if offered.len() < OFFERED && offered.iter().all(|it| it.title != fix.title) {
                offered.push(fix);
            }
        }
        offered
    }
}

/// Edits that mend one diagnostic. They are disjoint and in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What the writer is offered: the words themselves, or what happens to the old ones.
    pub title: String,
    /// Who may apply it.
    pub applicability: Applicability,
    /// What changes in the document's text; nothing if the words cannot be written there, only read.
    pub edits: Vec<Edit>,
}

/// Whether a fix may be applied without asking. The words are rustc's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Applicability {
    /// Nothing can be lost: a machine may write it.
    MachineApplicable,
    /// A person picks it.
    MaybeIncorrect,
    /// It has blanks such as `{what happened}` that only the agent can fill; never written unfilled.
    HasPlaceholders,
}

/// A text edit to be applied to a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// What goes: bytes of the document's text. May be empty.
    pub span: Span,
    /// What comes instead, escaped as its place in the document needs it.
    pub replacement: String,
    /// The blanks in it, such as `{what happened}`: bytes of `replacement`, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blanks: Vec<Span>,
}

/// `text` with `edits` applied. The edits must be disjoint; they may come in any order.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|it| it.span);
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        debug_assert!(at <= edit.span.start, "edits are disjoint");
        result.push_str(&text[at..edit.span.start]);
        result.push_str(&edit.replacement);
        at = edit.span.end;
    }
    result.push_str(&text[at..]);
    result
}
