//! What must hold of rule files together, beyond each one's own examples.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use crate::{
    document::Document,
    linter::Linter,
    rule::FixTemplate,
    rule_file::RuleFile,
    rule_pack::{Entry, RuleError, RulePack},
    suppress::RESERVED,
};

/// Something that must hold of a whole pack.
#[derive(Clone, Copy, Debug)]
pub struct SetCheck {
    /// What holds, in a few words.
    pub name: &'static str,
    /// Where it does not, with the way out.
    pub run: fn(&Linter, &RulePack) -> Vec<RuleError>,
}

/// Every check there is.
pub const SET_CHECKS: [SetCheck; 4] = [
    SetCheck { name: "every phrase is exercised", run: unexercised_phrases },
    SetCheck { name: "every alternative is free of sins", run: sinful_alternatives },
    SetCheck { name: "a sin matters as much in every language", run: different_severities },
    SetCheck { name: "no rule has a reserved name", run: reserved_names },
];

/// Runs them all; `linter` runs the pack's rules, and may run more.
pub fn run(linter: &Linter, pack: &RulePack) -> Vec<RuleError> {
    SET_CHECKS.iter().flat_map(|it| (it.run)(linter, pack)).collect()
}

/// A phrase that finds nothing in its rule's bad examples is untested, or dead: another one finds the same, and more.
fn unexercised_phrases(linter: &Linter, pack: &RulePack) -> Vec<RuleError> {
    pack.rules.iter().flat_map(|entry| unexercised(linter, entry)).collect()
}

fn unexercised(linter: &Linter, entry: &Entry<RuleFile>) -> Vec<RuleError> {
    let phrases = phrases_of(linter, entry);
    let texts = entry.content.bad.iter().map(|it| Document::plain(it.text.as_ref().as_str()));
    let used: FxHashSet<u32> = texts.flat_map(|it| linter.find(&it)).map(|it| it.phrase).collect();
    let unused = phrases.iter().zip(&entry.content.phrases).filter(|it| !used.contains(it.0));
    let place = |find: Option<usize>| find.unwrap_or_default();
    unused
        .map(|(_, phrase)| {
            let first = phrase.find.first().or(phrase.regex.as_ref());
            let words = first.map_or("", |it| it.as_ref());
            let message = format!(
                "the phrase `{words}` finds nothing in the bad examples, or nothing that another phrase \
                 of this file does not find first; add a [[bad]] example that needs it, or delete it"
            );
            entry.error_at(place(first.map(|it| it.span().start)), message)
        })
        .collect()
}

/// The phrases of a rule file, as the linter counts them, in the file's order.
fn phrases_of(linter: &Linter, entry: &Entry<RuleFile>) -> Vec<u32> {
    let rules = linter.rules();
    let is_ours = |rule: u32| {
        let (enabled, rule) = (rules.rules.get(rule as usize).enabled, rules.rule(rule));
        enabled && rule.sin == entry.name && rule.language == entry.language
    };
    (0..).zip(rules.phrases.iter()).filter(|it| is_ours(it.1.rule)).map(|it| it.0).collect()
}

/// Better words that commit a sin themselves are none. Their blanks stand for themselves: a placeholder, one word.
fn sinful_alternatives(linter: &Linter, pack: &RulePack) -> Vec<RuleError> {
    let templates = |entry: &'_ Entry<RuleFile>| -> Vec<FixTemplate> {
        let of_phrases = entry.content.phrases.iter().flat_map(|it| &it.fixes);
        of_phrases.chain(&entry.content.fixes).cloned().collect()
    };
    let errors = |entry| templates(entry).into_iter().filter_map(move |it| sinful_alternative(linter, entry, &it));
    pack.rules.iter().flat_map(errors).collect()
}

fn sinful_alternative(linter: &Linter, entry: &Entry<RuleFile>, template: &FixTemplate) -> Option<RuleError> {
    let document = Document::plain(template.with.as_str());
    let diagnostics = linter.lint_without_fixes(&document);
    let sin = diagnostics.first()?;
    let words = &document.text[sin.span.range()];
    let (language, name, with) = (&sin.rule.language, &sin.rule.sin, &template.with);
    let message = format!("the alternative “{with}” commits {language}/{name} itself: “{words}”; word it otherwise");
    let error = entry.error_at(entry.source.find(with.as_str()).unwrap_or_default(), message);
    Some(error)
}

/// One sin is as grave in one language as in another, and of the same family.
fn different_severities(_: &Linter, pack: &RulePack) -> Vec<RuleError> {
    let mut first: BTreeMap<&str, &Entry<RuleFile>> = BTreeMap::new();
    let mut errors = Vec::new();
    for entry in &pack.rules {
        let known = first.entry(&entry.name).or_insert(entry);
        errors.extend(difference(known, entry));
    }
    errors
}

fn difference(known: &Entry<RuleFile>, entry: &Entry<RuleFile>) -> Option<RuleError> {
    let (ours, theirs) = (&entry.content, &known.content);
    let offset = |key: &str| entry.source.find(key).unwrap_or_default();
    if ours.severity != theirs.severity {
        let (ours, theirs, path) = (ours.severity.name(), theirs.severity.name(), &known.path);
        let message = format!("severity is `{ours}` here and `{theirs}` in {path}; choose one for both");
        return Some(entry.error_at(offset("severity"), message));
    }
    let message = format!("the family is another one than in {}; choose one for both", known.path);
    (ours.family != theirs.family).then(|| entry.error_at(offset("family"), message))
}

