//! Any bytes of a mail server's: the conversation ends, and every answer is a whole packet.
#![no_main]

use std::sync::{Arc, LazyLock};

use absolve_core::{
    gate::{self, Choice, Policy, Reply, Rewritten, Verdict},
    linter::Linter,
};
use absolve_serve::{judge::Judge, milter::converse};
use libfuzzer_sys::fuzz_target;

static LINTER: LazyLock<Linter> = LazyLock::new(|| Linter::new(absolve_rules::builtin()));
static TESTER: LazyLock<Arc<Tester>> = LazyLock::new(|| Arc::new(Tester(Policy::default())));

struct Tester(Policy);

impl Judge for Tester {
    fn judge(&self, reply: &Reply) -> Result<Verdict, String> {
        gate::judge(&LINTER, reply, &self.0).map_err(|it| it.message)
    }

    fn rewrite(&self, reply: &Reply, choices: Option<&[Choice]>) -> Result<Rewritten, String> {
        gate::rewrite(&LINTER, reply, choices, &self.0).map_err(|it| it.message)
    }

    fn judge_mail(&self, mail: &[u8], override_reason: Option<&str>) -> Result<Verdict, String> {
        gate::judge_mail(&LINTER, mail, override_reason, &self.0).map_err(|it| it.message)
    }

    fn policy(&self) -> &Policy {
        &self.0
    }

    fn n_rules(&self) -> usize {
        0
    }
}

// Packets with their lengths right go deep; bytes as they come go wide.
fuzz_target!(|data: (bool, Vec<(u8, &[u8])>)| {
    let (is_framed, packets) = data;
    let mut stream = Vec::new();
    for (command, body) in packets {
        if is_framed {
            stream.extend(u32::try_from(body.len() + 1).expect("it is short").to_be_bytes());
        }
        stream.push(if is_framed { b"OCHBLEMRNTDQAKU"[usize::from(command) % 15] } else { command });
        stream.extend(body);
    }
    let mut answers = Vec::new();
    let _ = converse(stream.as_slice(), &mut answers, TESTER.clone());
    let mut rest = answers.as_slice();
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        rest = &after[u32::from_be_bytes(*length) as usize..];
    }
    assert!(rest.is_empty());
});
