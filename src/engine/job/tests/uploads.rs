//! Files: hashed, reused, uploaded, looked for, parsed, and submitted.

use jiff::Timestamp;

use super::super::super::event::{Event, RecordedUpload, TaskState};
use super::super::super::item::{State, UploadStage};
use super::super::super::rate_limit::{AccountLimits, EndpointLimit};
use super::super::JobOptions;
use super::file_support::*;
use super::support::{Bench, S, SentCall, failure, refused, reply};
use crate::api::{ApiError, FailureClass, Video, VideoPage};
use crate::error::{Error, ErrorKind};
use crate::ids::VideoNo;

#[test]
fn file_goes_through_all_stages_and_is_submitted_for_each_type() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH, true)]);
    assert_eq!(*bench.state(0), State::Hashing { is_running: true });
    assert_eq!(*bench.state(1), State::AwaitingUpload);
    bench.hashed();
    assert_eq!(*bench.state(0), State::Uploading(UploadStage::Sending));
    bench.on(Event::LastBytes(0));
    assert_eq!(bench.handed_over, [(0, true)]);
    bench.uploaded(Ok(video("V1", "a.mp4", "UNPARSE", 0)));
    assert_eq!(*bench.state(0), State::Parsing);
    assert!(!bench.has_listing(), "it is too early");
    bench.pass(S(10));
    bench.listed(Ok(page(&[video("V1", "a.mp4", "UNPARSE", 0)])));
    bench.pass(S(10));
    bench.listed(Ok(page(&[video("V1", "a.mp4", "PARSE", 0)])));
    assert_eq!(bench.parsed, [(0, true)]);
    bench.submitted(Ok(1));
    bench.submitted(Ok(2));
    bench.pass(S(2));
    for result in [7, 8] {
        bench.polled(Ok(reply(TaskState::Finished, result)));
    }
    assert!(bench.is_stopped);
    assert_eq!(bench.delivered.len(), 2);
    assert_eq!(bench.exit(), 0);
}

#[test]
fn recorded_upload_is_used_in_place_of_a_new_one() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], true)]);
    let recorded = video("V1", "other name.mp4", "PARSE", 0);
    bench.found.push_back(RecordedUpload::Video(recorded));
    bench.hashed();
    assert!(!bench.has_upload());
    assert_eq!(*bench.state(0), State::Submitting { is_sent: true });
    assert_eq!(bench.job.item(0).video.as_ref().unwrap().as_str(), "V1");
    assert!(bench.parsed.is_empty(), "the record knows it");
}

#[test]
fn recorded_upload_that_is_not_known_to_be_parsed_is_listed_at_once() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], true)]);
    let recorded = video("V1", "a.mp4", "UNPARSE", 0);
    bench.found.push_back(RecordedUpload::Video(recorded));
    bench.hashed();
    assert!(bench.has_listing());
}

#[test]
fn failed_parse_of_the_record_is_reported_and_not_paid_for_again() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH, true)]);
    let recorded = video("V1", "a.mp4", "FAIL", 0);
    bench.found.push_back(RecordedUpload::Video(recorded));
    bench.hashed();
    assert!(bench.is_stopped && bench.calls.is_empty());
    assert_eq!(bench.exit(), 3);
    assert_eq!(bench.errors().len(), 1, "one file, one error");
}

#[test]
fn upload_alone_ends_with_its_answer_and_is_printed_in_order() {
    let files = ["a.mp4", "b.mp4"].map(|name| file(name, &[], false));
    let mut bench = Bench::new(upload_alone(), files);
    assert_eq!(bench.sent(), [0, 1]);
    let SentCall::Upload(1, _) = &bench.calls[1] else {
        panic!("{:?}", bench.calls)
    };
    bench.calls.swap(0, 1);
    bench.uploaded(Ok(video("V2", "b.mp4", "UNPARSE", 0)));
    assert!(bench.printed.is_empty());
    bench.uploaded(Ok(video("V1", "a.mp4", "UNPARSE", 0)));
    assert_eq!(bench.printed, [0, 1]);
    assert_eq!(bench.exit(), 0);
}

#[test]
fn content_under_way_elsewhere_is_waited_for() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], true)]);
    bench.found.push_back(RecordedUpload::InProgress);
    let recorded = video("V1", "a.mp4", "PARSE", 0);
    bench.found.push_back(RecordedUpload::Video(recorded));
    bench.hashed();
    assert!(!bench.has_upload());
    bench.pass(S(2));
    assert_eq!(*bench.state(0), State::Submitting { is_sent: true });
}

#[test]
fn content_under_way_elsewhere_is_given_up_at_the_timeout() {
    let options = JobOptions {
        timeout: Some(S(60)),
        ..transcribe()
    };
    let mut bench = Bench::new(options, [file("a.mp4", &BOTH, true)]);
    let busy = std::iter::repeat_n(RecordedUpload::InProgress, 100);
    bench.found.extend(busy);
    bench.hashed();
    bench.pass(S(61));
    assert!(bench.is_stopped);
    assert_eq!(bench.exit(), 8);
}

