//! What is one opaque word in a text: placeholders, links, addresses. Words inside them are nobody's prose.

use crate::span::Span;

/// A stretch of text that counts as one word and is never matched into, edited, moved or lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Atom {
    /// Bytes of the segment's text.
    pub span: Span,
    /// What it stands for.
    pub kind: AtomKind,
}

/// What an atom stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtomKind {
    /// A value the helpdesk fills in: `{{ticket.id}}`, `%{name}`, `[[order]]`.
    Placeholder,
    /// Control flow of a template: `{% if … %}`. It prints nothing, so it is no word at all.
    Control,
    /// A URL.
    Link,
    /// An e-mail address.
    Email,
    /// Inline code, markup and all: a command, a name to type. Only formats with markup know it.
    Code,
}

/// The atoms of a text, in order, disjoint.
pub fn atoms(text: &str) -> Vec<Atom> {
    let bytes = text.as_bytes();
    let mut atoms = Vec::new();
    let mut at = 0;
    let mut end = 0;
    while let Some(next) = next_opener(bytes, at) {
        at = next;
        let rest = &bytes[at..];
        let Some((opener, read)) = dialects(rest[0]).iter().find(|it| rest.starts_with(it.0.as_bytes())) else {
            at += 1;
            continue;
        };
        // An address reads backwards, but not into the atom before it.
        let atom = read(text, at).filter(|it| it.span.start >= end);
        at += opener.len();
        if let Some(atom) = atom {
            end = atom.span.end;
            at = at.max(end);
            atoms.push(atom);
        }
    }
    atoms
}

type Reader = fn(&str, usize) -> Option<Atom>;

/// What opens an atom with that byte, longest first, and what reads it from there. Sources: HELPDESK.md, part B.
fn dialects(byte: u8) -> &'static [(&'static str, Reader)] {
    const BRACE: &[(&str, Reader)] = &[
        ("{{{", |text, at| close(text, at, 3, "}}}", AtomKind::Placeholder)),
        ("{{", double_brace),
        ("{%", control_or_value),
        ("{#", |text, at| close(text, at, 2, "#}", AtomKind::Control)),
        ("{!", |text, at| close(text, at, 2, "}", AtomKind::Placeholder)),
        ("{", single_brace),
    ];
    const HASH: &[(&str, Reader)] =
        &[("#{", |text, at| close(text, at, 2, "}", AtomKind::Placeholder)), ("#<", |text, at| fill_in(text, at, 2))];
    const PERCENT: &[(&str, Reader)] = &[
        ("%{", |text, at| close(text, at, 2, "}", AtomKind::Placeholder)),
        ("%(", printf_named),
        ("%7B", |text, at| close(text, at, 3, "%7D", AtomKind::Placeholder)),
        ("%", percent),
    ];
    const DOLLAR: &[(&str, Reader)] = &[("${", |text, at| close(text, at, 2, "}", AtomKind::Placeholder))];
    const BRACKET: &[(&str, Reader)] = &[("[[", |text, at| close(text, at, 2, "]]", AtomKind::Placeholder))];
    const LESS: &[(&str, Reader)] = &[
        ("<OTRS_", |text, at| close(text, at, 6, ">", AtomKind::Placeholder)),
        ("<%", embedded),
        ("<", |text, at| fill_in(text, at, 1)),
    ];
    const AT: &[(&str, Reader)] = &[("@<", |text, at| fill_in(text, at, 2)), ("@", email)];
    const ENTITY: &[(&str, Reader)] = &[("&lt;OTRS_", |text, at| close(text, at, 9, "&gt;", AtomKind::Placeholder))];
    const STAR: &[(&str, Reader)] = &[("*|", |text, at| close(text, at, 2, "|*", AtomKind::Placeholder))];
    match byte {
        b'{' => BRACE,
        b'#' => HASH,
        b'%' => PERCENT,
        b'$' => DOLLAR,
        b'[' => BRACKET,
        b'<' => LESS,
        b'&' => ENTITY,
        b'*' => STAR,
        b'w' => &[("www.", link)],
        b':' => &[(":", after_scheme)],
        b'@' => AT,
        _ => &[],
    }
}

