//! An entry of an editor's list of problems.

use absolve_core::{
    diagnostic::{Diagnostic, Severity},
    document::ReadError,
    rule::Rule,
    span::Span,
};
use serde_json::{Value, json};

use crate::{
    position::{Range, Ruler, Snapshot},
    project::Problem,
};

/// An entry of an editor's list of problems.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Where.
    pub range: Range,
    /// How much it matters.
    pub severity: Severity,
    /// The sin, or what kind of problem it is.
    pub code: String,
    /// A page about it.
    pub href: Option<String>,
    /// For the writer.
    pub message: String,
    /// For programs.
    pub data: Option<Value>,
}

impl Notice {
    /// Every sin of a document.
    pub fn all(diagnostics: &[Diagnostic], snapshot: &Snapshot) -> Vec<Notice> {
        let mut ruler = Ruler::new(snapshot);
        diagnostics.iter().map(|it| Notice::at(ruler.range(it.span), it)).collect()
    }

    /// A sin.
    pub fn of(diagnostic: &Diagnostic, snapshot: &Snapshot) -> Notice {
        Notice::at(snapshot.range(diagnostic.span), diagnostic)
    }

    fn at(range: Range, diagnostic: &Diagnostic) -> Notice {
        let rule = &diagnostic.rule;
        Notice {
            range,
            severity: diagnostic.severity,
            code: rule.sin.clone(),
            href: Some(href(rule)),
            message: format!("{} {}", diagnostic.message, rule.instead),
            data: Some(json!({"rule": format!("{}/{}", rule.language, rule.sin)})),
        }
    }

    /// A document that cannot be read as what it seems to be.
    pub fn unreadable(error: &ReadError, snapshot: &Snapshot) -> Notice {
        let at = error.offset.unwrap_or_default().min(snapshot.text.len());
        Notice::plain("unreadable", Severity::Info, snapshot.range(Span::new(at, at)), error.message.clone())
    }

    /// A problem with a configuration or rule file; on its line, if the text is known.
    pub fn problem(problem: &Problem, snapshot: &Snapshot) -> Notice {
        let line = problem.line.map_or(0, |it| it.saturating_sub(1));
        Notice::plain("broken", Severity::Error, snapshot.line_range(line), problem.message.clone())
    }

    /// Something with neither page nor data.
    pub fn plain(code: &str, severity: Severity, range: Range, message: String) -> Notice {
        Notice { range, severity, code: code.to_owned(), href: None, message, data: None }
    }
}

/// The page of a rule: its file, which says what it is and shows examples.
pub fn href(rule: &Rule) -> String {
    format!("{}/blob/main/rules/{}/{}.toml", env!("CARGO_PKG_REPOSITORY"), rule.language, rule.sin)
}
