//! Phrases that are regular expressions, the way out where no pattern will do: they see folded words, one space apart.

use absolve_core::{document::Document, linter::Linter, rule_pack::RulePack, rule_set::RuleSet};

fn linter(regex: &str) -> Linter {
    let rule = format!(
        "title = 't'\nfamily = 'voice'\nseverity = 'error'\nwhy = 'w'\ninstead = 'i'\nsource = 's'\nmessage = 'm'\n\
         [[phrase]]\nregex = '{regex}'\n[[bad]]\ntext = 'a'\n[[good]]\ntext = 'b'\n"
    );
    let rules = RulePack::parse([("en/t.toml", rule.as_str())]).and_then(|pack| RuleSet::default().with(&pack));
    Linter::new(rules.expect("the rule is well written"))
}

#[track_caller]
fn check(regex: &str, text: &str, expected: &[&str]) {
    let (linter, document) = (linter(regex), Document::plain(text));
    for run in ["compiled", "kept"] {
        let found = linter.lint(&document);
        let words: Vec<&str> = found.iter().map(|it| &text[it.span.range()]).collect();
        assert_eq!(words, expected, "{run}");
    }
}

#[test]
fn words_are_found_as_they_are_written() {
    check(r"ticket n \d{4,}", "Your TICKET N° 12345 is closed. Ticket n 12.", &["TICKET N° 12345"]);
    check(r"etape \d+", "Étape 12, puis étape\u{a0}13", &["Étape 12", "étape\u{a0}13"]);
    check(r"sorr+y+", "Sorry? Sorrryy!", &["Sorry", "Sorrryy"]);
}

#[test]
fn part_of_a_word_is_all_of_it_and_nothing_is_nothing() {
    check("convenien", "Any inconvenience?", &["inconvenience"]);
    check("x*", "Not a single one", &[]);
}
