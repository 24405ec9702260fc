//! `-o` with what is no regular file, and streams that another program has set to non-blocking.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::process::Stdio;
use std::thread;

use rustix::fs::{CWD, Mode, OFlags, fcntl_getfl, fcntl_setfl, mkfifoat};

use crate::service::{Service, ok};
use crate::streams::shell;
use crate::support::{Bench, finished};

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write(
        "talk.json",
        r#"[{"startTime":0,"endTime":1,"content":"one"}]"#,
    );
    bench
}

#[track_caller]
fn assert_shell(bench: &Bench, script: &str) {
    let output = shell(bench, script).output().unwrap();
    assert!(output.status.success(), "{script}: {output:?}");
    assert_eq!(output.stderr, b"", "{script}");
}

#[test]
fn descriptors_are_written_to_where_they_stand() {
    let bench = bench();
    for (path, redirection) in [
        ("/dev/stdout", ""),
        ("/dev/fd/1", ""),
        ("/proc/self/fd/1", ""),
        ("/dev/stderr", "2>&1"),
        ("/dev/fd/3", "3>&1"),
        ("link", ""),
    ] {
        let script = format!(
            "ln -sf /dev/stdout link; echo kept > all.txt
             {{ echo first; $MAVI convert talk.json -f txt -o {path} {redirection}; echo last; }} >> all.txt"
        );
        assert_shell(&bench, &script);
        assert_eq!(bench.read("all.txt"), "kept\nfirst\none\nlast\n", "{path}");
    }
    assert_eq!(bench.files(), ["all.txt", "link", "talk.json"]);
}

#[test]
fn closed_descriptor_is_an_error() {
    let bench = bench();
    let run = bench.run("convert talk.json -f txt -o /dev/fd/99");
    run.fails(1).says(&["descriptor 99 is not open"]);
    let script = "$MAVI convert talk.json -f txt -o /dev/stdout >&-";
    let output = shell(&bench, script).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn fifo_is_written_to_and_stays() {
    let bench = bench();
    let fifo = bench.path("fifo");
    mkfifoat(CWD, &fifo, Mode::RWXU).unwrap();
    let reader = thread::spawn({
        let fifo = fifo.clone();
        move || fs::read_to_string(fifo).unwrap()
    });
    bench.run("convert talk.json -f txt -o fifo").ok();
    assert_eq!(reader.join().unwrap(), "one\n");
    assert!(!fs::metadata(fifo).unwrap().is_file());
}

#[test]
fn non_blocking_streams_are_waited_for() {
    let bench = bench();
    let text = "word ".repeat(60_000);
    bench.write(
        "long.json",
        &format!(r#"[{{"startTime":0,"endTime":1,"content":"{text}"}}]"#),
    );
    let ((stdin, mut feed), (mut result, stdout)) = (io::pipe().unwrap(), io::pipe().unwrap());
    for fd in [stdin.as_fd(), stdout.as_fd()] {
        fcntl_setfl(fd, fcntl_getfl(fd).unwrap() | OFlags::NONBLOCK).unwrap();
    }
    let mut command = std::process::Command::new(bench.command([""]).get_program());
    command.env_clear().args(["convert", "-f", "txt"]);
    let mut child = command
        .stdin(stdin)
        .stdout(stdout)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Keeps no end of the child's stdout open.
    drop(command);
    let json = fs::read(bench.path("long.json")).unwrap();
    let feeder = thread::spawn(move || feed.write_all(&json).unwrap());
    let mut printed = String::new();
    result.read_to_string(&mut printed).unwrap();
    feeder.join().unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(printed.trim_end(), text.trim_end());
}

#[test]
fn replaced_file_behind_a_link_keeps_both() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let bench = bench();
    let (file, link) = (bench.write("file.txt", "old"), bench.path("talk.txt"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("file.txt", &link).unwrap();
    bench.run("convert talk.json -o talk.txt").ok();
    assert_eq!(bench.read("file.txt"), "one\n");
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
fn directory_in_the_place_of_a_file_is_found_before_anything_is_paid_for() {
    let service = Service::always(ok("{}"));
    let bench = service.bench();
    fs::create_dir_all(bench.path("V1.srt")).unwrap();
    for path in ["V1.srt", "{videoNo}.srt"] {
        let run = bench
            .run(&format!("submit V1 --wait -f srt -o {path}"))
            .fails(2);
        run.says(&["-o \"V1.srt\" names a directory"]);
    }
    assert_eq!(service.count(), 0);
}

#[test]
fn fifo_without_reader_does_not_outlive_the_timeout() {
    let service = Service::always(ok(finished("T1", "")));
    let bench = service.bench();
    mkfifoat(CWD, bench.path("fifo"), Mode::RWXU).unwrap();
    let run = bench.run("wait T1 -f txt -o fifo --timeout 200ms").fails(8);
    run.says(&[
        "could not write fifo: no program has opened it for reading",
        "mavi get T1",
    ]);
}
