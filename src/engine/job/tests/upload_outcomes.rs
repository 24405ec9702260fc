//! Files whose upload fails, or is not made, and what the user is told.

use jiff::Timestamp;

use super::super::super::event::{Event, RecordedUpload, TaskState};
use super::super::super::item::{State, UploadStage};
use super::file_support::*;
use super::support::{Bench, S, SentCall, failure, refused, reply};
use crate::api::{ApiError, FailureClass};
use crate::error::{Error, ErrorKind};
use crate::ids::VideoNo;

#[test]
fn upload_that_is_never_sent_whole_is_given_up_after_its_retries() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH, false)]);
    for _ in 0..4 {
        bench.uploaded(Err(incomplete()));
        bench.pass(S(60));
    }
    assert!(bench.is_stopped);
    assert_eq!((bench.exit(), bench.errors().len()), (7, 1));
    assert_eq!(
        bench.changes(),
        ["a.mp4: uploading 10 bytes"],
        "it is told once"
    );
}

#[test]
fn upload_that_another_run_begins_meanwhile_is_waited_for_and_its_place_is_free() {
    let files = ["a.mp4", "b.mp4", "c.mp4"].map(|name| file(name, &BOTH[..1], false));
    let mut bench = Bench::new(transcribe(), files);
    let SentCall::Upload(item, permit) = bench.calls.remove(0) else {
        panic!("{:?}", bench.calls)
    };
    bench.on(Event::UploadFound {
        item,
        permit: Some(permit),
        found: Ok(Some(RecordedUpload::InProgress)),
    });
    assert_eq!(*bench.state(0), State::Uploading(UploadStage::Waiting));
    assert_eq!(bench.sent(), [1, 2]);
    let recorded = video("V1", "a.mp4", "PARSE", 0);
    bench.found.push_back(RecordedUpload::Video(recorded));
    bench.pass(S(2));
    assert_eq!(bench.sent(), [1, 2, 0], "it is submitted");
}

#[test]
fn upload_is_sent_again_with_a_renewed_token_unless_the_run_is_ending() {
    let renewed = || ApiError {
        renews_token: true,
        ..refused("0401")
    };
    let files = || ["a.mp4", "b.mp4"].map(|name| file(name, &BOTH[..1], false));
    let mut bench = Bench::new(transcribe(), files());
    bench.uploaded(Err(renewed()));
    assert_eq!(bench.sent(), [1, 0]);
    bench.uploaded(Err(refused("0402")));
    bench.uploaded(Err(renewed()));
    assert!(bench.is_stopped && bench.calls.is_empty());
    assert_eq!(bench.errors(), [""; 0], "one message at the end");
}

#[test]
fn recorded_upload_is_told_of_where_it_is_not_to_be_reused() {
    let recorded = RecordedUpload::Video(video("V1", "a.mp4", "PARSE", 0));
    let unanswered = RecordedUpload::Unanswered(Timestamp::UNIX_EPOCH);
    for (found, warning) in [
        (
            recorded,
            "a.mp4 was uploaded before as V1; --reuse uses that video in place of a new upload",
        ),
        (
            RecordedUpload::InProgress,
            "a.mp4 is being uploaded by another run; --reuse waits for it",
        ),
        (
            unanswered,
            "an earlier upload of a.mp4 got no answer and may have been accepted; --reuse looks for its \
             video",
        ),
    ] {
        let mut bench = Bench::new(upload_alone(), [file("a.mp4", &[], true)]);
        bench.found.push_back(found);
        bench.hashed();
        assert!(bench.has_upload());
        assert_eq!(bench.notes(), [warning]);
    }
}

#[test]
fn upload_without_answer_says_how_to_look_for_it_again() {
    let hint = |options, types: &[_]| {
        let mut bench = Bench::new(options, [file("a.mp4", types, false)]);
        bench.uploaded(Err(ApiError {
            named_video: VideoNo::new("V9").ok(),
            ..failure(FailureClass::ConnectionLost)
        }));
        bench.hints().join("")
    };
    let told = |looks: &str, anew: &str| {
        format!(
            "it was not sent again, since that could be paid for twice; to look for it again, {looks}; to \
             upload it anew all the same, {anew}"
        )
    };
    assert_eq!(
        hint(transcribe(), &BOTH),
        told("run the same command again", "add --again")
    );
    assert_eq!(
        hint(upload_alone(), &[]),
        told(
            "run the same command again with --reuse",
            "leave out --reuse"
        )
    );
}

#[test]
fn journal_that_cannot_be_used_fails_the_upload_and_the_submit() {
    let unusable = || Error::new(ErrorKind::Io, "no journal");
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], false)]);
    let SentCall::Upload(item, permit) = bench.calls.remove(0) else {
        panic!("{:?}", bench.calls)
    };
    bench.on(Event::UploadFound {
        item,
        permit: Some(permit),
        found: Err(unusable()),
    });
    assert_eq!(bench.errors(), ["could not upload a.mp4: no journal"]);
    assert_eq!((bench.is_stopped, bench.exit()), (true, 1));

    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], false)]);
    bench.uploaded(Ok(video("V1", "a.mp4", "PARSE", 0)));
    let SentCall::Submit(item, permit) = bench.calls.remove(0) else {
        panic!("{:?}", bench.calls)
    };
    bench.on(Event::Recorded {
        item,
        permit,
        submit: Err(unusable()),
    });
    assert_eq!(
        bench.errors(),
        ["could not submit a.mp4 (audio): no journal"]
    );
    assert_eq!((bench.is_stopped, bench.exit()), (true, 1));
}

#[test]
fn transcription_of_a_file_that_fails_says_what_another_costs() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], false)]);
    bench.uploaded(Ok(video("V1", "a.mp4", "PARSE", 0)));
    bench.submitted(Ok(1));
    bench.pass(S(2));
    bench.polled(Ok(reply(TaskState::Failed, 1)));
    let hint = "running the command again submits the video again, and pays again; if it fails again, \
                contact the service's support";
    assert_eq!(bench.hints(), [hint]);
}
