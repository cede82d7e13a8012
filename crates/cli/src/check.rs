//! `absolve check`: finds the sins in replies and macros, and reports them.

use std::{fs, io::Read, sync::Arc};

use absolve_core::{
    document::{Document, ReadError},
    format::Format,
};
use anyhow::Result;
use rayon::prelude::*;

use crate::{
    args::Check,
    files::{self, Input, Origin},
    outcome::Outcome,
    place::{Checked, place},
    problem::Problem,
    progress::Progress,
    project::{Project, Projects},
    report::{self, Report, Summary},
};

/// Files that are read before the first of them is reported: enough to keep every core busy.
const CHUNK: usize = 256;

/// Checks what the command line names.
pub fn run(args: &Check) -> Result<Outcome> {
    if args.stdin_filename.is_some() && !args.paths.iter().any(|it| it.as_os_str() == "-") {
        anyhow::bail!("--stdin-filename names standard input, which is not read; add `-` to the paths");
    }
    let mut projects = match Projects::new(args) {
        Ok(projects) => projects,
        Err(problems) => return Ok(failed(&problems)),
    };
    let (inputs, mut problems) = files::find(&args.paths, args.stdin_filename.as_deref());
    let jobs = jobs(inputs, &mut projects);
    problems.append(&mut projects.problems);
    problems.iter().for_each(Problem::print);
    let mut report = report::of(args, projects.rules());
    let mut summary = Summary { problems, ..Summary::default() };
    check_all(&jobs, &mut *report, &mut summary)?;
    if summary.n_segments == 0 && summary.problems.is_empty() {
        let problem = nothing_to_check(args);
        problem.print();
        summary.problems.push(problem);
    }
    report.finish(&summary)?;
    Ok(outcome(args, &summary))
}

/// An input with the project it belongs to.
struct Job {
    input: Input,
    project: Arc<Project>,
}

/// What was read of an input.
struct Reading {
    checked: Checked,
    n_segments: usize,
}

fn jobs(inputs: Vec<Input>, projects: &mut Projects) -> Vec<Job> {
    let job = |input: Input| {
        let project = projects.of(&input.path)?;
        let is_left_out = input.origin == Origin::Walked && project.ignores(&input.path);
        (!is_left_out).then_some(Job { input, project })
    };
    inputs.into_iter().filter_map(job).collect()
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
    let result = read(&job.input).map(|document| {
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
            summary.add(&read.checked);
            report.file(&read.checked)?;
        }
        Err(problem) => {
            problem.print();
            summary.problems.push(problem);
        }
    }
    Ok(())
}

fn read(input: &Input) -> Result<Document, Problem> {
    let bytes = match input.origin {
        Origin::Stdin => read_stdin(),
        Origin::Named | Origin::Walked => fs::read(&input.path),
    };
    let bytes = bytes.map_err(|it| Problem::new(&input.shown, why(&it)))?;
    let format = Format::detect(&input.path.to_string_lossy(), &bytes);
    let document = Document::read(&bytes, format).map_err(|it| unreadable(input, &bytes, it))?;
    match document.segments.is_empty() && input.origin != Origin::Walked {
        true => Err(Problem::new(&input.shown, "nothing to check: there is no prose in it")),
        false => Ok(document),
    }
}

fn read_stdin() -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        std::io::ErrorKind::PermissionDenied => "it may not be read; see its permissions".to_owned(),
        _ => error.to_string(),
    }
}

/// Line and column too, where the bytes before the mistake are text.
fn unreadable(input: &Input, bytes: &[u8], error: ReadError) -> Problem {
    let before = error.offset.and_then(|it| bytes.get(..it)).map(std::str::from_utf8);
    match before {
        Some(Ok(before)) => Problem::at(&input.shown, before, before.len(), error.message),
        _ => Problem::new(&input.shown, error.message),
    }
}

fn nothing_to_check(args: &Check) -> Problem {
    let shown: Vec<String> = args.paths.iter().map(|it| files::shown(it)).filter(|it| !it.is_empty()).collect();
    let path = if shown.is_empty() { "this folder".to_owned() } else { shown.join(", ") };
    Problem::new(path, "nothing to check: no file here holds text for customers (.txt, .md, .html, .json, …)")
}

fn failed(problems: &[Problem]) -> Outcome {
    problems.iter().for_each(Problem::print);
    Outcome::Failed
}

fn outcome(args: &Check, summary: &Summary) -> Outcome {
    let fails = |it| args.fail_on.threshold().is_some_and(|threshold| it >= threshold);
    if !summary.problems.is_empty() {
        Outcome::Failed
    } else if summary.by_severity.iter().any(|it| fails(*it.0)) {
        Outcome::Findings
    } else {
        Outcome::Clean
    }
}
