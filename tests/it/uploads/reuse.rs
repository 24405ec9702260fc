//! What is on record is used in place of a new upload: by the content of the file, at one service.

use std::fs;

use snapbox::str;

use super::service::{Call, Kind, Service};
use crate::support::run::Run;

#[test]
fn same_content_under_another_name_is_uploaded_once() {
    let service = Service::well_behaved();
    let env = service.env();
    env.write("a.mp4", "content");
    env.write("copies/b.mkv", "content");
    env.run("upload a.mp4").ok();
    env.run("transcribe copies/b.mkv -o {stem}.txt")
        .ok()
        .expect_stderr(str![[r#"
copies/b.mkv: uploaded before as V1
copies/b.mkv (audio): task T1
copies/b.mkv (audio): finished in [TIME], wrote b.txt

"#]]);
    assert_eq!(env.read("b.txt"), "said in T1\n");
    // The name of another content counts for nothing.
    env.write("a.mp4", "another");
    env.run("transcribe a.mp4 -o {stem}.txt")
        .ok()
        .expect_stderr(str![[r#"
a.mp4: uploading 7 bytes
a.mp4: uploaded as V2
a.mp4 (audio): task T2
a.mp4 (audio): finished in [TIME], wrote a.txt

"#]]);
    assert_eq!((service.paid(), service.count(Kind::List)), ((2, 2), 0));
}

#[test]
fn recorded_upload_is_printed_and_nothing_is_sent() {
    let service = Service::well_behaved();
    let env = service.env();
    env.write("a.mp4", "content");
    let first = env.run("upload a.mp4 --format jsonl").ok();
    fs::rename(env.path("a.mp4"), env.path("b.mp4")).unwrap();
    env.run("upload b.mp4 --reuse")
        .expect_output("V1\n", "b.mp4: uploaded before as V1\n");
    let again = env.run("upload b.mp4 --reuse --format jsonl").ok();
    for field in [
        r#""videoNo":"V1""#,
        r#""videoName":"a.mp4""#,
        r#""videoStatus":"PARSE""#,
        r#""uploadTime":"20"#,
        r#""sha256":"ed7002b439e9ac84"#,
    ] {
        // In part: the time of the upload differs.
        assert!(
            first.stdout.contains(field) && again.stdout.contains(field),
            "{again:#?}"
        );
    }
    assert_eq!((service.paid(), service.count(Kind::List)), ((1, 0), 0));
}

#[test]
fn upload_without_reuse_warns_and_is_made() {
    let service = Service::well_behaved();
    let env = service.env();
    env.write("a.mp4", "content");
    env.write("b.mp4", "tnetnoc");
    env.run("upload a.mp4").ok();
    let warning = "warning: a.mp4 was uploaded before as V1; --reuse uses that video in place of a new \
                   upload\n";
    env.run("upload a.mp4").expect_output(
        "V2\n",
        format!("{warning}a.mp4: uploading 7 bytes\na.mp4: uploaded as V2\n"),
    );
    // The size is the same, the content is not.
    env.run("upload b.mp4")
        .expect_output("V3\n", "b.mp4: uploading 7 bytes\nb.mp4: uploaded as V3\n");
}

#[test]
fn upload_at_another_service_is_not_reused() {
    let [here, there] = [Service::well_behaved(), Service::well_behaved()];
    let env = here.env();
    env.write("a.mp4", "content");
    env.run("upload a.mp4").ok();
    let there_too = |args: &str| {
        let mut command = env.command(args.split(' '));
        command.env("MAVI_BASE_URL", there.url());
        Run::of(command).ok()
    };
    there_too("upload a.mp4 --reuse")
        .expect_stderr("a.mp4: uploading 7 bytes\na.mp4: uploaded as V1\n");
    there_too("upload a.mp4 --reuse").expect_stderr("a.mp4: uploaded before as V1\n");
    assert_eq!([here.paid(), there.paid()], [(1, 0), (1, 0)]);
}

#[test]
fn deleted_video_is_not_reused() {
    let service = Service::well_behaved();
    let env = service.env();
    env.write("a.mp4", "content");
    env.run("transcribe a.mp4 -f txt").ok();
    env.run("delete V1 --yes").ok();
    env.run("transcribe a.mp4 -f txt").expect_output(
        "said in T2\n",
        str![[r#"
a.mp4: uploading 7 bytes
a.mp4: uploaded as V2
a.mp4 (audio): task T2
a.mp4 (audio): finished in [TIME]

"#]],
    );
    assert_eq!(service.paid(), (2, 2));
}

#[test]
fn video_that_cannot_be_parsed_is_uploaded_anew_on_demand() {
    let service = Service::with_uploads(|call: &mut Call| match call.number {
        0 => call.serve_upload("FAIL"),
        _ => call.serve_upload("PARSE"),
    });
    let env = service.env();
    env.write("a.mp4", "content");
    let hint = "hint: check that the file plays and has a sound track; to upload it anew, run the \
                command with --again\n";
    let first = "a.mp4: uploading 7 bytes\n\
        a.mp4: uploaded as V1\n\
        mavi: a.mp4: the service could not parse the video V1 (status FAIL)\n";
    let again = "a.mp4: uploaded before as V1\n\
        mavi: a.mp4: it was uploaded before as V1, which the service could not parse\n";
    for expected in [first, again] {
        env.run("transcribe a.mp4 -f txt")
            .expect_failure(3)
            .expect_stderr(format!("{expected}{hint}"));
    }
    assert_eq!(service.paid(), (1, 0));
    let run = env.run("transcribe a.mp4 -f txt --again").ok();
    assert_eq!((&*run.stdout, service.paid()), ("said in T1\n", (2, 1)));
    // That one counts from now on.
    let run = env.run("transcribe a.mp4 -f txt").ok();
    assert_eq!((&*run.stdout, service.paid()), ("said in T1\n", (2, 1)));
}

#[test]
fn upload_with_reuse_replaces_a_video_that_could_not_be_parsed() {
    let service = Service::with_uploads(|call: &mut Call| match call.number {
        0 => call.serve_upload("FAIL"),
        _ => call.serve_upload("PARSE"),
    });
    let env = service.env();
    env.write("a.mp4", "content");
    env.run("upload a.mp4")
        .expect_failure(3)
        .expect_stderr(str![[r#"
a.mp4: uploading 7 bytes
a.mp4: uploaded as V1
mavi: a.mp4: the service could not parse the video V1 (status FAIL)
hint: check that the file plays and has a sound track, then upload it again

"#]]);
    for _ in 0..2 {
        assert_eq!(env.run("upload a.mp4 --reuse").ok().stdout, "V2\n");
    }
    assert_eq!(service.paid(), (2, 0));
}

#[test]
fn again_uploads_and_submits_anew() {
    let service = Service::well_behaved();
    let env = service.env();
    env.write("a.mp4", "content");
    for count in 1..=3 {
        let run = env.run("transcribe a.mp4 -f txt --again").ok();
        assert_eq!(run.stdout, format!("said in T{count}\n"));
        assert_eq!(service.paid(), (count, count));
    }
}

#[test]
fn one_upload_serves_several_types() {
    let service = Service::well_behaved();
    let env = service.env();
    env.write("a.mp4", "content");
    for types in ["audio,video", "video,audio"] {
        env.run(&format!("transcribe a.mp4 -t {types} -o {{taskNo}}.txt"))
            .ok();
        assert_eq!(service.paid(), (1, 2));
        assert_eq!(env.files(), ["T1.txt", "T2.txt", "a.mp4"]);
    }
}

#[test]
fn prune_of_tasks_leaves_uploads_on_record() {
    let service = Service::well_behaved();
    let env = service.env();
    env.write("a.mp4", "content");
    env.run("transcribe a.mp4 -o {stem}.txt").ok();
    env.run("tasks --prune 0").expect_output(
        "",
        "removed 1 task that finished or failed more than 0s ago\n",
    );
    env.run("upload a.mp4 --reuse")
        .expect_output("V1\n", "a.mp4: uploaded before as V1\n");
    assert_eq!(service.paid(), (1, 1));
}
