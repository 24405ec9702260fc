//! What a sender can make the receiver believe, print and write.

use std::fs;
use std::io::Read as _;
use std::thread;

use rustix::process::Signal;
use snapbox::str;

use crate::support::env::{TestEnv, finished};
use crate::support::fake_server::{Answer, FakeServer, cut, ok, reply};
use crate::support::receiver::{Receiver, env_with, exchange, result};

#[test]
fn result_of_unrecorded_task_is_refused_with_warning() {
    let env = env_with(&["T1"]);
    let listen = Receiver::start(&env, &["-o", "{taskNo}.txt", "--count", "1"]);
    assert_eq!(listen.post(&result("forged", "lies")).status, 400);
    let said = listen
        .wait_for_stderr("warning: ignored a result for task forged, which is not recorded here");
    assert!(
        said.contains("--verify") && said.contains("--any"),
        "{said}"
    );
    assert_eq!(listen.post(&result("again", "lies")).status, 400);
    let said = listen
        .wait_for_stderr("warning: ignored a result for task again, which is not recorded here");
    assert_eq!(said.matches("--verify").count(), 1, "advice is given once");
    assert_eq!(listen.post(&result("T1", "truth")).status, 200);
    listen.end().expect_status(0);
    assert_eq!(env.files(), ["T1.txt"]);
    assert_eq!(env.read("T1.txt"), "truth\n");
}

#[test]
fn task_submitted_while_listening_is_accepted() {
    let env = env_with(&["T1"]);
    let listen = Receiver::start(&env, &["-o", "{taskNo}.txt"]);
    assert_eq!(listen.post(&result("T2", "early")).status, 400);
    let journal = ".local/state/mavi/journal.jsonl";
    let more = env.read(journal) + &env.read(journal).replace("\"T1\"", "\"T2\"");
    env.write(journal, &more);
    assert_eq!(listen.post(&result("T2", "now")).status, 200);
    assert_eq!(env.read("T2.txt"), "now\n");
}

#[test]
fn any_accepts_unrecorded_tasks() {
    let env = TestEnv::new();
    let (listen, mut stdout) = Receiver::piped(&env, &["--any", "--count", "1", "-f", "txt"]);
    assert_eq!(listen.post(&result("whoever", "hello")).status, 200);
    listen.end().expect_status(0);
    let mut text = String::new();
    stdout.read_to_string(&mut text).unwrap();
    assert_eq!(text, "hello\n");
}

