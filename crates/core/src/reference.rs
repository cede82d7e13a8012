//! Rule files as one page for people: every sin, its languages side by side. `rules/SINS.md` is it.

use std::collections::BTreeMap;

use crate::{
    rule::{Family, FixTemplate},
    rule_file::RuleFile,
    rule_pack::{Entry, RulePack},
};

/// The whole page.
pub fn markdown(pack: &RulePack) -> String {
    let mut sins: BTreeMap<(Family, &str), Vec<&Entry<RuleFile>>> = BTreeMap::new();
    for entry in &pack.rules {
        sins.entry((entry.content.family, &entry.name)).or_default().push(entry);
    }
    let mut page = String::from(HEAD);
    let mut family = None;
    for ((its_family, sin), mut entries) in sins {
        if family.replace(its_family) != Some(its_family) {
            page.push_str(&format!("\n## {its_family:?}\n"));
        }
        entries.sort_by(|a, b| a.language.cmp(&b.language));
        page.push_str(&section(sin, &entries));
    }
    page
}

const HEAD: &str = "# The sins\n\n\
    What Absolve finds, why it hurts, and what to write instead, in each language. Made from the rule files by\n\
    `absolve rules list --format reference`; a test keeps the two in step.\n";

fn section(sin: &str, entries: &[&Entry<RuleFile>]) -> String {
    let severity = entries.first().map_or("", |it| it.content.severity.name());
    let row = |title: &str, cell: fn(&RuleFile) -> String| {
        let cells: Vec<String> = entries.iter().map(|it| escaped(&cell(&it.content))).collect();
        format!("| **{title}** | {} |\n", cells.join(" | "))
    };
    let languages: Vec<&str> = entries.iter().map(|it| it.language.as_str()).collect();
    let mut section = format!("\n### `{sin}` · {severity}\n\n| | {} |\n", languages.join(" | "));
    section.push_str(&format!("|---|{}\n", "---|".repeat(entries.len())));
    section.push_str(&row("title", |it| it.title.clone()));
    section.push_str(&row("why", |it| it.why.clone()));
    section.push_str(&row("instead", |it| it.instead.clone()));
    section.push_str(&row("for example", |it| it.bad.first().map_or(String::new(), |bad| bad.text.as_ref().clone())));
    section.push_str(&row("better", |it| alternatives(&it.fixes)));
    section.push_str(&row("source", |it| it.source.clone()));
    section
}

fn alternatives(fixes: &[FixTemplate]) -> String {
    let shown: Vec<&str> = fixes.iter().map(|it| it.with.as_str()).filter(|it| !it.is_empty()).take(2).collect();
    if shown.is_empty() { "—".to_owned() } else { shown.join("<br>") }
}

/// As a cell of a table.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ").replace("{{", "\\{\\{")
}
