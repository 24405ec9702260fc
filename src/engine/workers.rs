//! The threads that make calls. Each has its own channel, so that nothing is shared; answers come back
//! as events. If no thread can be started, calls are made in the caller's thread.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender, SyncSender};
use std::thread;
use std::time::Duration;

use super::event::{Event, ItemId, TaskReply, TaskState};
use super::file_progress::{FileProgress, UploadMonitor};
use super::rate_limit::Permit;
use super::task_result::TaskResult;
use crate::api::{ApiClient, ApiError, Submission, UploadObserver, UploadRequest, VideoFilter};
use crate::error::{Error, ErrorKind};
use crate::ids::TaskNo;
use crate::transcript::Status;
use crate::video_file::VideoFile;

/// A call to make.
pub(super) enum WorkerCall {
    /// Hash a file.
    Hash {
        /// The item.
        item: ItemId,
        /// The file.
        file: Arc<VideoFile>,
        /// The number of bytes that were read.
        progress: Arc<FileProgress>,
    },
    /// Upload a file.
    Upload {
        /// The item.
        item: ItemId,
        /// The permit that it uses.
        permit: Permit,
        /// The file.
        request: UploadRequest,
        /// Observes the upload.
        monitor: UploadMonitor,
    },
    /// Fetch a page of the listing of videos.
    List {
        /// The permit that it uses.
        permit: Permit,
        /// The videos to list.
        filter: VideoFilter,
        /// The page, counted from 1.
        page: u32,
    },
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

impl CallResult {
    const fn of(worker: Option<usize>, event: Event<TaskResult>) -> Self {
        Self {
            worker,
            event,
            unknown_status: None,
        }
    }
}

/// A message from a worker to the driver.
pub(super) enum WorkerMessage {
    /// A call was answered.
    Done(Box<CallResult>),
    /// All but the last bytes of an upload are handed over; it waits for the answer.
    LastBytes(ItemId, SyncSender<Result<(), Error>>),
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

impl<S: Fn(WorkerMessage) + Clone + Send + Sync + 'static> Workers<S> {
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
            None if self.channels.is_empty() => return Some(answer_here(&self.api, call)),
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

/// Makes a call in the caller's thread. An upload cannot be: it waits for that thread at its end.
fn answer_here(api: &ApiClient, call: WorkerCall) -> CallResult {
    match call {
        WorkerCall::Upload { item, permit, .. } => {
            let error = Error::new(ErrorKind::Io, "no thread can be started for the upload");
            let error = ApiError {
                is_incomplete: true,
                ..ApiError::permanent(error.with_hint("raise the limit of processes (ulimit -u)"))
            };
            CallResult::of(None, Event::uploaded(item, permit, Err(error)))
        }
        call => answer(api, None, call),
    }
}

fn answer(api: &ApiClient, worker: Option<usize>, call: WorkerCall) -> CallResult {
    match call {
        WorkerCall::Hash {
            item,
            file,
            progress,
        } => {
            let result = file.sha256(|bytes| progress.set(bytes));
            CallResult::of(worker, Event::Hashed { item, result })
        }
        WorkerCall::Upload {
            item,
            permit,
            request,
            monitor,
        } => {
            let observer: Arc<dyn UploadObserver> = Arc::new(monitor);
            let result = api.upload(&request, &observer);
            CallResult::of(worker, Event::uploaded(item, permit, result))
        }
        WorkerCall::List {
            permit,
            filter,
            page,
        } => {
            let result = api.list_videos(&filter, page);
            let has_namesake = false;
            CallResult::of(
                worker,
                Event::Listed {
                    permit,
                    result,
                    has_namesake,
                },
            )
        }
        WorkerCall::Submit {
            item,
            permit,
            submission,
        } => {
            let result = api.submit(&submission);
            let event = Event::Submitted {
                item,
                permit,
                result,
            };
            CallResult::of(worker, event)
        }
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
            let event = Event::Polled {
                item,
                permit,
                result,
            };
            CallResult {
                unknown_status,
                ..CallResult::of(worker, event)
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
