//! What a finding is known by from one year to the next: its words, not its place.

use crate::diagnostic::Diagnostic;

/// FNV-1a of some texts, white space left out: it must never change, for reports of last year are compared with it.
pub fn fingerprint(texts: &[&str]) -> u64 {
    let bytes = texts.iter().flat_map(|it| it.bytes().chain([0]));
    let bytes = bytes.filter(|it| !it.is_ascii_whitespace());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, it| (hash ^ u64::from(it)).wrapping_mul(0x100_0000_01b3))
}

/// The same for the same sin in the same sentence, wherever it stands in `text`.
pub fn of(diagnostic: &Diagnostic, text: &str) -> u64 {
    fingerprint(&[&diagnostic.rule.sin, &text[diagnostic.sentence.range()]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_those_of_last_year() {
        assert_eq!(fingerprint(&[]), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint(&["a", "b"]), fingerprint(&[" a\n", "b\t"]));
        assert_ne!(fingerprint(&["a", "b"]), fingerprint(&["ab"]));
        assert_eq!(fingerprint(&["empty-apology", "Sorry for any inconvenience."]), 0x3868_585f_2868_b40e);
    }
}
