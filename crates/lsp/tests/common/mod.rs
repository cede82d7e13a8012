//! A client that speaks to a server in the same process, and rules that stay the same whatever `rules/` says.
#![allow(dead_code, reason = "each test uses a part of it")]

pub mod editing;

use std::{
    collections::{HashMap, VecDeque},
    io::{BufRead, BufReader, PipeReader, PipeWriter, Read, Write, pipe},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};

use absolve_core::{
    diagnostic::Diagnostic, document::Document, linter::Linter, rule::Rule, rule_pack::RulePack, rule_set::RuleSet,
};
use absolve_lsp::project::{Choices, Problem, Project, Projects};
use serde_json::{Value, json};

/// Longer than any answer takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Session {
    to: Option<PipeWriter>,
    from: Receiver<Value>,
    code: Receiver<u8>,
    next_id: i64,
    /// Notifications and requests of the server's that nobody has looked at yet.
    pub inbox: VecDeque<Value>,
    /// What the client answers when asked for its settings.
    pub settings: Value,
    pub texts: Texts,
}

/// The text of each file as the server last saw it.
pub type Texts = Arc<Mutex<HashMap<PathBuf, String>>>;

impl Session {
    /// A server that has been told nothing yet.
    pub fn raw() -> Session {
        let texts = Texts::default();
        Session::with(Box::new(Bench { texts: texts.clone() }), texts)
    }

    pub fn with(projects: Box<dyn Projects>, texts: Texts) -> Session {
        let (input, to) = pipe().expect("a pipe");
        let (ours, output) = pipe().expect("a pipe");
        let (messages, from) = channel();
        let (end, code) = channel();
        thread::spawn(move || end.send(absolve_lsp::serve(BufReader::new(input), output, projects)));
        thread::spawn(move || listen(BufReader::new(ours), &messages));
        Session { to: Some(to), from, code, next_id: 0, inbox: VecDeque::new(), settings: Value::Null, texts }
    }

    /// A session of a client with these capabilities.
    pub fn start(capabilities: Value) -> Session {
        Session::start_in(capabilities, Value::Null)
    }

    /// The same, with a folder.
    pub fn start_in(capabilities: Value, folder: Value) -> Session {
        let mut session = Session::raw();
        session.initialize(capabilities, folder);
        session
    }

    pub fn initialize(&mut self, capabilities: Value, folder: Value) -> Value {
        let params = json!({"processId": null, "rootUri": folder, "capabilities": capabilities});
        let answer = self.request("initialize", params);
        self.notify("initialized", json!({}));
        answer
    }

    pub fn send_bytes(&mut self, bytes: &[u8]) {
        let to = self.to.as_mut().expect("the client is still there");
        to.write_all(bytes).expect("the server reads");
    }

