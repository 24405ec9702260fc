//! A local stand-in for the API, for trying `mavi` and testing scripts with no account: the two
//! calls over real HTTP, with tasks that take their time, callbacks when they end, the limits of the service if they are
//! wanted, and bad days if they are asked for. It keeps everything in memory, does the
//! same again when given the same seed, and ends when its [`Sandbox`] is dropped.

mod callbacks;
pub mod child;
mod connection;
mod dice;
mod faults;
mod library;
mod limits;
mod recording;
mod server;
mod service;
mod uncalled;

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::error::{Error, Kind};
use crate::task::TranscriptionType;
pub use faults::{Fault, Faults};
pub use limits::RateLimits;
use service::Service;

/// How the stand-in behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens; port 0 takes any free one.
    pub addr: SocketAddr,
    /// From a submit to the task's end.
    pub delay: Duration,
    /// A folder with `<videoNo>.json` files to answer with, in place of the built-in samples.
    pub transcripts: Option<PathBuf>,
    /// Which limits it holds its callers to.
    pub rate_limits: RateLimits,
    /// What goes wrong, and how often.
    pub faults: Faults,
    /// Makes callbacks to any http address, not only to loopback. Never https.
    pub callbacks_anywhere: bool,
    /// Makes the token, the task numbers and every other choice the same in each run.
    pub seed: Option<u64>,
}

impl Default for Options {
    /// Any free loopback port, three seconds a task, the built-in samples, no limits, no faults.
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            delay: Duration::from_secs(3),
            transcripts: None,
            rate_limits: RateLimits::Off,
            faults: Faults::default(),
            callbacks_anywhere: false,
            seed: None,
        }
    }
}

/// What has happened since the start. For a client that tells the truth, `submits` less
/// `submits_refused` is the number of tasks that it knows, plus those that it calls unknown (with
/// a late answer, as long as it waits for it).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Submits that arrived, whatever became of them.
    pub submits: u64,
    /// Submits that became a task, whether or not the answer arrived.
    pub submits_accepted: u64,
    /// Submits whose answer says for certain that there is no task: a code of the service, or
    /// HTTP 503 with `Retry-After`.
    pub submits_refused: u64,
    /// Gets that arrived, whatever became of them.
    pub gets: u64,
    /// Gets that were answered with a task's `data`, whether or not the answer arrived.
    pub gets_answered: u64,
    /// Requests refused with 0401.
    pub unauthorized: u64,
    /// Requests refused with 0429.
    pub rate_limited: u64,
    /// Requests that a fault befell, other than a late answer.
    pub faults: u64,
    /// Callbacks that were answered with a 2xx status, duplicates included.
    pub callbacks_delivered: u64,
    /// Callbacks that were given up after several tries.
    pub callbacks_given_up: u64,
    /// Callbacks that the fault `callback-lose` took.
    pub callbacks_lost: u64,
    /// Callbacks not made because of their address: not loopback, or not http.
    pub callbacks_not_called: u64,
}

/// A task as the stand-in knows it, to compare with what its client knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The number that it gave, whether or not the answer arrived.
    pub task_no: String,
    /// The video.
    pub video_no: String,
    /// What is transcribed.
    pub kind: TranscriptionType,
    /// Whether the fault `fail` struck it.
    pub fails: bool,
}

/// A running stand-in; it ends when this is dropped.
pub struct Sandbox {
    addr: SocketAddr,
    token: String,
    service: Arc<Mutex<Service>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts it. When this returns the address is bound: a request made now is answered.
    ///
    /// Fails with [`Kind::Io`] if the address or the folder cannot be used, with [`Kind::Usage`]
    /// if a transcript is not in the API's shape (the message has file, line and column).
    pub fn start(options: Options) -> Result<Self, Error> {
        Self::serve(options.addr, Service::new(options)?)
    }

    /// The same, where `tell` hears a line about each callback address that it will not call.
    pub fn start_and_tell(
        options: Options,
        tell: impl Fn(&str) + Send + 'static,
    ) -> Result<Self, Error> {
        let addr = options.addr;
        let mut service = Service::new(options)?;
        service.uncalled.tell(tell);
        Self::serve(addr, service)
    }

    fn serve(addr: SocketAddr, service: Service) -> Result<Self, Error> {
        let token = service.token().to_owned();
        let service = Arc::new(Mutex::new(service));

        let listener = listen(addr)?;
        let addr = listener
            .local_addr()
            .map_err(|error| cannot_listen(addr, &error))?;
        let (stop, stopped) = oneshot::channel();
        let thread = server::spawn(listener, Arc::clone(&service), stopped)?;
        Ok(Self {
            addr,
            token,
            service,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The address to use as the base URL, such as `http://127.0.0.1:41234`.
    #[must_use]
    pub fn base_url(&self) -> String {
        // Listening everywhere includes loopback, and only that is an address to connect to.
        let ip = match self.addr.ip() {
            ip if !ip.is_unspecified() => ip,
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        };
        format!("http://{}", SocketAddr::new(ip, self.addr.port()))
    }

    /// The one token that it takes. It opens nothing but this stand-in.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// What has happened so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        lock(&self.service).counts
    }

    /// Every task that it has taken on, in no particular order: the list that the API does not have.
    #[must_use]
    pub fn accepted(&self) -> Vec<Accepted> {
        lock(&self.service).accepted()
    }

    /// Lines for a shell to evaluate: a comment with the address, and an `export` for each
    /// setting that points `mavi` here.
    #[must_use]
    pub fn exports(&self) -> String {
        let (url, token) = (self.base_url(), self.token());
        format!(
            "# the sandbox listens on {url}\nexport MAVI_BASE_URL={url}\nexport MAVI_TOKEN={token}\n"
        )
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Dropping the sender is what the thread waits for.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been printed already, and there is nothing left to end.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("addr", &self.addr)
            .finish_non_exhaustive()
    }
}

/// The service, also after a panic elsewhere: it is changed in steps that leave it whole.
fn lock(service: &Mutex<Service>) -> MutexGuard<'_, Service> {
    service.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen(addr: SocketAddr) -> Result<TcpListener, Error> {
    let listener = TcpListener::bind(addr).map_err(|error| cannot_listen(addr, &error))?;
    listener
        .set_nonblocking(true)
        .map_err(|error| cannot_listen(addr, &error))?;
    Ok(listener)
}

fn cannot_listen(addr: SocketAddr, error: &std::io::Error) -> Error {
    Error::new(Kind::Io, format!("could not listen on {addr}: {error}"))
        .with_hint("port 0 takes any free port, as in `--addr 127.0.0.1:0`")
}

#[cfg(test)]
mod tests;
