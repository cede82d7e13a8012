//! A team's project: its configuration, the rules that it makes of ours, and which files it means.

use std::{
    collections::HashMap,
    env,
    path::{Path, PathBuf},
    sync::Arc,
};

use absolve_core::{
    diagnostic::Diagnostic,
    document::{Document, ReadError},
    fix::{Fixed, fix_with},
    format::{Format, Mapping, Syntax},
    gate::{self, Choice, Policy, Reply, Rewritten, Verdict},
    linter::Linter,
    locale,
    rewrite::Rewriter,
    rule::Rule,
    rule_set::RuleSet,
    suppress,
    voice::Voice,
};
use globset::GlobSet;

use crate::{
    alternative,
    args::Choices,
    config::{self, Config, ConfigFile, SinNames},
    files,
    problem::Problem,
    profile::Profile,
    rule_folder::{self, Strictness},
};

/// What one configuration makes of the rules.
#[derive(Debug)]
pub struct Project {
    /// Where the configuration stands; its globs start here.
    pub root: Option<PathBuf>,
    /// What holds a reply that is about to be sent.
    pub policy: Policy,
    linter: Linter,
    voice: Voice,
    ignore: GlobSet,
    exceptions: Vec<Exception>,
    /// Where the replies of some files stand.
    mappings: Vec<(GlobSet, &'static Mapping)>,
}

/// Sins that are not told of some files or macros.
#[derive(Clone, Debug)]
struct Exception {
    /// Which files; all if empty.
    paths: GlobSet,
    /// Which macros, by title; all if empty.
    macros: GlobSet,
    /// Which macros, by language; all if empty.
    locales: GlobSet,
    sins: SinNames,
}

impl Project {
    /// What the configuration at `path`, or none, makes of `base`.
    pub fn load(base: &Arc<RuleSet>, path: Option<&Path>, profile: Option<&str>) -> Result<Project, Vec<Problem>> {
        let Some(path) = path else { return build(base, None, profile) };
        let file = ConfigFile::read(path).map_err(|it| vec![it])?;
        let root = std::path::absolute(path).ok().and_then(|it| it.parent().map(Path::to_owned));
        build(base, Some((root.unwrap_or_default(), &file)), profile)
    }

    /// Whether a walk leaves `path` out.
    pub fn ignores(&self, path: &Path) -> bool {
        self.inside(path).is_some_and(|it| self.ignore.is_match(it))
    }

    /// What a file is, by what its team says or by its name, if these say so.
    pub fn format(&self, path: &Path) -> Option<Format> {
        let name = path.to_string_lossy();
        let inside = self.inside(path).unwrap_or_default();
        match self.mappings.iter().find(|it| it.0.is_match(&inside)) {
            Some((_, mapping)) => {
                let syntax = mapping.syntax.or_else(|| Syntax::of_extension(&name)).unwrap_or(Syntax::Json);
                Some(Format::Library(syntax, mapping))
            }
            None => Format::of_extension(&name),
        }
    }

    /// Whether a walk takes `path`: it does not take YAML and CSV that nobody declared.
    pub fn takes(&self, path: &Path) -> bool {
        let is_mapped = matches!(self.format(path), Some(Format::Library(..)));
        (is_mapped || Format::is_walked(&path.to_string_lossy())) && !self.ignores(path)
    }

    /// Every rule that is on.
    pub fn rules(&self) -> &RuleSet {
        self.linter.rules()
    }

    /// The same with those rules only that `keep` says.
    pub fn only(&self, keep: impl Fn(&Rule) -> bool) -> Project {
        let mut rules = self.rules().clone();
        rules.retain(keep);
        Project {
            root: self.root.clone(),
            policy: self.policy.clone(),
            linter: Linter::with_voice(rules, self.voice),
            voice: self.voice,
            ignore: self.ignore.clone(),
            exceptions: self.exceptions.clone(),
            mappings: self.mappings.clone(),
        }
    }

