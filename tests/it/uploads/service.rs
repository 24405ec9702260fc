//! A service that keeps videos and tasks as the real one does, over plain sockets: it reads of an upload
//! as much as a test wants, answers as a test says, and stops where a test tells it to.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use serde_json::{Value, json};
use url::Url;

use crate::support::env::{TestEnv, finished};
use crate::support::fake_server::http;
use crate::support::process::TEST_TIMEOUT;

/// Limits that no test here meets, and polls that come at once.
const SETTINGS: &str = "\
[wait]
interval = \"10ms\"
[limits]
upload_per_minute = 1000
list_per_minute = 1000
submit_audio_per_minute = 1000
get_per_minute = 1000
";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Upload,
    List,
    Submit,
    Get,
    Delete,
}

/// A video of the account.
#[derive(Clone, Debug)]
pub(super) struct Video {
    pub(super) number: String,
    pub(super) name: String,
    pub(super) status: String,
    /// Milliseconds since 1970.
    pub(super) time: i64,
}

/// A request, of which only the head has been read at first.
pub(super) struct Call {
    pub(super) kind: Kind,
    /// Counted from 0, among those of its kind.
    pub(super) number: usize,
    /// The method and the target.
    pub(super) line: String,
    pub(super) head: String,
    length: usize,
    /// As much of the body as has been read.
    pub(super) body: Vec<u8>,
    stream: TcpStream,
    is_noted: bool,
    shared: Arc<Shared>,
}

/// A request as a test sees it afterwards.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) kind: Kind,
    pub(super) line: String,
    pub(super) head: String,
    pub(super) body: String,
    /// The body arrived whole.
    pub(super) is_whole: bool,
}

/// A running service.
pub(super) struct Service {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    counts: HashMap<Kind, usize>,
    seen: Vec<Seen>,
    videos: Vec<Video>,
    uploads: usize,
    /// The videos that were submitted, in order: `T1` is the first.
    tasks: Vec<String>,
    held: usize,
    is_released: bool,
}

impl Service {
    /// Starts a service that lets `script` handle each request.
    pub(super) fn new(script: impl Fn(&mut Call) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (shared, script) = (Arc::<Shared>::default(), Arc::new(script));
        let served = Arc::clone(&shared);
        thread::spawn(move || {
            // Bounded: no test asks as often as this.
            for stream in listener.incoming().take(1_000).flatten() {
                let (shared, script) = (Arc::clone(&served), Arc::clone(&script));
                thread::spawn(move || {
                    if let Some(mut call) = Call::read(stream, &shared) {
                        script(&mut call);
                        call.note();
                    }
                });
            }
        });
        Self { port, shared }
    }

    /// Starts a service that does as it should.
    pub(super) fn well_behaved() -> Self {
        Self::new(Call::serve)
    }

    /// Starts a service that handles uploads like this, and all else as it should.
    pub(super) fn with_uploads(script: impl Fn(&mut Call) + Send + Sync + 'static) -> Self {
        Self::new(move |call| match call.kind {
            Kind::Upload => script(call),
            _ => call.serve(),
        })
    }

    /// Returns an environment that talks to this service, without limits that a test would meet.
    pub(super) fn env(&self) -> TestEnv {
        let env = TestEnv::at(&self.url());
        env.configure(SETTINGS);
        env
    }

    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Returns all requests of a kind that are over.
    pub(super) fn seen(&self, kind: Kind) -> Vec<Seen> {
        let state = self.state();
        let of_kind = state.seen.iter().filter(|seen| seen.kind == kind);
        of_kind.cloned().collect()
    }

    /// Returns the number of requests of a kind that have begun.
    pub(super) fn count(&self, kind: Kind) -> usize {
        self.state().counts.get(&kind).copied().unwrap_or_default()
    }

    /// Returns the numbers of uploads and submits that have begun.
    pub(super) fn paid(&self) -> (usize, usize) {
        (self.count(Kind::Upload), self.count(Kind::Submit))
    }

    /// Returns the numbers of uploads and submits that were accepted.
    pub(super) fn accepted(&self) -> (usize, usize) {
        let state = self.state();
        (state.uploads, state.tasks.len())
    }

    pub(super) fn add_video(&self, video: Video) {
        self.state().videos.push(video);
    }

    /// Sets the status of all videos.
    pub(super) fn set_status(&self, status: &str) {
        for video in &mut self.state().videos {
            status.clone_into(&mut video.status);
        }
    }