/// The first byte from `at` on that may open an atom. A stretch of text is read without a way out of it, so many bytes at
/// once: most have none.
fn next_opener(bytes: &[u8], mut at: usize) -> Option<usize> {
    while let Some(stretch) = bytes[at..].first_chunk::<{ STRETCH + 1 }>() {
        let opens = |it: usize| may_open(stretch[it], stretch[it + 1]);
        if (0..STRETCH).fold(false, |has, it| has | opens(it)) {
            return (0..STRETCH).find(|&it| opens(it)).map(|it| at + it);
        }
        at += STRETCH;
    }
    bytes[at..].iter().position(|&it| may_open(it, b'w')).map(|it| at + it)
}

const STRETCH: usize = 32;

/// Whether a byte has dialects, before the `next` one.
fn may_open(it: u8, next: u8) -> bool {
    OPENERS.iter().fold((it == b'w') & (next == b'w'), |has, opener| has | (it == *opener))
}

const OPENERS: [u8; 10] = *b"{#%$[<&*:@";

/// A placeholder is never longer than this, in bytes: what is, lost its end.
const LONGEST: usize = 600;

/// From `at`, past an opener of `opener` bytes, to `closer`; a closer inside quotes does not count.
fn close(text: &str, at: usize, opener: usize, closer: &str, kind: AtomKind) -> Option<Atom> {
    let rest = &text.as_bytes()[at + opener..];
    let rest = &rest[..rest.len().min(LONGEST)];
    let first = find(rest, closer.as_bytes())?;
    let end = closer_outside_quotes(rest, closer.as_bytes()).unwrap_or(first);
    Some(Atom { span: Span::new(at, at + opener + end + closer.len()), kind })
}

fn closer_outside_quotes(bytes: &[u8], closer: &[u8]) -> Option<usize> {
    let mut quote = None;
    for (at, &it) in bytes.iter().enumerate() {
        match quote {
            Some(open) if it == open => quote = None,
            Some(_) => {}
            None if bytes[at..].starts_with(closer) => return Some(at),
            None if it == b'"' || it == b'\'' => quote = Some(it),
            None => {}
        }
    }
    None
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, needle)
}

/// `{% if x %}` is control flow, `{%customer.firstName,fallback=there%}` (Help Scout, FreeScout, UVdesk) a value.
fn control_or_value(text: &str, at: usize) -> Option<Atom> {
    let atom = close(text, at, 2, "%}", AtomKind::Control)?;
    let inside = &text[at + 2..atom.span.end - 2];
    let name = inside.trim_matches(|it: char| it == '-' || it.is_whitespace());
    let is_value = name.split(',').next().is_some_and(|it| it.contains('.') && !it.contains(char::is_whitespace));
    Some(Atom { kind: if is_value { AtomKind::Placeholder } else { AtomKind::Control }, ..atom })
}

/// `{{name}}` is a value; the sections of Mustache and Handlebars (`{{#if x}}`, `{{else}}`, `{{/if}}`) are control flow.
fn double_brace(text: &str, at: usize) -> Option<Atom> {
    let atom = close(text, at, 2, "}}", AtomKind::Placeholder)?;
    let inside = text[at + 2..atom.span.end - 2].trim_matches(['~', '-']).trim();
    let is_control = inside.starts_with(['#', '/', '^', '!']) || inside == "else" || inside.starts_with("else if ");
    Some(Atom { kind: if is_control { AtomKind::Control } else { AtomKind::Placeholder }, ..atom })
}

/// `<%= name %>` is a value; `<% if x %>` is control flow.
fn embedded(text: &str, at: usize) -> Option<Atom> {
    let atom = close(text, at, 2, "%>", AtomKind::Placeholder)?;
    let is_value = text[at + 2..].starts_with('=');
    Some(Atom { kind: if is_value { AtomKind::Placeholder } else { AtomKind::Control }, ..atom })
}

