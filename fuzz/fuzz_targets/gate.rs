//! Any body for the pre-send hook: it is refused with a reason, or judged; the alternatives point into the reply, and rewriting
//! twice is rewriting once.
#![no_main]

use std::sync::LazyLock;

use absolve_core::{
    gate::{Policy, Reply, judge, rewrite},
    linter::Linter,
};
use libfuzzer_sys::fuzz_target;

static LINTER: LazyLock<Linter> = LazyLock::new(|| Linter::new(absolve_rules::builtin()));

fuzz_target!(|body: &[u8]| {
    let policy = Policy::default();
    let reply = match Reply::read(body) {
        Ok(reply) => reply,
        Err(error) => return assert!(!error.message.is_empty() && error.offset.is_none_or(|it| it <= body.len())),
    };
    let verdict = match judge(&LINTER, &reply, &policy) {
        Ok(verdict) => verdict,
        Err(error) => return assert!(!error.message.is_empty()),
    };
    let json = serde_json::to_vec(&verdict).expect("a verdict is plain data");
    assert!(serde_json::from_slice::<serde_json::Value>(&json).is_ok());
    let Ok(rewritten) = rewrite(&LINTER, &reply, None, &policy) else { return };
    if let Ok(twice) = rewrite(&LINTER, &rewritten.reply, None, &policy) {
        assert_eq!(twice.reply, rewritten.reply);
    }
});
