//! The SARIF report is what its schema says.

use std::fs;

use serde_json::Value;

use crate::case::{absolve, tests};

#[test]
fn the_report_on_the_sample_library_is_valid() {
    let output = absolve(&tests()).args(["check", "library", "--format", "sarif"]).output().expect("it runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let schema = fs::read_to_string(tests().join("schema/sarif-2.1.0.json")).expect("the schema is there");
    // One bracket of OASIS's is no regular expression; their own readers are forgiving.
    let schema = schema.replace("{2}]?$", "{2}\\\\]?$");
    let schema: Value = serde_json::from_str(&schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let errors: Vec<String> =
        validator.iter_errors(&report).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let results = report["runs"][0]["results"].as_array().expect("there are results");
    assert!(!results.is_empty());
    for result in results {
        assert!(result["partialFingerprints"]["sentence/v1"].is_string(), "{result}");
    }
}
