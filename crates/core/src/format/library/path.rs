//! Where something stands in a tree of values: `macros[]`, `actions[field=subject].value`, `fields.html`.

use serde::Deserialize;

use crate::{
    document::ReadError,
    format::{
        json,
        prose::Place,
        tree::{Node, Scalar, Value},
    },
    span::Span,
};

/// The way from a value to some of those inside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Path {
    /// As it was written.
    pub text: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Step {
    /// `name`.
    Member(String),
    /// `[]`.
    Elements,
    /// `[key=value]`, or `[key^=value]` for what starts so.
    Where { key: String, value: String, is_start: bool },
}

/// A value that was found, and those it stands in, outermost first.
#[derive(Clone, Debug)]
pub(crate) struct Trail<'n, 'a>(Vec<&'n Node<'a>>);

impl<'n, 'a> Trail<'n, 'a> {
    /// The value itself.
    pub fn item(&self) -> &'n Node<'a> {
        self.0.last().expect("a trail leads to a value")
    }

    /// The value, then those around it.
    pub fn outwards(&self) -> impl Iterator<Item = &'n Node<'a>> {
        self.0.iter().rev().copied()
    }

    fn to(&self, node: &'n Node<'a>) -> Trail<'n, 'a> {
        Trail(self.0.iter().copied().chain([node]).collect())
    }
}

impl Path {
    /// `[]`.
    pub(crate) fn elements() -> Path {
        Path { text: "[]".to_owned(), steps: vec![Step::Elements] }
    }

    /// Whether it leads to some of a list only.
    pub(crate) fn chooses(&self) -> bool {
        self.steps.iter().any(|it| matches!(it, Step::Where { .. }))
    }

    /// The names that it goes by.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().filter_map(|it| match it {
            Step::Member(name) => Some(name.as_str()),
            Step::Where { key, .. } => Some(key),
            Step::Elements => None,
        })
    }

    /// Whether it looks for a member first, not for an element.
    pub(crate) fn starts_with_a_name(&self) -> bool {
        matches!(self.steps.first(), Some(Step::Member(_)))
    }

    /// The values that stand there; `None` if the way to them does not.
    pub(crate) fn trails<'n, 'a>(&self, root: &'n Node<'a>) -> Option<Vec<Trail<'n, 'a>>> {
        let mut trails = vec![Trail(vec![root])];
        for step in &self.steps {
            let mut next = Vec::new();
            let mut is_there = trails.is_empty();
            for trail in &trails {
                let inside = step.inside(trail.item());
                is_there |= inside.is_some();
                next.extend(inside.unwrap_or_default().into_iter().map(|it| trail.to(it)));
            }
            if !is_there {
                return None;
            }
            trails = next;
        }
        Some(trails)
    }

    /// Hands on every value that stands there, and where, if it is in the JSON that a text holds. Says whether the way
    /// to them does stand; it fails on JSON that is broken.
    pub(crate) fn each(&self, node: &Node<'_>, sink: &mut Sink<'_>) -> Result<bool, ReadError> {
        walk(&self.steps, node, None, sink)
    }
}

pub(crate) type Sink<'s> = dyn FnMut(&Node<'_>, Option<Place<'_>>) + 's;

fn walk(steps: &[Step], node: &Node<'_>, outer: Option<Place<'_>>, sink: &mut Sink<'_>) -> Result<bool, ReadError> {
    let Some((step, rest)) = steps.split_first() else {
        sink(node, outer);
        return Ok(true);
    };
    if let (Value::String(text), None) = (&node.value, outer) {
        return walk_json(steps, text, sink);
    }
    let Some(inside) = step.inside(node) else { return Ok(false) };
    let mut is_there = inside.is_empty();
    for node in inside {
        is_there |= walk(rest, node, outer, sink)?;
    }
    Ok(is_there)
}

/// A cell or a string may hold JSON: the way leads on in it.
fn walk_json(steps: &[Step], text: &Scalar<'_>, sink: &mut Sink<'_>) -> Result<bool, ReadError> {
    let said = text.text();
    if !said.trim_start().starts_with(['{', '[']) {
        return Ok(false);
    }
    let (map, escape) = text.place(None);
    let node = json::parse(&said).map_err(|error| {
        let offset = error.offset.map(|it| map.to_source(Span::new(it, it)).start);
        ReadError::new(offset, format!("in the text of this cell, {}", error.message))
    })?;
    walk(steps, &node, Some(Place { map: &map, escape: &escape }), sink)
}

impl Step {
    /// The values that it leads to; `None` if there is no such thing here.
    fn inside<'n, 'a>(&self, node: &'n Node<'a>) -> Option<Vec<&'n Node<'a>>> {
        match self {
            Step::Member(name) => node.get(name).map(|it| vec![it]),
            Step::Elements => Some(node.as_array()?.iter().collect()),
            Step::Where { key, value, is_start } => {
                let is_it = |it: &str| if *is_start { it.starts_with(value.as_str()) } else { it == value };
                let is_meant = |it: &&Node<'_>| it.get(key).and_then(Node::as_word).is_some_and(|it| is_it(&it));
                Some(node.as_array()?.iter().filter(is_meant).collect())
            }
        }
    }
}

