//! On a terminal: the spinner, tables that wrap, JSON that no terminal obeys. The terminal is a
//! pseudo-terminal, and [`screen`] is what a person would see on it in the end.

use std::io::{Read as _, Write as _};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Mutex, mpsc};
use std::thread;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::support::env::{TestEnv, finished, unfinished};
use crate::support::fake_server::{FakeServer, ok};
use crate::support::process::TEST_TIMEOUT;
use crate::support::run::Run;

const COLUMNS: u16 = 60;

/// Runs the command on a terminal; `watch` sees all that has come so far whenever more comes, and
/// gives what is typed. The result: the exit status and everything that came.
pub(crate) fn on_terminal(
    env: &TestEnv,
    args: &str,
    watch: impl FnMut(&str) -> &'static str,
) -> (u32, String) {
    on_terminal_of_type("xterm", env, args, watch)
}

/// Runs the command on a terminal of this width.
pub(crate) fn on_terminal_of_width(columns: u16, env: &TestEnv, args: &str) -> (u32, String) {
    on_terminal_of(("xterm", columns), env, args, |_| "")
}

/// Runs the command on a terminal of this type; an empty one is none.
fn on_terminal_of_type(
    term: &str,
    env: &TestEnv,
    args: &str,
    watch: impl FnMut(&str) -> &'static str,
) -> (u32, String) {
    on_terminal_of((term, COLUMNS), env, args, watch)
}

