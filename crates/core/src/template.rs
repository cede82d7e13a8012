//! Better words as a rule's author writes them, taken apart: text, blanks, placeholders.

use crate::{atom::atoms, rule::FixTemplate, span::Span};

/// Better words that were fitted to their place: text with its blanks marked out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wording {
    pub text: String,
    /// `{what happened}`, braces included: bytes of `text`.
    pub blanks: Vec<Span>,
}

impl Wording {
    /// `with` as it is, its blanks found. `{e}` must have been resolved before.
    pub fn new(with: impl Into<String>) -> Wording {
        let text = with.into();
        let is_blank = |it: &str| it.starts_with('{') && !it.starts_with("{{") && !it.starts_with("{%");
        let blanks = atoms(&text).into_iter().map(|it| it.span).filter(|it| is_blank(&text[it.range()])).collect();
        Wording { text, blanks }
    }
}

impl FixTemplate {
    /// What its blanks ask for, without their braces. `{e}` is no blank.
    pub fn blanks(&self) -> Vec<String> {
        let wording = Wording::new(self.with.replace("{e}", ""));
        wording.blanks.iter().map(|it| wording.text[it.range()].trim_matches(['{', '}']).to_owned()).collect()
    }
}

/// `with` for an agent's gender: `désolé{e}` becomes « désolée » or « désolé »; `None` where it would show a gender
/// that is not known.
pub(crate) fn gendered(with: &str, ending: Option<&str>) -> Option<String> {
    match ending {
        _ if !with.contains("{e}") => Some(with.to_owned()),
        Some(ending) => Some(with.replace("{e}", ending)),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_told_from_placeholders() {
        let wording = Wording::new("I'm sorry, {{name}}: {what happened}. {what I did}.");
        let blanks: Vec<&str> = wording.blanks.iter().map(|it| &wording.text[it.range()]).collect();
        assert_eq!(blanks, ["{what happened}", "{what I did}"]);
    }

    #[test]
    fn gender_shows_only_where_it_is_known() {
        assert_eq!(gendered("Je suis désolé{e}.", Some("e")).as_deref(), Some("Je suis désolée."));
        assert_eq!(gendered("Je suis désolé{e}.", Some("")).as_deref(), Some("Je suis désolé."));
        assert_eq!(gendered("Je suis désolé{e}.", None), None);
        assert_eq!(gendered("Pardon.", None).as_deref(), Some("Pardon."));
    }
}
