//! A new sin, and a new language, are data files and nothing else.

use std::fs;

use crate::case::absolve;

const RULE: &str = r#"
title    = "« Le rogamos »"
family   = "voice"
severity = "error"
why      = "Nadie habla así."
instead  = "Pida lo que necesita."
source   = "Un ejemplo"
message  = "«{match}» suena a ventanilla."

[[phrase]]
find = ["<ask> ~2 disculpe*"]

[[fix]]
with = "Lo siento: {qué pasó}."

[[bad]]
text  = "Le rogamos que disculpe las molestias."
finds = "rogamos que disculpe"

[[good]]
text = "Le pido perdón: su pedido se perdió ayer."
"#;

const VOCABULARY: &str = "[sets]\nask = [\"rogamos\", \"suplic*\"]\n";

#[test]
fn a_made_up_language_takes_data_files_only() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let rules = folder.path().join("rules/es");
    fs::create_dir_all(&rules).expect("a new folder can be made");
    fs::write(rules.join("ruegos.toml"), RULE).expect("a new file can be written");
    fs::write(rules.join("vocabulary.toml"), VOCABULARY).expect("a new file can be written");
    fs::write(folder.path().join("r.txt"), "Hola, Ana:\nLe suplicamos que disculpe el retraso.\n")
        .expect("so can this");

    let test = absolve(folder.path()).args(["rules", "test", "rules"]).output().expect("it runs");
    assert_eq!(test.status.code(), Some(0), "{}", String::from_utf8_lossy(&test.stdout));

    let check = absolve(folder.path()).args(["check", "--rules", "rules", "r.txt"]).output().expect("it runs");
    let report = String::from_utf8_lossy(&check.stdout);
    assert_eq!(check.status.code(), Some(1), "{report}");
    assert!(report.contains("r.txt:2:4") && report.contains("«suplicamos que disculpe» suena"), "{report}");
}
