use proptest::{prelude::*, sample::select};

use super::*;

#[track_caller]
fn check_error(source: &str, at: usize, words: &str) {
    let error = parse(source).expect_err("it is no such YAML");
    assert!(error.message.contains(words), "{error}");
    assert_eq!(error.offset, Some(at), "{error}");
}

/// Every text of a tree, keys too.
fn texts<'n>(node: &'n Node<'_>, found: &mut Vec<&'n Scalar<'n>>) {
    match &node.value {
        Value::String(it) => found.push(it),
        Value::Array(all) => all.iter().for_each(|it| texts(it, found)),
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            found.push(key);
            texts(value, found);
        }),
        _ => {}
    }
}

/// The text of `a` in `source`, and the bytes that `words` of it come from.
#[track_caller]
fn check(source: &str, text: &str, words: &str, bytes: &str) {
    let node = parse(source).unwrap_or_else(|error| panic!("{error}: {source}"));
    let scalar = node.get("a").and_then(Node::as_string).expect("a text");
    assert_eq!(scalar.text(), text, "{source}");
    let start = text.find(words).expect("it is there");
    let (map, _) = scalar.place(None);
    assert_eq!(&source[map.to_source(Span::new(start, start + words.len())).range()], bytes, "{source}");
}

#[test]
fn every_style_knows_its_bytes() {
    check("a: So sorry\nb: c", "So sorry", "sorry", "sorry");
    check("é: ö\na: So\n  sorry # really\n", "So sorry", "So sorry", "So\n  sorry");
    check("a: So\r\n\r\n  sorry\r\n", "So\nsorry", "\n", "\r\n\r\n  ");
    check("a: 'It''s so\n\n  sorry'", "It's so\nsorry", "It's", "It''s");
    check("a: \"D\\u00e9sol\\xe9 \\\"x\\\" \\\n  y\"", "Désolé \"x\" y", "Désolé \"x\"", "D\\u00e9sol\\xe9 \\\"x\\\"");
    check("a: |\n  So\n\n    sorry\n\nb: c", "So\n\n  sorry\n", "So\n\n  sorry", "So\n\n    sorry");
    check("a: |+\n  So sorry\n\n\nb: c", "So sorry\n\n\n", "sorry\n", "sorry\n");
    check("a: |-\n  So sorry\n\n", "So sorry", "sorry", "sorry");
    check("a: |2-\n    So\n  sorry\n", "  So\nsorry", "So\nsorry", "So\n  sorry");
    check(
        "a: >\n  So\n  sorry\n\n  now\n   then\n  and\n",
        "So sorry\nnow\n then\nand\n",
        "So sorry\nnow",
        "So\n  sorry\n\n  now",
    );
    check("a: >-\n\n  So\n\n\n  sorry", "\nSo\n\nsorry", "So\n\nsorry", "So\n\n\n  sorry");
    check("{a: \"x\", b: c}", "x", "x", "x");
    check("a: &x !!str So\nb: *x", "So", "So", "So");
    check("a: &x |\n  So\n  sorry\nb: *x", "So\nsorry\n", "So\nsorry", "So\n  sorry");
    check("\u{feff}a: é", "é", "é", "é");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    check_error("a: [b", 5, "line 1, column 6");
    check_error("é: b\né: c", 6, "the key \"é\" is twice");
    check_error("? [a]\n: b", 2, "a key that is a list");
    check_error(&format!("{}a", "- ".repeat(200)), 256, "deeper than 128 levels");
    let bomb = format!("a: &a {}\nb: [{}]", "x".repeat(2000), "*a, ".repeat(1000));
    assert!(parse(&bomb).expect_err("it is a bomb").message.contains("more than a megabyte"));
}

#[test]
fn a_comment_between_the_lines_of_a_text_is_none_of_it() {
    let node = parse("a: b\n\t#\n  c").expect("the parser takes it");
    assert_eq!(node.get("a").and_then(Node::as_word), Some("b\nc".into()));
}

#[test]
fn several_documents_are_a_list() {
    let node = parse("---\na: b\n---\nc: d\n").expect("it is YAML");
    assert_eq!(node.as_array().map(<[_]>::len), Some(2));
}

const PIECES: &[&str] = &[
    "a", "é", "😀", " ", "  ", "\n", "\n  ", "\n    ", "\n\n", "\r\n  ", "\t", "'", "''", "\"", "\\", "\\n", "\\\"",
    "\\\n", "\\u00e9", "\\x41", "\\ ", ": ", "#", " #", "- ", "|", ">", "|-\n", "|+\n", ">\n", "|2\n", ">1-\n", "a: ",
    "b: ", "[", "]", "{", "}", ",", "&x ", "*x", "!!str ", "---\n", "...\n", "? ", "~", "\u{a0}", "\u{2028}", "<p>",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    /// Whatever the parser reads, the bytes of each text are found; and decoded anew, they say the same.
    #[test]
    fn bytes_are_found_of_every_text(
        head in select(vec!["", "a: ", "a: '", "a: \"", "a: |\n  ", "a: >\n  ", "- ", "a: |-\n  ", "a: >+\n  ", "  "]),
        pieces in prop::collection::vec(select(PIECES), 0..14),
        tail in select(vec!["", "'", "\"", "\n", "'\n", "\"\nb: c\n"]),
    ) {
        let source = format!("{head}{}{tail}", pieces.concat());
        let node = match parse(&source) {
            Ok(node) => node,
            Err(error) => {
                prop_assert!(!error.message.contains("cannot tell which bytes"), "{:?}: {}", source, error);
                return Ok(());
            }
        };
        let mut found = Vec::new();
        texts(&node, &mut found);
        for scalar in found {
            let (map, _) = scalar.place(None);
            prop_assert_eq!(map.len(), scalar.text().len());
            for (derived, from) in map.verbatim_runs() {
                prop_assert_eq!(&scalar.text()[derived.range()], &source[from.range()]);
            }
        }
    }
}
