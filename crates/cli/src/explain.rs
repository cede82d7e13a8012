//! `absolve explain`: what a sin is, why it hurts, and what to write instead.

use std::{
    env,
    io::{self, Write},
};

use absolve_core::{
    gate::{UNFILLED, unfilled_rule},
    language::Language,
    rule_file::RuleFile,
    rule_pack::{Entry, RulePack},
};
use anstyle::{AnsiColor, Style};
use anyhow::{Result, bail};

use crate::{args::Explain, outcome::Outcome, problem::do_you_mean, rule_folder, text};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const RED: Style = AnsiColor::BrightRed.on_default();
const GREEN: Style = AnsiColor::BrightGreen.on_default();

/// Explains one sin.
pub fn run(args: &Explain) -> Result<Outcome> {
    if args.sin == UNFILLED {
        write_unfilled(args.lang.as_deref())?;
        return Ok(Outcome::Clean);
    }
    let pack = match rule_folder::chosen_pack(args.rules.as_deref()) {
        Ok(pack) => pack,
        Err(problems) => return Ok(Outcome::failed(&problems)),
    };
    let entries: Vec<&Entry<RuleFile>> = pack.rules.iter().filter(|it| it.name == args.sin).collect();
    if entries.is_empty() {
        bail!("{}", unknown(&args.sin, &pack));
    }
    let entry = match &args.lang {
        Some(language) => entries.iter().find(|it| it.language == *language),
        None => entries.iter().find(|it| it.language == terminal_language()).or(entries.first()),
    };
    let languages: Vec<&str> = entries.iter().map(|it| it.language.as_str()).collect();
    let Some(entry) = entry else {
        let asked = args.lang.as_deref().unwrap_or_default();
        bail!("`{}` has no rule in the language `{asked}`; it has one in {}", args.sin, languages.join(", "));
    };
    write(entry, &languages)?;
    Ok(Outcome::Clean)
}

fn unknown(sin: &str, pack: &RulePack) -> String {
    let near = do_you_mean(sin, pack.rules.iter().map(|it| it.name.as_str()));
    format!("no sin is named `{sin}`{near} (`absolve rules list` names them all)")
}

fn terminal_language() -> String {
    let asked =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|it| env::var(it).ok().filter(|it| !it.is_empty()));
    asked.unwrap_or_default().chars().take_while(char::is_ascii_lowercase).collect()
}

/// The headings of a page, in its language.
struct Headings {
    why: &'static str,
    instead: &'static str,
    alternatives: &'static str,
    bad: &'static str,
    good: &'static str,
    silence: &'static str,
    source: &'static str,
    also: &'static str,
    in_comment: &'static str,
    in_config: &'static str,
}

const ENGLISH: Headings = Headings {
    why: "Why it hurts",
    instead: "What to write instead",
    alternatives: "For instance",
    bad: "Found",
    good: "Not found",
    silence: "To silence it",
    source: "Source",
    also: "Also in",
    in_comment: "for one block of Markdown or HTML",
    in_config: "everywhere, in absolve.toml",
};

const FRENCH: Headings = Headings {
    why: "Pourquoi cela blesse",
    instead: "Ce qu’il vaut mieux écrire",
    alternatives: "Par exemple",
    bad: "Repéré",
    good: "Laissé tranquille",
    silence: "Pour le faire taire",
    source: "Source",
    also: "Autre langue :",
    in_comment: "pour un bloc de Markdown ou de HTML",
    in_config: "partout, dans absolve.toml",
};

/// Examples of each kind that are shown.
const EXAMPLES: usize = 4;

