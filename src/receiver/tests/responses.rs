//! The response to each kind of request.

use super::*;

#[test]
fn body_on_secret_path_is_handed_over_whole() {
    let receiver = TestReceiver::new(options(patient()));
    let response = receiver.post("{\"taskNo\":\"é\"}");
    assert_eq!((response.status, response.body.as_str()), (200, ""));
    assert_eq!(receiver.bodies(), ["{\"taskNo\":\"é\"}"]);
    assert_eq!(receiver.refusals(), []);
}

#[test]
fn callback_response_decides_status() {
    let receiver = TestReceiver::with(options(patient()), |body| match body {
        "new" => CallbackResponse::Stored,
        "odd" => CallbackResponse::Rejected,
        "later" => CallbackResponse::RetryAfter(Duration::from_millis(2500)),
        _ => CallbackResponse::NotStored,
    });
    let status = |body| receiver.post(body).status;
    assert_eq!((status("new"), status("odd"), status("x")), (200, 400, 503));
    let later = receiver.post("later");
    assert_eq!(later.status, 503);
    assert!(later.headers.contains("retry-after: 3"), "{later:?}");
}

#[test]
fn dropped_responder_is_503() {
    let (receiver, events) = TestReceiver::with_events(options(patient()));
    let stream = receiver.begin(1, "1");
    drop(callback(&events));
    assert_eq!(read_response(stream).status, 503);
}

#[test]
fn unknown_path_is_empty_404() {
    let receiver = TestReceiver::new(options(patient()));
    let path = receiver.path.as_str();
    let mut almost = path.to_owned();
    almost.pop();
    for wrong in [
        "/",
        "*",
        almost.as_str(),
        &format!("{almost}~"),
        &format!("{path}/"),
        &format!("{path}//"),
        &format!("/{path}"),
        &format!("{path}?a=b"),
        &format!("{path}?"),
        &format!("/x{path}"),
    ] {
        for method in ["POST", "GET", "OPTIONS"] {
            let response = exchange(receiver.addr, &head(method, wrong, 0));
            let seen = (response.status, response.body.as_str());
            assert_eq!(seen, (404, ""), "{wrong}");
        }
    }
    assert_eq!(receiver.bodies(), [""; 0]);
    let kinds = [Refusal::UnknownPath, Refusal::TrailingSlash, Refusal::Query];
    assert_eq!(receiver.refusals(), kinds, "each is reported once");
}

#[test]
fn other_method_is_empty_405() {
    let receiver = TestReceiver::new(options(patient()));
    for method in ["GET", "PUT", "HEAD", "DELETE", "post"] {
        let response = exchange(receiver.addr, &head(method, &receiver.path, 0));
        let seen = (response.status, response.body.as_str());
        assert_eq!(seen, (405, ""), "{method}");
        assert!(response.headers.contains("allow: post"), "{response:?}");
    }
    assert_eq!(receiver.bodies(), [""; 0]);
    assert_eq!(receiver.refusals(), [Refusal::Method]);
}

#[test]
fn body_over_the_limit_is_413_however_it_is_sent() {
    let receiver = TestReceiver::new(options(patient()));
    let fits = "x".repeat(1024);
    assert_eq!(receiver.post(&fits).status, 200);

    // Refused by its declared length alone: there is no body to wait for.
    let declared = exchange(receiver.addr, &receiver.head(1025));
    assert_eq!((declared.status, declared.body.as_str()), (413, ""));

    let chunked = |length: usize, end: &str| {
        let (path, body) = (&receiver.path, "x".repeat(length));
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n{end}"
        );
        exchange(receiver.addr, &request).status
    };
    assert_eq!(chunked(1024, "0\r\n\r\n"), 200);
    // It does not end, and is refused all the same.
    assert_eq!(chunked(1025, ""), 413);
    assert_eq!(receiver.bodies(), [fits.clone(), fits]);
    assert_eq!(receiver.refusals(), [Refusal::TooLarge]);
}

#[test]
fn body_that_is_not_utf8_is_400() {
    let receiver = TestReceiver::new(options(patient()));
    let mut stream = receiver.begin(2, "");
    stream.write_all(&[0xc3, 0x28]).unwrap();
    assert_eq!(read_response(stream).status, 400);
    assert_eq!(receiver.bodies(), [""; 0]);
    assert_eq!(receiver.refusals(), [Refusal::NotUtf8]);
}

#[test]
fn compressed_body_is_415() {
    let receiver = TestReceiver::new(options(patient()));
    let with = |encoding| {
        let head = receiver.head(2);
        let head = head.trim_end();
        let request = format!("{head}\r\nContent-Encoding: {encoding}\r\n\r\n{{}}");
        exchange(receiver.addr, &request).status
    };
    assert_eq!((with("gzip"), with("Identity")), (415, 200));
    assert_eq!(receiver.refusals(), [Refusal::ContentEncoding]);
}

#[test]
fn refusal_text_names_status_and_no_path() {
    for (refusal, status) in [
        (Refusal::Tls, "(400)"),
        (Refusal::Malformed, "(400)"),
        (Refusal::HeadTooLarge, "(431)"),
        (Refusal::UnknownPath, "(404)"),
        (Refusal::TrailingSlash, "(404)"),
        (Refusal::Query, "(404)"),
        (Refusal::Method, "(405)"),
        (Refusal::ContentEncoding, "(415)"),
        (Refusal::TooLarge, "(413)"),
        (Refusal::TooSlow, "(408)"),
        (Refusal::Incomplete, "(400)"),
        (Refusal::NotUtf8, "(400)"),
    ] {
        let text = refusal.to_string();
        assert!(
            text.starts_with("refused a request ") && text.contains(status),
            "{text}"
        );
        assert!(!text.contains('/'), "{text}");
    }
}
