//! What holds for every document of every format, tried on texts put together at random.

use proptest::{prelude::*, sample::select};

use crate::{
    document::Document,
    format::{Format, html},
    segment::Segment,
    span::Span,
};

/// Pieces of markup, well-formed and not, of all formats at once.
const PIECES: &[&str] = &[
    "Désolé pour la gêne. ",
    "sorry",
    "😀",
    " ",
    "\n",
    "\r\n",
    "\n\n",
    "\r",
    "  \n",
    "\t",
    "\u{a0}",
    "\u{feff}",
    "e\u{301}",
    "\0",
    "<p>",
    "</p>",
    "<div class=\"gmail_quote\">",
    "</div>",
    "<br>",
    "<br/>",
    "<b>",
    "</b>",
    "<i",
    ">",
    "<",
    "</",
    "<li>",
    "<blockquote>",
    "</blockquote>",
    "<code>",
    "</code>",
    "<pre>",
    "</pre>",
    "<script>",
    "</script>",
    "<title>",
    "</title>",
    "<!--",
    "-->",
    "<!-- absolve-ignore empty-promise: x -->",
    "<!-- absolve-ignore-file -->",
    "<!-- absolve-ignore a b -->",
    "<attribute key=\"a\" default=\"é\"/>",
    "<OTRS_X>",
    "<a href='{{url}}'>",
    "</a>",
    "<head>",
    "<body>",
    "<![CDATA[",
    "]]>",
    "&eacute;",
    "&amp;",
    "&#233;",
    "&#x1F600;",
    "&amp",
    "&semi;",
    "&",
    "&#",
    "&acE;",
    "&#xD800;",
    "&NotEqualTilde;",
    "{{ a | default: \"<b>\" }}",
    "{{",
    "}}",
    "{% if a %}",
    "{% endif %}",
    "[[name]]",
    "*|NAME|*",
    "{x}",
    "%{y}",
    "*",
    "**",
    "_",
    "~~",
    "`",
    "```\n",
    "> ",
    "- ",
    "1. ",
    "# ",
    "    ",
    "---\n",
    "---\na: b\n---\n",
    "===\n",
    "|",
    "| a | b |\n|---|---|\n",
    "[",
    "](http://x)",
    "![",
    "[^1]",
    "[^1]: ",
    "\\",
    "\\*",
    "<https://x.example>",
    "a@x.example",
    "- [ ] ",
    "-- \n",
    "On 5 Jan 2026, Ana wrote:\n",
    "-----Original Message-----\n",
    "absolve-ignore x",
    "<EmailTemplate>",
    "<quicktext><text type=\"text/html\">",
    "<body>",
    "<subject>",
    "</subject>",
    "</quicktext>",
    "From: a\r\n",
    "Subject: =?utf-8?Q?D=C3=A9?= =?iso-8859-1?B?6Q==?=\r\n",
    "Content-Type: multipart/mixed; boundary=b\r\n",
    "Content-Type: text/html; charset=iso-8859-1\n",
    "Content-Transfer-Encoding: quoted-printable\n",
    "Content-Transfer-Encoding: base64\r\n",
    "\r\n--b\r\n",
    "--b--",
    "=C3=A9",
    "=\r\n",
    "ZMOpag==",
];

fn soup() -> impl Strategy<Value = String> {
    prop::collection::vec(select(PIECES), 0..24).prop_map(|it| it.concat())
}

/// A macro whose body is `html`, with every `nth` character of the JSON string written as an escape.
fn zendesk(html: &str, nth: usize) -> String {
    let mut body = String::new();
    for (index, it) in html.chars().enumerate() {
        let mut units = [0; 2];
        match it {
            _ if index % nth == 0 => {
                it.encode_utf16(&mut units).iter().for_each(|unit| body.push_str(&format!("\\u{unit:04x}")));
            }
            '"' | '\\' => body.extend(['\\', it]),
            '\0'..='\u{1f}' => body.push_str(&format!("\\u{:04x}", u32::from(it))),
            _ => body.push(it),
        }
    }
    format!(
        r#"{{"macros":[{{"title":"é","actions":[{{"field":"comment_value_html","value":"{body}"}},{{"field":"subject","value":"{body}"}}]}}]}}"#
    )
}

