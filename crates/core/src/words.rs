//! A sentence as patterns see it: folded words, and for every symbol the places where it stands.

use crate::{
    atom::{Atom, AtomKind},
    fold::{Fold, fold, letters},
    pattern::MARKS,
    sentence::MOST_WORDS,
    span::Span,
    word_table::{Symbol, WordTable, builtin},
};

/// A set of places in a sentence. Place `i` is before word `i`; the last one is after the last word.
pub(crate) type Places = u128;

const _: () = assert!(MOST_WORDS < Places::BITS as usize, "every place of a sentence has a bit");

/// The words of one sentence. Made once and refilled: nothing is allocated per sentence.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// The words, folded, with one space between them.
    pub folded: String,
    /// Each word's bytes in `folded`.
    pub folded_spans: Vec<Span>,
    /// Each word's bytes in the segment's text.
    pub spans: Vec<Span>,
    /// Where each symbol stands. Only those of `touched` are not zero.
    places: Vec<Places>,
    touched: Vec<Symbol>,
    /// Places right before which one of [`MARKS`] stands.
    marks: [Places; MARKS.len()],
    /// What the word being read has: its first letter is a capital, its second is small.
    capital: bool,
    second_is_small: bool,
}

impl Words {
    /// How many words there are, at most [`MOST_WORDS`].
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// The places where `symbol` stands.
    pub fn places(&self, symbol: Symbol) -> Places {
        self.places[symbol as usize]
    }

    /// The symbols that stand somewhere, each once.
    pub fn symbols(&self) -> &[Symbol] {
        &self.touched
    }

    /// The places before every word.
    pub fn all(&self) -> Places {
        (1 << self.len()) - 1
    }

    /// The places right before which a mark stands, by its index in [`MARKS`].
    pub fn after_mark(&self, mark: usize) -> Places {
        self.marks[mark]
    }

    /// Reads the words of `sentence` in `text`; returns where it stopped, which is before the end of the sentence
    /// only if that has more than [`MOST_WORDS`]. What stands in `quotes` is somebody else's: it has no symbols.
    pub fn read(&mut self, table: &WordTable, text: &str, sentence: Span, atoms: &[Atom], quotes: &[Span]) -> usize {
        self.clear(table);
        let mut reader = Reader { words: self, table, text, at: sentence.start, word: None, quotes };
        let first_atom = atoms.partition_point(|it| it.span.end <= sentence.start);
        let mut atoms = atoms[first_atom..].iter().take_while(|it| it.span.start < sentence.end);
        let mut atom = atoms.next();
        loop {
            let stop = atom.map_or(sentence.end, |it| it.span.start.max(reader.at));
            reader.read_words(stop);
            if reader.words.len() >= MOST_WORDS {
                return reader.at;
            }
            let Some(it) = atom else { return sentence.end };
            reader.read_atom(it);
            atom = atoms.next();
        }
    }

    fn clear(&mut self, table: &WordTable) {
        for symbol in self.touched.drain(..) {
            self.places[symbol as usize] = 0;
        }
        self.places.resize(table.n_symbols(), 0);
        self.folded.clear();
        self.folded_spans.clear();
        self.spans.clear();
        self.marks = Default::default();
    }

    fn touch(&mut self, symbol: Symbol) {
        let place = 1 << (self.spans.len() - 1);
        let places = &mut self.places[symbol as usize];
        if *places == 0 {
            self.touched.push(symbol);
        }
        *places |= place;
    }
}

struct Reader<'a> {
    words: &'a mut Words,
    table: &'a WordTable,
    text: &'a str,
    /// Bytes read.
    at: usize,
    /// Where the word being read starts, in the text and in `folded`.
    word: Option<(usize, usize)>,
    quotes: &'a [Span],
}

