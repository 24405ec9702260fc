//! Files that change or vanish while they are uploaded.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use snapbox::str;

use super::outcomes::LARGE;
use super::service::{Call, Kind, Service, uploaded};
use crate::support::all_at_once;
use crate::support::process::Process;

/// A service that stops early in the first upload, and accepts the others.
fn stopping() -> Service {
    Service::with_uploads(|call: &mut Call| {
        if call.number == 0 {
            call.read_some(100_000);
            call.hold();
            call.read_all();
        } else {
            call.serve_upload("PARSE");
        }
    })
}

fn append(path: &Path) {
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(b"x").unwrap();
}

fn truncate(path: &Path) {
    let file = OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(LARGE as u64 / 2).unwrap();
}

fn overwrite(path: &Path) {
    let mut file = OpenOptions::new().write(true).open(path).unwrap();
    file.write_all(b"yyy").unwrap();
}

fn replace(path: &Path) {
    let other = path.with_extension("new");
    fs::write(&other, "y".repeat(LARGE)).unwrap();
    fs::rename(other, path).unwrap();
}

fn remove(path: &Path) {
    fs::remove_file(path).unwrap();
}

const UPLOADING: &str = "a.mp4: uploading 25 MB\n";

type Change = fn(&Path);

#[test]
fn changed_file_is_not_sent_whole_and_not_recorded() {
    let changed = "a.mp4 changed while it was read\n\
                   hint: run the command again once nothing writes to the file\n";
    let removed = "could not read a.mp4: No such file or directory (os error 2)\n";
    let cases: [(Change, &str); 5] = [
        (append, changed),
        (truncate, changed),
        (overwrite, changed),
        (replace, changed),
        (remove, removed),
    ];
    all_at_once(cases, |(change, why)| {
        let service = stopping();
        let env = service.env();
        let path = env.write("a.mp4", &"x".repeat(LARGE));
        let run = Process::start(env.command(["upload", "a.mp4"]));
        service.wait_held();
        change(&path);
        service.release();
        let run = run.end().expect_failure(1);
        assert_eq!(
            run.stderr,
            *format!("{UPLOADING}mavi: could not upload a.mp4: {why}")
        );
        service.wait_for(Kind::Upload, 1);
        let uploads = service.seen(Kind::Upload);
        assert!(uploads.iter().all(|upload| !upload.is_whole));

        env.write("a.mp4", "final");
        env.run("upload a.mp4 --reuse")
            .expect_output("V1\n", "a.mp4: uploading 5 bytes\na.mp4: uploaded as V1\n");
        assert_eq!((service.paid(), service.count(Kind::List)), ((2, 0), 0));
    });
}

#[test]
fn changed_file_ends_transcribe_before_anything_is_paid() {
    let service = stopping();
    let env = service.env();
    let path = env.write("a.mp4", &"x".repeat(LARGE));
    let run = Process::start(env.command(["transcribe", "a.mp4", "-f", "txt"]));
    service.wait_held();
    append(&path);
    service.release();
    let run = run.end().expect_failure(1);
    run.expect_stderr(str![[r#"
a.mp4: uploading 25 MB
mavi: could not upload a.mp4: a.mp4 changed while it was read
hint: run the command again once nothing writes to the file

"#]]);
    assert_eq!(service.accepted(), (0, 0));

    env.run("transcribe a.mp4 -f txt").expect_output(
        "said in T1\n",
        str![[r#"
a.mp4: uploading 25 MB
a.mp4: uploaded as V1
a.mp4 (audio): task T1
a.mp4 (audio): finished in [TIME]

"#]],
    );
    assert_eq!((service.accepted(), service.count(Kind::List)), ((1, 1), 0));
}

#[test]
fn file_that_vanishes_before_its_turn_fails_alone() {
    let service = Service::with_uploads(|call: &mut Call| {
        let video = call.accept("PARSE");
        call.hold();
        call.ok(uploaded(&video));
    });
    let env = service.env();
    env.write("a.mp4", "one");
    let path = env.write("b.mp4", "two");
    let run = Process::start(env.command(["upload", "--jobs", "1", "a.mp4", "b.mp4"]));
    service.wait_held();
    remove(&path);
    service.release();
    let run = run.end().expect_status(1);
    run.expect_stderr(str![[r#"
a.mp4: uploading 3 bytes
a.mp4: uploaded as V1
b.mp4: uploading 3 bytes
mavi: could not upload b.mp4: could not read b.mp4: No such file or directory (os error 2)
1 of 2 uploaded, 1 failed, [TIME]

"#]])
        .expect_stdout("V1\n");
    assert_eq!(service.paid(), (1, 0));
}
