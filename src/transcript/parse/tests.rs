//! Tests of reading: every variation that real replies show, and every fault with its place.

use super::*;
use crate::transcript::Millis;

fn parse(json: &str) -> Transcript<'_> {
    Transcript::parse(json, TimeUnit::Seconds).unwrap()
}

fn refused(json: &str) -> String {
    Transcript::parse(json, TimeUnit::Seconds)
        .unwrap_err()
        .to_string()
}

#[test]
fn documented_reply_is_parsed() {
    let json = r#" {"status":"FINISH","type":"AUDIO","videoNo":"V","taskNo":"T",
        "transcriptions":[{"id":0,"startTime":0,"endTime":1.5,"content":" a"}]} "#;
    let transcript = parse(json);
    assert_eq!(
        (
            &*transcript.task_no,
            &*transcript.video_no,
            &*transcript.transcription_type
        ),
        ("T", "V", "AUDIO")
    );
    assert_eq!(transcript.status, Some(Status::Finished));
    let segment = transcript.segments[0];
    assert_eq!(
        (segment.start(), segment.end()),
        (Some(Millis::ZERO), Some(Millis::new(1500)))
    );
    assert_eq!((&*segment.id(), &*segment.text()), ("0", " a"));
    assert_eq!(transcript.raw, json.trim());
}

#[test]
fn variations_of_real_replies_are_parsed() {
    let transcript = parse(
        r#"{"taskNo":7,"success":true,"transcriptions":[
            {"index":3,"startTime":"7","endTime":"7.25","content":"a\nb","speaker":{"x":[1]}},
            {"startTime":null,"endTime":" ","content":null},
            {"id":"x1","startTime":"1e400","content":"\ud83d\ude00 \ud800 \\ud800"}]}"#,
    );
    assert_eq!(transcript.task_no, "7");
    let [first, second, third] = transcript.segments[..] else {
        panic!("three segments")
    };
    assert_eq!(
        (first.start().unwrap().get(), first.end().unwrap().get()),
        (7000, 7250)
    );
    assert_eq!((&*first.id(), &*first.text()), ("3", "a\nb"));
    assert_eq!(
        (second.start(), second.end(), &*second.id(), &*second.text()),
        (None, None, "", "")
    );
    assert_eq!((third.start(), &*third.id()), (None, "x1"));
    assert_eq!(third.text(), "😀 \u{fffd} \\ud800");
}

#[test]
fn segments_may_be_null_missing_or_a_bare_list() {
    assert!(
        parse(r#"{"status":"UNFINISHED","transcriptions":null}"#)
            .segments
            .is_empty()
    );
    assert!(parse("{}").segments.is_empty());
    assert_eq!(parse(r#"[{"content":"a"},{}]"#).segments.len(), 2);
    assert_eq!(
        parse(r#"{"status":"ODD"}"#).status,
        Some(Status::Unknown("ODD".into()))
    );
}

#[test]
fn saved_documents_of_any_shape_are_parsed() {
    let json = "\n{\"taskNo\":\"A\",\"transcriptions\":[{}]}\n[{},{}] {\"code\":\"0000\",\"data\": {\"taskNo\":\"B\",\"status\":\"FAIL\"},\"msg\":\"\"}";
    let all = Transcript::parse_saved(json, TimeUnit::Seconds).unwrap();
    let seen: Vec<_> = all
        .iter()
        .map(|one| (&*one.task_no, one.segments.len(), one.json()))
        .collect();
    assert_eq!(
        seen,
        [
            ("A", 1, r#"{"taskNo":"A","transcriptions":[{}]}"#),
            ("", 2, "[{},{}]"),
            ("B", 0, r#"{"taskNo":"B","status":"FAIL"}"#)
        ]
    );
    assert!(
        Transcript::parse_saved(" \n", TimeUnit::Seconds)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn list_of_transcriptions_has_a_hint() {
    let error =
        Transcript::parse_saved(r#"[{"transcriptions":[]}]"#, TimeUnit::Seconds).unwrap_err();
    assert!(error.to_string().contains("jq '.[]'"), "{error}");
}

#[test]
fn wrong_types_are_named_with_their_position() {
    for (json, why) in [
        (
            r#"{"transcriptions":[{"startTime":true}]}"#,
            "segment 1: `startTime` is true, not a number",
        ),
        (
            r#"{"transcriptions":[{},{"endTime":"00:07"}]}"#,
            "segment 2: `endTime` is \"00:07\", not a number",
        ),
        (
            r#"{"transcriptions":[{"content":5}]}"#,
            "segment 1: `content` is 5, not a text",
        ),
        (
            r#"{"transcriptions":[{"id":{}}]}"#,
            "segment 1: `id` is an object, not a number",
        ),
        (
            r#"{"transcriptions":[5]}"#,
            "segment 1: invalid type: integer `5`, expected an object",
        ),
        (r#"{"transcriptions":{}}"#, "expected a list of segments"),
        (r#"{"taskNo":[]}"#, "`taskNo` is a list, not a text"),
        (
            "5",
            "expected an object with transcriptions, or a list of segments",
        ),
        ("{", "EOF"),
        ("", "EOF"),
        ("{} {}", "trailing characters"),
    ] {
        let said = refused(json);
        assert!(
            said.contains(why) && said.contains("line 1"),
            "{json}: {said}"
        );
    }
}

#[test]
fn segments_with_neither_time_nor_text_are_limited() {
    let parse = |segment: &str, count| {
        let json = format!("[{}]", vec![segment; count].join(","));
        let parsed = Transcript::parse(&json, TimeUnit::Seconds);
        parsed.map(|transcript| transcript.segments.len())
    };
    for real in [
        r#"{"startTime":0,"endTime":1,"content":""}"#,
        r#"{"content":"Hi."}"#,
        r#"{"startTime":7,"content":"a"}"#,
        r#"{"endTime":7}"#,
    ] {
        assert_eq!(parse(real, 200_000).unwrap(), 200_000, "{real}");
    }
    for empty in [
        "{}",
        r#"{"id":1}"#,
        r#"{"content":null,"startTime":""}"#,
        r#"{"what":"ever","it":"is","long":"enough"}"#,
    ] {
        assert_eq!(
            parse(empty, MAX_EMPTY_SEGMENTS).unwrap(),
            MAX_EMPTY_SEGMENTS
        );
        let error = parse(empty, MAX_EMPTY_SEGMENTS + 1).unwrap_err();
        assert_eq!(error.reason(), TOO_MANY_EMPTY_SEGMENTS, "{empty}");
    }
}
