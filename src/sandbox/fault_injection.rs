//! Random fault injection, with one seeded generator per kind of event so that polling does not
//! change which submits fail.

use std::time::Duration;

use fastrand::Rng;

use super::faults::{Fault, Faults};

/// Decides which events have which faults.
#[derive(Debug)]
pub(super) struct FaultInjector {
    faults: Faults,
    submits: Rng,
    gets: Rng,
    tasks: Rng,
    callbacks: Rng,
    lists: Rng,
    deletes: Rng,
    uploads: Rng,
}

/// The faults of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RequestFaults {
    /// The delay of the response.
    pub(super) delay: Duration,
    pub(super) response: Option<ResponseFault>,
}

/// A replacement for the response of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResponseFault {
    Reset,
    Http500(ErrorBody),
    Http503,
    Html,
    Truncate,
    Drop,
}

/// The body of an HTTP 500.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorBody {
    Html,
    Empty,
    Envelope,
}

/// The faults of one callback.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CallbackFaults {
    pub(super) is_lost: bool,
    pub(super) is_duplicated: bool,
    pub(super) delay: Duration,
    pub(super) is_reordered: bool,
}

impl FaultInjector {
    pub(super) fn new(faults: Faults, rng: &mut Rng) -> Self {
        Self {
            faults,
            submits: rng.fork(),
            gets: rng.fork(),
            tasks: rng.fork(),
            callbacks: rng.fork(),
            lists: rng.fork(),
            deletes: rng.fork(),
            uploads: rng.fork(),
        }
    }

    /// Rolls for the faults of a submit.
    pub(super) fn submit(&mut self) -> RequestFaults {
        accepted_faults(&self.faults, &mut self.submits)
    }

    /// Rolls for the faults of a deletion.
    pub(super) fn delete(&mut self) -> RequestFaults {
        accepted_faults(&self.faults, &mut self.deletes)
    }

    /// Rolls for the faults of an upload.
    pub(super) fn upload(&mut self) -> RequestFaults {
        accepted_faults(&self.faults, &mut self.uploads)
    }

    /// Rolls for the faults of a request for a page of the listing.
    pub(super) fn list(&mut self) -> RequestFaults {
        request_faults(&self.faults, &mut self.lists)
    }

    /// Rolls for the faults of a get.
    pub(super) fn get(&mut self) -> RequestFaults {
        request_faults(&self.faults, &mut self.gets)
    }

    /// Returns `true` if a new task is to fail.
    pub(super) fn task_fails(&mut self) -> bool {
        self.faults.roll(Fault::Fail, &mut self.tasks).is_some()
    }

    /// Rolls for the faults of a callback.
    pub(super) fn callback(&mut self) -> CallbackFaults {
        let mut roll = |fault| self.faults.roll(fault, &mut self.callbacks);
        CallbackFaults {
            is_lost: roll(Fault::CallbackLose).is_some(),
            is_duplicated: roll(Fault::CallbackDuplicate).is_some(),
            delay: roll(Fault::CallbackDelay).unwrap_or_default(),
            is_reordered: roll(Fault::CallbackReorder).is_some(),
        }
    }
}

/// Rolls for the faults of a request that may be accepted and not answered.
fn accepted_faults(faults: &Faults, rng: &mut Rng) -> RequestFaults {
    let mut request = request_faults(faults, rng);
    let drop = faults.roll(Fault::DropAfterAccept, rng);
    if request.response.is_none() && drop.is_some() {
        request.response = Some(ResponseFault::Drop);
    }
    request
}

/// Rolls for a delay and for the first fault that replaces the response.
fn request_faults(faults: &Faults, rng: &mut Rng) -> RequestFaults {
    let delay = faults.roll(Fault::Slow, rng).unwrap_or_default();
    let body = match rng.u8(..3) {
        0 => ErrorBody::Html,
        1 => ErrorBody::Empty,
        _ => ErrorBody::Envelope,
    };
    let response = [
        (Fault::Reset, ResponseFault::Reset),
        (Fault::Http500, ResponseFault::Http500(body)),
        (Fault::Http503, ResponseFault::Http503),
        (Fault::Html, ResponseFault::Html),
        (Fault::Truncate, ResponseFault::Truncate),
    ]
    .into_iter()
    .find(|(fault, _)| faults.roll(*fault, rng).is_some())
    .map(|(_, replacement)| replacement);
    RequestFaults { delay, response }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn injector(list: &str, seed: u64) -> FaultInjector {
        FaultInjector::new(list.parse().unwrap(), &mut Rng::with_seed(seed))
    }

    #[test]
    fn certain_faults_always_happen_and_impossible_ones_never() {
        let mut certain = injector("html:1,slow:2s:1,fail:1,drop-after-accept:1", 1);
        let mut never = injector("html:0,slow:2s:0,fail:0,drop-after-accept:0", 1);
        for _ in 0..100 {
            let faults = certain.get();
            assert_eq!(
                (faults.delay, faults.response),
                (Duration::from_secs(2), Some(ResponseFault::Html))
            );
            assert!(certain.task_fails());
            assert_eq!(never.submit(), RequestFaults::default());
            assert!(!never.task_fails());
            assert_eq!(never.callback(), CallbackFaults::default());
        }
    }

    #[test]
    fn only_calls_with_effects_are_dropped_after_they_were_accepted() {
        let mut injector = injector("drop-after-accept:1", 1);
        assert_eq!(injector.submit().response, Some(ResponseFault::Drop));
        assert_eq!(injector.delete().response, Some(ResponseFault::Drop));
        assert_eq!(injector.upload().response, Some(ResponseFault::Drop));
        assert_eq!(injector.get(), RequestFaults::default());
        assert_eq!(injector.list(), RequestFaults::default());
    }

    #[test]
    fn rate_is_met_approximately() {
        let mut injector = injector("reset:0.3", 1);
        let faulty = (0..10_000)
            .filter(|_| injector.get().response.is_some())
            .count();
        assert!((2_800..=3_200).contains(&faulty), "{faulty}");
    }

    #[test]
    fn seeded_submit_faults_do_not_depend_on_gets() {
        let list = "http-500:0.3,reset:0.3,slow:1s:0.5";
        let (mut few, mut many) = (injector(list, 9), injector(list, 9));
        for _ in 0..50 {
            many.get();
            many.callback();
            assert_eq!(few.submit(), many.submit());
        }
    }
}
