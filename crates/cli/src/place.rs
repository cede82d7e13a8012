//! Findings as reports tell them: with lines, columns and bytes of the file on disk. A file may have tens of thousands, and
//! most reports want little of each, so they are made one by one, and no more of them than is asked for.

use std::{
    cell::{Cell, RefCell},
    sync::Arc,
};

use absolve_core::{
    diagnostic::{Applicability, Diagnostic, Fix},
    document::Document,
    fault::isolate,
    fingerprint::Fingerprints,
    line_index::LineIndex,
    rewrite::Rewriter,
    span::Span,
};

use crate::{excerpt::Excerpt, project::Project};

/// A file that was checked.
pub struct Checked {
    /// As the user knows it.
    pub path: String,
    /// What was found, in order, without fixes.
    pub diagnostics: Vec<Diagnostic>,
    /// What it says.
    pub document: Document,
    /// Whose rules it was checked by.
    pub project: Arc<Project>,
}

/// The findings of a file, to be asked.
pub struct Findings<'a> {
    file: &'a Checked,
    index: LineIndex,
    rewriter: Rewriter<'a>,
    fingerprints: RefCell<Fingerprints<'a>>,
    cursor: Cell<Cursor>,
    has_failed: Cell<bool>,
}

/// A diagnostic with its place in the file.
#[derive(Clone, Copy)]
pub struct Finding<'f, 'a> {
    /// What is wrong.
    pub diagnostic: &'f Diagnostic,
    /// The flagged words.
    pub place: Place,
    /// The title of the macro they stand in.
    pub title: Option<&'f str>,
    /// The language that its library says it is in, as it is written there.
    pub locale: Option<&'f str>,
    all: &'f Findings<'a>,
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

/// Up to where columns, and bytes on disk, are counted: a library may be one line of megabytes.
#[derive(Clone, Copy, Default)]
struct Cursor {
    /// A byte of the text, and where it is on disk.
    file: (usize, usize),
    at: usize,
    line: usize,
    column: usize,
}

impl<'a> Findings<'a> {
    /// What is to be told of a file.
    pub fn of(file: &'a Checked) -> Findings<'a> {
        Findings {
            file,
            index: LineIndex::new(&file.document.text),
            rewriter: file.project.rewriter(&file.document),
            fingerprints: RefCell::new(Fingerprints::new(&file.document.text)),
            cursor: Cell::default(),
            has_failed: Cell::new(false),
        }
    }

    /// Each of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = Finding<'_, 'a>> {
        self.file.diagnostics.iter().map(|it| self.finding(it))
    }

    /// Whether a mistake of ours has cost a finding something.
    pub fn has_failed(&self) -> bool {
        self.has_failed.get()
    }

    fn finding<'f>(&'f self, diagnostic: &'f Diagnostic) -> Finding<'f, 'a> {
        let item = diagnostic.item.and_then(|it| self.file.document.items.get(it));
        let (title, locale) = (item.map(|it| it.title.as_str()), item.and_then(|it| it.locale.as_deref()));
        Finding { diagnostic, place: self.place(diagnostic.span), title, locale, all: self }
    }

    /// What is made of a finding; nothing if that panics.
    fn make<T: Default>(&self, make: impl FnOnce() -> T) -> T {
        let made = isolate(make);
        self.has_failed.set(self.has_failed.get() || made.is_none());
        made.unwrap_or_default()
    }

    fn place(&self, span: Span) -> Place {
        let mut cursor = self.cursor.get();
        let place = cursor.place(&self.file.document, &self.index, span);
        self.cursor.set(cursor);
        place
    }

    fn placed(&self, fix: Fix) -> PlacedFix {
        let edits = fix.edits.into_iter().map(|it| (self.place(it.span), it.replacement)).collect();
        PlacedFix { title: fix.title, applicability: fix.applicability, edits }
    }
}

impl Finding<'_, '_> {
    /// Better words, best first.
    pub fn fixes(&self) -> Vec<PlacedFix> {
        let fixes = self.all.make(|| self.all.rewriter.fixes(self.diagnostic));
        fixes.into_iter().map(|it| self.all.placed(it)).collect()
    }

    /// The words around.
    pub fn excerpt(&self) -> Excerpt {
        self.all.make(|| Excerpt::around(&self.all.file.document, &self.all.index, self.diagnostic))
    }

    /// The same for the same sentence wherever it stands in its file.
    pub fn fingerprint(&self) -> u64 {
        self.all.fingerprints.borrow_mut().of(self.diagnostic)
    }
}

impl Cursor {
    fn place(&mut self, document: &Document, index: &LineIndex, span: Span) -> Place {
        let bytes = Span::new(self.on_disk(document, span.start), self.on_disk(document, span.end));
        let (start, end) = (self.point(document, index, span.start), self.point(document, index, span.end));
        Place { bytes, start, end }
    }

    fn on_disk(&mut self, document: &Document, offset: usize) -> usize {
        let Document { text, encoding, .. } = document;
        let (at, there) = self.file;
        let there = match offset >= at {
            true => there + encoding.file_len(&text[at..offset]),
            false => there - encoding.file_len(&text[offset..at]),
        };
        self.file = (offset, there);
        there
    }

    fn point(&mut self, document: &Document, index: &LineIndex, offset: usize) -> Point {
        let text = &document.text;
        let line = index.line_of(offset);
        if line != self.line {
            let start = index.line(text, line).start;
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
        let (mut cursor, index) = (Cursor::default(), LineIndex::new(&document.text));
        let mut check =
            |offset, line, column| assert_eq!(cursor.point(&document, &index, offset), Point { line, column });
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
        let mut cursor = Cursor::default();
        for &at in places.iter().chain(places.iter().rev().step_by(2)).chain(&places) {
            assert_eq!(cursor.on_disk(&document, at), document.file_span(Span::new(at, at)).start, "{at}");
        }
    }
}
