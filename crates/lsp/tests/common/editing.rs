//! A naive model of a document, and random edits of it.

use serde_json::{Value, json};

use super::frame;

/// A small generator of numbers that look random, the same every time.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
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

/// Characters above which a model shrinks as often as it grows.
const ENOUGH: usize = 4000;

pub struct Model {
    text: Vec<char>,
    encoding: &'static str,
}

impl Model {
    pub fn new(text: &str, encoding: &'static str) -> Model {
        Model { text: text.chars().collect(), encoding }
    }

    pub fn text(&self) -> String {
        self.text.iter().collect()
    }

    /// Makes an edit; the frame that tells a server of it.
    pub fn edit(&mut self, uri: &str, version: i32, dice: &mut Dice) -> Vec<u8> {
        let (from, to) = self.range(dice);
        let words = PIECES[dice.roll(PIECES.len())];
        let range = json!({"start": self.position(from), "end": self.position(to)});
        let document = json!({"uri": uri, "version": version});
        let params = json!({"textDocument": document, "contentChanges": [{"range": range, "text": words}]});
        self.text.splice(from..to, words.chars());
        frame(&json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": params}))
    }

    /// Where the edit is: often nothing goes, sometimes a few letters.
    fn range(&self, dice: &mut Dice) -> (usize, usize) {
        let (a, b) = (self.place(dice), self.place(dice));
        let (start, end) = (a.min(b), a.max(b));
        let deletes = dice.roll(3) == 0 || self.text.len() > ENOUGH;
        let (from, to) = if deletes { (start, end.min(start + 9)) } else { (a, a) };
        (from, if self.splits_crlf(to) { to - 1 } else { to }.max(from))
    }

    /// A place between letters that the protocol can name: not between `\r` and `\n`.
    fn place(&self, dice: &mut Dice) -> usize {
        let at = dice.roll(self.text.len() + 1);
        if self.splits_crlf(at) { at - 1 } else { at }
    }

    fn splits_crlf(&self, at: usize) -> bool {
        at > 0 && self.text[at - 1] == '\r' && self.text.get(at) == Some(&'\n')
    }

    /// A place as the naive model sees it: lines are cut by hand, columns counted letter by letter.
    fn position(&self, at: usize) -> Value {
        let (mut line, mut column) = (0, 0);
        for (index, &it) in self.text[..at].iter().enumerate() {
            let is_end = it == '\n' || it == '\r' && self.text.get(index + 1) != Some(&'\n');
            if is_end {
                (line, column) = (line + 1, 0);
            } else {
                column += match self.encoding {
                    "utf-8" => it.len_utf8(),
                    "utf-16" => it.len_utf16(),
                    _ => 1,
                };
            }
        }
        json!({"line": line, "character": column})
    }
}
