//! Which patterns a sentence may match: cheap, may be wrong, never misses.
//!
//! Each pattern has an anchor, the rarest words without which it cannot match; a sentence's words call up the patterns
//! that they anchor. A signature (one bit for a few groups of words) then asks for the pattern's other words.

use crate::{
    rule_set::RuleSet,
    word_table::{EntryId, WordIndex},
    words::Words,
};

/// For every entry of the word table, the patterns it anchors.
#[derive(Debug)]
pub(crate) struct Candidates {
    /// By entry: what the word brings to its sentence's signature.
    signatures: Vec<Signature>,
    /// By entry: the end of its part of `anchored`; it starts where the one before ends.
    ends: Vec<u32>,
    /// Patterns, for one entry after the other.
    anchored: Vec<u32>,
    /// By pattern: the bits of the groups that it needs besides its anchor.
    needs: Vec<Signature>,
}

/// A bit for each of the groups of words that patterns need besides their anchor; several groups share one.
#[derive(Clone, Copy, Debug, Default)]
struct Signature([u128; 2]);

impl Candidates {
    pub fn new(rules: &RuleSet, index: &WordIndex) -> Candidates {
        let mut by_symbol: Vec<Vec<u32>> = vec![Vec::new(); index.n_symbols()];
        let mut all_needs = vec![Signature::default(); rules.patterns.len()];
        let mut bits = vec![Signature::default(); index.n_symbols()];
        for (pattern, it) in (0..).zip(&rules.patterns) {
            if !rules.is_enabled(it) {
                continue;
            }
            let others = it.rare.iter().copied().filter(|&group| group != it.anchor);
            let needs = others.clone().fold(Signature::default(), |needs, group| needs.with(Signature::of(group)));
            all_needs[pattern as usize] = needs;
            for &symbol in &rules.groups[it.anchor as usize] {
                by_symbol[symbol as usize].push(pattern);
            }
            for group in others {
                for &symbol in &rules.groups[group as usize] {
                    bits[symbol as usize] = bits[symbol as usize].with(Signature::of(group));
                }
            }
        }
        let mut candidates = Candidates { signatures: vec![], ends: vec![], anchored: vec![], needs: all_needs };
        for entry in 0..index.n_entries() as EntryId {
            let symbols = index.symbols(entry);
            let signature = symbols.iter().fold(Signature::default(), |all, &it| all.with(bits[it as usize]));
            candidates.signatures.push(signature);
            symbols.iter().for_each(|&it| candidates.anchored.extend(&by_symbol[it as usize]));
            candidates.ends.push(candidates.anchored.len() as u32);
        }
        candidates
    }

    /// Fills `patterns` with those that `words` may match; the same one may come twice.
    pub fn of(&self, words: &Words, patterns: &mut Vec<u32>) {
        patterns.clear();
        let signatures = words.hits.iter().map(|it| self.signatures[it.0 as usize]);
        let signature = signatures.fold(Signature::default(), Signature::with);
        for &(entry, _) in &words.hits {
            let candidates = self.anchored_by(entry).iter().copied();
            patterns.extend(candidates.filter(|&it| signature.has(self.needs[it as usize])));
        }
    }

    fn anchored_by(&self, entry: EntryId) -> &[u32] {
        let entry = entry as usize;
        let start = entry.checked_sub(1).map_or(0, |it| self.ends[it]);
        &self.anchored[start as usize..self.ends[entry] as usize]
    }
}

impl Signature {
    fn of(group: u32) -> Signature {
        let bit = group.wrapping_mul(0x9e37_79b1) >> 24;
        let mut halves = [0; 2];
        halves[bit as usize >> 7] = 1 << (bit & 127);
        Signature(halves)
    }

    fn with(self, other: Signature) -> Signature {
        Signature([self.0[0] | other.0[0], self.0[1] | other.0[1]])
    }

    /// Whether every bit of `needs` is here.
    fn has(self, needs: Signature) -> bool {
        needs.0[0] & !self.0[0] | needs.0[1] & !self.0[1] == 0
    }
}
