//! What a client is told and offered, in whole sessions.

mod common;

use std::fs;

use common::Session;
use serde_json::{Value, json};

const URI: &str = "file:///reply.txt";
const SORRY: &str = "Hi Léa 😀, sorry for any inconvenience.\nBye";

fn pull() -> Value {
    json!({"textDocument": {"diagnostic": {}}})
}

fn words(notices: &[Value]) -> Vec<String> {
    let place = |it: &Value, end: &str| format!("{}:{}", it["range"][end]["line"], it["range"][end]["character"]);
    let row = |it: &Value| format!("{} {}-{}", it["code"].as_str().unwrap_or(""), place(it, "start"), place(it, "end"));
    notices.iter().map(row).collect()
}

fn titles(actions: &[Value]) -> Vec<&str> {
    actions.iter().filter_map(|it| it["title"].as_str()).collect()
}

#[test]
fn what_it_can_is_said() {
    let mut session = Session::raw();
    let offers = json!({"general": {"positionEncodings": ["utf-16", "utf-8"]}, "textDocument": {"diagnostic": {}}});
    let answer = session.initialize(offers, Value::Null);
    let capabilities = &answer["capabilities"];
    assert_eq!(capabilities["positionEncoding"], "utf-8");
    assert_eq!(capabilities["textDocumentSync"]["change"], 2);
    assert_eq!(capabilities["diagnosticProvider"]["identifier"], "absolve");
    let kinds = json!(["quickfix", "refactor.rewrite.absolve", "source.fixAll.absolve"]);
    assert_eq!(capabilities["codeActionProvider"]["codeActionKinds"], kinds);

    let mut session = Session::raw();
    let answer = session.initialize(json!({}), Value::Null);
    assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
    assert_eq!(answer["capabilities"].get("diagnosticProvider"), None);
}

#[test]
fn findings_are_pushed_with_the_true_version_and_cleared_on_close() {
    let mut session = Session::start(json!({}));
    session.open(URI, "plaintext", SORRY);
    let notices = session.published(1);
    assert_eq!(words(&notices), ["empty-apology 0:21-0:38"]);
    assert_eq!(notices[0]["source"], "absolve");
    assert_eq!(notices[0]["severity"], 1);
    assert_eq!(notices[0]["data"], json!({"rule": "en/empty-apology", "fingerprint": "c6d6f2d23c9c23ad"}));
    assert!(notices[0]["codeDescription"]["href"].as_str().is_some_and(|it| it.ends_with("en/empty-apology.toml")));
    session.change(URI, 7, json!([{"text": "All is well."}]));
    assert!(session.published(7).is_empty());
    session.notify("textDocument/didClose", json!({"textDocument": {"uri": URI}}));
    let cleared = session.wait_for("textDocument/publishDiagnostics");
    assert_eq!(cleared["diagnostics"], json!([]));
    assert_eq!(cleared.get("version"), None);
}

#[test]
fn columns_are_the_clients() {
    for (encoding, columns) in [("utf-8", (24, 41)), ("utf-16", (21, 38)), ("utf-32", (20, 37))] {
        let mut session = Session::start(json!({"general": {"positionEncodings": [encoding]}}));
        session.open(URI, "plaintext", SORRY);
        let expected = format!("empty-apology 0:{}-0:{}", columns.0, columns.1);
        assert_eq!(words(&session.published(1)), [expected]);
    }
}

#[test]
fn a_client_that_pulls_is_pushed_nothing() {
    let mut session = Session::start(pull());
    session.open(URI, "plaintext", SORRY);
    let document = json!({"uri": URI});
    let report = session.request("textDocument/diagnostic", json!({"textDocument": document}));
    assert_eq!(report["items"].as_array().map(Vec::len), Some(1));
    let params = json!({"textDocument": document, "previousResultId": report["resultId"]});
    assert_eq!(session.request("textDocument/diagnostic", params.clone())["kind"], "unchanged");
    session.change(URI, 2, json!([{"text": "All is well."}]));
    let report = session.request("textDocument/diagnostic", params);
    assert_eq!((&report["kind"], &report["items"]), (&json!("full"), &json!([])));
    session.notify("textDocument/didClose", json!({"textDocument": document}));
    assert!(session.is_alive());
    assert!(session.inbox.is_empty(), "{:?}", session.inbox);
}

