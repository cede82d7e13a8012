//! How well rules do on replies that a person has labelled: precision and recall, per sin and per sentence.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use crate::{
    diagnostic::{Diagnostic, Severity},
    document::Document,
    fold::fold_str,
    linter::Linter,
    span::Span,
};

/// A reply with what a person found in it.
#[derive(Clone, Debug)]
pub struct LabelledReply {
    /// The reply.
    pub text: String,
    /// Its sentences, in order, as the labeller saw them.
    pub sentences: Vec<Sentence>,
}

/// A sentence of a labelled reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sentence {
    /// Its words.
    pub text: String,
    /// The sins it commits.
    pub firm: BTreeSet<String>,
    /// Sins on which careful editors differ: counted neither way.
    pub debatable: BTreeSet<String>,
}

/// What is wrong with a file of labels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelError {
    /// Whether it is in the file of labels, not in that of replies.
    pub in_labels: bool,
    /// Counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for LabelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// Reads replies, one JSON object a line: `{"n": 1, "text": "…", "sentences": ["…", …]}`; and their labels, one sentence
/// a line: `n.k<TAB>sin[,sin?]<TAB>the words`, where `k` counts the sentences of reply `n` from 1 and `?` marks a sin on
/// which editors differ. What follows the second tab is for people.
pub fn read(replies: &str, labels: &str) -> Result<Vec<LabelledReply>, LabelError> {
    let mut labels = read_labels(labels)?;
    let mut read = Vec::new();
    for (line, row) in (1..).zip(replies.lines()).filter(|it| !it.1.trim().is_empty()) {
        let row: Row =
            serde_json::from_str(row).map_err(|it| LabelError { in_labels: false, line, message: it.to_string() })?;
        let sentence = |(k, text): (usize, String)| {
            let (firm, debatable) = labels.remove(&(row.n, k)).map(|it| it.1).unwrap_or_default();
            Sentence { text, firm, debatable }
        };
        read.push(LabelledReply { text: row.text, sentences: (1..).zip(row.sentences).map(sentence).collect() });
    }
    match labels.into_iter().min_by_key(|it| it.1.0) {
        None => Ok(read),
        Some(((n, k), (line, _))) => {
            let message = format!("there is no sentence {k} of a reply {n}");
            Err(LabelError { in_labels: true, line, message })
        }
    }
}

#[derive(Deserialize)]
struct Row {
    n: u64,
    text: String,
    sentences: Vec<String>,
}

/// By reply and sentence: the line, and the sins, firm and debatable.
type Labels = FxHashMap<(u64, usize), (usize, (BTreeSet<String>, BTreeSet<String>))>;

fn read_labels(labels: &str) -> Result<Labels, LabelError> {
    let mut read = Labels::default();
    for (line, row) in (1..).zip(labels.lines()).filter(|it| !it.1.trim().is_empty()) {
        let wrong = |message: &str| LabelError { in_labels: true, line, message: message.to_owned() };
        let mut fields = row.split('\t');
        let place = fields.next().and_then(|it| it.split_once('.'));
        let place = place.and_then(|(n, k)| Some((n.parse().ok()?, k.parse().ok()?)));
        let place = place.ok_or_else(|| wrong("start with the reply and the sentence, as in `12.3`"))?;
        let sins = fields.next().ok_or_else(|| wrong("write a tab and the sins after the sentence's number"))?;
        let (debatable, firm): (Vec<&str>, Vec<&str>) =
            sins.split(',').map(str::trim).filter(|it| !it.is_empty()).partition(|it| it.ends_with('?'));
        let firm = firm.into_iter().map(str::to_owned).collect();
        let debatable = debatable.into_iter().map(|it| it.trim_end_matches('?').to_owned()).collect();
        read.insert(place, (line, (firm, debatable)));
    }
    Ok(read)
}

/// How often the rules were right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Found, and labelled.
    pub right: usize,
    /// Found, and not labelled.
    pub noise: usize,
    /// Labelled, and not found.
    pub missed: usize,
}

impl Tally {
    /// The share of findings that are right, 0 to 1.
    pub fn precision(self) -> f64 {
        share(self.right, self.noise)
    }

    /// The share of labels that were found, 0 to 1.
    pub fn recall(self) -> f64 {
        share(self.right, self.missed)
    }
}

fn share(right: usize, wrong: usize) -> f64 {
    right as f64 / (right + wrong).max(1) as f64
}

/// How well rules did.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// The right sin on the right sentence.
    pub sin: Tally,
    /// The same, repeated sentences counted once.
    pub distinct_sin: Tally,
    /// Some sin on a sentence that has one.
    pub sentence: Tally,
    /// The same, repeated sentences counted once.
    pub distinct_sentence: Tally,
    /// By sin.
    pub per_sin: BTreeMap<String, Tally>,
    /// Sins that were not found, with their sentence.
    pub misses: BTreeSet<(String, String)>,
    /// Sins that were found and are not labelled, with their sentence.
    pub noise: BTreeSet<(String, String)>,
}

/// Measures `linter` on labelled replies; findings below `floor` do not count.
pub fn score(linter: &Linter, replies: &[LabelledReply], floor: Severity) -> Score {
    let mut score = Score::default();
    let mut seen = FxHashSet::default();
    for reply in replies {
        let diagnostics = linter.lint_without_fixes(&Document::plain(&*reply.text));
        let found = by_sentence(reply, diagnostics.iter().filter(|it| it.severity >= floor));
        for (sentence, found) in reply.sentences.iter().zip(found) {
            let words: String = sentence.text.chars().filter(|it| !it.is_numeric()).collect();
            let is_new = seen.insert(fold_str(&words));
            score.count(sentence, &found, is_new);
        }
    }
    score
}

