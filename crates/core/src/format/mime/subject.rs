//! The subject of a mail: plain words, or encoded ones as in `=?utf-8?Q?D=C3=A9sol=C3=A9?=`.

use super::{part::Transfer, transfer};
use crate::{
    charset::Charset,
    document::Encoding,
    escape::{Escape, Layer},
    offset_map::OffsetMap,
    segment::Segment,
    span::Span,
};

/// What a subject says.
pub(super) struct Subject {
    pub text: String,
    map: OffsetMap,
    escape: Escape,
}

/// Reads the subject at `span`.
pub(super) fn read(source: &str, span: Span) -> Option<Subject> {
    let mut reader = Reader { source, ..Reader::default() };
    let mut at = span.start;
    while let Some(word) = next_word(source, Span::new(at, span.end)) {
        let between = Span::new(at, word.span.start);
        // White space between encoded words is not part of what they say.
        if reader.words.is_none() || !source[between.range()].trim().is_empty() {
            reader.plain(between);
        }
        reader.encoded(&word);
        at = word.span.end;
    }
    let is_plain = at == span.start;
    reader.plain(Span::new(at, span.end));
    let is_ascii = source[span.range()].is_ascii();
    let escape = match () {
        () if !is_plain => Escape::of(Layer::Sealed),
        () if is_ascii => Escape::of(Layer::Charset(Charset::ASCII)),
        () => Escape::default(),
    };
    (!reader.text.trim().is_empty()).then_some(Subject { text: reader.text, map: reader.map, escape })
}

/// Whether its words are the writer's own, not those of the mail that is answered or forwarded.
pub(super) fn is_own(subject: &Subject) -> bool {
    let mut text = subject.text.trim_start();
    while let Some((_, rest)) = text.strip_prefix('[').and_then(|it| it.split_once(']')) {
        text = rest.trim_start();
    }
    let prefix = text.split_once(':').map(|it| it.0.trim_end().to_lowercase());
    prefix.is_none_or(|it| !PREFIXES.contains(&it.trim_end_matches(|it: char| "[]()0123456789".contains(it))))
}

const PREFIXES: [&str; 10] = ["re", "ré", "rép", "réf", "fw", "fwd", "tr", "aw", "wg", "rv"];

impl Subject {
    /// Its prose.
    pub fn segment(self) -> Segment {
        Segment::decoded(self.text, self.map, self.escape)
    }
}

#[derive(Default)]
struct Reader<'a> {
    source: &'a str,
    text: String,
    map: OffsetMap,
    /// The charset of the encoded words that were read last, and their bytes: a character may go on in the next word.
    words: Option<(Charset, transfer::Transferred)>,
}

impl Reader<'_> {
    fn plain(&mut self, span: Span) {
        self.flush();
        self.text.push_str(&self.source[span.range()]);
        self.map.push_verbatim(span.len(), span.start);
    }

    fn encoded(&mut self, word: &Word) {
        if self.words.as_ref().is_some_and(|it| it.0 != word.charset) {
            self.flush();
        }
        let words = &mut self.words.get_or_insert_with(|| (word.charset, transfer::Transferred::default())).1;
        match word.transfer {
            Transfer::Base64 => {
                // What is no base64 ends the word.
                let _ = words.base64(self.source, word.inside);
            }
            _ => words.underscored(self.source, word.inside),
        }
    }

    fn flush(&mut self) {
        let Some((charset, words)) = self.words.take() else { return };
        let (text, map) = charset.decode(&words.bytes);
        let base = self.map.len();
        debug_assert_eq!(base, self.text.len());
        self.text.push_str(&text);
        self.map.append(&map.then(&words.map));
    }
}

/// An encoded word.
struct Word {
    charset: Charset,
    transfer: Transfer,
    /// Its text.
    inside: Span,
    span: Span,
}

/// The first encoded word in `span`.
fn next_word(source: &str, span: Span) -> Option<Word> {
    let mut from = span.start;
    while let Some(start) = source[from..span.end].find("=?").map(|it| from + it) {
        if let Some(word) = word_at(source, Span::new(start, span.end)) {
            return Some(word);
        }
        from = start + 2;
    }
    None
}

fn word_at(source: &str, span: Span) -> Option<Word> {
    let mut fields = source[span.start + 2..span.end].splitn(3, '?');
    let (charset, transfer, rest) = (fields.next()?, fields.next()?, fields.next()?);
    let transfer = match transfer {
        "q" | "Q" => Transfer::QuotedPrintable,
        "b" | "B" => Transfer::Base64,
        _ => return None,
    };
    let start = span.end - rest.len();
    let end = start + rest.find("?=")?;
    // A language may follow the charset: `utf-8*fr`.
    let charset = Charset::named(charset.split('*').next()?)?;
    Some(Word { charset, transfer, inside: Span::new(start, end), span: Span::new(span.start, end + 2) })
}

impl transfer::Transferred {
    /// Quoted-printable as headers have it: `_` is a space.
    fn underscored(&mut self, source: &str, span: Span) {
        let mut at = span.start;
        for (underscore, _) in source[span.range()].match_indices('_') {
            let underscore = span.start + underscore;
            self.quoted_printable(source, Span::new(at, underscore), Encoding::Utf8);
            self.bytes.push(b' ');
            self.map.push_replaced(1, Span::new(underscore, underscore + 1));
            at = underscore + 1;
        }
        self.quoted_printable(source, Span::new(at, span.end), Encoding::Utf8);
    }
}