/// Every sin is in every language, with comparable coverage: no language has less than half of another's bad examples.
/// Asked of a library that means to speak several languages equally well.
pub fn parity(pack: &RulePack) -> Vec<RuleError> {
    let mut sins: BTreeMap<&str, Vec<&Entry<RuleFile>>> = BTreeMap::new();
    let mut languages: BTreeMap<&str, &Entry<RuleFile>> = BTreeMap::new();
    for entry in &pack.rules {
        sins.entry(&entry.name).or_default().push(entry);
        languages.entry(&entry.language).or_insert(entry);
    }
    let mut errors = Vec::new();
    for (sin, entries) in sins {
        for language in languages.keys().filter(|it| entries.iter().all(|entry| entry.language != **it)) {
            let message = format!("`{sin}` has no rule in the language `{language}`; write {language}/{sin}.toml");
            errors.push(RuleError { path: entries[0].path.clone(), line: None, message });
        }
        errors.extend(entries.iter().filter_map(|it| falls_behind(it, &entries)));
    }
    errors
}

fn falls_behind(entry: &Entry<RuleFile>, all: &[&Entry<RuleFile>]) -> Option<RuleError> {
    let n_examples = |it: &Entry<RuleFile>| it.content.bad.len();
    let best = all.iter().max_by_key(|it| n_examples(it))?;
    let (ours, theirs) = (n_examples(entry), n_examples(best));
    let message = format!("{ours} bad examples here, {theirs} in {}: bring this language level", best.path);
    (ours * 2 < theirs).then(|| entry.error_at(0, message))
}

fn reserved_names(_: &Linter, pack: &RulePack) -> Vec<RuleError> {
    let reserved = pack.rules.iter().filter(|it| RESERVED.contains(&it.name.as_str()));
    reserved.map(|it| it.error_at(0, format!("`{}` is a name of Absolve's own; choose another", it.name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule_set::RuleSet;

    #[test]
    fn languages_keep_level() {
        let rule = |n_bad: usize| {
            let bad = "[[bad]]\ntext='Sorry.'\n".repeat(n_bad);
            format!(
                "title='t'\nfamily='voice'\nseverity='error'\nwhy='w'\ninstead='i'\nsource='s'\nmessage='m'\n\
                 [[phrase]]\nfind=['sorry']\n{bad}[[good]]\ntext='Hi.'"
            )
        };
        let (much, little) = (rule(5), rule(2));
        let files = [("en/one.toml", much.as_str()), ("fr/one.toml", &little), ("en/two.toml", &little)];
        let pack = RulePack::parse(files).expect("right");
        let errors: Vec<String> = parity(&pack).iter().map(RuleError::to_string).collect();
        assert_eq!(
            errors,
            [
                "fr/one.toml:1: 2 bad examples here, 5 in en/one.toml: bring this language level",
                "en/two.toml: `two` has no rule in the language `fr`; write fr/two.toml",
            ]
        );
    }

    const RULE: &str = r#"
title = "t"
family = "voice"
severity = "info"
why = "w"
instead = "i"
source = "s"
message = "m"
phrase = [{ find = ["as per"] }]
fix = [{ with = "as {who} said" }]
bad = [{ text = "As per your mail." }]
good = [{ text = "Ten per cent." }]
"#;

    /// Two files of one sin, the second with words of its own and `changes`; what is wrong with them.
    #[track_caller]
    fn check(changes: &[(&str, &str)], expected: &[&str]) {
        let french = RULE.replace("as per", "ci joint").replace("As per", "Ci-joint");
        let changed = changes.iter().fold(french, |it, (old, new)| it.replace(old, new));
        let pack = RulePack::parse([("en/x.toml", RULE), ("fr/x.toml", &changed)]).expect("both are rule files");
        let rules = RuleSet::default().with(&pack).expect("both compile");
        let errors: Vec<String> = run(&Linter::new(rules), &pack).iter().map(ToString::to_string).collect();
        assert_eq!(errors.len(), expected.len(), "{errors:?}");
        for (error, expected) in errors.iter().zip(expected) {
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_set_is_said_with_its_place() {
        check(&[], &[]);
        check(
            &[("severity = \"info\"", "severity = \"error\"")],
            &["fr/x.toml:4: severity is `error` here and `info`"],
        );
        check(&[("\"voice\"", "\"repair\"")], &["fr/x.toml:3: the family is another one"]);
        check(
            &[("[{ find = [\"ci joint\"] }]", "[{ find = [\"ci joint\"] }, { find = [\"per se\"] }]")],
            &["fr/x.toml:9: the phrase `per se` finds nothing"],
        );
        check(
            &[("as {who} said", "ci-joint {who}")],
            &["fr/x.toml:10: the alternative “ci-joint {who}” commits fr/x itself: “ci-joint”"],
        );
    }
}
