use super::*;
use crate::{atom::Atom, document::Document, format::Format, offset_map::OffsetMap, segment::Segment};

#[track_caller]
fn check(html: &str, expected: &[&str]) {
    let reading = read_part(html, None);
    let segments: Vec<&str> = reading.segments.iter().map(|it| it.text(html)).collect();
    assert_eq!(segments, expected, "in {html}");
}

fn document(html: &str) -> Document {
    Document::parse(html, Format::Html).expect("every text is HTML")
}

#[test]
fn blocks_end_segments_and_inline_elements_do_not() {
    check("<p>I'm <b>so</b> so<i>rr</i>y.</p><p>Bye</p>", &["I'm so sorry.", "Bye"]);
    check("<ul><li>a<li>b</ul>c<div>d<div>e</div>f</div>", &["a", "b", "c", "d", "e", "f"]);
    check("<table><tr><td>a</td><td>b</td></tr></table>", &["a", "b"]);
    check("<html><body>a<hr>b<center>c</center><o:p>&nbsp;</o:p>", &["a", "b", "c"]);
}

#[test]
fn white_space_collapses() {
    check("<p>\n  a\n\tb <b> c</b> <i> </i>d  \n</p>\n<p> </p>", &["a b c d"]);
    check("a\r\nb", &["a b"]);
    check("a&nbsp; b&#10;c", &["a\u{a0} b\nc"]);
}

#[test]
fn one_line_break_is_a_line_and_two_are_a_paragraph() {
    check("a<br>b<br/>\nc", &["a\nb\nc"]);
    check("a<br><br>b<br />\n &nbsp;<br>c<br>", &["a", "b", "c"]);
    check("<br>a</br>b", &["a\nb"]);
}

#[test]
fn what_is_not_the_agents_prose_is_left_out() {
    check("a<blockquote>b<blockquote>c</blockquote>d</blockquote>e", &["a", "e"]);
    check("<div class='x gmail_quote'>a<div>b</div>c</div>d", &["d"]);
    check("<div class=gmail_extra>a<div>b", &[]);
    check("a<pre>b</pre>c<script>d<p>e</script>f<style>g</style>", &["a", "cf"]);
    check("<head><title>a</title><body>b", &["b"]);
    check("<!-- a --><!doctype html>b<!--c-->d", &["bd"]);
    check("a<div id='divRplyFwdMsg'>b</div><p>c</p>", &["a"]);
    check("<p class=moz-cite-prefix>a<p>b</p>", &["b"]);
}

#[test]
fn the_line_that_announces_a_quotation_goes_with_it() {
    check("<p>a</p><p>On 5 Jan 2026, Ana wrote:</p><blockquote>b</blockquote>", &["a"]);
    check("<p>Le client a écrit :</p><blockquote>b</blockquote>", &["Le client a écrit :"]);
    check("<p>a</p><p>-----Original Message-----</p><p>b</p>", &["a"]);
    check("a<div><b>De :</b> Ana<br><b>Envoyé :</b> lundi<br><b>Objet :</b> b</div>c", &["a"]);
}

#[test]
fn placeholders_stay_whole() {
    check("Hi {{ a | default: \"<b>\" }}, <OTRS_X>!", &["Hi {{ a | default: \"<b>\" }}, <OTRS_X>!"]);
    check("Hi {{<b>name</b>}} &lt;OTRS_X&gt;", &["Hi {{name}} <OTRS_X>"]);
    check("{{open <p>Sorry {{name}}", &["{{open", "Sorry {{name}}"]);
}

#[test]
fn elements_that_are_no_html_are_atoms() {
    let html = "<p>Hi <attribute key=\"user.name\" default=\"there\"/>, run <code>a <b>b</b></code> {{now}}</p>";
    let document = document(html);
    let segment = &document.segments[0];
    let atoms: Vec<(AtomKind, &str)> =
        segment.atoms.iter().map(|it: &Atom| (it.kind, &segment.text(html)[it.span.range()])).collect();
    let expected = [
        (AtomKind::Placeholder, "<attribute key=\"user.name\" default=\"there\"/>"),
        (AtomKind::Code, "<code>a <b>b</b></code>"),
        (AtomKind::Placeholder, "{{now}}"),
    ];
    assert_eq!(atoms, expected);
}

