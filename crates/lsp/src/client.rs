//! What a client can do, read from what it says when it connects. Tolerant: what is not understood is not there.

use absolve_core::line_index::ColumnUnit;
use serde_json::Value;

/// The protocol's tag for words that can go.
const UNNECESSARY: u8 = 1;

/// What a client can do, and what it has open.
#[derive(Clone, Debug)]
pub struct Client {
    /// What its columns count.
    pub unit: ColumnUnit,
    /// It asks for diagnostics: nothing is pushed.
    pub pulls: bool,
    /// It can be told to ask again.
    pub refreshes: bool,
    /// What it shows of a notice.
    pub extras: Extras,
    /// Edits may have tab stops.
    pub snippet_edits: bool,
    /// Completions may have tab stops.
    pub snippet_completions: bool,
    /// Edits may name the version they are made for.
    pub versioned_edits: bool,
    /// Files may be made by edits.
    pub creates_files: bool,
    /// Hovers may be Markdown.
    pub markdown: bool,
    /// It watches files when told which.
    pub watches: bool,
    /// It can be asked for its settings.
    pub configures: bool,
    /// It tells of settings only when told to.
    pub registers_configuration: bool,
    /// It shows progress.
    pub progress: bool,
    /// Its folders, as URIs.
    pub folders: Vec<String>,
    /// What it was started with.
    pub options: Value,
}

/// What a client shows of a notice besides its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extras {
    /// That the words can go.
    pub tags: bool,
    /// Another place that matters.
    pub related: bool,
}

impl Client {
    /// Reads the parameters of `initialize`.
    pub fn read(params: &Value) -> Client {
        let can = |path: &str| params.pointer(&format!("/capabilities{path}")).and_then(Value::as_bool) == Some(true);
        let has = |path: &str| params.pointer(&format!("/capabilities{path}")).is_some_and(Value::is_object);
        let lists =
            |path: &str, word: &str| strings(params.pointer(&format!("/capabilities{path}"))).any(|it| it == word);
        Client {
            unit: unit(params),
            pulls: has("/textDocument/diagnostic"),
            refreshes: can("/workspace/diagnostics/refreshSupport") || can("/workspace/diagnostic/refreshSupport"),
            extras: Extras {
                tags: ["publishDiagnostics", "diagnostic"].iter().any(|it| {
                    let tags = params.pointer(&format!("/capabilities/textDocument/{it}/tagSupport/valueSet"));
                    tags.and_then(Value::as_array).is_some_and(|it| it.contains(&Value::from(UNNECESSARY)))
                }),
                related: can("/textDocument/publishDiagnostics/relatedInformation")
                    || can("/textDocument/diagnostic/relatedInformation"),
            },
            snippet_edits: can("/workspace/workspaceEdit/snippetEditSupport"),
            snippet_completions: can("/textDocument/completion/completionItem/snippetSupport"),
            versioned_edits: can("/workspace/workspaceEdit/documentChanges"),
            creates_files: lists("/workspace/workspaceEdit/resourceOperations", "create"),
            markdown: strings(params.pointer("/capabilities/textDocument/hover/contentFormat")).next()
                == Some("markdown"),
            watches: can("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            configures: can("/workspace/configuration"),
            registers_configuration: can("/workspace/didChangeConfiguration/dynamicRegistration"),
            progress: can("/window/workDoneProgress"),
            folders: folders(params),
            options: params.get("initializationOptions").cloned().unwrap_or_default(),
        }
    }

    /// The protocol's name of its unit.
    pub fn encoding(&self) -> &'static str {
        match self.unit {
            ColumnUnit::Utf8 => "utf-8",
            ColumnUnit::Utf16 => "utf-16",
            ColumnUnit::Char => "utf-32",
        }
    }
}

/// The cheapest unit that the client offers; UTF-16 if it offers none.
fn unit(params: &Value) -> ColumnUnit {
    let offers = |it: &str| strings(params.pointer("/capabilities/general/positionEncodings")).any(|offer| offer == it);
    match () {
        () if offers("utf-8") => ColumnUnit::Utf8,
        () if offers("utf-32") => ColumnUnit::Char,
        () => ColumnUnit::Utf16,
    }
}

fn folders(params: &Value) -> Vec<String> {
    let uri = |it: &Value| it.get("uri").and_then(Value::as_str).map(str::to_owned);
    let folders: Vec<String> =
        params.get("workspaceFolders").and_then(Value::as_array).into_iter().flatten().filter_map(uri).collect();
    let root = params.get("rootUri").and_then(Value::as_str).map(str::to_owned);
    if folders.is_empty() { root.into_iter().collect() } else { folders }
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(offers: Value, expected: &str) {
        let client = Client::read(&json!({"capabilities": {"general": {"positionEncodings": offers}}}));
        assert_eq!(client.encoding(), expected);
    }

    #[test]
    fn the_cheapest_encoding_is_chosen() {
        check(json!(["utf-16", "utf-32", "utf-8"]), "utf-8");
        check(json!(["utf-16", "utf-32"]), "utf-32");
        check(json!(["utf-16"]), "utf-16");
        check(json!(["utf-7", 3]), "utf-16");
        check(Value::Null, "utf-16");
    }

    #[test]
    fn a_client_of_few_words_can_do_little() {
        let client = Client::read(&json!({"rootUri": "file:///a", "workspaceFolders": null}));
        assert!(!client.pulls && !client.snippet_edits && !client.markdown && !client.configures);
        assert_eq!(client.folders, ["file:///a"]);
    }
}
