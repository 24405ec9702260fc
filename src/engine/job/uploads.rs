//! Files: hashed, looked up in the record, and uploaded. The first item of a file does that; the others,
//! of further types, follow it.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::super::event::{Action, ItemId, Message, RecordedUpload};
use super::super::item::{Item, State, UploadStage};
use super::super::rate_limit::{Endpoint, Permit};
use super::super::retry::{Call, Decision, is_possibly_accepted};
use super::item_queue::ItemQueue;
use super::lanes::permit_action;
use super::messages::with_names;
use super::submits::ends_submits;
use super::{Ending, Job};
use crate::api::{ApiError, UploadedVideo};
use crate::error::{Error, ErrorKind};
use crate::ids::TranscriptionType;
use crate::text;
use crate::video_file::VideoFile;

/// The time after which the record is looked at again for an upload that another run has under way.
const FIND_AGAIN: Duration = Duration::from_secs(2);

/// The files of a run that wait for something, and the number of those in work.
#[derive(Debug, Default)]
pub(super) struct FileQueues {
    /// Files to hash.
    pub(super) hashes: ItemQueue,
    /// Files to look up in the record.
    pub(super) finds: ItemQueue,
    /// Files to upload.
    pub(super) uploads: ItemQueue,
    /// Uploads and hashes under way.
    pub(super) in_flight: usize,
    pub(super) has_files: bool,
    /// The uploads under way have been told to end.
    pub(super) is_cancelled: bool,
    /// The failure that ended the uploads of the run, but nothing else, if one did.
    pub(super) stop: Option<Error>,
}

impl<R> Job<R> {
    /// Adds the items of a file.
    pub(super) fn add_upload(
        &mut self,
        file: &Arc<VideoFile>,
        types: &[TranscriptionType],
        is_hashed: bool,
    ) {
        self.files.has_files = true;
        let leader = self.items.len();
        let (state, queue) = if is_hashed {
            (State::Hashing { is_running: false }, &mut self.files.hashes)
        } else {
            (
                State::Uploading(UploadStage::Waiting),
                &mut self.files.uploads,
            )
        };
        queue.push(leader);
        let item = |state, transcription_type| Item {
            file: Some(Arc::clone(file)),
            transcription_type,
            ..Item::new(state)
        };
        self.items.push(item(state, types.first().copied()));
        for follower in types.iter().skip(1) {
            self.items.push(Item {
                leader: Some(leader),
                ..item(State::AwaitingUpload, Some(*follower))
            });
        }
    }

    /// Returns the number of uploads under way.
    pub(super) fn uploads_in_flight(&self) -> usize {
        let sent = [UploadStage::Sending, UploadStage::Sent].map(State::Uploading);
        let in_flight = self.items.iter().filter(|item| sent.contains(&item.state));
        in_flight.count()
    }

    /// Begins to hash files, and looks up those that are hashed: few ahead of the uploads, unless these have
    /// to wait anyway.
    pub(super) fn advance_files(&mut self) {
        while let Some(id) = self.files.finds.take_first() {
            // Its time may be up.
            if self.items[id].state.is_open() {
                self.actions.push(Action::FindUpload(id));
            }
        }
        while (self.files.uploads.len() < self.upload_slots() || self.must_wait(Endpoint::Upload))
            && self.is_worker_free(Endpoint::Upload)
            && let Some(id) = self.files.hashes.take_first()
        {
            self.files.in_flight += 1;
            self.in_flight += 1;
            self.begin_stage(id, State::Hashing { is_running: true });
            self.actions.push(Action::Hash(id));
        }
    }

    pub(super) fn on_hashed(&mut self, id: ItemId, result: Result<String, Error>) {
        self.files.in_flight -= 1;
        self.in_flight -= 1;
        self.begin_stage(id, State::Hashing { is_running: false });
        match result {
            Ok(sha256) => {
                self.items[id].sha256 = Some(sha256);
                self.files.finds.push(id);
            }
            Err(error) => self.upload_failed(id, error),
        }
    }

    /// Uploads the first file of the queue. Returns the permit if there is none.
    pub(super) fn send_upload(&mut self, permit: Permit) -> Option<Permit> {
        let Some(id) = self.files.uploads.take_first() else {
            return Some(permit);
        };
        self.files.in_flight += 1;
        self.begin_stage(id, State::Uploading(UploadStage::Sending));
        let item = &self.items[id];
        if item.failures == 0 {
            let size = item.file.as_ref().map_or(0, |file| file.size);
            let note = format!("{}: uploading {}", self.source(id), text::size(size));
            self.tell(Message::Change(note));
        }
        self.actions.push(Action::Upload(id, permit));
        None
    }

