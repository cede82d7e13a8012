//! Which patterns and sets a word belongs to, looked up once per word of a text.

use std::collections::BTreeMap;

use crate::{
    flat::{Flat, List},
    image::{ImageError, Reader, Writer},
};

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

/// Every word and stem that some pattern names, laid out flat and ready for looking up: a program that starts has
/// nothing to build.
///
/// What it finds are *entries*, by number: the word itself, or else each stem that it starts with.
#[derive(Clone, Debug)]
pub(crate) struct WordTable {
    /// The builtin symbols, which no word list can say, then words and stems in order.
    entries: List<Entry>,
    /// The symbols of every entry, one after the other.
    symbols: List<Symbol>,
    /// All words and stems, one after the other.
    letters: List<u8>,
    /// By entry: its first sixteen bytes, packed.
    keys: List<u128>,
    /// The entry of each word, by hash: open addressing, a power of two, at most half full; 0 is free.
    slots: List<EntryId>,
    /// Stems, those with the same hash of their first three bytes together.
    stems: List<Stem>,
    /// By hash: where its stems start; they end where the next ones start.
    bucket_starts: List<u32>,
    n_symbols: Symbol,
}

/// An entry of a word table, by number.
pub(crate) type EntryId = u32;

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Where its letters start.
    letters: u32,
    /// Bytes.
    len: u16,
    is_stem: bool,
    /// Where its symbols start.
    symbols: u32,
    n_symbols: u32,
}

impl Flat for Entry {
    type Words = [u32; 4];

    fn to_words(self) -> [u32; 4] {
        [self.letters, u32::from(self.len) << 1 | u32::from(self.is_stem), self.symbols, self.n_symbols]
    }

    fn from_words([letters, len, symbols, n_symbols]: [u32; 4]) -> Entry {
        Entry { letters, len: (len >> 1) as u16, is_stem: len & 1 == 1, symbols, n_symbols }
    }
}

#[derive(Clone, Copy, Debug)]
struct Stem {
    /// Its first sixteen bytes, packed: enough to tell stems apart.
    key: u128,
    /// Bytes, at most sixteen.
    len: u8,
    entry: EntryId,
}

impl Flat for Stem {
    type Words = [u64; 3];

    fn to_words(self) -> [u64; 3] {
        let [low, high] = self.key.to_words();
        [low, high, u64::from(self.entry) << 8 | u64::from(self.len)]
    }

    fn from_words([low, high, rest]: [u64; 3]) -> Stem {
        Stem { key: u128::from_words([low, high]), len: rest as u8, entry: (rest >> 8) as EntryId }
    }
}

/// A folded word, ready to be looked up.
#[derive(Clone, Copy)]
pub(crate) struct Word<'a> {
    /// Its first sixteen bytes, packed.
    pub key: u128,
    /// All of it, where it is longer than sixteen bytes.
    pub long: Option<&'a str>,
}

impl Default for WordTable {
    fn default() -> WordTable {
        WordTableBuilder::default().build()
    }
}

impl WordTable {
    /// How many symbols there are, the builtin ones included.
    pub fn n_symbols(&self) -> usize {
        self.n_symbols as usize
    }

    /// How many entries there are, the builtin ones included.
    pub fn n_entries(&self) -> usize {
        self.entries.len()
    }

    /// The symbols of an entry.
    #[inline]
    pub fn symbols(&self, entry: EntryId) -> &[Symbol] {
        let Entry { symbols, n_symbols, .. } = self.entries.get(entry as usize);
        &self.symbols.words()[symbols as usize..(symbols + n_symbols) as usize]
    }

    /// Calls `found` with each entry of a word.
    #[inline]
    pub fn entries_of(&self, word: Word, mut found: impl FnMut(EntryId)) {
        let slots = self.slots.words();
        let mask = slots.len() - 1;
        let mut slot = hash(word.key) as usize & mask;
        while slots[slot] != 0 {
            if self.is(slots[slot], word) {
                return found(slots[slot]);
            }
            slot = (slot + 1) & mask;
        }
        let starts = self.bucket_starts.words();
        let bucket = stem_bucket(word.key);
        for stem in &self.stems.words()[starts[bucket] as usize..starts[bucket + 1] as usize] {
            let stem = Stem::from_words(*stem);
            if word.key & self::mask(stem.len.into()) == stem.key {
                found(stem.entry);
            }
        }
    }

    /// Whether an entry, which is no stem, is this word.
    #[inline]
    fn is(&self, entry: EntryId, word: Word) -> bool {
        // A key that is not full is the whole word.
        self.keys.get(entry as usize) == word.key && (word.key <= mask(PACKED - 1) || self.is_long(entry, word))
    }

