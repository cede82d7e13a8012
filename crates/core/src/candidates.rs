//! Which patterns a sentence may match: cheap, may be wrong, never misses.
//!
//! Each pattern has an anchor, the rarest words without which it cannot match; a sentence's words call up the patterns
//! that they anchor. Most of these ask in vain for other words near their anchor: for each of a few hundred *bits*, which
//! groups of words share, it is known where in the sentence it stands. And a sentence that is plainly in one language
//! calls up no pattern of another.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    bits::{N_BITS, share_bits},
    flat::{Flat, List, Lists},
    image::{ImageError, Reader, Writer},
    rule_set::{Near, RuleSet},
    sentence::MOST_WORDS,
    word_table::{EntryId, Symbol, WordTable},
    words::{Places, Words},
};

/// For every symbol, the patterns it anchors and the groups that it helps to find.
#[derive(Clone, Debug, Default)]
pub(crate) struct Candidates {
    /// By symbol: the anchors that it is part of.
    anchors: Lists<u32>,
    /// By anchor.
    anchored: Lists<Anchored>,
    /// By symbol: its bits.
    bits: Lists<u16>,
    /// The symbol of the everyday words of the first few languages; [`NO_SYMBOL`] where they are not known.
    everyday: List<Symbol>,
}

/// A pattern as its anchor calls it up.
#[derive(Clone, Copy, Debug)]
struct Anchored {
    pattern: u32,
    /// By number; only [`N_LANGUAGES`] have one.
    language: u8,
    near: [Window; 2],
}

impl Flat for Anchored {
    type Words = [u32; 3];

    fn to_words(self) -> [u32; 3] {
        let [first, second] = self.near.map(Window::to_words);
        [self.pattern << 3 | u32::from(self.language), first, second]
    }

    #[inline]
    fn from_words([pattern, first, second]: [u32; 3]) -> Anchored {
        let near = [first, second].map(Window::from_words);
        Anchored { pattern: pattern >> 3, language: (pattern & 7) as u8, near }
    }
}

/// Where a bit must stand, seen from an anchor.
#[derive(Clone, Copy, Debug)]
struct Window {
    bit: u16,
    /// How many places after the anchor it begins, as if places were a ring.
    from: u8,
    /// In places.
    width: u8,
}

/// What is always there.
const ANYWHERE: Window = Window { bit: 0, from: 0, width: 1 };

impl Flat for Window {
    type Words = u32;

    fn to_words(self) -> u32 {
        u32::from(self.bit) << 16 | u32::from(self.from) << 8 | u32::from(self.width)
    }

    #[inline]
    fn from_words(words: u32) -> Window {
        Window { bit: (words >> 16) as u16, from: (words >> 8) as u8, width: words as u8 }
    }
}

/// Languages that are told from each other this early; patterns of any others are never held back.
const N_LANGUAGES: usize = 7;
const NO_SYMBOL: Symbol = Symbol::MAX;

/// What a run of candidates allocates and learns, kept for the next one.
#[derive(Debug)]
pub(crate) struct Memory {
    /// By entry of the word table: the number of its `entries`, counted from 1; 0 if it was not met yet.
    met: Vec<u32>,
    entries: Vec<EntryMemory>,
    anchored: Vec<Anchored>,
    bits: Vec<u16>,
    /// By bit: the places in the sentence where it stands.
    places: [Places; N_BITS],
}

impl Default for Memory {
    fn default() -> Memory {
        Memory { met: vec![], entries: vec![], anchored: vec![], bits: vec![], places: [0; N_BITS] }
    }
}

/// What an entry's symbols come to.
#[derive(Clone, Copy, Debug)]
struct EntryMemory {
    /// Whose everyday word it is: a one in the byte of each language.
    everyday: u64,
    /// Of `anchored`.
    start: u32,
    end: u32,
    /// Of `bits`.
    first_bit: u32,
    last_bit: u32,
}

