//! Which patterns and sets a word belongs to, looked up once per word of a text.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

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

/// Every word and stem that some pattern names.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct WordTable {
    words: FxHashMap<Box<str>, Vec<Symbol>>,
    /// By their first three bytes: a stem has at least three letters.
    stems: FxHashMap<[u8; 3], Vec<Stem>>,
    /// Symbols given out so far.
    n_symbols: Symbol,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Stem {
    letters: Box<str>,
    symbols: Vec<Symbol>,
}

impl WordTable {
    /// How many symbols there are, the builtin ones included.
    pub fn n_symbols(&self) -> usize {
        self.n_symbols.max(builtin::COUNT) as usize
    }

    /// A symbol that no word has yet.
    pub fn new_symbol(&mut self) -> Symbol {
        let symbol = self.n_symbols.max(builtin::COUNT);
        self.n_symbols = symbol + 1;
        symbol
    }

    /// Gives a symbol to a folded word.
    pub fn add_word(&mut self, word: &str, symbol: Symbol) {
        push_new(self.words.entry(word.into()).or_default(), symbol);
    }

    /// Gives a symbol to every word that starts with a folded stem of at least three bytes.
    pub fn add_stem(&mut self, stem: &str, symbol: Symbol) {
        let stems = self.stems.entry(first_three(stem.as_bytes())).or_default();
        match stems.iter_mut().find(|it| &*it.letters == stem) {
            Some(known) => push_new(&mut known.symbols, symbol),
            None => stems.push(Stem { letters: stem.into(), symbols: vec![symbol] }),
        }
    }

    /// Calls `mark` with each symbol of a folded word; the same one may come twice.
    pub fn symbols_of(&self, word: &str, mut mark: impl FnMut(Symbol)) {
        if let Some(symbols) = self.words.get(word) {
            symbols.iter().copied().for_each(&mut mark);
        }
        if word.len() < 3 {
            return;
        }
        let Some(stems) = self.stems.get(&first_three(word.as_bytes())) else { return };
        for stem in stems.iter().filter(|it| word.starts_with(&*it.letters)) {
            stem.symbols.iter().copied().for_each(&mut mark);
        }
    }
}

fn push_new(symbols: &mut Vec<Symbol>, symbol: Symbol) {
    if !symbols.contains(&symbol) {
        symbols.push(symbol);
    }
}

fn first_three(bytes: &[u8]) -> [u8; 3] {
    [bytes[0], bytes[1], bytes[2]]
}