    /// The sins of a document that are to be told, with their fixes.
    pub fn lint(&self, path: &Path, document: &Document) -> Vec<Diagnostic> {
        let mut diagnostics = self.lint_without_fixes(path, document);
        self.rewriter(document).add_fixes(&mut diagnostics);
        diagnostics
    }

    /// Who writes the fixes of what was found in a document.
    pub fn rewriter<'a>(&'a self, document: &'a Document) -> Rewriter<'a> {
        self.linter.rewriter(document)
    }

    /// The sins of a document that are to be told, without fixes.
    pub fn lint_without_fixes(&self, path: &Path, document: &Document) -> Vec<Diagnostic> {
        let exceptions = self.exceptions_at(path);
        let of_path = locale::of_path(&self.below(path));
        let mut diagnostics = self.linter.lint_without_fixes(document);
        locale::keep_meant(&mut diagnostics, document, of_path);
        let mut diagnostics = suppress::settle(document, diagnostics, self.rules());
        diagnostics.retain(|it| !exceptions.iter().any(|exception| exception.covers(it, document)));
        diagnostics
    }

    /// A document with everything mended that a machine may mend, of what is to be told.
    pub fn fix(&self, path: &Path, document: &Document) -> Fixed {
        fix_with(&|it| self.lint(path, it), document)
    }

    /// The verdict on a reply that is about to be sent.
    pub fn judge(&self, reply: &Reply) -> Result<Verdict, ReadError> {
        gate::judge_with(&|it| self.lint(Path::new(""), it), reply, &self.policy)
    }

    /// A reply with the alternatives that its agent picked; with none said, with all that a machine may mend.
    pub fn rewrite(&self, reply: &Reply, choices: Option<&[Choice]>) -> Result<Rewritten, ReadError> {
        let lint = |it: &Document| self.lint(Path::new(""), it);
        gate::rewrite_with(&lint, reply, choices, &self.policy)
    }

    fn exceptions_at(&self, path: &Path) -> Vec<&Exception> {
        let inside = self.inside(path).unwrap_or_default();
        let is_meant = |it: &&Exception| it.paths.is_empty() || it.paths.is_match(&inside);
        self.exceptions.iter().filter(is_meant).collect()
    }

    /// `path` from the project's folder, else from here: folders above say nothing of its language.
    fn below(&self, path: &Path) -> String {
        let of_folder = || path.strip_prefix(files::here()).ok().map(Path::to_owned);
        let near = || path.components().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
        let below = self.inside(path).or_else(of_folder);
        let below = below.unwrap_or_else(|| if path.is_absolute() { near() } else { path.to_owned() });
        below.to_string_lossy().into_owned()
    }

    /// `path` from the project's folder.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        let root = self.root.as_ref().filter(|_| !path.as_os_str().is_empty())?;
        let path = std::path::absolute(files::here().join(path)).ok()?;
        Some(path.strip_prefix(root).ok()?.to_owned())
    }
}

impl Exception {
    fn covers(&self, diagnostic: &Diagnostic, document: &Document) -> bool {
        let item = diagnostic.item.and_then(|it| document.items.get(it));
        let is_meant =
            |globs: &GlobSet, name: Option<&str>| globs.is_empty() || name.is_some_and(|it| globs.is_match(it));
        is_meant(&self.macros, item.map(|it| it.title.as_str()))
            && is_meant(&self.locales, item.and_then(|it| it.locale.as_deref()))
            && self.sins.contains(&diagnostic.rule.sin)
    }
}

/// The projects of the files that are checked, each made once.
pub struct Projects<'a> {
    choices: &'a Choices,
    base: Arc<RuleSet>,
    by_folder: HashMap<PathBuf, Option<Arc<Project>>>,
    by_config: HashMap<Option<PathBuf>, Option<Arc<Project>>>,
    /// What is wrong with configurations, once each.
    pub problems: Vec<Problem>,
}

