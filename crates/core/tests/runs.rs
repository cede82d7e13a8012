//! Texts that several threads read at once: where one stops and the next goes on cannot be seen in what is found.

use absolve_core::{document::Document, format::Format, linter::Linter, rule_pack::RulePack, rule_set::RuleSet};

/// `aaa` is a sin, unless `bbb` is in the sentence before it, or `ccc` in the next.
const RULE: &str = "title = 't'\nfamily = 'voice'\nseverity = 'error'\nwhy = 'w'\ninstead = 'i'\nsource = 's'\nmessage = 'm'\n\
    [[phrase]]\nfind = ['aaa']\nunless_before = ['bbb']\nunless_next = ['ccc']\n\
    [[bad]]\ntext = 'aaa'\n[[good]]\ntext = 'bbb. Aaa.'\n[[good]]\ntext = 'Aaa. Ccc.'\n";

/// Every `piece` of a text of that many has its one finding, at the same place in it, and no other.
#[track_caller]
fn check(piece: &str, n: usize, format: Format) {
    let pack = RulePack::parse([("en/t.toml", RULE)]).expect("it is a rule");
    let linter = Linter::new(RuleSet::default().with(&pack).expect("it can be compiled"));
    let document = Document::parse(piece.repeat(n), format).expect("it is a text");
    let found: Vec<usize> = linter.lint(&document).iter().map(|it| it.span.start).collect();
    let at = piece.find("Aaa. Zzz").expect("it is marked so");
    let expected: Vec<usize> = (0..n).map(|it| it * piece.len() + at).collect();
    assert_eq!(found, expected);
}

#[test]
fn neighbours_are_seen_across_runs() {
    let sentences = "Bbb. Aaa. Ddd. Aaa. Ccc. Zzz. Aaa. Zzz. ";
    check(sentences, 1, Format::Text);
    check(sentences, 4_000, Format::Text);
    let paragraphs = "Ddd. Bbb.\n\nAaa. Ddd.\n\nAaa.\n\nCcc.\n\nAaa. Zzz.\n\n";
    check(paragraphs, 1, Format::Markdown);
    check(paragraphs, 4_000, Format::Markdown);
}

#[test]
fn what_is_innocent_in_one_place_is_not_everywhere() {
    check("Bbb. Aaa. Ddd. Aaa. Ccc. “Ddd. Aaa. Ddd.” Ddd. Aaa. Zzz. ", 1, Format::Text);
    check("Ddd “aaa” ddd.\n\nDdd `aaa` ddd.\n\nDdd {{aaa}} ddd.\n\nDdd. Aaa. Zzz.\n\n", 3, Format::Markdown);
}

#[test]
fn a_linter_says_the_same_again() {
    let pack = RulePack::parse([("en/t.toml", RULE)]).expect("it is a rule");
    let linter = Linter::new(RuleSet::default().with(&pack).expect("it can be compiled"));
    for (text, n_findings) in [("Ddd. Aaa.", 1), ("Bbb. Aaa.", 0), ("Ddd. Aaa.", 1), ("Ddd “aaa”.", 0), ("Ddd aaa.", 1)]
    {
        for _ in 0..2 {
            assert_eq!(linter.lint(&Document::plain(text)).len(), n_findings, "{text}");
        }
    }
}