#[test]
fn edits_of_old_versions_and_of_unknown_documents_are_ignored() {
    let mut session = Session::start(pull());
    session.open(URI, "plaintext", SORRY);
    session.change(URI, 1, json!([{"text": "stale"}]));
    session.change("file:///other.txt", 5, json!([{"text": "any inconvenience"}]));
    session.open("output:tasks", "plaintext", SORRY);
    let report = |session: &mut Session, uri: &str| {
        session.request("textDocument/diagnostic", json!({"textDocument": {"uri": uri}}))["items"].clone()
    };
    assert_eq!(report(&mut session, URI).as_array().map(Vec::len), Some(1));
    assert_eq!(report(&mut session, "file:///other.txt"), json!([]));
    assert_eq!(report(&mut session, "output:tasks"), json!([]));
}

#[test]
fn formats_are_told_by_name_then_by_the_editor_then_by_content() {
    let html = "<p>Sorry for any <b>inconvenience</b>.</p>";
    for (uri, language, text, expected) in [
        ("file:///a.html", "text", html, "empty-apology 0:13-0:33"),
        ("untitled:Untitled-1", "html", html, "empty-apology 0:13-0:33"),
        ("untitled:Untitled-1", "plaintext", html, "empty-apology 0:13-0:33"),
        ("file:///a.md", "", "a\n\nSorry for any *inconvenience*.", "empty-apology 2:10-2:28"),
        ("file:///mail", "fundamental", "Désolée pour la gêne occasionnée.", "empty-apology 0:16-0:32"),
        (
            "file:///macros.json",
            "json",
            r#"{"macros":[{"title":"t","actions":[{"field":"comment_value","value":"é\nSorry for any inconvenience."}]}]}"#,
            "empty-apology 0:82-0:99",
        ),
    ] {
        let mut session = Session::start(json!({}));
        session.open(uri, language, text);
        assert_eq!(words(&session.published(1)), [expected], "{uri} {language}");
    }
}

#[test]
fn each_alternative_is_a_quick_fix() {
    let mut session = Session::start(json!({"workspace": {"workspaceEdit": {"documentChanges": true}}}));
    session.open(URI, "plaintext", "Please kindly wait. Sorry for any inconvenience.");
    let actions = session.actions(URI, 0, 3, Value::Null);
    assert_eq!(titles(&actions)[..2], ["Please", "I am sorry that this happened."]);
    assert_eq!(actions[0]["isPreferred"], true);
    assert_eq!(actions[0]["kind"], "quickfix");
    let edit = &actions[0]["edit"]["documentChanges"][0];
    assert_eq!(edit["textDocument"], json!({"uri": URI, "version": 1}));
    assert_eq!(edit["edits"][0]["range"]["end"]["character"], 13);
    assert_eq!(actions[1].get("isPreferred"), None);
    // The sentence without the flagged words offers its rewrite.
    let actions = session.actions(URI, 0, 22, Value::Null);
    assert_eq!(actions[0]["kind"], "refactor.rewrite.absolve");
    assert!(session.actions(URI, 0, 22, json!(["quickfix"])).is_empty());
}

#[test]
fn only_the_kinds_that_are_wanted_are_offered() {
    let mut session = Session::start(json!({}));
    session.open(URI, "plaintext", "Please kindly wait. Sorry for any inconvenience.");
    let all = session.actions(URI, 0, 3, Value::Null);
    assert!(all.iter().all(|it| it["kind"] != "source.fixAll.absolve"));
    for only in ["source", "source.fixAll", "source.fixAll.absolve", ""] {
        let actions = session.actions(URI, 0, 0, json!([only]));
        let fix_all = actions.iter().find(|it| it["kind"] == "source.fixAll.absolve").expect("it is offered");
        let edits = fix_all["edit"]["changes"][URI].as_array().expect("a list");
        assert_eq!(edits.len(), 1, "only the safe one");
    }
    assert!(session.actions(URI, 0, 3, json!(["source.organizeImports"])).is_empty());
}

