//! The same replies through every way to the hook: the same verdicts.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{ChildStdout, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    case::{Running, absolve},
    editor::Editor,
};

/// A reply, its verdict, and its sins.
struct Case {
    text: &'static str,
    verdict: &'static str,
    sins: &'static [&'static str],
    /// Editors hold libraries, in which placeholders are fine.
    in_editors: bool,
}

const fn case(text: &'static str, verdict: &'static str, sins: &'static [&'static str]) -> Case {
    Case { text, verdict, sins, in_editors: true }
}

const CASES: &[Case] = &[
    case("Your parcel left Lyon at noon.\n", "pass", &[]),
    case("Sorry for the inconvenience.\n", "hold", &["inconvenience-apology"]),
    case("Désolés pour la gêne occasionnée.\n", "hold", &["inconvenience-apology"]),
    case("We will send it as soon as possible.\n", "suggest", &["vague-timing"]),
    case(
        "Hi Ana,\n\nWe will send it as soon as possible.\n\nSorry for the inconvenience.\n",
        "hold",
        &["inconvenience-apology", "vague-timing"],
    ),
    case("All is well.\n\nLe 5 janv. 2026 à 10:00, Ana a écrit :\n> Désolés pour la gêne occasionnée.\n", "pass", &[]),
    case("All is well.\n\n-- \nSorry for the inconvenience.\n", "pass", &[]),
    Case { text: "Bonjour {{nom}},\n", verdict: "hold", sins: &["unfilled-placeholder"], in_editors: false },
    Case { text: "Hi ,\nYour parcel left.\n", verdict: "hold", sins: &["unfilled-placeholder"], in_editors: false },
];

#[track_caller]
fn check(way: &str, judge: &mut dyn FnMut(&str) -> (String, Vec<String>), cases: impl Iterator<Item = &'static Case>) {
    for case in cases {
        let (verdict, mut sins) = judge(case.text);
        sins.sort();
        sins.dedup();
        let expected: Vec<String> = case.sins.iter().map(|&it| it.to_owned()).collect();
        assert_eq!((verdict.as_str(), sins), (case.verdict, expected), "{way} of {}", case.text);
    }
}

fn of_json(verdict: &Value) -> (String, Vec<String>) {
    let sin = |it: &Value| it["sin"].as_str().expect("a name").to_owned();
    let sins = verdict["findings"].as_array().expect("findings").iter().map(sin).collect();
    (verdict["verdict"].as_str().expect("a verdict").to_owned(), sins)
}

/// Starts a server on a port of its own, which it tells.
fn start(folder: &Path, args: &[&str]) -> (Running, String, BufReader<ChildStdout>) {
    let mut command = absolve(folder);
    let command = command.args(args).args(["--address", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program was built");
    let mut told = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = String::new();
    told.read_line(&mut line).expect("it tells where it listens");
    let address = line.trim().trim_end_matches('/').trim_start_matches("Absolve listens on ");
    let address = address.trim_start_matches("http://").trim_start_matches("inet:").to_owned();
    (Running(child), address, told)
}

fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time");
    stream
}

#[test]
fn the_command_judges() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let mut judge = |text: &str| {
        let mut command = absolve(folder.path());
        let mut child = command.arg("gate").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it was built");
        let mut stdin = child.stdin.take().expect("it is piped");
        stdin.write_all(json!({ "text": text }).to_string().as_bytes()).expect("it reads");
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        of_json(&serde_json::from_slice(&output.stdout).expect("a verdict"))
    };
    check("gate", &mut judge, CASES.iter());
}

#[test]
fn the_server_judges_and_says_nothing_of_it() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let (mut server, address, mut stdout) = start(folder.path(), &["serve"]);
    let mut judge = |text: &str| {
        let body = json!({ "text": text }).to_string();
        let head = format!("POST /v1/check HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n");
        let mut stream = connect(&address);
        write!(stream, "{head}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        of_json(&serde_json::from_str(answer.split_once("\r\n\r\n").expect("a body").1).expect("a verdict"))
    };
    check("serve", &mut judge, CASES.iter());
    server.0.kill().expect("it runs");
    let mut said = String::new();
    stdout.read_to_string(&mut said).expect("text");
    server.0.stderr.take().expect("it is piped").read_to_string(&mut said).expect("text");
    assert_eq!(said, "", "what is asked is not logged");
}

