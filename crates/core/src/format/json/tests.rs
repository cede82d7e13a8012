use proptest::prelude::*;

use super::*;

/// As serde_json reads it, to compare with.
fn plain(json: &Node<'_>) -> serde_json::Value {
    match &json.value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(it) => (*it).into(),
        Value::Number(it) => serde_json::from_str(it).expect("a number is JSON"),
        Value::String(it) => it.text().as_ref().into(),
        Value::Array(it) => it.iter().map(plain).collect(),
        Value::Object(it) => it.iter().map(|(key, value)| (key.text().to_string(), plain(value))).collect(),
    }
}

#[track_caller]
fn check(source: &str) {
    let json = parse(source).expect("it is JSON");
    assert_eq!(plain(&json), serde_json::from_str::<serde_json::Value>(source).expect("it is JSON"));
}

#[track_caller]
fn check_error(source: &str, at: usize, words: &str) {
    let error = parse(source).expect_err("it is no JSON");
    assert_eq!(error.offset, Some(at), "{error}");
    assert!(error.message.contains(words), "{error}");
}

#[test]
fn values_of_every_kind() {
    check(r#" {"a": [1, -0.5e+3, true, false, null, "b\n\u00e9\ud83d\ude00\/"], "": {}, "c": []} "#);
    check("12");
    check("\"é😀\"");
}

#[test]
fn what_stands_before_a_mistake_can_be_read() {
    let check =
        |source: &str, expected: serde_json::Value| assert_eq!(plain(&parse_start(source)), expected, "{source}");
    check("", serde_json::json!(null));
    check("[1, [2, 3", serde_json::json!([1, [2, 3]]));
    check(r#"{"a": [{"b": "c"}, {"d": "e"#, serde_json::json!({"a": [{"b": "c"}, {"d": null}]}));
    check(r#"{"a": 1, "b": // no"#, serde_json::json!({"a": 1, "b": null}));
    check("[1] x", serde_json::json!([1]));
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    check_error("", 0, "line 1, column 1: expected a value, found the end of the file");
    check_error("{\n  \"a\" 1}", 8, "line 2, column 7: expected `:` after the key, found `1`");
    check_error("{a: 1}", 1, "a key in double quotes");
    check_error("{\"a\": 1,}", 8, "a key in double quotes, found `}`");
    check_error("[1 2]", 3, "`,` or `]`");
    check_error("[1,]", 3, "expected a value, found `]`");
    check_error("{\"a\": 1 \"b\": 2}", 8, "`,` or `}`");
    check_error("[\"a", 1, "no closing quote");
    check_error("[\"a\\", 3, "no such escape");
    check_error("[\"a\nb\"]", 3, "must be escaped");
    check_error(r#"["\x"]"#, 2, "no such escape");
    check_error(r#"["\u00g0"]"#, 2, "four hexadecimal digits");
    check_error("[01]", 1, "no number");
    check_error("[1.]", 1, "no number");
    check_error("[-]", 1, "no number");
    check_error("nulls", 0, "expected a value");
    check_error("{} x", 3, "expected the end of the file, found `x`");
    check_error(r#"{"a": 1, "b": 2, "\u0061": 3}"#, 18, "the key \"a\" is twice");
}

#[test]
fn members_that_nobody_names_are_read_and_forgotten() {
    let names = FxHashSet::from_iter(["a", "b"]);
    let source = r#"{"x": {"a": [1, {"b": 2}]}, "a": [{"y": "\n", "\u0062": "c"}, [3]], "z": null}"#;
    let named = parse_named(source, &names).expect("it is JSON");
    assert_eq!(plain(&named), serde_json::json!({"a": [{"b": "c"}, [3]]}));
    assert_eq!(named.span, Span::new(0, source.len()));
    let error = |source: &str| parse_named(source, &names).expect_err("it is no JSON").offset;
    assert_eq!(error(r#"{"x": {"y": 1, "y": 2}}"#), Some(16));
    assert_eq!(error(r#"{"x": [1, tru]}"#), Some(10));
    let many: Vec<String> = (0..40).map(|it| format!("\"k{it}\": 0")).collect();
    assert_eq!(error(&format!("{{{}, \"k7\": 0}}", many.join(", "))), Some(many.join(", ").len() + 4));
}

#[test]
fn depth_has_a_limit() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&nested(128)).is_ok());
    check_error(&nested(129), 128, "deeper than 128 levels");
    check_error(&"{\"a\":".repeat(100_000), 5 * 128, "deeper than 128 levels");
}

#[test]
fn values_and_strings_know_their_bytes() {
    let source = "\u{feff}{\"a\": [\"x\\u00e9\\ud83d\\ude00y\\ud83dz\"]}";
    let json = parse(source).expect("it is JSON");
    let list = json.get("a").expect("a member");
    assert_eq!(&source[list.span.range()], "[\"x\\u00e9\\ud83d\\ude00y\\ud83dz\"]");
    let string = list.as_array().expect("a list")[0].as_string().expect("a string");
    assert_eq!(string.text(), "xé😀y\u{fffd}z");
    let at = |start: usize, end: usize| &source[string.place(None).0.to_source(Span::new(start, end)).range()];
    assert_eq!(
        (at(1, 3), at(3, 7), at(7, 8), at(8, 11), at(11, 12)),
        ("\\u00e9", "\\ud83d\\ude00", "y", "\\ud83d", "z")
    );
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let string = "[a-z\"\\\\\n\u{7f}é😀]{0,6}";
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i32>().prop_map(Into::into),
        string.prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::btree_map(string, inner, 0..5).prop_map(|it| it.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn it_reads_what_serde_writes(value in json(), pretty: bool) {
        let write = if pretty { serde_json::to_string_pretty } else { serde_json::to_string };
        let source = write(&value).expect("it is JSON");
        let json = parse(&source).expect("it is JSON");
        prop_assert_eq!(plain(&json), value);
        prop_assert_eq!(json.span, Span::new(0, source.len()));
    }

    #[test]
    fn it_accepts_what_serde_accepts(source in "[\\[\\]{}:,\"\\\\a0-9eu.tnrl \u{1}-]{0,12}") {
        let ours = parse(&source);
        let theirs = serde_json::from_str::<serde_json::Value>(&source);
        let is_huge = theirs.as_ref().is_err_and(|it| it.to_string().contains("out of range"));
        let has_twins = ours.as_ref().is_err_and(|it| it.message.contains("is twice"));
        prop_assert!(is_huge || has_twins || ours.is_ok() == theirs.is_ok(), "{:?}", theirs);
    }
}
