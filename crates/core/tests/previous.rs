//! A text that is being typed: what is found after an edit is what a first reading finds.

use absolve_core::{
    document::Document, format::Format, linter::Linter, previous::Previous, rule_pack::RulePack, rule_set::RuleSet,
};

/// `aaa` is a sin, unless `bbb` is in the sentence before it, or `ccc` in the next; in French, `eee` is one as well.
const RULE: &str = "title = 't'\nfamily = 'voice'\nseverity = 'error'\nwhy = 'w'\ninstead = 'i'\nsource = 's'\nmessage = 'm'\n\
    [[phrase]]\nfind = ['aaa', 'ddd ddd']\nunless_before = ['bbb']\nunless_next = ['ccc']\n\
    [[bad]]\ntext = 'aaa'\n[[bad]]\ntext = 'Ddd ddd.'\n[[good]]\ntext = 'bbb. Aaa.'\n[[good]]\ntext = 'Aaa. Ccc.'\n";

fn linter() -> Linter {
    let french = RULE.replace("'aaa', 'ddd ddd'", "'eee'");
    let pack = RulePack::parse([
        ("en/t.toml", RULE),
        ("en/vocabulary.toml", "[text]\neveryday = ['the', 'on']\n"),
        ("fr/t.toml", &french),
        ("fr/vocabulary.toml", "[text]\neveryday = ['le', 'on']\n"),
    ]);
    let rules = pack.and_then(|it| RuleSet::default().with(&it));
    Linter::new(rules.expect("these are rules"))
}

/// Small numbers that look random, the same every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 40).expect("24 bits") % sides
    }
}

const PARAGRAPHS: [&str; 12] = [
    "Aaa.",
    "Bbb.",
    "Ccc. Zzz.",
    "Zzz. Aaa. Ccc",
    "`Aaa.",
    "Ddd *ddd*. {{aaa}}",
    "> Aaa.",
    "“Aaa. Zzz.",
    "Le zzz.",
    "The zzz.",
    "Eee. Zzz.",
    "Zzz.",
];

/// Paragraphs that come, go and change; after each edit, all of them as a text.
#[track_caller]
fn check(format: Format, text_of: impl Fn(&[&str]) -> String) {
    let (linter, mut previous, mut dice) = (linter(), Previous::default(), Dice(7919));
    let (mut paragraphs, mut n_found) = (Vec::new(), 0);
    for _ in 0..1000 {
        let (at, paragraph) = (dice.roll(paragraphs.len() + 1), PARAGRAPHS[dice.roll(PARAGRAPHS.len())]);
        match dice.roll(3) {
            0 if at < paragraphs.len() => drop(paragraphs.remove(at)),
            1 if at < paragraphs.len() => paragraphs[at] = paragraph,
            _ if paragraphs.len() < 25 => paragraphs.insert(at, paragraph),
            _ => paragraphs.truncate(9),
        }
        let text = text_of(&paragraphs);
        let document = Document::parse(text.as_str(), format).expect("it is a text");
        let found = linter.lint_after(&mut previous, &document);
        assert_eq!(found, linter.lint_without_fixes(&document), "{text}");
        n_found += found.len();
    }
    assert!(n_found > 1000, "{n_found}");
}

#[test]
fn paragraphs_come_and_go() {
    check(Format::Markdown, |it| it.join("\n\n"));
    check(Format::Text, |it| it.join("\n> Zzz.\n"));
    check(Format::Html, |it| it.iter().map(|it| format!("<p>{it}</p>")).collect());
}

#[test]
fn macros_come_and_go() {
    let value =
        |it: &&str| format!("{{\"title\":\"t\",\"actions\":[{{\"field\":\"comment_value\",\"value\":\"{it}\"}}]}}");
    check(Format::Json, |it| format!("{{\"macros\":[{}]}}", it.iter().map(value).collect::<Vec<_>>().join(",")));
}

#[test]
fn other_rules_start_anew() {
    let (with, without) = (linter(), Linter::new(RuleSet::default()));
    let (document, mut previous) = (Document::plain("Aaa."), Previous::default());
    let mut n_found = |linter: &Linter| linter.lint_after(&mut previous, &document).len();
    assert_eq!([n_found(&with), n_found(&without), n_found(&with)], [1, 0, 1]);
}
