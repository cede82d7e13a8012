//! Core in the browser and in Node: JSON in, JSON out. `npm/index.js` makes objects of it, and `npm/index.d.ts` says of which shape.

mod check;

use std::sync::OnceLock;

use absolve_core::{
    document::ReadError,
    gate::{self, Choice, Policy, Reply},
    linter::Linter,
};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;

/// The findings of a text, which is read as `format` says.
#[wasm_bindgen]
pub fn check(text: &str, format: &str) -> Result<String, JsError> {
    json(&check::findings(linter(), text, format).map_err(told)?)
}

/// The verdict on a reply that is about to be sent, by a policy; both are JSON, as `integrations/README.md` says.
#[wasm_bindgen]
pub fn gate(reply: &str, policy: &str) -> Result<String, JsError> {
    let reply = Reply::from_json(reply.as_bytes()).map_err(told)?;
    json(&gate::judge(linter(), &reply, &read::<Policy>("policy", policy)?).map_err(told)?)
}

/// A reply with the alternatives that were picked; with `null` for `choices`, with all that a machine may mend.
#[wasm_bindgen]
pub fn rewrite(reply: &str, choices: &str, policy: &str) -> Result<String, JsError> {
    let reply = Reply::from_json(reply.as_bytes()).map_err(told)?;
    let choices = read::<Option<Vec<Choice>>>("choices", choices)?;
    let policy = read::<Policy>("policy", policy)?;
    json(&gate::rewrite(linter(), &reply, choices.as_deref(), &policy).map_err(told)?)
}

/// The version of Absolve.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

fn linter() -> &'static Linter {
    static LINTER: OnceLock<Linter> = OnceLock::new();
    LINTER.get_or_init(|| Linter::new(absolve_rules::builtin()))
}

fn read<T: DeserializeOwned>(name: &str, json: &str) -> Result<T, JsError> {
    serde_json::from_str(json).map_err(|it| JsError::new(&format!("{name}: {it}")))
}

fn json(value: &impl Serialize) -> Result<String, JsError> {
    Ok(serde_json::to_string(value)?)
}

fn told(error: ReadError) -> JsError {
    JsError::new(&error.message)
}
