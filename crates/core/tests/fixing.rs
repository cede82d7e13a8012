//! Findings and their fixes, in every kind of place, with a few rules of our own.

use absolve_core::{
    diagnostic::{Applicability, Diagnostic, apply},
    document::Document,
    fix::fix,
    format::Format,
    linter::Linter,
    rule_pack::RulePack,
    rule_set::RuleSet,
    voice::{Gender, Voice},
};

const ENGLISH: &str = r#"
title = "t"
family = "voice"
severity = "error"
why = "w"
instead = "i"
source = "s"
message = "“{match}”"
[[phrase]]
find = ["sorry for the inconvenience"]
[[phrase]]
find = ["please be advised that", "just &(click|open)"]
fixes = [{ replace = "phrase", with = "", safe = true }]
[[phrase]]
find = ["thank you for your patience"]
fixes = [{ with = "", safe = true }]
[[phrase]]
find = ["do not hesitate to contact us"]
fixes = [{ with = "Write to us", safe = true }]
[[fix]]
with = "I'm so sorry: {what happened}. {what I did}."
speaker = "I"
[[fix]]
with = "We're so sorry: {what happened}."
speaker = "we"
[[bad]]
text = "Sorry for the inconvenience."
[[good]]
text = "Hello."
"#;

const FRENCH: &str = r#"
title = "t"
family = "voice"
severity = "error"
why = "w"
instead = "i"
source = "s"
message = "« {match} »"
[[phrase]]
find = ["n'hésit* pas à nous contacter"]
fixes = [
  { with = "Écrivez-nous", address = "vous", safe = true },
  { with = "Écris-nous", address = "tu", safe = true },
]
[[phrase]]
find = ["désolé* pour la gêne"]
[[phrase]]
find = ["revenir vers nous"]
fixes = [{ replace = "phrase", with = "écrire", safe = true }]
[[fix]]
with = "Je suis désolé{e} : {ce qui s'est passé}."
[[bad]]
text = "Désolé pour la gêne."
[[good]]
text = "Bonjour."
"#;

const VOCABULARY: &str = "[text]\ngreetings = ['bonjour']\n[voice]\nI = ['i', 'je', 'j']\nwe = ['we', 'nous']\n\
                          tu = ['tu', 'ta', 'te']\nvous = ['vous', 'votre']";

fn linter(agent: Gender) -> Linter {
    let vocabularies = [("en/vocabulary.toml", VOCABULARY), ("fr/vocabulary.toml", VOCABULARY)];
    let rules = [("en/sin.toml", ENGLISH), ("fr/sin.toml", FRENCH)];
    let pack = RulePack::parse(vocabularies.into_iter().chain(rules)).expect("the rules are right");
    Linter::with_voice(RuleSet::default().with(&pack).expect("the rules are right"), Voice { agent })
}

fn diagnostics(text: &str, format: Format) -> (Document, Vec<Diagnostic>) {
    let document = Document::parse(text, format).expect("readable");
    let diagnostics = linter(Gender::Feminine).lint(&document);
    (document, diagnostics)
}

/// What `text` becomes with the fix at `index` of its first finding.
#[track_caller]
fn check_choice(text: &str, format: Format, index: usize, expected: &str) {
    let (document, diagnostics) = diagnostics(text, format);
    let fix = &diagnostics[0].fixes[index];
    assert_eq!(apply(&document.text, &fix.edits), expected);
    for edit in &fix.edits {
        for blank in &edit.blanks {
            assert!(edit.replacement[blank.range()].starts_with('{'), "{edit:?}");
        }
    }
}

/// What `text` becomes with all its safe fixes.
#[track_caller]
fn check_fixed(text: &str, format: Format, expected: &str) {
    let linter = linter(Gender::Neutral);
    let fixed = fix(&linter, &Document::parse(text, format).expect("readable"));
    assert_eq!(fixed.document.text, expected);
    assert_eq!(fix(&linter, &fixed.document).document.text, expected, "fixing twice equals fixing once");
}

#[test]
fn a_sentence_is_replaced_and_the_rest_stays() {
    check_choice(
        "Hi. Sorry for the inconvenience! Bye.",
        Format::Text,
        0,
        "Hi. I'm so sorry: {what happened}. {what I did}. Bye.",
    );
}

