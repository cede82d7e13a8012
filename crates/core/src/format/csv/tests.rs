use proptest::{prelude::*, sample::select};

use super::*;

/// The rows, each with its cells.
fn rows(source: &str, delimiter: Option<char>) -> Result<Vec<Vec<String>>, ReadError> {
    let node = parse(source, delimiter)?;
    let cells =
        |row: &Node<'_>| row.members().iter().map(|it| it.1.as_word().unwrap_or("-".into()).into_owned()).collect();
    Ok(node.as_array().unwrap_or_default().iter().map(cells).collect())
}

/// The same, as the crate `csv` reads it.
fn theirs(source: &str, delimiter: u8) -> Result<Vec<Vec<String>>, csv::Error> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(source.as_bytes());
    reader.records().map(|it| Ok(it?.iter().map(str::to_owned).collect())).collect()
}

#[track_caller]
fn check(source: &str, expected: &[&[&str]]) {
    assert_eq!(rows(source, None).expect("it is CSV"), expected);
}

#[track_caller]
fn check_error(source: &str, at: usize, words: &str) {
    let error = parse(source, None).expect_err("it is no CSV");
    assert!(error.message.contains(words), "{error}");
    assert_eq!(error.offset, Some(at), "{error}");
}

#[test]
fn cells_of_every_kind() {
    check("a,b\n1,2\n", &[&["1", "2"]]);
    check("\u{feff}a;b\r\n\r\n\"1;\"\"2\"\"\";\r\nx;\"y\nz\"", &[&["1;\"2\"", ""], &["x", "y\nz"]]);
    check("a\tb\n1,2\t3", &[&["1,2", "3"]]);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    check_error("", 0, "no row of names");
    check_error("a,b\n1,2,3\n", 4, "line 2, column 1: this row has 3 cells, the first has 2");
    check_error("a,b\n1\n", 4, "this row has 1 cells");
    check_error("a,b\n1,\"2\n3,4\n", 6, "this cell has no closing quote");
    check_error("a,b\n1,\"2\" x\n", 9, "found ` `; a quote inside quotes");
    check_error("a,b, a\n", 4, "two columns are called \"a\"");
}

#[test]
fn cells_know_their_bytes() {
    let source = "n,t\né,\"a \"\"b\"\" c\"\n";
    let node = parse(source, None).expect("it is CSV");
    let row = &node.as_array().expect("rows")[0];
    assert_eq!(&source[row.span.range()], "é,\"a \"\"b\"\" c\"");
    let cell = row.get("t").and_then(Node::as_string).expect("a cell");
    let (map, escape) = cell.place(None);
    assert_eq!(&*cell.text(), "a \"b\" c");
    assert_eq!(&source[map.to_source(Span::new(2, 5)).range()], "\"\"b\"\"");
    assert_eq!(escape.write("a \"b\"").as_deref(), Ok("a \"\"b\"\""));
}

fn cell() -> impl Strategy<Value = String> {
    prop::collection::vec(select(vec!["a", "é", "😀", "\"", ",", ";", "\n", "\r\n", " ", "\t", "'"]), 0..6)
        .prop_map(|it| it.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn it_reads_what_others_write(
        cells in prop::collection::vec(prop::collection::vec(cell(), 3), 0..5),
        delimiter in select(vec![b',', b';', b'\t']),
        always in any::<bool>(),
    ) {
        let style = if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).quote_style(style).from_writer(Vec::new());
        for row in [vec!["x".to_owned(), "y".to_owned(), "z".to_owned()]].iter().chain(&cells) {
            writer.write_record(row).expect("there is room");
        }
        let source = String::from_utf8(writer.into_inner().expect("there is room")).expect("it is UTF-8");
        prop_assert_eq!(rows(&source, None).expect("it is CSV"), cells);
    }

    #[test]
    fn what_it_reads_others_read_the_same(source in "[ab,;\"\n\r é]{0,16}") {
        if let Ok(ours) = rows(&source, Some(',')) {
            prop_assert_eq!(ours, theirs(&source, b',').expect("it is CSV"));
        }
    }
}
