use super::*;
use crate::format::Format;

/// Each segment of a library: the title of its item, and what it says.
#[track_caller]
fn check_in(format: Format, source: &str, expected: &[(&str, &str)]) {
    let document = Document::parse(source, format).expect("a library");
    let title = |it: &Segment| document.items[it.item.expect("it is in an item")].title.as_str();
    let found: Vec<_> = document.segments.iter().map(|it| (title(it), it.text(source))).collect();
    assert_eq!(found, expected);
}

fn document(json: &str) -> Document {
    Document::parse(json, Format::Json).expect("a library")
}

#[track_caller]
fn check(json: &str, expected: &[(&str, &str)]) {
    check_in(Format::Json, json, expected);
}

#[track_caller]
fn check_error(format: Format, source: &str, offset: usize, words: &[&str]) {
    let error = Document::parse(source, format).expect_err("no library");
    assert!(words.iter().all(|it| error.message.contains(it)), "{error}");
    assert_eq!(error.offset, Some(offset), "{error}");
}

fn one(actions: &str) -> String {
    format!(r#"{{"macro":{{"title":"T","actions":[{actions}]}}}}"#)
}

#[test]
fn every_shape_of_an_export() {
    let a = r#"{"id":1,"title":"A","description":null,"actions":[{"field":"comment_value","value":"a"}]}"#;
    let b = r#"{"title":"B::FR","actions":[{"field":"comment_value_html","value":"<p>b</p><p>c</p>"}]}"#;
    let expected = [("A", "a"), ("B::FR", "b"), ("B::FR", "c")];
    check(&format!(r#"{{"count":2,"next_page":null,"macros":[{a},{b}]}}"#), &expected);
    check(&format!("[{a},\n{b}]"), &expected);
    check(&format!(r#"{{"macro":{a}}}"#), &expected[..1]);
    check(a, &expected[..1]);
    check(r#"{"macros":[]}"#, &[]);
}

#[test]
fn items_know_their_bytes() {
    let json = r#"[ {"title":"A \"1\"","actions":[]}, {"actions":[]} ]"#;
    let document = document(json);
    let titles: Vec<&str> = document.items.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(titles, ["A \"1\"", ""]);
    assert_eq!(&json[document.items[1].span.range()], r#"{"actions":[]}"#);
}

#[test]
fn text_stands_in_several_actions() {
    check(
        &one(r#"{"field":"comment_value","value":["channel:all","Hi there\n> theirs\nBye"]}"#),
        &[("T", "Hi there\n"), ("T", "Bye")],
    );
    check(&one(r#"{"field":"comment_value","value":["channel:all","<p>Hi</p>"]}"#), &[("T", "Hi")]);
    check(&one(r#"{"field":"subject","value":"Sorry"},{"field":"status","value":"open now"}"#), &[("T", "Sorry")]);
    let side = r#"{"field":"side_conversation","value":["About it","<p>Hi</p>","a@x.example","text/html"]}"#;
    check(&one(side), &[("T", "About it"), ("T", "Hi")]);
    check(&one(r#"{"field":"side_conversation_slack","value":["Hi all","C024BE91L"]}"#), &[("T", "Hi all")]);
    check(&one(r#"{"field":"comment_value","value":null},{"value":"a b"},{"field":"subject"},7"#), &[]);
}

#[test]
fn internal_notes_are_left_out() {
    let comment = r#"{"field":"comment_value_html","value":"<p>a</p>"},{"field":"subject","value":"s"}"#;
    for value in ["false", "\"false\""] {
        check(&one(&format!(r#"{comment},{{"field":"comment_mode_is_public","value":{value}}}"#)), &[("T", "s")]);
    }
    for value in ["true", "\"true\"", "null"] {
        let json = one(&format!(r#"{comment},{{"field":"comment_mode_is_public","value":{value}}}"#));
        check(&json, &[("T", "a"), ("T", "s")]);
    }
}

#[test]
fn words_know_their_bytes_through_both_layers() {
    let json =
        one(r#"{"field":"comment_value_html","value":"\u003cp\u003eD\u00e9sol&eacute; \ud83d\ude00 \"a\"<\/p>"}"#);
    let document = document(&json);
    let segment = &document.segments[0];
    let text = segment.text(&json);
    assert_eq!(text, "Désolé 😀 \"a\"");
    let source = |words: &str| {
        let start = text.find(words).expect("it is there");
        &json[segment.to_source(Span::new(start, start + words.len())).range()]
    };
    assert_eq!(source("Désolé"), r"D\u00e9sol&eacute;");
    assert_eq!(source("😀"), r"\ud83d\ude00");
    assert_eq!(source("\"a\""), r#"\"a\""#);
    assert_eq!(segment.escape.write("\"<\n").as_deref(), Ok(r#"\"&lt;<br>"#));
}

#[test]
fn what_is_no_library_says_what_it_is() {
    let check_json = |source: &str, offset: usize, words: &[&str]| check_error(Format::Json, source, offset, words);
    check_json(
        r#"{"tickets":[],"count":0}"#,
        0,
        &["no library of replies that Absolve knows", "found an object with `tickets`, `count`", "`[[mapping]]`"],
    );
    check_json("[1]", 0, &["found a list, and in it a number"]);
    check_json(r#"{"macros":{"a":1}}"#, 0, &["an object with `macros`"]);
    check_json(r#"{"macros":[{"title":"a"}]}"#, 0, &["in `macros`: an object with `title`"]);
    check_json(
        r#"{"macros":[{"actions":[]},{"title":"a"}]}"#,
        26,
        &["looks like `zendesk-macros`", "an object with `title` where `actions[]` should be"],
    );
    check_json("\"a\"", 0, &["found a string"]);
    check_json("{", 1, &["line 1, column 2"]);
}

#[test]
fn markers_in_a_body_are_stray() {
    let json = one(r#"{"field":"comment_value_html","value":"<!-- absolve-ignore x --><p>a</p>absolve-ignore y"}"#);
    let document = document(&json);
    let strays: Vec<&str> = document.stray_markers.iter().map(|it| &json[it.range()]).collect();
    assert_eq!(strays, ["<!-- absolve-ignore x -->", "absolve-ignore y"]);
    assert!(document.suppressions.is_empty());
}

/// The segments of a library of one preset, with the locales of its items.
#[track_caller]
fn check_preset(syntax: Syntax, source: &str, name: &str, locales: &[&str], expected: &[(&str, &str)]) {
    let (format, root) = match syntax {
        Syntax::Json => (Format::Json, json::parse(source)),
        Syntax::Yaml => (Format::Yaml, yaml::parse(source)),
        Syntax::Csv => (Format::Csv, csv::parse(source, None)),
        Syntax::Markdown => (Format::Markdown, Ok(fenced::parse(source))),
    };
    assert_eq!(shape::recognise(&root.expect("a tree"), syntax).expect("a library").name, name);
    check_in(format, source, expected);
    let document = Document::parse(source, format).expect("a library");
    let found: Vec<&str> = document.items.iter().filter_map(|it| it.locale.as_deref()).collect();
    assert_eq!(found, locales);
}

#[test]
fn every_preset_of_json() {
    let check = |source: &str, name: &str, locales: &[&str], expected: &[(&str, &str)]| {
        check_preset(Syntax::Json, source, name, locales, expected);
    };
    check(
        r#"{"data":[{"id":1,"name":"Late","intent":null,"language":"fr","actions":[
            {"name":"setResponseText","type":"user","arguments":{"body_html":"<div>Bonjour</div>","body_text":"Bonsoir"}},
            {"name":"addInternalNote","arguments":{"body_text":"pour nous"}},
            {"name":"addTags","arguments":{"tags":"late order"}}]}]}"#,
        "gorgias",
        &["fr"],
        &[("Late", "Bonjour"), ("Late", "Bonsoir")],
    );
    check(
        r#"{"items":[{"id":1,"name":"Hello","placeholder":"{{dc.hello}}","default_locale_id":16,"variants":[
            {"id":2,"content":"Bonjour","locale_id":16,"active":true},{"id":3,"content":"<p>Hello</p>","locale_id":1}]}]}"#,
        "zendesk-dynamic-content",
        &["16", "1"],
        &[("Hello", "Bonjour"), ("Hello", "Hello")],
    );
    check(
        r#"[{"id":1,"title":"Late","content":"Hi","content_html":"<div>Hi</div>","folder_id":2},
            {"id":2,"title":"Plain","content":"Hi there","content_html":null}]"#,
        "freshdesk",
        &[],
        &[("Late", "Hi"), ("Plain", "Hi there")],
    );
    check(
        r#"[{"id":1,"name":"Late","text":"Hello {%name%},<br />it left","chatText":"Hello,\nit left"},{"name":"B","text":"b"}]"#,
        "help-scout",
        &[],
        &[("Late", "Hello {%name%},\nit left"), ("Late", "Hello,\nit left"), ("B", "b")],
    );
    check(
        r#"{"type":"list","data":[
            {"type":"macro","id":"1","name":"A","body":"<p>Hi <attribute key=\"user.name\" default=\"there\"/>!</p>","body_text":"Hi!"},
            {"type":"macro","id":"2","name":"B","body":null,"body_text":null}],"pages":{}}"#,
        "intercom",
        &[],
        &[("A", "Hi <attribute key=\"user.name\" default=\"there\"/>!")],
    );
    check(
        r#"{"_results":[{"id":"rsp_1","name":"A","subject":null,"body":"<div style=\"a\">Hi</div>","is_available_for_all_inboxes":true}]}"#,
        "front",
        &[],
        &[("A", "Hi")],
    );
    check(
        r#"[{"id":1,"short_code":"late","content":"**Hi** {{contact.name}}\n\n> theirs"}]"#,
        "chatwoot",
        &[],
        &[("late", "Hi {{contact.name}}")],
    );
    check(
        r#"[{"model":"helpdesk.emailtemplate","pk":1,"fields":{"template_name":"new","subject":"Nouveau","heading":"Ticket",
            "plain_text":"Bonjour","html":"<p>Salut</p>","locale":"fr"}},
            {"model":"auth.user","pk":1,"fields":{"username":"ana"}},
            {"model":"helpdesk.presetreply","pk":1,"fields":{"name":"late","body":"Hello"}}]"#,
        "django-helpdesk",
        &["fr"],
        &[("new", "Nouveau"), ("new", "Ticket"), ("new", "Bonjour"), ("new", "Salut"), ("late", "Hello")],
    );
}

#[test]
fn what_a_percent_sign_opens_depends_on_the_helpdesk() {
    let kinds = |source: &str| {
        let document = document(source);
        document.segments.iter().flat_map(|it| it.atoms.iter().map(|it| it.kind)).collect::<Vec<_>>()
    };
    let of = |text: &str| format!(r#"[{{"name":"a","text":"{text}","chatText":null}}]"#);
    assert_eq!(kinds(&of("Hello {%name%}")), [AtomKind::Placeholder]);
    assert_eq!(kinds(&one(r#"{"field":"subject","value":"Hello {% render 'a.b' %}"}"#)), [AtomKind::Control]);
    assert_eq!(kinds(&one(r#"{"field":"subject","value":"Hello {%a.b%}"}"#)), [AtomKind::Control]);
}

#[test]
fn every_preset_of_yaml() {
    let check = |source: &str, name: &str, expected: &[(&str, &str)]| {
        check_preset(Syntax::Yaml, source, name, &[], expected);
    };
    check(
        "---\n# Ours\nreplies:\n  - name: Late\n    body: |\n      **Hello**,\n\n      it left\n  - name: B\n    body: 'It''s <NOT HERE>'\n",
        "github-replies",
        &[("Late", "Hello,"), ("Late", "it left"), ("B", "It's <NOT HERE>")],
    );
    check(
        "- isenabled: 1\n  title: Late\n  response: |\n    <p>Hello %{ticket.name.first}</p>\n  notes: |\n    for us\n",
        "osticket-premade",
        &[("Late", "Hello %{ticket.name.first}")],
    );
    check(
        "---\nnotes: |\n  for us\nsubject: |\n  Hello\nbody: |\n  <h3>Hi</h3>\n  It left.\n",
        "osticket-email",
        &[("Hello\n", "Hello\n"), ("Hello\n", "Hi"), ("Hello\n", "It left.")],
    );
}

#[test]
fn every_preset_of_csv() {
    let check = |source: &str, name: &str, expected: &[(&str, &str)]| {
        check_preset(Syntax::Csv, source, name, &[], expected);
    };
    check(
        "id;name;keywords;content;note;active\n1;Late;a~~~b;\"Hello<br>it \"\"left\"\"\";for us;true\n",
        "zammad",
        &[("Late", "Hello\nit \"left\"")],
    );
    check(
        "title,active,actions_json\nLate,true,\"[{\"\"field\"\":\"\"comment_value_html\"\",\"\"value\"\":\"\"<p>It\\u2019s</p>\"\"}]\"\nNone,true,\n",
        "zendesk-macros-csv",
        &[("Late", "It’s")],
    );
}

#[test]
fn a_text_that_is_said_again_is_read_once() {
    let yaml =
        "signature: &s Hello there\nreplies:\n- name: A\n  body: *s\n- name: B\n  body: Bye\n- name: C\n  body: *s\n";
    let document = Document::parse(yaml, Format::Yaml).expect("a library");
    let found: Vec<&str> = document.segments.iter().map(|it| it.text(yaml)).collect();
    assert_eq!(found, ["Hello there", "Bye"]);
}

#[test]
fn what_is_broken_inside_a_cell_says_where() {
    check_error(
        Format::Csv,
        "title,actions_json\nA,\"[{\"\"field\"\" 1}]\"\n",
        34,
        &["in the text of this cell, the JSON is broken at line 1, column 11: expected `:`"],
    );
}

/// A library of one reply in each syntax, its text written as each writes it.
fn written(text: &str) -> Vec<(Format, String)> {
    let json = serde_json::to_string(text).expect("a string is JSON");
    let csv = text.replace('"', "\"\"");
    let nested = json.replace('"', "\"\"");
    let single = text.replace('\'', "''").replace('\n', "\n\n    ");
    let literal = text.replace('\n', "\n    ");
    let mut all = vec![
        (Format::Json, format!(r#"[{{"short_code":"a","content":{json}}}]"#)),
        (Format::Csv, format!("short_code,content\na,\"{csv}\"\n")),
        (
            Format::Csv,
            format!("title,actions_json\na,\"[{{\"\"field\"\":\"\"subject\"\",\"\"value\"\":{nested}}}]\"\n"),
        ),
        (Format::Yaml, format!("- short_code: a\n  content: {json}\n")),
    ];
    let is_simple = !text.starts_with([' ', '\n']) && !text.ends_with([' ', '\n']) && !text.contains(" \n");
    if is_simple && !text.contains("\n ") {
        if !text.contains("\n\n") {
            all.push((Format::Yaml, format!("- short_code: a\n  content: '{single}'\n")));
        }
        all.push((Format::Yaml, format!("- short_code: a\n  content: |-\n    {literal}\n")));
    }
    all
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(128))]

    /// What an independent reader makes of the file after words are written over a word is the text with these words.
    #[test]
    fn words_written_into_a_library_are_read_by_others(
        before in "[a-zé ’\"',;:#\n]{0,12}",
        after in "[a-zé ’\"',;:#]{0,8}[a-z]",
        words in "[A-Zé\"',;:#&<>][A-Zé \"',;:#&<>]{0,7}[A-Z]",
    ) {
        let text = format!("x{before}WORD{after}");
        for (format, source) in written(&text) {
            let document = Document::parse(source.as_str(), format).expect("a library");
            let Some((segment, at)) = document.segments.iter().find_map(|it| Some((it, it.text(&source).find("WORD")?)))
            else { continue };
            // Markdown would escape some; the syntaxes are what is tried here.
            let is_markdown = source.contains("short_code");
            if is_markdown && (words.contains(['&', '<', '>', '#']) || text.contains(['#', ':', '>', '&', '-'])) { continue }
            let mut edits = vec![crate::diagnostic::Edit {
                span: segment.to_source(Span::new(at, at + 4)), replacement: segment.escape.write(&words).expect("all is UTF-8"), blanks: vec![],
            }];
            segment.escape.enclose(&source, &mut edits);
            let changed = crate::diagnostic::apply(&source, &edits);
            let expected = text.replace("WORD", &words);
            proptest::prop_assert_eq!(decoded(format, &changed), expected, "{}", changed);
        }
    }
}

/// The text of the one reply, as independent readers have it.
fn decoded(format: Format, source: &str) -> String {
    let of_json = |it: &serde_json::Value| it[0]["content"].as_str().expect("a text").to_owned();
    match format {
        Format::Csv => {
            let mut reader = ::csv::Reader::from_reader(source.as_bytes());
            let row = reader.records().next().expect("a row").expect("it is CSV");
            let cell = row.get(1).expect("a cell").to_owned();
            match cell.starts_with('[') {
                true => serde_json::from_str::<serde_json::Value>(&cell).expect("it is JSON")[0]["value"]
                    .as_str()
                    .expect("a text")
                    .to_owned(),
                false => cell,
            }
        }
        Format::Yaml => {
            let mut texts =
                saphyr_parser::Parser::new_from_str(source).filter_map(|it| match it.expect("it is YAML").0 {
                    saphyr_parser::Event::Scalar(text, ..) => Some(text.into_owned()),
                    _ => None,
                });
            texts.nth(3).expect("a text")
        }
        _ => of_json(&serde_json::from_str(source).expect("it is JSON")),
    }
}
