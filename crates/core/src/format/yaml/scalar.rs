//! Which bytes each character of a YAML text comes from, for each of the five styles that YAML writes texts in.

use saphyr_parser::ScalarStyle;

use super::BLANKS;
use crate::{
    escape::{Enclosure, Layer},
    format::tree::Scalar,
    offset_map::OffsetMap,
    span::Span,
};

/// The text that stands at `span`, which says `value`; `None` if its bytes do not say that.
pub(super) fn read<'a>(source: &'a str, value: &str, style: ScalarStyle, span: Span) -> Option<Scalar<'a>> {
    let scalar = match style {
        // What is not there stands nowhere.
        ScalarStyle::Plain if value.is_empty() => plain(source, Span::new(span.start, span.start)),
        ScalarStyle::Plain => plain(source, span),
        ScalarStyle::SingleQuoted => quoted(source, span, '\'', Layer::YamlSingle)?,
        ScalarStyle::DoubleQuoted => quoted(source, span, '"', Layer::YamlDouble)?,
        ScalarStyle::Literal | ScalarStyle::Folded => return block(source, value, style, span),
    };
    (scalar.text() == value).then_some(scalar)
}

/// A text, being put together.
struct Writer<'a> {
    source: &'a str,
    text: String,
    map: OffsetMap,
}

impl<'a> Writer<'a> {
    fn new(source: &'a str) -> Writer<'a> {
        Writer { source, text: String::new(), map: OffsetMap::default() }
    }

    fn verbatim(&mut self, span: Span) {
        self.text.push_str(&self.source[span.range()]);
        self.map.push_verbatim(span.len(), span.start);
    }

    fn replaced(&mut self, words: &str, span: Span) {
        self.text.push_str(words);
        self.map.push_replaced(words.len(), span);
    }

    fn finish(self, span: Span, layer: Layer) -> Scalar<'a> {
        match self.map.as_verbatim() {
            Some(whole) if whole == span => Scalar::verbatim(self.source, span, layer),
            _ if self.text.is_empty() => Scalar::verbatim(self.source, Span::new(span.start, span.start), layer),
            _ => Scalar::decoded(self.text, span, layer, self.map),
        }
    }
}

fn plain(source: &str, span: Span) -> Scalar<'_> {
    let span = Span::new(span.start, span.start + source[span.range()].trim_end_matches(BLANKS).len());
    let mut writer = Writer::new(source);
    flow(&mut writer, span, None);
    writer.finish(span, Layer::YamlDouble).enclosed(Enclosure::Yaml(span))
}

fn quoted(source: &str, span: Span, quote: char, layer: Layer) -> Option<Scalar<'_>> {
    let inside = source[span.range()].strip_prefix(quote)?;
    let span = Span::new(span.start + 1, span.start + 1 + closing(inside, quote)?);
    let mut writer = Writer::new(source);
    flow(&mut writer, span, Some(quote));
    Some(writer.finish(span, layer))
}

/// Where the quote closes; the parser's end may lie behind it.
fn closing(inside: &str, quote: char) -> Option<usize> {
    let mut chars = inside.char_indices().peekable();
    while let Some((at, it)) = chars.next() {
        match it {
            '\\' if quote == '"' => drop(chars.next()),
            '\'' if quote == '\'' && chars.peek().is_some_and(|it| it.1 == '\'') => drop(chars.next()),
            _ if it == quote => return Some(at),
            _ => {}
        }
    }
    None
}

/// A text over one or more lines: single line breaks are spaces, others are kept but one.
fn flow(writer: &mut Writer<'_>, span: Span, quote: Option<char>) {
    let source = writer.source;
    let mut at = span.start;
    // What is known to stand as it is, and white space after it that counts unless the line ends.
    let mut from = at;
    let mut solid = at;
    while let Some(it) = source[at..span.end].chars().next() {
        let rest = &source[at..span.end];
        let len = it.len_utf8();
        match (it, quote) {
            ('\n' | '\r', _) => {
                writer.verbatim(Span::new(from, solid));
                let end = at + blank(rest, quote.is_none());
                let n_breaks = breaks(&source[at..end]);
                let words = if n_breaks == 1 { " ".to_owned() } else { "\n".repeat(n_breaks - 1) };
                writer.replaced(&words, Span::new(solid, end));
                (from, solid, at) = (end, end, end);
            }
            ('\'', Some('\'')) => {
                writer.verbatim(Span::new(from, at));
                writer.replaced("'", Span::new(at, at + 2));
                (from, solid, at) = (at + 2, at + 2, at + 2);
            }
            ('\\', Some('"')) => {
                writer.verbatim(Span::new(from, at));
                let (words, len) = escape(rest);
                writer.replaced(&words, Span::new(at, at + len));
                (from, solid, at) = (at + len, at + len, at + len);
            }
            (' ' | '\t', _) => at += len,
            _ => {
                at += len;
                solid = at;
            }
        }
    }
    writer.verbatim(Span::new(from, span.end));
}

/// The length of the white space that `rest` starts with; without quotes, of comments too.
fn blank(rest: &str, has_comments: bool) -> usize {
    let mut after = rest.trim_start_matches(BLANKS);
    while has_comments && after.starts_with('#') {
        after = after.trim_start_matches(|it| it != '\n').trim_start_matches(BLANKS);
    }
    rest.len() - after.len()
}

fn breaks(blanks: &str) -> usize {
    blanks.replace("\r\n", "\n").chars().filter(|it| matches!(it, '\n' | '\r')).count()
}

