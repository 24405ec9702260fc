//! The callback receiver of a run, and what has to be said before anybody relies on it: who can reach
//! it, who can read along, who can read its secret.

use std::net::SocketAddr;
use std::path::PathBuf;

use url::Url;

use super::event_queue::EventQueue;
use crate::error::Error;
use crate::http_server::ServerLimits;
use crate::permissions::FileExposure;
use crate::receiver::{
    Receiver, ReceiverOptions, SecretPath, address_warnings, is_callable, parse_public_url,
};
use crate::ui::Reporter;
use crate::urls::is_loopback;

/// The options of the callback receiver, as given by flags.
#[derive(Clone, Debug)]
pub struct ListenOptions {
    /// The address to listen on.
    pub addr: SocketAddr,
    /// The address by which the service reaches it.
    pub public_url: Option<String>,
    /// The file that keeps the secret path.
    pub path_secret_file: Option<PathBuf>,
    /// The largest body, in bytes.
    pub body_limit: u64,
}

/// A receiver that is bound. What arrives waits in the queue of the run. It stops when it is dropped,
/// once the responses that were given are sent.
pub struct CallbackReceiver {
    receiver: Receiver,
    /// The callback address, where the service could call it.
    callable: Option<Url>,
}

impl CallbackReceiver {
    /// Starts to receive callbacks of the service at `base_url` into `queue`. Warnings go to
    /// `reporter`.
    pub fn bind(
        options: &ListenOptions,
        base_url: &Url,
        reporter: &Reporter,
        queue: &EventQueue,
    ) -> Result<Self, Error> {
        let public_url = options
            .public_url
            .as_deref()
            .map(parse_public_url)
            .transpose()?;
        let path = match &options.path_secret_file {
            Some(file) => SecretPath::from_file(file)?,
            None => SecretPath::random()?,
        };
        let (is_public, exposure) = (public_url.is_some(), path.exposure());
        let receiver = Receiver::start(
            ReceiverOptions {
                addr: options.addr,
                path,
                public_url,
                limits: ServerLimits {
                    max_body: options.body_limit,
                    ..ServerLimits::default()
                },
            },
            queue.receiver_events(),
        )?;
        let callable = Url::parse(receiver.callback_url()).ok().filter(is_callable);
        // The service would call itself.
        let is_unreachable =
            receiver.addr().ip().is_loopback() && !is_public && !is_loopback(base_url);
        let receiver = Self {
            callable: callable.filter(|_| !is_unreachable),
            receiver,
        };
        if let (Some(exposure), Some(file)) = (exposure, &options.path_secret_file) {
            let can = match exposure {
                FileExposure::Read => "read",
                FileExposure::Change => "change",
            };
            let file = file.display();
            reporter.warn(&format!(
                "others can {can} the secret in {file}: chmod 600 it"
            ));
        }
        for warning in address_warnings(receiver.addr(), receiver.callback_url(), is_public) {
            reporter.warn(&warning);
        }
        Ok(receiver)
    }

    /// Returns the address that it listens on.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.receiver.addr()
    }

    /// Returns the address to give to the service as the callback.
    #[must_use]
    pub fn callback_url(&self) -> &str {
        self.receiver.callback_url()
    }

    /// Returns `true` if it can be reached from this machine only, and the service is on another one.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        self.callable.is_none() && self.addr().ip().is_loopback()
    }

    /// Returns `true` if a task that was submitted with this callback address calls here.
    #[must_use]
    pub fn matches_callback_url(&self, callback: &str) -> bool {
        let callable = self.callable.as_ref();
        callable.is_some_and(|own| Url::parse(callback).is_ok_and(|url| url == *own))
    }

    /// Takes no new connections: the run is ending.
    pub(super) fn stop_accepting(&self) {
        self.receiver.stop_accepting();
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;
    use std::thread;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::error::ErrorFormat;
    use crate::ui::{ColorChoice, Terminal};

    #[test]
    fn stop_accepting_closes_the_listening_socket() {
        let options = ListenOptions {
            addr: "127.0.0.1:0".parse().unwrap(),
            public_url: None,
            path_secret_file: None,
            body_limit: 1,
        };
        let base_url = Url::parse("http://127.0.0.1:1").unwrap();
        let stderr = Terminal::detect(ColorChoice::Never).stderr;
        let reporter = Reporter::new(stderr, true, ErrorFormat::Human);
        let queue = EventQueue::new();
        let receiver = CallbackReceiver::bind(&options, &base_url, &reporter, &queue).unwrap();
        receiver.stop_accepting();
        let end = Instant::now() + Duration::from_mins(1);
        while TcpStream::connect(receiver.addr()).is_ok() {
            assert!(Instant::now() < end, "it still accepts connections");
            thread::yield_now();
        }
    }
}
