//! What must hold of every fix: over all examples of all rules, the sample library, and replies made of their sentences.

use std::{fs, path::Path, sync::LazyLock};

use absolve_core::{
    atom::atoms,
    diagnostic::{Applicability, Diagnostic, Fix, apply},
    document::Document,
    fill,
    fix::fix,
    format::Format,
    linter::Linter,
    rule_pack::RulePack,
};
use proptest::{
    collection::vec,
    prelude::{ProptestConfig, Strategy, any, proptest},
    sample::select,
};

static LINTER: LazyLock<Linter> = LazyLock::new(|| Linter::new(absolve_rules::builtin()));
static PACK: LazyLock<RulePack> = LazyLock::new(absolve_rules::builtin_pack);

/// The bad and the good texts of every rule.
static TEXTS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let bad = PACK.rules.iter().flat_map(|it| &it.content.bad).map(|it| it.text.as_ref().as_str());
    let good = PACK.rules.iter().flat_map(|it| &it.content.good).map(|it| it.text.as_ref().as_str());
    bad.chain(good).collect()
});

/// What is wrong with what fixing makes of a text; `Ok` if nothing is.
fn check(text: &str, format: Format) -> Result<(), String> {
    let document = Document::parse(text, format).map_err(|it| it.message)?;
    let before = LINTER.lint(&document);
    if !before.iter().any(|it| safe(it).is_some()) {
        return Ok(());
    }
    let fixed = fix(&LINTER, &document);
    let after = &fixed.document;
    let must =
        |holds: bool, what: &str| if holds { Ok(()) } else { Err(format!("{what}\n<<< {text}\n>>> {}", after.text)) };
    must(fix(&LINTER, after).document.text == after.text, "fixing twice is not fixing once")?;
    must(is_within(&fixed.left, &before), "a new finding")?;
    must(facts(&document) == facts(after), "a placeholder, link, address, number or tag changed")?;
    must(outside(&document) == outside(after), "bytes outside the prose changed")?;
    let forgotten = fixed.left.iter().find(|it| safe(it).is_some_and(|it| is_harmless(after, &fixed.left, it)));
    must(forgotten.is_none(), "a harmless machine fix is left")?;
    must(!after.text.contains("<p></p>") && !has_gap(text, &after.text), "a gap is left")
}

fn safe(diagnostic: &Diagnostic) -> Option<&Fix> {
    diagnostic.fixes.iter().find(|it| it.applicability == Applicability::MachineApplicable)
}

/// Whether there is nothing in `some` that is not in `all` as often.
fn is_within(some: &[Diagnostic], all: &[Diagnostic]) -> bool {
    let count = |it: &[Diagnostic]| Diagnostic::count_by(it, |it| (it.rule.language.clone(), it.rule.sin.clone()));
    let all = count(all);
    count(some).iter().all(|(sin, n)| all.get(sin).is_some_and(|it| n <= it))
}

fn is_harmless(document: &Document, left: &[Diagnostic], fix: &Fix) -> bool {
    let text = apply(&document.text, &fix.edits);
    let Ok(next) = Document::parse(text.as_str(), document.format) else { return false };
    let after = LINTER.lint_without_fixes(&next);
    after.len() < left.len() && is_within(&after, left) && facts(document) == facts(&next)
}

/// Atoms, numbers and tags, each kind in order. Where line breaks and letters are written as escapes (`\n`, `=C3`), it is the
/// prose that has atoms and numbers: `https://x.example\nClick` is no link.
fn facts(document: &Document) -> [Vec<String>; 3] {
    let prose = document.segments.iter().map(|it| it.text(&document.text)).collect::<Vec<_>>().join("\n");
    let is_escaped = matches!(document.format, Format::Mail | Format::Json | Format::Yaml);
    let words = if is_escaped { prose.as_str() } else { document.text.as_str() };
    let text = if document.format == Format::Mail { words } else { document.text.as_str() };
    let atoms = atoms(words).into_iter().map(|it| words[it.span.range()].to_owned()).collect();
    let numbers = words.split(|it: char| !it.is_ascii_digit()).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    let tags = text.split('<').skip(1).filter_map(|it| it.split_once('>')).map(|it| it.0.to_owned()).collect();
    [atoms, numbers, tags]
}

/// What no segment holds. In plain text, where a segment is all there is, this is nothing.
fn outside(document: &Document) -> String {
    let mut outside = String::new();
    let mut at = 0;
    for segment in &document.segments {
        outside.push_str(&document.text[at..segment.span.start]);
        at = segment.span.end;
    }
    outside + &document.text[at..]
}

/// Whether there are doubled spaces, or a space before a comma or dot, that were not there before.
fn has_gap(before: &str, after: &str) -> bool {
    ["  ", " ,", " .", ",,", ", .", "\n\n\n"].iter().any(|it| after.contains(it) && !before.contains(it))
}

fn in_formats(text: &str) -> [(String, Format); 8] {
    let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let html = format!("<p>Your parcel left <b>Lyon</b> at noon today.</p>\n<div><p>{html}</p></div>");
    let json = serde_json::json!({ "macros": [{ "title": "One", "actions": [
        { "field": "comment_value_html", "value": html }, { "field": "status", "value": "solved" }] }] });
    [
        (text.to_owned(), Format::Text),
        (format!("# Reply\n\nYour parcel left **Lyon** at noon today.\n\n- {text}\n"), Format::Markdown),
        (html, Format::Html),
        (json.to_string(), Format::Json),
        (mail(text), Format::Mail),
        (table(text), Format::Csv),
        (replies(&serde_json::Value::from(text).to_string()), Format::Yaml),
        (replies(&format!("|\n      {}", text.replace('\n', "\n      "))), Format::Yaml),
    ]
}

