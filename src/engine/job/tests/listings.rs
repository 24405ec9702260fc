//! Listings: videos that they lack, and videos that may be those of another file.

use super::super::super::event::{Event, Message};
use super::file_support::{BOTH, file, page, transcribe, video};
use super::support::{Bench, S, SentCall, failure};
use crate::api::FailureClass;

#[test]
fn video_that_three_listings_lack_is_warned_of_once() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], false)]);
    bench.uploaded(Ok(video("V1", "a.mp4", "UNPARSE", 0)));
    for (number, expected) in [(1, 0), (2, 0), (3, 1), (4, 1), (5, 1)] {
        bench.pass(S(300));
        let SentCall::List(filter, 1, _) = &bench.calls[0] else {
            panic!("{:?}", bench.calls)
        };
        // One that was not listed may have another time of its upload.
        assert_eq!(filter.since.is_some(), number == 1, "{number}");
        bench.listed(Ok(page(&[])));
        let is_warning = |message: &&Message| matches!(message, Message::Warning(_));
        let warnings = bench.messages.iter().filter(is_warning).count();
        assert_eq!(warnings, expected, "{number}");
    }
}

#[test]
fn lost_answer_is_not_resolved_by_the_video_of_a_namesake() {
    let files = [(); 2].map(|()| file("a.mp4", &BOTH[..1], false));
    let mut bench = Bench::new(transcribe(), files);
    bench.has_namesake = true;
    bench.on(Event::LastBytes(0));
    bench.on(Event::LastBytes(1));
    bench.uploaded(Err(failure(FailureClass::ConnectionLost)));
    let listed = || page(&[video("V1", "a.mp4", "UNPARSE", 1)]);
    bench.listed(Ok(listed()));
    assert!(bench.errors().is_empty(), "the other one may be answered");
    bench.uploaded(Ok(video("V1", "a.mp4", "UNPARSE", 1)));
    bench.pass(S(1));
    bench.listed(Ok(listed()));
    let [error] = bench.errors()[..] else {
        panic!("{:?}", bench.errors())
    };
    assert!(error.contains("another file of that name"), "{error}");
    assert!(bench.resolved.is_empty());
}
