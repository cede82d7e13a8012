//! Jobs: what workers do with a document's text while the owner goes on.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use absolve_core::{
    diagnostic::Diagnostic,
    document::{Document, ReadError, ReadErrorKind},
    format::Format,
    line_index::ColumnUnit,
    rule_set::RuleSet,
};

use crate::{message::Event, notice::Notice, position::Snapshot, project::Project, rule_check};

/// A text to be checked.
pub struct Job {
    /// Whose text.
    pub uri: String,
    /// Which text: the owner counts them.
    pub serial: u64,
    /// The text itself.
    pub text: Arc<str>,
    /// What the client's columns count.
    pub unit: ColumnUnit,
    /// How to check it.
    pub task: Task,
}

/// How a text is checked.
pub enum Task {
    /// A reply or a macro library.
    Reply { path: PathBuf, format: Format, project: Arc<dyn Project> },
    /// A rule file, on top of these rules.
    Rules { path: PathBuf, base: Box<RuleSet> },
    /// What is wrong with the file is known already.
    Known(Vec<crate::project::Problem>),
}

/// A text, checked.
#[derive(Debug)]
pub struct Checked {
    /// Whose text.
    pub uri: String,
    /// Which text.
    pub serial: u64,
    /// The text.
    pub snapshot: Snapshot,
    /// What it was read as, with its sins; not if it was no reply.
    pub reply: Option<Reply>,
    /// What the client is told.
    pub notices: Vec<Notice>,
    /// Whether the check came to grief.
    pub has_panicked: bool,
}

/// A reply or a macro library, checked.
#[derive(Debug)]
pub struct Reply {
    /// What it was read as.
    pub format: Format,
    /// Its sins.
    pub diagnostics: Vec<Diagnostic>,
    /// Why it could not be read, if it could not.
    pub error: Option<ReadError>,
}

/// Starts the workers. They end when the owner is gone.
pub fn start_workers(n: usize, events: &Sender<Event>) -> Sender<Job> {
    let (jobs, queue) = channel();
    let queue = Arc::new(Mutex::new(queue));
    for index in 0..n {
        let (queue, events) = (queue.clone(), events.clone());
        let name = format!("absolve-check-{index}");
        // Without a worker there are no diagnostics, but still a session.
        let _ = thread::Builder::new().name(name).spawn(move || work(&queue, &events));
    }
    jobs
}

fn work(queue: &Mutex<Receiver<Job>>, events: &Sender<Event>) {
    loop {
        let Ok(job) = queue.lock().map_err(|_| ()).and_then(|it| it.recv().map_err(|_| ())) else { return };
        if events.send(Event::Checked(Box::new(job.run()))).is_err() {
            return;
        }
    }
}

impl Job {
    /// Does it. A panic costs this document's findings, not the session.
    fn run(self) -> Checked {
        let Job { uri, serial, text, unit, task } = self;
        let snapshot = Snapshot::new(text, unit);
        let result = catch_unwind(AssertUnwindSafe(|| task.run(&snapshot)));
        let has_panicked = result.is_err();
        let (reply, notices) = result.unwrap_or_default();
        Checked { uri, serial, snapshot, reply, notices, has_panicked }
    }
}

impl Task {
    fn run(self, snapshot: &Snapshot) -> (Option<Reply>, Vec<Notice>) {
        match self {
            Task::Reply { path, format, project } => {
                let reply = Reply::check(&path, format, &*project, snapshot);
                let notices = reply.notices(snapshot);
                (Some(reply), notices)
            }
            Task::Rules { path, base } => {
                let problems = rule_check::check(&path, &snapshot.text, &base);
                (None, problems.iter().map(|it| Notice::problem(it, snapshot)).collect())
            }
            Task::Known(problems) => (None, problems.iter().map(|it| Notice::problem(it, snapshot)).collect()),
        }
    }
}

impl Reply {
    fn check(path: &std::path::Path, format: Format, project: &dyn Project, snapshot: &Snapshot) -> Reply {
        match Document::parse(&*snapshot.text, format) {
            Ok(document) => Reply { format, diagnostics: project.lint(path, &document), error: None },
            // An editor opens much JSON, YAML and CSV that is no library of replies; its user need not be told.
            Err(error) if is_foreign(path, format, &error) => Reply { format, diagnostics: Vec::new(), error: None },
            Err(error) => Reply { format, diagnostics: Vec::new(), error: Some(error) },
        }
    }

    fn notices(&self, snapshot: &Snapshot) -> Vec<Notice> {
        let sins = Notice::all(&self.diagnostics, snapshot).into_iter();
        sins.chain(self.error.iter().map(|it| Notice::unreadable(it, snapshot))).collect()
    }
}

/// Whether a text that nobody mapped is none of ours.
fn is_foreign(path: &std::path::Path, format: Format, error: &ReadError) -> bool {
    match format {
        Format::Json => error.kind == ReadErrorKind::Foreign,
        Format::Yaml | Format::Csv => !Format::is_walked(&path.to_string_lossy()),
        _ => false,
    }
}
