//! The service: two calls, the codes it answers with, when to try again, and how often to ask.
//! [`Session`] is what commands use. Nothing here knows terminals, output formats or the journal.

mod client;
pub mod code;
mod credentials;
mod failure;
pub mod limiter;
pub mod retry;
mod session;
mod tls;
mod wire;

pub use client::{Client, Greeting, Observer, Options as ClientOptions, Proxy, Reply, Submission};
pub use credentials::Credentials;
pub use failure::Failure;
pub use session::{Answer, Limits, Session, SessionOptions, Witness};