#[test]
fn the_reply_s_voice_chooses_the_words() {
    let we = "We saw it. We are sorry for the inconvenience.";
    check_choice(we, Format::Text, 0, "We saw it. We're so sorry: {what happened}.");
    let tu = "J'ai vu ta commande. N'hésite pas à nous contacter.";
    check_fixed(tu, Format::Text, "J'ai vu ta commande. Écris-nous.");
    let vous = "J’ai vu votre commande. N’hésitez pas à nous contacter !";
    check_fixed(vous, Format::Text, "J’ai vu votre commande. Écrivez-nous.");
}

#[test]
fn french_keeps_its_spaces_apostrophes_and_gender() {
    let text = "Oui\u{202f}! Désolé pour la gêne. L’article part.";
    check_choice(text, Format::Text, 0, "Oui\u{202f}! Je suis désolée\u{202f}: {ce qui s’est passé}. L’article part.");
}

#[test]
fn words_elide_before_the_new_ones() {
    check_fixed("Merci de revenir vers nous demain.", Format::Text, "Merci d'écrire demain.");
}

#[test]
fn html_keeps_its_entities_and_the_tags_of_what_is_left() {
    check_choice(
        "<p>Hi <b>Ana</b>.</p><p>Sorry <i>for the</i> inconvenience.</p>",
        Format::Html,
        0,
        "<p>Hi <b>Ana</b>.</p><p>I'm so sorry: {what happened}. {what I did}.</p>",
    );
    check_fixed(
        "<p>It left &amp; arrived today, at noon. Please be advised that the shop is caf&eacute; only.</p>",
        Format::Html,
        "<p>It left &amp; arrived today, at noon. The shop is caf&eacute; only.</p>",
    );
}

#[test]
fn json_is_written_as_json() {
    let macros = |body: &str| {
        format!(r#"{{"macros":[{{"title":"a","actions":[{{"field":"comment_value_html","value":"{body}"}}]}}]}}"#)
    };
    let before = macros(r#"<p class=\"x\">Your parcel left today.\u00a0Thank you for your patience.<\/p>"#);
    check_fixed(&before, Format::Json, &macros(r#"<p class=\"x\">Your parcel left today.<\/p>"#));
}

#[test]
fn safe_fixes_delete_cleanly() {
    check_fixed("It left today. Thank you for your patience. Bye.", Format::Text, "It left today. Bye.");
    check_fixed("Please be advised that it left.\n", Format::Text, "It left.\n");
    check_fixed(
        "Your parcel left today.\n\nThank you for your patience.\n\nAna\n",
        Format::Text,
        "Your parcel left today.\n\nAna\n",
    );
    check_fixed("- just click here and wait\n- just open it\n", Format::Markdown, "- Click here and wait\n- Open it\n");
}

#[test]
fn the_only_sentence_stays() {
    check_fixed("Thank you for your patience.", Format::Text, "Thank you for your patience.");
    check_fixed(
        "Hi Ana,\n\nThank you for your patience.\n\nLéa\n",
        Format::Text,
        "Hi Ana,\n\nThank you for your patience.\n\nLéa\n",
    );
    let twice = "Thank you for your patience. Thank you for your patience.";
    check_fixed(twice, Format::Text, "Thank you for your patience.");
}

#[test]
fn facts_are_never_lost() {
    let number = "It left today from Lyon. Thank you for your patience with order 48213.";
    check_fixed(number, Format::Text, number);
    let placeholder = "It left today from Lyon. Thank you for your patience, {{name}}.";
    check_fixed(placeholder, Format::Text, placeholder);
    let (document, diagnostics) = diagnostics("Sorry for the inconvenience with {{order}}.", Format::Text);
    let fixed = apply(&document.text, &diagnostics[0].fixes[0].edits);
    assert_eq!(fixed, "I'm so sorry: {what happened} {{order}}. {what I did}.");
}

#[test]
fn a_link_is_never_emptied() {
    let (_, diagnostics) = diagnostics("<p>Sorry for <a href=\"x\">the inconvenience</a>.</p>", Format::Html);
    assert!(diagnostics[0].fixes.is_empty());
}

#[test]
fn blanks_need_a_person() {
    let (_, diagnostics) = diagnostics("Sorry for the inconvenience.", Format::Text);
    assert!(diagnostics[0].fixes.iter().all(|it| it.applicability == Applicability::HasPlaceholders));
}
