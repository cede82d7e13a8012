//! The report for people: the words in their sentence, why they hurt, what to write instead.

use std::io::{self, Write};

use absolve_core::diagnostic::Severity;
use annotate_snippets::{AnnotationKind, Level, Padding, Renderer, Snippet, renderer::DecorStyle};
use anstream::{AutoStream, ColorChoice};
use anstyle::Style;

use super::{Report, Summary, Words, table, table::style, words};
use crate::{
    place::{Finding, Findings},
    text,
};

/// Findings that are printed, if the user does not say how many.
pub const LIMIT: usize = 200;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Prints to stdout, in colour where somebody watches.
pub struct Human {
    /// What is still to be printed, for each file at once.
    out: AutoStream<Vec<u8>>,
    colours: ColorChoice,
    renderer: Renderer,
    columns: usize,
    left: usize,
    n_printed: usize,
}

impl Human {
    /// Prints `limit` findings at most.
    pub fn new(limit: usize) -> Human {
        let columns = text::columns();
        let renderer = Renderer::styled().decor_style(DecorStyle::Unicode).term_width(columns.max(200));
        let colours = AutoStream::choice(&io::stdout());
        Human { out: AutoStream::new(Vec::new(), colours), colours, renderer, columns, left: limit, n_printed: 0 }
    }

    /// A finding with its sentence, its why and the first alternative.
    fn render(&self, path: &str, finding: &Finding) -> String {
        let excerpt = finding.excerpt();
        let rule = &finding.diagnostic.rule;
        let words = words(&rule.language);
        let place = finding.place.start;
        let title = finding.title.map_or(String::new(), |it| format!(" · {}", text::one_line(it)));
        let origin = format!("{}:{}:{}{title}", text::one_line(path), place.line, place.column);
        let why = self.wrapped(&rule.why, words.why);
        let instead = self.wrapped(&super::better(finding), words.instead);
        let flagged = AnnotationKind::Primary.span(excerpt.flagged.range()).highlight_source(true);
        let report = level(finding.diagnostic.severity, words)
            .primary_title(text::one_line(&finding.diagnostic.message))
            .id(rule.sin.clone())
            .element(Snippet::source(&excerpt.text).line_start(place.line).fold(false).annotation(flagged))
            .element(Padding)
            .element(Level::NOTE.with_name(words.why).message(why))
            .element(Level::HELP.with_name(words.instead).message(instead));
        with_origin(&self.renderer.render(&[report]), &origin)
    }

    /// Words after a label, on lines that fit.
    fn wrapped(&self, words: &str, label: &str) -> String {
        text::wrap(&text::visible(words), self.columns - text::width(label) - 10).join("\n")
    }

    fn print_known(&mut self, summary: &Summary) -> io::Result<()> {
        match summary.n_known {
            None | Some(0) => Ok(()),
            Some(known) => writeln!(self.out, "{DIM}{}{DIM:#}", (summary.words().known)(known)),
        }
    }

    /// Findings that need no more than a line each.
    fn print_compact(&mut self, path: &str, findings: &[&Finding]) -> io::Result<()> {
        let Some(sin_width) = findings.iter().map(|it| it.diagnostic.rule.sin.len()).max() else { return Ok(()) };
        writeln!(self.out, "{BOLD}{}{BOLD:#}", text::one_line(path))?;
        for finding in findings {
            let diagnostic = &finding.diagnostic;
            let style = style(diagnostic.severity);
            let severity = words(&diagnostic.rule.language).severity(diagnostic.severity);
            let place = format!("{}:{}", finding.place.start.line, finding.place.start.column);
            let title = finding.title.map_or(String::new(), |it| format!("{} · ", text::one_line(it)));
            let used = 8 + severity.len() + 2 + sin_width + 2 + text::width(&title);
            let message =
                text::shorten(&text::one_line(&diagnostic.message), self.columns.saturating_sub(used).max(30));
            let sin = &diagnostic.rule.sin;
            writeln!(
                self.out,
                "{place:>7} {style}{severity}{style:#}  {sin:sin_width$}  {DIM}{title}{DIM:#}{message}"
            )?;
        }
        writeln!(self.out)
    }
}

impl Report for Human {
    fn file(&mut self, path: &str, findings: &Findings) -> io::Result<()> {
        let shown: Vec<Finding> = findings.iter().take(self.left).collect();
        self.left -= shown.len();
        self.n_printed += shown.len();
        let (grave, mild): (Vec<&Finding>, Vec<&Finding>) =
            shown.iter().partition(|it| it.diagnostic.severity >= Severity::Warning);
        for finding in grave {
            let rendered = self.render(path, finding);
            writeln!(self.out, "{rendered}\n")?;
        }
        self.print_compact(path, &mild)?;
        self.flush()
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.print_summary(summary)?;
        self.flush()
    }
}

impl Human {
    fn flush(&mut self) -> io::Result<()> {
        let next = AutoStream::new(Vec::new(), self.colours);
        let text = std::mem::replace(&mut self.out, next).into_inner();
        if text.is_empty() { Ok(()) } else { io::stdout().write_all(&text) }
    }

    fn print_summary(&mut self, summary: &Summary) -> io::Result<()> {
        let words = summary.words();
        if summary.n_findings == 0 {
            if summary.n_files > 0 {
                writeln!(self.out, "{}", (words.clean)(summary.n_files))?;
            }
            return self.print_known(summary);
        }
        if summary.n_findings > self.n_printed {
            writeln!(self.out, "{}\n", (words.left_out)(summary.n_findings - self.n_printed))?;
        }
        table::write(&mut self.out, summary, (words.sin, words.worst_files))?;
        let files = (words.in_files)(summary.by_file.len(), summary.n_files);
        writeln!(self.out, "{} {files}", table::counts(summary))?;
        self.print_known(summary)?;
        writeln!(self.out, "{DIM}{}{DIM:#}", words.explain)
    }
}

/// The renderer would count columns in the excerpt; the reader wants those of the file.
fn with_origin(rendered: &str, origin: &str) -> String {
    let title = rendered.find('\n').unwrap_or_default();
    let Some(arrow) = rendered[title..].find(ARROW).map(|it| title + it + ARROW.len()) else {
        return rendered.to_owned();
    };
    let end = rendered[arrow..].find('\n').map_or(rendered.len(), |it| arrow + it);
    format!("{}{} {origin}{}", &rendered[..arrow], rendered[arrow..end].trim(), &rendered[end..])
}

/// What the renderer draws before a file's name.
const ARROW: &str = "╭▸";

fn level(severity: Severity, words: &Words) -> Level<'static> {
    let level = match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
        Severity::Hint => Level::HELP,
    };
    level.with_name(words.severity(severity))
}
