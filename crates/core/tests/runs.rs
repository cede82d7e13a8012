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
