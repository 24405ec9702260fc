//! Uploads, the listing and deletions over plain sockets.

use super::*;

pub(super) const UPLOAD: &str = "POST /api/serve/video/upload";
pub(super) const LIST: &str = "GET /api/serve/video/searchDB";
pub(super) const DELETE: &str = "DELETE /api/serve/video/delete";

pub(super) fn form(file: &str) -> String {
    let head = "content-disposition: form-data; name=\"file\"; filename=\"talk.mp4\"";
    format!("--xyz\r\n{head}\r\ncontent-type: video/mp4\r\n\r\n{file}\r\n--xyz--\r\n")
}

/// The headers of an upload; the content type stands before that of all requests.
pub(super) fn headers(sandbox: &Sandbox) -> String {
    let authorization = authorization(sandbox);
    format!("{authorization}content-type: multipart/form-data; boundary=xyz\r\n")
}

pub(super) fn upload(sandbox: &Sandbox, file: &str) -> HttpReply {
    request(sandbox, UPLOAD, &headers(sandbox), &form(file))
}

#[test]
fn uploaded_file_is_hashed_listed_submitted_and_deleted() {
    let sandbox = Sandbox::start(SandboxOptions {
        parse_delay: Duration::ZERO,
        ..instant()
    })
    .unwrap();
    let file = "x".repeat(5_000_000);
    let reply = upload(&sandbox, &file);
    assert_eq!(reply.code(), "0000");
    let data = reply.json()["data"].clone();
    assert!(
        data.as_object().unwrap().values().all(Value::is_string),
        "{data}"
    );
    let video_no = data["videoNo"].as_str().unwrap();
    let uploads = sandbox.uploads();
    assert_eq!((uploads.len(), uploads[0].size), (1, 5_000_000));
    assert_eq!(
        (&*uploads[0].name, &*uploads[0].video_no),
        ("talk.mp4", video_no)
    );
    let digest = ring::digest::digest(&ring::digest::SHA256, file.as_bytes());
    let start = digest
        .as_ref()
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"));
    assert!(
        uploads[0]
            .sha256
            .starts_with(&start.collect::<Vec<_>>().concat())
    );

    let listed = call(
        &sandbox,
        &format!("{LIST}?videoName=talk&videoStatus=PARSE"),
        "",
    );
    let records = listed.json()["data"]["videoData"].clone();
    let ours = records
        .as_array()
        .unwrap()
        .iter()
        .find(|record| record["videoNo"] == video_no);
    assert_eq!(ours.unwrap()["videoStatus"], "PARSE", "{records}");
    let body = format!(r#"{{"videoNo":"{video_no}","type":"AUDIO"}}"#);
    let task = submit(&sandbox, &body).json()["data"]["taskNo"].clone();
    let delete = |body: &str| call(&sandbox, DELETE, body).code();
    let group = format!(r#"["{video_no}"]"#);
    assert_eq!(delete(&group), "0000");
    assert_eq!(delete(&group), "0409");
    assert_eq!(delete(r#"["unknown"]"#), "0001");
    assert_eq!(submit(&sandbox, &body).code(), "0001");
    assert_eq!(get(&sandbox, task.as_str().unwrap()).code(), "0001");
}

#[test]
fn refused_or_broken_upload_is_no_video() {
    let sandbox = Sandbox::start(instant()).unwrap();
    assert_eq!(request(&sandbox, UPLOAD, "", &form("x")).code(), "0401");
    assert_eq!(call(&sandbox, UPLOAD, "{}").code(), "0001");
    let cut = form("x").replace("--xyz--", "");
    assert_eq!(
        request(&sandbox, UPLOAD, &headers(&sandbox), &cut).code(),
        "0001"
    );
    assert_eq!(
        call(&sandbox, LIST.replace("GET", "POST").as_str(), "").status,
        405
    );
    assert!(sandbox.uploads().is_empty());
}

#[test]
fn upload_meets_faults_before_and_after_its_last_byte() {
    let faulty = |faults: &str| {
        let faults = faults.parse().unwrap();
        Sandbox::start(SandboxOptions {
            faults,
            ..instant()
        })
        .unwrap()
    };
    let send = |sandbox: &Sandbox| {
        let message = message(UPLOAD, &headers(sandbox), &form("x"));
        raw(sandbox, &message).unwrap_or_default()
    };
    let before = faulty("reset:1");
    assert_eq!((send(&before), before.uploads().len()), (String::new(), 0));
    let after = faulty("drop-after-accept:1");
    assert_eq!((send(&after), after.uploads().len()), (String::new(), 1));
}

#[test]
fn uploads_have_their_documented_limit() {
    let sandbox = Sandbox::start(SandboxOptions {
        rate_limits: RateLimits::Documented,
        ..instant()
    })
    .unwrap();
    let codes: Vec<String> = (0..11).map(|_| upload(&sandbox, "x").code()).collect();
    assert_eq!(codes.iter().filter(|code| **code == "0000").count(), 10);
    assert_eq!(codes[10], "0429");
}

#[test]
fn video_of_a_directory_is_found_by_the_name_of_the_uploaded_file() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("talk.json"), r#"[{"content":"hello"}]"#).unwrap();
    let sandbox = Sandbox::start(SandboxOptions {
        transcripts: Some(folder.path().to_owned()),
        ..instant()
    })
    .unwrap();
    let video_no = upload(&sandbox, "x").json()["data"]["videoNo"].clone();
    let reply = submit(
        &sandbox,
        &format!(r#"{{"videoNo":{video_no},"type":"AUDIO"}}"#),
    );
    let task_no = reply.json()["data"]["taskNo"].clone();
    let data = get(&sandbox, task_no.as_str().unwrap()).json();
    assert_eq!(data["data"]["transcriptions"][0]["content"], "hello");
}
