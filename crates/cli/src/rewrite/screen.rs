//! The conversation as its author sees it, on stderr.

use std::{io, path::Path};

use absolve_core::{diagnostic::Fix, line_index::LineIndex};
use anstyle::{AnsiColor, Style};
use console::{Key, Term};

use super::{
    End,
    line::{self, Typed},
    session::Session,
    words::{Words, words},
};
use crate::{excerpt::Excerpt, report::table::style, text};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const KEY: Style = AnsiColor::BrightCyan.on_default().bold();
const BLANK: Style = AnsiColor::BrightGreen.on_default();
const FLAGGED: Style = AnsiColor::BrightRed.on_default().underline();

/// What an author does about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Takes an alternative, by index.
    Alternative(usize),
    /// Writes the sentence anew.
    Edit,
    /// Leaves it as it is.
    Skip,
    /// Ends the conversation.
    Stop,
    /// Ends it at once.
    Interrupt,
}

/// A terminal to ask in.
pub struct Screen {
    term: Term,
    path: String,
    words: &'static Words,
}

impl Screen {
    /// For the reply `path`, in the language of most of its findings.
    pub fn new(path: &str, language: &str) -> Screen {
        Screen { term: Term::stderr(), path: text::one_line(path), words: words(language) }
    }

    /// Shows the finding that is looked at, with its alternatives.
    pub fn show(&mut self, session: &Session) -> io::Result<()> {
        let Some(diagnostic) = session.current() else { return Ok(()) };
        self.words = words(&diagnostic.rule.language);
        let severity = style(diagnostic.severity);
        let index = LineIndex::new(&session.document.text);
        let line = index.line_of(diagnostic.span.start) + 1;
        let (at, all) = (session.at + 1, session.findings.len());
        let sin = &diagnostic.rule.sin;
        self.print(&format!("\n{DIM}{at}/{all}{DIM:#} {severity}{sin}{severity:#} {DIM}{}:{line}{DIM:#}", self.path))?;
        self.print(&format!("{BOLD}{}{BOLD:#}\n", text::one_line(&diagnostic.message)))?;
        self.show_excerpt(&Excerpt::around(&session.document, &index, diagnostic))?;
        self.print("")?;
        self.show_paragraph(&format!("{DIM}{}{DIM:#}", self.words.why), self.words.why, &diagnostic.rule.why, &[])?;
        self.print("")?;
        let alternatives = session.alternatives();
        for (number, fix) in (1..).zip(&alternatives) {
            let key = format!("{KEY}{number}{KEY:#}");
            self.show_paragraph(&key, "1", &fix.title, &blanks(fix))?;
        }
        let choose = match alternatives.len() {
            0 => {
                self.print(&format!("  {}", self.words.no_alternative))?;
                String::new()
            }
            1 => format!("1 {}   ", self.words.choose),
            n => format!("1-{n} {}   ", self.words.choose),
        };
        self.print(&format!("\n{DIM}{choose}{}{DIM:#}", self.words.keys))
    }

    /// What the author wants of so many alternatives; other keys do nothing.
    pub fn read_choice(&self, n_alternatives: usize) -> io::Result<Choice> {
        loop {
            match self.term.read_key_raw()? {
                Key::Char(it @ '1'..='9') => {
                    let index = it as usize - '1' as usize;
                    if index < n_alternatives {
                        return Ok(Choice::Alternative(index));
                    }
                }
                Key::Char('e' | 'E') => return Ok(Choice::Edit),
                Key::Char('s' | 'S') => return Ok(Choice::Skip),
                Key::Char('q' | 'Q') | Key::Escape => return Ok(Choice::Stop),
                Key::CtrlC | Key::Char('\u{4}') => return Ok(Choice::Interrupt),
                _ => {}
            }
        }
    }

    /// What belongs into a blank.
    pub fn ask(&self, blank: &str, words: &str) -> io::Result<Typed> {
        let label = self.styled(&format!("  {BLANK}{}{BLANK:#}: ", text::one_line(blank)));
        line::read(&self.term, &label, text::width(blank) + 4, words)
    }

    /// A sentence, to be edited on the line.
    pub fn ask_sentence(&self, words: &str) -> io::Result<Typed> {
        self.ask(self.words.sentence, words)
    }

    /// Says what went wrong.
    pub fn warn(&self, message: &str) -> io::Result<()> {
        self.print(&format!("{FLAGGED}{}{FLAGGED:#}", text::one_line(message)))
    }

    /// Says how it ended.
    pub fn close(&self, end: End, n_changes: usize, n_left: usize) -> io::Result<()> {
        if end == End::Interrupted {
            self.print(&format!("\n{}", self.words.interrupted))?;
        }
        match (n_changes, n_left) {
            (0, 0) => self.print(self.words.clean),
            _ => self.print(&format!("\n{BOLD}{}{BOLD:#}", (self.words.end)(n_changes, n_left))),
        }
    }

    /// Says where what was decided is.
    pub fn tell_rescued(&self, path: Option<&Path>) -> io::Result<()> {
        match path {
            Some(path) => self.print(&format!("{} {}", self.words.rescued, text::one_line(&path.to_string_lossy()))),
            None => Ok(()),
        }
    }

    fn show_excerpt(&self, excerpt: &Excerpt) -> io::Result<()> {
        let (start, end) = (excerpt.flagged.start, excerpt.flagged.end);
        let before = text::visible(&excerpt.text[..start]);
        let flagged = text::visible(&excerpt.text[start..end]).replace('\n', &format!("{FLAGGED:#}\n{FLAGGED}"));
        let after = text::visible(&excerpt.text[end..]);
        let marked = format!("{before}{FLAGGED}{flagged}{FLAGGED:#}{after}");
        marked.lines().try_for_each(|it| self.print(&format!("  {it}")))
    }

    /// Words after a label, on lines that fit, blanks in colour.
    fn show_paragraph(&self, label: &str, plain_label: &str, words: &str, blanks: &[&str]) -> io::Result<()> {
        let indent = text::width(plain_label) + 4;
        for (at, row) in text::wrap(&text::visible(words), text::columns() - indent).iter().enumerate() {
            let row = blanks.iter().fold(row.clone(), |row, blank| {
                let blank = format!("{{{blank}}}");
                row.replace(&blank, &format!("{BLANK}{blank}{BLANK:#}"))
            });
            match at {
                0 => self.print(&format!("  {label}  {row}"))?,
                _ => self.print(&format!("{}{row}", " ".repeat(indent)))?,
            }
        }
        Ok(())
    }

    fn print(&self, line: &str) -> io::Result<()> {
        anstream::eprintln!("{line}");
        Ok(())
    }

    fn styled(&self, text: &str) -> String {
        match anstream::AutoStream::choice(&io::stderr()) {
            anstream::ColorChoice::Never => anstream::adapter::strip_str(text).to_string(),
            _ => text.to_owned(),
        }
    }
}

fn blanks(fix: &Fix) -> Vec<&str> {
    absolve_core::fill::blanks(fix)
}
