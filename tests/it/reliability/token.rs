//! A token that expires in the middle of much work.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use mavi::sandbox::SandboxOptions;

use crate::support::process::{TestEnv, videos};

/// A service that accepts `token-1` for this many calls, and `token-2` after that. One request a
/// connection.
struct Expiring {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    good_for: usize,
    calls: AtomicUsize,
    accepted: AtomicUsize,
}

impl Expiring {
    fn start(good_for: usize) -> Self {
        let state = Arc::new(State {
            good_for,
            calls: AtomicUsize::new(0),
            accepted: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, state) = (stream.unwrap(), Arc::clone(&shared));
                thread::spawn(move || state.serve(stream));
            }
        });
        Self { address, state }
    }
}

impl State {
    fn serve(&self, mut stream: TcpStream) {
        let mut lines = BufReader::new(stream.try_clone().unwrap());
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if !matches!(lines.read_line(&mut head), Ok(1..)) {
                return; // connected in vain
            }
        }
        let header = |name: &str| {
            let line = head.lines().find_map(|line| line.strip_prefix(name));
            line.map(str::to_owned)
        };
        let length = header("content-length: ").map_or(0, |length| length.parse().unwrap());
        lines.read_exact(&mut vec![0; length]).unwrap();
        let body = self.reply(&head, header("authorization: ").as_deref());
        let length = body.len();
        let reply = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        );
        // The run may be over.
        let _ = stream.write_all(reply.as_bytes());
    }

    fn reply(&self, head: &str, authorization: Option<&str>) -> String {
        let is_first = self.calls.fetch_add(1, Ordering::SeqCst) < self.good_for;
        let token = if is_first { "token-1" } else { "token-2" };
        if authorization.and_then(|it| it.strip_prefix("Bearer ")) != Some(token) {
            return r#"{"code":"0401","msg":"Authorization is invalid.","data":null}"#.to_owned();
        }
        let target = head.split(' ').nth(1).unwrap();
        let data = if let Some((_, task)) = target.split_once("?taskNo=") {
            format!(r#"{{"status":"FINISH","taskNo":"{task}","transcriptions":[]}}"#)
        } else {
            let number = self.accepted.fetch_add(1, Ordering::SeqCst);
            format!(r#"{{"taskNo":"T{number}"}}"#)
        };
        format!(r#"{{"code":"0000","msg":"success","data":{data}}}"#)
    }
}

#[test]
fn a_token_that_expires_is_renewed_once_for_all_workers() {
    // In the middle of the submits, and in the middle of the questions.
    for good_for in [50, 150] {
        let service = Expiring::start(good_for);
        let env = TestEnv::new(SandboxOptions::default());
        env.configure(
            "token_command = [\"sh\", \"-c\", \"env > env; echo >> runs; echo token-$(wc -l < runs)\"]\n\
             [limits]\nsubmit_audio_per_minute = 100000\nget_per_minute = 100000\n",
        );
        let args = "submit --wait --interval 10ms --jobs 16 --format jsonl -";
        let mut command = env.mavi_with(args, &videos("film", 100));
        command
            .env_remove("MAVI_TOKEN")
            .env("MAVI_BASE_URL", format!("http://{}", service.address));
        let run = env.run(command).ok();

        assert_eq!(run.lines().len(), 100, "{run:#?}");
        assert_eq!(service.state.accepted.load(Ordering::SeqCst), 100);
        let runs = fs::read_to_string(env.path("runs")).unwrap();
        assert_eq!(runs.lines().count(), 2, "at the start, and once more");
        // 200 calls do the work; each of 16 workers that submit and 16 that ask is refused once at
        // the most.
        let calls = service.state.calls.load(Ordering::SeqCst);
        assert!((201..=232).contains(&calls), "{calls} calls");
        let variables = fs::read_to_string(env.path("env")).unwrap();
        for shown in [&run.stdout, &run.stderr, &variables] {
            assert!(!shown.contains("token-"), "{shown}");
        }
        let journal = fs::read_to_string(env.journal()).unwrap();
        assert!(!journal.contains("token-"));
    }
}
