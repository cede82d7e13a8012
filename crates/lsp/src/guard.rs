//! What stands between a client's bytes and tower-lsp: only well-formed messages pass, and the end is the end.

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufRead, AsyncWrite},
    sync::mpsc::UnboundedSender,
};

use crate::frame::{Frame, read_frame, write_frame};

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

/// Passes well-formed messages on to the server and answers the others, until the client leaves.
pub async fn guard(
    mut input: impl AsyncBufRead + Unpin,
    mut server: impl AsyncWrite + Unpin,
    answers: UnboundedSender<Vec<u8>>,
) -> Ending {
    let mut was_shut_down = false;
    loop {
        let body = match read_frame(&mut input).await {
            Ok(Frame::Body(body)) => body,
            Ok(Frame::NoLength) => continue,
            Ok(Frame::Hopeless(why)) => {
                let _ = answers.send(refusal(&Value::Null, PARSE_ERROR, why));
                return Ending::Abrupt;
            }
            Ok(Frame::End) | Err(_) => return Ending::Abrupt,
        };
        match inspect(body) {
            Verdict::Pass { body, method } => {
                was_shut_down |= method.as_deref() == Some("shutdown");
                let passed = write_frame(&mut server, &body).await;
                if method.as_deref() == Some("exit") || passed.is_err() {
                    return if was_shut_down { Ending::Orderly } else { Ending::Abrupt };
                }
            }
            Verdict::Refuse(answer) => {
                let _ = answers.send(answer);
            }
            Verdict::Drop => {}
        }
    }
}

const PARSE_ERROR: i64 = -32700;
const INVALID_REQUEST: i64 = -32600;

enum Verdict {
    Pass { body: Vec<u8>, method: Option<String> },
    Refuse(Vec<u8>),
    Drop,
}

fn inspect(body: Vec<u8>) -> Verdict {
    if body.is_empty() {
        return Verdict::Drop;
    }
    let mut message = match serde_json::from_slice(&body) {
        Ok(Value::Object(message)) => message,
        Ok(_) => return Verdict::Refuse(refusal(&Value::Null, INVALID_REQUEST, "a message is one JSON object")),
        Err(_) => return Verdict::Refuse(refusal(&Value::Null, PARSE_ERROR, "this is no JSON")),
    };
    let method = message.get("method").and_then(Value::as_str).map(str::to_owned);
    let id = message.get("id").filter(|it| is_id(it)).cloned();
    let has_bad_id = message.contains_key("id") && id.is_none();
    let is_answer = method.is_none() && (message.contains_key("result") || message.contains_key("error"));
    if is_answer {
        return if id.is_some() && is_well_formed_answer(&message) { pass(body, None) } else { Verdict::Drop };
    }
    if method.is_none() || has_bad_id || message.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Verdict::Refuse(refusal(
            &id.unwrap_or_default(),
            INVALID_REQUEST,
            "this is no request of JSON-RPC 2.0",
        ));
    }
    // Some clients write what they do not have as null; tower-lsp takes that for a parameter too many.
    // What is neither request nor answer ("result" beside "method") would be taken for the wrong one.
    let n_keys = message.len();
    message.retain(|key, value| {
        matches!(key.as_str(), "jsonrpc" | "id" | "method") || key == "params" && !value.is_null()
    });
    let body = if message.len() == n_keys { body } else { Value::Object(message).to_string().into_bytes() };
    pass(body, method)
}

fn pass(body: Vec<u8>, method: Option<String>) -> Verdict {
    Verdict::Pass { body, method }
}

fn is_id(value: &Value) -> bool {
    value.is_i64() || value.is_string()
}

fn is_well_formed_answer(message: &serde_json::Map<String, Value>) -> bool {
    let is_error =
        |it: &Value| it.get("code").is_some_and(Value::is_i64) && it.get("message").is_some_and(Value::is_string);
    message.get("jsonrpc").and_then(Value::as_str) == Some("2.0")
        && message.get("error").is_none_or(|it| is_error(it) && !message.contains_key("result"))
}

fn refusal(id: &Value, code: i64, message: &str) -> Vec<u8> {
    json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}}).to_string().into_bytes()
}
