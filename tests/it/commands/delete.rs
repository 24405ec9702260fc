//! `mavi delete`: what is asked, sent, repeated and recorded.

use serde_json::{Value, json};
use snapbox::str;

use crate::support::env::TestEnv;
use crate::support::fake_server::{
    Answer, FakeServer, Request, cut, expect_failure_both_ways, ok, reply,
};
use crate::support::process::WriteStdin as _;
use crate::support::run::Run;
use crate::terminal::on_terminal;

const SUCCESS: &str = r#"{"code":"0000","msg":"success"}"#;
const JOURNAL: &str = ".local/state/mavi/journal.jsonl";

fn code(code: &str) -> Answer {
    ok(format!(r#"{{"code":"{code}","msg":"refused"}}"#))
}

/// Each of the first `count` videos, as a line of this form.
fn lines(count: usize, start: &str) -> String {
    let lines: Vec<String> = (0..count).map(|n| format!("{start}V{n}\n")).collect();
    lines.concat()
}

/// A server that refuses deletions for which this says so, and carries out all others.
fn refusing(
    refuses: impl Fn(&[String]) -> bool + Send + Sync + 'static,
    with: &'static str,
) -> FakeServer {
    FakeServer::new(move |_, request| {
        if refuses(&named(request)) {
            code(with)
        } else {
            ok(SUCCESS)
        }
    })
}

/// The videos that a deletion names.
fn named(request: &Request) -> Vec<String> {
    assert_eq!(request.line, "DELETE /api/serve/video/delete");
    assert_eq!(request.header("content-type"), Some("application/json"));
    serde_json::from_str(&request.body).unwrap()
}

/// The videos that the journal holds as deleted.
fn recorded(env: &TestEnv) -> Vec<String> {
    let journal = std::fs::read_to_string(env.path(JOURNAL)).unwrap_or_default();
    let records = journal
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let deleted = records.filter(|record| record["event"] == "deleted");
    deleted
        .map(|record| record["videoNo"].as_str().unwrap().to_owned())
        .collect()
}

#[track_caller]
fn assert_run(run: &Run, status: i32, stdout: &str, stderr: &str) {
    assert_eq!((run.status, &*run.stdout), (status, stdout), "{run:#?}");
    assert_eq!(run.stderr, stderr, "{run:#?}");
}

#[test]
fn list_is_deleted_in_groups_of_500() {
    let service = FakeServer::always(ok(SUCCESS));
    let env = service.env();
    let mut command = env.command(["delete", "--yes", "-"]);
    command.write_stdin(format!("# old ones\n\n{}V7\r\n", lines(1_200, "")));
    let run = Run::of(command);
    assert_run(
        &run,
        0,
        &lines(1_200, "delete "),
        "deleting 1200 videos\ndeleted 1200 videos\n",
    );
    let groups: Vec<Vec<String>> = service.requests().iter().map(named).collect();
    let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
    assert_eq!(sizes, [500, 500, 200]);
    let all: Vec<String> = (0..1_200).map(|n| format!("V{n}")).collect();
    assert_eq!(groups.concat(), all);
    assert_eq!(recorded(&env), all);
}

#[test]
fn closed_pipe_does_not_prevent_the_deletion() {
    for (refuses, status, said) in [
        (
            false,
            0,
            str![[r#"
delete V1
delete V2
deleting 2 videos
deleted 2 videos

"#]],
        ),
        (
            true,
            5,
            str![[r#"
delete V1
delete V2
deleting 2 videos
mavi: could not delete 2 videos: the service refused (code 4711): refused
hint: look the code up in the service's list of response codes, or ask its support
deleted 0 videos, 2 failed

"#]],
        ),
    ] {
        let service = refusing(move |_| refuses, "4711");
        let env = service.env();
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let run = env.run_into("delete --yes V1 V2", writer);
        assert_eq!((run.status, service.count()), (status, 1), "{run:#?}");
        run.expect_stderr(said);
    }
}

#[test]
fn group_with_videos_deleted_before_is_tried_one_by_one() {
    let gone = ["V2", "V4"];
    let is_gone = move |video: &String| gone.contains(&&**video);
    let service = refusing(move |named| named.iter().any(is_gone), "0409");
    let env = service.env();
    let stderr = "\
deleting 4 videos
video V2: already deleted
video V4: already deleted
deleted 2 videos, 2 were already deleted
";
    let plan = "delete V1\ndelete V2\ndelete V3\ndelete V4\n";
    assert_run(&env.run("delete --yes V1 V2 V3 V4"), 0, plan, stderr);
    assert_eq!(service.count(), 5);
    assert_eq!(recorded(&env), ["V1", "V2", "V3", "V4"]);
    let stderr =
        "deleting 1 video\nvideo V2: already deleted\ndeleted 0 videos, 1 was already deleted\n";
    assert_run(&env.run("delete -y V2"), 0, "delete V2\n", stderr);
    assert_eq!(service.count(), 6);
}

#[test]
fn unknown_video_fails_alone() {
    let service = refusing(|named| named.contains(&"nope".to_owned()), "0003");
    let env = service.env();
    let run = env.run("delete --yes V1 nope V2");
    let stderr = "\
deleting 3 videos
mavi: could not delete video nope: a parameter is wrong (code 0003): refused
hint: check the ID; it must belong to this account
deleted 2 videos, 1 failed
";
    assert_run(&run, 5, "delete V1\ndelete nope\ndelete V2\n", stderr);
    assert_eq!(recorded(&env), ["V1", "V2"]);
    // Any other code is the service's answer, and not repeated either.
    let service = FakeServer::always(code("4711"));
    let run = service.env().run("delete --yes V1 V2");
    assert_eq!((run.status, service.count()), (5, 1), "{run:#?}");
    run.expect_stderr(str![[r#"
deleting 2 videos
mavi: could not delete 2 videos: the service refused (code 4711): refused
hint: look the code up in the service's list of response codes, or ask its support
deleted 0 videos, 2 failed

"#]]);
}

#[test]
fn deletion_is_not_repeated_after_a_lost_answer() {
    for answer in [
        cut(),
        reply("500 Internal Server Error", &[], ""),
        reply("504 Gateway Timeout", &[], "<html>"),
        reply("500 Internal Server Error", &[], SUCCESS),
        reply("408 Request Timeout", &[], ""),
    ] {
        let service = FakeServer::always(answer);
        let env = service.env();
        let run = env.run("delete --yes --error-format json V1");
        assert_eq!((run.status, service.count()), (7, 1), "{run:#?}");
        let errors = run.errors();
        let [error] = &errors[..] else {
            panic!("{run:#?}");
        };
        let message = error["message"].as_str().unwrap();
        assert!(
            message.starts_with("could not delete video V1: "),
            "{error}"
        );
        assert!(
            message.ends_with("; it is not known whether it was deleted"),
            "{error}"
        );
        assert_eq!(
            (&error["video_no"], &error["kind"]),
            (&json!("V1"), &json!("network"))
        );
        assert!(
            error["hint"].as_str().unwrap().contains("`mavi videos`"),
            "{error}"
        );
        assert_eq!(recorded(&env), Vec::<String>::new());
    }
}

#[test]
fn group_of_unknown_outcome_does_not_stop_the_others() {
    let service = FakeServer::in_turn([cut(), ok(SUCCESS)]);
    let env = service.env();
    let mut command = env.command(["delete", "--yes", "-"]);
    command.write_stdin(lines(501, ""));
    let run = Run::of(command);
    assert_eq!((run.status, service.count()), (7, 2), "{run:#?}");
    assert_eq!(recorded(&env), ["V500"]);
    run.expect_stderr(str![[r#"
deleting 501 videos
mavi: could not delete 500 videos: the connection was cut: connection closed before message completed; it is not known whether they were deleted
hint: `mavi videos` lists what is left; deleting a video again does no harm
deleted 1 video, 500 failed

"#]]);
}

#[test]
fn deletion_is_repeated_where_it_was_not_accepted() {
    let service = FakeServer::in_turn([
        reply(
            "200 OK",
            &["retry-after: 0"],
            r#"{"code":"0429","msg":"limit"}"#,
        ),
        reply("503 Service Unavailable", &["retry-after: 0"], ""),
        ok(SUCCESS),
    ]);
    let run = service.env().run("delete --yes V1").ok();
    assert_eq!(service.count(), 3, "{run:#?}");
    run.expect_stderr(str![[r#"
deleting 1 video
retrying: the rate limit is exceeded (code 0429): limit
deleted 1 video

"#]]);
    let service = FakeServer::always(code("0429"));
    let args = ["delete", "-q", "--yes", "V1", "--retries", "0"];
    let run = Run::of(service.env().command(args));
    assert_eq!((run.status, service.count()), (6, 1), "{run:#?}");
}

#[test]
fn refused_token_ends_a_run() {
    let service = FakeServer::always(code("0401"));
    let env = service.env();
    let mut command = env.command(["delete", "--yes", "-"]);
    command.write_stdin(lines(1_100, ""));
    let run = Run::of(command);
    assert_eq!((run.status, service.count()), (4, 1), "{run:#?}");
    run.expect_stderr(str![[r#"
deleting 1100 videos
mavi: could not delete 500 videos: the token is invalid or has expired (code 0401): refused
hint: set a fresh token in MAVI_TOKEN, or unset it and run: mavi auth login
deleted 0 videos, 500 failed, 600 not attempted

"#]]);
}

#[test]
fn consent_is_needed_before_any_request() {
    let service = FakeServer::always(ok(SUCCESS));
    let env = service.env();
    let error = expect_failure_both_ways(&env, &["delete", "V1", "V2"], 2, "usage");
    assert_eq!(error["message"], "deleting 2 videos requires --yes");
    for (args, says) in [
        (
            "delete --yes talk.mp4",
            str![[r#"
mavi: "talk.mp4" is a file, not a video ID
hint: give video IDs, one per argument or line; to list them, run: mavi videos

"#]],
        ),
        (
            "delete --yes https://example.com/v",
            str![[r#"
mavi: "https://example.com/v" is a URL, not a video ID
hint: give video IDs, one per argument or line; to list them, run: mavi videos

"#]],
        ),
        (
            "delete --yes V1,V2",
            str![[r#"
mavi: "V1,V2" is not a video ID: it contains commas or spaces
hint: give video IDs, one per argument or line; to list them, run: mavi videos

"#]],
        ),
    ] {
        env.run(args).expect_failure(2).expect_stderr(says);
    }
    env.run("delete --yes")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: the following required arguments were not provided:
  <VIDEO_NO>...
Usage: mavi delete --yes <VIDEO_NO>...
hint: for help, run: mavi delete --help

"#]]);
    let run = env.run("delete --yes -");
    assert_run(&run, 0, "", "no IDs on stdin, nothing to do\n");
    assert_eq!(service.count(), 0);
}

#[test]
fn dry_run_sends_nothing_and_needs_no_token() {
    let service = FakeServer::always(ok(SUCCESS));
    let env = service.env();
    let mut command = env.command(["delete", "--dry-run", "--yes", "V1", "V2", "V1"]);
    command.env_remove("MAVI_TOKEN");
    let note = "2 videos would be permanently deleted; nothing was sent\n";
    assert_run(&Run::of(command), 0, "delete V1\ndelete V2\n", note);
    assert_eq!(service.count(), 0);
    assert!(env.files().is_empty() && recorded(&env).is_empty());
}

/// A server with a listing, and deletions that succeed.
fn account() -> FakeServer {
    FakeServer::new(|_, request| {
        if request.line.starts_with("DELETE") {
            return ok(SUCCESS);
        }
        ok(
            r#"{"code":"0000","data":{"page":5,"total":1000,"videoData":[
            {"videoNo":"V1","videoName":"a\u001b]0;t\u0007 talk\u001b[2J.mp4"},{"videoNo":"V2","videoName":"b.mp4"}]}}"#,
        )
    })
}

#[test]
fn question_shows_names_and_a_yes_deletes() {
    let service = account();
    let env = service.env();
    let mut typed = false;
    let (status, seen) = on_terminal(&env, "delete --color never V1 V2", |seen| {
        let asks = seen.contains("[y/N] ") && !std::mem::replace(&mut typed, true);
        if asks { "Yes\n" } else { "" }
    });
    assert_eq!(status, 0, "{seen:?}");
    assert!(
        seen.contains("delete V1  a talk.mp4\r\ndelete V2  b.mp4\r\n"),
        "{seen:?}"
    );
    let question = "permanently delete 2 videos and all that belongs to them? [y/N] ";
    assert!(seen.contains(question), "{seen:?}");
    assert!(
        !seen.contains("\u{1b}]0;") && !seen.contains("[2J"),
        "{seen:?}"
    );
    // The listing ends with the page that has them all, and that is no gap.
    assert!(!seen.contains("warning: "), "{seen:?}");
    assert_eq!(service.count(), 2);
    assert_eq!(recorded(&env), ["V1", "V2"]);
}

#[test]
fn any_other_answer_deletes_nothing() {
    for answer in ["\n", "n\n", "yesterday\n", "\u{4}"] {
        let service = account();
        let env = service.env();
        let mut typed = false;
        let (status, seen) = on_terminal(&env, "delete V1 V9", |seen| {
            let asks = seen.contains("[y/N] ") && !std::mem::replace(&mut typed, true);
            if asks { answer } else { "" }
        });
        assert_eq!(status, 1, "{answer:?}: {seen:?}");
        assert!(
            seen.contains("delete V9  (not in the account)\r\n"),
            "{seen:?}"
        );
        assert!(seen.ends_with("\r\nnothing was deleted\r\n"), "{seen:?}");
        let requests = service.requests();
        assert!(
            requests
                .iter()
                .all(|request| request.line.starts_with("GET")),
            "{requests:?}"
        );
    }
}

#[test]
fn ctrl_c_at_the_question_deletes_nothing() {
    let service = account();
    let (status, seen) = on_terminal(&service.env(), "delete V1", |seen| {
        if seen.ends_with("[y/N] ") {
            "\u{3}"
        } else {
            ""
        }
    });
    assert_eq!(status, 130, "{seen:?}");
    // Ctrl-C also makes the terminal drop what has not been read, which can be all that follows.
    let (_, after) = seen.split_once("[y/N] ").unwrap();
    assert!(after.is_empty() || after.starts_with("^C\r\n"), "{seen:?}");
    assert_eq!(service.count(), 1);
}

#[test]
fn names_that_cannot_be_looked_up_do_not_prevent_the_question() {
    let service = FakeServer::new(|_, request| {
        if request.line.starts_with("DELETE") {
            ok(SUCCESS)
        } else {
            code("4711")
        }
    });
    let mut typed = false;
    let (status, seen) = on_terminal(&service.env(), "delete V1", |seen| {
        let asks = seen.contains("[y/N] ") && !std::mem::replace(&mut typed, true);
        if asks { "y\n" } else { "" }
    });
    assert_eq!((status, service.count()), (0, 2), "{seen:?}");
    assert!(
        seen.contains("could not look up the names of the videos"),
        "{seen:?}"
    );
}

#[test]
fn tasks_of_a_deleted_video_are_not_reused() {
    let service = FakeServer::new(|number, request| {
        if request.line.starts_with("DELETE") {
            return ok(SUCCESS);
        }
        ok(format!(
            r#"{{"code":"0000","data":{{"taskNo":"T{number}"}}}}"#
        ))
    });
    let env = service.env();
    env.run("submit --jobs 1 V1 V2")
        .expect_output("T0\nT1\n", "submitting 2 tasks\n");
    env.run("submit --reuse V1 V2")
        .expect_output("T0\nT1\n", "");
    env.run("delete --yes V1").ok();
    env.run("submit --reuse V1 V2")
        .expect_output("T3\nT1\n", "");
    let listed = env.run("tasks -f ids").ok().stdout;
    assert_eq!(listed, "T0\nT1\nT3\n", "what was paid for stays on record");
}

#[test]
fn sandbox_loses_deleted_videos() {
    let script = "\
        mavi delete -qy lecture-1; mavi delete -y lecture-2 lecture-1 mavi_video_demo; \
        mavi videos -q -f ids --status parsed; mavi submit -q lecture-1; echo $?";
    let env = TestEnv::new();
    let run = Run::of(env.command(["sandbox", "--", "sh", "-c", script])).ok();
    let stdout = "delete lecture-1\n\
        delete lecture-2\ndelete lecture-1\ndelete mavi_video_demo\nVI480512907733422080\n5\n";
    run.expect_stdout(stdout).expect_stderr(str![[r#"
deleting 3 videos
video lecture-1: already deleted
deleted 2 videos, 1 was already deleted
mavi: could not submit lecture-1 (audio): a parameter is wrong (code 0001): The video does not exist.
hint: check the ID; it must belong to this account

"#]]);
    let lost = "sandbox --fault drop-after-accept:1 -- mavi delete --yes lecture-1";
    let run = env.run(lost);
    assert_eq!(run.status, 7, "{run:#?}");
    run.expect_stderr(str![[r#"
deleting 1 video
mavi: could not delete video lecture-1: the connection was cut: connection closed before message completed; it is not known whether it was deleted
hint: `mavi videos` lists what is left; deleting a video again does no harm
deleted 0 videos, 1 failed

"#]]);
}
