//! A session from its first byte to its exit code.

use std::{
    fs::File,
    io::{self, BufRead, IsTerminal, Write},
    panic,
    process::ExitCode,
    sync::mpsc,
    thread,
    time::Duration,
};

use tokio::sync::mpsc::unbounded_channel;

use crate::{adapter, guard::guard, project::Projects};

/// How long the last answers may take to leave.
const FAREWELL: Duration = Duration::from_secs(1);

/// Serves one client on standard input and output; the exit code is the protocol's.
pub fn run(projects: Box<dyn Projects>) -> ExitCode {
    if io::stdin().is_terminal() {
        eprintln!("absolve: this is for editors, which start it themselves; see integrations/editors");
    }
    panic::set_hook(Box::new(report_panic));
    match standard_output() {
        Ok(output) => ExitCode::from(serve(io::stdin().lock(), output, projects)),
        Err(error) => {
            eprintln!("absolve: cannot start: {error}");
            ExitCode::from(2)
        }
    }
}

/// Serves one client on any two streams, and returns the exit code: 0 for `exit` after `shutdown`, else 1.
///
/// One thread reads, and one does all the rest. When the client leaves, nobody waits for a thread that cannot write.
pub fn serve(input: impl BufRead, output: impl Write + Send + 'static, projects: Box<dyn Projects>) -> u8 {
    let (messages, inbox) = unbounded_channel();
    let (end, ended) = mpsc::channel::<()>();
    let session = move || {
        adapter::speak(inbox, output, projects);
        drop(end);
    };
    thread::Builder::new().name("absolve-session".to_owned()).spawn(session).expect("threads can be made");
    let ending = guard(input, &messages);
    drop(messages);
    let _ = ended.recv_timeout(FAREWELL);
    ending.code()
}

/// Standard output without the library's buffer, which would cut each message in two.
fn standard_output() -> io::Result<File> {
    #[cfg(windows)]
    let output = std::os::windows::io::AsHandle::as_handle(&io::stdout()).try_clone_to_owned();
    #[cfg(not(windows))]
    let output = std::os::fd::AsFd::as_fd(&io::stdout()).try_clone_to_owned();
    output.map(File::from)
}

/// Says where, and no more: a panic's message may quote a reply.
fn report_panic(info: &panic::PanicHookInfo<'_>) {
    match info.location() {
        Some(place) => eprintln!("absolve: a check failed at {}:{}", place.file(), place.line()),
        None => eprintln!("absolve: a check failed"),
    }
}