fn prose(document: &Document) -> Vec<String> {
    document.segments.iter().map(|it| it.text(&document.text).to_owned()).collect()
}

/// The prose of a text that stands for itself, without front matter.
fn alone(text: &str, is_html: bool) -> Vec<String> {
    match is_html {
        true => html::read_part(text, None).segments.iter().map(|it| it.text(text).to_owned()).collect(),
        false => prose(&Document::plain(text)),
    }
}

/// `text` in every encoding of mail, in lines of about `width` characters.
fn encoded(text: &str, width: usize) -> [(&'static str, String); 3] {
    let quoted: Vec<String> = text
        .bytes()
        .map(|it| match it {
            b'\n' => "\n".to_owned(),
            b' '..=b'~' if it != b'=' => char::from(it).to_string(),
            it => format!("={it:02X}"),
        })
        .collect();
    let quoted: Vec<String> = quoted.chunks(width).map(<[String]>::concat).collect();
    let base64 = base64(text.as_bytes());
    let lines: Vec<String> = base64.chunks(width).map(|it| it.iter().collect()).collect();
    [("8bit", text.to_owned()), ("quoted-printable", quoted.join("=\n")), ("base64", lines.join("\n"))]
}

fn base64(bytes: &[u8]) -> Vec<char> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = bytes.iter().flat_map(|it| (0..8).rev().map(move |bit| it >> bit & 1)).collect();
    let digit =
        |it: &[u8]| DIGITS[it.iter().chain([0; 6].iter()).take(6).fold(0, |sum, &it| sum * 2 + usize::from(it))];
    let mut written: Vec<char> = bits.chunks(6).map(|it| char::from(digit(it))).collect();
    written.resize(written.len().next_multiple_of(4), '=');
    written
}

/// What stands where a character came from, decoded by somebody else, is that character.
fn check_decoded(document: &Document, encoding: &str) {
    let whole = mail_parser::MessageParser::default().parse(&document.text).expect("a mail");
    let bytes = whole.parts[0].text_contents().expect("its text").as_bytes();
    let body = document.text.find("\n\n").expect("its headers end") + 2;
    for segment in &document.segments {
        let prose = segment.text(&document.text);
        for (at, it) in prose.char_indices() {
            let span = segment.to_source(Span::new(at, at + it.len_utf8()));
            let source = &document.text[span.range()];
            let decoded = match encoding {
                "quoted-printable" => quoted(source),
                "base64" => bytes[base64_offset(&document.text[body..span.start])..][..it.len_utf8()].to_vec(),
                _ => source.as_bytes().to_vec(),
            };
            // HTML writes some characters in its own ways.
            if it.is_whitespace() || decoded.starts_with(b"&") || decoded.starts_with(b"<") {
                continue;
            }
            assert_eq!(String::from_utf8_lossy(&decoded), it.to_string(), "{source:?} in {prose:?}");
        }
    }
}

fn quoted(source: &str) -> Vec<u8> {
    let mail = format!("Content-Transfer-Encoding: quoted-printable\n\n{source}");
    let mail = mail_parser::MessageParser::default().parse(&mail).expect("a mail").into_owned();
    mail.parts[0].contents().to_vec()
}

/// Which byte starts with the character of base64 that comes after these.
fn base64_offset(before: &str) -> usize {
    let n_digits = before.bytes().filter(|it| !it.is_ascii_whitespace()).count();
    n_digits / 4 * 3 + n_digits % 4
}

/// `text` in XML, with every `nth` character written as a reference.
fn references(text: &str, nth: usize) -> String {
    let reference = |(index, it): (usize, char)| match it {
        _ if index % nth == 0 => format!("&#x{:x};", u32::from(it)),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '&' => "&amp;".to_owned(),
        it => it.to_string(),
    };
    text.chars().enumerate().map(reference).collect()
}

