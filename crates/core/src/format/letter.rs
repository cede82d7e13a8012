//! A letter: a text, Markdown or HTML, with front matter or without. With it, subject and body are items of their own.

use std::mem;

use super::{
    Format,
    front_matter::{self, FrontMatter},
    html, markdown,
    prose::Reading,
    text,
};
use crate::{
    document::{Document, Item, ReadError},
    span::Span,
};

/// Fills in the items and segments of a letter.
pub(crate) fn read(document: &mut Document) -> Result<(), ReadError> {
    let source = mem::take(&mut document.text);
    let letter = front_matter::read(&source).map(|it| (body(&source, document.format, &it), it));
    document.text = source;
    let (reading, front) = letter?;
    if front.title.is_none() && front.locale.is_none() && front.subject.is_none() {
        document.take(reading);
        return Ok(());
    }
    let item = |span: Span| Item { title: front.title.clone().unwrap_or_default(), span, locale: front.locale.clone() };
    let body = item(Span::new(front.body, document.text.len()));
    if let Some(segment) = front.subject.filter(|it| !it.text(&document.text).trim().is_empty()) {
        let item = Item { span: segment.span, ..body.clone() };
        document.push_item(item, Reading { segments: vec![segment], ..Reading::default() });
    }
    document.push_item(body, reading);
    Ok(())
}

fn body(source: &str, format: Format, front: &FrontMatter) -> Reading {
    match format {
        Format::Html => html::read_from(source, front.body),
        _ if front.is_html => html::read_from(source, front.body),
        Format::Markdown => markdown::read_from(source, front.body),
        _ => text::read_from(source, front.body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::Segment;

    /// The prose of a letter, each with its title and its locale.
    #[track_caller]
    fn check(letter: &str, format: Format, expected: &[(&str, &str, &str)]) {
        let document = Document::parse(letter, format).expect("a letter");
        let found = |it: &Segment| {
            let item = it.item.map(|it| document.items[it].clone()).unwrap_or_default();
            (item.title, item.locale.unwrap_or_default(), it.text(letter).trim().to_owned())
        };
        let found: Vec<_> = document.segments.iter().map(found).collect();
        let expected: Vec<_> = expected.iter().map(|it| (it.0.to_owned(), it.1.to_owned(), it.2.to_owned())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn front_matter_names_a_letter() {
        let letter =
            "---\n# of 2026\ntitle: 'It''s late'\nsubject: \"Your \\\"parcel\\\"\"\nlanguage: fr\n---\nHi *you*";
        let title = "It's late";
        check(letter, Format::Markdown, &[(title, "fr", "Your \"parcel\""), (title, "fr", "Hi you")]);
        check(letter, Format::Text, &[(title, "fr", "Your \"parcel\""), (title, "fr", "Hi *you*")]);
        check("---\nlang: en-GB\nsubject: ''\n---\n<p>Hi", Format::Html, &[("", "en-GB", "Hi")]);
        check("---\nlayout: post\n---\nHi", Format::Markdown, &[("", "", "Hi")]);
        check("Hi\n---\ntitle: a\n---\n", Format::Text, &[("", "", "Hi\n---\ntitle: a\n---")]);
    }

    #[test]
    fn front_matter_tells_that_a_body_is_html() {
        let letter = |is_html: &str| format!("---\nis_html: {is_html}\n---\n<p>1.<br>Hi</p>");
        check(&letter("true"), Format::Markdown, &[("", "", "1.\nHi")]);
        check(&letter("True # yes"), Format::Text, &[("", "", "1.\nHi")]);
        check(&letter("false"), Format::Text, &[("", "", "<p>1.<br>Hi</p>")]);
    }

    #[test]
    fn a_subject_that_goes_on_is_left_alone() {
        check("---\nsubject: >-\n  Your\n  parcel\ntitle: a\n---\nHi", Format::Markdown, &[("a", "", "Hi")]);
        check("---\nsubject: Your\n  parcel\ntitle: a\n---\nHi", Format::Markdown, &[("a", "", "Hi")]);
    }

    #[test]
    fn a_broken_subject_says_where() {
        let error = Document::parse("---\ntitle: a: b\nsubject: a: b\n---\n", Format::Markdown).expect_err("broken");
        assert_eq!(error.offset, Some(26), "{error}");
        assert!(Document::parse("---\ntitle: a: b\n---\n", Format::Markdown).is_ok(), "other programs' front matter");
    }
}
