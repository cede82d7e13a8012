//! What was left to fill in, in a reply that leaves the house: `{{name}}`, `[[MISSING TOKEN]]`, `{what happened}`, `XXX`,
//! “Hi ,”. In doubt it stays silent: code that an agent quotes to a customer has braces too.

use std::sync::{Arc, LazyLock};

use crate::{
    atom::{Atom, AtomKind},
    diagnostic::{Applicability, Diagnostic, Edit, Fix, Severity},
    document::Document,
    gate::Policy,
    language::Language,
    rule::{Family, Rule},
    segment::Segment,
    span::Span,
};

/// The sin's name.
pub const NAME: &str = "unfilled-placeholder";

/// The sin, as its readers see it.
pub fn rule(language: Language) -> Arc<Rule> {
    match language {
        Language::English => ENGLISH.clone(),
        Language::French => FRENCH.clone(),
    }
}

/// What was left to fill in.
pub(super) fn find(document: &Document, language: Language, policy: &Policy) -> Vec<Diagnostic> {
    let Some(severity) = policy.placeholders.severity() else { return Vec::new() };
    let sin = Sin { document, language, severity };
    let mut found = Vec::new();
    for segment in &document.segments {
        let text = segment.text(&document.text);
        let left = segment.atoms.iter().filter(|it| is_left_over(text, **it));
        let left = left.filter(|it| !policy.is_filled_later(&text[it.span.range()]));
        found.extend(left.map(|it| sin.diagnostic(segment, it.span, Vec::new())));
        let is_free = |span: &Span| segment.atoms.iter().all(|it| !it.span.overlaps(*span));
        found.extend(gaps(text).into_iter().filter(is_free).map(|it| sin.diagnostic(segment, it, Vec::new())));
        found.extend(greeting(text).map(|it| sin.greeting(segment, it)));
    }
    found
}

struct Sin<'a> {
    document: &'a Document,
    language: Language,
    severity: Severity,
}

impl Sin<'_> {
    fn diagnostic(&self, segment: &Segment, words: Span, fixes: Vec<Fix>) -> Diagnostic {
        let text = segment.text(&self.document.text);
        let shown = text[words.range()].split_whitespace().collect::<Vec<_>>().join(" ");
        let message = match self.language {
            Language::English => format!("“{shown}” was left to fill in, and the customer would read it."),
            Language::French => format!("« {shown} » reste à remplir, et le client le lirait tel quel."),
        };
        Diagnostic {
            rule: rule(self.language),
            severity: self.severity,
            span: segment.to_source(words),
            sentence: segment.to_source(line_around(text, words)),
            message,
            item: segment.item,
            fixes,
            finding: None,
        }
    }

    /// « Bonjour , » may do without the name.
    fn greeting(&self, segment: &Segment, greeting: Greeting) -> Diagnostic {
        let pieces = segment.pieces(greeting.gap);
        let edits = pieces.into_iter().map(|span| Edit { span, replacement: String::new(), blanks: vec![] }).collect();
        let words = &segment.text(&self.document.text)[greeting.span.range()];
        let title = format!("{},", &words[..greeting.gap.start - greeting.span.start]);
        let fix = Fix { title, applicability: Applicability::MaybeIncorrect, edits };
        self.diagnostic(segment, greeting.span, vec![fix])
    }
}

/// The line that words stand in, without the white space around it.
fn line_around(text: &str, words: Span) -> Span {
    let start = text[..words.start].rfind('\n').map_or(0, |it| it + 1);
    let end = text[words.end..].find('\n').map_or(text.len(), |it| words.end + it);
    let line = &text[start..end];
    let start = start + line.len() - line.trim_start().len();
    Span::new(start, start + line.trim().len())
}

/// Whether an atom is something that nobody writes to a customer on purpose.
fn is_left_over(text: &str, atom: Atom) -> bool {
    let words = &text[atom.span.range()];
    match atom.kind {
        AtomKind::Link | AtomKind::Email | AtomKind::Code => false,
        _ if is_in_backticks(text, atom.span) => false,
        AtomKind::Control => true,
        // Elements that HTML does not know show nothing; Outlook writes many.
        AtomKind::Placeholder if words.starts_with('<') => words.starts_with("<%") || words.starts_with("<OTRS_"),
        AtomKind::Placeholder if words.starts_with("${") => !words.bytes().all(|it| !it.is_ascii_lowercase()),
        AtomKind::Placeholder if words.starts_with('{') && !words.starts_with("{{") => is_blank(text, atom.span),
        AtomKind::Placeholder => true,
    }
}

fn is_in_backticks(text: &str, span: Span) -> bool {
    let line = text[..span.start].rfind('\n').map_or(0, |it| it + 1);
    text[line..span.start].matches('`').count() % 2 == 1 && text[span.end..].contains('`')
}

