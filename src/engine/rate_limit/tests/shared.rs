//! Tests of the rate limits in a file. They use the wall clock, and take less than a window of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Barrier;
use std::thread;
use std::time::SystemTime;

use super::*;

const TOKEN: &str = "token-of-the-account";
const BASE_URL: &str = "https://mavi.example";

fn open(folder: &Path) -> SharedRateLimiter {
    SharedRateLimiter::open(
        Some(folder),
        BASE_URL,
        TOKEN.as_bytes(),
        AccountLimits::default(),
    )
}

/// Makes calls until one has to wait; returns how many there were.
fn calls_at_once(limiter: &mut SharedRateLimiter) -> usize {
    let mut calls = 0;
    loop {
        let (permit, wait) = slot(limiter.reserve(Endpoint::Get, Pacing::Immediate));
        if !wait.is_zero() {
            limiter.cancel(permit);
            return calls;
        }
        limiter.complete(permit);
        calls += 1;
    }
}

/// The names of the files in a folder, sorted.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn state_file(folder: &Path) -> PathBuf {
    let mut files = files(folder).into_iter().map(|name| folder.join(name));
    files
        .find(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .unwrap()
}

#[test]
fn processes_share_one_account() {
    let folder = tempfile::tempdir().unwrap();
    let (mut first, mut second) = (open(folder.path()), open(folder.path()));
    let (permit, _) = slot(first.reserve(Endpoint::Get, Pacing::Even));
    assert_eq!(calls_at_once(&mut second), 49);
    assert_eq!(calls_at_once(&mut first), 0);
    first.cancel(permit);
    assert_eq!(calls_at_once(&mut second), 1);
    let (permit, _) = slot(first.reserve(Endpoint::SubmitVideo, Pacing::Immediate));
    first.rate_limited(permit, Some(MINUTE));
    let (permit, wait) = slot(second.reserve(Endpoint::SubmitVideo, Pacing::Immediate));
    assert!(wait > ms(50_000), "paused for all");
    let (permit, wait) = slot(second.start(permit));
    assert!(wait > ms(50_000));
    second.cancel(permit);
    assert_eq!(first.take_warning(), None);
    assert_eq!(second.take_warning(), None);
}

#[test]
fn accounts_and_services_do_not_share() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(calls_at_once(&mut open(folder.path())), 50);
    for (base_url, account) in [(BASE_URL, "another"), ("https://other.example", TOKEN)] {
        let limits = AccountLimits::default();
        let mut other =
            SharedRateLimiter::open(Some(folder.path()), base_url, account.as_bytes(), limits);
        assert_eq!(calls_at_once(&mut other), 50);
    }
    assert_eq!(calls_at_once(&mut open(folder.path())), 0);
}

#[test]
fn calls_count_by_the_clock_of_all_processes() {
    let folder = tempfile::tempdir().unwrap();
    let before = SystemTime::now();
    calls_at_once(&mut open(folder.path()));
    let state: serde_json::Value =
        serde_json::from_slice(&fs::read(state_file(folder.path())).unwrap()).unwrap();
    let clock = SystemTime::UNIX_EPOCH + ms(state["clock"].as_u64().unwrap());
    assert!(clock + ms(1) >= before && clock <= SystemTime::now());
}

#[test]
fn concurrent_processes_lose_no_call() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("is/created");
    let start = Barrier::new(8);
    let run = || {
        start.wait();
        let mut limiter = open(&state);
        let calls = calls_at_once(&mut limiter);
        assert_eq!(limiter.take_warning(), None);
        calls
    };
    let calls: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(run)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(calls, 50);
    assert_eq!(files(&state).len(), 2, "key and state");
}

