//! Listings of videos: one answers for all that are being parsed, and tells whether an upload whose
//! answer was lost was accepted.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::super::event::{Action, ItemId, Message};
use super::super::item::{Item, LookUp, State, UploadStage};
use super::super::listing::{Listing, MAX_PAGES, unknown_status};
use super::super::rate_limit::Permit;
use super::super::retry::{Call, Decision, RetryLimit};
use super::item_queue::ItemQueue;
use super::lanes::permit_action;
use super::{Ending, Job};
use crate::api::{ApiError, Video, VideoFilter, VideoPage, VideoStatus};
use crate::error::{Error, ErrorKind};
use crate::ids::VideoNo;

/// The age of a video at its first listing: parsing takes about 30 s for a minute of video.
const FIRST_LISTING: Duration = Duration::from_secs(10);
/// The gap between two listings is this part of the age of the video, within bounds.
const GAP_DIVISOR: u32 = 4;
const MAX_GAP: Duration = Duration::from_mins(5);
/// A listing at a lower age does not count: the video can hardly be parsed.
const MIN_AGE: Duration = Duration::from_secs(5);
/// The difference of the two clocks that the filter by time allows for.
const CLOCK_MARGIN: SignedDuration = SignedDuration::from_hours(1);
/// Pauses before the service is asked again for a video that it does not list yet.
const LOOK_UP_PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];
/// The number of listings without a video after which the user is told.
const MISSING_LISTINGS: u32 = 3;

/// The listings of a run.
#[derive(Debug, Default)]
pub(super) struct Listings {
    /// The videos that are being parsed, and when each wants a listing.
    parsing: BTreeSet<(Duration, ItemId)>,
    /// The uploads whose answer was lost.
    look_ups: ItemQueue,
    /// The listing under way.
    active: Option<ActiveListing>,
    /// Failed calls since the last answer.
    failures: u32,
    has_warned_of_status: bool,
}

/// A listing under way.
#[derive(Debug)]
struct ActiveListing {
    purpose: Purpose,
    filter: VideoFilter,
    /// The next page, or the one in flight.
    page: u32,
    is_in_flight: bool,
    listing: Listing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    /// Tells which videos are parsed.
    Parse,
    /// Looks for the video of an upload.
    LookUp(ItemId),
}

impl Listings {
    /// Begins to watch a video; one of an earlier run is looked at at once.
    pub(super) fn watch(&mut self, now: Duration, id: ItemId, is_old: bool) {
        let due = if is_old { now } else { now + FIRST_LISTING };
        self.parsing.insert((due, id));
    }

    /// Ends the watch of a video.
    pub(super) fn remove(&mut self, id: ItemId) {
        self.parsing.retain(|(_, other)| *other != id);
    }

    /// Wants a listing now for this video: the service reports that it is parsed.
    pub(super) fn hasten(&mut self, now: Duration, items: &[Item], video: &VideoNo) {
        let watched = self.parsing.iter().copied();
        let mut of_video = watched.filter(|(_, id)| items[*id].video.as_ref() == Some(video));
        if let Some(entry) = of_video.next() {
            self.parsing.remove(&entry);
            self.parsing.insert((entry.0.min(now), entry.1));
        }
    }

    /// Returns when the next listing is due; `None` while one is in flight, or nothing wants one.
    pub(super) fn next_due(&self) -> Option<Duration> {
        match &self.active {
            Some(active) if active.is_in_flight => None,
            Some(_) => Some(Duration::ZERO),
            None => {
                let ready = self.look_ups.first().map(|_| Duration::ZERO);
                let parsing = self.parsing.first().map(|(due, _)| *due);
                [ready, self.look_ups.next(), parsing]
                    .into_iter()
                    .flatten()
                    .min()
            }
        }
    }
}

impl<R> Job<R> {
    pub(super) fn is_list_due(&self) -> bool {
        self.listings.next_due().is_some_and(|due| due <= self.now)
    }

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

    /// Fetches the next page of the listing under way, or the first of a new one. Returns the permit
    /// if nothing wants one.
    pub(super) fn send_list(&mut self, permit: Permit) -> Option<Permit> {
        if !self.is_list_due() {
            return Some(permit);
        }
        if self.listings.active.is_none() {
            self.listings.look_ups.make_ready(self.now);
            self.listings.active = Some(match self.listings.look_ups.take_first() {
                Some(id) => self.look_up_listing(id),
                None => self.parse_listing(),
            });
        }
        let active = self.listings.active.as_mut()?;
        active.is_in_flight = true;
        self.actions.push(Action::List {
            permit,
            filter: active.filter.clone(),
            page: active.page,
            look_up: match active.purpose {
                Purpose::Parse => None,
                Purpose::LookUp(id) => Some(id),
            },
        });
        None
    }

