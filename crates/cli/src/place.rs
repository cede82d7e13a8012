//! Findings as reports tell them: with lines, columns and bytes of the file on disk.

use absolve_core::{
    diagnostic::{Applicability, Diagnostic, Fix},
    document::Document,
    fingerprint::Fingerprints,
    line_index::LineIndex,
    span::Span,
};

use crate::excerpt::Excerpt;

/// A file that was checked.
pub struct Checked {
    /// As the user knows it.
    pub path: String,
    /// In order.
    pub findings: Vec<Finding>,
}

/// A diagnostic with its places in the file.
pub struct Finding {
    /// What is wrong.
    pub diagnostic: Diagnostic,
    /// The flagged words.
    pub place: Place,
    /// The title of the macro they stand in.
    pub title: Option<String>,
    /// The language that its library says it is in, as it is written there.
    pub locale: Option<String>,
    /// Better words, best first.
    pub fixes: Vec<PlacedFix>,
    /// The words around, where they will be shown.
    pub excerpt: Option<Excerpt>,
    /// The same for the same sentence wherever it stands in its file.
    pub fingerprint: u64,
}

/// A fix with its places in the file.
pub struct PlacedFix {
    /// What the writer is offered.
    pub title: String,
    /// Who may apply it.
    pub applicability: Applicability,
    /// What goes, and what comes instead.
    pub edits: Vec<(Place, String)>,
}

/// A stretch of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes of the file as it is on disk.
    pub bytes: Span,
    /// Where it starts.
    pub start: Point,
    /// Just past its end.
    pub end: Point,
}

/// A line and a column, both counted from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
}

/// Places the diagnostics of a document; the first `n_shown` with the words around them.
pub fn place(document: &Document, diagnostics: Vec<Diagnostic>, n_shown: usize) -> Vec<Finding> {
    let mut placer = Placer::new(document);
    let findings = diagnostics.into_iter().enumerate();
    findings.map(|(at, it)| placer.finding(it, at < n_shown)).collect()
}

/// Counts columns, and bytes on disk, from the place it was last asked for: a library may be one line of megabytes.
struct Placer<'a> {
    document: &'a Document,
    index: LineIndex,
    fingerprints: Fingerprints<'a>,
    /// A byte of the text, and where it is on disk.
    file: (usize, usize),
    at: usize,
    line: usize,
    column: usize,
}

impl<'a> Placer<'a> {
    fn new(document: &'a Document) -> Placer<'a> {
        let text = &document.text;
        let (index, fingerprints) = (LineIndex::new(text), Fingerprints::new(text));
        Placer { document, index, fingerprints, file: (0, 0), at: 0, line: 0, column: 0 }
    }

    fn finding(&mut self, diagnostic: Diagnostic, is_shown: bool) -> Finding {
        let Document { items, .. } = self.document;
        let fixes = diagnostic.fixes.iter().map(|it| self.fix(it)).collect();
        let item = diagnostic.item.and_then(|it| items.get(it));
        let (title, locale) = (item.map(|it| it.title.clone()), item.and_then(|it| it.locale.clone()));
        let excerpt = is_shown.then(|| Excerpt::around(self.document, &self.index, &diagnostic));
        let fingerprint = self.fingerprints.of(&diagnostic);
        Finding { place: self.place(diagnostic.span), title, locale, fixes, excerpt, fingerprint, diagnostic }
    }

    fn fix(&mut self, fix: &Fix) -> PlacedFix {
        let edits = fix.edits.iter().map(|it| (self.place(it.span), it.replacement.clone())).collect();
        PlacedFix { title: fix.title.clone(), applicability: fix.applicability, edits }
    }

    fn place(&mut self, span: Span) -> Place {
        let bytes = Span::new(self.on_disk(span.start), self.on_disk(span.end));
        Place { bytes, start: self.point(span.start), end: self.point(span.end) }
    }

    fn on_disk(&mut self, offset: usize) -> usize {
        let Document { text, encoding, .. } = self.document;
        let (at, there) = self.file;
        let there = match offset >= at {
            true => there + encoding.file_len(&text[at..offset]),
            false => there - encoding.file_len(&text[offset..at]),
        };
        self.file = (offset, there);
        there
    }

    fn point(&mut self, offset: usize) -> Point {
        let text = &self.document.text;
        let line = self.index.line_of(offset);
        if line != self.line {
            let start = self.index.line(text, line).start;
            (self.at, self.line, self.column) = (start, line, 0);
        }
        let chars = |from: usize, to: usize| text[from..to].chars().count();
        self.column = match offset >= self.at {
            true => self.column + chars(self.at, offset),
            false => self.column - chars(offset, self.at),
        };
        self.at = offset;
        Point { line: line + 1, column: self.column + 1 }
    }
}

#[cfg(test)]
mod tests {
    use absolve_core::format::Format;

    use super::*;

    #[test]
    fn columns_are_counted_from_wherever_it_was() {
        let document = Document::plain("é😀a\r\nbé\n\nend");
        let mut placer = Placer::new(&document);
        let mut check = |offset, line, column| assert_eq!(placer.point(offset), Point { line, column });
        check(6, 1, 3);
        check(2, 1, 2);
        check(12, 2, 3);
        check(9, 2, 1);
        check(14, 4, 1);
        check(0, 1, 1);
    }

    #[test]
    fn bytes_on_disk_are_counted_from_wherever_it_was() {
        let file: Vec<u8> = "\u{feff}é😀a\r\nb".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let document = Document::read(&file, Format::Text).expect("it is UTF-16");
        let places = (0..=document.text.len()).filter(|&it| document.text.is_char_boundary(it));
        let places: Vec<usize> = places.collect();
        let mut placer = Placer::new(&document);
        for &at in places.iter().chain(places.iter().rev().step_by(2)).chain(&places) {
            assert_eq!(placer.on_disk(at), document.file_span(Span::new(at, at)).start, "{at}");
        }
    }
}
