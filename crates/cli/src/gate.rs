//! `absolve gate`: the verdict on a reply that is about to be sent. `integrations/README.md` is its contract.

mod native;
mod override_log;

use std::{
    io::{self, Read, Write},
    path::Path,
    sync::Arc,
};

use absolve_core::gate::{Decision, Fail, Policy, Reply, Verdict};
use absolve_serve::judge::within;
use anyhow::Result;

use crate::{
    args::{Gate, Judging},
    outcome::Outcome,
    problem::{self, Problem},
    project::{Project, Projects},
};

/// A reply is never longer than this: what is, is no reply.
const LONGEST: u64 = 16 << 20;

/// Judges what is on standard input, and says so on standard output.
pub fn run(args: &Gate) -> Result<Outcome> {
    if args.native_messaging {
        return native::serve(args);
    }
    let verdict = match load(&args.judging) {
        Ok(project) => judge(args, &Arc::new(project)),
        Err(problems) => {
            problems.iter().for_each(Problem::print);
            let message = problems.first().map_or_else(String::new, ToString::to_string);
            Verdict::failed(message, args.judging.fail.map_or(Fail::Open, Fail::from))
        }
    };
    writeln!(io::stdout(), "{}", serde_json::to_string(&verdict)?)?;
    Ok(outcome(&verdict))
}

/// The project of this folder.
pub fn load(args: &Judging) -> Result<Project, Vec<Problem>> {
    let mut project = Projects::new(&args.choices)?.take(Path::new("reply"))?;
    if let Some(fail) = args.fail {
        project.policy.fail = fail.into();
    }
    Ok(project)
}

fn outcome(verdict: &Verdict) -> Outcome {
    match verdict {
        Verdict { failure: Some(_), .. } => Outcome::Failed,
        Verdict { verdict: Decision::Hold, .. } => Outcome::Findings,
        _ => Outcome::Clean,
    }
}

/// The verdict, within the time box.
fn judge(args: &Gate, project: &Arc<Project>) -> Verdict {
    let Policy { time_box, fail, .. } = project.policy;
    let (reason, agent) = (args.reason.clone(), args.agent.clone());
    let judging = project.clone();
    let judged = within(time_box, move || {
        let reply = read()?;
        let override_reason = reply.override_reason.clone().or(reason);
        let agent = reply.agent.clone().or(agent);
        judge_reply(&judging, &Reply { override_reason, agent, ..reply })
    });
    judged.unwrap_or_else(|message| {
        problem::print(&message);
        Verdict::failed(message, fail)
    })
}

/// The verdict on a reply, its override logged.
pub fn judge_reply(project: &Project, reply: &Reply) -> Result<Verdict, String> {
    logged(project, project.judge(reply).map_err(|it| it.message)?, reply.agent.as_deref())
}

/// A verdict whose override, if it has one, is logged. One that leaves no trace counts only where failures may pass.
pub fn logged(project: &Project, verdict: Verdict, agent: Option<&str>) -> Result<Verdict, String> {
    match override_log::log(project, &verdict, agent) {
        Err(why) if project.policy.fail == Fail::Closed => Err(why),
        Err(why) => {
            problem::print(&why);
            Ok(verdict)
        }
        Ok(()) => Ok(verdict),
    }
}

fn read() -> Result<Reply, String> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes).map_err(|it| format!("standard input: {it}"))?;
    if bytes.len() as u64 > LONGEST {
        return Err(format!("the reply is longer than {} MiB", LONGEST >> 20));
    }
    if bytes.trim_ascii().is_empty() {
        return Err("standard input is empty; give it a reply, or the JSON of one".to_owned());
    }
    Reply::read(&bytes).map_err(|it| it.message)
}
