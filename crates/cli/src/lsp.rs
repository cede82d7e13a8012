//! `absolve lsp`: the projects of the command line, as the language server asks for them.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use absolve_core::{diagnostic::Diagnostic, document::Document, format::Format, rule::Rule, rule_set::RuleSet};
use absolve_lsp::project::{self as lsp, Choices};

use crate::{
    files::{self, Origin},
    problem::Problem,
    project::{self, Project},
};

/// Serves one editor on standard input and output.
pub fn run() -> ExitCode {
    absolve_lsp::run(Box::new(Projects))
}

/// The rules are read anew for each configuration: reading them is quick, keeping them twice is not small.
struct Projects;

impl lsp::Projects for Projects {
    fn base(&self) -> RuleSet {
        absolve_rules::builtin()
    }

    fn config_of(&self, path: &Path) -> Option<PathBuf> {
        project::find_config(path.parent()?)
    }

    fn files_in(&self, folder: &Path) -> Vec<PathBuf> {
        let (inputs, _) = files::find(&[folder.to_owned()], None);
        inputs.into_iter().filter(|it| it.origin == Origin::Walked).map(|it| it.path).collect()
    }

    fn load(&self, config: Option<&Path>, choices: &Choices) -> Result<Arc<dyn lsp::Project>, Vec<lsp::Problem>> {
        match Project::load(&Arc::new(absolve_rules::builtin()), config, choices.profile.as_deref()) {
            Ok(project) => Ok(Arc::new(project)),
            Err(problems) => Err(problems.into_iter().map(lsp::Problem::from).collect()),
        }
    }
}

impl lsp::Project for Project {
    fn lint(&self, path: &Path, document: &Document) -> Vec<Diagnostic> {
        self.lint_without_fixes(path, document)
    }

    fn add_fixes(&self, document: &Document, diagnostics: &mut [Diagnostic]) {
        self.rewriter(document).add_fixes(diagnostics);
    }

    fn ignores(&self, path: &Path) -> bool {
        Project::ignores(self, path)
    }

    fn format(&self, path: &Path) -> Option<Format> {
        Project::format(self, path).filter(|it| matches!(it, Format::Library(..)))
    }

    fn rules(&self) -> &RuleSet {
        Project::rules(self)
    }

    fn only(&self, keep: &dyn Fn(&Rule) -> bool) -> Option<Arc<dyn lsp::Project>> {
        Some(Arc::new(Project::only(self, keep)))
    }
}

impl From<Problem> for lsp::Problem {
    fn from(problem: Problem) -> lsp::Problem {
        let path = std::path::absolute(&problem.path).unwrap_or_else(|_| problem.path.as_str().into());
        lsp::Problem { path, line: problem.place.map(|it| it.0), message: problem.message }
    }
}
