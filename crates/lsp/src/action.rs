//! What a writer can have done at a place: better words, all safe fixes, silence.

use std::collections::BTreeMap;

use absolve_core::{
    diagnostic::{Applicability, Diagnostic, Edit, Fix},
    document::Document,
    format::Format,
    span::Span,
};
use serde_json::{Value, json};

use crate::{
    client::Client,
    hover::visible,
    job::{Checked, Reply},
    message::{DocumentEdit, TextEdit, WorkspaceEdit},
    notice::Notice,
    position::{Range, Ruler, Snapshot},
    snippet::TabStops,
};

/// Something a writer can have done.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// What the writer reads.
    pub title: String,
    /// The protocol's word for the kind of thing it is.
    pub kind: &'static str,
    /// What it mends.
    pub notice: Option<Notice>,
    /// Whether an editor may do it at a key, unasked for which.
    pub is_preferred: bool,
    /// What it writes.
    pub edit: Option<WorkspaceEdit>,
    /// What it has the server do: a command and its arguments.
    pub command: Option<(&'static str, Vec<Value>)>,
}

/// Better words for one finding; silence for it.
pub const QUICK_FIX: &str = "quickfix";
/// Better words for the sentence.
pub const REWRITE: &str = "refactor.rewrite.absolve";
/// Every fix that loses nothing.
pub const FIX_ALL: &str = "source.fixAll.absolve";
/// Every kind there is.
pub const KINDS: [&str; 3] = [QUICK_FIX, REWRITE, FIX_ALL];

/// Has a sin not be looked for any more: URI, sin.
pub const DISABLE: &str = "absolve.disable";

/// Findings that can be silenced from one place at most: for each, the document is read again.
const SILENCED: usize = 8;

/// The document that actions are for, as the client knows it.
pub struct Target<'a> {
    /// Its name.
    pub uri: &'a str,
    /// Its version.
    pub version: i32,
    /// Its text and sins.
    pub checked: &'a Checked,
    /// Who asks.
    pub client: &'a Client,
    /// Whether there is a folder to keep a configuration in.
    pub has_folder: bool,
}

