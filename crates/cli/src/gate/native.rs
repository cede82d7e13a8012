//! The hook for add-ons of mail programs and browsers: messages behind their length, on standard input and output.
//! A question of `absolve gate` is answered with its verdict; one with `choices`, with the reply rewritten.

use std::io::{self, Read, Write};

use absolve_core::gate::{Choice, Fail, Reply, Verdict};
use anyhow::Result;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{LONGEST, judge_reply, load};
use crate::{args::Gate, outcome::Outcome, problem, project::Project};

/// Mozilla's programs hang up on an answer that is longer.
const LONGEST_ANSWER: usize = 1 << 20;

/// Answers until the other side has no more questions.
pub fn serve(args: &Gate) -> Result<Outcome> {
    // A broken configuration is told to whoever asks: nobody reads this program's errors.
    let project = load(&args.judging).map_err(|it| it.first().map_or_else(String::new, ToString::to_string));
    let fail = args.judging.fail.map_or(Fail::Open, Fail::from);
    let (mut questions, mut answers) = (io::stdin().lock(), io::stdout().lock());
    while let Some(question) = read(&mut questions)? {
        let answer = match &project {
            Ok(project) => answer(project, &question).or_else(|why| failed(&why, project.policy.fail)),
            Err(why) => failed(why, fail),
        };
        write(&mut answers, &answer?)?;
    }
    Ok(Outcome::Clean)
}

fn answer(project: &Project, question: &[u8]) -> Result<Vec<u8>, String> {
    let mut question: Map<String, Value> = serde_json::from_slice(question).map_err(|it| it.to_string())?;
    let choices = question.remove("choices");
    let reply = Reply::from_json(Value::Object(question).to_string().as_bytes()).map_err(|it| it.message)?;
    match choices {
        None => json(&judge_reply(project, &reply)?),
        Some(choices) => {
            let choices: Vec<Choice> = serde_json::from_value(choices).map_err(|it| format!("`choices`: {it}"))?;
            json(&project.rewrite(&reply, Some(&choices)).map_err(|it| it.message)?)
        }
    }
}

fn json(answer: &impl Serialize) -> Result<Vec<u8>, String> {
    let answer = serde_json::to_vec(answer).map_err(|it| it.to_string())?;
    match answer.len() {
        0..=LONGEST_ANSWER => Ok(answer),
        _ => Err("there is more to say of this reply than fits into an answer".to_owned()),
    }
}

fn failed(why: &str, fail: Fail) -> Result<Vec<u8>, serde_json::Error> {
    problem::print(why);
    serde_json::to_vec(&Verdict::failed(why, fail))
}

/// A message; `None` at the end.
fn read(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    if from.read(&mut length[..1])? == 0 {
        return Ok(None);
    }
    from.read_exact(&mut length[1..])?;
    let length = u64::from(u32::from_ne_bytes(length));
    if length > LONGEST {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("a message is longer than {} MiB", LONGEST >> 20),
        ));
    }
    let mut message = Vec::new();
    match from.take(length).read_to_end(&mut message)? as u64 {
        read if read == length => Ok(Some(message)),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn write(to: &mut impl Write, message: &[u8]) -> Result<()> {
    let length = u32::try_from(message.len())?;
    to.write_all(&length.to_ne_bytes())?;
    to.write_all(message)?;
    Ok(to.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &[Option<&str>]) {
        let mut from = bytes;
        let mut read = || read(&mut from).expect("whole messages").map(|it| String::from_utf8(it).expect("UTF-8"));
        let messages: Vec<_> = expected.iter().map(|_| read()).collect();
        assert_eq!(messages.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn messages_stand_behind_their_length() {
        let mut bytes = Vec::new();
        for message in ["{}", "", "« é »"] {
            write(&mut bytes, message.as_bytes()).expect("a vector takes all");
        }
        check(&bytes, &[Some("{}"), Some(""), Some("« é »"), None]);
        check(b"", &[None]);
    }

    #[test]
    fn half_a_message_is_an_error() {
        for bytes in [&[1][..], &[4, 0, 0, 0, b'a'], &u32::MAX.to_ne_bytes()] {
            let mut from = bytes;
            assert!(read(&mut from).is_err(), "{bytes:?}");
        }
    }
}
