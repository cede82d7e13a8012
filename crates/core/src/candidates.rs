//! Which patterns a sentence may match: cheap, may be wrong, never misses.
//!
//! Each pattern has an anchor, the rarest words without which it cannot match; a sentence's words call up the patterns
//! that they anchor. Most of these ask in vain for other words near their anchor: signatures tell, a bit for a few
//! groups of words. And a sentence that is plainly in one language calls up no pattern of another.

use crate::{
    rule_set::{FARTHEST, Link, RuleSet},
    sentence::MOST_WORDS,
    word_table::{EntryId, Symbol, WordIndex},
    words::Words,
};

/// For every symbol, the patterns it anchors and the groups that it helps to find.
#[derive(Debug)]
pub(crate) struct Candidates {
    /// By symbol: where its part of `anchored` starts; it ends where the next one starts.
    starts: Vec<u32>,
    anchored: Vec<Anchored>,
    /// By symbol.
    signatures: Vec<Signature>,
    /// The symbol of the everyday words of the first few languages.
    everyday: Vec<Symbol>,
}

/// A pattern as its anchor calls it up.
#[derive(Clone, Copy, Debug, Default)]
struct Anchored {
    pattern: u32,
    /// By number; only [`N_LANGUAGES`] have one.
    language: u8,
    before: Near,
    after: Near,
}

/// What must stand near an anchor.
#[derive(Clone, Copy, Debug, Default)]
struct Near {
    /// Of a signature.
    bit: u8,
    /// In words, a power of two; 0 if nothing must.
    reach: u8,
}

/// A bit for each of the groups of words that patterns need near their anchor; several groups share one.
#[derive(Clone, Copy, Debug, Default)]
struct Signature([u64; 4]);

/// Languages that are told from each other this early; patterns of any others are never held back.
const N_LANGUAGES: usize = 7;

/// What a run of candidates allocates and learns, kept for the next one.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// By entry of the word table: the number of its `entries`, counted from 1; 0 if it was not met yet.
    met: Vec<u32>,
    entries: Vec<EntryMemory>,
    anchored: Vec<Anchored>,
    /// At `n * STRIDE + i`: the signature of the `1 << n` words from word `i` on.
    windows: Vec<Signature>,
}

/// What an entry's symbols come to.
#[derive(Clone, Copy, Debug)]
struct EntryMemory {
    signature: Signature,
    /// Whose everyday word it is: a one in the byte of each language.
    everyday: u64,
    /// Of `anchored`.
    start: u32,
    end: u32,
}

const N_WINDOWS: usize = 6;
const STRIDE: usize = MOST_WORDS.next_power_of_two();
const _: () = assert!(1 << (N_WINDOWS - 1) == FARTHEST);

impl Candidates {
    pub fn new(rules: &RuleSet, index: &WordIndex) -> Candidates {
        let enabled: Vec<_> = (0..).zip(&rules.patterns).filter(|it| rules.is_enabled(it.1)).collect();
        let languages = languages(rules);
        let anchored = enabled.iter().map(|(number, it)| {
            let language = languages[rules.phrases[it.phrase as usize].rule as usize];
            let anchored =
                Anchored { pattern: *number, language, before: Near::of(it.before), after: Near::of(it.after) };
            (rules.groups.of(it.anchor), anchored)
        });
        let (starts, anchored) = by_symbol(index.n_symbols(), anchored);
        let near = enabled.iter().flat_map(|it| [it.1.before, it.1.after]).flatten();
        let everyday = rules.everyday.iter().take(N_LANGUAGES).map(|it| it.1).collect();
        Candidates { starts, anchored, signatures: signatures(rules, index, near), everyday }
    }

    /// Fills `patterns` with those that `words` may match; the same one may come twice.
    pub fn of(&self, words: &Words, index: &WordIndex, memory: &mut Memory, patterns: &mut Vec<u32>) {
        patterns.clear();
        memory.met.resize(index.n_entries(), 0);
        let spoken = self.read(words, index, memory);
        for &(entry, place) in &words.hits {
            let entry = memory.entries[memory.met[entry as usize] as usize - 1];
            let anchored = &memory.anchored[entry.start as usize..entry.end as usize];
            let fits = |it: &&Anchored| {
                spoken >> it.language & 1 == 1
                    && memory.is_before(it.before, usize::from(place))
                    && memory.is_after(it.after, usize::from(place))
            };
            patterns.extend(anchored.iter().filter(fits).map(|it| it.pattern));
        }
    }

    /// Fills the windows, and returns the languages that the sentence may be in, a bit for each.
    fn read(&self, words: &Words, index: &WordIndex, memory: &mut Memory) -> u32 {
        let mut n_everyday = 0u64;
        memory.windows.resize(N_WINDOWS * STRIDE, Signature::default());
        memory.windows[..=words.len()].fill(Signature::default());
        for &(entry, place) in &words.hits {
            let known = self.entry(entry, index, memory);
            let signature = &mut memory.windows[usize::from(place)];
            *signature = signature.with(known.signature);
            n_everyday += known.everyday;
        }
        memory.widen(words.len() + 1);
        spoken(n_everyday)
    }

    fn entry(&self, entry: EntryId, index: &WordIndex, memory: &mut Memory) -> EntryMemory {
        match memory.met[entry as usize] {
            0 => self.meet(entry, index, memory),
            number => memory.entries[number as usize - 1],
        }
    }

