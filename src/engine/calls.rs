//! The calls of a run, each made once by a worker thread.

use std::sync::Arc;
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
    /// The answer, for the job.
    pub(super) event: Event<TaskResult>,
    /// The unknown status of a task, redacted for display.
    pub(super) unknown_status: Option<String>,
}

impl From<Event<TaskResult>> for CallResult {
    fn from(event: Event<TaskResult>) -> Self {
        Self {
            event,
            unknown_status: None,
        }
    }
}

/// Makes a call in the thread of the loop. An upload cannot be: it waits for that thread at its end.
pub(super) fn answer_here(api: &ApiClient, call: WorkerCall) -> CallResult {
    match call {
        WorkerCall::Upload { item, permit, .. } => {
            Event::uploaded(item, permit, Err(no_thread())).into()
        }
        call => answer(api, call),
    }
}

/// Returns the failure of an upload that was not begun.
fn no_thread() -> ApiError {
    let error = Error::new(ErrorKind::Io, "no thread can be started for the upload");
    ApiError::permanent(error.with_hint("raise the limit of processes (ulimit -u)"))
}

/// Makes a call.
pub(super) fn answer(api: &ApiClient, call: WorkerCall) -> CallResult {
    match call {
        WorkerCall::Hash {
            item,
            file,
            progress,
        } => {
            let result = hash(&file, &progress);
            Event::Hashed { item, result }.into()
        }
        WorkerCall::Upload {
            item,
            permit,
            request,
            monitor,
        } => {
            let observer: Arc<dyn UploadObserver> = Arc::new(monitor);
            let result = api.upload(&request, &observer);
            Event::uploaded(item, permit, result).into()
        }
        WorkerCall::List {
            permit,
            filter,
            page,
        } => {
            let result = api.list_videos(&filter, page);
            let has_namesake = false;
            Event::Listed {
                permit,
                result,
                has_namesake,
            }
            .into()
        }
        WorkerCall::Submit {
            item,
            permit,
            submission,
        } => {
            let result = api.submit(&submission);
            Event::Submitted {
                item,
                permit,
                result,
            }
            .into()
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
                event,
                unknown_status,
            }
        }
    }
}

/// Returns the SHA-256 of a file.
fn hash(file: &VideoFile, progress: &FileProgress) -> Result<String, Error> {
    file.sha256(|bytes| progress.set(bytes))
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
    let named = &transcript.task_no;
    let other_task = is_other(named, task).then(|| reply.redacted_excerpt(named));
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

/// Returns `true` if the task that a reply names is not the one that was asked about. It may name none.
fn is_other(named: &str, task: &TaskNo) -> bool {
    !named.is_empty() && TaskNo::new(named).ok().as_ref() != Some(task)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::retry::is_possibly_accepted;
    use super::*;

    #[test]
    fn hash_tells_how_much_of_the_file_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("talk.mp4");
        fs::write(&path, "content").unwrap();
        let (file, progress) = (
            VideoFile::look(&path, None).unwrap(),
            FileProgress::default(),
        );
        let sha256 = hash(&file, &progress).unwrap();
        assert_eq!((&sha256[..8], progress.bytes()), ("ed7002b4", 7));
    }

    #[test]
    fn reply_may_name_its_task_or_none() {
        let task = TaskNo::new("T1").unwrap();
        let others = ["T1", " T1 ", "", "T2", "T", "T1\u{1b}"].map(|named| is_other(named, &task));
        assert_eq!(others, [false, false, false, true, true, true]);
    }

    #[test]
    fn upload_without_a_thread_was_certainly_not_accepted() {
        assert!(!is_possibly_accepted(&no_thread()));
    }
}
