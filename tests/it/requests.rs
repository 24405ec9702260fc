//! What the service sees of each call: method, path, query, headers and body. The server answers only a
//! request that is exactly the expected one.

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use httpmock::Method::{GET, POST};
use httpmock::{Mock, MockServer, Then, When};
use serde_json::json;

use crate::support::env::{TOKEN, finished};

/// Runs `mavi` against the server, in an empty home folder, and expects this on stdout.
#[track_caller]
fn expect_stdout(server: &MockServer, args: &[&str], stdout: &str) {
    let home = tempfile::tempdir().unwrap();
    Command::new(cargo_bin!("mavi"))
        .env_clear()
        .envs([
            ("HOME", home.path().as_os_str()),
            ("MAVI_BASE_URL", server.base_url().as_ref()),
            ("MAVI_TOKEN", TOKEN.as_ref()),
        ])
        .args(args)
        .arg("--quiet")
        .assert()
        .success()
        .stdout(stdout.to_owned())
        .stderr("");
}

fn with_headers(when: When) -> When {
    when.header("authorization", format!("Bearer {TOKEN}"))
        .header("accept", "application/json")
        .header("accept-encoding", "gzip")
}

fn submits(server: &MockServer, body: serde_json::Value) -> Mock<'_> {
    server.mock(|when, then| {
        let when = with_headers(when.method(POST).path("/api/serve/video/subTranscription"));
        when.header("content-type", "application/json")
            .json_body(body);
        answers(
            then,
            r#"{"code":"0000","msg":"success","data":{"taskNo":"T1"}}"#,
        );
    })
}

fn answers(then: Then, body: &str) {
    then.status(200)
        .header("content-type", "application/json")
        .body(body);
}

#[test]
fn submit_posts_the_video_and_its_type() {
    for (transcription_type, name) in [("audio", "AUDIO"), ("video", "VIDEO")] {
        let server = MockServer::start();
        let submit = submits(&server, json!({"videoNo": "V1", "type": name}));
        let args = ["submit", "V1", "--type", transcription_type];
        expect_stdout(&server, &args, "T1\n");
        submit.assert();
    }
}

#[test]
fn submit_names_the_callback_address() {
    let server = MockServer::start();
    let url = "https://example.com/hook?key=1";
    let submit = submits(
        &server,
        json!({"videoNo": "V1", "type": "AUDIO", "callBackURI": url}),
    );
    expect_stdout(&server, &["submit", "V1", "--callback", url], "T1\n");
    submit.assert();
}

#[test]
fn get_asks_about_the_task_whatever_its_id_holds() {
    let task = "a&b=c/ü %41";
    let server = MockServer::start();
    let get = server.mock(|when, then| {
        let when = when.method(GET).path("/api/serve/video/getTranscription");
        with_headers(when).query_param("taskNo", task);
        answers(
            then,
            &finished(task, r#"{"startTime":0,"endTime":1,"content":"one"}"#),
        );
    });
    expect_stdout(&server, &["get", task, "-f", "txt"], "one\n");
    get.assert();
}
