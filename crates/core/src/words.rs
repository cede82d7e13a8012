//! A sentence as patterns see it: folded words, and for every symbol the places where it stands.

use std::hash::Hasher;

use rustc_hash::FxHasher;

use crate::{
    atom::{Atom, AtomKind},
    flat::Lists,
    fold::{Fold, fold, letters},
    pattern::MARKS,
    sentence::MOST_WORDS,
    span::{Span, overlapping},
    word_table::{EntryId, PACKED, Symbol, Word, WordTable, builtin, first_word, pack, small},
};

/// A set of places in a sentence. Place `i` is before word `i`; the last one is after the last word.
pub(crate) type Places = u64;

const _: () = assert!(MOST_WORDS < Places::BITS as usize, "every place of a sentence has a bit");

/// The words of one sentence. Made once and refilled: nothing is allocated per sentence.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// Each word's bytes in the segment's text.
    pub spans: Vec<Span>,
    /// The entries of the word table that stand in the sentence, each with the number of its word.
    pub hits: Vec<(EntryId, u8)>,
    /// The places before every word.
    all: Places,
    /// Where each symbol stands, once [`Words::place`] was called. Only those of `touched` are not zero.
    places: Vec<Places>,
    touched: Vec<Symbol>,
    /// Places right before which one of [`MARKS`] stands.
    marks: [Places; MARKS.len()],
    /// A word with letters beyond ASCII, while it is read.
    buffer: String,
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

    /// The places where a symbol of a group stands.
    pub fn group(&self, group: u32, groups: &Lists<Symbol>) -> Places {
        groups.of(group as usize).iter().fold(0, |all, &it| all | self.places(it))
    }

    /// What patterns see of the sentence, as one number: as good as the only sentence that has it.
    pub fn key(&self) -> u64 {
        let mut hasher = FxHasher::default();
        hasher.write_usize(self.len());
        self.hits.iter().for_each(|&(entry, place)| hasher.write_u64(u64::from(entry) << 8 | u64::from(place)));
        self.marks.iter().for_each(|it| hasher.write_u64(*it));
        hasher.finish()
    }

    /// The places before every word.
    pub fn all(&self) -> Places {
        self.all
    }

    /// The places right before which a mark stands, by its index in [`MARKS`].
    pub fn after_mark(&self, mark: usize) -> Places {
        self.marks[mark]
    }

    /// Reads the words of `sentence` in `text`; returns where it stopped, which is before the end of the sentence
    /// only if that has [`MOST_WORDS`] or more. What stands in `quotes` is somebody else's: it hits nothing.
    pub fn read(&mut self, table: &WordTable, text: &str, sentence: Span, atoms: &[Atom], quotes: &[Span]) -> usize {
        self.clear();
        let stop = self.read_all(table, text, sentence, atoms, quotes);
        if stop < sentence.end { self.give_back().unwrap_or(stop) } else { stop }
    }

    /// Gives back the words after the last mark, if that is in the later half: better a whole clause than more of it.
    /// Returns where they start.
    fn give_back(&mut self) -> Option<usize> {
        let at_marks = self.marks.iter().fold(0, |all, it| all | it);
        let n_words = at_marks.checked_ilog2()? as usize;
        if n_words < MOST_WORDS / 2 {
            return None;
        }
        self.spans.truncate(n_words);
        self.hits.retain(|it| usize::from(it.1) < n_words);
        self.spans.last().map(|it| it.end)
    }

    fn read_all(&mut self, table: &WordTable, text: &str, sentence: Span, atoms: &[Atom], quotes: &[Span]) -> usize {
        let atoms = overlapping(atoms, sentence, |it| it.span);
        let quotes = overlapping(quotes, sentence, |it| *it);
        let mut reader = Reader { words: self, table, text, at: sentence.start, quotes };
        for atom in atoms {
            reader.read_words(atom.span.start);
            if reader.words.len() >= MOST_WORDS {
                return reader.at;
            }
            reader.read_atom(atom);
        }
        reader.read_words(sentence.end);
        if reader.words.len() >= MOST_WORDS { reader.at } else { sentence.end }
    }

    /// Notes where each symbol stands: what a matcher needs, and most sentences never do.
    pub fn place(&mut self, table: &WordTable) {
        if self.places.len() != table.n_symbols() {
            // Made anew, they take no time: the system hands out zeros.
            self.places = vec![0; table.n_symbols()];
            self.touched.clear();
        }
        self.all = (1 << self.len()) - 1;
        for &(entry, word) in &self.hits {
            for &symbol in table.symbols(entry) {
                let places = &mut self.places[symbol as usize];
                if *places == 0 {
                    self.touched.push(symbol);
                }
                *places |= 1 << word;
            }
        }
    }

    fn clear(&mut self) {
        for symbol in self.touched.drain(..) {
            self.places[symbol as usize] = 0;
        }
        self.spans.clear();
        self.hits.clear();
        self.marks = Default::default();
    }
}

