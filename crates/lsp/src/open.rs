//! A document that the client has open, and what is known of it.

use std::{path::PathBuf, sync::Arc};

use absolve_core::format::Format;

use crate::{
    config,
    job::{Checked, Job},
    message::{Question, Report},
    notice,
    position::{Change, Snapshot},
    project::Project,
};

/// A document that the client has open.
pub(crate) struct Open {
    language: String,
    /// The configuration that holds for it.
    pub config: Option<PathBuf>,
    pub version: i32,
    pub snapshot: Snapshot,
    /// The number of its text, under its rules.
    pub serial: u64,
    /// Whether it is to be given to a worker.
    pub is_due: bool,
    /// What a worker has of it.
    pub checking: Option<u64>,
    /// What was last found.
    pub checked: Option<Arc<Checked>>,
    /// What is to be answered when its present text has been checked.
    pub waiting: Vec<Question>,
    /// Whether its user has heard that it is too large to be checked while it is typed.
    pub is_said_to_be_large: bool,
    /// Rules that panicked over it, and the rules without them.
    pub without: Vec<String>,
    pub spare: Option<Arc<dyn Project>>,
    /// Whether a failure of something else was reported already.
    has_failed: bool,
}

/// What a document is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Reply,
    Config,
    Other,
}

impl Open {
    /// Nothing is known of it yet.
    pub fn new(language: String, version: i32, snapshot: Snapshot, config: Option<PathBuf>) -> Open {
        Open {
            language,
            config,
            version,
            snapshot,
            serial: 0,
            is_due: false,
            checking: None,
            checked: None,
            waiting: Vec::new(),
            is_said_to_be_large: false,
            without: Vec::new(),
            spare: None,
            has_failed: false,
        }
    }

    /// Takes an edit of the client's.
    pub fn edit(&mut self, version: i32, changes: Vec<Change>) {
        self.version = version;
        changes.into_iter().for_each(|it| self.snapshot.apply(it));
    }

    /// Whether it is too large to be checked while it is typed.
    pub fn is_large(&self) -> bool {
        self.snapshot.text.len() > Job::LARGE
    }

    /// What was found in its present text, if that has been checked.
    pub fn current(&self) -> Option<&Arc<Checked>> {
        self.checked.as_ref().filter(|it| it.serial == self.serial)
    }

    /// Whether its present text will have been checked in a while.
    pub fn is_under_way(&self) -> bool {
        self.is_due || self.checking == Some(self.serial)
    }

    /// Takes from a check what went wrong in it; what is to be said of that, if it is news.
    pub fn learn(&mut self, checked: &Checked) -> Option<String> {
        let fault = checked.fault.as_ref()?;
        if let Some((rule, spare)) = &fault.culprit {
            self.without.push(rule.clone());
            self.spare = Some(spare.clone());
            return Some(notice::fault(Some(rule)));
        }
        (!std::mem::replace(&mut self.has_failed, true)).then(|| notice::fault(None))
    }

    /// Answers everybody who waits from what was last known: its present text will not be checked soon.
    pub fn give_up(&mut self) {
        for it in std::mem::take(&mut self.waiting) {
            it.give_up(self.checked.as_deref());
        }
    }

    /// By the extension; else by what the editor calls it, where that says anything; else by the content.
    pub fn format(&self, uri: &str) -> Format {
        let of_language = || match self.language.as_str() {
            "markdown" => Some(Format::Markdown),
            "html" => Some(Format::Html),
            _ => None,
        };
        let of_content = || Format::detect("", self.snapshot.text.as_bytes());
        Format::of_extension(uri).or_else(of_language).unwrap_or_else(of_content)
    }
}

impl Kind {
    pub fn of(uri: &str) -> Kind {
        match uri.rsplit('/').next() {
            Some(config::FILE_NAME) => Kind::Config,
            Some(name) if name.ends_with(".toml") => Kind::Other,
            _ => Kind::Reply,
        }
    }
}

impl Question {
    /// Answers at once: with the problems that were last known, which the client may know already, and else with nothing, for
    /// places have moved since.
    pub fn give_up(self, last: Option<&Checked>) {
        let nothing = || Report::Full { name: String::new(), notices: Vec::new() };
        // A client that no longer wants to know has dropped its end.
        match self {
            Question::Diagnostics { previous, reply } => {
                drop(reply.send(last.map_or_else(nothing, |it| Report::of(it, previous.as_deref()))));
            }
            Question::Actions { reply, .. } => drop(reply.send(Vec::new())),
            Question::Hover { reply, .. } => drop(reply.send(None)),
            Question::Completions { reply, .. } => drop(reply.send(Vec::new())),
        }
    }
}

impl Report {
    /// What a check found, unless the client has it under `previous`.
    pub fn of(checked: &Checked, previous: Option<&str>) -> Report {
        let name = checked.serial.to_string();
        if previous == Some(&*name) {
            return Report::Unchanged { name };
        }
        Report::Full { name, notices: checked.notices.clone() }
    }
}
