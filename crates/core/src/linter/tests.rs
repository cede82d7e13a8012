//! The linter against a reader that is slow and simple: anchors, bits and sets of places must lose nothing, and add nothing.

use std::collections::BTreeSet;

use proptest::{collection::vec, prelude::*, sample::select};

use super::*;
use crate::{
    pattern::{self, Pattern},
    rule_pack::RulePack,
};

/// The set `thing`.
const THING: [&str; 4] = ["alpha", "bravo charlie", "del*", "echo (golf | alpha bravo)"];

const RULE: &str = "title = 't'\nfamily = 'voice'\nseverity = 'error'\nwhy = 'w'\ninstead = 'i'\nsource = 's'\nmessage = 'm'\n\
    [sets]\nthing = THING\n\
    [[phrase]]\nfind = ['PATTERN']\n[[bad]]\ntext = 'b'\n[[good]]\ntext = 'g'\n";

/// Where `pattern` can end if it starts before the word `at`; `commas` are the words that one stands before.
fn ends(pattern: &Pattern, words: &[&str], commas: &BTreeSet<usize>, at: usize) -> BTreeSet<usize> {
    let ends = |pattern: &Pattern, at: usize| ends(pattern, words, commas, at);
    let next = |is_there: bool| is_there.then_some(at + 1).into_iter().collect();
    let here = |is_so: bool| is_so.then_some(at).into_iter().collect();
    let word = words.get(at);
    match pattern {
        Pattern::Word(it) => next(word == Some(&it.as_str())),
        Pattern::Prefix(it) => next(word.is_some_and(|word| word.starts_with(it.as_str()))),
        Pattern::Set(name) if name == "any" => next(word.is_some()),
        Pattern::Set(_) => ends(&pattern::parse(&THING.join(" | ")).expect("it is a pattern"), at),
        Pattern::Sequence(parts) => parts
            .iter()
            .fold(BTreeSet::from([at]), |places, part| places.into_iter().flat_map(|it| ends(part, it)).collect()),
        Pattern::Either(branches) => branches.iter().flat_map(|it| ends(it, at)).collect(),
        Pattern::Optional(it) => ends(it, at).into_iter().chain([at]).collect(),
        Pattern::Gap(width) => (at..=words.len().min(at + usize::from(*width))).collect(),
        Pattern::Not(it) => here(ends(it, at).is_empty()),
        Pattern::Ahead(it) => here(!ends(it, at).is_empty()),
        Pattern::Mark(it) => here(*it == ',' && commas.contains(&at)),
        Pattern::Start => here(at == 0),
        Pattern::End => here(at == words.len()),
    }
}

fn source() -> impl Strategy<Value = String> {
    let words = ["alpha", "bravo", "charlie", "delta", "echo", "golf", "kilo", "del*", "<thing>", "<any>"];
    let word = select(words.to_vec()).prop_map(str::to_owned);
    let other = select(&["~1", "~3", "~6", "!delta", "!<thing>", "&bravo", ",", "^", "$"][..]).prop_map(str::to_owned);
    let part = prop_oneof![6 => word, 1 => other].prop_recursive(3, 24, 4, |part| {
        let parts = vec(part, 1..4).prop_map(|it| it.join(" "));
        prop_oneof![
            vec(parts.clone(), 1..4).prop_map(|it| format!("({})", it.join(" | "))),
            parts.clone().prop_map(|it| format!("[{it}]")),
            parts.prop_map(|it| format!("!({it})")),
        ]
    });
    vec(part, 1..6).prop_map(|it| it.join(" "))
}

fn sentence() -> impl Strategy<Value = Vec<(&'static str, bool)>> {
    let words = ["alpha", "bravo", "charlie", "delta", "deluge", "echo", "golf", "kilo", "lima"];
    vec((select(words.to_vec()), prop::bool::weighted(0.1)), 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_found_is_what_a_slow_reader_finds(source in source(), sentences in vec(sentence(), 4)) {
        let rule = RULE.replace("THING", &format!("{THING:?}")).replace("PATTERN", &source);
        let pack = RulePack::parse([("en/t.toml", rule.as_str())]);
        let rules = pack.ok().and_then(|it| RuleSet::default().with(&it).ok());
        // Some start with a gap, or have no word of their own.
        let (Some(rules), Ok(pattern)) = (rules, pattern::parse(&source)) else { return Ok(()) };
        let linter = Linter::new(rules);
        for sentence in sentences {
            let mut text = String::new();
            let (mut spans, mut commas) = (Vec::new(), BTreeSet::new());
            for (word, has_comma) in &sentence {
                spans.push(Span::new(text.len(), text.len() + word.len()));
                text.push_str(word);
                if *has_comma {
                    commas.insert(spans.len());
                    text.push(',');
                }
                text.push(' ');
            }
            let words: Vec<&str> = sentence.iter().map(|it| it.0).collect();
            let matches = |start: usize| ends(&pattern, &words, &commas, start).into_iter().map(move |it| (start, it));
            let expected: Vec<Span> = (0..words.len())
                .flat_map(matches)
                .filter(|(start, end)| end > start)
                .map(|(start, end)| Span::new(spans[start].start, spans[end - 1].end))
                .collect();
            let found: Vec<Span> =
                linter.lint_without_fixes(&Document::plain(&text)).into_iter().map(|it| it.span).collect();
            prop_assert_eq!(found.is_empty(), expected.is_empty(), "{}: {:?} of {:?}", text, found, expected);
            prop_assert!(found.iter().all(|it| expected.contains(it)), "{text}: {found:?} of {expected:?}");
        }
    }
}
