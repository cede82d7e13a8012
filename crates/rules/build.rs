//! Compiles the rule files of `rules/` into bytes that a program starts with.

use std::{env, fs, path::Path};

use absolve_core::{rule_pack::RulePack, rule_set::RuleSet};

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    println!("cargo::rerun-if-changed={}", folder.display());
    let files = rule_files(&folder);
    let sources = files.iter().map(|(path, source)| (path.as_str(), source.as_str()));
    let compiled = RulePack::parse(sources).and_then(|pack| RuleSet::default().with(&pack));
    let rules = compiled.unwrap_or_else(|errors| {
        errors.iter().for_each(|error| println!("cargo::error=rules/{error}"));
        std::process::exit(1);
    });
    let out = env::var_os("OUT_DIR").expect("cargo says where to write");
    fs::write(Path::new(&out).join("rules.bin"), rules.to_bytes()).expect("OUT_DIR can be written to");
    fs::write(Path::new(&out).join("files.rs"), file_table(&folder, &files)).expect("OUT_DIR can be written to");
}

/// `(en/sin.toml, text)` for every rule file, sorted.
fn rule_files(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for language in entries(folder).into_iter().filter(|it| folder.join(it).is_dir()) {
        for name in entries(&folder.join(&language)).into_iter().filter(|it| it.ends_with(".toml")) {
            let path = format!("{language}/{name}");
            println!("cargo::rerun-if-changed={}", folder.join(&path).display());
            let source = fs::read_to_string(folder.join(&path)).expect("a rule file is readable UTF-8");
            files.push((path, source));
        }
    }
    files
}

fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("rules/ is beside crates/");
    let mut names: Vec<String> = entries.flatten().filter_map(|it| it.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// A Rust table of the files, for those who read examples.
fn file_table(folder: &Path, files: &[(String, String)]) -> String {
    let folder = folder.canonicalize().expect("rules/ is there");
    let rows = files.iter().map(|(path, _)| format!("({path:?}, include_str!({:?})),\n", folder.join(path)));
    format!("&[\n{}]", rows.collect::<String>())
}
