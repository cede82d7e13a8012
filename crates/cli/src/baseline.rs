//! What a team knows of already: the findings of an earlier run, kept in a file, so that only new ones are told.
//!
//! The file holds paths, titles of macros, sins, and hashes of folded sentences: no line number, no text of a reply.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use absolve_core::{diagnostic::Diagnostic, document::Document, fingerprint::fingerprint, fold::fold_str, span::Span};
use serde::{Deserialize, Serialize};

use crate::{excerpt::prose_offset, files, problem::Problem, write};

/// The findings that are known.
#[derive(Debug)]
pub struct Baseline {
    /// The file, as the user knows it.
    pub shown: String,
    path: PathBuf,
    /// What the file says; `None` if it is not there yet.
    source: Option<String>,
    known: Library,
}

/// What a sin is known by: where it stands may change, this does not.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The title of the macro.
    pub title: Option<String>,
    /// The sin.
    pub rule: String,
    /// The hash of its sentence, folded.
    pub sentence: String,
}

/// How often each sin is in a file.
pub type Counts = BTreeMap<Key, usize>;

/// The sins of files, whose paths start at the baseline's folder.
pub type Library = BTreeMap<String, Counts>;

/// The diagnostics of a file, held against the baseline.
pub struct Sifted {
    /// What is not known.
    pub new: Vec<Diagnostic>,
    /// The file, as the baseline writes it.
    pub path: String,
    /// All there is in it, known or not.
    pub found: Counts,
}

/// How a baseline changed when it was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Findings in it now.
    pub n_known: usize,
    /// Those that came in.
    pub n_more: usize,
    /// Those that are gone.
    pub n_fewer: usize,
}

/// The file, as it is read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineFile {
    version: u32,
    known: Vec<Entry>,
}

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    #[serde(rename = "macro", default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    rule: String,
    sentence: String,
    count: usize,
}

const VERSION: u32 = 1;

/// What a baseline is called, if nobody minds: a walk leaves it out.
pub const FILE_NAME: &str = "absolve-baseline.json";

impl Baseline {
    /// Reads the file at `path`; one that is to be written may be missing.
    pub fn read(path: &Path, may_be_missing: bool) -> Result<Baseline, Problem> {
        let shown = files::shown(path);
        let source = match fs::read_to_string(path) {
            Ok(source) => Some(source),
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Problem::new(shown, error.to_string()));
            }
            Err(_) if may_be_missing => None,
            Err(_) => return Err(Problem::new(shown, "there is no such baseline; --write-baseline writes it")),
        };
        let known = source.as_ref().map(|it| parse(&shown, it)).transpose()?.unwrap_or_default();
        Ok(Baseline { shown, path: path.to_owned(), source, known })
    }

    /// Whether it is the file at `path`.
    pub fn is_at(&self, path: &Path) -> bool {
        real(path) == real(&self.path)
    }

    /// What of a document's diagnostics is not known. Of several in the same words, the last are the new ones.
    pub fn sift(&self, path: &Path, document: &Document, diagnostics: Vec<Diagnostic>) -> Sifted {
        let path = self.key_path(path);
        let known = self.known.get(&path);
        let mut found = Counts::new();
        let mut is_new = |it: &Diagnostic| {
            let key = key(document, it);
            let allowed = known.and_then(|it| it.get(&key)).copied().unwrap_or_default();
            let count = found.entry(key).or_default();
            *count += 1;
            *count > allowed
        };
        let new = diagnostics.into_iter().filter(|it| is_new(it)).collect();
        Sifted { new, path, found }
    }

    /// What is known and was not `found` again. A file that was not looked at is left alone, unless it is gone.
    pub fn stale(&self, found: &Library) -> Library {
        let mut stale = Library::new();
        for (path, known) in &self.known {
            let now = match found.get(path) {
                Some(now) => now,
                None if self.folder().join(path).exists() => known,
                None => &Counts::new(),
            };
            let gone = minus(known, now);
            if !gone.is_empty() {
                stale.insert(path.clone(), gone);
            }
        }
        stale
    }

    /// Writes what was `found` as what is known, and what is known of files that were not looked at.
    pub fn write(&self, mut found: Library) -> Result<Change, Problem> {
        for (path, known) in &self.known {
            if !found.contains_key(path) && self.folder().join(path).exists() {
                found.insert(path.clone(), known.clone());
            }
        }
        let (before, after) = (self.source.as_deref().map(str::as_bytes), render(&found));
        if before != Some(after.as_bytes()) {
            let written = match before {
                Some(before) => write::replace(&self.path, before, after.as_bytes()),
                None => write::create(&self.path, after.as_bytes()),
            };
            written.map_err(|it| Problem::new(&self.shown, it))?;
        }
        let difference = |a: &Library, b: &Library| -> usize {
            a.iter().map(|(path, counts)| total(&minus(counts, b.get(path).unwrap_or(&Counts::new())))).sum()
        };
        let (n_more, n_fewer) = (difference(&found, &self.known), difference(&self.known, &found));
        Ok(Change { n_known: found.values().map(total).sum(), n_more, n_fewer })
    }

    /// A path from the baseline's folder, so that it means the same wherever the program is started.
    fn key_path(&self, path: &Path) -> String {
        let from_folder = pathdiff::diff_paths(real(path), real(self.folder()));
        let path = from_folder.as_deref().unwrap_or(path).to_string_lossy();
        if cfg!(windows) { path.replace('\\', "/") } else { path.into_owned() }
    }

    fn folder(&self) -> &Path {
        self.path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }
}

