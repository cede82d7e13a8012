//! A collection of replies in one Markdown file, each in a code fence under a heading, as open-source projects keep them.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::{
    escape::Layer,
    format::{
        marker::Comment,
        tree::{Node, Scalar, Value},
    },
    offset_map::OffsetMap,
    span::Span,
};

/// The replies of a collection: a list of objects with `title` and `body`.
pub(crate) fn parse(source: &str) -> Node<'_> {
    let mut reader = Reader { source, replies: Vec::new(), title: Text::default(), is_in_title: false, fence: None };
    for (event, range) in Parser::new(source).into_offset_iter() {
        reader.event(event, range.into());
    }
    Node { span: Span::new(0, source.len()), value: Value::Array(reader.replies) }
}

/// The comments between the replies.
pub(crate) fn comments(source: &str) -> Vec<Comment<'_>> {
    let comment = |(event, range): (Event<'_>, std::ops::Range<usize>)| {
        let (Event::Html(_) | Event::InlineHtml(_)) = event else { return None };
        let span = Span::new(range.start, source[..range.end].trim_end().len());
        let inside = source[span.range()].strip_prefix("<!--")?.strip_suffix("-->")?;
        Some(Comment { span, inside })
    };
    Parser::new(source).into_offset_iter().filter_map(comment).collect()
}

/// A text in pieces, each with where it stands.
#[derive(Default)]
struct Text {
    text: String,
    map: OffsetMap,
}

impl Text {
    fn push(&mut self, source: &str, words: &str, span: Span) {
        if source[span.range()] == *words {
            self.map.push_verbatim(words.len(), span.start);
        } else {
            self.map.push_replaced(words.len(), span);
        }
        self.text.push_str(words);
    }

    fn scalar<'a>(&self, span: Span) -> Scalar<'a> {
        Scalar::decoded(self.text.clone(), span, Layer::Fenced, self.map.clone())
    }
}

struct Reader<'a> {
    source: &'a str,
    replies: Vec<Node<'a>>,
    /// Of the last heading.
    title: Text,
    is_in_title: bool,
    fence: Option<(Span, Text)>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Start(Tag::Heading { .. }) => (self.title, self.is_in_title) = (Text::default(), true),
            Event::End(TagEnd::Heading(_)) => self.is_in_title = false,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) => self.fence = Some((span, Text::default())),
            Event::End(TagEnd::CodeBlock) => self.end(),
            Event::Text(words) | Event::Code(words) => self.text(&words, span),
            _ => {}
        }
    }

    fn text(&mut self, words: &str, span: Span) {
        match &mut self.fence {
            Some((_, text)) => text.push(self.source, words, span),
            None if self.is_in_title => self.title.push(self.source, words, span),
            None => {}
        }
    }

    fn end(&mut self) {
        let Some((span, body)) = self.fence.take() else { return };
        let key = |name: &'static str| Scalar::verbatim(name, Span::new(0, name.len()), Layer::Fenced);
        let node = |text: &Text| Node { span, value: Value::String(text.scalar(span)) };
        let members = vec![(key("title"), node(&self.title)), (key("body"), node(&body))];
        self.replies.push(Node { span, value: Value::Object(members) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &[(&str, &str)]) {
        let node = parse(source);
        let word = |it: &Node<'_>, key: &str| it.get(key).and_then(Node::as_word).unwrap_or_default().into_owned();
        let replies = node.as_array().unwrap_or_default();
        let found: Vec<_> = replies.iter().map(|it| (word(it, "title"), word(it, "body"))).collect();
        let expected: Vec<_> = expected.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn replies_stand_in_fences_under_headings() {
        check(
            "# Saved replies\n\nHow to use them.\n\n## Not `a` bug (v1)\n```\nHi *you*,\n\nit's fine.\n```\n\n## Late\n~~~html\n<p>Hi</p>\n~~~\nor\n```\nHi\n```\n",
            &[("Not a bug (v1)", "Hi *you*,\n\nit's fine.\n"), ("Late", "<p>Hi</p>\n"), ("Late", "Hi\n")],
        );
        check("Hi\n\n    code\n\n```\nno heading", &[("", "no heading")]);
        check("- ## A\n  ```\n  Hi\n  you\n  ```\n", &[("A", "Hi\nyou\n")]);
        check("Nothing here.", &[]);
    }
}
