//! The threads that make calls. Each has its own channel, so that nothing is shared; answers come back
//! as events. If no thread can be started, calls are made in the caller's thread.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use super::event::{Event, ItemId, TaskReply, TaskState};
use super::rate_limit::Permit;
use super::task_result::TaskResult;
use crate::api::{ApiClient, ApiError, Submission};
use crate::ids::TaskNo;
use crate::transcript::Status;

/// A call to make.
pub(super) enum WorkerCall {
    /// Submit a video.
    Submit {
        /// The item.
        item: ItemId,
        /// The permit that it uses.
        permit: Permit,
        /// The video and type.
        submission: Submission,
    },
    /// Ask for the state of a task.
    Poll {
        /// The item.
        item: ItemId,
        /// The permit that it uses.
        permit: Permit,
        /// The task.
        task: TaskNo,
        /// The time limit.
        within: Duration,
    },
}

/// The answer to a call.
pub(super) struct CallResult {
    /// The worker that is free again; `None` if the call was made in the caller's thread.
    pub(super) worker: Option<usize>,
    /// The answer, for the job.
    pub(super) event: Event<TaskResult>,
    /// The unknown status of a task, redacted for display.
    pub(super) unknown_status: Option<String>,
}

/// A message from a worker to the driver.
pub(super) enum WorkerMessage {
    /// A call was answered.
    Done(Box<CallResult>),
    /// A worker panicked, which has been reported.
    Panicked,
}

/// The workers of a run. Threads are started as they are needed.
pub(super) struct Workers<S> {
    api: Arc<ApiClient>,
    send: S,
    channels: Vec<Sender<WorkerCall>>,
    idle: Vec<usize>,
    waiting: VecDeque<WorkerCall>,
    max: usize,
}

impl<S: Fn(WorkerMessage) + Clone + Send + 'static> Workers<S> {
    /// Creates up to `max` workers that hand their answers to `send`.
    pub(super) const fn new(api: Arc<ApiClient>, max: usize, send: S) -> Self {
        Self {
            api,
            send,
            channels: Vec::new(),
            idle: Vec::new(),
            waiting: VecDeque::new(),
            max,
        }
    }

    /// Makes a call as soon as a worker is free. Returns the answer if no thread could be started and
    /// the call was made here.
    pub(super) fn run(&mut self, call: WorkerCall) -> Option<CallResult> {
        if self.idle.is_empty() && self.channels.len() < self.max && self.spawn().is_err() {
            self.max = self.channels.len();
        }
        match self.idle.pop() {
            Some(worker) => self.hand_over(worker, call),
            None if self.channels.is_empty() => return Some(answer(&self.api, None, call)),
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

    fn hand_over(&self, worker: usize, call: WorkerCall) {
        // A worker ends before its channel does only by a panic, which it has told.
        let _ = self.channels[worker].send(call);
    }

    fn spawn(&mut self) -> std::io::Result<()> {
        let (sender, calls) = mpsc::channel();
        let (api, send, worker) = (
            Arc::clone(&self.api),
            self.send.clone(),
            self.channels.len(),
        );
        thread::Builder::new()
            .name(format!("worker-{worker}"))
            .spawn(move || {
                let notifier = PanicNotifier(send);
                for call in calls {
                    let answer = Box::new(answer(&api, Some(worker), call));
                    notifier.0(WorkerMessage::Done(answer));
                }
            })?;
        self.channels.push(sender);
        self.idle.push(worker);
        Ok(())
    }
}

/// Reports a panic of its thread when it is dropped.
struct PanicNotifier<S: Fn(WorkerMessage)>(S);

impl<S: Fn(WorkerMessage)> Drop for PanicNotifier<S> {
    fn drop(&mut self) {
        if thread::panicking() {
            (self.0)(WorkerMessage::Panicked);
        }
    }
}

fn answer(api: &ApiClient, worker: Option<usize>, call: WorkerCall) -> CallResult {
    match call {
        WorkerCall::Submit {
            item,
            permit,
            submission,
        } => CallResult {
            worker,
            event: Event::Submitted {
                item,
                permit,
                result: api.submit(&submission),
            },
            unknown_status: None,
        },
        WorkerCall::Poll {
            item,
            permit,
            task,
            within,
        } => {
            let (result, unknown_status) = match poll(api, &task, within) {
                Ok((reply, unknown_status)) => (Ok(reply), unknown_status),
                Err(error) => (Err(error), None),
            };
            CallResult {
                worker,
                event: Event::Polled {
                    item,
                    permit,
                    result,
                },
                unknown_status,
            }
        }
    }
}

/// Polls a task and checks the reply, so that only one that can be written is a result.
fn poll(
    api: &ApiClient,
    task: &TaskNo,
    within: Duration,
) -> Result<(TaskReply<TaskResult>, Option<String>), ApiError> {
    let reply = api.get(task, within)?;
    let transcript = reply.transcript()?;
    let status = transcript.status.clone().unwrap_or(Status::Unfinished);
    let is_same = transcript.task_no.is_empty()
        || TaskNo::new(&transcript.task_no).is_ok_and(|of| of == *task);
    let other_task = (!is_same).then(|| reply.redacted_excerpt(&transcript.task_no));
    let unknown = match &status {
        Status::Unknown(name) => Some(reply.redacted_excerpt(name)),
        _ => None,
    };
    let reply = TaskReply {
        state: TaskState::from(&status),
        other_task,
        result: TaskResult::Reply(reply),
    };
    Ok((reply, unknown))
}