fn write(entry: &Entry<RuleFile>, languages: &[&str]) -> io::Result<()> {
    let headings = if entry.language == "fr" { &FRENCH } else { &ENGLISH };
    let rule = &entry.content;
    let mut out = anstream::stdout().lock();
    let (sin, language) = (&entry.name, &entry.language);
    writeln!(out, "{BOLD}{}{BOLD:#}", text::one_line(&rule.title))?;
    let family = format!("{:?}", rule.family).to_lowercase();
    writeln!(out, "{DIM}{sin} · {} · {family} · {language}{DIM:#}\n", rule.severity.name())?;
    paragraph(&mut out, headings.why, &rule.why)?;
    paragraph(&mut out, headings.instead, &rule.instead)?;
    let of_phrases = rule.phrases.iter().flat_map(|it| &it.fixes);
    let mut alternatives: Vec<&str> = rule.fixes.iter().chain(of_phrases).map(|it| it.with.as_str()).collect();
    alternatives.retain(|it| !it.is_empty());
    let mut seen = std::collections::BTreeSet::new();
    alternatives.retain(|it| seen.insert(*it));
    list(&mut out, headings.alternatives, GREEN, "→", alternatives.into_iter().map(|it| (it, None)))?;
    let bad = rule.bad.iter().take(EXAMPLES).map(|it| (it.text.as_ref().as_str(), None));
    list(&mut out, headings.bad, RED, "✗", bad)?;
    let good = rule.good.iter().take(EXAMPLES).map(|it| (it.text.as_ref().as_str(), it.why.as_deref()));
    list(&mut out, headings.good, GREEN, "✓", good)?;
    writeln!(out, "{BOLD}{}{BOLD:#}", headings.silence)?;
    writeln!(out, "  <!-- absolve-ignore {sin}: … -->   {DIM}{}{DIM:#}", headings.in_comment)?;
    writeln!(out, "  [rules] disable = [\"{sin}\"]   {DIM}{}{DIM:#}\n", headings.in_config)?;
    paragraph(&mut out, headings.source, &rule.source)?;
    let others: Vec<&str> = languages.iter().copied().filter(|it| it != language).collect();
    if !others.is_empty() {
        writeln!(out, "{DIM}{} {} (--lang {}){DIM:#}", headings.also, others.join(", "), others[0])?;
    }
    Ok(())
}

/// The one sin that no rule file has: it is looked for in what goes out only.
fn write_unfilled(language: Option<&str>) -> io::Result<()> {
    let asked = language.map_or_else(terminal_language, str::to_owned);
    let language = Language::from_code(&asked).unwrap_or_default();
    let (rule, headings, silence) = match language {
        Language::English => (unfilled_rule(language), &ENGLISH, "in absolve.toml, for what goes out"),
        Language::French => (unfilled_rule(language), &FRENCH, "dans absolve.toml, pour ce qui part"),
    };
    let mut out = anstream::stdout().lock();
    writeln!(out, "{BOLD}{}{BOLD:#}", rule.title)?;
    writeln!(out, "{DIM}{UNFILLED} · {} · absolve gate · {}{DIM:#}\n", rule.severity.name(), rule.language)?;
    paragraph(&mut out, headings.why, &rule.why)?;
    paragraph(&mut out, headings.instead, &rule.instead)?;
    let bad = ["{{customer.name}}", "[[MISSING TOKEN]]", "{what happened}", "XXX", "Hi ,"];
    list(&mut out, headings.bad, RED, "✗", bad.into_iter().map(|it| (it, None)))?;
    writeln!(out, "{BOLD}{}{BOLD:#}", headings.silence)?;
    writeln!(out, "  [gate] placeholders = \"never\"   {DIM}{silence}{DIM:#}")?;
    writeln!(out, "  [gate] filled-later = [\"{{{{ticket.*}}}}\"]   {DIM}{silence}{DIM:#}")
}

fn paragraph(out: &mut impl Write, heading: &str, body: &str) -> io::Result<()> {
    writeln!(out, "{BOLD}{heading}{BOLD:#}")?;
    for line in text::wrap(&text::visible(body), text::columns() - 2) {
        writeln!(out, "  {line}")?;
    }
    writeln!(out)
}

fn list<'a>(
    out: &mut impl Write,
    heading: &str,
    style: Style,
    mark: &str,
    rows: impl Iterator<Item = (&'a str, Option<&'a str>)>,
) -> io::Result<()> {
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "{BOLD}{heading}{BOLD:#}")?;
    for (body, why) in rows {
        for (at, line) in text::wrap(&text::visible(body), text::columns() - 4).iter().enumerate() {
            let mark = if at == 0 { mark } else { " " };
            writeln!(out, "  {style}{mark}{style:#} {line}")?;
        }
        for line in why.map(|it| text::wrap(&text::visible(it), text::columns() - 4)).into_iter().flatten() {
            writeln!(out, "    {DIM}{line}{DIM:#}")?;
        }
    }
    writeln!(out)
}
