//! Callbacks: read as they arrive, and answered when the job says with what.

use std::collections::HashMap;

use super::super::callback;
use super::super::callback_target::{CallbackTarget, Refresh};
use super::super::event::{Event, RequestId, TaskReply};
use super::super::task_result::TaskResult;
use super::Driver;
use crate::receiver::{CallbackResponse, ReceiverEvent, Responder};

/// The senders of callbacks that wait for a response.
pub(super) struct Responders<R = Responder> {
    waiting: HashMap<RequestId, R>,
    next: RequestId,
}

impl<R> Default for Responders<R> {
    fn default() -> Self {
        Self {
            waiting: HashMap::new(),
            next: 0,
        }
    }
}

impl<R> Responders<R> {
    /// Keeps a sender waiting. Returns the number of its request, which no other one has.
    fn insert(&mut self, responder: R) -> RequestId {
        let request = self.next;
        self.next += 1;
        self.waiting.insert(request, responder);
        request
    }

    /// Removes and returns the sender of a request; `None` once it has been removed.
    pub(super) fn remove(&mut self, request: RequestId) -> Option<R> {
        self.waiting.remove(&request)
    }
}

impl Driver {
    /// Takes in a callback: the job hears of those that are results.
    pub(super) fn callback(&mut self, event: ReceiverEvent) -> Option<Event<TaskResult>> {
        let (body, responder) = match event {
            ReceiverEvent::Callback { body, responder } => (body, responder),
            ReceiverEvent::Refused(refusal) => {
                self.parts.reporter.warn(&refusal.to_string());
                return None;
            }
        };
        let target = callback::parse_target(&body);
        if target.is_err()
            && let Some((video, status)) = callback::parse_upload(&body)
        {
            responder.respond(CallbackResponse::Stored);
            return Some(Event::UploadCallback { video, status });
        }
        let parsed = target.and_then(|(target, state)| {
            let result = TaskResult::of_callback(body, &target, self.parts.time_unit)?;
            let reply = TaskReply {
                state,
                other_task: None,
                result,
            };
            Ok((target, reply))
        });
        match parsed {
            Ok((target, reply)) => Some(Event::Callback {
                request: self.responders.insert(responder),
                target,
                reply,
            }),
            Err(why) => {
                responder.respond(CallbackResponse::Rejected);
                Some(Event::NotAResult(why))
            }
        }
    }

    pub(super) fn look_up(
        &mut self,
        request: RequestId,
        target: &CallbackTarget,
        refresh: Refresh,
    ) {
        let origin = self.index.look_up(&self.parts.journal, target, refresh);
        self.pending.push_back(Event::LookedUp { request, origin });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_that_wait_at_once_keep_apart() {
        let mut responders = Responders::default();
        let [first, second] = ["first", "second"].map(|sender| responders.insert(sender));
        assert_eq!(responders.remove(second), Some("second"));
        let third = responders.insert("third");
        assert_eq!(responders.remove(first), Some("first"));
        assert_eq!(responders.remove(second), None);
        assert_eq!(responders.remove(third), Some("third"));
    }
}