impl TryFrom<String> for Path {
    type Error = String;

    fn try_from(text: String) -> Result<Path, String> {
        let mut steps = Vec::new();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (step, after) = match rest.strip_prefix('[') {
                Some(inside) => selector(inside)?,
                None => member(rest)?,
            };
            steps.push(step);
            rest = match after.strip_prefix('.') {
                Some("") => return Err(format!("the path `{text}` ends in a dot")),
                Some(it) if !it.starts_with(['.', '[']) => it,
                None if after.is_empty() || after.starts_with('[') => after,
                _ => return Err(format!("in the path `{text}`, a name is missing before `{after}`; {SHAPE}")),
            };
        }
        Ok(Path { text, steps })
    }
}

const SHAPE: &str = "write it as in `macros[]`, `actions[field=subject].value` or `'a name with dots'`";

/// A name, in quotes if it has dots or brackets in it, and what follows.
fn member(text: &str) -> Result<(Step, &str), String> {
    let quote = text.chars().next().filter(|it| matches!(it, '\'' | '"'));
    let (name, rest) = match quote {
        Some(quote) => text[1..].split_once(quote).ok_or_else(|| format!("`{text}` has no closing quote"))?,
        None => text.split_at(text.find(['.', '[', ']']).unwrap_or(text.len())),
    };
    match name.is_empty() {
        true => Err(format!("a name is missing before `{rest}`; {SHAPE}")),
        false => Ok((Step::Member(name.to_owned()), rest)),
    }
}

/// What stands in brackets, and what follows.
fn selector(inside: &str) -> Result<(Step, &str), String> {
    let (selector, rest) = inside.split_once(']').ok_or_else(|| format!("`[{inside}` has no closing bracket"))?;
    if selector.is_empty() {
        return Ok((Step::Elements, rest));
    }
    let Some((key, value)) = selector.split_once('=') else {
        return Err(format!("`[{selector}]` is no choice; write `[]` for all, or `[key=value]` for some"));
    };
    let (key, is_start) = key.strip_suffix('^').map_or((key, false), |it| (it, true));
    Ok((Step::Where { key: key.to_owned(), value: value.to_owned(), is_start }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Path {
        Path::try_from(text.to_owned()).expect("a path")
    }

    #[track_caller]
    fn check(at: &str, source: &str, expected: Option<&[&str]>) {
        let node = json::parse(source).expect("it is JSON");
        let mut found = Vec::new();
        let mut sink =
            |it: &Node<'_>, _: Option<Place<'_>>| found.push(it.as_word().unwrap_or("-".into()).into_owned());
        let is_there = path(at).each(&node, &mut sink).expect("the JSON inside is good");
        assert_eq!(is_there.then_some(found), expected.map(|it| it.iter().map(|&it| it.to_owned()).collect()), "{at}");
    }

    #[track_caller]
    fn check_error(text: &str, words: &str) {
        let error = Path::try_from(text.to_owned()).expect_err("no path");
        assert!(error.contains(words), "{error}");
    }

    #[test]
    fn every_step() {
        check("", "1", Some(&["1"]));
        check("a.b", r#"{"a":{"b":"x"}}"#, Some(&["x"]));
        check("[]", "[1,true,null]", Some(&["1", "true", "-"]));
        check("a[].b", r#"{"a":[{"b":1},{"c":2},{"b":3}]}"#, Some(&["1", "3"]));
        check("[k=x].b", r#"[{"k":"x","b":1},{"k":"xy","b":2}]"#, Some(&["1"]));
        check("[k^=x].b", r#"[{"k":"x","b":1},{"k":"xy","b":2}]"#, Some(&["1", "2"]));
        check("'a.b'.c", r#"{"a.b":{"c":1}}"#, Some(&["1"]));
        check("a-b_c é", r#"{"a-b_c é":1}"#, Some(&["1"]));
    }

    #[test]
    fn what_is_empty_is_there_and_what_is_not_is_not() {
        check("a[]", r#"{"a":[]}"#, Some(&[]));
        check("[k=x].b", r#"[{"k":"y"}]"#, Some(&[]));
        check("[].b", r#"[{"k":"y"}]"#, None);
        check("a", "[]", None);
        check("[]", "{}", None);
    }

    #[test]
    fn a_text_may_hold_json() {
        check("a[].b", r#"{"a":"[{\"b\":\"x\"}]"}"#, Some(&["x"]));
        check("a.b", r#"{"a":"plain words"}"#, None);
        let node = json::parse(r#"{"a":"\u005b{]"}"#).expect("it is JSON");
        let error = path("a[]").each(&node, &mut |_, _| {}).expect_err("the inside is broken");
        assert_eq!(error.offset, Some(13), "{error}");
    }

    #[test]
    fn what_is_no_path_says_so() {
        check_error("a[", "no closing bracket");
        check_error("a[b]", "write `[]` for all");
        check_error("a..b", "a name is missing before `..b`");
        check_error("a.", "ends in a dot");
        check_error(".a", "a name is missing");
        check_error("'a", "no closing quote");
        check_error("a[]b", "a name is missing before `b`");
    }
}
