//! The report for code scanning: SARIF 2.1.0.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::Path,
    sync::Arc,
};

use absolve_core::{diagnostic::Severity, rule::Rule};
use serde_json::{Value, json};

use super::{Report, Summary};
use crate::{
    place::{Finding, Findings, Place, PlacedFix},
    problem::Problem,
};

/// Holds the results until the end: SARIF is one object.
pub struct Sarif<W: Write> {
    out: W,
    left: usize,
    rules: Vec<Arc<Rule>>,
    results: Vec<Value>,
}

impl<W: Write> Sarif<W> {
    /// Tells of `limit` findings at most, and of all `rules` that ran.
    pub fn new(out: W, limit: usize, rules: Vec<Arc<Rule>>) -> Sarif<W> {
        Sarif { out, left: limit, rules, results: Vec::new() }
    }
}

impl<W: Write> Report for Sarif<W> {
    fn file(&mut self, path: &str, findings: &Findings) -> io::Result<()> {
        let mut seen = BTreeMap::new();
        for finding in findings.iter().take(self.left) {
            let nth = seen.entry(finding.fingerprint()).and_modify(|it| *it += 1).or_insert(1);
            self.results.push(result(path, &finding, *nth));
            self.rules.push(finding.diagnostic.rule.clone());
            self.left -= 1;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        let log = json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "Absolve",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "informationUri": env!("CARGO_PKG_REPOSITORY"),
                    "rules": rules(&self.rules),
                }},
                "columnKind": "unicodeCodePoints",
                "invocations": [{
                    "executionSuccessful": summary.problems.is_empty(),
                    "toolExecutionNotifications": summary.problems.iter().map(notification).collect::<Vec<_>>(),
                }],
                "results": self.results,
            }],
        });
        serde_json::to_writer_pretty(&mut self.out, &log)?;
        writeln!(self.out)?;
        self.out.flush()
    }
}

/// One descriptor per sin; its help holds every language.
fn rules(rules: &[Arc<Rule>]) -> Vec<Value> {
    let mut by_sin: BTreeMap<&str, BTreeMap<&str, &Rule>> = BTreeMap::new();
    for rule in rules {
        by_sin.entry(&rule.sin).or_default().insert(&rule.language, rule);
    }
    by_sin.into_iter().map(|(sin, languages)| descriptor(sin, &languages)).collect()
}

fn descriptor(sin: &str, languages: &BTreeMap<&str, &Rule>) -> Value {
    let first = languages.values().next().expect("a sin is there because a rule is");
    let help = |paragraph: fn(&Rule) -> String| -> String {
        languages.values().map(|it| paragraph(it)).collect::<Vec<_>>().join("\n\n")
    };
    let titles = languages.values().map(|it| it.title.as_str()).collect::<Vec<_>>().join(" / ");
    json!({
        "id": sin,
        "name": pascal_case(sin),
        "shortDescription": { "text": titles },
        "fullDescription": { "text": help(|it| it.why.clone()) },
        "help": {
            "text": help(|it| format!("{} {}", it.why, it.instead)),
            "markdown": help(|it| format!("**{}** ({})\n\n{}\n\n{}\n\n_{}_", it.title, it.language, it.why, it.instead, it.source)),
        },
        "defaultConfiguration": { "level": level(first.severity) },
        "properties": { "tags": [format!("{:?}", first.family).to_lowercase()] },
    })
}

fn result(path: &str, finding: &Finding, nth: usize) -> Value {
    let Finding { diagnostic, title, .. } = finding;
    let mut location = json!({ "physicalLocation": {
        "artifactLocation": artifact(path),
        "region": region(finding.place),
    }});
    if let Some(title) = title {
        location["logicalLocations"] = json!([{ "name": title, "kind": "object" }]);
    }
    json!({
        "ruleId": diagnostic.rule.sin,
        "level": level(diagnostic.severity),
        "message": { "text": diagnostic.message },
        "locations": [location],
        "partialFingerprints": { "sentence/v1": format!("{:016x}:{nth}", finding.fingerprint()) },
        "fixes": finding.fixes().iter().map(|it| fix(path, it)).collect::<Vec<_>>(),
        "properties": { "language": diagnostic.rule.language },
    })
}

fn fix(path: &str, fix: &PlacedFix) -> Value {
    let replacement = |(place, words): &(Place, String)| json!({ "deletedRegion": region(*place), "insertedContent": { "text": words } });
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": artifact(path),
            "replacements": fix.edits.iter().map(replacement).collect::<Vec<_>>(),
        }],
        "properties": { "applicability": fix.applicability },
    })
}

fn region(place: Place) -> Value {
    json!({
        "startLine": place.start.line,
        "startColumn": place.start.column,
        "endLine": place.end.line,
        "endColumn": place.end.column,
        "byteOffset": place.bytes.start,
        "byteLength": place.bytes.len(),
    })
}

/// Code scanning wants paths from the repository's root.
fn artifact(path: &str) -> Value {
    let uri = uri(path);
    match Path::new(path).is_absolute() {
        true => json!({ "uri": format!("file://{uri}") }),
        false => json!({ "uri": uri, "uriBaseId": "%SRCROOT%" }),
    }
}

fn uri(path: &str) -> String {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || b"-._~/".contains(&it);
    let encode = |it: u8| if is_plain(it) { (it as char).to_string() } else { format!("%{it:02X}") };
    path.bytes().map(encode).collect()
}

fn notification(problem: &Problem) -> Value {
    json!({ "level": "error", "message": { "text": problem.to_string() } })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}

fn pascal_case(name: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('-').filter(|it| !it.is_empty()).map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_names_as_sarif_wants_them() {
        assert_eq!(uri("a b/é.md"), "a%20b/%C3%A9.md");
        assert_eq!(pascal_case("robotic-closing"), "RoboticClosing");
    }
}
