//! Callbacks: `mavi listen`, and `--listen` of a wait, against the sandbox.

use snapbox::str;

use crate::support::env::TestEnv;
use crate::support::run::Run;

/// Runs a shell script against the sandbox, with limits that a test never reaches.
fn sandbox(env: &TestEnv, flags: &str, script: &str) -> Run {
    env.write(
        ".config/mavi/config.toml",
        "[limits]\nsubmit_audio_per_minute = 60000\nget_per_minute = 60000\n",
    );
    let mut command = env.command(["sandbox"]);
    command
        .args(flags.split_whitespace())
        .args(["--", "sh", "-c", script]);
    Run::of(command)
}

#[track_caller]
fn assert_each_is_printed_once(run: &Run, count: usize) {
    let mut lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), count);
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines.len(), count, "each is printed once");
}

#[test]
fn two_hundred_results_arrive_by_themselves_and_cost_no_questions() {
    let env = TestEnv::new();
    let script = "seq 1 200 | mavi submit - --wait --listen 127.0.0.1:0 -f jsonl --verbose";
    let run = sandbox(&env, "--delay 200ms", script).ok();
    assert_each_is_printed_once(&run, 200);
    // In part: two hundred tasks end in any order.
    let questions = run.stderr.matches("> GET ").count();
    assert!(questions <= 20, "{questions} questions for 200 tasks");
}

#[test]
fn lost_doubled_and_reordered_callbacks_lose_and_double_nothing() {
    let env = TestEnv::new();
    // Half of them have to be asked for, which the rare schedule does after minutes: that it does so
    // is shown in virtual time.
    let script = "seq 1 200 | mavi submit - --wait --listen 127.0.0.1:0 --interval 1s -f jsonl";
    let faults = "callback-lose:0.5,callback-duplicate:0.5,callback-reorder:0.3";
    let run = sandbox(
        &env,
        &format!("--delay 200ms --seed 7 --fault {faults}"),
        script,
    )
    .ok();
    assert_each_is_printed_once(&run, 200);
}

#[test]
fn doubled_and_reordered_callbacks_cost_no_questions() {
    let env = TestEnv::new();
    let script = "seq 1 200 | mavi submit - --wait --listen 127.0.0.1:0 -f jsonl --verbose";
    let faults = "callback-duplicate:0.5,callback-reorder:0.5";
    let flags = format!("--delay 200ms --seed 7 --fault {faults}");
    let run = sandbox(&env, &flags, script).ok();
    assert_each_is_printed_once(&run, 200);
    // In part: two hundred tasks end in any order.
    let questions = run.stderr.matches("> GET ").count();
    assert!(questions <= 20, "{questions} questions for 200 tasks");
}

#[test]
fn sandbox_reports_addresses_it_does_not_call() {
    let env = TestEnv::new();
    let script = "mavi submit A B --quiet --callback https://ci.example.com/secret
        mavi submit C --quiet --callback http://10.1.2.3:8787/secret
        mavi submit D --quiet --callback http://127.0.0.1:1/secret";
    sandbox(&env, "--delay 0ms", script).ok()
    .expect_stderr(str![[r#"
warning: the sandbox does not call https://ci.example.com: it does not speak TLS, so the address has to start with http://
warning: the sandbox does not call http://10.1.2.3:8787: only loopback addresses are called (127.0.0.1, [::1], localhost), unless --callbacks-anywhere is given

"#]]);
}

#[test]
fn listen_writes_what_the_service_sends() {
    let env = TestEnv::new();
    let script = r"
        mavi listen --addr 127.0.0.1:0 --count 2 -o '{videoNo}.{ext}' -f txt 2> listen.log &
        while ! grep -q 'address is' listen.log; do sleep 0.05; done
        mavi submit A B --quiet --callback $(sed -n 's/.*address is //p' listen.log)
        wait
        mavi tasks --status finished --format ids | wc -l";
    let run = sandbox(&env, "--delay 100ms", script).ok();
    assert_eq!(run.stdout.lines().last().map(str::trim), Some("2"));
    assert!(!env.read("A.txt").is_empty() && !env.read("B.txt").is_empty());
}

#[test]
fn configured_callback_is_sent_and_hidden_from_process_list() {
    let env = TestEnv::new();
    let script = r#"
        mavi listen --addr 127.0.0.1:0 --count 2 --path-secret-file secret -o 'in/{taskNo}.json' 2> listen.log &
        while ! grep -q 'address is' listen.log; do sleep 0.05; done
        address=$(sed -n 's/.*address is //p' listen.log)
        printf '[submit]\ncallback = "%s"\n' "$address" >> .config/mavi/config.toml
        seq 1 2 | mavi submit - > tasks.txt
        wait $!
        while read -r task; do test -s "in/$task.json" || exit 1; done < tasks.txt
        mavi tasks --status finished --format ids | wc -l"#;
    let run = sandbox(&env, "--delay 100ms", script).ok();
    assert_eq!(run.stdout.trim(), "2");
}

#[test]
fn callback_flags_that_conflict_are_usage_errors() {
    TestEnv::new()
        .run("submit V1 --wait --listen 127.0.0.1:0 --callback http://x/")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: the argument '--listen <ADDR>' cannot be used with '--callback <URL>'
Usage: mavi submit --wait --listen <ADDR> <VIDEO_NO>...
hint: for help, run: mavi submit --help

"#]]);
    TestEnv::new()
        .run("submit V1 --listen 127.0.0.1:0")
        .expect_failure(2)
        .expect_stderr("mavi: --listen requires --wait\n");
    TestEnv::new().expect_transcript(
        [
            "wait T1 --path-secret-file secret",
            "submit V1 --wait --path-secret-file secret",
        ],
        str![[r#"
$ mavi wait T1 --path-secret-file secret
mavi: the following required arguments were not provided:
  --listen <ADDR>
Usage: mavi wait [OPTIONS] <TASK_NO>...
       mavi wait [OPTIONS] --last
       mavi wait [OPTIONS] --pending
hint: for help, run: mavi wait --help
[2]
$ mavi submit V1 --wait --path-secret-file secret
mavi: the following required arguments were not provided:
  --listen <ADDR>
Usage: mavi submit --listen <ADDR> --wait --path-secret-file <FILE> <VIDEO_NO>...
hint: for help, run: mavi submit --help
[2]

"#]],
    );
    TestEnv::new()
        .run("listen --addr 127.0.0.1:0 -o all.csv")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: a sender is answered once its result is written, so each result needs a file of its own
hint: put {taskNo} into the file name of -o

"#]]);
}
