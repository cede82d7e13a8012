//! Mistakes of ours: kept to the file that they happened over, and told without a word of it.

use std::panic;

use absolve_core::fault::isolate;

use crate::problem::{self, Problem};

/// A panic tells where it was, and no more: its message may quote a reply.
pub fn keep_texts_from_logs() {
    panic::set_hook(Box::new(|it| {
        let place = it.location().map(|it| format!(" ({}:{})", it.file(), it.line())).unwrap_or_default();
        problem::print(&format!("Absolve came to grief{place}; please tell us"));
    }));
}

/// What `work` makes of the file that is `shown`; if it panics, that is a problem of this file, and the others go on.
pub fn contain<T, E: From<Problem>>(shown: &str, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    isolate(work).unwrap_or_else(|| Err(fault(shown).into()))
}

/// That we came to grief over the file that is `shown`.
pub fn fault(shown: &str) -> Problem {
    Problem::new(shown, WHAT)
}

const WHAT: &str = concat!(
    "this is a fault in Absolve, not in the file, which was left out; please report it: ",
    env!("CARGO_PKG_REPOSITORY")
);

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::*;

    #[test]
    fn one_file_costs_no_other() {
        let files = ["a.txt", "secret words", "c.txt"];
        let check =
            |text: &&str| contain("b.txt", || if text.contains("secret") { panic!("{text}") } else { Ok(text.len()) });
        let results: Vec<Result<usize, Problem>> = files.par_iter().map(check).collect();
        assert_eq!((&results[0], &results[2]), (&Ok(5), &Ok(5)));
        let problem = results[1].as_ref().expect_err("it came to grief").to_string();
        assert!(problem.starts_with("b.txt: this is a fault in Absolve") && !problem.contains("secret"), "{problem}");
    }
}
