//! How a run went, as the exit code says it.

use std::{io, process::ExitCode};

use crate::problem::{self, Problem};

/// How a run went; the worse, the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Exit code 0: nothing to object to.
    Clean,
    /// Exit code 1: something was found.
    Findings,
    /// Exit code 2: the job could not be done, or not all of it.
    Failed,
}

impl Outcome {
    /// Says what stopped the run.
    pub fn failed(problems: &[Problem]) -> Outcome {
        problems.iter().for_each(Problem::print);
        Outcome::Failed
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(outcome as u8)
    }
}

/// Says on stderr why nothing could be done. A reader that has gone away (`| head`) is no failure.
pub fn fail(error: &anyhow::Error) -> Outcome {
    let is_closed_pipe = |it: &io::Error| it.kind() == io::ErrorKind::BrokenPipe;
    if error.downcast_ref().is_some_and(is_closed_pipe) {
        return Outcome::Clean;
    }
    problem::print(&format!("{error:#}"));
    Outcome::Failed
}
