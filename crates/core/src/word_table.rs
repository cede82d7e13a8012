//! Which patterns and sets a word belongs to, looked up once per word of a text.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::flat::{self, Flat};

/// What patterns ask of a word, as a number: this word, this stem, a member of this set.
pub(crate) type Symbol = u32;

/// Symbols with a meaning of their own: no word list can say them.
pub(crate) mod builtin {
    use super::Symbol;

    pub(crate) const NUMBER: Symbol = 0;
    pub(crate) const NAME: Symbol = 1;
    pub(crate) const PLACEHOLDER: Symbol = 2;
    pub(crate) const EMAIL: Symbol = 3;
    pub(crate) const LINK: Symbol = 4;
    pub(crate) const COUNT: Symbol = 5;

    /// Sets by these names, in every language.
    pub(crate) const NAMES: [(&str, Symbol); 5] =
        [("number", NUMBER), ("name", NAME), ("placeholder", PLACEHOLDER), ("email", EMAIL), ("link", LINK)];
}

/// Every word and stem that some pattern names, laid out flat: a program that starts has nothing to build.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct WordTable {
    /// All words and stems, one after the other.
    letters: String,
    #[serde(with = "flat")]
    entries: Vec<Entry>,
    /// The symbols of every entry, one after the other.
    #[serde(with = "flat")]
    symbols: Vec<Symbol>,
    n_symbols: Symbol,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Bytes of `letters`.
    len: u16,
    n_symbols: u16,
    is_stem: bool,
}

impl Flat for Entry {
    type Words = [u32; 2];

    fn to_words(&self) -> [u32; 2] {
        [u32::from(self.len) << 1 | u32::from(self.is_stem), self.n_symbols.into()]
    }

    fn from_words([word, n_symbols]: [u32; 2]) -> Option<Entry> {
        let (len, n_symbols) = ((word >> 1).try_into().ok()?, n_symbols.try_into().ok()?);
        Some(Entry { len, n_symbols, is_stem: word & 1 == 1 })
    }
}

impl WordTable {
    /// How many symbols there are, the builtin ones included.
    pub fn n_symbols(&self) -> usize {
        self.n_symbols.max(builtin::COUNT) as usize
    }

    /// Each word or stem with its symbols, as a range of the flat list.
    fn iter(&self) -> impl Iterator<Item = (&str, bool, SymbolRange)> {
        let (mut letter, mut symbol) = (0, 0);
        self.entries.iter().map(move |entry| {
            let word = &self.letters[letter..letter + usize::from(entry.len)];
            let range = SymbolRange { start: symbol, len: entry.n_symbols };
            letter += usize::from(entry.len);
            symbol += u32::from(entry.n_symbols);
            (word, entry.is_stem, range)
        })
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct SymbolRange {
    start: u32,
    len: u16,
}

impl SymbolRange {
    fn of(self, symbols: &[Symbol]) -> &[Symbol] {
        &symbols[self.start as usize..self.start as usize + usize::from(self.len)]
    }
}

/// A word table while rules are being added to it.
#[derive(Debug, Default)]
pub(crate) struct WordTableBuilder {
    /// By word, and whether it is a stem.
    entries: BTreeMap<(String, bool), Vec<Symbol>>,
    n_symbols: Symbol,
}

impl WordTableBuilder {
    /// To add to what `table` has.
    pub fn from(table: &WordTable) -> WordTableBuilder {
        let owned = |(word, is_stem, range): (&str, bool, SymbolRange)| {
            ((word.to_owned(), is_stem), range.of(&table.symbols).to_vec())
        };
        WordTableBuilder { entries: table.iter().map(owned).collect(), n_symbols: table.n_symbols }
    }

    /// A symbol that no word has yet.
    pub fn new_symbol(&mut self) -> Symbol {
        let symbol = self.n_symbols.max(builtin::COUNT);
        self.n_symbols = symbol + 1;
        symbol
    }

    /// Gives a symbol to a folded word, or to every word that starts with a folded stem of three letters or more.
    pub fn add(&mut self, word: &str, is_stem: bool, symbol: Symbol) {
        let symbols = self.entries.entry((word.to_owned(), is_stem)).or_default();
        if !symbols.contains(&symbol) {
            symbols.push(symbol);
        }
    }

    /// The table. Each word has the symbols of its stems too, so one look finds all of them.
    pub fn build(self) -> WordTable {
        let mut table = WordTable { n_symbols: self.n_symbols, ..WordTable::default() };
        for ((word, is_stem), symbols) in &self.entries {
            let first = table.symbols.len();
            table.symbols.extend(symbols);
            if !is_stem {
                let stems = (1..=word.len()).filter_map(|len| self.entries.get(&(word.get(..len)?.to_owned(), true)));
                let others = stems.flatten().filter(|it| !symbols.contains(it));
                table.symbols.extend(others);
            }
            table.letters.push_str(word);
            let n_symbols = (table.symbols.len() - first) as u16;
            table.entries.push(Entry { len: word.len() as u16, n_symbols, is_stem: *is_stem });
        }
        table
    }
}

/// A word table made ready for looking up.
///
/// What it finds are *entries* of the table, by number: the word itself, or else each stem that it starts with.
#[derive(Debug)]
pub(crate) struct WordIndex {
    /// Words of up to sixteen bytes, packed: open addressing, a power of two, at most half full; 0 is free.
    keys: Vec<u128>,
    /// The entry of each key.
    entries: Vec<EntryId>,
    longer: FxHashMap<Box<str>, EntryId>,
    /// Stems, those with the same hash of their first three bytes together.
    stems: Vec<Stem>,
    /// By hash: where its stems start; they end where the next ones start.
    bucket_starts: Vec<u32>,
    symbols: Vec<Symbol>,
    /// The symbols of each entry.
    ranges: Vec<SymbolRange>,
    n_symbols: usize,
}

/// An entry of a word table, by number. The first ones are the builtin symbols, which no word list can say.
pub(crate) type EntryId = u32;

#[derive(Clone, Copy, Debug)]
struct Stem {
    /// Its first sixteen bytes, packed: enough to tell stems apart.
    key: u128,
    mask: u128,
    entry: EntryId,
}

/// A folded word, ready to be looked up.
#[derive(Clone, Copy)]
pub(crate) struct Word<'a> {
    /// Its first sixteen bytes, packed.
    pub key: u128,
    /// All of it, where it is longer than sixteen bytes.
    pub long: Option<&'a str>,
}

impl WordIndex {
    pub fn new(table: &WordTable) -> WordIndex {
        let slots = (table.entries.len() * 2 + 2).next_power_of_two();
        let mut index = WordIndex {
            keys: vec![0; slots],
            entries: vec![0; slots],
            longer: FxHashMap::default(),
            stems: Vec::new(),
            bucket_starts: Vec::new(),
            symbols: (0..builtin::COUNT).chain(table.symbols.iter().copied()).collect(),
            ranges: (0..builtin::COUNT).map(|start| SymbolRange { start, len: 1 }).collect(),
            n_symbols: table.n_symbols(),
        };
        for (word, is_stem, symbols) in table.iter() {
            let entry = index.ranges.len() as EntryId;
            index.ranges.push(SymbolRange { start: symbols.start + builtin::COUNT, ..symbols });
            index.insert(word, is_stem, entry);
        }
        index.stems.sort_by_key(|it| stem_bucket(it.key));
        let start = |bucket: usize| index.stems.partition_point(|it| stem_bucket(it.key) < bucket) as u32;
        index.bucket_starts = (0..=STEM_BUCKETS).map(start).collect();
        index
    }

