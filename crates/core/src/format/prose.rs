//! Gathers the prose of a text with markup, piece by piece, and cuts it into segments where its blocks end.

use std::borrow::Cow;

use crate::{
    atom::{Atom, AtomKind},
    document::{MarkerProblem, Suppression},
    escape::Escape,
    format::{
        mail,
        marker::{self, Marker},
    },
    offset_map::OffsetMap,
    segment::Segment,
    span::Span,
};

/// Where a text stands that is inside a document: HTML in a JSON string.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// From the text to the document's.
    pub map: &'a OffsetMap,
    /// How the document writes it.
    pub escape: &'a Escape,
}

/// What was read from a text with markup. Spans are of the document.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub segments: Vec<Segment>,
    pub suppressions: Vec<Suppression>,
    pub stray_markers: Vec<Span>,
    pub marker_problems: Vec<MarkerProblem>,
}

/// The prose of a text, being gathered. Spans that come in are of the text, in order.
pub(crate) struct Prose<'a> {
    /// The text with its markup.
    pub source: &'a str,
    /// `None` if the text is the document itself.
    place: Option<Place<'a>>,
    escape: Escape,
    reading: Reading,
    /// The prose of the open segment. Invariant: `map` maps each byte of it, `atoms` lie in it.
    text: String,
    map: OffsetMap,
    atoms: Vec<Atom>,
    /// Where the last line break of the open segment ends.
    line: usize,
    /// The suppressions that wait for the end of their block; the block of the first so many has begun.
    pending: Vec<usize>,
    n_begun: usize,
    last_is_attribution: bool,
    /// What follows is the mail that is answered.
    has_ended: bool,
}