/// What a person is to fill in: `#<issue number>`, `@<reporter>`, and `<PROJECT NAME>`, which is no tag of HTML.
fn fill_in(text: &str, at: usize, opener: usize) -> Option<Atom> {
    let inside = &text[at + opener..];
    // Every tag of HTML is asked.
    if !inside.starts_with(char::is_alphabetic) || opener == 1 && inside.starts_with(char::is_lowercase) {
        return None;
    }
    let inside = &inside[..inside.find(['>', '<', '\n']).filter(|&it| inside[it..].starts_with('>'))?];
    let is_name = |it: char| it.is_alphanumeric() || " _-".contains(it);
    let is_shouted = inside.contains([' ', '_']) && !inside.contains(char::is_lowercase);
    let is_meant = inside.len() <= 60 && inside.chars().all(is_name) && (opener > 1 || is_shouted);
    is_meant.then(|| Atom { span: Span::new(at, at + opener + inside.len() + 1), kind: AtomKind::Placeholder })
}

/// `{x}`, `{0}`, `{first name}`; but « désolé{e} » is inclusive writing, part of its word. Nothing is quoted in it:
/// `{ce qui s'est passé}` has an apostrophe.
fn single_brace(text: &str, at: usize) -> Option<Atom> {
    let rest = &text.as_bytes()[at + 1..];
    let end = at + 1 + find(&rest[..rest.len().min(LONGEST)], b"}")?;
    let atom = Atom { span: Span::new(at, end + 1), kind: AtomKind::Placeholder };
    let inside = &text[at + 1..end];
    let ends_a_word = text[..at].ends_with(char::is_alphabetic);
    let is_ending = ends_a_word && inside.len() <= 3 && inside.bytes().all(|it| it.is_ascii_lowercase());
    let is_name = !inside.is_empty() && inside.len() <= 60 && !inside.contains(['\n', '{']);
    (is_name && !is_ending).then_some(atom)
}

/// Python's `%(name)s`.
fn printf_named(text: &str, at: usize) -> Option<Atom> {
    let atom = close(text, at, 2, ")", AtomKind::Placeholder)?;
    let is_conversion = text[atom.span.end..].starts_with(['s', 'd', 'i', 'f', 'r']);
    is_conversion.then(|| Atom { span: Span::new(at, atom.span.end + 1), ..atom })
}

/// C's `%s` and `%1$s`, and `%NAME%`. « 10 % des » is none.
fn percent(text: &str, at: usize) -> Option<Atom> {
    let rest = &text[at + 1..];
    let name = rest.find(|it: char| !(it.is_ascii_uppercase() || it == '_' || it.is_ascii_digit()))?;
    if name >= 2 && rest[name..].starts_with('%') {
        return Some(Atom { span: Span::new(at, at + name + 2), kind: AtomKind::Placeholder });
    }
    let digits = rest.find(|it: char| !it.is_ascii_digit())?;
    let conversion = if digits > 0 { rest[digits..].strip_prefix('$')? } else { rest };
    let follows = conversion.strip_prefix(['s', 'd'])?;
    let is_alone =
        !text[..at].ends_with(|it: char| it.is_alphanumeric()) && !follows.starts_with(char::is_alphanumeric);
    let end = text.len() - follows.len();
    is_alone.then_some(Atom { span: Span::new(at, end), kind: AtomKind::Placeholder })
}

/// A link whose scheme ends at `at`: `https:`, `mailto:`.
fn after_scheme(text: &str, at: usize) -> Option<Atom> {
    let is_web = text[at..].starts_with("://");
    let schemes: &[&str] = if is_web { &["https", "http"] } else { &["mailto"] };
    let scheme = schemes.iter().find(|it| text[..at].ends_with(**it))?;
    link(text, at - scheme.len())
}

fn link(text: &str, at: usize) -> Option<Atom> {
    if text[..at].ends_with(|it: char| it.is_alphanumeric()) {
        return None;
    }
    let rest = &text[at..];
    let end = rest.find(|it: char| it.is_whitespace() || "<>\"«»“”".contains(it)).unwrap_or(rest.len());
    let link = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '’', '*', '_', '…']);
    Some(Atom { span: Span::new(at, at + link.len()), kind: AtomKind::Link })
}

