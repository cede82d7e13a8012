//! A rule speaks in texts of its language only, also where a sentence is too short to tell which that is.

use absolve_core::{document::Document, format::Format, linter::Linter, rule_pack::RulePack, rule_set::RuleSet};

/// `forwarder` is a sin in French, `patience` in both languages.
const FRENCH: &str = "title = 't'\nfamily = 'voice'\nseverity = 'error'\nwhy = 'w'\ninstead = 'i'\nsource = 's'\nmessage = 'm'\n\
    [[phrase]]\nfind = ['forwarder', 'patience']\n[[bad]]\ntext = 'patience'\n[[good]]\ntext = 'b'\n";
const ENGLISH: &str = "title = 't'\nfamily = 'voice'\nseverity = 'error'\nwhy = 'w'\ninstead = 'i'\nsource = 's'\nmessage = 'm'\n\
    [[phrase]]\nfind = ['patience']\n[[bad]]\ntext = 'patience'\n[[good]]\ntext = 'b'\n";

/// The languages of the rules that speak, in the order of what they find.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let pack = RulePack::parse([
        ("en/t.toml", ENGLISH),
        ("en/vocabulary.toml", "[text]\neveryday = ['the', 'is', 'on']\n"),
        ("fr/t.toml", FRENCH),
        ("fr/vocabulary.toml", "[text]\neveryday = ['le', 'est', 'on']\n"),
    ]);
    let rules = pack.and_then(|it| RuleSet::default().with(&it)).expect("these are rules");
    let document = Document::parse(text, Format::Markdown).expect("it is a text");
    let found = Linter::new(rules).lint(&document);
    assert_eq!(found.iter().map(|it| it.rule.language.as_str()).collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn a_sentence_tells_its_language() {
    check("The forwarder is slow.", &[]);
    check("Le forwarder est lent.", &["fr"]);
    check("The patience is gone. Le patience est long.", &["en", "fr"]);
}

#[test]
fn a_short_sentence_is_in_the_language_around_it() {
    check("The parcel is here. Patience! The box is red.", &["en"]);
    check("Le colis est ici. Patience ! Le carton est rouge.", &["fr"]);
    check("# Forwarder\n\nThe parcel is here.", &[]);
    check("# Forwarder\n\n- On\n\n- Colis\n\n- Le colis est ici.", &["fr"]);
    check("Forwarder. On line.", &["fr"]);
}

#[test]
fn where_nothing_tells_every_language_speaks() {
    check("Forwarder!", &["fr"]);
    check("# Patience\n\nHmm.", &["en", "fr"]);
}

#[test]
fn the_nearest_text_tells() {
    let far = "The parcel is on the way.\n\n".repeat(20);
    check(&format!("{far}Le colis est ici.\n\nForwarder.\n\nHmm.\n\n{far}"), &["fr"]);
    check(&format!("{far}Forwarder.\n\nLe colis est ici."), &[]);
}
