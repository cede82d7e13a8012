//! From a finding to the edits that mend it.

use crate::{
    diagnostic::{Applicability, Edit, Fix},
    document::Document,
    finding::Finding,
    rule::{Extent, FixTemplate},
    rule_set::RuleSet,
    segment::Segment,
    span::Span,
    voice::Voice,
};

/// Writes the fixes of one document.
pub(crate) struct Rewriter<'a> {
    rules: &'a RuleSet,
    voice: Voice,
    document: &'a Document,
}

impl<'a> Rewriter<'a> {
    pub fn new(rules: &'a RuleSet, voice: Voice, document: &'a Document) -> Rewriter<'a> {
        Rewriter { rules, voice, document }
    }

    /// The fixes of a finding, the phrase's own first.
    pub fn fixes(&self, finding: &Finding) -> Vec<Fix> {
        let phrase = &self.rules.phrases[finding.phrase as usize];
        let rule = &self.rules.rules[finding.rule as usize];
        phrase.fixes.iter().chain(&rule.fixes).map(|it| self.fix(finding, it)).collect()
    }

    fn fix(&self, finding: &Finding, template: &FixTemplate) -> Fix {
        let segment = &self.document.segments[finding.segment];
        let span = match template.replace {
            Extent::Phrase | Extent::Clause => finding.span,
            Extent::Sentence => finding.sentence,
        };
        let title = if template.with.is_empty() { "Delete it".to_owned() } else { template.with.clone() };
        Fix { title, applicability: applicability(template), edits: edits(segment, span, &template.with) }
    }
}

fn applicability(template: &FixTemplate) -> Applicability {
    match template {
        it if it.with.contains('{') => Applicability::HasPlaceholders,
        it if it.safe => Applicability::MachineApplicable,
        _ => Applicability::MaybeIncorrect,
    }
}

fn edits(segment: &Segment, span: Span, words: &str) -> Vec<Edit> {
    vec![Edit { span: segment.to_source(span), replacement: segment.escape.write(words) }]
}
