//! `absolve fix`: mends what a machine may mend, in place, and says what is left for a person.

use std::io::{self, IsTerminal, Write};

use absolve_core::{document::Document, fill, fix::Fixed};
use anstyle::{AnsiColor, Style};
use anyhow::Result;
use similar::{ChangeTag, TextDiff};

use crate::{
    args::Fix,
    fault::contain,
    files::Origin,
    job::{self, Job, Unread},
    outcome::Outcome,
    problem::{self, Problem},
    progress::Progress,
    project::Projects,
    report::{Summary, table},
    text, write,
};

/// Fixes what the command line names.
pub fn run(args: &Fix) -> Result<Outcome> {
    let mut projects = match Projects::new(&args.choices) {
        Ok(projects) => projects,
        Err(problems) => return Ok(Outcome::failed(&problems)),
    };
    let (jobs, problems) = job::find(&args.sources, &mut projects)?;
    problems.iter().for_each(Problem::print);
    let mut tally = Tally { left: Summary { problems, ..Summary::default() }, ..Tally::default() };
    fix_all(args, &jobs, &mut tally)?;
    job::tell_foreign(&tally.foreign);
    if tally.left.n_segments == 0 && tally.left.problems.is_empty() {
        tally.fail(job::nothing_to_do(&args.sources));
    }
    let prints_text = args.diff || jobs.iter().any(|it| it.input.origin == Origin::Stdin);
    let mut out: Box<dyn Write> = if prints_text { Box::new(anstream::stderr()) } else { Box::new(anstream::stdout()) };
    write_summary(&mut *out, args, &tally)?;
    Ok(outcome(args, &tally))
}

/// What was done, and what is left to do.
#[derive(Default)]
struct Tally {
    mended: Summary,
    left: Summary,
    /// Files that were left out.
    foreign: Vec<String>,
}

impl Tally {
    fn fail(&mut self, problem: Problem) {
        problem.print();
        self.left.problems.push(problem);
    }
}

/// A file whose fixes are made, not yet written.
struct Mended<'a> {
    job: &'a Job,
    document: Document,
    fixed: Fixed,
    /// The file as it is, and as it will be.
    before: Vec<u8>,
    after: Vec<u8>,
}

fn fix_all(args: &Fix, jobs: &[Job], tally: &mut Tally) -> Result<()> {
    let progress = Progress::of(jobs.len());
    let tell = |result: Result<Mended, Unread>| {
        match result.and_then(|it| Ok(progress.suspend(|| settle(args, &it)).map(|()| it)?)) {
            Ok(mended) => {
                tell_unwritable(&mended);
                add(tally, &mended);
            }
            Err(Unread::Failed(problem)) => tally.fail(problem),
            Err(Unread::Foreign(path)) => tally.foreign.push(path),
        }
        Ok(())
    };
    job::each(jobs, |job| fix(job, &progress), tell)?;
    progress.finish();
    Ok(())
}

fn fix<'a>(job: &'a Job, progress: &Progress) -> Result<Mended<'a>, Unread> {
    let result = contain(&job.input.shown, || {
        let document = job.read()?;
        let fixed = job.project.fix(&job.input.path, &document);
        let bytes = |it: &Document| it.bytes().map_err(|it| Problem::new(&job.input.shown, it.to_string()));
        let (before, after) = (bytes(&document)?, bytes(&fixed.document)?);
        Ok(Mended { job, document, fixed, before, after })
    });
    progress.tick();
    result
}

/// Writes a file, or shows how it would change.
fn settle(args: &Fix, mended: &Mended) -> Result<(), Problem> {
    let Mended { job, document, fixed, before, after } = mended;
    let problem = |it: String| Problem::new(&job.input.shown, it);
    let printed = |it: io::Result<()>| it.map_err(|it| problem(format!("standard output: {it}")));
    if args.diff {
        printed(write_diff(&job.input.shown, &document.text, &fixed.document.text))
    } else if args.check {
        Ok(())
    } else if job.input.origin == Origin::Stdin {
        printed(io::stdout().write_all(after))
    } else if before == after {
        Ok(())
    } else {
        write::replace(&job.input.path, before, after).map_err(problem)
    }
}

/// Says why better words are not written into a file that cannot carry them.
fn tell_unwritable(mended: &Mended) {
    let Mended { job, fixed, .. } = mended;
    let mut reasons = fixed.left.iter().filter_map(|it| fill::unwritable(&fixed.document, it));
    if let Some(why) = reasons.next() {
        problem::note(&format!("{}: {why}", job.input.shown));
    }
}

fn add(tally: &mut Tally, mended: &Mended) {
    let path = &mended.job.input.shown;
    tally.left.n_segments += mended.document.segments.len();
    tally.mended.add(path, mended.fixed.mended.iter());
    tally.left.add(path, mended.fixed.left.iter());
}

/// A unified diff: as `patch` reads it, or in colour for a person.
fn write_diff(path: &str, before: &str, after: &str) -> io::Result<()> {
    let diff = TextDiff::from_lines(before, after);
    let mut unified = diff.unified_diff();
    unified.context_radius(3).header(&format!("a/{path}"), &format!("b/{path}"));
    if !io::stdout().is_terminal() {
        return write!(io::stdout(), "{unified}");
    }
    let mut out = anstream::stdout().lock();
    for hunk in unified.iter_hunks() {
        writeln!(out, "{BOLD}{}{BOLD:#} {DIM}{}{DIM:#}", text::one_line(path), hunk.header())?;
        for change in hunk.iter_changes() {
            let style = style(change.tag());
            let line = text::visible(change.value().trim_end_matches(['\r', '\n']));
            writeln!(out, "{style}{}{line}{style:#}", change.tag())?;
        }
    }
    Ok(())
}

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

fn style(tag: ChangeTag) -> Style {
    match tag {
        ChangeTag::Delete => AnsiColor::BrightRed.on_default(),
        ChangeTag::Insert => AnsiColor::BrightGreen.on_default(),
        ChangeTag::Equal => Style::new(),
    }
}

fn write_summary(out: &mut dyn Write, args: &Fix, tally: &Tally) -> io::Result<()> {
    let Tally { mended, left, .. } = tally;
    if left.n_files == 0 {
        return Ok(());
    }
    let is_dry = args.diff || args.check;
    if mended.n_findings > 0 {
        let words = mended.words();
        let heading = if is_dry { words.would_fix } else { words.fixed };
        table::write(out, mended, (heading, words.in_these_files))?;
    }
    if left.n_findings > 0 {
        let words = left.words();
        table::write(out, left, (words.left, words.in_these_files))?;
    }
    let words = if mended.n_findings > 0 { mended.words() } else { left.words() };
    match mended.n_findings {
        0 => writeln!(out, "{}", words.nothing_to_fix)?,
        fixes => writeln!(out, "{BOLD}{}.{BOLD:#}", (words.fixes)(fixes, mended.by_file.len(), is_dry))?,
    }
    match left.n_findings {
        0 => Ok(()),
        _ => writeln!(out, "{} {}", table::counts(left), left.words().need_a_person),
    }
}

fn outcome(args: &Fix, tally: &Tally) -> Outcome {
    let outcome = tally.left.outcome(args.fail_on);
    match outcome {
        Outcome::Failed => Outcome::Failed,
        _ if args.check && tally.mended.n_findings > 0 => Outcome::Findings,
        _ if args.check => Outcome::Clean,
        it => it,
    }
}
