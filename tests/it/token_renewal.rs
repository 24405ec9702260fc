//! Tokens of a stored login that end in the middle of work: renewed once for all processes, in spite of
//! networks, clocks, kills and locks; and where none of their secrets may be.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

use mavi::sandbox::{RateLimits, SandboxOptions};
use rustix::process::Signal;
use snapbox::str;

use crate::support::all_at_once;
use crate::support::env::{TestEnv, finished, videos};
use crate::support::fake_server::{FakeServer, ok};
use crate::support::login::{
    SECRETS, call_log, command, edit_login, expect_no_secrets, log_in, logged_in, login,
    login_files, run,
};
use crate::support::process::{Process, WriteStdin as _};
use crate::support::run::{Run, Transcript};

const PAST: &str = "2020-01-01T00:00:00Z";
const FUTURE: &str = "2100-01-01T00:00:00Z";

fn instant() -> SandboxOptions {
    SandboxOptions {
        delay: Duration::ZERO,
        ..SandboxOptions::default()
    }
}

fn with_faults(faults: &str) -> SandboxOptions {
    SandboxOptions {
        faults: faults.parse().unwrap(),
        ..instant()
    }
}

const REFUSED: &str = r#"{"code":"0401","msg":"Authorization is invalid."}"#;

/// Returns a reply with an access token and a refresh token of this number.
fn tokens(number: usize) -> String {
    format!(
        r#"{{"code":"0000","data":{{"accessToken":"at-{number}","expiresIn":7200,"refreshToken":"rt-{number}"}}}}"#
    )
}

/// Logs in at a server, in an environment of its own.
fn logged_in_at(server: &FakeServer) -> TestEnv {
    let env = server.env();
    let mut login = command(&env, "auth login --client-id ada --code-stdin");
    login.write_stdin("c");
    Run::of(login).ok();
    env
}

/// Submits a video and returns the task.
fn submit(env: &TestEnv) -> String {
    let task = run(env, "submit lecture-1").ok().stdout;
    task.trim().to_owned()
}

#[test]
fn five_processes_at_the_end_of_a_token_refresh_it_once() {
    // Refused by the service, or due by the clock.
    for is_refused in [true, false] {
        let env = logged_in(with_faults("refresh-slow:200ms:1"));
        let task = submit(&env);
        if is_refused {
            env.sandbox().end_access_tokens();
        } else {
            edit_login(&env, &[("tokenEndsAt", PAST)]);
        }
        let get = format!("-q get {task} -f txt");
        let processes: Vec<Process> = (0..5)
            .map(|_| Process::start(command(&env, &get)))
            .collect();
        for process in processes {
            let run = process.end().ok();
            assert_eq!((run.stdout.is_empty(), &*run.stderr), (false, ""));
        }
        let stats = env.sandbox().stats();
        assert_eq!((stats.refreshes, stats.refreshes_accepted), (1, 1));
        assert_eq!(stats.unauthorized == 0, !is_refused);
        assert!(login(&env)["tokenEndsAt"].as_str().unwrap() > PAST);
    }
}

