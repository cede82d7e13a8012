//! `absolve.toml`, read: a team's choices.

use std::{collections::BTreeMap, fs, path::Path};

use absolve_core::{diagnostic::Severity, format::Mapping, gate::Policy, voice::Voice};
use globset::{Glob, GlobSet, GlobSetBuilder};
use serde::Deserialize;
use toml::Spanned;

use crate::{
    alternative::Alternative,
    problem::{Problem, do_you_mean, nearest},
};

/// Its name, in a team's folder.
pub const FILE_NAME: &str = "absolve.toml";

/// A team's choices, as its file writes them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Config {
    /// A set of choices to start from.
    pub profile: Option<Spanned<String>>,
    /// The languages whose rules run; all if not said.
    pub languages: Option<Vec<Spanned<String>>>,
    /// Files that a walk leaves out.
    pub ignore: Vec<Spanned<String>>,
    /// A folder of the team's own rules.
    pub rules_dir: Option<Spanned<String>>,
    /// Sins on and off.
    pub rules: Switches,
    /// How much sins matter.
    pub severity: BTreeMap<Spanned<String>, Severity>,
    /// What holds for some files or macros only.
    #[serde(rename = "override")]
    pub overrides: Vec<Override>,
    /// How the team's agents speak.
    pub voice: Voice,
    /// What holds a reply that is about to be sent.
    pub gate: Policy,
    /// Better words of the team's own.
    #[serde(rename = "alternative")]
    pub alternatives: Vec<Alternative>,
    /// Where the replies of the team's libraries stand.
    #[serde(rename = "mapping")]
    pub mappings: Vec<Spanned<Mapping>>,
}

/// Sins on and off; names may have a `*`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Switches {
    /// Not looked for.
    pub disable: Vec<Spanned<String>>,
    /// Looked for, whatever the profile says.
    pub enable: Vec<Spanned<String>>,
}

/// What holds for some files or macros only.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Override {
    /// Which files, from the folder of the configuration; all if empty.
    pub paths: Vec<Spanned<String>>,
    /// Which macros, by title; all if empty.
    pub macros: Vec<Spanned<String>>,
    /// Which macros, by the language that their library says; all if empty.
    pub locales: Vec<Spanned<String>>,
    /// Sins not told there.
    pub disable: Vec<Spanned<String>>,
    /// Why, for those who read the file.
    #[serde(rename = "reason")]
    pub _reason: Option<String>,
}

/// A configuration with what its mistakes need to be told.
#[derive(Debug)]
pub struct ConfigFile {
    /// As the user knows it.
    pub path: String,
    source: String,
    /// What it says.
    pub config: Config,
}

impl ConfigFile {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<ConfigFile, Problem> {
        let shown = crate::files::shown(path);
        let source = fs::read_to_string(path).map_err(|it| Problem::new(&shown, it.to_string()))?;
        ConfigFile::parse(shown, source)
    }

    fn parse(shown: String, source: String) -> Result<ConfigFile, Problem> {
        match toml::from_str(&source) {
            Ok(config) => Ok(ConfigFile { path: shown, source, config }),
            Err(error) => {
                let offset = error.span().map_or(0, |it| it.start);
                Err(Problem::at(shown, &source, offset, explained(error.message())))
            }
        }
    }

    /// A mistake in one of its values.
    pub fn problem<T>(&self, value: &Spanned<T>, message: impl Into<String>) -> Problem {
        Problem::at(&self.path, &self.source, value.span().start, message)
    }

    /// Patterns of paths or titles, compiled.
    pub fn globs(&self, patterns: &[Spanned<String>]) -> Result<GlobSet, Problem> {
        let mut globs = GlobSetBuilder::new();
        for pattern in patterns {
            let glob = Glob::new(pattern.as_ref()).map_err(|it| self.problem(pattern, it.kind().to_string()))?;
            globs.add(glob);
        }
        globs.build().map_err(|it| Problem::new(&self.path, it.to_string()))
    }

    /// The mappings, each with the files it is for.
    pub fn mappings(&self) -> Result<Vec<(GlobSet, &'static Mapping)>, Problem> {
        self.config.mappings.iter().map(|it| self.mapping(it)).collect()
    }

    fn mapping(&self, written: &Spanned<Mapping>) -> Result<(GlobSet, &'static Mapping), Problem> {
        let problem = |message: String| self.problem(written, message);
        let line = self.source[..written.span().start].matches('\n').count() + 1;
        let mut mapping = written.as_ref().clone();
        mapping.place = format!("{}:{line}", self.path);
        if mapping.files.is_empty() {
            return Err(problem("a mapping says which files it is for: `files = [\"macros/*.json\"]`".to_owned()));
        }
        if let Some(name) = mapping.preset.as_ref().filter(|it| !Mapping::presets().any(|known| known == it.as_str())) {
            let near = do_you_mean(name, Mapping::presets());
            let all: Vec<&str> = Mapping::presets().collect();
            return Err(problem(format!("there is no preset `{name}`{near} (there are {})", all.join(", "))));
        }
        let mut globs = GlobSetBuilder::new();
        for glob in &mapping.files {
            globs.add(Glob::new(glob).map_err(|it| problem(format!("`{glob}`: {}", it.kind())))?);
        }
        let globs = globs.build().map_err(|it| problem(it.to_string()))?;
        Ok((globs, mapping.settled().map_err(problem)?))
    }

