//! The examples of rule files, run: the one judge for `cargo test`, for `absolve rules test`, and for a team's own rules.

use std::fmt;

use crate::{
    diagnostic::Diagnostic,
    document::Document,
    fix::fix,
    linter::Linter,
    rule_file::{Bad, RuleFile},
    rule_pack::{Entry, RuleError, RulePack},
};

/// An example that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// `en/inconvenience-apology/bad/3`.
    pub example: String,
    /// The rule's file.
    pub path: String,
    /// Where the example's text stands, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A bad text in which the rule found nothing.
    Missed(String),
    /// A good text in which a rule found something: the rule, the words.
    Noisy(String, String),
    /// Other words were flagged than the example says: expected, found.
    WrongSpan(Vec<String>, Vec<String>),
    /// The safe fixes make something else of the text: expected, found.
    WrongFix(String, String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Missed(text) => write!(f, "missed: “{text}”"),
            Reason::Noisy(rule, words) => write!(f, "noisy: {rule} flags “{words}”"),
            Reason::WrongSpan(expected, found) => write!(f, "wrong span: expected {expected:?}, found {found:?}"),
            Reason::WrongFix(expected, found) => write!(f, "wrong fix: expected “{expected}”, got “{found}”"),
        }
    }
}

impl From<&Failure> for RuleError {
    fn from(failure: &Failure) -> RuleError {
        let message = format!("{} — {}", failure.example, failure.reason);
        RuleError { path: failure.path.clone(), line: Some(failure.line), message }
    }
}

/// An example to run.
#[derive(Clone, Copy, Debug)]
pub struct Example<'a> {
    entry: &'a Entry<RuleFile>,
    kind: Kind,
    index: usize,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Bad,
    Good,
}

/// Every example of a pack, in order.
pub fn examples(pack: &RulePack) -> impl Iterator<Item = Example<'_>> {
    pack.rules.iter().flat_map(|entry| {
        let bad = (0..entry.content.bad.len()).map(move |index| Example { entry, kind: Kind::Bad, index });
        let good = (0..entry.content.good.len()).map(move |index| Example { entry, kind: Kind::Good, index });
        bad.chain(good)
    })
}

/// Runs every example of `pack`.
pub fn run(linter: &Linter, pack: &RulePack) -> Vec<Failure> {
    examples(pack).filter_map(|it| it.run(linter).err()).collect()
}

impl Example<'_> {
    /// `en/inconvenience-apology/bad/3`, counted from 1.
    pub fn name(&self) -> String {
        let kind = match self.kind {
            Kind::Bad => "bad",
            Kind::Good => "good",
        };
        format!("{}/{}/{kind}/{}", self.entry.language, self.entry.name, self.index + 1)
    }

    /// Its text.
    pub fn text(&self) -> &str {
        match self.kind {
            Kind::Bad => self.entry.content.bad[self.index].text.as_ref(),
            Kind::Good => self.entry.content.good[self.index].text.as_ref(),
        }
    }

    /// Whether it holds.
    pub fn run(&self, linter: &Linter) -> Result<(), Failure> {
        let document = Document::plain(self.text());
        let diagnostics = linter.lint(&document);
        let reason = match self.kind {
            Kind::Bad => self.run_bad(linter, &document, &diagnostics),
            Kind::Good => run_good(&document, &diagnostics),
        };
        reason.map_err(|reason| self.failure(reason))
    }

    fn run_bad(&self, linter: &Linter, document: &Document, diagnostics: &[Diagnostic]) -> Result<(), Reason> {
        let example: &Bad = &self.entry.content.bad[self.index];
        let is_ours = |it: &&Diagnostic| it.rule.sin == self.entry.name && it.rule.language == self.entry.language;
        let found: Vec<&str> = diagnostics.iter().filter(is_ours).map(|it| &document.text[it.span.range()]).collect();
        if found.is_empty() {
            return Err(Reason::Missed(document.text.clone()));
        }
        if let Some(finds) = &example.finds
            && finds.words() != found
        {
            return Err(Reason::WrongSpan(owned(&finds.words()), owned(&found)));
        }
        match &example.fixed {
            Some(expected) => check_fixed(linter, document, expected),
            None => Ok(()),
        }
    }

    fn failure(&self, reason: Reason) -> Failure {
        let content = &self.entry.content;
        let offset = match self.kind {
            Kind::Bad => content.bad[self.index].text.span().start,
            Kind::Good => content.good[self.index].text.span().start,
        };
        let line = self.entry.error_at(offset, "").line.unwrap_or(1);
        Failure { example: self.name(), path: self.entry.path.clone(), line, reason }
    }
}

fn run_good(document: &Document, diagnostics: &[Diagnostic]) -> Result<(), Reason> {
    match diagnostics.first() {
        None => Ok(()),
        Some(it) => {
            let rule = format!("{}/{}", it.rule.language, it.rule.sin);
            Err(Reason::Noisy(rule, document.text[it.span.range()].to_owned()))
        }
    }
}

fn check_fixed(linter: &Linter, document: &Document, expected: &str) -> Result<(), Reason> {
    let fixed = fix(linter, document).document.text;
    if fixed == expected { Ok(()) } else { Err(Reason::WrongFix(expected.to_owned(), fixed)) }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&it| it.to_owned()).collect()
}
