//! A record or an output that cannot be written, and a limit of the day that is reached.

use std::fs::{self, OpenOptions};

use rustix::process::Signal;
use snapbox::str;

use super::service::{Call, Service};
use crate::support::env::TestEnv;
use crate::support::process::Process;
use crate::support::run::Transcript;

#[test]
fn upload_that_cannot_be_recorded_is_made_and_named() {
    let service = Service::well_behaved();
    let env = service.env();
    fs::create_dir_all(env.journal()).unwrap();
    env.write("a.mp4", "one");
    env.write("b.mp4", "two");
    let run = env.run("upload a.mp4 b.mp4 --jobs 1").ok();
    let run = run.expect_stdout("V1\nV2\n").expect_stderr(str![[r#"
warning: this run is not recorded: could not read the journal [HOME]/.local/state/mavi/journal.jsonl: not a regular file; make it readable, or move it away to start a new one
a.mp4: uploading 3 bytes
a.mp4: video V1 (not recorded)
a.mp4: uploaded as V1
b.mp4: uploading 3 bytes
b.mp4: video V2 (not recorded)
b.mp4: uploaded as V2
2 of 2 uploaded, 0 failed, [TIME]

"#]]);
    run.expect_stderr(str![[r#"
warning: this run is not recorded: could not read the journal [HOME]/.local/state/mavi/journal.jsonl: not a regular file; make it readable, or move it away to start a new one
a.mp4: uploading 3 bytes
a.mp4: video V1 (not recorded)
a.mp4: uploaded as V1
b.mp4: uploading 3 bytes
b.mp4: video V2 (not recorded)
b.mp4: uploaded as V2
2 of 2 uploaded, 0 failed, [TIME]

"#]]);
    assert_eq!(service.paid(), (2, 0));
    let run = env.run("upload a.mp4 -q").ok();
    let run = run
        .expect_stdout("V3\n")
        .expect_stderr("a.mp4: video V3 (not recorded)\n");
    assert_eq!(run.stderr, "a.mp4: video V3 (not recorded)\n");
}

#[test]
fn nothing_is_paid_for_where_reuse_needs_the_record() {
    let mut transcript = Transcript::default();
    for in_the_way in [".local/state/mavi", ".local/state", ".local"] {
        let service = Service::well_behaved();
        let env = service.env();
        env.write("a.mp4", "content");
        env.write(in_the_way, "a file where a directory should be");
        for command in ["transcribe a.mp4 V1", "upload a.mp4 --reuse"] {
            let run = env.run(command).expect_failure(1);
            transcript.add(&format!("mavi {command}, {in_the_way}"), &run);
        }
        assert_eq!(service.paid(), (0, 0));
    }
    transcript.expect(str![[r#"
$ mavi transcribe a.mp4 V1, .local/state/mavi
mavi: could not read the journal [HOME]/.local/state/mavi/journal.jsonl: Not a directory (os error 20)
hint: make it readable, or move it away to start a new one
[1]
$ mavi upload a.mp4 --reuse, .local/state/mavi
mavi: could not read the journal [HOME]/.local/state/mavi/journal.jsonl: Not a directory (os error 20)
hint: make it readable, or move it away to start a new one
[1]
$ mavi transcribe a.mp4 V1, .local/state
mavi: could not read the journal [HOME]/.local/state/mavi/journal.jsonl: Not a directory (os error 20)
hint: make it readable, or move it away to start a new one
[1]
$ mavi upload a.mp4 --reuse, .local/state
mavi: could not read the journal [HOME]/.local/state/mavi/journal.jsonl: Not a directory (os error 20)
hint: make it readable, or move it away to start a new one
[1]
$ mavi transcribe a.mp4 V1, .local
mavi: could not read the journal [HOME]/.local/state/mavi/journal.jsonl: Not a directory (os error 20)
hint: make it readable, or move it away to start a new one
[1]
$ mavi upload a.mp4 --reuse, .local
mavi: could not read the journal [HOME]/.local/state/mavi/journal.jsonl: Not a directory (os error 20)
hint: make it readable, or move it away to start a new one
[1]

"#]]);
}

#[cfg(target_os = "linux")]
#[test]
fn full_stdout_ends_upload_and_the_video_is_on_stderr() {
    let service = Service::well_behaved();
    let env = service.env();
    for name in ["a.mp4", "b.mp4", "c.mp4"] {
        env.write(name, name);
    }
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = env.run_into("upload a.mp4 b.mp4 c.mp4 --jobs 1", full);
    run.expect_status(1).expect_stderr(str![[r#"
a.mp4: uploading 5 bytes
a.mp4: uploaded as V1
a.mp4: video V1
1 of 3 uploaded, 0 failed, [TIME]
mavi: could not write to stdout: No space left on device (os error 28)

"#]]);
    assert_eq!(service.paid(), (1, 0));
    env.run("upload a.mp4 --reuse")
        .expect_output("V1\n", "a.mp4: uploaded before as V1\n");
}

/// Returns an environment with three files, where one may be uploaded in a day.
fn env_with_one_upload_a_day(service: &Service) -> TestEnv {
    let env = service.env();
    env.configure("[limits]\nupload_per_day = 1\n[wait]\ninterval = \"10ms\"\n");
    for name in ["a.mp4", "b.mp4", "c.mp4"] {
        env.write(name, name);
    }
    env
}

#[test]
fn limit_of_the_day_ends_upload_with_the_time() {
    let service = Service::well_behaved();
    let env = env_with_one_upload_a_day(&service);
    let again = "\nhint: to resume, run: mavi upload --reuse a.mp4 b.mp4 c.mp4\n";
    for args in ["", " --reuse"] {
        let run = env.run(&format!("upload a.mp4 b.mp4 c.mp4{args}"));
        let run = run.expect_status(6);
        assert_eq!(run.stdout, "V1\n");
        let (_, end) = run.stderr.split_once("mavi: ").unwrap();
        let what = "the daily limit of uploads is reached. 2 of 3 files were not uploaded\n\
            hint: run the command again in 24h";
        assert!(end.starts_with(what) && end.ends_with(again), "{run:#?}");
        assert_eq!(service.paid(), (1, 0));
    }
}

#[test]
fn limit_of_the_day_ends_only_what_needs_an_upload() {
    let service = Service::well_behaved();
    let env = env_with_one_upload_a_day(&service);
    env.run("transcribe b.mp4 V7 -o {taskNo}.txt").ok();
    let run = env.run("transcribe a.mp4 b.mp4 V7 V8 -o {taskNo}.txt --timeout 1s");
    let run = run.expect_failure(6);
    for line in [
        "\n3 of 4 finished, 0 failed, ",
        // In part: four items end in any order.
        "\nmavi: the daily limit of uploads is reached. a.mp4 was not uploaded\n",
    ] {
        assert!(run.stderr.contains(line), "{run:#?}");
    }
    assert_eq!(service.paid(), (1, 3));
    assert_eq!(env.read("T3.txt"), "said in T3\n");
}

#[test]
fn timeout_before_the_next_day_names_all_that_is_left() {
    let service = Service::with_uploads(|call: &mut Call| call.serve_upload("UNPARSE"));
    let env = env_with_one_upload_a_day(&service);
    let run = env.run("transcribe a.mp4 b.mp4 --timeout 300ms -o {stem}.txt");
    run.expect_failure(8).expect_stderr(str![[r#"
[..].mp4: uploading 5 bytes
[..].mp4: uploaded as V1
0 of 2 finished, 0 failed, [TIME]
mavi: the daily limit of uploads is reached. [..].mp4 (audio): video V1 is still being parsed; [..].mp4 was not uploaded after 300ms
hint: run the command again in 24h[..]
hint: to resume, run: mavi transcribe --timeout 300ms --output '{stem}.txt' a.mp4 b.mp4

"#]]);
    assert_eq!(service.paid(), (1, 0));
}

#[test]
fn limit_of_the_day_is_waited_for() {
    let service = Service::well_behaved();
    let env = env_with_one_upload_a_day(&service);
    let args = [
        "transcribe",
        "a.mp4",
        "b.mp4",
        "--timeout",
        "0",
        "-o",
        "{stem}.txt",
    ];
    let mut process = Process::start(env.command(args));
    process.wait_for_stderr("the daily limit of uploads is reached; they go on in 24h");
    // Either file may be hashed first.
    process.wait_for_stderr(".mp4 (audio): finished");
    process.signal(Signal::INT);
    let run = process.end().expect_failure(130);
    run.expect_stderr(str![[r#"
[..].mp4: uploading 5 bytes
the daily limit of uploads is reached; they go on in 24h[..]
[..].mp4: uploaded as V1
[..].mp4 (audio): task T1
[..].mp4 (audio): finished in [TIME], wrote [..].txt
1 of 2 finished, 0 failed, [TIME]
mavi: interrupted: [..].mp4 was not uploaded
hint: to resume, run: mavi transcribe --timeout 0 --output '{stem}.txt' a.mp4 b.mp4

"#]]);
    assert_eq!(service.paid(), (1, 1));
}