#[test]
fn token_of_another_process_that_has_ended_too_is_renewed() {
    let all = [
        "get T1 -f txt",
        "wait T1 --interval 10ms -f txt",
        "submit lecture-1",
        "videos",
        "doctor",
    ];
    all_at_once(all, |args| {
        let (sender, file) = mpsc::channel::<PathBuf>();
        let file = Mutex::new(file);
        let server = FakeServer::new(move |_, request| {
            let authorization = request.header("authorization");
            ok(match &*request.line {
                line if line.ends_with("AccessToken") && request.body.contains("code") => tokens(1),
                line if line.ends_with("AccessToken") => tokens(3),
                // Another process renews, and its token ends too.
                _ if authorization == Some("Bearer at-1") => {
                    let file = file.lock().unwrap().recv().unwrap();
                    let login = fs::read_to_string(&file).unwrap().replace("-1\"", "-2\"");
                    fs::write(&file, login).unwrap();
                    REFUSED.to_owned()
                }
                _ if authorization == Some("Bearer at-2") => REFUSED.to_owned(),
                _ if request.is_submit() => r#"{"code":"0000","data":{"taskNo":"T1"}}"#.to_owned(),
                line if line.contains("searchDB") => {
                    r#"{"code":"0000","data":{"videos":[]}}"#.to_owned()
                }
                _ => finished("T1", ""),
            })
        });
        let env = logged_in_at(&server);
        sender.send(login_files(&env)[0].clone()).unwrap();
        run(&env, args).ok();
        let requests = server.requests();
        let refreshes = requests
            .iter()
            .filter(|request| request.line.ends_with("/refreshAccessToken"));
        let sent: Vec<_> = refreshes.map(|request| &*request.body).collect();
        assert_eq!(sent, [r#"{"refreshToken":"rt-2"}"#]);
    });
}

#[test]
fn refusal_of_a_token_that_was_just_renewed_is_final() {
    let server = FakeServer::new(|number, request| {
        ok(if request.line.ends_with("AccessToken") {
            tokens(number)
        } else {
            REFUSED.to_owned()
        })
    });
    let env = logged_in_at(&server);
    run(&env, "get T1").expect_failure(4).expect_stderr(str![[r#"
getting task T1
mavi: could not get task T1: the token is invalid or has expired (code 0401): Authorization is invalid.
hint: the service refuses a token that it just issued; check auth_scheme and base_url
hint: to resume, run: mavi get T1

"#]]);
    assert_eq!(server.count(), 4, "login, get, refresh, get");
}

#[test]
fn wait_lives_through_three_lifetimes() {
    let env = logged_in(SandboxOptions {
        delay: Duration::from_millis(800),
        token_lifetime: Duration::from_millis(200),
        ..SandboxOptions::default()
    });
    let run = run(&env, "submit lecture-1 --wait --interval 10ms -f jsonl").ok();
    assert_eq!(run.tasks().len(), 1);
    let refreshes = env.sandbox().stats().refreshes_accepted;
    assert!((3..=12).contains(&refreshes), "{refreshes} refreshes");
    run.expect_stderr(str![[r#"
submitting lecture-1 (audio)
lecture-1 (audio): task [TASK]
waiting for lecture-1 (audio)
lecture-1 (audio): finished in [TIME]

"#]]);
}

#[test]
fn new_refresh_token_replaces_the_old_one() {
    let server = FakeServer::new(|number, request| {
        let body = if request.line.ends_with("AccessToken") {
            tokens(number)
        } else if number == 1 || number == 5 {
            REFUSED.to_owned()
        } else {
            finished("T1", "")
        };
        ok(body)
    });
    let env = logged_in_at(&server);
    for _ in 0..3 {
        run(&env, "get T1 -f txt").ok();
    }
    let requests = server.requests();
    let sent: Vec<_> = requests
        .iter()
        .map(|request| {
            request
                .header("authorization")
                .map_or(request.body.clone(), str::to_owned)
        })
        .collect();
    assert_eq!(
        sent,
        [
            r#"{"clientId":"ada","code":"c"}"#,
            "Bearer at-0",
            r#"{"refreshToken":"rt-0"}"#,
            "Bearer at-2",
            "Bearer at-2",
            "Bearer at-2",
            r#"{"refreshToken":"rt-2"}"#,
            "Bearer at-6",
        ]
    );
}

#[test]
fn refused_refresh_is_exit_4_with_the_command_that_mends_it() {
    let env = TestEnv::with_sandbox(instant());
    let config = env.read(".config/mavi/config.toml");
    let config = env.write("my.toml", &format!("{config}\n[profiles.work]\n"));
    let url = env.sandbox().base_url();
    let flags = format!(
        "--config {} --profile work --base-url {url}",
        config.display()
    );
    log_in(&env, &flags).ok();
    let task = run(&env, &format!("submit lecture-1 {flags}")).ok().stdout;
    env.sandbox().end_access_tokens();
    env.sandbox().end_refresh_tokens();
    let mut transcript = Transcript::default();
    for args in [
        format!("get {flags} {task}"),
        format!("wait {flags} {task}"),
        format!("submit {flags} lecture-2 lecture-3"),
        format!("videos {flags}"),
    ] {
        transcript.add("", &run(&env, &args));
    }
    transcript.expect(str![[r#"
$ 
getting lecture-1 (audio)
mavi: could not get lecture-1 (audio), task [TASK]: could not renew the login: the service refused (code 0401): Authorization is invalid.
hint: to log in again, run: mavi auth login --config [HOME]/my.toml --profile work --base-url [URL]
hint: to resume, run: mavi get --config [HOME]/my.toml --profile work --base-url [URL] [TASK]
[4]
$ 
waiting for lecture-1 (audio)
mavi: could not get lecture-1 (audio), task [TASK]: could not renew the login: the service refused (code 0401): Authorization is invalid.
hint: to log in again, run: mavi auth login --config [HOME]/my.toml --profile work --base-url [URL]
hint: to resume, run: mavi wait --config [HOME]/my.toml --profile work --base-url [URL] [TASK]
[4]
$ 
submitting 2 tasks
mavi: could not submit lecture-[..] (audio): could not renew the login: the service refused (code 0401): Authorization is invalid. 2 of 2 videos were not submitted
hint: to log in again, run: mavi auth login --config [HOME]/my.toml --profile work --base-url [URL]
hint: to resume, run: mavi submit --config [HOME]/my.toml --profile work --base-url [URL] --reuse lecture-2 lecture-3
[4]
$ 
listing videos
mavi: could not list the videos: could not renew the login: the service refused (code 0401): Authorization is invalid.
hint: to log in again, run: mavi auth login --config [HOME]/my.toml --profile work --base-url [URL]
[4]

"#]]);
    assert_eq!(env.sandbox().stats().refreshes, 4, "each asks once");
    log_in(&env, &flags).ok();
    run(&env, &format!("get {flags} {task} -f txt")).ok();
}

#[test]
fn trouble_of_a_refresh_is_waited_out() {
    let faults = ["reset", "http-500", "html", "rate-limit", "truncate"];
    all_at_once(faults, |fault| {
        let env = logged_in(with_faults(&format!("refresh-{fault}:once")));
        let task = submit(&env);
        env.sandbox().end_access_tokens();
        let run = run(&env, &format!("wait {task} --interval 10ms -f txt")).ok();
        // In part: five faults have this in common.
        run.stderr_contains(&["retrying: could not renew the login: "]);
        let stats = env.sandbox().stats();
        assert_eq!(
            (stats.refreshes >= 2, stats.unauthorized),
            (true, 1),
            "{fault}"
        );
    });
}

#[test]
fn trouble_of_a_refresh_lasts_until_the_timeout_or_the_retries() {
    let env = logged_in(with_faults("refresh-http-503:1"));
    let task = submit(&env);
    env.sandbox().end_access_tokens();
    let run_out = run(
        &env,
        &format!("wait {task} --interval 10ms --timeout 300ms"),
    );
    // In part: the time may be over before the first failure.
    run_out
        .expect_failure(8)
        .stderr_contains(&["could not renew the login: ", "mavi wait"]);
    run(&env, &format!("get {task} --retries 0"))
        .expect_failure(7)
        .expect_stderr(str![[r#"
getting lecture-1 (audio)
mavi: could not get lecture-1 (audio), task [TASK]: could not renew the login: the server failed (HTTP 503): a web page titled "503 Service Unavailable"
hint: try again later

"#]]);
    run(&env, "submit lecture-2 --retries 0").expect_failure(7);
    assert_eq!(
        env.sandbox().stats().submits_accepted,
        1,
        "nothing is unknown"
    );
    let unknown = run(&env, "tasks --status unknown").ok();
    assert_eq!(unknown.lines().len(), 1, "the heading");
}

#[test]
fn every_retry_of_a_refresh_is_sent() {
    let env = logged_in(with_faults("refresh-http-503:1"));
    let task = submit(&env);
    env.sandbox().end_access_tokens();
    run(&env, &format!("get {task} --retries 2"))
        .expect_failure(7)
        .expect_stderr(str![[r#"
getting lecture-1 (audio)
retrying: could not renew the login: the server failed (HTTP 503): a web page titled "503 Service Unavailable"
mavi: could not get lecture-1 (audio), task [TASK]: could not renew the login: the server failed (HTTP 503): a web page titled "503 Service Unavailable"
hint: try again later

"#]]);
    assert_eq!(env.sandbox().stats().refreshes, 3);
}

#[test]
fn token_that_is_not_refused_is_used_while_there_is_no_better_one() {
    let env = logged_in(with_faults("refresh-http-500:1"));
    let task = submit(&env);
    edit_login(&env, &[("tokenEndsAt", PAST)]);
    run(&env, &format!("get {task} -f txt")).ok();
    env.sandbox().end_refresh_tokens();
    run(&env, &format!("get {task} -f txt")).ok();
    assert_eq!(env.sandbox().stats().unauthorized, 0);
}

#[test]
fn login_that_cannot_be_stored_is_not_renewed() {
    let env = logged_in(instant());
    let task = submit(&env);
    edit_login(&env, &[("tokenEndsAt", PAST)]);
    let get = || {
        let mut shell = env.shell(&format!("ulimit -f 0; mavi get {task} -f txt"));
        shell.env_remove("MAVI_TOKEN");
        Run::of(shell)
    };
    get()
        .ok()
        .allow_warnings("nothing else can be written either")
    .expect_stderr(str![[r#"
warning: could not renew the login: could not use the stored login [HOME]/.local/state/mavi/login-[HEX].json: File too large (os error 27); this run goes on with its present token
warning: cannot use the shared rate limits in [HOME]/.local/state/mavi/limits-[HEX].json: File too large (os error 27); this process counts only its own calls
getting lecture-1 (audio)
warning: this run is not recorded: could not write the journal [HOME]/.local/state/mavi/journal.jsonl: File too large (os error 27); check the permissions of the directory and the free disk space; until then save task and video IDs yourself: nothing else records them

"#]]);
    env.sandbox().end_access_tokens();
    let run_refused = get().expect_status(1);
    run_refused
        .allow_warnings("nothing else can be written either")
        .expect_stderr(str![[r#"
warning: could not renew the login: could not use the stored login [HOME]/.local/state/mavi/login-[HEX].json: File too large (os error 27); this run goes on with its present token
warning: cannot use the shared rate limits in [HOME]/.local/state/mavi/limits-[HEX].json: File too large (os error 27); this process counts only its own calls
getting lecture-1 (audio)
mavi: could not get lecture-1 (audio), task [TASK]: could not renew the login: could not use the stored login [HOME]/.local/state/mavi/login-[HEX].json: File too large (os error 27)
hint: check the directory of the file and free disk space

"#]]);
    assert_eq!(env.sandbox().stats().refreshes, 0);
    run(&env, &format!("get {task} -f txt")).ok();
}

#[test]
fn wrong_clocks_lock_nobody_out() {
    let env = logged_in(instant());
    let task = submit(&env);
    for times in [
        // A clock that is behind, or was ahead at the login: only the service knows.
        [
            ("tokenEndsAt", FUTURE),
            ("obtainedAt", FUTURE),
            ("loginEndsAt", FUTURE),
        ],
        // A clock that is far ahead.
        [
            ("tokenEndsAt", PAST),
            ("obtainedAt", PAST),
            ("loginEndsAt", PAST),
        ],
    ] {
        edit_login(&env, &times);
        env.sandbox().end_access_tokens();
        let run = run(&env, &format!("-q get {task} -f txt")).ok();
        assert_eq!(run.stderr, "");
    }
    assert_eq!(env.sandbox().stats().refreshes_accepted, 2);
}

#[test]
fn kill_during_a_refresh_leaves_a_usable_login() {
    let env = logged_in(with_faults("refresh-slow:1m:once"));
    let task = submit(&env);
    env.sandbox().end_access_tokens();
    let get = format!("get {task} -f txt");
    let mut process = Process::start(command(&env, &get));
    process.wait_until(|_| env.sandbox().stats().refreshes == 1);
    process.kill();
    let before = login(&env);
    run(&env, &get).ok();
    assert_ne!(login(&env), before);
    assert_eq!(env.sandbox().stats().refreshes, 2);
    assert_eq!(login_files(&env).len(), 1);
}

#[test]
fn kill_at_any_instant_leaves_a_usable_login() {
    let env = logged_in(instant());
    let task = submit(&env);
    let get = format!("get {task} -f txt");
    for number in 0..20 {
        env.sandbox().end_access_tokens();
        let mut process = Process::start(command(&env, &get));
        thread::sleep(Duration::from_millis(2 * number));
        process.kill();
        let stored = login(&env);
        assert!(stored["refreshToken"].is_string(), "{stored}");
    }
    run(&env, &get).ok();
    let folder = fs::read_dir(env.path(".local/state/mavi")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let copies: Vec<String> = names.filter(|name| name.starts_with(".login-")).collect();
    assert_eq!(copies, [""; 0], "copies with tokens are removed");
}

#[test]
fn lock_of_a_stopped_process_does_not_block_for_good() {
    let env = logged_in(with_faults("refresh-slow:1m:once"));
    let task = submit(&env);
    env.sandbox().end_access_tokens();
    let mut stopped = Process::start(command(&env, &format!("get {task} -f txt")));
    stopped.wait_until(|_| env.sandbox().stats().refreshes == 1);
    stopped.signal(Signal::STOP);
    for (args, status, said) in [
        (
            format!("get {task} --request-timeout 100ms --retries 0"),
            1,
            str![[r#"
getting lecture-1 (audio)
mavi: could not get lecture-1 (audio), task [TASK]: could not renew the login: could not use the stored login [HOME]/.local/state/mavi/login-[HEX].json: [HOME]/.local/state/mavi/login-[HEX].lock: another process has held the lock for too long
hint: end or continue the process that holds the lock, then try again

"#]],
        ),
        (
            format!("wait {task} --request-timeout 100ms --interval 10ms --timeout 400ms"),
            8,
            str![[r#"
waiting for lecture-1 (audio)
retrying: could not renew the login: could not use the stored login [HOME]/.local/state/mavi/login-[HEX].json: [HOME]/.local/state/mavi/login-[HEX].lock: another process has held the lock for too long
mavi: lecture-1 (audio), task [TASK], is still running after 400ms; the last attempt failed: could not renew the login: could not use the stored login [HOME]/.local/state/mavi/login-[HEX].json: [HOME]/.local/state/mavi/login-[HEX].lock: another process has held the lock for too long
hint: to resume, run: mavi wait --request-timeout 100ms --timeout 400ms --interval 10ms [TASK]

"#]],
        ),
        (
            "auth logout --request-timeout 100ms".to_owned(),
            1,
            str![[r#"
mavi: could not use the stored login [HOME]/.local/state/mavi/login-[HEX].json: [HOME]/.local/state/mavi/login-[HEX].lock: another process has held the lock for too long
hint: end or continue the process that holds the lock, then try again

"#]],
        ),
    ] {
        run(&env, &args).expect_failure(status).expect_stderr(said);
    }
    assert_eq!(env.sandbox().stats().refreshes, 1);
    stopped.kill();
    run(&env, &format!("get {task} -f txt")).ok();
}

/// A service whose refresh tokens serve once, logged in, and its one refresh, which is held back until
/// there is a message to the sender.
fn with_held_refresh() -> (FakeServer, TestEnv, mpsc::Sender<()>) {
    let (release, released) = mpsc::channel();
    let released = Mutex::new(released);
    let server = FakeServer::new(move |_, request| {
        ok(if request.line.ends_with("/getAccessToken") {
            tokens(1)
        } else if request.line.ends_with("/refreshAccessToken") {
            let _ = released.lock().unwrap().recv();
            tokens(2)
        } else if request.header("authorization") == Some("Bearer at-2") {
            finished("T1", "")
        } else {
            REFUSED.to_owned()
        })
    });
    let env = logged_in_at(&server);
    (server, env, release)
}

/// Returns `true` if the last request is a refresh.
fn is_refreshing(server: &FakeServer) -> bool {
    let requests = server.requests();
    requests
        .last()
        .unwrap()
        .line
        .ends_with("/refreshAccessToken")
}

const HELD_COMMANDS: [&str; 5] = [
    "get T1",
    "wait T1",
    "submit lecture-2 --wait",
    "videos",
    "doctor",
];

#[test]
fn signal_during_a_refresh_lets_it_be_stored() {
    // Refused by the service, or due by the clock.
    let runs = HELD_COMMANDS.map(|args| [(args, true), (args, false)]);
    all_at_once(runs.concat(), |(args, is_refused)| {
        let (server, env, release) = with_held_refresh();
        if !is_refused {
            edit_login(&env, &[("tokenEndsAt", PAST)]);
        }
        let mut process = Process::start(command(&env, args));
        process.wait_until(|_| is_refreshing(&server));
        process.signal(Signal::INT);
        process.wait_for_stderr("the login is being renewed: waiting a few seconds");
        release.send(()).unwrap();
        let run = process.end().expect_status(130);
        assert_eq!(login(&env)["refreshToken"], "rt-2", "{run:#?}");
        assert!(is_refreshing(&server), "nothing is sent afterwards");
    });
}

#[test]
fn second_signal_during_a_refresh_ends_a_run_at_once() {
    all_at_once(HELD_COMMANDS, |args| {
        let (server, env, _release) = with_held_refresh();
        let mut process = Process::start(command(&env, args));
        process.wait_until(|_| is_refreshing(&server));
        process.signal(Signal::INT);
        process.wait_for_stderr("the login is being renewed: waiting a few seconds");
        process.signal(Signal::INT);
        process.end().expect_status(-2);
    });
}

#[test]
fn short_timeout_does_not_cut_a_refresh_off() {
    let (server, env, release) = with_held_refresh();
    let mut process = Process::start(command(&env, "wait T1 --timeout 500ms"));
    process.wait_until(|_| is_refreshing(&server));
    process.wait_for_stderr("still running after 500ms");
    release.send(()).unwrap();
    process.end().expect_status(8);
    assert_eq!(login(&env)["refreshToken"], "rt-2");

    let (server, env, release) = with_held_refresh();
    let mut process = Process::start(command(&env, "get T1 -f txt --request-timeout 200ms"));
    process.wait_until(|_| is_refreshing(&server));
    thread::sleep(Duration::from_millis(300));
    release.send(()).unwrap();
    process.end().ok();
    assert_eq!(login(&env)["refreshToken"], "rt-2");
}

#[test]
fn refreshes_stay_within_the_limit_of_a_day() {
    let env = logged_in(SandboxOptions {
        rate_limits: RateLimits::Documented,
        ..instant()
    });
    let task = submit(&env);
    env.sandbox().end_access_tokens();
    let now = jiff::Timestamp::now().as_second();
    let counts = serde_json::json!({"logins": [], "refreshes": vec![now - 3600; 500]});
    fs::write(call_log(&env), counts.to_string()).unwrap();
    run(&env, &format!("get {task}"))
        .expect_failure(6)
        .expect_stderr(str![[r#"
getting lecture-1 (audio)
mavi: could not get lecture-1 (audio), task [TASK]: could not renew the login: the daily limit of 500 refreshes is reached
hint: run the command again in [..]

"#]]);
    assert_eq!(env.sandbox().stats().refreshes, 0);
}

/// Calls `each` with the bytes of every file below a folder.
fn each_file(folder: &Path, each: &mut dyn FnMut(&Path, &[u8])) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_file(&path, each);
        } else {
            each(&path, &fs::read(&path).unwrap());
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn secrets_are_in_the_store_alone() {
    let env = TestEnv::with_sandbox(SandboxOptions {
        delay: Duration::from_millis(700),
        token_lifetime: Duration::from_millis(300),
        ..SandboxOptions::default()
    });
    let run_login = log_in(&env, "--verbose").ok();
    expect_no_secrets(&run_login.stderr);
    let args = "submit --wait --jobs 4 --verbose --interval 10ms --format jsonl -";
    let mut submit = env.command_with_items(args, &videos("film", 20));
    submit.env_remove("MAVI_TOKEN");
    let mut process = Process::start(submit);
    let mut seen = 0;
    process.wait_until(|process| {
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            // A process may end while it is looked at, and that of another user may not be.
            let read = |name| fs::read(entry.path().join(name)).unwrap_or_default();
            let arguments = String::from_utf8_lossy(&read("cmdline")).into_owned();
            let is_ours = entry.file_name().to_str() == Some(&process.id().to_string());
            if is_ours {
                seen += usize::from(arguments.contains("mavi"));
                let variables = String::from_utf8_lossy(&read("environ")).into_owned();
                expect_no_secrets(&variables);
            }
            expect_no_secrets(&arguments);
        }
        false
    });
    assert!(seen > 0, "it was never looked at");
    let run = process.end().ok();
    expect_no_secrets(&run.stderr);
    expect_no_secrets(&run.stdout);
    // In part: twenty submits go on in any order.
    assert!(run.stderr.contains("/refreshAccessToken\n"), "{run:#?}");

    let store = &login_files(&env)[0];
    let mut files = 0;
    each_file(&env.path("."), &mut |path, bytes| {
        files += 1;
        if path.canonicalize().unwrap() != store.canonicalize().unwrap() {
            let text = String::from_utf8_lossy(bytes);
            for secret in SECRETS {
                assert!(!text.contains(secret), "{secret} in {}", path.display());
            }
        }
    });
    assert!(files >= 4, "store, lock, journal, limits");
    let stored = fs::read_to_string(store).unwrap();
    assert!(!stored.contains("sandbox-code-"), "{stored}");
}

#[test]
fn token_command_does_not_get_the_api_key() {
    let env = TestEnv::with_sandbox(instant());
    env.configure("token_command = [\"sh\", \"-c\", \"env > env; echo wrong\"]\n");
    let mut videos = command(&env, "videos");
    videos.env("MAVI_API_KEY", "hunter2");
    Run::of(videos).expect_failure(4).expect_stderr(str![[r#"
listing videos
mavi: could not list the videos: the token is invalid or has expired (code 0401): Authorization is invalid.
hint: check what token_command prints

"#]]);
    let variables = env.read("env");
    assert!(
        variables.contains("HOME=") && !variables.contains("hunter2"),
        "{variables}"
    );
}
