//! The permit of one endpoint, from the wish for a call to its sending.

use std::time::Duration;

use super::super::rate_limit::{Endpoint, Permit};

/// The permit of one endpoint.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) endpoint: Endpoint,
    pub(super) permit: LanePermit,
    /// The time on the job's clock at which the user was last told of a wait for the limit.
    pub(super) noted_at: Option<Duration>,
}

#[derive(Debug)]
pub(super) enum LanePermit {
    /// None is needed.
    None,
    /// The rate limiter is being asked.
    Asked,
    /// It may be used from this time on.
    Slot(Permit, Duration),
    /// The day's budget is spent until this time.
    DaySpent(Duration),
}

impl Lane {
    /// Creates the lanes of all calls. Polls come first: they are short, and end items.
    pub(super) fn all() -> [Self; 5] {
        let endpoints = [
            Endpoint::Get,
            Endpoint::List,
            Endpoint::SubmitAudio,
            Endpoint::SubmitVideo,
            Endpoint::Upload,
        ];
        endpoints.map(|endpoint| Self {
            endpoint,
            permit: LanePermit::None,
            noted_at: None,
        })
    }
}
