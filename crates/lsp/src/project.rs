//! Where rules come from: the shell reads configuration and rule files, the server only asks.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use absolve_core::{
    diagnostic::Diagnostic, document::Document, format::Format, linter::Linter, rule::Rule, rule_set::RuleSet,
};

/// What one configuration makes of the rules.
pub trait Project: Send + Sync {
    /// The sins of a document that are to be told, sorted by span, without their fixes.
    fn lint(&self, path: &Path, document: &Document) -> Vec<Diagnostic>;

    /// Completes sins of a document with their fixes.
    fn add_fixes(&self, document: &Document, diagnostics: &mut [Diagnostic]);

    /// Whether the team wants nothing said of a file that nobody named.
    fn ignores(&self, path: &Path) -> bool;

    /// What a file is, where the team says so.
    fn format(&self, _path: &Path) -> Option<Format> {
        None
    }

    /// Every rule that may be found.
    fn rules(&self) -> &RuleSet;

    /// The same with those rules only that `keep` says; for what goes on when a rule panics.
    fn only(&self, _keep: &dyn Fn(&Rule) -> bool) -> Option<Arc<dyn Project>> {
        None
    }
}

/// The projects of a workspace.
pub trait Projects: Send {
    /// The rules that a team's own are added to.
    fn base(&self) -> RuleSet;

    /// The configuration that holds for a file, if there is one.
    fn config_of(&self, path: &Path) -> Option<PathBuf>;

    /// The files in a folder that may be replies or macros, those left out that its configurations leave out.
    fn files_in(&self, folder: &Path) -> Vec<PathBuf>;

    /// What a configuration, or none, makes of the rules.
    fn load(&self, config: Option<&Path>, choices: &Choices) -> Result<Arc<dyn Project>, Vec<Problem>>;
}

/// What a user asked for in the editor's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// A configuration for every file, instead of the nearest one.
    pub config: Option<PathBuf>,
    /// A set of choices to start from.
    pub profile: Option<String>,
}

/// What is wrong with a configuration or a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: PathBuf,
    /// Counted from 1; `None` where the whole file is meant.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub message: String,
}

impl Project for Linter {
    fn lint(&self, _: &Path, document: &Document) -> Vec<Diagnostic> {
        self.lint_without_fixes(document)
    }

    fn add_fixes(&self, document: &Document, diagnostics: &mut [Diagnostic]) {
        self.rewriter(document).add_fixes(diagnostics);
    }

    fn ignores(&self, _: &Path) -> bool {
        false
    }

    fn rules(&self) -> &RuleSet {
        Linter::rules(self)
    }
}
