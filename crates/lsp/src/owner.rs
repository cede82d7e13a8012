//! The one owner of the documents: events in, jobs and effects out. It never waits for anything but the next event.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

use absolve_core::format::Format;
use serde_json::Value;
use tokio::sync::mpsc::UnboundedSender;

use crate::{
    action::Target,
    client::Client,
    config::{self, Configs},
    hover::hover,
    job::{Checked, Job, Task, start_workers},
    message::{Effect, Event, Question, Report},
    notice::Notice,
    position::{Change, Snapshot},
    project::{Problem, Projects},
    rule_check::is_rule_file,
    uri,
};

/// More than one, so that a book does not hold up a reply.
const WORKERS: usize = 2;

/// Events that are handled before checks are started: of a burst of edits, only the last text is checked.
const BURST: usize = 1000;

/// Starts the owner and its workers. They end with [`Event::Stopped`].
pub fn start(projects: Box<dyn Projects>, effects: UnboundedSender<Effect>) -> Sender<Event> {
    let (events, inbox) = channel();
    let jobs = start_workers(WORKERS, &events);
    let owner = Owner {
        client: Client::read(&Value::Null),
        configs: Configs::new(projects),
        documents: HashMap::new(),
        dirty: Vec::new(),
        flagged: Vec::new(),
        serial: 0,
        jobs,
        effects,
        is_cancelled: Arc::default(),
    };
    thread::Builder::new()
        .name("absolve-owner".to_owned())
        .spawn(move || owner.run(&inbox))
        .expect("threads can be made");
    events
}

pub(crate) struct Owner {
    pub(crate) client: Client,
    pub(crate) configs: Configs,
    pub(crate) documents: HashMap<String, Open>,
    /// Documents whose text or rules changed since they were last given to a worker.
    dirty: Vec<String>,
    /// Files that are not open and have notices of ours.
    flagged: Vec<String>,
    /// Counts texts and changes of rules: no two have the same number.
    serial: u64,
    jobs: Sender<Job>,
    pub(crate) effects: UnboundedSender<Effect>,
    /// Tells work that takes long to stop.
    pub(crate) is_cancelled: Arc<AtomicBool>,
}

/// A document that the client has open.
pub(crate) struct Open {
    language: String,
    /// The configuration that held for it when it was last checked.
    config: Option<PathBuf>,
    pub(crate) version: i32,
    pub(crate) text: String,
    /// The number of its text, under its rules.
    pub(crate) serial: u64,
    /// What a worker has of it.
    checking: Option<u64>,
    /// What was last found.
    pub(crate) checked: Option<Arc<Checked>>,
    /// What is to be answered when its present text has been checked.
    waiting: Vec<Question>,
    /// Whether a failure was reported already.
    has_failed: bool,
}

/// What a document is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Reply,
    Config,
    Other,
}

impl Owner {
    fn run(mut self, inbox: &Receiver<Event>) {
        while let Ok(event) = inbox.recv() {
            for event in std::iter::once(event).chain(inbox.try_iter().take(BURST)) {
                if matches!(event, Event::Stopped) {
                    return;
                }
                self.handle_safely(event);
            }
            self.check_dirty();
        }
    }

    fn handle_safely(&mut self, event: Event) {
        if catch_unwind(AssertUnwindSafe(|| self.handle(event))).is_err() {
            self.tell(Effect::Log("a request failed inside Absolve; please report it".to_owned()));
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Started(client) => self.started(*client),
            Event::Ready => self.ready(),
            Event::Opened { uri, language, version, text } => self.opened(uri, language, version, text),
            Event::Changed { uri, version, changes } => self.changed(&uri, version, changes),
            Event::Saved { uri } => self.saved(&uri),
            Event::Closed { uri } => self.closed(&uri),
            Event::FilesChanged => self.refresh(true),
            Event::FoldersChanged { added, removed } => self.folders_changed(added, &removed),
            Event::Configured(settings) => self.configured(&settings),
            Event::Asked { uri, question } => self.asked(&uri, question),
            Event::Ordered { command, arguments, reply } => {
                let _ = reply.send(self.execute(&command, &arguments));
            }
            Event::Cancelled => self.is_cancelled.store(true, Ordering::Relaxed),
            Event::Checked(checked) => self.checked(*checked),
            Event::Stopped => {}
        }
    }

    pub(crate) fn tell(&self, effect: Effect) {
        // The client may be gone; then nobody wants to know.
        let _ = self.effects.send(effect);
    }

    fn started(&mut self, client: Client) {
        self.configs.choose(config::choices(&client.options));
        self.client = client;
    }

    fn ready(&mut self) {
        let Client { watches, configures, registers_configuration, .. } = self.client;
        if watches || registers_configuration {
            self.tell(Effect::Watch { files: watches, settings: registers_configuration });
        }
        if configures {
            self.tell(Effect::FetchSettings);
        }
        // Read now, so that the first document need not wait for it.
        self.configs.project_of(&self.path_of("untitled:"));
    }

