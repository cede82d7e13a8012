//! The report for CI servers that show tests: JUnit's XML. A file is a suite, a finding a test.

use std::io::{self, Write};

use absolve_core::diagnostic::Severity;

use super::{Report, Summary, markup::escape};
use crate::place::{Finding, Findings};

/// Writes each file as it comes.
pub struct Junit<W: Write> {
    out: W,
    left: usize,
    /// The mildest finding that is a failure.
    threshold: Option<Severity>,
    has_begun: bool,
}

impl<W: Write> Junit<W> {
    /// Tells of `limit` findings at most. Those that fail the run are failures, milder ones tests that passed.
    pub fn new(out: W, limit: usize, threshold: Option<Severity>) -> Junit<W> {
        Junit { out, left: limit, threshold, has_begun: false }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.has_begun, true) {
            writeln!(self.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"absolve\">")?;
        }
        Ok(())
    }

    fn suite(&mut self, name: &str, (tests, failures, errors): (usize, usize, usize)) -> io::Result<()> {
        let name = escape(name);
        writeln!(
            self.out,
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"0\">"
        )
    }

    fn fails(&self, finding: &Finding) -> bool {
        self.threshold.is_some_and(|it| finding.diagnostic.severity >= it)
    }

    fn case(&mut self, path: &str, finding: &Finding) -> io::Result<()> {
        let (file, name, line) = (escape(path), escape(&name(finding)), finding.place.start.line);
        let severity = finding.diagnostic.severity.name();
        let (message, text) = (escape(&finding.diagnostic.message), escape(&text(path, finding)));
        writeln!(self.out, "    <testcase classname=\"{file}\" name=\"{name}\" file=\"{file}\" line=\"{line}\">")?;
        match self.fails(finding) {
            true => {
                writeln!(self.out, "      <failure type=\"{severity}\" message=\"{message}\">{text}</failure>")?;
            }
            false => writeln!(self.out, "      <system-out>{severity}: {message}&#10;{text}</system-out>")?,
        }
        writeln!(self.out, "    </testcase>")
    }
}

impl<W: Write> Report for Junit<W> {
    fn file(&mut self, path: &str, findings: &Findings) -> io::Result<()> {
        self.begin()?;
        let findings: Vec<Finding> = findings.iter().take(self.left).collect();
        self.left -= findings.len();
        let n_failures = findings.iter().filter(|it| self.fails(it)).count();
        self.suite(path, (findings.len().max(1), n_failures, 0))?;
        if findings.is_empty() {
            writeln!(self.out, "    <testcase classname=\"{}\" name=\"no sins\"/>", escape(path))?;
        }
        findings.iter().try_for_each(|it| self.case(path, it))?;
        writeln!(self.out, "  </testsuite>")
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.begin()?;
        for problem in &summary.problems {
            let (path, message) = (escape(&problem.path), escape(&problem.to_string()));
            self.suite(&problem.path, (1, 0, 1))?;
            writeln!(self.out, "    <testcase classname=\"{path}\" name=\"can be read\">")?;
            writeln!(self.out, "      <error type=\"problem\" message=\"{message}\"/>")?;
            writeln!(self.out, "    </testcase>\n  </testsuite>")?;
        }
        writeln!(self.out, "</testsuites>")?;
        self.out.flush()
    }
}

/// The same wherever it stands in its file, so that a server can say which ones are new.
fn name(finding: &Finding) -> String {
    let title = finding.title.map_or(String::new(), |it| format!("{it} · "));
    format!("{title}{}: {}", finding.diagnostic.rule.sin, finding.diagnostic.message)
}

fn text(path: &str, finding: &Finding) -> String {
    let rule = &finding.diagnostic.rule;
    let (words, place) = (super::words(&rule.language), finding.place.start);
    let better = super::better(finding);
    format!("{path}:{}:{}\n{}: {}\n{}: {better}", place.line, place.column, words.why, rule.why, words.instead)
}
