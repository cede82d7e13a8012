//! Which language a text is written in: a guess by its smallest words, for those who must answer in it.

/// A language that Absolve speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English: also where nothing tells.
    #[default]
    English,
    /// French.
    French,
}

impl Language {
    /// The language of a code such as `fr`, `fr-CA` or `FR_ca`, if Absolve speaks it.
    pub fn from_code(code: &str) -> Option<Language> {
        match code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "en" => Some(Language::English),
            "fr" => Some(Language::French),
            _ => None,
        }
    }

    /// The code of its folder of rules.
    pub fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::French => "fr",
        }
    }

    /// The language that most of the small words of these texts belong to.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Language {
        let mut lead = 0_i32;
        for word in texts.into_iter().flat_map(|it| it.split(|it: char| !it.is_alphanumeric())) {
            let word = word.to_lowercase();
            lead += i32::from(FRENCH.contains(&word.as_str())) - i32::from(ENGLISH.contains(&word.as_str()));
        }
        if lead > 0 { Language::French } else { Language::English }
    }

    /// The one of two wordings that is in this language.
    pub(crate) fn choose<'a>(self, english: &'a str, french: &'a str) -> &'a str {
        match self {
            Language::English => english,
            Language::French => french,
        }
    }
}

const FRENCH: &[&str] = &[
    "bonjour",
    "bonsoir",
    "salut",
    "madame",
    "monsieur",
    "merci",
    "cordialement",
    "le",
    "la",
    "les",
    "un",
    "une",
    "des",
    "du",
    "de",
    "et",
    "est",
    "vous",
    "nous",
    "je",
    "il",
    "elle",
    "ce",
    "cette",
    "votre",
    "vos",
    "notre",
    "nos",
    "pour",
    "dans",
    "avec",
    "sur",
    "pas",
    "ne",
    "que",
    "qui",
    "au",
    "aux",
    "été",
    "sera",
    "avons",
    "avez",
    "commande",
    "colis",
];
const ENGLISH: &[&str] = &[
    "hello", "hi", "dear", "thanks", "thank", "regards", "the", "a", "an", "and", "is", "are", "you", "we", "i", "it",
    "he", "she", "this", "that", "your", "our", "for", "in", "with", "to", "of", "not", "was", "has", "have", "will",
    "been", "order", "parcel",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Language) {
        assert_eq!(Language::of([text]), expected, "{text}");
    }

    #[test]
    fn small_words_tell() {
        check("Bonjour ,\nVotre colis est parti ce matin.", Language::French);
        check("Hi ,\nYour parcel left this morning.", Language::English);
        check("Commande XXX", Language::French);
        check("", Language::English);
    }

    #[test]
    fn codes_have_regions() {
        assert_eq!(Language::from_code("fr-CA"), Some(Language::French));
        assert_eq!(Language::from_code("EN_us"), Some(Language::English));
        assert_eq!(Language::from_code("de"), None);
    }
}