    pub fn send(&mut self, message: &Value) {
        self.send_bytes(&frame(message));
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let answer = self.ask(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The whole answer.
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next_id += 1;
        let id = self.next_id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        self.answer(id)
    }

    pub fn answer(&mut self, id: i64) -> Value {
        loop {
            let message = self.read();
            if message["id"] == json!(id) && message.get("method").is_none() {
                return message;
            }
            self.keep(message);
        }
    }

    /// The parameters of the next message of that method.
    pub fn wait_for(&mut self, method: &str) -> Value {
        if let Some(at) = self.inbox.iter().position(|it| it["method"] == method) {
            return self.inbox.remove(at).expect("it was just found")["params"].take();
        }
        loop {
            let mut message = self.read();
            if message["method"] == method {
                self.respond(&message);
                return message["params"].take();
            }
            self.keep(message);
        }
    }

    fn keep(&mut self, message: Value) {
        self.respond(&message);
        self.inbox.push_back(message);
    }

    fn respond(&mut self, message: &Value) {
        if message.get("method").is_none() || message.get("id").is_none() {
            return;
        }
        let result = match message["method"].as_str() {
            Some("workspace/configuration") => json!([self.settings]),
            Some("workspace/applyEdit") => json!({"applied": true}),
            _ => Value::Null,
        };
        self.send(&json!({"jsonrpc": "2.0", "id": message["id"], "result": result}));
    }

    pub fn read(&mut self) -> Value {
        self.from.recv_timeout(PATIENCE).expect("the server answers in time")
    }

    /// The diagnostics of a version, once they are pushed.
    pub fn published(&mut self, version: i32) -> Vec<Value> {
        loop {
            let params = self.wait_for("textDocument/publishDiagnostics");
            if params["version"] == json!(version) {
                return params["diagnostics"].as_array().expect("a list").clone();
            }
        }
    }

    pub fn open(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    pub fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({"uri": uri, "version": version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }

    pub fn actions(&mut self, uri: &str, line: u32, column: u32, only: Value) -> Vec<Value> {
        let at = json!({"line": line, "character": column});
        let context = json!({"diagnostics": [], "only": only});
        let params = json!({"textDocument": {"uri": uri}, "range": {"start": at, "end": at}, "context": context});
        self.request("textDocument/codeAction", params).as_array().expect("a list").clone()
    }

    /// Whether the server still does its work.
    pub fn is_alive(&mut self) -> bool {
        let params = json!({"textDocument": {"uri": "file:///nothing"}, "position": {"line": 0, "character": 0}});
        self.request("textDocument/hover", params).is_null()
    }

    /// The exit code, with the client's end still open.
    pub fn exit_code(&mut self) -> u8 {
        self.code.recv_timeout(PATIENCE).expect("the server ends, and does not panic")
    }

    /// The client is gone.
    pub fn vanish(&mut self) {
        self.to = None;
    }
}

pub fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// Passes on what the server writes, until it has ended.
fn listen(mut from: BufReader<PipeReader>, messages: &Sender<Value>) {
    while let Some(body) = read_body(&mut from) {
        let message = serde_json::from_slice(&body).expect("the server writes JSON");
        if messages.send(message).is_err() {
            return;
        }
    }
}

fn read_body(from: &mut BufReader<PipeReader>) -> Option<Vec<u8>> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        from.read_line(&mut line).expect("the server writes headers");
        match line.trim().strip_prefix("Content-Length: ") {
            Some(n) => length = n.parse().expect("a number"),
            None if line.is_empty() => return None,
            None if line.trim().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).expect("the server writes the whole body");
    Some(body)
}

/// The rules of these tests, with one switch: a configuration that says `broken` is broken, one that names a sin
/// turns it off.
pub struct Bench {
    pub texts: Texts,
}

struct BenchProject {
    linter: Linter,
    texts: Texts,
}

impl Projects for Bench {
    fn base(&self) -> RuleSet {
        rules()
    }

    fn config_of(&self, path: &Path) -> Option<PathBuf> {
        assert!(!path.ends_with("panic-config.txt"), "asked to");
        path.ancestors().map(|it| it.join("absolve.toml")).find(|it| it.is_file())
    }

    fn files_in(&self, folder: &Path) -> Vec<PathBuf> {
        assert!(!folder.ends_with("panic"), "asked to");
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut files: Vec<PathBuf> =
            entries.map(|it| it.path()).filter(|it| it.extension().is_some_and(|it| it == "txt")).collect();
        files.sort();
        files
    }

    fn load(&self, config: Option<&Path>, choices: &Choices) -> Result<Arc<dyn Project>, Vec<Problem>> {
        let mut rules = rules();
        if let Some(path) = config {
            let text = std::fs::read_to_string(path).unwrap_or_default();
            if text.contains("broken") {
                let message = "this is broken; mend it".to_owned();
                return Err(vec![Problem { path: path.to_owned(), line: Some(2), message }]);
            }
            rules.retain(|it| !text.contains(&it.sin));
        }
        if choices.profile.as_deref() == Some("silent") {
            rules.retain(|_| false);
        }
        Ok(Arc::new(BenchProject { linter: Linter::new(rules), texts: self.texts.clone() }))
    }
}

impl Project for BenchProject {
    /// Comes to grief over some words: as a whole, or in one rule.
    fn lint(&self, path: &Path, document: &Document) -> Vec<Diagnostic> {
        assert!(!document.text.contains("PANIC"), "asked to");
        let has_french = self.linter.rules().rules().any(|it| it.language == "fr");
        assert!(!(has_french && document.text.contains("PANIQUE")), "asked to");
        self.texts.lock().expect("no one panics with it").insert(path.to_owned(), document.text.clone());
        self.linter.lint_without_fixes(document)
    }

    fn add_fixes(&self, document: &Document, diagnostics: &mut [Diagnostic]) {
        self.linter.add_fixes(document, diagnostics);
    }

    fn ignores(&self, path: &Path) -> bool {
        path.ends_with("ignored.txt")
    }

    fn rules(&self) -> &RuleSet {
        self.linter.rules()
    }

    fn only(&self, keep: &dyn Fn(&Rule) -> bool) -> Option<Arc<dyn Project>> {
        let mut rules = self.linter.rules().clone();
        rules.retain(keep);
        Some(Arc::new(BenchProject { linter: Linter::new(rules), texts: self.texts.clone() }))
    }
}

fn rules() -> RuleSet {
    let pack = RulePack::parse([("en/empty-apology.toml", ENGLISH), ("fr/empty-apology.toml", FRENCH)]);
    RuleSet::default().with(&pack.expect("they can be read")).expect("they compile")
}

const ENGLISH: &str = r#"
title = "Apology for “the inconvenience”"
family = "apology"
severity = "error"
why = "It names nothing."
instead = "Name what happened."
source = "A book"
message = "“{match}” apologises for nothing in particular."
phrase = [
    { find = ["any inconvenience"], fixes = [{ with = "I'm sorry: {what happened}. It cost {$ amount}." }] },
    { find = ["please kindly"], severity = "info", message = "“{match}” is stiff.", fixes = [
        { with = "please", replace = "phrase", safe = true }] },
    { find = ["just"], severity = "info", message = "“{match}” says nothing.", fixes = [
        { with = "", replace = "phrase", safe = true }] },
]
fix = [{ with = "I am sorry that this happened." }]
bad = [{ text = "Sorry for any inconvenience." }, { text = "Please kindly wait." }, { text = "It is just fine." }]
good = [{ text = "Fine." }]
"#;

const FRENCH: &str = r#"
title = "Excuses pour « la gêne »"
family = "apology"
severity = "error"
why = "Elles ne nomment rien."
instead = "Nommez ce qui s'est passé."
source = "Un livre"
message = "« {match} » ne nomme rien."
phrase = [{ find = ["gêne occasionnée"] }]
fix = [{ with = "Je suis désolé : {ce qui s'est passé}." }]
bad = [{ text = "Désolé pour la gêne occasionnée." }]
good = [{ text = "Bien." }]
"#;
