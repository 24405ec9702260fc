//! The queue through which workers, the receiver and the signal thread send to the loop of a run.

use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver as Inputs, Sender, SyncSender};

use super::calls::CallResult;
use super::event::ItemId;
use crate::error::{Error, ErrorKind};
use crate::receiver::ReceiverEvent;

/// A message to the loop from another thread.
pub(super) enum DriverInput {
    /// The worker with this number has made its call.
    Answered(usize, Box<CallResult>),
    /// All but the last bytes of an upload are handed over; it waits for the answer.
    LastBytes(ItemId, SyncSender<Result<(), Error>>),
    /// A worker panicked, which has been reported.
    WorkerPanicked,
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

/// Makes a call of a worker and queues its answer, or that it panicked.
pub(super) fn send_answer(
    queue: &Sender<DriverInput>,
    worker: usize,
    call: impl FnOnce() -> CallResult,
) {
    // What the panic left behind is not used again: the run ends.
    let answered = panic::catch_unwind(AssertUnwindSafe(call));
    // An error means that the run has ended.
    let _ = queue.send(match answered {
        Ok(answer) => DriverInput::Answered(worker, Box::new(answer)),
        Err(_) => DriverInput::WorkerPanicked,
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panic_of_a_worker_reaches_the_loop() {
        let queue = EventQueue::new();
        send_answer(&queue.sender, 0, || panic!("as a test"));
        let input = queue.inputs.try_recv();
        assert!(matches!(input, Ok(DriverInput::WorkerPanicked)));
    }
}
