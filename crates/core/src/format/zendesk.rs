//! Zendesk's macros as its API gives them: each macro is an item, its replies and subjects are prose. Internal notes
//! are not.

use crate::{
    document::{Document, Item, ReadError},
    escape::{Escape, Layer},
    format::{
        html,
        json::{Json, JsonString, Value},
        looks_like_html,
        prose::{Place, Reading},
        text,
    },
    segment::Segment,
    span::Span,
};

/// Fills in the items and segments of an export of macros: `{"macros": […]}`, `{"macro": {…}}`, a bare list, or one.
pub(crate) fn read(document: &mut Document) -> Result<(), ReadError> {
    let source = std::mem::take(&mut document.text);
    let parts = Json::parse(&source).and_then(|json| {
        let macros = macros(&json)?;
        Ok(macros.iter().map(|it| (item(it), bodies(it))).collect::<Vec<_>>())
    });
    document.text = source;
    for (item, reading) in parts? {
        document.push_item(item, reading);
    }
    Ok(())
}

/// The macros of an export.
fn macros<'j, 'a>(json: &'j Json<'a>) -> Result<&'j [Json<'a>], ReadError> {
    let all = match (json.get("macros"), json.get("macro")) {
        (Some(list), _) => list.as_array(),
        (None, Some(one)) => Some(std::slice::from_ref(one)),
        (None, None) if is_macro(json) => Some(std::slice::from_ref(json)),
        (None, None) => json.as_array(),
    };
    let all = all.ok_or_else(|| no_export(json, json))?;
    match all.iter().find(|it| !is_macro(it)) {
        Some(other) => Err(no_export(json, other)),
        None => Ok(all),
    }
}

fn is_macro(json: &Json<'_>) -> bool {
    json.get("actions").is_some_and(|it| it.as_array().is_some())
}

fn no_export(json: &Json<'_>, place: &Json<'_>) -> ReadError {
    let found = match json.members() {
        [] => json.kind().to_owned(),
        members => format!("an object with {}", keys(members)),
    };
    let found = if std::ptr::eq(json, place) { found } else { format!("{found}, and in it {}", described(place)) };
    let wanted = "Zendesk's `macros` or `macro`, or a list of objects with `actions`";
    ReadError {
        offset: Some(place.span.start),
        message: format!("this JSON is no export of macros: looked for {wanted}; found {found}"),
    }
}

fn described(json: &Json<'_>) -> String {
    match json.members() {
        [] => json.kind().to_owned(),
        members => format!("an object with {} but no list of `actions`", keys(members)),
    }
}

fn keys(members: &[(JsonString<'_>, Json<'_>)]) -> String {
    let names: Vec<String> = members.iter().take(6).map(|(key, _)| format!("`{}`", key.text)).collect();
    let rest = if members.len() > names.len() { ", …" } else { "" };
    names.join(", ") + rest
}

fn item(json: &Json<'_>) -> Item {
    let title = ["title", "raw_title"].iter().find_map(|it| json.get(it)?.as_string());
    Item { title: title.map_or_else(String::new, |it| it.text.to_string()), span: json.span, locale: None }
}

/// The prose of a macro, in the source's order.
fn bodies(json: &Json<'_>) -> Reading {
    let actions = json.get("actions").and_then(Json::as_array).unwrap_or_default();
    let is_note = actions.iter().any(makes_a_note);
    let mut reading = Reading::default();
    for action in actions {
        let field = action.get("field").and_then(Json::as_string).map_or("", |it| &it.text);
        let Some(value) = action.get("value") else { continue };
        match field {
            "comment_value" | "comment_value_html" if is_note => {}
            "comment_value_html" => strings(value).for_each(|it| html_body(it, &mut reading)),
            // In a list, a channel comes before the text.
            "comment_value" => strings(value).last().into_iter().for_each(|it| body(it, &mut reading)),
            "subject" => strings(value).for_each(|it| plain_body(it, &mut reading)),
            _ if field.starts_with("side_conversation") => {
                strings(value).filter(|it| is_prose(&it.text)).for_each(|it| body(it, &mut reading));
            }
            _ => {}
        }
    }
    reading
}

