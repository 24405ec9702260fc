//! The parse of a video, as the listing tells it. A video of an earlier run is listed at once, so each test
//! begins with an upload.

use serde_json::{Value, json};
use snapbox::{IntoData as _, str};

use super::service::{Call, Kind, Service, Video, record};
use crate::support::all_at_once;
use crate::support::env::TestEnv;
use crate::support::run::Run;

/// Returns a service whose listings `script` answers, and an environment that has uploaded `a.mp4` as V1,
/// which is not parsed yet.
fn uploaded(script: impl Fn(&mut Call) + Send + Sync + 'static) -> (Service, TestEnv) {
    let service = Service::new(move |call: &mut Call| match call.kind {
        Kind::Upload => call.serve_upload("UNPARSE"),
        Kind::List => script(call),
        _ => call.serve(),
    });
    let env = service.env();
    env.write("a.mp4", "content");
    env.run("upload a.mp4")
        .expect_output("V1\n", "a.mp4: uploading 7 bytes\na.mp4: uploaded as V1\n");
    (service, env)
}

/// Answers with one page that has these records.
fn page(call: &mut Call, records: &[Value]) {
    let data = json!({"page": 1, "current": 1, "total": records.len(), "videoData": records});
    call.ok(json!({"code": "0000", "msg": "", "data": data}).to_string());
}

/// Asserts that the transcription of `a.mp4` was paid for once, after so many listings.
#[track_caller]
fn expect_transcribed(run: Run, service: &Service, lists: usize) -> Run {
    let run = run.ok();
    assert_eq!(run.stdout, "said in T1\n", "{run:#?}");
    assert_eq!(
        (service.paid(), service.count(Kind::List)),
        ((1, 1), lists),
        "{run:#?}"
    );
    run
}

#[test]
fn failed_words_end_the_item_with_the_word() {
    all_at_once(["FAIL", "PARSE_ERROR", "FAILED", "ERROR"], |word| {
        let (service, env) = uploaded(Call::serve);
        service.set_status(word);
        let run = env.run("transcribe a.mp4 -f txt").expect_failure(3);
        let expected = format!(
            "a.mp4: uploaded before as V1\n\
             mavi: a.mp4: the service could not parse the video V1 (status {word})\n\
             hint: check that the file plays and has a sound track; to upload it anew, run the command \
             with --again\n"
        );
        assert_eq!(run.stderr, *expected);
        let again = env
            .run("transcribe a.mp4 --error-format json -q")
            .expect_failure(3);
        let error = again.errors().remove(0);
        assert_eq!(
            (&error["kind"], &error["video_no"]),
            (&"task_failed".into(), &"V1".into())
        );
        // The second run knew it.
        assert_eq!((service.paid(), service.count(Kind::List)), ((1, 0), 1));
    });
}

