//! Our own mistakes: a panic in a rule, in a check or in a handler costs what it must, and says no word of a reply.

mod common;

use common::Session;
use serde_json::{Value, json};

const URI: &str = "file:///reply.txt";
const SORRY: &str = "Sorry for any inconvenience.";

fn codes(notices: &[Value]) -> Vec<&str> {
    notices.iter().filter_map(|it| it["code"].as_str()).collect()
}

/// The next line of the log; it names the file and no secret.
#[track_caller]
fn log(session: &mut Session, expected: &str) {
    let message = session.wait_for("window/logMessage")["message"].to_string();
    assert!(message.contains(expected) && message.contains("report it"), "{message}");
    assert!(!message.contains("secret") && !message.contains("asked to"), "{message}");
}

#[test]
fn a_check_that_panics_costs_one_document_its_findings() {
    let mut session = Session::start(json!({}));
    session.open(URI, "plaintext", "PANIC secret words");
    log(&mut session, "reply.txt: a fault in Absolve");
    let notices = session.published(1);
    assert_eq!(codes(&notices), ["fault"]);
    assert!(!notices[0].to_string().contains("secret"));
    session.open("file:///other.txt", "plaintext", SORRY);
    assert_eq!(codes(&session.published(1)), ["empty-apology"]);
    // The document is still there: its next edit lands in it.
    let start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 12}});
    session.change(URI, 2, json!([{"range": start, "text": "Sorry for any inconvenience, my"}]));
    assert_eq!(codes(&session.published(2)), ["empty-apology"]);
    assert!(session.texts.lock().expect("no one panics with it").values().any(|it| it.ends_with(", my words")));
}

#[test]
fn a_rule_that_panics_is_off_for_one_document() {
    let mut session = Session::start(json!({}));
    session.open(URI, "plaintext", "PANIQUE secret. Sorry for any inconvenience.");
    log(&mut session, "reply.txt: a fault in Absolve: its rule fr/empty-apology");
    let notices = session.published(1);
    assert_eq!(codes(&notices), ["fault", "empty-apology"]);
    assert!(notices[0]["message"].as_str().is_some_and(|it| it.contains("fr/empty-apology")), "{notices:?}");
    // It stays off, silently, and nowhere else.
    session.change(URI, 2, json!([{"text": "PANIQUE. Désolée pour la gêne occasionnée."}]));
    assert_eq!(codes(&session.published(2)), ["fault"]);
    session.open("file:///other.txt", "plaintext", "Désolée pour la gêne occasionnée.");
    assert_eq!(codes(&session.published(1)), ["empty-apology"]);
    assert!(session.inbox.iter().all(|it| it["method"] != "window/logMessage"), "{:?}", session.inbox);
    // A document that is opened again gets another chance.
    session.notify("textDocument/didClose", json!({"textDocument": {"uri": URI}}));
    session.open(URI, "plaintext", "Désolée pour la gêne occasionnée.");
    assert_eq!(codes(&session.published(1)), ["empty-apology"]);
}

#[test]
fn a_handler_that_panics_answers_and_loses_no_document() {
    let mut session = Session::start_in(json!({}), json!("file:///no/such/panic"));
    session.open(URI, "plaintext", SORRY);
    assert_eq!(session.published(1).len(), 1);
    let answer = session.ask("workspace/executeCommand", json!({"command": "absolve.fixWorkspace", "arguments": []}));
    assert_eq!(answer["error"]["code"], -32603);
    log(&mut session, "a request failed");
    let actions = session.actions(URI, 0, 15, Value::Null);
    assert_eq!(actions[0]["diagnostics"][0]["code"], "empty-apology", "the document is still there");
}

#[test]
fn a_document_that_cannot_be_opened_harms_no_other() {
    let mut session = Session::start(json!({"textDocument": {"diagnostic": {}}}));
    session.open(URI, "plaintext", SORRY);
    session.open("file:///panic-config.txt", "plaintext", SORRY);
    log(&mut session, "a request of panic-config.txt failed");
    let report = |session: &mut Session, uri: &str| {
        session.request("textDocument/diagnostic", json!({"textDocument": {"uri": uri}}))["items"].clone()
    };
    assert_eq!(report(&mut session, "file:///panic-config.txt"), json!([]));
    assert_eq!(report(&mut session, URI).as_array().map(Vec::len), Some(1));
}
