//! The pre-send hook: a reply and a team's policy in, a verdict out. `integrations/README.md` is its contract.

mod message;
mod policy;
mod reply;
mod rewrite;
mod unfilled;
mod verdict;

pub use policy::{Fail, Level, Policy};
pub use reply::{Context, Part, Reply};
pub use rewrite::{Choice, Rewritten, rewrite, rewrite_with};
pub use unfilled::{NAME as UNFILLED, rule as unfilled_rule};
pub use verdict::{Alternative, Decision, Failure, Finding, Overridden, PlacedEdit, Verdict};

use rustc_hash::FxHashMap;

use crate::{
    diagnostic::Diagnostic,
    document::{Document, ReadError},
    format::Format,
    language::Language,
    line_index::Utf16Index,
    linter::Linter,
    suppress,
};

/// What tells the sins of a document: a linter and what a team's configuration leaves of its findings.
pub type Lint<'a> = dyn Fn(&Document) -> Vec<Diagnostic> + 'a;

/// The verdict of `linter` on a reply.
pub fn judge(linter: &Linter, reply: &Reply, policy: &Policy) -> Result<Verdict, ReadError> {
    judge_with(&|it| tell(linter, it), reply, policy)
}

/// The same where a team may have asked not to be told everything.
pub fn judge_with(lint: &Lint<'_>, reply: &Reply, policy: &Policy) -> Result<Verdict, ReadError> {
    let parts = reply.parts()?;
    let mut verdict = judge_parts(lint, &parts, reply.language_of(&parts), reply.context, policy);
    if let Some(reason) = &reply.override_reason {
        verdict.absolve(reason, policy);
    }
    Ok(verdict)
}

/// The verdict of `linter` on a mail as it travels, and why it is sent although it was held, if there is a reason.
pub fn judge_mail(linter: &Linter, mail: &[u8], reason: Option<&str>, policy: &Policy) -> Result<Verdict, ReadError> {
    judge_mail_with(&|it| tell(linter, it), mail, reason, policy)
}

/// The same where a team may have asked not to be told everything.
pub fn judge_mail_with(
    lint: &Lint<'_>,
    mail: &[u8],
    reason: Option<&str>,
    policy: &Policy,
) -> Result<Verdict, ReadError> {
    let document = Document::read(mail, Format::Mail)?;
    let language = Language::of(prose(&document));
    let mut verdict = judge_parts(lint, &[(Part::Mail, document)], language, Context::Outgoing, policy);
    if let Some(reason) = reason {
        verdict.absolve(reason, policy);
    }
    Ok(verdict)
}

/// The verdict on documents that are, together, one reply: a mail, or the parts of one.
pub fn judge_parts(
    lint: &Lint<'_>,
    parts: &[(Part, Document)],
    language: Language,
    context: Context,
    policy: &Policy,
) -> Verdict {
    let told = told(lint, parts, language, context, policy);
    let indexes: Vec<Utf16Index> = parts.iter().map(|it| Utf16Index::new(&it.1.text)).collect();
    let finding = |it: &Told| {
        let (part, document) = &parts[it.part];
        Finding::new(*part, document, &indexes[it.part], it)
    };
    Verdict::of(told.iter().map(finding).collect(), language)
}

/// A sin of a reply that matters to its policy.
struct Told {
    /// Which of the reply's parts.
    pub part: usize,
    pub diagnostic: Diagnostic,
    pub decision: Decision,
}

/// What a verdict tells, in order.
fn told(
    lint: &Lint<'_>,
    parts: &[(Part, Document)],
    language: Language,
    context: Context,
    policy: &Policy,
) -> Vec<Told> {
    let mut all = Vec::new();
    let mut known = FxHashMap::default();
    for (part, (_, document)) in parts.iter().enumerate() {
        for diagnostic in diagnostics(lint, document, language, context, policy) {
            let decision = policy.decide(diagnostic.severity);
            // The text and the HTML of a mail say the same.
            let place = (part, diagnostic.item);
            let key = (diagnostic.rule.sin.clone(), diagnostic.message.clone());
            let is_elsewhere = known.get(&key).is_some_and(|&it| it != place);
            if decision > Decision::Pass && !is_elsewhere {
                known.insert(key, place);
                all.push(Told { part, diagnostic, decision });
            }
        }
    }
    all
}

/// What must be told of a document that leaves the house. Here a comment silences nothing: the customer would read it.
fn diagnostics(
    lint: &Lint<'_>,
    document: &Document,
    language: Language,
    context: Context,
    policy: &Policy,
) -> Vec<Diagnostic> {
    if context == Context::Library {
        return lint(document);
    }
    let mut sent = document.clone();
    sent.stray_markers.extend(sent.suppressions.drain(..).map(|it| it.span));
    sent.stray_markers.extend(sent.marker_problems.drain(..).map(|it| it.span));
    sent.stray_markers.sort_unstable();
    let mut told = lint(&sent);
    told.extend(unfilled::find(document, language, policy));
    told.sort_by_key(|it| it.span);
    told
}

/// The sins that a linter alone tells of.
fn tell(linter: &Linter, document: &Document) -> Vec<Diagnostic> {
    suppress::settle(document, linter.lint(document), linter.rules())
}

fn prose(document: &Document) -> impl Iterator<Item = &str> {
    document.segments.iter().map(|it| it.text(&document.text))
}

#[cfg(test)]
mod tests;
