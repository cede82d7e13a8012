//! HTML: text in blocks is prose, tags in a line are not seen; quoted mail, code, scripts and comments are left out.

mod element;
mod token;

use std::borrow::Cow;

use crate::{
    atom::{AtomKind, atoms},
    escape::{Escape, Layer},
    format::{
        front_matter,
        prose::{Place, Prose, Reading},
    },
    span::Span,
};

use element::{Role, is_void, role, role_of_name};
use token::{Tag, Token, tokenize};

/// The prose of a text in HTML whose front matter ends at byte `start`.
pub(crate) fn read_from(text: &str, start: usize) -> Reading {
    let mut prose = Prose::new(text, None, Escape::of(Layer::Html));
    front_matter::read_markers(text, start, &mut prose);
    let mut elements = Elements::new(prose);
    elements.read(Span::new(start, text.len()));
    elements.prose.finish()
}

/// The prose of HTML that stands somewhere in a document.
pub(crate) fn read_part(html: &str, place: Option<Place<'_>>) -> Reading {
    let outer = place.map_or_else(Escape::default, |it| it.escape.clone());
    let mut elements = Elements::new(Prose::new(html, place, Escape::inside(&outer, Layer::Html)));
    elements.read(Span::new(0, html.len()));
    elements.prose.finish()
}

/// Whether HTML has an element of that name (in small letters).
pub(crate) fn is_element(name: &str) -> bool {
    role_of_name(name) != Role::Placeholder
}

/// Reads tags and text into prose, and knows which elements it is inside of, as far as that matters.
pub(super) struct Elements<'a> {
    pub prose: Prose<'a>,
    /// The element whose inside is being left out.
    skipped: Option<Skipped>,
}

struct Skipped {
    /// Its name; empty if nothing ends it.
    name: String,
    /// How many of that name are open, itself included.
    depth: usize,
    /// Where its start tag starts.
    start: usize,
    role: Role,
}

impl<'a> Elements<'a> {
    pub fn new(prose: Prose<'a>) -> Elements<'a> {
        Elements { prose, skipped: None }
    }

    /// Whether what comes next is left out.
    pub fn is_skipping(&self) -> bool {
        self.skipped.is_some()
    }

    /// Reads the HTML at `span` of the prose's source.
    pub fn read(&mut self, span: Span) {
        let html = masked(&self.prose.source[span.range()]);
        tokenize(&html, span.start, |it| self.token(it));
    }

    /// A block ends that is not HTML's: what was left open in its lines (a fill-in such as `<title>`) ends with it.
    pub fn end_block(&mut self) {
        if self.skipped.as_ref().is_some_and(|it| matches!(it.role, Role::Code | Role::Hidden)) {
            self.skipped = None;
        }
        self.prose.end_block();
    }

    fn token(&mut self, token: Token<'_>) {
        match token {
            Token::Comment(span) => self.prose.comment(span),
            Token::Start(tag) if self.is_skipping() => self.start_while_skipping(&tag),
            Token::End(tag) if self.is_skipping() => self.end_while_skipping(&tag),
            _ if self.is_skipping() => {}
            Token::Text(span) => self.prose.collapsed(span),
            Token::Character(words, span) => self.prose.replaced(words, span),
            Token::Start(tag) => self.start(&tag),
            Token::End(tag) => self.end(&tag),
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        let role = role(tag);
        match role {
            Role::Inline => {}
            Role::Block => self.prose.end_block(),
            Role::LineBreak => self.prose.line_break(tag.span),
            Role::Placeholder => self.prose.atom(tag.span, AtomKind::Placeholder),
            Role::Code | Role::Hidden => self.skip(tag, role),
            Role::Excluded => {
                self.prose.end_block();
                self.skip(tag, role);
            }
            Role::Quotation | Role::QuotationToTheEnd => {
                self.prose.before_quotation();
                self.skip(tag, role);
            }
        }
    }

    fn end(&mut self, tag: &Tag<'_>) {
        match role_of_name(tag.name) {
            // As browsers read `</br>`.
            Role::LineBreak => self.prose.line_break(tag.span),
            Role::Block | Role::Excluded | Role::Quotation => self.prose.end_block(),
            _ => {}
        }
    }

    fn skip(&mut self, tag: &Tag<'_>, role: Role) {
        let never_ends = role == Role::QuotationToTheEnd;
        if never_ends || !is_void(tag.name) {
            let name = if never_ends { String::new() } else { tag.name.to_owned() };
            self.skipped = Some(Skipped { name, depth: 1, start: tag.span.start, role });
        }
    }

    fn start_while_skipping(&mut self, tag: &Tag<'_>) {
        let Some(skipped) = &mut self.skipped else { return };
        let closes_head = skipped.name == "head" && tag.name == "body";
        let closes_paragraph = skipped.name == "p" && role_of_name(tag.name) == Role::Block;
        if closes_head || closes_paragraph {
            self.skipped = None;
            self.start(tag);
        } else if skipped.name == tag.name {
            skipped.depth += 1;
        }
    }

    fn end_while_skipping(&mut self, tag: &Tag<'_>) {
        let Some(skipped) = self.skipped.as_mut().filter(|it| it.name == tag.name) else { return };
        skipped.depth -= 1;
        if skipped.depth > 0 {
            return;
        }
        if skipped.role == Role::Code {
            self.prose.atom(Span::new(skipped.start, tag.span.end), AtomKind::Code);
        }
        self.skipped = None;
    }
}

/// The text with the placeholders that HTML would misread (`{{ a | default: "<b>" }}`) made harmless.
fn masked(html: &str) -> Cow<'_, str> {
    if memchr::memchr(b'{', html.as_bytes()).is_none() {
        return Cow::Borrowed(html);
    }
    let atoms = atoms(html).into_iter().map(|it| it.span);
    mask(html, atoms.filter(|it| is_misread(&html[it.range()])))
}

fn is_misread(atom: &str) -> bool {
    let inside = atom.get(2..).unwrap_or_default();
    let has_markup = inside.contains('<') && !inside.contains("</") && !inside.contains("<br");
    has_markup && atom.starts_with(['{', '#', '%', '$']) && !inside.contains("{{") && !inside.contains("{%")
}

/// The text with every byte of `spans` (in order, disjoint) but line ends made a letter: as long, without markup.
pub(super) fn mask(text: &str, spans: impl Iterator<Item = Span>) -> Cow<'_, str> {
    let mut masked = String::new();
    let mut at = 0;
    for span in spans {
        masked.push_str(&text[at..span.start]);
        masked.extend(text[span.range()].bytes().map(|it| if it == b'\n' { '\n' } else { 'x' }));
        at = span.end;
    }
    if at == 0 {
        return Cow::Borrowed(text);
    }
    masked.push_str(&text[at..]);
    Cow::Owned(masked)
}

#[cfg(test)]
mod tests;
