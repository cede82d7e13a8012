//! `absolve serve` and `absolve milter`: the hook for those who ask through a socket.

use std::{
    env, fs,
    io::{self, Write},
    path::Path,
    sync::Arc,
};

use absolve_core::gate::{self, Choice, Policy, Reply, Rewritten, Verdict};
use absolve_serve::{
    http::{self, Access, Limits, Settings, Token},
    judge::Judge,
    milter,
};
use anyhow::{Context, Result, anyhow};

use crate::{
    args::{Milter, Serve},
    gate::{judge_reply, load, logged},
    outcome::Outcome,
    project::Project,
};

/// Answers over HTTP until it is told to stop.
pub fn run(args: &Serve) -> Result<Outcome> {
    let judge = match load(&args.judging) {
        Ok(project) => Arc::new(project),
        Err(problems) => return Ok(Outcome::failed(&problems)),
    };
    let access = Access { token: token(args)?, origins: args.origins.clone(), hosts: args.hosts.clone() };
    let settings = Settings { address: args.address, access, limits: Limits::default() };
    http::run(judge, settings, |address| announce(&format!("http://{address}/")))?;
    Ok(Outcome::Clean)
}

/// Answers mail servers for ever.
pub fn run_milter(args: &Milter) -> Result<Outcome> {
    let judge: Arc<dyn Judge> = match load(&args.judging) {
        Ok(project) => Arc::new(project),
        Err(problems) => return Ok(Outcome::failed(&problems)),
    };
    let listening = milter::listen(args.address, args.allow_remote).map_err(|it| anyhow!(it))?;
    announce(&format!("inet:{}", listening.address()?));
    listening.serve(&judge);
    Ok(Outcome::Clean)
}

/// Whoever started us may want to know where; if nobody reads it, we go on.
fn announce(address: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "Absolve listens on {address}").and_then(|()| out.flush());
}

/// From a file or the environment: an argument could be read by every user of the machine.
fn token(args: &Serve) -> Result<Option<Token>> {
    let (secret, source) = match (&args.token_file, env::var("ABSOLVE_TOKEN")) {
        (Some(path), _) => {
            let shown = path.display().to_string();
            (fs::read_to_string(path).with_context(|| shown.clone())?, shown)
        }
        (None, Ok(secret)) if !secret.is_empty() => (secret, "ABSOLVE_TOKEN".to_owned()),
        (None, _) => return Ok(None),
    };
    Token::new(&secret).map(Some).map_err(|it| anyhow!("{source}: {it}"))
}

impl Judge for Project {
    fn judge(&self, reply: &Reply) -> Result<Verdict, String> {
        judge_reply(self, reply)
    }

    fn rewrite(&self, reply: &Reply, choices: Option<&[Choice]>) -> Result<Rewritten, String> {
        Project::rewrite(self, reply, choices).map_err(|it| it.message)
    }

    fn judge_mail(&self, mail: &[u8], override_reason: Option<&str>) -> Result<Verdict, String> {
        let lint = |it: &_| self.lint(Path::new(""), it);
        let verdict = gate::judge_mail_with(&lint, mail, override_reason, &self.policy).map_err(|it| it.message)?;
        logged(self, verdict, None)
    }

    fn policy(&self) -> &Policy {
        &self.policy
    }

    fn n_rules(&self) -> usize {
        self.rules().rules().count()
    }
}
