//! Tests of login and renewal, with a service that is a closure.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::SystemTime;

use tempfile::TempDir;

use super::*;

const WITHIN: Duration = Duration::from_mins(1);
const AT_ONCE: Duration = Duration::from_millis(5);

/// A state directory, and what the service answers to refreshes, in turn.
struct TestLogin {
    directory: TempDir,
    answers: Arc<Mutex<Vec<Result<IssuedTokens, ApiError>>>>,
    refreshes: Arc<AtomicUsize>,
    warnings: Arc<Mutex<Vec<String>>>,
}

impl TestLogin {
    /// Creates a login whose access token `at-0` was issued this long ago, with a life of an hour.
    fn obtained_ago(ago: Duration) -> Self {
        let test = Self {
            directory: TempDir::new().unwrap(),
            answers: Arc::default(),
            refreshes: Arc::default(),
            warnings: Arc::default(),
        };
        test.store_tokens(issued(0), ago);
        test
    }

    /// Creates a login whose token is due to be renewed.
    fn due() -> Self {
        Self::obtained_ago(Duration::from_mins(58))
    }

    fn store_tokens(&self, tokens: IssuedTokens, ago: Duration) {
        let login = Login::new(Secret::new("client"), tokens, Timestamp::now() - ago);
        let lock = self.store().lock(WITHIN).unwrap();
        self.store().write(&lock, &login).unwrap();
    }

    fn store(&self) -> LoginStore {
        LoginStore::new(self.directory.path().to_owned(), "", "https://a.example")
    }

    fn answer(self, answer: Result<IssuedTokens, ApiError>) -> Self {
        self.answers.lock().unwrap().push(answer);
        self
    }

    /// Returns the source of tokens of one process.
    fn source(&self) -> RenewingLogin {
        let (answers, refreshes) = (Arc::clone(&self.answers), Arc::clone(&self.refreshes));
        let warnings = Arc::clone(&self.warnings);
        let refresh = move |_: &Secret, _| {
            refreshes.fetch_add(1, Ordering::SeqCst);
            answers.lock().unwrap().remove(0)
        };
        let warn = move |warning: &str| warnings.lock().unwrap().push(warning.to_owned());
        RenewingLogin::new(self.store(), refresh, warn)
    }

    fn refreshes(&self) -> usize {
        self.refreshes.load(Ordering::SeqCst)
    }
}

fn issued(number: u32) -> IssuedTokens {
    IssuedTokens {
        access_token: Secret::new(format!("at-{number}")),
        expires_in: Some(Duration::from_hours(1)),
        refresh_token: Some(Secret::new(format!("rt-{number}"))),
        refresh_expires_in: None,
    }
}

fn failed(kind: ErrorKind, class: FailureClass) -> ApiError {
    ApiError::new(Error::new(kind, "down"), class)
}

/// A refusal with a code of the service.
fn refusal() -> ApiError {
    let error = Error::new(ErrorKind::Api, "the service refused (code 0001)");
    ApiError::permanent(Error {
        api_code: Some("0001".to_owned()),
        http_status: Some(200),
        ..error
    })
}

#[track_caller]
fn token(source: &RenewingLogin, refused: Option<&str>) -> String {
    let refused = refused.map(Secret::new);
    let fetched = source.token(refused.as_ref(), WITHIN).unwrap();
    fetched.token.expose().to_owned()
}

#[test]
fn good_token_is_used_as_it_is() {
    let test = TestLogin::obtained_ago(Duration::from_mins(50));
    let source = test.source();
    assert_eq!(token(&source, None), "at-0");
    assert_eq!(token(&source, Some("at-of-another")), "at-0");
    let fetched = source.token(None, WITHIN).unwrap();
    let left = fetched.renew_at.unwrap().duration_since(SystemTime::now());
    assert!(left.unwrap() <= Duration::from_mins(5));
    assert_eq!(test.refreshes(), 0);
}