    /// Blocks until a call is [held](Call::hold).
    #[track_caller]
    pub(super) fn wait_held(&self) {
        self.shared.wait_until(|state| state.held > 0);
    }

    /// Blocks until this many requests of a kind are over.
    #[track_caller]
    pub(super) fn wait_for(&self, kind: Kind, count: usize) {
        self.shared.wait_until(|state| {
            let of_kind = state.seen.iter().filter(|seen| seen.kind == kind);
            of_kind.count() >= count
        });
    }

    /// Lets all calls that are held go on, and holds no other.
    pub(super) fn release(&self) {
        self.state().is_released = true;
        self.shared.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap()
    }
}

impl Shared {
    #[track_caller]
    fn wait_until(&self, condition: impl Fn(&State) -> bool) {
        let state = self.state.lock().unwrap();
        let is_pending = |state: &mut State| !condition(state);
        let waited = self
            .changed
            .wait_timeout_while(state, TEST_TIMEOUT, is_pending);
        let (state, timeout) = waited.unwrap();
        let seen = &state.seen;
        assert!(!timeout.timed_out(), "it never came to that: {seen:#?}");
    }
}

impl Call {
    fn read(mut stream: TcpStream, shared: &Arc<Shared>) -> Option<Self> {
        stream.set_read_timeout(Some(TEST_TIMEOUT)).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).ok()?;
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap();
        let line = head
            .lines()
            .next()?
            .trim_end_matches(" HTTP/1.1")
            .to_owned();
        let kind = match &line {
            line if line.contains("/upload") => Kind::Upload,
            line if line.contains("/searchDB") => Kind::List,
            line if line.contains("/subTranscription") => Kind::Submit,
            line if line.contains("/getTranscription") => Kind::Get,
            _ => Kind::Delete,
        };
        let length = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
        let mut state = shared.state.lock().unwrap();
        let count = state.counts.entry(kind).or_default();
        let number = *count;
        *count += 1;
        drop(state);
        Some(Self {
            kind,
            number,
            line,
            head,
            length,
            body: Vec::new(),
            stream,
            is_noted: false,
            shared: Arc::clone(shared),
        })
    }

    /// Reads this many bytes more of the body, or all that come.
    pub(super) fn read_some(&mut self, count: usize) -> usize {
        let left = (self.length - self.body.len()).min(count);
        let before = self.body.len();
        let _ = (&self.stream).take(left as u64).read_to_end(&mut self.body);
        self.body.len() - before
    }

    /// Reads the rest of the body. Returns `true` if it arrived whole.
    pub(super) fn read_all(&mut self) -> bool {
        self.read_some(usize::MAX);
        self.is_whole()
    }

    fn is_whole(&self) -> bool {
        self.body.len() == self.length
    }

    /// Answers with this status line, headers and body.
    pub(super) fn answer(&mut self, status: &str, headers: &[&str], body: impl AsRef<[u8]>) {
        // The client may act on the answer at once, and the test then looks for the request.
        self.note();
        let _ = self.stream.write_all(&http(status, headers, body));
    }

    /// Answers 200 with this body.
    pub(super) fn ok(&mut self, body: impl AsRef<[u8]>) {
        self.answer("200 OK", &["content-type: application/json"], body);
    }

    /// Stops here until the test goes on; unless it has already.
    pub(super) fn hold(&self) {
        self.shared.state.lock().unwrap().held += 1;
        self.shared.changed.notify_all();
        self.shared.wait_until(|state| state.is_released);
    }

    /// Blocks until another call is held.
    pub(super) fn wait_held(&self) {
        self.shared.wait_until(|state| state.held > 0);
    }

    /// Reads an upload and adds its video, with this status, to the account. Returns the video.
    pub(super) fn accept(&mut self, status: &str) -> Video {
        assert!(self.read_all(), "{} was not sent whole", self.head);
        let body = String::from_utf8_lossy(&self.body);
        let name = body.split("filename=\"").nth(1).unwrap();
        let name = name.split("\"\r\n").next().unwrap().to_owned();
        let mut state = self.shared.state.lock().unwrap();
        state.uploads += 1;
        let video = Video {
            number: format!("V{}", state.uploads),
            name,
            status: status.to_owned(),
            time: now(),
        };
        state.videos.push(video.clone());
        video
    }

    /// Reads a submit and adds its task. Returns the task's number.
    pub(super) fn accept_submit(&mut self) -> String {
        assert!(self.read_all());
        let body: Value = serde_json::from_slice(&self.body).unwrap();
        let mut state = self.shared.state.lock().unwrap();
        state
            .tasks
            .push(body["videoNo"].as_str().unwrap().to_owned());
        format!("T{}", state.tasks.len())
    }

    /// Does as the service should. Videos are parsed at once.
    pub(super) fn serve(&mut self) {
        match self.kind {
            Kind::Upload => self.serve_upload("PARSE"),
            Kind::List => self.serve_list(),
            Kind::Submit => {
                let task = self.accept_submit();
                self.ok(format!(
                    r#"{{"code":"0000","msg":"","data":{{"taskNo":"{task}"}}}}"#
                ));
            }
            Kind::Get => {
                let task = self.query("taskNo").unwrap();
                let says = format!("said in {task}");
                self.ok(finished(
                    &task,
                    &format!(r#"{{"id":1,"startTime":0,"endTime":1,"content":"{says}"}}"#),
                ));
            }
            Kind::Delete => {
                assert!(self.read_all());
                let numbers: Vec<String> = serde_json::from_slice(&self.body).unwrap();
                let mut state = self.shared.state.lock().unwrap();
                state
                    .videos
                    .retain(|video| !numbers.contains(&video.number));
                drop(state);
                self.ok(r#"{"code":"0000","msg":""}"#);
            }
        }
    }

    /// Accepts an upload, with this status.
    pub(super) fn serve_upload(&mut self, status: &str) {
        let video = self.accept(status);
        self.ok(uploaded(&video));
    }

    fn serve_list(&mut self) {
        let since = self
            .query("startTime")
            .map_or(0, |time| time.parse().unwrap());
        let name = self.query("videoName");
        let mut videos = self.videos();
        videos.retain(|video| {
            video.time >= since && name.as_ref().is_none_or(|name| *name == video.name)
        });
        self.list(&videos);
    }

    /// Answers with the page that is asked for of a listing of these videos.
    pub(super) fn list(&mut self, videos: &[Video]) {
        let number = |name: &str| self.query(name).and_then(|text| text.parse().ok());
        let (page, size) = (
            number("page").unwrap_or(1),
            number("pageSize").unwrap_or(20),
        );
        let records = videos.iter().skip((page - 1) * size).take(size);
        let data = json!({
            "page": videos.len().div_ceil(size), "current": page, "total": videos.len(),
            "pageSize": size, "videoData": records.map(record).collect::<Vec<_>>(),
        });
        self.ok(json!({"code": "0000", "msg": "", "data": data}).to_string());
    }

    /// Returns the videos of the account.
    pub(super) fn videos(&self) -> Vec<Video> {
        self.shared.state.lock().unwrap().videos.clone()
    }

    /// Adds a video to the account.
    pub(super) fn add_video(&self, video: Video) {
        self.shared.state.lock().unwrap().videos.push(video);
    }

    /// Returns the value of a part of the query, decoded.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        query(&self.line, name)
    }

    fn note(&mut self) {
        if std::mem::replace(&mut self.is_noted, true) {
            return;
        }
        let mut state = self.shared.state.lock().unwrap();
        state.seen.push(Seen {
            kind: self.kind,
            line: self.line.clone(),
            head: self.head.clone(),
            body: String::from_utf8_lossy(&self.body).into_owned(),
            is_whole: self.is_whole(),
        });
        self.shared.changed.notify_all();
    }
}

impl Seen {
    /// Returns the value of a header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    /// Returns the value of a part of the query, decoded.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        query(&self.line, name)
    }
}

/// Returns the reply to the upload of a video.
pub(super) fn uploaded(video: &Video) -> String {
    let data = json!({
        "videoNo": video.number, "videoName": video.name, "videoStatus": video.status,
        "uploadTime": video.time.to_string(), "duration": "61",
    });
    json!({"code": "0000", "msg": "success", "data": data}).to_string()
}

/// Returns a video as the listing has it.
pub(super) fn record(video: &Video) -> Value {
    json!({
        "videoNo": video.number, "videoName": video.name, "videoStatus": video.status,
        "uploadTime": video.time, "duration": 61,
    })
}

/// Returns the time in milliseconds since 1970.
pub(super) fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    fields.find_map(|(known, value)| known.eq_ignore_ascii_case(name).then_some(value))
}

fn query(line: &str, name: &str) -> Option<String> {
    let target = line.split(' ').nth(1)?;
    let url = Url::parse(&format!("http://host{target}")).unwrap();
    let mut pairs = url.query_pairs();
    pairs.find_map(|(known, value)| (known == name).then(|| value.into_owned()))
}