#[test]
fn upload_that_was_not_sent_whole_is_sent_again() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], false)]);
    bench.uploaded(Err(incomplete()));
    bench.pass(S(30));
    assert!(bench.has_upload());
    bench.uploaded(Ok(video("V1", "a.mp4", "PARSE", 0)));
    assert_eq!(*bench.state(0), State::Submitting { is_sent: true });
}

#[test]
fn lost_answer_takes_the_one_match_of_the_listing() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], false)]);
    bench.on(Event::LastBytes(0));
    bench.uploaded(Err(failure(FailureClass::ConnectionLost)));
    let SentCall::List(filter, 1, _) = &bench.calls[0] else {
        panic!("{:?}", bench.calls)
    };
    assert_eq!(filter.name.as_deref(), Some("a.mp4"));
    assert_eq!(filter.since, Timestamp::from_second(1_000).ok());
    bench.listed(Ok(page(&[
        video("V0", "a.mp4", "PARSE", -1),
        video("V1", "a.mp4", "PARSE", 1),
        video("V2", "aa.mp4", "PARSE", 1),
    ])));
    assert_eq!(bench.resolved.len(), 1);
    assert_eq!(bench.resolved[0].1.as_str(), "V1");
    assert_eq!(*bench.state(0), State::Submitting { is_sent: true });
}

#[test]
fn lost_answer_with_no_match_or_several_is_unknown() {
    for matches in [0, 2] {
        let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH, false)]);
        bench.uploaded(Err(failure(FailureClass::ConnectionLost)));
        let videos = ["V1", "V2"].map(|number| video(number, "a.mp4", "PARSE", 1));
        let mut listings = 0;
        for _ in 0..9 {
            if bench.has_listing() {
                bench.listed(Ok(page(&videos[..matches])));
                listings += 1;
            }
            bench.pass(S(5));
        }
        assert_eq!(listings, if matches == 0 { 3 } else { 1 });
        assert!(bench.is_stopped, "{matches} matches");
        assert_eq!(bench.exit(), 7);
        assert_eq!(bench.errors().len(), 1, "{:?}", bench.errors());
        assert!(!bench.has_upload(), "it is never sent again");
        assert_eq!(bench.released, [0]);
    }
}

#[test]
fn reply_that_names_a_video_is_never_followed_by_another_upload() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], false)]);
    bench.uploaded(Err(ApiError {
        named_video: VideoNo::new("V9").ok(),
        ..failure(FailureClass::RateLimited { retry_after: None })
    }));
    assert!(bench.is_stopped && bench.calls.is_empty());
    assert_eq!(bench.exit(), 7);
    assert!(bench.errors()[0].contains("V9"));
}

#[test]
fn parse_failure_ends_all_types_of_the_file() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH, false)]);
    bench.uploaded(Ok(video("V1", "a.mp4", "UNPARSE", 0)));
    bench.pass(S(10));
    bench.listed(Ok(page(&[video("V1", "a.mp4", "PARSE_ERROR", 0)])));
    assert!(bench.is_stopped);
    assert_eq!(bench.parsed, [(0, false)]);
    assert_eq!((bench.exit(), bench.errors().len()), (3, 1));
    assert!(bench.errors()[0].contains("PARSE_ERROR"));
}

#[test]
fn one_listing_answers_for_all_videos() {
    let files = (0..8).map(|number| file(&format!("{number}.mp4"), &BOTH[..1], false));
    let mut bench = Bench::new(transcribe(), files);
    for number in 0..5 {
        bench.uploaded(Ok(video(&format!("V{number}"), "x", "UNPARSE", 0)));
    }
    bench.pass(S(10));
    let all: Vec<Video> = (0..5)
        .map(|number| video(&format!("V{number}"), "x", "PARSE", 0))
        .collect();
    bench.listed(Ok(page(&all)));
    assert!(!bench.has_listing());
    assert_eq!(bench.parsed.len(), 5);
}

#[test]
fn listing_goes_on_to_the_page_that_has_the_video() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], false)]);
    bench.uploaded(Ok(video("V1", "a.mp4", "UNPARSE", 0)));
    bench.pass(S(10));
    let first = VideoPage {
        pages: Some(3),
        total: Some(3),
        ..page(&[video("X1", "x", "PARSE", 0)])
    };
    bench.listed(Ok(first));
    assert!(matches!(&bench.calls[..], [SentCall::List(_, 2, _)]));
    let second = VideoPage {
        pages: Some(3),
        total: Some(3),
        ..page(&[video("V1", "a.mp4", "PARSE", 0)])
    };
    bench.listed(Ok(second));
    assert!(!bench.has_listing(), "the third page is not needed");
    assert_eq!(*bench.state(0), State::Submitting { is_sent: true });
}