#[test]
fn blanks_are_tab_stops_where_the_client_has_them() {
    let snippets = json!({"workspace": {"workspaceEdit": {"documentChanges": true, "snippetEditSupport": true}}});
    let mut session = Session::start(snippets);
    session.open(URI, "plaintext", "Sorry for any inconvenience.");
    let actions = session.actions(URI, 0, 15, Value::Null);
    let edit = &actions[0]["edit"]["documentChanges"][0]["edits"][0];
    let snippet = "I'm sorry: ${1:{what happened\\}}. It cost ${2:{\\$ amount\\}}.";
    assert_eq!(edit["snippet"], json!({"kind": "snippet", "value": snippet}));
    assert_eq!(edit.get("newText"), None);
    // What has no blank is text.
    assert!(actions[1]["edit"]["documentChanges"][0]["edits"][0]["newText"].is_string());
    assert_eq!(session.request("codeAction/resolve", actions[0].clone()), actions[0]);

    let mut session = Session::start(json!({}));
    session.open(URI, "plaintext", "Sorry for any inconvenience.");
    let actions = session.actions(URI, 0, 15, Value::Null);
    let text = &actions[0]["edit"]["changes"][URI][0]["newText"];
    assert_eq!(text, "I'm sorry: {what happened}. It cost {$ amount}.");
}

#[test]
fn silence_comes_last() {
    let mut session = Session::start_in(json!({}), json!("file:///work"));
    session.open("file:///work/a.md", "markdown", "Hi,\n\nOh dear.\nSorry for any inconvenience.");
    let actions = session.actions("file:///work/a.md", 3, 15, Value::Null);
    let n = actions.len();
    assert_eq!(
        titles(&actions)[n - 2..],
        ["Ignore empty-apology here", "Do not look for empty-apology in this folder"]
    );
    let edit = &actions[n - 2]["edit"]["changes"]["file:///work/a.md"][0];
    assert_eq!(edit["newText"], "<!-- absolve-ignore empty-apology:  -->\n");
    assert_eq!(edit["range"]["start"], json!({"line": 2, "character": 0}));
    assert_eq!(actions[n - 1]["command"]["command"], "absolve.disable");
    // In a list, the item is the block.
    session.open("file:///work/b.md", "markdown", "- One.\r\n- Sorry for any inconvenience.\r\n");
    let actions = session.actions("file:///work/b.md", 1, 18, Value::Null);
    let edit = &actions[actions.len() - 2]["edit"]["changes"]["file:///work/b.md"][0];
    assert_eq!(edit["range"]["start"], json!({"line": 1, "character": 0}));
    assert_eq!(edit["newText"], "<!-- absolve-ignore empty-apology:  -->\r\n");
    // In plain text, the comment would reach the customer.
    session.open(URI, "plaintext", "Sorry for any inconvenience.");
    assert!(!titles(&session.actions(URI, 0, 15, Value::Null)).contains(&"Ignore empty-apology here"));
}

