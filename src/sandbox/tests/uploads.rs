//! Uploads over plain sockets: faults, early refusals, parses and callbacks.

use super::videos::{DELETE, LIST, UPLOAD, form, headers, upload};
use super::*;

/// Uploads a file as `raw` does; an empty reply is a connection that was closed.
fn raw_upload(sandbox: &Sandbox, file: &str) -> std::io::Result<String> {
    raw(sandbox, &message(UPLOAD, &headers(sandbox), &form(file)))
}

/// Returns the reply to an upload of which only the start is sent.
fn early_reply(sandbox: &Sandbox, target: &str, authorization: &str) -> String {
    let mut stream = TcpStream::connect(sandbox.server.addr()).unwrap();
    let head = "content-type: multipart/form-data; boundary=xyz\r\ncontent-length: 1000000";
    write!(
        stream,
        "POST {target} HTTP/1.1\r\nhost: x\r\n{authorization}{head}\r\n\r\n--xyz\r\n"
    )
    .unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply
}

fn target() -> &'static str {
    UPLOAD.trim_start_matches("POST ")
}

fn video_no(reply: &HttpReply) -> String {
    reply.json()["data"]["videoNo"].as_str().unwrap().to_owned()
}

#[test]
fn cut_upload_ends_halfway_and_is_no_video() {
    let sandbox = with_fault("upload-cut:once");
    let file = "x".repeat(8_000_000);
    assert!(raw_upload(&sandbox, &file).is_err());
    let stats = sandbox.stats();
    assert!(
        (4_000_000..4_200_000).contains(&stats.upload_bytes),
        "{stats:?}"
    );
    assert_eq!(
        (stats.uploads, stats.uploads_accepted, stats.faults),
        (1, 0, 1)
    );
    assert_eq!(upload(&sandbox, "x").code(), "0000");
    assert_eq!(sandbox.uploads().len(), 1);
}

