//! What the conversation says, in the language of what was found.

/// The words of the conversation in one language.
pub struct Words {
    /// Before why it hurts.
    pub why: &'static str,
    /// What the keys do, after the numbers.
    pub keys: &'static str,
    /// Before the keys, where so many alternatives are offered.
    pub choose: &'static str,
    /// Where there are none.
    pub no_alternative: &'static str,
    /// Before a sentence that is edited.
    pub sentence: &'static str,
    /// What was changed, and how many findings are left.
    pub end: fn(usize, usize) -> String,
    /// The same after Ctrl-C.
    pub interrupted: &'static str,
    /// Before the path of what was rescued.
    pub rescued: &'static str,
    /// Where nothing was wrong.
    pub clean: &'static str,
}

/// The words of a language; English where we have none.
pub fn words(language: &str) -> &'static Words {
    if language == "fr" { &FRENCH } else { &ENGLISH }
}

static ENGLISH: Words = Words {
    why: "Why",
    keys: "e edit   s skip   q stop",
    choose: "choose",
    no_alternative: "No ready-made words: edit the sentence, or skip.",
    sentence: "Sentence",
    end: |changes, left| {
        let changed = if changes == 1 { "1 change".to_owned() } else { format!("{changes} changes") };
        match left {
            0 => format!("{changed}, no sin left."),
            1 => format!("{changed}, 1 sin left."),
            n => format!("{changed}, {n} sins left."),
        }
    },
    interrupted: "Interrupted; what you decided is kept.",
    rescued: "The reply as you left it is in",
    clean: "No sin in this reply.",
};

static FRENCH: Words = Words {
    why: "Pourquoi",
    keys: "e modifier   s passer   q arrêter",
    choose: "choisir",
    no_alternative: "Pas de formule toute prête\u{a0}: modifiez la phrase, ou passez.",
    sentence: "Phrase",
    end: |changes, left| {
        let changed = format!("{changes} changement{}", if changes > 1 { "s" } else { "" });
        match left {
            0 => format!("{changed}, plus aucun péché."),
            n => format!("{changed}, encore {n} péché{}.", if n > 1 { "s" } else { "" }),
        }
    },
    interrupted: "Interrompu\u{a0}: ce que vous avez décidé est gardé.",
    rescued: "La réponse, telle que vous l’avez laissée, est dans",
    clean: "Aucun péché dans cette réponse.",
};
