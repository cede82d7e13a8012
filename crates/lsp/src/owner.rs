//! The one owner of the documents: events in, checks and effects out. It never waits for anything but the next event.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use absolve_core::fault::isolate;
use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::{
    action::Target,
    client::Client,
    config::{self, Configs},
    hover::hover,
    job::{Checked, Job, ReplyTask, Task, Workers},
    message::{Effect, Event, Question, Report},
    notice::Notice,
    open::{Kind, Open},
    position::{Change, Snapshot},
    project::{Problem, Project, Projects},
    rule_check::is_rule_file,
    uri,
};

/// Events that are handled before checks are started: of a burst of edits, only the last text is checked.
const BURST: usize = 1000;

/// Starts the owner, as a task, and its workers. They end with the runtime.
pub fn start(projects: Box<dyn Projects>, effects: UnboundedSender<Effect>) -> UnboundedSender<Event> {
    let (events, inbox) = unbounded_channel();
    let workers = Workers::start(&events);
    let owner = Owner {
        client: Client::read(&Value::Null),
        configs: Configs::new(projects),
        documents: HashMap::new(),
        dirty: Vec::new(),
        flagged: Vec::new(),
        serial: 0,
        workers,
        effects,
        is_cancelled: Arc::default(),
    };
    tokio::spawn(owner.run(inbox));
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
    workers: Workers,
    pub(crate) effects: UnboundedSender<Effect>,
    /// Tells work that takes long to stop.
    pub(crate) is_cancelled: Arc<AtomicBool>,
}

impl Owner {
    async fn run(mut self, mut inbox: UnboundedReceiver<Event>) {
        let mut events = Vec::new();
        while inbox.recv_many(&mut events, BURST).await > 0 {
            events.drain(..).for_each(|it| self.handle_safely(it));
            self.check_dirty();
        }
    }

    fn handle_safely(&mut self, event: Event) {
        let name = event.uri().map(|it| name(it).to_owned());
        if isolate(|| self.handle(event)).is_none() {
            let of = name.map_or_else(String::new, |it| format!(" of {it}"));
            self.tell(Effect::Log(format!("a request{of} failed: this is a fault in Absolve; please report it")));
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
        let config = self.configs.config_of(&self.path_of(&uri));
        let document = Open::new(language, version, Snapshot::new(text, self.client.unit), config);
        self.documents.insert(uri.clone(), document);
        self.touch(&uri);
        self.tell_if_large(&uri);
    }

    fn changed(&mut self, uri: &str, version: i32, changes: Vec<Change>) {
        let Some(document) = self.documents.get_mut(uri) else { return };
        if version <= document.version {
            let had = document.version;
            self.tell(Effect::Log(format!("ignored an edit of version {version}: version {had} is known already")));
            return;
        }
        document.edit(version, changes);
        if document.is_large() {
            self.serial += 1;
            document.serial = self.serial;
            document.give_up();
            self.tell_if_large(uri);
        } else {
            self.touch(uri);
        }
    }

    /// Says once what is not done for a document.
    fn tell_if_large(&mut self, uri: &str) {
        let Some(document) = self.documents.get_mut(uri).filter(|it| it.is_large()) else { return };
        if !std::mem::replace(&mut document.is_said_to_be_large, true) {
            let (name, limit) = (name(uri), Job::LARGE >> 20);
            let text = format!(
                "{name} is larger than {limit} MB: Absolve checks it when it is opened and saved, not as you type"
            );
            self.tell(Effect::Show { is_error: false, text });
        }
    }

    fn saved(&mut self, uri: &str) {
        // A rule file may be a part of any configuration.
        let is_toml = Path::new(uri).extension().is_some_and(|it| it == "toml");
        self.refresh(is_toml);
        if self.documents.get(uri).is_some_and(|it| it.is_large() && it.current().is_none() && !it.is_under_way()) {
            self.touch(uri);
        }
    }

    fn closed(&mut self, uri: &str) {
        let Some(document) = self.documents.remove(uri) else { return };
        document.waiting.into_iter().for_each(|it| it.give_up(None));
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
        for uri in &uris {
            let config = self.configs.config_of(&self.path_of(uri));
            if let Some(document) = self.documents.get_mut(uri) {
                document.config = config;
                document.spare = None;
                document.without.clear();
            }
            self.touch(uri);
        }
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
            if !std::mem::replace(&mut document.is_due, true) {
                self.dirty.push(uri.to_owned());
            }
        }
    }