#[test]
fn due_or_refused_token_is_renewed_and_stored() {
    for (ago, refused) in [(58, None), (1, Some("at-0"))] {
        let test = TestLogin::obtained_ago(Duration::from_mins(ago)).answer(Ok(issued(1)));
        assert_eq!(token(&test.source(), refused), "at-1");
        assert_eq!(token(&test.source(), None), "at-1", "of another process");
        let stored = test.store().read().unwrap().unwrap();
        assert_eq!(stored.refresh_token, Some(Secret::new("rt-1")));
        assert_eq!(test.refreshes(), 1);
    }
}

#[test]
fn processes_at_the_end_of_a_token_refresh_once() {
    let test = TestLogin::due().answer(Ok(issued(1)));
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| assert_eq!(token(&test.source(), Some("at-0")), "at-1"));
        }
    });
    assert_eq!(test.refreshes(), 1);
}

#[test]
fn token_that_was_not_refused_outlives_every_failure() {
    let network = || failed(ErrorKind::Network, FailureClass::NotConnected);
    for failure in [
        network(),
        refusal(),
        failed(ErrorKind::Api, FailureClass::Permanent),
    ] {
        let test = TestLogin::due().answer(Err(failure));
        let fetched = test.source().token(None, WITHIN).unwrap();
        assert_eq!(fetched.token.expose(), "at-0");
        assert!(fetched.renew_at.unwrap() > SystemTime::now());
        assert_eq!(test.refreshes(), 1);
    }
    let test = TestLogin::due();
    let _lock = test.store().lock(WITHIN).unwrap();
    let fetched = test.source().token(None, AT_ONCE).unwrap();
    assert_eq!(fetched.token.expose(), "at-0", "another process hangs");
}

#[test]
fn refused_refresh_is_final_and_asked_for_once() {
    let test = TestLogin::due().answer(Err(refusal()));
    let source = test.source();
    for _ in 0..3 {
        let failure = source
            .token(Some(&Secret::new("at-0")), WITHIN)
            .unwrap_err();
        assert_eq!(
            (failure.class, failure.error.kind),
            (FailureClass::Permanent, ErrorKind::Auth)
        );
        assert_eq!(
            (&failure.error.api_code, failure.error.http_status),
            (&None, None)
        );
        assert_eq!(
            failure.error.message,
            "could not renew the login: the service refused (code 0001)"
        );
        let hint = failure.error.hint.unwrap();
        assert_eq!(hint, "to log in again, run: mavi auth login");
    }
    assert_eq!(test.refreshes(), 1);
    // Somebody has logged in meanwhile.
    test.store_tokens(issued(5), Duration::ZERO);
    assert_eq!(token(&source, Some("at-0")), "at-5");
}

#[test]
fn trouble_of_a_refresh_passes_and_pauses_the_next() {
    for (class, counted) in [
        (FailureClass::NotConnected, 0),
        (FailureClass::ConnectionLost, 1),
        (FailureClass::InvalidBody, 1),
        (FailureClass::RateLimited { retry_after: None }, 1),
    ] {
        let test = TestLogin::due().answer(Err(failed(ErrorKind::Network, class)));
        let source = test.source();
        let refused = Secret::new("at-0");
        for within in [WITHIN, AT_ONCE] {
            let failure = source.token(Some(&refused), within).unwrap_err();
            assert_eq!(
                failure.class,
                FailureClass::NotConnected,
                "nothing was sent"
            );
            assert_eq!(failure.error.kind, ErrorKind::Network);
        }
        assert_eq!(test.refreshes(), 1, "the second meets the pause");
        let log = test.directory.path().read_dir().unwrap();
        let mut log = log.map(|entry| entry.unwrap().path());
        let is_log = |path: &PathBuf| path.to_string_lossy().contains("token-calls-");
        let counts = fs::read_to_string(log.find(is_log).unwrap()).unwrap();
        let expected = format!("\"refreshes\":[{}", if counted == 0 { "]" } else { "" });
        assert!(counts.contains(&expected), "{counts}");
        // Another process has no pause, and where there is time, its end is waited for.
        let test = test.answer(Err(refusal())).answer(Ok(issued(1)));
        assert!(test.source().token(Some(&refused), WITHIN).is_err());
        assert_eq!(token(&source, Some("at-0")), "at-1");
        assert_eq!(test.refreshes(), 3);
    }
}

