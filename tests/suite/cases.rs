//! The cases of `cli/*.toml`.

use std::fs;

use serde::Deserialize;

use crate::case::{Case, tests};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[track_caller]
fn check(file: &str) {
    let source = fs::read_to_string(tests().join("cli").join(file)).expect("the cases are there");
    let Cases { case: cases } = toml::from_str(&source).unwrap_or_else(|error| panic!("{file}: {error}"));
    let faults: Vec<String> = cases.iter().filter_map(|it| it.check().err()).collect();
    assert!(faults.is_empty(), "{} of {} cases of {file}\n{}", faults.len(), cases.len(), faults.join("\n\n"));
}

#[test]
fn check_finds_and_reports() {
    check("check.toml");
}

#[test]
fn bad_input_is_told_and_the_rest_is_checked() {
    check("bad-input.toml");
}

#[test]
fn baselines_are_read_and_written() {
    check("baseline.toml");
}

#[test]
fn it_is_pleasant_to_have() {
    check("comfort.toml");
}

#[test]
fn configuration_is_honoured() {
    check("config.toml");
}

#[test]
fn suppressions_are_honoured() {
    check("suppressions.toml");
}

#[test]
fn formats_keep_their_promises() {
    check("formats.toml");
}

#[test]
fn mails_are_read_as_they_are_sent() {
    check("mail.toml");
}

#[test]
fn libraries_are_read_as_helpdesks_keep_them() {
    check("libraries.toml");
}

#[test]
fn rules_are_explained_listed_and_tested() {
    check("rules.toml");
}

#[test]
fn a_machine_fixes_what_it_may() {
    check("fix.toml");
}

#[test]
fn a_reply_is_rewritten() {
    check("rewrite.toml");
}

#[test]
fn a_reply_is_judged_before_it_is_sent() {
    check("gate.toml");
}
