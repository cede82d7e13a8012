//! What was found in a text, kept for the next one, which is nearly the same: somebody is typing.

use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError},
};

use crate::{
    diagnostic::Diagnostic,
    document::Document,
    finding::Finding,
    linter::Linter,
    rule_set::RuleSet,
    segment::Segment,
    surroundings::{Asked, FARTHEST},
};

/// What was last found in a text that is being typed. One for each text; at first, nothing.
#[derive(Debug, Default)]
pub struct Previous {
    rules: Option<Arc<RuleSet>>,
    text: String,
    segments: Vec<Segment>,
    n_items: usize,
    findings: Vec<Finding>,
    /// Segments in which what is found may hang on more than their neighbours.
    asked: BTreeSet<usize>,
}

impl Linter {
    /// What [`Linter::lint_without_fixes`] says of `document`. Only those segments are read that are not as they were, or
    /// have something around them that is not.
    pub fn lint_after(&self, previous: &mut Previous, document: &Document) -> Vec<Diagnostic> {
        let is_ours = previous.rules.as_ref().is_some_and(|it| Arc::ptr_eq(it, self.shared_rules()));
        let known = if is_ours { std::mem::take(previous) } else { Previous::default() };
        *previous = known.next(self, document);
        self.diagnostics(document, &previous.findings)
    }
}

impl Previous {
    /// What is found in `document`, with what is known.
    fn next(self, linter: &Linter, document: &Document) -> Previous {
        let (n_then, n_now) = (self.segments.len(), document.segments.len());
        let (n_first, n_last) = self.untouched(document);
        let first = |segment: usize| segment < n_first;
        let last = |segment: usize| segment >= n_then - n_last;
        let moved = |segment: usize| segment + n_now - n_then;

        let asked = Asked::default();
        let mut findings: Vec<Finding> = self.findings.iter().filter(|it| first(it.segment)).copied().collect();
        findings.extend(linter.find_in(document, n_first..n_now - n_last, &asked));
        let rest = self.findings.iter().filter(|it| last(it.segment));
        findings.extend(rest.map(|it| Finding { segment: moved(it.segment), ..*it }));
        let mut asked = asked.into_inner().unwrap_or_else(PoisonError::into_inner);
        asked.extend(self.asked.iter().filter(|it| first(**it)));
        asked.extend(self.asked.iter().filter(|it| last(**it)).map(|it| moved(*it)));

        let (rules, text, segments) =
            (Some(linter.shared_rules().clone()), document.text.clone(), document.segments.clone());
        Previous { rules, text, segments, n_items: document.items.len(), findings, asked }
    }

    /// How many segments at the start, and at the end, have everything around them that they had.
    fn untouched(&self, document: &Document) -> (usize, usize) {
        let (n_first, n_last) = self.unchanged(document);
        let end = self.segments.len() - n_last;
        // A neighbour may silence a sin; what is farther away, tell the language of those who asked.
        let near_first = self.asked.range(n_first.saturating_sub(FARTHEST)..n_first).next();
        let near_last = self.asked.range(end..end + FARTHEST).next_back();
        let n_first = near_first.map_or(n_first.saturating_sub(1), |it| *it.min(&(n_first - 1)));
        let end = near_last.map_or(end + 1, |it| it + 1);
        (n_first, self.segments.len().saturating_sub(end))
    }

    /// How many segments at the start, and at the end, say what they said.
    fn unchanged(&self, document: &Document) -> (usize, usize) {
        let (then, now) = (&self.segments, &document.segments);
        let is_same =
            |it: &(&Segment, &Segment)| it.0.atoms == it.1.atoms && it.0.text(&self.text) == it.1.text(&document.text);
        let n_first = then.iter().zip(now).take_while(|it| is_same(it) && it.0.item == it.1.item).count();
        // Macros may have come or gone before the last ones.
        let from_end = |it: &Segment, n_items: usize| it.item.map(|it| n_items - it);
        let is_last = |it: &(&Segment, &Segment)| {
            is_same(it) && from_end(it.0, self.n_items) == from_end(it.1, document.items.len())
        };
        let n_rest = then.len().min(now.len()) - n_first;
        let n_last = then.iter().rev().zip(now.iter().rev()).take(n_rest).take_while(is_last).count();
        (n_first, n_last)
    }
}
