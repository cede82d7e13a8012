//! Quoted-printable, as mails write text: `é` is `=C3=A9`, and a line that is too long ends in `=` and goes on.

use crate::diagnostic::Edit;

/// `bytes` so written, on one line but for their own line breaks.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut written = String::with_capacity(bytes.len());
    for (at, &byte) in bytes.iter().enumerate() {
        let ends_line = bytes.get(at + 1).is_some_and(|it| matches!(it, b'\r' | b'\n'));
        match byte {
            b' ' | b'\t' if !ends_line => written.push(char::from(byte)),
            b'\r' | b'\n' => written.push(char::from(byte)),
            b'!'..=b'~' if byte != b'=' => written.push(char::from(byte)),
            _ => written.push_str(&format!("={byte:02X}")),
        }
    }
    written
}

/// Whether `text` is nothing but ends of lines that go on.
pub(crate) fn is_fold(text: &str) -> bool {
    let mut rest = text;
    while let Some(line) = rest.strip_prefix('=') {
        let line = line.trim_start_matches([' ', '\t']);
        let Some(next) = line.strip_prefix("\r\n").or_else(|| line.strip_prefix('\n')) else { return false };
        rest = next;
    }
    rest.is_empty() && !text.is_empty()
}

/// The edit of a mail's `text` with its replacement cut into lines that mail may have. Blanks are not cut: they are
/// still to be filled.
pub(crate) fn folded(text: &str, edit: Edit) -> Edit {
    if !edit.blanks.is_empty() || !grows(text, &edit) {
        return edit;
    }
    let line_end = if text[..edit.span.start].ends_with("\r\n") || text.contains("\r\n") { "\r\n" } else { "\n" };
    let column = edit.span.start - text[..edit.span.start].rfind('\n').map_or(0, |it| it + 1);
    let ends_line = is_line_end(&text[edit.span.end..]);
    Edit { replacement: fold(&edit.replacement, column, line_end, ends_line), ..edit }
}

/// Whether the line may get longer than it was.
fn grows(text: &str, edit: &Edit) -> bool {
    let replaced = &text[edit.span.range()];
    edit.replacement.len() > replaced.len() || replaced.contains('\n')
}

/// Characters of a line, without the `=` that says that it goes on.
const WIDTH: usize = 75;

/// What comes after the words starts a line of its own, so that it is as long as it was, or shorter.
fn fold(words: &str, column: usize, line_end: &str, ends_line: bool) -> String {
    let mut folded = String::new();
    let mut column = column;
    for token in tokens(words) {
        if token == "\n" {
            folded.push_str(line_end);
            column = 0;
            continue;
        }
        if column + token.len() > WIDTH {
            folded.push('=');
            folded.push_str(line_end);
            column = 0;
        }
        folded.push_str(token);
        column += token.len();
    }
    match () {
        () if !ends_line => folded + "=" + line_end,
        () if folded.ends_with([' ', '\t']) => {
            let last = folded.pop().map_or(0, u32::from);
            folded + &format!("={last:02X}")
        }
        () => folded,
    }
}

fn is_line_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with(['\n', '\r']) || rest.starts_with("=\r\n") || rest.starts_with("=\n")
}

/// Pieces that no line may end inside of: `=C3`, a line break (whichever, as `\n`), any other character.
fn tokens(words: &str) -> impl Iterator<Item = &str> {
    let mut rest = words;
    std::iter::from_fn(move || {
        rest = rest.strip_prefix('\r').filter(|it| it.starts_with('\n')).unwrap_or(rest);
        let len = match rest.as_bytes().first()? {
            b'=' => 3.min(rest.len()),
            _ => rest.chars().next()?.len_utf8(),
        };
        let (token, after) = rest.split_at_checked(len)?;
        rest = after;
        Some(token)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    #[test]
    fn bytes_are_written_as_mail_may_carry_them() {
        let check = |text: &str, written: &str| assert_eq!(encode(text.as_bytes()), written);
        check("Désolé = sorry", "D=C3=A9sol=C3=A9 =3D sorry");
        check("a \r\nb\t\nc ", "a=20\r\nb=09\nc ");
        check("\u{1f600}.", "=F0=9F=98=80.");
    }

    #[test]
    fn folds_are_told_from_words() {
        for fold in ["=\r\n", "=\n", "= \r\n=\n"] {
            assert!(is_fold(fold), "{fold:?}");
        }
        for words in ["", "=", "=3D", "=\r\na", "\r\n"] {
            assert!(!is_fold(words), "{words:?}");
        }
    }

    #[track_caller]
    fn check(text: &str, at: (usize, usize), replacement: &str, expected: &str) {
        let edit = Edit { span: Span::new(at.0, at.1), replacement: replacement.to_owned(), blanks: Vec::new() };
        let edit = folded(text, edit);
        let result = format!("{}{}{}", &text[..at.0], edit.replacement, &text[at.1..]);
        assert_eq!(result, expected);
        assert!(result.lines().all(|it| it.len() <= WIDTH + 1), "{result}");
    }

    #[test]
    fn long_lines_are_folded_and_short_words_left() {
        check("Hi sorry there\r\n", (3, 8), "ok", "Hi ok there\r\n");
        check("Hi you there\r\n", (3, 6), "sorry", "Hi sorry=\r\n there\r\n");
        let long = "x".repeat(70);
        check(&format!("{long}ab"), (70, 72), "=C3=A9=C3=A9", &format!("{long}=C3=\n=A9=C3=A9"));
        check("a b", (2, 3), "c ", "a c=20");
        check("aaa=\r\nbbb ccc", (0, 9), "d", "d=\r\n ccc");
        check("ab\r\n", (0, 2), "one\ntwo", "one\r\ntwo\r\n");
    }
}
