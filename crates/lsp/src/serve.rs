//! A session from its first byte to its exit code.

use std::{io::IsTerminal, panic, process::ExitCode, time::Duration};

use tokio::{
    io::{AsyncBufRead, AsyncWrite, AsyncWriteExt, BufReader, DuplexStream, duplex, split},
    runtime,
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::timeout,
};

use crate::{
    adapter,
    frame::{Frame, read_frame, write_frame},
    guard::{Ending, guard},
    project::Projects,
};

/// Bytes that wait between the guard and tower-lsp.
const PIPE: usize = 64 << 10;

/// How long the last answers may take to leave.
const FAREWELL: Duration = Duration::from_secs(1);

/// Serves one client on standard input and output; the exit code is the protocol's.
pub fn run(projects: Box<dyn Projects>) -> ExitCode {
    if std::io::stdin().is_terminal() {
        eprintln!("absolve: this is for editors, which start it themselves; see integrations/editors");
    }
    panic::set_hook(Box::new(report_panic));
    let runtime = match runtime::Builder::new_current_thread().enable_time().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("absolve: cannot start: {error}");
            return ExitCode::from(2);
        }
    };
    let code = runtime.block_on(serve(BufReader::new(tokio::io::stdin()), tokio::io::stdout(), projects));
    // A read of standard input may go on for ever, and nobody waits for it.
    runtime.shutdown_background();
    ExitCode::from(code)
}

/// Serves one client on any two streams, and returns the exit code: 0 for `exit` after `shutdown`, else 1.
pub async fn serve(
    input: impl AsyncBufRead + Unpin,
    output: impl AsyncWrite + Unpin + Send + 'static,
    projects: Box<dyn Projects>,
) -> u8 {
    let (guarded, server_input) = duplex(PIPE);
    let (server_output, answers) = duplex(PIPE);
    let (refusals, refused) = unbounded_channel();
    let writer = tokio::spawn(write(answers, refused, output));
    let server = tokio::spawn(adapter::speak(server_input, server_output, projects));
    let (_unread, guarded) = split(guarded);
    let ending: Ending = guard(input, guarded, refusals).await;
    drop(_unread);
    let _ = timeout(FAREWELL, async { tokio::join!(server, writer) }).await;
    ending.code()
}

/// Writes what the server and the guard have to say, each message whole.
async fn write(answers: DuplexStream, mut refused: UnboundedReceiver<Vec<u8>>, mut output: impl AsyncWrite + Unpin) {
    let mut answers = BufReader::new(answers);
    loop {
        let body = tokio::select! {
            biased;
            Some(body) = refused.recv() => body,
            frame = read_frame(&mut answers) => match frame {
                Ok(Frame::Body(body)) => body,
                _ => break,
            },
        };
        if write_frame(&mut output, &body).await.is_err() {
            return;
        }
    }
    let _ = output.flush().await;
}

/// Says where, and no more: a panic's message may quote a reply.
fn report_panic(info: &panic::PanicHookInfo<'_>) {
    match info.location() {
        Some(place) => eprintln!("absolve: a check failed at {}:{}", place.file(), place.line()),
        None => eprintln!("absolve: a check failed"),
    }
}
