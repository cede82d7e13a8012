//! The language around a sentence that is too short to tell its own: « Patience ! » is French among French sentences only.

use std::ops::Range;

use crate::{document::Document, line_index::floor_char_boundary, rule_set::RuleSet, span::Span, words::Words};

/// The language of the text around `sentence`, by number: the nearest that has more everyday words of one language than of
/// any other. `None` where nothing near tells. `words` is any reader; what it held is gone.
pub(crate) fn language_around(
    rules: &RuleSet,
    document: &Document,
    segment: usize,
    sentence: Span,
    words: &mut Words,
) -> Option<u32> {
    let own = std::iter::once((segment, sentence.start.saturating_sub(NEAR)..sentence.end + NEAR));
    let others = neighbours(document, segment).map(|it| (it, 0..NEAR));
    own.chain(others).find_map(|(segment, range)| leading(&count(rules, document, segment, range, words)))
}

/// Bytes that are read of what is near.
const NEAR: usize = 300;
/// Segments that are asked on each side.
const FARTHEST: usize = 8;

/// The segments around one, of the same reply, the nearest first.
fn neighbours(document: &Document, segment: usize) -> impl Iterator<Item = usize> {
    let item = document.segments[segment].item;
    let sides = (1..=FARTHEST).flat_map(move |step| [segment.checked_sub(step), Some(segment + step)]);
    sides.flatten().filter(move |&it| document.segments.get(it).is_some_and(|it| it.item == item))
}

/// How many everyday words of each language there are; none of languages that have no list of them.
fn count(rules: &RuleSet, document: &Document, segment: usize, range: Range<usize>, words: &mut Words) -> Vec<usize> {
    let segment = &document.segments[segment];
    let text = segment.text(&document.text);
    let mut rest = Span::new(floor_char_boundary(text, range.start), floor_char_boundary(text, range.end));
    let mut counts = vec![0; rules.languages.len()];
    while rest.start < rest.end {
        rest.start = words.read(&rules.words, text, rest, &segment.atoms, &[]);
        for &(entry, _) in &words.hits {
            let symbols = rules.words.symbols(entry);
            let is_everyday = rules.languages.iter().map(|it| it.everyday.is_some_and(|it| symbols.contains(&it)));
            counts.iter_mut().zip(is_everyday).for_each(|(count, is_everyday)| *count += usize::from(is_everyday));
        }
    }
    counts
}

/// The only one that has the most.
fn leading(counts: &[usize]) -> Option<u32> {
    let most = counts.iter().max()?;
    let mut leading = (0..).zip(counts).filter(|it| it.1 == most).map(|it| it.0);
    leading.next().filter(|_| leading.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_leads_does_so_alone() {
        assert_eq!(
            [vec![0, 3], vec![2, 1], vec![1, 1], vec![0], vec![]].map(|it| leading(&it)),
            [Some(1), Some(0), None, Some(0), None]
        );
    }
}
