//! Files are fixed in place, and only what the fixes change is changed.

use std::fs;

use crate::case::absolve;

/// What `absolve fix` makes of a file's bytes.
#[track_caller]
fn check(name: &str, before: &[u8], after: &[u8]) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let path = folder.path().join(name);
    fs::write(&path, before).expect("a new file can be written");
    for _ in 0..2 {
        let output = absolve(folder.path()).args(["fix", "--fail-on", "never", name]).output().expect("it runs");
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let fixed = fs::read(&path).expect("it is there");
        assert_eq!(fixed, after, "{}", String::from_utf8_lossy(&fixed));
    }
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 1, "no temporary file is left");
}

const BEFORE: &str = "Hello Ana,\r\nYour parcel left café Lyon today. Thank you for your patience.\r\nLéa";
const AFTER: &str = "Hello Ana,\r\nYour parcel left café Lyon today.\r\nLéa";

#[test]
fn line_endings_byte_order_marks_and_encodings_are_kept() {
    let with_mark = |it: &str| format!("\u{feff}{it}");
    check("a.txt", BEFORE.as_bytes(), AFTER.as_bytes());
    check("a.txt", with_mark(BEFORE).as_bytes(), with_mark(AFTER).as_bytes());
    let utf_16 = |it: &str| with_mark(it).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    check("a.txt", &utf_16(BEFORE), &utf_16(AFTER));
    let latin_1 = |it: &str| it.chars().map(|it| u8::try_from(u32::from(it)).expect("Latin-1")).collect::<Vec<u8>>();
    check("a.txt", &latin_1(BEFORE), &latin_1(AFTER));
}

#[test]
fn a_macro_library_changes_in_one_value_only() {
    let library = |body: &str| {
        format!(
            "{{ \"macros\" : [\n\t{{\"title\":\"One\\u00e9\",\"actions\":[{{\"value\":\"{body}\",\"field\":\
             \"comment_value_html\"}}]}}, {{\"title\":\"Two\",\"actions\":[]}} ] }}\n"
        )
    };
    check(
        "macros.json",
        library(r#"<p class=\"a\">It left at 9&nbsp;am, Ana \u2013 today.<\/p><p>It's late, I know. Thank you for your patience.<\/p>"#)
            .as_bytes(),
        library(r#"<p class=\"a\">It left at 9&nbsp;am, Ana \u2013 today.<\/p><p>It's late, I know.<\/p>"#).as_bytes(),
    );
}

#[test]
fn a_mail_changes_in_its_words_only() {
    let mail = |body: &[u8]| {
        let head = b"From: a@x.example\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: ";
        [&head[..], body].concat()
    };
    check(
        "a.eml",
        &mail(b"quoted-printable\r\n\r\nYour parcel left caf=E9 Lyon at noon. Thank you=\r\n for your patience.\r\n-- =\r\n\r\nL=E9a"),
        &mail(b"quoted-printable\r\n\r\nYour parcel left caf=E9 Lyon at noon.=\r\n\r\n-- =\r\n\r\nL=E9a"),
    );
    check(
        "a.eml",
        &mail(b"8bit\r\n\r\nYour parcel left caf\xe9 Lyon today. Thank you for your patience.\r\nL\xe9a"),
        &mail(b"8bit\r\n\r\nYour parcel left caf\xe9 Lyon today.\r\nL\xe9a"),
    );
}

#[test]
fn a_letter_changes_in_its_words_only() {
    let letter = |subject: &str, body: &str| {
        format!(
            "---\n# c\nsubject: {subject}\nis_html: true\ntags: [a]\n---\n<p>It left caf&eacute; Lyon today.{body}</p>\n"
        )
    };
    let thanks = " Thank you for your patience.";
    for subject in ["It's your parcel: it left Lyon.", "Your parcel left Lyon today."] {
        let quoted = |it: &str| format!("'{}'", it.replace('\'', "''"));
        let before = letter(&quoted(&format!("{subject}{thanks}")), thanks);
        check("a.md", before.as_bytes(), letter(&quoted(subject), "").as_bytes());
    }
    let before = letter(&format!("Your parcel left Lyon today.{thanks}"), "");
    check("a.md", before.as_bytes(), letter("Your parcel left Lyon today.", "").as_bytes());
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let file = fs::File::create(folder.path().join("a.txt")).expect("a new file can be written");
    // Of holes: it takes no room on the disk.
    file.set_len(200 << 20).expect("it can be made longer");
    let output = absolve(folder.path()).args(["fix", "a.txt"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("a.txt: it is larger than 100 MB"), "{told}");
}

#[test]
fn templates_change_in_their_words_only() {
    let template = |body: &str| {
        format!(
            "<EmailTemplate>\n<name>A</name><textOnly>It left caf&#233; Lyon today, R&amp;D.{body}</textOnly>\n</EmailTemplate>"
        )
    };
    let thanks = " Thank you for your patience.";
    check("A.email-meta.xml", template(thanks).as_bytes(), template("").as_bytes());
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_replaced_is_told_and_left() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let path = folder.path().join("a.txt");
    fs::write(&path, BEFORE).expect("a new file can be written");
    fs::set_permissions(&path, PermissionsExt::from_mode(0o444)).expect("it is ours");
    let output = absolve(folder.path()).args(["fix", "a.txt"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("a.txt: it is read-only"));
    assert_eq!(fs::read(&path).expect("it is there"), BEFORE.as_bytes());
}
