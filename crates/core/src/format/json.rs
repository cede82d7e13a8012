//! JSON, read as a tree that knows where each value stands.

mod string;

pub(super) use string::{map, unescaped};

use rustc_hash::FxHashSet;

use crate::{
    document::ReadError,
    format::tree::{Node, Scalar, Value, error_at},
    span::Span,
};

/// Reads a whole text.
pub(crate) fn parse(source: &str) -> Result<Node<'_>, ReadError> {
    Reader::new(source).whole()
}

/// The same, but of the members of objects it holds those only that `names` has; the others are read, and forgotten.
pub(crate) fn parse_named<'a>(source: &'a str, names: &FxHashSet<&str>) -> Result<Node<'a>, ReadError> {
    Reader { names: Some(names), ..Reader::new(source) }.whole()
}

/// Reads as much of a text as is well-formed, for what is broken further down.
pub(crate) fn parse_start(source: &str) -> Node<'_> {
    let mut reader = Reader { is_lenient: true, ..Reader::new(source) };
    reader.value(0).unwrap_or_default()
}

/// How deep lists and objects may nest.
const DEEPEST: usize = 128;

struct Reader<'a, 'n> {
    source: &'a str,
    at: usize,
    /// Whether what is broken ends what it stands in.
    is_lenient: bool,
    /// The members that are held, if not all are.
    names: Option<&'n FxHashSet<&'n str>>,
    /// Whether what is being read is held.
    is_held: bool,
    /// What is known of the lists and objects that are open.
    elements: Vec<Node<'a>>,
    members: Vec<Member<'a>>,
}

struct Member<'a> {
    key: Scalar<'a>,
    value: Node<'a>,
    is_held: bool,
}

impl<'a, 'n> Reader<'a, 'n> {
    fn new(source: &'a str) -> Reader<'a, 'n> {
        let at = source.len() - source.trim_start_matches('\u{feff}').len();
        let (elements, members) = (Vec::new(), Vec::new());
        Reader { source, at, is_lenient: false, names: None, is_held: true, elements, members }
    }

