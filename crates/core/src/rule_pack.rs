//! Rule files read, not yet compiled: a folder of TOML as data, each value with its place.

use std::{fmt, path::Path};

use serde::de::DeserializeOwned;

use crate::{
    line_index::{ColumnUnit, LineIndex},
    rule_file::{RuleFile, Vocabulary},
};

/// The rule files of some languages.
#[derive(Clone, Debug, Default)]
pub struct RulePack {
    /// One for each language that has any.
    pub vocabularies: Vec<Entry<Vocabulary>>,
    /// In the order given.
    pub rules: Vec<Entry<RuleFile>>,
}

/// A file of a pack.
#[derive(Clone, Debug)]
pub struct Entry<T> {
    /// `en/inconvenience-apology.toml`, as given.
    pub path: String,
    /// The name of its folder.
    pub language: String,
    /// Its name without `.toml`: for a rule, the sin.
    pub name: String,
    /// Its text, to find places in.
    pub source: String,
    /// What it says.
    pub content: T,
}

/// What is wrong with a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// The file.
    pub path: String,
    /// Counted from 1; `None` where the whole file is meant.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.message),
            None => write!(f, "{}: {}", self.path, self.message),
        }
    }
}

impl std::error::Error for RuleError {}

impl RulePack {
    /// Reads `(path, text)` pairs; the last folder of a path is the language. Every file that is wrong is reported.
    pub fn parse<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<RulePack, Vec<RuleError>> {
        let mut pack = RulePack::default();
        let mut errors = Vec::new();
        for (path, source) in files {
            if let Err(error) = pack.add(path, source) {
                errors.push(error);
            }
        }
        if errors.is_empty() { Ok(pack) } else { Err(errors) }
    }

    fn add(&mut self, path: &str, source: &str) -> Result<(), RuleError> {
        if Path::new(path).file_stem().is_some_and(|it| it == "vocabulary") {
            self.vocabularies.push(Entry::parse(path, source)?);
        } else {
            self.rules.push(Entry::parse(path, source)?);
        }
        Ok(())
    }
}

impl<T: DeserializeOwned> Entry<T> {
    fn parse(path: &str, source: &str) -> Result<Entry<T>, RuleError> {
        let whole = |message: &str| RuleError { path: path.to_owned(), line: None, message: message.to_owned() };
        let file = Path::new(path);
        let name = file.file_stem().and_then(|it| it.to_str()).unwrap_or_default();
        let language = file.parent().and_then(Path::file_name).and_then(|it| it.to_str());
        let Some(language) = language else {
            return Err(whole("put rule files in a folder named after their language, as in `en/`"));
        };
        let is_name = |it: &str| it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-');
        if name.is_empty() || !is_name(name) {
            return Err(whole("name a rule file in small letters, digits and hyphens, as in `late-refund.toml`"));
        }
        let content = toml::from_str(source).map_err(|error| RuleError {
            path: path.to_owned(),
            line: error.span().map(|it| line_of(source, it.start)),
            message: error.message().to_owned(),
        })?;
        let (path, language) = (path.to_owned(), language.to_owned());
        Ok(Entry { path, language, name: name.to_owned(), source: source.to_owned(), content })
    }
}

impl<T> Entry<T> {
    /// An error at a byte of this file.
    pub fn error_at(&self, offset: usize, message: impl Into<String>) -> RuleError {
        RuleError { path: self.path.clone(), line: Some(line_of(&self.source, offset)), message: message.into() }
    }
}

/// The line of a byte, counted from 1.
fn line_of(source: &str, offset: usize) -> usize {
    LineIndex::new(source).position(source, offset, ColumnUnit::Utf8).line + 1
}
