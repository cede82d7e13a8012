//! From a position in derived text (decoded, unescaped) back to the text it was derived from.

use crate::span::Span;

/// Where each byte of a derived text comes from.
///
/// Invariant: runs are contiguous in the derived text and in order in the source; the source may have gaps
/// between runs (a tag, a quote mark), which belong to no derived byte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OffsetMap {
    runs: Vec<Run>,
}

/// A stretch of derived text that comes from one stretch of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    derived: Span,
    source: Span,
    kind: Kind,
}

/// How a stretch of source writes its derived text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Byte for byte.
    Verbatim,
    /// As a whole, as `&eacute;` writes `é`.
    Replaced,
    /// Three bytes in four characters, as base64 does; the first byte is the `phase`th of its three.
    Base64 { phase: usize },
}

impl Run {
    /// Where some of its bytes come from, at least one.
    fn source_of(self, derived: Span) -> Span {
        let (start, end) = (derived.start - self.derived.start, derived.end - self.derived.start);
        match self.kind {
            Kind::Verbatim => Span::new(self.source.start + start, self.source.start + end),
            Kind::Replaced => self.source,
            Kind::Base64 { phase } => {
                let group = self.source.start - phase;
                Span::new(group + (phase + start) * 8 / 6, group + ((phase + end) * 8 - 1) / 6 + 1)
            }
        }
    }

    /// The part of it that a part of its bytes is, as a run that starts at `at`.
    fn part(self, derived: Span, at: usize) -> Run {
        let kind = match self.kind {
            Kind::Base64 { phase } => Kind::Base64 { phase: (phase + derived.start - self.derived.start) % 3 },
            it => it,
        };
        Run { derived: Span::new(at, at + derived.len()), source: self.source_of(derived), kind }
    }
}

impl OffsetMap {
    /// The map of a text that is, byte for byte, the source at `span`.
    pub fn verbatim(span: Span) -> OffsetMap {
        let mut map = OffsetMap::default();
        map.push_verbatim(span.len(), span.start);
        map
    }

    /// Appends `len` derived bytes that stand in the source as they are, from `source_start`.
    pub fn push_verbatim(&mut self, len: usize, source_start: usize) {
        if len == 0 {
            return;
        }
        let start = self.len();
        if let Some(last) = self.runs.last_mut()
            && last.kind == Kind::Verbatim
            && last.source.end == source_start
        {
            last.derived.end += len;
            last.source.end += len;
            return;
        }
        let derived = Span::new(start, start + len);
        let source = Span::new(source_start, source_start + len);
        self.runs.push(Run { derived, source, kind: Kind::Verbatim });
    }

    /// Appends `len` derived bytes that stand for the whole of `source`.
    pub fn push_replaced(&mut self, len: usize, source: Span) {
        if len == 0 {
            return;
        }
        let start = self.len();
        let derived = Span::new(start, start + len);
        self.runs.push(Run { derived, source, kind: Kind::Replaced });
    }

    /// Appends `len` derived bytes that base64 writes from `source_start` on, without a line break: whole groups of four
    /// characters, but for what pads the last.
    pub fn push_base64(&mut self, len: usize, source_start: usize) {
        let start = self.len();
        let source = Span::new(source_start, source_start + (len * 8).div_ceil(6));
        if let Some(last) = self.runs.last_mut()
            && last.kind == (Kind::Base64 { phase: 0 })
            && last.derived.len() % 3 == 0
            && last.source.end == source_start
        {
            last.derived.end += len;
            last.source.end = source.end;
            return;
        }
        self.runs.push(Run { derived: Span::new(start, start + len), source, kind: Kind::Base64 { phase: 0 } });
    }

    /// Appends the bytes of another map, whose source comes after this one's.
    pub fn append(&mut self, other: &OffsetMap) {
        other.append_verbatim(Span::new(0, other.len()), self);
    }

