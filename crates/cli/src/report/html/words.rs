//! The words of the page, in the reader's language.

/// What the page says besides what every report says.
pub struct PageWords {
    /// So many sins in so many replies.
    pub title: fn(usize, usize) -> String,
    /// Before the choices of what is shown.
    pub show: &'static str,
    /// The choice of everything.
    pub all: &'static str,
    /// A heading.
    pub unread: &'static str,
    /// A heading.
    pub by_family: &'static str,
    /// The kinds of sins, in their order.
    pub families: [&'static str; 6],
    /// A heading.
    pub deadliest: &'static str,
    /// A heading.
    pub all_of_them: &'static str,
    /// Before alternatives.
    pub for_instance: &'static str,
    /// After what a machine may write.
    pub safe: &'static str,
    /// The last words.
    pub footer: &'static str,
}

/// The words of a language; English where we have none.
pub fn page_words(language: &str) -> &'static PageWords {
    match language {
        "fr" => &FRENCH,
        _ => &ENGLISH,
    }
}

static ENGLISH: PageWords = PageWords {
    title: |sins, replies| {
        let plural = |n: usize, one: &'static str, several: &'static str| if n == 1 { one } else { several };
        format!("{sins} {} in {replies} {}", plural(sins, "sin", "sins"), plural(replies, "reply", "replies"))
    },
    show: "Show",
    all: "All",
    unread: "Not checked, for it could not be read",
    by_family: "By family",
    families: ["Saying sorry", "Listening", "Taking charge", "Promising", "Making good", "Sounding human"],
    deadliest: "The deadliest",
    all_of_them: "One by one",
    for_instance: "For instance",
    safe: "absolve fix does this",
    footer: "Made by Absolve, on this machine; nothing left it. “absolve rewrite FILE” goes through a reply with you.",
};

static FRENCH: PageWords = PageWords {
    title: |sins, replies| {
        let plural = |n: usize| if n > 1 { "s" } else { "" };
        format!("{sins} péché{} dans {replies} réponse{}", plural(sins), plural(replies))
    },
    show: "Montrer",
    all: "Tout",
    unread: "Illisible, donc pas vérifié",
    by_family: "Par famille",
    families: ["Demander pardon", "Écouter", "Prendre en charge", "Promettre", "Réparer", "Parler vrai"],
    deadliest: "Les plus mortels",
    all_of_them: "Un par un",
    for_instance: "Par exemple",
    safe: "absolve fix s’en charge",
    footer: "Établi par Absolve, sur cette machine\u{a0}: rien n’en est sorti. «\u{a0}absolve rewrite FICHIER\u{a0}» reprend une réponse avec vous.",
};
