//! `mavi auth login --listen`: the service's own call with a code, and everything else that calls.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};

use rustix::process::Signal;
use snapbox::str;

use super::auth::sandbox;
use super::auth_terminal::answers;
use crate::support::env::TestEnv;
use crate::support::login::{
    CLIENT_ID, command, expect_no_secrets, login, login_files, run, variable,
};
use crate::support::process::Process;
use crate::support::run::Run;
use crate::terminal::on_terminal;

/// A login that waits for the code, and the address that it listens on.
fn listening(env: &TestEnv, flags: &str) -> (Process, String) {
    let mut listening = command(env, &format!("auth login --listen 127.0.0.1:0 {flags}"));
    listening.env("MAVI_API_KEY", variable(env, "MAVI_API_KEY"));
    let process = Process::start(listening);
    let said = process.wait_for_stderr("the callback URL of the account must be http://127.0.0.1:");
    let said = if said.ends_with('\n') {
        said
    } else {
        process.wait_for_stderr("\n")
    };
    let (_, url) = said.trim_end().rsplit_once("http://").unwrap();
    let (address, _) = url.split_once('/').unwrap();
    (process, address.to_owned())
}

/// Returns an address that is free: no other test uses this IP address.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.77.1.1:0").unwrap();
    listener.local_addr().unwrap()
}

/// Sends a request, and returns status and body of the answer.
fn send(address: &str, request: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{request} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 0\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer)
}

/// MD5 of the API key, by the program that people would use.
fn state(env: &TestEnv) -> String {
    let key = variable(env, "MAVI_API_KEY");
    let mut shell = env.shell(&format!("printf %s {key} | md5sum"));
    shell.env_remove("MAVI_TOKEN");
    Run::of(shell).ok().stdout[..32].to_owned()
}

