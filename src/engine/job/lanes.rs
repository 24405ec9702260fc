//! Permits: one lane for each limit of the service. A lane asks for a permit only when there is an item
//! to serve and a worker to send it, and chooses the item when the permit is there.

use std::time::Duration;

use super::super::event::{Action, Message};
use super::super::item::State;
use super::super::rate_limit::{Endpoint, Pacing, Permit, Reservation};
use super::lane::{Lane, LanePermit};
use super::{Job, Polls, VERIFY_TIMEOUT};
use crate::api::{ApiError, FailureClass};
use crate::duration;
use crate::error::{Error, ErrorKind};

/// A wait for the limit of the minute that the user is told of: nothing else shows it.
const NOTED_WAIT: Duration = Duration::from_secs(5);

/// Minimum time between two such notes about the same calls.
const NOTE_INTERVAL: Duration = Duration::from_mins(1);

impl<R> Job<R> {
    pub(super) fn on_reserved(&mut self, endpoint: Endpoint, reservation: Reservation) {
        let permit = match reservation {
            Reservation::Slot { permit, wait } if wait.is_zero() => {
                self.serve(endpoint, permit);
                LanePermit::None
            }
            Reservation::Slot { permit, wait } => {
                let is_long = wait > VERIFY_TIMEOUT || self.is_throttled;
                if self.options.polls == Polls::Verify && is_long {
                    self.defer_verifications(wait);
                }
                self.note_wait(endpoint, wait);
                LanePermit::Slot(permit, self.now + wait)
            }
            Reservation::DaySpent { wait } => {
                self.on_day_spent(endpoint, wait);
                LanePermit::DaySpent(self.now + wait)
            }
        };
        self.lane(endpoint).permit = permit;
    }

    /// Tells the user of a long wait for the limit of the minute, unless waits are the normal state.
    fn note_wait(&mut self, endpoint: Endpoint, wait: Duration) {
        let is_normal = match endpoint {
            Endpoint::Get => self.options.polls != Polls::Once,
            Endpoint::List => true,
            Endpoint::SubmitAudio | Endpoint::SubmitVideo | Endpoint::Upload => false,
        };
        let now = self.now;
        let lane = self.lane(endpoint);
        let is_noted = (lane.noted_at).is_some_and(|noted| now < noted + NOTE_INTERVAL);
        if is_normal || is_noted || wait <= NOTED_WAIT {
            return;
        }
        lane.noted_at = Some(now);
        self.tell(Message::Info(format!(
            "the limit of {} per minute is reached; the next one starts in {}",
            calls(endpoint),
            duration::format(Duration::from_secs(wait.as_secs()))
        )));
    }

    /// Sends a call with this permit, for the item that is due first; where none is any more, gives
    /// the permit back.
    fn serve(&mut self, endpoint: Endpoint, permit: Permit) {
        if self.ending.is_some() || self.is_stopped {
            self.actions.push(Action::Cancel(permit));
            return;
        }
        let unused = match endpoint {
            Endpoint::Get => self.send_poll(permit),
            Endpoint::List => self.send_list(permit),
            Endpoint::SubmitAudio | Endpoint::SubmitVideo => self.send_submit(endpoint, permit),
            Endpoint::Upload => self.send_upload(permit),
        };
        match unused {
            Some(permit) => self.actions.push(Action::Cancel(permit)),
            None => self.in_flight += 1,
        }
    }

    /// Polls the task that is due first. Returns the permit if none is.
    fn send_poll(&mut self, permit: Permit) -> Option<Permit> {
        let Some(id) = self.schedule.due(self.now) else {
            return Some(permit);
        };
        self.schedule.take(id, self.now);
        let deadline = self.items[id].deadline.or(self.run_deadline());
        let left = deadline.map_or(Duration::MAX, |end| end.saturating_sub(self.now));
        let within = match self.options.polls {
            Polls::Verify => left.min(VERIFY_TIMEOUT),
            _ => left,
        };
        self.actions.push(Action::Poll(id, permit, within));
        None
    }

