//! What was found in all files together.

use std::collections::BTreeMap;

use absolve_core::diagnostic::{Diagnostic, Severity};

use super::{Words, words};
use crate::{args::FailOn, outcome::Outcome, problem::Problem};

/// What was found in all files together.
#[derive(Debug, Default)]
pub struct Summary {
    /// Files that could be read.
    pub n_files: usize,
    /// Runs of prose in them.
    pub n_segments: usize,
    /// Findings.
    pub n_findings: usize,
    /// How many of each; what was not found is not there.
    pub by_severity: BTreeMap<Severity, usize>,
    /// By name.
    pub by_sin: BTreeMap<String, Tally>,
    /// Files with findings, as they came.
    pub by_file: Vec<(String, Tally)>,
    /// By code.
    pub by_language: BTreeMap<String, usize>,
    /// Findings that the baseline knows of, if there is one.
    pub n_known: Option<usize>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// How often, and how grave at worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How often.
    pub count: usize,
    /// The gravest.
    pub worst: Severity,
}

impl Summary {
    /// Adds a file.
    pub fn add<'a>(&mut self, path: &str, diagnostics: impl Iterator<Item = &'a Diagnostic>) {
        self.n_files += 1;
        let mut of_file: Option<Tally> = None;
        for diagnostic in diagnostics {
            let (rule, severity) = (&diagnostic.rule, diagnostic.severity);
            self.n_findings += 1;
            *self.by_severity.entry(severity).or_default() += 1;
            *self.by_language.entry(rule.language.clone()).or_default() += 1;
            let tally = self.by_sin.entry(rule.sin.clone()).or_insert(Tally { count: 0, worst: severity });
            tally.add(severity);
            of_file.get_or_insert(Tally { count: 0, worst: severity }).add(severity);
        }
        self.by_file.extend(of_file.map(|it| (path.to_owned(), it)));
    }

    /// The language to tell of it in: French where all that was found is.
    pub fn language(&self) -> &'static str {
        if self.by_language.keys().eq(["fr"]) { "fr" } else { "en" }
    }

    /// The words to tell of it with.
    pub fn words(&self) -> &'static Words {
        words(self.language())
    }

    /// How the run went, if findings as grave as `fail_on` fail it.
    pub fn outcome(&self, fail_on: FailOn) -> Outcome {
        let fails = |it| fail_on.threshold().is_some_and(|threshold| it >= threshold);
        if !self.problems.is_empty() {
            Outcome::Failed
        } else if self.by_severity.iter().any(|it| fails(*it.0)) {
            Outcome::Findings
        } else {
            Outcome::Clean
        }
    }

    /// The sins, most frequent first.
    pub fn sins(&self) -> Vec<(&str, Tally)> {
        let mut sins: Vec<(&str, Tally)> = self.by_sin.iter().map(|it| (it.0.as_str(), *it.1)).collect();
        sins.sort_by_key(|it| std::cmp::Reverse((it.1.count, it.1.worst)));
        sins
    }

    /// The files, worst first.
    pub fn worst_files(&self) -> Vec<(&str, Tally)> {
        let mut files: Vec<(&str, Tally)> = self.by_file.iter().map(|it| (it.0.as_str(), it.1)).collect();
        files.sort_by_key(|it| std::cmp::Reverse((it.1.count, it.1.worst)));
        files
    }
}

impl Tally {
    fn add(&mut self, severity: Severity) {
        self.count += 1;
        self.worst = self.worst.max(severity);
    }
}
