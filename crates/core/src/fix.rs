//! Fixing a document as far as a machine may: safe fixes only, again and again, until nothing changes.

use rustc_hash::FxHashSet;

use crate::{
    diagnostic::{Applicability, Diagnostic, Edit, apply},
    document::Document,
    linter::Linter,
    span::Span,
};

/// What fixing did.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The document after the fixes.
    pub document: Document,
    /// The sins that were mended, in the order in which they were.
    pub mended: Vec<Diagnostic>,
    /// The sins that are left: a person must mend them.
    pub left: Vec<Diagnostic>,
}

/// Applies every machine-applicable fix of `document`, pass by pass. A fix that would bring a new finding, or would
/// change a placeholder, a link or a number, is left alone.
pub fn fix(linter: &Linter, document: &Document) -> Fixed {
    fix_with(&|it| linter.lint(it), document)
}

/// The same for what `lint` tells of a document: a team may have asked not to be told everything.
pub fn fix_with(lint: &dyn Fn(&Document) -> Vec<Diagnostic>, document: &Document) -> Fixed {
    let mut fixing = Fixing {
        lint,
        left: lint(document),
        document: document.clone(),
        mended: Vec::new(),
        refused: FxHashSet::default(),
    };
    while fixing.pass() {}
    Fixed { document: fixing.document, mended: fixing.mended, left: fixing.left }
}

struct Fixing<'a> {
    lint: &'a dyn Fn(&Document) -> Vec<Diagnostic>,
    document: Document,
    left: Vec<Diagnostic>,
    mended: Vec<Diagnostic>,
    /// Fixes that did harm: the sin, its sentence, and what was to become of it.
    refused: FxHashSet<(String, String, String)>,
}

impl Fixing<'_> {
    /// Applies fixes that are apart from each other. Says whether it changed anything.
    fn pass(&mut self) -> bool {
        let chosen = self.chosen();
        !chosen.is_empty() && self.try_some(&chosen)
    }

    /// Tries them together; where that does harm, one half, then the other: one harmful fix among a library's hundreds
    /// costs a few lints, not hundreds.
    fn try_some(&mut self, chosen: &[usize]) -> bool {
        if self.try_all(chosen) {
            return true;
        }
        let &[index] = chosen else {
            let (first, rest) = chosen.split_at(chosen.len() / 2);
            return self.try_some(first) || self.try_some(rest);
        };
        self.refused.insert(key(&self.document, &self.left[index]));
        false
    }

    /// Diagnostics whose safe fixes can be applied together. In a reply one sentence may go at a time: the last one
    /// must stay.
    fn chosen(&self) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::new();
        let mut end = 0;
        let mut shortened = FxHashSet::default();
        for (index, it) in self.left.iter().enumerate() {
            let Some(edits) = safe_edits(it) else { continue };
            let (Some(first), Some(last)) = (edits.first(), edits.last()) else { continue };
            // Quotes that the rest of a cell needs are no words.
            let deletes_sentence = edits.iter().all(|it| it.replacement.is_empty() || it.span.is_empty())
                && Span::new(first.span.start, last.span.end).contains(it.sentence);
            let is_free = first.span.start >= end && !self.refused.contains(&key(&self.document, it));
            if is_free && (!deletes_sentence || shortened.insert(it.item)) {
                end = last.span.end;
                chosen.push(index);
            }
        }
        chosen
    }

    fn try_all(&mut self, chosen: &[usize]) -> bool {
        let mended: Vec<Diagnostic> = chosen.iter().map(|&it| self.left[it].clone()).collect();
        let edits: Vec<Edit> = mended.iter().filter_map(safe_edits).flatten().cloned().collect();
        let text = apply(&self.document.text, &edits);
        let Ok(document) = self.document.with_text(text) else { return false };
        let left = (self.lint)(&document);
        let is_written = document.encoding.encode(&document.text).is_ok();
        if !is_written || !is_progress(&self.left, &mended, &left) || facts(&self.document) != facts(&document) {
            return false;
        }
        self.mended.extend(mended);
        self.document = document;
        self.left = left;
        true
    }
}

fn safe_edits(diagnostic: &Diagnostic) -> Option<&[Edit]> {
    let fix = diagnostic.fixes.iter().find(|it| it.applicability == Applicability::MachineApplicable)?;
    Some(&fix.edits)
}

fn key(document: &Document, diagnostic: &Diagnostic) -> (String, String, String) {
    let replacements = safe_edits(diagnostic).unwrap_or_default().iter().map(|it| it.replacement.as_str()).collect();
    (diagnostic.rule.sin.clone(), document.text[diagnostic.sentence.range()].to_owned(), replacements)
}

/// What was mended is gone, and of no sin is there more than was left.
fn is_progress(before: &[Diagnostic], mended: &[Diagnostic], after: &[Diagnostic]) -> bool {
    let sin = |it: &Diagnostic| (it.rule.sin.clone(), it.rule.language.clone());
    let (before, mended) = (Diagnostic::count_by(before, sin), Diagnostic::count_by(mended, sin));
    let is_expected = |sin, n: usize| {
        let (before, mended) = (before.get(sin).copied().unwrap_or(0), mended.get(sin).copied().unwrap_or(0));
        n + mended <= before
    };
    let after = Diagnostic::count_by(after, sin);
    after.iter().all(|(sin, &n)| is_expected(sin, n))
}

/// What a fix may never change: placeholders, links, addresses and numbers, in order.
fn facts(document: &Document) -> Vec<String> {
    let mut facts = Vec::new();
    for segment in &document.segments {
        let text = segment.text(&document.text);
        facts.extend(segment.atoms.iter().map(|it| text[it.span.range()].to_owned()));
        facts.extend(text.split(|it: char| !it.is_ascii_digit()).filter(|it| !it.is_empty()).map(str::to_owned));
    }
    facts
}
