//! The findings of a reply with their alternatives, as data for editors and hooks. The shape is a promise.

use std::io::{self, Write};

use absolve_core::{
    diagnostic::{Applicability, Diagnostic, Fix},
    document::Document,
    fill,
    span::Span,
};
use anyhow::Result;
use serde::Serialize;

use super::session::find;
use crate::{job::Job, outcome::Outcome};

#[derive(Serialize)]
struct Reply<'a> {
    version: u32,
    path: &'a str,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    sin: &'a str,
    language: &'a str,
    severity: &'a str,
    message: &'a str,
    /// Bytes of the file.
    span: Span,
    /// Bytes of the file.
    sentence_span: Span,
    sentence: &'a str,
    why: &'a str,
    instead: &'a str,
    #[serde(rename = "macro", skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    alternatives: Vec<Alternative>,
}

#[derive(Serialize)]
struct Alternative {
    text: String,
    applicability: Applicability,
    /// What its blanks ask for, each once.
    slots: Vec<String>,
    edits: Vec<PlacedEdit>,
}

/// An edit of the file on disk; blanks are bytes of `replacement`.
#[derive(Serialize)]
struct PlacedEdit {
    span: Span,
    replacement: String,
    blanks: Vec<Span>,
}

/// Writes them to stdout. What was found is no failure here: the reader decides.
pub fn write(job: &Job, document: &Document) -> Result<Outcome> {
    let findings = find(&job.project, &job.input.path, document);
    let findings = findings.iter().map(|it| finding(document, it)).collect();
    let reply = Reply { version: 1, path: &job.input.shown, findings };
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, &reply)?;
    writeln!(out)?;
    Ok(Outcome::Clean)
}

fn finding<'a>(document: &'a Document, diagnostic: &'a Diagnostic) -> Finding<'a> {
    let rule = &diagnostic.rule;
    Finding {
        sin: &rule.sin,
        language: &rule.language,
        severity: diagnostic.severity.name(),
        message: &diagnostic.message,
        span: document.file_span(diagnostic.span),
        sentence_span: document.file_span(diagnostic.sentence),
        sentence: &document.text[diagnostic.sentence.range()],
        why: &rule.why,
        instead: &rule.instead,
        title: diagnostic.item.and_then(|it| document.items.get(it)).map(|it| it.title.as_str()),
        alternatives: diagnostic.offered().into_iter().map(|it| alternative(document, it)).collect(),
    }
}

fn alternative(document: &Document, fix: &Fix) -> Alternative {
    let edits = fix.edits.iter().map(|it| PlacedEdit {
        span: document.file_span(it.span),
        replacement: it.replacement.clone(),
        blanks: it.blanks.clone(),
    });
    Alternative {
        text: fix.title.clone(),
        applicability: fix.applicability,
        slots: fill::blanks(fix).into_iter().map(str::to_owned).collect(),
        edits: edits.collect(),
    }
}
