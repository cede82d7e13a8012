//! Cutting prose into sentences, as support text needs it: glued sentences, greetings, bullet lists, hard-wrapped mail.
//!
//! Unicode's own rules (UAX #29) glue « occasionnée.Nous » and cut « M. Roy », so they are asked only about scripts that
//! end sentences with other marks than ours.

use std::collections::BTreeSet;

use unicode_segmentation::UnicodeSegmentation;

use crate::{
    atom::Atom,
    flat::{Flat, List},
    fold::fold_str,
    image::{ImageError, Reader, Writer},
    rule_file::TextHabits,
    span::Span,
    word_table::{PACKED, pack, small},
};

/// Knows where sentences end in the languages it has learnt.
#[derive(Clone, Debug, Default)]
pub(crate) struct SentenceCutter {
    greetings: WordKeys,
    abbreviations: WordKeys,
    titles: WordKeys,
}

impl SentenceCutter {
    /// Learns a language's greetings, abbreviations and titles.
    pub fn learn(&mut self, habits: &TextHabits) {
        self.greetings.extend(&habits.greetings, first_word);
        self.abbreviations.extend(&habits.abbreviations, last_word);
        self.titles.extend(&habits.titles, last_word);
    }

    /// Writes what it knows, to be read by [`SentenceCutter::read`].
    pub fn write(&self, image: &mut Writer) {
        [&self.greetings, &self.abbreviations, &self.titles].into_iter().for_each(|it| image.list(&it.0));
    }

    /// What [`SentenceCutter::write`] wrote.
    pub fn read(image: &mut Reader) -> Result<SentenceCutter, ImageError> {
        let mut keys = || image.list().map(WordKeys);
        Ok(SentenceCutter { greetings: keys()?, abbreviations: keys()?, titles: keys()? })
    }

    /// The sentences of `text`, in order, disjoint, without the white space around them; bytes of `text`.
    pub fn cut(&self, text: &str, atoms: &[Atom]) -> Vec<Span> {
        let mut sentences = Vec::new();
        let mut cut = Cut { cutter: self, text, start: 0, line: 0, greets: false };
        cut.start_at(0);
        let mut ahead = atoms.iter().peekable();
        let mut at = 0;
        let mut marks = Marks::new(text.as_bytes());
        while let Some(mark) = marks.next_from(cut.next_comma(at), at) {
            while ahead.next_if(|it| it.span.end <= mark).is_some() {}
            if let Some(atom) = ahead.peek().filter(|it| it.span.start <= mark) {
                at = atom.span.end;
                continue;
            }
            at = match cut.end_at(mark) {
                Some(end) => {
                    push_trimmed(&mut sentences, text, cut.start, end);
                    cut.start_at(end);
                    end.max(mark + 1)
                }
                None => mark + 1 + text.as_bytes()[mark + 1..].iter().take_while(|&&it| it == b'.').count(),
            };
            if text.as_bytes()[mark] == b'\n' {
                cut.line = mark + 1;
            }
        }
        push_trimmed(&mut sentences, text, cut.start, text.len());
        cut_further(text, sentences, atoms)
    }
}

/// Asked of whole blocks, without a way out in between, this takes a fraction of a cycle for each byte.
fn has_other_script(text: &str) -> bool {
    text.as_bytes().chunks(64).any(|block| block.iter().fold(false, |any, &it| any | is_of_other_script(it)))
}

/// The first byte of a letter beyond Latin, Greek and Cyrillic. Quotes, dashes and emoji are none.
fn is_of_other_script(byte: u8) -> bool {
    matches!(byte, 0xd6..=0xdf | 0xe0 | 0xe1 | 0xe3..=0xef)
}

/// Cuts sentences where Unicode says that one ends in their script: « 。 », « ؟ », « । ».
fn cut_further(text: &str, sentences: Vec<Span>, atoms: &[Atom]) -> Vec<Span> {
    if !has_other_script(text) {
        return sentences;
    }
    let mut all = Vec::with_capacity(sentences.len());
    for sentence in sentences {
        if has_other_script(&text[sentence.range()]) {
            cut_other_script(text, sentence, atoms, &mut all);
        } else {
            all.push(sentence);
        }
    }
    all
}

fn cut_other_script(text: &str, sentence: Span, atoms: &[Atom], all: &mut Vec<Span>) {
    let mut start = sentence.start;
    for (at, part) in text[sentence.range()].split_sentence_bound_indices() {
        let end = sentence.start + at + part.len();
        let ends_here = part.trim_end().ends_with(|it: char| u32::from(it) > 0x590 && !it.is_alphanumeric());
        if ends_here && atoms.iter().all(|it| end <= it.span.start || it.span.end <= end) {
            push_trimmed(all, text, start, end);
            start = end;
        }
    }
    push_trimmed(all, text, start, sentence.end);
}