/// Whether one pair of braces holds words to be filled in, not JSON, a pattern or a program.
fn is_blank(text: &str, span: Span) -> bool {
    let inside = text[span.range()].trim_matches(['{', '}', '!', '$', '%', '#']).trim();
    let follows_code = text[..span.start].ends_with(|it: char| it.is_alphanumeric() || "\\)]_=$".contains(it));
    let is_wordy = inside.chars().all(|it| it.is_alphanumeric() || " \u{a0}\u{202f}'’._-,/?".contains(it));
    is_wordy && !follows_code && (inside.contains(char::is_alphabetic) || inside.len() == 1)
}

/// Blanks that are no placeholders of a helpdesk: `XXX`, `XX/XX/XXXX`, `[Your name]`, lorem ipsum.
fn gaps(text: &str) -> Vec<Span> {
    let mut gaps: Vec<Span> = words(text).filter(|it| is_crossed_out(text, *it)).collect();
    gaps.extend(brackets(text).filter(|it| asks(&text[it.start + 1..it.end - 1])));
    let lorem = text.to_ascii_lowercase().find("lorem ipsum").map(|at| Span::new(at, at + "lorem ipsum".len()));
    gaps.extend(lorem);
    gaps
}

/// The runs of letters, digits and what joins them.
fn words(text: &str) -> impl Iterator<Item = Span> {
    let pieces = text.split(|it: char| !(it.is_alphanumeric() || "/-_*•.:@\\".contains(it)));
    let start = move |it: &str| it.as_ptr() as usize - text.as_ptr() as usize;
    let spans = pieces.map(move |it| Span::new(start(it), start(it) + it.trim_end_matches(['.', ':', '-']).len()));
    spans.filter(|it| !it.is_empty())
}

/// `XXX`, `XX/XX/XXXX`; but a card whose last digits are told is `XXXX XXXX XXXX 4242`.
fn is_crossed_out(text: &str, word: Span) -> bool {
    let letters = &text[word.range()];
    let n_crosses = letters.bytes().filter(|it| *it == b'X').count();
    let is_crossed = letters.bytes().all(|it| matches!(it, b'X' | b'/')) && letters.starts_with('X');
    is_crossed && n_crosses >= 3 && !stands_by_number(text, word)
}

/// Whether the neighbours of a word, other crosses left out, are digits on the same line.
fn stands_by_number(text: &str, word: Span) -> bool {
    let filler = |it: char| matches!(it, 'X' | ' ' | '\u{a0}' | '\u{202f}');
    let is_digit = |it: Option<char>| it.is_some_and(|it| it.is_ascii_digit());
    is_digit(text[word.end..].trim_start_matches(filler).chars().next())
        || is_digit(text[..word.start].trim_end_matches(filler).chars().next_back())
}

/// `[…]` of one line, no link's text.
fn brackets(text: &str) -> impl Iterator<Item = Span> {
    text.match_indices('[').filter_map(|(at, _)| {
        let end = at + 1 + text[at + 1..].find([']', '[', '\n'])?;
        let closes = text[end..].starts_with(']');
        let follows = &text[end + 1..];
        (closes && !follows.starts_with(['(', '['])).then(|| Span::new(at, end + 1))
    })
}

/// Whether words in brackets ask for something: "Your name", « numéro de commande ».
fn asks(inside: &str) -> bool {
    let inside = inside.trim();
    let folded = inside.to_lowercase();
    let first = folded.split(|it: char| !it.is_alphanumeric()).next().unwrap_or_default();
    let n_words = inside.split_whitespace().count();
    let is_wordy = inside.chars().all(|it| it.is_alphabetic() || " \u{a0}'’_-/".contains(it));
    let is_title = inside.starts_with(char::is_uppercase) || n_words > 1;
    is_wordy && n_words <= 6 && is_title && ASKED.contains(&first)
}

const ASKED: &[&str] = &[
    "your",
    "customer",
    "client",
    "insert",
    "enter",
    "name",
    "first",
    "last",
    "agent",
    "company",
    "order",
    "amount",
    "date",
    "product",
    "votre",
    "nom",
    "prénom",
    "insérer",
    "insérez",
    "indiquer",
    "indiquez",
    "compléter",
    "numéro",
    "commande",
    "montant",
    "produit",
    "société",
    "entreprise",
    "tbd",
];

/// A greeting whose name is missing.
struct Greeting {
    /// From its first letter to its comma.
    span: Span,
    /// What stands where the name should.
    gap: Span,
}

/// “Hi ,” at the start of a line; also “Hi null,”: a machine without a name.
fn greeting(text: &str) -> Option<Greeting> {
    let mut at = 0;
    for line in text.split_inclusive('\n').take(3) {
        let start = at + line.len() - line.trim_start().len();
        at += line.len();
        let line = &text[start..at];
        let Some(word) = GREETINGS.iter().find(|it| starts_with_word(line, it)) else { continue };
        let comma = word.len() + line[word.len()..].find(',')?;
        let name = line[word.len()..comma].trim().trim_matches(['\u{200b}', '\u{feff}']);
        let has_gap = comma > word.len();
        let is_missing = has_gap && name.is_empty() || NOBODY.contains(&name);
        return is_missing.then(|| Greeting {
            span: Span::new(start, start + comma + 1),
            gap: Span::new(start + word.len(), start + comma),
        });
    }
    None
}