#[test]
fn refreshes_of_a_day_are_limited() {
    let test = TestLogin::due();
    let now = Timestamp::now();
    let calls = |client_id| test.store().call_log(&Secret::new(client_id));
    assert_eq!(calls("client").count(TokenCall::Refresh, now), None);
    // All at once, since each call that is counted is flushed to disk.
    let mut files = fs::read_dir(test.directory.path()).unwrap();
    let is_log = |path: &PathBuf| path.to_string_lossy().contains("token-calls-");
    let log = files.find_map(|file| Some(file.unwrap().path()).filter(is_log));
    let refreshes = vec![now.as_second(); 500];
    fs::write(log.unwrap(), format!(r#"{{"refreshes":{refreshes:?}}}"#)).unwrap();
    assert_eq!(calls("other").count(TokenCall::Refresh, now), None);
    let source = test.source();
    let failure = source
        .token(Some(&Secret::new("at-0")), WITHIN)
        .unwrap_err();
    assert_eq!(
        (failure.class, failure.error.kind),
        (FailureClass::NoToken, ErrorKind::RateLimit)
    );
    assert_eq!(token(&source, None), "at-0");
    assert_eq!(test.refreshes(), 0);
}

#[test]
fn login_without_a_refresh_token_ends_with_its_access_token() {
    let test = TestLogin::due();
    let tokens = IssuedTokens {
        refresh_token: None,
        ..issued(0)
    };
    test.store_tokens(tokens, Duration::ZERO);
    let source = test.source();
    assert_eq!(token(&source, None), "at-0");
    let failure = source
        .token(Some(&Secret::new("at-0")), WITHIN)
        .unwrap_err();
    assert_eq!(failure.error.kind, ErrorKind::Auth);
}

#[test]
fn deleted_login_ends_a_run() {
    let test = TestLogin::due();
    let source = test.source();
    assert_eq!(test.store().delete(WITHIN), Ok(true));
    assert_eq!(test.store().delete(WITHIN), Ok(false));
    let failure = source.token(None, WITHIN).unwrap_err();
    assert_eq!(failure.error.message, "there is no stored login any more");
}

#[cfg(unix)]
#[test]
fn login_that_cannot_be_stored_serves_its_process() {
    let test = TestLogin::due().answer(Ok(issued(1)));
    // A directory in place of the file: it can be read before, and not be replaced after the refresh.
    let source = {
        let (store, path) = (test.store(), test.store().path());
        let warnings = Arc::clone(&test.warnings);
        RenewingLogin::new(
            store,
            move |_: &Secret, _| {
                let saved = fs::read(&path).unwrap();
                fs::remove_file(&path).unwrap();
                fs::create_dir(&path).unwrap();
                fs::write(path.join("saved"), saved).unwrap();
                Ok(issued(1))
            },
            move |warning: &str| warnings.lock().unwrap().push(warning.to_owned()),
        )
    };
    assert_eq!(token(&source, Some("at-0")), "at-1");
    let path = test.store().path();
    let saved = fs::read(path.join("saved")).unwrap();
    fs::remove_dir_all(&path).unwrap();
    fs::write(&path, saved).unwrap();
    assert_eq!(
        token(&source, Some("at-0")),
        "at-1",
        "not the one of the file"
    );
    let warnings = test.warnings.lock().unwrap();
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0].ends_with(
            "this run goes on with its new token, but later runs may have to log in again"
        ),
        "{warnings:?}"
    );
}

