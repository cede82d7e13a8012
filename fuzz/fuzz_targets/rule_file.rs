//! Any rule file: it is refused with its name, or its examples can be run.
#![no_main]

use absolve_core::{examples, linter::Linter, rule_pack::RulePack, rule_set::RuleSet, set_checks};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| {
    let loaded = RulePack::parse([("en/t.toml", source)]).and_then(|pack| Ok((RuleSet::default().with(&pack)?, pack)));
    match loaded {
        Ok((rules, pack)) => {
            let linter = Linter::new(rules);
            examples::run(&linter, &pack);
            set_checks::run(&linter, &pack);
        }
        Err(errors) => assert!(!errors.is_empty() && errors.iter().all(|it| it.path == "en/t.toml"), "{errors:?}"),
    }
});
