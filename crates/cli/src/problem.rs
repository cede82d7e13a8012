//! What could not be read, where, and the way out.

use std::fmt;

use absolve_core::{
    line_index::{ColumnUnit, LineIndex},
    rule_pack::RuleError,
};
use anstyle::{AnsiColor, Style};

use crate::text;

/// What could not be read, where, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file, as the user knows it.
    pub path: String,
    /// Line and column, counted from 1; columns in characters.
    pub place: Option<(usize, Option<usize>)>,
    /// In lower case, without a final dot.
    pub message: String,
}

impl Problem {
    /// A problem with a whole file.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Problem {
        Problem { path: path.into(), place: None, message: message.into() }
    }

    /// A problem at a byte of a file that says `source`.
    pub fn at(path: impl Into<String>, source: &str, offset: usize, message: impl Into<String>) -> Problem {
        let position = LineIndex::new(source).position(source, offset, ColumnUnit::Char);
        let place = Some((position.line + 1, Some(position.column + 1)));
        Problem { place, ..Problem::new(path, message) }
    }

    /// Says it on stderr.
    pub fn print(&self) {
        print(&self.to_string());
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { path, place, message } = self;
        match place {
            Some((line, Some(column))) => write!(f, "{path}:{line}:{column}: {message}"),
            Some((line, None)) => write!(f, "{path}:{line}: {message}"),
            None => write!(f, "{path}: {message}"),
        }
    }
}

impl std::error::Error for Problem {}

impl From<RuleError> for Problem {
    fn from(error: RuleError) -> Problem {
        Problem { path: error.path, place: error.line.map(|it| (it, None)), message: error.message }
    }
}

/// One line on stderr.
pub fn print(message: &str) {
    const RED: Style = AnsiColor::BrightRed.on_default().bold();
    anstream::eprintln!("{RED}error{RED:#}: {}", text::visible(message));
}

/// One line on stderr of what is no mistake.
pub fn note(message: &str) {
    const BLUE: Style = AnsiColor::BrightBlue.on_default().bold();
    anstream::eprintln!("{BLUE}note{BLUE:#}: {}", text::visible(message));
}

/// ` (do you mean `x`?)` for the known name that is nearest to a wrong one, or nothing.
pub fn do_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(name, known) {
        Some(near) => format!("; do you mean `{near}`?"),
        None => String::new(),
    }
}

/// The known name that is nearest to a wrong one, if any is near.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |it: &str| {
        let shares_a_word = it.split(['-', '_']).any(|word| word.len() > 3 && name.contains(word));
        strsim::jaro_winkler(name, it) + if shares_a_word { 0.1 } else { 0.0 }
    };
    let best = known.into_iter().map(|it| (likeness(it), it)).max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|it| it.0 > 0.7).map(|it| it.1)
}
