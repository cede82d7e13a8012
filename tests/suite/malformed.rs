//! Files that are broken, each in the ways of its format: the error says where and why, and nothing is written.

use std::fs;

use crate::case::absolve;

/// Runs `absolve fix` on a file, and holds what it says of it.
#[track_caller]
fn check(name: &str, content: impl AsRef<[u8]>, place: &str, words: &str) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let path = folder.path().join(name);
    fs::write(&path, content.as_ref()).expect("a file can be written");
    let output = absolve(folder.path()).args(["fix", name]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{name}: {said}");
    assert!(said.contains(&format!("error: {name}{place}")) && said.contains(words), "{name}: {said}");
    assert_eq!(fs::read(&path).expect("it is there"), content.as_ref(), "{name} is as it was");
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1, "nothing else is written");
}

const SIN: &str = "Please be advised that it left.";
const DEEP: usize = 100_000;

#[test]
fn what_is_cut_off() {
    check(
        "a.json",
        format!("{{\"macros\":[{{\"title\":\"{SIN}\",\n\"actions\":["),
        ":2:12: ",
        "found the end of the file",
    );
    check("b.json", format!("[{{\"short_code\":\"a\",\n\"content\":\"{SIN}"), ":2:11: ", "no closing quote");
    check("a.yml", format!("- title: a\n  response: \"{SIN}\n"), ":2:", "the YAML is broken at line 2");
    check("a.csv", format!("name,keywords,content\na,b,\"{SIN}\n"), ":2:5: ", "no closing quote");
    check("a.xml", format!("<quicktext>\n<text><body>{SIN}"), ":2:", "is never closed");
    check("a.eml", "Content-Type: multipart/mixed\n\n--b\n", ":3:1: ", "no `boundary`");
    check("b.eml", "Content-Transfer-Encoding: base64\n\nSGk*", ":3:4: ", "not");
    check("a.md", format!("---\ntitle: a\nsubject: \"{SIN}\n---\n{SIN}"), ":3:10: ", "no closing quote");
}

#[test]
fn what_is_said_twice() {
    check(
        "a.json",
        format!("[{{\"short_code\":\"a\",\"content\":\"{SIN}\",\n\"content\":\"\"}}]"),
        ":2:2: ",
        "\"content\" is twice",
    );
    check("a.yml", format!("- title: a\n  response: {SIN}\n  title: b\n"), ":3:3: ", "\"title\" is twice");
    check(
        "a.csv",
        format!("name,content,keywords,content\na,b,{SIN},c\n"),
        ":1:23: ",
        "two columns are called \"content\"",
    );
}

#[test]
fn rows_that_are_uneven() {
    check(
        "a.csv",
        format!("name,keywords,content\na,b,{SIN}\nb,c\n"),
        ":3:1: ",
        "this row has 2 cells, the first has 3",
    );
    check("b.csv", format!("name;keywords;content\na;b;c;{SIN}\n"), ":2:1: ", "this row has 4 cells, the first has 3");
}

#[test]
fn what_is_in_no_encoding_that_is_known() {
    let broken = |head: &str| [head.as_bytes(), b"\xc3\xa9t\xc3\xa9\n\xff\xfe\xc3\xa9"].concat();
    for (name, head) in [("a.json", "[\""), ("a.yml", "- "), ("a.csv", "name,"), ("a.txt", ""), ("a.xml", "<a>")] {
        check(name, broken(head), ":2:1: ", "UTF-8");
    }
    check(
        "b.json",
        "[\"a\"]".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
        ":1:2: ",
        "UTF-16 without a byte-order mark",
    );
}

#[test]
fn what_nests_too_deep() {
    check("a.json", "[".repeat(DEEP) + &"]".repeat(DEEP), ":1:129: ", "deeper than 128 levels");
    check("b.json", "{\"a\":".repeat(DEEP), ":1:641: ", "deeper than 128 levels");
    check("a.yml", "- ".repeat(DEEP) + "a\n", ":1:257: ", "deeper than 128 levels");
    check("b.yml", "[".repeat(DEEP), ":1:", "the YAML is broken at line 1");
    check("a.csv", format!("title,actions_json\na,{}\n", "[".repeat(DEEP)), ":2:131: ", "deeper than 128 levels");
    check("a.xml", format!("<quicktext>{}", "<a>".repeat(DEEP)), ":1:", "nest more than 128 deep");
    let parts = |it: usize| format!("Content-Type: multipart/mixed; boundary=b{it}\n\n--b{it}\n");
    check("a.eml", (0..DEEP / 100).map(parts).collect::<String>(), ":99:1: ", "nest more than 32 deep");
}

#[test]
fn what_is_larger_than_any_library() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let file = fs::File::create(folder.path().join("a.json")).expect("a file can be made");
    file.set_len(200 << 20).expect("it may have holes");
    let output = absolve(folder.path()).args(["fix", "a.json"]).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("error: a.json: it is larger than 100 MB"), "{said}");
}
