//! What an author asked not to be told, taken out of what a linter says; and what that author should be told instead.

use std::sync::{Arc, LazyLock};

use crate::{
    diagnostic::{Diagnostic, Severity},
    document::{Document, Suppression},
    rule::{Family, Rule},
    rule_set::RuleSet,
    span::Span,
};

/// Diagnostics after suppression.
#[derive(Clone, Debug, PartialEq)]
pub struct Suppressed<'a> {
    /// What is still to be told.
    pub kept: Vec<Diagnostic>,
    /// What was asked for nothing.
    pub unused: Vec<Unused<'a>>,
}

/// A suppression, or one of its sins, that silenced nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused<'a> {
    /// The comment.
    pub suppression: &'a Suppression,
    /// The sin it names in vain; `None` for a comment that silences whatever comes.
    pub sin: Option<&'a str>,
}

/// The names of the findings that are no rule file's: about comments, and about what was left to fill in. No rule file may have one.
pub const RESERVED: [&str; 4] = ["unused-suppression", "stray-marker", "broken-marker", "unfilled-placeholder"];

/// What is left to tell of a document: its diagnostics without those that its author silenced, and a finding for each
/// comment that silences nothing or would reach the customer. Sorted by span.
pub fn settle(document: &Document, diagnostics: Vec<Diagnostic>, rules: &RuleSet) -> Vec<Diagnostic> {
    let Suppressed { mut kept, unused } = suppress(diagnostics, &document.suppressions);
    kept.extend(unused.iter().filter_map(|it| unused_notice(it, rules)));
    let stray = "this marker would reach the customer; silence sins of this file in absolve.toml";
    kept.extend(document.stray_markers.iter().map(|it| notice(&STRAY_MARKER, *it, stray.to_owned())));
    kept.extend(document.marker_problems.iter().map(|it| notice(&BROKEN_MARKER, it.span, it.message.clone())));
    sort(&mut kept);
    kept
}

/// Sorting takes room, and there is hardly ever something to sort.
fn sort(diagnostics: &mut [Diagnostic]) {
    if !diagnostics.is_sorted_by_key(|it| it.span) {
        diagnostics.sort_by_key(|it| it.span);
    }
}

/// Takes out the diagnostics that suppressions cover.
pub fn suppress(mut diagnostics: Vec<Diagnostic>, suppressions: &[Suppression]) -> Suppressed<'_> {
    let claims: Vec<Unused> = suppressions.iter().flat_map(claims).collect();
    let mut is_used = vec![false; claims.len()];
    sort(&mut diagnostics);
    if claims.is_empty() {
        return Suppressed { kept: diagnostics, unused: Vec::new() };
    }
    let mut kept = Vec::with_capacity(diagnostics.len());
    // Of thousands of comments, a few are near: those that may cover what comes.
    let covers = |claim: usize| claims[claim].suppression.covers;
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by_key(|&it| covers(it).start);
    let (mut coming, mut near) = (order.into_iter().peekable(), Vec::new());
    for diagnostic in diagnostics {
        while let Some(claim) = coming.next_if(|&it| covers(it).start <= diagnostic.span.end) {
            near.push(claim);
        }
        near.retain(|&it| covers(it).end >= diagnostic.span.start);
        let mut is_silenced = false;
        for &claim in near.iter().filter(|&&it| claims[it].covers(&diagnostic)) {
            (is_used[claim], is_silenced) = (true, true);
        }
        if !is_silenced {
            kept.push(diagnostic);
        }
    }
    let unused = claims.into_iter().zip(is_used).filter(|it| !it.1).map(|it| it.0).collect();
    Suppressed { kept, unused }
}

/// What a comment asks for, one sin at a time.
fn claims(suppression: &Suppression) -> Vec<Unused<'_>> {
    match suppression.sins.as_slice() {
        [] => vec![Unused { suppression, sin: None }],
        sins => sins.iter().map(|it| Unused { suppression, sin: Some(it) }).collect(),
    }
}

impl Unused<'_> {
    fn covers(&self, diagnostic: &Diagnostic) -> bool {
        self.suppression.covers.overlaps(diagnostic.span) && self.sin.is_none_or(|it| it == diagnostic.rule.sin)
    }
}