#[test]
fn the_milter_judges_and_says_nothing_of_it() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let (mut server, address, mut stdout) = start(folder.path(), &["milter"]);
    let judge = |text: &str| mail(&mut connect(&address), text);
    for case in CASES {
        let (verdict, sins) = judge(case.text);
        assert_eq!(verdict, case.verdict, "milter of {}", case.text);
        // A refusal names the first sin in words; a header names all.
        let is_told = case.sins.iter().all(|it| sins.contains(it));
        assert!(verdict != "suggest" || is_told, "{sins}");
    }
    server.0.kill().expect("it runs");
    let mut said = String::new();
    stdout.read_to_string(&mut said).expect("text");
    server.0.stderr.take().expect("it is piped").read_to_string(&mut said).expect("text");
    assert_eq!(said, "", "what is sent is not logged");
}

/// Sends a mail as a mail server does; what becomes of it, and what is said of it.
fn mail(stream: &mut TcpStream, text: &str) -> (String, String) {
    let mut say = |command: u8, data: &[u8]| {
        let length = u32::try_from(data.len() + 1).expect("small").to_be_bytes();
        stream.write_all(&[&length, [command].as_slice(), data].concat()).expect("it reads");
    };
    say(b'O', b"\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff");
    for header in ["Subject\0Re: Parcel\0", "Content-Type\0text/plain; charset=utf-8\0"] {
        say(b'L', header.as_bytes());
    }
    say(b'N', b"");
    say(b'E', text.replace('\n', "\r\n").as_bytes());
    let mut told = String::new();
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length).expect("it answers");
        let mut packet = vec![0; u32::from_be_bytes(length) as usize];
        stream.read_exact(&mut packet).expect("it answers");
        match packet[0] {
            b'y' => return ("hold".to_owned(), String::from_utf8_lossy(&packet[1..]).into_owned()),
            b'a' if told.is_empty() => return ("pass".to_owned(), told),
            b'a' => return ("suggest".to_owned(), told),
            b'h' => told = String::from_utf8_lossy(&packet[1..]).into_owned(),
            _ => {}
        }
    }
}

#[test]
fn the_engine_of_browsers_judges() {
    let mut judge = |text: &str| {
        let verdict = absolve_wasm::gate(&json!({ "text": text }).to_string(), "{}");
        of_json(&serde_json::from_str(&verdict.unwrap_or_default()).expect("a verdict"))
    };
    check("the engine of browsers", &mut judge, CASES.iter());
}

/// The same, as it was built for browsers by `crates/wasm/build.sh`.
#[test]
fn webassembly_judges() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/npm/node.js");
    if !package.exists() {
        eprintln!("skipped: {} is not there; crates/wasm/build.sh makes it", package.display());
        return;
    }
    let replies: Vec<Value> = CASES.iter().map(|it| json!({ "text": it.text })).collect();
    let script = format!(
        "import {{ gate }} from {:?}; console.log(JSON.stringify({}.map((it) => gate(it))));",
        package.display().to_string(),
        Value::from(replies)
    );
    let output = Command::new("node").args(["--input-type=module", "--eval", &script]).output().expect("Node is here");
    assert!(output.status.success(), "{output:?}");
    let verdicts: Vec<Value> = serde_json::from_slice(&output.stdout).expect("verdicts");
    let mut verdicts = verdicts.iter();
    check("webassembly", &mut |_| of_json(verdicts.next().expect("one for each reply")), CASES.iter());
}

#[test]
fn editors_tell_the_same() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let mut editor = Editor::start(folder.path());
    let mut n_documents = 0;
    let mut judge = |text: &str| {
        n_documents += 1;
        let found = editor.open(&format!("untitled:reply-{n_documents}"), "plaintext", text);
        let verdict = match found.iter().filter_map(|it| it["severity"].as_u64()).min() {
            Some(1) => "hold",
            Some(2) => "suggest",
            _ => "pass",
        };
        (verdict.to_owned(), found.iter().map(|it| it["code"].as_str().expect("a sin").to_owned()).collect())
    };
    check("lsp", &mut judge, CASES.iter().filter(|it| it.in_editors));
}
