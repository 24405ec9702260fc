//! The callback receiver: takes the bodies that are sent by POST to one secret path, and answers
//! each sender once the rest of the program has said what became of its body. Nothing here blocks, and
//! nothing here knows what a result is. Every size, time and number is bounded.

mod event;
mod handler;
mod options;
mod public_url;
mod secret_path;

use std::fmt;
use std::net::SocketAddr;

use crate::error::Error;
use crate::http_server::HttpServer;
pub use event::CallbackResponse;
pub(crate) use event::{ReceiverEvent, Responder};
use handler::CallbackHandler;
pub(crate) use options::ReceiverOptions;
pub(crate) use public_url::{address_warnings, is_callable, parse as parse_public_url};
pub(crate) use secret_path::SecretPath;

/// A running receiver. It stops when it is dropped: responses already given are sent, and all other
/// senders are told 503.
pub(crate) struct Receiver {
    server: HttpServer,
    callback_url: String,
}

impl Receiver {
    /// Starts a receiver on a thread of its own. When this returns the address is bound: a callback
    /// sent now is received.
    ///
    /// `on_event` gets each callback, and the first refusal of each kind. It is called on the
    /// receiver's thread and must not block. Each [`Responder`] answers one sender; the next
    /// callback is handed over once it has been used or dropped.
    ///
    /// Fails with kind `io` if the address cannot be bound.
    pub(crate) fn start(
        options: ReceiverOptions,
        on_event: impl Fn(ReceiverEvent) + Send + 'static,
    ) -> Result<Self, Error> {
        let (addr, limits) = (options.addr, options.limits);
        let (public_url, path) = (options.public_url.clone(), options.path.clone());
        let handler = CallbackHandler::new(options, on_event);
        let server = HttpServer::start("receiver", addr, limits, handler)?;
        Ok(Self {
            callback_url: public_url::callback_url(public_url.as_ref(), server.addr(), &path),
            server,
        })
    }

    /// Returns the address that the receiver listens on, with the port that was taken.
    pub(crate) fn addr(&self) -> SocketAddr {
        self.server.addr()
    }

    /// Returns the address to give as the callback, secret path included: below the public URL if
    /// there is one, else below the address that the receiver listens on.
    pub(crate) fn callback_url(&self) -> &str {
        &self.callback_url
    }

    /// Closes the listening socket. Callbacks on open connections are still received.
    pub(crate) fn stop_accepting(&self) {
        self.server.stop_accepting();
    }
}

impl fmt::Debug for Receiver {
    /// Leaves out the address, which holds the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
