//! Every variation that real replies show, as the API page and its clients have them: all are read.

use snapbox::str;

use crate::support::env::finished;
use crate::support::fake_server::{FakeServer, ok};
use crate::support::run::Run;

/// What a get prints of a reply with this `data`.
#[track_caller]
fn got(data: &str, format: &str) -> Run {
    let body = format!(r#"{{"code":"0000","msg":"success","data":{data}}}"#);
    FakeServer::always(ok(body))
        .env()
        .run(&format!("get T1 -f {format}"))
}

/// The csv records, without the header, the video and the type, of a finished task with these segments.
#[track_caller]
fn records(segments: &str) -> String {
    let run = FakeServer::always(ok(finished("T1", segments)))
        .env()
        .run("get T1 -f csv")
        .ok();
    let records = run
        .stdout
        .strip_prefix("task_no,id,start,end,content,video_no,type\n");
    records.expect("a header").replace(",V1,audio\n", "\n")
}

#[test]
fn times_come_as_numbers_or_strings_whole_or_fractional() {
    assert_eq!(
        records(
            r#"{"id":1,"startTime":0,"endTime":7,"content":"a"},
               {"id":2,"startTime":"7","endTime":"7.25","content":"b"},
               {"id":3,"startTime":7.5,"endTime":1.2e1,"content":"c"},
               {"id":4,"startTime":"12.0004","endTime":" 13 ","content":"d"}"#
        ),
        "T1,1,0.000,7.000,a\nT1,2,7.000,7.250,b\nT1,3,7.500,12.000,c\nT1,4,12.000,13.000,d\n"
    );
}

#[test]
fn times_are_seconds_unless_a_setting_says_otherwise() {
    let segments = r#"{"id":1,"startTime":"61500","endTime":62000,"content":"a"}"#;
    let env = FakeServer::always(ok(finished("T1", segments))).env();
    let srt = |start: &str, end: &str| format!("1\n{start} --> {end}\na\n\n");
    env.run("get T1 -f srt")
        .expect_output(srt("17:05:00,000", "17:13:20,000"), "getting task T1\n");
    env.run("get T1 -f srt --time-unit milliseconds")
        .expect_output(srt("00:01:01,500", "00:01:02,000"), "getting V1 (audio)\n");
    env.write(".config/mavi/config.toml", "time_unit = \"milliseconds\"\n");
    env.run("get T1 -f srt")
        .expect_output(srt("00:01:01,500", "00:01:02,000"), "getting V1 (audio)\n");
}

#[test]
fn content_may_start_with_a_space_be_empty_and_hold_anything() {
    let segments = r#"{"id":1,"startTime":0,"endTime":1,"content":" Hello"},
        {"id":2,"startTime":1,"endTime":2,"content":""},
        {"id":3,"startTime":2,"endTime":3,"content":"a\r\nb\u2028c"},
        {"id":4,"startTime":3,"endTime":4,"content":"转录 😀 \u05e9"},
        {"id":5,"startTime":4,"endTime":5,"content":"\u001b[31mred\u001b[0m\u0007\u0000\u009b2Jdone"}"#;
    let env = FakeServer::always(ok(finished("T1", segments))).env();
    env.run("get T1 -f txt")
        .expect_output("Hello\na b c\n转录 😀 ש\nreddone\n", "getting task T1\n");
    let srt = env.run("get T1 -f srt").ok().stdout;
    assert!(srt.starts_with("1\n00:00:00,000 --> 00:00:01,000\nHello\n\n2\n00:00:02,000"));
    assert!(srt.contains("\na\nb\nc\n\n"), "{srt}");
    for format in ["table", "txt", "srt", "vtt", "csv", "tsv"] {
        let shown = env.run(&format!("get T1 -f {format}")).ok().stdout;
        let control = |c: char| c.is_control() && c != '\n' && c != '\t';
        assert!(!shown.contains(control), "{format}: {shown:?}");
        assert!(shown.contains("red") && shown.contains("done"), "{format}");
    }
}

#[test]
fn an_id_may_be_missing_repeated_a_string_or_called_index() {
    assert_eq!(
        records(
            r#"{"startTime":0,"endTime":1,"content":"a"},
               {"id":5,"startTime":1,"endTime":2,"content":"b"},
               {"id":5,"startTime":2,"endTime":3,"content":"c"},
               {"index":7,"startTime":3,"endTime":4,"content":"d"},
               {"id":"x-1","startTime":4,"endTime":5,"content":"e"},
               {"id":null,"startTime":5,"endTime":6,"content":"f"}"#
        ),
        "T1,,0.000,1.000,a\nT1,5,1.000,2.000,b\nT1,5,2.000,3.000,c\nT1,7,3.000,4.000,d\n\
         T1,x-1,4.000,5.000,e\nT1,,5.000,6.000,f\n"
    );
}

#[test]
fn json_keeps_every_field_number_and_key_order() {
    let data = r#"{"success":true,"taskNo":"T1","failed":null,"transcriptions":[{"speaker":{"z":1,"a":[1.10,1e3,123456789012345678901234567890]},"startTime":"7.250","endTime":8.50,"content":" \u00e9\n","id":1}],"videoNo":"V1","type":"AUDIO","status":"FINISH"}"#;
    assert_eq!(got(data, "jsonl").ok().stdout, format!("{data}\n"));

    let indented = got(data, "json").ok().stdout;
    let start = "{\n  \"success\": true,\n  \"taskNo\": \"T1\",\n  \"failed\": null,\n  \"transcriptions\": [\n    {\n      \"speaker\": {\n        \"z\": 1,\n        \"a\": [\n          1.10,\n          1e3,\n          123456789012345678901234567890\n";
    assert!(indented.starts_with(start), "{indented}");
    let without_space: String = indented.split_whitespace().collect();
    let wanted: String = data.split_whitespace().collect();
    assert_eq!(without_space, wanted);
}

#[test]
fn json_is_the_data_alone_however_the_envelope_is_laid_out() {
    let body = "\u{feff} {\n\t\"data\" : { \"status\":\"FINISH\",\"transcriptions\" : [ ] },\r\n \"extra\":[1], \"msg\":null, \"code\" : \"0000\" } \n";
    let env = FakeServer::always(ok(body)).env();
    env.run("get T1 -f jsonl").expect_output(
        "{\"status\":\"FINISH\",\"transcriptions\":[]}\n",
        "getting task T1\n",
    );
}

#[test]
fn unfinished_task_may_lack_transcriptions() {
    for transcriptions in [
        "",
        r#","transcriptions":null"#,
        r#","transcriptions":[]"#,
        r#","transcriptions":[{"id":1,"startTime":0,"content":"the first w"},{"id":2}]"#,
    ] {
        let data =
            format!(r#"{{"status":"UNFINISHED","type":null,"taskNo":"T1"{transcriptions}}}"#);
        for format in ["table", "srt", "csv", "txt"] {
            got(&data, format).expect_failure(8).expect_stderr(format!(
                "getting task T1\nmavi: task T1 has not finished yet\n\
                 hint: to wait for it, run: mavi wait --format {format} T1\n",
            ));
        }
        let run = got(&data, "jsonl");
        assert_eq!((run.status, run.stdout), (8, format!("{data}\n")));
    }
}

#[test]
fn a_success_code_may_be_a_number() {
    for code in ["\"0000\"", "0", "0000"] {
        let body = format!(r#"{{"code":{code},"data":{{"status":"FINISH","transcriptions":[]}}}}"#);
        // `0000` without quotes is no JSON at all.
        let run = FakeServer::always(ok(body)).env().run("get T1 -f txt");
        assert_eq!(run.status, if code == "0000" { 5 } else { 0 }, "{run:#?}");
    }
}

#[test]
fn three_statuses_mean_failed_and_unknown_ones_unfinished() {
    for status in ["FAIL", "FAILED", "ERROR"] {
        let data = format!(r#"{{"status":"{status}","taskNo":"T1","transcriptions":null}}"#);
        for format in ["table", "json", "srt"] {
            got(&data, format)
                .expect_failure(3)
                .expect_stderr(
                    "getting task T1\n\
                     mavi: task T1: the service reports that the transcription failed\n\
                     hint: submit the video again; if it fails again, contact the service's support\n",
                );
        }
    }
    for status in ["RUNNING", "finish", "", "完成"] {
        let data = format!(r#"{{"status":"{status}","taskNo":"T1","transcriptions":[]}}"#);
        got(&data, "table").expect_failure(8).expect_stderr(format!(
            "getting task T1\n\
             warning: the service reports the unknown status {status:?}, which counts as not finished\n\
             mavi: task T1 has not finished yet\nhint: to wait for it, run: mavi wait --format table T1\n"
        ));
    }
}

#[test]
fn finish_without_segments_is_silence_and_no_error() {
    for transcriptions in ["", r#","transcriptions":null"#, r#","transcriptions":[]"#] {
        let data = format!(
            r#"{{"status":"FINISH","type":"AUDIO","videoNo":"V1","taskNo":"T1"{transcriptions}}}"#
        );
        for (format, printed) in [
            ("table", "task T1  video V1  type AUDIO  no segments\n"),
            ("srt", ""),
            ("txt", ""),
            ("csv", "task_no,id,start,end,content,video_no,type\n"),
            ("jsonl", &format!("{data}\n")),
        ] {
            assert_eq!(got(&data, format).ok().stdout, printed, "{format}: {data}");
        }
    }
}

#[test]
fn webvtt_without_cues_is_header_and_blank_line() {
    let env = FakeServer::always(ok(finished("T1", ""))).env();
    env.run("get T1 -f vtt")
        .expect_output("WEBVTT\n\n", "getting task T1\n");
}

#[test]
fn video_and_task_ids_may_be_null_numbers_or_missing() {
    for (data, header) in [
        (
            r#"{"status":"FINISH","taskNo":17,"videoNo":null,"transcriptions":[]}"#,
            "task 17  no segments\n",
        ),
        (
            r#"{"status":"FINISH","type":null,"videoNo":"VI605961375402668032"}"#,
            "video VI605961375402668032  no segments\n",
        ),
    ] {
        let run = got(data, "table").ok();
        let run = run.allow_warnings("that the task is another one");
        assert_eq!(run.stdout, header);
    }
}

#[test]
fn missing_times_take_their_neighbours_with_one_warning() {
    let segments = r#"{"id":1,"startTime":0,"content":"a"},
        {"id":2,"startTime":null,"endTime":"","content":"b"},
        {"id":3,"startTime":5,"endTime":6,"content":"c"}"#;
    let env = FakeServer::always(ok(finished("T1", segments))).env();
    let run = env.run("get T1 -f srt").ok();
    run.expect_stdout(str![[r#"
1
00:00:00,000 --> 00:00:02,000
a

2
00:00:00,000 --> 00:00:05,000
b

3
00:00:05,000 --> 00:00:06,000
c


"#]])
        .expect_stderr(str![[r#"
getting task T1
warning: V1 (audio): 3 times were missing or impossible, and estimated, of 3 segments

"#]]);
    assert_eq!(
        records(segments),
        "T1,1,0.000,,a\nT1,2,,,b\nT1,3,5.000,6.000,c\n"
    );
}

#[test]
fn lone_surrogate_costs_one_character() {
    let segments = r#"{"id":1,"startTime":0,"endTime":1,"content":"a\ud83d b"}"#;
    assert_eq!(records(segments), "T1,1,0.000,1.000,a\u{fffd} b\n");
}

#[test]
fn extreme_numbers_are_kept_in_json() {
    let long = "9".repeat(400);
    for time in ["1e999", "-1e999", "1e-999", "99999999999999999999", &long] {
        let segment =
            format!(r#"{{"id":{long},"startTime":{time},"endTime":"{time}","content":"a"}}"#);
        let env = FakeServer::always(ok(finished("T1", &segment))).env();
        let json = env.run("get T1 -f jsonl").ok().stdout;
        assert!(json.contains(&segment), "{json}");
        for format in ["table", "srt", "vtt", "txt", "csv", "tsv"] {
            let run = env.run(&format!("get T1 -f {format}")).ok();
            let run = run.allow_warnings("about times, in the formats that have any");
            // In part: only JSON shows such numbers.
            assert!(run.stdout.contains('a'), "{format} {time}: {run:#?}");
        }
    }
}

#[test]
fn gzip_reply_is_decoded() {
    use std::io::Write as _;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let body = finished("T1", r#"{"id":1,"startTime":0,"endTime":1,"content":"a"}"#);
    gzip.write_all(body.as_bytes()).unwrap();
    let service = FakeServer::always(crate::support::fake_server::reply(
        "200 OK",
        &["content-encoding: gzip"],
        gzip.finish().unwrap(),
    ));
    service
        .env()
        .run("get T1 -f txt")
        .expect_output("a\n", "getting task T1\n");
    let accepted = service.the_request();
    assert!(accepted.header("accept-encoding").unwrap().contains("gzip"));
}
