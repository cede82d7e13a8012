//! What the adapter tells the owner, and what the owner has the adapter tell the client. No type of the transport's.

use absolve_core::line_index::Position;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::{
    action::Action,
    client::Client,
    completion::Item,
    job::Checked,
    notice::Notice,
    position::{Change, Range},
};

/// Something that happened.
#[derive(Debug)]
pub enum Event {
    /// A client said what it can do.
    Started(Box<Client>),
    /// It heard what we can do.
    Ready,
    /// A document is the client's now.
    Opened { uri: String, language: String, version: i32, text: String },
    /// A document was edited.
    Changed { uri: String, version: i32, changes: Vec<Change> },
    /// A document is on disk as it is here.
    Saved { uri: String },
    /// A document is the disk's again.
    Closed { uri: String },
    /// Configurations or rule files changed on disk.
    FilesChanged,
    /// The folders of the workspace changed.
    FoldersChanged { added: Vec<String>, removed: Vec<String> },
    /// Settings changed: here they are.
    Configured(Value),
    /// A client wants to know something of a document as it is now.
    Asked { uri: String, question: Question },
    /// A client wants something done.
    Ordered { command: String, arguments: Vec<Value>, reply: oneshot::Sender<Result<Value, String>> },
    /// Work that takes long is no longer wanted.
    Cancelled,
    /// A worker is done.
    Checked(Box<Checked>),
}

impl Event {
    /// The document that it is about, if it is about one.
    pub fn uri(&self) -> Option<&str> {
        match self {
            Event::Opened { uri, .. }
            | Event::Changed { uri, .. }
            | Event::Saved { uri }
            | Event::Closed { uri }
            | Event::Asked { uri, .. } => Some(uri),
            Event::Checked(checked) => Some(&checked.uri),
            _ => None,
        }
    }
}

/// What a client may ask of a document; answered when its present text has been checked.
#[derive(Debug)]
pub enum Question {
    /// What is wrong with it.
    Diagnostics { previous: Option<String>, reply: oneshot::Sender<Report> },
    /// What can be done at a range.
    Actions { range: Range, only: Vec<String>, reply: oneshot::Sender<Vec<Action>> },
    /// What there is to say of a place.
    Hover { position: Position, reply: oneshot::Sender<Option<Hover>> },
    /// Better words for a place.
    Completions { position: Position, reply: oneshot::Sender<Vec<Item>> },
}

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// This, under that name.
    Full { name: String, notices: Vec<Notice> },
    /// What the client knows under that name.
    Unchanged { name: String },
}

/// Something to read about a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub range: Range,
    /// What to read.
    pub text: String,
    /// Whether it is Markdown.
    pub is_markdown: bool,
}

/// What a client is to be told or asked. None of it is waited for by the owner.
#[derive(Debug)]
pub enum Effect {
    /// All that is wrong with a document.
    Publish { uri: String, version: Option<i32>, notices: Vec<Notice> },
    /// What it was told is out of date.
    Refresh,
    /// A line of the log.
    Log(String),
    /// A message for the person.
    Show { is_error: bool, text: String },
    /// Something to be written.
    Apply { title: String, edit: WorkspaceEdit },
    /// How long work goes on.
    Progress(Progress),
    /// A request for its settings, which come back as an event.
    FetchSettings,
    /// A request to tell of changed files and settings.
    Watch { files: bool, settings: bool },
}

/// How far work is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It starts.
    Begin,
    /// It goes on.
    Report { done: usize, of: usize },
    /// It is over, with this result.
    End(String),
}

/// Edits of documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkspaceEdit {
    /// One for each document.
    pub documents: Vec<DocumentEdit>,
    /// Whether the client takes versions, new files and snippets.
    pub is_versioned: bool,
}

/// Edits of one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentEdit {
    /// The document.
    pub uri: String,
    /// The version it is made for, if the document is open.
    pub version: Option<i32>,
    /// Whether the document must be made first.
    pub creates: bool,
    /// What changes. Disjoint, in order.
    pub edits: Vec<TextEdit>,
}

/// Words for a range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What goes.
    pub range: Range,
    /// What comes.
    pub text: String,
    /// Whether `text` is a snippet.
    pub is_snippet: bool,
}
