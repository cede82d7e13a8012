//! Documents of megabytes: no edit and no question waits for them, and their user is told what is not done.

mod common;

use common::Session;
use serde_json::{Value, json};

const URI: &str = "file:///export.txt";
const SMALL: &str = "file:///reply.txt";
const SORRY: &str = "Sorry for any inconvenience.";

fn large() -> String {
    format!("{SORRY}\n{}", "a".repeat(4_300_000))
}

fn edit(session: &mut Session, version: i32, words: &str) {
    let start = json!({"line": 0, "character": 0});
    session.change(URI, version, json!([{"range": {"start": start, "end": start}, "text": words}]));
}

fn hover(session: &mut Session, uri: &str) -> Value {
    let position = json!({"line": 0, "character": 15});
    session.request("textDocument/hover", json!({"textDocument": {"uri": uri}, "position": position}))
}

#[test]
fn it_is_checked_when_it_is_opened_and_saved() {
    let mut session = Session::start(json!({}));
    session.open(URI, "plaintext", &large());
    let message = session.wait_for("window/showMessage")["message"].to_string();
    assert!(message.contains("export.txt is larger than 4 MB") && message.contains("saved"), "{message}");
    assert_eq!(session.published(1).len(), 1);
    for version in 2..200 {
        edit(&mut session, version, "x");
    }
    assert!(hover(&mut session, URI).is_null(), "places have moved");
    session.open(SMALL, "plaintext", SORRY);
    assert_eq!(session.published(1).len(), 1);
    assert!(!hover(&mut session, SMALL).is_null());
    assert!(session.inbox.is_empty(), "{:?}", session.inbox);
    session.notify("textDocument/didSave", json!({"textDocument": {"uri": URI}}));
    let notices = session.published(199);
    assert_eq!(notices[0]["range"]["start"]["character"], 208);
    assert!(hover(&mut session, URI).is_null(), "there is no finding there any more");
    // Small again, it is checked as it is typed.
    session.change(URI, 200, json!([{"text": SORRY}]));
    assert_eq!(session.published(200).len(), 1);
    assert!(session.inbox.is_empty(), "it is said once: {:?}", session.inbox);
}

#[test]
fn a_client_that_asks_is_answered_from_what_was_known() {
    let mut session = Session::start(json!({"textDocument": {"diagnostic": {}}}));
    session.open(URI, "plaintext", &large());
    let pull = |session: &mut Session, previous: Value| {
        let params = json!({"textDocument": {"uri": URI}, "previousResultId": previous});
        session.request("textDocument/diagnostic", params)
    };
    let report = pull(&mut session, Value::Null);
    assert_eq!(report["items"].as_array().map(Vec::len), Some(1), "it waits for the first check");
    edit(&mut session, 2, "Oh. ");
    assert_eq!(pull(&mut session, report["resultId"].clone())["kind"], "unchanged");
    assert_eq!(pull(&mut session, Value::Null)["items"], report["items"]);
    session.notify("textDocument/didSave", json!({"textDocument": {"uri": URI}}));
    let report = pull(&mut session, report["resultId"].clone());
    assert_eq!(report["items"][0]["range"]["start"]["character"], 14);
}

#[test]
fn what_would_flood_an_editor_is_counted() {
    let mut session = Session::start(json!({}));
    for (uri, text) in
        [(SMALL, format!("{SORRY}\n").repeat(1500)), (URI, format!("{}{}", format!("{SORRY}\n").repeat(1500), large()))]
    {
        session.open(uri, "plaintext", &text);
        let notices = session.published(1);
        assert_eq!(notices.len(), 1001);
        let last = notices[1000]["message"].as_str().expect("a text");
        assert!(last.starts_with("50") && last.contains("more findings"), "{last}");
    }
}
