//! A verdict as a mail server says it: one line of ASCII, as SMTP has it.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// SMTP's lines are 512 bytes at most; a server puts words of its own before.
const LONGEST: usize = 420;

/// “550 5.7.1” with what a sender should know. A per cent sign is doubled: mail servers read the line as a format.
pub(super) fn refusal(message: &str) -> String {
    format!("550 5.7.1 {}", shortened(&ascii(message), LONGEST).replace('%', "%%"))
}

/// Words without what SMTP has no letters for: accents go, quotation marks become plain, all on one line.
pub(super) fn ascii(words: &str) -> String {
    // « A » is "A".
    let words = words.replace(['\u{a0}', '\u{202f}'], " ").replace("« ", "“").replace(" »", "”");
    let mut plain = String::with_capacity(words.len());
    for it in words.nfd().filter(|it| !is_combining_mark(*it)) {
        match it {
            '“' | '”' | '«' | '»' | '„' => plain.push('"'),
            '’' | '‘' => plain.push('\''),
            '…' => plain.push_str("..."),
            '–' | '—' | '‑' => plain.push('-'),
            'œ' => plain.push_str("oe"),
            'Œ' => plain.push_str("OE"),
            'æ' => plain.push_str("ae"),
            '€' => plain.push_str("EUR"),
            it if it.is_ascii_graphic() => plain.push(it),
            it if it.is_whitespace() || it.is_control() => plain.push(' '),
            _ => plain.push('?'),
        }
    }
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first words, to so many bytes at most.
fn shortened(words: &str, longest: usize) -> String {
    if words.len() <= longest {
        return words.to_owned();
    }
    let end = words[..longest].rfind(' ').unwrap_or(longest);
    format!("{}...", &words[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_are_ascii_on_one_line() {
        assert_eq!(
            ascii("« Bonjour\u{a0}, »\r\nreste à remplir\u{a0}: l’été… 5\u{202f}€ 👍"),
            "\"Bonjour ,\" reste a remplir : l'ete... 5 EUR ?"
        );
        assert_eq!(ascii("“Hi” — œuvre"), "\"Hi\" - oeuvre");
    }

    #[test]
    fn replies_are_short_and_no_format() {
        assert_eq!(refusal("50% {{x}}"), "550 5.7.1 50%% {{x}}");
        let long = refusal(&"word ".repeat(200));
        assert!(long.len() < 512 && long.ends_with("word..."), "{long}");
    }
}
