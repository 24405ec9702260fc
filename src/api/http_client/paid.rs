//! The path of the calls that cost money: submit and upload. The other calls use reqwest's blocking client,
//! which suits threads; but it ends a request as soon as the clock says so, although the answer may be in
//! the socket, and it can only bound a request as a whole. For a paid call the first would lose an answer
//! that arrived while this process was stopped, and the second would end a long upload. So paid calls use
//! reqwest's asynchronous client, on a small runtime in the thread that makes the call: none blocks
//! another. Both clients have the same settings, and their replies are judged alike.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder, StatusCode};
use tokio::runtime::Builder;

use super::time_limit::{Tick, within};
use super::{HttpClient, internal};
use crate::api::api_error::ApiError;
use crate::secret::Secret;

/// The client for paid calls, created by the first one.
pub(super) type PaidClient = OnceLock<Client>;

/// A response whose body has been received, or the part of it that has.
pub(super) struct Received {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// At most one chunk longer than the limit.
    pub(super) body: Vec<u8>,
    /// The failure that cut the body short.
    pub(super) failure: Option<ApiError>,
}

impl HttpClient {
    /// Returns a POST request of a paid call.
    pub(super) fn paid_request(
        &self,
        path: &str,
        query: &[(&str, &str)],
        token: &Secret,
    ) -> Result<RequestBuilder, ApiError> {
        let (url, headers) = self.address("POST", path, query, token)?;
        Ok(self.paid_client()?.post(url).headers(headers))
    }

    fn paid_client(&self) -> Result<&Client, ApiError> {
        if let Some(client) = self.paid.get() {
            return Ok(client);
        }
        // A server may be closing an idle connection at the moment a call leaves on it: there are none.
        let builder = self.options.builder(self.tls.clone());
        let builder = builder.map_err(ApiError::permanent)?;
        let built = builder.pool_max_idle_per_host(0).build();
        let client = built.map_err(|error| internal(&error))?;
        Ok(self.paid.get_or_init(|| client))
    }
}

/// Sends a request and receives the response, within `limit` without progress. Nothing of the call goes on
/// afterwards.
pub(super) fn send(
    request: RequestBuilder,
    max_size: u64,
    limit: Duration,
    look: impl FnMut() -> Tick,
) -> Result<Received, ApiError> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| internal(&error))?;
    let mut received = None;
    let call = receive(request, max_size, &mut received);
    let outcome = runtime.block_on(within(limit, look, call));
    // A look-up of a name can take long, and cannot be cancelled.
    runtime.shutdown_background();
    match (outcome, received) {
        (outcome, Some(received)) => Ok(Received {
            failure: outcome.err(),
            ..received
        }),
        (Err(failure), None) => Err(failure),
        (Ok(()), None) => Err(ApiError::timed_out()),
    }
}

/// Receives a response into `received`, where its part is also after a failure.
async fn receive(
    request: RequestBuilder,
    max_size: u64,
    received: &mut Option<Received>,
) -> Result<(), ApiError> {
    let sent = request.send().await;
    let mut response = sent.map_err(|error| ApiError::from_transport(&error))?;
    let Received { body, .. } = received.insert(Received {
        status: response.status(),
        headers: response.headers().clone(),
        body: Vec::new(),
        failure: None,
    });
    while body.len() as u64 <= max_size {
        let chunk = response.chunk().await;
        match chunk.map_err(|error| ApiError::cut_short(&error))? {
            Some(chunk) => body.extend_from_slice(&chunk),
            None => break,
        }
    }
    Ok(())
}