/// A sentence of this many words is read in parts: nobody wrote it as one.
pub(crate) const MOST_WORDS: usize = 63;

fn push_trimmed(sentences: &mut Vec<Span>, text: &str, start: usize, end: usize) {
    let sentence = &text[start..end];
    let start = end - sentence.trim_start().len();
    let end = start + sentence.trim().len();
    if start < end {
        sentences.push(Span::new(start, end));
    }
}

/// The bytes where a sentence may end. Commas, which end only greetings, are looked for apart.
struct Marks<'a> {
    bytes: &'a [u8],
    /// The next `.`, `!` or `?`.
    stop: Option<usize>,
    /// The next line break, or first byte of an ellipsis or bullet.
    other: Option<usize>,
}

impl Marks<'_> {
    fn new(bytes: &[u8]) -> Marks<'_> {
        Marks { bytes, stop: next_stop(bytes, 0), other: next_other(bytes, 0) }
    }

    /// The next mark at or after `at`, or `comma` if that comes first.
    fn next_from(&mut self, comma: Option<usize>, at: usize) -> Option<usize> {
        if self.stop.is_some_and(|it| it < at) {
            self.stop = next_stop(self.bytes, at);
        }
        if self.other.is_some_and(|it| it < at) {
            self.other = next_other(self.bytes, at);
        }
        [self.stop, self.other, comma].into_iter().flatten().min()
    }
}

fn next_stop(bytes: &[u8], at: usize) -> Option<usize> {
    memchr::memchr3(b'.', b'!', b'?', &bytes[at..]).map(|it| at + it)
}

fn next_other(bytes: &[u8], at: usize) -> Option<usize> {
    let mut found = memchr::memchr2_iter(b'\n', 0xe2, &bytes[at..]).map(|it| at + it);
    found.find(|&it| bytes[it] == b'\n' || is_ellipsis(bytes, it) || is_bullet(bytes, it))
}

fn is_ellipsis(bytes: &[u8], at: usize) -> bool {
    bytes[at..].starts_with("…".as_bytes())
}

fn is_bullet(bytes: &[u8], at: usize) -> bool {
    bytes[at..].starts_with("•".as_bytes())
}

/// Where the cutter is.
struct Cut<'a> {
    cutter: &'a SentenceCutter,
    text: &'a str,
    /// Of the sentence.
    start: usize,
    /// Of the line.
    line: usize,
    /// Whether the sentence opens with a greeting.
    greets: bool,
}

