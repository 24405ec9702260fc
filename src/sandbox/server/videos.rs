//! The HTTP side of the calls about the videos of the account.

use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use hyper::HeaderMap;
use hyper::body::{Body as _, Incoming};
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;
use tokio::time::{sleep, timeout};

use super::{
    RequestFaults, ResponseFault, SandboxHandler, SandboxReply, authorization, page, send,
    status_of, with_faults,
};
use crate::http_server::{BodyError, Connection, ConnectionFault, Response};
use crate::sandbox::faults::SandboxCall;
use crate::sandbox::multipart::{MultipartReader, ReceivedFile};

/// Maximum time between two parts of an upload.
const IDLE_TIMEOUT: Duration = Duration::from_mins(1);

impl SandboxHandler {
    /// Handles a request for one page of the listing.
    pub(super) fn list(&self, headers: &HeaderMap, query: &str) -> (SandboxReply, RequestFaults) {
        let mut service = self.service.lock();
        service.stats.lists += 1;
        let faults = service.fault_injector.request(SandboxCall::List);
        let reply = with_faults(&mut service, faults, |service| {
            service.authorize(authorization(headers), Instant::now())?;
            service.list(query, Instant::now())
        });
        (reply, faults)
    }

    /// Handles a deletion.
    pub(super) fn delete(&self, headers: &HeaderMap, body: &[u8]) -> (SandboxReply, RequestFaults) {
        let mut service = self.service.lock();
        service.stats.deletes += 1;
        let faults = service.fault_injector.request(SandboxCall::Delete);
        let reply = with_faults(&mut service, faults, |service| {
            service.authorize(authorization(headers), Instant::now())?;
            service.delete(body)
        });
        (reply, faults)
    }

    /// Handles an upload, and schedules the callbacks that it causes. A refusal that does not depend on
    /// the file is sent before the body is read, which ends the connection.
    pub(super) async fn upload(
        &self,
        head: &Parts,
        body: Incoming,
        connection: &Connection,
    ) -> Result<Response, ConnectionFault> {
        let (faults, started) = {
            let mut service = self.service.lock();
            service.stats.uploads += 1;
            let faults = service.fault_injector.request(SandboxCall::Upload);
            let started = match faults.response {
                Some(fault) if !fault.is_after_work() => Ok(None),
                _ => service
                    .authorize(authorization(&head.headers), Instant::now())
                    .and_then(|()| {
                        service.start_upload(head.uri.query().unwrap_or_default(), Instant::now())
                    }),
            };
            (faults, started)
        };
        let is_read =
            started.is_ok() && !faults.response.is_some_and(ResponseFault::is_before_body);
        let file = if is_read {
            match self
                .read_file(&head.headers, body, faults, connection)
                .await
            {
                Ok(file) => file,
                Err(error) => return Ok(page(status_of(error))),
            }
        } else {
            drop(body);
            Err("")
        };
        let reply = {
            let mut service = self.service.lock();
            let reply = with_faults(&mut service, faults, |service| {
                service.upload(file, started?, Instant::now())
            });
            service.stats.uploads_refused += u64::from(reply.is_refusal());
            self.send_callbacks(&mut service);
            reply
        };
        connection.complete();
        let mut response = send(reply, faults).await?;
        if !is_read {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        Ok(response)
    }

    /// Reads the file in the body, or half of it if the upload is to be cut. The inner error says why it
    /// is none.
    async fn read_file(
        &self,
        headers: &HeaderMap,
        mut body: Incoming,
        faults: RequestFaults,
        connection: &Connection,
    ) -> Result<Result<ReceivedFile, &'static str>, BodyError> {
        let content_type = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        let mut reader = MultipartReader::new(content_type.unwrap_or_default());
        let (start, mut received) = (Instant::now(), 0);
        // What has no declared length counts as whole from its first part on.
        let size = body.size_hint().exact().unwrap_or_default();
        loop {
            let frame = match timeout(IDLE_TIMEOUT, body.frame()).await {
                Err(_elapsed) => return Err(BodyError::TooSlow),
                Ok(Some(Err(_broken))) => return Err(BodyError::Incomplete),
                Ok(None) => return Ok(reader.and_then(MultipartReader::finish)),
                Ok(Some(Ok(frame))) => frame,
            };
            connection.touch();
            let Ok(data) = frame.into_data() else {
                continue; // trailers
            };
            received += data.len() as u64;
            self.service.lock().stats.upload_bytes += data.len() as u64;
            if faults.response == Some(ResponseFault::Cut) && received * 2 >= size {
                return Ok(Err(""));
            }
            if let Ok(open) = &mut reader
                && let Err(why) = open.push(&data)
            {
                // An error in the body is answered once all has been read, as by the service.
                reader = Err(why);
            }
            let ahead = time_of_part(faults.throttle, received, size)
                .and_then(|time| time.checked_sub(start.elapsed()));
            // Even a sleep of no time lasts a millisecond.
            if let Some(ahead) = ahead.filter(|ahead| !ahead.is_zero()) {
                sleep(ahead).await;
            }
        }
    }
}

/// Returns the time after which the body has been read as far as this, if it is to be read evenly over a
/// duration.
fn time_of_part(whole: Duration, received: u64, size: u64) -> Option<Duration> {
    let part = received.min(size).checked_mul(1_000)?.checked_div(size);
    let thousandths = u32::try_from(part.unwrap_or(1_000)).ok()?;
    (!whole.is_zero()).then(|| whole / 1_000 * thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throttled_body_is_read_evenly() {
        let second = Duration::from_secs(1);
        let time = |received, size| time_of_part(second, received, size);
        assert_eq!(time(0, 8), Some(Duration::ZERO));
        assert_eq!(time(2, 8), Some(second / 4));
        assert_eq!(time(8, 8), Some(second));
        assert_eq!(time(1 << 40, 1 << 42), Some(second / 4));
        assert_eq!(time(5, 0), Some(second), "of unknown size");
        assert_eq!(time_of_part(Duration::ZERO, 2, 8), None);
    }
}