/// A table of text modules, the second in quotes.
fn table(text: &str) -> String {
    let cell = text.replace('"', "\"\"");
    format!("id,name,keywords,content\r\n1,A,,Your parcel left Lyon at noon today.\r\n2,B,\"b, c\",\"{cell}\"\r\n")
}

/// Replies in YAML, the second written as `body`.
fn replies(body: &str) -> String {
    format!(
        "# Ours\nreplies:\n  - name: A\n    body: Your parcel left Lyon at noon today.\n  - name: 'B'\n    body: {body}\n"
    )
}

/// A mail in quoted-printable, its lines as long as they may be.
fn mail(text: &str) -> String {
    let mut body = String::new();
    let mut column = 0;
    for byte in text.bytes() {
        let token = match byte {
            b'\n' => "\r\n".to_owned(),
            b' '..=b'~' if byte != b'=' => char::from(byte).to_string(),
            it => format!("={it:02X}"),
        };
        if column + token.len() > 75 && byte != b'\n' {
            body.push_str("=\r\n");
            column = 0;
        }
        column = if byte == b'\n' { 0 } else { column + token.len() };
        body.push_str(&token);
    }
    let head = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable";
    format!("From: a@x.example\r\n{head}\r\n\r\nYour parcel left Lyon at noon today.\r\n\r\n{body}\r\n")
}

#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n\n"));
}

#[test]
fn fixes_of_every_example_hold_in_every_format() {
    let mut faults = Vec::new();
    for text in TEXTS.iter() {
        let plain = Document::plain(*text);
        if LINTER.lint(&plain).iter().any(|it| !it.fixes.is_empty()) {
            faults.extend(in_formats(text).iter().filter_map(|(text, format)| check(text, *format).err()));
        }
    }
    none(&faults);
}

#[test]
fn fixes_of_the_sample_library_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("library");
    let mut faults = Vec::new();
    for language in ["en", "fr"] {
        for file in fs::read_dir(folder.join(language)).expect("the library is there") {
            let path = file.expect("it can be listed").path();
            let bytes = fs::read(&path).expect("it is there");
            let text = String::from_utf8(bytes.clone()).expect("the library is UTF-8");
            let result = check(&text, Format::detect(&path.to_string_lossy(), &bytes));
            faults.extend(result.err().map(|it| format!("{}: {it}", path.display())));
        }
    }
    none(&faults);
}

#[test]
fn every_alternative_mends_its_own_examples() {
    let mut faults = Vec::new();
    for entry in &PACK.rules {
        for bad in &entry.content.bad {
            let document = Document::plain(bad.text.as_ref().as_str());
            let before = LINTER.lint(&document);
            let own = before.iter().filter(|it| it.rule.sin == entry.name && it.rule.language == entry.language);
            for (diagnostic, fix) in own.flat_map(|it| it.fixes.iter().map(move |fix| (it, fix))) {
                faults.extend(fault(&document, &before, diagnostic, fix).map(|it| format!("{}: {it}", entry.path)));
            }
        }
    }
    faults.sort();
    faults.dedup_by_key(|it| it.split(" makes of ").next().map(str::to_owned));
    none(&faults);
}

/// What is wrong with an alternative once its blanks are filled with a neutral word.
fn fault(document: &Document, before: &[Diagnostic], mended: &Diagnostic, fix: &Fix) -> Option<String> {
    let edits = fill::fill(document, fix, &|blank| neutral(blank, &mended.rule.language).to_owned());
    let edits = edits.expect("text can be written");
    let text = apply(&document.text, &edits);
    let after = LINTER.lint_without_fixes(&Document::plain(text.as_str()));
    let rest: Vec<Diagnostic> = before.iter().filter(|it| it.span != mended.span).cloned().collect();
    if is_within(&after, &rest) {
        return None;
    }
    let sins: Vec<String> = after.iter().map(|it| format!("{}: “{}”", it.rule.sin, &text[it.span.range()])).collect();
    Some(format!("“{}” makes of “{}” “{text}”, with {}", fix.title, document.text, sins.join(", ")))
}

/// What an agent might write into a blank, with no sin in it.
fn neutral(blank: &str, language: &str) -> &'static str {
    const TIMES: [&str; 12] =
        ["when", "day", "date", "time", "hour", "until", "quand", "jour", "heure", "délai", "échéance", "moment"];
    let is_time = TIMES.iter().any(|it| blank.contains(it));
    match (language, is_time) {
        ("fr", true) => "vendredi à 17 h",
        (_, true) => "on Friday at 5 pm",
        _ => "Lyon",
    }
}

/// Replies made of examples' sentences, with what replies have around them.
fn reply() -> impl Strategy<Value = String> {
    const PLAIN: [&str; 8] = [
        "Hello Ana,",
        "Bonjour Léa,",
        "Your parcel 48213 left Lyon on 3 May; track it at https://example.com/t?id=7.",
        "Votre colis {{order.id}} est parti hier à 14 h 30.",
        "Écrivez-moi à ana@example.com.",
        "{{agent.name}}",
        "R&D <b> est là !",
        "- One",
    ];
    let example = select(TEXTS.clone());
    let piece = (any::<bool>(), example, select(&PLAIN[..])).prop_map(|it| if it.0 { it.1 } else { it.2 });
    let joint = select(vec![" ", " ", "\n", "\n\n"]);
    vec((piece, joint), 1..8).prop_map(|it| it.into_iter().flat_map(|it| [it.0, it.1]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn fixes_of_any_reply_hold(text in reply(), format in 0_usize..8) {
        let (text, format) = in_formats(&text)[format].clone();
        check(&text, format).map_err(proptest::test_runner::TestCaseError::fail)?;
    }
}