struct Reader<'a> {
    words: &'a mut Words,
    table: &'a WordTable,
    text: &'a str,
    /// Bytes read.
    at: usize,
    quotes: &'a [Span],
}

impl Reader<'_> {
    fn read_words(&mut self, stop: usize) {
        let bytes = &self.text.as_bytes()[..stop];
        while let Some(&byte) = bytes.get(self.at)
            && self.words.len() < MOST_WORDS
        {
            match KINDS[usize::from(byte)] {
                Kind::Letter => self.ascii_word(stop),
                Kind::Space => self.at += 1,
                Kind::Mark => self.mark(byte),
                Kind::Wide => self.wide_word(stop),
            }
        }
    }

    /// A word of ASCII letters and digits, as nearly all are.
    fn ascii_word(&mut self, stop: usize) {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let (block, len) = first_word(bytes, start, stop);
        let end = start + len;
        if len > PACKED || end < stop && !bytes[end].is_ascii() {
            return self.wide_word(stop);
        }
        let case = Case {
            capital: bytes[start].is_ascii_uppercase(),
            small: len > 1 && bytes[start + 1].is_ascii_lowercase(),
        };
        self.at = end;
        self.word(start, Word { key: small(block, len), long: None }, case);
    }

    /// Any word, or a character that is none.
    fn wide_word(&mut self, stop: usize) {
        let start = self.at;
        let mut buffer = std::mem::take(&mut self.words.buffer);
        buffer.clear();
        let mut case = Case::default();
        for it in self.text[start..stop].chars() {
            match fold(it) {
                Fold::Letters(bytes, len) => {
                    case.note(it, buffer.len());
                    buffer.push_str(letters(&bytes, len));
                }
                Fold::Nothing => {}
                Fold::Break if buffer.is_empty() => {
                    self.at += it.len_utf8();
                    break;
                }
                Fold::Break => break,
            }
            self.at += it.len_utf8();
        }
        if !buffer.is_empty() {
            let long = (buffer.len() > PACKED).then_some(buffer.as_str());
            self.word(start, Word { key: pack(buffer.as_bytes()), long }, case);
        }
        self.words.buffer = buffer;
    }

    #[inline]
    fn word(&mut self, start: usize, word: Word, case: Case) {
        let place = self.words.spans.len() as u8;
        self.words.spans.push(Span::new(start, self.at));
        self.at += inclusive_ending(&self.text.as_bytes()[self.at..]);
        if self.is_quoted(start) {
            return;
        }
        let hits = &mut self.words.hits;
        self.table.entries_of(word, |entry| hits.push((entry, place)));
        if (word.key as u8).is_ascii_digit() {
            hits.push((builtin::NUMBER, place));
        } else if case.capital && case.small && place > 0 {
            hits.push((builtin::NAME, place));
        }
    }

    fn mark(&mut self, byte: u8) {
        self.at += 1;
        if let Some(index) = MARKS.iter().position(|&it| it == char::from(byte)) {
            self.words.marks[index] |= 1 << self.words.len();
        }
    }

    fn read_atom(&mut self, atom: &Atom) {
        self.at = self.at.max(atom.span.end);
        let entry = match atom.kind {
            AtomKind::Control => return,
            AtomKind::Placeholder => Some(builtin::PLACEHOLDER),
            AtomKind::Email => Some(builtin::EMAIL),
            AtomKind::Link => Some(builtin::LINK),
            AtomKind::Code => None,
        };
        let place = self.words.spans.len() as u8;
        self.words.spans.push(atom.span);
        self.words.hits.extend(entry.map(|it| (it, place)));
    }

    #[inline]
    fn is_quoted(&self, at: usize) -> bool {
        !overlapping(self.quotes, Span::new(at, at + 1), |it| *it).is_empty()
    }
}

/// What a byte is to a reader of words.
#[derive(Clone, Copy)]
enum Kind {
    /// Letter or digit, in ASCII.
    Letter,
    /// Between words, and nothing to note.
    Space,
    /// Of [`MARKS`].
    Mark,
    /// Of a character beyond ASCII.
    Wide,
}

static KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Space; 256];
    let mut byte = 0;
    while byte < 256 {
        if byte >= 0x80 {
            kinds[byte] = Kind::Wide;
        } else if (byte as u8).is_ascii_alphanumeric() {
            kinds[byte] = Kind::Letter;
        }
        byte += 1;
    }
    let mut mark = 0;
    while mark < MARKS.len() {
        kinds[MARKS[mark] as usize] = Kind::Mark;
        mark += 1;
    }
    kinds
};

/// How a word starts: a capital, then a small letter, is how names do.
#[derive(Clone, Copy, Default)]
struct Case {
    capital: bool,
    small: bool,
}