impl Cut<'_> {
    fn start_at(&mut self, start: usize) {
        self.start = start;
        self.greets = self.opens_with_greeting();
    }

    /// The end of the sentence, if the mark at `at` ends it.
    fn end_at(&self, at: usize) -> Option<usize> {
        match self.text.as_bytes()[at] {
            b'.' => self.end_at_dot(at),
            b'!' | b'?' => Some(self.after_closers(at)).filter(|&end| end > at),
            b'\n' => self.ends_with_line(at).then_some(at + 1),
            b',' => self.ends_with_greeting(at).then_some(at + 1),
            _ if is_bullet(self.text.as_bytes(), at) => Some(at).filter(|&end| end > self.start),
            _ => self.end_at_ellipsis(at),
        }
    }

    fn end_at_dot(&self, at: usize) -> Option<usize> {
        let end = self.after_closers(at);
        if self.text[at..end].starts_with("..") {
            return self.end_at_ellipsis(at);
        }
        let next = self.text[end..].chars().next();
        match next {
            None => Some(end),
            Some(it) if it.is_whitespace() => (!self.is_inside_dot(at, end)).then_some(end),
            Some(it) => (it.is_uppercase() && self.is_glued(at, end)).then_some(end),
        }
    }

    /// « …gêne occasionnée.Nous vous »: a small letter, the stop, a capitalised word.
    fn is_glued(&self, at: usize, end: usize) -> bool {
        let before = self.text[self.start..at].chars().next_back();
        let second = self.text[end..].chars().nth(1);
        before.is_some_and(|it| it.is_lowercase() || it == ')')
            && second.is_some_and(|it| it.is_lowercase() || it == ' ' || it == '\'' || it == '’')
    }

    /// Whether the dot belongs to an abbreviation, an initial or a list number.
    fn is_inside_dot(&self, at: usize, end: usize) -> bool {
        let before = &self.text[self.start..at];
        let word_start = before.rfind(|it: char| !it.is_alphanumeric()).map_or(0, |it| it + last_char_len(before, it));
        let word = &before[word_start..];
        let is_whole_line = before[..word_start].trim_end_matches([' ', '\t']).is_empty();
        if word.bytes().all(|it| it.is_ascii_digit()) && !word.is_empty() && is_whole_line {
            return true;
        }
        let stands_alone = before[..word_start].chars().next_back().is_none_or(|it| it.is_whitespace() || it == '.');
        if stands_alone && word.chars().count() == 1 && word.chars().all(char::is_uppercase) && word != "I" {
            return true;
        }
        if word.len() > 12 || word.is_empty() {
            return false;
        }
        let Some(key) = WordKeys::key(word) else { return false };
        let next = self.text[end..].trim_start().chars().next();
        let goes_on = next.is_some_and(|it| it.is_lowercase() || it.is_ascii_digit());
        self.cutter.titles.contains(key) || goes_on && self.cutter.abbreviations.contains(key)
    }

    fn end_at_ellipsis(&self, at: usize) -> Option<usize> {
        let end = self.after_closers(at);
        let rest = &self.text[end..];
        let next = rest.trim_start_matches([' ', '\t', '\u{a0}', '\u{202f}']).chars().next();
        let goes_on = next.is_some_and(|it| it.is_lowercase() || ",;:".contains(it));
        (!goes_on).then_some(end)
    }

    /// Past the run of marks at `at`, and the quotes and brackets that close with it.
    fn after_closers(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let rest = rest.trim_start_matches(['.', '!', '?', '…']);
        let spaced = rest.trim_start_matches(['\u{a0}', '\u{202f}', ' ']);
        let rest = if spaced.starts_with('»') { spaced } else { rest };
        let rest = rest.trim_start_matches(['»', '”', '"', ')', ']', '’', '*', '_']);
        self.text.len() - rest.len()
    }

    /// A line break ends a sentence unless the line was wrapped by a mail program.
    fn ends_with_line(&self, at: usize) -> bool {
        let rest = self.text[at + 1..].trim_start_matches([' ', '\t', '\r', '\u{a0}']);
        let Some(next) = rest.chars().next() else { return true };
        let line = self.text[self.line.max(self.start).min(at)..at].trim_end();
        if next == '\n' || starts_list_item(rest) || line.ends_with(['.', '!', '?', '…', ':', ';']) {
            return true;
        }
        if next.is_lowercase() {
            return false;
        }
        if line.ends_with(',') && self.greets {
            return true;
        }
        line.len() < WRAPPED_LINE
    }

    /// The next comma at or after `at`, if the sentence is a greeting so far.
    fn next_comma(&self, at: usize) -> Option<usize> {
        let end = self.text.len().min(self.start + LONGEST_GREETING);
        if !self.greets || at > end {
            return None;
        }
        memchr::memchr(b',', &self.text.as_bytes()[at..end]).map(|it| at + it)
    }

    /// « Bonjour Julien,Nous… »: what follows a greeting is a sentence of its own.
    fn ends_with_greeting(&self, at: usize) -> bool {
        let greeting = &self.text[self.start..at];
        let rest = self.text[at + 1..].trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        greeting.len() <= LONGEST_GREETING && rest.starts_with(char::is_uppercase) && self.greets
    }

    fn opens_with_greeting(&self) -> bool {
        // Where lines are empty by the thousand, each is looked past once, not by each before it.
        let mut opening = self.text[self.start..].char_indices().take(WIDEST_MARGIN);
        let Some((at, _)) = opening.find(|it| !it.1.is_whitespace()) else { return false };
        let opening = &self.text[self.start + at..];
        let is_word = |it: char| it.is_alphabetic();
        let end = opening.char_indices().take(LONGEST_WORD).find(|it| !is_word(it.1)).map_or(opening.len(), |it| it.0);
        end <= LONGEST_WORD && WordKeys::key(&opening[..end]).is_some_and(|it| self.cutter.greetings.contains(it))
    }
}

/// Bytes; mail programs wrap at 72 or so.
const WRAPPED_LINE: usize = 50;
const LONGEST_GREETING: usize = 60;
/// Characters of white space before a greeting.
const WIDEST_MARGIN: usize = 200;
/// Of a greeting, in characters.
const LONGEST_WORD: usize = 20;

