//! What stands between a client's bytes and tower-lsp: only well-formed messages pass, and the end is the end.

use std::io::BufRead;

use serde_json::{Map, Value, json};
use tokio::sync::mpsc::UnboundedSender;

use crate::frame::{Frame, read_frame};

/// What a client sent.
#[derive(Debug, PartialEq)]
pub enum Incoming {
    /// A request or a notification.
    Call(Call),
    /// What it answers when asked.
    Answer(Value),
    /// What makes no sense, as the answer that it gets.
    Refused(Value),
}

/// A request; a notification if it has no id.
#[derive(Debug, PartialEq)]
pub struct Call {
    /// What is wanted.
    pub method: String,
    /// A number or a text.
    pub id: Option<Value>,
    /// Of what.
    pub params: Option<Value>,
}

/// How a session ended, as its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// `exit` after `shutdown`.
    Orderly,
    /// `exit` without `shutdown`, or a client that vanished.
    Abrupt,
}

impl Ending {
    /// What the protocol asks the process to return.
    pub fn code(self) -> u8 {
        u8::from(self == Ending::Abrupt)
    }
}

/// Passes on what a client sends, until it leaves. It is always read: no client waits for us with its hands full.
pub fn guard(mut input: impl BufRead, session: &UnboundedSender<Incoming>) -> Ending {
    let mut was_shut_down = false;
    loop {
        let incoming = match read_frame(&mut input) {
            Ok(Frame::Body(body)) => inspect(&body),
            Ok(Frame::NoLength) => None,
            Ok(Frame::Hopeless(why)) => {
                let _ = session.send(refusal(Value::Null, PARSE_ERROR, why));
                return Ending::Abrupt;
            }
            Ok(Frame::End) | Err(_) => return Ending::Abrupt,
        };
        match incoming.as_ref().and_then(Incoming::method) {
            Some("exit") => return if was_shut_down { Ending::Orderly } else { Ending::Abrupt },
            method => was_shut_down |= method == Some("shutdown"),
        }
        if incoming.is_some_and(|it| session.send(it).is_err()) {
            return Ending::Abrupt;
        }
    }
}

impl Incoming {
    fn method(&self) -> Option<&str> {
        if let Incoming::Call(call) = self { Some(&call.method) } else { None }
    }
}

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;

/// A body as what it says; `None` if it says nothing.
fn inspect(body: &[u8]) -> Option<Incoming> {
    if body.is_empty() {
        return None;
    }
    let mut message = match serde_json::from_slice(body) {
        Ok(Value::Object(message)) => message,
        Ok(_) => return Some(refusal(Value::Null, INVALID_REQUEST, "a message is one JSON object")),
        Err(_) => return Some(refusal(Value::Null, PARSE_ERROR, "this is no JSON")),
    };
    if !message.contains_key("method") && (message.contains_key("result") || message.contains_key("error")) {
        return is_well_formed_answer(&message).then_some(Incoming::Answer(Value::Object(message)));
    }
    let is_ours = message.get("jsonrpc").and_then(Value::as_str) == Some("2.0");
    let (has_id, id) = (message.contains_key("id"), message.remove("id").filter(is_id));
    match message.remove("method") {
        Some(Value::String(method)) if is_ours && has_id == id.is_some() => {
            // Some clients write what they do not have as null; tower-lsp takes that for a parameter too many.
            let params = message.remove("params").filter(|it| !it.is_null());
            Some(Incoming::Call(Call { method, id, params }))
        }
        _ => Some(refusal(id.unwrap_or_default(), INVALID_REQUEST, "this is no request of JSON-RPC 2.0")),
    }
}

fn is_id(value: &Value) -> bool {
    value.is_i64() || value.is_string()
}

fn is_well_formed_answer(message: &Map<String, Value>) -> bool {
    let is_error =
        |it: &Value| it.get("code").is_some_and(Value::is_i64) && it.get("message").is_some_and(Value::is_string);
    message.get("jsonrpc").and_then(Value::as_str) == Some("2.0")
        && message.get("id").is_some_and(is_id)
        && message.get("error").is_none_or(|it| is_error(it) && !message.contains_key("result"))
}

fn refusal(id: Value, code: i64, message: &str) -> Incoming {
    Incoming::Refused(json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}}))
}