    fn insert(&mut self, word: &str, is_stem: bool, entry: EntryId) {
        let key = pack(word.as_bytes());
        if is_stem {
            self.stems.push(Stem { key, mask: mask(word.len()), entry });
        } else if word.len() > PACKED {
            self.longer.insert(word.into(), entry);
        } else {
            let slot = self.slot(key);
            self.keys[slot] = key;
            self.entries[slot] = entry;
        }
    }

    /// How many symbols there are.
    pub fn n_symbols(&self) -> usize {
        self.n_symbols
    }

    /// How many entries there are, the builtin ones included.
    pub fn n_entries(&self) -> usize {
        self.ranges.len()
    }

    /// The symbols of an entry.
    pub fn symbols(&self, entry: EntryId) -> &[Symbol] {
        self.ranges[entry as usize].of(&self.symbols)
    }

    /// Calls `found` with each entry of a word.
    #[inline]
    pub fn entries_of(&self, word: Word, mut found: impl FnMut(EntryId)) {
        match word.long {
            None => {
                let slot = self.slot(word.key);
                if self.keys[slot] == word.key {
                    return found(self.entries[slot]);
                }
            }
            Some(long) => {
                if let Some(&entry) = self.longer.get(long) {
                    return found(entry);
                }
            }
        }
        let bucket = stem_bucket(word.key);
        for stem in &self.stems[self.bucket_starts[bucket] as usize..self.bucket_starts[bucket + 1] as usize] {
            if word.key & stem.mask == stem.key {
                found(stem.entry);
            }
        }
    }

