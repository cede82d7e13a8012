//! Which patterns a sentence may match: cheap, may be wrong, never misses.
//!
//! Each pattern has an anchor, the rarest words without which it cannot match; a sentence's words call up the patterns
//! that they anchor. Most of these ask in vain for other words near their anchor: signatures tell, a bit for a few
//! groups of words. And a sentence that is plainly in one language calls up no pattern of another.

use std::collections::BTreeMap;

use crate::{
    flat::{Flat, List, Lists},
    image::{ImageError, Reader, Writer},
    rule_set::{FARTHEST, Link, RuleSet},
    sentence::MOST_WORDS,
    signature::{Signature, share_bits},
    word_table::{EntryId, Symbol, WordTable},
    words::Words,
};

/// For every symbol, the patterns it anchors and the groups that it helps to find.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidates {
    /// By symbol: the anchors that it is part of.
    anchors: Lists<u32>,
    /// By anchor.
    anchored: Lists<Anchored>,
    /// By symbol: the bits of its signature.
    bits: Lists<u8>,
    /// The symbol of the everyday words of the first few languages; [`NO_SYMBOL`] where they are not known.
    everyday: List<Symbol>,
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

impl Flat for Anchored {
    type Words = [u32; 2];

    fn to_words(self) -> [u32; 2] {
        let near = [self.before.bit, self.before.reach, self.after.bit, self.after.reach];
        [self.pattern << 3 | u32::from(self.language), u32::from_le_bytes(near)]
    }

    fn from_words([pattern, near]: [u32; 2]) -> Anchored {
        let [before, before_reach, after, after_reach] = near.to_le_bytes();
        let near = |bit, reach| Near { bit, reach };
        let language = (pattern & 7) as u8;
        Anchored {
            pattern: pattern >> 3,
            language,
            before: near(before, before_reach),
            after: near(after, after_reach),
        }
    }
}

/// What must stand near an anchor.
#[derive(Clone, Copy, Debug, Default)]
struct Near {
    /// Of a signature.
    bit: u8,
    /// In words, a power of two; 0 if nothing must.
    reach: u8,
}

/// Languages that are told from each other this early; patterns of any others are never held back.
const N_LANGUAGES: usize = 7;
const NO_SYMBOL: Symbol = Symbol::MAX;

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
    /// Those of all rules, on or off.
    pub fn new(rules: &RuleSet) -> Candidates {
        let number = |language: u32| match rules.languages[language as usize].everyday {
            Some(_) if (language as usize) < N_LANGUAGES => language as u8,
            _ => N_LANGUAGES as u8,
        };
        let near = rules.patterns.iter().flat_map(|it| [it.before, it.after]).flatten().map(|it| it.group);
        let bit_of = share_bits(rules, near);
        let near = |it: Option<Link>| {
            it.map_or_else(Near::default, |it| Near { bit: bit_of[&it.group], reach: it.reach.next_power_of_two() })
        };
        let mut anchored: BTreeMap<u32, Vec<Anchored>> = BTreeMap::new();
        for (pattern, it) in (0..).zip(rules.patterns.iter()) {
            let language = number(rules.rules.get(rules.phrases.get(it.phrase as usize).rule as usize).language);
            let (before, after) = (near(it.before), near(it.after));
            anchored.entry(it.anchor).or_default().push(Anchored { pattern, language, before, after });
        }
        let symbols_of = |group: u32| rules.groups.of(group as usize);
        let anchors =
            (0..).zip(anchored.keys()).flat_map(|(anchor, it)| symbols_of(*it).iter().map(move |it| (*it, anchor)));
        let bits = bit_of.iter().flat_map(|(group, bit)| symbols_of(*group).iter().map(move |it| (*it, *bit)));
        let everyday = rules.languages.iter().take(N_LANGUAGES).map(|it| it.everyday.unwrap_or(NO_SYMBOL)).collect();
        let n_symbols = rules.words.n_symbols();
        Candidates {
            anchors: by_symbol(n_symbols, anchors),
            bits: by_symbol(n_symbols, bits),
            anchored: anchored.into_values().collect(),
            everyday,
        }
    }

    /// Writes them, to be read by [`Candidates::read`].
    pub fn write(&self, image: &mut Writer) {
        image.lists(&self.anchors);
        image.lists(&self.anchored);
        image.lists(&self.bits);
        image.list(&self.everyday);
    }

    /// What [`Candidates::write`] wrote.
    pub fn read(image: &mut Reader) -> Result<Candidates, ImageError> {
        let (anchors, anchored) = (image.lists()?, image.lists()?);
        Ok(Candidates { anchors, anchored, bits: image.lists()?, everyday: image.list()? })
    }

    /// Fills `patterns` with those that `words` may match; the same one may come twice.
    pub fn of(&self, words: &Words, table: &WordTable, memory: &mut Memory, patterns: &mut Vec<u32>) {
        patterns.clear();
        if memory.met.is_empty() {
            memory.met = vec![0; table.n_entries()];
        }
        let spoken = self.read_words(words, table, memory);
        for &(entry, place) in &words.hits {
            let entry = &memory.entries[memory.met[entry as usize] as usize - 1];
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
    fn read_words(&self, words: &Words, table: &WordTable, memory: &mut Memory) -> u32 {
        let mut n_everyday = 0u64;
        memory.windows.resize(N_WINDOWS * STRIDE, Signature::default());
        memory.windows[..=words.len()].fill(Signature::default());
        for &(entry, place) in &words.hits {
            if memory.met[entry as usize] == 0 {
                self.meet(entry, table, memory);
            }
            let known = &memory.entries[memory.met[entry as usize] as usize - 1];
            let signature = &mut memory.windows[usize::from(place)];
            *signature = signature.with(known.signature);
            n_everyday += known.everyday;
        }
        memory.widen(words.len() + 1);
        spoken(n_everyday)
    }

    /// Learns what an entry's symbols come to.
    fn meet(&self, entry: EntryId, table: &WordTable, memory: &mut Memory) {
        let symbols = table.symbols(entry);
        let start = memory.anchored.len() as u32;
        for &anchor in symbols.iter().flat_map(|&it| self.anchors.of(it as usize)) {
            memory.anchored.extend(self.anchored.of(anchor as usize).iter().map(|it| Anchored::from_words(*it)));
        }
        let bits = symbols.iter().flat_map(|&it| self.bits.of(it as usize));
        let signature = bits.fold(Signature::default(), |all, &bit| all.with(Signature::one(bit)));
        let everyday = (0..).zip(self.everyday.iter()).filter(|it| symbols.contains(&it.1));
        let everyday = everyday.map(|it| 1 << (8 * it.0)).sum();
        let end = memory.anchored.len() as u32;
        memory.entries.push(EntryMemory { signature, everyday, start, end });
        memory.met[entry as usize] = memory.entries.len() as u32;
    }
}

/// What belongs to each symbol.
fn by_symbol<T: Flat>(n_symbols: usize, items: impl Iterator<Item = (Symbol, T)>) -> Lists<T> {
    let mut lists = vec![Vec::new(); n_symbols];
    for (symbol, item) in items {
        lists[symbol as usize].push(item);
    }
    lists.into_iter().collect()
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

const _: () = assert!(MOST_WORDS < 256, "everyday words are counted in bytes");
