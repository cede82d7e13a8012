//! The values of front matter that stand in one line: what they say, and where each byte of that stands.

use crate::{
    document::ReadError,
    escape::{Escape, Layer},
    offset_map::OffsetMap,
    span::Span,
};

/// A value.
pub(super) struct Value {
    pub text: String,
    pub map: OffsetMap,
    pub escape: Escape,
}

/// Reads what stands at `span` of a text, after the key; `None` if that is nothing, or goes on in the next lines.
pub(super) fn read(text: &str, span: Span) -> Result<Option<Value>, ReadError> {
    let source = &text[span.range()];
    let start = span.start + source.len() - source.trim_start().len();
    let value = source.trim();
    let span = Span::new(start, start + value.len());
    match value.chars().next() {
        None | Some('|' | '>' | '#') => Ok(None),
        Some(quote @ ('"' | '\'')) => quoted(text, span, quote).map(Some),
        Some(it) if SPECIAL.contains(it) => {
            error(start, &format!("`{it}` means something else here in YAML; put quotes around the value"))
        }
        Some(_) => plain(text, span).map(Some),
    }
}

/// What no plain value may start with.
const SPECIAL: &str = "[]{}&*!%@`,";

fn error<T>(offset: usize, message: &str) -> Result<T, ReadError> {
    Err(ReadError::new(offset, format!("the front matter is broken: {message}")))
}

fn plain(text: &str, span: Span) -> Result<Value, ReadError> {
    let value = &text[span.range()];
    let len = value.find(" #").map_or(value.len(), |it| value[..it].trim_end().len());
    let value = &value[..len];
    if let Some(at) = value.find(": ").or_else(|| value.ends_with(':').then(|| value.len() - 1)) {
        return error(span.start + at, "`:` ends a key in YAML; put quotes around the value");
    }
    let map = OffsetMap::verbatim(Span::new(span.start, span.start + len));
    Ok(Value { text: value.to_owned(), map, escape: Escape::of(Layer::YamlPlain) })
}

fn quoted(text: &str, span: Span, quote: char) -> Result<Value, ReadError> {
    let (mut value, mut map) = (String::new(), OffsetMap::default());
    let mut at = span.start + 1;
    while at < span.end {
        let rest = &text[at..span.end];
        let Some((words, len)) = escaped(rest, quote) else { break };
        match words {
            Some(it) => map.push_replaced(it.len_utf8(), Span::new(at, at + len)),
            None => map.push_verbatim(len, at),
        }
        value.extend(words.or_else(|| rest.chars().next()));
        at += len;
    }
    let after = text[at..span.end].strip_prefix(quote).map(str::trim_start);
    let layer = if quote == '"' { Layer::YamlDouble } else { Layer::YamlSingle };
    match after {
        Some(it) if it.is_empty() || it.starts_with('#') => Ok(Value { text: value, map, escape: Escape::of(layer) }),
        Some(_) => error(at + 1, "there is something after the closing quote"),
        None if text[at..span.end].starts_with('\\') => {
            error(at, "this escape is not known; write the character itself")
        }
        None => error(span.start, "this value has no closing quote on its line"),
    }
}

/// What stands first: a character that is written in another way, or itself (`None`), and its length. Nothing if the value
/// ends here.
fn escaped(rest: &str, quote: char) -> Option<(Option<char>, usize)> {
    let first = rest.chars().next()?;
    let second = rest.chars().nth(1);
    match (quote, first, second) {
        ('\'', '\'', Some('\'')) => Some((Some('\''), 2)),
        ('"', '\\', Some('n')) => Some((Some('\n'), 2)),
        ('"', '\\', Some('t')) => Some((Some('\t'), 2)),
        ('"', '\\', Some('_')) => Some((Some('\u{a0}'), 2)),
        ('"', '\\', Some(it @ ('"' | '\\' | '/'))) => Some((Some(it), 2)),
        ('"', '\\', Some('x')) => hexadecimal(rest, 2),
        ('"', '\\', Some('u')) => hexadecimal(rest, 4),
        ('"', '\\', _) => None,
        _ if first == quote => None,
        _ => Some((None, first.len_utf8())),
    }
}

fn hexadecimal(rest: &str, n_digits: usize) -> Option<(Option<char>, usize)> {
    let digits = rest.get(2..2 + n_digits).filter(|it| it.bytes().all(|it| it.is_ascii_hexdigit()))?;
    let character = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
    Some((Some(character), 2 + n_digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: Option<&str>) {
        let value = read(source, Span::new(0, source.len())).expect("well-formed");
        assert_eq!(value.as_ref().map(|it| it.text.as_str()), expected, "{source}");
        assert!(value.is_none_or(|it| it.map.len() == it.text.len()));
    }

    #[track_caller]
    fn check_error(source: &str, offset: usize, words: &str) {
        let error = read(source, Span::new(0, source.len())).err().expect("broken");
        assert_eq!(error.offset, Some(offset), "{error}");
        assert!(error.message.contains(words), "{error}");
    }

    #[test]
    fn values_of_every_style() {
        check(" Your parcel # late\r\n", Some("Your parcel"));
        check(" 'It''s late' # x\n", Some("It's late"));
        check(r#" "a \"b\" \u00e9\xe9\_""#, Some("a \"b\" éé\u{a0}"));
        check(" d\u{e9}j\u{e0}:vu#1", Some("déjà:vu#1"));
        check("''", Some(""));
        check(" >-\n", None);
        check("\n", None);
    }

    #[test]
    fn what_yaml_would_read_otherwise_says_where() {
        check_error(" a: b", 2, "`:` ends a key");
        check_error(" 'a", 1, "no closing quote");
        check_error(" 'a' b", 4, "after the closing quote");
        check_error(r#" "a\q""#, 3, "not known");
        check_error(" {{ a }}", 1, "`{` means something else");
    }
}