    fn is_long(&self, entry: EntryId, word: Word) -> bool {
        let letters = self.letters(entry);
        word.long.map_or(letters.len() <= PACKED, |it| it.as_bytes() == letters)
    }

    /// The folded letters of an entry.
    fn letters(&self, entry: EntryId) -> &[u8] {
        let Entry { letters, len, .. } = self.entries.get(entry as usize);
        &self.letters.words()[letters as usize..letters as usize + usize::from(len)]
    }

    /// Writes the table, to be read by [`WordTable::read`].
    pub fn write(&self, image: &mut Writer) {
        image.list(&self.entries);
        image.list(&self.symbols);
        image.list(&self.letters);
        image.list(&self.keys);
        image.list(&self.slots);
        image.list(&self.stems);
        image.list(&self.bucket_starts);
        image.value(&self.n_symbols);
    }

    /// The table that [`WordTable::write`] wrote.
    pub fn read(image: &mut Reader) -> Result<WordTable, ImageError> {
        Ok(WordTable {
            entries: image.list()?,
            symbols: image.list()?,
            letters: image.list()?,
            keys: image.list()?,
            slots: image.list()?,
            stems: image.list()?,
            bucket_starts: image.list()?,
            n_symbols: image.value()?,
        })
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
        let written = (builtin::COUNT..).zip(table.entries.iter().skip(builtin::COUNT as usize));
        let owned = written.map(|(entry, it)| {
            let word = String::from_utf8_lossy(table.letters(entry)).into_owned();
            ((word, it.is_stem), table.symbols(entry).to_vec())
        });
        WordTableBuilder { entries: owned.collect(), n_symbols: table.n_symbols }
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
        let mut table = WordTable {
            entries: List::default(),
            symbols: List::default(),
            letters: List::default(),
            keys: List::default(),
            slots: List::default(),
            stems: List::default(),
            bucket_starts: List::default(),
            n_symbols: self.n_symbols.max(builtin::COUNT),
        };
        (0..builtin::COUNT).for_each(|symbol| table.push("", false, &[symbol]));
        for ((word, is_stem), symbols) in &self.entries {
            let mut symbols = symbols.clone();
            if !is_stem {
                let stems = (1..=word.len()).filter_map(|len| self.entries.get(&(word.get(..len)?.to_owned(), true)));
                let others: Vec<Symbol> = stems.flatten().filter(|it| !symbols.contains(it)).copied().collect();
                symbols.extend(others);
            }
            table.push(word, *is_stem, &symbols);
        }
        table.index();
        table
    }
}

impl WordTable {
    fn push(&mut self, word: &str, is_stem: bool, symbols: &[Symbol]) {
        self.entries.push(Entry {
            letters: self.letters.len() as u32,
            len: word.len() as u16,
            is_stem,
            symbols: self.symbols.len() as u32,
            n_symbols: symbols.len() as u32,
        });
        self.letters.extend(word.bytes());
        self.symbols.extend(symbols.iter().copied());
        self.keys.push(pack(word.as_bytes()));
    }

    /// Makes the entries ready for looking up.
    fn index(&mut self) {
        let mut slots = vec![0; (self.entries.len() * 2).next_power_of_two()];
        let mut stems = Vec::new();
        for (entry, it) in (0..).zip(self.entries.iter()).skip(builtin::COUNT as usize) {
            let key = self.keys.get(entry as usize);
            if it.is_stem {
                stems.push(Stem { key, len: it.len.min(PACKED as u16) as u8, entry });
            } else {
                let mut slot = hash(key) as usize & (slots.len() - 1);
                while slots[slot] != 0 {
                    slot = (slot + 1) & (slots.len() - 1);
                }
                slots[slot] = entry;
            }
        }
        stems.sort_by_key(|it| stem_bucket(it.key));
        let start = |bucket: usize| stems.partition_point(|it| stem_bucket(it.key) < bucket) as u32;
        self.bucket_starts = (0..=STEM_BUCKETS).map(start).collect();
        self.stems = stems.into_iter().collect();
        self.slots = slots.into_iter().collect();
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

    fn symbols(table: &WordTable, word: &str) -> Vec<Symbol> {
        let mut found = Vec::new();
        let long = (word.len() > PACKED).then_some(word);
        let word = Word { key: pack(word.as_bytes()), long };
        table.entries_of(word, |it| found.extend_from_slice(table.symbols(it)));
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
        let table = WordTableBuilder::from(&builder.build()).build();
        assert_eq!(symbols(&table, "sorry"), [sorry]);
        assert_eq!(symbols(&table, "apologies"), [sorry, apology]);
        assert_eq!(symbols(&table, "apologising"), [apology]);
        assert!(symbols(&table, "apo").is_empty());
        assert_eq!(symbols(&table, "anticonstitutionnellement"), [long, stem]);
    }
}
