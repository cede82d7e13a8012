//! What holds of every finding in the sample library.

use std::fs;

use serde_json::Value;

use crate::case::{absolve, tests};

fn report(args: &[&str]) -> Vec<u8> {
    absolve(&tests()).args(["check", "library", "--format", "json"]).args(args).output().expect("it runs").stdout
}

#[test]
fn spans_slice_the_files_as_they_are_on_disk() {
    let report: Value = serde_json::from_slice(&report(&[])).expect("it is JSON");
    let files = report["files"].as_array().expect("there are files");
    let mut n_findings = 0;
    for file in files {
        let path = file["path"].as_str().expect("a path");
        let bytes = fs::read(tests().join(path)).expect("the file is there");
        for diagnostic in file["diagnostics"].as_array().expect("a list") {
            n_findings += 1;
            check(&bytes, diagnostic);
        }
    }
    assert_eq!(report["summary"]["diagnostics"], n_findings);
    assert_eq!(report["summary"]["files"], files.len());
}

/// The span and the two points say the same place, and the words there are those of the message.
#[track_caller]
fn check(bytes: &[u8], diagnostic: &Value) {
    let number = |value: &Value| value.as_u64().expect("a number") as usize;
    let offset = |point: &Value| {
        let text = std::str::from_utf8(bytes).expect("the library is UTF-8");
        let line: usize = text.split_inclusive('\n').take(number(&point["line"]) - 1).map(str::len).sum();
        let column: usize = text[line..].chars().take(number(&point["column"]) - 1).map(char::len_utf8).sum();
        line + column
    };
    let (start, end) = (number(&diagnostic["span"]["start"]), number(&diagnostic["span"]["end"]));
    assert_eq!(offset(&diagnostic["start"]), start, "{diagnostic}");
    assert_eq!(offset(&diagnostic["end"]), end, "{diagnostic}");
    assert!(std::str::from_utf8(&bytes[start..end]).is_ok_and(|it| !it.trim().is_empty()), "{diagnostic}");
    for edit in diagnostic["fixes"].as_array().expect("a list").iter().flat_map(|it| it["edits"].as_array()).flatten() {
        assert!(number(&edit["span"]["end"]) <= bytes.len(), "{diagnostic}");
    }
}

#[test]
fn the_same_files_give_the_same_report() {
    let first = report(&[]);
    assert!((0..3).all(|_| report(&[]) == first));
}

#[test]
fn what_a_customer_wrote_is_not_flagged() {
    let report = String::from_utf8(report(&[])).expect("it is UTF-8");
    assert!(!report.contains("\"macro\":\"Internal::Escalate\""), "internal notes are not sent");
    assert!(!report.contains("parcel-lost.md\",\"diagnostics\":[{"), "a good reply is left alone");
    assert!(!report.contains("colis-perdu.md\",\"diagnostics\":[{"), "a good reply is left alone");
}
