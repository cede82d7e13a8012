//! The hook over HTTP. `openapi.json` beside this describes it, and is served.

mod access;
mod answer;
mod router;
mod server;

pub use access::{Access, Token};
pub use router::router;
pub use server::{ServeError, run, serve};

use std::{net::SocketAddr, time::Duration};

/// Where it listens, who may ask, and how much.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it listens.
    pub address: SocketAddr,
    /// Who may ask.
    pub access: Access,
    /// How much may be asked.
    pub limits: Limits,
}

/// How much may be asked: what goes over is refused, not queued.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a question.
    pub body: usize,
    /// Until all headers are there, and until a connection without a question is closed.
    pub headers: Duration,
    /// Until all of a question is there.
    pub question: Duration,
    /// Questions at a time that are judged, and long ones that are read.
    pub questions: usize,
    /// Connections at a time.
    pub connections: usize,
    /// For the questions that are being answered when the server is told to stop.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            body: 256 << 10,
            headers: Duration::from_secs(10),
            question: Duration::from_secs(10),
            questions: 64,
            connections: 1024,
            farewell: Duration::from_secs(10),
        }
    }
}
