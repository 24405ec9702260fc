//! Tests of the upload against raw sockets.

mod support;

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use flate2::Compression;
use flate2::write::GzEncoder;
use ring::digest::{SHA256, digest};

use super::*;
use crate::ids::VideoNo;
use crate::video_file::{READ_SIZE, VideoFile};
use support::{
    ACCEPTED, LARGE, TOKEN, TestObserver, Upload, answer_early, header, ok, read_after, read_head,
    read_request, reply, server,
};

#[test]
fn request_is_a_form_with_one_part() {
    let long = "\u{e9}".repeat(125) + "a.mp4";
    for (name, quoted, media_type) in [
        ("talk.mp4", "talk.mp4", "video/mp4"),
        (
            "t\u{e4}lk\\ \"1\" 50%.MOV",
            "t\u{e4}lk\\\\ \\\"1\\\" 50%.MOV",
            "video/quicktime",
        ),
        (&long, &long, "video/mp4"),
    ] {
        let mut upload = Upload::new(b"abc");
        upload.request.file = VideoFile::look(&upload.path, Some(name)).unwrap();
        upload.request.callback = Some("http://host/?a=1&b=\u{e9} #".to_owned());
        let (outcome, (head, body)) = upload.to(|mut stream| {
            let request = read_request(&mut stream);
            stream.write_all(&ok(ACCEPTED)).unwrap();
            request
        });
        let form = "multipart/form-data; boundary=";
        let boundary = header(&head, "content-type").strip_prefix(form).unwrap();
        let expected = format!(
            "--{boundary}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"{quoted}\"\r\n\
             Content-Type: {media_type}\r\n\r\nabc\r\n--{boundary}--\r\n"
        );
        assert_eq!(String::from_utf8(body).unwrap(), expected);
        let host = header(&head, "host");
        let length = expected.len();
        let version = env!("CARGO_PKG_VERSION");
        let query = "callBackUri=http%3A%2F%2Fhost%2F%3Fa%3D1%26b%3D%C3%A9+%23";
        let expected = format!(
            "POST /api/serve/video/upload?{query} HTTP/1.1\r\n\
             authorization: Bearer {TOKEN}\r\naccept: application/json\r\naccept-encoding: gzip\r\n\
             content-type: {form}{boundary}\r\ncontent-length: {length}\r\n\
             user-agent: mavi/{version}\r\nhost: {host}\r\n\r\n"
        );
        assert_eq!(head, expected);
        // FIPS 180-2, appendix B.1.
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(outcome.unwrap().sha256, sha256);
    }
}

#[test]
fn content_arrives_whole_and_the_last_bytes_are_announced() {
    for size in [1, READ_SIZE, READ_SIZE + 1, 9 * READ_SIZE + 7] {
        let content: Vec<u8> = (0..=250).cycle().take(size).collect();
        let mut upload = Upload::new(&content);
        let hash = digest(&SHA256, &content);
        let hash: Vec<String> = (hash.as_ref().iter())
            .map(|byte| format!("{byte:02x}"))
            .collect();
        upload.request.sha256 = Some(hash.concat());
        let (outcome, (head, body)) = upload.to(|mut stream| {
            let request = read_request(&mut stream);
            stream.write_all(&ok(ACCEPTED)).unwrap();
            request
        });
        assert!(head.starts_with("POST /api/serve/video/upload HTTP/1.1\r\n"));
        let start = body.windows(4).position(|it| it == b"\r\n\r\n").unwrap() + 4;
        assert!(body[start..start + size] == content, "{size}");
        assert_eq!(outcome.unwrap().sha256, hash.concat());
        let before_last = upload.observer.before_last.load(Ordering::SeqCst);
        assert_eq!(before_last - 1, ((size - 1) / READ_SIZE * READ_SIZE) as u64);
        assert_eq!(upload.observer.sent.load(Ordering::SeqCst), size as u64);
    }
}

#[test]
fn changed_file_is_not_sent_whole() {
    let changes: [fn(&File); 3] = [
        |file| file.set_len(LARGE - 1).unwrap(),
        |file| file.set_len(LARGE + 1).unwrap(),
        |file| file.set_modified(SystemTime::UNIX_EPOCH).unwrap(),
    ];
    for change in changes {
        let upload = Upload::large();
        let path = upload.path.clone();
        let (outcome, missing) = upload.to(read_after(move || {
            change(&File::options().write(true).open(path).unwrap());
        }));
        let error = outcome.unwrap_err();
        assert_eq!(error.error, upload.request.file.changed());
        assert!(error.is_incomplete && missing > 0, "{error:?}");
        assert_eq!(upload.observer.before_last.load(Ordering::SeqCst), 0);
    }
}

