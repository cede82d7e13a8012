//! A baseline over the life of a library: written once, then it only gets shorter.

use std::{fs, path::Path};

use crate::case::absolve;

/// What `absolve check --baseline b.json` and `args` say, with their exit code.
fn check(folder: &Path, args: &[&str]) -> (i32, String) {
    let output = absolve(folder).args(["check", "--baseline", "b.json"]).args(args).output().expect("it runs");
    let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().expect("it ends by itself"), told)
}

#[track_caller]
fn expect(folder: &Path, args: &[&str], code: i32, words: &str) {
    let (actual, told) = check(folder, args);
    assert!(actual == code && told.contains(words), "exit code {actual}, expected {code} and `{words}` in\n{told}");
}

const SINS: &str = "Sorry for the inconvenience.\n\nWe will send it as soon as possible.\n";

#[test]
fn a_library_with_a_past_only_gets_better() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let folder = folder.path();
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a file can be written");
    write("a.md", SINS);
    write("b.md", SINS);
    let strict = ["--fail-on", "hint"];
    expect(folder, &["--write-baseline"], 0, "b.json: 4 known findings, 4 more and 0 fewer than before");
    expect(folder, &strict, 0, "No sins in 2 files.");

    write("a.md", &format!("# Late\n\nHello Ana, your parcel left.\n\n{}", SINS.replace("for the", "for\nthe")));
    expect(folder, &strict, 0, "4 known findings of the baseline are not told.");

    write("b.md", &format!("{SINS}\nPlease do not hesitate to contact us.\n"));
    expect(folder, &["--fail-on", "info"], 1, "5:1 info  robotic-closing");

    write("b.md", "Your parcel left Lyon at noon.\n");
    fs::remove_file(folder.join("a.md")).expect("it is there");
    expect(folder, &strict, 0, "note: b.json: 4 known findings are gone");
    expect(folder, &["--write-baseline"], 0, "b.json: 0 known findings, 0 more and 4 fewer than before");
    assert_eq!(fs::read_to_string(folder.join("b.json")).expect("it is there"), "{\"version\":1,\"known\":[\n]}\n");
}

#[test]
fn it_holds_no_text_of_a_reply_and_says_the_same_from_everywhere() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    fs::create_dir_all(folder.path().join("ci/macros")).expect("a new folder can be made");
    fs::write(folder.path().join("ci/macros/a.md"), SINS).expect("a file can be written");
    let run = |from: &str, paths: &str, baseline: &str, last: &[&str]| {
        let mut command = absolve(&folder.path().join(from));
        let output = command.args(["check", paths, "--baseline", baseline]).args(last).output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    };
    run(".", "ci/macros", "ci/b.json", &["--write-baseline"]);
    let written = fs::read_to_string(folder.path().join("ci/b.json")).expect("it is there");
    assert!(written.contains("\"path\":\"macros/a.md\"") && written.lines().count() == 4, "{written}");
    assert!(!written.contains("orry") && !written.contains("possible\""), "{written}");
    run(".", "ci/macros", "ci/b.json", &[]);
    run("ci", "macros/a.md", "b.json", &[]);
    run("ci/macros", ".", "../b.json", &[]);
    run("ci/macros", ".", "../b.json", &["--write-baseline"]);
    assert_eq!(fs::read_to_string(folder.path().join("ci/b.json")).expect("it is there"), written);
}