    pub(super) fn on_upload_found(
        &mut self,
        id: ItemId,
        permit: Option<Permit>,
        found: Result<Option<RecordedUpload>, Error>,
    ) {
        if let Some(permit) = permit {
            self.files.in_flight -= 1;
            self.in_flight -= 1;
            self.actions.push(Action::Cancel(permit));
        }
        if !self.items[id].state.is_open() {
            return;
        }
        self.begin_stage(id, State::Uploading(UploadStage::Waiting));
        if self.ending.is_some() || self.submit_stop.is_some() {
            self.not_started(id);
            return;
        }
        match found {
            Ok(None) => self.queue_upload(id),
            Ok(Some(found)) if !self.options.uploads.reuse => {
                let label = self.source(id);
                let warning = match found {
                    RecordedUpload::Video(video) => format!(
                        "{label} was uploaded before as {}; --reuse uses that video in place of a new upload",
                        video.video_no
                    ),
                    RecordedUpload::InProgress => {
                        format!("{label} is being uploaded by another run; --reuse waits for it")
                    }
                    RecordedUpload::Unanswered(_) => format!(
                        "an earlier upload of {label} got no answer and may have been accepted; --reuse \
                         looks for its video"
                    ),
                };
                self.tell(Message::Warning(warning));
                self.queue_upload(id);
            }
            Ok(Some(RecordedUpload::Video(video))) => {
                let note = format!("{}: uploaded before as {}", self.source(id), video.video_no);
                self.tell(Message::Change(note));
                self.on_video(id, video, true);
            }
            Ok(Some(RecordedUpload::InProgress)) => self.await_other_run(id),
            Ok(Some(RecordedUpload::Unanswered(began))) => {
                self.begin_look_up(id, began, None);
            }
            Err(error) => self.upload_failed(id, error),
        }
    }

    /// Uploads an item once its turn comes, unless no file is uploaded any more.
    fn queue_upload(&mut self, id: ItemId) {
        if self.files.stop.is_none() {
            self.files.uploads.push(id);
        } else {
            self.not_started(id);
        }
    }

    /// Uploads nothing more. Recorded uploads are still used.
    pub(super) fn stop_uploads(&mut self, error: Error) {
        let left: Vec<ItemId> = self.files.uploads.clear().collect();
        for id in left {
            self.not_started(id);
        }
        self.files.stop.get_or_insert(error);
    }

    /// Ends an item, and those that follow it, for which nothing was paid.
    pub(super) fn not_started(&mut self, id: ItemId) {
        for member in self.members(id) {
            self.set_state(member, State::NotStarted);
        }
    }

    /// Another run, or another item of this one, uploads the same content: its outcome counts.
    fn await_other_run(&mut self, id: ItemId) {
        if self.items[id].awaits_other_since.is_none() {
            self.items[id].awaits_other_since = Some(self.now);
            self.set_deadline(id);
            let note = format!(
                "{}: the same content is being uploaded by another run or under another name; \
                 waiting for it",
                self.source(id)
            );
            self.tell(Message::Change(note));
        } else if let Some(deadline) = self.items[id].deadline {
            self.deadlines.insert((deadline, id));
        }
        self.files.finds.delay(id, self.now + FIND_AGAIN);
    }

    /// All but the last bytes are handed over: the last moment at which nothing is paid for.
    pub(super) fn on_last_bytes(&mut self, id: ItemId) {
        let goes_on = self.ending.is_none() && !self.is_stopped;
        if goes_on {
            self.items[id].state = State::Uploading(UploadStage::Sent);
        }
        self.actions.push(Action::HandOver(id, goes_on));
    }

    pub(super) fn on_uploaded(
        &mut self,
        id: ItemId,
        permit: Permit,
        result: Result<UploadedVideo, ApiError>,
        began: Timestamp,
    ) {
        self.files.in_flight -= 1;
        self.in_flight -= 1;
        self.actions
            .push(permit_action(permit, result.as_ref().err()));
        match result {
            Ok(UploadedVideo { video, sha256 }) => {
                self.outage_ended();
                self.items[id].sha256 = Some(sha256);
                let note = format!("{}: uploaded as {}", self.source(id), video.video_no);
                self.tell(Message::Change(note));
                self.on_video(id, video, false);
            }
            Err(error) => self.on_upload_error(id, error, began),
        }
    }

