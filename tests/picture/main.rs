//! Draws the picture of the README: `cargo run -p absolve-tests --example picture`.

use std::{env, fs, path::Path, process::Command};

use anstyle_svg::{Term, WIN10_CONSOLE};

const COMMAND: &str = "absolve check tests/picture";

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let words: Vec<&str> = COMMAND.split(' ').skip(1).collect();
    let run = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--package", "absolve", "--", "--color", "always"])
        .args(words)
        .current_dir(&root)
        .output()
        .expect("cargo runs the program");
    let report = String::from_utf8(run.stdout).expect("the report is UTF-8");
    let svg = Term::new().palette(WIN10_CONSOLE).render_svg(&format!("\x1b[1m$ {COMMAND}\x1b[0m\n{report}"));
    fs::write(root.join("tests/picture.svg"), svg).expect("the picture can be written");
}