/// How many findings there are.
pub fn total(counts: &Counts) -> usize {
    counts.values().sum()
}

fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

/// What `a` has more of than `b`.
fn minus(a: &Counts, b: &Counts) -> Counts {
    let left = a.iter().map(|(key, count)| (key, count.saturating_sub(b.get(key).copied().unwrap_or_default())));
    left.filter(|it| it.1 > 0).map(|(key, count)| (key.clone(), count)).collect()
}

fn key(document: &Document, diagnostic: &Diagnostic) -> Key {
    let title = diagnostic.item.and_then(|it| document.items.get(it)).map(|it| it.title.clone());
    let sentence = fingerprint(&[&fold_str(sentence(document, diagnostic))]);
    Key { title, rule: diagnostic.rule.sin.clone(), sentence: format!("{sentence:016x}") }
}

/// The sentence as the customer reads it; what stands in no prose, as it stands.
fn sentence<'a>(document: &'a Document, diagnostic: &Diagnostic) -> &'a str {
    let Span { start, end } = diagnostic.sentence;
    let at = document.segments.partition_point(|it| it.span.end <= start);
    match document.segments.get(at).filter(|it| it.span.overlaps(diagnostic.sentence)) {
        Some(segment) => {
            let prose = segment.text(&document.text);
            &prose[prose_offset(segment, prose, start)..prose_offset(segment, prose, end)]
        }
        None => &document.text[start..end],
    }
}

fn parse(shown: &str, source: &str) -> Result<Library, Problem> {
    let file: BaselineFile = serde_json::from_str(source).map_err(|it| {
        let message = it.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        let message = format!("this is no baseline: {message}; mend it, or delete it and write a new one");
        Problem { place: Some((it.line(), Some(it.column()))), ..Problem::new(shown, message) }
    })?;
    if file.version != VERSION {
        let message =
            format!("a baseline of version {} is not known here; delete it and write a new one", file.version);
        return Err(Problem::new(shown, message));
    }
    let mut known = Library::new();
    for Entry { path, title, rule, sentence, count } in file.known {
        // A merge may leave a line twice.
        let known = known.entry(path).or_default().entry(Key { title, rule, sentence }).or_default();
        *known = count.max(*known);
    }
    Ok(known)
}

/// A finding a line, sorted: a diff shows what came and what went, and two branches merge.
fn render(known: &Library) -> String {
    let entry = |path: &String, key: &Key, count: usize| {
        let Key { title, rule, sentence } = key.clone();
        let entry = Entry { path: path.clone(), title, rule, sentence, count };
        serde_json::to_string(&entry).expect("it is made of words and a number")
    };
    let lines = known.iter().flat_map(|(path, counts)| counts.iter().map(move |it| entry(path, it.0, *it.1)));
    let lines = lines.map(|it| format!("\n{it}")).collect::<Vec<_>>().join(",");
    format!("{{\"version\":{VERSION},\"known\":[{lines}\n]}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let key = |title: Option<&str>, rule: &str| Key {
            title: title.map(str::to_owned),
            rule: rule.to_owned(),
            sentence: "00ff".to_owned(),
        };
        let counts = Counts::from([(key(None, "b"), 2), (key(Some("A \"title\"\n"), "a"), 1)]);
        let library = Library::from([("é/a b.md".to_owned(), counts.clone()), ("z.md".to_owned(), counts)]);
        let rendered = render(&library);
        assert_eq!(parse("x", &rendered).expect("it was just written"), library);
        assert_eq!(rendered.lines().count(), 6, "a finding a line: {rendered}");
        assert_eq!(parse("x", &render(&Library::new())), Ok(Library::new()));
    }

    #[track_caller]
    fn check_refusal(source: &str, expected: &str) {
        let problem = parse("b.json", source).expect_err("it is broken").to_string();
        assert!(problem.starts_with(expected), "{problem}");
    }

    #[test]
    fn what_is_no_baseline_is_refused_with_its_place() {
        check_refusal("", "b.json:1:0: this is no baseline: EOF");
        check_refusal("{\"version\":1,\"known\":[\n{\"path\":1}]}", "b.json:2:9: this is no baseline: invalid type");
        check_refusal("{\"version\":2,\"known\":[]}", "b.json: a baseline of version 2 is not known here");
    }

    #[test]
    fn a_sentence_is_known_by_its_words() {
        let found = |text: &str| {
            let document = Document::plain(text);
            let linter = absolve_core::linter::Linter::new(absolve_rules::builtin());
            let diagnostics = linter.lint_without_fixes(&document);
            diagnostics.iter().map(|it| key(&document, it)).collect::<Vec<_>>()
        };
        let once = found("Sorry for the inconvenience.");
        assert!(!once.is_empty());
        assert_eq!(once, found("Hello Ana,\n\nSorry  for\nthe INCONVENIENCE."));
        assert_ne!(once, found("So sorry for the inconvenience."));
    }
}