#[test]
fn token_is_in_no_file_and_only_owner_may_read() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let _ = open(&state).reserve(Endpoint::Get, Pacing::Even);
    let hash = ring::digest::digest(&ring::digest::SHA256, TOKEN.as_bytes());
    let hash = hash.as_ref().iter().take(8);
    let hash = hash.fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    for name in files(&state) {
        let content = fs::read(state.join(&name)).unwrap();
        let content = format!("{name} {}", String::from_utf8_lossy(&content));
        assert!(
            !content.contains(TOKEN) && !content.contains(&hash),
            "{content}"
        );
        #[cfg(unix)]
        assert_eq!(mode(&state.join(&name)), 0o600, "{name}");
    }
    #[cfg(unix)]
    assert_eq!(mode(&state), 0o700);
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn damaged_file_counts_as_absent() {
    let folder = tempfile::tempdir().unwrap();
    let mut limiter = open(folder.path());
    assert_eq!(calls_at_once(&mut limiter), 50);
    for damaged in ["", "{\"clock\":1}", "\0\0\0\0"] {
        fs::write(state_file(folder.path()), damaged).unwrap();
        assert_eq!(calls_at_once(&mut open(folder.path())), 50, "{damaged:?}");
    }
    fs::write(state_file(folder.path()), "damaged").unwrap();
    assert_eq!(
        calls_at_once(&mut limiter),
        0,
        "this process still knows its calls"
    );
    fs::remove_file(state_file(folder.path())).unwrap();
    assert_eq!(calls_at_once(&mut limiter), 0);
    assert_eq!(limiter.take_warning(), None);
}

#[test]
fn file_is_valid_json_at_any_length() {
    let folder = tempfile::tempdir().unwrap();
    let mut limiter = open(folder.path());
    let parse = || -> serde_json::Value {
        serde_json::from_slice(&fs::read(state_file(folder.path())).unwrap()).unwrap()
    };
    let permits: Vec<_> = (0..9)
        .map(|_| slot(limiter.reserve(Endpoint::Upload, Pacing::Immediate)).0)
        .collect();
    let longest = parse();
    for permit in permits {
        limiter.cancel(permit);
        assert_ne!(parse(), longest);
    }
}

#[test]
fn unusable_folder_is_one_warning_and_own_count() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let limits = AccountLimits::default();
    for folder in [None, Some(file.as_path()), Some(&file.join("below"))] {
        let mut limiter = SharedRateLimiter::open(folder, BASE_URL, TOKEN.as_bytes(), limits);
        assert_eq!(calls_at_once(&mut limiter), 50);
        let warning = limiter.take_warning().unwrap();
        assert!(
            warning.starts_with("cannot use the shared rate limits"),
            "{warning}"
        );
        assert!(!warning.contains(TOKEN));
        assert_eq!(calls_at_once(&mut limiter), 0);
        assert_eq!(limiter.take_warning(), None);
    }
}

#[test]
fn file_that_becomes_unusable_is_one_warning_and_own_count() {
    let folder = tempfile::tempdir().unwrap();
    let mut limiter = open(folder.path());
    let (permit, _) = slot(limiter.reserve(Endpoint::Get, Pacing::Even));
    let path = state_file(folder.path());
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    limiter.complete(permit);
    let warning = limiter.take_warning().unwrap();
    assert!(warning.contains(&path.display().to_string()), "{warning}");
    assert_eq!(calls_at_once(&mut limiter), 49);
    assert_eq!(limiter.take_warning(), None);
}

#[test]
fn peek_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let peek = || {
        let (folder, token) = (Some(folder.path()), TOKEN.as_bytes());
        let limiter = SharedRateLimiter::peek(folder, BASE_URL, token, AccountLimits::default());
        limiter.least_wait(Endpoint::Get, 1)
    };
    assert_eq!(peek(), Duration::ZERO);
    assert!(files(folder.path()).is_empty());
    assert_eq!(calls_at_once(&mut open(folder.path())), 50);
    let content = || fs::read(state_file(folder.path())).unwrap();
    let before = content();
    assert!(peek() > ms(50_000));
    assert_eq!((content(), files(folder.path()).len()), (before, 2));
}