impl Target<'_> {
    /// What can be done at `range`, of the kinds in `only`; of every kind but `source` if that is empty.
    pub fn actions(&self, range: Range, only: &[String]) -> Vec<Action> {
        let Some(reply) = &self.checked.reply else { return Vec::new() };
        let span = self.checked.snapshot.span(range);
        let mut actions = Vec::new();
        if is_wanted(only, QUICK_FIX) {
            let touched: Vec<&Diagnostic> = reply.diagnostics.iter().filter(|it| touches(it.span, span)).collect();
            actions.extend(touched.iter().flat_map(|it| self.quick_fixes(it)));
            actions.extend(touched.iter().take(SILENCED).flat_map(|it| self.silences(it, reply)));
        }
        if is_wanted(only, REWRITE) {
            actions.extend(self.rewrites(reply, span, only));
        }
        if !only.is_empty() && is_wanted(only, FIX_ALL) {
            actions.extend(self.fix_all(reply));
        }
        actions
    }

    fn quick_fixes(&self, diagnostic: &Diagnostic) -> Vec<Action> {
        let safe: Vec<&Fix> = diagnostic.fixes.iter().filter(|it| is_safe(it)).collect();
        let only_safe = if let [it] = safe.as_slice() { Some(*it) } else { None };
        let action = |fix: &Fix| Action {
            notice: self.notice(diagnostic),
            is_preferred: only_safe.is_some_and(|it| std::ptr::eq(it, fix)),
            ..self.action(fix, QUICK_FIX)
        };
        diagnostic.fixes.iter().filter(|it| !it.edits.is_empty()).map(action).collect()
    }

    /// A finding as the list of problems has it.
    fn notice(&self, diagnostic: &Diagnostic) -> Option<Notice> {
        let range = self.checked.snapshot.range(diagnostic.span);
        self.checked.notices.iter().find(|it| it.range == range && it.code == diagnostic.rule.sin).cloned()
    }

    /// Better words for the sentence that `span` is in: where quick fixes are not listed anyway.
    fn rewrites(&self, reply: &Reply, span: Span, only: &[String]) -> Vec<Action> {
        let is_listed = |it: &Diagnostic| is_wanted(only, QUICK_FIX) && touches(it.span, span);
        let sentences = reply.diagnostics.iter().filter(|it| touches(it.sentence, span) && !is_listed(it));
        let rewrites = |it: &Diagnostic| {
            let sentence = it.sentence;
            let is_rewrite = move |fix: &&Fix| fix.edits.iter().any(|edit| edit.span.len() * 2 > sentence.len());
            it.fixes.iter().filter(is_rewrite).cloned().collect::<Vec<_>>()
        };
        sentences.flat_map(rewrites).map(|it| self.action(&it, REWRITE)).collect()
    }

    fn action(&self, fix: &Fix, kind: &'static str) -> Action {
        let mut stops = TabStops::default();
        let edits = fix.edits.iter().map(|it| self.edit(it, &mut stops)).collect();
        Action {
            title: visible(&fix.title),
            kind,
            notice: None,
            is_preferred: false,
            edit: Some(self.workspace_edit(edits)),
            command: None,
        }
    }

    fn edit<'e>(&self, edit: &'e Edit, stops: &mut TabStops<'e>) -> TextEdit {
        let is_snippet = self.client.snippet_edits && self.client.versioned_edits && !edit.blanks.is_empty();
        let text = if is_snippet { stops.snippet(&edit.replacement, &edit.blanks) } else { edit.replacement.clone() };
        TextEdit { range: self.checked.snapshot.range(edit.span), text, is_snippet }
    }

    fn workspace_edit(&self, edits: Vec<TextEdit>) -> WorkspaceEdit {
        let (uri, version) = (self.uri.to_owned(), Some(self.version));
        let document = DocumentEdit { uri, version, creates: false, edits };
        WorkspaceEdit { documents: vec![document], is_versioned: self.client.versioned_edits }
    }

    /// Every fix that loses nothing, as one edit.
    fn fix_all(&self, reply: &Reply) -> Option<Action> {
        let edits = text_edits(&safe_edits(&reply.diagnostics), &self.checked.snapshot);
        (!edits.is_empty()).then(|| Action {
            title: "Apply every safe fix".to_owned(),
            kind: FIX_ALL,
            notice: None,
            is_preferred: false,
            edit: Some(self.workspace_edit(edits)),
            command: None,
        })
    }

    fn silences(&self, diagnostic: &Diagnostic, reply: &Reply) -> Vec<Action> {
        let sin = &diagnostic.rule.sin;
        let silence = |title: String| Action {
            title,
            kind: QUICK_FIX,
            notice: self.notice(diagnostic),
            is_preferred: false,
            edit: None,
            command: None,
        };
        let is_snippet = self.client.snippet_edits && self.client.versioned_edits;
        let comment = ignore_comment(reply.format, diagnostic, &self.checked.snapshot, is_snippet).map(|edit| Action {
            edit: Some(self.workspace_edit(vec![edit])),
            ..silence(format!("Ignore {sin} here"))
        });
        let disable = self.has_folder.then(|| Action {
            command: Some((DISABLE, vec![json!(self.uri), json!(sin)])),
            ..silence(format!("Do not look for {sin} in this folder"))
        });
        comment.into_iter().chain(disable).collect()
    }
}

/// The first safe fix of each diagnostic, those left out that overlap one before. In order.
pub fn safe_edits(diagnostics: &[Diagnostic]) -> Vec<Edit> {
    let mut edits: BTreeMap<Span, &Edit> = BTreeMap::new();
    for fix in diagnostics.iter().filter_map(|it| it.fixes.iter().find(|it| is_safe(it))) {
        if !fix.edits.iter().any(|it| clashes(&edits, it.span)) {
            edits.extend(fix.edits.iter().map(|it| (it.span, it)));
        }
    }
    edits.into_values().cloned().collect()
}

