//! The report that GitLab shows beside a merge request: Code Quality.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use absolve_core::{diagnostic::Severity, fingerprint::fingerprint};
use serde_json::{Value, json};

use super::{Report, Summary};
use crate::{
    place::{Finding, Findings},
    problem::Problem,
};

/// Writes each finding as it comes.
pub struct Gitlab<W: Write> {
    out: W,
    left: usize,
    has_begun: bool,
}

impl<W: Write> Gitlab<W> {
    /// Tells of `limit` findings at most.
    pub fn new(out: W, limit: usize) -> Gitlab<W> {
        Gitlab { out, left: limit, has_begun: false }
    }

    fn issue(&mut self, issue: &Value) -> io::Result<()> {
        let before = if std::mem::replace(&mut self.has_begun, true) { ",\n" } else { "[\n" };
        self.out.write_all(before.as_bytes())?;
        Ok(serde_json::to_writer(&mut self.out, issue)?)
    }
}

impl<W: Write> Report for Gitlab<W> {
    fn file(&mut self, path: &str, findings: &Findings) -> io::Result<()> {
        let mut seen = BTreeMap::new();
        for finding in findings.iter().take(self.left) {
            let nth = seen.entry((finding.title, finding.fingerprint())).and_modify(|it| *it += 1).or_insert(1);
            self.issue(&issue(path, &finding, *nth))?;
            self.left -= 1;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        summary.problems.iter().try_for_each(|it| self.issue(&of_problem(it)))?;
        let end = if self.has_begun { "\n]\n" } else { "[]\n" };
        self.out.write_all(end.as_bytes())?;
        self.out.flush()
    }
}

/// GitLab shows no rule's name, so the description starts with it.
fn issue(path: &str, finding: &Finding, nth: usize) -> Value {
    let Finding { diagnostic, title, place, .. } = finding;
    let sin = &diagnostic.rule.sin;
    let of_macro = title.as_ref().map_or(String::new(), |it| format!(" [{it}]"));
    let sentence = format!("{:016x}:{nth}", finding.fingerprint());
    let id = fingerprint(&[path, title.unwrap_or_default(), &sentence]);
    json!({
        "description": format!("{sin}{of_macro}: {}", diagnostic.message),
        "check_name": sin,
        "fingerprint": format!("{id:016x}"),
        "severity": severity(diagnostic.severity),
        "location": { "path": path, "lines": { "begin": place.start.line, "end": place.end.line } },
    })
}

/// A file that could not be read was not checked: that must not look like a clean one.
fn of_problem(problem: &Problem) -> Value {
    let line = problem.place.map_or(1, |it| it.0);
    json!({
        "description": format!("unreadable: {}", problem.message),
        "check_name": "unreadable",
        "fingerprint": format!("{:016x}", fingerprint(&["unreadable", &problem.path, &problem.message])),
        "severity": "blocker",
        "location": { "path": problem.path, "lines": { "begin": line } },
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Info => "minor",
        Severity::Hint => "info",
    }
}
