//! The videos of files: parsed by the service, or not, and then submitted for each type.

use std::time::Duration;

use jiff::SignedDuration;

use super::super::event::{Action, ItemId, Message};
use super::super::item::State;
use super::super::listing::Listing;
use super::Job;
use super::listings::{ActiveListing, FIRST_LISTING, Purpose};
use crate::api::{Video, VideoFilter, VideoStatus};
use crate::error::{Error, ErrorKind};
use crate::text;

/// The gap between two listings is this part of the age of the video, within bounds.
const GAP_DIVISOR: u32 = 4;
const MAX_GAP: Duration = Duration::from_mins(5);
/// A listing at a lower age does not count: the video can hardly be parsed.
const MIN_AGE: Duration = Duration::from_secs(5);
/// The difference of the two clocks that the filter by time allows for.
const CLOCK_MARGIN: SignedDuration = SignedDuration::from_hours(1);
/// The number of listings without a video after which the user is told.
const MISSING_LISTINGS: u32 = 3;

impl<R> Job<R> {
    /// The video of a file is known, from the service's reply, the listing, or the record.
    pub(super) fn on_video(&mut self, id: ItemId, video: Video, is_recorded: bool) {
        let status = video.status();
        let item = &mut self.items[id];
        item.failures = 0;
        item.awaits_other_since = None;
        item.video = Some(video.video_no.clone());
        item.details = Some(video);
        match status {
            VideoStatus::Parsed => self.on_parsed(id, !is_recorded),
            VideoStatus::Failed => self.on_parse_failed(id, !is_recorded),
            VideoStatus::Pending if self.options.uploads.waits_for_parse => {
                self.begin_stage(id, State::Parsing);
                self.set_deadline(id);
                self.listings.watch(self.now, id, is_recorded);
            }
            VideoStatus::Pending => self.begin_submits(id),
        }
    }

    /// The service has parsed the video; `is_news` if the record does not know it.
    pub(super) fn on_parsed(&mut self, id: ItemId, is_news: bool) {
        if is_news {
            self.actions.push(Action::RecordParsed(id, true));
        }
        if self.items[id].state == State::Parsing {
            let note = format!("{}: parsed", self.source(id));
            self.tell(Message::Change(note));
        }
        self.begin_submits(id);
    }

    /// The service could not parse the video.
    pub(super) fn on_parse_failed(&mut self, id: ItemId, is_news: bool) {
        if is_news {
            self.actions.push(Action::RecordParsed(id, false));
        }
        let item = &self.items[id];
        let video = item.video.as_ref().map(ToString::to_string);
        let word = item
            .details
            .as_ref()
            .and_then(|video| video.status_word.as_deref());
        let word = text::excerpt(word.unwrap_or("FAIL"), 40);
        let (source, video) = (self.source(id), video.unwrap_or_default());
        let message = if is_news {
            format!("{source}: the service could not parse the video {video} (status {word})")
        } else {
            format!(
                "{source}: it was uploaded before as {video}, which the service could not parse"
            )
        };
        let hint = "check that the file plays and has a sound track; to upload it anew, run the \
                    command with --again";
        let hint = if item.transcription_type.is_some() {
            hint
        } else {
            "check that the file plays and has a sound track, then upload it again"
        };
        let error = Error::new(ErrorKind::TaskFailed, message).with_hint(hint);
        self.fail_file(id, error);
    }

    /// Submits the video of a file for each type, or ends the item where the upload was all that was
    /// asked for.
    fn begin_submits(&mut self, leader: ItemId) {
        let (video, sha256) = (
            self.items[leader].video.clone(),
            self.items[leader].sha256.clone(),
        );
        for id in self.members(leader) {
            let item = &mut self.items[id];
            (item.video, item.sha256) = (video.clone(), sha256.clone());
            item.started_at = item.started_at.or(Some(self.now));
            let Some(transcription_type) = item.transcription_type else {
                self.set_state(id, State::Done);
                continue;
            };
            if self.submit_stop.is_some() {
                self.set_state(id, State::NotStarted);
                continue;
            }
            self.begin_stage(id, State::Submitting { is_sent: false });
            self.items[id].deadline = None;
            self.queue(transcription_type).push(id);
        }
    }

    /// Returns the listing for all videos that are being parsed: since the earliest of their uploads,
    /// or of all videos where one was not in the last.
    pub(super) fn parse_listing(&self) -> ActiveListing {
        let watched = self.listings.parsing.iter().map(|(_, id)| &self.items[*id]);
        let since = watched.map(|item| {
            let uploaded = item.details.as_ref().and_then(|video| video.uploaded_at);
            let is_missing = item.missing_listings > 0;
            uploaded
                .filter(|_| !is_missing)?
                .checked_sub(CLOCK_MARGIN)
                .ok()
        });
        let filter = VideoFilter {
            // `None` is the least.
            since: since.min().flatten(),
            ..VideoFilter::default()
        };
        ActiveListing::new(Purpose::Parse, filter)
    }

    pub(super) fn on_parse_listing(&mut self, listing: &Listing) {
        for (due, id) in std::mem::take(&mut self.listings.parsing) {
            let item = &mut self.items[id];
            let video = item.video.as_ref().and_then(|video| listing.get(video));
            if let Some(video) = video {
                item.missing_listings = 0;
                item.details = Some(Video {
                    name: video
                        .name
                        .clone()
                        .or(item.details.take().and_then(|it| it.name)),
                    ..video.clone()
                });
                match video.status() {
                    VideoStatus::Parsed => {
                        self.on_parsed(id, true);
                        continue;
                    }
                    VideoStatus::Failed => {
                        self.on_parse_failed(id, true);
                        continue;
                    }
                    VideoStatus::Pending => {}
                }
            } else {
                item.missing_listings += 1;
                if item.missing_listings == MISSING_LISTINGS {
                    let video = item.video.as_ref().map(ToString::to_string);
                    let warning = format!(
                        "{}: the service does not list its video {}; it may have been deleted",
                        self.source(id),
                        video.unwrap_or_default()
                    );
                    self.tell(Message::Warning(warning));
                }
            }
            let age = self.now.saturating_sub(self.items[id].since);
            let due = if age < MIN_AGE && due > self.now {
                due
            } else {
                self.now + (age / GAP_DIVISOR).clamp(FIRST_LISTING, MAX_GAP)
            };
            self.listings.parsing.insert((due, id));
        }
    }
}