impl Score {
    fn count(&mut self, sentence: &Sentence, found: &BTreeSet<String>, is_new: bool) {
        let mut note = |sin: &str, change: fn(&mut Tally)| {
            change(&mut self.sin);
            change(self.per_sin.entry(sin.to_owned()).or_default());
            if is_new {
                change(&mut self.distinct_sin);
            }
        };
        for sin in found {
            if sentence.firm.contains(sin) {
                note(sin, |it| it.right += 1);
            } else if !sentence.debatable.contains(sin) {
                note(sin, |it| it.noise += 1);
                self.noise.insert((sin.clone(), sentence.text.clone()));
            }
        }
        for sin in sentence.firm.difference(found) {
            note(sin, |it| it.missed += 1);
            self.misses.insert((sin.clone(), sentence.text.clone()));
        }
        let change: fn(&mut Tally) = match (sentence.firm.is_empty(), found.is_empty()) {
            (false, false) => |it| it.right += 1,
            (false, true) => |it| it.missed += 1,
            (true, false) if sentence.debatable.is_empty() => |it| it.noise += 1,
            _ => return,
        };
        change(&mut self.sentence);
        if is_new {
            change(&mut self.distinct_sentence);
        }
    }
}

/// The sins found in each sentence of a reply. A diagnostic belongs to the sentence it overlaps most.
fn by_sentence<'a>(reply: &LabelledReply, found: impl Iterator<Item = &'a Diagnostic>) -> Vec<BTreeSet<String>> {
    let spans = sentence_spans(reply);
    let mut sins = vec![BTreeSet::new(); spans.len()];
    for diagnostic in found {
        let overlap = |it: &Span| it.end.min(diagnostic.span.end).saturating_sub(it.start.max(diagnostic.span.start));
        let best = (0..spans.len()).max_by_key(|&it| (overlap(&spans[it]), std::cmp::Reverse(it)));
        if let Some(best) = best.filter(|&it| overlap(&spans[it]) > 0) {
            sins[best].insert(diagnostic.rule.sin.clone());
        }
    }
    sins
}

fn sentence_spans(reply: &LabelledReply) -> Vec<Span> {
    let mut at = 0;
    let span = |sentence: &Sentence| {
        let start = reply.text[at..].find(&sentence.text).map_or(at, |it| at + it);
        at = (start + sentence.text.len()).min(reply.text.len());
        Span::new(start.min(at), at)
    };
    reply.sentences.iter().map(span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{rule_pack::RulePack, rule_set::RuleSet};

    const RULE: &str = "title='t'\nfamily='voice'\nseverity='error'\nwhy='w'\ninstead='i'\nsource='s'\nmessage='m'\n\
                        [[phrase]]\nfind=['sorry']\n[[bad]]\ntext='Sorry.'\n[[good]]\ntext='Hi.'";
    const REPLIES: &str = r#"{"n":1,"text":"Sorry 1. Hello. Pardon.","sentences":["Sorry 1.","Hello.","Pardon."]}
{"n":2,"text":"Sorry 2. So sorry!","sentences":["Sorry 2.","So sorry!"]}"#;

    fn linter() -> Linter {
        let pack = RulePack::parse([("en/regret.toml", RULE)]).expect("right");
        Linter::new(RuleSet::default().with(&pack).expect("right"))
    }

    #[test]
    fn findings_are_held_against_labels() {
        let replies = read(REPLIES, "1.1\tregret\tSorry\n1.3\tregret\n2.1\tregret,other?\n").expect("right");
        let score = score(&linter(), &replies, Severity::Hint);
        assert_eq!(score.sin, Tally { right: 2, noise: 1, missed: 1 });
        assert_eq!(score.distinct_sin, Tally { right: 1, noise: 1, missed: 1 });
        assert_eq!(score.sentence, Tally { right: 2, noise: 1, missed: 1 });
        assert_eq!(score.misses.into_iter().collect::<Vec<_>>(), [("regret".to_owned(), "Pardon.".to_owned())]);
        assert_eq!(score.noise.into_iter().collect::<Vec<_>>(), [("regret".to_owned(), "So sorry!".to_owned())]);
        assert_eq!((score.sin.precision(), score.sin.recall()), (2.0 / 3.0, 2.0 / 3.0));
    }

    #[test]
    fn debatable_labels_count_neither_way() {
        let replies = read(REPLIES, "1.1\tregret?\n2.1\tregret?\n2.2\tregret?").expect("right");
        assert_eq!(score(&linter(), &replies, Severity::Hint).sin, Tally::default());
    }

    #[track_caller]
    fn check_error(replies: &str, labels: &str, expected: &str) {
        assert_eq!(read(replies, labels).map(|_| ()).map_err(|it| it.to_string()), Err(expected.to_owned()));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        check_error(REPLIES, "1.1\tregret\n\n9.9\tregret", "line 3: there is no sentence 9 of a reply 9");
        check_error(REPLIES, "one\tregret", "line 1: start with the reply and the sentence, as in `12.3`");
        check_error(REPLIES, "1.1", "line 1: write a tab and the sins after the sentence's number");
        assert!(read("{", "").is_err());
    }
}
