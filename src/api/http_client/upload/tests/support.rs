//! The two ends of an upload under test: a file in a folder of its own, and a server that does as told.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tempfile::TempDir;

use crate::api::{
    ApiError, ClientOptions, HttpClient, UploadObserver, UploadRequest, UploadedVideo,
};
use crate::error::Error;
use crate::secret::Secret;
use crate::transcript::TimeUnit;
use crate::video_file::VideoFile;

pub(super) const TOKEN: &str = "secret-token-0123456789";
/// Longer than any of these tests lasts.
pub(super) const NEVER: Duration = Duration::from_mins(1);
/// More than the buffers of a connection hold.
pub(super) const LARGE: u64 = 32 << 20;
pub(super) const ACCEPTED: &str =
    r#"{"code":"0000","msg":"","data":{"videoNo":"V1","videoName":"a.mp4"}}"#;

#[derive(Default)]
pub(super) struct TestObserver {
    pub(super) sent: AtomicU64,
    /// The bytes sent when the last ones were announced, plus one.
    pub(super) before_last: AtomicU64,
    pub(super) is_cancelled: AtomicBool,
    /// The failure of the announcement.
    pub(super) failure: Option<Error>,
}

impl UploadObserver for TestObserver {
    fn on_sent(&self, bytes: u64) {
        assert!(self.sent.swap(bytes, Ordering::SeqCst) < bytes);
    }

    fn before_last_bytes(&self) -> Result<(), Error> {
        let sent = self.sent.load(Ordering::SeqCst) + 1;
        assert_eq!(self.before_last.swap(sent, Ordering::SeqCst), 0);
        self.failure.clone().map_or(Ok(()), Err)
    }

    fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::SeqCst)
    }
}

/// An upload of a file in a folder of its own.
pub(super) struct Upload {
    _folder: TempDir,
    pub(super) path: PathBuf,
    pub(super) request: UploadRequest,
    pub(super) observer: Arc<TestObserver>,
    pub(super) timeout: Duration,
}

impl Upload {
    pub(super) fn new(content: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("talk.mp4");
        fs::write(&path, content).unwrap();
        let file = VideoFile::look(&path, None).unwrap();
        Self {
            _folder: folder,
            path,
            request: UploadRequest {
                file,
                sha256: None,
                callback: None,
            },
            observer: Arc::default(),
            timeout: NEVER,
        }
    }

    /// A file of zeros that takes no space.
    pub(super) fn large() -> Self {
        let mut upload = Self::new(b"x");
        File::create(&upload.path).unwrap().set_len(LARGE).unwrap();
        upload.request.file = VideoFile::look(&upload.path, None).unwrap();
        upload
    }

    pub(super) fn run(&self, url: &str) -> Result<UploadedVideo, ApiError> {
        let options = ClientOptions {
            base_url: url.parse().unwrap(),
            raw_token: false,
            ca_file: None,
            cert_file: None,
            max_reply_size: 1 << 20,
            time_unit: TimeUnit::Seconds,
            connect_timeout: Duration::from_secs(5),
            reuse_connections: false,
            proxy: None,
        };
        let observer = Arc::clone(&self.observer) as Arc<dyn UploadObserver>;
        HttpClient::new(options, None).unwrap().upload(
            &Secret::new(TOKEN),
            &self.request,
            &observer,
            self.timeout,
        )
    }

    /// Runs an upload to a server that serves one connection like this.
    pub(super) fn to<T: Send + 'static>(
        &self,
        serve: impl FnOnce(TcpStream) -> T + Send + 'static,
    ) -> (Result<UploadedVideo, ApiError>, T) {
        let (url, server) = server(serve);
        let outcome = self.run(&url);
        (outcome, server.join().unwrap())
    }

    /// Runs an upload that is answered like this once all of it has arrived.
    pub(super) fn answered(&self, answer: &[u8]) -> Result<UploadedVideo, ApiError> {
        let answer = answer.to_vec();
        let serve = move |mut stream: TcpStream| {
            read_request(&mut stream);
            stream.write_all(&answer).unwrap();
        };
        self.to(serve).0
    }
}

pub(super) fn server<T: Send + 'static>(
    serve: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> (String, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        serve(stream)
    });
    (url, server)
}

pub(super) fn read_head(stream: &mut TcpStream) -> String {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

pub(super) fn header<'h>(head: &'h str, name: &str) -> &'h str {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(key, _)| *key == name).unwrap().1
}

pub(super) fn read_request(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let head = read_head(stream);
    let length = header(&head, "content-length").parse().unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    (head, body)
}

/// Reads the head, does something, and reads to the end. Returns the number of bytes of the body that are
/// missing.
pub(super) fn read_after(
    act: impl FnOnce() + Send + 'static,
) -> impl FnOnce(TcpStream) -> u64 + Send + 'static {
    move |mut stream| {
        let head = read_head(&mut stream);
        act();
        let read = io::copy(&mut stream, &mut io::sink()).unwrap();
        let length: u64 = header(&head, "content-length").parse().unwrap();
        length - read
    }
}

pub(super) fn reply(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

pub(super) fn ok(body: &str) -> Vec<u8> {
    reply("200 OK", "", body)
}

/// Reads the head alone, answers, and waits for the end of the connection.
pub(super) fn answer_early(answer: Vec<u8>) -> impl FnOnce(TcpStream) + Send + 'static {
    move |mut stream| {
        read_head(&mut stream);
        stream.write_all(&answer).unwrap();
        // A client that closes with data unsent may reset the connection.
        let _ = io::copy(&mut stream, &mut io::sink());
    }
}
