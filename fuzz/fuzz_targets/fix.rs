//! Any reply made of sinful sentences and noise: fixing twice is fixing once, and no placeholder, link or address changes.
#![no_main]

use std::sync::LazyLock;

use absolve_core::{
    document::Document, fix::fix, format::Format, linter::Linter, rule_pack::RulePack, segment::Segment,
};
use libfuzzer_sys::fuzz_target;

static LINTER: LazyLock<Linter> = LazyLock::new(|| Linter::new(absolve_rules::builtin()));
static PACK: LazyLock<RulePack> = LazyLock::new(absolve_rules::builtin_pack);

/// Sentences that the rules find, so that there is something to fix.
static SINS: LazyLock<Vec<&str>> =
    LazyLock::new(|| PACK.rules.iter().flat_map(|it| &it.content.bad).map(|it| it.text.as_ref().as_str()).collect());

fuzz_target!(|data: (u8, Vec<(u16, &str)>)| {
    let (format, pieces) = data;
    let format = [Format::Text, Format::Markdown, Format::Html][usize::from(format) % 3];
    let pieces = pieces.iter().map(|(sin, noise)| format!("{noise}{} ", SINS[usize::from(*sin) % SINS.len()]));
    let Ok(document) = Document::parse(pieces.collect::<String>(), format) else { return };
    let fixed = fix(&LINTER, &document).document;
    let again = fix(&LINTER, &fixed).document;
    assert_eq!(again.text, fixed.text, "of {:?}", document.text);
    assert_eq!(atoms(&fixed), atoms(&document), "{:?} became {:?}", document.text, fixed.text);
});

/// What no fix may change.
fn atoms(document: &Document) -> Vec<String> {
    let of_segment = |segment: &Segment| {
        let prose = segment.text(&document.text);
        segment.atoms.iter().map(|it| prose[it.span.range()].to_owned()).collect::<Vec<_>>()
    };
    document.segments.iter().flat_map(of_segment).collect()
}
