//! Fixes with blanks, completed by whoever knows the answers.

use crate::{
    diagnostic::{Diagnostic, Edit, Fix},
    document::Document,
    escape::Unwritable,
    quoted_printable,
    segment::Segment,
    span::Span,
};

/// What the blanks of a fix ask for, without their braces, each once, in order.
pub fn blanks(fix: &Fix) -> Vec<&str> {
    let mut names = Vec::new();
    for edit in &fix.edits {
        for blank in &edit.blanks {
            let name = name(edit, *blank);
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// The edits of a fix of `document`, each blank replaced by what `answer` says to its name, written as its place
/// needs it. A sentence that starts with an answer has its capital, and no mark stands twice.
pub fn fill(document: &Document, fix: &Fix, answer: &dyn Fn(&str) -> String) -> Result<Vec<Edit>, Unwritable> {
    fix.edits.iter().map(|it| fill_edit(document, it, answer)).collect()
}

/// Why the better words of a diagnostic can only be read, not written, if that is so.
pub fn unwritable(document: &Document, diagnostic: &Diagnostic) -> Option<Unwritable> {
    let fix = diagnostic.fixes.iter().find(|it| it.edits.is_empty())?;
    edit(document, diagnostic.span, &fix.title).err()
}

/// The edit that puts `words` at `span`, written as its place needs it.
pub fn edit(document: &Document, span: Span, words: &str) -> Result<Edit, Unwritable> {
    let replacement = written(document, span, words)?;
    Ok(folded(document, Edit { span, replacement, blanks: Vec::new() }))
}

fn fill_edit(document: &Document, edit: &Edit, answer: &dyn Fn(&str) -> String) -> Result<Edit, Unwritable> {
    let mut replacement = String::new();
    let mut at = 0;
    for &blank in &edit.blanks {
        replacement.push_str(&edit.replacement[at..blank.start]);
        let answer = answer(name(edit, blank));
        let before = if replacement.is_empty() { &document.text[..edit.span.start] } else { &replacement };
        let answer = fitted(answer.trim(), before, &edit.replacement[blank.end..]);
        replacement.push_str(&written(document, edit.span, &answer)?);
        at = blank.end;
    }
    replacement.push_str(&edit.replacement[at..]);
    Ok(folded(document, Edit { span: edit.span, replacement, blanks: Vec::new() }))
}

fn name(edit: &Edit, blank: Span) -> &str {
    edit.replacement[blank.range()].trim_matches(['{', '}'])
}

/// `answer` between what comes before it and what comes after.
fn fitted(answer: &str, before: &str, after: &str) -> String {
    let is_marked = after.starts_with(['.', '!', '?', '…']);
    let answer = if is_marked && !answer.ends_with("...") { answer.trim_end_matches('.') } else { answer };
    let before = before.trim_end();
    let starts_sentence = before.is_empty() || before.ends_with(['.', '!', '?', '…', '>', '"']);
    let mut chars = answer.chars();
    match chars.next() {
        Some(first) if starts_sentence => first.to_uppercase().chain(chars).collect(),
        _ => answer.to_owned(),
    }
}

/// Words as they must be written where `span` is.
fn written(document: &Document, span: Span, words: &str) -> Result<String, Unwritable> {
    segment(document, span).map_or_else(|| Ok(words.to_owned()), |it| it.escape.write(words))
}

fn folded(document: &Document, edit: Edit) -> Edit {
    match segment(document, edit.span) {
        Some(it) if it.escape.is_quoted_printable() => quoted_printable::folded(&document.text, edit),
        _ => edit,
    }
}

fn segment(document: &Document, span: Span) -> Option<&Segment> {
    let at = document.segments.partition_point(|it| it.span.end < span.start);
    document.segments.get(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diagnostic::Applicability, format::Format};

    /// A fix that replaces all of `source`'s first segment by `with`, filled with `answers` in order of its blanks.
    #[track_caller]
    fn check(source: &str, format: Format, with: &str, answers: &[(&str, &str)], expected: &str) {
        let document = Document::parse(source, format).expect("readable");
        let ends: Vec<usize> = with.match_indices('}').map(|it| it.0 + 1).collect();
        let spans = with.match_indices('{').zip(ends).map(|(start, end)| Span::new(start.0, end)).collect();
        let edit = Edit { span: document.segments[0].span, replacement: with.to_owned(), blanks: spans };
        let fix = Fix { title: with.to_owned(), applicability: Applicability::HasPlaceholders, edits: vec![edit] };
        let names: Vec<&str> = answers.iter().map(|it| it.0).collect();
        assert_eq!(blanks(&fix), names);
        let answer = |name: &str| answers.iter().find(|it| it.0 == name).expect("a name").1.to_owned();
        let edits = fill(&document, &fix, &answer).expect("it can be written");
        assert_eq!(edits[0].replacement, expected);
    }

    #[test]
    fn answers_fit_their_sentence() {
        check(
            "Sorry.",
            Format::Text,
            "I'm sorry: {what}. {did}.",
            &[("what", "it got lost."), ("did", " i sent another ")],
            "I'm sorry: it got lost. I sent another.",
        );
        check("Hi.", Format::Text, "{name}, {name}!", &[("name", "ana")], "Ana, ana!");
    }

    #[test]
    fn answers_are_written_as_their_place_needs_it() {
        check(
            "<p>Sorry.</p>",
            Format::Html,
            "Sorry: {what}.",
            &[("what", "R&D <late>")],
            "Sorry: R&amp;D &lt;late&gt;.",
        );
    }
}