fn on_terminal_of(
    (term, columns): (&str, u16),
    env: &TestEnv,
    args: &str,
    mut watch: impl FnMut(&str) -> &'static str,
) -> (u32, String) {
    let size = PtySize {
        cols: columns,
        rows: 24,
        ..PtySize::default()
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let env = env.command(args.split_whitespace());
    let mut command = CommandBuilder::new(env.get_program());
    command.env_clear();
    for (name, value) in env.get_envs() {
        command.env(name, value.unwrap());
    }
    if !term.is_empty() {
        command.env("TERM", term);
    }
    command.cwd(env.get_current_dir().unwrap());
    command.args(env.get_args());
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut killer = child.clone_killer();
    let (end, ended) = mpsc::channel::<()>();
    thread::spawn(move || {
        if ended.recv_timeout(TEST_TIMEOUT) == Err(RecvTimeoutError::Timeout) {
            let _ = killer.kill();
        }
    });

    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut writer = pair.master.take_writer().unwrap();
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    // The end of a pseudo-terminal is an error on Linux, an empty read elsewhere.
    while let Ok(count @ 1..) = reader.read(&mut buffer) {
        seen.extend_from_slice(&buffer[..count]);
        let typed = watch(&String::from_utf8_lossy(&seen));
        writer.write_all(typed.as_bytes()).unwrap();
    }
    let status = child.wait().unwrap().exit_code();
    drop(end);
    (status, String::from_utf8(seen).expect("it is UTF-8"))
}

/// The lines that a terminal shows after these bytes, as far as the sequences that a spinner uses go.
fn screen(bytes: &str) -> Vec<String> {
    let (mut lines, mut row, mut column) = (vec![Vec::new()], 0_usize, 0_usize);
    let mut rest = bytes.chars();
    while let Some(c) = rest.next() {
        match c {
            '\r' => column = 0,
            '\n' => row += 1,
            '\u{1b}' => {
                assert_eq!(rest.next(), Some('['), "{bytes:?}");
                let parameter: String = rest
                    .by_ref()
                    .take_while(|c| !c.is_ascii_alphabetic())
                    .collect();
                // `take_while` has swallowed the letter that says which sequence this was.
                let consumed = bytes.len() - rest.as_str().len();
                let count = parameter.parse().unwrap_or(1);
                match bytes.as_bytes()[consumed - 1] {
                    b'K' if parameter == "2" => lines[row].clear(),
                    b'K' => lines[row].truncate(column),
                    b'A' => row = row.saturating_sub(count),
                    b'B' => row += count,
                    b'm' | b'h' | b'l' => {}
                    letter => panic!("unknown sequence {:?} in {bytes:?}", char::from(letter)),
                }
            }
            c => {
                let line = &mut lines[row];
                line.resize(line.len().max(column + 1), ' ');
                line[column] = c;
                column += 1;
            }
        }
        lines.resize_with(lines.len().max(row + 1), Vec::new);
    }
    let lines = lines
        .into_iter()
        .map(|line| line.into_iter().collect::<String>().trim_end().to_owned());
    let mut lines: Vec<String> = lines.collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// A server that answers with `body`, once it is told to.
fn held_back(body: String) -> (FakeServer, mpsc::Sender<()>) {
    let (release, released) = mpsc::channel();
    let released = Mutex::new(released);
    let server = FakeServer::new(move |_, _| {
        let _ = released.lock().unwrap().recv();
        ok(&body)
    });
    (server, release)
}

const SEGMENT: &str = r#"{"startTime":1,"endTime":2,"content":"hello"}"#;

#[test]
fn spinner_shows_present_work_and_leaves_no_trace() {
    for (args, doing, last) in [
        ("get T1 -f txt", "getting task T1", &["hello"][..]),
        (
            "wait T1 -f txt",
            "waiting for task T1",
            &["hello", "task T1: finished"],
        ),
        (
            "wait T1 -o talk.txt",
            "waiting for task T1",
            &["task T1: finished, wrote talk.txt"],
        ),
    ] {
        let (server, release) = held_back(finished("T1", SEGMENT));
        let env = server.env();
        let (status, seen) = on_terminal(&env, args, |seen| {
            if seen.contains(doing) {
                let _ = release.send(());
            }
            ""
        });
        assert_eq!(status, 0, "{seen:?}");
        assert!(seen.contains(&format!(" {doing}")), "{seen:?}");
        assert_eq!(screen(&seen), last, "{seen:?}");
    }
}

#[test]
fn error_replaces_spinner() {
    let (server, release) =
        held_back(r#"{"code":"0001","msg":"nothing there","data":null}"#.to_owned());
    let (status, seen) = on_terminal(&server.env(), "get T1", |seen| {
        if seen.contains("getting") {
            let _ = release.send(());
        }
        ""
    });
    assert_eq!(status, 5, "{seen:?}");
    let screen = screen(&seen);
    assert!(
        screen[0].starts_with("mavi: could not get task T1"),
        "{screen:?}"
    );
    assert!(!screen.concat().contains("getting"), "{screen:?}");
}

#[test]
fn ctrl_c_clears_the_spinner_and_says_how_to_go_on() {
    let server = FakeServer::always(ok(unfinished("T1")));
    let mut typed = false;
    let (status, seen) = on_terminal(&server.env(), "wait T1 -f srt", |seen| {
        let now = seen.contains("waiting for task T1") && !std::mem::replace(&mut typed, true);
        if now { "\u{3}" } else { "" }
    });
    assert_eq!(status, 130, "{seen:?}");
    let screen = screen(&seen).join("\n");
    assert!(screen.contains("mavi wait --format srt T1"), "{screen}");
    assert!(!screen.contains("waiting for task T1"), "{screen}");
    // A terminal adds `^C`. Were it on the next line, the spinner's would not be cleared.
    let frames = seen.split('\r').map(|frame| frame.trim_end_matches("^C"));
    for frame in frames.filter(|frame| frame.contains("waiting for task T1")) {
        let width = frame.trim_start_matches("\u{1b}[2K").chars().count();
        assert!(width <= usize::from(COLUMNS) - 3, "{frame:?}");
    }
    assert_eq!(
        seen.rfind("\u{1b}[?25l"),
        None,
        "the cursor stays: {seen:?}"
    );
}

#[test]
fn quiet_and_errors_for_scripts_draw_nothing() {
    let server = FakeServer::always(ok(finished("T1", SEGMENT)));
    let env = server.env();
    let (_, seen) = on_terminal(&env, "get T1 -q -f txt", |_| "");
    assert_eq!(seen, "hello\r\n");
    let (_, seen) = on_terminal(&env, "get T1 --error-format json -f srt", |_| "");
    assert!(!seen.contains('\u{1b}'), "{seen:?}");
}

#[test]
fn a_table_wraps_to_the_width_of_the_terminal_and_is_coloured() {
    let words = "wrapped 転写 ".repeat(40);
    let segment = format!(r#"{{"startTime":1,"endTime":2,"content":"{words}"}}"#);
    let server = FakeServer::always(ok(finished("T1", &segment)));
    let env = server.env();

    let (status, seen) = on_terminal(&env, "-q get T1", |_| "");
    assert_eq!(status, 0);
    assert!(seen.starts_with("\u{1b}[1mtask T1"), "{seen:?}");

    let (_, seen) = on_terminal(&env, "-q --color never get T1", |_| "");
    assert!(!seen.contains('\u{1b}'), "{seen:?}");
    let rows: Vec<&str> = seen.lines().skip(2).collect();
    assert!(rows.len() > 10, "{seen}");
    let width = |row: &&str| {
        row.chars()
            .map(|c| if c.is_ascii() { 1 } else { 2 })
            .sum::<u16>()
    };
    let widest = rows.iter().map(width).max().unwrap();
    assert!(
        (COLUMNS - 10..=COLUMNS).contains(&widest),
        "{widest} columns: {seen}"
    );

    let piped = env.run("get T1").ok().stdout;
    assert_eq!(piped.lines().count(), 3, "{piped}");
}

#[test]
fn json_control_characters_are_escaped_on_terminal_only() {
    let segment = "{\"content\":\"a\u{9b}31mb\u{7f}c\"}";
    let server = FakeServer::always(ok(finished("T1", segment)));
    let env = server.env();
    for format in ["json", "jsonl"] {
        let args = format!("-q get T1 -f {format}");
        let (_, seen) = on_terminal(&env, &args, |_| "");
        assert!(seen.contains(r"a\u009b31mb\u007fc"), "{seen:?}");
        assert!(!seen.contains(['\u{9b}', '\u{7f}', '\u{1b}']), "{seen:?}");
        let piped: Run = env.run(&args).ok();
        // In part: the control characters are what matters.
        assert!(piped.stdout.contains("a\u{9b}31mb\u{7f}c"), "{piped:?}");
    }
    for format in ["table", "txt", "srt", "vtt", "csv", "tsv"] {
        let (_, seen) = on_terminal(
            &env,
            &format!("-q --color never get T1 -f {format}"),
            |_| "",
        );
        assert!(!seen.contains(['\u{9b}', '\u{7f}', '\u{1b}']), "{seen:?}");
    }
}

#[test]
fn convert_from_terminal_prints_prompt() {
    let mut typed = false;
    let (status, seen) = on_terminal(&TestEnv::new(), "convert -f csv", |seen| {
        if seen.contains("Ctrl-D") && !std::mem::replace(&mut typed, true) {
            "[{\"content\":\"by hand\"}]\n\u{4}"
        } else {
            ""
        }
    });
    assert_eq!(status, 0, "{seen}");
    assert!(seen.trim_end().ends_with(",by hand,,"), "{seen}");
}

#[test]
fn terminal_that_cannot_redraw_gets_plain_lines() {
    for term in ["dumb", ""] {
        let (server, release) = held_back(finished("T1", ""));
        let mut release = Some(release);
        let env = server.env();
        let (status, shown) = on_terminal_of_type(term, &env, "wait T1 -f txt", |seen| {
            if seen.contains("waiting for task T1") {
                release.take().map(|release| release.send(()));
            }
            ""
        });
        assert_eq!((status, shown.contains('\u{1b}')), (0, false), "{shown:?}");
        assert!(shown.starts_with("waiting for task T1\r\n"), "{shown:?}");
    }
}

#[test]
fn messages_wrap_at_the_width_of_the_terminal_and_commands_stay_whole() {
    let refusal = r#"{"code":"0001","msg":"the task is not one of this account"}"#;
    let server = FakeServer::always(ok(refusal));
    let task = "a-task-with-a-name-of-some-length";
    let (_, shown) = on_terminal(&server.env(), &format!("get {task}"), |_| "");
    let lines = screen(&shown);
    assert!(lines.len() > 2 && lines.iter().all(|line| line.len() <= COLUMNS.into()));
    assert!(lines[1].starts_with("  "), "{lines:#?}");

    let waiting = FakeServer::always(ok(unfinished(task)));
    let args = format!("wait {task} --timeout 100ms --output captions/{{taskNo}}.srt");
    let (status, shown) = on_terminal(&waiting.env(), &args, |_| "");
    let command =
        format!("mavi wait --timeout 100ms --output 'captions/{{taskNo}}.srt' {task}\r\n");
    assert_eq!(status, 8);
    assert!(shown.ends_with(&command), "{shown:?}");
}

#[test]
fn single_upload_is_drawn_while_it_is_under_way() {
    const SIZE: usize = 20_000_000;
    let (go, wait) = mpsc::channel();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let env = TestEnv::at(&format!("http://{}", listener.local_addr().unwrap()));
    env.write("film.mp4", &"x".repeat(SIZE));
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut buffer = vec![0; 1 << 16];
        let mut read = stream.read(&mut buffer).unwrap();
        // Nothing more is read until the bar is seen: the upload cannot end before.
        wait.recv_timeout(TEST_TIMEOUT).expect("a bar");
        while read < SIZE {
            read += stream.read(&mut buffer).unwrap();
        }
        let body = r#"{"code":"0000","msg":"","data":{"videoNo":"V1","videoName":"film.mp4"}}"#;
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all((head + body).as_bytes()).unwrap();
    });
    let (status, seen) = on_terminal(&env, "upload film.mp4", |seen| {
        if seen.contains("film.mp4") && seen.contains("uploading") {
            let _ = go.send(());
        }
        ""
    });
    server.join().unwrap();
    assert_eq!(status, 0, "{seen}");
    assert!(seen.contains("V1\r\n"), "{seen:?}");
}
