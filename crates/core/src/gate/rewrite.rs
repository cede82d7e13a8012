//! A reply with the better words that its agent picked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    diagnostic::{Diagnostic, Edit, apply},
    document::{Document, ReadError},
    fill,
    fix::fix_with,
    gate::{Lint, Part, Policy, Reply, Verdict, judge_with, tell, told},
    linter::Linter,
};

/// An alternative of a verdict that the agent picked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Which finding of the verdict, from 0.
    pub finding: usize,
    /// Which of its alternatives, from 0.
    pub alternative: usize,
    /// What belongs in its blanks, by what they ask for.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
}

/// A reply with better words in it, and the verdict on it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rewritten {
    /// The reply.
    pub reply: Reply,
    /// What is still to be said of it.
    pub verdict: Verdict,
}

/// `reply` with the alternatives that were picked; without `choices`, with all that a machine may mend.
pub fn rewrite(
    linter: &Linter,
    reply: &Reply,
    choices: Option<&[Choice]>,
    policy: &Policy,
) -> Result<Rewritten, ReadError> {
    rewrite_with(&|it| tell(linter, it), reply, choices, policy)
}

/// The same where a team may have asked not to be told everything.
pub fn rewrite_with(
    lint: &Lint<'_>,
    reply: &Reply,
    choices: Option<&[Choice]>,
    policy: &Policy,
) -> Result<Rewritten, ReadError> {
    if reply.text.is_some() && reply.html.is_some() {
        return Err(wrong("only one of `text` and `html` can be rewritten; give the one that is sent"));
    }
    let parts = reply.parts()?;
    let texts = match choices {
        Some(choices) => chosen(lint, reply, &parts, choices, policy)?,
        None => parts.iter().map(|it| fix_with(lint, &it.1).document.text).collect(),
    };
    // Whatever was said of the words before, these are new ones.
    let mut reply = Reply { override_reason: None, ..reply.clone() };
    for ((part, _), text) in parts.iter().zip(texts) {
        *reply.part_mut(*part) = Some(text);
    }
    let verdict = judge_with(lint, &reply, policy)?;
    Ok(Rewritten { reply, verdict })
}

/// The texts of the parts with the alternatives that were picked.
fn chosen(
    lint: &Lint<'_>,
    reply: &Reply,
    parts: &[(Part, Document)],
    choices: &[Choice],
    policy: &Policy,
) -> Result<Vec<String>, ReadError> {
    let told = told(lint, parts, reply.language_of(parts), reply.context, policy);
    let mut edits: Vec<Vec<Edit>> = parts.iter().map(|_| Vec::new()).collect();
    for choice in choices {
        let Some(found) = told.get(choice.finding) else {
            return Err(wrong(&format!("there is no finding {}; the reply has {}", choice.finding, told.len())));
        };
        edits[found.part].extend(choice.edits(&parts[found.part].1, &found.diagnostic)?);
    }
    parts.iter().zip(edits).map(|((_, document), edits)| applied(&document.text, edits)).collect()
}

impl Choice {
    fn edits(&self, document: &Document, diagnostic: &Diagnostic) -> Result<Vec<Edit>, ReadError> {
        let offered = diagnostic.offered();
        let Some(fix) = offered.get(self.alternative) else {
            let (wanted, n) = (self.alternative, offered.len());
            return Err(wrong(&format!("finding {} has no alternative {wanted}; it has {n}", self.finding)));
        };
        if let Some(blank) = fill::blanks(fix).into_iter().find(|it| self.answer(it).is_none()) {
            return Err(wrong(&format!("finding {} needs an answer to `{blank}`", self.finding)));
        }
        let answer = |it: &str| self.answer(it).unwrap_or_default().to_owned();
        fill::fill(document, fix, &answer).map_err(|it| wrong(&format!("finding {}: {it}", self.finding)))
    }

    fn answer(&self, blank: &str) -> Option<&str> {
        self.answers.get(blank).map(|it| it.trim()).filter(|it| !it.is_empty())
    }
}

/// `text` with edits from several choices, which may want the same words.
fn applied(text: &str, mut edits: Vec<Edit>) -> Result<String, ReadError> {
    edits.sort_by_key(|it| it.span);
    if edits.windows(2).any(|it| it[1].span.start < it[0].span.end || it[0].span == it[1].span) {
        return Err(wrong("two choices change the same words; rewrite with one of them, then ask again"));
    }
    Ok(apply(text, &edits))
}

fn wrong(message: &str) -> ReadError {
    ReadError::new(None, message)
}
