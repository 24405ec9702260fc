//! Permits: one lane for each limit of the service. A lane asks for a permit only when there is an item
//! to serve and a worker to send it, and chooses the item when the permit is there.

use std::time::Duration;

use super::super::event::Action;
use super::super::item::State;
use super::super::rate_limit::{Endpoint, Permit, Reservation};
use super::lane::{Lane, LanePermit};
use super::{Job, Polls, VERIFY_TIMEOUT};
use crate::api::{ApiError, FailureClass};
use crate::duration;
use crate::error::{Error, ErrorKind};

impl<R> Job<R> {
    pub(super) fn on_reserved(
        &mut self,
        now: Duration,
        endpoint: Endpoint,
        reservation: Reservation,
        actions: &mut Vec<Action<R>>,
    ) {
        let permit = match reservation {
            Reservation::Slot { permit, wait } if wait.is_zero() => {
                self.serve(endpoint, permit, now, actions);
                LanePermit::None
            }
            Reservation::Slot { permit, wait } => {
                let is_long = wait > VERIFY_TIMEOUT || self.is_throttled;
                if self.options.polls == Polls::Verify && is_long {
                    self.defer_verifications(wait, actions);
                }
                LanePermit::Slot(permit, now + wait)
            }
            Reservation::DaySpent { wait } => {
                self.on_day_spent(endpoint, wait, actions);
                LanePermit::DaySpent(now + wait)
            }
        };
        self.lane(endpoint).permit = permit;
    }

    /// Sends a call with this permit, for the item that is due first; where none is any more, gives
    /// the permit back.
    fn serve(
        &mut self,
        endpoint: Endpoint,
        permit: Permit,
        now: Duration,
        actions: &mut Vec<Action<R>>,
    ) {
        let due = self.due(endpoint, now);
        let (Some(id), None, false) = (due, &self.ending, self.is_stopped) else {
            actions.push(Action::Cancel(permit));
            return;
        };
        self.in_flight += 1;
        if endpoint == Endpoint::Get {
            self.schedule.take(id, now);
            let deadline = self.items[id].deadline.or(self.run_deadline());
            let left = deadline.map_or(Duration::MAX, |end| end.saturating_sub(now));
            let within = match self.options.polls {
                Polls::Verify => left.min(VERIFY_TIMEOUT),
                _ => left,
            };
            actions.push(Action::Poll(id, permit, within));
        } else {
            self.submits_in_flight += 1;
            self.queue(self.items[id].transcription_type.unwrap_or_default())
                .take_first();
            self.items[id].state = State::Submitting { is_sent: true };
            actions.push(Action::Submit(id, permit));
        }
    }

    /// Asks for permits where an item is due and a worker is free. Returns when to look again.
    pub(super) fn advance_lanes(
        &mut self,
        now: Duration,
        actions: &mut Vec<Action<R>>,
    ) -> Option<Duration> {
        let mut wake: Option<Duration> = None;
        let mut wake_at = |time: Duration| wake = Some(wake.map_or(time, |wake| wake.min(time)));
        for at in 0..self.lanes.len() {
            let endpoint = self.lanes[at].endpoint;
            let is_due = self.due(endpoint, now).is_some();
            let asked = self
                .lanes
                .iter()
                .filter(|lane| matches!(lane.permit, LanePermit::Asked));
            let is_worker_free = self.in_flight + asked.count() < self.options.workers;
            let permit = std::mem::replace(&mut self.lanes[at].permit, LanePermit::None);
            self.lanes[at].permit = match permit {
                LanePermit::Asked => LanePermit::Asked,
                LanePermit::DaySpent(until) if now < until => {
                    wake_at(until);
                    LanePermit::DaySpent(until)
                }
                LanePermit::None | LanePermit::DaySpent(_) if is_due && is_worker_free => {
                    actions.push(Action::Reserve(endpoint, self.pacing(endpoint)));
                    LanePermit::Asked
                }
                LanePermit::None | LanePermit::DaySpent(_) => LanePermit::None,
                LanePermit::Slot(permit, time) if now < time => {
                    wake_at(time);
                    LanePermit::Slot(permit, time)
                }
                LanePermit::Slot(permit, _) if !is_due => {
                    actions.push(Action::Cancel(permit));
                    LanePermit::None
                }
                LanePermit::Slot(permit, _) if is_worker_free => {
                    actions.push(Action::Start(endpoint, permit));
                    LanePermit::Asked
                }
                slot @ LanePermit::Slot(..) => slot,
            };
            if endpoint == Endpoint::Get
                && !is_due
                && let Some(time) = self.schedule.next_due()
            {
                wake_at(time);
            }
        }
        wake
    }

    /// Gives all permits back.
    pub(super) fn cancel_permits(&mut self, actions: &mut Vec<Action<R>>) {
        for lane in &mut self.lanes {
            if let LanePermit::Slot(permit, _) =
                std::mem::replace(&mut lane.permit, LanePermit::None)
            {
                actions.push(Action::Cancel(permit));
            }
        }
    }

    fn on_day_spent(&mut self, endpoint: Endpoint, wait: Duration, actions: &mut Vec<Action<R>>) {
        let goes_on = duration::format(Duration::from_secs(wait.as_secs().max(1)));
        match (endpoint, self.options.polls) {
            (Endpoint::Get, Polls::UntilEnd) => self.note_once("day", actions, || {
                format!("the daily limit of polls is reached; polling goes on in {goes_on}")
            }),
            (Endpoint::Get, Polls::Verify) => self.defer_verifications(wait, actions),
            (Endpoint::Get, _) => {
                let open =
                    (0..self.items.len()).filter(|id| self.items[*id].state == State::Polling);
                for id in open.collect::<Vec<_>>() {
                    let what = format!("could not get {}", self.items[id].full_label());
                    let error = day_error("polls", &goes_on).prefixed(what);
                    self.fail(id, error, actions);
                }
            }
            (Endpoint::SubmitVideo, _) => self.stop_submits(day_error("video submits", &goes_on)),
            _ => self.stop_submits(day_error("audio submits", &goes_on)),
        }
    }

    fn lane(&mut self, endpoint: Endpoint) -> &mut Lane {
        let at = self.lanes.iter().position(|lane| lane.endpoint == endpoint);
        &mut self.lanes[at.unwrap_or_default()]
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

fn day_error(calls: &str, goes_on: &str) -> Error {
    let message = format!("the daily limit of {calls} is reached");
    Error::new(ErrorKind::RateLimit, message)
        .with_hint(format!("run the command again in {goes_on}"))
}
