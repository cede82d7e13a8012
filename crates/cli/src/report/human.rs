//! The report for people: the words in their sentence, why they hurt, what to write instead.

use std::io::{self, Write};

use absolve_core::diagnostic::Severity;
use annotate_snippets::{AnnotationKind, Level, Padding, Renderer, Snippet, renderer::DecorStyle};
use anstyle::{AnsiColor, Style};

use super::{Report, Summary, Words, summary::Tally, words};
use crate::{
    excerpt::Excerpt,
    place::{Checked, Finding},
    text,
};

/// Findings that are printed, if the user does not say how many.
pub const LIMIT: usize = 200;

/// Rows of each list in the closing table.
const ROWS: usize = 8;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Prints to stdout, in colour where somebody watches.
pub struct Human {
    out: anstream::Stdout,
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
        Human { out: anstream::stdout(), renderer, columns, left: limit, n_printed: 0 }
    }

    /// A finding with its sentence, its why and the first alternative.
    fn render(&self, path: &str, finding: &Finding, excerpt: &Excerpt) -> String {
        let rule = &finding.diagnostic.rule;
        let words = words(&rule.language);
        let place = finding.place.start;
        let title = finding.title.as_ref().map_or(String::new(), |it| format!(" · {}", text::one_line(it)));
        let origin = format!("{}:{}:{}{title}", text::one_line(path), place.line, place.column);
        let why = self.wrapped(&rule.why, words.why);
        let instead = self.wrapped(super::better(finding), words.instead);
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

    /// Findings that need no more than a line each.
    fn print_compact(&mut self, path: &str, findings: &[&Finding]) -> io::Result<()> {
        let Some(sin_width) = findings.iter().map(|it| it.diagnostic.rule.sin.len()).max() else { return Ok(()) };
        writeln!(self.out, "{BOLD}{}{BOLD:#}", text::one_line(path))?;
        for finding in findings {
            let diagnostic = &finding.diagnostic;
            let style = style(diagnostic.severity);
            let severity = words(&diagnostic.rule.language).severity(diagnostic.severity);
            let place = format!("{}:{}", finding.place.start.line, finding.place.start.column);
            let title = finding.title.as_ref().map_or(String::new(), |it| format!("{} · ", text::one_line(it)));
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

    fn print_table(&mut self, summary: &Summary, words: &Words) -> io::Result<()> {
        let sins = rows(&summary.sins(), |it| it.to_owned(), words);
        let files = rows(&summary.worst_files(), |it| shorten_path(it, 44), words);
        let widest = |rows: &[Row]| rows.iter().map(|it| text::width(&it.label)).max().unwrap_or_default();
        let (sin_width, file_width) =
            (widest(&sins).max(words.sin.len()), widest(&files).max(text::width(words.worst_files)));
        let number_width = summary.n_findings.to_string().len().max(3);
        let most = summary.sins().first().map_or(1, |it| it.1.count);
        let rule = "─".repeat(sin_width + number_width + 2 + BAR + 3 + file_width + 1 + number_width);
        let (left, right) = (text::pad(words.sin, sin_width + number_width + 2 + BAR + 3), words.worst_files);
        writeln!(self.out, "{BOLD}{left}{right}{BOLD:#}\n{DIM}{rule}{DIM:#}")?;
        for at in 0..sins.len().max(files.len()) {
            let empty = Row::default();
            let (sin, file) = (sins.get(at).unwrap_or(&empty), files.get(at).unwrap_or(&empty));
            let line = format!(
                "{}{}  {}   {}{}",
                text::pad(&sin.label, sin_width),
                sin.number(number_width),
                sin.bar(most),
                text::pad(&file.label, file_width + 1),
                file.number(number_width),
            );
            writeln!(self.out, "{}", line.trim_end())?;
        }
        writeln!(self.out)
    }

    fn print_totals(&mut self, summary: &Summary, words: &Words) -> io::Result<()> {
        let counts = summary.by_severity.iter().rev().map(|(severity, count)| {
            let style = style(*severity);
            format!("{style}{}{style:#}", words.count(*severity, *count))
        });
        let counts: Vec<String> = counts.collect();
        let files = (words.in_files)(summary.by_file.len(), summary.n_files);
        writeln!(self.out, "{} {files}", counts.join(", "))?;
        writeln!(self.out, "{DIM}{}{DIM:#}", words.explain)
    }
}

impl Report for Human {
    fn n_wanted(&self) -> usize {
        self.left
    }

    fn file(&mut self, file: &Checked) -> io::Result<()> {
        let shown = &file.findings[..file.findings.len().min(self.left)];
        self.left -= shown.len();
        self.n_printed += shown.len();
        let (grave, mild): (Vec<&Finding>, Vec<&Finding>) =
            shown.iter().partition(|it| it.diagnostic.severity >= Severity::Warning);
        for finding in grave {
            if let Some(excerpt) = &finding.excerpt {
                let rendered = self.render(&file.path, finding, excerpt);
                writeln!(self.out, "{rendered}\n")?;
            }
        }
        self.print_compact(&file.path, &mild)
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let words = words(if is_french(summary) { "fr" } else { "en" });
        if summary.n_findings == 0 {
            return match summary.n_files {
                0 => Ok(()),
                files => writeln!(self.out, "{}", (words.clean)(files)),
            };
        }
        if summary.n_findings > self.n_printed {
            writeln!(self.out, "{}\n", (words.left_out)(summary.n_findings - self.n_printed))?;
        }
        self.print_table(summary, words)?;
        self.print_totals(summary, words)
    }
}

/// A row of the closing table.
#[derive(Default)]
struct Row {
    label: String,
    tally: Option<Tally>,
}

/// Columns of the longest bar.
const BAR: usize = 12;

impl Row {
    fn number(&self, width: usize) -> String {
        let number = self.tally.map_or(String::new(), |it| it.count.to_string());
        format!("{number:>width$}")
    }

    /// How often, as a length; how grave, as a colour.
    fn bar(&self, most: usize) -> String {
        let Some(Tally { count, worst }) = self.tally else { return " ".repeat(BAR) };
        let length = (count * BAR).div_ceil(most).max(1);
        let style = style(worst);
        format!("{style}{}{style:#}{}", "━".repeat(length), " ".repeat(BAR - length))
    }
}

fn rows(all: &[(&str, Tally)], label: impl Fn(&str) -> String, words: &Words) -> Vec<Row> {
    let row = |it: &(&str, Tally)| Row { label: text::one_line(&label(it.0)), tally: Some(it.1) };
    let shown = if all.len() > ROWS + 1 { ROWS } else { all.len() };
    let mut rows: Vec<Row> = all[..shown].iter().map(row).collect();
    if shown < all.len() {
        rows.push(Row { label: (words.more)(all.len() - shown), tally: None });
    }
    rows
}

/// The end of a path tells more than its start.
fn shorten_path(path: &str, columns: usize) -> String {
    let width = path.chars().count();
    if width <= columns {
        return path.to_owned();
    }
    "…".to_owned() + &path.chars().skip(width - columns + 1).collect::<String>()
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

fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::BrightRed.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Info => AnsiColor::BrightBlue.on_default(),
        Severity::Hint => AnsiColor::BrightCyan.on_default(),
    }
}

/// A report on French replies alone is in French.
fn is_french(summary: &Summary) -> bool {
    summary.by_language.keys().eq(["fr"])
}
