//! Words made to fit the text around them: capitals, final marks, apostrophes, French spaces, elision.

/// How a text writes what may be written in several ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Habits {
    /// `'` or `’`.
    apostrophe: char,
    /// What French puts before `:`, `;`, `!` and `?`.
    space: char,
}

impl Habits {
    /// What `texts` do together; where they show nothing, what a careful typist does.
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Habits {
        // They show early; a library may have megabytes.
        let mut n_bytes = 0;
        let is_early = |it: &&str| {
            n_bytes += it.len();
            n_bytes - it.len() < ENOUGH
        };
        let (mut n_curly, mut n_straight) = (0, 0);
        let mut shown = [false; SPACES.len()];
        for text in texts.take_while(is_early) {
            let mut before = '\0';
            for it in text.chars() {
                n_curly += usize::from(it == '’');
                n_straight += usize::from(it == '\'');
                if MARKS.contains(&it) {
                    SPACES.iter().zip(&mut shown).for_each(|(space, shown)| *shown |= before == *space);
                }
                before = it;
            }
        }
        let space = SPACES.into_iter().zip(shown).find(|it| it.1).map_or('\u{a0}', |it| it.0);
        Habits { apostrophe: if n_curly > n_straight { '’' } else { '\'' }, space }
    }

    /// `words` written so.
    pub fn apply(self, words: &str, language: &str) -> String {
        let mut written = String::with_capacity(words.len() + 8);
        for it in words.chars() {
            if language == "fr" && MARKS.contains(&it) && written.ends_with(SPACES) {
                written.pop();
                written.push(self.space);
            }
            written.push(if matches!(it, '\'' | '’') { self.apostrophe } else { it });
        }
        written
    }
}

/// Bytes of text that show how it writes.
const ENOUGH: usize = 1 << 16;

const MARKS: [char; 4] = [':', ';', '!', '?'];

/// Before a mark, the rarest first.
const SPACES: [char; 3] = ['\u{202f}', '\u{a0}', ' '];

/// `words` with a capital at the start, or with a small letter if a sentence goes on with them.
pub(crate) fn with_case(words: &str, starts_sentence: bool) -> String {
    let mut chars = words.chars();
    let Some(first) = chars.next() else { return String::new() };
    let rest = chars.as_str();
    if starts_sentence {
        return first.to_uppercase().to_string() + rest;
    }
    let is_pronoun = first == 'I' && !rest.starts_with(char::is_alphabetic);
    let is_shouted = rest.chars().next().is_some_and(char::is_uppercase);
    if is_pronoun || is_shouted { words.to_owned() } else { first.to_lowercase().to_string() + rest }
}

/// Whether a text ends as a sentence does, quotes and brackets aside.
pub(crate) fn ends_with_mark(text: &str) -> bool {
    text.trim_end_matches(['»', '”', '"', ')']).ends_with(['.', '!', '?', '…', ':'])
}

/// `words` as a whole sentence.
pub(crate) fn with_final_mark(words: String) -> String {
    if words.is_empty() || ends_with_mark(&words) { words } else { words + "." }
}

/// How `before`, which ends right before the new words, must end now: the bytes of it to replace, and by what.
/// French only: « de » + « arriver » → « d'arriver », « d' » + « venir » → « de venir ».
pub(crate) fn elision(before: &str, words: &str) -> Option<(usize, String)> {
    let starts_with_vowel =
        words.chars().next().is_some_and(|it| "aeiouyàâéèêëîïôœù".contains(it.to_ascii_lowercase()));
    let spaced = before.strip_suffix(' ');
    match spaced {
        Some(text) if starts_with_vowel => {
            let word = last_word(text);
            let is_elided = ELIDED.iter().any(|it| word.eq_ignore_ascii_case(it));
            is_elided.then(|| (word.len() + 1, format!("{}'", &word[..word.len() - 1])))
        }
        None if !starts_with_vowel => {
            let text = before.strip_suffix(['\'', '’'])?;
            let word = last_word(text);
            let full = ["d", "qu", "n", "j", "s", "m", "t"].iter().any(|it| word.eq_ignore_ascii_case(it));
            full.then(|| (before.len() - text.len() + word.len(), format!("{word}e ")))
        }
        _ => None,
    }
}

const ELIDED: [&str; 11] = ["de", "que", "je", "ne", "se", "me", "te", "le", "jusque", "lorsque", "puisque"];

fn last_word(text: &str) -> &str {
    let start = text
        .rfind(|it: char| !it.is_alphabetic())
        .map_or(0, |it| it + text[it..].chars().next().map_or(1, char::len_utf8));
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, words: &str, written: &str) {
        assert_eq!(Habits::of([text].into_iter()).apply(words, "fr"), written);
    }

    #[test]
    fn a_reply_keeps_its_typography() {
        check("L’article est là !", "C'est fait : j'ai vu.", "C’est fait : j’ai vu.");
        check("L'article est là\u{202f}!", "C’est fait : bien.", "C'est fait\u{202f}: bien.");
        check("Rien.", "Vraiment ?", "Vraiment\u{a0}?");
        assert_eq!(Habits::of(["It’s"].into_iter()).apply("I'm here: now", "en"), "I’m here: now");
    }

    #[test]
    fn capitals_follow_the_place() {
        assert_eq!(with_case("the parcel", true), "The parcel");
        assert_eq!(with_case("Écrivez-nous", false), "écrivez-nous");
        assert_eq!(with_case("I'm here", false), "I'm here");
        assert_eq!(with_case("ASAP", false), "ASAP");
    }

    #[test]
    fn a_sentence_ends_as_one() {
        let check = |words: &str, written: &str| assert_eq!(with_final_mark(words.to_owned()), written);
        check("Write to us", "Write to us.");
        check("Write to us?", "Write to us?");
        check("", "");
        assert!(ends_with_mark("He said: “Contact us!”") && !ends_with_mark("Contact us"));
    }

    #[test]
    fn words_elide_before_a_vowel_and_only_there() {
        assert_eq!(elision("Merci de ", "arriver"), Some((3, "d'".to_owned())));
        assert_eq!(elision("Je crois que ", "elle"), Some((4, "qu'".to_owned())));
        assert_eq!(elision("Merci d'", "venir"), Some((2, "de ".to_owned())));
        assert_eq!(elision("Merci de ", "venir"), None);
        assert_eq!(elision("Merci d'", "arriver"), None);
        assert_eq!(elision("une ", "arrivée"), None);
    }
}
