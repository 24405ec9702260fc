//! Random fault injection, with one seeded generator per kind of event so that polling does not
//! change which submits fail.

use std::time::Duration;

use fastrand::Rng;

use super::faults::{Fault, Faults, SandboxCall};

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
    parses: Rng,
    pages: Rng,
    tokens: Rng,
}

/// The faults of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RequestFaults {
    /// The delay of the response.
    pub(super) delay: Duration,
    /// The time over which the body of an upload is read.
    pub(super) throttle: Duration,
    pub(super) response: Option<ResponseFault>,
}

/// A replacement for the response of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResponseFault {
    Reset,
    Cut,
    Http413,
    Http500(ErrorBody),
    Http503,
    Html,
    RateLimit,
    Truncate,
    Drop,
}

impl ResponseFault {
    /// Returns `true` if the service does its work, and only the response suffers.
    pub(super) const fn is_after_work(self) -> bool {
        matches!(self, Self::Truncate | Self::Drop)
    }

    /// Returns `true` if the body of the request is not read.
    pub(super) const fn is_before_body(self) -> bool {
        matches!(self, Self::Reset | Self::Http413 | Self::RateLimit)
    }
}

/// The faults of one page of the listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PageFaults {
    pub(super) is_odd: bool,
    pub(super) is_empty: bool,
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
            parses: rng.fork(),
            pages: rng.fork(),
            tokens: rng.fork(),
        }
    }

    /// Rolls for the faults of a request: a delay, and the first fault that replaces the response.
    pub(super) fn request(&mut self, call: SandboxCall) -> RequestFaults {
        let rng = match call {
            SandboxCall::Submit => &mut self.submits,
            SandboxCall::Get => &mut self.gets,
            SandboxCall::Upload => &mut self.uploads,
            SandboxCall::List => &mut self.lists,
            SandboxCall::Delete => &mut self.deletes,
            SandboxCall::Login | SandboxCall::Refresh => &mut self.tokens,
        };
        let is_upload = call == SandboxCall::Upload;
        let body = match rng.u8(..3) {
            0 => ErrorBody::Html,
            1 => ErrorBody::Empty,
            _ => ErrorBody::Envelope,
        };
        let mut roll = |fault| self.faults.roll_for(call, fault, rng);
        let delay = roll(Fault::Slow).unwrap_or_default();
        let throttle = is_upload.then(|| roll(Fault::UploadThrottle)).flatten();
        let response = [
            (true, Fault::Reset, ResponseFault::Reset),
            (true, Fault::Http500, ResponseFault::Http500(body)),
            (true, Fault::Http503, ResponseFault::Http503),
            (true, Fault::Html, ResponseFault::Html),
            (true, Fault::Truncate, ResponseFault::Truncate),
            (true, Fault::RateLimit, ResponseFault::RateLimit),
            (is_upload, Fault::UploadCut, ResponseFault::Cut),
            (is_upload, Fault::UploadTooLarge, ResponseFault::Http413),
            (
                call.has_effect(),
                Fault::DropAfterAccept,
                ResponseFault::Drop,
            ),
        ]
        .into_iter()
        .find(|(is_possible, fault, _)| *is_possible && roll(*fault).is_some())
        .map(|(.., replacement)| replacement);
        RequestFaults {
            delay,
            throttle: throttle.unwrap_or_default(),
            response,
        }
    }

    /// Rolls for the faults of a page of the listing.
    pub(super) fn page(&mut self) -> PageFaults {
        let mut roll = |fault| self.faults.roll(fault, &mut self.pages).is_some();
        PageFaults {
            is_odd: roll(Fault::ListOdd),
            is_empty: roll(Fault::ListEmpty),
        }
    }

    /// Returns `true` if the parse of a new video is to fail.
    pub(super) fn parse_fails(&mut self) -> bool {
        self.faults
            .roll(Fault::ParseFail, &mut self.parses)
            .is_some()
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
            let faults = certain.request(SandboxCall::Get);
            assert_eq!(
                (faults.delay, faults.response),
                (Duration::from_secs(2), Some(ResponseFault::Html))
            );
            assert!(certain.task_fails());
            assert_eq!(never.request(SandboxCall::Submit), RequestFaults::default());
            assert!(!never.task_fails());
            assert_eq!(never.callback(), CallbackFaults::default());
        }
    }

    #[test]
    fn fault_of_one_call_spares_the_others() {
        let mut injector = injector("upload-reset:1,reset:0,upload-slow:1s:1", 1);
        let upload = injector.request(SandboxCall::Upload);
        let expected = (Duration::from_secs(1), Some(ResponseFault::Reset));
        assert_eq!((upload.delay, upload.response), expected);
        for call in [SandboxCall::Submit, SandboxCall::List] {
            assert_eq!(injector.request(call), RequestFaults::default());
        }
    }

    #[test]
    fn fault_with_once_happens_the_first_time_only() {
        let mut injector = injector("http-503:once,upload-cut:once,parse-fail:once", 1);
        let uploads = [(); 3].map(|()| injector.request(SandboxCall::Upload).response);
        let expected = [Some(ResponseFault::Http503), Some(ResponseFault::Cut), None];
        assert_eq!(uploads, expected);
        assert_eq!(injector.request(SandboxCall::Get).response, None);
        assert!(injector.parse_fails() && !injector.parse_fails());
    }

    #[test]
    fn faults_of_uploads_and_pages_are_theirs_alone() {
        let list = "upload-throttle:2s:1,upload-http-413:1,list-odd:1,list-empty:0";
        let mut injector = injector(list, 1);
        let upload = injector.request(SandboxCall::Upload);
        let expected = (Duration::from_secs(2), Some(ResponseFault::Http413));
        assert_eq!((upload.throttle, upload.response), expected);
        assert_eq!(
            injector.request(SandboxCall::List),
            RequestFaults::default()
        );
        let page = PageFaults {
            is_odd: true,
            is_empty: false,
        };
        assert_eq!(injector.page(), page);
    }

    #[test]
    fn only_calls_with_effects_are_dropped_after_they_were_accepted() {
        let mut injector = injector("drop-after-accept:1", 1);
        assert_eq!(
            injector.request(SandboxCall::Submit).response,
            Some(ResponseFault::Drop)
        );
        assert_eq!(
            injector.request(SandboxCall::Delete).response,
            Some(ResponseFault::Drop)
        );
        assert_eq!(
            injector.request(SandboxCall::Upload).response,
            Some(ResponseFault::Drop)
        );
        assert_eq!(injector.request(SandboxCall::Get), RequestFaults::default());
        assert_eq!(
            injector.request(SandboxCall::List),
            RequestFaults::default()
        );
    }

    #[test]
    fn rate_is_met_approximately() {
        let mut injector = injector("reset:0.3", 1);
        let faulty = (0..10_000)
            .filter(|_| injector.request(SandboxCall::Get).response.is_some())
            .count();
        assert!((2_800..=3_200).contains(&faulty), "{faulty}");
    }

    #[test]
    fn seeded_submit_faults_do_not_depend_on_gets() {
        let list = "http-500:0.3,reset:0.3,slow:1s:0.5";
        let (mut few, mut many) = (injector(list, 9), injector(list, 9));
        for _ in 0..50 {
            many.request(SandboxCall::Get);
            many.callback();
            assert_eq!(
                few.request(SandboxCall::Submit),
                many.request(SandboxCall::Submit)
            );
        }
    }
}