fn last_char_len(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

fn starts_list_item(line: &str) -> bool {
    let after_number = line.trim_start_matches(|it: char| it.is_ascii_digit());
    let is_numbered = after_number.len() < line.len() && after_number.starts_with(['.', ')', '/']);
    is_numbered || line.starts_with(['-', '*', '•', '–', '—', '·', '+', '>', '#', '|'])
}

fn first_word(folded: &str) -> Option<&str> {
    folded.split(' ').next()
}

fn last_word(folded: &str) -> Option<&str> {
    folded.rsplit(' ').next()
}

/// A few folded words, packed and sorted.
#[derive(Clone, Debug, Default)]
struct WordKeys(List<u128>);

impl WordKeys {
    /// A word, ready to be looked for; `None` if it is too long to be one of these.
    fn key(word: &str) -> Option<u128> {
        if word.len() <= PACKED && word.bytes().all(|it| it.is_ascii_alphanumeric()) {
            return Some(small(pack(word.as_bytes()), word.len()));
        }
        let folded = fold_str(word);
        (folded.len() <= PACKED).then(|| pack(folded.as_bytes()))
    }

    fn extend(&mut self, phrases: &[String], word: fn(&str) -> Option<&str>) {
        let new = phrases.iter().filter_map(|it| Self::key(word(&fold_str(it))?));
        let all: BTreeSet<u128> = self.0.iter().chain(new).collect();
        self.0 = all.into_iter().collect();
    }

    fn contains(&self, key: u128) -> bool {
        self.0.words().binary_search_by_key(&key, |it| u128::from_words(*it)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atom::atoms;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let list = |words: &str| words.split(' ').map(str::to_owned).collect();
        let mut cutter = SentenceCutter::default();
        cutter.learn(&TextHabits {
            everyday: vec![],
            greetings: list("hi hello bonjour"),
            abbreviations: list("etc env réf"),
            titles: list("m dr mme"),
        });
        let sentences: Vec<&str> = cutter.cut(text, &atoms(text)).into_iter().map(|it| &text[it.range()]).collect();
        assert_eq!(sentences, expected);
    }

    #[test]
    fn marks_end_sentences() {
        check(
            "I am sorry. It left today! Did it arrive? Yes…",
            &["I am sorry.", "It left today!", "Did it arrive?", "Yes…"],
        );
        check("Désolé ! Vraiment ? « Oui. » Bien.", &["Désolé !", "Vraiment ?", "« Oui. »", "Bien."]);
    }

    #[test]
    fn sloppy_small_letters_still_start_a_sentence() {
        check("désolé. nous regardons", &["désolé.", "nous regardons"]);
    }

    #[test]
    fn glued_sentences_come_apart() {
        check(
            "gêne occasionnée.Nous vous remercions!Bonne journée",
            &["gêne occasionnée.", "Nous vous remercions!", "Bonne journée"],
        );
        check("Bonjour Julien,Nous sommes là", &["Bonjour Julien,", "Nous sommes là"]);
        check("Bonjour Julien, Nous sommes là", &["Bonjour Julien,", "Nous sommes là"]);
        check("Bonjour Julien, nous sommes là", &["Bonjour Julien, nous sommes là"]);
    }

    #[test]
    fn abbreviations_do_not_end_a_sentence() {
        check("Dr. Li called. She is well.", &["Dr. Li called.", "She is well."]);
        check("Contactez M. Roy. Merci !", &["Contactez M. Roy.", "Merci !"]);
        check("Dans env. 3 jours, etc. et voilà", &["Dans env. 3 jours, etc. et voilà"]);
        check("Factures, etc. Merci", &["Factures, etc.", "Merci"]);
        check("J. Smith paid 3.50 on x.example.com today", &["J. Smith paid 3.50 on x.example.com today"]);
    }

    #[test]
    fn an_ellipsis_may_go_on() {
        check("Désolé... mais non… Enfin si.", &["Désolé... mais non…", "Enfin si."]);
    }

    #[test]
    fn wrapped_lines_are_one_sentence() {
        check("We apologise for any\ninconvenience caused", &["We apologise for any\ninconvenience caused"]);
        let wrapped = "This is a line of a mail that was wrapped at sixty or so by\nOutlook for us.";
        check(wrapped, &[wrapped]);
    }

    #[test]
    fn short_lines_paragraphs_and_bullets_end_sentences() {
        check("Hello Ana\nYour order left", &["Hello Ana", "Your order left"]);
        check("one\n\ntwo", &["one", "two"]);
        check("Try:\n- first this\n- then that\n1) or this", &["Try:", "- first this", "- then that", "1) or this"]);
        check("a thing • another thing", &["a thing", "• another thing"]);
        check("1. Open it\r\n2. Close it", &["1. Open it", "2. Close it"]);
    }

    #[test]
    fn other_scripts_have_their_own_marks() {
        check("申し訳ございません。返金しました。", &["申し訳ございません。", "返金しました。"]);
        check("هل وصل؟ نعم. Merci", &["هل وصل؟", "نعم.", "Merci"]);
        check("नमस्ते। धन्यवाद", &["नमस्ते।", "धन्यवाद"]);
    }

    #[test]
    fn nothing_ends_inside_an_atom() {
        check(
            "See {{ a. B! }} and https://x.example/a?b=C. Bye",
            &["See {{ a. B! }} and https://x.example/a?b=C.", "Bye"],
        );
    }
}
