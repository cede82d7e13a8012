//! Replies and what becomes of them.

use std::sync::LazyLock;

use super::*;
use crate::{rule_pack::RulePack, rule_set::RuleSet};

static LINTER: LazyLock<Linter> = LazyLock::new(|| {
    let rule = |title: &str, severity: &str, find: &str, fix: &str| {
        format!(
            "title = '{title}'\nfamily = 'apology'\nseverity = '{severity}'\nwhy = 'It hurts.'\ninstead = 'Say more.'\n\
             source = 'x'\nmessage = '“{{match}}” is a sin'\n[[phrase]]\nfind = ['{find}']\n[[fix]]\nwith = '{fix}'\n\
             [[bad]]\ntext = '{find}'\nfinds = '{find}'\n[[good]]\ntext = 'fine'\nwhy = 'x'\n"
        )
    };
    let files = [
        ("en/held.toml", rule("A", "error", "so sorry", "I broke {what}.")),
        ("en/hinted.toml", rule("B", "warning", "kindly", "Please.")),
        ("en/small.toml", rule("C", "info", "utilize", "Use.")),
    ];
    let pack = RulePack::parse(files.iter().map(|it| (it.0, it.1.as_str()))).expect("good rules");
    Linter::new(RuleSet::default().with(&pack).expect("good patterns"))
});

/// The JSON of a reply, against its verdict: the decision, and the sins with their parts.
#[track_caller]
fn check(json: &str, decision: Decision, expected: &[(&str, Part)]) {
    let verdict = verdict(json, &Policy::default());
    let found: Vec<(&str, Part)> = verdict.findings.iter().map(|it| (it.sin.as_str(), it.part)).collect();
    assert_eq!((verdict.verdict, found.as_slice()), (decision, expected), "{json}");
}

fn verdict(json: &str, policy: &Policy) -> Verdict {
    judge(&LINTER, &Reply::read(json.as_bytes()).expect("a reply"), policy).expect("readable")
}