    /// Submits the first item of the queue. Returns the permit if there is none.
    fn send_submit(&mut self, endpoint: Endpoint, permit: Permit) -> Option<Permit> {
        let queue = match endpoint {
            Endpoint::SubmitVideo => &mut self.video,
            _ => &mut self.audio,
        };
        let Some(id) = queue.take_first() else {
            return Some(permit);
        };
        self.submits_in_flight += 1;
        if let Some(deadline) = self.items[id].deadline {
            // It was for the submit of another run.
            self.deadlines.remove(&(deadline, id));
        }
        self.items[id].state = State::Submitting { is_sent: true };
        self.actions.push(Action::Submit(id, permit));
        None
    }

    /// Asks for permits where an item is due and a worker is free. Returns when to look again.
    pub(super) fn advance_lanes(&mut self) -> Option<Duration> {
        let mut wake: Option<Duration> = None;
        let mut wake_at = |time: Duration| wake = Some(wake.map_or(time, |wake| wake.min(time)));
        for at in 0..self.lanes.len() {
            let endpoint = self.lanes[at].endpoint;
            let is_due = self.is_due(endpoint);
            let is_worker_free = self.is_worker_free(endpoint);
            let permit = std::mem::replace(&mut self.lanes[at].permit, LanePermit::None);
            self.lanes[at].permit = match permit {
                LanePermit::Asked => LanePermit::Asked,
                LanePermit::DaySpent(until) if self.now < until => {
                    wake_at(until);
                    LanePermit::DaySpent(until)
                }
                LanePermit::None | LanePermit::DaySpent(_) if is_due && is_worker_free => {
                    self.actions
                        .push(Action::Reserve(endpoint, self.pacing(endpoint)));
                    LanePermit::Asked
                }
                LanePermit::None | LanePermit::DaySpent(_) => LanePermit::None,
                LanePermit::Slot(permit, time) if self.now < time => {
                    wake_at(time);
                    LanePermit::Slot(permit, time)
                }
                LanePermit::Slot(permit, _) if !is_due => {
                    self.actions.push(Action::Cancel(permit));
                    LanePermit::None
                }
                LanePermit::Slot(permit, _) if is_worker_free => {
                    self.actions.push(Action::Start(endpoint, permit));
                    LanePermit::Asked
                }
                slot @ LanePermit::Slot(..) => slot,
            };
            let next_due = match endpoint {
                Endpoint::Get => self.schedule.next_due(),
                Endpoint::List => self.listings.next_due(),
                Endpoint::SubmitAudio | Endpoint::SubmitVideo | Endpoint::Upload => None,
            };
            if let Some(time) = next_due.filter(|_| !is_due) {
                wake_at(time);
            }
        }
        wake
    }

    /// Returns `true` if there is something to do at this endpoint now.
    fn is_due(&self, endpoint: Endpoint) -> bool {
        match endpoint {
            Endpoint::Get => self.schedule.due(self.now).is_some(),
            Endpoint::SubmitAudio => self.audio.first().is_some(),
            Endpoint::SubmitVideo => self.video.first().is_some(),
            Endpoint::Upload => self.files.uploads.first().is_some(),
            Endpoint::List => self.is_list_due(),
        }
    }

    /// Returns `true` if a worker can make the call once its permit is there. Uploads take long: they
    /// leave workers to other calls.
    pub(super) fn is_worker_free(&self, endpoint: Endpoint) -> bool {
        let is_asked = |lane: &&Lane| matches!(lane.permit, LanePermit::Asked);
        let asked = self.lanes.iter().filter(is_asked).count();
        let is_slot_free =
            endpoint != Endpoint::Upload || self.files.in_flight < self.upload_slots();
        is_slot_free && self.in_flight + asked < self.workers()
    }

    /// Returns `true` if the next call at this endpoint has to wait for its permit.
    pub(super) fn must_wait(&self, endpoint: Endpoint) -> bool {
        let mut lanes = self.lanes.iter().filter(|lane| lane.endpoint == endpoint);
        lanes.any(|lane| match lane.permit {
            LanePermit::Slot(_, time) | LanePermit::DaySpent(time) => self.now < time,
            LanePermit::None | LanePermit::Asked => false,
        })
    }

