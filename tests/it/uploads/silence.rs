//! `--request-timeout` bounds the silence of an upload, not its length.

use std::thread;
use std::time::Duration;

use snapbox::str;

use super::outcomes::LARGE;
use super::service::{Call, Kind, Service};

#[test]
fn slow_upload_lasts_longer_than_the_timeout() {
    let service = Service::with_uploads(|call: &mut Call| {
        for _ in 0..12 {
            thread::sleep(Duration::from_millis(100));
            call.read_some(1_000_000);
        }
        call.serve_upload("PARSE");
    });
    let env = service.env();
    env.write("a.mp4", &"x".repeat(LARGE));
    env.run("upload a.mp4 --request-timeout 400ms")
        .expect_output("V1\n", "a.mp4: uploading 25 MB\na.mp4: uploaded as V1\n");
    assert_eq!(service.paid(), (1, 0));
}

#[test]
fn upload_that_is_not_read_on_was_certainly_not_accepted() {
    let service = Service::with_uploads(|call: &mut Call| {
        call.read_some(1_000_000);
        call.hold();
    });
    let env = service.env();
    env.write("a.mp4", &"x".repeat(LARGE));
    let run = env.run("upload a.mp4 --request-timeout 300ms --retries 1");
    let run = run.expect_failure(7);
    let expected = "a.mp4: uploading 25 MB\n\
        retrying: the upload made no progress in time\n\
        mavi: could not upload a.mp4: the upload made no progress in time\n\
        hint: check the network, or raise --request-timeout\n";
    assert_eq!(run.stderr, expected);
    assert_eq!((service.paid(), service.count(Kind::List)), ((2, 0), 0));
    service.release();
}

#[test]
fn silence_after_the_last_byte_is_looked_up() {
    let service = Service::with_uploads(|call: &mut Call| {
        call.accept("PARSE");
        call.hold();
    });
    let env = service.env();
    env.write("a.mp4", "content");
    env.run("upload a.mp4 --request-timeout 300ms")
        .expect_output(
            "V1\n",
            str![[r#"
a.mp4: uploading 7 bytes
a.mp4: the service did not answer in time; looking for the video in the account
a.mp4: the service has it, as V1

"#]],
        );
    assert_eq!((service.paid(), service.count(Kind::List)), ((1, 0), 1));
    service.release();
}
