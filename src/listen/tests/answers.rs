//! What each request is answered with.

use super::*;

#[test]
fn a_body_on_the_secret_path_is_handed_over_whole() {
    let fixture = Fixture::new(options(patient()));
    let answer = fixture.post("{\"taskNo\":\"é\"}");
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(fixture.handed(), ["{\"taskNo\":\"é\"}"]);
}

#[test]
fn the_verdict_is_the_answer() {
    let fixture = Fixture::with(options(patient()), |text| match text.as_str() {
        "new" => Verdict::Accepted,
        "odd" => Verdict::NotAResult,
        _ => Verdict::Unsafe,
    });
    let status = |body| fixture.post(body).status;
    assert_eq!((status("new"), status("odd"), status("x")), (200, 400, 503));
}

#[test]
fn whoever_does_not_know_the_path_gets_an_empty_404() {
    let fixture = Fixture::new(options(patient()));
    let path = fixture.path.as_str();
    let mut almost = path.to_owned();
    almost.pop();
    for wrong in [
        "/",
        "*",
        almost.as_str(),
        &format!("{almost}~"),
        &format!("{path}/"),
        &format!("/{path}"),
        &format!("{path}?a=b"),
        &format!("/x{path}"),
    ] {
        for method in ["POST", "GET", "OPTIONS"] {
            let answer = exchange(fixture.addr, &head(method, wrong, 0));
            assert_eq!((answer.status, answer.body.as_str()), (404, ""), "{wrong}");
        }
    }
    assert!(fixture.handed().is_empty());
}

#[test]
fn a_wrong_method_on_the_path_gets_an_empty_405() {
    let fixture = Fixture::new(options(patient()));
    for method in ["GET", "PUT", "HEAD", "DELETE", "post"] {
        let answer = exchange(fixture.addr, &head(method, &fixture.path, 0));
        assert_eq!((answer.status, answer.body.as_str()), (405, ""), "{method}");
        assert!(answer.headers.contains("allow: post"), "{answer:?}");
    }
    assert!(fixture.handed().is_empty());
}

#[test]
fn the_limit_is_taken_and_a_byte_more_is_413_however_it_is_sent() {
    let fixture = Fixture::new(options(patient()));
    let fits = "x".repeat(1024);
    assert_eq!(fixture.post(&fits).status, 200);

    // Refused by its declared length alone: there is no body to wait for.
    let declared = exchange(fixture.addr, &fixture.head(1025));
    assert_eq!((declared.status, declared.body.as_str()), (413, ""));

    let chunked = |length: usize, end: &str| {
        let (path, body) = (&fixture.path, "x".repeat(length));
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n{end}"
        );
        exchange(fixture.addr, &request).status
    };
    assert_eq!(chunked(1024, "0\r\n\r\n"), 200);
    // It does not end, and is refused all the same.
    assert_eq!(chunked(1025, ""), 413);
    assert_eq!(fixture.handed(), [fits.clone(), fits]);
}

#[test]
fn bytes_that_are_no_text_are_400() {
    let fixture = Fixture::new(options(patient()));
    let mut stream = fixture.connect();
    stream.write_all(fixture.head(2).as_bytes()).unwrap();
    stream.write_all(&[0xc3, 0x28]).unwrap();
    assert_eq!(answer(stream).status, 400);
    assert!(fixture.handed().is_empty());
}
