//! What judges: the shell has the rules and the team's policy, the servers only ask.

use std::{
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use absolve_core::gate::{Choice, Policy, Reply, Rewritten, Verdict};

/// Judges replies. Errors are for people: what is wrong with the question, and what to do.
pub trait Judge: Send + Sync + 'static {
    /// The verdict on a reply.
    fn judge(&self, reply: &Reply) -> Result<Verdict, String>;

    /// The reply with the alternatives that were picked; without `choices`, with all that a machine may mend.
    fn rewrite(&self, reply: &Reply, choices: Option<&[Choice]>) -> Result<Rewritten, String>;

    /// The verdict on a mail as it travels, with its headers, and why it is sent although it was held.
    fn judge_mail(&self, mail: &[u8], override_reason: Option<&str>) -> Result<Verdict, String>;

    /// The team's policy.
    fn policy(&self) -> &Policy;

    /// How many rules are looked for.
    fn n_rules(&self) -> usize;
}

/// What `work` comes to within so many milliseconds. What takes longer is left to its thread.
pub fn within<T: Send + 'static>(
    time_box: u64,
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let (sender, results) = mpsc::channel();
    // Nobody listens any more if it took too long.
    let started = thread::Builder::new().spawn(move || sender.send(work()));
    started.map_err(|it| format!("there is no room for another thread: {it}"))?;
    results.recv_timeout(Duration::from_millis(time_box)).unwrap_or_else(|error| match error {
        RecvTimeoutError::Timeout => Err(format!("no verdict within {time_box} ms")),
        RecvTimeoutError::Disconnected => Err(GRIEF.to_owned()),
    })
}

/// What is said of a panic.
pub(crate) const GRIEF: &str = "Absolve came to grief over this reply";
