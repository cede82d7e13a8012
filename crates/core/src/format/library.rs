//! A library of replies in JSON, YAML or CSV: what a mapping points at is prose, each reply an item of its own.

pub(crate) mod mapping;
pub(crate) mod path;
mod preset;
mod shape;
mod silence;

use std::borrow::Cow;

use rustc_hash::FxHashSet;

use crate::{
    atom::AtomKind,
    document::{Document, Item, ReadError},
    format::{
        Syntax, csv, fenced, html, json, looks_like_html, markdown,
        prose::{Place, Reading},
        text,
        tree::{Node, Scalar, Value},
        yaml,
    },
    parallel,
    segment::Segment,
    span::Span,
};

use mapping::{Body, Condition, Dialect, Kind, Mapping};
use path::{Path, Trail};

/// Fills in the items and segments of a library, as `mapping` says, or the preset whose shape it has.
pub(crate) fn read(document: &mut Document, syntax: Syntax, mapping: Option<&Mapping>) -> Result<(), ReadError> {
    let source = std::mem::take(&mut document.text);
    let read = parts(&source, syntax, mapping);
    // To take a tree of a million values apart is work too.
    let read = read.map(|(root, parts)| parallel::beside(source.len(), || drop(root), || fill(document, parts)));
    document.text = source;
    read
}

fn fill(document: &mut Document, (parts, comments): Parts) {
    document.items.reserve(parts.len());
    document.segments.reserve(parts.iter().map(|it| it.1.segments.len()).sum());
    for (item, reading) in parts {
        document.push_item(item, reading);
    }
    document.take(comments);
    sort(&mut document.segments);
}

/// Whether a file is called as some helpdesk calls its library.
pub(crate) fn is_known_name(path: &str) -> bool {
    let path = path.replace('\\', "/");
    let is_called =
        |name: &String| path.strip_suffix(name.as_str()).is_some_and(|it| it.is_empty() || it.ends_with('/'));
    preset::all().iter().any(|it| it.files.iter().any(is_called))
}

/// The replies of a library, and what its comments ask for.
type Parts = (Vec<(Item, Reading)>, Reading);

fn parts<'a>(source: &'a str, syntax: Syntax, mapping: Option<&Mapping>) -> Result<(Node<'a>, Parts), ReadError> {
    if syntax == Syntax::Json {
        // Half of an export is ids and dates. Only what is wrong with it is told by all that is there.
        let read = json::parse_named(source, &names(mapping))
            .and_then(|root| parts_of(source, syntax, mapping, &root).map(|it| (root, it)));
        if read.is_ok() {
            return read;
        }
    }
    let root = match syntax {
        Syntax::Json => json::parse(source).map_err(|it| settled(it, source, mapping))?,
        Syntax::Yaml => yaml::parse(source)?,
        Syntax::Csv => csv::parse(source, mapping.and_then(|it| it.delimiter))?,
        Syntax::Markdown => fenced::parse(source),
    };
    parts_of(source, syntax, mapping, &root).map(|it| (root, it))
}

/// The names that the paths go by, of a mapping or of all presets.
fn names(mapping: Option<&Mapping>) -> FxHashSet<&str> {
    match mapping {
        Some(mapping) => mapping.names().collect(),
        None => preset::all().iter().flat_map(Mapping::names).collect(),
    }
}

fn parts_of(source: &str, syntax: Syntax, mapping: Option<&Mapping>, root: &Node<'_>) -> Result<Parts, ReadError> {
    let mapping = mapping.map_or_else(|| shape::recognise(root, syntax), Ok)?;
    let items = shape::items(mapping, root).ok_or_else(|| shape::no_items(mapping, root))?;
    let (parts, unseen) = read_items(source, mapping, &items)?;
    match mapping.paths().find(|it| unseen.contains(it)) {
        Some(path) if mapping.is_strict() && !items.is_empty() => Err(shape::finds_nothing(mapping, path, &items)),
        _ => Ok((parts, silence::read(source, syntax, root, &items))),
    }
}

