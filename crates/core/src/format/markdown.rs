//! Markdown: paragraphs, headings, list items and table cells are prose; code, quotations, link targets, HTML comments
//! and front matter are not.

use std::{borrow::Cow, ops::Range};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::{
    atom::{AtomKind, atoms},
    escape::{Escape, Layer},
    format::{
        front_matter,
        html::{Elements, mask},
        prose::{Place, Prose, Reading},
    },
    span::Span,
};

/// The prose of a text in Markdown whose front matter ends at byte `start`.
pub(crate) fn read_from(text: &str, start: usize) -> Reading {
    let mut prose = Prose::new(text, None, Escape::of(Layer::Markdown));
    front_matter::read_markers(text, start, &mut prose);
    read(text, start, prose)
}

/// The prose of Markdown that stands somewhere in a document, without front matter.
pub(crate) fn read_part(text: &str, place: Place<'_>) -> Reading {
    read(text, 0, Prose::new(text, Some(place), Escape::inside(place.escape, Layer::Markdown)))
}

fn read(text: &str, start: usize, prose: Prose<'_>) -> Reading {
    let body = masked(&text[start..]);
    let mut reader = Reader { body: &body, start, elements: Elements::new(prose), left_out: 0, at: start };
    for (event, range) in Parser::new_ext(&body, options()).into_offset_iter() {
        reader.event(event, range);
    }
    reader.elements.prose.finish()
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES
}

/// The text with its placeholders (`*|NAME|*`, `{{ a | b }}`) made harmless, so Markdown reads no markup in them.
fn masked(text: &str) -> Cow<'_, str> {
    let opaque = atoms(text).into_iter().filter(|it| matches!(it.kind, AtomKind::Placeholder | AtomKind::Control));
    mask(text, opaque.map(|it| it.span).filter(|it| !has_markup(text, *it)))
}

/// Whether what looks like a placeholder has markup that is meant: code, a paragraph's end, `[[1]](…)`.
fn has_markup(text: &str, span: Span) -> bool {
    let atom = &text[span.range()];
    let is_link = atom.ends_with(']') && text[span.end..].starts_with(['(', '[', ':']);
    is_link || atom.contains(['`', '\n']) && (atom.contains('`') || atom.contains("\n\n") || atom.contains("\n\r\n"))
}

struct Reader<'a> {
    /// The text after its front matter, masked.
    body: &'a str,
    /// Where it starts in the text.
    start: usize,
    elements: Elements<'a>,
    /// How many quotations, code blocks and images are open.
    left_out: usize,
    /// Up to where the text is read.
    at: usize,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        let span = Span::new(self.start + range.start, self.start + range.end);
        match event {
            Event::Start(tag) => self.start_tag(&tag, span),
            Event::End(tag) => self.end_tag(tag),
            _ if self.left_out > 0 => {}
            Event::InlineHtml(_) => self.elements.read(span),
            _ if self.elements.is_skipping() => {}
            Event::Text(words) => self.text(&words, range, span),
            Event::Code(_) => self.elements.prose.atom(span, AtomKind::Code),
            Event::SoftBreak | Event::HardBreak => self.elements.prose.line_break(span),
            Event::Rule => self.elements.end_block(),
            _ => {}
        }
        self.at = self.at.max(span.start);
    }

    fn start_tag(&mut self, tag: &Tag<'_>, span: Span) {
        if is_block(&tag.to_end()) {
            self.elements.end_block();
        }
        match tag {
            Tag::BlockQuote(_) => {
                self.elements.prose.before_quotation();
                self.left_out += 1;
            }
            Tag::CodeBlock(_) | Tag::Image { .. } | Tag::MetadataBlock(_) => self.left_out += 1,
            Tag::HtmlBlock if self.left_out == 0 => self.elements.read(span),
            _ => {}
        }
    }

    fn end_tag(&mut self, tag: TagEnd) {
        if matches!(tag, TagEnd::BlockQuote(_) | TagEnd::CodeBlock | TagEnd::Image | TagEnd::MetadataBlock(_)) {
            self.left_out -= 1;
        }
        if is_block(&tag) {
            self.elements.end_block();
        }
    }

    /// Words as they stand, or an entity. What was escaped takes its backslash along.
    fn text(&mut self, words: &str, range: Range<usize>, span: Span) {
        let prose = &mut self.elements.prose;
        if self.body[range.clone()] != *words {
            return prose.replaced(words, span);
        }
        let is_escaped = self.at < span.start && self.body[..range.start].ends_with('\\');
        let escaped = words.chars().next().filter(|_| is_escaped);
        let Some(first) = escaped else { return prose.verbatim(span) };
        let rest = span.start + first.len_utf8();
        prose.replaced(first.encode_utf8(&mut [0; 4]), Span::new(span.start - 1, rest));
        prose.verbatim(Span::new(rest, span.end));
    }
}

/// Whether it starts and ends a block, rather than stands in a line.
fn is_block(tag: &TagEnd) -> bool {
    !matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}

#[cfg(test)]
mod tests;
