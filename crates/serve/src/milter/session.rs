//! A mail server's connection: commands in, answers out. It judges at the end of each mail.

use std::sync::Arc;

use absolve_core::gate::{Decision, Policy, Verdict};

use super::{
    mail::{Mail, OVERRIDE},
    packet::{Answer, Command, Offer},
    reply::{ascii, refusal},
};
use crate::judge::{Judge, within};

/// The header of a mail that went through with something to be said of it.
const HEADER: &str = "X-Absolve";

/// One connection.
pub(super) struct Session {
    judge: Arc<dyn Judge>,
    taken: Offer,
    mail: Mail,
}

impl Session {
    pub fn new(judge: Arc<dyn Judge>) -> Session {
        Session { judge, taken: Offer { version: 6, actions: 0, protocol: 0 }, mail: Mail::default() }
    }

    /// What is answered to a command, in order; nothing to some.
    pub fn answer(&mut self, command: Command) -> Vec<Answer> {
        let go_on = if self.taken.awaits(&command) { vec![Answer::Continue] } else { Vec::new() };
        match command {
            Command::Negotiate(offer) => {
                self.taken = offer.taken();
                return vec![Answer::Negotiated(self.taken)];
            }
            Command::Header { name, value } => self.mail.header(&name, &value),
            Command::EndOfHeaders => self.mail.end_headers(),
            Command::Body(piece) => self.mail.body(&piece),
            Command::End(piece) => {
                self.mail.body(&piece);
                return self.finish();
            }
            Command::Abort | Command::QuitForNew => self.mail = Mail::default(),
            Command::Macros | Command::Quit | Command::Other => {}
        }
        go_on
    }

    fn finish(&mut self) -> Vec<Answer> {
        let mail = std::mem::take(&mut self.mail);
        let has_reason = mail.override_reason.is_some();
        let verdict = self.verdict(mail);
        if verdict.verdict == Decision::Hold {
            return vec![Answer::Refuse(refusal(&verdict.message))];
        }
        let told = told(&verdict).map(|value| Answer::AddHeader { name: HEADER, value });
        let reason = has_reason.then_some(Answer::TakeOut { name: OVERRIDE });
        told.into_iter().chain(reason).chain([Answer::Accept]).collect()
    }

    fn verdict(&self, mail: Mail) -> Verdict {
        let Policy { fail, time_box, .. } = *self.judge.policy();
        if mail.is_too_long {
            return Verdict::failed("the mail is too long to be judged", fail);
        }
        let judge = self.judge.clone();
        let judged = within(time_box, move || judge.judge_mail(mail.bytes(), mail.override_reason.as_deref()));
        judged.unwrap_or_else(|why| Verdict::failed(why, fail))
    }
}

/// What the header says: `suggest (vague-timing)`, `overridden (empty-promise)`, `unjudged`.
fn told(verdict: &Verdict) -> Option<String> {
    let word = match verdict {
        Verdict { failure: Some(_), .. } => return Some("unjudged".to_owned()),
        Verdict { overridden: Some(_), .. } => "overridden",
        Verdict { verdict: Decision::Pass, .. } => return None,
        _ => "suggest",
    };
    let mut sins: Vec<&str> = verdict.findings.iter().map(|it| it.sin.as_str()).collect();
    sins.sort_unstable();
    sins.dedup();
    Some(ascii(&format!("{word} ({})", sins.join(", "))))
}