/// A sin that is turned off may be silenced in vain: it may be on elsewhere.
fn unused_notice(unused: &Unused, rules: &RuleSet) -> Option<Diagnostic> {
    let is_on = |sin: &str| rules.rules().any(|it| it.sin == sin);
    let message = match unused.sin {
        None => "this comment silences nothing; delete it".to_owned(),
        Some(sin) if is_on(sin) => format!("this comment silences `{sin}`, which is not found here; delete it"),
        Some(sin) if rules.all_rules().any(|it| it.sin == sin) => return None,
        Some(sin) => format!("no sin is named `{sin}`, so this comment silences nothing"),
    };
    Some(notice(&UNUSED_SUPPRESSION, unused.suppression.span, message))
}

fn notice(rule: &Arc<Rule>, span: Span, message: String) -> Diagnostic {
    let (rule, severity) = (rule.clone(), rule.severity);
    Diagnostic { rule, severity, span, sentence: span, message, item: None, fixes: vec![], finding: None }
}

static UNUSED_SUPPRESSION: LazyLock<Arc<Rule>> = LazyLock::new(|| {
    reserved(
        RESERVED[0],
        "A comment that silences nothing",
        "A comment that silences nothing today may hide a sin tomorrow.",
        "Delete the comment, or the name in it that is not needed.",
    )
});

static STRAY_MARKER: LazyLock<Arc<Rule>> = LazyLock::new(|| {
    reserved(
        RESERVED[1],
        "A marker that the customer would read",
        "What stands here is sent as it is, and a note to Absolve is not for the customer.",
        "Take the marker out, and silence the sin in an [[override]] of absolve.toml.",
    )
});

static BROKEN_MARKER: LazyLock<Arc<Rule>> = LazyLock::new(|| {
    reserved(
        RESERVED[2],
        "A marker that cannot be read",
        "A marker that cannot be read silences nothing.",
        "Write `absolve-ignore SIN: reason` or `absolve-ignore-file SIN: reason`.",
    )
});

fn reserved(name: &str, title: &str, why: &str, instead: &str) -> Arc<Rule> {
    Arc::new(Rule {
        sin: name.to_owned(),
        language: "en".to_owned(),
        title: title.to_owned(),
        family: Family::Voice,
        severity: Severity::Warning,
        why: why.to_owned(),
        instead: instead.to_owned(),
        source: "Absolve".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sin: &str, start: usize, end: usize) -> Diagnostic {
        let rule = Arc::new(Rule { sin: sin.to_owned(), ..Rule::clone(&UNUSED_SUPPRESSION) });
        notice(&rule, Span::new(start, end), String::new())
    }

    fn comment(sins: &[&str], covers: (usize, usize)) -> Suppression {
        let sins = sins.iter().map(|&it| it.to_owned()).collect();
        Suppression { sins, reason: None, span: Span::default(), covers: Span::new(covers.0, covers.1) }
    }

    /// Diagnostics `sin start..end` and comments, against the sins that are kept and the claims that are unused.
    #[track_caller]
    fn check(diagnostics: &[Diagnostic], comments: &[Suppression], kept: &[&str], unused: &[Option<&str>]) {
        let settled = suppress(diagnostics.to_vec(), comments);
        assert_eq!(settled.kept.iter().map(|it| it.rule.sin.as_str()).collect::<Vec<_>>(), kept);
        assert_eq!(settled.unused.iter().map(|it| it.sin).collect::<Vec<_>>(), unused);
    }

    #[test]
    fn a_comment_silences_what_it_names_where_it_covers() {
        let findings = [found("a", 10, 20), found("b", 12, 15), found("a", 50, 60)];
        check(&findings, &[], &["a", "b", "a"], &[]);
        check(&findings, &[comment(&["a"], (5, 30))], &["b", "a"], &[]);
        check(&findings, &[comment(&[], (5, 30))], &["a"], &[]);
        check(&findings, &[comment(&["a", "b"], (0, 100))], &[], &[]);
    }

    #[test]
    fn what_silences_nothing_is_told() {
        let findings = [found("a", 10, 20)];
        check(&findings, &[comment(&["a", "b"], (0, 30))], &[], &[Some("b")]);
        check(&findings, &[comment(&["a"], (20, 30))], &["a"], &[Some("a")]);
        check(&findings, &[comment(&[], (20, 30))], &["a"], &[None]);
        // Two comments for the same words are both of use.
        check(&findings, &[comment(&["a"], (0, 30)), comment(&[], (0, 30))], &[], &[]);
    }

    #[test]
    fn a_sin_that_is_unknown_is_named() {
        let suppression = comment(&["nonsense"], (0, 3));
        let notice = unused_notice(&Unused { suppression: &suppression, sin: Some("nonsense") }, &RuleSet::default());
        assert_eq!(
            notice.map(|it| it.message).as_deref(),
            Some("no sin is named `nonsense`, so this comment silences nothing")
        );
    }
}
