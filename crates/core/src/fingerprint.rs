//! What a finding is known by from one year to the next: its words, not its place.

use rustc_hash::FxHashMap;

use crate::{diagnostic::Diagnostic, span::Span};

/// FNV-1a of some texts, white space left out: it must never change, for reports of last year are compared with it.
pub fn fingerprint(texts: &[&str]) -> u64 {
    let bytes = texts.iter().flat_map(|it| it.bytes().chain([0]));
    let bytes = bytes.filter(|it| !it.is_ascii_whitespace());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, it| (hash ^ u64::from(it)).wrapping_mul(0x100_0000_01b3))
}

/// Fingerprints of the diagnostics of a text: the same for the same sin in the same sentence, wherever that stands.
#[derive(Clone, Debug)]
pub struct Fingerprints<'a> {
    text: &'a str,
    /// A sentence may be megabytes long and have thousands of sins in it: what is known of the last one.
    sentence: Span,
    by_sin: FxHashMap<String, u64>,
}

impl<'a> Fingerprints<'a> {
    /// Nothing is known yet.
    pub fn new(text: &'a str) -> Fingerprints<'a> {
        Fingerprints { text, sentence: Span::new(0, 0), by_sin: FxHashMap::default() }
    }

    /// The fingerprint of a diagnostic.
    pub fn of(&mut self, diagnostic: &Diagnostic) -> u64 {
        if self.sentence != diagnostic.sentence {
            self.sentence = diagnostic.sentence;
            self.by_sin.clear();
        }
        let sin = &diagnostic.rule.sin;
        if let Some(known) = self.by_sin.get(sin) {
            return *known;
        }
        let made = fingerprint(&[sin, &self.text[diagnostic.sentence.range()]]);
        self.by_sin.insert(sin.clone(), made);
        made
    }
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