#[cfg(unix)]
#[test]
fn files_are_private_and_stale_copies_are_removed() {
    use std::os::unix::fs::PermissionsExt as _;
    let test = TestLogin::due();
    let path = test.store().path();
    let copy = path.with_file_name(format!(
        ".{}-x1y2z3",
        path.file_stem().unwrap().to_str().unwrap()
    ));
    fs::write(&copy, "at-0").unwrap();
    drop(test.store().lock(WITHIN).unwrap());
    assert!(!copy.exists());
    for entry in fs::read_dir(test.directory.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", entry.path());
    }
    assert_eq!(test.store().exposure_warning(), None);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let warning = test.store().exposure_warning().unwrap();
    assert!(warning.contains("others can read it"), "{warning}");
    // A file that is written anew is private again.
    test.store_tokens(issued(0), Duration::ZERO);
    assert_eq!(test.store().exposure_warning(), None);
}

#[test]
fn profiles_and_services_have_logins_of_their_own() {
    let store = |profile, url| LoginStore::new("state".into(), profile, url).path();
    let paths = [
        store("", "https://a.example"),
        store("work", "https://a.example"),
        store("", "https://b.example"),
    ];
    for (at, path) in paths.iter().enumerate() {
        assert!(!paths[..at].contains(path), "{path:?}");
    }
}

#[test]
fn code_is_exchanged_once_and_within_the_limit_of_a_day() {
    let directory = TempDir::new().unwrap();
    let store = LoginStore::new(directory.path().to_owned(), "", "https://a.example");
    let code = Code {
        client_id: Secret::new("ada"),
        code: Secret::new("c-1"),
    };
    let refused = log_in(&store, &code, WITHIN, |_, _| Err(refusal())).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Auth);
    assert!(refused.hint.unwrap().contains("ten minutes"));
    assert_eq!(store.read(), Ok(None));
    let network = failed(ErrorKind::Network, FailureClass::NotConnected);
    let error = log_in(&store, &code, WITHIN, |_, _| Err(network)).unwrap_err();
    assert_eq!(
        (error.kind, error.message.as_str()),
        (ErrorKind::Network, "could not log in: down")
    );

    for number in 1..50 {
        let login = log_in(&store, &code, WITHIN, |client_id, code| {
            assert_eq!((client_id.expose(), code.expose()), ("ada", "c-1"));
            Ok(issued(number))
        });
        assert_eq!(store.read().unwrap(), Some(login.unwrap()));
    }
    // Another profile has the same account.
    let work = LoginStore::new(directory.path().to_owned(), "work", "https://a.example");
    for store in [&store, &work] {
        let spent = log_in(store, &code, WITHIN, |_, _| panic!("it is not sent"));
        assert_eq!(spent.unwrap_err().kind, ErrorKind::RateLimit);
    }
    let other = Code {
        client_id: Secret::new("bob"),
        ..code
    };
    log_in(&store, &other, WITHIN, |_, _| Ok(issued(1))).unwrap();
}

#[test]
fn damaged_login_is_an_error_that_a_login_mends() {
    let test = TestLogin::due();
    fs::write(test.store().path(), "{\"accessToken\":\"at-0\"").unwrap();
    let store = test
        .store()
        .with_login_command("mavi auth login --profile x".to_owned());
    let error = store.read().unwrap_err();
    assert_eq!(error.kind, ErrorKind::Auth);
    let hint = "to log in again, run: mavi auth login --profile x";
    assert_eq!(error.hint.as_deref(), Some(hint));
    assert!(!error.to_json().contains("at-0"), "{error}");
    test.store_tokens(issued(1), Duration::ZERO);
    assert!(test.store().read().unwrap().is_some());
}

#[test]
fn debug_shows_no_token() {
    let login = TestLogin::due().store().read().unwrap().unwrap();
    let shown = format!("{login:?} {:?}", issued(1));
    for secret in ["at-", "rt-", "client\""] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn without_time_nothing_is_sent() {
    let test = TestLogin::due();
    let refused = Secret::new("at-0");
    let failure = test.source().token(Some(&refused), Duration::ZERO);
    assert_eq!(failure.unwrap_err().class, FailureClass::NotConnected);
    assert_eq!(test.refreshes(), 0);
}
