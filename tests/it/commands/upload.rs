//! `mavi upload`: arguments, the forms of its output, and what is sent.

use serde_json::{Deserializer, Value};
use snapbox::str;

use crate::support::env::TestEnv;
use crate::support::fake_server::{Answer, FakeServer, ok};
use crate::support::process::WriteStdin as _;
use crate::support::run::Run;

/// SHA-256 of "a" and "b".
const SHA256: [&str; 2] = [
    "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb",
    "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d",
];

/// A server that accepts every upload as the next of V1, V2 and so on.
fn server() -> FakeServer {
    FakeServer::new(|number, _| uploaded(&format!("V{}", number + 1), "UNPARSE"))
}

fn uploaded(video: &str, status: &str) -> Answer {
    ok(format!(
        r#"{{"code":"0000","msg":"success","data":{{"videoNo":"{video}","videoName":"n","videoStatus":"{status}","uploadTime":"1717243200000","duration":"61"}}}}"#
    ))
}

/// An environment with `a.mp4` and `b.mp4`, whose contents are `a` and `b`.
fn films(server: &FakeServer) -> TestEnv {
    let env = server.env();
    env.write("a.mp4", "a");
    env.write("b.mp4", "b");
    env
}

#[test]
fn usage_errors_come_before_any_request() {
    let server = server();
    let env = films(&server);
    env.write("empty.mp4", "");
    env.write("films/c.mp4", "c");
    let hint = "hint: name the files in it: mavi upload films/*.mp4\n";
    let pipe = "hint: save the video to a file first: its size has to be known beforehand\n";
    let url = "hint: the API takes no URLs: download the video, then run: mavi transcribe FILE\n";
    for (args, expected) in [
        (
            "a.mp4 none.mp4",
            "mavi: there is no file none.mp4\n".to_owned(),
        ),
        ("a.mp4 empty.mp4", "mavi: empty.mp4 is empty\n".to_owned()),
        ("films", format!("mavi: films is a directory\n{hint}")),
        (
            "/dev/null",
            format!("mavi: /dev/null is not a regular file\n{pipe}"),
        ),
        (
            "https://example.com/a.mp4",
            format!("mavi: \"https://example.com/a.mp4\" is a URL, not a file\n{url}"),
        ),
        (
            "a.mp4 b.mp4 --name x",
            "mavi: --name is the name of one video, and several files were given\n\
             hint: upload each file with a command of its own\n"
                .to_owned(),
        ),
        (
            "a.mp4 --timeout 5m",
            "mavi: --timeout requires --wait\n".to_owned(),
        ),
        (
            "a.mp4 --callback ftp://user:hunter2@host",
            "mavi: --callback must be an absolute http or https URL\n\
             hint: such as https://example.com/hook\n"
                .to_owned(),
        ),
    ] {
        env.run(&format!("upload {args}"))
            .expect_failure(2)
            .expect_stderr(&expected);
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn name_is_one_that_a_file_may_have() {
    let server = server();
    let env = films(&server);
    for (name, why) in [
        ("", "--name is empty"),
        (" ", "--name is empty"),
        ("a\nb.mp4", "--name contains control characters"),
        ("a\u{1b}[2J.mp4", "--name contains control characters"),
        ("../a.mp4", "--name contains a path separator"),
        ("a\\b.mp4", "--name contains a path separator"),
    ] {
        let run = Run::of(env.command(["upload", "a.mp4", "--name", name]));
        let hint = "hint: give a name such as 'Board meeting.mp4'\n";
        run.expect_failure(2)
            .expect_stderr(format!("mavi: {why}\n{hint}"));
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn prints_one_video_per_line_in_input_order() {
    let server = FakeServer::new(|_, request| {
        let is_first = request.body.contains("filename=\"a.mp4\"");
        if is_first {
            // The other one is answered first.
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        uploaded(if is_first { "VA" } else { "VB" }, "UNPARSE")
    });
    let env = films(&server);
    let mut command = env.command(["upload", "-q", "a.mp4", "-"]);
    command.write_stdin("# one more\n\nb.mp4\n./a.mp4\n");
    Run::of(command).expect_output("VA\nVB\n", "");
    assert_eq!(server.count(), 2);
}

#[test]
fn list_can_be_printed_as_json_jsonl_or_table() {
    let server = FakeServer::always(uploaded("V1", "UNPARSE"));
    let env = films(&server);
    let line = format!(
        r#"{{"videoNo":"V1","videoName":"n","videoStatus":"UNPARSE","uploadTime":"2024-06-01T12:00:00Z","duration":61,"sha256":"{}","size":1,"path":"a.mp4"}}"#,
        SHA256[0]
    );
    let stderr = "a.mp4: uploading 1 byte\na.mp4: uploaded as V1\n";
    env.run("upload a.mp4 -f jsonl")
        .expect_output(format!("{line}\n"), stderr);
    let json = env.run("upload --reuse a.mp4 b.mp4 -f json").ok().stdout;
    let documents: Vec<Value> = Deserializer::from_str(&json)
        .into_iter()
        .collect::<Result<_, _>>()
        .unwrap();
    for (document, sha256) in documents.iter().zip(SHA256) {
        assert_eq!(
            (&document["videoNo"], &document["sha256"]),
            (&"V1".into(), &sha256.into())
        );
    }
    // What the record does not have is null.
    assert_eq!(documents[0]["duration"], Value::Null);
    assert_eq!(documents[1]["path"], "b.mp4");
    env.write("c d.mp4", "c");
    Run::of(env.command(["upload", "c d.mp4", "-f", "table"])).expect_output(
        "V1  UNPARSE  1 byte  c d.mp4\n",
        "c d.mp4: uploading 1 byte\nc d.mp4: uploaded as V1\n",
    );
    env.run("upload a.mp4 -f srt")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: invalid value 'srt' for '--format <FORMAT>'
  [possible values: json, jsonl, table]
hint: for help, run: mavi upload --help

"#]]);
}

#[test]
fn request_has_name_type_and_callback() {
    let server = server();
    let env = films(&server);
    let mut command = env.command(["upload", "a.mp4", "--name", "Board \"7\".mov"]);
    command.args(["--callback", "https://example.com/hook?a=1&b=2"]);
    Run::of(command).expect_output(
        "V1\n",
        str![[r#"
a.mp4: uploading 1 byte
a.mp4: uploaded as V1

"#]],
    );
    // The configured callback is that of tasks.
    env.configure("[submit]\ncallback = \"https://example.com/task\"\n");
    env.run("upload b.mp4").ok();
    let [first, second] = &server.requests()[..] else {
        panic!("{:#?}", server.requests());
    };
    let query = "callBackUri=https%3A%2F%2Fexample.com%2Fhook%3Fa%3D1%26b%3D2";
    assert_eq!(first.line, format!("POST /api/serve/video/upload?{query}"));
    for part in [
        "name=\"file\"",
        "filename=\"Board \\\"7\\\".mov\"",
        "video/quicktime",
        "\r\n\r\na\r\n",
    ] {
        assert!(first.body.contains(part), "{part}: {}", first.body);
    }
    assert_eq!(second.line, "POST /api/serve/video/upload");
    assert!(second.body.contains("filename=\"b.mp4\""));
}

#[test]
fn recorded_content_is_reused_or_earns_a_warning() {
    let server = server();
    let env = films(&server);
    env.run("upload a.mp4")
        .expect_output("V1\n", "a.mp4: uploading 1 byte\na.mp4: uploaded as V1\n");
    env.write("copy.mp4", "a");
    env.run("upload --reuse copy.mp4")
        .expect_output("V1\n", "copy.mp4: uploaded before as V1\n");
    assert_eq!(server.count(), 1);
    let stderr = "\
warning: copy.mp4 was uploaded before as V1; --reuse uses that video in place of a new upload
copy.mp4: uploading 1 byte
copy.mp4: uploaded as V2
";
    env.run("upload copy.mp4").expect_output("V2\n", stderr);
    // Of the same size, and not the same content.
    env.run("upload b.mp4")
        .expect_output("V3\n", "b.mp4: uploading 1 byte\nb.mp4: uploaded as V3\n");
}

#[test]
fn wait_ends_when_the_video_is_parsed() {
    let server = FakeServer::new(|number, _| match number {
        0 => uploaded("V1", "PARSE"),
        1 => uploaded("V2", "PARSE_ERROR"),
        _ => uploaded("V3", "UNPARSE"),
    });
    let env = films(&server);
    env.run("upload --wait a.mp4")
        .expect_output("V1\n", "a.mp4: uploading 1 byte\na.mp4: uploaded as V1\n");
    let stderr = "\
b.mp4: uploading 1 byte
b.mp4: uploaded as V2
mavi: b.mp4: the service could not parse the video V2 (status PARSE_ERROR)
hint: check that the file plays and has a sound track, then upload it again
";
    env.run("upload --wait b.mp4")
        .expect_failure(3)
        .expect_stderr(stderr);
    // It is of no use, so it is not reused.
    let stderr = "\
b.mp4: uploading 1 byte
b.mp4: uploaded as V3
mavi: b.mp4: video V3 is still being parsed after 50ms
hint: to resume, run: mavi upload --timeout 50ms --reuse --wait b.mp4
";
    env.run("upload --wait --reuse --timeout 50ms b.mp4")
        .expect_failure(8)
        .expect_stderr(stderr);
    for (args, hint) in [
        (
            "--reuse",
            str![[r#"
b.mp4: uploaded before as V3
mavi: b.mp4: video V3 is still being parsed after 50ms
hint: to resume, run the same command again

"#]],
        ),
        (
            "",
            str![[r#"
warning: b.mp4 was uploaded before as V3; --reuse uses that video in place of a new upload
b.mp4: uploading 1 byte
b.mp4: uploaded as V3
mavi: b.mp4: video V3 is still being parsed after 50ms
hint: to resume, run the same command again with --reuse

"#]],
        ),
    ] {
        let args = format!("upload --wait --timeout 50ms - {args}");
        Run::of(env.command_with_items(&args, &["b.mp4".to_owned()]))
            .expect_failure(8)
            .allow_warnings("it is uploaded again")
            .expect_stderr(hint);
    }
}

#[test]
fn missing_token_is_an_error_before_any_request() {
    let server = server();
    let env = films(&server);
    for command in ["upload", "transcribe"] {
        let mut command = env.command([command, "a.mp4"]);
        command.env_remove("MAVI_TOKEN");
        Run::of(command).expect_failure(4).expect_stderr(str![[r#"
mavi: no token is set
hint: log in with `mavi auth login`, or set MAVI_TOKEN, or write the token into [HOME]/.config/mavi/config.toml (`mavi config init` creates it); with no account, try `mavi sandbox -- mavi submit mavi_video_demo --wait`

"#]]);
    }
    assert_eq!(server.count(), 0);
}

#[test]
fn closed_stdout_is_found_before_anything_is_paid_for() {
    let server = server();
    let env = films(&server);
    let run = Run::of(env.shell("mavi upload a.mp4 >&-"));
    run.expect_failure(1).expect_stderr(str![[r#"
mavi: stdout is closed, so there is no place for the result
hint: run the command with stdout open, or redirected to a file

"#]]);
    assert_eq!(server.count(), 0);
}
