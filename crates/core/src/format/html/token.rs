//! HTML cut into tokens by html5gum, each with the exact bytes it stands in.

use std::convert::Infallible;

use html5gum::{Emitter, Error, State, Tokenizer, naive_next_state};

use crate::span::Span;

/// A piece of HTML. Spans are of the text that the HTML is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// Text that stands in the source as it is.
    Text(Span),
    /// What a character reference stands for: `é` for `&eacute;`.
    Character(&'t str, Span),
    /// `<p class="x">`.
    Start(Tag<'t>),
    /// `</p>`.
    End(Tag<'t>),
    /// A comment, or what is read as one.
    Comment(Span),
}

/// A start tag or an end tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'t> {
    /// In small letters.
    pub name: &'t str,
    /// The attribute `class`, or nothing.
    pub class: &'t str,
    /// The attribute `id`, or nothing.
    pub id: &'t str,
    /// From `<` to `>`.
    pub span: Span,
}

/// Hands every token of `html`, which starts at byte `base` of its text, to `sink`, in order.
pub(super) fn tokenize(html: &str, base: usize, sink: impl FnMut(Token<'_>)) {
    let emitter = Spans {
        source: html.as_bytes(),
        base,
        position: 0,
        unread: 0,
        text: Span::new(0, 0),
        tag: TagParts::default(),
        tag_start: 0,
        last_start_tag: Vec::new(),
        sink,
    };
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
}

/// html5gum's emitter that keeps spans instead of copies. All positions but those it hands on count from `base`.
struct Spans<'a, F> {
    source: &'a [u8],
    base: usize,
    /// How far html5gum has read.
    position: usize,
    /// Where what it will emit next starts, at the earliest.
    unread: usize,
    /// Text that is not handed on yet.
    text: Span,
    tag: TagParts,
    tag_start: usize,
    last_start_tag: Vec<u8>,
    sink: F,
}

/// Put together from chunks of a text, it is one itself.
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

fn in_text(base: usize, span: Span) -> Span {
    Span::new(base + span.start, base + span.end)
}

#[derive(Default)]
struct TagParts {
    is_end: bool,
    name: Vec<u8>,
    attribute: Vec<u8>,
    class: Vec<u8>,
    id: Vec<u8>,
}

impl TagParts {
    fn clear(&mut self, is_end: bool) {
        self.is_end = is_end;
        self.name.clear();
        self.attribute.clear();
        self.class.clear();
        self.id.clear();
    }
}

impl<F: FnMut(Token<'_>)> Spans<'_, F> {
    fn verbatim(&mut self, span: Span) {
        if self.text.end == span.start && !self.text.is_empty() {
            self.text.end = span.end;
        } else {
            self.flush_text();
            self.text = span;
        }
    }

    fn flush_text(&mut self) {
        if !self.text.is_empty() {
            (self.sink)(Token::Text(in_text(self.base, self.text)));
        }
        self.text = Span::new(self.position, self.position);
    }

    fn emit_tag(&mut self) {
        let tag = &self.tag;
        let [name, class, id] = [text(&tag.name), text(&tag.class), text(&tag.id)];
        let span = in_text(self.base, Span::new(self.tag_start, self.position));
        let token = Tag { name, class, id, span };
        (self.sink)(if tag.is_end { Token::End(token) } else { Token::Start(token) });
    }
}

impl<F: FnMut(Token<'_>)> Emitter for Spans<'_, F> {
    type Token = Infallible;

    fn move_position(&mut self, offset: isize) {
        self.position = self.position.saturating_add_signed(offset);
    }

    fn init_string(&mut self) {
        self.unread = self.unread.max(self.position);
    }

    /// A chunk either stands in the source right before the position, or was written there as a reference.
    fn emit_string(&mut self, chunk: &[u8]) {
        let read = &self.source[self.unread.min(self.position)..self.position];
        let is_reference = read.first() == Some(&b'&') && read != chunk;
        let is_line_end = chunk == b"\n" && read == b"\r";
        if !is_reference && (is_line_end || read.ends_with(chunk)) {
            self.verbatim(Span::new(self.position - chunk.len(), self.position));
        } else {
            let span = in_text(self.base, Span::new(self.position - read.len(), self.position));
            self.flush_text();
            (self.sink)(Token::Character(text(chunk), span));
        }
        self.unread = self.position;
    }

    fn emit_eof(&mut self) {
        self.flush_text();
    }

    fn start_open_tag(&mut self) {
        self.tag_start = self.position - 1;
    }

    fn init_start_tag(&mut self) {
        self.tag.clear(false);
    }

    fn init_end_tag(&mut self) {
        self.tag.clear(true);
    }

    fn push_tag_name(&mut self, name: &[u8]) {
        self.tag.name.extend(name);
    }

    fn init_attribute(&mut self) {
        self.tag.attribute.clear();
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        self.tag.attribute.extend(name);
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        match &self.tag.attribute[..] {
            b"class" => self.tag.class.extend(value),
            b"id" => self.tag.id.extend(value),
            _ => {}
        }
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.flush_text();
        self.emit_tag();
        self.unread = self.position;
        self.last_start_tag.clear();
        if self.tag.is_end {
            return None;
        }
        self.last_start_tag.extend(&self.tag.name);
        naive_next_state(&self.tag.name)
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.tag.is_end && !self.last_start_tag.is_empty() && self.last_start_tag == self.tag.name
    }

    fn emit_current_comment(&mut self) {
        self.flush_text();
        (self.sink)(Token::Comment(in_text(self.base, Span::new(self.tag_start, self.position))));
        self.unread = self.position;
    }

    fn emit_current_doctype(&mut self) {
        self.flush_text();
        self.unread = self.position;
    }

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn set_last_start_tag(&mut self, name: Option<&[u8]>) {
        self.last_start_tag = name.unwrap_or_default().to_vec();
    }

    fn emit_error(&mut self, _: Error) {}
    fn init_comment(&mut self) {}
    fn push_comment(&mut self, _: &[u8]) {}
    fn set_self_closing(&mut self) {}
    fn set_force_quirks(&mut self) {}
    fn init_doctype(&mut self) {}
    fn push_doctype_name(&mut self, _: &[u8]) {}
    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}
    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each token as its kind and its source; a character reference as `source=meaning`.
    fn tokens(html: &str) -> Vec<String> {
        let mut tokens = Vec::new();
        tokenize(html, 0, |token| {
            tokens.push(match token {
                Token::Text(span) => format!("text {}", &html[span.range()]),
                Token::Character(meaning, span) => format!("char {}={meaning}", &html[span.range()]),
                Token::Start(tag) => format!("start {} {}", tag.name, &html[tag.span.range()]),
                Token::End(tag) => format!("end {} {}", tag.name, &html[tag.span.range()]),
                Token::Comment(span) => format!("comment {}", &html[span.range()]),
            });
        });
        tokens
    }

    #[track_caller]
    fn check(html: &str, expected: &[&str]) {
        assert_eq!(tokens(html), expected, "in {html}");
    }

    #[test]
    fn tags_and_text() {
        check(
            "a<B x='>'>c</B >d<br/>",
            &["text a", "start b <B x='>'>", "text c", "end b </B >", "text d", "start br <br/>"],
        );
        check("é<!-- c -->è<!doctype x>ê</>ë", &["text é", "comment <!-- c -->", "text è", "text ê", "text ë"]);
        check("3 < 4 & <3 <%= x %>", &["text 3 < 4 & <3 <%= x %>"]);
        check("a<b", &["text a"]);
        check("a\r\nb\rc", &["text a\r", "text b\rc"]);
    }

    #[test]
    fn character_references_have_their_bytes() {
        check("caf&eacute; noir", &["text caf", "char &eacute;=é", "text  noir"]);
        check(
            "&lt;b&gt;&#233;&#xE9;&#xe9",
            &["char &lt;=<", "text b", "char &gt;=>", "char &#233;=é", "char &#xE9;=é", "char &#xe9=é"],
        );
        check("AT&ampT&nbsp !", &["text AT", "char &amp=&", "text T", "char &nbsp=\u{a0}", "text  !"]);
        check(
            "&semi;&#x3b;&acE;&amp;amp;",
            &["char &semi;=;", "char &#x3b;=;", "char &acE;=∾̳", "char &amp;=&", "text amp;"],
        );
        check("&nope; &é &; & &#; &#x; &#xq", &["text &nope; &é &; & &#; &#x; &#xq"]);
        check("</>&semi;", &["char &semi;=;"]);
    }

    #[test]
    fn the_inside_of_a_script_is_text() {
        check("<script>a<b></script>c", &["start script <script>", "text a<b>", "end script </script>", "text c"]);
        check("<title>a&eacute;</title>", &["start title <title>", "text a", "char &eacute;=é", "end title </title>"]);
    }
}
