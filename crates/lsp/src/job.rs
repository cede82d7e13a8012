//! Jobs: what is done with a document's text, at once if it is short, else by workers while the owner goes on.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, LazyLock, Mutex,
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

use absolve_core::{
    diagnostic::Diagnostic,
    document::{Document, ReadError, ReadErrorKind},
    fault::{culprit, isolate},
    format::Format,
    rule::Rule,
    rule_set::RuleSet,
};

use tokio::sync::mpsc::UnboundedSender;

use crate::{
    client::Extras,
    message::Event,
    notice::{MOST, Notice},
    position::Snapshot,
    project::Project,
    rule_check,
};

/// A text to be checked.
pub struct Job {
    /// Whose text.
    pub uri: String,
    /// Which text: the owner counts them.
    pub serial: u64,
    /// The text itself.
    pub snapshot: Snapshot,
    /// What the client shows of a notice.
    pub extras: Extras,
    /// How to check it.
    pub task: Task,
}

/// How a text is checked.
pub enum Task {
    /// A reply or a macro library.
    Reply(ReplyTask),
    /// A rule file, on top of these rules.
    Rules { path: PathBuf, base: Box<RuleSet> },
    /// What is wrong with the file is known already.
    Known(Vec<crate::project::Problem>),
}

/// A reply or a macro library to be checked.
pub struct ReplyTask {
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub format: Format,
    /// Its rules.
    pub project: Arc<dyn Project>,
    /// Rules that are not among them, for they panicked over this document.
    pub without: Vec<String>,
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
    /// What of ours went wrong.
    pub fault: Option<Fault>,
}

/// A reply or a macro library, checked.
#[derive(Debug)]
pub struct Reply {
    /// What it was read as.
    pub format: Format,
    /// Its sins: of a large document, the first [`MOST`]. Their fixes are made when somebody asks: at most letters that are
    /// typed, nobody does.
    pub diagnostics: LazyLock<Vec<Diagnostic>, Mend>,
}

/// Completes the sins of a reply with their fixes.
type Mend = Box<dyn FnOnce() -> Vec<Diagnostic> + Send>;

/// A panic of ours.
#[derive(Clone, Default)]
pub struct Fault {
    /// The rule that panicked, and the rules without it; none if it was no rule.
    pub culprit: Option<(String, Arc<dyn Project>)>,
}

/// Where jobs go.
pub struct Workers {
    small: Sender<Job>,
    large: Sender<Job>,
}

impl Workers {
    /// Small documents are checked by so many at once.
    const SMALL: usize = 2;

    /// Starts them. They end when the owner is gone.
    pub fn start(events: &UnboundedSender<Event>) -> Workers {
        // However many books are open, a reply does not wait for them.
        Workers { small: workers(Workers::SMALL, "small", events), large: workers(1, "large", events) }
    }

    /// Has a job done. If it `may_be_now` and takes no time, here is what came of it; else an event tells.
    pub fn give(&self, job: Job, may_be_now: bool) -> Option<Checked> {
        let run = || isolate(|| job.task.run(&job.snapshot, job.extras));
        if let Some(found) = (may_be_now && job.is_tiny()).then(run).flatten() {
            return Some(job.checked(found, None));
        }
        // What panicked as well: a worker finds out why.
        let queue = if job.is_large() { &self.large } else { &self.small };
        // Workers live as long as the owner.
        let _ = queue.send(job);
        None
    }
}

fn workers(n: usize, what: &str, events: &UnboundedSender<Event>) -> Sender<Job> {
    let (jobs, queue) = mpsc::channel();
    let queue = Arc::new(Mutex::new(queue));
    for index in 0..n {
        let (queue, events) = (queue.clone(), events.clone());
        let name = format!("absolve-{what}-{index}");
        // Without a worker there are no diagnostics, but still a session.
        let _ = thread::Builder::new().name(name).spawn(move || work(&queue, &events));
    }
    jobs
}

fn work(queue: &Mutex<Receiver<Job>>, events: &UnboundedSender<Event>) {
    loop {
        let Ok(job) = queue.lock().map_err(|_| ()).and_then(|it| it.recv().map_err(|_| ())) else { return };
        if events.send(Event::Checked(Box::new(job.run()))).is_err() {
            return;
        }
    }
}

impl Job {
    /// The largest document, in bytes, that is checked while it is typed.
    pub const LARGE: usize = 4 << 20;

    /// The largest document, in bytes, that is checked at once: in a few milliseconds. Replies are smaller.
    const TINY: usize = 64 << 10;

    fn is_large(&self) -> bool {
        self.snapshot.text.len() > Job::LARGE
    }

    fn is_tiny(&self) -> bool {
        self.snapshot.text.len() <= Job::TINY && !matches!(self.task, Task::Rules { .. })
    }

    /// Does it. A panic costs this document the findings of one rule, at worst all, not the session.
    fn run(mut self) -> Checked {
        match isolate(|| self.task.run(&self.snapshot, self.extras)) {
            Some(found) => self.checked(found, None),
            None => {
                let (found, fault) = self.task.run_without_culprit(&self.snapshot, self.extras);
                self.checked(found.unwrap_or_default(), Some(fault))
            }
        }
    }