    /// Forgets what is past the first `len` derived bytes.
    pub fn truncate(&mut self, len: usize) {
        self.runs.truncate(self.runs.partition_point(|it| it.derived.start < len));
        if let Some(last) = self.runs.last_mut()
            && len < last.derived.end
        {
            let start = last.derived.start;
            *last = last.part(Span::new(start, len), start);
        }
    }

    /// The map of a part of the derived text.
    pub fn slice(&self, derived: Span) -> OffsetMap {
        let mut map = OffsetMap::default();
        self.append_verbatim(derived, &mut map);
        map
    }

    /// The source that the whole derived text is byte for byte, if there is one.
    pub fn as_verbatim(&self) -> Option<Span> {
        match self.runs[..] {
            [Run { kind: Kind::Verbatim, source, .. }] => Some(source),
            _ => None,
        }
    }

    /// The stretches of derived text that stand in the source byte for byte, each with where it stands.
    pub fn verbatim_runs(&self) -> impl Iterator<Item = (Span, Span)> + '_ {
        self.runs.iter().filter(|it| it.kind == Kind::Verbatim).map(|it| (it.derived, it.source))
    }

    /// Length of the derived text, in bytes.
    pub fn len(&self) -> usize {
        self.runs.last().map_or(0, |it| it.derived.end)
    }

    /// Whether the derived text is empty.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// The span of source from the first byte of `derived` to its last, gaps included.
    ///
    /// A position inside a replaced run (half of an entity) takes the whole run with it.
    /// An empty span maps to an empty one, where the byte after it starts.
    pub fn to_source(&self, derived: Span) -> Span {
        let start = self.start_to_source(derived.start);
        if derived.is_empty() {
            return Span::new(start, start);
        }
        let Some(run) = self.run_at(derived.end - 1) else { return Span::new(start, start) };
        let end = run.source_of(Span::new(derived.end - 1, derived.end)).end;
        Span::new(start, end.max(start))
    }

    /// The pieces of source that the bytes of `derived` come from, gaps left out, in order.
    pub fn pieces(&self, derived: Span) -> impl Iterator<Item = Span> + '_ {
        let first = self.runs.partition_point(|it| it.derived.end <= derived.start);
        self.runs[first..].iter().take_while(move |it| it.derived.start < derived.end).map(move |run| {
            run.source_of(Span::new(derived.start.max(run.derived.start), derived.end.min(run.derived.end)))
        })
    }

    /// This map carried one step further back: `self` maps into a text that `outer` maps into its source.
    pub fn then(&self, outer: &OffsetMap) -> OffsetMap {
        let mut map = OffsetMap::default();
        for run in &self.runs {
            if run.kind == Kind::Verbatim {
                outer.append_verbatim(run.source, &mut map);
            } else {
                map.push_replaced(run.derived.len(), outer.to_source(run.source));
            }
        }
        map
    }

    /// Appends to `map` the bytes of `span` (of this map's derived text), each with its source.
    fn append_verbatim(&self, span: Span, map: &mut OffsetMap) {
        let first = self.runs.partition_point(|it| it.derived.end <= span.start);
        for run in self.runs[first..].iter().take_while(|it| it.derived.start < span.end) {
            let part = Span::new(span.start.max(run.derived.start), span.end.min(run.derived.end));
            match run.kind {
                Kind::Verbatim => map.push_verbatim(part.len(), run.source_of(part).start),
                _ => map.runs.push(run.part(part, map.len())),
            }
        }
    }

    fn start_to_source(&self, derived: usize) -> usize {
        match self.run_at(derived) {
            Some(run) => run.source_of(Span::new(derived, derived + 1)).start,
            None => self.runs.last().map_or(0, |it| it.source.end),
        }
    }

    fn run_at(&self, derived: usize) -> Option<Run> {
        let index = self.runs.partition_point(|it| it.derived.end <= derived);
        self.runs.get(index).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `caf&eacute; <b>noir</b>` read as `café noir`.
    fn cafe_noir() -> OffsetMap {
        let mut map = OffsetMap::default();
        map.push_verbatim(3, 0);
        map.push_replaced(2, Span::new(3, 11));
        map.push_verbatim(1, 11);
        map.push_verbatim(4, 15);
        map
    }

    #[track_caller]
    fn check(derived: (usize, usize), source: (usize, usize)) {
        let span = cafe_noir().to_source(Span::new(derived.0, derived.1));
        assert_eq!((span.start, span.end), source);
    }

    #[test]
    fn a_span_maps_to_the_bytes_it_was_read_from() {
        check((0, 3), (0, 3));
        check((0, 5), (0, 11));
        check((3, 5), (3, 11));
        check((6, 10), (15, 19));
    }

    #[test]
    fn a_span_that_ends_before_a_tag_leaves_the_tag_out() {
        check((0, 6), (0, 12));
        check((0, 10), (0, 19));
    }

    #[test]
    fn half_an_entity_takes_all_of_it() {
        check((4, 5), (3, 11));
        check((0, 4), (0, 11));
    }

    #[test]
    fn an_empty_span_stays_empty() {
        check((6, 6), (15, 15));
        check((10, 10), (19, 19));
    }

    #[test]
    fn pieces_leave_the_markup_out() {
        let pieces: Vec<_> = cafe_noir().pieces(Span::new(5, 10)).map(|it| (it.start, it.end)).collect();
        assert_eq!(pieces, [(11, 12), (15, 19)]);
    }

    #[test]
    fn a_map_is_cut_where_its_text_is() {
        let mut map = cafe_noir();
        map.truncate(8);
        assert_eq!((map.len(), map.to_source(Span::new(0, 8))), (8, Span::new(0, 17)));
        map.truncate(5);
        assert_eq!((map.len(), map.to_source(Span::new(0, 5))), (5, Span::new(0, 11)));
        map.truncate(0);
        assert!(map.is_empty());
    }

    #[test]
    fn a_slice_maps_as_the_whole_did() {
        let noir = cafe_noir().slice(Span::new(6, 10));
        assert_eq!(noir.as_verbatim(), Some(Span::new(15, 19)));
        let accent = cafe_noir().slice(Span::new(2, 6));
        assert_eq!(accent.as_verbatim(), None);
        assert_eq!(accent.to_source(Span::new(1, 3)), Span::new(3, 11));
    }

    #[test]
    fn base64_maps_to_the_characters_that_hold_a_byte() {
        // `aGVsbG8h` (hello!) from byte 10, and a line break later `YWI=` (ab).
        let mut map = OffsetMap::default();
        map.push_base64(3, 10);
        map.push_base64(3, 14);
        map.push_base64(2, 20);
        let check = |map: &OffsetMap, derived: (usize, usize), source: (usize, usize)| {
            assert_eq!(map.to_source(Span::new(derived.0, derived.1)), Span::new(source.0, source.1));
        };
        check(&map, (0, 6), (10, 18));
        check(&map, (0, 1), (10, 12));
        check(&map, (1, 2), (11, 13));
        check(&map, (2, 4), (12, 16));
        check(&map, (5, 7), (16, 22));
        check(&map, (6, 8), (20, 23));
        let slice = map.slice(Span::new(4, 8));
        check(&slice, (0, 1), (15, 17));
        check(&slice, (1, 2), (16, 18));
        check(&slice.slice(Span::new(1, 4)), (0, 2), (16, 22));
        map.truncate(5);
        check(&map, (4, 5), (15, 17));
    }

    #[test]
    fn maps_compose() {
        // A JSON string `"caf&eacute;\u0020..."` would shift everything by one and widen the space.
        let mut json = OffsetMap::default();
        json.push_verbatim(11, 1);
        json.push_replaced(1, Span::new(12, 18));
        json.push_verbatim(11, 18);
        let both = cafe_noir().then(&json);
        assert_eq!(both.to_source(Span::new(3, 5)), Span::new(4, 12));
        assert_eq!(both.to_source(Span::new(5, 6)), Span::new(12, 18));
        assert_eq!(both.to_source(Span::new(6, 10)), Span::new(21, 25));
        assert_eq!(both.len(), cafe_noir().len());
    }
}
