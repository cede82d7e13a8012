//! Any messages of an editor's: the session goes on until its end, and ends with an exit code.
#![no_main]

use std::{
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use absolve_core::{linter::Linter, rule_pack::RulePack, rule_set::RuleSet};
use absolve_lsp::project::{Choices, Problem, Project, Projects};
use libfuzzer_sys::fuzz_target;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
    let rule = "title = 't'\nfamily = 'voice'\nseverity = 'error'\nwhy = 'w'\ninstead = 'i'\nsource = 's'\nmessage = 'm'\n\
                [[phrase]]\nfind = ['sorry']\n[[fix]]\nwith = '{what}'\n[[bad]]\ntext = 'Sorry.'\n[[good]]\ntext = 'a'\n";
    RuleSet::default().with(&RulePack::parse([("en/t.toml", rule)]).expect("it is read")).expect("it compiles")
});
static LINTER: LazyLock<Arc<Linter>> = LazyLock::new(|| Arc::new(Linter::new(RULES.clone())));

struct Bench;

impl Projects for Bench {
    fn base(&self) -> RuleSet {
        RULES.clone()
    }

    fn config_of(&self, _: &Path) -> Option<PathBuf> {
        None
    }

    fn files_in(&self, _: &Path) -> Vec<PathBuf> {
        Vec::new()
    }

    fn load(&self, _: Option<&Path>, _: &Choices) -> Result<Arc<dyn Project>, Vec<Problem>> {
        Ok(LINTER.clone())
    }
}

const START: [&str; 3] = [
    r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{"textDocument":{"diagnostic":{}}}}}"#,
    r#"{"jsonrpc":"2.0","method":"initialized","params":{}}"#,
    r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///a.md","languageId":"markdown","version":1,"text":"Sorry, é😀.\r\nBye"}}}"#,
];

fuzz_target!(|messages: Vec<&[u8]>| {
    let mut stream = Vec::new();
    for message in START.iter().map(|it| it.as_bytes()).chain(messages) {
        stream.extend(format!("Content-Length: {}\r\n\r\n", message.len()).into_bytes());
        stream.extend(message);
    }
    let code = absolve_lsp::serve(stream.as_slice(), std::io::sink(), Box::new(Bench));
    assert!(code <= 1);
});
