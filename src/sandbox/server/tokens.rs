//! The HTTP side of the calls about tokens, which need no authorization.

use std::time::Instant;

use super::{RequestFaults, SandboxHandler, SandboxReply, with_faults};
use crate::sandbox::faults::SandboxCall;

impl SandboxHandler {
    /// Handles a login.
    pub(super) fn log_in(&self, body: &[u8]) -> (SandboxReply, RequestFaults) {
        let mut service = self.service.lock();
        let faults = service.fault_injector.request(SandboxCall::Login);
        let reply = with_faults(&mut service, faults, |service| {
            service.log_in(body, Instant::now())
        });
        (reply, faults)
    }

    /// Handles a refresh.
    pub(super) fn refresh(&self, body: &[u8]) -> (SandboxReply, RequestFaults) {
        let mut service = self.service.lock();
        service.stats.refreshes += 1;
        let faults = service.fault_injector.request(SandboxCall::Refresh);
        let reply = with_faults(&mut service, faults, |service| {
            service.refresh(body, Instant::now())
        });
        (reply, faults)
    }
}
