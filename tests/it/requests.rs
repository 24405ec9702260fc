//! What the service sees of each call: method, path, query, headers and body.

use crate::support::env::{GET, SUBMIT, TOKEN, finished};
use crate::support::fake_server::{FakeServer, ok};
use crate::support::run::Run;

/// Runs `mavi`, expects this on stdout, and expects exactly this request: its first line, the headers
/// that not every request has, and the body.
#[track_caller]
fn expect_request(server: &FakeServer, args: &[&str], stdout: &str, request: [&str; 3]) {
    let env = server.env();
    let mut command = env.command(args);
    command.arg("--quiet");
    Run::of(command).expect_output(stdout, "");
    let [line, headers, body] = request;
    let version = env!("CARGO_PKG_VERSION");
    let host = server.url().replace("http://", "");
    let mut expected = format!(
        "{line}\naccept: application/json\naccept-encoding: gzip\nauthorization: Bearer {TOKEN}\n\
         {headers}host: {host}\nuser-agent: mavi/{version}\n"
    );
    let mut lines: Vec<&str> = expected.lines().collect();
    lines[1..].sort_unstable();
    expected = lines.join("\n");
    assert_eq!(server.the_request().text(), format!("{expected}\n\n{body}"));
}

fn expect_submit(args: &[&str], body: &str) {
    let server = FakeServer::always(ok(
        r#"{"code":"0000","msg":"success","data":{"taskNo":"T1"}}"#,
    ));
    let headers = format!(
        "content-length: {}\ncontent-type: application/json\n",
        body.len()
    );
    let line = format!("POST {SUBMIT}");
    expect_request(&server, args, "T1\n", [&line, &headers, body]);
}

#[test]
fn submit_posts_the_video_and_its_type() {
    for (transcription_type, name) in [("audio", "AUDIO"), ("video", "VIDEO")] {
        expect_submit(
            &["submit", "V1", "--type", transcription_type],
            &format!(r#"{{"videoNo":"V1","type":"{name}"}}"#),
        );
    }
}

#[test]
fn submit_names_the_callback_address() {
    let url = "https://example.com/hook?key=1";
    expect_submit(
        &["submit", "V1", "--callback", url],
        &format!(r#"{{"videoNo":"V1","type":"AUDIO","callBackURI":"{url}"}}"#),
    );
}

#[test]
fn get_asks_about_the_task_whatever_its_id_holds() {
    let task = "a&b=c/ü %41";
    let segment = r#"{"startTime":0,"endTime":1,"content":"one"}"#;
    let server = FakeServer::always(ok(finished(task, segment)));
    let line = format!("GET {GET}?taskNo=a%26b%3Dc%2F%C3%BC+%2541");
    expect_request(
        &server,
        &["get", task, "-f", "txt"],
        "one\n",
        [&line, "", ""],
    );
    assert_eq!(server.the_request().task(), task);
}