fn starts_with_word(line: &str, word: &str) -> bool {
    let starts = line.get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word));
    starts && !line[word.len()..].starts_with(char::is_alphanumeric)
}

const GREETINGS: &[&str] = &[
    "Hi",
    "Hello",
    "Hey",
    "Dear",
    "Good morning",
    "Good afternoon",
    "Good evening",
    "Bonjour",
    "Bonsoir",
    "Salut",
    "Chère",
    "Cher",
];
const NOBODY: &[&str] = &["null", "NULL", "undefined", "None", "NaN", "N/A", "nil"];

static ENGLISH: LazyLock<Arc<Rule>> = LazyLock::new(|| {
    sin(
        "en",
        "Something left to fill in",
        "It tells the customer that nobody read the reply before it was sent.",
        "Fill it in, or take it out.",
    )
});

static FRENCH: LazyLock<Arc<Rule>> = LazyLock::new(|| {
    sin(
        "fr",
        "Un champ à remplir",
        "Il dit au client que personne n’a relu la réponse avant de l’envoyer.",
        "Remplissez-le, ou retirez-le.",
    )
});

fn sin(language: &str, title: &str, why: &str, instead: &str) -> Arc<Rule> {
    Arc::new(Rule {
        sin: NAME.to_owned(),
        language: language.to_owned(),
        title: title.to_owned(),
        family: Family::Voice,
        severity: Severity::Error,
        why: why.to_owned(),
        instead: instead.to_owned(),
        source: "Absolve".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Format;

    #[track_caller]
    fn check_as(format: Format, text: &str, expected: &[&str]) {
        let document = Document::parse(text, format).expect("readable");
        let mut found = find(&document, Language::English, &Policy::default());
        found.sort_by_key(|it| it.span);
        let found: Vec<&str> = found.iter().map(|it| &text[it.span.range()]).collect();
        assert_eq!(found, expected, "in {text}");
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        check_as(Format::Text, text, expected);
    }

    #[test]
    fn placeholders_of_every_dialect() {
        for it in [
            "{{ticket.id}}",
            "[[MISSING TOKEN - Name]]",
            "{%customer.firstName%}",
            "{% if a %}",
            "#{ticket.id}",
            "%{name}",
            "%(name)s",
            "{!Case.Number}",
            "<OTRS_X>",
            "{customer}",
            "{what happened}",
            "{ce que j’ai fait}",
            "{0}",
            "${name}",
            "*|FNAME|*",
            "%PRENOM%",
        ] {
            check(&format!("Your parcel {it} left."), &[it]);
        }
    }

    #[test]
    fn blanks_that_people_leave() {
        check("Commande XXX du XX/XX/XXXX.", &["XXX", "XX/XX/XXXX"]);
        check("Thanks,\n[Your name]", &["[Your name]"]);
        check("Votre commande [numéro de commande] est partie, [Prénom].", &["[numéro de commande]", "[Prénom]"]);
        check("Lorem ipsum dolor", &["Lorem ipsum"]);
    }

    #[test]
    fn greetings_of_nobody() {
        check("Hi ,\nyour parcel left.", &["Hi ,"]);
        check("Bonjour\u{a0},\nVotre colis est parti.", &["Bonjour\u{a0},"]);
        check("Dear null,", &["Dear null,"]);
        check_as(Format::Html, "<p>Hello <b></b>,</p>", &["Hello <b></b>,"]);
        check("Hi,\nHello Ana,\nBonjour !\nHi all , see below", &[]);
        check("Hi there ,\nDear Ana ,\nHigh , and low\nHint ,", &[]);
    }

    #[test]
    fn what_is_written_on_purpose_stays_silent() {
        check("Write `{{name}}` in the template.", &[]);
        check("It answers {\"error\": \"x\"} or {a: 1} or { return x; } or \\d{3} or x[0] or {1,3}.", &[]);
        check("Your card XXXX XXXX XXXX 4242, size XXL, page XX, xxx", &[]);
        check("export ${HOME}; see [1], [sic], [date](https://x.example), [Ticket 12], [name]", &[]);
        check("https://x.example/{id}/XXX désolé{e}", &[]);
        check("Hi Ana,\n> Hi {{name}},\n", &[]);
        check_as(Format::Html, "<p>Hi <o:p></o:p><code>{{x}}</code></p>", &[]);
    }

    #[test]
    fn what_the_helpdesk_fills_in_later_is_no_sin() {
        let document = Document::plain("Hi {{ticket.requester.first_name}}, {{agent.name}}");
        let policy = Policy { filled_later: vec!["{{ticket.*}}".to_owned()], ..Policy::default() };
        assert_eq!(find(&document, Language::English, &policy).len(), 1);
    }
}