/// What the escape stands for that `rest` starts with, and its length.
fn escape(rest: &str) -> (String, usize) {
    let mut chars = rest.chars().skip(1);
    let Some(it) = chars.next() else { return (String::new(), 1) };
    let digits = match it {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        '\n' | '\r' => return escaped_break(rest),
        _ => return (simple_escape(it).to_string(), 1 + it.len_utf8()),
    };
    let code = rest.get(2..2 + digits).and_then(|it| u32::from_str_radix(it, 16).ok()).unwrap_or(0xfffd);
    (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER).to_string(), 2 + digits)
}

/// A line break that is no space; blank lines after it still count.
fn escaped_break(rest: &str) -> (String, usize) {
    let len = rest.len() - rest[1..].trim_start_matches(BLANKS).len();
    ("\n".repeat(breaks(&rest[1..len]) - 1), len)
}

fn simple_escape(it: char) -> char {
    match it {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        other => other,
    }
}

/// A block of lines after `|` or `>`. The parser tells where its first line that is not blank begins: so far all are
/// indented.
fn block<'a>(source: &'a str, value: &str, style: ScalarStyle, span: Span) -> Option<Scalar<'a>> {
    let line_start = source[..span.start].rfind('\n').map_or(0, |it| it + 1);
    let indent = span.start - line_start;
    let layer_indent = u8::try_from(indent).unwrap_or(u8::MAX);
    let layer =
        if style == ScalarStyle::Folded { Layer::YamlFolded(layer_indent) } else { Layer::YamlLiteral(layer_indent) };
    let mut writer = Writer::new(source);
    if value.trim_matches('\n').is_empty() {
        writer.replaced(if span.is_empty() { "" } else { value }, span);
        return Some(writer.finish(span, layer));
    }
    let n_leading = value.len() - value.trim_start_matches('\n').len();
    let n_trailing = value.len() - value.trim_end_matches('\n').len();
    blank_lines(source, line_start, indent, n_leading).into_iter().for_each(|it| writer.replaced("\n", it));
    let end = write_lines(&mut writer, &block_lines(source, line_start, indent), style, n_trailing);
    // A file that ends without a line break says one all the same.
    let is_said = writer.text == value || writer.text.len() + 1 == value.len() && value.starts_with(&writer.text);
    is_said.then(|| writer.finish(Span::new(span.start, end.max(span.start)), layer))
}

/// The line breaks of the blank lines before `start`, each with the indentation that follows it.
fn blank_lines(source: &str, start: usize, indent: usize, n_lines: usize) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut next = (start, start + indent);
    for _ in 0..n_lines {
        let before = source[..next.0].trim_end_matches(['\n', '\r']).len().max(next.0.saturating_sub(2));
        let before = if source[..next.0].ends_with("\r\n") { before } else { next.0.saturating_sub(1) };
        let line_start = source[..before].rfind('\n').map_or(0, |it| it + 1);
        spans.push(Span::new(before, next.1));
        next = (line_start, before);
    }
    spans.reverse();
    spans
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// A line of a block: what it says, and where the next begins.
#[derive(Clone, Copy)]
struct Line {
    content: Span,
    next: usize,
}

/// Writes lines of a block, with so many line breaks after the last that is not blank; returns where that ends.
fn write_lines(writer: &mut Writer<'_>, lines: &[Line], style: ScalarStyle, n_trailing: usize) -> usize {
    let mut breaks: Vec<Span> = Vec::new();
    let mut before: Option<Span> = None;
    for (index, line) in lines.iter().enumerate() {
        let next = lines.get(index + 1).map_or(line.next, |it| it.content.start);
        let line_break = Span::new(line.content.end, next);
        if line.content.is_empty() {
            breaks.push(line_break);
            continue;
        }
        join(writer, &breaks, before, line.content, style);
        writer.verbatim(line.content);
        before = Some(line.content);
        breaks = vec![line_break];
    }
    for line_break in breaks.iter().take(n_trailing).filter(|it| !it.is_empty()) {
        writer.replaced("\n", *line_break);
    }
    before.map_or(0, |it| it.end)
}

/// The line breaks between two lines that are not empty: as they are, or folded.
fn join(writer: &mut Writer<'_>, breaks: &[Span], before: Option<Span>, line: Span, style: ScalarStyle) {
    let source = writer.source;
    let is_blank = |it: Span| source[it.range()].starts_with([' ', '\t']);
    let folds = style == ScalarStyle::Folded && before.is_some_and(|it| !is_blank(it)) && !is_blank(line);
    match breaks {
        [] => {}
        [only] if folds => writer.replaced(" ", *only),
        [first, second, rest @ ..] if folds => {
            writer.replaced("\n", Span::new(first.start, second.end));
            rest.iter().for_each(|it| writer.replaced("\n", *it));
        }
        all => all.iter().for_each(|it| writer.replaced("\n", *it)),
    }
}

fn block_lines(source: &str, start: usize, indent: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = start;
    for line in source[start..].split_inclusive('\n') {
        let content = line.trim_end_matches(['\r', '\n']);
        let n_spaces = indentation(content);
        let is_blank = n_spaces == content.len() && n_spaces <= indent;
        let is_end =
            indent == 0 && content.strip_prefix("...").is_some_and(|it| it.is_empty() || it.starts_with(BLANKS));
        if !is_blank && n_spaces < indent || is_end {
            break;
        }
        let skipped = if is_blank { content.len() } else { indent };
        lines.push(Line { content: Span::new(at + skipped, at + content.len()), next: at + line.len() });
        at += line.len();
    }
    lines
}
