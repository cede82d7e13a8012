//! How words must be written to stand in a place of a document.

pub use enclosure::Enclosure;

mod enclosure;

use std::{fmt, sync::Arc};

use crate::{atom::atoms, charset::Charset, diagnostic::Edit, quoted_printable};

/// The layers of a place: nothing where words stand as they are. Thousands of segments share one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Escape(Option<Arc<Layers>>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Layers {
    /// Innermost first: the text of an HTML body inside a JSON string is `[Html, Json]`. What is `None` comes last.
    layers: [Option<Layer>; DEEPEST],
    /// What the place must be given before some words may stand in it.
    enclosure: Option<Enclosure>,
}

/// How deep layers go: HTML in JSON in a cell of CSV is three.
const DEEPEST: usize = 4;

/// One way of writing text inside another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layer {
    /// `&`, `<` and `>` as entities; line breaks as `<br>`; no-break spaces as `&nbsp;`.
    Html,
    /// A backslash before what Markdown would read as markup.
    Markdown,
    /// The inside of a JSON string.
    Json,
    /// The bytes of a charset, one character for each.
    Charset(Charset),
    /// The same in quoted-printable.
    QuotedPrintable(Charset),
    /// In YAML without quotes.
    YamlPlain,
    /// Between single quotes in YAML.
    YamlSingle,
    /// Between double quotes in YAML.
    YamlDouble,
    /// `&`, `<` and `>` as entities.
    Xml,
    /// The inside of `<![CDATA[…]]>`.
    Cdata,
    /// Between fences of Markdown.
    Fenced,
    /// What is read but not written, such as base64.
    Sealed,
    /// A cell of CSV that stands in quotes.
    Csv,
    /// A block of lines in YAML that are indented so far.
    YamlLiteral(u8),
    /// The same, folded: one line break is a space.
    YamlFolded(u8),
}

/// Why words cannot stand in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwritable {
    /// A character that the charset there has not.
    Character(char, &'static str),
    /// In YAML, quotes would be needed that are not there.
    Unquoted,
    /// Nothing is written there.
    Sealed,
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unwritable::Character(it, charset) => {
                let code = u32::from(*it);
                write!(f, "this part of the mail is in {charset}, which cannot write “{it}” (U+{code:04X})")
            }
            Unwritable::Unquoted => f.write_str("this value needs quotes before these words can stand in it; add them"),
            Unwritable::Sealed => f.write_str(
                "the text is encoded as a whole here (base64, an encoded subject, several CDATA), so it is not written \
                 into; change it where it was written",
            ),
        }
    }
}

impl std::error::Error for Unwritable {}

impl Escape {
    /// The place inside this one.
    pub(crate) fn inside(outer: &Escape, layer: Layer) -> Escape {
        let Layers { mut layers, enclosure } = outer.unshared();
        debug_assert!(layers[DEEPEST - 1].is_none(), "no format nests deeper");
        layers.rotate_right(1);
        layers[0] = Some(layer);
        Escape(Some(Arc::new(Layers { layers, enclosure })))
    }

    /// A place that must be enclosed before some words may stand in it.
    pub fn enclosed(self, enclosure: Option<Enclosure>) -> Escape {
        let layers = Layers { enclosure, ..self.unshared() };
        Escape((layers != Layers::default()).then(|| Arc::new(layers)))
    }

    fn unshared(&self) -> Layers {
        self.0.as_deref().cloned().unwrap_or_default()
    }

    fn layers(&self) -> impl Iterator<Item = &Layer> {
        self.0.iter().flat_map(|it| it.layers.iter().flatten())
    }

    /// Completes edits of the place: what encloses it, if their words cannot stand in it as it is.
    pub fn enclose(&self, document_text: &str, edits: &mut Vec<Edit>) {
        if let Some(enclosure) = self.0.as_ref().and_then(|it| it.enclosure.as_ref()) {
            enclosure.enclose(document_text, edits);
        }
    }

    /// A place with one layer.
    pub(crate) fn of(layer: Layer) -> Escape {
        Escape::inside(&Escape::default(), layer)
    }