    fn look_up_listing(&self, id: ItemId) -> ActiveListing {
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

    /// Returns the listing for all videos that are being parsed: since the earliest of their uploads,
    /// or of all videos where one was not in the last.
    fn parse_listing(&self) -> ActiveListing {
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

    pub(super) fn on_listed(
        &mut self,
        permit: Permit,
        result: Result<VideoPage, ApiError>,
        has_namesake: bool,
    ) {
        self.in_flight -= 1;
        self.actions
            .push(permit_action(permit, result.as_ref().err()));
        let Some(mut active) = self.listings.active.take() else {
            return;
        };
        if self.ending.is_some() {
            return;
        }
        let page = match result {
            Ok(page) => page,
            Err(error) => return self.on_list_failed(active.purpose, error),
        };
        self.listings.failures = 0;
        self.outage_ended();
        if let Some(word) = &page.unknown_status
            && !std::mem::replace(&mut self.listings.has_warned_of_status, true)
        {
            self.tell(Message::Warning(unknown_status(word)));
        }
        let is_last = active.listing.add(page, active.page) || active.page >= MAX_PAGES;
        match active.purpose {
            _ if !is_last && !self.has_all(&active) => {
                active.page += 1;
                active.is_in_flight = false;
                self.listings.active = Some(active);
            }
            Purpose::Parse => self.on_parse_listing(&active.listing),
            Purpose::LookUp(id) => {
                self.on_look_up(id, &active.listing, has_namesake);
            }
        }
    }

    /// Returns `true` if the pages so far have every video that is being parsed.
    fn has_all(&self, active: &ActiveListing) -> bool {
        let is_listed = |id: ItemId| {
            let video = self.items[id].video.as_ref();
            video.is_some_and(|video| active.listing.get(video).is_some())
        };
        active.purpose == Purpose::Parse
            && self.listings.parsing.iter().all(|(_, id)| is_listed(*id))
    }

    fn on_parse_listing(&mut self, listing: &Listing) {
        for (due, id) in std::mem::take(&mut self.listings.parsing) {
            // It may have ended meanwhile with the item that it follows.
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

    fn on_look_up(&mut self, id: ItemId, listing: &Listing, has_namesake: bool) {
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
    fn look_up_failed(&mut self, id: ItemId, look_up: LookUp, why: &str) {
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

    fn on_list_failed(&mut self, purpose: Purpose, error: ApiError) {
        if error.renews_token {
            self.list_again(self.now, purpose);
            return;
        }
        let listings = &mut self.listings;
        listings.failures = listings.failures.saturating_add(1);
        let limit = match purpose {
            Purpose::Parse => RetryLimit::Unlimited,
            Purpose::LookUp(_) => self.options.retries,
        };
        let decision = self
            .retry
            .decide(Call::List, &error, limit, listings.failures);
        let error = match decision {
            Decision::Retry(after) => {
                self.outage_started(&error.error);
                self.list_again(self.now + after, purpose);
                return;
            }
            Decision::GiveUp => error.error,
        };
        self.outage = None;
        self.listings.failures = 0;
        if error.is_refused_token() {
            let error = error.prefixed(self.list_purpose(purpose));
            // What is open stays open.
            self.list_again(self.now, purpose);
            self.end(Ending::AuthFailed(error));
            return;
        }
        match purpose {
            Purpose::LookUp(id) => {
                if let Some(look_up) = self.items[id].look_up.take() {
                    let why = format!("could not list the videos: {}", error.message);
                    self.look_up_failed(id, look_up, &why);
                }
            }
            Purpose::Parse => {
                for (_, id) in std::mem::take(&mut self.listings.parsing) {
                    let what = format!("could not check whether {} is parsed", self.source(id));
                    let mut error = error.clone().prefixed(what);
                    if self.items[id].transcription_type.is_none() {
                        // The upload is paid for: the same command would pay again.
                        let hint = "the video is uploaded and recorded: once the cause is mended, run \
                                    the command again with --reuse";
                        error = error.with_hint(hint);
                    }
                    self.fail_file(id, error);
                }
            }
        }
    }

    /// Returns the message for a listing that failed: what it was for.
    fn list_purpose(&self, purpose: Purpose) -> String {
        match purpose {
            Purpose::LookUp(id) => format!("could not look for the video of {}", self.source(id)),
            Purpose::Parse => match self.listings.parsing.first() {
                Some((_, id)) => format!("could not check whether {} is parsed", self.source(*id)),
                None => "could not list the videos".to_owned(),
            },
        }
    }

    /// Makes a listing again that failed, from its first page.
    fn list_again(&mut self, at: Duration, purpose: Purpose) {
        match purpose {
            Purpose::LookUp(id) => self.listings.look_ups.delay(id, at),
            Purpose::Parse => {
                let parsing = std::mem::take(&mut self.listings.parsing);
                let later = parsing.into_iter().map(|(due, id)| (due.max(at), id));
                self.listings.parsing = later.collect();
            }
        }
    }
}

impl ActiveListing {
    fn new(purpose: Purpose, filter: VideoFilter) -> Self {
        Self {
            purpose,
            filter,
            page: 1,
            is_in_flight: false,
            listing: Listing::default(),
        }
    }
}

/// Rounds a time down to the second, in which the service may count.
fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}
