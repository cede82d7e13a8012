//! Text as a terminal may safely show it.

use unicode_width::UnicodeWidthStr;

/// `text` with what would command a terminal, or reorder what it shows, made visible. Line breaks and tabs stay.
pub fn visible(text: &str) -> String {
    text.chars().map(visible_char).collect()
}

/// `text` on one line, made visible.
pub fn one_line(text: &str) -> String {
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn visible_char(it: char) -> char {
    match it {
        '\n' | '\t' => it,
        '\0'..='\x1f' => char::from_u32(0x2400 + it as u32).unwrap_or('\u{fffd}'),
        '\x7f' => '␡',
        '\u{80}'..='\u{9f}' => '\u{fffd}',
        '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        _ => it,
    }
}

/// Columns that `text` takes on a terminal.
pub fn width(text: &str) -> usize {
    text.width()
}

/// `text` cut into lines of at most `columns`, between words. No-break spaces hold; so do those of French marks.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in with_french_spaces(text).split([' ', '\n', '\t']).filter(|it| !it.is_empty()) {
        let line = lines.last_mut().expect("it starts with one");
        let with_word = used + 1 + width(word);
        if line.is_empty() {
            line.push_str(word);
            used = with_word - 1;
        } else if with_word <= columns {
            line.push(' ');
            line.push_str(word);
            used = with_word;
        } else {
            lines.push(word.to_owned());
            used = with_word - used - 1;
        }
    }
    lines
}

/// A French mark never starts a line.
fn with_french_spaces(text: &str) -> String {
    let marks = [" :", " ;", " !", " ?", " »"].iter().map(|it| (*it, it.replace(' ', "\u{a0}")));
    marks.chain([("« ", "«\u{a0}".to_owned())]).fold(text.to_owned(), |text, (mark, held)| text.replace(mark, &held))
}

/// `text` cut to `columns`, with `…` where something is missing.
pub fn shorten(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut short = String::new();
    for it in text.chars() {
        if width(&short) + 2 > columns {
            break;
        }
        short.push(it);
    }
    short.trim_end().to_owned() + "…"
}

/// How wide the terminal is, within what reads well; what is piped is as wide as a page.
pub fn columns() -> usize {
    let terminal = terminal_size::terminal_size().map(|it| usize::from(it.0.0));
    terminal.unwrap_or(100).clamp(60, 110)
}

/// `text`, filled up with spaces to `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    text.to_owned() + &" ".repeat(columns.saturating_sub(width(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_commands_the_terminal() {
        assert_eq!(visible("a\x1b[31mb\u{202e}c\td\n\u{9b}"), "a␛[31mb\u{fffd}c\td\n\u{fffd}");
        assert_eq!(one_line(" a\n  b\r\n"), "a b");
    }

    #[test]
    fn lines_are_cut_between_words() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("incommensurable", 8), ["incommensurable"]);
        assert_eq!(wrap("ah ! « oui »", 6), ["ah\u{a0}!", "«\u{a0}oui\u{a0}»"]);
        assert_eq!(shorten("one two three", 8), "one two…");
        assert_eq!(shorten("one", 8), "one");
    }
}
