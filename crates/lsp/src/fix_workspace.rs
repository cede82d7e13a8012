//! Every safe fix of every file of the workspace, in one edit that the client shows, applies and can undo.

use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use absolve_core::{
    document::{Document, Encoding},
    fault::isolate,
    format::Format,
    line_index::ColumnUnit,
};
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    action::{safe_edits, text_edits},
    message::{DocumentEdit, Effect, Progress, WorkspaceEdit},
    notice,
    position::Snapshot,
    project::Project,
    uri,
};

/// A file to mend.
pub struct File {
    /// Where it is.
    pub path: PathBuf,
    /// Its rules.
    pub project: Arc<dyn Project>,
    /// Its text and version, if it is open.
    pub open: Option<(i32, String)>,
}

/// The work to do, in a thread of its own.
pub struct FixWorkspace {
    /// What to mend.
    pub files: Vec<File>,
    /// What the client's columns count.
    pub unit: ColumnUnit,
    /// Whether the client shows progress.
    pub shows_progress: bool,
    /// Whether the client takes versions.
    pub is_versioned: bool,
    /// Set when the person has changed their mind.
    pub is_cancelled: Arc<AtomicBool>,
    /// Where to tell.
    pub effects: UnboundedSender<Effect>,
}

/// Files between two reports.
const STEP: usize = 50;

impl FixWorkspace {
    /// Starts the work.
    pub fn start(self) {
        let run = move || self.run();
        // A machine without room for a thread has other worries; nothing was changed.
        let _ = thread::Builder::new().name("absolve-fix".to_owned()).spawn(run);
    }

    fn run(self) {
        self.tell(Effect::Progress(Progress::Begin));
        let mut documents = Vec::new();
        for (index, file) in self.files.iter().enumerate() {
            if self.is_cancelled.load(Ordering::Relaxed) {
                self.tell(Effect::Progress(Progress::End("cancelled; nothing was changed".to_owned())));
                return;
            }
            if index % STEP == 0 {
                self.tell(Effect::Progress(Progress::Report { done: index, of: self.files.len() }));
            }
            match isolate(|| self.fix(file)) {
                Some(document) => documents.extend(document),
                None => self.tell(Effect::Log(format!("{}: {}", file.path.display(), notice::fault(None)))),
            }
        }
        let n_edits: usize = documents.iter().map(|it| it.edits.len()).sum();
        let message = format!("{n_edits} safe fixes in {} of {} files", documents.len(), self.files.len());
        self.tell(Effect::Progress(Progress::End(message.clone())));
        if n_edits > 0 {
            let edit = WorkspaceEdit { documents, is_versioned: self.is_versioned };
            self.tell(Effect::Apply { title: "Apply every safe fix".to_owned(), edit });
        }
        self.tell(Effect::Show { is_error: false, text: format!("Absolve: {message}") });
    }

    fn fix(&self, file: &File) -> Option<DocumentEdit> {
        let (version, text) = match &file.open {
            Some((version, text)) => (Some(*version), text.clone()),
            None => (None, readable(&file.path)?),
        };
        let of_name = || Format::detect(&file.path.to_string_lossy(), text.as_bytes());
        let format = file.project.format(&file.path).unwrap_or_else(of_name);
        let document = Document::parse(text.as_str(), format).ok()?;
        let mut diagnostics = file.project.lint(&file.path, &document);
        file.project.add_fixes(&document, &mut diagnostics);
        let edits = safe_edits(&diagnostics);
        let snapshot = Snapshot::new(text, self.unit);
        let edits = text_edits(&edits, &snapshot);
        (!edits.is_empty()).then_some(DocumentEdit { uri: uri::of_path(&file.path)?, version, creates: false, edits })
    }

    fn tell(&self, effect: Effect) {
        if matches!(effect, Effect::Progress(_)) && !self.shows_progress {
            return;
        }
        let _ = self.effects.send(effect);
    }
}

/// The text of a file that the editor reads as we do: one in UTF-8.
fn readable(path: &std::path::Path) -> Option<String> {
    let document = Document::read(&fs::read(path).ok()?, Format::Text).ok()?;
    (document.encoding == Encoding::default()).then_some(document.text)
}