fn check(document: &Document) {
    let text = &document.text;
    let mut end = 0;
    for segment in &document.segments {
        assert!(end <= segment.span.start, "segments are in order and disjoint");
        end = segment.span.end;
        assert!(!segment.text(text).trim().is_empty(), "a segment says something");
        check_segment(segment, text);
    }
    let suppressions = document.suppressions.iter().flat_map(|it| [it.span, it.covers]);
    let problems = document.marker_problems.iter().map(|it| it.span);
    let items = document.items.iter().map(|it| it.span);
    for span in suppressions.chain(problems).chain(items).chain(document.stray_markers.iter().copied()) {
        assert!(text.get(span.range()).is_some(), "{span:?} is a range of the text");
    }
}

fn check_segment(segment: &Segment, text: &str) {
    let prose = segment.text(text);
    let map = segment.map();
    assert_eq!(map.len(), prose.len(), "every byte of the prose has a source");
    for (derived, source) in map.verbatim_runs() {
        assert_eq!(prose[derived.range()], text[source.range()], "verbatim is verbatim");
    }
    let mut last = segment.span.start;
    for (at, it) in prose.char_indices() {
        let source = segment.to_source(Span::new(at, at + it.len_utf8()));
        assert!(text.get(source.range()).is_some_and(|it| !it.is_empty()), "{it:?} stands somewhere");
        assert!(last <= source.start && segment.span.contains(source), "the source is in order");
        last = source.start;
    }
    let mut end = 0;
    for atom in &segment.atoms {
        assert!(end <= atom.span.start, "atoms are in order and disjoint");
        assert!(prose.get(atom.span.range()).is_some(), "an atom is a range of the prose");
        end = atom.span.end;
    }
}

#[track_caller]
fn check_parsed(text: &str, format: Format) {
    if let Ok(document) = Document::parse(text, format) {
        check(&document);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn documents_hold_of_every_soup(text in soup()) {
        for format in Format::ALL {
            check_parsed(&text, format);
        }
    }

    #[test]
    fn macros_hold_of_every_soup(html in soup(), nth in 1_usize..9) {
        let json = zendesk(&html, nth);
        let document = Document::parse(&json, Format::Json).expect("an export of macros");
        check(&document);
        prop_assert!(prose(&document).starts_with(&alone(&html, true)), "the same prose, in JSON or not");
    }

    /// However a part is encoded, it says what the same text alone says, and every word knows its bytes.
    #[test]
    fn mails_hold_of_every_soup(text in soup(), is_html: bool, width in 4_usize..90) {
        let text = text.replace('\r', "");
        let kind = if is_html { "html" } else { "plain" };
        for (encoding, body) in encoded(&text, width) {
            let mail = format!(
                "From: a\nContent-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{body}"
            );
            let document = Document::read(mail.as_bytes(), Format::Mail).expect("a mail");
            check(&document);
            check_decoded(&document, encoding);
            prop_assert_eq!(prose(&document), alone(&text, is_html), "{}", mail);
        }
    }

    /// A template says what the same text alone says, however XML writes it.
    #[test]
    fn templates_hold_of_every_soup(html in soup(), nth in 1_usize..9) {
        // XML has no such characters.
        let html = html.replace(['\0', '\r'], "");
        let cdata = format!("<![CDATA[{}]]>", html.replace("]]>", ""));
        for body in [references(&html, nth), cdata] {
            let xml = format!("<quicktext><text type='text/html'><name>a</name><body>{body}</body></text></quicktext>");
            let document = Document::parse(&xml, Format::Xml).expect("templates");
            check(&document);
            prop_assert!(html.contains("]]>") || prose(&document) == alone(&html, true), "{}", xml);
        }
    }

    #[test]
    fn documents_hold_of_every_string(text: String, bytes: Vec<u8>) {
        for format in Format::ALL {
            check_parsed(&text, format);
            if let Ok(document) = Document::read(&bytes, format) {
                check(&document);
            }
        }
    }
}