#[test]
fn severities_decide() {
    check(r#"{"text": "All is well."}"#, Decision::Pass, &[]);
    check(r#"{"text": "We utilize it."}"#, Decision::Pass, &[]);
    check(r#"{"text": "Kindly wait."}"#, Decision::Suggest, &[("hinted", Part::Text)]);
    check(r#"{"text": "Kindly wait. So sorry."}"#, Decision::Hold, &[("hinted", Part::Text), ("held", Part::Text)]);
}

#[test]
fn internal_notes_and_what_others_wrote_never_hold() {
    check(r#"{"text": "So sorry, {{name}}", "public": false}"#, Decision::Pass, &[]);
    check(r#"{"text": "Hello.\n> So sorry, {{name}}\n"}"#, Decision::Pass, &[]);
    check(r#"{"html": "<p>Hello.</p><blockquote type=cite>So sorry</blockquote>"}"#, Decision::Pass, &[]);
    check(r#"{"text": "Hello.", "subject": "Re: so sorry {{name}}"}"#, Decision::Pass, &[]);
}

#[test]
fn every_part_is_read_and_what_is_the_same_is_told_once() {
    check(r#"{"text": "Hello.", "subject": "So sorry"}"#, Decision::Hold, &[("held", Part::Subject)]);
    let both = r#"{"text": "We are so sorry.", "html": "<p>We are so <b>sorry</b>.</p>"}"#;
    check(both, Decision::Hold, &[("held", Part::Html)]);
    let twice = r#"{"text": "So sorry.\n\nSo sorry."}"#;
    check(twice, Decision::Hold, &[("held", Part::Text), ("held", Part::Text)]);
}

#[test]
fn placeholders_are_for_libraries() {
    check(r#"{"text": "Hello {{name}}."}"#, Decision::Hold, &[("unfilled-placeholder", Part::Text)]);
    check(r#"{"text": "Hello {{name}}.", "context": "library"}"#, Decision::Pass, &[]);
}

#[test]
fn a_comment_silences_nothing_and_would_be_read() {
    let html = r#"{"html": "<!-- absolve-ignore held: x --><p>So sorry.</p>"}"#;
    check(html, Decision::Hold, &[("stray-marker", Part::Html), ("held", Part::Html)]);
}

#[test]
fn a_reason_lets_it_pass_if_the_policy_does() {
    let json = r#"{"text": "So sorry.", "override": " the customer asked for it "}"#;
    let allowed = verdict(json, &Policy::default());
    assert_eq!(allowed.verdict, Decision::Pass);
    assert_eq!(allowed.overridden.as_ref().map(|it| it.reason.as_str()), Some("the customer asked for it"));
    assert_eq!(allowed.held_by(), ["en/held"]);
    let refused = verdict(json, &Policy { may_override: false, ..Policy::default() });
    assert_eq!((refused.verdict, refused.overridden), (Decision::Hold, None));
    let empty = verdict(r#"{"text": "So sorry.", "override": " "}"#, &Policy::default());
    assert_eq!(empty.verdict, Decision::Hold);
}

#[test]
fn the_agent_is_answered_in_the_replys_language() {
    let message = |json| verdict(json, &Policy::default()).message;
    assert_eq!(
        message(r#"{"text": "Hello {{name}}, so sorry. So sorry."}"#),
        "Not sent. “{{name}}” was left to fill in, and the customer would read it. Fill it in, or take it out. And 2 more."
    );
    assert_eq!(
        message(r#"{"text": "Bonjour {{nom}}, votre colis est parti."}"#),
        "Réponse non envoyée. « {{nom}} » reste à remplir, et le client le lirait tel quel. Remplissez-le, ou retirez-le."
    );
    assert!(message(r#"{"text": "{{nom}}", "language": "fr-CA"}"#).starts_with("Réponse non envoyée."));
    assert_eq!(message(r#"{"text": "Bien."}"#), "");
}

#[test]
fn places_are_counted_in_bytes_and_in_units() {
    let found = verdict(r#"{"text": "é👍 so sorry"}"#, &Policy::default()).findings.remove(0);
    assert_eq!((found.span.start, found.utf16.start), (7, 4));
    assert_eq!(found.words, "so sorry");
    assert_eq!(found.alternatives[0].slots, ["what"]);
}

/// Choices as JSON against the reply's text, or the words of the error.
#[track_caller]
fn check_rewrite(text: &str, choices: &str, expected: Result<&str, &str>) {
    let reply = Reply { text: Some(text.to_owned()), ..Reply::default() };
    let choices: Vec<Choice> = serde_json::from_str(choices).expect("choices");
    let rewritten = rewrite(&LINTER, &reply, Some(&choices), &Policy::default());
    match expected {
        Ok(expected) => assert_eq!(rewritten.expect("a reply").reply.text.as_deref(), Some(expected)),
        Err(expected) => {
            let error = rewritten.expect_err("refused").message;
            assert!(error.contains(expected), "{error}");
        }
    }
}

#[test]
fn a_reply_is_rewritten_as_its_agent_chose() {
    let text = "Kindly wait.\n\nSo sorry.";
    check_rewrite(
        text,
        r#"[{"finding": 1, "alternative": 0, "answers": {"what": "the jar"}}]"#,
        Ok("Kindly wait.\n\nI broke the jar."),
    );
    check_rewrite(text, "[]", Ok(text));
    check_rewrite(text, r#"[{"finding": 1, "alternative": 0}]"#, Err("finding 1 needs an answer to `what`"));
    check_rewrite(text, r#"[{"finding": 2, "alternative": 0}]"#, Err("there is no finding 2; the reply has 2"));
    check_rewrite(text, r#"[{"finding": 0, "alternative": 9}]"#, Err("has no alternative 9"));
    let twice = r#"[{"finding": 0, "alternative": 0}, {"finding": 0, "alternative": 0}]"#;
    check_rewrite(text, twice, Err("the same words"));
}
