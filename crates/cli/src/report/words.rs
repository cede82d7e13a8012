//! The words of reports, in the reader's language.

use absolve_core::diagnostic::Severity;

/// The words of reports in one language.
pub struct Words {
    /// From hint to error, one and several.
    severities: [(&'static str, &'static str); 4],
    /// Before the colon, and before why.
    pub why: &'static str,
    /// Before better words.
    pub instead: &'static str,
    /// A heading.
    pub sin: &'static str,
    /// A heading.
    pub worst_files: &'static str,
    /// `in 3 files of 10`.
    pub in_files: fn(usize, usize) -> String,
    /// What a clean run says of so many files.
    pub clean: fn(usize) -> String,
    /// What is said of so many findings that the baseline knows of.
    pub known: fn(usize) -> String,
    /// What is said of what the limit leaves out.
    pub left_out: fn(usize) -> String,
    /// What is said of rows that are left out.
    pub more: fn(usize) -> String,
    /// A heading: what was fixed.
    pub fixed: &'static str,
    /// A heading: what would be.
    pub would_fix: &'static str,
    /// A heading.
    pub in_these_files: &'static str,
    /// A heading: sins that are left.
    pub left: &'static str,
    /// What is said of so many fixes in so many files; whether they were only shown.
    pub fixes: fn(usize, usize, bool) -> String,
    /// What is said where nothing could be fixed.
    pub nothing_to_fix: &'static str,
    /// What is said after the counts of what is left.
    pub need_a_person: &'static str,
    /// How to learn more.
    pub explain: &'static str,
}

impl Words {
    /// What a severity is called.
    pub fn severity(&self, severity: Severity) -> &'static str {
        self.severities[severity as usize].0
    }

    /// `3 errors`.
    pub fn count(&self, severity: Severity, count: usize) -> String {
        let (one, several) = self.severities[severity as usize];
        format!("{count} {}", if count == 1 { one } else { several })
    }
}

/// The words of a language; English where we have none.
pub fn words(language: &str) -> &'static Words {
    match language {
        "fr" => &FRENCH,
        _ => &ENGLISH,
    }
}

static ENGLISH: Words = Words {
    severities: [("hint", "hints"), ("info", "infos"), ("warning", "warnings"), ("error", "errors")],
    why: "Why",
    instead: "Write instead",
    sin: "Sin",
    worst_files: "Worst files",
    in_files: |some, all| format!("in {some} of {all} {}", if all == 1 { "file" } else { "files" }),
    clean: |all| format!("No sins in {all} {}.", if all == 1 { "file" } else { "files" }),
    known: |known| match known {
        1 => "1 known finding of the baseline is not told.".to_owned(),
        _ => format!("{known} known findings of the baseline are not told."),
    },
    left_out: |left| {
        let noun = if left == 1 { "finding is" } else { "findings are" };
        format!("{left} more {noun} not shown; --limit N shows more, --format json shows all")
    },
    more: |more| format!("and {more} more"),
    fixed: "Fixed",
    would_fix: "Would be fixed",
    in_these_files: "In",
    left: "Left for a person",
    fixes: |fixes, files, is_dry| {
        let sins = if fixes == 1 { "sin" } else { "sins" };
        let files = format!("{files} {}", if files == 1 { "file" } else { "files" });
        let verb = if is_dry { "could be fixed" } else { "fixed" };
        format!("{fixes} {sins} {verb} in {files}")
    },
    nothing_to_fix: "Nothing that a machine may fix.",
    need_a_person: "left for a person: absolve rewrite REPLY goes through them one by one.",
    explain: "absolve explain SIN says what a sin is, and what to write instead.",
};

static FRENCH: Words = Words {
    severities: [("indice", "indices"), ("info", "infos"), ("avertissement", "avertissements"), ("erreur", "erreurs")],
    why: "Pourquoi\u{a0}",
    instead: "Écrivez plutôt\u{a0}",
    sin: "Péché",
    worst_files: "À revoir d’abord",
    in_files: |some, all| format!("dans {some} fichier{} sur {all}", if some > 1 { "s" } else { "" }),
    clean: |all| format!("Aucun péché dans {all} fichier{}.", if all > 1 { "s" } else { "" }),
    known: |known| {
        let plural = if known > 1 { "s" } else { "" };
        format!("{known} constat{plural} déjà connu{plural} de la référence, passé{plural} sous silence.")
    },
    left_out: |left| {
        let plural = if left > 1 { "s" } else { "" };
        format!("{left} constat{plural} de plus\u{a0}: --limit N en montre davantage, --format json les montre tous")
    },
    more: |more| format!("et {more} de plus"),
    fixed: "Corrigé",
    would_fix: "À corriger",
    in_these_files: "Dans",
    left: "Reste à quelqu’un",
    fixes: |fixes, files, is_dry| {
        let plural = if fixes > 1 { "s" } else { "" };
        let files = format!("{files} fichier{}", if files > 1 { "s" } else { "" });
        match is_dry {
            true => format!("{fixes} péché{plural} corrigeable{plural} dans {files}"),
            false => format!("{fixes} péché{plural} corrigé{plural} dans {files}"),
        }
    },
    nothing_to_fix: "Rien qu’une machine puisse corriger.",
    need_a_person: "attendent quelqu’un\u{a0}: absolve rewrite RÉPONSE les passe en revue un à un.",
    explain: "absolve explain SIN --lang fr dit ce qu’est un péché, et quoi écrire à sa place.",
};