#[test]
fn call_of_the_service_logs_in_and_all_else_is_refused() {
    let env = sandbox();
    let (process, address) = listening(&env, "");
    let code = variable(&env, "MAVI_SANDBOX_CODE");
    let state = state(&env);
    let wrong = "0".repeat(32);
    let query = format!("code={code}&clientId={CLIENT_ID}");
    for (request, status) in [
        (format!("GET /?{query}&state={wrong}"), 403),
        (format!("GET /?{query}"), 403),
        (format!("GET /?clientId={CLIENT_ID}&state={state}"), 400),
        (format!("GET /other?{query}&state={state}"), 404),
        (format!("POST /?{query}&state={state}"), 405),
        (format!("HEAD /?{query}&state={state}"), 405),
    ] {
        let (got, answer) = send(&address, &request);
        assert_eq!(got, status, "{request}");
        assert!(answer.ends_with("\r\n\r\n"), "a body: {answer}");
    }
    assert_eq!(
        (env.sandbox().stats().logins, login_files(&env).len()),
        (0, 0)
    );
    process
        .wait_for_stderr("warning: refused a request: its `state` is not the MD5 of the API key");

    let (status, page) = send(&address, &format!("GET /?{query}&state={state}"));
    assert_eq!(status, 200);
    let head = page.to_lowercase();
    assert!(
        head.contains("content-security-policy: default-src 'none';"),
        "{page}"
    );
    assert!(page.contains("You can close this window"), "{page}");
    expect_no_secrets(&page);
    let run = process.end().allow_warnings("one a kind of refusal").ok();
    let run = run.expect_stderr(str![[r#"
waiting for the code; the callback URL of the account must be http://127.0.0.1:[PORT]/
waiting for the code
warning: refused a request: its `state` is not the MD5 of the API key
warning: refused a request: `code` or `clientId` is missing, given twice or not usable
warning: refused a request: its path is not that of the callback address
warning: refused a request: it is not a GET
logging in
logged in; tokens renew themselves; the login ends in 2 months ([DATE])

"#]]);
    expect_no_secrets(&run.stderr);
    assert!(TcpStream::connect(&address).is_err(), "it has ended");
    let stored = login(&env).to_string();
    let key = variable(&env, "MAVI_API_KEY");
    assert!(!stored.contains(&key) && !stored.contains(&code) && !stored.contains(&state));
}

#[test]
fn idle_connections_do_not_keep_the_call_out() {
    let env = sandbox();
    let (process, address) = listening(&env, "");
    let idle: Vec<_> = (0..200)
        .map(|_| TcpStream::connect(&address).unwrap())
        .collect();
    let code = variable(&env, "MAVI_SANDBOX_CODE");
    let query = format!("code={code}&clientId={CLIENT_ID}&state={}", state(&env));
    assert_eq!(send(&address, &format!("GET /?{query}")).0, 200);
    process.end().ok();
    drop(idle);
}

#[test]
fn call_comes_at_the_path_of_the_public_url() {
    let env = sandbox();
    let public_url = "--public-url https://ci.example.com/mavi/code";
    // With a public URL the port is not printed.
    let addr = free_address();
    let args = format!("auth login --listen {addr} {public_url} --client-id {CLIENT_ID}");
    let mut waiting = command(&env, &args);
    waiting.env("MAVI_API_KEY", variable(&env, "MAVI_API_KEY"));
    let process = Process::start(waiting);
    process.wait_for_stderr(
        "the callback URL of the account must be https://ci.example.com/mavi/code\n",
    );
    let query = format!(
        "code={}&state={}",
        variable(&env, "MAVI_SANDBOX_CODE"),
        state(&env)
    );
    let address = addr.to_string();
    let get = |target: &str, client_id| {
        send(
            &address,
            &format!("GET {target}?{query}&clientId={client_id}"),
        )
        .0
    };
    assert_eq!(get("/mavi", CLIENT_ID), 404);
    assert_eq!(get("/mavi/code", "other"), 403, "of another account");
    assert_eq!(get("/mavi/code", CLIENT_ID), 200);
    process.end().allow_warnings("the refusals").ok();
}

#[test]
fn api_key_is_typed_hidden_and_ctrl_c_ends_the_wait() {
    let env = sandbox();
    let script = vec![
        ("API key: ", "hunter2-key\r".to_owned()),
        ("waiting for the code; ", "\u{3}".to_owned()),
    ];
    let (status, seen) = on_terminal(&env, "auth login --listen 127.0.0.1:0", answers(script));
    assert_eq!(status, 130, "{seen}");
    assert!(
        seen.starts_with("API key: \r\n") && !seen.contains("hunter2"),
        "{seen:?}"
    );
    let (mut process, address) = listening(&env, "");
    process.signal(Signal::TERM);
    process.end().expect_failure(143);
    assert!(TcpStream::connect(address).is_err());
    assert_eq!(login_files(&env).len(), 0);
}

#[test]
fn sandbox_calls_the_address_of_the_account_with_its_code() {
    let env = TestEnv::new();
    let addr = free_address();
    let script = format!(
        "unset MAVI_TOKEN; mavi auth login --listen {addr} && mavi auth status --format json && \
         mavi submit lecture-1 --wait --interval 10ms -f srt -o talk.srt"
    );
    env.write("script.sh", &script);
    let args = format!("sandbox --delay 0 --auth-callback http://{addr}/ -- sh script.sh");
    let run = run(&env, &args).ok();
    run.expect_stdout(str![[r#"
{
  "baseUrl": "http://127.0.0.1:[PORT]",
  "profile": null,
  "source": "login",
  "sourceDetail": "the stored login of `mavi auth login`",
  "clientId": "sand…",
  "tokenEndsAt": "[DATE]",
  "loginEndsAt": "[DATE]"
}

"#]])
        .expect_stderr(str![[r#"
waiting for the code; the callback URL of the account must be http://127.77.1.1:[PORT]/
waiting for the code
logging in
logged in; tokens renew themselves; the login ends in 2 months ([DATE])
submitting lecture-1 (audio)
lecture-1 (audio): task [TASK]
waiting for lecture-1 (audio)
lecture-1 (audio): finished in [TIME], wrote talk.srt (12 cues)

"#]]);
    assert!(env.read("talk.srt").starts_with("1\n"));
    self::run(&env, "sandbox --auth-callback http://a.example/ -- true")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: --auth-callback must be an http address of this machine
hint: add --callbacks-anywhere to call other machines

"#]]);
}

#[test]
fn address_in_use_has_a_hint_about_the_callback_url() {
    let env = sandbox();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let mut busy = command(&env, &format!("auth login --listen {address}"));
    busy.env("MAVI_API_KEY", "key");
    Run::of(busy).expect_failure(1).expect_stderr(str![[r#"
mavi: could not listen on 127.0.0.1:[PORT]: Address already in use (os error 98)
hint: another program uses this address; end it, or choose another port and change the callback URL

"#]]);
}