impl Candidates {
    /// Those of all rules, on or off.
    pub fn new(rules: &RuleSet) -> Candidates {
        let number = |language: u32| match rules.languages[language as usize].everyday {
            Some(_) if (language as usize) < N_LANGUAGES => language as u8,
            _ => N_LANGUAGES as u8,
        };
        let bit_of = share_bits(rules, rules.patterns.iter().flat_map(|it| it.near).flatten().map(|it| it.group));
        let window = |it: Option<Near>| {
            it.map_or(ANYWHERE, |it| Window { bit: bit_of[&it.group], from: it.from as u8, width: it.width })
        };
        let mut anchored: BTreeMap<u32, Vec<Anchored>> = BTreeMap::new();
        for (pattern, it) in (0..).zip(rules.patterns.iter()) {
            let language = number(rules.rules.get(rules.phrases.get(it.phrase as usize).rule as usize).language);
            let near = it.near.map(window);
            anchored.entry(it.anchor).or_default().push(Anchored { pattern, language, near });
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

    /// Fills `patterns` with those that `words` may match, each once.
    pub fn of(&self, words: &Words, table: &WordTable, memory: &mut Memory, patterns: &mut Vec<u32>) {
        patterns.clear();
        if memory.met.is_empty() {
            memory.met = vec![0; table.n_entries()];
        }
        let spoken = self.read_words(words, table, memory);
        for &(entry, place) in &words.hits {
            let entry = &memory.entries[memory.met[entry as usize] as usize - 1];
            let anchored = &memory.anchored[entry.start as usize..entry.end as usize];
            let has = |it: &Window| memory.has(*it, place);
            let fits = |it: &&Anchored| spoken >> it.language & 1 == 1 && it.near.iter().all(has);
            patterns.extend(anchored.iter().filter(fits).map(|it| it.pattern));
        }
        patterns.sort_unstable();
        patterns.dedup();
    }

    /// Notes where each bit stands, and returns the languages that the sentence may be in, a bit for each.
    fn read_words(&self, words: &Words, table: &WordTable, memory: &mut Memory) -> u32 {
        let mut n_everyday = 0u64;
        memory.places.fill(0);
        memory.places[usize::from(ANYWHERE.bit)] = Places::MAX;
        for &(entry, place) in &words.hits {
            if memory.met[entry as usize] == 0 {
                self.meet(entry, table, memory);
            }
            let known = &memory.entries[memory.met[entry as usize] as usize - 1];
            for &bit in &memory.bits[known.first_bit as usize..known.last_bit as usize] {
                memory.places[usize::from(bit)] |= 1 << place;
            }
            n_everyday += known.everyday;
        }
        spoken(n_everyday)
    }

    /// Learns what an entry's symbols come to.
    fn meet(&self, entry: EntryId, table: &WordTable, memory: &mut Memory) {
        let symbols = table.symbols(entry);
        let start = memory.anchored.len() as u32;
        for &anchor in symbols.iter().flat_map(|&it| self.anchors.of(it as usize)) {
            memory.anchored.extend(self.anchored.of(anchor as usize).iter().map(|it| Anchored::from_words(*it)));
        }
        let bits: BTreeSet<u16> = symbols.iter().flat_map(|&it| self.bits.of(it as usize)).copied().collect();
        let first_bit = memory.bits.len() as u32;
        memory.bits.extend(bits);
        let last_bit = memory.bits.len() as u32;
        let everyday = (0..).zip(self.everyday.iter()).filter(|it| symbols.contains(&it.1));
        let everyday = everyday.map(|it| 1 << (8 * it.0)).sum();
        let end = memory.anchored.len() as u32;
        memory.entries.push(EntryMemory { everyday, start, end, first_bit, last_bit });
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
    /// Whether what a window asks for may be there, seen from `place`. One that looks out of the sentence sees its other end.
    #[inline]
    fn has(&self, window: Window, place: u8) -> bool {
        let Window { bit, from, width } = window;
        let places = self.places[usize::from(bit) % N_BITS].rotate_right(u32::from(place.wrapping_add(from)));
        places & ((1 << width) - 1) != 0
    }
}

const _: () = assert!(MOST_WORDS < 256, "everyday words are counted in bytes");