#[test]
fn verify_takes_services_reply_not_callback_body() {
    let segment = r#"{"id":0,"startTime":0,"endTime":1,"content":"truth"}"#;
    let server = FakeServer::tasks(&[
        ("T1", &finished("T1", segment)),
        (
            "forged",
            r#"{"code":"0001","msg":"The task does not exist."}"#,
        ),
        (
            "early",
            r#"{"code":"0000","msg":"success","data":{"status":"UNFINISHED","taskNo":"early"}}"#,
        ),
    ]);
    let env = server.env();
    let listen = Receiver::start(
        &env,
        &["--verify", "-o", "{taskNo}-{videoNo}.txt", "--count", "1"],
    );
    assert_eq!(listen.post(&result("forged", "lies")).status, 400);
    listen.wait_for_stderr("warning: could not verify the result of V-forged (audio): ");
    assert_eq!(listen.post(&result("early", "lies")).status, 503);
    assert_eq!(env.files(), [""; 0]);
    assert_eq!(listen.post(&result("T1", "lies")).status, 200);
    listen.end().expect_status(0).expect_stderr(str![[r#"
listening; the callback address is http://127.0.0.1:[PORT]/[HEX]
warning: could not verify the result of V-forged (audio): a parameter is wrong (code 0001): The task does not exist.
warning: a callback for V-early (audio) arrived, but the service reports that it has not finished
V-T1 (audio): finished, wrote T1-V1.txt

"#]]);
    assert_eq!(env.files(), ["T1-V1.txt"]);
    assert_eq!(env.read("T1-V1.txt"), "truth\n");
}

#[test]
fn verify_without_service_stores_nothing() {
    let env = TestEnv::at("http://127.0.0.1:9");
    let mut listen = Receiver::start(&env, &["--verify", "--retries", "0", "-o", "{taskNo}.txt"]);
    assert_eq!(listen.post(&result("T1", "lies")).status, 503);
    listen.signal(Signal::INT);
    listen.end().expect_status(130).expect_stderr(str![[r#"
listening; the callback address is http://127.0.0.1:[PORT]/[HEX]
warning: could not verify the result of V-T1 (audio): could not connect: Connection refused (os error 111)
mavi: interrupted

"#]]);
    assert_eq!(env.files(), [""; 0]);
}

#[test]
fn verify_refuses_only_nonexistent_task_permanently() {
    let other = finished("other", "");
    let scripted = [
        ("html", ok("<html><title>Log in</title></html>")),
        ("credit", ok(r#"{"code":"0402","msg":"no credit"}"#)),
        ("null", ok(r#"{"code":"0000","msg":"success","data":null}"#)),
        ("limit", ok(r#"{"code":"9009","msg":"denied"}"#)),
        ("swapped", ok(other)),
        ("gateway", reply("502 Bad Gateway", &[], "x")),
        ("cut", cut()),
        ("parameter", ok(r#"{"code":"0003","msg":"no such task"}"#)),
        ("T1", ok(finished("T1", ""))),
    ];
    let tasks = scripted.each_ref().map(|(task, _)| *task);
    let service = FakeServer::new(move |_, request| {
        let task = request.task();
        let of_task = scripted.iter().find(|(of, _)| *of == task);
        of_task.unwrap().1.clone()
    });
    let env = service.env();
    let listen = Receiver::start(&env, &["--verify", "-o", "{taskNo}.json", "--count", "1"]);
    for task in tasks {
        let status = match task {
            "T1" => 200,
            "parameter" => 400,
            _ => 503,
        };
        assert_eq!(listen.post(&result(task, "lies")).status, status, "{task}");
    }
    // Trouble with what others send is no failure.
    listen.end().ok().expect_stderr(str![[r#"
listening; the callback address is http://127.0.0.1:[PORT]/[HEX]
warning: could not verify the result of V-html (audio): the reply is not what the API describes (expected value at line 1 column 1): a web page titled "Log in"
warning: could not verify the result of V-credit (audio): not enough credit (code 0402): no credit
warning: could not verify the result of V-null (audio): the reply is not what the API describes (`data` is missing): {"code":"0000","msg":"success","data":null}
warning: could not verify the result of V-limit (audio): permission denied (code 9009): denied
warning: asked about V-swapped (audio), the service answered about task "other", which was ignored
warning: could not verify the result of V-gateway (audio): the server failed (HTTP 502): x
warning: could not verify the result of V-cut (audio): the connection was cut: connection closed before message completed
warning: could not verify the result of V-parameter (audio): a parameter is wrong (code 0003): no such task
V-T1 (audio): finished, wrote T1.json

"#]]);
    assert_eq!(env.files(), ["T1.json"]);
    assert_eq!(
        service.requests().len(),
        tasks.len(),
        "each is asked about once"
    );
}

#[test]
fn verify_with_silent_service_blocks_neither_senders_nor_end() {
    let service = FakeServer::always(Answer::Silence);
    let env = service.env();
    let quick = [
        "--verify",
        "--request-timeout",
        "300ms",
        "-o",
        "{taskNo}.txt",
    ];
    let mut listen = Receiver::start(&env, &quick);
    assert_eq!(listen.post(&result("T1", "x")).status, 503);
    assert_eq!(service.requests().len(), 1, "once");
    listen.wait_for_stderr("warning: could not verify the result of V-T1 (audio): ");
    listen.signal(Signal::INT);
    listen.end().expect_status(130);

    let mut listen = Receiver::start(&env, &["--verify", "-o", "{taskNo}.txt"]);
    let (addr, path) = (listen.addr, listen.path.clone());
    let sender = thread::spawn(move || exchange(addr, "POST", &path, &result("T1", "x")));
    service.wait_for(2);
    listen.signal(Signal::INT);
    listen.end().expect_status(130);
    assert_eq!(
        sender.join().unwrap().map(|answer| answer.status),
        Some(503)
    );
}

#[test]
fn escapes_reach_neither_the_terminal_nor_a_file_name() {
    let nasty = r"\u001b[31mred\u001b[0m\u009b2J\u0007../../../etc/\u001b]0;title\u0007x";
    let segment =
        format!(r#"{{"id":"{nasty}","startTime":"0","endTime":"1","content":"{nasty}"}}"#);
    let body = format!(
        r#"{{"status":"FINISH","type":"{nasty}","videoNo":"{nasty}","taskNo":"T1","transcriptions":[{segment}]}}"#
    );
    for format in ["table", "txt", "csv", "tsv"] {
        let env = env_with(&["T1"]);
        let args = ["--count", "1", "-f", format, "--verbose"];
        let (listen, mut stdout) = Receiver::piped(&env, &args);
        // Neither does a number, a status, or what is no result at all.
        for odd in [
            format!(r#"{{"status":"FINISH","taskNo":"{nasty}"}}"#),
            format!(r#"{{"status":"{nasty}","taskNo":"T1"}}"#),
            nasty.to_owned(),
        ] {
            assert_eq!(listen.post(&odd).status, 400, "{odd}");
        }
        assert_eq!(listen.post(&body).status, 200);
        let stderr = listen
            .end()
            .ok()
            .expect_stderr(str![[r#"
listening; the callback address is http://127.0.0.1:[PORT]/[HEX]
warning: ignored a request to the callback address that is not a result
warning: ignored a callback for task T1 that came before it finished
task T1: finished

"#]])
            .stderr;
        let mut text = String::new();
        stdout.read_to_string(&mut text).unwrap();
        assert!(text.contains("red"), "{format}: {text:?}");
        for (stream, said) in [("stdout", &*text), ("stderr", &*stderr)] {
            let is_harmless = said
                .chars()
                .all(|c| matches!(c, '\n' | '\t') || !c.is_control());
            assert!(is_harmless, "{format} on {stream}: {said:?}");
        }
    }
    let env = env_with(&["T1"]);
    let listen = Receiver::start(
        &env,
        &[
            "--count",
            "1",
            "-o",
            "out/{videoNo}-{type}.{ext}",
            "-f",
            "srt",
        ],
    );
    assert_eq!(listen.post(&body).status, 200);
    listen.end().expect_status(0);
    let files = env.files();
    assert_eq!(files.len(), 1, "{files:?}");
    let name = files[0].strip_prefix("out/").expect("in the folder named");
    assert!(!name.contains('/') && !name.chars().any(char::is_control));
    assert_eq!(fs::read_dir(env.path("out")).unwrap().count(), 1);
}

#[test]
fn a_failed_task_is_reported_once_and_ends_the_run_with_its_status() {
    let env = env_with(&["T1", "T2"]);
    let (listen, mut stdout) = Receiver::piped(&env, &["--count", "2", "-f", "txt"]);
    let failed = r#"{"status":"FAIL","taskNo":"T1","transcriptions":null}"#;
    assert_eq!(listen.post(failed).status, 200);
    assert_eq!(listen.post(failed).status, 200);
    let envelope = format!(
        r#"{{"code":"0000","msg":"success","data":{}}}"#,
        result("T2", "all is well")
    );
    assert_eq!(listen.post(&envelope).status, 200);
    listen.end().expect_status(3).expect_stderr(str![[r#"
listening; the callback address is http://127.0.0.1:[PORT]/[HEX]
mavi: task T1: the service reports that the transcription failed
hint: submit the video again; if it fails again, contact the service's support
V-T2 (audio): finished
mavi: 1 of 2 results arrived in time
hint: to fetch the results by polling, run: mavi wait --format txt --pending

"#]]);
    let mut text = String::new();
    stdout.read_to_string(&mut text).unwrap();
    assert_eq!(text, "all is well\n");
    env.run("tasks --status failed --format ids")
        .expect_output("T1\n", "");
}

#[test]
fn callback_of_an_upload_is_accepted_and_noted() {
    let env = env_with(&["T1"]);
    let listen = Receiver::start(&env, &["-f", "txt", "--count", "1"]);
    let upload = |status| format!(r#"{{"videoNo":"V1","clientId":"c","status":"{status}"}}"#);
    assert_eq!(listen.post(&upload("PARSE")).status, 200);
    listen.wait_for_stderr("V1: the service reports that its upload is PARSE\n");
    assert_eq!(listen.post(&upload("a\\u001b[31mb")).status, 200);
    assert_eq!(listen.post(&result("T1", "truth")).status, 200);
    listen.end().expect_status(0).expect_stderr(str![[r#"
listening; the callback address is http://127.0.0.1:[PORT]/[HEX]
V1: the service reports that its upload is PARSE
V1: the service reports that its upload is ab
V-T1 (audio): finished

"#]]);
}

#[test]
fn result_of_a_submit_without_an_answer_is_taken_and_its_task_recorded() {
    let server = FakeServer::always(cut());
    let env = server.env();
    let listen = Receiver::start(&env, &["-o", "{taskNo}.txt", "--count", "1"]);
    let submit = format!(
        "submit V-T1 -q --callback http://{}{}",
        listen.addr, listen.path
    );
    assert_eq!(env.run(&submit).status, 7);
    assert_eq!(listen.post(&result("T2", "of another video")).status, 400);
    assert_eq!(listen.post(&result("T1", "paid for")).status, 200);
    listen.end().expect_status(0).expect_stderr(str![[r#"
listening; the callback address is http://127.0.0.1:[PORT]/[HEX]
warning: ignored a result for task T2, which is not recorded here; --verify asks the service about such tasks, --any takes them as they are; only tasks of the base URL of this run are looked up
V-T1 (audio): finished, wrote T1.txt

"#]]);
    assert_eq!(env.files(), ["T1.txt"]);
    // In part: the times differ between runs.
    let tasks = env.run("tasks -q --format jsonl").ok().stdout;
    let task: serde_json::Value = serde_json::from_str(&tasks).unwrap();
    assert_eq!(
        (&task["taskNo"], &task["status"]),
        (&"T1".into(), &"finished".into())
    );
}