    fn opened(&mut self, uri: String, language: String, version: i32, text: String) {
        if !uri::is_known(&uri) {
            return;
        }
        self.refresh(false);
        self.unflag(&uri);
        let document = Open {
            language,
            config: None,
            version,
            text,
            serial: 0,
            checking: None,
            checked: None,
            waiting: Vec::new(),
            has_failed: false,
        };
        self.documents.insert(uri.clone(), document);
        self.touch(&uri);
    }

    fn changed(&mut self, uri: &str, version: i32, changes: Vec<Change>) {
        let unit = self.client.unit;
        let Some(document) = self.documents.get_mut(uri) else { return };
        if version <= document.version {
            let had = document.version;
            self.tell(Effect::Log(format!("ignored an edit of version {version}: version {had} is known already")));
            return;
        }
        document.version = version;
        changes.into_iter().for_each(|it| it.apply(&mut document.text, unit));
        self.touch(uri);
    }

    fn saved(&mut self, uri: &str) {
        // A rule file may be a part of any configuration.
        let is_toml = Path::new(uri).extension().is_some_and(|it| it == "toml");
        self.refresh(is_toml);
    }

    fn closed(&mut self, uri: &str) {
        let Some(document) = self.documents.remove(uri) else { return };
        document.waiting.into_iter().for_each(Question::give_up);
        if !self.client.pulls {
            self.tell(Effect::Publish { uri: uri.to_owned(), version: None, notices: Vec::new() });
        }
        self.flag_problems();
    }

    fn folders_changed(&mut self, added: Vec<String>, removed: &[String]) {
        self.client.folders.retain(|it| !removed.contains(it));
        self.client.folders.extend(added);
        self.refresh(true);
    }

    fn configured(&mut self, settings: &Value) {
        // Some clients announce a change without saying which.
        if settings.is_null() {
            if self.client.configures {
                self.tell(Effect::FetchSettings);
            }
        } else if self.configs.choose(config::choices(settings)) {
            self.rules_changed();
        }
    }

    /// Looks at the configurations again, all of them or those that changed.
    pub(crate) fn refresh(&mut self, all: bool) {
        let has_moved = |(uri, it): (&String, &Open)| self.configs.config_of(&self.path_of(uri)) != it.config;
        let have_moved = self.documents.iter().any(has_moved);
        if self.configs.refresh(all) || have_moved {
            self.rules_changed();
        }
    }

    fn rules_changed(&mut self) {
        let uris: Vec<String> = self.documents.keys().cloned().collect();
        uris.iter().for_each(|it| self.touch(it));
        self.flag_problems();
        if self.client.pulls && self.client.refreshes {
            self.tell(Effect::Refresh);
        }
    }

    /// Has a document checked again.
    fn touch(&mut self, uri: &str) {
        self.serial += 1;
        if let Some(document) = self.documents.get_mut(uri) {
            document.serial = self.serial;
            self.dirty.push(uri.to_owned());
        }
    }

    fn check_dirty(&mut self) {
        for uri in std::mem::take(&mut self.dirty) {
            let Some(document) = self.documents.get(&uri) else { continue };
            if document.checking.is_none() && document.checked_serial() != Some(document.serial) {
                self.start_check(uri);
            }
        }
    }

    fn start_check(&mut self, uri: String) {
        let task = self.task(&uri);
        let config = self.configs.config_of(&self.path_of(&uri));
        let unit = self.client.unit;
        let Some(document) = self.documents.get_mut(&uri) else { return };
        document.config = config;
        document.checking = Some(document.serial);
        let job = Job { serial: document.serial, text: document.text.as_str().into(), unit, task, uri };
        // Workers live as long as the owner.
        let _ = self.jobs.send(job);
    }

    fn task(&mut self, uri: &str) -> Task {
        let path = self.path_of(uri);
        let text = &self.documents[uri].text;
        match kind(uri) {
            Kind::Other if is_rule_file(&path, text) => Task::Rules { base: Box::new(self.configs.base()), path },
            Kind::Config => {
                let n_before = self.configs.problems().count();
                self.configs.project_of(&path);
                if self.configs.problems().count() != n_before {
                    self.flag_problems();
                }
                Task::Known(self.configs.problems().filter(|it| it.path == path).cloned().collect())
            }
            Kind::Other => Task::Known(Vec::new()),
            Kind::Reply => {
                let document = &self.documents[uri];
                let of_name = format_of(uri, &document.language, &document.text);
                let n_before = self.configs.problems().count();
                let project = self.configs.project_of(&path);
                if self.configs.problems().count() != n_before {
                    self.flag_problems();
                }
                Task::Reply { format: project.format(&path).unwrap_or(of_name), path, project }
            }
        }
    }

    /// The path of a document; what has none yet is in the first folder.
    pub(crate) fn path_of(&self, uri: &str) -> PathBuf {
        let folder = || self.client.folders.first().and_then(|it| uri::path_of(it)).unwrap_or_default();
        uri::path_of(uri).unwrap_or_else(|| folder().join("untitled"))
    }

