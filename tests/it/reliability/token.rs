//! A token that expires in the middle of much work.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mavi::sandbox::SandboxOptions;

use crate::support::env::{TestEnv, videos};
use crate::support::fake_server::{FakeServer, ok};
use crate::support::run::Run;

/// A service that accepts `token-1` for this many calls, and `token-2` after that; and the number of
/// submits that it has accepted.
fn expiring(good_for: usize) -> (FakeServer, Arc<AtomicUsize>) {
    let accepted = Arc::new(AtomicUsize::new(0));
    let submits = Arc::clone(&accepted);
    let service = FakeServer::new(move |number, request| {
        let token = if number < good_for {
            "token-1"
        } else {
            "token-2"
        };
        if request.header("authorization") != Some(&*format!("Bearer {token}")) {
            return ok(r#"{"code":"0401","msg":"Authorization is invalid.","data":null}"#);
        }
        let data = if request.is_submit() {
            let number = submits.fetch_add(1, Ordering::SeqCst);
            format!(r#"{{"taskNo":"T{number}"}}"#)
        } else {
            let task = request.task();
            format!(r#"{{"status":"FINISH","taskNo":"{task}","transcriptions":[]}}"#)
        };
        ok(format!(
            r#"{{"code":"0000","msg":"success","data":{data}}}"#
        ))
    });
    (service, accepted)
}

#[test]
fn a_token_that_expires_is_renewed_once_for_all_workers() {
    // In the middle of the submits, and in the middle of the questions.
    for good_for in [50, 150] {
        let (service, accepted) = expiring(good_for);
        let env = TestEnv::with_sandbox(SandboxOptions::default());
        env.configure(
            "token_command = [\"sh\", \"-c\", \"env > env; echo >> runs; echo token-$(wc -l < runs)\"]\n\
             [limits]\nsubmit_audio_per_minute = 100000\nget_per_minute = 100000\n",
        );
        let args = "submit --wait --interval 10ms --jobs 16 --format jsonl -";
        let mut command = env.command_with_items(args, &videos("film", 100));
        command
            .env_remove("MAVI_TOKEN")
            .env("MAVI_BASE_URL", service.url());
        let run = Run::of(command).ok();

        assert_eq!(run.lines().len(), 100, "{run:#?}");
        assert_eq!(accepted.load(Ordering::SeqCst), 100);
        let runs = fs::read_to_string(env.path("runs")).unwrap();
        assert_eq!(runs.lines().count(), 2, "at the start, and once more");
        // 200 calls do the work; each of 16 workers that submit and 16 that ask is refused once at
        // the most.
        let calls = service.count();
        assert!((201..=232).contains(&calls), "{calls} calls");
        let variables = fs::read_to_string(env.path("env")).unwrap();
        for shown in [&*run.stdout, &*run.stderr, &*variables] {
            assert!(!shown.contains("token-"), "{shown}");
        }
        let journal = fs::read_to_string(env.journal()).unwrap();
        assert!(!journal.contains("token-"));
    }
}
