//! A token that expires in the middle of much work.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use axum::Router;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, HeaderValue};
use axum::routing::{get, post};
use mavi::sandbox::Options;

use crate::support::{Bench, videos};

/// A service that takes `token-1` for this many calls, and `token-2` after that.
struct Expiring {
    address: SocketAddr,
    calls: Arc<AtomicUsize>,
    accepted: Arc<AtomicUsize>,
}

impl Expiring {
    fn start(good_for: usize) -> Self {
        let calls = Arc::new(AtomicUsize::new(0));
        let accepted = Arc::new(AtomicUsize::new(0));
        let checked = {
            let calls = Arc::clone(&calls);
            move |headers: &HeaderMap, answer: &dyn Fn() -> String| {
                let token = if calls.fetch_add(1, Ordering::SeqCst) < good_for {
                    "Bearer token-1"
                } else {
                    "Bearer token-2"
                };
                let given = headers.get("authorization").map(HeaderValue::as_bytes);
                if given == Some(token.as_bytes()) {
                    format!(r#"{{"code":"0000","msg":"success","data":{}}}"#, answer())
                } else {
                    r#"{"code":"0401","msg":"Authorization is invalid.","data":null}"#.to_owned()
                }
            }
        };
        let submit = {
            let (checked, accepted) = (checked.clone(), Arc::clone(&accepted));
            async move |headers: HeaderMap| {
                checked(&headers, &|| {
                    let number = accepted.fetch_add(1, Ordering::SeqCst);
                    format!(r#"{{"taskNo":"T{number}"}}"#)
                })
            }
        };
        let ask = async move |headers: HeaderMap, RawQuery(query): RawQuery| {
            checked(&headers, &|| {
                let task = query.as_deref().unwrap().trim_start_matches("taskNo=");
                format!(r#"{{"status":"FINISH","taskNo":"{task}","transcriptions":[]}}"#)
            })
        };
        let router = Router::new()
            .route("/api/serve/video/subTranscription", post(submit))
            .route("/api/serve/video/getTranscription", get(ask));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, router).await
            })
        });
        Self {
            address,
            calls,
            accepted,
        }
    }
}

#[test]
fn a_token_that_expires_is_renewed_once_for_all_workers() {
    // In the middle of the submits, and in the middle of the questions.
    for good_for in [50, 150] {
        let service = Expiring::start(good_for);
        let bench = Bench::new(Options::default());
        bench.configure(
            "token_command = [\"sh\", \"-c\", \"env > env; echo >> runs; echo token-$(wc -l < runs)\"]\n\
             [limits]\nsubmit_audio_per_minute = 100000\nget_per_minute = 100000\n",
        );
        let args = "submit --wait --interval 10ms --jobs 16 --format jsonl -";
        let mut command = bench.mavi_with(args, &videos("film", 100));
        command
            .env_remove("MAVI_TOKEN")
            .env("MAVI_BASE_URL", format!("http://{}", service.address));
        let run = bench.run(command).ok();

        assert_eq!(run.lines().len(), 100, "{run:#?}");
        assert_eq!(service.accepted.load(Ordering::SeqCst), 100);
        let runs = fs::read_to_string(bench.path("runs")).unwrap();
        assert_eq!(runs.lines().count(), 2, "at the start, and once more");
        // 200 calls do the work; each of 16 workers that submit and 16 that ask is refused once at
        // the most.
        let calls = service.calls.load(Ordering::SeqCst);
        assert!((201..=232).contains(&calls), "{calls} calls");
        let env = fs::read_to_string(bench.path("env")).unwrap();
        for shown in [&run.stdout, &run.stderr, &env] {
            assert!(!shown.contains("token-"), "{shown}");
        }
        let journal = fs::read_to_string(bench.journal()).unwrap();
        assert!(!journal.contains("token-"));
    }
}
