//! A run of the program in a folder of its own, and what it must say.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde::Deserialize;
use tempfile::TempDir;

/// What is run, and what it must say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Case {
    /// What holds, in a few words.
    pub name: String,
    /// After `absolve`.
    pub args: Vec<String>,
    /// Files of the folder it runs in.
    pub files: BTreeMap<String, Content>,
    /// Folders that are empty.
    pub folders: Vec<String>,
    pub stdin: Content,
    pub env: BTreeMap<String, String>,
    /// The exit code.
    pub code: i32,
    /// What stdout holds, in this order.
    pub stdout: Vec<String>,
    /// What stderr holds, in this order.
    pub stderr: Vec<String>,
    /// What neither of them holds.
    pub absent: Vec<String>,
}

/// The content of a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Content {
    Text(String),
    Bytes(Vec<u8>),
}

impl Default for Content {
    fn default() -> Content {
        Content::Bytes(Vec::new())
    }
}

impl Content {
    fn bytes(&self) -> &[u8] {
        match self {
            Content::Text(it) => it.as_bytes(),
            Content::Bytes(it) => it,
        }
    }
}

impl Case {
    /// Runs the program, and says what is not as it must be.
    pub fn check(&self) -> Result<(), String> {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        self.write_files(&folder);
        let output = self.run(folder.path());
        let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let mut faults = Vec::new();
        if output.status.code() != Some(self.code) {
            faults.push(format!("exit code {:?}, expected {}", output.status.code(), self.code));
        }
        faults.extend(missing("stdout", &stdout, &self.stdout));
        faults.extend(missing("stderr", &stderr, &self.stderr));
        let unwanted = self.absent.iter().filter(|it| stdout.contains(*it) || stderr.contains(*it));
        faults.extend(unwanted.map(|it| format!("it says `{it}`")));
        match faults.is_empty() {
            true => Ok(()),
            false => Err(format!("{}: {}\n--- stdout\n{stdout}--- stderr\n{stderr}", self.name, faults.join("; "))),
        }
    }

    fn write_files(&self, folder: &TempDir) {
        for (path, content) in &self.files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a new folder can be made");
            fs::write(path, content.bytes()).expect("a new file can be written");
        }
        for path in &self.folders {
            fs::create_dir_all(folder.path().join(path)).expect("a new folder can be made");
        }
    }

    fn run(&self, folder: &Path) -> Output {
        let mut command = absolve(folder);
        command.args(&self.args).envs(&self.env).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program was built");
        let mut stdin = child.stdin.take().expect("it is piped");
        // A program that does not read it has gone already.
        let _ = stdin.write_all(self.stdin.bytes());
        drop(stdin);
        child.wait_with_output().expect("it ends")
    }
}

fn missing(stream: &str, text: &str, expected: &[String]) -> Option<String> {
    let mut rest = text;
    for words in expected {
        match rest.find(words.as_str()) {
            Some(at) => rest = &rest[at + words.len()..],
            None => return Some(format!("{stream} does not hold `{words}` (in this order)")),
        }
    }
    None
}

/// The program, to run in `folder`, with nothing of this machine's own choices.
pub fn absolve(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_absolve"));
    command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", folder);
    command
}

/// The folder of the tests.
pub fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests")
}

/// A program that runs until it is dropped.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