impl Reader<'_> {
    fn read_words(&mut self, stop: usize) {
        while self.at < stop {
            let byte = self.text.as_bytes()[self.at];
            if byte.is_ascii_alphanumeric() {
                self.letter(byte);
                self.at += 1;
                continue;
            }
            if byte.is_ascii() {
                self.end_word();
                if self.words.len() >= MOST_WORDS {
                    return;
                }
                self.mark(byte);
                self.at += 1;
                continue;
            }
            self.wide();
        }
        self.end_word();
    }

    fn letter(&mut self, byte: u8) {
        self.note_case(byte.is_ascii_uppercase(), byte.is_ascii_lowercase());
        self.words.folded.push(char::from(byte.to_ascii_lowercase()));
    }

    /// A character beyond ASCII.
    fn wide(&mut self) {
        let Some(it) = self.text[self.at..].chars().next() else { return };
        match fold(it) {
            Fold::Letters(bytes, len) => {
                self.note_case(it.is_uppercase(), it.is_lowercase());
                self.words.folded.push_str(letters(&bytes, len));
            }
            Fold::Nothing => {}
            Fold::Break => self.end_word(),
        }
        self.at += it.len_utf8();
    }

    /// A letter is about to be read: its case matters if it is the first or the second of its word.
    fn note_case(&mut self, is_capital: bool, is_small: bool) {
        match self.word {
            None => {
                self.start_word();
                self.words.capital = is_capital;
            }
            Some((_, start)) if self.words.folded.len() == start + 1 => self.words.second_is_small = is_small,
            Some(_) => {}
        }
    }

    fn start_word(&mut self) {
        if !self.words.folded.is_empty() {
            self.words.folded.push(' ');
        }
        self.word = Some((self.at, self.words.folded.len()));
        self.words.second_is_small = false;
    }

    fn end_word(&mut self) {
        let Some((start, folded_start)) = self.word.take() else { return };
        self.words.spans.push(Span::new(start, self.at));
        self.words.folded_spans.push(Span::new(folded_start, self.words.folded.len()));
        self.at += inclusive_ending(&self.text[self.at..]);
        if self.is_quoted(start) {
            return;
        }
        let table = self.table;
        let folded = std::mem::take(&mut self.words.folded);
        let word = &folded[folded_start..];
        table.symbols_of(word, |symbol| self.words.touch(symbol));
        if word.as_bytes()[0].is_ascii_digit() {
            self.words.touch(builtin::NUMBER);
        } else if self.words.capital && self.words.second_is_small && self.words.len() > 1 {
            self.words.touch(builtin::NAME);
        }
        self.words.folded = folded;
    }

    fn mark(&mut self, byte: u8) {
        if let Some(index) = MARKS.iter().position(|&it| it == char::from(byte)) {
            self.words.marks[index] |= 1 << self.words.len();
        }
    }

    fn read_atom(&mut self, atom: &Atom) {
        self.at = self.at.max(atom.span.end);
        if atom.kind == AtomKind::Control {
            return;
        }
        let folded_end = self.words.folded.len();
        self.words.folded_spans.push(Span::new(folded_end, folded_end));
        self.words.spans.push(atom.span);
        match atom.kind {
            AtomKind::Placeholder => self.words.touch(builtin::PLACEHOLDER),
            AtomKind::Email => self.words.touch(builtin::EMAIL),
            AtomKind::Link => self.words.touch(builtin::LINK),
            _ => {}
        }
    }

    fn is_quoted(&self, at: usize) -> bool {
        let quote = self.quotes.partition_point(|it| it.end <= at);
        self.quotes.get(quote).is_some_and(|it| it.start <= at)
    }
}

/// The length of an inclusive ending that belongs to the word before: « désolé(e)s », « désolé·e·s », « désolé.e ».
fn inclusive_ending(rest: &str) -> usize {
    ENDINGS.iter().find(|it| rest.starts_with(**it) && ends_word(&rest[it.len()..])).map_or(0, |it| it.len())
}

/// Longest first. `{e}` is how Absolve's own fixes write it.
const ENDINGS: [&str; 14] =
    ["·e·s", ".e.s", "-e-s", "(e)s", "(es)", "(ne)", "{e}s", "(e)", "(s)", "{e}", "·es", ".es", "·e", ".e"];