/// Replies, and the paths that lead nowhere in any of them.
type Read<'m> = (Vec<(Item, Reading)>, FxHashSet<&'m Path>);

fn read_items<'m>(source: &str, mapping: &'m Mapping, items: &[Trail<'_, '_>]) -> Result<Read<'m>, ReadError> {
    let chunks: Vec<_> = items.chunks(CHUNK).collect();
    let read = parallel::map(&chunks, |items| {
        let mut reader = Reader { source, mapping, unseen: mapping.paths().collect() };
        let parts: Result<Vec<_>, ReadError> =
            items.iter().map(|it| Ok((reader.item(it), reader.bodies(it)?))).collect();
        Ok::<_, ReadError>((parts?, reader.unseen))
    });
    let mut unseen: FxHashSet<&Path> = mapping.paths().collect();
    let mut all = Vec::with_capacity(items.len());
    for chunk in read {
        let (parts, unseen_there) = chunk?;
        all.extend(parts);
        unseen.retain(|it| unseen_there.contains(it));
    }
    Ok((all, unseen))
}

/// Replies that are read at once by one thread: enough to be worth it.
const CHUNK: usize = 128;

/// What is wrong with JSON that is broken: nothing that concerns us, if nobody says and nothing shows that it is a library.
fn settled(error: ReadError, source: &str, mapping: Option<&Mapping>) -> ReadError {
    let is_ours = mapping.is_some() || shape::is_begun(&json::parse_start(source), Syntax::Json);
    if is_ours { error } else { error.foreign() }
}

/// Segments in the source's order; what two paths, or two names of one text, lead to is read once.
fn sort(segments: &mut Vec<Segment>) {
    if segments.is_sorted_by(|a, b| a.span.end <= b.span.start) {
        return;
    }
    segments.sort_by_key(|it| it.span);
    let mut end = 0;
    segments.retain(|it| {
        let is_new = end <= it.span.start;
        end = if is_new { it.span.end } else { end };
        is_new
    });
}

struct Reader<'m> {
    /// The document's text.
    source: &'m str,
    mapping: &'m Mapping,
    /// The paths that have led nowhere so far.
    unseen: FxHashSet<&'m Path>,
}

impl<'m> Reader<'m> {
    fn item(&mut self, trail: &Trail<'_, '_>) -> Item {
        let mapping = self.mapping;
        let title = mapping.title.iter().find_map(|it| self.word(it, trail)).unwrap_or_default();
        let of_path = mapping.locale_path.as_ref().and_then(|it| self.word(it, trail));
        Item { title, span: trail.item().span, locale: of_path.or_else(|| mapping.locale.clone()) }
    }

    /// What stands at `path` in the item, or in what is around it, from the inside.
    fn word(&mut self, path: &'m Path, trail: &Trail<'_, '_>) -> Option<String> {
        for node in trail.outwards() {
            let mut word = None;
            let is_there =
                path.each(node, &mut |it, _| word = word.take().or_else(|| it.as_word().map(Cow::into_owned)));
            if is_there.unwrap_or(false) {
                self.unseen.remove(path);
                return word;
            }
        }
        None
    }

    /// The prose of an item.
    fn bodies(&mut self, trail: &Trail<'_, '_>) -> Result<Reading, ReadError> {
        let mut reading = Reading::default();
        let item = trail.item();
        let mapping = self.mapping;
        if !mapping.public.as_ref().is_none_or(|it| holds(it, item)) {
            mapping.bodies.iter().for_each(|it| self.see(item, &it.path));
            return Ok(reading);
        }
        for body in &mapping.bodies {
            if body.public.as_ref().is_none_or(|it| holds(it, item)) {
                self.body(body, item, &mut reading)?;
            }
        }
        let dialect = mapping.placeholders.unwrap_or_default();
        reading.segments.iter_mut().for_each(|it| settle(it, self.source, dialect));
        sort(&mut reading.segments);
        reading.stray_markers.sort_unstable();
        Ok(reading)
    }

