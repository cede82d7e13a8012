//! A bit for each of the groups of words that patterns need near their anchor: few enough to note where each stands.

use std::{cmp::Reverse, collections::BTreeMap};

use crate::{rule_set::RuleSet, word_table::Symbol};

/// How many bits there are; the first is that of no group.
pub(crate) const N_BITS: usize = 512;

/// Gives each of `groups`, which come as often as patterns ask for them, a bit. Groups that have much in common share
/// one: a word of the one is then not taken for a word of another, or it is in both.
pub(crate) fn share_bits(rules: &RuleSet, groups: impl Iterator<Item = u32>) -> BTreeMap<u32, u16> {
    let mut asked: BTreeMap<u32, u64> = BTreeMap::new();
    groups.for_each(|it| *asked.entry(it).or_default() += 1);
    // How common a word is in texts is not known; how many patterns ask for it is a fair guess.
    let mut commonness = vec![0; rules.words.n_symbols()];
    for (&group, asked) in &asked {
        rules.groups.of(group as usize).iter().for_each(|&it| commonness[it as usize] += asked);
    }
    let common = |group: u32| rules.groups.of(group as usize).iter().map(|&it| commonness[it as usize]).sum::<u64>();
    let mut commonest: Vec<(u32, u64)> = asked.into_iter().collect();
    commonest.sort_by_key(|&(group, _)| (Reverse(common(group)), group));
    let mut shares = vec![Share { has: vec![false; commonness.len()], common: 0, asked: 0 }; N_BITS - 1];
    let mut bits = BTreeMap::new();
    for (group, asked) in commonest {
        let symbols = rules.groups.of(group as usize);
        let cheapest = cheapest(&shares, symbols, asked, &commonness);
        let share = &mut shares[cheapest];
        share.common = share.with(symbols, asked, &commonness).0;
        share.asked += asked;
        symbols.iter().for_each(|&it| share.has[it as usize] = true);
        bits.insert(group, cheapest as u16 + 1);
    }
    bits
}

/// Which share answers the fewest questions wrongly if it takes a group.
fn cheapest(shares: &[Share], symbols: &[Symbol], asked: u64, commonness: &[u64]) -> usize {
    let mut cheapest = (u64::MAX, 0);
    for (index, share) in shares.iter().enumerate() {
        // What a share has in it already is wrong for the newcomer, whatever that is: most need no closer look.
        if share.common.saturating_mul(asked) < cheapest.0 {
            cheapest = cheapest.min((share.with(symbols, asked, commonness).1, index));
        }
    }
    cheapest.1
}

/// The groups that share a bit.
#[derive(Clone)]
struct Share {
    /// By symbol.
    has: Vec<bool>,
    /// How common its symbols are together.
    common: u64,
    /// How often it is asked for.
    asked: u64,
}

impl Share {
    /// How common its symbols would be with more of them, and how many more questions would be answered wrongly.
    fn with(&self, symbols: &[Symbol], asked: u64, commonness: &[u64]) -> (u64, u64) {
        let new = symbols.iter().filter(|&&it| !self.has[it as usize]).map(|&it| commonness[it as usize]);
        let common = self.common + new.sum::<u64>();
        (common, common * (self.asked + asked) - self.common * self.asked)
    }
}
