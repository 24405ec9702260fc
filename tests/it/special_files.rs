//! `-o` with what is no regular file, and streams that another program has set to non-blocking.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::path::Path;
use std::thread;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use snapbox::str;

use crate::support::env::{TestEnv, finished};
use crate::support::fake_server::{FakeServer, ok};
use crate::support::process::Process;
use crate::support::run::Run;

fn env() -> TestEnv {
    let env = TestEnv::new();
    env.write(
        "talk.json",
        r#"[{"startTime":0,"endTime":1,"content":"one"}]"#,
    );
    env
}

/// Creates a FIFO. rustix has no call for it on macOS.
#[track_caller]
fn mkfifo(path: &Path) {
    let status = std::process::Command::new("mkfifo").arg(path).status();
    assert!(status.unwrap().success());
}

#[track_caller]
fn assert_shell(env: &TestEnv, script: &str) {
    Run::of(env.shell(script)).expect_output("", "");
}

#[test]
fn descriptors_are_written_to_where_they_stand() {
    let env = env();
    for (path, redirection) in [
        ("/dev/stdout", ""),
        ("/dev/fd/1", ""),
        #[cfg(target_os = "linux")]
        ("/proc/self/fd/1", ""),
        ("/dev/stderr", "2>&1"),
        ("/dev/fd/3", "3>&1"),
        ("link", ""),
    ] {
        let script = format!(
            "ln -sf /dev/stdout link; echo kept > all.txt
             {{ echo first; mavi convert talk.json -f txt -o {path} {redirection}; echo last; }} >> all.txt"
        );
        assert_shell(&env, &script);
        assert_eq!(env.read("all.txt"), "kept\nfirst\none\nlast\n", "{path}");
    }
    assert_eq!(env.files(), ["all.txt", "link", "talk.json"]);
}

#[test]
fn closed_descriptor_is_an_error() {
    let env = env();
    env.run("convert talk.json -f txt -o /dev/fd/99")
        .expect_failure(1)
        .expect_stderr("mavi: could not write /dev/fd/99: descriptor 99 is not open\n");
    let script = "mavi convert talk.json -f txt -o /dev/stdout >&-";
    Run::of(env.shell(script))
        .expect_failure(1)
        .expect_stderr(str![[r#"
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file

"#]]);
}

#[test]
fn fifo_is_written_to_and_stays() {
    let env = env();
    let fifo = env.path("fifo");
    mkfifo(&fifo);
    let reader = thread::spawn({
        let fifo = fifo.clone();
        move || fs::read_to_string(fifo).unwrap()
    });
    env.run("convert talk.json -f txt -o fifo").ok();
    assert_eq!(reader.join().unwrap(), "one\n");
    assert!(!fs::metadata(fifo).unwrap().is_file());
}

#[test]
fn non_blocking_streams_are_waited_for() {
    let env = env();
    let text = "word ".repeat(60_000);
    env.write(
        "long.json",
        &format!(r#"[{{"startTime":0,"endTime":1,"content":"{text}"}}]"#),
    );
    let ((stdin, mut feed), (mut result, stdout)) = (io::pipe().unwrap(), io::pipe().unwrap());
    for fd in [stdin.as_fd(), stdout.as_fd()] {
        fcntl_setfl(fd, fcntl_getfl(fd).unwrap() | OFlags::NONBLOCK).unwrap();
    }
    let mut command = env.command(["convert", "-f", "txt"]);
    let process = Process::spawn(command.stdin(stdin).stdout(stdout));
    // Keeps no end of the child's stdout open.
    drop(command);
    let json = fs::read(env.path("long.json")).unwrap();
    let feeder = thread::spawn(move || feed.write_all(&json).unwrap());
    let mut printed = String::new();
    result.read_to_string(&mut printed).unwrap();
    feeder.join().unwrap();
    process.end().ok();
    assert_eq!(printed.trim_end(), text.trim_end());
}

#[test]
fn replaced_file_behind_a_link_keeps_both() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let env = env();
    let (file, link) = (env.write("file.txt", "old"), env.path("talk.txt"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("file.txt", &link).unwrap();
    env.run("convert talk.json -o talk.txt").ok();
    assert_eq!(env.read("file.txt"), "one\n");
    assert!(fs::symlink_metadata(link).unwrap().is_symlink());
    let mode = File::open(file)
        .unwrap()
        .metadata()
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn fifo_without_reader_does_not_outlive_the_timeout() {
    let service = FakeServer::always(ok(finished("T1", r#"{"startTime":0,"content":"one"}"#)));
    let env = service.env();
    mkfifo(&env.path("fifo.txt"));
    env.expect_transcript(
        [
            "wait T1 --timeout 300ms -o fifo.txt -q",
            "wait T1 T2 --timeout 300ms -o fifo.txt -q",
        ],
        str![[r#"
$ mavi wait T1 --timeout 300ms -o fifo.txt -q
mavi: could not save the result of V1 (audio), task T1: could not write fifo.txt: nobody has opened it for reading
hint: nothing is lost; to fetch it again, run: mavi get T1
[8]
$ mavi wait T1 T2 --timeout 300ms -o fifo.txt -q
mavi: could not write fifo.txt: nobody has opened it for reading
hint: to resume, run: mavi wait --timeout 300ms --quiet --output fifo.txt T1 T2
[8]

"#]],
    );
    env.run("tasks --status finished --format ids")
        .expect_stderr("no tasks recorded yet: `mavi submit` records what it submits\n");
}

#[test]
fn directory_in_the_place_of_a_file_is_found_before_anything_is_paid_for() {
    let service = FakeServer::always(ok("{}"));
    let env = service.env();
    fs::create_dir_all(env.path("V1.srt")).unwrap();
    env.expect_transcript(
        [
            "submit V1 --wait -f srt -o V1.srt",
            "submit V1 --wait -f srt -o {videoNo}.srt",
        ],
        str![[r#"
$ mavi submit V1 --wait -f srt -o V1.srt
mavi: -o "V1.srt" names a directory
hint: name a file in it: -o 'directory/{taskNo}.{ext}'
[2]
$ mavi submit V1 --wait -f srt -o {videoNo}.srt
mavi: -o "V1.srt" names a directory
hint: name a file in it: -o 'directory/{taskNo}.{ext}'
[2]

"#]],
    );
    assert_eq!(service.count(), 0);
}
