//! The report that a GitHub workflow turns into comments on a pull request.

use std::io::{self, Write};

use absolve_core::diagnostic::Severity;

use super::{Report, Summary};
use crate::place::{Finding, Findings};

/// Writes one workflow command per finding.
pub struct Github<W: Write> {
    out: W,
    left: usize,
}

impl<W: Write> Github<W> {
    /// Tells of `limit` findings at most.
    pub fn new(out: W, limit: usize) -> Github<W> {
        Github { out, left: limit }
    }
}

impl<W: Write> Report for Github<W> {
    fn file(&mut self, path: &str, findings: &Findings) -> io::Result<()> {
        for finding in findings.iter().take(self.left) {
            self.left -= 1;
            writeln!(self.out, "{}", command(path, &finding))?;
        }
        Ok(())
    }

    /// GitHub shows ten errors and ten warnings of a step; the log says how many there are.
    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        for problem in &summary.problems {
            let line = problem.place.map_or(String::new(), |it| format!(",line={}", it.0));
            writeln!(self.out, "::error file={}{line}::{}", property(&problem.path), data(&problem.message))?;
        }
        let (found, files) = (summary.n_findings, summary.n_files);
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        writeln!(self.out, "absolve: {found} finding{} in {files} file{}", plural(found), plural(files))?;
        self.out.flush()
    }
}

/// Columns are only for a finding on one line.
fn command(path: &str, finding: &Finding) -> String {
    let (start, end) = (finding.place.start, finding.place.end);
    let columns = match start.line == end.line {
        true => format!(",col={},endColumn={}", start.column, end.column),
        false => String::new(),
    };
    format!(
        "::{} file={},line={},endLine={}{columns},title={}::{}",
        level(finding.diagnostic.severity),
        property(path),
        start.line,
        end.line,
        property(&finding.diagnostic.rule.sin),
        data(&message(finding))
    )
}

fn message(finding: &Finding) -> String {
    let rule = &finding.diagnostic.rule;
    let title = finding.title.map_or(String::new(), |it| format!("[{it}] "));
    let words = super::words(&rule.language);
    let instead = super::better(finding);
    format!("{title}{}\n{}: {}\n{}: {instead}", finding.diagnostic.message, words.why, rule.why, words.instead)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "notice",
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("50 %\r\nof: a, b"), "50 %25%0D%0Aof: a, b");
        assert_eq!(property("a,b: c%.md"), "a%2Cb%3A c%25.md");
    }
}
