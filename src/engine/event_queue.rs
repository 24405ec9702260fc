//! The queue through which workers, the receiver and the signal thread send to the loop of a run.

use std::sync::mpsc::{self, Receiver as Inputs, Sender};

use super::workers::WorkerMessage;
use crate::error::ErrorKind;
use crate::receiver::ReceiverEvent;

/// A message to the loop from another thread.
pub(super) enum DriverInput {
    Worker(WorkerMessage),
    Receiver(ReceiverEvent),
    Signal(ErrorKind),
}

/// The queue through which other threads send to the loop.
pub struct EventQueue {
    pub(super) sender: Sender<DriverInput>,
    pub(super) inputs: Inputs<DriverInput>,
}

impl Default for EventQueue {
    fn default() -> Self {
        Self::new()
    }
}

impl EventQueue {
    /// Creates an empty queue.
    #[must_use]
    pub fn new() -> Self {
        let (sender, inputs) = mpsc::channel();
        Self { sender, inputs }
    }

    /// Returns a function that queues a receiver's events.
    pub(super) fn receiver_events(&self) -> impl Fn(ReceiverEvent) + Send + 'static {
        let sender = self.sender.clone();
        move |event| drop(sender.send(DriverInput::Receiver(event)))
    }
}
