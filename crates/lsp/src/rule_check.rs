//! A rule file, checked as it is typed: what `absolve rules test` would say of it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use absolve_core::{
    examples,
    examples::Reason,
    linter::Linter,
    rule_pack::{RuleError, RulePack},
    rule_set::RuleSet,
};

use crate::project::Problem;

/// Whether a file of that path, with that text, is a rule or a vocabulary.
pub fn is_rule_file(path: &Path, text: &str) -> bool {
    let language = path.parent().and_then(Path::file_name).and_then(|it| it.to_str()).unwrap_or_default();
    let is_language = (2..=3).contains(&language.len()) && language.bytes().all(|it| it.is_ascii_lowercase());
    let is_toml = path.extension().is_some_and(|it| it == "toml");
    let is_vocabulary = path.file_stem().is_some_and(|it| it == "vocabulary");
    let folder = path.ancestors().nth(2).and_then(Path::file_name).and_then(|it| it.to_str()).unwrap_or_default();
    is_toml
        && is_language
        && (is_vocabulary || folder.ends_with("rules") || text.contains("[[phrase]]") || text.contains("[[bad]]"))
}

/// What is wrong with the rule file at `path`, whose text is `text`; its neighbours are read from disk.
pub fn check(path: &Path, text: &str, base: &RuleSet) -> Vec<Problem> {
    let mut files = neighbours(path);
    files.retain(|it| it.0 != path);
    files.push((path.to_owned(), text.to_owned()));
    files.sort();
    let problems = match compile(&files, path, base) {
        Ok((pack, linter)) => failures(&linter, &pack, path),
        Err(errors) => errors,
    };
    problems.into_iter().map(|it| Problem { path: it.path.into(), line: it.line, message: it.message }).collect()
}

/// Neighbours that are broken are left out: they have their own editors.
fn compile(files: &[(PathBuf, String)], path: &Path, base: &RuleSet) -> Result<(RulePack, Linter), Vec<RuleError>> {
    let mut files: Vec<(String, &str)> = files.iter().map(|it| (it.0.display().to_string(), it.1.as_str())).collect();
    let own = path.display().to_string();
    loop {
        let pack = RulePack::parse(files.iter().map(|it| (it.0.as_str(), it.1)));
        let errors = match pack.and_then(|pack| Ok((base.clone().with(&pack)?, pack))) {
            Ok((rules, pack)) => return Ok((pack, Linter::new(rules))),
            Err(errors) => errors,
        };
        let (ours, others): (Vec<RuleError>, Vec<RuleError>) = errors.into_iter().partition(|it| it.path == own);
        let n_before = files.len();
        files.retain(|file| !others.iter().any(|it| it.path == file.0));
        if !ours.is_empty() || files.len() == n_before {
            return Err(ours);
        }
    }
}

/// The examples of this file that do not hold, and those of other files that it breaks.
fn failures(linter: &Linter, pack: &RulePack, path: &Path) -> Vec<RuleError> {
    let own = path.display().to_string();
    let Some(entry) = pack.rules.iter().find(|it| it.path == own) else { return Vec::new() };
    let name = format!("{}/{}", entry.language, entry.name);
    let mut problems = Vec::new();
    for failure in examples::run(linter, pack) {
        let breaks_other = matches!(&failure.reason, Reason::Noisy(rule, _) if *rule == name);
        if failure.path == own {
            problems.push(RuleError { message: failure.reason.to_string(), ..RuleError::from(&failure) });
        } else if breaks_other {
            let message = format!("{}: {}", failure.example, failure.reason);
            problems.push(RuleError { path: own.clone(), line: None, message });
        }
    }
    problems
}

/// Every rule file of the folder that holds the languages, as it is on disk.
fn neighbours(path: &Path) -> Vec<(PathBuf, String)> {
    let Some(folder) = path.parent().and_then(Path::parent) else { return Vec::new() };
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path());
    let files = entries(folder).filter(|it| it.is_dir()).flat_map(|it| entries(&it).collect::<Vec<_>>());
    let text = |path: PathBuf| Some((path.clone(), fs::read_to_string(&path).ok()?));
    files.filter(|it| it.extension().is_some_and(|it| it == "toml")).filter_map(text).collect()
}