#[test]
fn a_finding_is_explained_in_its_language() {
    let hover = |session: &mut Session, text: &str, column: u32| {
        session.open(URI, "plaintext", text);
        let position = json!({"line": 0, "character": column});
        session.request("textDocument/hover", json!({"textDocument": {"uri": URI}, "position": position}))
    };
    let mut session = Session::start(json!({"textDocument": {"hover": {"contentFormat": ["markdown"]}}}));
    let english = hover(&mut session, SORRY, 25);
    let text = english["contents"]["value"].as_str().expect("a text");
    assert_eq!(english["contents"]["kind"], "markdown");
    assert_eq!(english["range"]["start"]["character"], 21);
    for part in
        ["**Apology for", "“any inconvenience”", "It names nothing.", "Name what happened.", "A book", "- I'm sorry"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(hover(&mut session, SORRY, 2).is_null());

    let mut session = Session::start(json!({}));
    let french = hover(&mut session, "Désolée pour la gêne occasionnée.", 18);
    let text = french["contents"]["value"].as_str().expect("a text");
    assert_eq!(french["contents"]["kind"], "plaintext");
    assert!(text.contains("Pourquoi cela blesse\u{a0}: Elles ne nomment rien.") && !text.contains('*'), "{text}");
}

#[test]
fn better_words_complete_a_sin() {
    let capabilities = json!({"textDocument": {"completion": {"completionItem": {"snippetSupport": true}}}});
    let mut session = Session::start(capabilities);
    session.open(URI, "plaintext", "Hi. Sorry for any\ninconvenience.");
    let complete = |session: &mut Session, line: u32, column: u32| {
        let position = json!({"line": line, "character": column});
        session.request("textDocument/completion", json!({"textDocument": {"uri": URI}, "position": position}))
    };
    let items = complete(&mut session, 1, 14);
    assert_eq!(items[0]["label"], "I'm sorry: {what happened}. It cost {$ amount}.");
    assert_eq!(items[0]["insertTextFormat"], 2);
    assert_eq!(items[0]["filterText"], "inconvenience.");
    let line = json!({"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 14}});
    assert_eq!(items[0]["textEdit"]["range"], line);
    let rest = json!({"start": {"line": 0, "character": 4}, "end": {"line": 1, "character": 0}});
    assert_eq!(items[0]["additionalTextEdits"], json!([{"range": rest, "newText": ""}]));
    assert_eq!(items[1]["insertTextFormat"], 1);
    assert_eq!(complete(&mut session, 0, 2), json!([]));
    // Another sentence, and the rest of this one, are written undisturbed.
    session.change(URI, 2, json!([{"text": "Sorry for any inconvenience, and so on. Yours"}]));
    let n_items = |session: &mut Session, column: u32| complete(session, 0, column).as_array().map_or(0, Vec::len);
    assert_eq!([9, 14, 27, 28, 29, 30, 39, 45].map(|it| n_items(&mut session, it)), [0, 2, 2, 2, 2, 0, 0, 0]);
}

#[test]
fn configurations_are_followed() {
    let folder = std::env::temp_dir().join(format!("absolve-lsp-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let config = folder.join("absolve.toml");
    let uri = |name: &str| format!("file://{}/{name}", folder.display());
    let (reply, config_uri) = (uri("reply.txt"), uri("absolve.toml"));
    let mut session = Session::start_in(json!({}), json!(uri("")));
    session.open(&reply, "plaintext", SORRY);
    assert_eq!(session.published(1).len(), 1);

    // A new configuration is seen when something is saved, and when the client says so.
    fs::write(&config, "disable = 'empty-apology'").expect("written");
    session.notify("textDocument/didSave", json!({"textDocument": {"uri": reply}}));
    assert!(session.published(1).is_empty());

    // A broken one is told in its own file, and the last one stays in force.
    fs::write(&config, "ok\nbroken").expect("written");
    session.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": config_uri, "type": 2}]}));
    let broken = session.wait_for("textDocument/publishDiagnostics");
    assert_eq!(broken["uri"], json!(config_uri));
    assert_eq!(words(broken["diagnostics"].as_array().expect("a list")), ["broken 1:0-1:6"]);
    assert!(session.published(1).is_empty());

    // When it is open, it says so itself; when it is mended, nothing is left.
    session.open(&config_uri, "toml", "ok\nbroken");
    let own = loop {
        let params = session.wait_for("textDocument/publishDiagnostics");
        if params["version"] == 1 && params["uri"] == json!(config_uri) {
            break params;
        }
    };
    assert_eq!(own["diagnostics"].as_array().map(Vec::len), Some(1));
    fs::write(&config, "ok").expect("written");
    session.notify("textDocument/didSave", json!({"textDocument": {"uri": config_uri}}));
    let mut left = std::collections::BTreeMap::new();
    while left.len() < 2 || left.get(&reply) != Some(&1) || left.get(&config_uri) != Some(&0) {
        let params = session.wait_for("textDocument/publishDiagnostics");
        let uri = params["uri"].as_str().expect("a name").to_owned();
        left.insert(uri, params["diagnostics"].as_array().map_or(0, Vec::len));
    }
    fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn settings_are_followed() {
    let mut session = Session::start(json!({"workspace": {"configuration": true}}));
    session.settings = json!({"profile": "silent"});
    session.open(URI, "plaintext", SORRY);
    while !session.published(1).is_empty() {}
    let settings = json!({"settings": {"absolve": {"profile": "loud"}}});
    session.notify("workspace/didChangeConfiguration", settings);
    assert_eq!(session.published(1).len(), 1);
}

#[test]
fn folders_and_files_may_vanish() {
    let mut session = Session::start_in(json!({}), json!("file:///no/such/folder"));
    session.open("file:///no/such/folder/reply.txt", "plaintext", SORRY);
    assert_eq!(session.published(1).len(), 1);
    let event = json!({"added": [{"uri": "file:///elsewhere", "name": "e"}], "removed": [{"uri": "file:///no/such/folder", "name": "f"}]});
    session.notify("workspace/didChangeWorkspaceFolders", json!({"event": event}));
    assert!(session.is_alive());
}

/// A folder of its own, removed in the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Folder {
        let folder = Folder(std::env::temp_dir().join(format!("absolve-lsp-{name}-{}", std::process::id())));
        for (path, text) in files {
            let path = folder.0.join(path);
            fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
            fs::write(path, text).expect("written");
        }
        folder
    }

    fn uri(&self, name: &str) -> String {
        format!("file://{}/{name}", self.0.display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn execute(session: &mut Session, command: &str, arguments: Value) -> Value {
    session.ask("workspace/executeCommand", json!({"command": command, "arguments": arguments}))
}

fn versioned() -> Value {
    let edits = json!({"documentChanges": true, "resourceOperations": ["create"]});
    json!({"workspace": {"workspaceEdit": edits}, "window": {"workDoneProgress": true}})
}

#[test]
fn a_rule_file_is_checked_as_it_is_typed() {
    let rule = "title = 't'\nfamily = 'voice'\nseverity = 'info'\nwhy = 'w'\ninstead = 'i'\nsource = 's'\nmessage = 'm'\n\
                [[phrase]]\nfind = ['as per']\n[[bad]]\ntext = 'As per your mail.'\n[[good]]\ntext = 'Ten.'\n";
    let folder = Folder::new(
        "rules",
        &[(
            "rules/en/other.toml",
            &rule.replace("as per", "per se").replace("As per", "Per se").replace("Ten.", "Ten per cent."),
        )],
    );
    let uri = folder.uri("rules/en/as-per.toml");
    let mut session = Session::start(json!({}));
    session.open(&uri, "toml", rule);
    assert!(session.published(1).is_empty());
    let check = |session: &mut Session, version: i32, text: &str, expected: &str, line: u32| {
        session.change(&uri, version, json!([{"text": text}]));
        let notices = session.published(version);
        let message = notices.first().and_then(|it| it["message"].as_str()).unwrap_or("silent");
        assert!(message.contains(expected), "{version}: {message}");
        assert_eq!(notices[0]["range"]["start"]["line"], line, "{message}");
    };
    check(&mut session, 2, &rule.replace("'As per your mail.'", "'As for it.'"), "missed", 10);
    check(&mut session, 3, &rule.replace("'Ten.'", "'As per you.'"), "noisy: en/as-per", 12);
    check(&mut session, 4, &rule.replace("as per", "per"), "en/other/good/1", 0);
    check(&mut session, 5, &rule.replace("as per", "(as per"), "pattern", 8);
    check(&mut session, 6, "title = 3", "expected a string", 0);
    session.change(&uri, 7, json!([{"text": rule}]));
    assert!(session.published(7).is_empty());
    session.open("file:///Cargo.toml", "toml", "not a rule = ");
    assert!(session.published(1).is_empty());
}

#[test]
fn a_file_is_fixed_where_nothing_can_be_lost() {
    let mut session = Session::start(versioned());
    session.open(URI, "plaintext", "Please kindly wait. Sorry for any inconvenience. Please kindly go.");
    session.published(1);
    assert_eq!(execute(&mut session, "absolve.fixFile", json!([URI]))["result"], 2);
    let edit = session.wait_for("workspace/applyEdit")["edit"]["documentChanges"][0].take();
    assert_eq!(edit["textDocument"], json!({"uri": URI, "version": 1}));
    assert_eq!(edit["edits"].as_array().map(Vec::len), Some(2));
    assert!(execute(&mut session, "absolve.fixFile", json!(["file:///other.txt"])).get("error").is_some());
    assert!(execute(&mut session, "absolve.fixFile", json!([])).get("error").is_some());
    assert!(execute(&mut session, "absolve.dance", json!([])).get("error").is_some());
}

#[test]
fn a_workspace_is_fixed_with_progress() {
    let files = [
        ("a.txt", "Please kindly wait."),
        ("b.txt", "Fine."),
        ("c.txt", "on disk"),
        ("ignored.txt", "Please kindly wait."),
    ];
    let folder = Folder::new("fix", &files);
    let mut session = Session::start_in(versioned(), json!(folder.uri("")));
    session.open(&folder.uri("c.txt"), "plaintext", "Please kindly open.");
    session.published(1);
    assert_eq!(execute(&mut session, "absolve.fixWorkspace", json!([]))["result"], 3);
    session.wait_for("window/workDoneProgress/create");
    let begin = session.wait_for("$/progress");
    assert_eq!((&begin["value"]["kind"], &begin["value"]["cancellable"]), (&json!("begin"), &json!(true)));
    let changes = session.wait_for("workspace/applyEdit")["edit"]["documentChanges"].take();
    let documents: Vec<&Value> = changes.as_array().expect("a list").iter().map(|it| &it["textDocument"]).collect();
    let (closed, open) =
        (json!({"uri": folder.uri("a.txt"), "version": null}), json!({"uri": folder.uri("c.txt"), "version": 1}));
    assert_eq!(documents, [&closed, &open]);
    session.notify("window/workDoneProgress/cancel", json!({"token": "absolve-fix"}));
    assert!(session.is_alive());
}

#[test]
fn a_sin_is_explained_and_disabled() {
    let folder = Folder::new("disable", &[("a.txt", "")]);
    let mut session = Session::start_in(versioned(), json!(folder.uri("")));
    let page = execute(&mut session, "absolve.explain", json!(["empty-apology", "fr"]));
    assert!(page["result"].as_str().is_some_and(|it| it.contains("Elles ne nomment rien.")), "{page}");
    let config = folder.uri("absolve.toml");
    assert_eq!(
        execute(&mut session, "absolve.disable", json!([folder.uri("a.txt"), "empty-apology"]))["result"],
        config
    );
    let changes = session.wait_for("workspace/applyEdit")["edit"]["documentChanges"].take();
    assert_eq!((&changes[0]["kind"], &changes[0]["uri"]), (&json!("create"), &json!(config)));
    assert_eq!(changes[1]["edits"][0]["newText"], "[rules]\ndisable = [\"empty-apology\"]\n");
}

#[test]
fn a_rule_is_made_of_a_selection() {
    let folder = Folder::new("new-rule", &[("a.txt", "")]);
    let mut session = Session::start_in(versioned(), json!(folder.uri("")));
    session.open(&folder.uri("a.txt"), "plaintext", "Hurry, while stocks last!");
    let made = execute(&mut session, "absolve.newRule", json!([folder.uri("a.txt"), 0, 7, 0, 24]));
    assert_eq!(made["result"], folder.uri("rules/en/while-stocks-last.toml"));
    let changes = session.wait_for("workspace/applyEdit")["edit"]["documentChanges"].take();
    let text = changes[1]["edits"][0]["newText"].as_str().expect("a text");
    assert!(
        text.contains("find = [\"while stocks last\"]") && text.contains("text  = \"Hurry, while stocks last!\""),
        "{text}"
    );
    assert!(execute(&mut session, "absolve.newRule", json!([folder.uri("a.txt"), 0, 1, 0, 1])).get("error").is_some());
}

#[test]
fn a_book_holds_nothing_up() {
    let mut session = Session::start(json!({}));
    let book = "All is well, and every word of it is meant.\n".repeat(40_000);
    session.open("file:///book.txt", "plaintext", &book);
    session.open(URI, "plaintext", SORRY);
    assert_eq!(session.published(1).len(), 1, "the reply is answered before the book, or after it");
    session.change("file:///book.txt", 2, json!([{"text": "Sorry for any inconvenience."}]));
    assert_eq!(session.published(2).len(), 1);
}

#[test]
fn words_that_can_go_are_tagged_and_macros_are_named_for_clients_that_show_it() {
    let library = r#"{"macros":[{"title":"Hello","actions":[{"field":"comment_value","value":"Hi."}]},
        {"title":"Too late","actions":[{"field":"comment_value","value":"Please kindly wait. It is just fine."}]}]}"#;
    let shows = json!({"relatedInformation": true, "tagSupport": {"valueSet": [1, 2]}});
    for (capabilities, shows_more) in
        [(json!({"textDocument": {"publishDiagnostics": shows}}), true), (json!({}), false)]
    {
        let mut session = Session::start(capabilities);
        session.open("file:///macros.json", "json", library);
        let notices = session.published(1);
        let tags: Vec<&Value> = notices.iter().map(|it| &it["tags"]).collect();
        let related = &notices[0]["relatedInformation"];
        if shows_more {
            assert_eq!(tags, [&Value::Null, &json!([1])]);
            assert_eq!(related[0]["message"], "Too late");
            assert_eq!(related[0]["location"]["uri"], "file:///macros.json");
            assert_eq!(related[0]["location"]["range"]["start"]["line"], 1);
        } else {
            assert_eq!((tags, related), (vec![&Value::Null; 2], &Value::Null));
        }
    }
}
