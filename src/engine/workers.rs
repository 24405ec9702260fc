//! The threads that make calls, started as they are needed. Each has its own channel, so that nothing is
//! shared. Which thread makes a call is decided by the one thread that owns the [`Workers`].

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread;

/// Makes the call `C`, in the thread of the worker with this number.
type Perform<C> = Arc<dyn Fn(usize, C) + Send + Sync>;

/// The worker threads of a run, for calls of type `C`.
pub(super) struct Workers<C> {
    perform: Perform<C>,
    channels: Vec<Sender<C>>,
    idle: Vec<usize>,
    waiting: VecDeque<C>,
    max: usize,
}

impl<C: Send + 'static> Workers<C> {
    /// Creates up to `max` workers, which make calls by `perform`. Whoever learns from that function that a
    /// call is over hands the number of its worker to [`Self::release`].
    pub(super) fn new(max: usize, perform: impl Fn(usize, C) + Send + Sync + 'static) -> Self {
        Self {
            perform: Arc::new(perform),
            channels: Vec::new(),
            idle: Vec::new(),
            waiting: VecDeque::new(),
            max,
        }
    }

    /// Makes a call as soon as a worker is free. Returns the call if no thread can be started for it.
    #[must_use]
    pub(super) fn run(&mut self, call: C) -> Option<C> {
        if self.idle.is_empty() && self.channels.len() < self.max && self.spawn().is_err() {
            self.max = self.channels.len();
        }
        match self.idle.pop() {
            Some(worker) => self.hand_over(worker, call),
            None if self.channels.is_empty() => return Some(call),
            None => self.waiting.push_back(call),
        }
        None
    }

    /// Gives a free worker its next call.
    pub(super) fn release(&mut self, worker: usize) {
        match self.waiting.pop_front() {
            Some(call) => self.hand_over(worker, call),
            None => self.idle.push(worker),
        }
    }

    fn hand_over(&self, worker: usize, call: C) {
        // A worker ends before its channel does only by a panic, which `perform` has to tell.
        let _ = self.channels[worker].send(call);
    }

    fn spawn(&mut self) -> io::Result<()> {
        let (sender, calls) = mpsc::channel();
        let (perform, worker) = (Arc::clone(&self.perform), self.channels.len());
        thread::Builder::new()
            .name(format!("worker-{worker}"))
            .spawn(move || {
                for call in calls {
                    perform(worker, call);
                }
            })?;
        self.channels.push(sender);
        self.idle.push(worker);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// No worker takes that long to begin a call.
    const MAX_WAIT: Duration = Duration::from_mins(1);

    /// Returns up to `max` workers, and a function that waits for the next call that one of them makes.
    fn workers(max: usize) -> (Workers<u32>, impl Fn() -> (usize, u32)) {
        let (sender, calls) = mpsc::channel();
        let perform = move |worker, call| sender.send((worker, call)).unwrap();
        let next = move || calls.recv_timeout(MAX_WAIT).expect("a call");
        (Workers::new(max, perform), next)
    }

    #[test]
    fn calls_beyond_the_maximum_wait_in_order() {
        let (mut workers, next) = workers(2);
        for call in 0..5 {
            assert_eq!(workers.run(call), None);
        }
        let mut first = [next(), next()];
        first.sort_unstable();
        assert_eq!(first, [(0, 0), (1, 1)]);
        for (worker, call) in [(1, 2), (0, 3), (0, 4)] {
            workers.release(worker);
            assert_eq!(next(), (worker, call));
        }
        assert_eq!(workers.channels.len(), 2);
    }

    #[test]
    fn free_worker_is_used_again() {
        let (mut workers, next) = workers(2);
        for call in 0..3 {
            assert_eq!(workers.run(call), None);
            assert_eq!(next(), (0, call));
            workers.release(0);
        }
        assert_eq!(workers.channels.len(), 1);
    }

    #[test]
    fn call_is_returned_where_there_can_be_no_worker() {
        let (mut workers, _next) = workers(0);
        assert_eq!(workers.run(7), Some(7));
    }
}
