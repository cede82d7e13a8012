//! A thousand edits at once, in every encoding: the server's text is the client's.

mod common;

use std::path::Path;

use common::{Session, frame};
use serde_json::{Value, json};

const URI: &str = "file:///burst.txt";

/// A small generator of numbers that look random, the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }
}

const PIECES: [&str; 14] = [
    "a",
    "é",
    "e\u{301}",
    "😀",
    "👩‍👩‍👧",
    "\r\n",
    "\n",
    "\r",
    " ",
    "\u{a0}!",
    "any inconvenience",
    "日本",
    "",
    "𝄞 gêne occasionnée. ",
];

/// A place as the naive model sees it: lines are cut by hand, columns counted letter by letter.
fn position(text: &[char], at: usize, encoding: &str) -> Value {
    let (mut line, mut column) = (0, 0);
    for (index, &it) in text[..at].iter().enumerate() {
        let is_end = it == '\n' || it == '\r' && text.get(index + 1) != Some(&'\n');
        if is_end {
            (line, column) = (line + 1, 0);
        } else {
            column += match encoding {
                "utf-8" => it.len_utf8(),
                "utf-16" => it.len_utf16(),
                _ => 1,
            };
        }
    }
    json!({"line": line, "character": column})
}

/// A place between letters that the protocol can name: not between `\r` and `\n`.
fn place(text: &[char], dice: &mut Dice) -> usize {
    let at = dice.roll(text.len() + 1);
    let splits_crlf = at > 0 && text[at - 1] == '\r' && text.get(at) == Some(&'\n');
    if splits_crlf { at - 1 } else { at }
}

fn check(encoding: &str, seed: u64) {
    let capabilities = json!({
        "general": {"positionEncodings": [encoding]},
        "textDocument": {"diagnostic": {"dynamicRegistration": false}},
    });
    let mut session = Session::start(capabilities);
    let mut dice = Dice(seed);
    let start = "Dear Léa,\r\n\r\nSorry for any inconvenience 😀.\nBye";
    let mut model: Vec<char> = start.chars().collect();
    session.open(URI, "plaintext", start);
    let mut burst = Vec::new();
    for version in 2..1002 {
        let (a, b) = (place(&model, &mut dice), place(&model, &mut dice));
        let (from, to) = if dice.roll(3) == 0 { (a.min(b), a.max(b).min(a.min(b) + 9)) } else { (a, a) };
        let to = if to > 0 && to < model.len() && model[to - 1] == '\r' && model[to] == '\n' { to - 1 } else { to };
        let to = to.max(from);
        let words = PIECES[dice.roll(PIECES.len())];
        let range = json!({"start": position(&model, from, encoding), "end": position(&model, to, encoding)});
        let document = json!({"uri": URI, "version": version});
        let params = json!({"textDocument": document, "contentChanges": [{"range": range, "text": words}]});
        burst.extend(frame(&json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params})));
        model.splice(from..to, words.chars());
    }
    session.send_bytes(&burst);
    let report = session.request("textDocument/diagnostic", json!({"textDocument": {"uri": URI}}));
    let expected: String = model.into_iter().collect();
    let texts = session.texts.lock().expect("no one panics with it");
    assert_eq!(texts[Path::new("/burst.txt")], expected, "{encoding} {seed}");
    assert_eq!(report["kind"], "full");
}

#[test]
fn utf_8() {
    (1..=10).for_each(|seed| check("utf-8", seed * 7919));
}

#[test]
fn utf_16() {
    (1..=10).for_each(|seed| check("utf-16", seed * 104_729));
}

#[test]
fn utf_32() {
    (1..=10).for_each(|seed| check("utf-32", seed * 1_299_709));
}
