//! What the hook answers. Its shape is a promise: what is there stays; more may come.

use serde::{Deserialize, Serialize};

use crate::{
    diagnostic::{Applicability, Edit, Fix, Severity},
    document::Document,
    fill,
    gate::{Fail, Part, Policy, Told, message},
    language::Language,
    line_index::Utf16Index,
    span::Span,
};

/// What is to become of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Send it.
    Pass,
    /// Send it; there are better words.
    Suggest,
    /// Do not send it as it is.
    Hold,
}

/// The answer to a reply.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// Of this shape.
    pub version: u32,
    /// What is to become of the reply.
    pub verdict: Decision,
    /// The language of what is said here to the agent.
    pub language: &'static str,
    /// All in one line, for a host that can show no more; empty if there is nothing to say.
    pub message: String,
    /// What was found, part by part, in order.
    pub findings: Vec<Finding>,
    /// Why it passes although it was held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overridden: Option<Overridden>,
    /// Why it could not be judged. The verdict is then what the policy says of such replies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// Something worth a suggestion, or worse.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The sin's name.
    pub sin: String,
    /// A few words for a heading.
    pub title: String,
    /// The language of the words that were found, and of what is said of them.
    pub language: String,
    /// How much it matters.
    pub severity: Severity,
    /// What it does to the reply.
    pub decision: Decision,
    /// One sentence for the agent, with the words in it.
    pub message: String,
    /// Why it hurts.
    pub why: String,
    /// What to write instead.
    pub instead: String,
    /// Where it is.
    pub part: Part,
    /// Bytes of that part.
    pub span: Span,
    /// The same in units of UTF-16, as JavaScript counts.
    pub utf16: Span,
    /// The words as the part has them.
    pub words: String,
    /// The sentence they stand in.
    pub sentence: String,
    /// Better words, best first.
    pub alternatives: Vec<Alternative>,
}

/// Better words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alternative {
    /// What the agent is offered.
    pub text: String,
    /// Who may write it.
    pub applicability: Applicability,
    /// What its blanks ask for, each once.
    pub slots: Vec<String>,
    /// What changes in the part.
    pub edits: Vec<PlacedEdit>,
}

/// An edit of a part.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlacedEdit {
    /// Bytes of the part.
    pub span: Span,
    /// The same in units of UTF-16.
    pub utf16: Span,
    /// What comes instead.
    pub replacement: String,
    /// The blanks in it: bytes of `replacement`.
    pub blanks: Vec<Span>,
}

/// Why a reply passes although it was held.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Overridden {
    /// In the agent's words.
    pub reason: String,
}

/// Why a reply could not be judged.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failure {
    /// What went wrong and what to do.
    pub message: String,
    /// What the policy says of such replies.
    pub fail: Fail,
}

impl Verdict {
    /// The verdict that follows from findings.
    pub(crate) fn of(findings: Vec<Finding>, language: Language) -> Verdict {
        let verdict = findings.iter().map(|it| it.decision).max().unwrap_or(Decision::Pass);
        let message = message::of(&findings, verdict, language);
        Verdict { version: 1, verdict, language: language.code(), message, findings, overridden: None, failure: None }
    }

    /// The verdict on a reply that could not be judged.
    pub fn failed(message: impl Into<String>, fail: Fail) -> Verdict {
        let message = message.into();
        let verdict = if fail == Fail::Open { Decision::Pass } else { Decision::Hold };
        let failure = Some(Failure { message: message.clone(), fail });
        Verdict { message, verdict, failure, ..Verdict::of(Vec::new(), Language::English) }
    }

    /// Lets a held reply pass for a reason, if the policy allows it.
    pub(crate) fn absolve(&mut self, reason: &str, policy: &Policy) {
        let reason = reason.trim();
        if self.verdict == Decision::Hold && policy.may_override && !reason.is_empty() {
            self.verdict = Decision::Pass;
            self.overridden = Some(Overridden { reason: reason.to_owned() });
        }
    }

    /// The rules that hold the reply, or would have: `fr/empty-promise`, sorted, each once.
    pub fn held_by(&self) -> Vec<String> {
        let held = self.findings.iter().filter(|it| it.decision == Decision::Hold);
        let mut rules: Vec<String> = held.map(|it| format!("{}/{}", it.language, it.sin)).collect();
        rules.sort_unstable();
        rules.dedup();
        rules
    }
}

impl Finding {
    pub(super) fn new(part: Part, document: &Document, index: &Utf16Index, told: &Told) -> Finding {
        let Told { diagnostic, decision, .. } = told;
        let rule = &diagnostic.rule;
        Finding {
            sin: rule.sin.clone(),
            title: rule.title.clone(),
            language: rule.language.clone(),
            severity: diagnostic.severity,
            decision: *decision,
            message: diagnostic.message.clone(),
            why: rule.why.clone(),
            instead: rule.instead.clone(),
            part,
            span: diagnostic.span,
            utf16: index.span(diagnostic.span),
            words: document.text[diagnostic.span.range()].to_owned(),
            sentence: document.text[diagnostic.sentence.range()].to_owned(),
            alternatives: diagnostic.offered().into_iter().map(|it| Alternative::new(index, it)).collect(),
        }
    }
}

impl Alternative {
    fn new(index: &Utf16Index, fix: &Fix) -> Alternative {
        Alternative {
            text: fix.title.clone(),
            applicability: fix.applicability,
            slots: fill::blanks(fix).into_iter().map(str::to_owned).collect(),
            edits: fix.edits.iter().map(|it| PlacedEdit::new(index, it)).collect(),
        }
    }
}

impl PlacedEdit {
    fn new(index: &Utf16Index, edit: &Edit) -> PlacedEdit {
        PlacedEdit {
            span: edit.span,
            utf16: index.span(edit.span),
            replacement: edit.replacement.clone(),
            blanks: edit.blanks.clone(),
        }
    }
}
