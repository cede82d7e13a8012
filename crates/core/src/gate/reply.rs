//! A reply as a helpdesk hands it over.

use serde::{Deserialize, Serialize};

use crate::{
    document::{Document, ReadError},
    format::Format,
    gate::prose,
    language::Language,
};

/// A reply that is about to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reply {
    /// Its plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Its HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// Its subject, if the agent wrote one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Whether it is sent, or kept in a library.
    pub context: Context,
    /// Whether the customer will see it. An internal note always passes.
    pub public: Public,
    /// The language that the agent is answered in; guessed if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Who sends it, for the log of overrides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// Why it is sent although it was held.
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
}

/// What a text is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Context {
    /// It leaves the house: what was not filled in is a mistake.
    #[default]
    Outgoing,
    /// It is kept to be filled in later.
    Library,
}

/// Whether the customer will see a text: yes, unless told otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Public(pub bool);

impl Default for Public {
    fn default() -> Public {
        Public(true)
    }
}

/// Which part of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Its plain text.
    Text,
    /// Its HTML.
    Html,
    /// Its subject.
    Subject,
    /// A mail as it travels, all in one.
    Mail,
}

impl Reply {
    /// What was handed over: the JSON of a reply, or the reply itself, in plain text or HTML.
    pub fn read(bytes: &[u8]) -> Result<Reply, ReadError> {
        let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
        if is_object(start) {
            return Reply::from_json(start);
        }
        let Document { text, .. } = Document::read(bytes, Format::Text)?;
        Ok(match Format::detect("", text.as_bytes()) {
            Format::Html => Reply { html: Some(text), ..Reply::default() },
            _ => Reply { text: Some(text), ..Reply::default() },
        })
    }

    /// The reply that JSON describes.
    pub fn from_json(json: &[u8]) -> Result<Reply, ReadError> {
        let reply: Reply = serde_json::from_slice(json).map_err(|it| not_a_reply(json, &it))?;
        match reply {
            Reply { text: None, html: None, .. } => {
                Err(ReadError::new(None, "the reply has neither `text` nor `html`"))
            }
            reply => Ok(reply),
        }
    }

    /// Its parts, read; none of an internal note. A subject that starts with “Re:” is the customer's.
    pub(crate) fn parts(&self) -> Result<Vec<(Part, Document)>, ReadError> {
        if !self.public.0 {
            return Ok(Vec::new());
        }
        let subject = self.subject.as_deref().filter(|it| !is_answer(it));
        let all = [(Part::Subject, subject), (Part::Html, self.html.as_deref()), (Part::Text, self.text.as_deref())];
        let written = all.into_iter().filter_map(|(part, text)| Some((part, text?)));
        written.map(|(part, text)| Ok((part, Document::parse(text, part.format())?))).collect()
    }

    /// The language that its agent is answered in.
    pub(crate) fn language_of(&self, parts: &[(Part, Document)]) -> Language {
        let said = self.language.as_deref().and_then(Language::from_code);
        said.unwrap_or_else(|| Language::of(parts.iter().flat_map(|it| prose(&it.1))))
    }

    pub(crate) fn part_mut(&mut self, part: Part) -> &mut Option<String> {
        match part {
            Part::Html => &mut self.html,
            Part::Subject => &mut self.subject,
            Part::Text | Part::Mail => &mut self.text,
        }
    }
}

impl Part {
    /// What it is written in.
    pub(crate) fn format(self) -> Format {
        match self {
            Part::Html => Format::Html,
            Part::Text | Part::Subject => Format::Text,
            Part::Mail => Format::Mail,
        }
    }
}

/// `{"` starts an object of JSON; `{{name}}` a reply.
fn is_object(start: &[u8]) -> bool {
    start.strip_prefix(b"{").is_some_and(|it| matches!(it.trim_ascii_start().first(), Some(b'"' | b'}')))
}

fn is_answer(subject: &str) -> bool {
    let start = subject.trim_start().split(':').next().unwrap_or_default().trim_end();
    subject.contains(':') && ANSWERS.iter().any(|it| start.eq_ignore_ascii_case(it))
}

const ANSWERS: [&str; 7] = ["re", "ré", "rép", "aw", "fwd", "fw", "tr"];

/// Where the JSON stops being a reply, and what to write.
fn not_a_reply(json: &[u8], error: &serde_json::Error) -> ReadError {
    let lines = json.split_inclusive(|it| *it == b'\n').take(error.line().saturating_sub(1));
    let offset = lines.map(<[u8]>::len).sum::<usize>() + error.column().saturating_sub(1);
    let why = error.to_string();
    let why = why.rsplit_once(" at line ").map_or(why.as_str(), |it| it.0).to_owned();
    let place = format!("line {}, column {}", error.line(), error.column());
    ReadError::new(offset, format!("this is not the JSON of a reply, {place}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_over_may_be_the_reply_itself() {
        let text = |it: &str| Reply::read(it.as_bytes()).expect("a reply");
        assert_eq!(text("{{name}}, hi").text.as_deref(), Some("{{name}}, hi"));
        assert_eq!(text("<p>Hi</p>").html.as_deref(), Some("<p>Hi</p>"));
        assert_eq!(text(" {\"text\": \"Hi\"} ").text.as_deref(), Some("Hi"));
        assert_eq!(Reply::read(b"d\xe9sol\xe9").expect("Latin-1").text.as_deref(), Some("désolé"));
    }

    #[track_caller]
    fn check(json: &str, expected: &str) {
        let error = Reply::read(json.as_bytes()).expect_err("no reply");
        assert!(error.message.contains(expected), "{error} of {json}");
    }

    #[test]
    fn what_is_no_reply_is_told_with_its_place() {
        check(
            "{\"text\": \"Hi\",\n \"publik\": false}",
            "line 2, column 9: unknown field `publik`, expected one of `text`",
        );
        check("{\"text\": ", "line 1, column 8: EOF");
        check("{\"context\": \"nowhere\", \"text\": \"\"}", "unknown variant `nowhere`");
        check("{}", "neither `text` nor `html`");
        check("{\"text\": \"\u{1}\"}", "control character");
    }

    #[test]
    fn the_customers_subject_is_the_customers() {
        for (subject, expected) in [("Re: {{x}}", true), ("TR : x", true), ("Refund: x", false), ("Re", false)] {
            assert_eq!(is_answer(subject), expected, "{subject}");
        }
    }
}
