//! What a writer can have the server do.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use absolve_core::{diagnostic::Diagnostic, line_index::Position, span::Span};
use serde_json::Value;

use crate::{
    action::{DISABLE, safe_edits, text_edits},
    client::Client,
    config,
    fix_workspace::{File, FixWorkspace},
    hover::page_of_rule,
    message::{DocumentEdit, Effect, TextEdit, WorkspaceEdit},
    owner::Owner,
    position::{Range, Snapshot},
    uri,
};

/// Applies every safe fix of a document: URI.
pub const FIX_FILE: &str = "absolve.fixFile";
/// Applies every safe fix of every file of the workspace.
pub const FIX_WORKSPACE: &str = "absolve.fixWorkspace";
/// Says what a sin is: sin, language.
pub const EXPLAIN: &str = "absolve.explain";
/// Makes a rule of words: URI, start line, start column, end line, end column.
pub const NEW_RULE: &str = "absolve.newRule";

/// Every command there is.
pub const COMMANDS: [&str; 5] = [FIX_FILE, FIX_WORKSPACE, EXPLAIN, NEW_RULE, DISABLE];

impl Owner {
    /// Does what was ordered, or says why not.
    pub(crate) fn execute(&mut self, command: &str, arguments: &[Value]) -> Result<Value, String> {
        let text = |at: usize, what: &str| {
            let argument = arguments.get(at).and_then(Value::as_str);
            argument.ok_or_else(|| format!("`{command}` needs {what}"))
        };
        match command {
            FIX_FILE => self.fix_file(text(0, "the document's URI")?),
            FIX_WORKSPACE => Ok(self.fix_workspace().into()),
            EXPLAIN => self.explain(text(0, "the name of a sin")?, text(1, "").ok()),
            NEW_RULE => self.new_rule(text(0, "the document's URI")?, &arguments[1..]),
            DISABLE => self.disable(text(0, "the document's URI")?, text(1, "the name of a sin")?),
            _ => Err(format!("there is no command `{command}`")),
        }
    }

    fn fix_file(&mut self, uri: &str) -> Result<Value, String> {
        let document = self.documents.get(uri).ok_or("that document is not open")?;
        let why =
            if document.is_large() { "save the document first" } else { "the document is being checked; try again" };
        let checked = document.current().ok_or(why)?;
        let diagnostics: &[Diagnostic] = checked.reply.as_ref().map_or(&[], |it| &it.diagnostics);
        let edits = text_edits(&safe_edits(diagnostics), &checked.snapshot);
        let n_edits = edits.len();
        if n_edits > 0 {
            self.apply("Apply every safe fix", uri, edits, false);
        }
        Ok(n_edits.into())
    }

    /// Starts it; the number of files that will be looked at.
    fn fix_workspace(&mut self) -> usize {
        let folders: Vec<_> = self.client.folders.iter().filter_map(|it| uri::path_of(it)).collect();
        let paths: Vec<_> = folders.iter().flat_map(|it| self.configs.files_in(it)).collect();
        let file = |path: PathBuf| {
            let open = uri::of_path(&path).and_then(|it| self.documents.get(&it));
            let open = open.map(|it| (it.version, it.snapshot.text.to_string()));
            File { project: self.configs.project_of(&path), path, open }
        };
        let files: Vec<File> = paths.into_iter().map(file).filter(|it| !it.project.ignores(&it.path)).collect();
        let n_files = files.len();
        self.is_cancelled = Arc::default();
        let is_cancelled = self.is_cancelled.clone();
        let Client { unit, versioned_edits: is_versioned, progress: shows_progress, .. } = self.client;
        FixWorkspace { files, unit, shows_progress, is_versioned, is_cancelled, effects: self.effects.clone() }.start();
        n_files
    }

