//! Where a conversation stands: the reply as it is now, and what is still wrong with it.

use std::path::Path;

use absolve_core::{
    diagnostic::{Diagnostic, Edit, Fix, Severity, apply},
    document::Document,
    escape::Unwritable,
    fill,
    span::Span,
    suppress::RESERVED,
};

use crate::{excerpt::prose_offset, outcome::Outcome, project::Project};

/// A reply on its way to better words.
pub struct Session<'a> {
    project: &'a Project,
    path: &'a Path,
    /// The reply as it is now.
    pub document: Document,
    /// What is wrong with it, in order.
    pub findings: Vec<Diagnostic>,
    /// The finding that is looked at; those before it were skipped.
    pub at: usize,
    /// How often the reply was changed.
    pub n_changes: usize,
}

impl<'a> Session<'a> {
    /// Starts with the first finding.
    pub fn new(project: &'a Project, path: &'a Path, document: Document) -> Session<'a> {
        let findings = find(project, path, &document);
        Session { project, path, document, findings, at: 0, n_changes: 0 }
    }

    /// The finding that is looked at.
    pub fn current(&self) -> Option<&Diagnostic> {
        self.findings.get(self.at)
    }

    /// The better words that are offered for it.
    pub fn alternatives(&self) -> Vec<Fix> {
        self.current().map_or_else(Vec::new, |it| it.offered().into_iter().cloned().collect())
    }

    /// The language of most of what was found.
    pub fn language(&self) -> &'static str {
        let n_french = self.findings.iter().filter(|it| it.rule.language == "fr").count();
        if n_french * 2 > self.findings.len() { "fr" } else { "en" }
    }

    /// Leaves it as it is.
    pub fn skip(&mut self) {
        self.at += 1;
    }

    /// Changes the reply, and reads it again. What comes before the change stays skipped.
    pub fn apply(&mut self, edits: &[Edit]) -> Result<(), String> {
        let text = apply(&self.document.text, edits);
        let document = self.document.with_text(text).map_err(|it| it.message)?;
        document.encoding.encode(&document.text).map_err(|it| it.to_string())?;
        let start = edits.iter().map(|it| it.span.start).min().unwrap_or_default();
        self.findings = find(self.project, self.path, &document);
        self.at = self.findings.partition_point(|it| it.span.start < start).min(self.findings.len());
        self.document = document;
        self.n_changes += 1;
        Ok(())
    }

    /// The sentence of the finding, to be edited.
    pub fn sentence(&self) -> Option<Sentence> {
        let span = self.current()?.sentence;
        let segment = self.document.segments.iter().find(|it| it.span.contains(span))?;
        let prose = segment.text(&self.document.text);
        let start = prose_offset(segment, prose, span.start);
        let in_prose = Span::new(start, prose_offset(segment, prose, span.end));
        let is_plain = segment.is_whole(&self.document.text, in_prose);
        let words = if is_plain { &prose[in_prose.range()] } else { &self.document.text[span.range()] };
        Some(Sentence { span, words: words.to_owned(), is_source: !is_plain })
    }

    /// The edit that makes a sentence say `words`, or why it cannot.
    pub fn rewritten(&self, sentence: &Sentence, words: &str) -> Result<Edit, Unwritable> {
        match sentence.is_source {
            true => Ok(Edit { span: sentence.span, replacement: words.to_owned(), blanks: Vec::new() }),
            false => fill::edit(&self.document, sentence.span, words),
        }
    }

    /// Why better words for the finding can only be read, if that is so.
    pub fn unwritable(&self) -> Option<Unwritable> {
        fill::unwritable(&self.document, self.current()?)
    }

    /// An edit of a sentence, with the quotes that its place may need.
    pub fn enclosed(&self, edit: Edit) -> Vec<Edit> {
        let segment = self.document.segments.iter().find(|it| it.span.contains(edit.span));
        let mut edits = vec![edit];
        if let Some(segment) = segment {
            segment.escape.enclose(&self.document.text, &mut edits);
        }
        edits
    }

    /// How it ended: whether a deadly sin is left.
    pub fn outcome(&self) -> Outcome {
        let is_left = self.findings.iter().any(|it| it.severity >= Severity::Error);
        if is_left { Outcome::Findings } else { Outcome::Clean }
    }
}

/// A sentence that an author may write anew. With markup inside, it is its source.
pub struct Sentence {
    span: Span,
    /// What it says.
    pub words: String,
    /// Whether it has markup inside.
    is_source: bool,
}

/// The sins of a reply. What is wrong with comments is not about its words.
pub fn find(project: &Project, path: &Path, document: &Document) -> Vec<Diagnostic> {
    let mut findings = project.lint(path, document);
    findings.retain(|it| !RESERVED.contains(&it.rule.sin.as_str()));
    findings
}
