//! Callbacks: when a task ends, its `data` is sent by POST to the address that came with the submit, and
//! when an upload is parsed, the video's status to the address that came with the upload; each again a
//! few times until a 2xx status says that it arrived. Only loopback is called unless the options say
//! otherwise: a sandbox on somebody's machine must not reach out to others.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::http::request::Builder;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::{sleep, sleep_until, timeout};
use url::{Host, Position, Url};

use super::fault_injection::CallbackFaults;
use super::task::SandboxTask;
use crate::urls::is_loopback;

/// The account's ID.
pub(super) const CLIENT_ID: &str = "sandbox";

/// Maximum time that a receiver may take to answer one attempt.
const CALLBACK_TIMEOUT: Duration = Duration::from_secs(10);

/// One callback to send.
#[derive(Clone, Debug)]
pub(super) struct CallbackJob {
    pub(super) event: CallbackEvent,
    pub(super) url: Url,
    pub(super) due: Instant,
    pub(super) faults: CallbackFaults,
}

/// The event that a callback reports.
#[derive(Clone, Debug)]
pub(super) enum CallbackEvent {
    /// A task ended.
    Task(Arc<SandboxTask>),
    /// An upload was parsed, or could not be.
    Upload {
        video_no: String,
        status: &'static str,
    },
}

impl CallbackEvent {
    /// Returns the ID of the task or video.
    fn id(&self) -> &str {
        match self {
            Self::Task(task) => &task.record.task_no,
            Self::Upload { video_no, .. } => video_no,
        }
    }

    fn body(&self) -> String {
        match self {
            Self::Task(task) => task.data(task.ends_at),
            Self::Upload { video_no, status } => {
                json!({"videoNo": video_no, "clientId": CLIENT_ID, "status": status}).to_string()
            }
        }
    }
}

/// The delays of callbacks.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallbackTiming {
    /// Delay before each retry.
    retries: [Duration; 3],
    /// Time that a callback to be reordered waits for the next one.
    reorder: Duration,
}

impl Default for CallbackTiming {
    fn default() -> Self {
        Self {
            retries: [1, 2, 4].map(Duration::from_secs),
            reorder: Duration::from_secs(2),
        }
    }
}

type OnEnd = Box<dyn Fn(bool) + Send + Sync>;

/// Sends the callbacks.
pub(super) struct CallbackSender {
    timing: CallbackTiming,
    on_end: OnEnd,
    /// The callback that lets the next one go first.
    held: Mutex<Option<CallbackJob>>,
}

/// Returns `true` if the sandbox may call this address.
pub(super) fn is_allowed(url: &Url, anywhere: bool) -> bool {
    url.scheme() == "http" && (is_loopback(url) || anywhere)
}

impl CallbackSender {
    /// Creates a sender that calls `on_end` after each callback: with `true` if it was delivered,
    /// with `false` if it was given up.
    pub(super) fn new(
        timing: CallbackTiming,
        on_end: impl Fn(bool) + Send + Sync + 'static,
    ) -> Self {
        Self {
            timing,
            on_end: Box::new(on_end),
            held: Mutex::new(None),
        }
    }

    /// Sends one callback when it is due.
    pub(super) async fn deliver(self: Arc<Self>, job: CallbackJob) {
        sleep_until(job.due.into()).await;
        let overtaken = self.held().take();
        if job.faults.is_reordered && overtaken.is_none() {
            let id = job.event.id().to_owned();
            *self.held() = Some(job);
            sleep(self.timing.reorder).await;
            // Still there: nothing has overtaken it, and nothing may come any more.
            let unclaimed = self.held().take_if(|held| held.event.id() == id);
            if let Some(job) = unclaimed {
                self.post(&job).await;
            }
            return;
        }
        self.post(&job).await;
        if let Some(overtaken) = overtaken {
            self.post(&overtaken).await;
        }
    }

    async fn post(&self, job: &CallbackJob) {
        let data = Bytes::from(job.event.body());
        let copies = if job.faults.is_duplicated { 2 } else { 1 };
        for _ in 0..copies {
            (self.on_end)(self.post_with_retries(&job.url, &data).await);
        }
    }

    /// Returns `true` if the callback was delivered.
    async fn post_with_retries(&self, url: &Url, data: &Bytes) -> bool {
        let delays = [Duration::ZERO].into_iter().chain(self.timing.retries);
        for delay in delays {
            sleep(delay).await;
            let request = Request::builder()
                .method(Method::POST)
                .header(CONTENT_TYPE, "application/json");
            if is_accepted(url, request, data.clone()).await {
                return true;
            }
        }
        false
    }