#[test]
fn failed_check_keeps_the_last_bytes_back() {
    let mut other_hash = Upload::new(b"<film>");
    other_hash.request.sha256 = Some("0".repeat(64));
    let changed = other_hash.request.file.changed();
    let mut refused = Upload::new(b"<film>");
    let disk_full = Error::new(ErrorKind::Io, "disk full");
    refused.observer = Arc::new(TestObserver {
        failure: Some(disk_full.clone()),
        ..TestObserver::default()
    });
    for (upload, expected) in [(other_hash, changed), (refused, disk_full)] {
        let (outcome, received) = upload.to(|mut stream| io::read_to_string(&mut stream));
        let error = outcome.unwrap_err();
        assert_eq!(error.error, expected);
        assert!(error.is_incomplete, "{error:?}");
        assert!(!received.unwrap().contains("<film>"));
        assert_eq!(upload.observer.sent.load(Ordering::SeqCst), 0);
    }
    let gone = Upload::new(b"abc");
    fs::remove_file(&gone.path).unwrap();
    let error = gone.run("http://127.0.0.1:9").unwrap_err();
    assert!(
        error.is_incomplete && error.error.kind == ErrorKind::Io,
        "{error:?}"
    );
}

#[test]
fn silence_ends_an_upload() {
    let wait = |stream: &mut TcpStream| {
        let _ = io::copy(stream, &mut io::sink());
    };
    let mut stalled = Upload::large();
    stalled.timeout = Duration::from_millis(100);
    let (finished, is_finished) = std::sync::mpsc::channel();
    let (url, server) = server(move |mut stream| {
        read_head(&mut stream);
        is_finished.recv().unwrap();
    });
    let error = stalled.run(&url).unwrap_err();
    finished.send(()).unwrap();
    server.join().unwrap();
    let expected = ApiError {
        is_incomplete: true,
        ..ApiError::stalled()
    };
    assert_eq!(error, expected);

    let mut unanswered = Upload::new(b"abc");
    unanswered.timeout = Duration::from_millis(100);
    let (outcome, ()) = unanswered.to(move |mut stream| {
        read_request(&mut stream);
        wait(&mut stream);
    });
    assert_eq!(outcome.unwrap_err(), ApiError::timed_out());
}

#[test]
fn early_answer_is_read() {
    let lost = r#"{"code":"0429","msg":"slow down"}"#;
    for (status, headers, body, class) in [
        (
            "413 Payload Too Large",
            "connection: close\r\n",
            "<html>",
            FailureClass::Permanent,
        ),
        ("401 Unauthorized", "", "", FailureClass::Permanent),
        (
            "429 Too Many Requests",
            "retry-after: 7\r\n",
            "",
            FailureClass::RateLimited {
                retry_after: Some(Duration::from_secs(7)),
            },
        ),
        (
            "200 OK",
            "",
            lost,
            FailureClass::RateLimited { retry_after: None },
        ),
        (
            "503 Service Unavailable",
            "retry-after: 7\r\n",
            "",
            FailureClass::ServerError {
                status: 503,
                retry_after: Some(Duration::from_secs(7)),
            },
        ),
    ] {
        let (outcome, ()) = Upload::large().to(answer_early(reply(status, headers, body)));
        let error = outcome.unwrap_err();
        assert_eq!(error.class, class, "{error:?}");
        assert!(error.is_incomplete && error.named_video.is_none());
        let status = status[..3].parse().unwrap();
        assert_eq!(error.error.http_status, Some(status));
    }
}

#[test]
fn early_success_is_an_error_that_names_the_video() {
    let (outcome, ()) = Upload::large().to(answer_early(ok(ACCEPTED)));
    let error = outcome.unwrap_err();
    assert_eq!(error.named_video, VideoNo::new("V1").ok());
    assert!(error.is_incomplete, "{error:?}");
}

#[test]
fn lost_connection_says_how_much_was_sent() {
    // Closed with data unread, so that it is reset.
    let (outcome, ()) = Upload::large().to(|mut stream| drop(read_head(&mut stream)));
    let error = outcome.unwrap_err();
    assert_eq!(error.class, FailureClass::ConnectionLost, "{error:?}");
    assert!(error.is_incomplete);

    let (outcome, ()) = Upload::new(b"abc").to(|mut stream| drop(read_request(&mut stream)));
    let error = outcome.unwrap_err();
    assert_eq!(error.class, FailureClass::ConnectionLost, "{error:?}");
    assert!(!error.is_incomplete);

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let upload = Upload::new(b"abc");
    // The port is taken, and nobody listens at this address.
    let error = upload.run(&format!("http://127.0.0.2:{port}")).unwrap_err();
    assert_eq!(error.class, FailureClass::NotConnected, "{error:?}");
    assert!(error.is_incomplete);
    assert_eq!(upload.observer.before_last.load(Ordering::SeqCst), 0);
}

