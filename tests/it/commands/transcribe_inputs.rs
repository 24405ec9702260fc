//! `mavi transcribe`: the input files that it takes, and that it leaves as they are.

use std::fs::hard_link;
use std::os::unix::fs::symlink;

use snapbox::str;

use super::transcribe::service;
use crate::support::fake_server::{FakeServer, ok};
use crate::support::run::Run;

#[test]
fn output_never_replaces_an_input() {
    let server = FakeServer::always(ok("{}"));
    let env = server.env();
    env.write("a.mp4", "film");
    env.write("b.mov", "other film");
    env.write("sub/kept", "");
    symlink("sub/../a.mp4", env.path("link.srt")).unwrap();
    hard_link(env.path("b.mov"), env.path("a.vtt")).unwrap();
    for (args, output, input) in [
        ("a.mp4 -f srt -o {stem}.mp4", "a.mp4", "a.mp4"),
        ("a.mp4 -f srt -o {stem}.mp4 --no-clobber", "a.mp4", "a.mp4"),
        ("a.mp4 -f srt -o {stem}.mp4 --dry-run", "a.mp4", "a.mp4"),
        ("./a.mp4 -o link.srt", "link.srt", "./a.mp4"),
        (
            "a.mp4 -f txt -o sub/.././{stem}.mp4",
            "sub/.././a.mp4",
            "a.mp4",
        ),
        ("a.mp4 -f srt -o nw/../a.mp4", "nw/../a.mp4", "a.mp4"),
        ("a.mp4 -f srt -o nw/../{stem}.mp4", "nw/../a.mp4", "a.mp4"),
        ("a.mp4 b.mov -o {stem}.vtt", "a.vtt", "b.mov"),
        ("a.mp4 V9 -f txt -o ./a.mp4", "./a.mp4", "a.mp4"),
    ] {
        let stderr = format!(
            "mavi: -o {output} would replace the input file {input}\n\
             hint: name another file, such as -o 'out/{{stem}}.{{ext}}'\n"
        );
        env.run(&format!("transcribe {args}"))
            .expect_failure(2)
            .expect_stderr(&stderr);
    }
    assert_eq!(server.count(), 0);
    assert_eq!(env.read("a.mp4"), "film");
}

#[test]
fn input_is_kept_where_the_name_of_the_output_is_known_only_at_the_end() {
    let server = service();
    let env = server.env();
    for (file, output, said) in [
        (
            "V1.mp4",
            "{videoNo}.mp4",
            str![[r#"
V1.mp4: uploading 6 bytes
V1.mp4: uploaded as V1
V1.mp4 (audio): task v1-audio
mavi: could not save the result of V1 (audio), task v1-audio: -o V1.mp4 would replace the input file V1.mp4
hint: nothing is lost; to fetch it again, run: mavi get v1-audio

"#]],
        ),
        (
            "v2-audio.mp4",
            "{taskNo}.mp4",
            str![[r#"
v2-audio.mp4: uploading 12 bytes
v2-audio.mp4: uploaded as V2
v2-audio.mp4 (audio): task v2-audio
mavi: could not save the result of V2 (audio), task v2-audio: -o v2-audio.mp4 would replace the input file v2-audio.mp4
hint: nothing is lost; to fetch it again, run: mavi get v2-audio

"#]],
        ),
    ] {
        env.write(file, file);
        let args = format!("transcribe {file} -f srt -o {output} --interval 10ms");
        env.run(&args).expect_failure(1).expect_stderr(said);
        assert_eq!(env.read(file), file);
    }
}

#[test]
fn stem_keeps_spaces_and_backslashes() {
    let server = service();
    let env = server.env();
    let names = [" lead trail ", "a\\b: 1", "dots.."];
    for name in names {
        env.write(&format!("{name}.mp4"), name);
    }
    let options = ["transcribe", "-q", "-o", "{stem}.srt", "--interval", "10ms"];
    let files = names.map(|name| format!("{name}.mp4"));
    let args = options.into_iter().chain(files.iter().map(String::as_str));
    Run::of(env.command(args)).expect_output("", "");
    for name in names {
        assert!(env.read(&format!("{name}.srt")).contains("of v"), "{name}");
    }
}

#[test]
fn link_and_its_file_have_results_of_their_own() {
    let server = service();
    let env = server.env();
    env.write("talk.mp4", "film");
    symlink("talk.mp4", env.path("latest.mp4")).unwrap();
    let files = "talk.mp4 latest.mp4 ./talk.mp4";
    env.run(&format!(
        "transcribe -q {files} -o {{stem}}.srt --interval 10ms"
    ))
    .expect_output("", "");
    assert_eq!(env.read("talk.srt"), env.read("latest.srt"));
    let paid = |path: &str| {
        (server.requests().iter())
            .filter(|it| it.line.contains(path))
            .count()
    };
    assert_eq!((paid("/upload"), paid("/subTranscription")), (1, 1));
    let run = env.run(&format!("upload -q --reuse {files}"));
    run.expect_output("V1\nV1\n", "");
    assert_eq!(paid("/upload"), 1);
    // Without the record, a link is no reason to pay twice.
    let run = env.run(&format!("upload {files}")).expect_stdout("V2\n");
    // In part: how far the upload has come.
    run.stderr_contains(&["warning: talk.mp4 was uploaded before as V1; "]);
    assert_eq!(paid("/upload"), 2);
}

#[test]
fn what_is_no_video_is_not_paid_for() {
    let server = FakeServer::always(ok("{}"));
    let env = server.env();
    for name in ["a.mp4", "a.srt", "cover.JPG"] {
        env.write(name, "x");
    }
    for name in ["loop", "loop.mp4"] {
        symlink(name, env.path(name)).unwrap();
    }
    symlink("nowhere", env.path("broken")).unwrap();
    let hint = "hint: the API takes videos: name those alone, such as *.mp4\n";
    for (args, expected) in [
        (
            "transcribe talk.mp3",
            "there is no file talk.mp3\n".to_owned(),
        ),
        (
            "transcribe V1 talk.srt",
            "there is no file talk.srt\n".to_owned(),
        ),
        (
            "transcribe a.mp4 a.srt cover.JPG",
            format!("a.srt is not a video\n{hint}"),
        ),
        (
            "transcribe loop",
            "loop is a symbolic link that leads to no file\n".to_owned(),
        ),
        (
            "upload a.mp4 loop.mp4",
            "loop.mp4 is a symbolic link that leads to no file\n".to_owned(),
        ),
        ("transcribe broken", "there is no file broken\n".to_owned()),
        (
            "upload a.mp4 cover.JPG",
            format!("cover.JPG is not a video\n{hint}"),
        ),
    ] {
        env.run(args)
            .expect_failure(2)
            .expect_stderr(format!("mavi: {expected}"));
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn other_files_are_taken() {
    let server = service();
    let env = server.env();
    for name in ["clip", "clip.v2", "clip.mxf"] {
        env.write(name, name);
    }
    let args = "transcribe -q clip clip.v2 clip.mxf -f jsonl --interval 10ms";
    assert_eq!(env.run(args).ok().tasks().len(), 3);
}
