//! Answers to deliveries: whose sender is told that its result is stored.

use super::super::event::{Action, Delivery, ItemId};
use super::super::item::State;
use super::Job;
use crate::receiver::CallbackResponse;

impl<R> Job<R> {
    pub(super) fn on_delivered(&mut self, id: ItemId, outcome: Delivery) {
        let response = match outcome {
            Delivery::Written if self.options.collects_results => CallbackResponse::NotStored,
            Delivery::Written => CallbackResponse::Stored,
            Delivery::Failed(_) | Delivery::Interrupted => CallbackResponse::NotStored,
        };
        let state = match outcome {
            Delivery::Written => State::Done,
            // The signal that did it ends the run: its event is on the way.
            Delivery::Interrupted => State::Delivering,
            Delivery::Failed(error) => {
                let exit = error.kind.exit();
                self.report(id, error);
                State::Undelivered(exit)
            }
        };
        self.set_state(id, state);
        self.respond_to_senders(id, response);
    }

    pub(super) fn respond_to_senders(&mut self, id: ItemId, response: CallbackResponse) {
        let senders = std::mem::take(&mut self.items[id].senders);
        self.actions
            .extend(senders.into_iter().map(|to| Action::Respond(to, response)));
    }
}
