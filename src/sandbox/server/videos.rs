//! The HTTP side of the calls about the videos of the account.

use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use hyper::HeaderMap;
use hyper::body::Incoming;
use hyper::header::CONTENT_TYPE;
use tokio::time::timeout;

use super::{
    RequestFaults, ResponseFault, SandboxHandler, SandboxReply, authorization, with_faults,
};
use crate::http_server::{BodyError, Connection};
use crate::sandbox::multipart::{MultipartReader, ReceivedFile};

/// Maximum time between two parts of an upload.
const IDLE_TIMEOUT: Duration = Duration::from_mins(1);

impl SandboxHandler {
    /// Handles a request for one page of the listing.
    pub(super) fn list(&self, headers: &HeaderMap, query: &str) -> (SandboxReply, RequestFaults) {
        let mut service = self.service.lock();
        let faults = service.fault_injector.list();
        let reply = with_faults(&mut service, faults, |service| {
            service.authorize(authorization(headers))?;
            service.list(query, Instant::now())
        });
        (reply, faults)
    }

    /// Handles a deletion.
    pub(super) fn delete(&self, headers: &HeaderMap, body: &[u8]) -> (SandboxReply, RequestFaults) {
        let mut service = self.service.lock();
        let faults = service.fault_injector.delete();
        let reply = with_faults(&mut service, faults, |service| {
            service.authorize(authorization(headers))?;
            service.videos.delete(body)
        });
        (reply, faults)
    }

    /// Handles an upload. A connection that is to be reset ends before the file has been read.
    pub(super) async fn upload(
        &self,
        headers: &HeaderMap,
        body: Incoming,
        connection: &Connection,
    ) -> Result<(SandboxReply, RequestFaults), BodyError> {
        let faults = self.service.lock().fault_injector.upload();
        let file = if faults.response == Some(ResponseFault::Reset) {
            Err("")
        } else {
            read_file(headers, body, connection).await?
        };
        let mut service = self.service.lock();
        let reply = with_faults(&mut service, faults, |service| {
            service.authorize(authorization(headers))?;
            service.upload(file, Instant::now())
        });
        Ok((reply, faults))
    }
}

/// Reads the file in the body. The inner error says why it is none.
async fn read_file(
    headers: &HeaderMap,
    mut body: Incoming,
    connection: &Connection,
) -> Result<Result<ReceivedFile, &'static str>, BodyError> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let mut reader = MultipartReader::new(content_type.unwrap_or_default());
    loop {
        let frame = match timeout(IDLE_TIMEOUT, body.frame()).await {
            Err(_elapsed) => return Err(BodyError::TooSlow),
            Ok(Some(Err(_broken))) => return Err(BodyError::Incomplete),
            Ok(None) => return Ok(reader.and_then(MultipartReader::finish)),
            Ok(Some(Ok(frame))) => frame,
        };
        connection.touch();
        if let (Ok(data), Ok(open)) = (frame.into_data(), &mut reader)
            && let Err(why) = open.push(&data)
        {
            // What is wrong is answered once all has been read, as by the service.
            reader = Err(why);
        }
    }
}
