//! `absolve rewrite`: goes through the sins of a reply with its author, one by one.

mod alternatives;
mod line;
mod rescue;
mod screen;
mod session;
mod words;

use std::{
    fs::File,
    io::{self, IsTerminal, Write},
    process::Command,
};

use absolve_core::{diagnostic::Edit, document::Document, escape::Unwritable, fill};
use anyhow::{Context, Result, bail};

use self::{
    line::Typed,
    rescue::Rescue,
    screen::{Choice, Screen},
    session::{Sentence, Session},
};
use crate::{
    args::{Rewrite, Sources},
    files::Origin,
    job::{self, Job},
    outcome::Outcome,
    project::Projects,
    write,
};

/// Rewrites the reply that the command line names.
pub fn run(args: &Rewrite) -> Result<Outcome> {
    if args.path.is_dir() {
        bail!("{}: this is a folder; name one reply (`absolve fix` does folders)", args.path.display());
    }
    let mut projects = match Projects::new(&args.choices) {
        Ok(projects) => projects,
        Err(problems) => return Ok(Outcome::failed(&problems)),
    };
    let sources = Sources { paths: vec![args.path.clone()], stdin_filename: args.stdin_filename.clone() };
    let (jobs, problems) = job::find(&sources, &mut projects)?;
    let [job] = jobs.as_slice() else { return Ok(Outcome::failed(&problems)) };
    let document = match job.read() {
        Ok(document) => document,
        Err(unread) => return Ok(Outcome::failed(&[unread.into()])),
    };
    if args.json {
        return alternatives::write(job, &document);
    }
    if args.in_place && job.input.origin == Origin::Stdin {
        bail!("--in-place has no file to write standard input to; leave it out, and the reply is printed");
    }
    if !somebody_is_there() {
        bail!("a terminal is needed to choose in; --json gives the same as data, and `absolve fix` asks nothing");
    }
    converse(args, job, &document)
}

/// Questions go to stderr, so that stdout can be piped; answers come from the keyboard, even if stdin is the reply.
fn somebody_is_there() -> bool {
    let has_keyboard = io::stdin().is_terminal() || cfg!(unix) && File::open("/dev/tty").is_ok();
    io::stderr().is_terminal() && has_keyboard
}

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// With the last finding, or by `q`.
    Done,
    /// By Ctrl-C, or because the terminal went away.
    Interrupted,
}

fn converse(args: &Rewrite, job: &Job, document: &Document) -> Result<Outcome> {
    let mut session = Session::new(&job.project, &job.input.path, document.clone());
    let mut screen = Screen::new(&job.input.shown, session.language());
    let mut rescue = Rescue::of(&job.input);
    let end = go_through(&mut session, &mut screen, &mut rescue)?;
    let (before, after) = (document.bytes()?, session.document.bytes()?);
    screen.close(end, session.n_changes, session.findings.len())?;
    if end == End::Interrupted && args.in_place {
        screen.tell_rescued(rescue.path())?;
        return Ok(Outcome::Failed);
    }
    if !args.in_place {
        io::stdout().write_all(&after).context("standard output")?;
    } else if after != before
        && let Err(why) = write::replace(&job.input.path, &before, &after)
    {
        screen.tell_rescued(rescue.path())?;
        bail!("{}: {why}", job.input.shown);
    }
    rescue.forget();
    Ok(if end == End::Interrupted { Outcome::Failed } else { session.outcome() })
}

fn go_through(session: &mut Session, screen: &mut Screen, rescue: &mut Rescue) -> Result<End> {
    while session.current().is_some() {
        screen.show(session)?;
        match screen.read_choice(session.alternatives().len()) {
            Ok(Choice::Alternative(index)) => {
                let Some(edits) = complete(session, screen, index)? else { continue };
                change(session, screen, rescue, &edits)?;
            }
            Ok(Choice::Edit) => {
                let Some(edit) = by_hand(session, screen)? else { continue };
                change(session, screen, rescue, &session.enclosed(edit))?;
            }
            Ok(Choice::Skip) => session.skip(),
            Ok(Choice::Stop) => return Ok(End::Done),
            Ok(Choice::Interrupt) | Err(_) => return Ok(End::Interrupted),
        }
    }
    Ok(End::Done)
}

fn change(session: &mut Session, screen: &mut Screen, rescue: &mut Rescue, edits: &[Edit]) -> Result<()> {
    match session.apply(edits) {
        Ok(()) => rescue.keep(&session.document),
        Err(why) => screen.warn(&why)?,
    }
    Ok(())
}

/// The edits of an alternative with its blanks filled; `None` if the author thinks better of it.
fn complete(session: &Session, screen: &mut Screen, index: usize) -> Result<Option<Vec<Edit>>> {
    let fix = &session.alternatives()[index];
    if let Some(why) = session.unwritable().filter(|_| fix.edits.is_empty()) {
        return written(Err(why), screen);
    }
    let mut answers: Vec<(String, String)> = Vec::new();
    for blank in fill::blanks(fix) {
        match screen.ask(blank, "")? {
            Typed::Words(words) if !words.trim().is_empty() => answers.push((blank.to_owned(), words)),
            Typed::Words(_) | Typed::Nothing => return Ok(None),
        }
    }
    let answer = |name: &str| answers.iter().find(|it| it.0 == name).map_or(String::new(), |it| it.1.clone());
    written(fill::fill(&session.document, fix, &answer), screen)
}

/// The sentence as its author writes it: in $VISUAL or $EDITOR, or on the line.
fn by_hand(session: &Session, screen: &mut Screen) -> Result<Option<Edit>> {
    let Some(sentence) = session.sentence() else { return Ok(None) };
    let editor = ["VISUAL", "EDITOR"].into_iter().find_map(|it| std::env::var(it).ok().filter(|it| !it.is_empty()));
    let words = match editor {
        Some(editor) => edit_with(&editor, &sentence)?,
        None => match screen.ask_sentence(&sentence.words)? {
            Typed::Words(words) => words,
            Typed::Nothing => return Ok(None),
        },
    };
    let words = words.trim_end_matches(['\n', '\r']);
    match words == sentence.words {
        true => Ok(None),
        false => written(session.rewritten(&sentence, words), screen),
    }
}

/// What can be written; where nothing can, the author is told why.
fn written<T>(written: Result<T, Unwritable>, screen: &mut Screen) -> Result<Option<T>> {
    match written {
        Ok(it) => Ok(Some(it)),
        Err(why) => {
            screen.warn(&why.to_string())?;
            Ok(None)
        }
    }
}

fn edit_with(editor: &str, sentence: &Sentence) -> Result<String> {
    let mut file = tempfile::Builder::new().prefix("absolve-").suffix(".txt").tempfile()?;
    writeln!(file, "{}", sentence.words)?;
    let mut parts = editor.split_whitespace();
    let program = parts.next().unwrap_or(editor);
    let tty = || if cfg!(unix) { File::options().read(true).write(true).open("/dev/tty").ok() } else { None };
    let mut command = Command::new(program);
    command.args(parts).arg(file.path());
    if let (Some(keys), Some(screen)) = (tty(), tty()) {
        command.stdin(keys).stdout(screen);
    }
    let status = command.status().with_context(|| format!("the editor `{editor}` could not be started"))?;
    match status.success() {
        true => Ok(std::fs::read_to_string(file.path())?),
        false => Ok(sentence.words.clone()),
    }
}
