//! The requests of an upload, byte by byte, and those that follow it.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt as _;

use super::service::{Call, Kind, Seen, Service};
use crate::support::env::TOKEN;
use crate::support::receiver::{Receiver, result};
use crate::support::run::Run;

/// Returns the body with `BOUNDARY` in place of its boundary, which must be that of the header.
fn body(upload: &Seen) -> String {
    let content_type = upload.header("content-type").unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=");
    upload.body.replace(boundary.unwrap(), "BOUNDARY")
}

/// Returns the part that a file with this name and type is sent as.
fn part(name: &str, media_type: &str, content: &str) -> String {
    format!(
        "--BOUNDARY\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: {media_type}\r\n\r\n\
         {content}\r\n\
         --BOUNDARY--\r\n"
    )
}

#[test]
fn upload_is_one_part_with_name_and_type() {
    let service = Service::well_behaved();
    let env = service.env();
    env.write("films/talk.mp4", "content\r\n--x\n");
    env.run("upload films/talk.mp4").expect_output(
        "V1\n",
        "films/talk.mp4: uploading 13 bytes\nfilms/talk.mp4: uploaded as V1\n",
    );
    let uploads = service.seen(Kind::Upload);
    let upload = &uploads[0];
    assert_eq!(upload.line, "POST /api/serve/video/upload");
    let token = format!("Bearer {TOKEN}");
    assert_eq!(upload.header("authorization"), Some(&*token));
    assert_eq!(upload.header("transfer-encoding"), None);
    assert_eq!(
        body(upload),
        part("talk.mp4", "video/mp4", "content\r\n--x\n")
    );
    assert_eq!(uploads.len(), 1);
    assert_eq!(service.count(Kind::List), 0, "nothing more is asked for");
}

#[test]
fn names_are_sent_on_one_line_and_found_again() {
    let long = format!("{}.webm", "\u{e4}".repeat(125));
    assert_eq!(long.len(), 255);
    for (name, sent, media_type) in [
        (
            &b"say \"hi\" \\ 100%.MOV"[..],
            "say \\\"hi\\\" \\\\ 100%.MOV",
            "video/quicktime",
        ),
        (b"a\r\nb\nc\td.mkv", "a__b_c_d.mkv", "video/x-matroska"),
        (long.as_bytes(), &long, "video/webm"),
        (
            "\u{540d}\u{524d} \u{1f3ac}".as_bytes(),
            "\u{540d}\u{524d} \u{1f3ac}",
            "video/mp4",
        ),
        (b"\xff\xfe.mp4", "\u{fffd}\u{fffd}.mp4", "video/mp4"),
    ] {
        let service = Service::well_behaved();
        let env = service.env();
        let name = OsString::from_vec(name.to_vec());
        fs::write(env.path("").join(&name), "x").unwrap();
        let run = Run::of(env.command(["upload".into(), name.clone()])).ok();
        assert_eq!(run.stdout, "V1\n", "{run:#?}");
        assert_eq!(
            body(&service.seen(Kind::Upload)[0]),
            part(sent, media_type, "x")
        );
        let again = Run::of(env.command(["upload".into(), "--reuse".into(), name]));
        assert_eq!(again.ok().stdout, "V1\n");
        assert_eq!(service.paid(), (1, 0));
    }
}

#[test]
fn name_of_the_flag_replaces_that_of_the_file() {
    let service = Service::well_behaved();
    let env = service.env();
    env.write("talk.mp4", "x");
    Run::of(env.command(["upload", "talk.mp4", "--name", "Opening night.webm"])).ok();
    let uploads = service.seen(Kind::Upload);
    assert_eq!(
        body(&uploads[0]),
        part("Opening night.webm", "video/webm", "x")
    );
}

#[test]
fn callback_address_is_sent_where_there_is_one() {
    let service = Service::well_behaved();
    let env = service.env();
    env.write("talk.mp4", "x");
    let callback = "https://hooks.test/a?b=c&d=\u{e4}";
    Run::of(env.command(["upload", "talk.mp4", "--callback", callback])).ok();
    let upload = &service.seen(Kind::Upload)[0];
    assert_eq!(upload.query("callBackUri").as_deref(), Some(callback));
    let (path, query) = upload.line.split_once('?').unwrap();
    assert_eq!(path, "POST /api/serve/video/upload");
    assert!(
        query.starts_with("callBackUri=") && !query.contains('&'),
        "{query}"
    );
}

#[test]
fn callbacks_speed_up_the_parse_and_bring_the_result() {
    let service = Service::with_uploads(|call: &mut Call| call.serve_upload("UNPARSE"));
    let env = service.env();
    env.write("talk.mp4", "x");
    let outside = "http://hooks.test/mavi";
    let mut command = env.command(["transcribe", "talk.mp4", "-o", "talk.txt"]);
    command.args(["--listen", "127.0.0.1:0", "--public-url", outside]);
    let run = Receiver::at(&mut command, |stderr| {
        let told = stderr.wait_for("listening for callbacks on ");
        let addr = told.split("callbacks on ").nth(1).unwrap();
        stderr.wait_for("talk.mp4: uploaded as V1\n");
        let upload = service.seen(Kind::Upload)[0].query("callBackUri").unwrap();
        let secret = upload.strip_prefix(outside).unwrap();
        format!("http://{}{secret}", addr.lines().next().unwrap())
    });
    service.set_status("PARSE");
    // Without it the first listing would be 10 s after the upload.
    let posted = run.post(r#"{"videoNo":"V1","clientId":"c","status":"PARSE"}"#);
    assert_eq!(posted.status, 200);
    run.wait_for_stderr("talk.mp4 (audio): task T1\n");
    assert_eq!(run.post(&result("T1", "by callback")).status, 200);
    let run = run.end().expect_status(0);
    let expected = "V1: the service reports that its upload is PARSE\n\
        talk.mp4: parsed\n\
        talk.mp4 (audio): task T1\n\
        talk.mp4 (audio): finished in ";
    let (_, after) = run.stderr.split_once("talk.mp4: uploaded as V1\n").unwrap();
    assert!(after.starts_with(expected), "{after}");
    assert_eq!(env.read("talk.txt"), "by callback\n");
    assert_eq!((service.paid(), service.count(Kind::List)), ((1, 1), 1));
    let submit = service.seen(Kind::Submit).remove(0);
    assert!(
        submit
            .body
            .contains(r#""callBackURI":"http://hooks.test/mavi/"#)
    );
}
