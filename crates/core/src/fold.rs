//! Folding: what of a character counts when words are compared.
//!
//! Case, accents (composed or not), ligatures, soft hyphens and zero-width characters do not; see DESIGN's “folded”.

use std::sync::LazyLock;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// What a character is to a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    /// Part of a word, as these bytes of UTF-8.
    Letters([u8; 6], u8),
    /// Nothing: a combining mark, a soft hyphen, a zero-width character.
    Nothing,
    /// The end of a word.
    Break,
}

/// Folds one character.
pub(crate) fn fold(it: char) -> Fold {
    if it.is_ascii() {
        return fold_ascii(it as u8);
    }
    match LATIN.get((it as usize).wrapping_sub(LATIN_START)) {
        Some(&folded) => folded,
        None => fold_any(it),
    }
}

/// `text` folded: words in folded letters, every run of anything else as one space, trimmed.
pub fn fold_str(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for it in text.chars() {
        if it.is_ascii_alphanumeric() {
            folded.push(it.to_ascii_lowercase());
            continue;
        }
        match fold(it) {
            Fold::Letters(bytes, len) => folded.push_str(letters(&bytes, len)),
            Fold::Nothing => {}
            Fold::Break if folded.is_empty() || folded.ends_with(' ') => {}
            Fold::Break => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

pub(crate) fn letters(bytes: &[u8; 6], len: u8) -> &str {
    std::str::from_utf8(&bytes[..usize::from(len)]).unwrap_or_default()
}

/// U+0080 to U+024F: all that French and English, and their neighbours, write with.
static LATIN: LazyLock<Vec<Fold>> = LazyLock::new(|| (LATIN_START as u32..0x250).map(fold_code).collect());
const LATIN_START: usize = 0x80;

fn fold_code(code: u32) -> Fold {
    char::from_u32(code).map_or(Fold::Break, fold_any)
}

fn fold_ascii(it: u8) -> Fold {
    if it.is_ascii_alphanumeric() { Fold::Letters([it.to_ascii_lowercase(), 0, 0, 0, 0, 0], 1) } else { Fold::Break }
}

fn fold_any(it: char) -> Fold {
    if is_combining_mark(it) || is_invisible(it) {
        return Fold::Nothing;
    }
    match it {
        'œ' | 'Œ' => return Fold::Letters(*b"oe\0\0\0\0", 2),
        'æ' | 'Æ' => return Fold::Letters(*b"ae\0\0\0\0", 2),
        'ß' | 'ẞ' => return Fold::Letters(*b"ss\0\0\0\0", 2),
        'ø' | 'Ø' => return Fold::Letters(*b"o\0\0\0\0\0", 1),
        _ if !it.is_alphanumeric() => return Fold::Break,
        _ => {}
    }
    let mut folded = ([0; 6], 0u8);
    decompose_compatible(it, |part| {
        for part in part.to_lowercase().filter(|it| it.is_alphanumeric()) {
            push(part, &mut folded);
        }
    });
    if folded.1 == 0 { Fold::Break } else { Fold::Letters(folded.0, folded.1) }
}

fn push(it: char, (bytes, len): &mut ([u8; 6], u8)) {
    let start = usize::from(*len);
    if start + it.len_utf8() <= bytes.len() {
        it.encode_utf8(&mut bytes[start..]);
        *len += it.len_utf8() as u8;
    }
}

/// Soft hyphen, zero-width space and joiners, direction marks, variation selectors, BOM.
fn is_invisible(it: char) -> bool {
    matches!(it, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}')
        || matches!(it, '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, folded: &str) {
        assert_eq!(fold_str(text), folded);
    }

    #[test]
    fn case_and_accents_do_not_count() {
        check("DÉSOLÉ pour la gêne", "desole pour la gene");
        check("De\u{301}sole\u{301}", "desole");
        check("Œuvre, cœur, ÆON, straße, ﬁn", "oeuvre coeur aeon strasse fin");
    }

    #[test]
    fn apostrophes_spaces_and_hyphens_are_all_breaks() {
        for text in ["n’hésitez pas", "n'hésitez\u{a0}pas", "N HÉSITEZ\u{202f}PAS", "n'hésitez-pas", "n‘hésitez\n\tpas"]
        {
            check(text, "n hesitez pas");
        }
    }

    #[test]
    fn what_is_not_seen_does_not_count() {
        check("incon\u{ad}ve\u{200b}nience", "inconvenience");
    }

    #[test]
    fn other_scripts_stay_themselves() {
        check("Привет, мир", "привет мир");
        check("→ 😀 …", "");
    }
}
