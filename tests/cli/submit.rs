//! `mavi submit`.

use httpmock::MockServer;

use crate::support::{Bench, Run, SUBMIT, TOKEN, submit_answers};

#[test]
fn prints_the_task_number_and_nothing_else() {
    let server = MockServer::start();
    let mock = server.mock(|when, then| {
        when.method("POST")
            .path(SUBMIT)
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/json")
            .body(r#"{"videoNo":"V1","type":"AUDIO"}"#);
        then.status(200)
            .body(r#"{"code":"0000","msg":"success","data":{"taskNo":"T1"}}"#);
    });
    let run = Bench::with(&server).run("submit V1").ok();
    assert_eq!(run.stdout, "T1\n");
    mock.assert();
}

#[test]
fn every_video_is_submitted_for_every_type_in_order() {
    let server = MockServer::start();
    for (kind, task) in [("AUDIO", "a"), ("VIDEO", "v")] {
        for video in ["V1", "V2"] {
            server.mock(|when, then| {
                when.method("POST")
                    .path(SUBMIT)
                    .body(format!(r#"{{"videoNo":"{video}","type":"{kind}"}}"#));
                then.status(200).body(format!(
                    r#"{{"code":"0000","msg":"","data":{{"taskNo":"{task}-{video}"}}}}"#
                ));
            });
        }
    }
    let bench = Bench::with(&server);
    let mut command = bench.command(["submit", "--type", "audio", "--type", "video", "V1", "-"]);
    command.write_stdin("# more\n\nV2\nV1\n");
    assert_eq!(Run::of(command).ok().stdout, "a-V1\nv-V1\na-V2\nv-V2\n");
}

#[test]
fn a_refused_submit_names_the_video_and_the_reason() {
    let server = MockServer::start();
    let mock = submit_answers(
        &server,
        200,
        r#"{"code":"0402","msg":"no credit left","data":null}"#,
    );
    let run = Bench::with(&server).run("submit V1").fails(5);
    run.says(&[
        "mavi: could not submit video V1 (audio): not enough credit (code 0402): no credit left",
        "hint: ",
    ]);
    mock.assert();
}
