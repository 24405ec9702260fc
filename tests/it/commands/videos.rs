//! `mavi videos`: what it asks the service, and what it makes of listings of every kind.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::{Mutex, mpsc};

use jiff::{SignedDuration, Timestamp};
use rustix::process::{Pid, Signal, kill_process};
use snapbox::str;
use url::Url;

use crate::support::env::TestEnv;
use crate::support::fake_server::{
    Answer, FakeServer, Request, cut, expect_failure_both_ways, ok, reply,
};
use crate::support::process::TEST_TIMEOUT;
use crate::support::run::Run;
use crate::terminal::{on_terminal, on_terminal_of_width};

/// The value of a parameter of the query.
fn parameter(request: &Request, name: &str) -> Option<String> {
    let target = request.line.split(' ').nth(1).unwrap();
    let url = Url::parse(&format!("http://host{target}")).unwrap();
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

fn page_of(request: &Request) -> usize {
    parameter(request, "page").unwrap().parse().unwrap()
}

/// A reply with these counts (the JSON in front of the records) and records.
fn listing(counts: &str, records: &str) -> Answer {
    ok(format!(
        r#"{{"code":"0000","msg":"success","data":{{{counts}"videoData":[{records}]}}}}"#
    ))
}

/// A server with one page of these records.
fn one_page(records: &str) -> FakeServer {
    FakeServer::always(listing(r#""page":1,"current":1,"#, records))
}

#[track_caller]
fn assert_run(run: &Run, stdout: &str, stderr: &str) {
    assert_eq!((run.status, &*run.stdout), (0, stdout), "{run:#?}");
    assert_eq!(run.stderr, stderr, "{run:#?}");
}

#[test]
fn terminal_shows_rows_within_its_width() {
    let uploaded = (Timestamp::now() - SignedDuration::from_hours(49)).as_millisecond();
    let record = format!(
        r#"{{"videoNo":"VI605961375402668032","videoName":"Board meeting, part 2.mp4","videoStatus":"PARSE","uploadTime":{uploaded},"duration":"245"}}"#
    );
    let env = one_page(&record).env();
    let shown = |columns: u16| {
        let (status, shown) = on_terminal_of_width(columns, &env, "videos -q --color never");
        assert_eq!(status, 0, "{shown}");
        shown.replace("\r\n", "\n")
    };
    let row = |name: &str| {
        format!(
            "VIDEO                 STATUS  LENGTH  UPLOADED    NAME\n\
             VI605961375402668032  parsed  4:05    2 days ago  {name}\n"
        )
    };
    assert_eq!(shown(80), row("Board meeting, part 2.mp4"));
    assert_eq!(shown(64), row("Board m… 2.mp4"));
    let narrow = "\
VIDEO                 STATUS  LENGTH
  UPLOADED    NAME
VI605961375402668032  parsed  4:05
  2 days ago  Board meeting, part 2.mp4
";
    assert_eq!(shown(40), narrow);
    let (_, coloured) = on_terminal_of_width(80, &env, "videos -q");
    assert!(
        coloured.contains("\u{1b}[32mparsed\u{1b}[0m"),
        "{coloured:?}"
    );
}

#[test]
fn sandbox_has_videos_to_list() {
    let table = "\
VIDEO                 STATUS   LENGTH  UPLOADED      NAME
VI605961375402668032  pending  -       1 minute ago  talk.mp4
mavi_video_demo       parsed   0:52    3 hours ago   a street at night.mp4
lecture-2             parsed   52:05   2 days ago    Lecture 2.mp4
lecture-1             parsed   45:04   9 days ago    Lecture 1.mp4
VI480512907733422081  failed   -       1 month ago   screen recording.webm
VI480512907733422080  parsed   0:42    3 months ago  intro (first cut).mov
";
    let env = TestEnv::new();
    let run = env.run("sandbox -- mavi videos");
    assert_run(&run, table, "listing videos\n");
    let run = env.run("sandbox -- mavi videos -q -f ids --status parsed --since 30d --name LECT");
    assert_run(&run, "lecture-2\nlecture-1\n", "");
    let run = env.run("sandbox -- mavi videos -q -f csv --until 30d --limit 1");
    let (header, record) = run.stdout.split_once('\n').unwrap();
    assert_eq!(header, "videoNo,videoName,videoStatus,uploadTime,duration");
    let start = "VI480512907733422081,screen recording.webm,FAIL,2";
    assert!(
        record.starts_with(start) && record.ends_with("Z,\n"),
        "{run:#?}"
    );
}

#[test]
fn all_pages_are_listed_newest_first_and_each_video_once() {
    const VIDEOS: usize = 2_000;
    // Scattered over the pages, and the last of each page is on the next one too.
    let record = |place: usize| {
        let n = place * 1_237 % VIDEOS;
        format!(
            r#"{{"videoNo":"V{n}","videoName":"n{n}","videoStatus":"PARSE","uploadTime":{}}}"#,
            1_700_000_000_000 + n
        )
    };
    let service = FakeServer::new(move |_, request| {
        let first = (page_of(request) - 1) * 199;
        let places = first..VIDEOS.min(first + 200);
        let records: Vec<String> = places.map(record).collect();
        let counts = r#""page":11,"total":2010,"pageSize":200,"#;
        listing(counts, &records.join(","))
    });
    let run = service.env().run("videos -f ids");
    let expected: Vec<String> = (0..VIDEOS).rev().map(|n| format!("V{n}\n")).collect();
    let warning =
        "warning: the service counts 2010 videos but listed 2000: the list may be incomplete\n";
    run.ok()
        .expect_output(expected.concat(), format!("listing videos\n{warning}"));
    let requests = service.requests();
    let pages: Vec<usize> = requests.iter().map(page_of).collect();
    assert_eq!(pages, (1..=11).collect::<Vec<_>>());
    assert!(requests.iter().all(|request| {
        request.line.starts_with("GET /api/serve/video/searchDB?")
            && parameter(request, "pageSize").unwrap() == "200"
    }));
    let run = service.env().run("videos -q -f ids --limit 2");
    assert_run(&run, "V1999\nV1998\n", "");
    let run = service.env().run("videos -f ids --limit 0");
    let note = "--limit 0 leaves out 2000 videos\n";
    assert_run(&run, "", &format!("listing videos\n{warning}{note}"));
}

#[test]
fn limit_of_0_shows_nothing_and_says_so() {
    let service = one_page(r#"{"videoNo":"V1"}"#);
    let env = service.env();
    let stderr = "listing videos\n--limit 0 leaves out 1 video\n";
    assert_run(&env.run("videos --limit 0"), "", stderr);
    assert_run(&env.run("videos --limit 0 -f json"), "[]\n", stderr);
}

#[test]
fn length_that_no_video_has_is_a_dash() {
    let service = one_page(
        r#"{"videoNo":"V1","duration":1e300},{"videoNo":"V2","duration":61},{"videoNo":"V3","duration":3600001}"#,
    );
    let table = "\
VIDEO  STATUS   LENGTH  UPLOADED  NAME
V1     pending  -       -         -
V2     pending  1:01    -         -
V3     pending  -       -         -
";
    assert_run(&service.env().run("videos -q"), table, "");
}

#[test]
fn account_with_videos_that_are_not_listed_is_not_called_empty() {
    for (total, counted) in [(1, "1 video"), (3, "3 videos")] {
        let service = FakeServer::always(listing(&format!(r#""page":1,"total":{total},"#), ""));
        let stderr = format!(
            "listing videos\n\
             warning: the service counts {counted} but listed 0: the list may be incomplete\n"
        );
        assert_run(&service.env().run("videos -f ids"), "", &stderr);
    }
}

#[test]
fn both_spellings_and_types_are_read() {
    let service = one_page(
        r#"{"videoNo":"V1","videoName":"a","videoStatus":"PARSE","uploadTime":"1717243200000","duration":"61.5"},
           {"video_no":605961375402668032,"video_name":"b","status":"FAILED","create_time":1717329600000,"duration":7},
           {"videoNo":"V3","more":{"x":1}},{"videoName":"no ID"},null"#,
    );
    let env = service.env();
    let jsonl = r#"{"videoNo":"605961375402668032","videoName":"b","videoStatus":"FAILED","uploadTime":"2024-06-02T12:00:00Z","duration":7}
{"videoNo":"V1","videoName":"a","videoStatus":"PARSE","uploadTime":"2024-06-01T12:00:00Z","duration":61.5}
{"videoNo":"V3","videoName":null,"videoStatus":null,"uploadTime":null,"duration":null}
"#;
    let stderr = "listing videos\nwarning: 2 records of the listing have no usable video ID\n";
    assert_run(&env.run("videos -f jsonl"), jsonl, stderr);
    assert_run(
        &env.run("videos -q -f ids --status failed"),
        "605961375402668032\n",
        "",
    );
    assert_run(&env.run("videos -q -f ids --status pending"), "V3\n", "");
    let array = env.run("videos -q -f json").ok().stdout;
    let array: Vec<serde_json::Value> = serde_json::from_str(&array).unwrap();
    let lines: Vec<serde_json::Value> = jsonl
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(array, lines);
}

#[test]
fn empty_account_is_no_error() {
    for data in [
        r#"{"page":0,"total":0,"pageSize":200,"videoData":null}"#,
        r#"{"page":"0","videoData":[]}"#,
        "{}",
    ] {
        let service = FakeServer::always(ok(format!(r#"{{"code":"0000","data":{data}}}"#)));
        let env = service.env();
        let header = "VIDEO  STATUS  LENGTH  UPLOADED  NAME\n";
        let empty = "listing videos\nthe account has no videos\n";
        assert_run(&env.run("videos"), header, empty);
        assert_run(&env.run("videos -q -f json"), "[]\n", "");
        let none = "listing videos\nno videos match\n";
        assert_run(&env.run("videos -f ids --name x"), "", none);
        assert_eq!(service.count(), 3, "{data}");
    }
}

#[test]
fn filters_are_sent_and_not_relied_upon() {
    let service = one_page(
        r#"{"videoNo":"OLD","videoName":"Talk","videoStatus":"PARSE","uploadTime":1717243199999},
           {"videoNo":"IN","videoName":"my TALK","videoStatus":"PARSE","uploadTime":1717243200000},
           {"videoNo":"RAW","videoName":"talk","videoStatus":"UNPARSE","uploadTime":1717243200000},
           {"videoNo":"NAME","videoName":"other","videoStatus":"PARSE","uploadTime":1717243200000},
           {"videoNo":"NEW","videoName":"talk","videoStatus":"PARSE","uploadTime":1717329600001}"#,
    );
    let args = "videos -q -f ids --status parsed --since 2024-06-01T12:00:00Z --until 2024-06-02T12:00:00Z --name talk";
    assert_run(&service.env().run(args), "IN\n", "");
    let request = service.the_request();
    for (name, value) in [
        ("startTime", Some("1717243200000")),
        ("endTime", Some("1717329600000")),
        ("videoStatus", Some("PARSE")),
        ("videoName", Some("talk")),
        ("videoNo", None),
    ] {
        assert_eq!(parameter(&request, name).as_deref(), value, "{name}");
    }
    assert_eq!(
        request.header("authorization"),
        Some(&*format!("Bearer {}", crate::support::env::TOKEN))
    );
    let run = service
        .env()
        .run("videos --since 1h --until 2h")
        .expect_failure(2);
    run.expect_stderr(str![[r#"
mavi: --since is later than --until, so no video can match
hint: exchange the two times

"#]]);
}

/// A list of old videos may go to `mavi delete`.
#[test]
fn video_without_upload_time_matches_no_time() {
    let service = one_page(
        r#"{"videoNo":"OLD","uploadTime":1717243200000},{"videoNo":"V1"},{"videoNo":"V2","uploadTime":"soon"}"#,
    );
    let env = service.env();
    for times in ["--until 30d", "--since 2024-01-01"] {
        let run = env.run(&format!("videos -f ids {times}"));
        let warning = "warning: 2 videos have no upload time and are left out\n";
        assert_run(&run, "OLD\n", &format!("listing videos\n{warning}"));
    }
    assert_run(&env.run("videos -q -f ids"), "OLD\nV1\nV2\n", "");
    let run = one_page(r#"{"videoNo":"V1"}"#)
        .env()
        .run("videos -f ids --until 30d");
    let stderr =
        "listing videos\nwarning: 1 video has no upload time and is left out\nno videos match\n";
    assert_run(&run, "", stderr);
}

#[test]
fn unknown_status_is_pending_with_one_warning() {
    let service = one_page(
        r#"{"videoNo":"V1","videoStatus":"QUEUED\u001b[31m"},{"videoNo":"V2","videoStatus":"ODD"},{"videoNo":"V3","status":"PARSE_ERROR"}"#,
    );
    let stderr = "listing videos\nwarning: the service reports an unknown video status: QUEUED; such videos count as pending\n";
    assert_run(
        &service.env().run("videos -f ids --status pending"),
        "V1\nV2\n",
        stderr,
    );
}

#[test]
fn names_are_untrusted_text() {
    let name = r#"\u001b]0;title\u0007a\u001b[31mb\r\nc\u009b2J\u007f,\"d\""#;
    let service = one_page(&format!(r#"{{"videoNo":"V1","videoName":"{name}"}}"#));
    let env = service.env();
    let table = env.run("videos -q").ok().stdout;
    assert_eq!(
        table.lines().last(),
        Some("V1     pending  -       -         ab c,\"d\"")
    );
    let csv = env.run("videos -q -f csv").ok().stdout;
    assert_eq!(csv.lines().last(), Some("V1,\"ab c,\"\"d\"\"\",,,"));
    let json = env.run("videos -q -f jsonl").ok().stdout;
    let record: serde_json::Value = serde_json::from_str(&json).unwrap();
    let verbatim = "\u{1b}]0;title\u{7}a\u{1b}[31mb\r\nc\u{9b}2J\u{7f},\"d\"";
    assert_eq!(record["videoName"], verbatim);
    for format in ["table", "csv", "json", "jsonl", "ids"] {
        let (status, seen) = on_terminal(
            &env,
            &format!("videos -q --color never -f {format}"),
            |_| "",
        );
        assert_eq!(status, 0, "{seen:?}");
        assert!(
            !seen.contains(['\u{1b}', '\u{7}', '\u{7f}', '\u{9b}']),
            "{seen:?}"
        );
    }
}

#[test]
fn names_do_not_turn_the_direction_of_a_line() {
    let service = one_page(r#"{"videoNo":"V1","videoName":"a\u202egpj.\u2066b\u2069\u200f.mp4"}"#);
    let env = service.env();
    let table = env.run("videos -q").ok().stdout;
    assert_eq!(
        table.lines().last(),
        Some("V1     pending  -       -         agpj.b.mp4")
    );
    let mut typed = false;
    let (_, seen) = on_terminal(&env, "delete V1", |seen| {
        let asks = seen.contains("[y/N] ") && !std::mem::replace(&mut typed, true);
        if asks { "n\n" } else { "" }
    });
    assert!(seen.contains("delete V1  agpj.b.mp4\r\n"), "{seen:?}");
    let json = env.run("videos -q -f jsonl").ok().stdout;
    assert!(json.contains("a\u{202e}gpj."), "{json}");
}

#[test]
fn listing_without_end_is_ended() {
    let same = r#"{"videoNo":"V1"}"#;
    for (counts, records, requests, warns) in [
        (r#""page":1000000000,"#, same, 4, true),
        (r#""page":1000000000,"#, "", 1, true),
        (r#""total":1000000000,"#, same, 4, true),
        ("", same, 2, false),
    ] {
        let service = FakeServer::always(listing(counts, records));
        let run = service.env().run("videos -f ids").ok();
        assert_eq!(service.count(), requests, "{counts}: {run:#?}");
        let warning = "the list may be incomplete";
        // In part: the warning names what the service counts.
        assert_eq!(run.stderr.contains(warning), warns, "{run:#?}");
        run.allow_warnings("whether there is one has been compared");
    }
}

#[test]
fn page_is_asked_for_again_after_passing_trouble() {
    let last = listing(r#""page":2,"#, r#"{"videoNo":"V2"}"#);
    let service = FakeServer::in_turn([
        listing(r#""page":2,"#, r#"{"videoNo":"V1"}"#),
        cut(),
        reply("503 Service Unavailable", &["retry-after: 0"], ""),
        last,
    ]);
    let run = service.env().run("videos -f ids");
    assert_eq!((run.status, &*run.stdout), (0, "V1\nV2\n"), "{run:#?}");
    // In part: the system says why a connection ended.
    assert!(
        run.stderr.starts_with("listing videos\nretrying: "),
        "{run:#?}"
    );
    assert_eq!(run.stderr.lines().count(), 2, "{run:#?}");
    let pages: BTreeSet<usize> = service.requests().iter().map(page_of).collect();
    assert_eq!((service.count(), pages.len()), (4, 2));
}

#[test]
fn failure_on_a_later_page_prints_nothing_on_stdout() {
    let first = listing(r#""page":2,"#, r#"{"videoNo":"V1"}"#);
    for (answer, status, kind) in [
        (ok(r#"{"code":"0401","msg":"no","data":null}"#), 4, "auth"),
        (ok(r#"{"code":"0001","msg":"no"}"#), 5, "api"),
        (ok(r#"{"code":"0429","msg":"no"}"#), 6, "rate_limit"),
        (ok(r#"{"code":"0000","data":null}"#), 5, "api"),
        (ok(r#"{"code":"0000","data":{"videoData":7}}"#), 5, "api"),
        (ok("<html><title>Sign in</title>"), 5, "api"),
        (reply("502 Bad Gateway", &[], ""), 7, "network"),
        (cut(), 7, "network"),
    ] {
        let first = first.clone();
        let service = FakeServer::new(move |_, request| match page_of(request) {
            1 => first.clone(),
            _ => answer.clone(),
        });
        let args = ["videos", "-q", "--retries", "0"];
        let error = expect_failure_both_ways(&service.env(), &args, status, kind);
        let message = error["message"].as_str().unwrap();
        assert!(
            message.starts_with("could not list the videos: "),
            "{error}"
        );
    }
}

#[test]
fn signal_ends_a_listing_at_once() {
    let service = FakeServer::always(Answer::Silence);
    let env = service.env();
    let mut process = service.command(&env, &["videos"]);
    process.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = process.spawn().unwrap();
    service.wait_for(1);
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), &*output.stdout),
        (Some(130), &b""[..])
    );
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr, "listing videos\nmavi: interrupted\n");
    assert_eq!(service.count(), 1);
}

#[test]
fn closed_pipe_ends_quietly() {
    let records: Vec<String> = (0..5_000)
        .map(|n| format!(r#"{{"videoNo":"{n:0>100}"}}"#))
        .collect();
    let service = one_page(&records.join(","));
    let script = "{ mavi videos -q -f ids; echo $? >&2; } | head -n 1";
    let output = service.env().shell(script).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "0\n");
    assert_eq!(output.stdout.len(), 101);
}

#[test]
fn spent_day_of_listings_is_refused_with_the_time() {
    let env = one_page("").env();
    env.configure("[limits]\nlist_per_day = 1\n");
    env.run("videos").ok();
    env.run("videos").expect_failure(6).expect_stderr(str![[r#"
listing videos
mavi: could not list the videos: the daily limit of listings is reached
hint: run the command again in 24h[..]

"#]]);
}

#[test]
fn call_that_was_not_made_costs_none_of_the_day() {
    let env = TestEnv::at("http://127.0.0.1:9");
    env.configure("[limits]\nlist_per_day = 1\n");
    for _ in 0..2 {
        env.run("videos -q --retries 0").expect_failure(7);
    }
}

#[test]
fn limits_that_cannot_be_shared_earn_one_warning() {
    let last = listing(r#""page":2,"#, r#"{"videoNo":"V2"}"#);
    let service = FakeServer::in_turn([listing(r#""page":2,"#, r#"{"videoNo":"V1"}"#), last]);
    let env = service.env();
    env.write(".local/state/mavi", "a file where a folder should be");
    env.run("videos -f ids")
        .expect_output("V1\nV2\n", str![[r#"
listing videos
warning: cannot use the shared rate limits in [HOME]/.local/state/mavi: File exists (os error 17); this process counts only its own calls

"#]]);
}

#[test]
fn terminal_shows_the_page() {
    let (go_on, gate) = mpsc::channel();
    let gate = Mutex::new(gate);
    let service = FakeServer::new(move |_, request| {
        let page = page_of(request);
        if page == 2 {
            // The program is killed where it never shows the page.
            let _ = gate.lock().unwrap().recv_timeout(TEST_TIMEOUT);
        }
        listing(r#""page":2,"#, &format!(r#"{{"videoNo":"V{page}"}}"#))
    });
    let (status, seen) = on_terminal(&service.env(), "videos -f ids", |seen| {
        if seen.contains("listing videos (page 1 of 2)") {
            let _ = go_on.send(());
        }
        ""
    });
    assert_eq!(status, 0, "{seen:?}");
    assert!(seen.contains("listing videos (page 1 of 2)"), "{seen:?}");
}