    fn whole(mut self) -> Result<Node<'a>, ReadError> {
        let node = self.value(0)?;
        self.skip_space();
        if self.at < self.source.len() {
            return self.expected("the end of the file");
        }
        Ok(node)
    }

    fn value(&mut self, depth: usize) -> Result<Node<'a>, ReadError> {
        self.skip_space();
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node { span: Span::new(start, self.at), value })
    }

    fn object(&mut self, depth: usize) -> Result<Value<'a>, ReadError> {
        self.descend(depth)?;
        let first = self.members.len();
        let read = self.read_members(depth).and_then(|()| self.check_keys(&self.members[first..]));
        self.forgive(read)?;
        let n_held = self.members[first..].iter().filter(|it| it.is_held).count();
        let mut held = Vec::with_capacity(n_held);
        held.extend(self.members.drain(first..).filter(|it| it.is_held).map(|it| (it.key, it.value)));
        Ok(Value::Object(held))
    }

    fn read_members(&mut self, depth: usize) -> Result<(), ReadError> {
        if self.closes(b'}') {
            return Ok(());
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return self.expected("a key in double quotes");
            }
            let key = self.string()?;
            if !self.closes(b':') {
                return self.expected("`:` after the key");
            }
            let is_held = self.is_held && self.names.is_none_or(|it| it.contains(&*key.text()));
            let outer = std::mem::replace(&mut self.is_held, is_held);
            let value = self.value(depth + 1);
            self.is_held = outer;
            let value = self.forgive(value)?;
            self.members.push(Member { key, value, is_held });
            if self.closes(b'}') {
                return Ok(());
            }
            if !self.closes(b',') {
                return self.expected("`,` or `}` after the value");
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value<'a>, ReadError> {
        self.descend(depth)?;
        let first = self.elements.len();
        let read = self.read_elements(depth);
        self.forgive(read)?;
        let held = self.elements.drain(first..);
        Ok(Value::Array(if self.is_held { held.collect() } else { Vec::new() }))
    }

    fn read_elements(&mut self, depth: usize) -> Result<(), ReadError> {
        if self.closes(b']') {
            return Ok(());
        }
        loop {
            let element = self.value(depth + 1)?;
            self.elements.push(element);
            if self.closes(b']') {
                return Ok(());
            }
            if !self.closes(b',') {
                return self.expected("`,` or `]` after the value");
            }
        }
    }

    /// What was read of a list or an object before a mistake stands, if the reader is lenient; nothing is read after it.
    fn forgive<T: Default>(&mut self, read: Result<T, ReadError>) -> Result<T, ReadError> {
        match read {
            Err(_) if self.is_lenient => {
                self.at = self.source.len();
                Ok(T::default())
            }
            it => it,
        }
    }

    /// Past the opening bracket, if that is not too deep.
    fn descend(&mut self, depth: usize) -> Result<(), ReadError> {
        if depth >= DEEPEST {
            return self.error(self.at, format!("lists and objects nest deeper than {DEEPEST} levels"));
        }
        self.at += 1;
        Ok(())
    }

    fn check_keys(&self, members: &[Member<'a>]) -> Result<(), ReadError> {
        let keys = members.iter().map(|it| &it.key);
        let twin = if members.len() <= FEW { twin_of_few(keys) } else { twin_of_many(keys) };
        match twin {
            Some(it) => self.error(it.span.start, format!("the key \"{}\" is twice in one object", it.text())),
            None => Ok(()),
        }
    }

    fn string(&mut self) -> Result<Scalar<'a>, ReadError> {
        let (string, end) = string::read(self.source, self.at).or_else(|(at, message)| self.error(at, message))?;
        self.at = end;
        Ok(string)
    }

    fn number(&mut self) -> Result<Value<'a>, ReadError> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let leading_zero = self.peek() == Some(b'0');
        let n_digits = self.digits();
        let mut is_number = n_digits == 1 || n_digits > 1 && !leading_zero;
        if self.peek() == Some(b'.') {
            self.at += 1;
            is_number &= self.digits() > 0;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            is_number &= self.digits() > 0;
        }
        let number = &self.source[start..self.at];
        if is_number {
            Ok(Value::Number(number))
        } else {
            self.error(start, format!("`{number}` is no number in JSON"))
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|it| it.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    fn word(&mut self) -> Result<Value<'a>, ReadError> {
        for (word, value) in [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))] {
            let rest = self.source[self.at..].strip_prefix(word);
            if rest.is_some_and(|it| !it.starts_with(|it: char| it.is_alphanumeric() || it == '_')) {
                self.at += word.len();
                return Ok(value);
            }
        }
        self.expected("a value")
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Past white space, and past `byte` if it comes next.
    fn closes(&mut self, byte: u8) -> bool {
        self.skip_space();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    fn expected<T>(&self, what: &str) -> Result<T, ReadError> {
        let found = match self.source[self.at..].chars().next() {
            Some(it) if it.is_control() => format!("U+{:04X}", u32::from(it)),
            Some(it) => format!("`{it}`"),
            None => "the end of the file".to_owned(),
        };
        self.error(self.at, format!("expected {what}, found {found}"))
    }

    fn error<T>(&self, at: usize, message: impl Into<String>) -> Result<T, ReadError> {
        Err(error_at(self.source, at, "JSON", &message.into()))
    }
}

/// Keys that are sooner compared each with each than hashed.
const FEW: usize = 16;

/// The first key that is there already.
fn twin_of_few<'k, 'a>(keys: impl Iterator<Item = &'k Scalar<'a>> + Clone) -> Option<&'k Scalar<'a>> {
    let is_twin = |(nth, key): &(usize, &Scalar<'_>)| keys.clone().take(*nth).any(|it| it.text() == key.text());
    keys.clone().enumerate().find(is_twin).map(|it| it.1)
}

fn twin_of_many<'k, 'a: 'k>(mut keys: impl Iterator<Item = &'k Scalar<'a>>) -> Option<&'k Scalar<'a>> {
    let mut seen = FxHashSet::default();
    keys.find(|it| !seen.insert(it.text()))
}

#[cfg(test)]
mod tests;
