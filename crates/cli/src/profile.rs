//! Profiles: sets of choices for a kind of team, as data.

use std::{collections::BTreeMap, sync::LazyLock};

use absolve_core::{
    diagnostic::Severity,
    rule::{Family, Rule},
    rule_set::RuleSet,
};
use serde::Deserialize;

use crate::{config::SinNames, problem::do_you_mean};

/// A set of choices for a kind of team.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// For whom it is.
    #[serde(rename = "about")]
    _about: String,
    /// Sins that are not looked for.
    #[serde(default)]
    pub disable: Vec<String>,
    /// Families whose sins count one step more.
    #[serde(default)]
    raise: Vec<Family>,
    /// Sins that count as this.
    #[serde(default)]
    severity: BTreeMap<String, Severity>,
}

static PROFILES: LazyLock<BTreeMap<String, Profile>> =
    LazyLock::new(|| toml::from_str(absolve_rules::PROFILES).expect("profiles.toml is tested"));

impl Profile {
    /// The profile of that name, or what to say of the name.
    pub fn named(name: &str) -> Result<&'static Profile, String> {
        let names = || PROFILES.keys().map(String::as_str);
        let unknown = || {
            let all: Vec<String> = names().map(|it| format!("`{it}`")).collect();
            format!("there is no profile `{name}`{} (there are {})", do_you_mean(name, names()), all.join(", "))
        };
        PROFILES.get(name).ok_or_else(unknown)
    }

    /// Makes its choices of severity. What it disables is left to the caller, who may know better.
    pub fn weigh(&self, rules: &mut RuleSet) {
        let raised = |it: &Rule| self.raise.contains(&it.family).then(|| (it.sin.clone(), raise(it.severity)));
        let raised: BTreeMap<String, Severity> = rules.rules().filter_map(|it| raised(it)).collect();
        for (sin, severity) in raised.iter().chain(&self.severity) {
            rules.set_severity(sin, *severity);
        }
    }

    /// What it disables.
    pub fn disabled(&self) -> SinNames {
        SinNames::new(self.disable.iter().map(String::as_str)).expect("profiles.toml is tested")
    }
}

fn raise(severity: Severity) -> Severity {
    let harsher = Severity::ALL.into_iter().find(|&it| it > severity);
    harsher.unwrap_or(severity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_can_be_read_and_names_sins_that_are() {
        let rules = absolve_rules::builtin();
        let sins: Vec<&str> = rules.rules().map(|it| it.sin.as_str()).collect();
        for (name, profile) in &*PROFILES {
            for pattern in &profile.disable {
                let names = SinNames::new([pattern.as_str()]).expect("it is a name");
                assert!(sins.iter().any(|it| names.contains(it)), "{name}: no sin is named {pattern}");
            }
            for sin in profile.severity.keys() {
                assert!(sins.contains(&sin.as_str()), "{name}: no sin is named {sin}");
            }
        }
    }

    #[test]
    fn raising_is_one_step() {
        assert_eq!(raise(Severity::Info), Severity::Warning);
        assert_eq!(raise(Severity::Error), Severity::Error);
    }

    #[test]
    fn a_wrong_name_gets_the_nearest() {
        let message = Profile::named("strikt").expect_err("no such profile");
        assert!(message.contains("do you mean `strict`?"), "{message}");
    }
}