    fn checked(&mut self, checked: Checked) {
        let Some(document) = self.documents.get_mut(&checked.uri) else { return };
        if document.checking != Some(checked.serial) {
            return;
        }
        document.checking = None;
        if checked.serial != document.serial {
            self.dirty.push(checked.uri);
            return;
        }
        let is_news = checked.has_panicked && !std::mem::replace(&mut document.has_failed, checked.has_panicked);
        let checked = Arc::new(checked);
        document.checked = Some(checked.clone());
        let waiting = std::mem::take(&mut document.waiting);
        let version = document.version;
        if is_news {
            self.tell(Effect::Log("a check failed inside Absolve; please report it".to_owned()));
        }
        if !self.client.pulls {
            let (uri, notices) = (checked.uri.clone(), checked.notices.clone());
            self.tell(Effect::Publish { uri, version: Some(version), notices });
        }
        waiting.into_iter().for_each(|it| self.answer(it, version, &checked));
    }

    fn asked(&mut self, uri: &str, question: Question) {
        let Some(document) = self.documents.get_mut(uri) else { return question.give_up() };
        match document.checked.clone().filter(|it| it.serial == document.serial) {
            Some(checked) => {
                let version = document.version;
                self.answer(question, version, &checked);
            }
            None => document.waiting.push(question),
        }
    }

    /// Answers from a text that is the present one.
    fn answer(&self, question: Question, version: i32, checked: &Checked) {
        let has_folder = !self.client.folders.is_empty();
        let target = Target { uri: &checked.uri, version, checked, client: &self.client, has_folder };
        // A client that no longer wants to know has dropped its end.
        match question {
            Question::Diagnostics { previous, reply } => drop(reply.send(report(previous.as_deref(), checked))),
            Question::Actions { range, only, reply } => drop(reply.send(target.actions(range, &only))),
            Question::Hover { position, reply } => drop(reply.send(hover(checked, position, self.client.markdown))),
            Question::Completions { position, reply } => drop(reply.send(target.completions(position))),
        }
    }

    /// Shows what is wrong with files that are not open; those that are say it themselves.
    fn flag_problems(&mut self) {
        let mut by_file: BTreeMap<PathBuf, Vec<Problem>> = BTreeMap::new();
        for problem in self.configs.problems() {
            by_file.entry(problem.path.clone()).or_default().push(problem.clone());
        }
        let mut flagged = Vec::new();
        for (path, problems) in by_file {
            let Some(uri) = uri::of_path(&path).filter(|_| path.is_file()) else {
                // A wrong setting has no file to be shown in.
                problems.into_iter().for_each(|it| self.tell(Effect::Show { is_error: true, text: it.message }));
                continue;
            };
            if self.documents.contains_key(&uri) {
                self.touch(&uri);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            let snapshot = Snapshot::new(text.into(), self.client.unit);
            let notices = problems.iter().map(|it| Notice::problem(it, &snapshot)).collect();
            self.tell(Effect::Publish { uri: uri.clone(), version: None, notices });
            flagged.push(uri);
        }
        for uri in std::mem::replace(&mut self.flagged, flagged) {
            if !self.flagged.contains(&uri) && !self.documents.contains_key(&uri) {
                self.tell(Effect::Publish { uri, version: None, notices: Vec::new() });
            }
        }
    }

    /// What was said of a file that is not open is taken back.
    fn unflag(&mut self, uri: &str) {
        if let Some(at) = self.flagged.iter().position(|it| it == uri) {
            let uri = self.flagged.swap_remove(at);
            self.tell(Effect::Publish { uri, version: None, notices: Vec::new() });
        }
    }
}

impl Open {
    fn checked_serial(&self) -> Option<u64> {
        self.checked.as_ref().map(|it| it.serial)
    }
}

impl Question {
    /// Answers that there is nothing: the document is not open.
    fn give_up(self) {
        match self {
            Question::Diagnostics { reply, .. } => {
                drop(reply.send(Report::Full { name: String::new(), notices: Vec::new() }));
            }
            Question::Actions { reply, .. } => drop(reply.send(Vec::new())),
            Question::Hover { reply, .. } => drop(reply.send(None)),
            Question::Completions { reply, .. } => drop(reply.send(Vec::new())),
        }
    }
}

fn report(previous: Option<&str>, checked: &Checked) -> Report {
    let name = checked.serial.to_string();
    if previous == Some(&*name) {
        return Report::Unchanged { name };
    }
    Report::Full { name, notices: checked.notices.clone() }
}

fn kind(uri: &str) -> Kind {
    match uri.rsplit('/').next() {
        Some(config::FILE_NAME) => Kind::Config,
        Some(name) if name.ends_with(".toml") => Kind::Other,
        _ => Kind::Reply,
    }
}

/// By the extension; else by what the editor calls it, where that says anything; else by the content.
fn format_of(uri: &str, language: &str, text: &str) -> Format {
    let of_language = || match language {
        "markdown" => Some(Format::Markdown),
        "html" => Some(Format::Html),
        _ => None,
    };
    Format::of_extension(uri).or_else(of_language).unwrap_or_else(|| Format::detect("", text.as_bytes()))
}
