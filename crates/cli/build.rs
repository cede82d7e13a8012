//! Says which commit the program was built from, where that is known: `ABSOLVE_VERSION`.

use std::{env, path::Path, process::Command};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let version = env::var("CARGO_PKG_VERSION").expect("cargo says which version this is");
    let version = commit().map_or(version.clone(), |it| format!("{version} ({it})"));
    println!("cargo::rustc-env=ABSOLVE_VERSION={version}");
}

/// The commit, if these sources are a checkout of ours, and not a copy inside of somebody else's.
fn commit() -> Option<String> {
    git(&["ls-files", "--error-unmatch", "build.rs"])?;
    let head = git(&["rev-parse", "--git-path", "logs/HEAD"]).filter(|it| Path::new(it).exists());
    let head = head.or_else(|| git(&["rev-parse", "--git-path", "HEAD"]))?;
    println!("cargo::rerun-if-changed={head}");
    git(&["rev-parse", "--short=9", "HEAD"])
}

fn git(args: &[&str]) -> Option<String> {
    let output = Command::new("git").args(args).output().ok().filter(|it| it.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