    /// Where a key is, or would be.
    #[inline]
    fn slot(&self, key: u128) -> usize {
        let mask = self.keys.len() - 1;
        let mut slot = hash(key) as usize & mask;
        while self.keys[slot] != key && self.keys[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

/// Bytes of a word that a key holds.
pub(crate) const PACKED: usize = 16;
const STEM_BUCKETS: usize = 1 << 11;

/// The first sixteen bytes of a word, as a number.
pub(crate) fn pack(word: &[u8]) -> u128 {
    let mut bytes = [0; PACKED];
    let len = word.len().min(PACKED);
    bytes[..len].copy_from_slice(&word[..len]);
    u128::from_le_bytes(bytes)
}

/// The first sixteen bytes at `start`, and the length of the run of ASCII letters and digits there, within `stop`:
/// bytes, and any number above sixteen where it is longer than that.
#[inline]
pub(crate) fn first_word(bytes: &[u8], start: usize, stop: usize) -> (u128, usize) {
    let block = bytes.get(start..start + PACKED).and_then(|it| it.try_into().ok());
    let block = block.map_or_else(|| pack(&bytes[start..]), u128::from_le_bytes);
    let mut len = n_alphanumeric(block as u64);
    if len == HALF {
        len += n_alphanumeric((block >> 64) as u64);
    }
    let len = len.min(stop - start);
    let goes_on = len == PACKED && bytes[..stop].get(start + PACKED).is_some_and(u8::is_ascii_alphanumeric);
    (block, len + usize::from(goes_on))
}

/// How many of eight bytes are ASCII letters or digits, up to the first that is not.
#[inline]
fn n_alphanumeric(block: u64) -> usize {
    let low = block & !HIGH;
    let small = low | EACH << 5;
    // Within seven bits nothing is carried from byte to byte.
    let from = |it: u64, first: u8| it + EACH * u64::from(0x80 - first);
    let letters = from(small, b'a') & !from(small, b'z' + 1);
    let digits = from(low, b'0') & !from(low, b'9' + 1);
    let others = !(letters | digits) | block;
    (others & HIGH).trailing_zeros() as usize / 8
}

const HALF: usize = PACKED / 2;
/// One in each byte, and its highest bit.
const EACH: u64 = u64::from_le_bytes([1; HALF]);
const HIGH: u64 = EACH << 7;

/// The key of `len` ASCII letters and digits at the start of a block, made small.
pub(crate) fn small(block: u128, len: usize) -> u128 {
    // In ASCII, this bit makes a letter small and is set in every digit.
    const SMALL: u128 = u128::from_le_bytes([0x20; PACKED]);
    (block | SMALL) & mask(len)
}

/// The bits that the first `len` bytes of a key take.
#[inline]
pub(crate) fn mask(len: usize) -> u128 {
    MASKS[len.min(PACKED)]
}

static MASKS: [u128; PACKED + 1] = {
    let mut masks = [0; PACKED + 1];
    let mut len = 1;
    while len <= PACKED {
        masks[len] = masks[len - 1] << 8 | 0xff;
        len += 1;
    }
    masks
};

fn hash(key: u128) -> u64 {
    let folded = (key as u64) ^ ((key >> 64) as u64).rotate_left(29);
    let mixed = folded.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ mixed >> 32
}

fn stem_bucket(key: u128) -> usize {
    let first_three = key as u32 & 0xff_ffff;
    (first_three.wrapping_mul(0x9e37_79b1) >> 21) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols(index: &WordIndex, word: &str) -> Vec<Symbol> {
        let mut found = Vec::new();
        let long = (word.len() > PACKED).then_some(word);
        let word = Word { key: pack(word.as_bytes()), long };
        index.entries_of(word, |it| found.extend_from_slice(index.symbols(it)));
        found.sort_unstable();
        found
    }

    #[test]
    fn the_first_word_ends_where_letters_and_digits_do() {
        let len = |text: &str| first_word(text.as_bytes(), 0, text.len()).1;
        assert_eq!(["", "a", "Ab9 c", "z{", "A@", "Z[", "0/", "9:", "`a"].map(len), [0, 1, 3, 1, 1, 1, 1, 1, 0]);
        assert_eq!(["été", "abé", "sixteen letters ", "sixteenletters16"].map(len), [0, 2, 7, 16]);
        assert!(len("sixteenletters16and") > PACKED);
        assert_eq!(first_word(b"goodbye", 0, 4).1, 4, "not past the end of the sentence");
        for byte in 0..=255u8 {
            let expected = usize::from(byte.is_ascii_alphanumeric());
            assert_eq!(first_word(&[byte, b' '], 0, 2).1, expected, "{byte}");
        }
    }

    #[test]
    fn words_and_stems_have_their_symbols() {
        let mut builder = WordTableBuilder::default();
        let (sorry, apology, long, stem) =
            (builder.new_symbol(), builder.new_symbol(), builder.new_symbol(), builder.new_symbol());
        builder.add("sorry", false, sorry);
        builder.add("apologies", false, sorry);
        builder.add("apolog", true, apology);
        builder.add("anticonstitutionnellement", false, long);
        builder.add("anticonstitutionnel", true, stem);
        let index = WordIndex::new(&WordTableBuilder::from(&builder.build()).build());
        assert_eq!(symbols(&index, "sorry"), [sorry]);
        assert_eq!(symbols(&index, "apologies"), [sorry, apology]);
        assert_eq!(symbols(&index, "apologising"), [apology]);
        assert!(symbols(&index, "apo").is_empty());
        assert_eq!(symbols(&index, "anticonstitutionnellement"), [long, stem]);
    }
}
