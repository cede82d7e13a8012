//! What the pre-send hook leaves behind.

use std::{
    fs,
    io::Write,
    process::{Output, Stdio},
};

use crate::case::absolve;

#[test]
fn an_override_is_logged_without_the_replys_words() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    fs::write(folder.path().join("absolve.toml"), "[gate]\noverride-log = 'log/overrides.jsonl'\n").expect("written");
    for agent in ["ana", "zoé"] {
        let output = gate(folder.path(), &["--override", "the customer asked", "--agent", agent]);
        assert!(output.status.success(), "{output:?}");
    }
    let log = fs::read_to_string(folder.path().join("log/overrides.jsonl")).expect("it is logged");
    let lines: Vec<serde_json::Value> = log.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
    let agents: Vec<_> = lines.iter().map(|it| it["agent"].as_str()).collect();
    assert_eq!(agents, [Some("ana"), Some("zoé")]);
    assert_eq!(lines[0]["rules"], serde_json::json!(["en/inconvenience-apology"]));
    assert_eq!(lines[0]["reason"], "the customer asked");
    assert!(lines[0]["time"].as_str().is_some_and(|it| it.len() == "2026-01-01T00:00:00Z".len() && it.ends_with('Z')));
    assert!(!log.contains("canary") && !log.contains("inconvenience."), "{log}");
}

#[test]
fn what_is_not_held_needs_no_reason_and_is_not_logged() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let mut command = absolve(folder.path());
    let output = command.args(["gate", "--override", "x"]).stdin(Stdio::null()).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(!folder.path().join(".local").exists());
}

#[test]
fn a_reply_that_does_not_come_is_not_waited_for() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    fs::write(folder.path().join("absolve.toml"), "[gate]\ntime-box = 50\nfail = 'closed'\n").expect("written");
    let mut command = absolve(folder.path());
    let mut child = command.arg("gate").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it was built");
    let never_ends = child.stdin.take();
    let output = child.wait_with_output().expect("it ends");
    drop(never_ends);
    assert_eq!(output.status.code(), Some(2));
    let verdict: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a verdict all the same");
    assert_eq!(verdict["verdict"], "hold");
    assert_eq!(verdict["failure"]["message"], "no verdict within 50 ms");
}

fn gate(folder: &std::path::Path, args: &[&str]) -> Output {
    let mut command = absolve(folder);
    let command = command.arg("gate").args(args).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program was built");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(b"Canary canary. Sorry for the inconvenience.").expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}
