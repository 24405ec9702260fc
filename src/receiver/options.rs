//! Options of the receiver.

use std::net::SocketAddr;

use url::Url;

use super::secret_path::SecretPath;
use crate::http_server::ServerLimits;

/// Options of a receiver.
#[derive(Clone, Debug)]
pub(crate) struct ReceiverOptions {
    /// The address to listen on; port 0 takes any free one.
    pub(crate) addr: SocketAddr,
    /// The path that a sender must know.
    pub(crate) path: SecretPath,
    /// The address of the receiver from outside, where that is not `addr`: of a tunnel or a reverse
    /// proxy, absolute, http or https. It may have a path, which the proxy may remove or keep.
    pub(crate) public_url: Option<Url>,
    /// Limits on what senders may cost. One that presents the secret path counts as authenticated.
    pub(crate) limits: ServerLimits,
}
