//! `absolve`: the one binary. Reads files, asks core, prints.
#![allow(clippy::print_stdout, reason = "this is the shell that prints")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use absolve_core::{
    diagnostic::Severity,
    document::Document,
    examples,
    line_index::{ColumnUnit, LineIndex},
    linter::Linter,
    rule_pack::RulePack,
    rule_set::RuleSet,
};
use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use rayon::prelude::*;
use serde_json::{Value, json};

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check {
        #[arg(long)]
        rules: Option<PathBuf>,
        #[arg(long)]
        format: Option<String>,
        paths: Vec<PathBuf>,
    },
    #[command(subcommand)]
    Rules(Rules),
}

#[derive(Subcommand)]
enum Rules {
    Test {
        folder: PathBuf,
        #[arg(long)]
        only: Option<String>,
    },
}

fn main() -> Result<ExitCode> {
    match Cli::parse().command {
        Command::Check { rules, paths, .. } => check(rules, &paths),
        Command::Rules(Rules::Test { folder, only }) => test(&folder, only),
    }
}

fn pack(folder: &Path) -> Result<(RulePack, RuleSet)> {
    let mut files = Vec::new();
    for language in fs::read_dir(folder)?.flatten().filter(|it| it.path().is_dir()) {
        for file in fs::read_dir(language.path())?.flatten() {
            let path = file.path();
            if path.extension().is_some_and(|it| it == "toml") {
                files.push((path.display().to_string(), fs::read_to_string(&path)?));
            }
        }
    }
    files.sort();
    // Development: a broken file is reported and left out.
    let mut good: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    loop {
        let errors = match RulePack::parse(good.iter().copied())
            .and_then(|pack| Ok((pack.clone(), RuleSet::default().with(&pack)?)))
        {
            Ok(done) => return Ok(done),
            Err(errors) => errors,
        };
        for error in &errors {
            eprintln!("{error}");
        }
        good.retain(|it| errors.iter().all(|error| error.path != it.0));
    }
}

fn test(folder: &Path, only: Option<String>) -> Result<ExitCode> {
    let (pack, rules) = pack(folder)?;
    let linter = Linter::new(rules);
    let mut n = 0;
    for failure in examples::run(&linter, &pack) {
        if only.as_ref().is_none_or(|it| {
            failure.example.contains(&format!("/{it}/")) || failure.reason.to_string().contains(&format!("/{it} "))
        }) {
            println!("{}:{}: {} — {}", failure.path, failure.line, failure.example, failure.reason);
            n += 1;
        }
    }
    println!("{n} failures");
    Ok(if n == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn check(rules: Option<PathBuf>, paths: &[PathBuf]) -> Result<ExitCode> {
    let rules = match rules {
        Some(folder) => pack(&folder)?.1,
        None => absolve_rules::builtin(),
    };
    let linter = Linter::new(rules);
    let mut files = Vec::new();
    for path in paths {
        for it in ignore::Walk::new(path).flatten() {
            if it.path().is_file() {
                files.push(it.into_path());
            }
        }
    }
    files.sort();
    let rows: Vec<Value> = files.par_iter().map(|it| report(&linter, it)).collect::<Result<_>>()?;
    println!("{}", json!({"version": 1, "files": rows}));
    Ok(ExitCode::SUCCESS)
}

fn report(linter: &Linter, path: &Path) -> Result<Value> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let document = Document::plain(text);
    let index = LineIndex::new(&document.text);
    let place = |at| {
        let it = index.position(&document.text, at, ColumnUnit::Char);
        json!({"line": it.line + 1, "column": it.column + 1})
    };
    let diagnostics: Vec<Value> = linter.lint(&document).iter().map(|it| json!({
        "rule": it.rule.sin, "language": it.rule.language, "severity": it.severity.name(), "message": it.message,
        "span": it.span, "start": place(it.span.start), "end": place(it.span.end), "fixes": it.fixes,
    })).collect();
    let _ = Severity::ALL;
    Ok(json!({"path": path.display().to_string(), "diagnostics": diagnostics}))
}