#[test]
fn refusal_does_not_wait_for_the_body() {
    let limited = SandboxOptions {
        rate_limits: RateLimits::Documented,
        ..instant()
    };
    let limited = Sandbox::start(limited).unwrap();
    for _ in 0..10 {
        assert_eq!(upload(&limited, "x").code(), "0000");
    }
    let bytes = limited.stats().upload_bytes;
    let reply = early_reply(&limited, target(), &authorization(&limited));
    assert!(reply.contains("connection: close\r\n"), "{reply}");
    assert!(reply.ends_with(r#"{"code":"0429","msg":"Request has exceeded the limit."}"#));
    let stats = limited.stats();
    assert_eq!((stats.upload_bytes, stats.rate_limited), (bytes, 1));
    assert_eq!((stats.uploads, stats.uploads_refused), (11, 1));

    let no_url = format!("{}?callBackUri=nowhere", target());
    for (fault, target, token, starts_with, holds) in [
        ("", target(), "", "HTTP/1.1 200", "0401"),
        (
            "",
            &no_url,
            "right",
            "HTTP/1.1 200",
            "The callBackUri is not a URL.",
        ),
        (
            "upload-rate-limit:1",
            target(),
            "right",
            "HTTP/1.1 200",
            "0429",
        ),
        (
            "upload-http-413:1",
            target(),
            "right",
            "HTTP/1.1 413",
            "<html>",
        ),
    ] {
        let sandbox = with_fault(fault);
        let authorization = match token {
            "right" => authorization(&sandbox),
            _ => String::new(),
        };
        let reply = early_reply(&sandbox, target, &authorization);
        assert!(
            reply.starts_with(starts_with) && reply.contains(holds),
            "{reply}"
        );
        let stats = sandbox.stats();
        assert_eq!((stats.uploads, stats.uploads_refused), (1, 1), "{reply}");
        assert_eq!(
            (stats.uploads_accepted, stats.upload_bytes),
            (0, 0),
            "{reply}"
        );
        assert_eq!(stats.faults, u64::from(!fault.is_empty()), "{reply}");
    }
}

#[test]
fn throttled_upload_is_not_read_at_once() {
    let sandbox = with_fault("upload-throttle:1h:1");
    let mut stream = TcpStream::connect(sandbox.server.addr()).unwrap();
    let request = message(UPLOAD, &headers(&sandbox), &form(&"x".repeat(400_000)));
    stream.write_all(request.as_bytes()).unwrap();
    while sandbox.stats().upload_bytes == 0 {
        std::thread::yield_now();
    }
    stream.set_nonblocking(true).unwrap();
    let nothing_yet = stream.read(&mut [0]).unwrap_err();
    assert_eq!(nothing_yet.kind(), std::io::ErrorKind::WouldBlock);
    assert!(sandbox.stats().upload_bytes < 400_000);
    assert!(sandbox.uploads().is_empty());
}

/// The calls about videos have the faults of all requests: before the work, or after it.
#[test]
fn faults_of_requests_happen_to_calls_about_videos() {
    for (fault, is_done, starts_with) in [
        ("reset:1", false, None),
        ("http-500:1", false, Some("HTTP/1.1 500")),
        ("http-503:1", false, Some("HTTP/1.1 503")),
        ("html:1", false, Some("HTTP/1.1 200")),
        ("rate-limit:1", false, Some("HTTP/1.1 200")),
        ("truncate:1", true, Some("HTTP/1.1 200")),
        ("drop-after-accept:1", true, Some("")),
    ] {
        let sandbox = with_fault(fault);
        let authorization = authorization(&sandbox);
        let uploaded = raw_upload(&sandbox, "x");
        let deleted = raw(
            &sandbox,
            &message(DELETE, &authorization, r#"["lecture-1"]"#),
        );
        let listed = raw(&sandbox, &message(LIST, &authorization, ""));
        for (call, reply) in [("upload", uploaded), ("delete", deleted), ("list", listed)] {
            let is_listed = call == "list" && fault.starts_with("drop");
            let expected = if is_listed {
                Some("HTTP/1.1 200")
            } else {
                starts_with
            };
            match (reply, expected) {
                (Ok(reply), Some("")) => assert_eq!(reply, "", "{call} {fault}"),
                (Ok(reply), Some(start)) => {
                    assert!(reply.starts_with(start), "{call} {fault}: {reply}");
                }
                (reply, expected) => assert_eq!(reply.ok().as_deref(), expected, "{call} {fault}"),
            }
        }
        let stats = sandbox.stats();
        let done = (stats.uploads_accepted, stats.videos_deleted);
        let expected = u64::from(is_done);
        assert_eq!(done, (expected, expected), "{fault}");
        assert_eq!(sandbox.uploads().len() as u64, expected, "{fault}");
        assert_eq!(
            (stats.uploads, stats.deletes, stats.lists),
            (1, 1, 1),
            "{fault}"
        );
        let is_certain = matches!(fault, "http-503:1" | "rate-limit:1");
        assert_eq!(stats.uploads_refused, u64::from(is_certain), "{fault}");
    }
}

fn end_of_task(sandbox: &Sandbox, video_no: &str, kind: &str) -> Value {
    let body = format!(r#"{{"videoNo":"{video_no}","type":"{kind}"}}"#);
    let reply = submit(sandbox, &body);
    assert_eq!(reply.code(), "0000");
    let task_no = reply.json()["data"]["taskNo"].as_str().unwrap().to_owned();
    get(sandbox, &task_no).json()["data"].clone()
}

#[test]
fn result_of_an_upload_depends_on_its_name_alone() {
    let results = [(); 2].map(|()| {
        let sandbox = Sandbox::start(instant()).unwrap();
        let video_no = video_no(&upload(&sandbox, "x"));
        // It need not be parsed yet.
        ["AUDIO", "VIDEO"].map(|kind| {
            let data = end_of_task(&sandbox, &video_no, kind);
            assert_eq!(
                (&data["status"], &data["type"]),
                (&"FINISH".into(), &kind.into())
            );
            assert_eq!(data["videoNo"], *video_no);
            data["transcriptions"].clone()
        })
    });
    assert_eq!(results[0], results[1]);
    let [audio, video] = &results[0];
    assert!(audio.as_array().unwrap().len() > 3 && audio != video);
}

#[test]
fn failed_parse_is_listed_and_fails_the_task() {
    let sandbox = Sandbox::start(SandboxOptions {
        parse_delay: Duration::ZERO,
        faults: "parse-fail:once".parse().unwrap(),
        ..instant()
    })
    .unwrap();
    let [failed, parsed] = [(); 2].map(|()| video_no(&upload(&sandbox, "x")));
    let listed = call(
        &sandbox,
        &format!("{LIST}?videoName=talk.mp4&videoStatus=FAIL"),
        "",
    );
    let records = listed.json()["data"]["videoData"].clone();
    assert_eq!(
        (records.as_array().unwrap().len(), &records[0]["videoNo"]),
        (1, &(*failed).into())
    );
    assert_eq!(end_of_task(&sandbox, &failed, "AUDIO")["status"], "FAIL");
    assert_eq!(end_of_task(&sandbox, &parsed, "AUDIO")["status"], "FINISH");
    let fails: Vec<bool> = sandbox.uploads().iter().map(|it| it.parse_fails).collect();
    assert_eq!(fails, [true, false]);
}

#[test]
fn upload_has_a_callback_once_it_is_parsed() {
    let sandbox = Sandbox::start(SandboxOptions {
        parse_delay: Duration::ZERO,
        faults: "parse-fail:once,callback-duplicate:1".parse().unwrap(),
        ..instant()
    })
    .unwrap();
    for status in ["FAIL", "PARSE"] {
        let (url, received) = receiver(&[200, 200]);
        let uri: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
        let line = format!("{UPLOAD}?callBackUri={uri}");
        let reply = request(&sandbox, &line, &headers(&sandbox), &form("x"));
        let expected = serde_json::json!({"videoNo": video_no(&reply), "clientId": "sandbox", "status": status});
        assert_eq!(received.join().unwrap(), [expected.clone(), expected]);
    }
}

#[test]
fn odd_and_empty_pages_of_the_listing() {
    let sandbox = with_fault("list-odd:1");
    let data = call(&sandbox, LIST, "").json()["data"].clone();
    assert_eq!(data["total"], "6");
    assert_eq!(data["videoData"].as_array().unwrap().len(), 7);
    let sandbox = with_fault("list-empty:once");
    let listed = || call(&sandbox, LIST, "").json()["data"].clone();
    let (empty, whole) = (listed(), listed());
    assert_eq!(
        (&empty["total"], &empty["videoData"]),
        (&6.into(), &Value::Array(vec![]))
    );
    assert_eq!(whole["videoData"].as_array().unwrap().len(), 6);
    assert_eq!((sandbox.stats().lists, sandbox.stats().faults), (2, 1));
}
