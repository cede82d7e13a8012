//! Each example of each rule file is a test of its own: `cargo test --test rules fr/inconvenience`.

use std::{process::ExitCode, sync::Arc};

use absolve_core::{
    examples::examples,
    linter::Linter,
    rule_pack::{RuleError, RulePack},
    set_checks::SET_CHECKS,
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
    libtest_mimic::run(&args, trials).exit_code()
}

fn none(errors: Vec<RuleError>) -> Result<(), Failed> {
    match errors.is_empty() {
        true => Ok(()),
        false => Err(errors.iter().map(RuleError::to_string).collect::<Vec<_>>().join("\n").into()),
    }
}