    /// `words` as they must be written here, or why they cannot.
    pub fn write(&self, words: &str) -> Result<String, Unwritable> {
        let mut written = words.to_owned();
        let mut layers = self.layers().peekable();
        while let Some(layer) = layers.next() {
            written = match (layer, layers.peek()) {
                (Layer::Html, Some(Layer::Charset(it) | Layer::QuotedPrintable(it))) => {
                    with_references(&layer.write(&written)?, *it)
                }
                _ => layer.write(&written)?,
            };
        }
        Ok(written)
    }

    /// Appends `words` to `written` as they must be written here.
    pub(crate) fn write_to(&self, written: &mut String, words: &str) -> Result<(), Unwritable> {
        match self.layers().next() {
            None => written.push_str(words),
            Some(_) => written.push_str(&self.write(words)?),
        }
        Ok(())
    }

    /// Whether `source` between words of this place only carries on their line.
    pub(crate) fn is_fold(&self, source: &str) -> bool {
        self.is_quoted_printable() && quoted_printable::is_fold(source)
    }

    /// Whether this place is text of HTML, written as it is.
    pub(crate) fn is_html(&self) -> bool {
        self.layers().next() == Some(&Layer::Html)
    }

    /// Whether lines of this place have a greatest length.
    pub(crate) fn is_quoted_printable(&self) -> bool {
        self.layers().any(|it| matches!(it, Layer::QuotedPrintable(_)))
    }
}

/// HTML in which every character that `charset` lacks is a reference.
fn with_references(html: &str, charset: Charset) -> String {
    let reference = |it: char| match charset.encode(it) {
        Some(_) => it.to_string(),
        None => format!("&#{};", u32::from(it)),
    };
    html.chars().map(reference).collect()
}

impl Layer {
    fn write(self, words: &str) -> Result<String, Unwritable> {
        Ok(match self {
            Layer::Html => with_entities(words, &[('\u{a0}', "&nbsp;"), ('\n', "<br>")]),
            Layer::Markdown => markdown(words),
            Layer::Json => json_string(words),
            Layer::Csv => words.replace('"', "\"\""),
            Layer::YamlLiteral(indent) => words.replace('\n', &format!("\n{}", " ".repeat(indent.into()))),
            Layer::YamlFolded(indent) => words.replace('\n', &format!("\n\n{}", " ".repeat(indent.into()))),
            Layer::Charset(it) => bytes(words, it)?.into_iter().map(char::from).collect(),
            Layer::QuotedPrintable(it) => quoted_printable::encode(&bytes(words, it)?),
            Layer::YamlPlain if needs_quotes(words) => return Err(Unwritable::Unquoted),
            Layer::YamlPlain => words.to_owned(),
            Layer::YamlSingle if words.contains('\n') => return Err(Unwritable::Sealed),
            Layer::YamlSingle => words.replace('\'', "''"),
            Layer::YamlDouble => words.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"),
            Layer::Xml => with_entities(words, &[]),
            Layer::Cdata if words.contains("]]>") => return Err(Unwritable::Sealed),
            Layer::Cdata => words.to_owned(),
            Layer::Fenced if words.contains("```") || words.contains("~~~") => return Err(Unwritable::Sealed),
            Layer::Fenced => words.to_owned(),
            Layer::Sealed => return Err(Unwritable::Sealed),
        })
    }
}

/// Words as markup writes them, with what else it cannot have as it is.
fn with_entities(words: &str, others: &[(char, &str)]) -> String {
    let mut written = String::with_capacity(words.len());
    for it in words.chars() {
        match it {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            _ => match others.iter().find(|other| other.0 == it) {
                Some(other) => written.push_str(other.1),
                None => written.push(it),
            },
        }
    }
    written
}

/// Whether words mean something in YAML, wherever they come to stand.
fn needs_quotes(words: &str) -> bool {
    let starts_something = |it: char| "-?:,[]{}#&*!|>'\"%@`".contains(it);
    words.contains([':', '#', '\n']) || words.starts_with(starts_something)
}

