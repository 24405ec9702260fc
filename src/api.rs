//! HTTP: one function a call of the service, its codes, credentials and TLS. Nothing here sleeps or
//! retries: a failed call says of what class its failure is ([`FailureClass`]), and the engine decides.
//! Nothing here knows terminals, output formats or the journal.

mod api_client;
mod api_error;
pub mod code;
mod credentials;
mod http_client;
mod pinned_certificates;
mod retry_after;
mod tls;
mod tokens;
mod upload;
mod video;
mod wire;

pub use api_client::ApiClient;
pub use api_error::{ApiError, FailureClass};
pub use credentials::{Credentials, FetchedToken};
pub use http_client::{
    ClientOptions, HttpClient, Observer, ProbeResponse, Proxy, ProxyOptions, Reply, Submission,
};
pub use tokens::IssuedTokens;
pub use upload::{UploadObserver, UploadRequest, UploadedVideo};
pub use video::{MAX_DELETED_VIDEOS, MAX_PAGE_SIZE, Video, VideoFilter, VideoPage, VideoStatus};