#[test]
fn cancelled_upload_ends() {
    let stuck = Upload::large();
    let observer = Arc::clone(&stuck.observer);
    let (outcome, _) = stuck.to(move |mut stream| {
        read_head(&mut stream);
        observer.is_cancelled.store(true, Ordering::SeqCst);
        io::copy(&mut stream, &mut io::sink())
    });
    let expected = ApiError {
        is_incomplete: true,
        ..ApiError::cancelled()
    };
    assert_eq!(outcome.unwrap_err(), expected);

    let unanswered = Upload::new(b"abc");
    let observer = Arc::clone(&unanswered.observer);
    let (outcome, _) = unanswered.to(move |mut stream| {
        read_request(&mut stream);
        observer.is_cancelled.store(true, Ordering::SeqCst);
        io::copy(&mut stream, &mut io::sink())
    });
    assert_eq!(outcome.unwrap_err(), ApiError::cancelled());
}

#[test]
fn replies_are_read_tolerantly() {
    let video = |data: &str| {
        let body = format!(r#"{{"code":"0000","msg":"","data":{data}}}"#);
        Upload::new(b"abc").answered(&ok(&body))
    };
    let full = video(
        r#"{"video_no":605961375402668032,"video_name":7,"status":"UNPARSE","create_time":"1717243200000","duration":"61.5"}"#,
    );
    let expected = Video {
        video_no: VideoNo::new("605961375402668032").unwrap(),
        name: Some("7".to_owned()),
        status_word: Some("UNPARSE".to_owned()),
        uploaded_at: Some("2024-06-01T12:00:00Z".parse().unwrap()),
        seconds: Some(61.5),
    };
    assert_eq!(full.unwrap().video, expected);
    let two = video(r#"{"videoNo":"V1","videoName":"a.mp4"}"#).unwrap();
    assert_eq!(two.video.name.as_deref(), Some("a.mp4"));
    assert_eq!(two.video.status_word, None);

    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(ACCEPTED.as_bytes()).unwrap();
    let zipped = reply(
        "200 OK",
        "content-encoding: GZIP\r\n",
        gzip.finish().unwrap(),
    );
    assert_eq!(Upload::new(b"abc").answered(&zipped).unwrap(), two);

    for data in ["{}", "null", "[]", r#"{"videoNo":""}"#] {
        let error = video(data).unwrap_err();
        assert_eq!(error.class, FailureClass::Permanent, "{data}");
        assert_eq!(
            (error.error.http_status, error.error.api_code),
            (Some(200), None)
        );
        assert!(!error.is_incomplete, "{data}");
    }
}

#[test]
fn failure_that_names_a_video_says_so() {
    let body = r#"{"code":"0429","msg":"","data":{"video_no":7}}"#;
    let success = r#"{"code":"0000","msg":"","data":{"videoNo":"7"}}"#;
    for (answer, says_success) in [
        (ok(body), false),
        (
            reply("503 Service Unavailable", "retry-after: 1\r\n", body),
            false,
        ),
        (reply("500 Internal Server Error", "", success), true),
    ] {
        let error = Upload::new(b"abc").answered(&answer).unwrap_err();
        assert_eq!(error.named_video, VideoNo::new("7").ok());
        assert_eq!(
            (error.says_success, error.is_incomplete),
            (says_success, false)
        );
    }
}

#[test]
fn redirect_is_not_followed_and_the_token_is_redacted() {
    let (other, is_followed) = server(|_| ());
    for status in [
        "301 Moved",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Moved",
    ] {
        let location = format!("location: {other}/?{TOKEN}\r\n");
        let error = Upload::new(b"abc").answered(&reply(status, &location, ""));
        let error = error.unwrap_err();
        assert!(error.error.message.contains("redirects"), "{error:?}");
        assert!(!error.error.message.contains(TOKEN), "{error:?}");
    }
    assert!(!is_followed.is_finished());
    let body = format!(r#"{{"code":"4711","msg":"no {TOKEN}"}}"#);
    let error = Upload::new(b"abc").answered(&ok(&body)).unwrap_err();
    assert!(error.error.message.contains("no "), "{error:?}");
    assert!(!error.error.message.contains(TOKEN), "{error:?}");
}