fn bytes(words: &str, charset: Charset) -> Result<Vec<u8>, Unwritable> {
    let bytes = |it: char| charset.encode(it).ok_or(Unwritable::Character(it, charset.name()));
    words.chars().map(bytes).collect::<Result<Vec<_>, _>>().map(|it| it.concat())
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

    #[track_caller]
    fn check(escape: &Escape, words: &str, written: &str) {
        assert_eq!(escape.write(words).as_deref(), Ok(written));
    }

    #[test]
    fn layers_are_written_from_the_inside() {
        let json = Escape::of(Layer::Json);
        check(&Escape::default(), "a \"b\" & c", "a \"b\" & c");
        check(&json, "a \"b\"\n", "a \\\"b\\\"\\n");
        check(&Escape::inside(&json, Layer::Html), "a \"b\" & c\u{a0}!", "a \\\"b\\\" &amp; c&nbsp;!");
    }

    #[test]
    fn every_syntax_has_its_way() {
        let check = |layer: Layer, written: &str| check(&Escape::of(layer), "a 'b' \"c\" \\\nd", written);
        check(Layer::Csv, "a 'b' \"\"c\"\" \\\nd");
        check(Layer::YamlDouble, r#"a 'b' \"c\" \\\nd"#);
        check(Layer::YamlLiteral(2), "a 'b' \"c\" \\\n  d");
        check(Layer::YamlFolded(2), "a 'b' \"c\" \\\n\n  d");
    }

    #[test]
    fn markdown_reads_the_words_as_they_are() {
        let check = |words: &str, written: &str| check(&Escape::of(Layer::Markdown), words, written);
        check("I'm sorry: {what happened}.", "I'm sorry: {what happened}.");
        check("*2* _a_ a_b [c] `d` <e> R&D &amp; \\", "\\*2\\* \\_a\\_ a_b \\[c\\] \\`d\\` \\<e> R\\&D \\&amp; \\\\");
        check("Hi {{a_b | x: '*'}}, see https://x.example/a_b*", "Hi {{a_b | x: '*'}}, see https://x.example/a_b\\*");
        check("- a\n# b - c", "\\- a\n\\# b - c");
    }

    #[test]
    fn xml_and_yaml_have_their_ways() {
        check(&Escape::of(Layer::Xml), "a < b & 'c'", "a &lt; b &amp; 'c'");
        check(&Escape::of(Layer::Cdata), "a < b", "a < b");
        check(&Escape::of(Layer::YamlPlain), "it's late, Ana", "it's late, Ana");
        check(&Escape::of(Layer::YamlSingle), "it's \"late\"", "it''s \"late\"");
        check(&Escape::of(Layer::YamlDouble), "it's \"late\"\\", "it's \\\"late\\\"\\\\");
        assert_eq!(Escape::of(Layer::YamlPlain).write("I'm sorry: it's late"), Err(Unwritable::Unquoted));
        assert_eq!(Escape::of(Layer::Cdata).write("]]>"), Err(Unwritable::Sealed));
    }

    #[test]
    fn mails_are_written_in_their_charset() {
        let latin_1 = Charset::named("iso-8859-1").expect("known");
        check(&Escape::of(Layer::Charset(Charset::UTF_8)), "é", "Ã©");
        check(&Escape::of(Layer::QuotedPrintable(latin_1)), "l’été = là", "l'=E9t=E9 =3D l=E0");
        let html = Escape::inside(&Escape::of(Layer::QuotedPrintable(latin_1)), Layer::Html);
        check(&html, "<é→", "&lt;=E9&#8594;");
        check(&Escape::inside(&Escape::of(Layer::Charset(Charset::ASCII)), Layer::Html), "é", "&#233;");
        let refused = Escape::of(Layer::Charset(Charset::ASCII)).write("été").map_err(|it| it.to_string());
        assert_eq!(refused, Err("this part of the mail is in US-ASCII, which cannot write “é” (U+00E9)".to_owned()));
        assert_eq!(Escape::of(Layer::Sealed).write(""), Err(Unwritable::Sealed));
    }
}
