//! Work on many things at once, where there are threads for it.

/// What `work` makes of each, in order.
#[cfg(feature = "parallel")]
pub(crate) fn map<T: Sync, R: Send>(all: &[T], work: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    use rayon::prelude::*;

    all.par_iter().map(work).collect()
}

/// What `work` makes of each, in order.
#[cfg(not(feature = "parallel"))]
pub(crate) fn map<T, R>(all: &[T], work: impl Fn(&T) -> R) -> Vec<R> {
    all.iter().map(work).collect()
}
