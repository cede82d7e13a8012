//! What a command works on: the inputs that the command line names, each with its project, read into documents.

use std::{
    collections::VecDeque,
    fs,
    io::Read,
    sync::{Arc, mpsc},
};

use absolve_core::{
    document::{Document, ReadError, ReadErrorKind},
    format::Format,
};
use anyhow::{Result, bail};

use crate::{
    args::Sources,
    files::{self, Input, Origin},
    problem::{self, Problem},
    project::{Project, Projects},
};

/// Tells what `work` makes of each job, in order. Some are told of while the next ones are worked on, on every core; one
/// file is sooner done than threads are started.
pub fn each<'a, R: Send>(
    jobs: &'a [Job],
    work: impl Fn(&'a Job) -> R + Send + Sync,
    mut tell: impl FnMut(R) -> Result<()>,
) -> Result<()> {
    if let [job] = jobs {
        return tell(work(job));
    }
    let n_threads = rayon::current_num_threads();
    // Of few files, each core still takes several batches, so that none is long alone with the last one.
    let batch = (jobs.len() / n_threads / 8).clamp(1, LARGEST_BATCH);
    let mut batches = jobs.chunks(batch);
    let work = &work;
    rayon::in_place_scope_fifo(|scope| {
        let start = |batch: &'a [Job]| {
            let (sender, done) = mpsc::channel();
            scope.spawn_fifo(move |_| drop(sender.send(batch.iter().map(work).collect::<Vec<R>>())));
            done
        };
        let mut started: VecDeque<_> = batches.by_ref().take(n_threads * 4).map(start).collect();
        while let Some(done) = started.pop_front() {
            done.recv()?.into_iter().try_for_each(&mut tell)?;
            started.extend(batches.next().map(start));
        }
        Ok(())
    })
}

/// Files that a core takes at a time: few enough to be held, many enough that taking them is no work.
const LARGEST_BATCH: usize = 16;

/// An input with the project it belongs to.
pub struct Job {
    /// The input.
    pub input: Input,
    /// Its project.
    pub project: Arc<Project>,
}

/// Why there is no text of an input.
#[derive(Debug)]
pub enum Unread {
    /// It could not be read.
    Failed(Problem),
    /// A walk came by it, and it is none of ours, as a `package.json`.
    Foreign(String),
}

impl From<Problem> for Unread {
    fn from(problem: Problem) -> Unread {
        Unread::Failed(problem)
    }
}

impl From<Unread> for Problem {
    fn from(unread: Unread) -> Problem {
        match unread {
            Unread::Failed(problem) => problem,
            Unread::Foreign(path) => Problem::new(path, "this is no library of replies"),
        }
    }
}

/// Says once which files were left out, so that no library is silently among them.
pub fn tell_foreign(paths: &[String]) {
    let shown = paths.iter().take(FOREIGN_SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    let rest = paths.len().saturating_sub(FOREIGN_SHOWN);
    let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let what = match paths.len() {
        0 => return,
        1 => "1 file that is no library of replies".to_owned(),
        n => format!("{n} files that are no libraries of replies"),
    };
    problem::note(&format!("skipped {what}: {shown}{rest}; name one to be told why, or map it in absolve.toml"));
}

/// Files that are named of those that were left out.
const FOREIGN_SHOWN: usize = 3;

/// The jobs that `sources` mean, and what could not be looked at.
pub fn find(sources: &Sources, projects: &mut Projects) -> Result<(Vec<Job>, Vec<Problem>)> {
    if sources.stdin_filename.is_some() && !sources.paths.iter().any(|it| it.as_os_str() == "-") {
        bail!("--stdin-filename names standard input, which is not read; add `-` to the paths");
    }
    let (inputs, mut problems) = files::find(&sources.paths, sources.stdin_filename.as_deref());
    let job = |input: Input| {
        let project = projects.of(&input.path)?;
        let is_left_out = input.origin == Origin::Walked && !project.takes(&input.path);
        (!is_left_out).then_some(Job { input, project })
    };
    let jobs = inputs.into_iter().filter_map(job).collect();
    problems.append(&mut projects.problems);
    Ok((jobs, problems))
}

/// What is wrong if no file held prose.
pub fn nothing_to_do(sources: &Sources) -> Problem {
    let shown: Vec<String> = sources.paths.iter().map(|it| files::shown(it)).filter(|it| !it.is_empty()).collect();
    let path = if shown.is_empty() { "this folder".to_owned() } else { shown.join(", ") };
    Problem::new(path, "nothing to check: no file here holds text for customers (.txt, .md, .html, .eml, .json, …)")
}

impl Job {
    /// Reads the input.
    pub fn read(&self) -> Result<Document, Unread> {
        read(&self.input, &self.project)
    }
}

fn read(input: &Input, project: &Project) -> Result<Document, Unread> {
    let bytes = match input.origin {
        Origin::Stdin => read_some(std::io::stdin().lock(), 0),
        Origin::Named | Origin::Walked => fs::File::open(&input.path).and_then(read_file),
    };
    let bytes = bytes.map_err(|it| Problem::new(&input.shown, why(&it)))?;
    let format = project.format(&input.path).or_else(|| of_neighbour(input));
    let format = format.unwrap_or_else(|| Format::detect(&input.path.to_string_lossy(), &bytes));
    match Document::read(bytes, format) {
        Err(error) if is_foreign(input, format, &error) => Err(Unread::Foreign(input.shown.clone())),
        Err(error) => Err(unreadable(input, error).into()),
        Ok(document) if document.segments.is_empty() && input.origin != Origin::Walked => {
            Err(Problem::new(&input.shown, "nothing to check: there is no prose in it").into())
        }
        Ok(document) => Ok(document),
    }
}

/// What the file beside one of Salesforce's templates says of it.
fn of_neighbour(input: &Input) -> Option<Format> {
    let path = input.path.to_string_lossy();
    let is_one = Format::is_salesforce(&path) && input.origin != Origin::Stdin;
    let meta = is_one.then(|| fs::read_to_string(format!("{path}-meta.xml")).ok())??;
    Format::of_salesforce(&meta)
}

/// JSON serves a thousand ends. Of a file that nobody named or mapped, nobody said that it holds replies; YAML and CSV are
/// only walked into if they are called like a library, so of those something is wrong.
fn is_foreign(input: &Input, format: Format, error: &ReadError) -> bool {
    input.origin == Origin::Walked && format == Format::Json && error.kind == ReadErrorKind::Foreign
}

/// Bytes that are read of an input at most: no library of replies is near that, and the memory of a machine is bounded.
const LARGEST: u64 = 100 << 20;

/// What is too large is not read at all, if its size is known.
fn read_file(file: fs::File) -> std::io::Result<Vec<u8>> {
    let size = file.metadata()?.len();
    if size > LARGEST { Err(too_large()) } else { read_some(file, size) }
}

fn read_some(reader: impl Read, size: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    // Of a file that knows its size, nobody has to ask whether that was all.
    let most = if size > 0 { size } else { LARGEST + 1 };
    reader.take(most).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST { Err(too_large()) } else { Ok(bytes) }
}

fn too_large() -> std::io::Error {
    std::io::Error::other("it is larger than 100 MB, which no replies are; leave it out, or split it")
}

fn why(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        std::io::ErrorKind::PermissionDenied => "it may not be read; see its permissions".to_owned(),
        _ => error.to_string(),
    }
}

fn unreadable(input: &Input, error: ReadError) -> Problem {
    let place = error.position.map(|it| (it.line + 1, Some(it.column + 1)));
    Problem { place, ..Problem::new(&input.shown, error.message) }
}