#[test]
fn every_word_knows_its_bytes() {
    let html = "<p>D&eacute;sol&#xe9; pour\n la <b>g</b>&ecirc;ne</p>";
    let document = document(html);
    let segment: &Segment = &document.segments[0];
    let text = segment.text(html);
    let source = |words: &str| {
        let start = text.find(words).expect("it is there");
        &html[segment.to_source(Span::new(start, start + words.len())).range()]
    };
    assert_eq!(text, "Désolé pour la gêne");
    assert_eq!(source("Désolé"), "D&eacute;sol&#xe9;");
    assert_eq!(source("pour la"), "pour\n la");
    assert_eq!(source("gêne"), "g</b>&ecirc;ne");
    assert_eq!(segment.escape.write("a & b").as_deref(), Ok("a &amp; b"));
}

#[test]
fn html_inside_another_text_maps_through_it() {
    // The JSON string `"<p>a \"b\" &eacute;</p>"`, from byte 10 of a document.
    let html = "<p>a \"b\" &eacute;</p>";
    let mut map = OffsetMap::default();
    map.push_verbatim(5, 10);
    map.push_replaced(1, Span::new(15, 17));
    map.push_verbatim(1, 17);
    map.push_replaced(1, Span::new(18, 20));
    map.push_verbatim(13, 20);
    let escape = Escape::of(Layer::Json);
    let reading = read_part(html, Some(Place { map: &map, escape: &escape }));
    let segment = &reading.segments[0];
    assert_eq!(segment.text(""), "a \"b\" é");
    assert_eq!(segment.span, Span::new(13, 29));
    assert_eq!(segment.to_source(Span::new(2, 5)), Span::new(15, 20));
    assert_eq!(segment.escape.write("\"&").as_deref(), Ok("\\\"&amp;"));
}

#[test]
fn soup_is_read_without_harm() {
    check("</p></div>a</b></nope>b", &["ab"]);
    check("<p><b>a<p>b</b></p>", &["a", "b"]);
    check(&"<div><b>".repeat(50_000), &[]);
    check(&format!("{}a", "<blockquote>".repeat(50_000)), &[]);
    check("\u{feff}<p>a</p>", &["a"]);
}

#[track_caller]
fn check_covered(html: &str, expected: &[&str]) {
    let document = document(html);
    let covered: Vec<&str> = document.suppressions.iter().map(|it| &html[it.covers.range()]).collect();
    assert_eq!(covered, expected, "in {html}");
}

#[test]
fn a_marker_covers_the_next_block_or_the_rest_of_its_own() {
    check_covered("<!-- absolve-ignore a --><p>b</p><p>c</p>", &["<p>b"]);
    check_covered("<p>a</p><!-- absolve-ignore -->\n<ul><li>b<li>c</ul>", &["\n<ul><li>b"]);
    check_covered("<p>a <!-- absolve-ignore x: y --> b</p><p>c</p>", &[" b"]);
    check_covered("<p>a<!-- absolve-ignore --></p><p>b</p>", &[""]);
    check_covered("<!-- absolve-ignore --><p>a<br><br>b</p>c", &["<p>a<br><br>b"]);
    check_covered("a<!-- absolve-ignore-file -->", &["a<!-- absolve-ignore-file -->"]);
    check_covered("<!-- absolve-ignore -->", &[""]);
}

#[test]
fn markers_say_what_and_why() {
    let document = document("<!-- absolve-ignore empty-promise, x: legal --><p>a</p><!-- absolve-ignore a b -->");
    let suppression = &document.suppressions[0];
    assert_eq!(suppression.sins, ["empty-promise", "x"]);
    assert_eq!(suppression.reason.as_deref(), Some("legal"));
    assert_eq!(suppression.span, Span::new(0, 47));
    assert_eq!(document.marker_problems.len(), 1);
    assert_eq!(document.marker_problems[0].span, Span::new(55, 82));
}
