//! Nothing leaves the machine: not one command opens a socket. strace watches.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::case::absolve;

/// A command that runs the program under strace, or `None` where that cannot be done.
pub fn strace(folder: &Path, options: &[&str]) -> Option<Command> {
    let program = absolve(folder).get_program().to_owned();
    let works = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    if !works.is_ok_and(|it| it.success()) {
        eprintln!("skipped: strace is not here, or may not watch");
        return None;
    }
    let mut command = Command::new("strace");
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", folder).args(["-f", "-qq"]).args(options).arg(program);
    Some(command)
}

#[test]
fn no_command_opens_a_socket() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let reply = "Hello Ana,\n\nSorry for the inconvenience. Thank you for your patience.\n";
    fs::write(folder.path().join("a.md"), reply).expect("a file can be written");
    fs::write(folder.path().join("absolve.toml"), "profile = \"strict\"\n").expect("so can this");
    let commands: [&[&str]; 7] = [
        &["check", "."],
        &["check", ".", "--format", "html"],
        &["rewrite", "--json", "a.md"],
        &["fix", "a.md"],
        &["explain", "empty-promise"],
        &["gate"],
        &["lsp"],
    ];
    let log = folder.path().join("log");
    for args in commands {
        let options = ["-e", "trace=%network", "-o", log.to_str().expect("it is UTF-8")];
        let Some(mut command) = strace(folder.path(), &options) else { return };
        let output = command.args(args).stdin(Stdio::null()).output().expect("it runs");
        assert!(output.status.code().is_some(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        let calls = fs::read_to_string(&log).expect("strace has written it");
        // A thread that strace meets while the program ends has called nothing yet.
        let is_call = |it: &str| it.contains('(') && !it.contains("???( <detached");
        assert!(!calls.lines().any(is_call), "{args:?} called\n{calls}");
    }
    assert_ne!(fs::read_to_string(folder.path().join("a.md")).expect("it is there"), reply, "it was fixed");
}

#[test]
fn strace_would_see_a_socket() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let log = folder.path().join("log");
    let Some(_) = strace(folder.path(), &[]) else { return };
    let script = "import socket; socket.socket()";
    let options = ["-f", "-qq", "-e", "trace=%network", "-o", log.to_str().expect("it is UTF-8")];
    let run = Command::new("strace").args(options).args(["python3", "-c", script]).stderr(Stdio::null()).status();
    if run.is_ok_and(|it| it.success()) {
        assert!(fs::read_to_string(&log).expect("strace has written it").contains("socket("));
    }
}
