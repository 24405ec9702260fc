//! Videos that are being parsed: when the service is asked about them, and what comes of it.

use super::super::super::event::{Event, RecordedUpload};
use super::super::super::item::State;
use super::super::{Ending, JobOptions};
use super::file_support::{BOTH, file, page, transcribe, video};
use super::support::{Bench, S, failure, refused};
use crate::api::{ApiError, FailureClass, Video, VideoPage};
use crate::error::ErrorKind;
use crate::ids::VideoNo;

fn unparsed(number: &str) -> Video {
    video(number, "x.mp4", "UNPARSE", 0)
}

/// Returns a run of two files that waits for their videos.
fn two_files() -> Bench {
    let files = ["a.mp4", "b.mp4"].map(|name| file(name, &BOTH[..1], false));
    Bench::new(transcribe(), files)
}

impl Bench {
    /// Returns the number of seconds until the next listing.
    fn next_listing(&mut self) -> u64 {
        let before = self.now;
        while !self.has_listing() {
            self.pass(S(1));
        }
        self.now.saturating_sub(before).as_secs()
    }

    fn upload_callback(&mut self, number: &str) {
        self.on(Event::UploadCallback {
            video: VideoNo::new(number).unwrap(),
            status: "PARSE".to_owned(),
        });
    }
}

#[test]
fn changes_of_a_file_are_told_as_they_happen() {
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], false)]);
    bench.uploaded(Ok(unparsed("V1")));
    bench.pass(S(10));
    bench.listed(Ok(page(&[video("V1", "a.mp4", "PARSE", 0)])));
    let expected = [
        "a.mp4: uploading 10 bytes",
        "a.mp4: uploaded as V1",
        "a.mp4: parsed",
    ];
    assert_eq!(bench.changes(), expected);

    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH[..1], false)]);
    bench.uploaded(Ok(video("V1", "a.mp4", "PARSE", 0)));
    assert_eq!(bench.changes(), expected[..2], "it took no time");
}

#[test]
fn listing_counts_for_videos_that_may_be_parsed_by_then() {
    // The age of the second video at the listing for the first, and the time until its own.
    for (age, expected) in [(2, 8), (5, 10), (8, 10)] {
        let mut bench = two_files();
        bench.uploaded(Ok(unparsed("V1")));
        bench.pass(S(10 - age));
        bench.uploaded(Ok(unparsed("V2")));
        assert_eq!(bench.next_listing(), age);
        bench.listed(Ok(page(&[unparsed("V1"), unparsed("V2")])));
        assert!(!bench.has_listing());
        assert_eq!(bench.next_listing(), expected, "{age} s");
    }
}

#[test]
fn recorded_video_costs_another_no_listing() {
    let files = [("a.mp4", false), ("b.mp4", true)];
    let files = files.map(|(name, is_hashed)| file(name, &BOTH[..1], is_hashed));
    let mut bench = Bench::new(transcribe(), files);
    bench.uploaded(Ok(unparsed("V1")));
    bench.pass(S(7));
    bench.found.push_back(RecordedUpload::Video(unparsed("V2")));
    bench.hashed();
    bench.listed(Ok(page(&[unparsed("V1"), unparsed("V2")])));
    assert_eq!(bench.next_listing(), 10);
}

#[test]
fn callback_of_an_upload_brings_its_listing_forward_once() {
    let mut bench = two_files();
    bench.uploaded(Ok(unparsed("V1")));
    bench.pass(S(2));
    bench.upload_callback("V9");
    assert!(!bench.has_listing(), "it is a video of somebody else");
    bench.upload_callback("V1");
    assert!(bench.has_listing());
    bench.listed(Ok(page(&[unparsed("V1")])));
    assert_eq!(bench.next_listing(), 10, "the callback was too early");
}

#[test]
fn video_that_was_given_up_is_not_submitted_any_more() {
    let options = JobOptions {
        timeout: Some(S(60)),
        ..transcribe()
    };
    let files = ["a.mp4", "b.mp4"].map(|name| file(name, &BOTH[..1], false));
    let mut bench = Bench::new(options, files);
    bench.uploaded(Ok(unparsed("V1")));
    bench.pass(S(55));
    bench.uploaded(Ok(unparsed("V2")));
    bench.listed(Err(failure(FailureClass::NotConnected)));
    bench.pass(S(6));
    assert_eq!(*bench.state(0), State::TimedOut);
    bench.next_listing();
    let all = ["V1", "V2"].map(|number| video(number, "x.mp4", "PARSE", 0));
    bench.listed(Ok(page(&all)));
    assert_eq!(bench.sent(), [1]);
}

#[test]
fn name_of_a_video_is_kept_where_the_listing_has_none() {
    let mut bench = two_files();
    bench.uploaded(Ok(video("V1", "a.mp4", "UNPARSE", 0)));
    bench.pass(S(10));
    let nameless = Video {
        name: None,
        ..video("V1", "", "PARSE", 0)
    };
    bench.listed(Ok(page(&[nameless])));
    let details = bench.job.item(0).details.as_ref();
    assert_eq!(
        details.and_then(|video| video.name.as_deref()),
        Some("a.mp4")
    );
}

