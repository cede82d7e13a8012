//! How words must be written to stand in a place of a document.

use crate::atom::atoms;

/// The layers of a place, innermost first: the text of an HTML body inside a JSON string is `[Html, Json]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Escape {
    /// Invariant: what is `None` comes last.
    layers: [Option<Layer>; DEEPEST],
}

/// How deep layers go: HTML in JSON in a cell of CSV is three.
const DEEPEST: usize = 4;

/// One way of writing text inside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// `&`, `<` and `>` as entities; line breaks as `<br>`; no-break spaces as `&nbsp;`.
    Html,
    /// A backslash before what Markdown would read as markup.
    Markdown,
    /// The inside of a JSON string.
    Json,
}

impl Escape {
    /// The place inside this one.
    pub fn inside(outer: &Escape, layer: Layer) -> Escape {
        debug_assert!(outer.layers[DEEPEST - 1].is_none(), "no format nests deeper");
        let mut layers = outer.layers;
        layers.rotate_right(1);
        layers[0] = Some(layer);
        Escape { layers }
    }

    /// A place with one layer.
    pub fn of(layer: Layer) -> Escape {
        Escape::inside(&Escape::default(), layer)
    }

    /// `words` as they must be written here.
    pub fn write(&self, words: &str) -> String {
        self.layers.iter().flatten().fold(words.to_owned(), |words, layer| layer.write(&words))
    }
}

impl Layer {
    fn write(self, words: &str) -> String {
        match self {
            Layer::Html => words
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('\u{a0}', "&nbsp;")
                .replace('\n', "<br>"),
            Layer::Markdown => markdown(words),
            Layer::Json => json_string(words),
        }
    }
}

/// Placeholders and links are written as they are: a backslash would break them.
fn markdown(words: &str) -> String {
    let mut written = String::with_capacity(words.len());
    let mut at = 0;
    for atom in atoms(words) {
        push_markdown(&mut written, &words[at..atom.span.start]);
        written.push_str(&words[atom.span.range()]);
        at = atom.span.end;
    }
    push_markdown(&mut written, &words[at..]);
    written
}

fn push_markdown(written: &mut String, words: &str) {
    for (at, it) in words.char_indices() {
        let rest = &words[at + it.len_utf8()..];
        if is_markup(it, written.chars().next_back(), rest) {
            written.push('\\');
        }
        written.push(it);
    }
}

/// Whether Markdown would read `it` as more than itself, after `before` and before `rest`.
fn is_markup(it: char, before: Option<char>, rest: &str) -> bool {
    let in_word = before.is_some_and(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric);
    let starts_line = before.is_none_or(|it| it == '\n');
    match it {
        '\\' | '`' | '*' | '[' | ']' | '<' | '|' => true,
        '_' => !in_word,
        '~' => rest.starts_with('~') || before == Some('~'),
        '&' => rest.starts_with(|it: char| it == '#' || it.is_ascii_alphabetic()),
        '#' | '>' | '-' | '+' => starts_line,
        _ => false,
    }
}

fn json_string(words: &str) -> String {
    let quoted = serde_json::to_string(words).expect("a string is always JSON");
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_are_written_from_the_inside() {
        let json = Escape::of(Layer::Json);
        let both = Escape::inside(&json, Layer::Html);
        assert_eq!(Escape::default().write("a \"b\" & c"), "a \"b\" & c");
        assert_eq!(json.write("a \"b\"\n"), "a \\\"b\\\"\\n");
        assert_eq!(both.write("a \"b\" & c\u{a0}!"), "a \\\"b\\\" &amp; c&nbsp;!");
    }

    #[test]
    fn markdown_reads_the_words_as_they_are() {
        let check = |words: &str, written: &str| assert_eq!(Escape::of(Layer::Markdown).write(words), written);
        check("I'm sorry: {what happened}.", "I'm sorry: {what happened}.");
        check("*2* _a_ a_b [c] `d` <e> R&D &amp; \\", "\\*2\\* \\_a\\_ a_b \\[c\\] \\`d\\` \\<e> R\\&D \\&amp; \\\\");
        check("Hi {{a_b | x: '*'}}, see https://x.example/a_b*", "Hi {{a_b | x: '*'}}, see https://x.example/a_b\\*");
        check("- a\n# b - c", "\\- a\n\\# b - c");
    }
}
