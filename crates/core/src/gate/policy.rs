//! What a team wants held, and what suggested: the section `[gate]` of `absolve.toml`.

use serde::{Deserialize, Serialize};

use crate::{diagnostic::Severity, gate::Decision};

/// A team's choices for what leaves the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Policy {
    /// The mildest finding that holds a reply.
    pub hold: Level,
    /// The mildest finding that is worth a suggestion.
    pub suggest: Level,
    /// How much a left-over placeholder matters.
    pub placeholders: Level,
    /// Placeholders that the helpdesk fills in after the hook has run; `*` stands for anything.
    pub filled_later: Vec<String>,
    /// Whether an agent may send a held reply with a reason.
    #[serde(rename = "override")]
    pub may_override: bool,
    /// Where overrides are logged; beside the user's other state if not said.
    pub override_log: Option<String>,
    /// Milliseconds that a verdict may take.
    pub time_box: u64,
    /// What happens to a reply that could not be judged.
    pub fail: Fail,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            hold: Level::Error,
            suggest: Level::Warning,
            placeholders: Level::Error,
            filled_later: Vec::new(),
            may_override: true,
            override_log: None,
            time_box: 2000,
            fail: Fail::Open,
        }
    }
}

impl Policy {
    /// What a finding of that severity does to a reply.
    pub fn decide(&self, severity: Severity) -> Decision {
        let reaches = |level: Level| level.severity().is_some_and(|it| severity >= it);
        match () {
            () if reaches(self.hold) => Decision::Hold,
            () if reaches(self.suggest) => Decision::Suggest,
            () => Decision::Pass,
        }
    }

    /// Whether the helpdesk fills in a placeholder after us.
    pub(crate) fn is_filled_later(&self, placeholder: &str) -> bool {
        self.filled_later.iter().any(|it| matches(it.as_bytes(), placeholder.as_bytes()))
    }
}

/// Whether a text is as `pattern` says, in which `*` stands for anything.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut read) = (0, 0);
    // Where to go back to: just past the last star, and one byte further in the text.
    let mut star = None;
    while read < text.len() {
        match (pattern.get(at), star) {
            (Some(b'*'), _) => {
                star = Some((at + 1, read));
                at += 1;
            }
            (Some(it), _) if *it == text[read] => (at, read) = (at + 1, read + 1),
            (_, Some((past, from))) => {
                star = Some((past, from + 1));
                (at, read) = (past, from + 1);
            }
            (_, None) => return false,
        }
    }
    pattern[at..].iter().all(|it| *it == b'*')
}

/// The mildest severity that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Any.
    Hint,
    /// What is merely stale, or worse.
    Info,
    /// What hurts, or worse.
    Warning,
    /// Deadly sins only.
    Error,
    /// None.
    Never,
}

impl Level {
    /// The severity, if any counts.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Level::Hint => Some(Severity::Hint),
            Level::Info => Some(Severity::Info),
            Level::Warning => Some(Severity::Warning),
            Level::Error => Some(Severity::Error),
            Level::Never => None,
        }
    }
}

/// What happens to a reply that could not be judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fail {
    /// It is sent.
    #[default]
    Open,
    /// It is held.
    Closed,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(matches(pattern.as_bytes(), text.as_bytes()), expected, "{pattern} and {text}");
    }

    #[test]
    fn a_star_stands_for_anything() {
        check("{{*}}", "{{ticket.id}}", true);
        check("{{ticket.*}}", "{{ticket.requester.first_name}}", true);
        check("{{ticket.*}}", "{{agent.name}}", false);
        check("{{*.*}}", "{{a.b.c}}", true);
        check("*}}", "{{a}} }", false);
        check("", "", true);
        check("a", "", false);
        check("**", "", true);
    }

    #[test]
    fn levels_decide() {
        let policy = Policy { hold: Level::Never, suggest: Level::Info, ..Policy::default() };
        assert_eq!(policy.decide(Severity::Error), Decision::Suggest);
        assert_eq!(policy.decide(Severity::Hint), Decision::Pass);
        assert_eq!(Policy::default().decide(Severity::Error), Decision::Hold);
        assert_eq!(Policy::default().decide(Severity::Warning), Decision::Suggest);
        assert_eq!(Policy::default().decide(Severity::Info), Decision::Pass);
    }
}
