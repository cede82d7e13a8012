//! `absolve rules`: the sins that are looked for, and the examples that prove it.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::Path,
    sync::Arc,
};

use absolve_core::{
    examples::{self, Failure},
    linter::Linter,
    reference,
    rule::Rule,
    rule_pack::RuleError,
    set_checks,
};
use anstyle::Style;
use anyhow::Result;

use crate::{
    args::{List, ListFormat, Test},
    outcome::Outcome,
    problem::{Problem, do_you_mean},
    rule_folder::{self, Strictness},
    text,
};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Lists every sin, with its title in each language.
pub fn list(args: &List) -> Result<Outcome> {
    let written = match args.format {
        ListFormat::Table => write_sins(args, write_table)?,
        ListFormat::Markdown => write_sins(args, write_markdown)?,
        ListFormat::Reference => write_reference(args)?,
    };
    Ok(written.map_or_else(|problems| Outcome::failed(&problems), |()| Outcome::Clean))
}

/// What a listing comes to, if its rules could be read.
type Listing = Result<Result<(), Vec<Problem>>>;

fn write_sins(args: &List, write: fn(&Sins) -> io::Result<()>) -> Listing {
    let rules = match rule_folder::chosen(args.rules.as_deref()) {
        Ok(rules) => rules,
        Err(problems) => return Ok(Err(problems)),
    };
    let mut sins: BTreeMap<&str, BTreeMap<&str, &Arc<Rule>>> = BTreeMap::new();
    for rule in rules.rules() {
        sins.entry(&rule.sin).or_default().insert(&rule.language, rule);
    }
    Ok(Ok(write(&sins)?))
}

fn write_reference(args: &List) -> Listing {
    match rule_folder::chosen_pack(args.rules.as_deref()) {
        Ok(pack) => Ok(Ok(io::stdout().lock().write_all(reference::markdown(&pack).as_bytes())?)),
        Err(problems) => Ok(Err(problems)),
    }
}

type Sins<'a> = BTreeMap<&'a str, BTreeMap<&'a str, &'a Arc<Rule>>>;

/// Sorted by family, then by name.
fn write_table(sins: &Sins) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    let width = sins.keys().map(|it| it.len()).max().unwrap_or_default();
    let mut rows: Vec<_> = sins.iter().filter_map(|(sin, all)| Some((all.values().next()?, sin, all))).collect();
    rows.sort_by_key(|it| (it.0.family, it.1));
    let mut family = None;
    for (first, sin, languages) in rows {
        if family.replace(first.family) != Some(first.family) {
            writeln!(out, "{BOLD}{:?}{BOLD:#}", first.family)?;
        }
        for (at, (language, rule)) in languages.iter().enumerate() {
            let (sin, severity) = if at == 0 { (*sin, first.severity.name()) } else { ("", "") };
            let title = text::one_line(&rule.title);
            writeln!(out, "  {sin:width$}  {severity:7}  {DIM}{language}{DIM:#}  {title}")?;
        }
    }
    writeln!(out, "\n{DIM}absolve explain SIN says why one hurts, and what to write instead.{DIM:#}")
}

fn write_markdown(sins: &Sins) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut languages: Vec<&str> = sins.values().flat_map(BTreeMap::keys).copied().collect();
    languages.sort_unstable();
    languages.dedup();
    writeln!(out, "| sin | family | severity | {} |", languages.join(" | "))?;
    writeln!(out, "|---|---|---|{}", "---|".repeat(languages.len()))?;
    for (sin, all) in sins {
        let Some(first) = all.values().next() else { continue };
        let title = |it: &&str| all.get(it).map_or(String::new(), |it| it.title.replace('|', "\\|"));
        let titles: Vec<String> = languages.iter().map(title).collect();
        let family = format!("{:?}", first.family).to_lowercase();
        writeln!(out, "| `{sin}` | {family} | {} | {} |", first.severity.name(), titles.join(" | "))?;
    }
    Ok(())
}

/// Runs the examples of a folder's rules, and what must hold of them together.
pub fn test(args: &Test) -> Result<Outcome> {
    let strictness = if args.lenient_rules { Strictness::Lenient } else { Strictness::Strict };
    let loaded = match rule_folder::load(&args.folder, &absolve_rules::builtin(), strictness) {
        Ok(loaded) => loaded,
        Err(problems) => return Ok(Outcome::failed(&problems)),
    };
    if let Some(only) = &args.only
        && !loaded.pack.rules.iter().any(|it| it.name == *only)
    {
        let near = do_you_mean(only, loaded.pack.rules.iter().map(|it| it.name.as_str()));
        anyhow::bail!("no sin of this folder is named `{only}`{near}");
    }
    let linter = Linter::new(loaded.rules);
    let is_meant = |it: &Failure| args.only.as_ref().is_none_or(|only| concerns(it, only));
    let failures = examples::run(&linter, &loaded.pack).into_iter().filter(is_meant).map(|it| RuleError::from(&it));
    let mut of_set = set_checks::run(&linter, &loaded.pack);
    if args.parity {
        of_set.extend(set_checks::parity(&loaded.pack));
    }
    let of_set = of_set.into_iter();
    let of_set = of_set.filter(|it| args.only.as_ref().is_none_or(|only| is_file_of(&it.path, only)));
    let errors: Vec<RuleError> = failures.chain(of_set).collect();
    let is_tested = |sin: &str| args.only.as_ref().is_none_or(|it| it == sin);
    let tested = loaded.pack.rules.iter().filter(|it| is_tested(&it.name));
    let (n_files, n_examples) =
        tested.fold((0, 0), |(files, all), it| (files + 1, all + it.content.bad.len() + it.content.good.len()));
    write_errors(&errors, n_files, n_examples)?;
    Ok(if errors.is_empty() { Outcome::Clean } else { Outcome::Findings })
}

fn write_errors(errors: &[RuleError], n_files: usize, n_examples: usize) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    for error in errors {
        let line = error.line.map_or(String::new(), |it| format!(":{it}"));
        writeln!(out, "{BOLD}{}{line}{BOLD:#}: {}", error.path, text::visible(&error.message))?;
    }
    let count = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
    let what = format!("{} of {}", count(n_examples, "example"), count(n_files, "rule"));
    match errors.len() {
        0 => writeln!(out, "{what} hold"),
        n => writeln!(out, "\n{} in {what}", count(n, "failure")),
    }
}

/// Whether a failure is one of a sin's own examples, or the sin's noise on another's.
fn concerns(failure: &Failure, sin: &str) -> bool {
    is_file_of(&failure.path, sin) || failure.reason.to_string().contains(&format!("/{sin} "))
}

fn is_file_of(path: &str, sin: &str) -> bool {
    Path::new(path).file_stem().is_some_and(|it| it == sin)
}