    /// Names of sins, compiled; each must name a sin that is `known`.
    pub fn sins(&self, names: &[Spanned<String>], known: &[&str]) -> Result<SinNames, Problem> {
        for name in names {
            let only = SinNames::new([name.as_ref().as_str()]).map_err(|it| self.problem(name, it))?;
            if !known.iter().any(|it| only.contains(it)) {
                return Err(self.unknown_sin(name, known));
            }
        }
        SinNames::new(names.iter().map(|it| it.as_ref().as_str())).map_err(|it| Problem::new(&self.path, it))
    }

    /// What to say of a sin that is not known.
    pub fn unknown_sin(&self, name: &Spanned<String>, known: &[&str]) -> Problem {
        let near = do_you_mean(name.as_ref(), known.iter().copied());
        self.problem(name, format!("no sin is named `{}`{near} (`absolve rules list` names them all)", name.as_ref()))
    }
}

/// Names of sins, in which `*` stands for any letters.
#[derive(Clone, Debug)]
pub struct SinNames(GlobSet);

impl SinNames {
    /// Compiles them.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<SinNames, String> {
        let mut globs = GlobSetBuilder::new();
        for name in names {
            globs.add(Glob::new(name).map_err(|it| it.kind().to_string())?);
        }
        Ok(SinNames(globs.build().map_err(|it| it.to_string())?))
    }

    /// Whether `sin` is one of them.
    pub fn contains(&self, sin: &str) -> bool {
        self.0.is_match(sin)
    }
}

/// serde's "unknown field `x`, expected one of `y`, `z`", with the nearest of them named first.
fn explained(message: &str) -> String {
    let mut names = message.split('`').skip(1).step_by(2);
    let (Some(wrong), known) = (names.next(), names.collect::<Vec<_>>()) else { return message.to_owned() };
    match message {
        it if it.starts_with("unknown field") => {
            let near = nearest(wrong, known.iter().copied()).map(|it| format!("; do you mean `{it}`?"));
            let all = || format!("; the keys are {}", quoted(&known));
            format!("there is no key `{wrong}`{}", near.unwrap_or_else(all))
        }
        it if it.starts_with("unknown variant") => {
            format!("`{wrong}` cannot stand here; write one of {}", quoted(&known))
        }
        it => it.to_owned(),
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, expected: &str) {
        assert_eq!(explained(message), expected);
    }

    #[test]
    fn unknown_keys_name_the_nearest() {
        check(
            "unknown field `severty`, expected one of `rules`, `severity`",
            "there is no key `severty`; do you mean `severity`?",
        );
        check(
            "unknown field `x`, expected `disable` or `enable`",
            "there is no key `x`; the keys are `disable`, `enable`",
        );
        check(
            "unknown variant `fatal`, expected `info` or `error`",
            "`fatal` cannot stand here; write one of `info`, `error`",
        );
        check("invalid type: integer", "invalid type: integer");
    }

    #[test]
    fn a_star_stands_for_letters() {
        let names = SinNames::new(["robotic-*", "vague-timing"]).expect("good names");
        assert!(names.contains("robotic-closing") && names.contains("vague-timing") && !names.contains("vague"));
    }

    /// Numbers that look random, the same every time.
    struct Dice(usize);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % sides
        }
    }

    const NOISE: [&str; 9] = ["{", "}\n", "\"é\"", "**/[", "-1", "[[", "'''", "= []\n", "\u{202e}"];

    /// The template with its examples switched on, and a few words of it moved, doubled, lost or broken.
    fn garbled(template: &str, dice: &mut Dice) -> String {
        let mut words: Vec<&str> = template.split_inclusive([' ', '\n', '"', '=', '[']).collect();
        for _ in 0..=dice.roll(4) {
            let (from, to) = (dice.roll(words.len()), dice.roll(words.len()));
            match dice.roll(5) {
                0 => words.swap(from, to),
                1 => words.insert(to, words[from]),
                2 => drop(words.remove(from)),
                3 => words[to] = NOISE[dice.roll(NOISE.len())],
                _ => words.truncate(words.len() - dice.roll(words.len() / 4)),
            }
        }
        words.concat()
    }

    #[test]
    fn a_garbled_configuration_is_refused_with_its_place_or_taken() {
        let template = include_str!("absolve.toml").replace("\n#: ", "\n");
        let mut dice = Dice(7919);
        let (mut n_taken, mut n_refused) = (0, 0);
        for _ in 0..2000 {
            let source = garbled(&template, &mut dice);
            let settled = ConfigFile::parse("absolve.toml".to_owned(), source).and_then(|file| {
                file.globs(&file.config.ignore)?;
                file.mappings().map(|_| ())
            });
            match settled {
                Ok(()) => n_taken += 1,
                Err(problem) => {
                    assert!(problem.place.is_some() && !problem.message.is_empty(), "{problem}");
                    n_refused += 1;
                }
            }
        }
        assert!(n_taken > 20 && n_refused > 200, "{n_taken} taken, {n_refused} refused");
    }
}
