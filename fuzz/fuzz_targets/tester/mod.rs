//! A judge with all of our rules and no team's configuration, for the targets that speak a protocol.

use std::sync::LazyLock;

use absolve_core::{
    gate::{self, Choice, Policy, Reply, Rewritten, Verdict},
    linter::Linter,
};
use absolve_serve::judge::Judge;

static LINTER: LazyLock<Linter> = LazyLock::new(|| Linter::new(absolve_rules::builtin()));

/// Judges by a policy.
#[derive(Default)]
pub struct Tester(Policy);

impl Judge for Tester {
    fn judge(&self, reply: &Reply) -> Result<Verdict, String> {
        gate::judge(&LINTER, reply, &self.0).map_err(|it| it.message)
    }

    fn rewrite(&self, reply: &Reply, choices: Option<&[Choice]>) -> Result<Rewritten, String> {
        gate::rewrite(&LINTER, reply, choices, &self.0).map_err(|it| it.message)
    }

    fn judge_mail(&self, mail: &[u8], override_reason: Option<&str>) -> Result<Verdict, String> {
        gate::judge_mail(&LINTER, mail, override_reason, &self.0).map_err(|it| it.message)
    }

    fn policy(&self) -> &Policy {
        &self.0
    }

    fn n_rules(&self) -> usize {
        0
    }
}
