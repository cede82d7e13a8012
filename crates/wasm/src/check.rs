//! The findings of a text, as JavaScript wants them: places in units of UTF-16.

use absolve_core::{
    diagnostic::{self, Applicability, Diagnostic},
    document::{Document, ReadError},
    format::Format,
    line_index::Utf16Index,
    linter::Linter,
    span::Span,
    suppress,
};
use serde::Serialize;

/// What `absolve check` tells of a text.
#[derive(Serialize)]
pub struct Finding {
    rule: String,
    language: String,
    severity: &'static str,
    message: String,
    span: Span,
    fixes: Vec<Fix>,
}

#[derive(Serialize)]
struct Fix {
    title: String,
    applicability: Applicability,
    edits: Vec<PlacedEdit>,
}

#[derive(Serialize)]
struct PlacedEdit {
    span: Span,
    replacement: String,
}

/// The findings of `text`, in order.
pub fn findings(linter: &Linter, text: &str, format: &str) -> Result<Vec<Finding>, ReadError> {
    let document = Document::parse(text, named(format)?)?;
    let index = Utf16Index::new(&document.text);
    let told = suppress::settle(&document, linter.lint(&document), linter.rules());
    Ok(told.into_iter().map(|it| finding(&index, it)).collect())
}

fn named(format: &str) -> Result<Format, ReadError> {
    let known = || Format::ALL.map(Format::name).join("`, `");
    let unknown = || ReadError::new(None, format!("there is no format `{format}`; there are `{}`", known()));
    Format::from_name(format).ok_or_else(unknown)
}

fn finding(index: &Utf16Index, diagnostic: Diagnostic) -> Finding {
    Finding {
        rule: diagnostic.rule.sin.clone(),
        language: diagnostic.rule.language.clone(),
        severity: diagnostic.severity.name(),
        message: diagnostic.message,
        span: index.span(diagnostic.span),
        fixes: diagnostic.fixes.into_iter().map(|it| fix(index, it)).collect(),
    }
}

fn fix(index: &Utf16Index, fix: diagnostic::Fix) -> Fix {
    let edits = fix.edits.into_iter().map(|it| PlacedEdit { span: index.span(it.span), replacement: it.replacement });
    Fix { title: fix.title, applicability: fix.applicability, edits: edits.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, format: &str, expected: &[&str]) {
        let linter = Linter::new(absolve_rules::builtin());
        let units: Vec<u16> = text.encode_utf16().collect();
        let slice = |it: &Finding| String::from_utf16_lossy(&units[it.span.range()]);
        let found = findings(&linter, text, format).expect("it can be read");
        assert_eq!(found.iter().map(slice).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn places_are_units_of_utf_16() {
        check("👩‍👧 Désolés pour la gêne.", "text", &["Désolés pour la gêne"]);
        check("<p>👋 Sorry for the inconvenience.</p>", "html", &["Sorry for the inconvenience"]);
        check("👋 Your parcel left at noon.", "markdown", &[]);
    }

    #[test]
    fn an_unknown_format_is_told() {
        let error = findings(&Linter::new(absolve_rules::builtin()), "", "docx").err().expect("no format");
        assert!(error.message.contains("`docx`") && error.message.contains("`markdown`"), "{error}");
    }
}
