use super::*;
use crate::{atom::Atom, document::Document, format::Format};

fn document(markdown: &str) -> Document {
    Document::parse(markdown, Format::Markdown).expect("every text is Markdown")
}

#[track_caller]
fn check(markdown: &str, expected: &[&str]) {
    let document = document(markdown);
    let segments: Vec<&str> = document.segments.iter().map(|it| it.text(markdown)).collect();
    assert_eq!(segments, expected, "in {markdown}");
}

#[test]
fn blocks_are_segments() {
    check("# A *b*\n\nc\nd\n\n- e\n- f\n  - g\n\n1. h\n\ni\n===\n", &["A b", "c\nd", "e", "f", "g", "h", "i"]);
    check("| a | b |\n|---|---|\n| c | d \\| e |\n", &["a", "b", "c", "d | e"]);
    check("a\n\n***\n\nb[^1]\n\n[^1]: c\n", &["a", "b", "c"]);
    check("- [ ] a\n- [x] b", &["a", "b"]);
}

#[test]
fn markup_in_a_line_hides_nothing() {
    check("**Sorry** for _the_ ~~incon~~ven[ience](http://x) <b>b</b>", &["Sorry for the inconvenience b"]);
    check("a  \nb\\\nc\r\nd<br>e", &["a\nb\nc\nd\ne"]);
    check("[a *b*][r]\n\n[r]: http://x \"t\"", &["a b"]);
}

#[test]
fn what_is_not_prose_is_left_out() {
    check("a\n\n```\nb\n```\n\n    c\n\n> d\n> > e\n\nf ![g](h)", &["a", "f"]);
    check("---\ntitle: a\n---\nb", &["b"]);
    check("\u{feff}---\ntitle: a\n---\n# b", &["b"]);
    check("\u{feff}# b", &["b"]);
    check("a <!-- b --> c\n\n<!-- d -->\n", &["a  c"]);
    check("Le 5 janv. 2026 à 10:00, Ana a écrit :\n\n> a\n\nb", &["b"]);
}

#[test]
fn html_blocks_are_html() {
    check("<div>\na <b>b</b>\n</div>\n\nc", &["a b", "c"]);
    check("<blockquote>\n\n*a*\n\n</blockquote>\n\nb", &["b"]);
    check("<script>\na\n\nb\n</script>\nc", &["c"]);
    check("a <script>b</script> c", &["a  c"]);
    check("a <code>b\n\nc", &["a", "c"]);
    check("Dear <title> b\n\nc", &["Dear", "c"]);
    check("<title> b\n\nc", &["c"]);
}

#[test]
fn escapes_and_entities_are_read() {
    check("\\*a\\* &eacute;&nbsp;&#33; \\& b\\c", &["*a* é\u{a0}! & b\\c"]);
}

#[test]
fn placeholders_stay_whole() {
    for text in [
        "Hi *|FNAME|*, {{ a * b * c }} [[full_name]] {{__x__}} and {% if a %}b{% endif %}.",
        "Hi {{ ticket.name | default: \"<b>\" }}, {!IF(a<b, \"c\", \"d\")} #{_x_} %{_y_}",
        "<OTRS_CUSTOMER_x> &",
    ] {
        check(text, &[text]);
    }
    check("| {{ a | b }} | c |\n|---|---|\n", &["{{ a | b }}", "c"]);
    check("*{{a}}* [b]({{url}}) [[1]](http://x)", &["{{a}} b [1]"]);
}

#[test]
fn code_in_a_line_is_one_word() {
    let markdown = "Run `a *b* {{c}}`, <code>d e</code>, then {{f}}";
    let document = document(markdown);
    let segment = &document.segments[0];
    assert_eq!(segment.text(markdown), markdown);
    let atoms: Vec<(AtomKind, &str)> =
        segment.atoms.iter().map(|it: &Atom| (it.kind, &markdown[it.span.range()])).collect();
    let expected =
        [(AtomKind::Code, "`a *b* {{c}}`"), (AtomKind::Code, "<code>d e</code>"), (AtomKind::Placeholder, "{{f}}")];
    assert_eq!(atoms, expected);
}

#[test]
fn every_word_knows_its_bytes() {
    let markdown = "**D&eacute;sol\u{e9}** \\*pour\\* la\r\n  gêne";
    let document = document(markdown);
    let segment = &document.segments[0];
    let text = segment.text(markdown);
    let source = |words: &str| {
        let start = text.find(words).expect("it is there");
        &markdown[segment.to_source(Span::new(start, start + words.len())).range()]
    };
    assert_eq!(text, "Désolé *pour* la\ngêne");
    assert_eq!(source("Désolé"), "D&eacute;sol\u{e9}");
    assert_eq!(source("*pour*"), "\\*pour\\*");
    assert_eq!(source("la\ngêne"), "la\r\n  gêne");
    assert_eq!(source("gêne"), "gêne");
}

#[track_caller]
fn check_covered(markdown: &str, expected: &[&str]) {
    let document = document(markdown);
    let covered: Vec<&str> = document.suppressions.iter().map(|it| &markdown[it.covers.range()]).collect();
    assert_eq!(covered, expected, "in {markdown}");
    assert_eq!(document.marker_problems, []);
}

#[test]
fn a_marker_covers_the_next_block() {
    check_covered("<!-- absolve-ignore x -->\na\nb\n\nc", &["\na\nb"]);
    check_covered("a\n<!-- absolve-ignore x: y -->\nb\n\nc", &["\nb"]);
    check_covered("<!-- absolve-ignore x -->\n\n- a\n- b", &["\n\n- a"]);
    check_covered("a <!-- absolve-ignore x --> b\n\nc", &[" b"]);
    check_covered("a\n\n<!-- absolve-ignore x -->\n# b\n\nc", &["\n# b"]);
    check_covered("<!-- absolve-ignore-file -->", &["<!-- absolve-ignore-file -->"]);
    check_covered("---\n# absolve-ignore-file x: y\n---\na", &["---\n# absolve-ignore-file x: y\n---\na"]);
}

#[test]
fn a_block_marker_in_front_matter_is_a_problem() {
    let document = document("---\na: b\n  # absolve-ignore x\n# other\n---\nc");
    assert_eq!(document.suppressions, []);
    assert_eq!(document.marker_problems.len(), 1);
    assert_eq!(document.marker_problems[0].span, Span::new(11, 29));
}

#[test]
fn markers_shown_as_code_are_not_stray() {
    let markdown = "Write `absolve-ignore x`, not absolve-ignore y";
    let document = document(markdown);
    assert_eq!(document.stray_markers, [Span::new(30, 46)]);
}
