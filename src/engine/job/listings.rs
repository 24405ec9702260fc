//! Listings of videos: one answers for all that are being parsed, and tells whether an upload whose
//! answer was lost was accepted.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::event::{Action, ItemId, Message};
use super::super::item::Item;
use super::super::listing::{Listing, MAX_PAGES, unknown_status};
use super::super::rate_limit::Permit;
use super::super::retry::{Call, Decision, RetryLimit};
use super::item_queue::ItemQueue;
use super::lanes::permit_action;
use super::{Ending, Job};
use crate::api::{ApiError, VideoFilter, VideoPage};
use crate::ids::VideoNo;

/// The age of a video at its first listing: parsing takes about 30 s for a minute of video.
pub(super) const FIRST_LISTING: Duration = Duration::from_secs(10);

/// The listings of a run.
#[derive(Debug, Default)]
pub(super) struct Listings {
    /// The videos that are being parsed, and when each wants a listing.
    pub(super) parsing: BTreeSet<(Duration, ItemId)>,
    /// The uploads whose answer was lost.
    pub(super) look_ups: ItemQueue,
    /// The listing under way.
    active: Option<ActiveListing>,
    /// Failed calls since the last answer.
    failures: u32,
    has_warned_of_status: bool,
}

/// A listing under way.
#[derive(Debug)]
pub(super) struct ActiveListing {
    purpose: Purpose,
    filter: VideoFilter,
    /// The next page, or the one in flight.
    page: u32,
    is_in_flight: bool,
    listing: Listing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
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
    pub(super) fn new(purpose: Purpose, filter: VideoFilter) -> Self {
        Self {
            purpose,
            filter,
            page: 1,
            is_in_flight: false,
            listing: Listing::default(),
        }
    }
}
