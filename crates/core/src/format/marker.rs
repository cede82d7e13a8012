//! Comments by which an author asks not to be told: `absolve-ignore SIN[, SIN]: reason`, `absolve-ignore-file …`.

use crate::span::Span;

/// What a comment asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Marker {
    /// The sins by name; empty for all.
    pub sins: Vec<String>,
    /// Why.
    pub reason: Option<String>,
    /// For the whole document, rather than the next block.
    pub whole_file: bool,
}

/// A comment, and what stands in it.
pub(crate) struct Comment<'a> {
    pub span: Span,
    pub inside: &'a str,
}

/// What every marker starts with.
pub(crate) const NAME: &str = "absolve-ignore";

/// Reads the inside of a comment: `None` if it is no marker, an error (for the author) if it is a broken one.
pub(crate) fn parse(comment: &str) -> Option<Result<Marker, String>> {
    let comment = comment.trim();
    let rest = comment.get(PREFIX.len()..).filter(|_| comment[..PREFIX.len()].eq_ignore_ascii_case(PREFIX))?;
    let verb = rest.trim_start_matches(['-', '_', ':', ' ']).to_ascii_lowercase();
    let looks_like_one = verb.len() < rest.len() && VERBS.iter().any(|it| verb.starts_with(it));
    looks_like_one.then(|| parse_marker(comment))
}

/// The marker at byte `at` of prose: with the comment around it, else up to the end of its line.
pub(crate) fn around(prose: &str, at: usize) -> Span {
    let before = prose[..at].trim_end();
    let line = prose[at..].find('\n').map_or(prose.len(), |it| at + it);
    match (before.strip_suffix("<!--"), prose[at..line].find("-->")) {
        (Some(before), Some(end)) => Span::new(before.len(), at + end + 3),
        _ => Span::new(at, at + prose[at..line].trim_end().len()),
    }
}

const PREFIX: &str = "absolve";
const VERBS: [&str; 4] = ["ignore", "disable", "suppress", "skip"];
const SHAPE: &str = "write `absolve-ignore SIN: reason` or `absolve-ignore-file SIN: reason`";

fn parse_marker(comment: &str) -> Result<Marker, String> {
    let end = comment.find(|it: char| !(it.is_alphanumeric() || it == '-' || it == '_')).unwrap_or(comment.len());
    let whole_file = match &comment[..end] {
        NAME => false,
        "absolve-ignore-file" => true,
        other => return Err(format!("`{other}` is no marker that Absolve knows; {SHAPE}")),
    };
    let (names, reason) = match comment[end..].split_once(':') {
        Some((names, reason)) => (names, Some(reason.trim()).filter(|it| !it.is_empty())),
        None => (&comment[end..], None),
    };
    Ok(Marker { sins: parse_sins(names.trim())?, reason: reason.map(str::to_owned), whole_file })
}

fn parse_sins(names: &str) -> Result<Vec<String>, String> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    names.split(',').map(|it| parse_sin(it.trim())).collect()
}

fn parse_sin(name: &str) -> Result<String, String> {
    let is_name = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    if name.is_empty() {
        Err(format!("a name is missing between commas; {SHAPE}"))
    } else if name.contains(char::is_whitespace) {
        Err(format!("`{name}` is not one name; put commas between names and a colon before the reason"))
    } else if !name.bytes().all(is_name) {
        Err(format!("`{name}` is no sin's name: those are small letters and hyphens, as in `empty-promise`"))
    } else {
        Ok(name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(comment: &str, sins: &[&str], reason: Option<&str>, whole_file: bool) {
        let sins = sins.iter().map(|&it| it.to_owned()).collect();
        let expected = Marker { sins, reason: reason.map(str::to_owned), whole_file };
        assert_eq!(parse(comment), Some(Ok(expected)));
    }

    #[track_caller]
    fn check_error(comment: &str, words: &str) {
        let Some(Err(message)) = parse(comment) else { panic!("no error in {comment}") };
        assert!(message.contains(words), "{message}");
    }

    #[test]
    fn markers_of_every_shape() {
        check(" absolve-ignore ", &[], None, false);
        check("absolve-ignore empty-promise", &["empty-promise"], None, false);
        check("absolve-ignore a, b-c: we do: really", &["a", "b-c"], Some("we do: really"), false);
        check("absolve-ignore: legal asked", &[], Some("legal asked"), false);
        check("absolve-ignore-file a:", &["a"], None, true);
    }

    #[test]
    fn other_comments_are_left_alone() {
        for comment in ["", "TODO", "we absolve-ignore this", "absolver", "absolve", "absolve them all", "absolveé"] {
            assert_eq!(parse(comment), None, "{comment}");
        }
    }

    #[test]
    fn a_broken_marker_says_how_to_write_it() {
        check_error("absolve-ignore-next a", "`absolve-ignore-next` is no marker");
        check_error("absolve-disable a", "`absolve-disable`");
        check_error("Absolve-Ignore a", "`Absolve-Ignore`");
        check_error("absolve ignore a", "`absolve` is no marker");
        check_error("absolve-ignore a b", "put commas");
        check_error("absolve-ignore a,, b", "missing between commas");
        check_error("absolve-ignore Empty_Promise: x", "small letters");
    }
}
