//! Texts that nobody writes, and somebody sends: `cargo bench --bench pathological`.
//!
//! Each is read and linted at one, two and four times its size. Time must grow as the text does: the throughput stays.

use std::fmt;

use absolve_core::{document::Document, format::Format, linter::Linter};
use divan::{Bencher, black_box, counter::BytesCount};

fn main() {
    divan::main();
}

/// A kind of text, so many times its smallest size.
#[derive(Clone, Copy)]
struct Text {
    name: &'static str,
    format: Format,
    piece: &'static str,
    /// Stands around all of it.
    frame: (&'static str, &'static str),
    /// Closes what each piece opens.
    closing: &'static str,
    /// Of the smallest.
    n_pieces: usize,
}

const PLAIN: Text = Text { name: "", format: Format::Text, piece: "", frame: ("", ""), closing: "", n_pieces: 10_000 };
const HTML: Text = Text { format: Format::Html, ..PLAIN };
const MARKDOWN: Text = Text { format: Format::Markdown, ..PLAIN };

const SIN: &str = "the parcel left on tuesday please do not hesitate to contact us ";

const TEXTS: &[Text] = &[
    Text { name: "one line, no mark", piece: SIN, ..PLAIN },
    Text { name: "one line of sentences", piece: "We apologise for any inconvenience. ", ..PLAIN },
    Text { name: "one word", piece: "aaaaaaaaaa", n_pieces: 50_000, ..PLAIN },
    Text { name: "empty lines", piece: "\n", n_pieces: 200_000, frame: ("", "Hello"), ..PLAIN },
    Text { name: "spaces", piece: " ", n_pieces: 500_000, frame: ("a", "b"), ..PLAIN },
    Text { name: "marks", piece: ". ", n_pieces: 200_000, ..PLAIN },
    Text { name: "combining marks", piece: "\u{301}", n_pieces: 250_000, frame: ("a", " b"), ..PLAIN },
    Text { name: "accents in pieces", piece: "so\u{301}rry for any inconve\u{301}nience. ", ..PLAIN },
    Text {
        name: "invisible characters",
        piece: "s\u{200b}o\u{200d}rry \u{202e}for\u{200f} any\u{ad} thing. ",
        ..PLAIN
    },
    Text { name: "other scripts", piece: "عذرا على الإزعاج؟ ご不便をおかけして。 ", ..PLAIN },
    Text { name: "open placeholders", piece: "{{", n_pieces: 100_000, ..PLAIN },
    Text { name: "quotes", piece: "« \" ", n_pieces: 100_000, ..PLAIN },
    Text { name: "quotations", piece: "« a » b ", n_pieces: 100_000, ..PLAIN },
    Text { name: "links", piece: "http://a.example/b?c=d ", n_pieces: 100_000, ..PLAIN },
    Text { name: "sins among links", piece: "We apologise for any inconvenience. See http://a.example/b ", ..PLAIN },
    Text { name: "nested elements", piece: "<div>", closing: "</div>", frame: ("", "Hello"), ..HTML },
    Text { name: "markup in words", piece: "<b>any <i>inconvenience</i></b> ", ..HTML },
    Text { name: "open tags", piece: "<", n_pieces: 100_000, ..HTML },
    Text { name: "entities", piece: "&eacute;&amp;&", n_pieces: 50_000, ..HTML },
    Text { name: "emphasis", piece: "*a _b ", n_pieces: 50_000, ..MARKDOWN },
    Text { name: "links without end", piece: "[a](", ..MARKDOWN },
    Text {
        name: "comments that silence",
        piece: "<!-- absolve-ignore x: y -->\nany inconvenience\n\n",
        n_pieces: 2_000,
        ..MARKDOWN
    },
];

impl Text {
    fn of_size(&self, size: usize) -> String {
        let n = self.n_pieces * size;
        [self.frame.0, &self.piece.repeat(n), self.frame.1, &self.closing.repeat(n)].concat()
    }
}

/// A case of the table: its text and its size.
#[derive(Clone, Copy)]
struct Case(usize, usize);

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, ×{}", TEXTS[self.0].name, self.1)
    }
}

fn cases() -> impl Iterator<Item = Case> {
    (0..TEXTS.len()).flat_map(|text| [1, 2, 4].map(|size| Case(text, size)))
}

#[divan::bench(args = cases(), sample_count = 3, sample_size = 1)]
fn read_and_lint(bencher: Bencher, Case(text, size): Case) {
    let linter = Linter::new(absolve_rules::builtin());
    let (format, text) = (TEXTS[text].format, TEXTS[text].of_size(size));
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let document = Document::parse(black_box(text.as_str()), format);
        document.map(|it| linter.lint(&it).len())
    });
}

/// A library of ever more macros, each with a sin.
#[divan::bench(args = [5_000, 10_000, 20_000], sample_count = 3, sample_size = 1)]
fn a_library_of_macros(bencher: Bencher, n_macros: usize) {
    let linter = Linter::new(absolve_rules::builtin());
    let reply = r#"{"title":"t","actions":[{"field":"comment_value","value":"We apologise for any inconvenience."}]}"#;
    let text = format!(r#"{{"macros":[{}]}}"#, vec![reply; n_macros].join(","));
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let document = Document::parse(black_box(text.as_str()), Format::Json);
        document.map(|it| linter.lint(&it).len())
    });
}
