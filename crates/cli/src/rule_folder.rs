//! A folder of rule files, read, compiled and tested.

use std::{fs, path::Path};

use absolve_core::{examples, linter::Linter, rule_pack::RuleError, rule_pack::RulePack, rule_set::RuleSet};

use crate::{files, problem::Problem};

/// Rules with the files they were compiled from.
pub struct LoadedRules {
    /// The files.
    pub pack: RulePack,
    /// The base's rules with these.
    pub rules: RuleSet,
}

/// What to do with a rule file that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// Refuse them all.
    Strict,
    /// Say so on stderr, and go on without it.
    Lenient,
}

/// The rules that `--rules` asks for: those of a folder, or ours.
pub fn chosen(folder: Option<&Path>) -> Result<RuleSet, Vec<Problem>> {
    let Some(folder) = folder else { return Ok(absolve_rules::builtin()) };
    Ok(load(folder, &RuleSet::default(), Strictness::Strict)?.rules)
}

/// The same, as files.
pub fn chosen_pack(folder: Option<&Path>) -> Result<RulePack, Vec<Problem>> {
    let Some(folder) = folder else { return Ok(absolve_rules::builtin_pack()) };
    Ok(load(folder, &RuleSet::default(), Strictness::Strict)?.pack)
}

/// Compiles the rule files of `folder` on top of `base`.
pub fn load(folder: &Path, base: &RuleSet, strictness: Strictness) -> Result<LoadedRules, Vec<Problem>> {
    let mut files = read(folder).map_err(|it| vec![it])?;
    loop {
        let errors = match compile(&files, base) {
            Ok(loaded) => return Ok(loaded),
            Err(errors) => errors,
        };
        let before = files.len();
        files.retain(|file| errors.iter().all(|it| it.path != file.0));
        if strictness == Strictness::Strict || files.len() == before {
            return Err(errors.into_iter().map(Problem::from).collect());
        }
        errors.into_iter().for_each(|it| Problem::from(it).print());
    }
}

/// The same, and every rule passes its own examples.
pub fn load_tested(folder: &Path, base: &RuleSet) -> Result<LoadedRules, Vec<Problem>> {
    let loaded = load(folder, base, Strictness::Strict)?;
    let linter = Linter::new(loaded.rules.clone());
    let failures = examples::run(&linter, &loaded.pack);
    let problems: Vec<Problem> = failures.iter().map(|it| Problem::from(RuleError::from(it))).collect();
    if problems.is_empty() { Ok(loaded) } else { Err(problems) }
}

fn compile(files: &[(String, String)], base: &RuleSet) -> Result<LoadedRules, Vec<RuleError>> {
    let pack = RulePack::parse(files.iter().map(|it| (it.0.as_str(), it.1.as_str())))?;
    let rules = base.clone().with(&pack)?;
    Ok(LoadedRules { pack, rules })
}

/// Path and text of every `<language>/*.toml`, sorted.
fn read(folder: &Path) -> Result<Vec<(String, String)>, Problem> {
    let mut files = Vec::new();
    for language in entries(folder)?.into_iter().filter(|it| it.is_dir()) {
        for path in entries(&language)?.into_iter().filter(|it| it.extension().is_some_and(|it| it == "toml")) {
            let name = files::shown(&path);
            let source = fs::read_to_string(&path).map_err(|it| Problem::new(&name, it.to_string()))?;
            files.push((name, source));
        }
    }
    match files.is_empty() {
        true => Err(Problem::new(files::shown(folder), "no rule file here, such as `en/late-refund.toml`")),
        false => Ok(files),
    }
}

fn entries(folder: &Path) -> Result<Vec<std::path::PathBuf>, Problem> {
    let problem = |it: std::io::Error| Problem::new(files::shown(folder), it.to_string());
    let entries: Result<Vec<_>, _> = fs::read_dir(folder).map_err(problem)?.collect();
    let mut paths: Vec<_> = entries.map_err(problem)?.into_iter().map(|it| it.path()).collect();
    paths.sort();
    Ok(paths)
}
