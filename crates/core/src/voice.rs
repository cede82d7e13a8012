//! How a reply speaks: as one person or as a team, to « tu » or to « vous ».

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::{
    fold::fold_str,
    line_index::floor_char_boundary,
    rule::{Address, FixTemplate, Speaker},
    rule_file::VoiceWords,
};

/// How a team's agents speak, where their replies do not say it themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Voice {
    /// What « désolé{e} » becomes.
    #[serde(default)]
    pub agent: Gender,
}

/// The grammatical gender of whoever writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gender {
    /// « désolée »
    #[serde(rename = "f")]
    Feminine,
    /// « désolé »
    #[serde(rename = "m")]
    Masculine,
    /// Wordings that do not show it, where there are any.
    #[default]
    #[serde(rename = "neutral")]
    Neutral,
}

impl Gender {
    /// What `{e}` stands for; `None` where nothing should show.
    pub(crate) fn ending(self) -> Option<&'static str> {
        match self {
            Gender::Feminine => Some("e"),
            Gender::Masculine => Some(""),
            Gender::Neutral => None,
        }
    }
}

/// What a reply's own words show of how it speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Register {
    pub speaker: Option<Speaker>,
    pub address: Option<Address>,
}

impl Register {
    /// Whether words written so fit a reply that speaks so.
    pub fn suits(self, template: &FixTemplate) -> bool {
        let fits_speaker = self.speaker.is_none() || template.speaker.is_none_or(|it| Some(it) == self.speaker);
        let address = self.address.unwrap_or(Address::Vous);
        fits_speaker && template.address.is_none_or(|it| it == address)
    }
}

/// The words of each language that show how a reply speaks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct VoiceReader {
    languages: FxHashMap<String, Shown>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Shown {
    i: FxHashSet<String>,
    we: FxHashSet<String>,
    tu: FxHashSet<String>,
    vous: FxHashSet<String>,
}

impl Shown {
    /// Bytes of the longest word that shows anything.
    fn longest(&self) -> usize {
        [&self.i, &self.we, &self.tu, &self.vous].into_iter().flatten().map(String::len).max().unwrap_or_default()
    }
}

impl VoiceReader {
    /// Learns the words of a language.
    pub fn learn(&mut self, language: &str, words: &VoiceWords) {
        let folded = |words: &[String]| words.iter().map(|it| fold_str(it)).collect();
        let shown =
            Shown { i: folded(&words.i), we: folded(&words.we), tu: folded(&words.tu), vous: folded(&words.vous) };
        self.languages.insert(language.to_owned(), shown);
    }

    /// How texts, together one reply in `language`, speak. What is longer than any reply is judged by its start.
    pub fn read<'a>(&self, language: &str, texts: impl Iterator<Item = &'a str>) -> Register {
        let Some(shown) = self.languages.get(language) else { return Register::default() };
        let [mut i, mut we, mut tu, mut vous] = [0; 4];
        let mut left = LONGEST_REPLY;
        let longest = shown.longest();
        for text in texts {
            let end = floor_char_boundary(text, left);
            left -= end;
            for word in fold_str(&text[..end]).split(' ').filter(|it| it.len() <= longest) {
                i += usize::from(shown.i.contains(word));
                we += usize::from(shown.we.contains(word));
                tu += usize::from(shown.tu.contains(word));
                vous += usize::from(shown.vous.contains(word));
            }
        }
        Register {
            speaker: majority(i, Speaker::I, we, Speaker::We),
            address: majority(tu, Address::Tu, vous, Address::Vous),
        }
    }
}

/// Bytes.
const LONGEST_REPLY: usize = 1 << 16;

fn majority<T>(n_first: usize, first: T, n_second: usize, second: T) -> Option<T> {
    match n_first.cmp(&n_second) {
        std::cmp::Ordering::Greater => Some(first),
        std::cmp::Ordering::Less => Some(second),
        std::cmp::Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn french() -> VoiceReader {
        let list = |words: &str| words.split(' ').map(str::to_owned).collect();
        let words =
            VoiceWords { i: list("je j m' mon"), we: list("nous notre"), tu: list("tu t' te"), vous: list("vous") };
        let mut reader = VoiceReader::default();
        reader.learn("fr", &words);
        reader
    }

    #[track_caller]
    fn check(text: &str, speaker: Option<Speaker>, address: Option<Address>) {
        assert_eq!(french().read("fr", [text].into_iter()), Register { speaker, address });
    }

    #[test]
    fn a_reply_shows_how_it_speaks() {
        check("J’ai vu ta commande, je t'écris demain.", Some(Speaker::I), Some(Address::Tu));
        check("Nous avons bien reçu votre message et vous répondons.", Some(Speaker::We), Some(Address::Vous));
        check("Bonjour.", None, None);
    }

    #[test]
    fn a_heap_of_replies_is_judged_by_its_start() {
        let heap = "Je suis là. ".to_owned() + &"é".repeat(LONGEST_REPLY) + &" nous".repeat(9);
        check(&heap, Some(Speaker::I), None);
    }

    #[test]
    fn words_are_chosen_to_suit_it() {
        let template = |speaker, address| FixTemplate {
            with: String::new(),
            replace: Default::default(),
            safe: false,
            speaker,
            address,
        };
        let tu = Register { speaker: Some(Speaker::I), address: Some(Address::Tu) };
        assert!(tu.suits(&template(None, None)));
        assert!(tu.suits(&template(Some(Speaker::I), Some(Address::Tu))));
        assert!(!tu.suits(&template(Some(Speaker::We), Some(Address::Tu))));
        assert!(!tu.suits(&template(None, Some(Address::Vous))));
        assert!(!Register::default().suits(&template(None, Some(Address::Tu))), "vous is the default");
    }
}
