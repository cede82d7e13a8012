//! An entry of an editor's list of problems.

use absolve_core::{
    diagnostic::{Diagnostic, Edit, Severity},
    document::{Document, ReadError},
    fingerprint::Fingerprints,
    line_index::Position,
    rule::Rule,
    span::Span,
};
use serde_json::{Value, json};

use crate::{
    client::Extras,
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
    /// Whether the words can simply go.
    pub is_unnecessary: bool,
    /// Another place that matters, and what is there.
    pub related: Option<(Range, String)>,
}

/// Findings of one document that a list of problems shows at most. Editors show no more either.
pub const MOST: usize = 1000;

impl Notice {
    /// The first sins of a document; if there are more, it is said.
    pub fn all(
        diagnostics: &[Diagnostic],
        document: &Document,
        snapshot: &Snapshot,
        Extras { tags, related }: Extras,
    ) -> Vec<Notice> {
        let (mut ruler, mut item_ruler) = (Ruler::new(snapshot), Ruler::new(snapshot));
        let mut fingerprints = Fingerprints::new(&document.text);
        let mut notice = |it: &Diagnostic| Notice {
            is_unnecessary: tags && is_unnecessary(it, &document.text),
            related: related.then(|| macro_of(it, document, &mut item_ruler)).flatten(),
            ..Notice::at(ruler.range(it.span), it, fingerprints.of(it))
        };
        let mut notices: Vec<Notice> = diagnostics.iter().take(MOST).map(&mut notice).collect();
        if let (Some(last), n_more @ 1..) = (notices.last(), diagnostics.len().saturating_sub(MOST)) {
            let message = format!("{n_more} more findings follow; `absolve check` tells of them all");
            notices.push(Notice::plain("more", Severity::Info, last.range, message));
        }
        notices
    }

    fn at(range: Range, diagnostic: &Diagnostic, fingerprint: u64) -> Notice {
        let rule = &diagnostic.rule;
        let fingerprint = format!("{fingerprint:016x}");
        Notice {
            range,
            severity: diagnostic.severity,
            code: rule.sin.clone(),
            href: Some(href(rule)),
            message: format!("{} {}", diagnostic.message, rule.instead),
            data: Some(json!({"rule": format!("{}/{}", rule.language, rule.sin), "fingerprint": fingerprint})),
            is_unnecessary: false,
            related: None,
        }
    }

    /// A mistake of ours, in a rule or elsewhere. The whole file is meant.
    pub fn fault(rule: Option<&str>) -> Notice {
        let start = Position { line: 0, column: 0 };
        let message = fault(rule);
        Notice::plain("fault", Severity::Warning, Range { start, end: start }, message)
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
        Notice {
            range,
            severity,
            code: code.to_owned(),
            href: None,
            message,
            data: None,
            is_unnecessary: false,
            related: None,
        }
    }
}

/// The page of a rule: its file, which says what it is and shows examples.
pub fn href(rule: &Rule) -> String {
    format!("{}/blob/main/rules/{}/{}.toml", env!("CARGO_PKG_REPOSITORY"), rule.language, rule.sin)
}

/// What is said of a mistake of ours; never with a word of the text.
pub fn fault(rule: Option<&str>) -> String {
    match rule {
        Some(rule) => format!(
            "a fault in Absolve: its rule {rule} failed on this file and is off here until the file is opened again; \
             please report it"
        ),
        None => "a fault in Absolve: this file could not be checked; please report it".to_owned(),
    }
}

/// Whether the best that can be done with the flagged words is to take them out.
fn is_unnecessary(diagnostic: &Diagnostic, text: &str) -> bool {
    // The next word may get the capital.
    let is_gone = |it: &Edit| match it.replacement.chars().count() {
        0 => !it.span.is_empty(),
        1 => text[it.span.range()].to_lowercase().ends_with(&it.replacement.to_lowercase()),
        _ => false,
    };
    diagnostic.fixes.first().is_some_and(|it| !it.edits.is_empty() && it.edits.iter().all(is_gone))
}

/// The macro that a finding stands in, by its name: the one thing that tells where it is in an export of one line.
fn macro_of(diagnostic: &Diagnostic, document: &Document, ruler: &mut Ruler) -> Option<(Range, String)> {
    let item = document.items.get(diagnostic.item?)?;
    (!item.title.is_empty()).then(|| (ruler.range(item.span), item.title.clone()))
}
