//! A local stand-in for the API, for trying `mavi` and testing scripts with no account: the calls
//! over real HTTP, tasks that take their time, callbacks when they end, and on request the
//! service's rate limits and injected faults. It keeps everything in memory, repeats itself when
//! given the same seed, and ends when its [`Sandbox`] is dropped.

mod account;
mod callbacks;
pub(crate) mod child;
mod code_sender;
mod fault_injection;
mod faults;
mod fixture;
mod fixtures;
mod listing_faults;
mod multipart;
mod options;
mod rate_limits;
mod server;
mod service;
mod service_error;
pub(crate) mod signals;
mod skipped_callbacks;
mod stats;
mod task;
mod videos;

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::error::{Error, ErrorKind};
use crate::http_server::HttpServer;
use code_sender::CodeSender;
pub use faults::Faults;
pub use options::SandboxOptions;
pub use rate_limits::RateLimits;
use server::{LIMITS, SandboxHandler};
use service::{Service, SharedService};
pub use stats::{Stats, TaskRecord, UploadRecord};

/// A running sandbox. It ends when it is dropped.
pub struct Sandbox {
    server: HttpServer,
    token: String,
    service: SharedService,
    _codes: Option<CodeSender>,
}

impl Sandbox {
    /// Starts a sandbox. When this returns the address is bound: a request made now is answered.
    ///
    /// Fails with [`ErrorKind::Io`] if the address or the directory cannot be
    /// used, with [`ErrorKind::Usage`] if a transcript is not in the API's
    /// shape (the message has file, line and column).
    pub fn start(options: SandboxOptions) -> Result<Self, Error> {
        Self::start_with_log(options, |_| {})
    }

    /// Starts a sandbox that calls `log` with a line for each callback address that it skips.
    pub fn start_with_log(
        options: SandboxOptions,
        log: impl Fn(&str) + Send + 'static,
    ) -> Result<Self, Error> {
        let addr = options.addr;
        let (auth_callback, anywhere) = (options.auth_callback.clone(), options.callbacks_anywhere);
        if let Some(url) = &auth_callback
            && !callbacks::is_allowed(url, anywhere)
        {
            let error = Error::usage("--auth-callback must be an http address of this machine");
            return Err(error.with_hint("add --callbacks-anywhere to call other machines"));
        }
        let service = Service::new(options, log)?;
        let token = service.token().to_owned();
        let service = SharedService::new(service);
        let handler = SandboxHandler::new(service.clone());
        let server = HttpServer::start("sandbox", addr, LIMITS, handler)?;
        let start = |url| CodeSender::start(service.clone(), url);
        let codes = auth_callback.map(start).transpose();
        let codes = codes.map_err(|error: io::Error| {
            let message = format!("could not start the sandbox: {error}");
            Error::new(ErrorKind::Internal, message)
        })?;
        Ok(Self {
            server,
            token,
            service,
            _codes: codes,
        })
    }

    /// Returns the address to use as the base URL, such as `http://127.0.0.1:41234`.
    #[must_use]
    pub fn base_url(&self) -> String {
        let addr = self.server.addr();
        // Listening everywhere includes loopback, and only that is an address to connect to.
        let ip = match addr.ip() {
            ip if !ip.is_unspecified() => ip,
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        };
        format!("http://{}", SocketAddr::new(ip, addr.port()))
    }

    /// Returns the token that the sandbox accepts besides those that it issues. It is of no use anywhere
    /// else.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Returns the environment variables that point `mavi` at the sandbox, with their values. The last
    /// two are for `mavi auth login`.
    #[must_use]
    pub fn variables(&self) -> [(&'static str, String); 5] {
        let service = self.service.lock();
        let account = &service.account;
        [
            ("MAVI_BASE_URL", self.base_url()),
            ("MAVI_TOKEN", self.token.clone()),
            ("MAVI_API_KEY", account.api_key().to_owned()),
            ("MAVI_SANDBOX_CLIENT_ID", callbacks::CLIENT_ID.to_owned()),
            ("MAVI_SANDBOX_CODE", account.code().to_owned()),
        ]
    }

    /// Ends all access tokens that were issued, as if their life were over.
    pub fn end_access_tokens(&self) {
        self.service.lock().account.end_access_tokens();
    }

    /// Ends all refresh tokens that were issued.
    pub fn end_refresh_tokens(&self) {
        self.service.lock().account.end_refresh_tokens();
    }

    /// Returns the numbers of events so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.service.lock().stats
    }

    /// Returns every task, in no particular order: the list that the API does not have.
    #[must_use]
    pub fn tasks(&self) -> Vec<TaskRecord> {
        self.service.lock().tasks()
    }

    /// Returns every video that was uploaded, in the order of acceptance.
    #[must_use]
    pub fn uploads(&self) -> Vec<UploadRecord> {
        self.service.lock().videos.uploads().to_vec()
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("addr", &self.server.addr())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
