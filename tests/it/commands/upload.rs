//! `mavi upload`: arguments, the forms of its output, and what is sent.

use crate::support::fake_server::{FakeServer, ok};

/// A server that accepts every upload as the next of V1, V2 and so on.
fn server() -> FakeServer {
    FakeServer::new(|number, _| {
        let video = format!("V{}", number + 1);
        ok(format!(
            r#"{{"code":"0000","msg":"success","data":{{"videoNo":"{video}","videoName":"n","videoStatus":"UNPARSE","uploadTime":"1717243200000","duration":"61"}}}}"#
        ))
    })
}

#[test]
fn usage_errors_come_before_any_request() {
    let server = server();
    let env = server.env();
    env.write("a.mp4", "a");
    env.write("b.mp4", "b");
    env.write("empty.mp4", "");
    env.write("films/c.mp4", "c");
    let hint = "hint: name the files in it: mavi transcribe directory/*.mp4\n";
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
            "mavi: --timeout requires --wait\nhint: add --wait\n".to_owned(),
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
