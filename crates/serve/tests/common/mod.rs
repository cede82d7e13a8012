//! A judge with the built-in rules, and one that comes to grief on demand.

use std::{sync::LazyLock, thread::sleep, time::Duration};

use absolve_core::{
    gate::{self, Choice, Policy, Reply, Rewritten, Verdict},
    linter::Linter,
};
use absolve_serve::judge::Judge;

static LINTER: LazyLock<Linter> = LazyLock::new(|| Linter::new(absolve_rules::builtin()));

/// Judges by the built-in rules. A reply that says `PANIC` or `SLEEP` is judged accordingly.
pub struct Tester(pub Policy);

impl Judge for Tester {
    fn judge(&self, reply: &Reply) -> Result<Verdict, String> {
        misbehave(reply.text.as_deref().unwrap_or_default());
        gate::judge(&LINTER, reply, &self.0).map_err(|it| it.message)
    }

    fn rewrite(&self, reply: &Reply, choices: Option<&[Choice]>) -> Result<Rewritten, String> {
        gate::rewrite(&LINTER, reply, choices, &self.0).map_err(|it| it.message)
    }

    fn judge_mail(&self, mail: &[u8], override_reason: Option<&str>) -> Result<Verdict, String> {
        misbehave(&String::from_utf8_lossy(mail));
        gate::judge_mail(&LINTER, mail, override_reason, &self.0).map_err(|it| it.message)
    }

    fn policy(&self) -> &Policy {
        &self.0
    }

    fn n_rules(&self) -> usize {
        LINTER.rules().rules().count()
    }
}

fn misbehave(text: &str) {
    assert!(!text.contains("PANIC"), "as it was told");
    if text.contains("SLEEP") {
        sleep(Duration::from_millis(600));
    }
}