#[test]
fn signal_gives_up_uploads_before_their_last_bytes_and_waits_for_the_others() {
    let files = ["a.mp4", "b.mp4"].map(|name| file(name, &BOTH[..1], false));
    let mut bench = Bench::new(transcribe(), files);
    bench.on(Event::LastBytes(0));
    bench.on(Event::Signal(ErrorKind::Interrupted));
    assert_eq!(bench.cancelled, [1]);
    bench.on(Event::LastBytes(1));
    assert_eq!(bench.handed_over, [(0, true), (1, false)]);
    bench.uploaded(Ok(video("V1", "a.mp4", "UNPARSE", 0)));
    bench.uploaded(Err(incomplete()));
    assert!(bench.is_stopped);
    let outcome = bench.job.outcome();
    assert_eq!((outcome.not_started, &outcome.running[..]), (1, &[0][..]));
    assert_eq!(bench.exit(), 130);
}

#[test]
fn no_credit_stops_the_files_that_follow() {
    let files = (0..6).map(|number| file(&format!("{number}.mp4"), &BOTH, false));
    let mut bench = Bench::new(transcribe(), files);
    bench.uploaded(Err(refused("0402")));
    bench.uploaded(Err(refused("0402")));
    assert!(bench.is_stopped && bench.calls.is_empty());
    assert_eq!(bench.job.outcome().not_started, 12);
    assert_eq!(bench.exit(), 5);
}

#[test]
fn batch_that_has_ended_gives_up_files_that_are_hashed_or_cut() {
    let files = ["a.mp4", "b.mp4"].map(|name| file(name, &BOTH, false));
    let mut bench = Bench::new(transcribe(), files);
    bench.uploaded(Err(refused("0402")));
    bench.uploaded(Err(incomplete()));
    assert!(bench.is_stopped);
    assert_eq!(bench.job.outcome().not_started, 4);

    let files = [file("a.mp4", &BOTH, false), file("b.mp4", &BOTH, true)];
    let mut bench = Bench::new(transcribe(), files);
    bench.uploaded(Err(refused("0402")));
    bench.hashed();
    assert!(bench.is_stopped && bench.calls.is_empty());
    assert_eq!(bench.job.outcome().not_started, 4);
}

#[test]
fn unreadable_file_fails_and_the_others_go_on() {
    let files = ["a.mp4", "b.mp4"].map(|name| file(name, &BOTH[..1], true));
    let mut bench = Bench::new(transcribe(), files);
    let SentCall::Hash(0) = bench.calls.remove(0) else {
        panic!("{:?}", bench.calls)
    };
    bench.on(Event::Hashed {
        item: 0,
        result: Err(Error::new(ErrorKind::Io, "could not read a.mp4")),
    });
    assert_eq!(
        bench.errors(),
        ["could not upload a.mp4: could not read a.mp4"]
    );
    bench.hashed();
    assert!(bench.has_upload());
}

#[test]
fn uploads_leave_workers_to_other_calls() {
    let files = (0..5).map(|number| file(&format!("{number}.mp4"), &BOTH[..1], false));
    let bench = Bench::new(transcribe(), files);
    assert_eq!(bench.sent(), [0, 1]);
    assert_eq!(bench.job.workers(), 3);
}

#[test]
fn failed_listing_is_repeated_without_end_and_refused_token_ends_the_run() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], false)]);
    bench.uploaded(Ok(video("V1", "a.mp4", "UNPARSE", 0)));
    for _ in 0..20 {
        bench.pass(S(60));
        bench.listed(Err(failure(FailureClass::ConnectionLost)));
    }
    bench.pass(S(60));
    bench.listed(Err(refused("0401")));
    assert!(bench.is_stopped);
    assert_eq!(bench.job.outcome().running, [0]);
    assert_eq!(bench.exit(), 4);
}

#[test]
fn recorded_files_are_not_held_up_by_uploads_that_wait_for_their_turn() {
    let files = (0..6).map(|number| file(&format!("{number}.mp4"), &BOTH[..1], true));
    let limits = AccountLimits {
        upload: EndpointLimit::new(1, 1_000),
        ..AccountLimits::default()
    };
    let mut bench = Bench::with_limits(transcribe(), files, limits);
    for _ in 0..3 {
        bench.hashed();
    }
    bench.uploaded(Ok(video("V1", "0.mp4", "UNPARSE", 0)));
    for number in 3..6 {
        let recorded = video(&format!("V{number}"), "x", "PARSE", 0);
        bench.found.push_back(RecordedUpload::Video(recorded));
        bench.hashed();
    }
    let submitting = State::Submitting { is_sent: true };
    let submitted = bench
        .job
        .items()
        .iter()
        .filter(|item| item.state == submitting);
    assert_eq!(submitted.count(), 3);
}
