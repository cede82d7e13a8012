//! An editor that speaks to `absolve lsp`, and what it is told of a team's own libraries.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::Path,
    process::{ChildStdin, ChildStdout, Stdio},
};

use serde_json::{Value, json};

use crate::case::{Running, absolve};

/// An editor with one session.
pub struct Editor {
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    _server: Running,
}

impl Editor {
    /// Starts the server in a folder.
    pub fn start(folder: &Path) -> Editor {
        let mut command = absolve(folder);
        let child = command.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it was built");
        let mut server = Running(child);
        let stdin = server.0.stdin.take().expect("it is piped");
        let stdout = BufReader::new(server.0.stdout.take().expect("it is piped"));
        let mut editor = Editor { stdin, stdout, _server: server };
        editor.say(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "capabilities": {} } }));
        editor.hear(|it| it["id"] == 1);
        editor.say(&json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
        editor
    }

    /// Opens a document; what is told of it.
    pub fn open(&mut self, uri: &str, language: &str, text: &str) -> Vec<Value> {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        let params = json!({ "textDocument": document });
        self.say(&json!({ "jsonrpc": "2.0", "method": "textDocument/didOpen", "params": params }));
        let told = self.hear(|it| it["method"] == "textDocument/publishDiagnostics" && it["params"]["uri"] == uri);
        told["params"]["diagnostics"].as_array().expect("a list").clone()
    }

    fn say(&mut self, message: &Value) {
        let message = message.to_string();
        write!(self.stdin, "Content-Length: {}\r\n\r\n{message}", message.len()).expect("it reads");
    }

    /// The first message that is meant.
    fn hear(&mut self, is_meant: impl Fn(&Value) -> bool) -> Value {
        loop {
            let mut length = 0;
            loop {
                let mut line = String::new();
                assert!(self.stdout.read_line(&mut line).expect("text") > 0, "it went away");
                match line.trim() {
                    "" => break,
                    it => length = it.strip_prefix("Content-Length: ").and_then(|it| it.parse().ok()).unwrap_or(length),
                }
            }
            let mut body = vec![0; length];
            self.stdout.read_exact(&mut body).expect("a message");
            let message = serde_json::from_slice(&body).expect("JSON");
            if is_meant(&message) {
                return message;
            }
        }
    }
}

const CONFIG: &str = r#"
[[mapping]]
files = ["ours/*.json", "ours/*.csv"]
items = "[]"
title = "name"
bodies = [{ path = "said" }]
"#;

#[test]
fn a_team_s_libraries_are_read_in_editors_as_it_maps_them() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    fs::write(folder.path().join("absolve.toml"), CONFIG).expect("a file can be written");
    fs::create_dir(folder.path().join("ours")).expect("a folder can be made");
    let mut editor = Editor::start(folder.path());
    let mut check = |name: &str, language: &str, text: &str, expected: &[(&str, u64)]| {
        let uri = format!("file://{}/{name}", folder.path().display());
        let told = editor.open(&uri, language, text);
        let found =
            |it: &Value| (it["code"].as_str().unwrap_or_default().to_owned(), it["range"]["start"]["line"].as_u64());
        let found: Vec<_> = told.iter().map(found).collect();
        let expected: Vec<_> = expected.iter().map(|it| (it.0.to_owned(), Some(it.1))).collect();
        assert_eq!(found, expected, "{name}: {told:?}");
    };
    let json = "[{\"name\":\"A\",\"said\":\"It left.\"},\n{\"name\":\"B\",\"said\":\"Sorry for the inconvenience.\"}]";
    check("ours/a.json", "json", json, &[("inconvenience-apology", 1)]);
    check("ours/a.csv", "csv", "name;said\nA;Sorry for the inconvenience.\n", &[("inconvenience-apology", 1)]);
    check("ours/b.json", "json", "[{\"name\":\"A\",\"said\":\"It left.\"},\n{]", &[("unreadable", 1)]);
    // What nobody mapped is none of ours, whole or broken.
    check("package.json", "json", "{\"name\":\"app\"}", &[]);
    check("tsconfig.json", "jsonc", "{ // Ours\n}", &[]);
    check("macros.json", "json", "{\"macros\":[\n{]", &[("unreadable", 1)]);
}
