//! Sockets: a thread for each connection of the mail server. Whatever goes wrong with one ends that one, and the mail
//! server does what `milter_default_action` says.

use std::{
    io::{self, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use super::{packet, session::Session};
use crate::judge::Judge;

/// Mail servers have about a hundred conversations at a time.
const CONNECTIONS: usize = 256;
/// A mail server keeps a connection while its client is silent.
const SILENCE: Duration = Duration::from_secs(15 * 60);
const SLOW: Duration = Duration::from_secs(60);

/// A socket that mail servers can call.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
}

/// Listens at `address`. The milter protocol knows no password: other machines must be wanted.
pub fn listen(address: SocketAddr, may_be_remote: bool) -> Result<Listening, String> {
    if !address.ip().is_loopback() && !may_be_remote {
        return Err(format!(
            "{address} can be reached from other machines, and a milter asks for no password; add --allow-remote if a firewall does"
        ));
    }
    let listener = TcpListener::bind(address).map_err(|it| format!("{address}: {it}"))?;
    Ok(Listening { listener })
}

impl Listening {
    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers for ever.
    pub fn serve(self, judge: &Arc<dyn Judge>) {
        let n_open = Arc::new(AtomicUsize::new(0));
        for stream in self.listener.incoming() {
            match stream {
                Ok(stream) if n_open.load(Ordering::Relaxed) < CONNECTIONS => {
                    start(stream, judge.clone(), n_open.clone())
                }
                // Closed at once: the mail server goes on without us.
                Ok(_) => {}
                // Out of file handles, perhaps.
                Err(_) => thread::sleep(Duration::from_millis(50)),
            }
        }
    }
}

/// A connection that counts while it is there, whatever becomes of it.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(n_open: Arc<AtomicUsize>) -> Counted {
        n_open.fetch_add(1, Ordering::Relaxed);
        Counted(n_open)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn start(stream: TcpStream, judge: Arc<dyn Judge>, n_open: Arc<AtomicUsize>) {
    let counted = Counted::new(n_open);
    let work = move || {
        let _counted = counted;
        // What ends it is the mail server's to tell.
        let _ = call(stream, judge);
    };
    // Without a thread the connection closes, and the mail goes on.
    let _ = thread::Builder::new().name("absolve-milter".to_owned()).spawn(work);
}

fn call(stream: TcpStream, judge: Arc<dyn Judge>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(SILENCE))?;
    stream.set_write_timeout(Some(SLOW))?;
    let writer = stream.try_clone()?;
    converse(BufReader::new(stream), writer, judge)
}

/// Answers one mail server over any two streams, until it says that it is done or says what makes no sense.
pub fn converse(mut reader: impl Read, mut writer: impl Write, judge: Arc<dyn Judge>) -> io::Result<()> {
    let mut session = Session::new(judge);
    while let Some(command) = packet::read(&mut reader)? {
        if command == packet::Command::Quit {
            return Ok(());
        }
        for answer in session.answer(command) {
            packet::write(&mut writer, &answer)?;
        }
    }
    Ok(())
}
