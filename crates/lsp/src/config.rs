//! Which rules hold for which file, kept in step with the configurations on disk.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use absolve_core::{linter::Linter, rule_set::RuleSet};
use serde_json::Value;

use crate::project::{Choices, Problem, Project, Projects};

/// The name of a team's configuration.
pub const FILE_NAME: &str = "absolve.toml";

/// The projects of a workspace, each loaded once, and again when its configuration changes.
pub struct Configs {
    projects: Box<dyn Projects>,
    choices: Choices,
    known: HashMap<Option<PathBuf>, Known>,
}

struct Known {
    /// The configuration's time and length when it was loaded.
    stamp: Option<(SystemTime, u64)>,
    /// Made by the last configuration that was whole.
    project: Arc<dyn Project>,
    /// What is wrong with the configuration as it is now.
    problems: Vec<Problem>,
}

impl Configs {
    /// Nothing is loaded yet.
    pub fn new(projects: Box<dyn Projects>) -> Configs {
        Configs { projects, choices: Choices::default(), known: HashMap::new() }
    }

    /// The rules that hold for a file.
    pub fn project_of(&mut self, path: &Path) -> Arc<dyn Project> {
        self.project(self.config_of(path))
    }

    /// The rules of a configuration, or of none.
    pub fn project(&mut self, config: Option<PathBuf>) -> Arc<dyn Project> {
        let known =
            self.known.entry(config).or_insert_with_key(|it| load(&*self.projects, it.as_deref(), &self.choices, None));
        known.project.clone()
    }

    /// The configuration that holds for a file.
    pub fn config_of(&self, path: &Path) -> Option<PathBuf> {
        self.choices.config.clone().or_else(|| self.projects.config_of(path))
    }

    /// The rules that a team's own are added to.
    pub fn base(&self) -> RuleSet {
        self.projects.base()
    }

    /// The files in a folder that may be replies or macros.
    pub fn files_in(&self, folder: &Path) -> Vec<PathBuf> {
        self.projects.files_in(folder)
    }

    /// Loads again what changed on disk, or (if `all`) everything. Whether anything may be different now.
    pub fn refresh(&mut self, all: bool) -> bool {
        let mut has_changed = false;
        for (config, known) in &mut self.known {
            if all || stamp(config.as_deref()) != known.stamp {
                *known = load(&*self.projects, config.as_deref(), &self.choices, Some(&known.project));
                has_changed = true;
            }
        }
        has_changed
    }

    /// Takes what the editor's settings say. Whether anything may be different now.
    pub fn choose(&mut self, choices: Choices) -> bool {
        let is_new = self.choices != choices;
        if is_new {
            self.choices = choices;
            self.known.clear();
        }
        is_new
    }

    /// What is wrong with any of them.
    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.known.values().flat_map(|it| &it.problems)
    }
}

fn load(projects: &dyn Projects, config: Option<&Path>, choices: &Choices, last: Option<&Arc<dyn Project>>) -> Known {
    let stamp = stamp(config);
    match projects.load(config, choices) {
        Ok(project) => Known { stamp, project, problems: Vec::new() },
        Err(problems) => {
            let project = last.cloned().unwrap_or_else(|| without_config(projects));
            Known { stamp, project, problems }
        }
    }
}

/// The rules as they are; none at all if even that fails.
fn without_config(projects: &dyn Projects) -> Arc<dyn Project> {
    let nothing = || Arc::new(Linter::new(RuleSet::default())) as Arc<dyn Project>;
    projects.load(None, &Choices::default()).unwrap_or_else(|_| nothing())
}

fn stamp(config: Option<&Path>) -> Option<(SystemTime, u64)> {
    let metadata = fs::metadata(config?).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// The choices in an editor's settings: alone, or under the server's name.
pub fn choices(settings: &Value) -> Choices {
    let settings = settings.get("absolve").unwrap_or(settings);
    let text = |key: &str| settings.get(key).and_then(Value::as_str).filter(|it| !it.is_empty());
    Choices { config: text("config").map(PathBuf::from), profile: text("profile").map(str::to_owned) }
}