impl<'a> Prose<'a> {
    /// Nothing yet, of `source`, whose words are written with `escape`.
    pub fn new(source: &'a str, place: Option<Place<'a>>, escape: Escape) -> Prose<'a> {
        Prose {
            source,
            place,
            escape,
            reading: Reading::default(),
            text: String::new(),
            map: OffsetMap::default(),
            atoms: Vec::new(),
            line: 0,
            pending: Vec::new(),
            n_begun: 0,
            last_is_attribution: false,
            has_ended: false,
        }
    }

    /// Words that stand in the source as they are.
    pub fn verbatim(&mut self, span: Span) {
        self.text.push_str(&self.source[span.range()]);
        self.map.push_verbatim(span.len(), span.start);
    }

    /// Words that stand in the source as HTML has them: any run of white space is one space.
    pub fn collapsed(&mut self, span: Span) {
        let bytes = self.source.as_bytes();
        if is_single_spaced(&bytes[span.range()]) {
            return self.verbatim(span);
        }
        let mut start = span.start;
        let mut at = span.start;
        while at < span.end {
            if !bytes[at].is_ascii_whitespace() {
                at += 1;
                continue;
            }
            let end = at + bytes[at..span.end].iter().take_while(|it| it.is_ascii_whitespace()).count();
            let is_plain = at > start && end == at + 1 && bytes[at] == b' ';
            if !is_plain {
                self.verbatim(Span::new(start, at));
                self.space(Span::new(at, end));
                start = end;
            }
            at = end;
        }
        self.verbatim(Span::new(start, span.end));
    }

    /// White space that shows as one space, or as none at the start of a line.
    fn space(&mut self, span: Span) {
        if self.text.is_empty() || self.text.ends_with([' ', '\n']) {
            return;
        }
        if &self.source[span.range()] == " " {
            self.verbatim(span);
        } else {
            self.replaced(" ", span);
        }
    }

    /// Words that the source writes in another way: `&eacute;`.
    pub fn replaced(&mut self, words: &str, span: Span) {
        self.text.push_str(words);
        self.map.push_replaced(words.len(), span);
    }

    /// A stretch of the source, markup and all, that counts as one word.
    pub fn atom(&mut self, span: Span, kind: AtomKind) {
        let start = self.text.len();
        self.verbatim(span);
        self.atoms.push(Atom { span: Span::new(start, self.text.len()), kind });
    }

    /// The end of a line. Two in a row end the segment, but not its block.
    pub fn line_break(&mut self, span: Span) {
        if is_blank(&self.text[self.line..]) {
            return self.end_segment();
        }
        if &self.source[span.range()] == "\n" {
            self.verbatim(span);
        } else {
            self.replaced("\n", span);
        }
        self.line = self.text.len();
    }

    /// The start or the end of a block.
    pub fn end_block(&mut self) {
        self.end_segment();
        let end = self.reading.segments.last().map_or(0, |it| it.span.end);
        for suppression in self.pending.drain(..self.n_begun) {
            let covers = &mut self.reading.suppressions[suppression].covers;
            covers.end = covers.end.max(end);
        }
        self.n_begun = 0;
    }

    /// A quotation starts: the line that announced it was not ours either.
    pub fn before_quotation(&mut self) {
        self.end_block();
        if std::mem::take(&mut self.last_is_attribution) {
            self.reading.segments.pop();
        }
    }

    /// An HTML comment, which may be a marker.
    pub fn comment(&mut self, span: Span) {
        let comment = &self.source[span.range()];
        let inside = comment.strip_prefix("<!--").unwrap_or_default();
        self.marker(inside.strip_suffix("-->").unwrap_or(inside), span);
    }

    /// The inside of a comment where there is no prose, such as a line of front matter, and the span of the comment.
    pub fn file_marker(&mut self, inside: &str, span: Span) {
        match marker::parse(inside) {
            Some(Ok(marker)) if !marker.whole_file => {
                let message = "no block follows here; write `absolve-ignore-file SIN: reason`".to_owned();
                self.reading.marker_problems.push(MarkerProblem { span, message });
            }
            Some(_) => self.marker(inside, span),
            None => {}
        }
    }

    /// A comment's inside, which may be a marker, and the span of the comment.
    fn marker(&mut self, inside: &str, span: Span) {
        let Some(marker) = marker::parse(inside) else { return };
        if let Some(place) = self.place {
            return self.reading.stray_markers.push(place.map.to_source(span));
        }
        match marker {
            Ok(marker) => self.suppress(marker, span),
            Err(message) => self.reading.marker_problems.push(MarkerProblem { span, message }),
        }
    }

    fn suppress(&mut self, marker: Marker, span: Span) {
        let Marker { sins, reason, whole_file } = marker;
        let covers = if whole_file { Span::new(0, self.source.len()) } else { Span::new(span.end, span.end) };
        if !whole_file {
            self.pending.push(self.reading.suppressions.len());
        }
        self.reading.suppressions.push(Suppression { sins, reason, span, covers });
    }

    /// What was read.
    pub fn finish(mut self) -> Reading {
        self.end_block();
        self.reading
    }

    fn end_segment(&mut self) {
        self.has_ended |= mail::starts_history(&self.text);
        if self.has_ended || is_blank(&self.text) {
            return self.clear();
        }
        let len = self.text.trim_end().len();
        self.text.truncate(len);
        self.map.truncate(len);
        self.last_is_attribution = self.text.ends_with(':') && mail::is_attribution(&self.text);
        let map = std::mem::take(&mut self.map);
        let map = match self.place {
            Some(place) => map.then(place.map),
            None => map,
        };
        let atoms = std::mem::take(&mut self.atoms);
        let segment = Segment::marked_up(Cow::Borrowed(&self.text), map, self.escape.clone(), atoms);
        self.reading.segments.push(segment);
        self.n_begun = self.pending.len();
        self.clear();
    }

    fn clear(&mut self) {
        self.text.clear();
        self.map.truncate(0);
        self.atoms.clear();
        self.line = 0;
    }
}

/// Whether a text has no white space but single spaces, none of them in front.
fn is_single_spaced(text: &[u8]) -> bool {
    let is_other = |it: &u8| it.is_ascii_whitespace() && *it != b' ';
    !text.starts_with(b" ")
        && !text.iter().fold(false, |has, it| has | is_other(it))
        && memchr::memmem::find(text, b"  ").is_none()
}

fn is_blank(text: &str) -> bool {
    text.chars().all(|it| it.is_whitespace() || matches!(it, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{ad}'))
}
