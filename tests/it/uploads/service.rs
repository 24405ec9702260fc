//! A service that keeps videos and tasks as the real one does, over plain sockets: it reads of an upload
//! as much as a test wants, answers as a test says, and stops where a test tells it to.

mod call;

use std::collections::HashMap;
use std::net::TcpListener;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use serde_json::{Value, json};

use crate::support::env::TestEnv;
use crate::support::fake_server::accept;
use crate::support::process::TEST_TIMEOUT;
pub(super) use call::Call;
use call::{header, query};

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
        let shared = Arc::<Shared>::default();
        let served = Arc::clone(&shared);
        accept(listener, move |stream| {
            if let Some(mut call) = Call::read(stream, &served) {
                script(&mut call);
                call.note();
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