impl Case {
    fn note(&mut self, letter: char, letters_before: usize) {
        match letters_before {
            0 => self.capital = letter.is_uppercase(),
            1 => self.small = letter.is_lowercase(),
            _ => {}
        }
    }
}

/// The length of an inclusive ending that belongs to the word before: « désolé(e)s », « désolé·e·s », « désolé.e ».
fn inclusive_ending(rest: &[u8]) -> usize {
    if rest.first().is_none_or(|it| matches!(it, b' ' | b',' | b'\'' | b'\n')) {
        return 0;
    }
    // A full stop before a space is the rule.
    let may_be = |it: &[u8]| matches!(it, [b'(' | b'{' | b'.' | b'-', b'e' | b's' | b'n', ..] | [0xc2, 0xb7, b'e', ..]);
    if !may_be(rest) {
        return 0;
    }
    let is_next = |it: &&&str| rest.starts_with(it.as_bytes()) && ends_word(&rest[it.len()..]);
    ENDINGS.iter().find(is_next).map_or(0, |it| it.len())
}

/// Longest first. `{e}` is how Absolve's own fixes write it.
const ENDINGS: [&str; 14] =
    ["·e·s", ".e.s", "-e-s", "(e)s", "(es)", "(ne)", "{e}s", "(e)", "(s)", "{e}", "·es", ".es", "·e", ".e"];

fn ends_word(rest: &[u8]) -> bool {
    !rest.first().is_some_and(|it| it.is_ascii_alphanumeric() || *it == 0xc3)
}

/// What stands between quotation marks in `text`, in order: bytes of it. A quote that is never closed, or that
/// holds the whole text, is none.
pub(crate) fn quotes(text: &str) -> Vec<Span> {
    let mut quotes = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for at in memchr::memchr3_iter(b'"', 0xc2, 0xe2, text.as_bytes()) {
        let Some(it) = text[at..].chars().next().filter(|it| "\"«»“”„".contains(*it)) else { continue };
        open = open.filter(|it| is_one_quote(&text[it.0..at]));
        match open {
            Some((start, closer)) if it == closer => {
                quotes.push(Span::new(start, at + it.len_utf8()));
                open = None;
            }
            Some(_) => {}
            None => open = closer(it).map(|closer| (at, closer)),
        }
    }
    let whole = text.trim();
    quotes.retain(|it| it.len() < whole.len());
    quotes
}

fn closer(opener: char) -> Option<char> {
    match opener {
        '«' => Some('»'),
        '“' | '„' => Some('”'),
        '"' => Some('"'),
        _ => None,
    }
}

/// A quote has an end in sight: it is not longer than a few sentences, and stays in its paragraph.
fn is_one_quote(text: &str) -> bool {
    text.len() <= LONGEST_QUOTE && !text.contains("\n\n")
}

/// Bytes.
const LONGEST_QUOTE: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        atom::atoms,
        word_table::{WordTable, WordTableBuilder},
    };

    fn read(text: &str) -> Words {
        let mut words = Words::default();
        let table = WordTable::default();
        words.read(&table, text, Span::new(0, text.len()), &atoms(text), &quotes(text));
        words.place(&table);
        words
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let words: Vec<&str> = read(text).spans.iter().map(|it| &text[it.range()]).collect();
        assert_eq!(words, expected);
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        check("N’hésitez pas, c'est 48h/24 !", &["N", "hésitez", "pas", "c", "est", "48h", "24"]);
        check("De\u{301}sole\u{301}, incon\u{ad}nu", &["De\u{301}sole\u{301}", "incon\u{ad}nu"]);
    }

    #[test]
    fn inclusive_endings_belong_to_their_word() {
        check("désolé(e)s de vous avoir déçu{e}.", &["désolé", "de", "vous", "avoir", "déçu"]);
        check("Désolé·e·s, ravi.e.s", &["Désolé", "ravi"]);
        check("Fin.Et après (essai)", &["Fin", "Et", "après", "essai"]);
    }

    #[test]
    fn a_word_is_found_however_it_is_written() {
        let mut builder = WordTableBuilder::default();
        let (state, tall, sole) = (builder.new_symbol(), builder.new_symbol(), builder.new_symbol());
        builder.add("etat", false, state);
        builder.add("extraordinairement", false, tall);
        builder.add("deso", true, sole);
        let table = builder.build();
        let mut words = Words::default();
        let text = "état ÉTAT etat E\u{301}tat EXTRAORDINAIREMENT Désolées";
        words.read(&table, text, Span::new(0, text.len()), &[], &[]);
        words.place(&table);
        assert_eq!([state, tall, sole].map(|it| words.places(it)), [0b1111, 0b10000, 0b100000]);
    }

    #[test]
    fn atoms_count_as_a_word_without_letters() {
        let words = read("Hi {{ first name }}, see www.x.example");
        assert_eq!(words.len(), 4);
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