    fn held(&self) -> MutexGuard<'_, Option<CallbackJob>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends one request to an address, and returns `true` if it is answered with a 2xx status in time.
pub(super) async fn is_accepted(url: &Url, request: Builder, body: Bytes) -> bool {
    let status = timeout(CALLBACK_TIMEOUT, send_once(url, request, body)).await;
    matches!(status, Ok(Ok(status)) if status.is_success())
}

async fn send_once(
    url: &Url,
    request: Builder,
    body: Bytes,
) -> Result<StatusCode, Box<dyn Error + Send + Sync>> {
    let port = url.port_or_known_default().unwrap_or(80);
    let stream = match url.host() {
        // Not left to a resolver, which may send the name of this machine elsewhere.
        Some(Host::Domain("localhost")) | None => {
            let both = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
            let addrs: [SocketAddr; 2] = both.map(|ip: IpAddr| (ip, port).into());
            TcpStream::connect(&addrs[..]).await?
        }
        Some(Host::Domain(name)) => TcpStream::connect((name, port)).await?,
        Some(Host::Ipv4(ip)) => TcpStream::connect((ip, port)).await?,
        Some(Host::Ipv6(ip)) => TcpStream::connect((ip, port)).await?,
    };
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // It ends when the sender is dropped; its failures show at the sender too.
    tokio::spawn(connection);
    let request = request
        .uri(&url[Position::BeforePath..Position::AfterQuery])
        .header(HOST, &url[Position::BeforeHost..Position::AfterPort])
        .body(Full::new(body))?;
    Ok(sender.send_request(request).await?.status())
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::super::options::SandboxOptions;
    use super::super::service::Service;
    use super::super::tests::receiver;
    use super::*;

    const NO_DELAY: CallbackTiming = CallbackTiming {
        retries: [Duration::ZERO; 3],
        reorder: Duration::from_hours(1),
    };

    /// Returns a sender, the outcomes that it reports, and jobs for this address that are due.
    fn sender_with_jobs(
        timing: CallbackTiming,
        faults: &str,
        url: &str,
        count: usize,
    ) -> (Arc<CallbackSender>, mpsc::Receiver<bool>, Vec<CallbackJob>) {
        let options = SandboxOptions {
            delay: Duration::ZERO,
            faults: faults.parse().unwrap(),
            ..SandboxOptions::default()
        };
        let mut service = Service::new(options, |_| {}).unwrap();
        let body = format!(r#"{{"videoNo":"V","type":"AUDIO","callBackURI":"{url}"}}"#);
        for _ in 0..count {
            service.submit(body.as_bytes(), Instant::now()).unwrap();
        }
        let (report, outcomes) = mpsc::channel();
        let sender = CallbackSender::new(timing, move |outcome| report.send(outcome).unwrap());
        (Arc::new(sender), outcomes, service.pending_callbacks)
    }

    fn run(future: impl Future) {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(future);
    }

    #[test]
    fn callback_is_retried_until_delivered() {
        let (url, received) = receiver(&[500, 302, 201]);
        let (sender, outcomes, mut jobs) = sender_with_jobs(NO_DELAY, "", &url, 1);
        run(sender.deliver(jobs.remove(0)));
        assert_eq!(received.join().unwrap().len(), 3);
        assert_eq!(outcomes.iter().collect::<Vec<_>>(), [true]);
    }

    #[test]
    fn callback_is_given_up_after_four_attempts() {
        let (url, received) = receiver(&[500; 4]);
        let (sender, outcomes, mut jobs) = sender_with_jobs(NO_DELAY, "", &url, 1);
        run(sender.deliver(jobs.remove(0)));
        assert_eq!(received.join().unwrap().len(), 4);
        assert_eq!(outcomes.iter().collect::<Vec<_>>(), [false]);
    }

    #[test]
    fn reordered_callback_comes_after_the_next_one() {
        let (url, received) = receiver(&[200, 200]);
        let (sender, _outcomes, jobs) = sender_with_jobs(NO_DELAY, "callback-reorder:1", &url, 2);
        let [first, second] = <[CallbackJob; 2]>::try_from(jobs).unwrap();
        let in_order = [&second, &first].map(|job| job.event.id().to_owned());
        run(async {
            tokio::spawn(Arc::clone(&sender).deliver(first));
            while sender.held().is_none() {
                tokio::task::yield_now().await;
            }
            Arc::clone(&sender).deliver(second).await;
        });
        let received = received.join().unwrap();
        let task_nos = received.iter().map(|data| data["taskNo"].as_str().unwrap());
        assert!(task_nos.eq(in_order));
    }

    #[test]
    fn reordered_callback_comes_even_if_nothing_follows() {
        let (url, received) = receiver(&[200]);
        let timing = CallbackTiming {
            reorder: Duration::ZERO,
            ..NO_DELAY
        };
        let (sender, _outcomes, mut jobs) = sender_with_jobs(timing, "callback-reorder:1", &url, 1);
        run(sender.deliver(jobs.remove(0)));
        assert_eq!(received.join().unwrap().len(), 1);
    }

    #[test]
    fn only_loopback_is_called_and_never_https() {
        for (url, here, anywhere) in [
            ("http://127.0.0.1:8787/x", true, true),
            ("http://127.9.9.9/", true, true),
            ("http://[::1]:80/", true, true),
            ("http://localhost/", true, true),
            ("http://LOCALHOST/", true, true),
            ("http://localhost.example.com/", false, true),
            ("http://127.0.0.1.example.com/", false, true),
            ("http://127.0.0.1@example.com/", false, true),
            ("http://10.0.0.1/", false, true),
            ("http://0.0.0.0/", false, true),
            ("https://127.0.0.1/", false, false),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(is_allowed(&url, false), here, "{url}");
            assert_eq!(is_allowed(&url, true), anywhere, "{url}");
        }
    }
}
