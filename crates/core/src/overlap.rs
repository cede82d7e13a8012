//! Which findings stand when several want the same words.

use std::cmp::Reverse;

use crate::finding::Finding;

/// Settles the findings of one sentence, `findings[first..]`, and sorts them by span.
///
/// Of one sin, the longer finding stands. Of two sins on the very same words, the milder gives way; sins that matter
/// as much are both told, and so are sins on other words, a shorter one inside a longer one included.
pub(crate) fn settle(findings: &mut Vec<Finding>, first: usize) {
    if findings.len() <= first + 1 {
        return;
    }
    let mut rest = findings.split_off(first);
    rest.sort_by_key(|it| (Reverse(it.span.len()), Reverse(it.severity), it.span.start, it.rule, it.phrase));
    for finding in rest {
        let gives_way = |it: &Finding| {
            let same_sin = it.rule == finding.rule && it.span.overlaps(finding.span);
            same_sin || it.span == finding.span && it.severity > finding.severity
        };
        if !findings[first..].iter().any(gives_way) {
            findings.push(finding);
        }
    }
    findings[first..].sort_by_key(|it| (it.span, it.rule));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diagnostic::Severity, span::Span};

    /// Findings as `sin severity start..end`; the first character of a severity is enough.
    #[track_caller]
    fn check(given: &[(u32, Severity, usize, usize)], kept: &[(u32, usize, usize)]) {
        let finding = |&(rule, severity, start, end): &(u32, Severity, usize, usize)| Finding {
            phrase: 0,
            rule,
            severity,
            segment: 0,
            span: Span::new(start, end),
            sentence: Span::new(0, 100),
        };
        let mut findings: Vec<Finding> = given.iter().map(finding).collect();
        settle(&mut findings, 0);
        let found: Vec<_> = findings.iter().map(|it| (it.rule, it.span.start, it.span.end)).collect();
        assert_eq!(found, kept);
    }

    #[test]
    fn the_longer_and_more_severe_finding_wins() {
        use Severity::{Error, Info, Warning};
        // The same sin twice on the same words: the longer.
        check(&[(1, Error, 5, 20), (1, Error, 0, 30)], &[(1, 0, 30)]);
        check(&[(1, Error, 0, 10), (1, Error, 5, 30)], &[(1, 5, 30)]);
        // A milder sin on the same words.
        check(&[(1, Info, 0, 30), (2, Error, 0, 30)], &[(2, 0, 30)]);
        // Sins that matter as much, or one inside the other: both.
        check(&[(1, Error, 0, 30), (2, Error, 0, 30)], &[(1, 0, 30), (2, 0, 30)]);
        check(&[(1, Error, 0, 30), (2, Info, 5, 10)], &[(1, 0, 30), (2, 5, 10)]);
        check(&[(1, Error, 0, 30), (2, Error, 5, 10)], &[(1, 0, 30), (2, 5, 10)]);
        check(&[(1, Info, 0, 30), (2, Error, 5, 10)], &[(1, 0, 30), (2, 5, 10)]);
        // Other words: all, in order.
        check(&[(2, Info, 40, 50), (1, Error, 0, 30), (2, Warning, 25, 35)], &[(1, 0, 30), (2, 25, 35), (2, 40, 50)]);
    }
}