    fn on_upload_error(&mut self, id: ItemId, error: ApiError, began: Timestamp) {
        let is_ending =
            self.ending.is_some() || self.submit_stop.is_some() || self.files.stop.is_some();
        self.begin_stage(id, State::Uploading(UploadStage::Waiting));
        if error.renews_token && !is_ending {
            self.files.uploads.push(id);
            return;
        }
        let is_unknown = is_possibly_accepted(&error);
        if (is_ending && error.is_incomplete && !is_unknown) || self.has_no_token_left(&error) {
            // It was given up.
            self.not_started(id);
            return;
        }
        let item = &mut self.items[id];
        item.failures += 1;
        let failures = item.failures;
        let limit = self.options.retries;
        let decision = self.retry.decide(Call::Upload, &error, limit, failures);
        if let (Decision::Retry(after), false) = (decision, is_ending) {
            self.outage_started(&error.error);
            self.files.uploads.delay(id, self.now + after);
        } else if is_unknown && error.named_video.is_none() && self.ending.is_none() {
            self.begin_look_up(id, began, Some(error.error));
        } else if is_unknown {
            self.upload_unknown(id, error);
        } else {
            self.upload_refused(id, error.error);
        }
    }

    /// The upload certainly was not accepted, and is not repeated.
    fn upload_refused(&mut self, id: ItemId, error: Error) {
        let what = format!("could not upload {}", self.source(id));
        let mut error = error.prefixed(what);
        if matches!(error.api_code.as_deref(), Some("0001" | "0003")) {
            error = error.with_hint(
                "check that the file is a video of a kind that the service takes: h264, h265 or vp9",
            );
        }
        if error.is_refused_token() {
            self.end(Ending::AuthFailed(error));
        } else if ends_submits(&error) {
            self.files.uploads.push(id);
            self.stop_submits(error);
        } else {
            self.fail_file(id, error);
        }
    }

    /// Nothing says whether the upload was accepted.
    fn upload_unknown(&mut self, id: ItemId, error: ApiError) {
        let what = format!("could not upload {}", self.source(id));
        let mut report = error.error.prefixed(what);
        report.kind = ErrorKind::Network;
        let unknown = "; it is not known whether the service accepted it";
        report.message.push_str(unknown);
        if let Some(video) = error.named_video {
            let _ = write!(report.message, " (its reply names video {video})");
            self.items[id].video = Some(video);
        }
        report.hint = Some(self.unknown_upload_hint(id));
        self.end_unknown(id, report);
    }

    /// Ends an item, and those that follow it, whose upload may have been accepted.
    pub(super) fn end_unknown(&mut self, id: ItemId, error: Error) {
        let exit = error.kind.exit();
        let error = with_names(error, &self.items[id]);
        self.report(id, error);
        self.actions.push(Action::ReleaseUpload(id));
        for member in self.members(id) {
            self.set_state(member, State::Unknown(exit));
        }
    }

    /// The file cannot be uploaded.
    fn upload_failed(&mut self, id: ItemId, error: Error) {
        let what = format!("could not upload {}", self.source(id));
        self.fail_file(id, error.prefixed(what));
    }

    /// Ends an item, and those that follow it, with this failure.
    pub(super) fn fail_file(&mut self, id: ItemId, error: Error) {
        let exit = error.kind.exit();
        let error = with_names(error, &self.items[id]);
        self.report(id, error);
        for member in self.members(id) {
            self.set_state(member, State::Failed(exit));
        }
    }

    /// Gives up the uploads whose last bytes have not been handed over.
    pub(super) fn cancel_uploads(&mut self) {
        if std::mem::replace(&mut self.files.is_cancelled, true) {
            return;
        }
        let sending = State::Uploading(UploadStage::Sending);
        let items = self.items.iter().enumerate();
        let open = items.filter(|(_, item)| item.state == sending);
        self.actions
            .extend(open.map(|(id, _)| Action::CancelUpload(id)));
    }

    /// Returns an item and those that follow it.
    pub(super) fn members(&self, leader: ItemId) -> Range<ItemId> {
        let rest = &self.items[leader + 1..];
        let followers = rest.iter().take_while(|item| item.leader == Some(leader));
        leader..leader + 1 + followers.count()
    }

    /// Returns the name of an item's file for messages.
    pub(super) fn source(&self, id: ItemId) -> String {
        self.items[id].source().unwrap_or_default()
    }

    /// Returns the hint for an upload that may have been accepted.
    pub(super) fn unknown_upload_hint(&self, id: ItemId) -> String {
        let (looks, anew) = if self.items[id].transcription_type.is_some() {
            ("run the same command again", "add --again")
        } else {
            (
                "run the same command again with --reuse",
                "leave out --reuse",
            )
        };
        format!(
            "it was not sent again, since that could be paid for twice; to look for it again, {looks}; to \
             upload it anew all the same, {anew}"
        )
    }
}