    fn see(&mut self, item: &Node<'_>, path: &'m Path) {
        if self.unseen.contains(path) && path.each(item, &mut |_, _| {}).unwrap_or(true) {
            self.unseen.remove(path);
        }
    }

    fn body(&mut self, body: &'m Body, item: &Node<'_>, reading: &mut Reading) -> Result<(), ReadError> {
        let n_before = reading.segments.len();
        self.read(&body.path, body.kind, item, reading)?;
        match &body.or {
            Some(or) if reading.segments.len() == n_before => self.read(or, Kind::Text, item, reading),
            _ => Ok(()),
        }
    }

    fn read(&mut self, path: &'m Path, kind: Kind, item: &Node<'_>, reading: &mut Reading) -> Result<(), ReadError> {
        let mut misfit = None;
        let is_there = path.each(item, &mut |node, outer| match &node.value {
            Value::String(it) => read_text(it, kind, outer, reading),
            Value::Array(all) => {
                let texts = all.iter().filter_map(Node::as_string).filter(|it| is_prose(&it.text()));
                texts.for_each(|it| read_text(it, kind, outer, reading));
            }
            Value::Object(_) => misfit = misfit.or(outer.is_none().then_some(node.span.start)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        })?;
        if is_there {
            self.unseen.remove(path);
        }
        match misfit {
            Some(at) if self.mapping.is_strict() => Err(shape::no_text(self.mapping, path, at)),
            _ => Ok(()),
        }
    }
}

fn holds(condition: &Condition, item: &Node<'_>) -> bool {
    let mut is_meant = condition.is.is_empty();
    let _ = condition.path.each(item, &mut |it, _| {
        let is_in = |words: &[String]| it.as_word().is_some_and(|it| words.iter().any(|word| *word == it));
        is_meant = (is_meant || is_in(&condition.is)) && !is_in(&condition.not);
    });
    is_meant
}

/// In a list, channels, addresses, ids and media types stand beside the text; they have no white space.
fn is_prose(text: &str) -> bool {
    text.trim().contains(char::is_whitespace) || looks_like_html(text.as_bytes())
}

fn read_text(scalar: &Scalar<'_>, kind: Kind, outer: Option<Place<'_>>, reading: &mut Reading) {
    let (map, escape) = scalar.place(outer);
    let (text, place) = (scalar.text(), Place { map: &map, escape: &escape });
    let part = match kind {
        Kind::Html => html::read_part(&text, Some(place)),
        Kind::Auto if is_html(&text) => html::read_part(&text, Some(place)),
        Kind::Markdown => markdown::read_part(&text, place),
        Kind::Text | Kind::Auto => plain_part(&text, place),
    };
    reading.segments.extend(part.segments);
    reading.stray_markers.extend(part.stray_markers);
}

/// Whether it is HTML, by how it starts or what it holds.
fn is_html(text: &str) -> bool {
    looks_like_html(text.as_bytes()) || ["<br", "</"].iter().any(|it| text.contains(it))
}

fn plain_part(text: &str, place: Place<'_>) -> Reading {
    let segment = |it: Span| Segment::decoded(text[it.range()].to_owned(), place.map.slice(it), place.escape.clone());
    Reading { segments: text::prose(text).into_iter().map(segment).collect(), ..Reading::default() }
}

/// What `{% … %}` is depends on who reads it.
fn settle(segment: &mut Segment, source: &str, dialect: Dialect) {
    let kind = match dialect {
        Dialect::Any => return,
        Dialect::Liquid => AtomKind::Control,
        Dialect::HelpScout => AtomKind::Placeholder,
    };
    segment.set_kind(source, "{%", kind);
}

#[cfg(test)]
mod tests;
