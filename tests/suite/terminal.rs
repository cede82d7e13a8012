//! `absolve rewrite` in a real pseudo-terminal, which Python's library has.

use std::process::Command;

use crate::case::tests;

#[test]
fn a_conversation_goes_as_it_should() {
    let script = tests().join("terminal/rewrite.py");
    let run = Command::new("python3").arg(script).arg(env!("CARGO_BIN_EXE_absolve")).output();
    let Ok(output) = run else { return eprintln!("skipped: there is no python3 to make a terminal with") };
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}{told}", String::from_utf8_lossy(&output.stdout));
}
