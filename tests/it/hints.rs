//! The commands that hints name: they parse, ask the service of the run, and keep its output options.

use snapbox::str;

use crate::support::env::{TestEnv, finished, unfinished};
use crate::support::fake_server::{Answer, FakeServer, cut, ok, reply};
use crate::support::run::Run;

/// Returns an environment whose configuration leads to another service.
fn elsewhere() -> TestEnv {
    let env = TestEnv::at("http://127.0.0.1:9");
    env.configure("[profiles.work]\nretries = 0\n");
    env
}

/// Runs with the flags that lead to `server`, and asserts the hints.
#[track_caller]
fn assert_hints(server: &FakeServer, args: &str, expected: &str) {
    let env = elsewhere();
    let flags = format!("--profile work --base-url {}", server.url());
    let run = env.run(&format!("{flags} {args}"));
    let hints: String = (run.stderr.lines())
        .filter_map(|line| Some(line.split_once("hint: ")?.1.to_owned() + "\n"))
        .collect();
    assert_eq!(hints.replace(&*server.url(), "URL"), expected, "{run:#?}");
}

fn always(answer: Answer) -> FakeServer {
    FakeServer::always(answer)
}

#[test]
fn commands_ask_the_service_of_the_run() {
    let flags = "--profile work --base-url URL";
    for (server, args, expected) in [
        (
            always(ok(unfinished("T1"))),
            "get T1 -f srt -o x.srt",
            format!("to wait for it, run: mavi wait {flags} --format srt --output x.srt T1\n"),
        ),
        (
            always(cut()),
            "submit V1",
            format!(
                "it was not sent again, since that could be paid for twice; `mavi tasks {flags} --status \
                 unknown` lists such submits\n"
            ),
        ),
        (
            always(reply(
                "500 Oops",
                &[],
                r#"{"code":"0001","data":{"taskNo":"T9"}}"#,
            )),
            "submit V1",
            format!("to wait for that task, run: mavi wait {flags} T9\n"),
        ),
        (
            always(ok(r#"{"code":"0409","msg":"twice","data":null}"#)),
            "submit V1 -t video",
            format!(
                "`mavi tasks {flags}` may list its task; to print it, run: mavi submit {flags} --reuse \
                 --type video V1\n"
            ),
        ),
        (
            always(ok(finished("T1", r#"{"content":"a"}"#))),
            "get T1 -f txt -o /dev/full",
            format!("nothing is lost; to fetch it again, run: mavi get {flags} T1\n"),
        ),
        (
            always(cut()),
            "wait --last",
            format!("submit a video first; `mavi tasks --all-services {flags}` lists all tasks\n"),
        ),
        (
            always(cut()),
            "submit talk.mp4",
            format!("to upload and transcribe it, run: mavi transcribe {flags} talk.mp4\n"),
        ),
        (
            always(cut()),
            "upload .config",
            format!("name the files in it: mavi upload {flags} .config/*.mp4\n"),
        ),
    ] {
        assert_hints(&server, args, &expected);
    }
}

#[test]
fn unfinished_tasks_of_a_get_have_one_hint_that_works() {
    let server = FakeServer::new(|number, request| match number {
        0..4 if request.task() != "T3" => ok(unfinished(&request.task())),
        _ => ok(finished(&request.task(), "")),
    });
    let env = server.env();
    let run = env.run("get T1 T2 T3 T4 -o {taskNo}.txt").expect_failure(8);
    run.expect_stderr(str![[r#"
0 of 4 finished
0 of 4 finished, 1 unfinished
0 of 4 finished, 2 unfinished
task T3: finished, wrote T3.txt
1 of 4 finished, 2 unfinished
mavi: task T1 has not finished yet
mavi: task T2 has not finished yet
mavi: task T4 has not finished yet
hint: to wait for them, run: mavi wait --output '{taskNo}.txt' T1 T2 T4
1 of 4 finished, 0 failed, 3 unfinished, [TIME]

"#]]);
    let hint = "mavi wait --output '{taskNo}.txt' T1 T2 T4 --interval 10ms";
    Run::of(env.shell(hint)).ok();
    assert_eq!(env.files(), ["T1.txt", "T2.txt", "T3.txt", "T4.txt"]);
}

#[test]
fn name_that_cannot_be_shown_takes_the_same_command_again() {
    let server = always(ok(unfinished("T1")));
    let env = server.env();
    for name in ["esc\u{1b}[31m", "two\nlines"] {
        let output = format!("-o{name}.srt");
        let wait = ["wait", "T1", "--timeout", "1s", &output];
        Run::of(env.command(wait)).expect_failure(8).expect_stderr(
            "waiting for task T1\nmavi: task T1 is still running after 1s\n\
             hint: to resume, run the same command again\n",
        );
        let get = Run::of(env.command(["get", "T1", &output])).expect_failure(8);
        get.expect_stderr(
            "getting task T1\nmavi: task T1 has not finished yet\n\
             hint: to wait for it, run: mavi wait T1\n",
        );
    }
}
