//! YAML, read as a tree that knows where each value stands: saphyr's parser tells the structure, `scalar.rs` which bytes
//! each text comes from.

mod scalar;

use rustc_hash::{FxHashMap, FxHashSet};
use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use crate::{
    document::ReadError,
    format::tree::{Node, Scalar, Value, error_at},
    span::Span,
};

/// Reads a whole text: its document, or a list of them if there are several.
pub(crate) fn parse(source: &str) -> Result<Node<'_>, ReadError> {
    let mut reader = Reader::new(source);
    for event in Parser::new_from_str(source) {
        match event {
            Ok((event, span)) => {
                let span = Span::new(reader.bytes.of(span.start), reader.bytes.of(span.end));
                reader.event(event, span)?;
            }
            Err(error) => {
                let at = reader.bytes.of(*error.marker());
                return reader.error(at, error.info());
            }
        }
    }
    let whole = Span::new(0, source.len());
    Ok(match reader.documents.len() {
        0 => Node { span: whole, value: Value::Null },
        1 => reader.documents.swap_remove(0),
        _ => Node { span: whole, value: Value::Array(reader.documents) },
    })
}

const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];
/// How deep lists and objects may nest.
const DEEPEST: usize = 128;
/// How many bytes of text `*aliases` may say again.
const MOST_REPEATED: usize = 1 << 20;

struct Reader<'a> {
    source: &'a str,
    bytes: Bytes,
    documents: Vec<Node<'a>>,
    /// The lists and objects that are open.
    open: Vec<Open<'a>>,
    /// The texts that have an anchor.
    anchors: FxHashMap<usize, Scalar<'a>>,
    n_repeated: usize,
}

/// A list or an object, being read.
struct Open<'a> {
    start: usize,
    elements: Vec<Node<'a>>,
    /// `None` if it is a list.
    members: Option<Vec<(Scalar<'a>, Node<'a>)>>,
    /// The key that waits for its value.
    key: Option<Scalar<'a>>,
}

