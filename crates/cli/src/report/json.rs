//! The report for scripts. Its shape is a promise: what is there stays; more may come.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use absolve_core::{diagnostic::Applicability, span::Span};
use serde::Serialize;

use super::{Report, Summary};
use crate::place::{Finding, Findings, PlacedFix, Point};

/// Writes each file as it comes.
pub struct Json<W: Write> {
    out: W,
    left: usize,
    n_files: usize,
}

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    rule: &'a str,
    language: &'a str,
    severity: &'a str,
    message: &'a str,
    span: Span,
    start: JsonPoint,
    end: JsonPoint,
    #[serde(rename = "macro", skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<&'a str>,
    fixes: Vec<JsonFix<'a>>,
}

#[derive(Serialize)]
struct JsonPoint {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct JsonFix<'a> {
    title: &'a str,
    applicability: Applicability,
    edits: Vec<JsonEdit<'a>>,
}

#[derive(Serialize)]
struct JsonEdit<'a> {
    span: Span,
    replacement: &'a str,
}

#[derive(Serialize)]
struct JsonSummary<'a> {
    files: usize,
    diagnostics: usize,
    by_severity: BTreeMap<&'a str, usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<usize>,
}

impl<W: Write> Json<W> {
    /// Tells of `limit` findings at most.
    pub fn new(out: W, limit: usize) -> Json<W> {
        Json { out, left: limit, n_files: 0 }
    }
}

impl<W: Write> Report for Json<W> {
    fn file(&mut self, path: &str, findings: &Findings) -> io::Result<()> {
        let before = if self.n_files == 0 { "{\"version\":1,\"files\":[\n" } else { ",\n" };
        self.n_files += 1;
        write!(self.out, "{before}{{\"path\":{},\"diagnostics\":[", serde_json::to_string(path)?)?;
        for (nth, finding) in findings.iter().take(self.left).enumerate() {
            self.out.write_all(if nth == 0 { b"" } else { b"," })?;
            let fixes = finding.fixes();
            serde_json::to_writer(&mut self.out, &diagnostic(&finding, &fixes))?;
            self.left -= 1;
        }
        self.out.write_all(b"]}")
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        if self.n_files == 0 {
            self.out.write_all(b"{\"version\":1,\"files\":[")?;
        }
        let by_severity = summary.by_severity.iter().map(|it| (it.0.name(), *it.1)).collect();
        let Summary { n_files: files, n_findings: diagnostics, n_known: known, .. } = *summary;
        let summary = JsonSummary { files, diagnostics, by_severity, known };
        self.out.write_all(b"\n],\"summary\":")?;
        serde_json::to_writer(&mut self.out, &summary)?;
        self.out.write_all(b"}\n")?;
        self.out.flush()
    }
}

fn diagnostic<'a>(finding: &Finding<'a, '_>, fixes: &'a [PlacedFix]) -> JsonDiagnostic<'a> {
    let Finding { diagnostic, place, title, locale, .. } = *finding;
    JsonDiagnostic {
        rule: &diagnostic.rule.sin,
        language: &diagnostic.rule.language,
        severity: diagnostic.severity.name(),
        message: &diagnostic.message,
        span: place.bytes,
        start: point(place.start),
        end: point(place.end),
        title,
        locale,
        fixes: fixes.iter().map(fix).collect(),
    }
}

fn fix(fix: &PlacedFix) -> JsonFix<'_> {
    let edits = fix.edits.iter().map(|(place, replacement)| JsonEdit { span: place.bytes, replacement }).collect();
    JsonFix { title: &fix.title, applicability: fix.applicability, edits }
}

fn point(point: Point) -> JsonPoint {
    JsonPoint { line: point.line, column: point.column }
}
