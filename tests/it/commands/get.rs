//! `mavi get`.

use snapbox::{IntoData as _, str};

use crate::support::all_at_once;
use crate::support::env::{GET, TOKEN, TestEnv, finished, unfinished};
use crate::support::fake_server::{Answer, FakeServer, cut, ok, reply};

const HELLO: &str = r#"{"id":1,"startTime":0,"endTime":1.5,"content":" Hello"}"#;

#[test]
fn asks_as_documented_and_prints_the_transcription() {
    let server = FakeServer::always(ok(finished("T1", HELLO)));
    server.env().run("get T1").expect_output(
        "task T1  video V1  type AUDIO  1 segment  0:00:00.000 to 0:00:01.500\n\
         #        start          end  text\n\
         1  0:00:00.000  0:00:01.500  Hello\n",
        "getting task T1\n",
    );
    let request = server.the_request();
    assert_eq!(request.line, format!("GET {GET}?taskNo=T1"));
    let token = format!("Bearer {TOKEN}");
    assert_eq!(request.header("authorization"), Some(&*token));
}

#[test]
fn the_request_is_one_line_with_the_task_and_no_body() {
    let service = FakeServer::always(ok(finished("T1", "")));
    service.env().run("get T1").ok();
    let request = service.the_request();
    assert_eq!(request.line, format!("GET {GET}?taskNo=T1"));
    assert_eq!(request.body, "");
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        request.header("user-agent"),
        Some(&*format!("mavi/{version}"))
    );
    assert_eq!(request.header("content-type"), None);
    assert_eq!(request.header("cookie"), None);
}

#[test]
fn a_path_prefix_of_the_base_url_is_kept() {
    for (suffix, path) in [
        ("", GET.to_owned()),
        ("/", GET.to_owned()),
        ("/proxy/v1", format!("/proxy/v1{GET}")),
        ("/proxy/v1/", format!("/proxy/v1{GET}")),
        ("/a%20b", format!("/a%20b{GET}")),
    ] {
        let service = FakeServer::always(ok(finished("T1", "")));
        let url = format!("{}{suffix}", service.url());
        TestEnv::new().run(&format!("get T1 --base-url {url}")).ok();
        assert_eq!(service.the_request().line, format!("GET {path}?taskNo=T1"));
    }
}