    fn meet(&self, entry: EntryId, index: &WordIndex, memory: &mut Memory) -> EntryMemory {
        let symbols = index.symbols(entry);
        let start = memory.anchored.len() as u32;
        for &symbol in symbols {
            let (start, end) = (self.starts[symbol as usize], self.starts[symbol as usize + 1]);
            memory.anchored.extend(&self.anchored[start as usize..end as usize]);
        }
        let signatures = symbols.iter().map(|&it| self.signatures[it as usize]);
        let is_everyday = |symbol: &Symbol| symbols.contains(symbol);
        let everyday = (0..).zip(&self.everyday).filter(|it| is_everyday(it.1)).map(|it| 1 << (8 * it.0)).sum();
        let end = memory.anchored.len() as u32;
        let signature = signatures.fold(Signature::default(), Signature::with);
        let known = EntryMemory { signature, everyday, start, end };
        memory.entries.push(known);
        memory.met[entry as usize] = memory.entries.len() as u32;
        known
    }
}

/// The number of each rule's language; [`N_LANGUAGES`] if it has none.
fn languages(rules: &RuleSet) -> Vec<u8> {
    let number = |language: &str| rules.everyday.iter().take(N_LANGUAGES).position(|it| it.0 == language);
    rules.rules.iter().map(|it| number(&it.rule.language).unwrap_or(N_LANGUAGES) as u8).collect()
}

/// Lays out what belongs to symbols, symbol by symbol, and where each one's part starts.
fn by_symbol<'a, T: Copy + Default>(
    n_symbols: usize,
    items: impl Iterator<Item = (&'a [Symbol], T)> + Clone,
) -> (Vec<u32>, Vec<T>) {
    let mut starts = vec![0u32; n_symbols + 1];
    items.clone().flat_map(|it| it.0).for_each(|&symbol| starts[symbol as usize + 1] += 1);
    for symbol in 0..n_symbols {
        starts[symbol + 1] += starts[symbol];
    }
    let mut next = starts.clone();
    let mut laid_out = vec![T::default(); starts[n_symbols] as usize];
    for (symbols, item) in items {
        for &symbol in symbols {
            laid_out[next[symbol as usize] as usize] = item;
            next[symbol as usize] += 1;
        }
    }
    (starts, laid_out)
}

/// By symbol, the bits of those groups in `near` that it is in.
fn signatures(rules: &RuleSet, index: &WordIndex, near: impl Iterator<Item = Link>) -> Vec<Signature> {
    let mut signatures = vec![Signature::default(); index.n_symbols()];
    let mut done = vec![false; rules.groups.len()];
    for link in near {
        if std::mem::replace(&mut done[link.group as usize], true) {
            continue;
        }
        let signature = Signature::one(Near::of(Some(link)).bit);
        for &symbol in rules.groups.of(link.group) {
            signatures[symbol as usize] = signatures[symbol as usize].with(signature);
        }
    }
    signatures
}

/// From how many everyday words of each language a sentence has to the languages that no other has more words of than
/// they have, and those that nobody counts.
fn spoken(n_everyday: u64) -> u32 {
    let counts = n_everyday.to_le_bytes();
    let most = counts.iter().max().copied().unwrap_or_default();
    (0..N_LANGUAGES).filter(|&it| counts[it] == most).fold(1 << N_LANGUAGES, |all, it| all | 1 << it)
}

impl Memory {
    /// Fills the wider windows from the narrowest, for so many places.
    fn widen(&mut self, n_places: usize) {
        for width in 1..N_WINDOWS {
            let (narrow, wide) = self.windows.split_at_mut(width * STRIDE);
            let (narrow, wide) = (&narrow[narrow.len() - STRIDE..][..n_places], &mut wide[..n_places]);
            let step = n_places.min(1 << (width - 1));
            let (doubled, last) = wide.split_at_mut(n_places - step);
            for ((it, near), far) in doubled.iter_mut().zip(narrow).zip(&narrow[step..]) {
                *it = near.with(*far);
            }
            last.copy_from_slice(&narrow[n_places - step..]);
        }
    }

    /// Whether what `near` asks for may be among the words right before `place`.
    #[inline]
    fn is_before(&self, near: Near, place: usize) -> bool {
        near.reach == 0 || self.has(near, place.saturating_sub(usize::from(near.reach)))
    }

    /// Whether what `near` asks for may be among the words right after `place`.
    #[inline]
    fn is_after(&self, near: Near, place: usize) -> bool {
        near.reach == 0 || self.has(near, place + 1)
    }

    #[inline]
    fn has(&self, near: Near, start: usize) -> bool {
        self.windows[near.reach.trailing_zeros() as usize * STRIDE + start].has(near.bit)
    }
}

impl Near {
    fn of(link: Option<Link>) -> Near {
        let bit = |group: u32| (group.wrapping_mul(0x9e37_79b1) >> 24) as u8;
        link.map_or_else(Near::default, |it| Near { bit: bit(it.group), reach: it.reach.next_power_of_two() })
    }
}

impl Signature {
    fn one(bit: u8) -> Signature {
        let mut parts = [0; 4];
        parts[usize::from(bit >> 6)] = 1 << (bit & 63);
        Signature(parts)
    }

    fn with(self, other: Signature) -> Signature {
        Signature([0, 1, 2, 3].map(|it| self.0[it] | other.0[it]))
    }

    fn has(self, bit: u8) -> bool {
        self.0[usize::from(bit >> 6)] >> (bit & 63) & 1 == 1
    }
}

const _: () = assert!(MOST_WORDS < 256, "everyday words are counted in bytes");
