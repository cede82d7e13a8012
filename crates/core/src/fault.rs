//! A mistake of ours that panics: kept to the work it happened in, and to the rule that it came from.
//!
//! Shells silence the panic's own message, which may quote a reply.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What `work` makes; `None` if it panics. What it may have left half done must not be used again.
pub fn isolate<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// The one of `suspects` that `panics` when it is alone, found by halving; `None` if none does, or only several together.
pub fn culprit<'a, T>(suspects: &'a [T], panics: &impl Fn(&[T]) -> bool) -> Option<&'a T> {
    if !panics(suspects) {
        return None;
    }
    if let [it] = suspects {
        return Some(it);
    }
    let (left, right) = suspects.split_at(suspects.len() / 2);
    culprit(left, panics).or_else(|| culprit(right, panics))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_panic_is_kept_to_its_work() {
        assert_eq!(isolate(|| 3), Some(3));
        assert_eq!(isolate(|| -> u8 { panic!("asked to") }), None);
    }

    #[track_caller]
    fn check(n_suspects: u32, bad: &[u32], expected: Option<u32>) {
        let suspects: Vec<u32> = (0..n_suspects).collect();
        let n_asked = Cell::new(0);
        let panics = |it: &[u32]| {
            n_asked.set(n_asked.get() + 1);
            isolate(|| assert!(!it.iter().any(|it| bad.contains(it)), "asked to")).is_none()
        };
        assert_eq!(culprit(&suspects, &panics).copied(), expected);
        assert!(n_asked.get() <= 1 + 2 * n_suspects.next_power_of_two().ilog2(), "{} questions", n_asked.get());
    }

    #[test]
    fn the_culprit_is_found_by_halving() {
        check(1, &[0], Some(0));
        check(300, &[0], Some(0));
        check(300, &[299], Some(299));
        check(300, &[17, 200], Some(17));
        check(300, &[], None);
    }

    #[test]
    fn nobody_alone_may_be_guilty() {
        let both = |it: &[u32]| it.contains(&1) && it.contains(&2);
        assert_eq!(culprit(&[0, 1, 2, 3], &both), None);
        assert_eq!(culprit(&[], &both), None);
    }
}
