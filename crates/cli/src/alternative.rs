//! Better words of a team's own, checked before they are offered: they commit no sin, and ask for what we know.

use std::collections::{BTreeMap, BTreeSet};

use absolve_core::{
    document::Document,
    linter::Linter,
    rule::{Address, Extent, FixTemplate, Speaker},
    rule_set::RuleSet,
};
use serde::Deserialize;
use toml::Spanned;

use crate::{
    config::ConfigFile,
    problem::{Problem, do_you_mean},
};

/// Better words for a sin in a language, as `absolve.toml` writes them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    sin: Spanned<String>,
    lang: Spanned<String>,
    text: Spanned<String>,
    #[serde(default)]
    replace: Extent,
    speaker: Option<Speaker>,
    address: Option<Address>,
}

/// Makes the team's words those of its rules. Says everything that is wrong with them.
pub fn set(rules: &mut RuleSet, file: &ConfigFile) -> Result<(), Vec<Problem>> {
    let alternatives = &file.config.alternatives;
    if alternatives.is_empty() {
        return Ok(());
    }
    let linter = Linter::new(rules.clone());
    let problems: Vec<Problem> = alternatives.iter().filter_map(|it| fault(it, file, &linter)).collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut templates: BTreeMap<(&str, &str), Vec<FixTemplate>> = BTreeMap::new();
    for it in alternatives {
        templates.entry((it.sin.as_ref(), it.lang.as_ref())).or_default().push(it.template());
    }
    for ((sin, language), fixes) in templates {
        rules.set_fixes(sin, language, fixes);
    }
    Ok(())
}

impl Alternative {
    fn template(&self) -> FixTemplate {
        FixTemplate {
            with: self.text.as_ref().trim().to_owned(),
            replace: self.replace,
            safe: false,
            speaker: self.speaker,
            address: self.address,
        }
    }
}

/// What is wrong with an alternative, at its place.
fn fault(it: &Alternative, file: &ConfigFile, linter: &Linter) -> Option<Problem> {
    let (sin, language) = (it.sin.as_ref().as_str(), it.lang.as_ref().as_str());
    let rules = linter.rules();
    let known: Vec<&str> = rules.all_rules().map(|it| it.sin.as_str()).collect();
    if !known.contains(&sin) {
        return Some(file.unknown_sin(&it.sin, &known));
    }
    if !rules.all_rules().any(|it| it.sin == sin && it.language == language) {
        let languages: BTreeSet<&str> =
            rules.all_rules().filter(|it| it.sin == sin).map(|it| it.language.as_str()).collect();
        let message = format!("`{sin}` has no rule in the language `{language}`; it has one in {}", list(languages));
        return Some(file.problem(&it.lang, message));
    }
    if it.text.as_ref().trim().is_empty() {
        return Some(file.problem(&it.text, "an alternative needs words"));
    }
    unknown_blank(it, file, rules).or_else(|| sinful(it, file, linter))
}

fn unknown_blank(it: &Alternative, file: &ConfigFile, rules: &RuleSet) -> Option<Problem> {
    let known = rules.blanks(it.lang.as_ref());
    let unknown = it.template().blanks().into_iter().find(|it| !known.contains(it))?;
    let near = do_you_mean(&unknown, known.iter().map(String::as_str));
    let known = list(known.iter().map(String::as_str));
    let message = format!("there is no blank `{{{unknown}}}`{near} The known blanks are {known}");
    let message = if near.is_empty() { message.replacen(" The", "; the", 1) } else { message };
    Some(file.problem(&it.text, message))
}

fn sinful(it: &Alternative, file: &ConfigFile, linter: &Linter) -> Option<Problem> {
    let document = Document::plain(it.template().with);
    let sin = linter.lint_without_fixes(&document).into_iter().next()?;
    let words = &document.text[sin.span.range()];
    let (language, sin) = (&sin.rule.language, &sin.rule.sin);
    let message = format!("this alternative commits {language}/{sin} itself: “{words}”; word it otherwise");
    Some(file.problem(&it.text, message))
}

fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}
