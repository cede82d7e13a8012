//! A run of the agent's own prose, whatever file format it came from.

use std::borrow::Cow;

use crate::{
    atom::{Atom, AtomKind, atoms},
    escape::Escape,
    offset_map::OffsetMap,
    span::Span,
};

/// A run of prose in a document: a paragraph, a list item, a macro's body. Sentences do not cross its ends.
#[derive(Clone, Debug)]
pub struct Segment {
    /// What it was read from: bytes of the document's text.
    pub span: Span,
    /// The prose, where it is not the document's text as it stands.
    decoded: Option<Box<Decoded>>,
    /// Placeholders, links and addresses in the prose.
    pub atoms: Vec<Atom>,
    /// The macro it belongs to, as an index into the document's items.
    pub item: Option<usize>,
    /// How words must be written to stand in its place.
    pub escape: Escape,
}

/// Prose that was unescaped or freed of markup.
#[derive(Clone, Debug)]
struct Decoded {
    text: String,
    map: OffsetMap,
}

impl Segment {
    /// Prose that stands in `document_text` at `span` as it is.
    pub fn verbatim(document_text: &str, span: Span) -> Segment {
        let atoms = atoms(&document_text[span.range()]);
        Segment { span, decoded: None, atoms, item: None, escape: Escape::default() }
    }

    /// Prose with the map from its bytes to those of the document's text. Its atoms are found here.
    pub fn decoded(text: String, map: OffsetMap, escape: Escape) -> Segment {
        Segment::marked_up(Cow::Owned(text), map, escape, Vec::new())
    }

    /// Prose as [`Segment::decoded`] takes it, with the atoms that only its markup gave away, in order.
    pub fn marked_up(text: Cow<'_, str>, map: OffsetMap, escape: Escape, known: Vec<Atom>) -> Segment {
        debug_assert_eq!(text.len(), map.len(), "every byte of the prose has a source");
        let span = map.to_source(Span::new(0, text.len()));
        let atoms = with_known(atoms(&text), known);
        let stands_as_it_is = map.as_verbatim().is_some();
        let decoded = (!stands_as_it_is).then(|| Box::new(Decoded { text: text.into_owned(), map }));
        Segment { span, decoded, atoms, item: None, escape }
    }

    /// Says what the atoms are that start with `opener`.
    pub(crate) fn set_kind(&mut self, document_text: &str, opener: &str, kind: AtomKind) {
        let Segment { span, atoms, decoded, .. } = self;
        let text = decoded.as_ref().map_or(&document_text[span.range()], |it| &it.text);
        let is_meant = |it: &&mut Atom| text[it.span.range()].starts_with(opener);
        atoms.iter_mut().filter(is_meant).for_each(|it| it.kind = kind);
    }

    /// The parts of it between `cuts`, which are spans of its prose, in order; those that say something.
    pub(crate) fn split(&self, document_text: &str, cuts: &[Span]) -> Vec<Segment> {
        let text = self.text(document_text);
        let starts = [0].into_iter().chain(cuts.iter().map(|it| it.end));
        let ends = cuts.iter().map(|it| it.start).chain([text.len()]);
        let spans = starts.zip(ends).map(|(start, end)| Span::new(start, end.max(start)));
        spans.filter(|it| !text[it.range()].trim().is_empty()).map(|it| self.part(text, it)).collect()
    }

    fn part(&self, text: &str, part: Span) -> Segment {
        let map = self.map().slice(part);
        let span = map.to_source(Span::new(0, part.len()));
        let inside = self.atoms.iter().filter(|it| part.contains(it.span));
        let moved = |it: &Atom| Atom { span: Span::new(it.span.start - part.start, it.span.end - part.start), ..*it };
        let atoms = inside.map(moved).collect();
        let stands_as_it_is = map.as_verbatim().is_some();
        let decoded = (!stands_as_it_is).then(|| Box::new(Decoded { text: text[part.range()].to_owned(), map }));
        Segment { span, decoded, atoms, item: self.item, escape: self.escape.clone() }
    }

    /// The prose.
    pub fn text<'a>(&'a self, document_text: &'a str) -> &'a str {
        match &self.decoded {
            Some(decoded) => &decoded.text,
            None => &document_text[self.span.range()],
        }
    }

    /// Where bytes of the prose stand in the document's text: from the first to the last, markup in between included.
    pub fn to_source(&self, span: Span) -> Span {
        match &self.decoded {
            Some(decoded) => decoded.map.to_source(span),
            None => Span::new(self.span.start + span.start, self.span.start + span.end),
        }
    }

    /// The pieces of the document's text that bytes of the prose come from, markup left out, in order and apart.
    pub fn pieces(&self, span: Span) -> Vec<Span> {
        let Some(decoded) = &self.decoded else { return vec![self.to_source(span)] };
        let mut pieces: Vec<Span> = Vec::new();
        for piece in decoded.map.pieces(span) {
            match pieces.last_mut() {
                Some(last) if last.end == piece.start => last.end = piece.end,
                _ => pieces.push(piece),
            }
        }
        pieces
    }

    /// Whether bytes of the prose stand in the document's text without markup in between.
    pub fn is_whole(&self, document_text: &str, span: Span) -> bool {
        self.gaps(document_text, span).next().is_none()
    }

    /// The markup between bytes of the prose. The end of a line that goes on is none.
    pub(crate) fn gaps<'a>(&'a self, document_text: &'a str, span: Span) -> impl Iterator<Item = &'a str> {
        let pieces = if self.decoded.is_some() { self.pieces(span) } else { Vec::new() };
        let gap = move |at: usize| document_text.get(pieces.get(at)?.end..pieces.get(at + 1)?.start);
        (0..).map_while(gap).filter(|it| !self.escape.is_fold(it))
    }

    /// The map from the prose to the document's text.
    pub fn map(&self) -> Cow<'_, OffsetMap> {
        match &self.decoded {
            Some(decoded) => Cow::Borrowed(&decoded.map),
            None => Cow::Owned(OffsetMap::verbatim(self.span)),
        }
    }
}

/// The atoms that were found in a text, and those that were known: where they overlap, what was known holds.
fn with_known(mut found: Vec<Atom>, known: Vec<Atom>) -> Vec<Atom> {
    if known.is_empty() {
        return found;
    }
    found.retain(|it| {
        let next = known.partition_point(|known| known.span.end <= it.span.start);
        known.get(next).is_none_or(|known| !known.span.overlaps(it.span))
    });
    found.extend(known);
    found.sort_unstable_by_key(|it| it.span);
    found
}