/// Whether a span overlaps one of `edits`, or is one.
fn clashes(edits: &BTreeMap<Span, &Edit>, span: Span) -> bool {
    let before = edits.range(..=span).next_back();
    let after = edits.range(span..).next();
    before.into_iter().chain(after).any(|it| it.0.overlaps(span) || *it.0 == span)
}

/// Edits as the client reads them.
pub fn text_edits(edits: &[Edit], snapshot: &Snapshot) -> Vec<TextEdit> {
    let mut ruler = Ruler::new(snapshot);
    let text_edit =
        |it: &Edit| TextEdit { range: ruler.range(it.span), text: it.replacement.clone(), is_snippet: false };
    edits.iter().map(text_edit).collect()
}

/// A comment that silences a sin in its block. Plain text and JSON have none: it would reach the customer.
fn ignore_comment(format: Format, diagnostic: &Diagnostic, snapshot: &Snapshot, is_snippet: bool) -> Option<TextEdit> {
    let text = snapshot.text.as_str();
    let at = diagnostic.sentence.start;
    let places = match format {
        Format::Markdown => [block_start(text, at), line_start(text, at)],
        Format::Html => [line_start(text, at); 2],
        _ => return None,
    };
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let comment = |at: usize, reason: &str| {
        let indent: String = text[at..].chars().take_while(|it| matches!(it, ' ' | '\t')).collect();
        format!("{indent}<!-- absolve-ignore {}: {reason} -->{line_end}", diagnostic.rule.sin)
    };
    let place = places.into_iter().find(|&it| silences(text, format, it, &comment(it, ""), at))?;
    let comment = comment(place, if is_snippet { "${1:why}" } else { "" });
    Some(TextEdit { range: snapshot.range(Span::new(place, place)), text: comment, is_snippet })
}

/// Whether `comment`, put in at `place`, silences what stands at `at`. The format knows best what a block is.
fn silences(text: &str, format: Format, place: usize, comment: &str, at: usize) -> bool {
    let changed = [&text[..place], comment, &text[place..]].concat();
    let at = at + comment.len();
    let document = Document::parse(changed, format);
    document.is_ok_and(|it| it.suppressions.iter().any(|it| it.covers.start <= at && at < it.covers.end))
}

/// The start of the line on which the block of Markdown around `at` starts: after an empty line.
fn block_start(text: &str, at: usize) -> usize {
    let mut line = line_start(text, at);
    while line > 0 {
        let before = line_start(text, line - 1);
        if text[before..line].trim().is_empty() {
            break;
        }
        line = before;
    }
    line
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |it| it + 1)
}

fn is_safe(fix: &Fix) -> bool {
    fix.applicability == Applicability::MachineApplicable
}

fn touches(finding: Span, asked: Span) -> bool {
    finding.start <= asked.end && asked.start <= finding.end
}

/// Whether a client that wants only `only` wants `kind`: kinds are words between dots, the first say more.
fn is_wanted(only: &[String], kind: &str) -> bool {
    let covers = |it: &String| {
        it.is_empty() || kind == it || kind.strip_prefix(it.as_str()).is_some_and(|it| it.starts_with('.'))
    };
    only.is_empty() || only.iter().any(covers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(only: &[&str], kind: &str, expected: bool) {
        let only: Vec<String> = only.iter().map(|&it| it.to_owned()).collect();
        assert_eq!(is_wanted(&only, kind), expected, "{only:?} {kind}");
    }

    #[test]
    fn kinds_are_filtered_by_their_words() {
        check(&[], QUICK_FIX, true);
        check(&[""], FIX_ALL, true);
        check(&["source"], FIX_ALL, true);
        check(&["source.fixAll"], FIX_ALL, true);
        check(&["source.fix"], FIX_ALL, false);
        check(&["source.fixAll.eslint"], FIX_ALL, false);
        check(&["refactor", "source"], QUICK_FIX, false);
        check(&["refactor"], REWRITE, true);
    }

    #[test]
    fn a_comment_stands_before_its_block() {
        let text = "One.\n\nTwo\nthree four.\n";
        let four = text.find("four").expect("it is there");
        assert_eq!((block_start(text, four), line_start(text, four), block_start(text, 0)), (6, 10, 0));
    }
}
