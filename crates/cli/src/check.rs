//! `absolve check`: finds the sins in replies and macros, and reports them.

use absolve_core::document::Document;
use anyhow::Result;

use crate::{
    args::Check,
    baseline::{self, Baseline, Change, Counts, Library},
    fault::{contain, fault},
    job::{self, Job, Unread},
    outcome::Outcome,
    place::{Checked, Findings},
    problem::{self, Problem},
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
    let baseline = match args.baseline.as_ref().map(|it| Baseline::read(it, args.write_baseline)).transpose() {
        Ok(baseline) => baseline,
        Err(problem) => return Ok(Outcome::failed(&[problem])),
    };
    let (mut jobs, problems) = job::find(&args.sources, &mut projects)?;
    jobs.retain(|it| !baseline.as_ref().is_some_and(|baseline| baseline.is_at(&it.input.path)));
    problems.iter().for_each(Problem::print);
    let report = if args.write_baseline { report::none() } else { report::of(args, projects.rules()) };
    let summary = Summary { problems, n_known: baseline.as_ref().map(|_| 0), ..Summary::default() };
    let mut run = Run { baseline: baseline.as_ref(), found: Library::new(), foreign: Vec::new(), report, summary };
    run.check_all(&jobs)?;
    job::tell_foreign(&run.foreign);
    if run.summary.n_segments == 0 && run.summary.problems.is_empty() {
        run.fail(job::nothing_to_do(&args.sources));
    }
    run.report.finish(&run.summary)?;
    Ok(match &baseline {
        Some(baseline) if args.write_baseline => run.write(baseline),
        Some(baseline) => {
            tell_stale(baseline, &baseline.stale(&run.found));
            run.summary.outcome(args.fail_on)
        }
        None => run.summary.outcome(args.fail_on),
    })
}

/// What a run needs, and what it has come to.
struct Run<'a> {
    baseline: Option<&'a Baseline>,
    /// What is in the files, for the baseline.
    found: Library,
    /// Files that were left out.
    foreign: Vec<String>,
    report: Box<dyn Report>,
    summary: Summary,
}

/// What was read of an input.
struct Reading {
    checked: Checked,
    n_segments: usize,
    n_known: usize,
    /// For the baseline, if there is one.
    found: Option<(String, Counts)>,
}

impl Run<'_> {
    fn check_all(&mut self, jobs: &[Job]) -> Result<()> {
        let progress = Progress::of(jobs.len());
        let baseline = self.baseline;
        job::each(jobs, |job| check(job, baseline, &progress), |it| progress.suspend(|| self.tell(it)))?;
        progress.finish();
        Ok(())
    }

    fn tell(&mut self, result: Result<Reading, Unread>) -> Result<()> {
        let read = match result {
            Ok(read) => read,
            Err(Unread::Failed(problem)) => {
                self.fail(problem);
                return Ok(());
            }
            Err(Unread::Foreign(path)) => {
                self.foreign.push(path);
                return Ok(());
            }
        };
        let Reading { checked, n_segments, n_known, found } = read;
        let summary = &mut self.summary;
        summary.n_segments += n_segments;
        summary.add(&checked.path, checked.diagnostics.iter());
        summary.n_known = summary.n_known.map(|it| it + n_known);
        self.found.extend(found);
        let findings = Findings::of(&checked);
        let told = contain(&checked.path, || Ok::<_, Problem>(self.report.file(&checked.path, &findings)));
        match told {
            Ok(told) if findings.has_failed() => told.map(|()| self.fail(fault(&checked.path)))?,
            Ok(told) => told?,
            Err(problem) => self.fail(problem),
        }
        Ok(())
    }

    fn fail(&mut self, problem: Problem) {
        problem.print();
        self.summary.problems.push(problem);
    }

    /// Writes the baseline, unless there is something that it would not know of.
    fn write(self, baseline: &Baseline) -> Outcome {
        if !self.summary.problems.is_empty() {
            let message = "not written, for not everything could be read";
            return Outcome::failed(&[Problem::new(&baseline.shown, message)]);
        }
        match baseline.write(self.found) {
            Ok(Change { n_known, n_more, n_fewer }) => {
                let changes = format!("{n_more} more and {n_fewer} fewer than before");
                let findings = if n_known == 1 { "finding" } else { "findings" };
                anstream::println!("{}: {n_known} known {findings}, {changes}", baseline.shown);
                Outcome::Clean
            }
            Err(problem) => Outcome::failed(&[problem]),
        }
    }
}

fn check(job: &Job, baseline: Option<&Baseline>, progress: &Progress) -> Result<Reading, Unread> {
    let result = contain(&job.input.shown, || {
        let (path, document) = (&job.input.path, job.read()?);
        let mut diagnostics = job.project.lint_without_fixes(path, &document);
        let n_found = diagnostics.len();
        let mut found = None;
        if let Some(baseline) = baseline {
            let sifted = baseline.sift(path, &document, diagnostics);
            (diagnostics, found) = (sifted.new, Some((sifted.path, sifted.found)));
        }
        let n_known = n_found - diagnostics.len();
        let n_segments = document.segments.len();
        // Nobody asks what a file says in which nothing was found.
        let document = if diagnostics.is_empty() { Document::plain("") } else { document };
        let (path, project) = (job.input.shown.clone(), job.project.clone());
        let checked = Checked { path, diagnostics, document, project };
        Ok(Reading { checked, n_segments, n_known, found })
    });
    progress.tick();
    result
}

/// Lines of what is gone that are printed at most.
const STALE_LINES: usize = 10;

/// What is known and gone makes no run fail, but it would let the same sins in again.
fn tell_stale(baseline: &Baseline, stale: &Library) {
    let n_stale: usize = stale.values().map(baseline::total).sum();
    if n_stale == 0 {
        return;
    }
    let what = if n_stale == 1 { "1 known finding is" } else { &format!("{n_stale} known findings are") };
    problem::note(&format!("{}: {what} gone; --write-baseline takes them out, so that they stay out", baseline.shown));
    let lines: Vec<String> =
        stale.iter().flat_map(|(path, counts)| counts.iter().map(move |it| line(path, it))).collect();
    lines.iter().take(STALE_LINES).for_each(|it| anstream::eprintln!("  {it}"));
    if lines.len() > STALE_LINES {
        anstream::eprintln!("  and {} more", lines.len() - STALE_LINES);
    }
}

fn line(path: &str, (key, count): (&baseline::Key, &usize)) -> String {
    let title = key.title.as_ref().map_or(String::new(), |it| format!(" · {it}"));
    let times = if *count > 1 { format!(" (×{count})") } else { String::new() };
    crate::text::one_line(&format!("{path}{title} · {}{times}", key.rule))
}