#[test]
fn upload_waits_for_the_parse_on_demand() {
    let (service, env) = uploaded(Call::serve);
    let run = env.run("upload a.mp4 --reuse --wait --timeout 300ms");
    let run = run.expect_failure(8);
    run.expect_stderr(str![[r#"
a.mp4: uploaded before as V1
mavi: a.mp4: video V1 is still being parsed after 300ms
hint: to resume, run: mavi upload --timeout 300ms --reuse --wait a.mp4

"#]]);
    service.set_status("FAILED");
    env.run("upload a.mp4 --reuse --wait")
        .expect_failure(3)
        .expect_stderr(str![[r#"
a.mp4: uploaded before as V1
mavi: a.mp4: the service could not parse the video V1 (status FAILED)
hint: check that the file plays and has a sound track, then upload it again

"#]]);
    env.write("b.mp4", "other");
    env.run("upload b.mp4").ok();
    service.set_status("PARSE");
    env.run("upload b.mp4 --reuse --wait")
        .expect_output("V2\n", "b.mp4: uploaded before as V2\nb.mp4: parsed\n");
    assert_eq!((service.paid(), service.count(Kind::List)), ((2, 0), 3));
}

#[test]
fn pending_and_unknown_words_wait_until_the_timeout() {
    for (word, warnings) in [
        ("UNPARSE", ""),
        (
            "MAYBE",
            "warning: the service reports an unknown video status: MAYBE; such videos count as pending\n",
        ),
    ] {
        let (service, env) = uploaded(Call::serve);
        service.set_status(word);
        env.write("b.mp4", "content");
        let run = env
            .run("transcribe a.mp4 -f txt --timeout 300ms")
            .expect_failure(8);
        let expected = format!(
            "a.mp4: uploaded before as V1\n{warnings}\
             mavi: a.mp4 (audio): video V1 is still being parsed after 300ms\n\
             hint: to resume, run: mavi transcribe --timeout 300ms --format txt a.mp4\n"
        );
        assert_eq!(run.stderr, *expected);
        assert_eq!((service.paid(), service.count(Kind::List)), ((1, 0), 1));
        service.set_status("PARSE");
        let resumed = Run::of(env.shell("mavi transcribe --timeout 300ms -f txt a.mp4"));
        expect_transcribed(resumed, &service, 2);
    }
}

#[test]
fn unknown_word_earns_one_warning_for_all_videos() {
    let (service, env) = uploaded(Call::serve);
    env.write("b.mp4", "another");
    env.run("upload b.mp4").ok();
    service.set_status("MAYBE");
    let run = env.run("transcribe a.mp4 b.mp4 -o {stem}.txt --timeout 300ms");
    run.expect_failure(8).expect_stderr(
        str![[r#"
a.mp4: uploaded before as V1
b.mp4: uploaded before as V2
warning: the service reports an unknown video status: MAYBE; such videos count as pending
0 of 2 finished, 0 failed, [TIME]
mavi: 2 of 2 items still being parsed and not submitted after 300ms
hint: to resume, run: mavi transcribe --timeout 300ms --output '{stem}.txt' a.mp4 b.mp4

"#]]
        .unordered(),
    );
    assert_eq!(service.count(Kind::List), 1, "one listing answers for both");
}

#[test]
fn video_is_found_on_the_last_of_ten_pages() {
    let others = || {
        (0..2_000).map(|number| Video {
            number: format!("VI{number}"),
            name: "a.mp4".to_owned(),
            status: "FAIL".to_owned(),
            time: super::service::now(),
        })
    };
    let (service, env) = uploaded(move |call| {
        let mut videos: Vec<Video> = others().take(1_999).collect();
        videos.extend(call.videos());
        call.list(&videos);
    });
    service.set_status("PARSE");
    expect_transcribed(env.run("transcribe a.mp4 -f txt"), &service, 10);
    let pages = service.seen(Kind::List).into_iter().map(|list| {
        assert_eq!(list.query("pageSize").as_deref(), Some("200"));
        list.query("page").unwrap()
    });
    let expected = (1..=10).map(|page: usize| page.to_string());
    assert_eq!(pages.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

#[test]
fn duplicates_wrong_pages_and_strings_are_understood() {
    let (service, env) = uploaded(|call| {
        let parsed = json!({"video_no": "V1", "video_name": null, "status": "PARSE", "create_time": "1769860800000"});
        let pending = record(&call.videos()[0]);
        let other =
            json!({"videoNo": 17, "videoStatus": null, "uploadTime": "soon", "duration": "x"});
        let data = match call.number {
            0 => json!({"page": "7", "current": "3", "total": "5", "pageSize": "2",
                        "videoData": [other, null]}),
            _ => json!({"page": 0, "total": 5, "videoData": [pending, parsed]}),
        };
        call.ok(json!({"code": 0, "msg": "", "data": data})
            .to_string()
            .replace("\"code\":0", "\"code\":\"0000\""));
    });
    let run = env.run("transcribe a.mp4 -f txt --timeout 5s");
    expect_transcribed(run, &service, 2);
}

#[test]
fn failing_listing_goes_on() {
    let (service, env) = uploaded(|call| match call.number {
        0 => call.answer("500 Internal Server Error", &[], "<html>"),
        1 => call.answer("504 Gateway Timeout", &[], ""),
        2 => {}
        3 => call.ok("<html><title>Log in</title>"),
        _ => call.serve(),
    });
    service.set_status("PARSE");
    // More often than a call is repeated.
    let run = env.run("transcribe a.mp4 -f txt --retries 0");
    expect_transcribed(run, &service, 5).expect_stderr(str![[r#"
a.mp4: uploaded before as V1
retrying: the server failed (HTTP 500): <html>
the service responds again
a.mp4: parsed
a.mp4 (audio): task T1
a.mp4 (audio): finished in [TIME]

"#]]);
}

#[test]
fn refusal_of_the_listing_ends_the_item() {
    let (service, env) = uploaded(|call| call.ok(r#"{"code":"0001","msg":"no"}"#));
    env.run("transcribe a.mp4 -f txt")
        .expect_failure(5)
        .expect_stderr(str![[r#"
a.mp4: uploaded before as V1
mavi: could not check whether a.mp4 is parsed: a parameter is wrong (code 0001): no
hint: check the ID; it must belong to this account

"#]]);
    assert_eq!((service.paid(), service.count(Kind::List)), ((1, 0), 1));
}

#[test]
fn video_that_is_not_listed_is_waited_for() {
    let (service, env) = uploaded(|call| page(call, &[]));
    let run = env
        .run("transcribe a.mp4 -f txt --timeout 300ms")
        .expect_failure(8);
    run.expect_stderr(str![[r#"
a.mp4: uploaded before as V1
mavi: a.mp4 (audio): video V1 is still being parsed after 300ms
hint: to resume, run: mavi transcribe --timeout 300ms --format txt a.mp4

"#]]);
    assert_eq!((service.paid(), service.count(Kind::List)), ((1, 0), 1));
}
