//! The outcome of an upload whose answer arrives: taken, sent again where it certainly was not accepted,
//! or reported.

use std::fs::File;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use snapbox::str;

use super::service::{Call, Kind, Service};
use crate::support::all_at_once;
use crate::support::env::TestEnv;
use crate::support::process::Process;
use crate::support::run::Run;

/// A length of which no socket takes all before it is read.
pub(super) const LARGE: usize = 24 * 1024 * 1024;

/// Returns the envelope of a refusal.
fn refusal(code: &str) -> String {
    format!(r#"{{"code":"{code}","msg":"no","data":null}}"#)
}

/// Answers the first upload with this, and accepts the others.
fn first_answered(status: &'static str, headers: &'static [&str], body: String) -> Service {
    Service::with_uploads(move |call: &mut Call| {
        if call.number > 0 {
            call.serve_upload("PARSE");
        } else if call.read_all() {
            call.answer(status, headers, &body);
        }
    })
}

fn env_with_file(service: &Service) -> TestEnv {
    let env = service.env();
    env.write("a.mp4", "content");
    env
}

#[test]
fn upload_is_sent_again_after_a_clear_refusal() {
    let pause = &["retry-after: 1"];
    all_at_once(
        [
            ("200 OK", refusal("0429")),
            ("429 Too Many Requests", String::new()),
            ("429 Too Many Requests", "<html>".to_owned()),
            ("503 Service Unavailable", "<html>".to_owned()),
        ],
        |(status, body)| {
            let service = first_answered(status, pause, body);
            let env = env_with_file(&service);
            let run = env.run("upload a.mp4").ok();
            assert_eq!(run.stdout, "V1\n", "{status}");
            assert_eq!(service.paid(), (2, 0), "{status}");
            assert_eq!(service.count(Kind::List), 0, "{status}");
        },
    );
}

#[test]
fn refused_upload_is_not_sent_again_and_not_recorded() {
    for (status, body, exit, kind) in [
        ("200 OK", refusal("0001"), 5, "api"),
        ("200 OK", refusal("0409"), 5, "api"),
        ("400 Bad Request", "no".to_owned(), 5, "api"),
        ("413 Content Too Large", "<html>".to_owned(), 5, "api"),
        ("307 Temporary Redirect", String::new(), 5, "api"),
        ("200 OK", refusal("9009"), 4, "auth"),
    ] {
        let service = first_answered(status, &["location: /x"], body);
        let env = env_with_file(&service);
        let run = env.run("upload a.mp4 --error-format json -q");
        let run = run.expect_failure(exit);
        let error = run.errors().remove(0);
        assert_eq!(error["kind"], kind, "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.starts_with("could not upload a.mp4: "), "{message}");
        assert!(!message.contains("not known"), "{message}");
        assert_eq!(service.paid(), (1, 0), "{message}");
        // There is nothing to reuse, and nothing to look for.
        let again = env.run("upload a.mp4 --reuse").ok();
        assert_eq!(again.stdout, "V1\n", "{again:#?}");
        assert_eq!((service.paid(), service.count(Kind::List)), ((2, 0), 0));
    }
}

#[test]
fn many_uploads_need_few_open_files() {
    let service = Service::well_behaved();
    let env = service.env();
    for number in 0..80 {
        env.write(&format!("film-{number}.mp4"), &number.to_string());
    }
    Run::of(env.shell("ulimit -n 64; exec mavi upload -q film-*.mp4")).ok();
    assert_eq!(service.accepted(), (80, 0));
}

#[test]
fn file_that_is_too_large_is_called_so() {
    let service = first_answered("413 Content Too Large", &[], "<html>".to_owned());
    env_with_file(&service)
        .run("upload a.mp4 -q")
        .expect_failure(5)
        .expect_stderr(str![[r#"
mavi: could not upload a.mp4: the server refused (HTTP 413): <html>
hint: the file is too large for the service or a gateway on the way

"#]]);
}

#[test]
fn refused_token_is_renewed_once() {
    for status in ["200 OK", "401 Unauthorized"] {
        let service = first_answered(status, &[], refusal("0401"));
        let env = env_with_file(&service);
        env.configure(
            "token_command = [\"sh\", \"-c\", \"echo x >> runs; echo renewed-$(wc -l < runs)\"]\n",
        );
        let mut command = env.command(["upload", "a.mp4"]);
        command.env_remove("MAVI_TOKEN");
        assert_eq!(Run::of(command).ok().stdout, "V1\n");
        let uploads = service.seen(Kind::Upload);
        let tokens = uploads.iter().map(|it| it.header("authorization").unwrap());
        assert_eq!(
            tokens.collect::<Vec<_>>(),
            ["Bearer renewed-1", "Bearer renewed-2"]
        );
        assert!(uploads[1].body.contains("\r\n\r\ncontent\r\n"));
    }
}

#[test]
fn batch_ends_where_every_other_upload_would_fail_too() {
    let left = "3 of 3 files were not uploaded\nhint: ";
    let again = "\nhint: to resume, run: mavi upload --jobs 1 --reuse a.mp4 b.mp4 c.mp4\n";
    for (code, exit, why, hint) in [
        (
            "0402",
            5,
            "not enough credit",
            "add credit to the account, then run the command again",
        ),
        (
            "0403",
            4,
            "the account is disabled",
            "ask the service's support",
        ),
        (
            "0401",
            4,
            "the token is invalid or has expired",
            "set a fresh token in MAVI_TOKEN, or unset it and run: mavi auth login",
        ),
    ] {
        let service = Service::with_uploads(move |call: &mut Call| {
            call.read_all();
            call.ok(refusal(code));
        });
        let env = env_with_file(&service);
        env.write("b.mp4", "other");
        env.write("c.mp4", "third");
        let run = env.run("upload a.mp4 b.mp4 c.mp4 --jobs 1");
        let run = run.expect_failure(exit);
        assert_eq!(service.paid(), (1, 0), "{run:#?}");
        run.expect_stderr(format!(
            "a.mp4: uploading 7 bytes\n0 of 3 uploaded, [..]\n\
             mavi: could not upload a.mp4: {why} (code {code}): no. {left}{hint}{again}"
        ));
    }
}

#[test]
fn file_that_is_hashed_when_the_batch_ends_is_not_uploaded() {
    let service = Service::with_uploads(|call: &mut Call| {
        call.read_all();
        call.ok(refusal("0402"));
    });
    let env = env_with_file(&service);
    let large = File::create(env.path("b.mp4")).unwrap();
    large.set_len(300_000_000).unwrap();
    let run = env.run("transcribe a.mp4 b.mp4 -o {stem}.txt --jobs 8");
    let run = run.expect_failure(5);
    run.expect_stderr(str![[r#"
a.mp4: uploading 7 bytes
0 of 2 finished, 0 failed, [TIME]
mavi: could not upload a.mp4: not enough credit (code 0402): no. 2 of 2 files were not uploaded
hint: add credit to the account, then run the command again
hint: to resume, run: mavi transcribe --jobs 8 --output '{stem}.txt' a.mp4 b.mp4

"#]]);
    assert_eq!(service.paid(), (1, 0));
}

#[test]
fn upload_that_is_cut_after_the_batch_has_ended_is_not_sent_again() {
    let service = Service::with_uploads(|call: &mut Call| {
        call.read_some(1_000);
        if String::from_utf8_lossy(&call.body).contains("\"b.mp4\"") {
            call.hold();
        } else {
            call.wait_held();
            call.read_all();
            call.ok(refusal("0402"));
        }
    });
    let env = env_with_file(&service);
    env.write("b.mp4", &"x".repeat(LARGE));
    let run = Process::start(env.command(["upload", "a.mp4", "b.mp4", "--jobs", "8"]));
    service.wait_for(Kind::Upload, 1);
    // The client reads the refusal meanwhile.
    thread::sleep(Duration::from_millis(200));
    service.release();
    let run = run.end().expect_failure(5);
    run.expect_stderr(str![[r#"
a.mp4: uploading 7 bytes
b.mp4: uploading 25 MB
0 of 2 uploaded, 0 failed, [TIME]
mavi: could not upload a.mp4: not enough credit (code 0402): no. 2 of 2 files were not uploaded
hint: add credit to the account, then run the command again
hint: to resume, run: mavi upload --jobs 8 --reuse a.mp4 b.mp4

"#]]);
    assert_eq!(service.paid(), (2, 0));
}

#[test]
fn connection_cut_before_the_last_byte_is_sent_again() {
    let service = Service::with_uploads(|call: &mut Call| {
        if call.number < 2 {
            call.read_some(100_000);
        } else {
            call.serve_upload("PARSE");
        }
    });
    let env = service.env();
    env.write("a.mp4", &"x".repeat(LARGE));
    env.run("upload a.mp4 --retries 2").expect_output(
        "V1\n",
        str![[r#"
a.mp4: uploading 25 MB
retrying: the connection was cut: Connection reset by peer (os error 104)
the service responds again
a.mp4: uploaded as V1

"#]],
    );
    assert_eq!((service.paid(), service.count(Kind::List)), ((3, 0), 0));
}

#[test]
fn upload_that_is_cut_each_time_was_certainly_not_accepted() {
    let service = Service::with_uploads(|call: &mut Call| {
        call.read_some(100_000);
    });
    let env = service.env();
    env.write("a.mp4", &"x".repeat(LARGE));
    env.run("upload a.mp4 --retries 1")
        .expect_failure(7)
        .expect_stderr(str![[r#"
a.mp4: uploading 25 MB
retrying: the connection was cut: Connection reset by peer (os error 104)
mavi: could not upload a.mp4: the connection was cut: Connection reset by peer (os error 104)
hint: check the network, the proxy settings and base_url; `mavi doctor` names what is wrong

"#]]);
    assert_eq!((service.paid(), service.count(Kind::List)), ((2, 0), 0));
    assert!(service.seen(Kind::Upload).iter().all(|it| !it.is_whole));
}

#[test]
fn video_in_a_failed_reply_is_recorded_and_named() {
    let named = r#"{"code":"0402","msg":"no","data":{"videoNo":"V9"}}"#;
    let success = named.replace("0402", "0000");
    for (status, body) in [
        ("200 OK", named.to_owned()),
        ("200 OK", named.replace("0402", "0401")),
        ("200 OK", named.replace("0402", "0429")),
        ("429 Too Many Requests", success.clone()),
        ("503 Service Unavailable", success.clone()),
        ("500 Internal Server Error", success.clone()),
        ("404 Not Found", success),
        (
            "400 Bad Request",
            r#"{"data":{"video_no":"V9"}}"#.to_owned(),
        ),
        ("200 OK", named.replace("\"0402\"", "null")),
        ("200 OK", named.replace("\"0402\"", "true")),
        ("200 OK", named.replace("\"msg\"", "\"code\"")),
        ("200 OK", format!("{named}xx")),
    ] {
        let service = first_answered(status, &["retry-after: 0"], body);
        let env = env_with_file(&service);
        let run = env.run("upload a.mp4 --error-format json -q");
        let run = run.expect_failure(7);
        let error = run.errors().remove(0);
        let message = error["message"].as_str().unwrap();
        let unknown = "it is not known whether the service accepted it (its reply names video V9)";
        assert!(message.ends_with(unknown), "{message}");
        assert_eq!(error["video_no"], "V9", "{error}");
        env.run("upload a.mp4 --reuse")
            .expect_output("V9\n", "a.mp4: uploaded before as V9\n");
        assert_eq!((service.paid(), service.count(Kind::List)), ((1, 0), 0));
    }
}

#[test]
fn list_in_place_of_an_object_is_no_video() {
    for body in [
        r#"["0000","ok",{"videoNo":"V9"}]"#,
        r#"{"code":"0000","data":["V9","n"]}"#,
        r#"{"code":"0000","data":[{"videoNo":"V9"}]}"#,
    ] {
        let service = first_answered("200 OK", &[], body.to_owned());
        let env = env_with_file(&service);
        let run = env.run("upload a.mp4 --retries 0 --error-format json -q");
        let run = run.expect_failure(7);
        let error = run.errors().remove(0);
        let message = error["message"].as_str().unwrap();
        let unknown = "it is not known whether the service accepted it (the account lists no video";
        assert!(message.contains(unknown), "{message}");
        assert_eq!(service.paid(), (1, 0), "{message}");
    }
}

#[test]
fn odd_replies_are_understood() {
    let all = r#""videoStatus":"UNPARSE","uploadTime":"2026-01-31T12:00:00Z","duration":61"#;
    for (data, expected) in [
        (
            r#"{"videoNo":"V1","videoName":"n"}"#,
            r#""videoStatus":null,"uploadTime":null,"duration":null"#,
        ),
        (
            r#"{"videoNo":"V1","videoName":"n","videoStatus":"UNPARSE","uploadTime":"1769860800000","duration":"61"}"#,
            all,
        ),
        (
            r#"{"video_no":"V1","video_name":"n","status":"UNPARSE","create_time":1769860800000,"duration":61.0}"#,
            all,
        ),
    ] {
        let envelope = format!(r#"{{"code":0,"msg":"","data":{data},"success":true}}"#);
        let service = first_answered("200 OK", &[], envelope.replace(":0,", ":\"0000\","));
        let env = env_with_file(&service);
        let run = env.run("upload a.mp4 --format jsonl").ok();
        let video = format!(r#"{{"videoNo":"V1","videoName":"n",{expected},"sha256":"#);
        // In part: the rest is compared as JSON.
        assert!(run.stdout.starts_with(&video), "{run:#?}");
        let row: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!((&row["size"], &row["path"]), (&7.into(), &"a.mp4".into()));
    }
    let service = first_answered(
        "200 OK",
        &[],
        r#"{"code":"0000","data":{"videoNo":17}}"#.to_owned(),
    );
    let env = env_with_file(&service);
    env.run("upload a.mp4")
        .expect_output("17\n", "a.mp4: uploading 7 bytes\na.mp4: uploaded as 17\n");
}
