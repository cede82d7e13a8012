//! Each example of each rule file is a test of its own: `cargo test --test rules fr/inconvenience`.

use std::{env, fs, path::Path, process::ExitCode, sync::Arc};

use absolve_core::{
    examples::{self, examples},
    linter::Linter,
    reference,
    rule_pack::{RuleError, RulePack},
    set_checks::{SET_CHECKS, parity},
};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let args = Arguments::from_args();
    let pack: &'static RulePack = Box::leak(Box::new(absolve_rules::builtin_pack()));
    let linter = Arc::new(Linter::new(absolve_rules::builtin()));
    let mut trials: Vec<Trial> = Vec::new();
    for example in examples(pack) {
        let linter = linter.clone();
        let run = move || example.run(&linter).map_err(|it| Failed::from(RuleError::from(&it).to_string()));
        trials.push(Trial::test(example.name(), run));
    }
    for check in SET_CHECKS {
        let linter = linter.clone();
        trials.push(Trial::test(check.name, move || none((check.run)(&linter, pack))));
    }
    trials.push(Trial::test("every language keeps level", || none(parity(pack))));
    trials.push(Trial::test("rules/SINS.md is in step with the rules", || reference_is_current(pack)));
    trials.push(Trial::test("the rule of rules/README.md holds", the_manual_holds));
    libtest_mimic::run(&args, trials).exit_code()
}

/// `UPDATE_EXPECT=1 cargo test --test rules` writes the page anew.
fn reference_is_current(pack: &RulePack) -> Result<(), Failed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/SINS.md");
    let page = reference::markdown(pack);
    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &page)?;
    }
    match fs::read_to_string(&path)? == page {
        true => Ok(()),
        false => Err("rules/SINS.md is stale: run `UPDATE_EXPECT=1 cargo test --test rules`".into()),
    }
}

/// The rule that the manual shows is a rule file like any other.
fn the_manual_holds() -> Result<(), Failed> {
    let manual = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../rules/README.md"))?;
    let rule = manual.split("```toml").nth(1).and_then(|it| it.split("```").next()).ok_or("the manual shows a rule")?;
    let wrong = |errors: Vec<RuleError>| Failed::from(format!("{errors:?}"));
    let pack = RulePack::parse([("en/while-stocks-last.toml", rule)]).map_err(wrong)?;
    let linter = Linter::new(absolve_rules::builtin().with(&pack).map_err(wrong)?);
    match examples::run(&linter, &pack).first() {
        None => Ok(()),
        Some(failure) => Err(RuleError::from(failure).to_string().into()),
    }
}

fn none(errors: Vec<RuleError>) -> Result<(), Failed> {
    match errors.is_empty() {
        true => Ok(()),
        false => Err(errors.iter().map(RuleError::to_string).collect::<Vec<_>>().join("\n").into()),
    }
}
