//! `absolve rules score`: how well the rules do on a team's own labelled replies.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use absolve_core::{
    linter::Linter,
    score::{self, Score, Tally},
};
use anstyle::Style;
use anyhow::{Context, Result};

use crate::{args::ScoreArgs, outcome::Outcome, problem::Problem, rule_folder, text};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Measures the rules on labelled replies and prints precision and recall.
pub fn run(args: &ScoreArgs) -> Result<Outcome> {
    let rules = match rule_folder::chosen(args.rules.as_deref()) {
        Ok(rules) => rules,
        Err(problems) => return Ok(Outcome::failed(&problems)),
    };
    let labels_path = args.labels.clone().unwrap_or_else(|| args.replies.with_extension("labels"));
    let (replies, labels) = (read(&args.replies)?, read(&labels_path)?);
    let labelled = match score::read(&replies, &labels) {
        Ok(labelled) => labelled,
        Err(error) => {
            let path = if error.in_labels { &labels_path } else { &args.replies };
            let place = Some((error.line, None));
            let problem = Problem { place, ..Problem::new(path.display().to_string(), error.message) };
            return Ok(Outcome::failed(&[problem]));
        }
    };
    anyhow::ensure!(!labelled.is_empty(), "{}: there is no reply in it", args.replies.display());
    let score = score::score(&Linter::new(rules), &labelled, args.min_severity.into());
    print(&score, args, labelled.len())?;
    Ok(Outcome::Clean)
}

fn read(path: &PathBuf) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{}: cannot be read", path.display()))
}

fn print(score: &Score, args: &ScoreArgs, n_replies: usize) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    let name = Path::new(&args.replies).display();
    writeln!(out, "{BOLD}{name}{BOLD:#}  {DIM}{n_replies} replies{DIM:#}\n")?;
    writeln!(out, "{DIM}{:34}precision   recall    right  noise  missed{DIM:#}", "")?;
    let levels = [
        ("the right sin", score.sin),
        ("  on distinct sentences", score.distinct_sin),
        ("some sin where there is one", score.sentence),
        ("  on distinct sentences", score.distinct_sentence),
    ];
    for (name, tally) in levels {
        write_row(&mut out, name, tally)?;
    }
    writeln!(out)?;
    let mut sins: Vec<_> = score.per_sin.iter().collect();
    sins.sort_by_key(|(sin, it)| (std::cmp::Reverse(it.right + it.noise + it.missed), *sin));
    for (sin, tally) in sins {
        write_row(&mut out, sin, *tally)?;
    }
    write_list(&mut out, "Missed", &score.misses, args.misses)?;
    write_list(&mut out, "Noise", &score.noise, args.noise)
}

fn write_row(out: &mut impl Write, name: &str, tally: Tally) -> io::Result<()> {
    let Tally { right, noise, missed } = tally;
    let (precision, recall) = (tally.precision(), tally.recall());
    writeln!(out, "{name:34}{precision:>9.3}{recall:>9.3}{right:>9}{noise:>7}{missed:>8}")
}

fn write_list(out: &mut impl Write, title: &str, rows: &BTreeSet<(String, String)>, wanted: bool) -> io::Result<()> {
    if !wanted {
        return Ok(());
    }
    writeln!(out, "\n{BOLD}{title}{BOLD:#}")?;
    for (sin, sentence) in rows {
        writeln!(out, "  {sin:28} {}", text::one_line(sentence))?;
    }
    Ok(())
}
