//! Templates with branches, one of which the customer sees: `{% if … %}…{% else %}…{% endif %}`, a body with a
//! `{% when 'fr' %}` for each language. Where one branch ends and the next begins, no sentence goes on.

use std::mem;

use crate::{atom::AtomKind, document::Document, segment::Segment, span::Span};

/// Cuts segments where a branch begins that is seen instead of what stands before it.
pub(super) fn split(document: &mut Document) {
    let Document { text, segments, .. } = document;
    if !segments.iter().any(|it| !cuts(it, text).is_empty()) {
        return;
    }
    let parts = mem::take(segments).into_iter().flat_map(|it| match &cuts(&it, text)[..] {
        [] => vec![it],
        cuts => it.split(text, cuts),
    });
    *segments = parts.collect();
}

/// The tags in a segment that say “or else”.
fn cuts(segment: &Segment, document_text: &str) -> Vec<Span> {
    let controls = segment.atoms.iter().filter(|it| it.kind == AtomKind::Control);
    let text = segment.text(document_text);
    controls.map(|it| it.span).filter(|it| is_alternative(&text[it.range()])).collect()
}

/// Whether a tag begins a branch that is seen instead of another. What comes before the first branch, and after the
/// last, goes with it.
fn is_alternative(tag: &str) -> bool {
    let inside = tag.trim_matches(|it: char| "{}%<>-~#".contains(it) || it.is_whitespace());
    let word = inside.split(|it: char| !it.is_alphanumeric() && it != '_').next().unwrap_or_default();
    let is_inverted_section = tag.starts_with("{{^");
    is_inverted_section || matches!(word, "else" | "elsif" | "elseif" | "elif" | "when" | "empty" | "plural")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;

    #[track_caller]
    fn check(format: Format, text: &str, expected: &[&str]) {
        let document = Document::parse(text, format).expect("readable");
        let found: Vec<&str> = document.segments.iter().map(|it| it.text(&document.text).trim()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_branch_is_prose_of_its_own() {
        check(
            Format::Text,
            "Hi {% if name %}{{name}}{% else %}there{% endif %}, it left.",
            &["Hi {% if name %}{{name}}", "there{% endif %}, it left."],
        );
        check(
            Format::Text,
            "{% case ticket.requester.language %}{% when 'fr' %}Bonjour{% when 'en' %}Hello{%- else -%}Hola{% endcase %}",
            &["{% case ticket.requester.language %}", "Bonjour", "Hello", "Hola{% endcase %}"],
        );
        check(Format::Html, "<p>A {% elif b %} b</p><p>c</p>", &["A", "b", "c"]);
        check(Format::Text, "A <% else %> b {{else}} c {{^d}} d", &["A", "b", "c", "d"]);
        check(
            Format::Text,
            "A {% if b %} b {% endif %} c {{ else_b }} d <%= when %>",
            &["A {% if b %} b {% endif %} c {{ else_b }} d <%= when %>"],
        );
    }

    #[test]
    fn what_is_cut_keeps_its_bytes_and_its_atoms() {
        let html = "<p>D&eacute;sol&eacute; {{a}}{% else %}navr&eacute; {{b}}</p>";
        let document = Document::parse(html, Format::Html).expect("readable");
        let [first, second] = &document.segments[..] else { panic!("two segments") };
        let found = |it: &Segment| {
            let text = it.text(html);
            let atoms: Vec<String> = it.atoms.iter().map(|it| text[it.span.range()].to_owned()).collect();
            (html[it.to_source(Span::new(0, 4)).range()].to_owned(), atoms)
        };
        assert_eq!(found(first), ("D&eacute;s".to_owned(), vec!["{{a}}".to_owned()]));
        assert_eq!(found(second), ("navr".to_owned(), vec!["{{b}}".to_owned()]));
    }
}
