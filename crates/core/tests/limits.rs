//! Rule files that ask for too much: each is refused at once, with its place and the way out, or it is quick.

use std::time::{Duration, Instant};

use absolve_core::{document::Document, linter::Linter, rule_pack::RulePack, rule_set::RuleSet};

/// Longer than any of these takes on a busy machine, and far shorter than what is not linear.
const PATIENCE: Duration = Duration::from_secs(20);

/// A rule with this at its end, in which `find` is the pattern.
fn rule(find: &str, rest: &str) -> String {
    format!(
        "title = 't'\nfamily = 'voice'\nseverity = 'error'\nwhy = 'w'\ninstead = 'i'\nsource = 's'\nmessage = 'm'\n\
         [[phrase]]\n{find}\n[[bad]]\ntext = 'a'\n[[good]]\ntext = 'b'\n{rest}"
    )
}

/// What is said of a rule file; nothing if it is taken, and run on a text that is all of its words.
#[track_caller]
fn check(source: &str, expected: &str) {
    let start = Instant::now();
    let rules = RulePack::parse([("en/t.toml", source)]).and_then(|pack| RuleSet::default().with(&pack));
    match rules {
        Ok(rules) => {
            assert_eq!(expected, "", "it was taken");
            let text = "aaa bbb ccc aaa. ".repeat(2000);
            Linter::new(rules).lint_without_fixes(&Document::plain(text));
        }
        Err(errors) => {
            assert!(errors.iter().all(|it| it.path == "en/t.toml" && it.line.is_some()), "{errors:?}");
            let message = errors.iter().map(|it| it.message.clone()).collect::<Vec<_>>().join("; ");
            assert!(!expected.is_empty() && message.contains(expected), "{}", &message[..message.len().min(300)]);
        }
    }
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

fn find(pattern: &str) -> String {
    rule(&format!("find = ['{pattern}']"), "")
}

/// Sets, each of which is made of the one before.
fn chain(n: usize, of: impl Fn(String) -> String) -> String {
    let set = |it: usize| format!("s{it} = [{}]\n", of(format!("<s{}>", it - 1)));
    let sets: String = (1..n).map(set).collect();
    rule(&format!("find = ['<s{}>']", n - 1), &format!("[sets]\ns0 = ['aaa bbb', 'bbb ccc']\n{sets}"))
}

#[test]
fn patterns_are_bounded() {
    check(&find(&"aaa ".repeat(500)), "");
    check(&find(&"aaa ".repeat(501)), "at most 2000 characters");
    check(&find(&format!("{}aaa{}", "(".repeat(16), ")".repeat(16))), "groups within groups");
    check(&find(&format!("aaa {}", "[bbb] ".repeat(300))), "");
    check(&find(&format!("aaa {}ccc", "[bbb] ".repeat(250))), "");
    check(&find(&format!("aaa {}ccc", "~20 bbb ".repeat(200))), "");
    check(&find("aaa ~21 bbb"), "20");
    check(&find(&format!("({})", ["aaa", "bbb", "ccc"].repeat(150).join("|"))), "");
    check(&find(&format!("({})", "aaa bbb|".repeat(240) + "ccc")), "");
}

#[test]
fn sets_of_sets_are_bounded() {
    check(&chain(8, |it| format!("'{it} {it}'")), "");
    check(&chain(40, |it| format!("'{it} {it}'")), "stands for more than 2000 sequences");
    check(&chain(40, |it| format!("'{it} aaa', '{it} bbb', '{it}'")), "stands for more than 2000 sequences");
    check(&chain(400, |it| format!("'{it}', 'aaa'")), "");
    check(&chain(3, |_| "'<s2>'".to_owned()), "contains itself");
}

#[test]
fn unknown_sets_are_named_whatever_their_letters() {
    check(&find("<prénom>"), "there is no set `prénom`");
    check(&find("<~<Ӷ>"), "there is no set `~<Ӷ`");
    check(&rule("find = ['<prénoms>']", "[sets]\n'prénom' = ['aaa']\n"), "do you mean `<prénom>`");
}

#[test]
fn long_lists_are_quick() {
    let words: String = (0..50_000).map(|it| format!("'aaa{it}', ")).collect();
    check(&rule("find = ['<many> bbb']", &format!("[sets]\nmany = [{words}]\n")), "");
    let patterns: String = (0..5_000).map(|it| format!("'aaa bbb{it}', ")).collect();
    check(&rule(&format!("find = [{patterns}]"), ""), "");
}

#[test]
fn regular_expressions_are_bounded() {
    check(&rule(r"regex = '(\w{1,100}){1,100}'", ""), "cannot be used");
    check(&rule("regex = '(a*)*(a|aa)+b'", ""), "");
}

#[test]
fn texts_of_nothing_are_read_once() {
    let start = Instant::now();
    for piece in ["\n", " ", " \n", "*", "> \n"] {
        Document::plain(piece.repeat(200_000) + "Hello");
    }
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}