    fn explain(&mut self, sin: &str, language: Option<&str>) -> Result<Value, String> {
        let project = self.configs.project_of(&self.path_of("untitled:"));
        let mut rules: Vec<_> = project.rules().rules().filter(|it| it.sin == sin).collect();
        rules.sort_by_key(|it| language != Some(it.language.as_str()));
        let rule = rules.first().ok_or_else(|| format!("no sin is named `{sin}`"))?;
        Ok(page_of_rule(rule, self.client.markdown).into())
    }

    /// Adds the sin to `disable` in the configuration that holds for the document.
    fn disable(&mut self, document: &str, sin: &str) -> Result<Value, String> {
        let path = self.path_of(document);
        let folder = || {
            let folders = self.client.folders.iter().filter_map(|it| uri::path_of(it));
            let inside = folders.filter(|it| path.starts_with(it)).max_by_key(|it| it.as_os_str().len());
            inside.or_else(|| path.parent().map(Path::to_owned))
        };
        let config = self.configs.config_of(&path).or_else(|| Some(folder()?.join(config::FILE_NAME)));
        let config = config.ok_or("there is no folder to keep an absolve.toml in")?;
        let config_uri = uri::of_path(&config).ok_or("the configuration has no name that an editor knows")?;
        let on_disk = fs::read_to_string(&config).ok();
        let creates = on_disk.is_none() && !self.documents.contains_key(&config_uri);
        let text =
            self.documents.get(&config_uri).map(|it| it.snapshot.text.to_string()).or(on_disk).unwrap_or_default();
        let (at, words) = disabling(&text, sin);
        let range = Snapshot::new(text, self.client.unit).range(Span::new(at, at));
        if creates && !self.client.creates_files {
            fs::write(&config, words).map_err(|it| format!("{}: {it}", config.display()))?;
            self.refresh(true);
        } else {
            let edit = TextEdit { range, text: words, is_snippet: false };
            self.apply("Disable a sin", &config_uri, vec![edit], creates);
        }
        Ok(config_uri.into())
    }

    /// A new file in the folder of the team's rules, with the selected words in it.
    fn new_rule(&mut self, document: &str, range: &[Value]) -> Result<Value, String> {
        let open = self.documents.get(document).ok_or("that document is not open")?;
        let snapshot = &open.snapshot;
        let number = |at: usize| range.get(at).and_then(Value::as_u64).and_then(|it| usize::try_from(it).ok());
        let position = |at: usize| Some(Position { line: number(at)?, column: number(at + 1)? });
        let (start, end) = position(0).zip(position(2)).ok_or("`absolve.newRule` needs a selection")?;
        let words = snapshot.text[snapshot.span(Range { start, end }).range()].trim();
        if words.is_empty() {
            return Err("select the words that the rule is to find".to_owned());
        }
        let folder = self.client.folders.first().and_then(|it| uri::path_of(it)).ok_or("there is no folder open")?;
        let path = folder.join("rules").join(language(words)).join(format!("{}.toml", name(words)));
        let uri = uri::of_path(&path).ok_or("the rule has no name that an editor knows")?;
        if path.exists() {
            return Err(format!("{} is there already", path.display()));
        }
        let nowhere = Position { line: 0, column: 0 };
        let range = Range { start: nowhere, end: nowhere };
        let edit = TextEdit { range, text: rule_file(words, &snapshot.text), is_snippet: false };
        self.apply("New rule", &uri, vec![edit], true);
        Ok(uri.into())
    }

    fn apply(&self, title: &str, uri: &str, edits: Vec<TextEdit>, creates: bool) {
        let version = self.documents.get(uri).map(|it| it.version);
        let document = DocumentEdit { uri: uri.to_owned(), version, creates, edits };
        let edit = WorkspaceEdit { documents: vec![document], is_versioned: self.client.versioned_edits };
        self.tell(Effect::Apply { title: title.to_owned(), edit });
    }
}

