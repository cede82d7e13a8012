//! Frames that no client should send: each is survived.

mod common;

use std::{
    io::{BufReader, Write, pipe},
    thread,
};

use common::{Bench, Session, Texts, frame};
use serde_json::{Value, json};

fn body(text: &[u8]) -> Vec<u8> {
    [format!("Content-Length: {}\r\n\r\n", text.len()).as_bytes(), text].concat()
}

/// Sends `bytes` in the middle of a session, which goes on; the error code that is answered, if any.
#[track_caller]
fn check(bytes: &[u8], code: Option<i64>) {
    let mut session = Session::start(json!({}));
    session.send_bytes(bytes);
    if let Some(code) = code {
        assert_eq!(session.read()["error"]["code"], code);
    }
    assert!(session.is_alive());
    assert_eq!(session.inbox.len(), 0, "{:?}", session.inbox);
    end(&mut session);
}

fn end(session: &mut Session) {
    let answer = session.ask("shutdown", Value::Null);
    assert_eq!(answer["result"], Value::Null);
    assert!(answer.get("error").is_none(), "{answer}");
    session.send(&json!({"jsonrpc": "2.0", "method": "exit"}));
    assert_eq!(session.exit_code(), 0);
}

#[test]
fn bad_json_is_answered() {
    check(&body(b"{\"jsonrpc\":"), Some(-32700));
    check(&body(b"[]"), Some(-32600));
    check(&body(b"\xff\xfe\xff"), Some(-32700));
    check(&body(b"{\"jsonrpc\":\"2.0\",\"method\":\"x\xff\"}"), Some(-32700));
    check(&body(b"3"), Some(-32600));
    check(&body(b"null"), Some(-32600));
    check(&body(b"{}"), Some(-32600));
    check(&body(b"[".repeat(100_000).as_slice()), Some(-32700));
    check(&body(b"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"x\"}"), Some(-32600));
    check(&body(b"{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"x\"}"), Some(-32600));
    check(&body(b"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":3}"), Some(-32600));
}

#[test]
fn what_needs_no_answer_gets_none() {
    check(&body(b""), None);
    check(&body(br#"{"jsonrpc":"2.0","id":99,"result":null}"#), None);
    check(&body(br#"{"jsonrpc":"2.0","id":99,"result":null,"error":{"code":1,"message":""}}"#), None);
    check(&body(br#"{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}"#), None);
    check(&body(br#"{"jsonrpc":"2.0","method":"$/unknown","params":{}}"#), None);
    check(&body(br#"{"jsonrpc":"2.0","method":"unknown/notification"}"#), None);
    check(&body(br#"{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":3}}"#), None);
    check(&body(br#"{"jsonrpc":"2.0","method":"textDocument/didSave","result":1}"#), None);
}

#[test]
fn requests_that_cannot_be_understood_are_refused() {
    check(&body(br#"{"jsonrpc":"2.0","id":50,"method":"unknown/request","params":null}"#), Some(-32601));
    check(&body(br#"{"jsonrpc":"2.0","id":50,"method":"textDocument/hover","params":[1]}"#), Some(-32602));
    check(&body(br#"{"jsonrpc":"2.0","id":50,"method":"initialize","params":{}}"#), Some(-32600));
}

#[test]
fn headers_may_be_sloppy() {
    let ping = br#"{"jsonrpc":"2.0","id":50,"method":"unknown/request"}"#;
    let length = ping.len();
    for headers in [
        format!("Content-Length: {length}\r\nContent-Type: application/vscode-jsonrpc\r\n\r\n"),
        format!("content-length:{length}\n\n"),
        format!("A: b\r\nCONTENT-LENGTH : {length}\r\nC: d\r\n\r\n"),
        format!("Content-Type: x; charset=latin1\r\nContent-Length: {length}\r\n\r\n"),
        format!("noise\r\n\r\nContent-Length: x\r\n\r\nContent-Length: {length}\r\n\r\n"),
    ] {
        check(&[headers.as_bytes(), ping].concat(), Some(-32601));
    }
}

#[test]
fn a_length_beyond_reason_ends_the_session_once_it_is_said() {
    let mut session = Session::start(json!({}));
    session.send_bytes(b"Content-Length: 10000000000\r\n\r\n");
    assert_eq!(session.read()["error"]["code"], -32700);
    assert_eq!(session.exit_code(), 1);
}

#[test]
fn exit_codes_are_the_protocols() {
    let mut session = Session::start(json!({}));
    session.send(&json!({"jsonrpc": "2.0", "method": "exit"}));
    assert_eq!(session.exit_code(), 1, "exit without shutdown");

    let mut session = Session::start(json!({}));
    session.vanish();
    assert_eq!(session.exit_code(), 1, "a client that vanishes");

    let mut session = Session::raw();
    session.send(&json!({"jsonrpc": "2.0", "method": "exit", "params": null}));
    assert_eq!(session.exit_code(), 1, "exit before anything");

    let mut session = Session::start(json!({}));
    let shutdown = frame(&json!({"jsonrpc": "2.0", "id": 9, "method": "shutdown", "params": null}));
    let exit = frame(&json!({"jsonrpc": "2.0", "method": "exit", "params": null}));
    session.send_bytes(&[shutdown, exit].concat());
    assert_eq!(session.answer(9)["result"], Value::Null);
    assert_eq!(session.exit_code(), 0, "both at once");
}

#[test]
fn a_request_before_initialize_is_refused() {
    let mut session = Session::raw();
    assert_eq!(session.ask("textDocument/hover", json!({}))["error"]["code"], -32002);
    session.initialize(json!({}), Value::Null);
    assert!(session.is_alive());
}

#[test]
fn a_client_that_reads_nothing_is_heard_out() {
    let (input, mut client) = pipe().expect("a pipe");
    let (unread, output) = pipe().expect("a pipe");
    let bench = Box::new(Bench { texts: Texts::default() });
    let server = thread::spawn(move || absolve_lsp::serve(BufReader::new(input), output, bench));
    let initialize = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"capabilities": {}}});
    client.write_all(&frame(&initialize)).expect("the server reads");
    // More than a pipe holds, in both directions.
    for id in 1..5000 {
        let request = json!({"jsonrpc": "2.0", "id": id, "method": "unknown/request"});
        client.write_all(&frame(&request)).expect("the server reads");
    }
    drop(client);
    assert_eq!(server.join().expect("the server does not panic"), 1);
    drop(unread);
}
