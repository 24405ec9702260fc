//! Callbacks: when a task ends, its `data` is sent by POST to the address that came with the
//! submit, and again a few times until a 2xx status says that it arrived. Only loopback is called
//! unless the options say otherwise: a stand-in on somebody's machine must not reach out to others.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{Request, StatusCode};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::{sleep, sleep_until, timeout};
use url::{Host, Position, Url};

use super::dice::Fate;
use super::lock;
use super::service::Service;
use crate::urls::is_loopback;

/// How long a receiver may take to answer one try.
const PATIENCE_WITH_RECEIVER: Duration = Duration::from_secs(10);

/// One callback to make.
#[derive(Clone, Debug)]
pub(super) struct Errand {
    pub(super) task_no: String,
    pub(super) url: Url,
    pub(super) due: Instant,
    pub(super) fate: Fate,
}

/// How long to wait for what.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Before each further try.
    retries: [Duration; 3],
    /// For another callback to go ahead of one that is to come out of order.
    reorder: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            retries: [1, 2, 4].map(Duration::from_secs),
            reorder: Duration::from_secs(2),
        }
    }
}

/// Makes the callbacks.
pub(super) struct Postman {
    service: Arc<Mutex<Service>>,
    pace: Pace,
    /// A callback that lets the next one go ahead.
    held: Mutex<Option<Errand>>,
}

/// Whether the sandbox may call this address.
pub(super) fn is_allowed(url: &Url, anywhere: bool) -> bool {
    url.scheme() == "http" && (is_loopback(url) || anywhere)
}

impl Postman {
    pub(super) fn new(service: Arc<Mutex<Service>>, pace: Pace) -> Self {
        Self {
            service,
            pace,
            held: Mutex::new(None),
        }
    }

    /// Makes one callback in its time.
    pub(super) async fn deliver(self: Arc<Self>, errand: Errand) {
        sleep_until(errand.due.into()).await;
        let overtaken = self.held().take();
        if errand.fate.is_reordered && overtaken.is_none() {
            let task_no = errand.task_no.clone();
            *self.held() = Some(errand);
            sleep(self.pace.reorder).await;
            // Still there: nothing has overtaken it, and nothing may come any more.
            let unclaimed = self.held().take_if(|held| held.task_no == task_no);
            if let Some(errand) = unclaimed {
                self.post(&errand).await;
            }
            return;
        }
        self.post(&errand).await;
        if let Some(overtaken) = overtaken {
            self.post(&overtaken).await;
        }
    }

    async fn post(&self, errand: &Errand) {
        let Some(data) = lock(&self.service).data_at_end(&errand.task_no) else {
            return;
        };
        let copies = if errand.fate.is_doubled { 2 } else { 1 };
        for _ in 0..copies {
            let is_delivered = self.post_until_taken(&errand.url, &data).await;
            let counts = &mut lock(&self.service).counts;
            counts.callbacks_delivered += u64::from(is_delivered);
            counts.callbacks_given_up += u64::from(!is_delivered);
        }
    }

    async fn post_until_taken(&self, url: &Url, data: &str) -> bool {
        let waits = [Duration::ZERO].into_iter().chain(self.pace.retries);
        for wait in waits {
            sleep(wait).await;
            let answer = timeout(PATIENCE_WITH_RECEIVER, post_once(url, data)).await;
            if matches!(answer, Ok(Ok(status)) if status.is_success()) {
                return true;
            }
        }
        false
    }

    fn held(&self) -> MutexGuard<'_, Option<Errand>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn post_once(url: &Url, data: &str) -> Result<StatusCode, Box<dyn Error + Send + Sync>> {
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
    let request = Request::post(&url[Position::BeforePath..Position::AfterQuery])
        .header(HOST, &url[Position::BeforeHost..Position::AfterPort])
        .header(CONTENT_TYPE, "application/json")
        .body(Body::from(data.to_owned()))?;
    Ok(sender.send_request(request).await?.status())
}

#[cfg(test)]
mod tests {
    use super::super::tests::receiver;
    use super::super::{Counts, Options};
    use super::*;

    const HASTE: Pace = Pace {
        retries: [Duration::ZERO; 3],
        reorder: Duration::from_hours(1),
    };

    /// A postman, and errands to this address whose tasks have ended.
    fn office(faults: &str, url: &str, count: usize) -> (Arc<Postman>, Vec<Errand>) {
        let mut service = Service::new(Options {
            delay: Duration::ZERO,
            faults: faults.parse().unwrap(),
            ..Options::default()
        })
        .unwrap();
        let body = format!(r#"{{"videoNo":"V","type":"AUDIO","callBackURI":"{url}"}}"#);
        for _ in 0..count {
            service.submit(body.as_bytes(), Instant::now()).unwrap();
        }
        let errands = std::mem::take(&mut service.errands);
        let postman = Postman::new(Arc::new(Mutex::new(service)), HASTE);
        (Arc::new(postman), errands)
    }

    fn run(future: impl Future) {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(future);
    }

    fn counts(postman: &Postman) -> Counts {
        lock(&postman.service).counts
    }

    #[test]
    fn a_callback_is_tried_again_until_it_is_taken() {
        let (url, received) = receiver(&[500, 302, 201]);
        let (postman, mut errands) = office("", &url, 1);
        run(Arc::clone(&postman).deliver(errands.remove(0)));
        assert_eq!(received.join().unwrap().len(), 3);
        assert_eq!(counts(&postman).callbacks_delivered, 1);
    }

    #[test]
    fn it_is_given_up_after_four_tries() {
        let (url, received) = receiver(&[500; 4]);
        let (postman, mut errands) = office("", &url, 1);
        run(Arc::clone(&postman).deliver(errands.remove(0)));
        assert_eq!(received.join().unwrap().len(), 4);
        let counts = counts(&postman);
        assert_eq!(
            (counts.callbacks_delivered, counts.callbacks_given_up),
            (0, 1)
        );
    }

    #[test]
    fn a_reordered_callback_comes_after_the_next_one() {
        let (url, received) = receiver(&[200, 200]);
        let (postman, errands) = office("callback-reorder:1", &url, 2);
        let [first, second] = <[Errand; 2]>::try_from(errands).unwrap();
        let in_order = [&second, &first].map(|errand| errand.task_no.clone());
        run(async {
            tokio::spawn(Arc::clone(&postman).deliver(first));
            while postman.held().is_none() {
                tokio::task::yield_now().await;
            }
            Arc::clone(&postman).deliver(second).await;
        });
        let received = received.join().unwrap();
        let task_nos = received.iter().map(|data| data["taskNo"].as_str().unwrap());
        assert!(task_nos.eq(in_order));
    }

    #[test]
    fn a_reordered_callback_that_nothing_follows_comes_all_the_same() {
        let (url, received) = receiver(&[200]);
        let (postman, mut errands) = office("callback-reorder:1", &url, 1);
        let postman = Arc::into_inner(postman).unwrap();
        let hasty = Arc::new(Postman {
            pace: Pace {
                reorder: Duration::ZERO,
                ..HASTE
            },
            ..postman
        });
        run(Arc::clone(&hasty).deliver(errands.remove(0)));
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