fn ends_word(rest: &str) -> bool {
    !rest.starts_with(char::is_alphanumeric)
}

/// What stands between quotation marks in `text`, in order: bytes of it. A quote that is never closed, or that
/// holds the whole text, is none.
pub(crate) fn quotes(text: &str) -> Vec<Span> {
    if memchr::memchr2(b'"', 0xc2, text.as_bytes()).is_none() && !text.contains('“') {
        return vec![];
    }
    let mut quotes = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, it) in text.char_indices() {
        match (open, it) {
            (Some((start, closer)), _) if it == closer => {
                quotes.push(Span::new(start, at + it.len_utf8()));
                open = None;
            }
            (Some((start, _)), '\n') if at - start > LONGEST_QUOTE || text[at + 1..].starts_with('\n') => open = None,
            (Some((start, _)), _) if at - start > LONGEST_QUOTE => open = None,
            (None, '«') => open = Some((at, '»')),
            (None, '“' | '„') => open = Some((at, '”')),
            (None, '"') => open = Some((at, '"')),
            _ => {}
        }
    }
    let whole = text.trim();
    quotes.retain(|it| it.len() < whole.len());
    quotes
}

/// Bytes.
const LONGEST_QUOTE: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atom::atoms;

    fn read(text: &str) -> Words {
        let mut words = Words::default();
        let table = WordTable::default();
        words.read(&table, text, Span::new(0, text.len()), &atoms(text), &quotes(text));
        words
    }

    #[track_caller]
    fn check(text: &str, folded: &str) {
        assert_eq!(read(text).folded, folded);
    }

    #[test]
    fn words_are_folded_and_keep_their_spans() {
        let text = "Désolé·e·s, l’État";
        let words = read(text);
        assert_eq!(words.folded, "desole l etat");
        let found: Vec<&str> = words.spans.iter().map(|it| &text[it.range()]).collect();
        assert_eq!(found, ["Désolé", "l", "État"]);
    }

    #[test]
    fn inclusive_endings_belong_to_their_word() {
        check("désolé(e)s de vous avoir déçu{e}.", "desole de vous avoir decu");
        check("Fin.Et après (essai)", "fin et apres essai");
    }

    #[test]
    fn atoms_count_as_a_word_without_letters() {
        let words = read("Hi {{ first name }}, see www.x.example");
        assert_eq!((words.folded.as_str(), words.len()), ("hi see", 4));
        assert_eq!(words.places(builtin::PLACEHOLDER), 0b10);
        assert_eq!(words.places(builtin::LINK), 0b1000);
    }

    #[test]
    fn numbers_and_names_are_known() {
        let words = read("Maya refunded Éric 48h ago, OK");
        assert_eq!(words.places(builtin::NUMBER), 0b1000);
        assert_eq!(words.places(builtin::NAME), 0b100, "not the first word, not shouting");
    }

    #[test]
    fn marks_stand_before_a_place() {
        let words = read("Sorry, but why ?");
        assert_eq!((words.after_mark(0), words.after_mark(3)), (0b10, 0b1000));
    }

    #[test]
    fn quotes_are_found_but_not_around_everything() {
        let texts = |text: &'static str| -> Vec<&str> { quotes(text).iter().map(|it| &text[it.range()]).collect() };
        assert_eq!(texts("a « b c » d \"e\" “f”"), ["« b c »", "\"e\"", "“f”"]);
        assert!(texts("\"all of it\"").is_empty());
        assert!(texts("5\" wide").is_empty());
    }

    #[test]
    fn a_very_long_sentence_is_read_in_parts() {
        let text = "word ".repeat(300);
        let mut words = Words::default();
        let table = WordTable::default();
        let stop = words.read(&table, &text, Span::new(0, text.len()), &[], &[]);
        assert_eq!((words.len(), stop), (MOST_WORDS, MOST_WORDS * 5 - 1));
    }
}
