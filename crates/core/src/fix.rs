//! Fixing a document as far as a machine may: safe fixes only, again and again, until nothing changes.

use rustc_hash::FxHashSet;

use crate::{
    diagnostic::{Applicability, Diagnostic, Edit, apply},
    document::Document,
    linter::Linter,
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
    let mut fixing = Fixing {
        linter,
        left: linter.lint(document),
        document: document.clone(),
        mended: Vec::new(),
        refused: FxHashSet::default(),
    };
    while fixing.pass() {}
    Fixed { document: fixing.document, mended: fixing.mended, left: fixing.left }
}

struct Fixing<'a> {
    linter: &'a Linter,
    document: Document,
    left: Vec<Diagnostic>,
    mended: Vec<Diagnostic>,
    /// Fixes that did harm: the sin, and its sentence.
    refused: FxHashSet<(String, String)>,
}

impl Fixing<'_> {
    /// Applies the fixes that are apart from each other: together, or, if that does harm, the first harmless one.
    /// Says whether it changed anything.
    fn pass(&mut self) -> bool {
        let chosen = self.chosen();
        if chosen.is_empty() {
            return false;
        }
        if self.try_all(&chosen) {
            return true;
        }
        for index in chosen {
            if self.try_all(&[index]) {
                return true;
            }
            self.refused.insert(key(&self.document, &self.left[index]));
        }
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
            let deletes_sentence =
                edits.iter().all(|edit| edit.replacement.is_empty() && edit.span.contains(it.sentence));
            let is_free = first.span.start >= end && !self.refused.contains(&key(&self.document, it));
            if is_free && (!deletes_sentence || shortened.insert(it.item)) {
                end = last.span.end;
                chosen.push(index);
            }
        }
        chosen
    }

    fn try_all(&mut self, chosen: &[usize]) -> bool {
        let edits: Vec<Edit> = chosen.iter().filter_map(|&it| safe_edits(&self.left[it])).flatten().cloned().collect();
        let text = apply(&self.document.text, &edits);
        let Ok(document) = Document::parse(text, self.document.format) else { return false };
        let left = self.linter.lint(&document);
        if !is_progress(&self.left, &left) || facts(&self.document) != facts(&document) {
            return false;
        }
        let mended = chosen.iter().map(|&it| self.left[it].clone());
        self.mended.extend(mended);
        self.document = Document { encoding: self.document.encoding, ..document };
        self.left = left;
        true
    }
}

fn safe_edits(diagnostic: &Diagnostic) -> Option<&[Edit]> {
    let fix = diagnostic.fixes.iter().find(|it| it.applicability == Applicability::MachineApplicable)?;
    Some(&fix.edits)
}

fn key(document: &Document, diagnostic: &Diagnostic) -> (String, String) {
    (diagnostic.rule.sin.clone(), document.text[diagnostic.sentence.range()].to_owned())
}

/// Fewer findings than before, and of no sin more.
fn is_progress(before: &[Diagnostic], after: &[Diagnostic]) -> bool {
    let sin = |it: &Diagnostic| it.rule.sin.clone();
    let before_by_sin = Diagnostic::count_by(before, sin);
    let more =
        Diagnostic::count_by(after, sin).into_iter().any(|(sin, n)| before_by_sin.get(&sin).is_none_or(|&it| n > it));
    after.len() < before.len() && !more
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
