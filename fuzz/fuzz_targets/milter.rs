//! Any bytes of a mail server's: the conversation ends, and every answer is a whole packet.
#![no_main]

mod tester;

use std::sync::{Arc, LazyLock};

use absolve_serve::milter::converse;
use libfuzzer_sys::fuzz_target;

use crate::tester::Tester;

static TESTER: LazyLock<Arc<Tester>> = LazyLock::new(|| Arc::new(Tester::default()));

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