impl<'a> Reader<'a> {
    fn new(source: &'a str) -> Reader<'a> {
        Reader {
            source,
            bytes: Bytes::of_chars(source),
            documents: Vec::new(),
            open: Vec::new(),
            anchors: FxHashMap::default(),
            n_repeated: 0,
        }
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), ReadError> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let start = if anchor > 0 || tag.is_some() { self.past_properties(span, style) } else { span.start };
                self.scalar(&value, style, anchor, Span::new(start, span.end.max(start)))
            }
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::SequenceStart(..) => self.start(span, None),
            Event::MappingStart(..) => self.start(span, Some(Vec::new())),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            _ => Ok(()),
        }
    }

    /// Where a text starts that has an anchor or a tag before it; of a block, its first line that is not blank.
    fn past_properties(&self, span: Span, style: ScalarStyle) -> usize {
        let mut at = span.start;
        let rest = |at: usize| &self.source[at..span.end];
        while rest(at).starts_with(['&', '!']) || at > span.start && rest(at).starts_with('#') {
            let ends: &[char] = if rest(at).starts_with('#') { &['\n'] } else { &BLANKS };
            at += rest(at).find(ends).unwrap_or(rest(at).len());
            at += rest(at).len() - rest(at).trim_start_matches(BLANKS).len();
        }
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) && rest(at).starts_with(['|', '>']) {
            at += rest(at).find('\n').map_or(rest(at).len(), |it| it + 1);
            at += rest(at).len() - rest(at).trim_start_matches([' ', '\r', '\n']).len();
        }
        at
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, anchor: usize, span: Span) -> Result<(), ReadError> {
        let Some(scalar) = self.text(value, style, span) else {
            return self.error(span.start, "cannot tell which bytes this text comes from; write it in another style");
        };
        let span = scalar.span;
        if anchor > 0 {
            self.anchors.insert(anchor, scalar.clone());
        }
        let is_null = style == ScalarStyle::Plain && matches!(value, "" | "~" | "null" | "Null" | "NULL");
        let is_key = self.open.last().is_some_and(|it| it.members.is_some() && it.key.is_none());
        let value = if is_null && !is_key { Value::Null } else { Value::String(scalar) };
        self.push(Node { span, value })
    }

    /// A text; of a block with an anchor, it is not told how far its lines are indented.
    fn text(&self, value: &str, style: ScalarStyle, span: Span) -> Option<Scalar<'a>> {
        let line_start = self.source[..span.start].rfind('\n').map_or(0, |it| it + 1);
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let first =
            if is_block && self.source[line_start..span.start].trim().is_empty() { line_start } else { span.start };
        let starts = (first..=span.start).rev();
        starts.take(1 << 8).find_map(|it| scalar::read(self.source, value, style, Span::new(it, span.end)))
    }

    /// A text that was said before; a list or an object said again holds nothing new.
    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), ReadError> {
        let value = match self.anchors.get(&anchor) {
            Some(scalar) => {
                self.n_repeated += scalar.text().len();
                Value::String(scalar.clone())
            }
            None => Value::Null,
        };
        if self.n_repeated > MOST_REPEATED {
            return self.error(span.start, "its aliases (`*name`) say more than a megabyte again");
        }
        self.push(Node { span, value })
    }

    fn start(&mut self, span: Span, members: Option<Vec<(Scalar<'a>, Node<'a>)>>) -> Result<(), ReadError> {
        if self.open.len() >= DEEPEST {
            return self.error(span.start, &format!("lists and objects nest deeper than {DEEPEST} levels"));
        }
        self.open.push(Open { start: span.start, elements: Vec::new(), members, key: None });
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), ReadError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let end = self.end_of(&open, span);
        let value = match open.members {
            Some(members) => {
                self.check_keys(&members)?;
                Value::Object(members)
            }
            None => Value::Array(open.elements),
        };
        self.push(Node { span: Span::new(open.start, end), value })
    }

    /// The parser tells where the next thing starts; what is between is white space and comments.
    fn end_of(&self, open: &Open<'a>, span: Span) -> usize {
        let last = open.members.as_ref().map_or_else(|| open.elements.last(), |it| it.last().map(|it| &it.1));
        let inside = last.map_or(open.start, |it| it.span.end);
        let mut end = self.source[..span.end.max(open.start)].trim_end().len().max(open.start);
        while let Some(line) = self.source[..end].rfind('\n').filter(|it| inside <= *it)
            && self.source[line..end].trim_start().starts_with('#')
        {
            end = self.source[..line].trim_end().len();
        }
        end
    }

    fn push(&mut self, node: Node<'a>) -> Result<(), ReadError> {
        let Some(open) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        let Some(members) = &mut open.members else {
            open.elements.push(node);
            return Ok(());
        };
        match (open.key.take(), node.value) {
            (Some(key), value) => members.push((key, Node { span: node.span, value })),
            (None, Value::String(key)) => open.key = Some(key),
            (None, _) => return self.error(node.span.start, "a key that is a list or an object; write a text"),
        }
        Ok(())
    }

    fn check_keys(&self, members: &[(Scalar<'a>, Node<'a>)]) -> Result<(), ReadError> {
        let mut seen = FxHashSet::default();
        match members.iter().find(|(key, _)| key.text() != "<<" && !seen.insert(key.text())) {
            Some((key, _)) => self.error(key.span.start, &format!("the key \"{}\" is twice in one object", key.text())),
            None => Ok(()),
        }
    }

    fn error<T>(&self, at: usize, message: &str) -> Result<T, ReadError> {
        Err(error_at(self.source, at, "YAML", message))
    }
}

/// Where the characters of a text stand; the parser counts those.
struct Bytes {
    len: usize,
    /// Empty if each character is one byte.
    starts: Vec<usize>,
}

impl Bytes {
    fn of_chars(source: &str) -> Bytes {
        let starts = if source.is_ascii() { Vec::new() } else { source.char_indices().map(|it| it.0).collect() };
        Bytes { len: source.len(), starts }
    }

    fn of(&self, marker: Marker) -> usize {
        match self.starts.is_empty() {
            true => marker.index().min(self.len),
            false => self.starts.get(marker.index()).copied().unwrap_or(self.len),
        }
    }
}

#[cfg(test)]
mod tests;