/// Where to write what, so that the configuration `text` turns off `sin`.
fn disabling(text: &str, sin: &str) -> (usize, String) {
    let section = text.find("[rules]").filter(|&it| text[..it].is_empty() || text[..it].ends_with('\n'));
    let Some(section) = section else {
        let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        let empty = if text.is_empty() { "" } else { "\n" };
        return (text.len(), format!("{gap}{empty}[rules]\ndisable = [\"{sin}\"]\n"));
    };
    let body = section + "[rules]".len();
    let end = text[body..].find("\n[").map_or(text.len(), |it| body + it);
    let mut at = body;
    for line in text[body..end].split_inclusive('\n') {
        if let Some(list) = line.strip_prefix("disable").and_then(|it| it.find('[')) {
            return (at + "disable".len() + list + 1, format!("\"{sin}\", "));
        }
        at += line.len();
    }
    (body, format!("\ndisable = [\"{sin}\"]"))
}

/// A file name from the first words.
fn name(words: &str) -> String {
    let is_letter = |it: char| it.is_ascii_alphanumeric();
    let words = words.to_lowercase();
    let words: Vec<&str> = words.split(|it: char| !is_letter(it)).filter(|it| !it.is_empty()).take(4).collect();
    if words.is_empty() { "new-rule".to_owned() } else { words.join("-") }
}

/// A guess that the writer sees and can change: the folder's name.
fn language(words: &str) -> &'static str {
    let french =
        ["le", "la", "les", "de", "du", "des", "et", "vous", "nous", "pour", "que", "est", "votre", "notre", "je"];
    let is_french =
        |it: &str| french.contains(&it.to_lowercase().as_str()) || it.contains(['é', 'è', 'ê', 'à', 'ç', '’']);
    if words.split_whitespace().any(is_french) { "fr" } else { "en" }
}

/// A rule file to fill in, which finds `words`.
fn rule_file(words: &str, text: &str) -> String {
    let quoted = |it: &str| Value::from(it.split_whitespace().collect::<Vec<_>>().join(" ")).to_string();
    let sentence = text.lines().find(|it| it.contains(words.lines().next().unwrap_or(words))).unwrap_or(words);
    format!(
        "title    = {words}\nfamily   = \"voice\"              # apology · listening · ownership · promise · repair · voice\n\
         severity = \"warning\"            # error · warning · info · hint\nwhy      = \"\"\ninstead  = \"\"\nsource   = \"\"\n\
         message  = \"“{{match}}” …\"\n\n[[phrase]]\nfind = [{pattern}]\n\n[[fix]]\nwith = \"{{what you would write}}\"\n\n\
         [[bad]]\ntext  = {sentence}\nfinds = {words}\n\n[[good]]\ntext = \"\"\nwhy  = \"\"\n",
        words = quoted(words),
        pattern = quoted(&words.to_lowercase()),
        sentence = quoted(sentence),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let (at, words) = disabling(text, "x");
        let mut text = text.to_owned();
        text.insert_str(at, &words);
        assert_eq!(text, expected);
    }

    #[test]
    fn a_sin_is_disabled_where_the_configuration_says_such_things() {
        check("", "[rules]\ndisable = [\"x\"]\n");
        check("a = 1", "a = 1\n\n[rules]\ndisable = [\"x\"]\n");
        check("[rules]\n\n[voice]\n", "[rules]\ndisable = [\"x\"]\n\n[voice]\n");
        check("[rules]\n# why\ndisable = [\"y\"]\n", "[rules]\n# why\ndisable = [\"x\", \"y\"]\n");
        check("[rules]\ndisable = []\n", "[rules]\ndisable = [\"x\", ]\n");
    }

    #[test]
    fn rules_are_named_after_their_words() {
        assert_eq!(name("While Stocks last, or not!"), "while-stocks-last-or");
        assert_eq!(name("é"), "new-rule");
        assert_eq!(language("n’hésitez pas"), "fr");
        assert_eq!(language("while stocks last"), "en");
    }
}
