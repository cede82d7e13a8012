//! How long linting takes, on text made here: `cargo bench --bench lint`.
//!
//! Times of one run are to be compared with each other: by size (linear?), clean and sinful, with and without fixes.

use absolve_core::{document::Document, fix::fix, format::Format, linter::Linter, rule_set::RuleSet};
use divan::{Bencher, black_box, counter::BytesCount};

fn main() {
    divan::main();
}

/// Innocent sentences, as helpful replies are full of.
const CLEAN: &[&str] = &[
    "I checked order 48213 and the parcel left our warehouse on Tuesday.",
    "Your refund of 49 € will arrive on the card ending in 1234 by Friday.",
    "Hold the button for ten seconds until the light turns blue, then open the app again.",
    "We replaced the charger and shipped the new one this morning with order {{ticket.id}}.",
    "J'ai vérifié la commande 48213 : le colis a quitté l'entrepôt mardi.",
    "Votre remboursement de 49 € arrivera sur la carte se terminant par 1234 d'ici vendredi.",
    "Maintenez le bouton dix secondes jusqu'à ce que le voyant devienne bleu, puis rouvrez l'application.",
    "La facture de mars porte maintenant la bonne raison sociale et le bon numéro de TVA.",
];

/// Text of about `bytes` bytes, one reply a line; every `one_in`th sentence is a bad example of some rule. The others are
/// numbered: a sentence that was read before is read no more.
fn text(bytes: usize, one_in: usize) -> String {
    let pack = absolve_rules::builtin_pack();
    let bad: Vec<String> =
        pack.rules.iter().flat_map(|it| &it.content.bad).map(|it| it.text.as_ref().replace('\n', " ")).collect();
    let mut text = String::with_capacity(bytes + 200);
    for at in 0.. {
        if text.len() >= bytes {
            break;
        }
        match at % one_in {
            0 => text.push_str(&bad[at / one_in * 7 % bad.len()]),
            _ => text.push_str(&CLEAN[at * 5 % CLEAN.len()].replacen(' ', &format!(" {at} "), 1)),
        }
        text.push(if at % 6 == 5 { '\n' } else { ' ' });
    }
    text
}

fn linter() -> Linter {
    Linter::new(absolve_rules::builtin())
}

const NEVER: usize = usize::MAX;
const MEGABYTE: usize = 1_000_000;

#[divan::bench(args = [1, 2, 4, 8], sample_count = 5, sample_size = 1)]
fn clean_megabytes(bencher: Bencher, size: usize) {
    lint_text(bencher, text(size * MEGABYTE, NEVER));
}

#[divan::bench(args = [1, 2, 4, 8], sample_count = 5, sample_size = 1)]
fn sinful_megabytes(bencher: Bencher, size: usize) {
    lint_text(bencher, text(size * MEGABYTE, 5));
}

fn lint_text(bencher: Bencher, text: String) {
    let linter = linter();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| linter.lint_without_fixes(&Document::plain(black_box(text.as_str()))).len());
}

#[divan::bench]
fn a_first_reply_of_2_kb(bencher: Bencher) {
    let text = text(2_000, 5);
    let lint = |linter: &mut Linter| linter.lint(&Document::plain(black_box(text.as_str()))).len();
    bencher.with_inputs(linter).bench_refs(lint);
}

#[divan::bench]
fn the_same_reply_again(bencher: Bencher) {
    let (linter, text) = (linter(), text(2_000, 5));
    bencher.bench(|| linter.lint(&Document::plain(black_box(text.as_str()))).len());
}

#[divan::bench]
fn fix_a_reply_of_2_kb(bencher: Bencher) {
    let (linter, text) = (linter(), text(2_000, 5));
    bencher.bench(|| fix(&linter, &Document::plain(black_box(text.as_str()))).mended.len());
}

#[divan::bench(args = [Format::Text, Format::Markdown, Format::Html])]
fn read_a_megabyte(bencher: Bencher, format: Format) {
    let paragraphs = text(MEGABYTE, 5).replace('\n', "</p>\n\n<p>");
    let text =
        if format == Format::Html { format!("<p>{paragraphs}</p>") } else { paragraphs.replace("</p>\n\n<p>", "\n\n") };
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| Document::parse(black_box(text.as_str()), format).map(|it| it.segments.len()));
}

#[divan::bench]
fn load_all_rules() -> RuleSet {
    absolve_rules::builtin()
}

#[divan::bench]
fn start(bencher: Bencher) {
    bencher.bench(linter);
}