fn email(text: &str, at: usize) -> Option<Atom> {
    let is_part = |it: char| it.is_ascii_alphanumeric() || "._%+-".contains(it);
    let local = text[..at].len() - text[..at].trim_end_matches(is_part).len();
    let domain = text[at + 1..].len() - text[at + 1..].trim_start_matches(is_part).len();
    let domain = text[at + 1..at + 1 + domain].trim_end_matches(['.', '-']);
    let is_address = local > 0 && domain.contains('.');
    is_address.then(|| Atom { span: Span::new(at - local, at + 1 + domain.len()), kind: AtomKind::Email })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = atoms(text).iter().map(|it| &text[it.span.range()]).collect();
        assert_eq!(found, expected, "in {text}");
    }

    #[test]
    fn every_dialect_of_placeholders() {
        for placeholder in [
            r#"{{ ticket.requester.first_name | default:"there" }}"#,
            "{{{Recipient.FirstName}}}",
            "{%customer.firstName,fallback=there%}",
            "#{ticket.customer.firstname}",
            "%{ticket.name}",
            "%(name)s",
            "[[fullname]]",
            "{!Case.Number}",
            "<OTRS_CUSTOMER_DATA_UserFirstname>",
            "&lt;OTRS_CONFIG_x&gt;",
            "{customer}",
            "{0}",
            "${x}",
            "<%= name %>",
            "*|FNAME|*",
            "%PRENOM%",
            "%1$s",
            "{% if a %}",
            "%7Bticket.id%7D",
            "#<insert issue>",
            "@<reporter>",
            "<PROJECT NAME>",
            "<ISSUE_NUMBER>",
            "{{#if paid}}",
            r#"{{ user.first_name | fallback: "there, and sorry for the inconvenience" }}"#,
        ] {
            check(&format!("Bonjour {placeholder}, merci"), &[placeholder]);
        }
    }

    #[test]
    fn a_closer_in_quotes_does_not_close() {
        check(r#"Hi {{ a | default: "}}" }}!"#, &[r#"{{ a | default: "}}" }}"#]);
        check("Hi {{ it's }} there", &["{{ it's }}"]);
    }

    #[test]
    fn an_apostrophe_in_a_blank_is_no_quote() {
        check("Pardon : {ce qui s'est passé}. {ce que j'ai fait}.", &["{ce qui s'est passé}", "{ce que j'ai fait}"]);
    }

    #[test]
    fn control_flow_is_told_from_values() {
        let kinds = |text| atoms(text).iter().map(|it| it.kind).collect::<Vec<_>>();
        assert_eq!(kinds("{% if ticket.id %}"), [AtomKind::Control]);
        assert_eq!(kinds("{%ticket.id%}"), [AtomKind::Placeholder]);
        assert_eq!(kinds("{%- endif -%}"), [AtomKind::Control]);
        assert_eq!(kinds("{{#if a}}b{{else}}c{{/if}}{{^d}}{{! e }}"), [AtomKind::Control; 5]);
        assert_eq!(kinds("<% if a %><%= b %><%- c %>"), [AtomKind::Control, AtomKind::Placeholder, AtomKind::Control]);
    }

    #[test]
    fn what_only_looks_like_one_stays_prose() {
        check("<P> <br> 1 < 2 and 3 > 2, <b> #<> @ <x y>", &[]);
        check("10 % des clients, 100% sure, désolé{e}, a { b, email me @ noon, (50%)", &[]);
    }

    #[test]
    fn every_opener_is_seen_wherever_it_stands() {
        let has_dialects: Vec<u8> = (0..=255).filter(|&it| !dialects(it).is_empty()).collect();
        assert_eq!(has_dialects, (0..=255).filter(|&it| may_open(it, b'w')).collect::<Vec<u8>>());
        for before in 0..80 {
            let text = |words: &str| " ".repeat(before) + words;
            check(&text("{a}"), &["{a}"]);
            check(&text("www.x.example"), &["www.x.example"]);
            check(&text("www {a} mailto:"), &["{a}", "mailto"]);
        }
    }

    #[test]
    fn links_and_addresses() {
        check("See https://x.example/a?b=1, or mail help@x.example.", &["https://x.example/a?b=1", "help@x.example"]);
        check("(www.x.example)", &["www.x.example"]);
    }
}
