//! Work on many things at once, where there are threads for it.

use std::ops::Range;

/// What `work` makes of each, in order. One thing is sooner done than threads are started.
#[cfg(feature = "parallel")]
pub(crate) fn map<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    use rayon::prelude::*;

    match all {
        [one] => vec![work(one)],
        _ => all.par_iter().map(work).collect(),
    }
}

/// What `work` makes of each, in order.
#[cfg(not(feature = "parallel"))]
pub(crate) fn map<T, R>(all: &[T], work: impl Fn(&T) -> R) -> Vec<R> {
    all.iter().map(work).collect()
}

/// Does one thing beside the other, for a text of so many bytes.
#[cfg(feature = "parallel")]
pub(crate) fn beside<R: Send>(size: usize, one: impl FnOnce() + Send, other: impl FnOnce() -> R + Send) -> R {
    match size >= RUN {
        true => rayon::join(one, other).1,
        false => {
            one();
            other()
        }
    }
}

/// Does one thing and then the other.
#[cfg(not(feature = "parallel"))]
pub(crate) fn beside<R>(_size: usize, one: impl FnOnce(), other: impl FnOnce() -> R) -> R {
    one();
    other()
}

/// Things of these sizes, in bytes, in runs that are each worth a thread's while; a short text is one run.
pub(crate) fn runs(sizes: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let (mut start, mut end, mut size) = (0, 0, 0);
    for it in sizes {
        (end, size) = (end + 1, size + it);
        if size >= RUN {
            runs.push(start..end);
            (start, size) = (end, 0);
        }
    }
    if start < end || runs.is_empty() {
        runs.push(start..end);
    }
    runs
}

/// Bytes of prose that are read by one thread at once.
const RUN: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_hold_everything_once_and_in_order() {
        let check = |sizes: &[usize], expected: &[(usize, usize)]| {
            let runs = runs(sizes.iter().copied()).into_iter().map(|it| (it.start, it.end));
            assert_eq!(runs.collect::<Vec<_>>(), expected);
        };
        check(&[], &[(0, 0)]);
        check(&[1, 2, 3], &[(0, 3)]);
        check(&[RUN, 1, RUN], &[(0, 1), (1, 3)]);
        check(&[RUN - 1, 1, 1, 5 * RUN, 1], &[(0, 2), (2, 4), (4, 5)]);
    }
}
