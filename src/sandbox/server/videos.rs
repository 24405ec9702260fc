//! The HTTP side of the calls about the videos of the account.

use std::time::Instant;

use hyper::HeaderMap;

use super::{RequestFaults, SandboxHandler, SandboxReply, authorization, with_faults};

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
}