/// Whether an action makes the macro's comment one that customers do not see.
fn makes_a_note(action: &Json<'_>) -> bool {
    let is_mode = action.get("field").and_then(Json::as_string).is_some_and(|it| it.text == "comment_mode_is_public");
    is_mode
        && match action.get("value").map(|it| &it.value) {
            Some(Value::Bool(is_public)) => !is_public,
            Some(Value::String(it)) => it.text == "false",
            _ => false,
        }
}

/// The string of a value, or the strings of its list.
fn strings<'j, 'a>(value: &'j Json<'a>) -> impl Iterator<Item = &'j JsonString<'a>> {
    value.as_array().unwrap_or(std::slice::from_ref(value)).iter().filter_map(Json::as_string)
}

/// Among the values of a side conversation, addresses, ids and media types have no white space.
fn is_prose(text: &str) -> bool {
    text.trim().contains(char::is_whitespace) || looks_like_html(text.as_bytes())
}

fn body(string: &JsonString<'_>, reading: &mut Reading) {
    if looks_like_html(string.text.as_bytes()) { html_body(string, reading) } else { plain_body(string, reading) }
}

fn html_body(string: &JsonString<'_>, reading: &mut Reading) {
    let place = Place { map: &string.map(), escape: &Escape::of(Layer::Json) };
    let body = html::read_part(&string.text, Some(place));
    reading.segments.extend(body.segments);
    reading.stray_markers.extend(body.stray_markers);
}

fn plain_body(string: &JsonString<'_>, reading: &mut Reading) {
    let map = string.map();
    let segment = |span: Span| {
        let words = string.text[span.range()].to_owned();
        Segment::decoded(words, map.slice(span), Escape::of(Layer::Json))
    };
    reading.segments.extend(text::prose(&string.text).into_iter().map(segment));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;

    fn document(json: &str) -> Document {
        Document::parse(json, Format::ZendeskMacros).expect("an export of macros")
    }

    #[track_caller]
    fn check(json: &str, expected: &[(&str, &str)]) {
        let document = document(json);
        let title = |it: &Segment| document.items[it.item.expect("it is in a macro")].title.as_str();
        let found: Vec<_> = document.segments.iter().map(|it| (title(it), it.text(json))).collect();
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn check_error(json: &str, offset: usize, words: &[&str]) {
        let error = Document::parse(json, Format::ZendeskMacros).expect_err("no export of macros");
        assert_eq!(error.offset, Some(offset), "{error}");
        assert!(words.iter().all(|it| error.message.contains(it)), "{error}");
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
            &one(r#"{"field":"comment_value","value":["channel:all","Hi\n> theirs\nBye"]}"#),
            &[("T", "Hi\n"), ("T", "Bye")],
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
    fn what_is_no_export_says_what_it_is() {
        check_error(
            r#"{"tickets":[],"count":0}"#,
            0,
            &["looked for Zendesk's `macros`", "found an object with `tickets`, `count`"],
        );
        check_error("[1]", 1, &["found a list, and in it a number"]);
        check_error(r#"{"macros":{"a":1}}"#, 0, &["an object with `macros`"]);
        check_error(r#"{"macros":[{"title":"a"}]}"#, 11, &["an object with `title` but no list of `actions`"]);
        check_error("\"a\"", 0, &["found a string"]);
        check_error("{", 1, &["line 1, column 2"]);
    }

    #[test]
    fn markers_in_a_body_are_stray() {
        let json = one(r#"{"field":"comment_value_html","value":"<!-- absolve-ignore x --><p>a</p>absolve-ignore y"}"#);
        let document = document(&json);
        let strays: Vec<&str> = document.stray_markers.iter().map(|it| &json[it.range()]).collect();
        assert_eq!(strays, ["<!-- absolve-ignore x -->", "absolve-ignore y"]);
        assert!(document.suppressions.is_empty());
    }
}