#[test]
fn unfinished_task_prints_state_in_json_formats_only() {
    let server = FakeServer::always(ok(unfinished("T1")));
    let env = server.env();
    for format in ["table", "srt", "vtt", "txt", "csv", "tsv"] {
        env.run(&format!("get T1 -f {format}"))
            .expect_failure(8)
            .expect_stderr(format!(
                "getting task T1\nmavi: task T1 has not finished yet\n\
                 hint: to wait for it, run: mavi wait --format {format} T1\n",
            ));
    }
    let state = r#"{"status":"UNFINISHED","type":"AUDIO","videoNo":"V1","taskNo":"T1","transcriptions":null}"#;
    let run = env.run("get T1 -f jsonl");
    assert_eq!((run.status, run.stdout), (8, format!("{state}\n")));
    let run = env.run("get T1 -f json");
    assert_eq!(run.status, 8);
    run.expect_stdout(str![[r#"
{
  "status": "UNFINISHED",
  "type": "AUDIO",
  "videoNo": "V1",
  "taskNo": "T1",
  "transcriptions": null
}

"#]])
        .expect_stderr(str![[r#"
getting task T1
mavi: task T1 has not finished yet
hint: to wait for it, run: mavi wait --format json T1

"#]]);
    env.run("get T1 -o x.json")
        .expect_failure(8)
        .expect_stderr(str![[r#"
getting task T1
mavi: task T1 has not finished yet
hint: to wait for it, run: mavi wait --output x.json T1

"#]]);
    assert_eq!(env.files(), [""; 0], "an unfinished task leaves no file");
}

#[test]
fn reply_about_another_task_is_printed_with_a_warning() {
    let service = FakeServer::always(ok(finished("T1", HELLO)));
    let run = service.env().run("get T2 -f txt");
    run.ok().expect_output(
        "Hello\n",
        str![[r#"
getting task T2
warning: asked about task T2, the service answered about task "T1", which was taken as its own

"#]],
    );
    service
        .env()
        .run("wait T2 -f txt -q")
        .expect_output("Hello\n", "");
}

/// A service with a task of every fate, named by it.
fn fates() -> FakeServer {
    FakeServer::new(|_, request| match &*request.task() {
        "slow" => ok(unfinished("slow")),
        "failed" => ok(r#"{"code":"0000","data":{"status":"FAIL","taskNo":"failed"}}"#),
        "denied" => ok(r#"{"code":"9009","msg":"not yours","data":null}"#),
        "nobody" | "unheard" => ok(r#"{"code":"0001","msg":"no such task","data":null}"#),
        "gone" => reply("502 Bad Gateway", &[], ""),
        task => ok(finished(task, HELLO)),
    })
}

#[test]
fn one_failure_among_several_is_reported_and_the_rest_go_on() {
    let service = fates();
    let run = service.env().run("get A nobody B -f csv");
    let run = run
        .expect_stdout(
            "task_no,id,start,end,content,video_no,type\nA,1,0.000,1.500, Hello,V1,audio\nB,1,0.000,1.500, Hello,V1,audio\n",
        )
        .expect_stderr(str![[r#"
0 of 3 finished
1 of 3 finished
mavi: could not get task nobody: a parameter is wrong (code 0001): no such task
hint: check the ID; it must belong to this account
1 of 3 finished, 1 failed
2 of 3 finished, 1 failed, [TIME]

"#]]);
    assert_eq!(run.status, 5, "{run:#?}");
    assert_eq!(service.count(), 3);
}

#[test]
fn the_status_is_the_common_one_or_1() {
    let env = fates().env();
    for (tasks, status) in [
        ("A B", 0),
        ("A nobody", 5),
        ("nobody A unheard", 5),
        ("failed A", 3),
        ("slow A", 8),
        ("denied", 4),
        ("nobody slow", 1),
        ("failed nobody A", 1),
        ("gone A slow", 1),
        ("gone A", 7),
    ] {
        let run = env.run(&format!(
            "get --retries 0 -f csv --error-format json {tasks}"
        ));
        assert_eq!(run.status, status, "{tasks}: {run:#?}");
        let failed: Vec<_> = tasks.split(' ').filter(|task| task.len() > 1).collect();
        let named: Vec<_> = run
            .errors()
            .iter()
            .map(|error| error["task_no"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(named, failed, "{run:#?}");
        // In part: it is the number that matters.
        assert_eq!(
            run.stdout.matches("Hello").count(),
            tasks.split(' ').count() - failed.len()
        );
    }
}

#[test]
fn transient_failure_is_retried() {
    let troubles = [
        reply("429 Too Many Requests", &["retry-after: 0"], ""),
        reply(
            "200 OK",
            &["retry-after: 0"],
            r#"{"code":"0429","msg":"Request has exceeded the limit."}"#,
        ),
        reply("502 Bad Gateway", &[], "<html>"),
        reply(
            "500 Internal Server Error",
            &[],
            r#"{"code":"0003","msg":"x","data":null}"#,
        ),
        cut(),
    ];
    all_at_once(troubles, |trouble| {
        let service = FakeServer::in_turn([trouble, ok(finished("T1", HELLO))]);
        let run = service.env().run("get T1 -f txt").ok();
        assert_eq!(run.stdout, "Hello\n");
        assert_eq!(service.count(), 2);
    });
}

fn limited() -> Answer {
    reply("429 Too Many Requests", &["retry-after: 0"], "")
}

#[test]
fn retries_are_counted_and_0_is_none() {
    all_at_once([0, 1, 2], |retries| {
        let service = FakeServer::always(limited());
        let run = service.env().run(&format!("get T1 --retries {retries}"));
        let retrying = "retrying: the rate limit is exceeded (HTTP 429): the body is empty\n";
        run.expect_failure(6).expect_stderr(format!(
            "getting task T1\n{}mavi: could not get task T1: the rate limit is exceeded (HTTP 429): the body is empty\n\
             hint: wait a minute, or give --retries a higher number\n",
            if retries > 0 { retrying } else { "" }
        ));
        assert_eq!(service.count(), 1 + retries);
    });
}

#[test]
fn service_that_never_responded_does_not_respond_again() {
    TestEnv::at("http://127.0.0.1:9")
        .run("get T1 --retries 1")
        .expect_failure(7)
        .expect_stderr(str![[r#"
getting task T1
retrying: could not connect: Connection refused (os error 111)
mavi: could not get task T1: could not connect: Connection refused (os error 111)
hint: check the network, the proxy settings and base_url; `mavi doctor` names what is wrong

"#]]);
}

#[test]
fn recorded_task_is_named_by_its_video() {
    let server = FakeServer::always(ok(unfinished("T1")));
    let env = server.env();
    let submit = format!(
        r#"{{"time":"2026-01-01T12:00:00Z","event":"submitted","id":"1","baseUrl":"{}","videoNo":"V1","type":"audio","taskNo":"T1"}}"#,
        server.url()
    );
    env.write(".local/state/mavi/journal.jsonl", &format!("{submit}\n"));
    env.run("get T1").expect_failure(8).expect_stderr(str![[r#"
getting V1 (audio)
mavi: V1 (audio), task T1, has not finished yet
hint: to wait for it, run: mavi wait T1

"#]]);
    env.write("T1.srt", "");
    env.run("get T1 --no-clobber -o {taskNo}.srt")
        .ok()
        .expect_stderr("V1 (audio), task T1: its files exist and were left alone\n");
}

#[test]
fn limited_get_succeeds_at_its_third_attempt() {
    let service = FakeServer::in_turn([limited(), limited(), ok(finished("T1", HELLO))]);
    service.env().run("get T1").ok();
    assert_eq!(service.count(), 3);
}

#[test]
fn permanent_failure_is_not_retried() {
    for answer in [
        ok(r#"{"code":"0001","msg":"x","data":null}"#),
        ok(r#"{"code":"0401","msg":"x","data":null}"#),
        ok(r#"{"code":"9999","msg":"x","data":null}"#),
        reply("404 Not Found", &[], ""),
        reply("302 Found", &["location: /login"], ""),
        ok(r#"{"code":"0000","data":{"status":[]}}"#),
        ok("<html>"),
    ] {
        let service = FakeServer::always(answer);
        let run = service.env().run("get T1");
        assert!([4, 5].contains(&run.status), "{run:#?}");
        assert_eq!(service.count(), 1, "{run:#?}");
    }
}

#[test]
fn quiet_leaves_results_and_errors() {
    let run = fates().env().run("get A --quiet -f txt").ok();
    assert_eq!((&*run.stdout, &*run.stderr), ("Hello\n", ""));
    fates()
        .env()
        .run("get nobody -q")
        .expect_failure(5)
        .expect_stderr(str![[r#"
mavi: could not get task nobody: a parameter is wrong (code 0001): no such task
hint: check the ID; it must belong to this account

"#]]);
}

#[test]
fn verbose_shows_requests_and_replies_on_stderr() {
    let service = fates();
    let env = service.env();
    env.run("get A -v -f txt").expect_output(
        "Hello\n",
        str![[r#"
getting task A
> GET [URL]/api/serve/video/getTranscription?taskNo=A
< 200 176 bytes in [MS] ms, code 0000

"#]]
        .unordered(),
    );
    let run = env.run("get A -v --error-format json").ok();
    assert!(run.errors().is_empty());
}

#[test]
fn undocumented_status_is_warned_about() {
    let odd = unfinished("T1").replace("UNFINISHED", "QUEUED");
    let run = FakeServer::always(ok(odd))
        .env()
        .run("get T1")
        .expect_failure(8);
    run.expect_stderr(str![[r#"
getting task T1
warning: the service reports the unknown status "QUEUED", which counts as not finished
mavi: task T1 has not finished yet
hint: to wait for it, run: mavi wait T1

"#]]);
}

#[test]
fn success_without_data_is_an_error() {
    for (body, said) in [
        (
            r#"{"code":"0000"}"#,
            str![[r#"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (`data` is missing): {"code":"0000"}
hint: check base_url; --verbose shows each request

"#]],
        ),
        (
            r#"{"code":"0000","data":null}"#,
            str![[r#"
getting task T1
mavi: could not get task T1: the reply is not what the API describes (`data` is missing): {"code":"0000","data":null}
hint: check base_url; --verbose shows each request

"#]],
        ),
    ] {
        FakeServer::always(ok(body))
            .env()
            .run("get T1")
            .expect_failure(5)
            .expect_stderr(said);
    }
}

#[test]
fn get_takes_the_newest_or_all_pending_tasks_of_the_record() {
    let service = FakeServer::new(|number, request| {
        if request.line.starts_with("GET") {
            return ok(finished(&request.task(), ""));
        }
        ok(format!(
            r#"{{"code":"0000","msg":"success","data":{{"taskNo":"T{number}"}}}}"#
        ))
    });
    let env = service.env();
    env.run("get --last")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: no tasks recorded for [URL]/
hint: submit a video first; `mavi tasks --all-services` lists all tasks

"#]]);
    env.run("get --pending")
        .ok()
        .expect_stderr("no pending tasks recorded for [URL]/\n");
    env.run("submit V1 --jobs 1").ok();
    env.run("submit V2 --jobs 1").ok();
    let tasks = |args: &str| {
        let run = env.run(args).ok();
        // In part: it is the number that matters.
        run.stdout.matches("\"taskNo\"").count()
    };
    assert_eq!(tasks("get --last -f jsonl"), 1);
    assert_eq!(
        tasks("get --pending -f jsonl"),
        1,
        "the other one has been fetched"
    );
    assert_eq!(tasks("get --pending -f jsonl"), 0);
    for args in [
        "get T1 --last",
        "get T1 --pending",
        "get --last --pending",
        "get",
    ] {
        env.run(args).expect_failure(2);
    }
}
