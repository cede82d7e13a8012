//! What JSON, YAML and CSV have in common: a tree of values that knows where each stands.

use std::borrow::Cow;

use crate::{
    document::ReadError,
    escape::{Enclosure, Escape, Layer},
    format::{json, prose::Place},
    line_index::{ColumnUnit, LineIndex},
    offset_map::OffsetMap,
    span::Span,
};

/// A value, and where it stands: bytes of the source.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Node<'a> {
    pub span: Span,
    pub value: Value<'a>,
}

/// What a value is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Value<'a> {
    #[default]
    Null,
    Bool(bool),
    /// As the source writes it.
    Number(&'a str),
    String(Scalar<'a>),
    Array(Vec<Node<'a>>),
    /// In the source's order; no key twice.
    Object(Vec<(Scalar<'a>, Node<'a>)>),
}

/// A text: what it says, and where each byte of that stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scalar<'a> {
    /// What it says, or, if it is escaped, how the source writes that.
    written: Cow<'a, str>,
    /// Whether it has escapes of JSON in it, read when somebody asks: of a library's thousands of texts, few do.
    is_escaped: bool,
    /// What stands between its quotes, if it has any: bytes of the source.
    pub span: Span,
    /// How words must be written to stand in it.
    pub layer: Layer,
    /// What few of them have: there are many.
    rest: Option<Box<Rest>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Rest {
    /// Where each byte of the text stands, if it is not the source as it is.
    map: Option<OffsetMap>,
    /// What it must be given before some words may stand in it.
    enclosure: Option<Enclosure>,
}

impl<'a> Node<'a> {
    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        self.members().iter().find(|(name, _)| name.text() == key).map(|(_, value)| value)
    }

    /// The members of an object; nothing for anything else.
    pub fn members(&self) -> &[(Scalar<'a>, Node<'a>)] {
        if let Value::Object(members) = &self.value { members } else { &[] }
    }

    /// The elements, if it is an array.
    pub fn as_array(&self) -> Option<&[Node<'a>]> {
        if let Value::Array(elements) = &self.value { Some(elements) } else { None }
    }

    /// The string, if it is one.
    pub fn as_string(&self) -> Option<&Scalar<'a>> {
        if let Value::String(string) = &self.value { Some(string) } else { None }
    }

    /// What a string, a number, true or false says.
    pub fn as_word(&self) -> Option<Cow<'_, str>> {
        match &self.value {
            Value::Bool(true) => Some("true".into()),
            Value::Bool(false) => Some("false".into()),
            Value::Number(it) => Some((*it).into()),
            Value::String(it) => Some(it.text()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// What it is, for people.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        }
    }
}

impl<'a> Scalar<'a> {
    /// A text that stands in the source as it is.
    pub fn verbatim(source: &'a str, span: Span, layer: Layer) -> Scalar<'a> {
        Scalar { written: Cow::Borrowed(&source[span.range()]), is_escaped: false, span, layer, rest: None }
    }

    /// A text that stands in a string of JSON, with good escapes.
    pub fn escaped(source: &'a str, span: Span) -> Scalar<'a> {
        Scalar { is_escaped: true, ..Scalar::verbatim(source, span, Layer::Json) }
    }

    /// A text that the source writes in another way.
    pub fn decoded(text: String, span: Span, layer: Layer, map: OffsetMap) -> Scalar<'a> {
        debug_assert_eq!(text.len(), map.len(), "every byte of the text has a source");
        let rest = Rest { map: Some(map), enclosure: None };
        Scalar { written: Cow::Owned(text), is_escaped: false, span, layer, rest: Some(Box::new(rest)) }
    }

    /// The same, where some words cannot stand as it is.
    pub fn enclosed(self, enclosure: Enclosure) -> Scalar<'a> {
        let rest = Rest { enclosure: Some(enclosure), ..self.rest.map_or_else(Rest::default, |it| *it) };
        Scalar { rest: Some(Box::new(rest)), ..self }
    }

    /// Without white space at its ends: a name.
    pub fn trimmed(&self) -> Scalar<'a> {
        let written = match &self.written {
            Cow::Borrowed(it) => Cow::Borrowed(it.trim()),
            Cow::Owned(it) => Cow::Owned(it.trim().to_owned()),
        };
        Scalar { written, is_escaped: self.is_escaped, span: self.span, layer: self.layer, rest: None }
    }

    /// What it says.
    pub fn text(&self) -> Cow<'_, str> {
        match self.is_escaped {
            true => Cow::Owned(json::unescaped(&self.written)),
            false => Cow::Borrowed(&self.written),
        }
    }

    /// From its text to the document's, and how words must be written in it: it stands in the source, and that stands
    /// at `outer`, or is the document itself.
    pub fn place(&self, outer: Option<Place<'_>>) -> (OffsetMap, Escape) {
        let Rest { map, enclosure } = self.rest.as_deref().cloned().unwrap_or_default();
        let map = map.unwrap_or_else(|| match self.is_escaped {
            true => json::map(&self.written, self.span.start),
            false => OffsetMap::verbatim(self.span),
        });
        match outer {
            Some(outer) => (map.then(outer.map), Escape::inside(outer.escape, self.layer)),
            None => (map, Escape::of(self.layer).enclosed(enclosure)),
        }
    }
}

/// What is wrong with a text in `syntax`, with its line and column.
pub(crate) fn error_at(source: &str, at: usize, syntax: &str, message: &str) -> ReadError {
    let position = LineIndex::new(source).position(source, at, ColumnUnit::Char);
    let (line, column) = (position.line + 1, position.column + 1);
    ReadError::new(at, format!("the {syntax} is broken at line {line}, column {column}: {message}"))
}
