//! What was found, told: one file per format.

mod github;
mod gitlab;
mod html;
mod human;
mod json;
mod junit;
mod markup;
mod sarif;
mod summary;
pub mod table;
mod words;

use std::{io, sync::Arc};

use absolve_core::rule::Rule;

use crate::{
    args::{Check, ReportFormat},
    place::{Finding, Findings, PlacedFix},
};
pub use summary::Summary;
pub use words::{Words, words};

/// Tells what was found, file by file.
pub trait Report {
    /// Tells of a file.
    fn file(&mut self, path: &str, findings: &Findings) -> io::Result<()>;

    /// Tells of all files together.
    fn finish(&mut self, summary: &Summary) -> io::Result<()>;
}

/// The report that the command line asks for; `rules` are those that ran.
pub fn of(args: &Check, rules: Vec<Arc<Rule>>) -> Box<dyn Report> {
    let limit = args.limit.unwrap_or(usize::MAX);
    let out = io::BufWriter::with_capacity(1 << 16, io::stdout());
    match args.format {
        ReportFormat::Human => Box::new(human::Human::new(args.limit.unwrap_or(human::LIMIT))),
        ReportFormat::Json => Box::new(json::Json::new(out, limit)),
        ReportFormat::Github => Box::new(github::Github::new(out, limit)),
        ReportFormat::Gitlab => Box::new(gitlab::Gitlab::new(out, limit)),
        ReportFormat::Junit => Box::new(junit::Junit::new(out, limit, args.fail_on.threshold())),
        ReportFormat::Html => Box::new(html::Html::new(out, limit)),
        ReportFormat::Sarif => Box::new(sarif::Sarif::new(out, limit, rules)),
    }
}

/// The report that tells nothing.
pub fn none() -> Box<dyn Report> {
    Box::new(Silence)
}

struct Silence;

impl Report for Silence {
    fn file(&mut self, _: &str, _: &Findings) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}

/// The first alternative that has words, or the rule's advice.
fn better(finding: &Finding) -> String {
    let has_words = |it: &PlacedFix| it.edits.iter().any(|edit| !edit.1.trim().is_empty());
    let words = finding.fixes().into_iter().find(has_words).map(|it| it.title);
    words.unwrap_or_else(|| finding.diagnostic.rule.instead.clone())
}
