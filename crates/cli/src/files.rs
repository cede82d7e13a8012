//! Which files are checked: those that are named, and those that a walk finds, in order.

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use absolve_core::format::{Format, Syntax};
use ignore::{DirEntry, WalkBuilder};

use crate::{baseline, problem::Problem};

/// Something to check.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    /// As the user knows it.
    pub shown: String,
    /// Where it is, or what standard input is called.
    pub path: PathBuf,
    /// How it was come by.
    pub origin: Origin,
}

/// How an input was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Named by the user, who expects something of it.
    Named,
    /// Found in a folder.
    Walked,
    /// Standard input.
    Stdin,
}

/// The inputs that `paths` mean, sorted, each once; and what could not be looked at.
pub fn find(paths: &[PathBuf], stdin_name: Option<&Path>) -> (Vec<Input>, Vec<Problem>) {
    let here = [PathBuf::from(".")];
    let mut inputs = Vec::new();
    let mut problems = Vec::new();
    for path in if paths.is_empty() { &here } else { paths } {
        if path.as_os_str() == "-" {
            inputs.push(stdin(stdin_name));
        } else if path.is_dir() {
            walk(path, &mut inputs, &mut problems);
        } else {
            inputs.push(Input { shown: shown(path), path: path.clone(), origin: Origin::Named });
        }
    }
    inputs.sort();
    inputs.dedup_by(|a, b| a.shown == b.shown);
    (inputs, problems)
}

/// The folder that the program was started in; asked for once, not once for each file.
pub fn here() -> &'static Path {
    static HERE: LazyLock<PathBuf> = LazyLock::new(|| std::env::current_dir().unwrap_or_default());
    &HERE
}

/// A path as reports write it: from here if it is below, `/` between folders, no `./` before.
pub fn shown(path: &Path) -> String {
    let path = path.strip_prefix(".").unwrap_or(path);
    let path = path.strip_prefix(here()).unwrap_or(path);
    let shown = path.to_string_lossy();
    if cfg!(windows) { shown.replace('\\', "/") } else { shown.into_owned() }
}

fn stdin(name: Option<&Path>) -> Input {
    let path = name.unwrap_or(Path::new("-")).to_owned();
    Input { shown: shown(&path), path, origin: Origin::Stdin }
}

fn walk(folder: &Path, inputs: &mut Vec<Input>, problems: &mut Vec<Problem>) {
    for entry in WalkBuilder::new(folder).require_git(false).build() {
        match entry {
            Ok(entry) if is_reply(&entry) => {
                let path = entry.into_path();
                inputs.push(Input { shown: shown(&path), path, origin: Origin::Walked });
            }
            Ok(_) => {}
            Err(error) => problems.push(Problem::new(shown(folder), error.to_string())),
        }
    }
}

/// A file whose name says that it holds text for customers.
fn is_reply(entry: &DirEntry) -> bool {
    let is_file = entry.file_type().is_some_and(|it| it.is_file());
    let name = entry.path().to_string_lossy();
    // Whether a library is declared, its project knows.
    let may_be_one = Format::is_walked(&name) || Syntax::of_extension(&name).is_some();
    is_file && entry.file_name() != baseline::FILE_NAME && may_be_one
}