    fn checked(self, (reply, mut notices): Found, fault: Option<Fault>) -> Checked {
        let Job { uri, serial, snapshot, .. } = self;
        if fault.as_ref().is_some_and(|it| it.culprit.is_none()) {
            notices.push(Notice::fault(None));
        }
        Checked { uri, serial, snapshot, reply, notices, fault }
    }

    /// What came of a job that could not even be given to a worker.
    pub fn failed(uri: String, serial: u64, snapshot: Snapshot) -> Checked {
        let (notices, fault) = (vec![Notice::fault(None)], Some(Fault::default()));
        Checked { uri, serial, snapshot, reply: None, notices, fault }
    }
}

type Found = (Option<Reply>, Vec<Notice>);

impl Task {
    fn run(&self, snapshot: &Snapshot, extras: Extras) -> Found {
        match self {
            Task::Reply(task) => task.run(snapshot, extras),
            Task::Rules { path, base } => {
                let problems = rule_check::check(path, &snapshot.text, base);
                (None, problems.iter().map(|it| Notice::problem(it, snapshot)).collect())
            }
            Task::Known(problems) => (None, problems.iter().map(|it| Notice::problem(it, snapshot)).collect()),
        }
    }

    /// After a panic: everything but the rule that it came from.
    fn run_without_culprit(&mut self, snapshot: &Snapshot, extras: Extras) -> (Option<Found>, Fault) {
        let Task::Reply(task) = self else { return (None, Fault::default()) };
        let Some((name, spare)) = isolate(|| task.culprit(snapshot)).flatten() else { return (None, Fault::default()) };
        task.project = spare.clone();
        task.without.push(name.clone());
        match isolate(|| task.run(snapshot, extras)) {
            Some(found) => (Some(found), Fault { culprit: Some((name, spare)) }),
            None => (None, Fault::default()),
        }
    }
}

impl Reply {
    fn new(format: Format, mend: impl FnOnce() -> Vec<Diagnostic> + Send + 'static) -> Reply {
        Reply { format, diagnostics: LazyLock::new(Box::new(mend)) }
    }
}

impl ReplyTask {
    fn run(&self, snapshot: &Snapshot, extras: Extras) -> Found {
        let ReplyTask { path, format, project, without } = self;
        let format = *format;
        let mut notices: Vec<Notice> = without.iter().map(|it| Notice::fault(Some(it))).collect();
        let document = match self.read(snapshot) {
            Ok(document) => document,
            Err(error) => {
                notices.extend(error.map(|it| Notice::unreadable(&it, snapshot)));
                return (Some(Reply::new(format, Vec::new)), notices);
            }
        };
        let mut diagnostics = project.lint(path, &document);
        // A large document is not kept for its fixes; and the tag of what can simply go is read from them.
        let is_large = snapshot.text.len() > Job::LARGE;
        let n_fixes = if is_large { MOST.min(diagnostics.len()) } else { diagnostics.len() };
        let is_mended_now = is_large || extras.tags;
        if is_mended_now {
            project.add_fixes(&document, &mut diagnostics[..n_fixes]);
        }
        notices.extend(Notice::all(&diagnostics, &document, snapshot, extras));
        diagnostics.truncate(n_fixes);
        if is_mended_now {
            return (Some(Reply::new(format, || diagnostics)), notices);
        }
        let project = project.clone();
        let mend = move || {
            project.add_fixes(&document, &mut diagnostics);
            diagnostics
        };
        (Some(Reply::new(format, mend)), notices)
    }

    /// An editor opens much JSON, YAML and CSV that is no library of replies; its user need not be told.
    fn read(&self, snapshot: &Snapshot) -> Result<Document, Option<ReadError>> {
        let document = Document::parse(snapshot.text.as_str(), self.format);
        document.map_err(|it| (!is_foreign(&self.path, self.format, &it)).then_some(it))
    }

    /// The rule that panics over the text, and the rules without it.
    fn culprit(&self, snapshot: &Snapshot) -> Option<(String, Arc<dyn Project>)> {
        let document = self.read(snapshot).ok()?;
        let rules: Vec<&Rule> = self.project.rules().rules().map(|it| &**it).collect();
        let panics = |rules: &[&Rule]| {
            let only = self.project.only(&|it| rules.iter().any(|one| is_same(one, it)));
            let lint = |it: &dyn Project| it.add_fixes(&document, &mut it.lint(&self.path, &document));
            only.is_some_and(|it| isolate(|| lint(&*it)).is_none())
        };
        let culprit = culprit(&rules, &panics)?;
        let spare = self.project.only(&|it| !is_same(culprit, it))?;
        Some((format!("{}/{}", culprit.language, culprit.sin), spare))
    }
}

fn is_same(a: &Rule, b: &Rule) -> bool {
    (&a.sin, &a.language) == (&b.sin, &b.language)
}

impl std::fmt::Debug for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Fault").field(&self.culprit.as_ref().map(|it| &it.0)).finish()
    }
}

/// Whether a text that nobody mapped is none of ours.
fn is_foreign(path: &Path, format: Format, error: &ReadError) -> bool {
    match format {
        Format::Json => error.kind == ReadErrorKind::Foreign,
        Format::Yaml | Format::Csv => !Format::is_walked(&path.to_string_lossy()),
        _ => false,
    }
}
