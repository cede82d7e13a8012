//! Edits for hours: the server's text is the client's, and its memory stays what it was.
//!
//! A short run each time; the long one: `ABSOLVE_EDITS=100000 cargo test -p absolve-lsp --test soak -- --nocapture`.

mod common;

use std::{env, fs, path::Path};

use common::{
    Session,
    editing::{Dice, Model},
};
use serde_json::json;

const URI: &str = "file:///soak.txt";

#[test]
fn memory_is_flat() {
    let n_edits: i32 = env::var("ABSOLVE_EDITS").ok().and_then(|it| it.parse().ok()).unwrap_or(4000);
    let mut session = Session::start(json!({"textDocument": {"diagnostic": {"dynamicRegistration": false}}}));
    let start = "Dear Léa,\r\n\r\nSorry for any inconvenience 😀.\nBye. ".repeat(40);
    let mut model = Model::new(&start, "utf-16");
    let mut dice = Dice(7919);
    session.open(URI, "plaintext", &start);
    let mut early = 0;
    for version in 2..n_edits + 2 {
        session.send_bytes(&model.edit(URI, version, &mut dice));
        if version % 100 == 0 {
            session.request("textDocument/diagnostic", json!({"textDocument": {"uri": URI}}));
        }
        if version == n_edits / 4 {
            early = resident();
        }
    }
    session.request("textDocument/diagnostic", json!({"textDocument": {"uri": URI}}));
    let late = resident();
    assert_eq!(session.texts.lock().expect("no one panics with it")[Path::new("/soak.txt")], model.text());
    eprintln!("{n_edits} edits: {early} KiB after a quarter, {late} KiB at the end, of client and server together");
    assert!(late < early + 8 * 1024, "from {early} to {late} KiB");
}

/// What this process has in memory, in KiB; nothing where that cannot be known.
fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
    line.and_then(|it| it.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
