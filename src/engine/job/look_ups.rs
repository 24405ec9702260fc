//! Uploads whose answer was lost: the service is asked whether it has their videos.

use std::time::Duration;

use jiff::Timestamp;

use super::super::event::{Action, ItemId, Message};
use super::super::item::{LookUp, State, UploadStage};
use super::super::listing::Listing;
use super::Job;
use super::listings::{ActiveListing, Purpose};
use crate::api::{Video, VideoFilter};
use crate::error::{Error, ErrorKind};

/// Pauses before the service is asked again for a video that it does not list yet.
const LOOK_UP_PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];

impl<R> Job<R> {
    /// Asks the service whether it has the video of an upload that began then.
    pub(super) fn begin_look_up(&mut self, id: ItemId, began: Timestamp, error: Option<Error>) {
        let what = match &error {
            Some(error) => error.message.clone(),
            None => "an earlier upload has no recorded answer".to_owned(),
        };
        let note = format!(
            "{}: {what}; looking for the video in the account",
            self.source(id)
        );
        self.tell(Message::Info(note));
        self.begin_stage(id, State::LookingUp);
        self.items[id].look_up = Some(LookUp {
            began,
            error,
            listings: 0,
        });
        self.listings.look_ups.push(id);
    }

    pub(super) fn look_up_listing(&self, id: ItemId) -> ActiveListing {
        let item = &self.items[id];
        ActiveListing::new(
            Purpose::LookUp(id),
            VideoFilter {
                since: item
                    .look_up
                    .as_ref()
                    .map(|look_up| whole_second(look_up.began)),
                name: item.file.as_ref().map(|file| file.name.clone()),
                ..VideoFilter::default()
            },
        )
    }

    pub(super) fn on_look_up(&mut self, id: ItemId, listing: &Listing, has_namesake: bool) {
        let (Some(file), Some(mut look_up)) =
            (self.items[id].file.clone(), self.items[id].look_up.take())
        else {
            return;
        };
        let since = whole_second(look_up.began);
        let is_match = |video: &&Video| {
            video.name.as_deref() == Some(&*file.name)
                && video.uploaded_at.is_some_and(|time| time >= since)
        };
        let matches: Vec<&Video> = listing.videos.iter().filter(is_match).collect();
        match &matches[..] {
            [_] if has_namesake && self.is_namesake_in_flight(&file.name) => {
                // Its answer names its video.
                self.items[id].look_up = Some(look_up);
                self.listings
                    .look_ups
                    .delay(id, self.now + LOOK_UP_PAUSES[0]);
            }
            [video] if has_namesake => {
                let why = format!(
                    "the account lists one video named {:?} since, {}, but the answer to the upload of \
                     another file of that name was lost too",
                    file.name, video.video_no
                );
                self.look_up_failed(id, look_up, &why);
            }
            [video] => {
                let video = (*video).clone();
                let number = &video.video_no;
                let note = format!("{}: the service has it, as {number}", self.source(id));
                self.tell(Message::Info(note));
                self.actions.push(Action::ResolveUpload(id, number.clone()));
                self.on_video(id, video, false);
            }
            [] if look_up.listings < LOOK_UP_PAUSES.len() => {
                let pause = LOOK_UP_PAUSES[look_up.listings];
                look_up.listings += 1;
                self.items[id].look_up = Some(look_up);
                self.listings.look_ups.delay(id, self.now + pause);
            }
            [] => {
                let why = format!("the account lists no video named {:?} since", file.name);
                self.look_up_failed(id, look_up, &why);
            }
            several => {
                let why = format!(
                    "the account lists {} videos named {:?} since",
                    several.len(),
                    file.name
                );
                self.look_up_failed(id, look_up, &why);
            }
        }
    }

    /// Returns `true` if a file of this name was sent whole, and its answer is still waited for.
    fn is_namesake_in_flight(&self, name: &str) -> bool {
        let sent = State::Uploading(UploadStage::Sent);
        let mut in_flight = self.items.iter().filter(|item| item.state == sent);
        in_flight.any(|item| item.file.as_ref().is_some_and(|file| file.name == name))
    }

    /// The account does not tell whether the upload was accepted.
    pub(super) fn look_up_failed(&mut self, id: ItemId, look_up: LookUp, why: &str) {
        let what = match look_up.error {
            Some(error) => format!("could not upload {}: {}", self.source(id), error.message),
            None => format!(
                "could not upload {}: an earlier upload has no recorded answer",
                self.source(id)
            ),
        };
        let message = format!("{what}; it is not known whether the service accepted it ({why})");
        let hint = self.unknown_upload_hint(id);
        let error = Error::new(ErrorKind::Network, message).with_hint(hint);
        self.end_unknown(id, error);
    }
}

/// Rounds a time down to the second, in which the service may count.
fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
