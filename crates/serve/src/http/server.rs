//! Sockets. hyper is driven by hand because `axum::serve` sets no timer, and a client that never ends its headers would
//! keep its connection for ever.

use std::{fmt, io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};

use super::{Limits, Settings, router};
use crate::judge::Judge;

/// Why it does not serve.
#[derive(Debug)]
pub enum ServeError {
    /// It would be open to the world.
    Refused(String),
    /// The address is not to be had.
    Address(io::Error),
    /// The machine has no room for it.
    Runtime(io::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ServeError::Refused(why) => f.write_str(why),
            ServeError::Address(error) => write!(f, "the address is not to be had: {error}"),
            ServeError::Runtime(error) => write!(f, "the server cannot be started: {error}"),
        }
    }
}

impl std::error::Error for ServeError {}

/// Serves until the program is told to stop (Ctrl-C, SIGTERM).
pub fn run(judge: Arc<dyn Judge>, settings: Settings, ready: impl FnOnce(SocketAddr)) -> Result<(), ServeError> {
    let n_cores = std::thread::available_parallelism().map_or(2, usize::from);
    let runtime = runtime::Builder::new_multi_thread().max_blocking_threads(2 * n_cores).enable_all().build();
    runtime.map_err(ServeError::Runtime)?.block_on(serve(judge, settings, ready, told_to_stop()))
}

#[cfg(unix)]
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        },
        // Without it, SIGTERM ends us at once.
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}

/// Serves until `stop`; questions that are being answered then are answered. `ready` is told where it listens.
pub async fn serve(
    judge: Arc<dyn Judge>,
    settings: Settings,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let Settings { address, mut access, limits } = settings;
    if let Some(objection) = access.objection(address) {
        return Err(ServeError::Refused(objection));
    }
    let listener = TcpListener::bind(address).await.map_err(ServeError::Address)?;
    let address = listener.local_addr().map_err(ServeError::Address)?;
    access.hosts.push(bracketed(address));
    let router = router(judge, access, limits);
    ready(address);
    accept(&listener, &router, limits, stop).await;
    Ok(())
}

/// An address as a URL has it.
fn bracketed(address: SocketAddr) -> String {
    if address.is_ipv6() { format!("[{}]", address.ip()) } else { address.ip().to_string() }
}

async fn accept(listener: &TcpListener, router: &Router, limits: Limits, stop: impl Future<Output = ()>) {
    let room = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            let place = room.clone().acquire_owned().await.ok()?;
            Some((listener.accept().await, place))
        };
        tokio::select! {
            () = &mut stop => break,
            Some((accepted, place)) = next => match accepted {
                Ok((stream, _)) => converse(stream, router.clone(), limits, &graceful, place),
                // Out of file handles, perhaps: give others time to close theirs.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
        }
    }
    // Whoever is not done by then is cut off.
    let _ = timeout(limits.farewell, graceful.shutdown()).await;
}

fn converse(
    stream: TcpStream,
    router: Router,
    limits: Limits,
    graceful: &GracefulShutdown,
    place: OwnedSemaphorePermit,
) {
    let _ = stream.set_nodelay(true);
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.headers).max_headers(64).max_buf_size(32 << 10);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        // A client that goes away, or sends what is no HTTP, is its own affair.
        let _ = connection.await;
        drop(place);
    });
}
