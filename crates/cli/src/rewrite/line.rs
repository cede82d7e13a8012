//! A line typed in a terminal, with what a writer expects of one: cursor keys, Home, End, Backspace, Delete.

use std::io;

use console::{Key, Term};

use crate::text;

/// What was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// Words, ended by Enter.
    Words(String),
    /// Escape or Ctrl-C: never mind.
    Nothing,
}

/// Reads a line after `label`, which takes `label_width` columns, starting from `words`.
pub fn read(term: &Term, label: &str, label_width: usize, words: &str) -> io::Result<Typed> {
    let mut line = Line { characters: words.chars().collect(), cursor: words.chars().count() };
    loop {
        let room = usize::from(term.size().1).saturating_sub(label_width + 2).max(10);
        let (shown, behind) = line.window(room);
        term.clear_line()?;
        term.write_str(&format!("{label}{}", text::visible(&shown)))?;
        if behind > 0 {
            term.move_cursor_left(behind)?;
        }
        match term.read_key_raw()? {
            Key::Enter => {
                term.write_line("")?;
                return Ok(Typed::Words(line.characters.into_iter().collect()));
            }
            Key::Escape | Key::CtrlC => {
                term.write_line("")?;
                return Ok(Typed::Nothing);
            }
            key => line.press(&key),
        }
    }
}

/// Characters and a cursor before one of them, or at their end.
struct Line {
    characters: Vec<char>,
    cursor: usize,
}

impl Line {
    fn press(&mut self, key: &Key) {
        match key {
            Key::Char('\u{1}') | Key::Home => self.cursor = 0,
            Key::Char('\u{5}') | Key::End => self.cursor = self.characters.len(),
            Key::Char('\u{15}') => {
                self.characters.drain(..self.cursor);
                self.cursor = 0;
            }
            Key::Char('\u{7f}' | '\u{8}') | Key::Backspace if self.cursor > 0 => {
                self.cursor -= 1;
                self.characters.remove(self.cursor);
            }
            Key::Del if self.cursor < self.characters.len() => {
                self.characters.remove(self.cursor);
            }
            Key::ArrowLeft => self.cursor = self.cursor.saturating_sub(1),
            Key::ArrowRight => self.cursor = (self.cursor + 1).min(self.characters.len()),
            Key::Char(it) if !it.is_control() => {
                self.characters.insert(self.cursor, *it);
                self.cursor += 1;
            }
            _ => {}
        }
    }

    /// As much as fits into `room` columns, up to the cursor or past it, and the columns after the cursor.
    fn window(&self, room: usize) -> (String, usize) {
        let width = |it: &[char]| text::width(&it.iter().collect::<String>());
        let mut start = 0;
        while width(&self.characters[start..self.cursor]) > room {
            start += 1;
        }
        let mut end = self.characters.len();
        while width(&self.characters[start..end]) > room && end > self.cursor {
            end -= 1;
        }
        (self.characters[start..end].iter().collect(), width(&self.characters[self.cursor..end]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys pressed on `words`: what stands then, with `|` for the cursor.
    #[track_caller]
    fn check(words: &str, keys: &[Key], expected: &str) {
        let mut line = Line { characters: words.chars().collect(), cursor: words.chars().count() };
        keys.iter().for_each(|it| line.press(it));
        let mut shown = line.characters.clone();
        shown.insert(line.cursor, '|');
        assert_eq!(shown.into_iter().collect::<String>(), expected);
    }

    #[test]
    fn keys_do_what_a_writer_expects() {
        check("", &[Key::Char('é'), Key::Char('t')], "ét|");
        check("été", &[Key::Backspace], "ét|");
        check("été", &[Key::Home, Key::Del, Key::Char('É')], "É|té");
        check("abc", &[Key::ArrowLeft, Key::ArrowLeft, Key::Char('-')], "a-|bc");
        check("abc", &[Key::ArrowLeft, Key::Char('\u{15}')], "|c");
        check("", &[Key::Backspace, Key::Del, Key::ArrowLeft, Key::ArrowRight, Key::Char('\u{1b}')], "|");
    }

    #[test]
    fn a_long_line_is_shown_around_the_cursor() {
        let line = Line { characters: "0123456789".chars().collect(), cursor: 10 };
        assert_eq!(line.window(4), ("6789".to_owned(), 0));
        let line = Line { characters: "0123456789".chars().collect(), cursor: 2 };
        assert_eq!(line.window(4), ("0123".to_owned(), 2));
    }
}
