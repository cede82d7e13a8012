//! What mail programs put between a reply and what it answers: « Le … a écrit : », `-----Original Message-----`.

/// A line that says who wrote what is quoted below: "On Mon, 5 Jan 2026 at 10:00, Ana <a@b.example> wrote:".
/// A mail program may have wrapped it.
pub(crate) fn is_attribution(text: &str) -> bool {
    let text = text.trim_matches(|it: char| it.is_whitespace() || it == '\u{feff}');
    let opens = OPENINGS.iter().any(|it| text.starts_with(it));
    let closes = CLOSINGS.iter().any(|it| text.ends_with(it)) && !text.ends_with("you wrote:");
    opens && closes && text.len() < 300 && (is_certain(text) || has_year(text))
}

/// Whether an attribution says so much that no person wrote it: an address, a time of day.
pub(crate) fn is_certain(attribution: &str) -> bool {
    let is_time = |it: &[u8]| it[0].is_ascii_digit() && it[1] == b':' && it[2].is_ascii_digit();
    attribution.contains('@') || attribution.as_bytes().windows(3).any(is_time)
}

/// « Le client a écrit : » is prose.
fn has_year(text: &str) -> bool {
    text.as_bytes().windows(4).any(|it| it.iter().all(u8::is_ascii_digit))
}

/// Whether a text starts with what divides a reply from the message it answers.
pub(crate) fn starts_history(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let is_filler = |it: char| it.is_whitespace() || it == '*';
    // Every line is asked.
    let may_be_one = line.trim_start_matches(is_filler).starts_with(['-', 'B', 'D', 'F']);
    may_be_one && (is_divider(line) || is_header(text))
}

/// A line that divides a reply from the whole message it answers or forwards.
fn is_divider(line: &str) -> bool {
    let line = line.trim();
    let is_dashed = line.starts_with("--") && line.ends_with("--");
    let inside = || line.trim_matches('-').trim().to_lowercase();
    is_dashed && DIVIDERS.contains(&inside().as_str()) || DIVIDERS_ALONE.contains(&line)
}

/// The head of the message that is answered, as Outlook writes it: From, Sent or To, and soon a Subject.
fn is_header(text: &str) -> bool {
    let mut fields = text.lines().take(8).map(field);
    let is_one_of = |field: Option<&str>, names: &[&str]| field.is_some_and(|it| names.contains(&it));
    is_one_of(fields.next().flatten(), &["From", "De"])
        && is_one_of(fields.next().flatten(), &["Sent", "Date", "To", "Envoyé", "À", "A"])
        && fields.any(|it| is_one_of(it, &["Subject", "Objet"]))
}

/// The name of a line's field: `From` of `From: Ana`, in bold or not.
fn field(line: &str) -> Option<&str> {
    let is_filler = |it: char| it.is_whitespace() || it == '*';
    line.split_once(':').map(|(name, _)| name.trim_matches(is_filler))
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
            "On 5 January 2026 you wrote:",
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
    fn heads_of_mails_have_a_subject() {
        assert!(is_header("From: Ana <a@x.example>\nSent: Monday\r\nTo: help\nSubject: Parcel\n\nWhere?"));
        assert!(is_header("De : Ana\nEnvoyé : lundi\nÀ : aide\nObjet : colis"));
        assert!(is_header("*From:* Ana\n*Date:* Monday\n*Subject:* Parcel"));
        assert!(!is_header("De : Paris\nÀ : Lyon\n\nVoici votre billet."));
        assert!(!is_header("From: 10 euros\nyou get it free.\nSubject: x"));
    }
}