#[test]
fn unknown_status_of_a_video_is_warned_of_once() {
    let mut bench = two_files();
    bench.uploaded(Ok(unparsed("V1")));
    for _ in 0..3 {
        bench.next_listing();
        bench.listed(Ok(VideoPage {
            unknown_status: Some("HALF".to_owned()),
            ..page(&[video("V1", "x.mp4", "HALF", 0)])
        }));
    }
    let expected =
        "the service reports an unknown video status: HALF; such videos count as pending";
    assert_eq!(bench.notes(), [expected]);
}

#[test]
fn failed_parse_says_whether_it_is_news() {
    let failed = || video("V1", "a.mp4", "FAIL", 0);
    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH, false)]);
    bench.uploaded(Ok(failed()));
    let news = "a.mp4: the service could not parse the video V1 (status FAIL)";
    assert_eq!(
        (bench.errors(), &*bench.parsed),
        (vec![news], &[(0, false)][..])
    );

    let mut bench = Bench::new(transcribe(), [file("a.mp4", &BOTH, true)]);
    bench.found.push_back(RecordedUpload::Video(failed()));
    bench.hashed();
    let old = "a.mp4: it was uploaded before as V1, which the service could not parse";
    assert_eq!((bench.errors(), &*bench.parsed), (vec![old], &[][..]));
}

#[test]
fn failed_listing_is_repeated_after_a_pause() {
    let mut bench = two_files();
    bench.uploaded(Ok(unparsed("V1")));
    bench.next_listing();
    for _ in 0..8 {
        bench.listed(Err(failure(FailureClass::ConnectionLost)));
        assert!(!bench.has_listing());
        assert!(bench.next_listing() <= 121);
    }
}

#[test]
fn refused_token_says_what_could_not_be_asked() {
    let message = |bench: &Bench| {
        let Some(Ending::AuthFailed(error)) = bench.job.outcome().ending else {
            panic!("{:?}", bench.job.outcome())
        };
        error.message
    };
    let mut bench = two_files();
    bench.uploaded(Ok(unparsed("V1")));
    bench.next_listing();
    bench.listed(Err(refused("0401")));
    let parse = "could not check whether a.mp4 is parsed: code 0401";
    assert_eq!(message(&bench), parse);

    let mut bench = two_files();
    bench.uploaded(Err(failure(FailureClass::ConnectionLost)));
    bench.listed(Err(refused("0401")));
    let look_up = "could not look for the video of a.mp4: code 0401";
    assert_eq!(message(&bench), look_up);
}

#[test]
fn listing_is_made_again_with_a_renewed_token() {
    let mut bench = two_files();
    bench.uploaded(Ok(unparsed("V1")));
    bench.next_listing();
    bench.listed(Err(ApiError {
        renews_token: true,
        ..refused("0401")
    }));
    assert!(bench.has_listing());
}

#[test]
fn listing_that_is_refused_fails_what_waited_for_it_and_says_how_to_go_on() {
    let fails = |types: &[_]| {
        let mut bench = Bench::new(transcribe(), [file("a.mp4", types, false)]);
        bench.uploaded(Ok(unparsed("V1")));
        bench.next_listing();
        bench.listed(Err(refused("0001")));
        assert!(bench.is_stopped);
        let error = "could not check whether a.mp4 is parsed: code 0001";
        assert_eq!(bench.errors(), [error]);
        bench.hints().join("")
    };
    assert_eq!(fails(&BOTH), "", "the same command reuses the upload");
    let paid = "the video is uploaded and recorded: once the cause is mended, run the command again with \
                --reuse";
    assert_eq!(fails(&[]), paid);
}

#[test]
fn listing_that_comes_once_the_run_is_ending_changes_nothing() {
    let mut bench = two_files();
    bench.on(Event::LastBytes(1));
    bench.uploaded(Ok(unparsed("V1")));
    bench.next_listing();
    bench.on(Event::Signal(ErrorKind::Interrupted));
    bench.listed(Ok(page(&[video("V1", "a.mp4", "PARSE", 0)])));
    assert_eq!(*bench.state(0), State::Parsing);
}

#[test]
fn parsed_video_is_not_submitted_once_the_submits_have_ended() {
    let mut bench = two_files();
    bench.uploaded(Ok(video("V1", "a.mp4", "PARSE", 0)));
    bench.uploaded(Ok(unparsed("V2")));
    bench.submitted(Err(refused("0402")));
    bench.next_listing();
    bench.listed(Ok(page(&[video("V2", "b.mp4", "PARSE", 0)])));
    assert!(bench.is_stopped && bench.calls.is_empty());
    assert_eq!(bench.job.outcome().not_started, 2);
}
