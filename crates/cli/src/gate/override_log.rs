//! Overrides, told to a file of the agent's own machine: when, which rules, who, why. Never the reply's words.

use std::{
    env,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    time::SystemTime,
};

use absolve_core::gate::Verdict;
use serde::Serialize;

use crate::project::Project;

#[derive(Serialize)]
struct Line<'a> {
    time: String,
    rules: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<&'a str>,
    reason: &'a str,
}

/// Logs the override of a verdict, if it has one.
pub fn log(project: &Project, verdict: &Verdict, agent: Option<&str>) -> Result<(), String> {
    let Some(overridden) = &verdict.overridden else { return Ok(()) };
    let time = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let line = Line { time, rules: verdict.held_by(), agent, reason: &overridden.reason };
    let path = path(project).ok_or("there is no folder to log overrides in; set `override-log` in [gate]")?;
    append(&path, &line).map_err(|it| format!("{}: the override cannot be logged: {it}", path.display()))
}

/// Where the team wants it, or beside the user's other state.
fn path(project: &Project) -> Option<PathBuf> {
    if let Some(path) = &project.policy.override_log {
        return Some(project.root.as_deref().unwrap_or(Path::new("")).join(path));
    }
    let state =
        ["XDG_STATE_HOME", "LOCALAPPDATA"].into_iter().find_map(|it| env::var_os(it).filter(|it| !it.is_empty()));
    let state = state.map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".local/state")))?;
    Some(state.join("absolve/overrides.jsonl"))
}

/// In one write, so that two at a time do not mix.
fn append(path: &Path, line: &Line) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut bytes = serde_json::to_vec(line)?;
    bytes.push(b'\n');
    open(path)?.write_all(&bytes)
}

/// For its owner's eyes.
#[cfg(unix)]
fn open(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().create(true).append(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> std::io::Result<File> {
    File::options().create(true).append(true).open(path)
}
