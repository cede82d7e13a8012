//! What was found in all files together, as a person reads it: sins with bars beside files.

use std::io::{self, Write};

use absolve_core::diagnostic::Severity;
use anstyle::{AnsiColor, Style};

use super::{Summary, Words, summary::Tally};
use crate::text;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Rows of each list.
const ROWS: usize = 8;

/// Writes the sins and the files of `summary` under two headings.
pub fn write(out: &mut dyn Write, summary: &Summary, headings: (&str, &str)) -> io::Result<()> {
    let words = summary.words();
    let sins = rows(&summary.sins(), |it| it.to_owned(), words);
    let files = rows(&summary.worst_files(), |it| shorten_path(it, 44), words);
    let widest = |rows: &[Row]| rows.iter().map(|it| text::width(&it.label)).max().unwrap_or_default();
    let (sin_width, file_width) =
        (widest(&sins).max(text::width(headings.0)), widest(&files).max(text::width(headings.1)));
    let number_width = summary.n_findings.to_string().len().max(3);
    let most = summary.sins().first().map_or(1, |it| it.1.count);
    let rule = "─".repeat(sin_width + number_width + 2 + BAR + 3 + file_width + 1 + number_width);
    let (left, right) = (text::pad(headings.0, sin_width + number_width + 2 + BAR + 3), headings.1);
    writeln!(out, "{BOLD}{left}{right}{BOLD:#}\n{DIM}{rule}{DIM:#}")?;
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
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out)
}

/// `2 errors, 1 warning`, the gravest first.
pub fn counts(summary: &Summary) -> String {
    let counts = summary.by_severity.iter().rev().map(|(severity, count)| {
        let style = style(*severity);
        format!("{style}{}{style:#}", summary.words().count(*severity, *count))
    });
    counts.collect::<Vec<_>>().join(", ")
}

/// A row of the table.
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

/// How a severity looks.
pub fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::BrightRed.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Info => AnsiColor::BrightBlue.on_default(),
        Severity::Hint => AnsiColor::BrightCyan.on_default(),
    }
}
