//! The comments of a library that silence sins: `# absolve-ignore SIN: why` in YAML, `<!-- absolve-ignore SIN: why -->`
//! between the fences of Markdown. One before a reply covers it whole; one inside a reply covers what comes next in it.

use super::path::Trail;
use crate::{
    document::{MarkerProblem, Suppression},
    format::{
        Syntax, fenced,
        marker::{self, Comment, Marker},
        prose::Reading,
        tree::{Node, Value},
    },
    span::Span,
};

/// What the comments of a library ask for. JSON and CSV have none.
pub(super) fn read(source: &str, syntax: Syntax, root: &Node<'_>, items: &[Trail<'_, '_>]) -> Reading {
    let mut reading = Reading::default();
    if memchr::memmem::find(source.as_bytes(), b"bsolve").is_none() {
        return reading;
    }
    let comments = match syntax {
        Syntax::Yaml => of_yaml(source, root),
        Syntax::Markdown => fenced::comments(source),
        Syntax::Json | Syntax::Csv => Vec::new(),
    };
    for Comment { span, inside } in comments {
        let line = source[..span.start].rfind('\n').map_or(0, |it| it + 1);
        match marker::parse(inside).map(|it| it.and_then(|it| suppression(it, span, line, source, items))) {
            Some(Ok(suppression)) => reading.suppressions.push(suppression),
            Some(Err(message)) => reading.marker_problems.push(MarkerProblem { span, message }),
            None => {}
        }
    }
    reading
}

/// What a comment covers that stands on the line that starts at `line`: what starts there, or comes next.
fn suppression(
    marker: Marker,
    span: Span,
    line: usize,
    source: &str,
    items: &[Trail<'_, '_>],
) -> Result<Suppression, String> {
    let Marker { sins, reason, whole_file } = marker;
    let covers = if whole_file { Some(Span::new(0, source.len())) } else { covered(line, items) };
    let covers = covers.ok_or("no reply follows here; write `absolve-ignore-file SIN: reason` for all of them")?;
    Ok(Suppression { sins, reason, span, covers })
}

fn covered(line: usize, items: &[Trail<'_, '_>]) -> Option<Span> {
    let around = items.iter().map(Trail::item).find(|it| it.span.start < line && line < it.span.end);
    let next = || items.iter().map(|it| it.item().span).filter(|it| line <= it.start).min();
    around.and_then(|it| next_inside(it, line)).or_else(next)
}

/// The member or element that starts next after `at`, with its key.
fn next_inside(node: &Node<'_>, at: usize) -> Option<Span> {
    let parts: Vec<(usize, &Node<'_>)> = match &node.value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.span.start, value)).collect(),
        Value::Array(elements) => elements.iter().map(|it| (it.span.start, it)).collect(),
        _ => return None,
    };
    let next = |(start, value): (usize, &Node<'_>)| match at <= start {
        true => Some(Span::new(start, value.span.end.max(start))),
        false if at < value.span.end => next_inside(value, at),
        false => None,
    };
    parts.into_iter().find_map(next)
}

/// The comments of YAML: from a `#` after white space to the end of its line, where no text stands.
fn of_yaml<'a>(source: &'a str, root: &Node<'_>) -> Vec<Comment<'a>> {
    let mut texts = Vec::new();
    collect_texts(root, &mut texts);
    let mut comments = Vec::new();
    let mut start = 0;
    for line in source.split_inclusive('\n') {
        comments.extend(comment(source, Span::new(start, start + line.trim_end().len()), &texts));
        start += line.len();
    }
    comments
}

fn comment<'a>(source: &'a str, line: Span, texts: &[Span]) -> Option<Comment<'a>> {
    let words = &source[line.range()];
    let opens = |at: usize| words[..at].ends_with([' ', '\t']) || at == 0;
    let is_text = |at: usize| texts.iter().any(|it| it.start <= at && at < it.end);
    let mut signs = words.match_indices('#').map(|it| it.0);
    let at = signs.find(|it| opens(*it) && !is_text(line.start + it))?;
    Some(Comment { span: Span::new(line.start + at, line.end), inside: &words[at + 1..] })
}

fn collect_texts(node: &Node<'_>, texts: &mut Vec<Span>) {
    match &node.value {
        Value::String(it) => texts.push(it.span),
        Value::Array(elements) => elements.iter().for_each(|it| collect_texts(it, texts)),
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            texts.push(key.span);
            collect_texts(value, texts);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        document::Document,
        format::{Format, Mapping, Syntax},
    };

    /// What each comment covers, without line breaks; and what is wrong with the others.
    #[track_caller]
    fn check(format: Format, source: &str, expected: &[&str], problems: &[&str]) {
        let document = Document::parse(source, format).expect("a library");
        let one_line = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
        let covered: Vec<_> = document.suppressions.iter().map(|it| one_line(&source[it.covers.range()])).collect();
        assert_eq!(covered, expected);
        let found: Vec<_> = document.marker_problems.iter().map(|it| &source[it.span.range()]).collect();
        assert_eq!(found, problems);
    }

    #[test]
    fn a_comment_of_yaml_covers_what_comes_next() {
        let check =
            |source: &str, expected: &[&str], problems: &[&str]| check(Format::Yaml, source, expected, problems);
        check(
            "# absolve-ignore a: why\nreplies:\n- name: A\n  body: x\n# absolve-ignore b\n- name: B\n  # absolve-ignore c\n  body: y\n",
            &["name: A body: x", "name: B # absolve-ignore c body: y", "body: y"],
            &[],
        );
        check(
            "replies:\n- name: A # absolve-ignore a\n  body: |  # absolve-ignore b: why\n    x # absolve-ignore c\n\n    y\n  z: 1\n",
            &[
                "name: A # absolve-ignore a body: | # absolve-ignore b: why x # absolve-ignore c y z: 1",
                "body: | # absolve-ignore b: why x # absolve-ignore c y",
            ],
            &[],
        );
        check(
            "- title: A\n  response: a # absolve-ignore-file b\n",
            &["- title: A response: a # absolve-ignore-file b"],
            &[],
        );
        check("- title: 'a # absolve-ignore b'\n  response: a#absolve-ignore b\n", &[], &[]);
        check(
            "- title: a\n  response: b\n# absolve-ignore c\n# absolve-skip d\n",
            &[],
            &["# absolve-ignore c", "# absolve-skip d"],
        );
    }

    #[test]
    fn so_does_one_between_fences() {
        let mapping = Mapping { preset: Some("saved-replies".to_owned()), ..Mapping::default() };
        let format = Format::Library(Syntax::Markdown, mapping.settled().expect("a preset"));
        check(
            format,
            "# All\n\n## A\n\n```\na\n```\n\n<!-- absolve-ignore b: why -->\n## B\n\n```\nb <!-- absolve-ignore c -->\n```\n\n## C <!-- absolve-ignore d -->\n",
            &["``` b <!-- absolve-ignore c --> ```"],
            &["<!-- absolve-ignore d -->"],
        );
    }
}