    /// Gives all permits back.
    pub(super) fn cancel_permits(&mut self) {
        for lane in &mut self.lanes {
            if let LanePermit::Slot(permit, _) =
                std::mem::replace(&mut lane.permit, LanePermit::None)
            {
                self.actions.push(Action::Cancel(permit));
            }
        }
    }

    fn on_day_spent(&mut self, endpoint: Endpoint, wait: Duration) {
        let goes_on = duration::format(Duration::from_secs(wait.as_secs().max(1)));
        let calls = calls(endpoint);
        match (endpoint, self.options.polls) {
            (Endpoint::Get, Polls::UntilEnd) => self.note_once("day", || {
                format!("the daily limit of polls is reached; polling goes on in {goes_on}")
            }),
            (Endpoint::Get, Polls::Verify) => self.defer_verifications(wait),
            (Endpoint::Get, _) => {
                let open =
                    (0..self.items.len()).filter(|id| self.items[*id].state == State::Polling);
                for id in open.collect::<Vec<_>>() {
                    let what = format!("could not get {}", self.items[id].full_label());
                    let error = day_error(calls, &goes_on).prefixed(what);
                    self.fail(id, error);
                }
            }
            (Endpoint::List, _) => self.note_once("day of listings", || {
                format!(
                    "the daily limit of listings is reached; mavi looks for parsed videos again in \
                     {goes_on}"
                )
            }),
            _ if self.options.uploads.waits_for_parse
                && self.options.timeout.is_none_or(|timeout| wait < timeout) =>
            {
                self.note_once(calls, || {
                    format!("the daily limit of {calls} is reached; they go on in {goes_on}")
                });
            }
            // What was uploaded before can still be submitted.
            (Endpoint::Upload, _) => self.stop_uploads(day_error(calls, &goes_on)),
            _ => self.stop_submits(day_error(calls, &goes_on)),
        }
    }

    fn lane(&mut self, endpoint: Endpoint) -> &mut Lane {
        let at = self.lanes.iter().position(|lane| lane.endpoint == endpoint);
        &mut self.lanes[at.unwrap_or_default()]
    }

    fn pacing(&self, endpoint: Endpoint) -> Pacing {
        match self.options.polls {
            Polls::UntilEnd if endpoint == Endpoint::Get => Pacing::EvenOverDay,
            _ if endpoint == Endpoint::List => Pacing::EvenOverDay,
            // An upload takes so long that its slots are far apart by themselves.
            _ if endpoint == Endpoint::Upload => Pacing::Immediate,
            Polls::Verify => Pacing::Immediate,
            _ => Pacing::Even,
        }
    }
}

/// Returns what becomes of a permit whose call was answered, or failed. One that was never sent gives it
/// back.
pub(super) fn permit_action<R>(permit: Permit, error: Option<&ApiError>) -> Action<R> {
    match error.map(|error| error.class) {
        Some(FailureClass::RateLimited { retry_after }) => Action::RateLimited(permit, retry_after),
        Some(FailureClass::NotConnected | FailureClass::NoToken) => Action::Cancel(permit),
        _ => Action::Complete(permit),
    }
}

/// Returns the word for the calls of an endpoint.
const fn calls(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Get => "polls",
        Endpoint::List => "listings",
        Endpoint::SubmitAudio => "audio submits",
        Endpoint::SubmitVideo => "video submits",
        Endpoint::Upload => "uploads",
    }
}

fn day_error(calls: &str, goes_on: &str) -> Error {
    let message = format!("the daily limit of {calls} is reached");
    Error::new(ErrorKind::RateLimit, message)
        .with_hint(format!("run the command again in {goes_on}"))
}

/// Returns `true` for the error of a spent day, which mavi itself counts: the service has answered nothing.
pub(super) fn is_day_spent(error: &Error) -> bool {
    error.kind == ErrorKind::RateLimit && error.api_code.is_none() && error.http_status.is_none()
}
