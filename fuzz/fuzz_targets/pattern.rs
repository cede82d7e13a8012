//! Any pattern in an otherwise good rule, and any text for it: the pattern is refused with a reason, or runs and ends.
#![no_main]

use absolve_core::{document::Document, linter::Linter, rule_pack::RulePack, rule_set::RuleSet};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (&str, &str, &str)| {
    let (find, unless, text) = data;
    let source = format!(
        "title = \"t\"\nfamily = \"voice\"\nseverity = \"error\"\nwhy = \"w\"\ninstead = \"i\"\nsource = \"s\"\n\
         unless = [{}]\n[[phrase]]\nfind = [{}]\n[[bad]]\ntext = \"a\"\n[[good]]\ntext = \"b\"\n",
        quoted(unless),
        quoted(find)
    );
    let vocabulary = "[sets]\nsorry = [\"sorry\", \"apolog*\"]\n";
    let files = [("en/t.toml", source.as_str()), ("en/vocabulary.toml", vocabulary)];
    let rules = match RulePack::parse(files).and_then(|it| RuleSet::default().with(&it)) {
        Ok(rules) => rules,
        Err(errors) => return assert!(errors.iter().all(|it| !it.message.is_empty()), "a refusal has a reason"),
    };
    let linter = Linter::new(rules);
    for text in [text, "We are sorry, we apologise for any inconvenience that this may have caused to you."] {
        let document = Document::plain(text);
        for it in linter.lint(&document) {
            assert!(document.text.get(it.span.range()).is_some_and(|it| !it.is_empty()), "{it:?}");
        }
    }
});

/// A TOML string, or nothing for nothing.
fn quoted(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let escaped = text.chars().map(|it| match it {
        '"' | '\\' => format!("\\{it}"),
        it if it.is_control() => format!("\\u{:04x}", it as u32),
        it => it.to_string(),
    });
    format!("\"{}\"", escaped.collect::<String>())
}
