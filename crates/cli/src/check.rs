//! `absolve check`: finds the sins in replies and macros, and reports them.

use anyhow::Result;
use rayon::prelude::*;

use crate::{
    args::Check,
    job::{self, CHUNK, Job},
    outcome::Outcome,
    place::{Checked, place},
    problem::Problem,
    progress::Progress,
    project::Projects,
    report::{self, Report, Summary},
};

/// Checks what the command line names.
pub fn run(args: &Check) -> Result<Outcome> {
    let mut projects = match Projects::new(&args.choices) {
        Ok(projects) => projects,
        Err(problems) => return Ok(Outcome::failed(&problems)),
    };
    let (jobs, problems) = job::find(&args.sources, &mut projects)?;
    problems.iter().for_each(Problem::print);
    let mut report = report::of(args, projects.rules());
    let mut summary = Summary { problems, ..Summary::default() };
    check_all(&jobs, &mut *report, &mut summary)?;
    if summary.n_segments == 0 && summary.problems.is_empty() {
        let problem = job::nothing_to_do(&args.sources);
        problem.print();
        summary.problems.push(problem);
    }
    report.finish(&summary)?;
    Ok(summary.outcome(args.fail_on))
}

/// What was read of an input.
struct Reading {
    checked: Checked,
    n_segments: usize,
}

fn check_all(jobs: &[Job], report: &mut dyn Report, summary: &mut Summary) -> Result<()> {
    let progress = Progress::of(jobs.len());
    for chunk in jobs.chunks(CHUNK) {
        let n_shown = report.n_wanted();
        let results: Vec<_> = chunk.par_iter().map(|job| check(job, n_shown, &progress)).collect();
        progress.suspend(|| results.into_iter().try_for_each(|it| tell(it, report, summary)))?;
    }
    progress.finish();
    Ok(())
}

fn check(job: &Job, n_shown: usize, progress: &Progress) -> Result<Reading, Problem> {
    let result = job.read().map(|it| it.document).map(|document| {
        let diagnostics = job.project.lint(&job.input.path, &document, n_shown);
        let findings = place(&document, diagnostics, n_shown);
        Reading { checked: Checked { path: job.input.shown.clone(), findings }, n_segments: document.segments.len() }
    });
    progress.tick();
    result
}

fn tell(result: Result<Reading, Problem>, report: &mut dyn Report, summary: &mut Summary) -> Result<()> {
    match result {
        Ok(read) => {
            summary.n_segments += read.n_segments;
            summary.add(&read.checked.path, read.checked.findings.iter().map(|it| &it.diagnostic));
            report.file(&read.checked)?;
        }
        Err(problem) => {
            problem.print();
            summary.problems.push(problem);
        }
    }
    Ok(())
}
