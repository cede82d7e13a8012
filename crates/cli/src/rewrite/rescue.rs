//! What was decided so far, on disk, in case the terminal or the machine goes away.

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
};

use absolve_core::document::Document;

use crate::files::{Input, Origin};

/// A file beside the reply that holds it as it is now; it goes when the reply is safe.
pub struct Rescue {
    path: PathBuf,
    is_kept: bool,
}

impl Rescue {
    /// For a reply in a file: beside it. For standard input: among temporary files.
    pub fn of(input: &Input) -> Rescue {
        let name = input.path.file_name().map_or_else(|| "reply".into(), |it| it.to_string_lossy().into_owned());
        let folder = match input.origin {
            Origin::Stdin => env::temp_dir(),
            Origin::Named | Origin::Walked => input.path.parent().unwrap_or(Path::new("")).to_owned(),
        };
        Rescue { path: folder.join(format!(".{name}.{}.rescued", std::process::id())), is_kept: false }
    }

    /// Where it is, if anything was decided.
    pub fn path(&self) -> Option<&Path> {
        self.is_kept.then_some(&self.path)
    }

    /// Keeps the reply as it is now. Where no file can be, there is none: the conversation goes on.
    pub fn keep(&mut self, document: &Document) {
        let Ok(bytes) = document.encoding.encode(&document.text) else { return };
        self.is_kept = write_privately(&self.path, &bytes).is_ok();
    }

    /// The reply is safe elsewhere.
    pub fn forget(self) {
        if self.is_kept {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// For its owner's eyes only, whole or not at all.
fn write_privately(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".absolve-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map(|_| ()).map_err(|it| it.error)
}
