//! What mail programs put between a reply and what it answers: « Le … a écrit : », `-----Original Message-----`.

/// A line that says who wrote what is quoted below: "On Mon, 5 Jan 2026 at 10:00, Ana <a@b.example> wrote:".
/// A mail program may have wrapped it.
pub(crate) fn is_attribution(text: &str) -> bool {
    let text = text.trim_matches(|it: char| it.is_whitespace() || it == '\u{feff}');
    let opens = OPENINGS.iter().any(|it| text.starts_with(it));
    opens && text.len() < 300 && CLOSINGS.iter().any(|it| text.ends_with(it)) && names_a_moment(text)
}

/// A line that divides a reply from the whole message it answers or forwards.
pub(crate) fn is_divider(line: &str) -> bool {
    let line = line.trim();
    let inside = line.trim_matches('-').trim();
    let has_dashes = line.starts_with("--") && line.ends_with("--");
    has_dashes && DIVIDERS.iter().any(|it| inside.eq_ignore_ascii_case(it) || inside == *it)
        || DIVIDERS_ALONE.iter().any(|it| line == *it)
}

/// The head of the message that is answered, as Outlook writes it: From, then Sent, To or Date on the next line.
pub(crate) fn is_header(line: &str, next: &str) -> bool {
    let is_field = |line: &str, names: &[&str]| {
        let line = line.trim_start().trim_start_matches('*');
        let field =
            line.split_once(':').map(|(name, _)| name.trim_end_matches(|it: char| it.is_whitespace() || it == '*'));
        field.is_some_and(|name| names.contains(&name))
    };
    is_field(line, &["From", "De"]) && is_field(next, &["Sent", "Date", "To", "Envoyé", "À", "A"])
}

/// The line before a mail's signature.
pub(crate) fn is_signature(line: &str) -> bool {
    line.trim_end() == "--" && line.starts_with("-- ")
}

/// Every attribution starts with one of these.
pub(crate) const OPENINGS: [&str; 4] = ["On ", "Le ", "Am ", "El "];
const CLOSINGS: [&str; 9] = [
    "wrote:",
    "wrote :",
    "a écrit :",
    "a écrit:",
    "a écrit\u{a0}:",
    "a écrit\u{202f}:",
    "a e\u{301}crit :",
    "schrieb:",
    "escribió:",
];
const DIVIDERS: [&str; 7] = [
    "original message",
    "message d'origine",
    "message d’origine",
    "forwarded message",
    "message transféré",
    "message original",
    "message d'origine transféré",
];
const DIVIDERS_ALONE: [&str; 3] =
    ["Begin forwarded message:", "Début du message transféré :", "Début du message réexpédié :"];

/// « Le client a écrit : » is prose; with an address, a time or a year it is a mail program's.
fn names_a_moment(text: &str) -> bool {
    let is_time = |it: &[u8]| it[0].is_ascii_digit() && it[1] == b':' && it[2].is_ascii_digit();
    let is_year = |it: &[u8]| it.iter().all(u8::is_ascii_digit);
    text.contains('@') || text.as_bytes().windows(3).any(is_time) || text.as_bytes().windows(4).any(is_year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributions_of_mail_programs() {
        for text in [
            "On Mon, Jan 5, 2026 at 10:00 AM Ana Diaz <ana@x.example> wrote:",
            "On 5 Jan 2026, Ana\nwrote:\n",
            "Le lun. 5 janv. 2026 à 10:00, Ana Diaz <ana@x.example> a écrit :",
            "Le 05/01/2026 à 10:00, Ana Diaz a écrit\u{a0}:",
        ] {
            assert!(is_attribution(text), "{text}");
        }
    }

    #[test]
    fn what_a_person_says_is_no_attribution() {
        for text in [
            "Le client a écrit :",
            "On the phone you wrote: hello",
            "On Monday at 10:00 we wrote to you.",
            "Here is what you wrote:",
        ] {
            assert!(!is_attribution(text), "{text}");
        }
    }

    #[test]
    fn dividers_of_mail_programs() {
        for line in [
            "-----Original Message-----",
            "----- Message d'origine -----\r\n",
            "---------- Forwarded message ---------",
            "---------- Message transféré ---------",
            "Begin forwarded message:",
        ] {
            assert!(is_divider(line), "{line}");
        }
        for line in ["-----", "Original message", "--- Refund ---", ""] {
            assert!(!is_divider(line), "{line}");
        }
    }

    #[test]
    fn headers_come_in_twos() {
        assert!(is_header("From: Ana <a@x.example>", "Sent: Monday"));
        assert!(is_header("De : Ana", "Envoyé : lundi"));
        assert!(is_header("*From:* Ana", "*Date:* Monday"));
        assert!(!is_header("From: 10 euros", "you get it free."));
        assert!(!is_header("De : rien", ""));
    }
}