impl<'a> Projects<'a> {
    /// Starts from the rules that the command line asks for.
    pub fn new(choices: &'a Choices) -> Result<Projects<'a>, Vec<Problem>> {
        let base = match &choices.rules {
            None => absolve_rules::builtin(),
            Some(folder) if choices.lenient_rules => {
                rule_folder::load(folder, &RuleSet::default(), Strictness::Lenient)?.rules
            }
            Some(folder) => rule_folder::load_tested(folder, &RuleSet::default())?.rules,
        };
        if let Some(name) = &choices.profile {
            Profile::named(name).map_err(|it| vec![Problem::new("--profile", it)])?;
        }
        Ok(Projects {
            choices,
            base: Arc::new(base),
            by_folder: HashMap::new(),
            by_config: HashMap::new(),
            problems: Vec::new(),
        })
    }

    /// The project of a file; `None` if its configuration is broken.
    pub fn of(&mut self, file: &Path) -> Option<Arc<Project>> {
        let folder = file.parent().unwrap_or(Path::new(""));
        if let Some(known) = self.by_folder.get(folder) {
            return known.clone();
        }
        let config = self.choices.config.clone().or_else(|| find_config(folder));
        let project = match self.by_config.get(&config) {
            Some(known) => known.clone(),
            None => self.load(config),
        };
        self.by_folder.insert(folder.to_owned(), project.clone());
        project
    }

    /// The project of a file, for those who need no other.
    pub fn take(mut self, file: &Path) -> Result<Project, Vec<Problem>> {
        let config = self.choices.config.clone().or_else(|| find_config(file.parent().unwrap_or(Path::new(""))));
        Project::load(&std::mem::take(&mut self.base), config.as_deref(), self.choices.profile.as_deref())
    }

    /// Every rule that is on in some project, by name.
    pub fn rules(&self) -> Vec<Arc<Rule>> {
        let projects = self.by_config.values().flatten();
        let mut rules: Vec<Arc<Rule>> = projects.flat_map(|it| it.rules().rules().cloned()).collect();
        rules.sort_by(|a, b| (&a.sin, &a.language).cmp(&(&b.sin, &b.language)));
        rules.dedup();
        rules
    }

    fn load(&mut self, config: Option<PathBuf>) -> Option<Arc<Project>> {
        let project = match Project::load(&self.base, config.as_deref(), self.choices.profile.as_deref()) {
            Ok(project) => Some(Arc::new(project)),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        };
        self.by_config.insert(config, project.clone());
        project
    }
}

/// The nearest configuration at or above `folder`, not past the repository or the user's home.
pub fn find_config(folder: &Path) -> Option<PathBuf> {
    let start = std::path::absolute(if folder.as_os_str().is_empty() { Path::new(".") } else { folder }).ok()?;
    let home = env::home_dir();
    for folder in start.ancestors() {
        let candidate = folder.join(config::FILE_NAME);
        if candidate.is_file() {
            return Some(candidate);
        }
        if folder.join(".git").exists() || home.as_deref() == Some(folder) {
            return None;
        }
    }
    None
}

fn build(
    base: &Arc<RuleSet>,
    file: Option<(PathBuf, &ConfigFile)>,
    profile: Option<&str>,
) -> Result<Project, Vec<Problem>> {
    let Some((root, file)) = file else {
        let rules = weighed(base, profile).map_err(|it| vec![Problem::new("--profile", it)])?;
        let linter = Linter::new(rules);
        return Ok(Project {
            root: None,
            policy: Policy::default(),
            linter,
            voice: Voice::default(),
            ignore: GlobSet::empty(),
            exceptions: vec![],
            mappings: vec![],
        });
    };
    let mut rules = RuleSet::clone(base);
    if let Some(folder) = &file.config.rules_dir {
        rules = rule_folder::load_tested(&root.join(folder.as_ref()), &rules)?.rules;
    }
    choose(&mut rules, file, profile).map_err(|it| vec![it])?;
    alternative::set(&mut rules, file)?;
    let known: Vec<&str> = base.rules().chain(rules.rules()).map(|it| it.sin.as_str()).collect();
    let exceptions = exceptions(file, &known).map_err(|it| vec![it])?;
    let ignore = file.globs(&file.config.ignore).map_err(|it| vec![it])?;
    let mappings = file.mappings().map_err(|it| vec![it])?;
    let Config { voice, ref gate, .. } = file.config;
    let linter = Linter::with_voice(rules, voice);
    Ok(Project { root: Some(root), policy: gate.clone(), linter, voice, ignore, exceptions, mappings })
}

/// The rules as a profile has them; without one, they are shared, not copied.
fn weighed(base: &Arc<RuleSet>, profile: Option<&str>) -> Result<Arc<RuleSet>, String> {
    let mut rules = Arc::clone(base);
    if let Some(profile) = profile.map(Profile::named).transpose()? {
        let weighed = Arc::make_mut(&mut rules);
        profile.weigh(weighed);
        let disabled = profile.disabled();
        weighed.retain(|it| !disabled.contains(&it.sin));
    }
    Ok(rules)
}

/// Turns rules on and off and gives them their severity, as profile and configuration say; the latter knows better.
fn choose(rules: &mut RuleSet, file: &ConfigFile, profile: Option<&str>) -> Result<(), Problem> {
    let Config { rules: switches, severity, languages, .. } = &file.config;
    let names: Vec<String> = rules.rules().map(|it| it.sin.clone()).collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let profile = match profile {
        Some(name) => Some(Profile::named(name).map_err(|it| Problem::new("--profile", it))?),
        None => configured_profile(file)?,
    };
    let (disabled, enabled) = (file.sins(&switches.disable, &known)?, file.sins(&switches.enable, &known)?);
    let of_profile = profile.map_or_else(|| Profile::default().disabled(), Profile::disabled);
    if let Some(profile) = profile {
        profile.weigh(rules);
    }
    for (sin, severity) in severity {
        if !known.contains(&sin.as_ref().as_str()) {
            return Err(file.unknown_sin(sin, &known));
        }
        rules.set_severity(sin.as_ref(), *severity);
    }
    let languages = known_languages(file, rules, languages.as_deref())?;
    rules.retain(|it| {
        let is_off = disabled.contains(&it.sin) || of_profile.contains(&it.sin) && !enabled.contains(&it.sin);
        !is_off && languages.as_ref().is_none_or(|all| all.contains(&it.language))
    });
    Ok(())
}

fn configured_profile(file: &ConfigFile) -> Result<Option<&'static Profile>, Problem> {
    let Some(name) = &file.config.profile else { return Ok(None) };
    Profile::named(name.as_ref()).map(Some).map_err(|it| file.problem(name, it))
}

fn known_languages(
    file: &ConfigFile,
    rules: &RuleSet,
    languages: Option<&[toml::Spanned<String>]>,
) -> Result<Option<Vec<String>>, Problem> {
    let Some(languages) = languages else { return Ok(None) };
    for language in languages {
        if !rules.rules().any(|it| it.language == *language.as_ref()) {
            return Err(file.problem(language, format!("there are no rules for the language `{}`", language.as_ref())));
        }
    }
    Ok(Some(languages.iter().map(|it| it.as_ref().clone()).collect()))
}

fn exceptions(file: &ConfigFile, known: &[&str]) -> Result<Vec<Exception>, Problem> {
    let exception = |it: &config::Override| {
        Ok(Exception {
            paths: file.globs(&it.paths)?,
            macros: file.globs(&it.macros)?,
            locales: file.globs(&it.locales)?,
            sins: file.sins(&it.disable, known)?,
        })
    };
    file.config.overrides.iter().map(exception).collect()
}
