//! A thousand edits at once, in every encoding: the server's text is the client's.

mod common;

use std::path::Path;

use common::{
    Session,
    editing::{Dice, Model},
};
use serde_json::json;

const URI: &str = "file:///burst.txt";

fn check(encoding: &'static str, seed: u64) {
    let capabilities = json!({
        "general": {"positionEncodings": [encoding]},
        "textDocument": {"diagnostic": {"dynamicRegistration": false}},
    });
    let mut session = Session::start(capabilities);
    let mut dice = Dice(seed);
    let start = "Dear Léa,\r\n\r\nSorry for any inconvenience 😀.\nBye";
    let mut model = Model::new(start, encoding);
    session.open(URI, "plaintext", start);
    let burst: Vec<u8> = (2..1002).flat_map(|version| model.edit(URI, version, &mut dice)).collect();
    session.send_bytes(&burst);
    let report = session.request("textDocument/diagnostic", json!({"textDocument": {"uri": URI}}));
    let texts = session.texts.lock().expect("no one panics with it");
    assert_eq!(texts[Path::new("/burst.txt")], model.text(), "{encoding} {seed}");
    assert_eq!(report["kind"], "full");
}

#[test]
fn utf_8() {
    (1..=10).for_each(|seed| check("utf-8", seed * 7919));
}

#[test]
fn utf_16() {
    (1..=10).for_each(|seed| check("utf-16", seed * 104_729));
}

#[test]
fn utf_32() {
    (1..=10).for_each(|seed| check("utf-32", seed * 1_299_709));
}
