//! What was found in all files together.

use std::collections::BTreeMap;

use absolve_core::diagnostic::Severity;

use crate::{place::Checked, problem::Problem};

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
    pub fn add(&mut self, file: &Checked) {
        self.n_files += 1;
        self.n_findings += file.findings.len();
        let mut of_file: Option<Tally> = None;
        for finding in &file.findings {
            let (rule, severity) = (&finding.diagnostic.rule, finding.diagnostic.severity);
            *self.by_severity.entry(severity).or_default() += 1;
            *self.by_language.entry(rule.language.clone()).or_default() += 1;
            let tally = self.by_sin.entry(rule.sin.clone()).or_insert(Tally { count: 0, worst: severity });
            tally.add(severity);
            of_file.get_or_insert(Tally { count: 0, worst: severity }).add(severity);
        }
        self.by_file.extend(of_file.map(|it| (file.path.clone(), it)));
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