    fn check_dirty(&mut self) {
        while !self.dirty.is_empty() {
            let uris = std::mem::take(&mut self.dirty);
            // The one that is being typed may be checked here and now; if all change at once, workers share them.
            let is_alone = uris.len() == 1;
            uris.iter().for_each(|it| self.check(it, is_alone));
        }
    }

    fn check(&mut self, uri: &str, is_alone: bool) {
        let Some(document) = self.documents.get_mut(uri) else { return };
        if document.checking.is_some() || !std::mem::take(&mut document.is_due) {
            return;
        }
        let (serial, snapshot) = (document.serial, document.snapshot.clone());
        document.checking = Some(serial);
        let checked = isolate(|| {
            let job = Job {
                uri: uri.to_owned(),
                serial,
                snapshot: snapshot.clone(),
                extras: self.client.extras,
                task: self.task(uri),
            };
            self.workers.give(job, is_alone)
        });
        let failed = || Some(Job::failed(uri.to_owned(), serial, snapshot));
        if let Some(checked) = checked.unwrap_or_else(failed) {
            self.handle_safely(Event::Checked(Box::new(checked)));
        }
    }

    fn task(&mut self, uri: &str) -> Task {
        let path = self.path_of(uri);
        match Kind::of(uri) {
            Kind::Other if is_rule_file(&path, &self.documents[uri].snapshot.text) => {
                Task::Rules { base: Box::new(self.configs.base()), path }
            }
            Kind::Other => Task::Known(Vec::new()),
            Kind::Config => {
                self.load(uri);
                Task::Known(self.configs.problems().filter(|it| it.path == path).cloned().collect())
            }
            Kind::Reply => {
                let project = self.load(uri);
                let document = &self.documents[uri];
                let project = document.spare.clone().unwrap_or(project);
                let format = project.format(&path).unwrap_or_else(|| document.format(uri));
                Task::Reply(ReplyTask { path, format, project, without: document.without.clone() })
            }
        }
    }

    /// The rules that hold for a document; what is wrong with them is shown.
    fn load(&mut self, uri: &str) -> Arc<dyn Project> {
        let n_before = self.configs.problems().count();
        let project = self.configs.project(self.documents[uri].config.clone());
        if self.configs.problems().count() != n_before {
            self.flag_problems();
        }
        project
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
        if document.is_due {
            self.dirty.push(checked.uri);
            return;
        }
        let checked = Arc::new(checked);
        let news = document.learn(&checked);
        let is_current = checked.serial == document.serial;
        if is_current {
            document.checked = Some(checked.clone());
        } else {
            document.give_up();
        }
        let waiting = std::mem::take(&mut document.waiting);
        let (version, is_large) = (document.version, document.is_large());
        if let Some(news) = news {
            self.tell(Effect::Log(format!("{}: {news}", name(&checked.uri))));
        }
        if !is_current {
            return;
        }
        if !self.client.pulls {
            let (uri, notices) = (checked.uri.clone(), checked.notices.clone());
            self.tell(Effect::Publish { uri, version: Some(version), notices });
        } else if is_large && waiting.is_empty() && self.client.refreshes {
            // It was last asked when there was nothing to say yet.
            self.tell(Effect::Refresh);
        }
        waiting.into_iter().for_each(|it| self.answer(it, version, &checked));
    }

    fn asked(&mut self, uri: &str, question: Question) {
        let Some(document) = self.documents.get_mut(uri) else { return question.give_up(None) };
        let may_wait = matches!(question, Question::Diagnostics { .. }) && document.is_under_way();
        match document.current().cloned() {
            Some(checked) => {
                let version = document.version;
                self.answer(question, version, &checked);
            }
            None if document.is_large() && !may_wait => question.give_up(document.checked.as_deref()),
            None => document.waiting.push(question),
        }
    }

    /// Answers from a text that is the present one.
    fn answer(&self, question: Question, version: i32, checked: &Checked) {
        let has_folder = !self.client.folders.is_empty();
        let target = Target { uri: &checked.uri, version, checked, client: &self.client, has_folder };
        // A client that no longer wants to know has dropped its end.
        match question {
            Question::Diagnostics { previous, reply } => drop(reply.send(Report::of(checked, previous.as_deref()))),
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
            let snapshot = Snapshot::new(text, self.client.unit);
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

/// A document as people call it: its file's name.
fn name(uri: &str) -> &str {
    uri.rsplit('/').next().unwrap_or(uri)
}
