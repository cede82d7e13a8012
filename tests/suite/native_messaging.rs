//! The hook as an add-on asks it: messages behind their length.

use std::{
    io::Write,
    process::{Output, Stdio},
};

use serde_json::{Value, json};

use crate::case::absolve;

#[test]
fn one_run_answers_many_questions_in_order() {
    let sin = "Sorry for the inconvenience.";
    let filled = json!({"what happened": "the parcel went to Lyon", "what I did about it": "A new one left today"});
    let choices = json!([{"finding": 0, "alternative": 0, "answers": filled}]);
    let questions = [
        json!({"text": "Your parcel left at noon."}),
        json!({"text": sin}),
        json!({"text": sin, "choices": choices}),
        json!({"text": sin, "choices": [{"finding": 7, "alternative": 0}]}),
        json!({"texte": sin}),
    ];
    let output = ask(&questions.iter().map(|it| framed(it.to_string().as_bytes())).collect::<Vec<_>>().concat());
    assert!(output.status.success(), "{output:?}");
    let told = answers(&output.stdout);
    let verdicts: Vec<&str> = told.iter().filter_map(|it| it["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["pass", "hold", "pass", "pass"], "{told:?}");
    let rewritten = told[2]["reply"]["text"].as_str().unwrap_or_default();
    assert!(rewritten.contains("Lyon") && !rewritten.contains("inconvenience"), "{rewritten}");
    let failures: Vec<&str> = told.iter().filter_map(|it| it["failure"]["message"].as_str()).collect();
    assert!(failures[0].contains("no finding 7") && failures[1].contains("`texte`"), "{failures:?}");
}

#[test]
fn half_a_question_is_told_on_stderr() {
    let output = ask(&[9, 0, 0, 0, b'{']);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{output:?}");
}

fn ask(questions: &[u8]) -> Output {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let mut command = absolve(folder.path());
    command.args(["gate", "--native-messaging"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program was built");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(questions).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn framed(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).expect("it is short");
    [&length.to_ne_bytes(), message].concat()
}

fn answers(mut stdout: &[u8]) -> Vec<Value> {
    let mut answers = Vec::new();
    while let Some((length, rest)) = stdout.split_first_chunk() {
        let (answer, rest) = rest.split_at(u32::from_ne_bytes(*length) as usize);
        answers.push(serde_json::from_slice(answer).expect("JSON"));
        stdout = rest;
    }
    answers
}
