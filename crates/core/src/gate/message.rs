//! A verdict in one line, for a host that can show no more.

use crate::{
    gate::{Decision, Finding},
    language::Language,
};

/// What holds a reply (or what could be better), the first thing in full, and how much else there is.
pub(super) fn of(findings: &[Finding], verdict: Decision, language: Language) -> String {
    let mut told = findings.iter().filter(|it| it.decision == verdict);
    let Some(first) = told.next().filter(|_| verdict > Decision::Pass) else { return String::new() };
    let opening = match verdict {
        Decision::Hold => language.choose("Not sent.", "Réponse non envoyée."),
        _ => language.choose("Could be better.", "Peut mieux faire."),
    };
    let more = told.count();
    let more = match (more, language) {
        (0, _) => String::new(),
        (n, Language::English) => format!(" And {n} more."),
        (1, Language::French) => " Et 1 autre remarque.".to_owned(),
        (n, Language::French) => format!(" Et {n} autres remarques."),
    };
    format!("{opening} {} {}{more}", sentence(&first.message), sentence(&first.instead))
}

/// Words with a mark at their end.
fn sentence(words: &str) -> String {
    let words = words.trim();
    if words.ends_with(['.', '!', '?', '…', '»', '”']) { words.to_owned() } else { format!("{words}.") }
}
