//! Sentences written before the patterns, sin by sin: how many the rules find, and how often they are right.
//! The authors of the rules read the `-a` files afterwards, and never the `-b` files: those are the honest figures.
//!
//! `cargo test --test paraphrases -- --nocapture` prints the figures.
#![allow(clippy::print_stdout, reason = "the figures are for people")]

use std::{collections::BTreeMap, fs, path::Path};

use absolve_core::{document::Document, linter::Linter};

/// Each file with the recall and the precision that must not be lost, in percent.
const FLOORS: [(&str, u32, u32); 4] =
    [("en-a.tsv", 95, 95), ("en-b.tsv", 75, 95), ("fr-a.tsv", 95, 95), ("fr-b.tsv", 75, 95)];

/// What the rules made of the sentences of a sin, or of a file.
#[derive(Clone, Copy, Default)]
struct Tally {
    found: u32,
    missed: u32,
    /// Good sentences in which the very sin was found.
    noise: u32,
}

impl Tally {
    fn recall(self) -> u32 {
        100 * self.found / (self.found + self.missed).max(1)
    }

    fn precision(self) -> u32 {
        100 * self.found / (self.found + self.noise).max(1)
    }

    fn add(&mut self, is_bad: bool, is_found: bool) {
        match (is_bad, is_found) {
            (true, true) => self.found += 1,
            (true, false) => self.missed += 1,
            (false, true) => self.noise += 1,
            (false, false) => {}
        }
    }
}

#[test]
fn the_rules_find_what_they_never_saw() {
    let linter = Linter::new(absolve_rules::builtin());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("paraphrases");
    let mut lost = Vec::new();
    for (file, recall, precision) in FLOORS {
        let rows = fs::read_to_string(folder.join(file)).expect("the sentences are beside this file");
        let total = measure(&linter, file, &rows);
        println!("{file}: recall {} %, precision {} %", total.recall(), total.precision());
        if total.recall() < recall || total.precision() < precision {
            lost.push(format!("{file} must reach recall {recall} %, precision {precision} %"));
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

/// Prints the figures of each sin; those of all of them together are the answer.
fn measure(linter: &Linter, file: &str, rows: &str) -> Tally {
    let mut total = Tally::default();
    let mut by_sin: BTreeMap<&str, Tally> = BTreeMap::new();
    for row in rows.lines().filter(|it| !it.trim().is_empty()) {
        let mut columns = row.split('\t');
        let (Some(sin), Some(kind), Some(sentence)) = (columns.next(), columns.next(), columns.next()) else {
            panic!("{file}: expected sin, bad or good, sentence: {row}");
        };
        let diagnostics = linter.lint_without_fixes(&Document::plain(sentence));
        let is_found = diagnostics.iter().any(|it| it.rule.sin == sin);
        total.add(kind == "bad", is_found);
        by_sin.entry(sin).or_default().add(kind == "bad", is_found);
    }
    for (sin, tally) in by_sin {
        let Tally { found, missed, noise } = tally;
        println!("{file} {sin:28} found {found:3}  missed {missed:3}  noise {noise:3}");
    }
    total
}
