//! Reports for other programs are what these programs read; the page for people is whole and lets nothing in.

use std::{collections::BTreeSet, fs, process::Output};

use serde_json::Value;

use crate::case::{absolve, tests};

fn run(args: &[&str]) -> Output {
    absolve(&tests()).args(["check", "library"]).args(args).output().expect("it runs")
}

fn report(args: &[&str]) -> String {
    String::from_utf8(run(args).stdout).expect("a report is UTF-8")
}

fn n_findings(args: &[&str]) -> usize {
    let json: Value = serde_json::from_str(&report(&[&["--format", "json"], args].concat())).expect("it is JSON");
    json["summary"]["diagnostics"].as_u64().expect("a number") as usize
}

#[test]
fn junit_has_a_test_for_each_finding_and_fails_what_fails_the_run() {
    let xml = report(&["--format", "junit"]);
    let document = roxmltree::Document::parse(&xml).expect("it is XML");
    let count = |name: &str| document.descendants().filter(|it| it.has_tag_name(name)).count();
    let sum = |key: &str| -> usize {
        let suites = document.descendants().filter(|it| it.has_tag_name("testsuite"));
        suites.map(|it| it.attribute(key).and_then(|it| it.parse::<usize>().ok()).expect("a number")).sum()
    };
    let n_clean = document.descendants().filter(|it| it.attribute("name") == Some("no sins")).count();
    assert!(n_clean > 0);
    assert_eq!(count("testcase"), n_findings(&[]) + n_clean);
    assert_eq!((count("testcase"), count("failure"), count("error")), (sum("tests"), sum("failures"), sum("errors")));
    let json: Value = serde_json::from_str(&report(&["--format", "json"])).expect("it is JSON");
    assert_eq!(json["summary"]["by_severity"]["error"], count("failure"));
    assert_eq!(report(&["--format", "junit", "--fail-on", "never"]).matches("<failure").count(), 0);
}

#[test]
fn gitlab_knows_each_finding_by_a_name_of_its_own() {
    let issues: Vec<Value> = serde_json::from_str(&report(&["--format", "gitlab"])).expect("it is JSON");
    assert_eq!(issues.len(), n_findings(&[]));
    let names: BTreeSet<&str> = issues.iter().filter_map(|it| it["fingerprint"].as_str()).collect();
    assert_eq!(names.len(), issues.len());
    for it in &issues {
        let (sin, description) = (it["check_name"].as_str(), it["description"].as_str());
        assert!(sin.zip(description).is_some_and(|(sin, text)| text.starts_with(sin)), "{it}");
        assert!(["info", "minor", "major", "critical"].contains(&it["severity"].as_str().unwrap_or_default()), "{it}");
        assert!(it["location"]["path"].is_string() && it["location"]["lines"]["begin"].is_u64(), "{it}");
    }
}

#[test]
fn gitlab_knows_a_finding_again_on_another_line() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let names = |text: &str| {
        fs::write(folder.path().join("a.md"), text).expect("a file can be written");
        let output = absolve(folder.path()).args(["check", "--format", "gitlab"]).output().expect("it runs");
        let issues: Vec<Value> = serde_json::from_slice(&output.stdout).expect("it is JSON");
        issues.iter().map(|it| it["fingerprint"].clone()).collect::<Vec<_>>()
    };
    let before = names("Sorry for the inconvenience.\n");
    let after = names("# Late\n\nSorry for the inconvenience.\n\nSorry for the inconvenience.\n");
    assert_eq!((before.len(), after.len()), (1, 2));
    assert_eq!(before[0], after[0]);
}

#[test]
fn the_page_tells_each_finding_and_needs_nothing_else() {
    let page = report(&["--format", "html"]);
    assert_eq!(page.matches("<article").count(), n_findings(&[]));
    for outside in ["http://", "https://", "src=", "url(", "@import", "<script", "<link"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let anchors = page.split("href=\"#").skip(1).filter_map(|it| it.split('"').next());
    for anchor in anchors.collect::<BTreeSet<_>>() {
        assert!(page.contains(&format!("id=\"{anchor}\"")), "nothing is called {anchor}");
    }
}

#[test]
fn the_page_speaks_the_language_of_the_findings() {
    let french = absolve(&tests()).args(["check", "library/fr", "--format", "html"]).output().expect("it runs");
    let french = String::from_utf8_lossy(&french.stdout).into_owned();
    assert!(french.contains("<html lang=\"fr\">") && french.contains("Les plus mortels"), "{french}");
    assert!(!french.contains("Write instead"));
    let both = report(&["--format", "html"]);
    assert!(both.contains("<html lang=\"en\">") && both.contains("lang=\"fr\"") && both.contains("Écrivez plutôt"));
}

#[test]
fn whatever_a_library_holds_it_does_not_get_out() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let title = "</h3><script>alert(1)</script>\\u202e\\\" onload=\\\"x";
    let body = "<p>Sorry for the inconvenience, &lt;img src=x onerror=alert(2)&gt; ]]&gt; we are.</p>";
    let macros = format!(
        "{{\"macros\":[{{\"title\":\"{title}\",\"actions\":[{{\"field\":\"comment_value_html\",\"value\":\"{body}\"}}]}}]}}"
    );
    fs::write(folder.path().join("m.json"), macros).expect("a file can be written");
    let report = |format: &str| {
        let output = absolve(folder.path()).args(["check", "--format", format]).output().expect("it runs");
        assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("it is UTF-8")
    };
    let page = report("html");
    assert!(page.contains("&lt;script&gt;") && page.contains("&lt;img"), "{page}");
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains('\u{202e}'), "{page}");
    assert!(!page.contains("\" onload"), "{page}");
    let junit = report("junit");
    let document = roxmltree::Document::parse(&junit).expect("it is XML");
    let names: Vec<&str> = document.descendants().filter_map(|it| it.attribute("name")).collect();
    assert!(names.iter().any(|it| it.contains("</h3><script>")), "{names:?}");
}

#[test]
fn a_file_that_cannot_be_read_is_in_every_report() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    fs::write(folder.path().join("a.md"), "Your parcel left Lyon at noon.").expect("a file can be written");
    fs::write(folder.path().join("m.json"), "{\"macros\":[").expect("a file can be written");
    for (format, words) in [("html", "class=\"problems\""), ("junit", "<error type"), ("gitlab", "\"blocker\"")] {
        let output = absolve(folder.path()).args(["check", "--format", format]).output().expect("it runs");
        let report = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(2), "{format}");
        assert!(report.contains(words) && report.contains("m.json"), "{format}: {report}");
    }
}
