//! `mavi doctor`: what each check says, which of them fails, and with which status.

use std::io::Read as _;
use std::net::TcpListener;
use std::thread;

use snapbox::str;

use crate::support::env::{TOKEN, TestEnv};
use crate::support::fake_server::{FakeServer, accept, cut, ok, reply};
use crate::support::run::Run;
use crate::terminal::on_terminal_of_width;

/// What the service says about a task that it does not know.
const UNKNOWN: &str = r#"{"code":"0001","msg":"The task does not exist.","data":null}"#;
/// The eight checks.
const CHECKS: &str = "config token proxy name tcp tls clock api";

/// The run's lines as `check result`, without the remarks.
fn results(run: &Run) -> String {
    let results = run.stdout.lines().map(|line| {
        let mut words = line.split_whitespace();
        format!("{} {}", words.next().unwrap(), words.next().unwrap())
    });
    results.collect::<Vec<_>>().join(", ")
}

/// The remark of one check.
#[track_caller]
fn remark<'r>(run: &'r Run, check: &str) -> &'r str {
    let line = run.stdout.lines().find(|line| line.starts_with(check));
    line.unwrap_or_else(|| panic!("no {check} line: {run:#?}"))
        .split_at(17)
        .1
}

/// The run named all checks, the first that failed is this one, and the status is of its kind.
#[track_caller]
fn failed(run: Run, check: &str, status: i32) -> Run {
    let names: Vec<_> = run
        .stdout
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(names.join(" "), CHECKS, "{run:#?}");
    let first = results(&run);
    let first = first.split(", ").find(|line| line.ends_with(" FAIL"));
    assert_eq!(first, Some(&*format!("{check} FAIL")), "{run:#?}");
    assert_eq!(run.status, status, "{run:#?}");
    // In part: callers compare the rest.
    run.stderr_contains(&[&format!("mavi: the {check} check failed: "), "\nhint: "])
}

/// `mavi doctor` with these variables besides the usual ones.
fn with(env: &TestEnv, variables: &[(&str, &str)]) -> Run {
    let mut command = env.command(["doctor"]);
    command.envs(variables.iter().copied());
    Run::of(command)
}

#[test]
fn all_is_well_in_the_sandbox() {
    let run = TestEnv::new().run("sandbox -- mavi doctor").ok();
    assert_eq!(
        results(&run),
        "config ok, token ok, proxy ok, name skipped, tcp ok, tls skipped, clock ok, api ok"
    );
    assert_eq!(remark(&run, "token"), "from MAVI_TOKEN");
    run.expect_stderr("checking http://127.0.0.1:[PORT]\n");
}

#[test]
fn the_api_is_asked_for_a_task_and_nothing_is_submitted() {
    let service = FakeServer::always(ok(UNKNOWN));
    service.env().run("doctor").ok();
    let requests = service.requests();
    let lines: Vec<_> = requests.iter().map(|request| &*request.line).collect();
    assert_eq!(lines.len(), 2, "{requests:#?}");
    assert_eq!(lines[0], "HEAD /");
    assert_eq!(requests[0].header("authorization"), None);
    assert!(
        lines[1].starts_with("GET /api/serve/video/getTranscription?taskNo="),
        "{requests:#?}"
    );
    assert!(requests[1].header("authorization").is_some());
}

#[test]
fn either_code_for_an_unknown_task_is_fine() {
    for status in ["200 OK", "400 Bad Request"] {
        let body = r#"{"code":"0003","msg":"no such task"}"#;
        let run = FakeServer::always(reply(status, &[], body))
            .env()
            .run("doctor");
        let run = run.ok();
        assert!(
            remark(&run, "api").contains("accepts the token"),
            "{run:#?}"
        );
    }
}

#[test]
fn a_bad_configuration_is_the_first_thing_wrong() {
    let env = TestEnv::new();
    env.write(".config/mavi/config.toml", "tokn = \"x\"\n");
    let run = failed(env.run("doctor"), "config", 2);
    assert_eq!(results(&run).matches("skipped").count(), 7);
    run.expect_stderr(str![[r#"
mavi: the config check failed: [HOME]/.config/mavi/config.toml:1: `tokn` is not a known key
hint: did you mean `token`?

"#]]);
}

#[test]
fn a_missing_token_is_said_and_the_rest_is_still_checked() {
    let service = FakeServer::always(ok(UNKNOWN));
    let env = service.env();
    let mut command = env.command(["doctor"]);
    command.env_remove("MAVI_TOKEN");
    let run = failed(Run::of(command), "token", 4);
    assert_eq!(
        results(&run),
        "config ok, token FAIL, proxy ok, name skipped, tcp ok, tls skipped, clock skipped, api skipped"
    );
    run.expect_stderr(str![[r#"
checking [URL]
mavi: the token check failed: no token is set
hint: log in with `mavi auth login`, or set MAVI_TOKEN, or write the token into [HOME]/.config/mavi/config.toml (`mavi config init` creates it); with no account, try `mavi sandbox -- mavi submit mavi_video_demo --wait`

"#]]);
}

#[test]
fn the_place_of_the_token_is_said_and_never_the_token() {
    let service = FakeServer::always(ok(UNKNOWN));
    let env = service.env();
    let config = format!("[profiles.work]\ntoken_command = [\"echo\", \"{TOKEN}\"]\n");
    env.write(".config/mavi/config.toml", &config);
    let mut command = env.command(["doctor", "--profile", "work", "--verbose"]);
    command.env_remove("MAVI_TOKEN");
    let run = Run::of(command).ok();
    assert_eq!(
        remark(&run, "token"),
        "from token_command in profile work (echo)"
    );
    assert!(remark(&run, "config").ends_with("config.toml, profile work"));
}

#[test]
fn a_refused_token_is_an_auth_failure() {
    for answer in [
        ok(r#"{"code":"0401","msg":"Authorization is invalid"}"#),
        reply("401 Unauthorized", &[], ""),
        ok(r#"{"code":"0403","msg":"disabled"}"#),
    ] {
        failed(FakeServer::always(answer).env().run("doctor"), "api", 4);
    }
}

#[test]
fn unexpected_api_answer_is_reported() {
    for (answer, status, says) in [
        (
            ok(r#"{"code":"7777","msg":"odd weather"}"#),
            5,
            str![[r#"
checking [URL]
mavi: the api check failed: the service refused (code 7777): odd weather
hint: look the code up in the service's list of response codes, or ask its support

"#]],
        ),
        (
            ok("<html>Sign in</html>"),
            5,
            str![[r#"
checking [URL]
mavi: the api check failed: the reply is not what the API describes (expected value at line 1 column 1): <html>Sign in</html>
hint: check base_url; --verbose shows each request

"#]],
        ),
        (
            reply("404 Not Found", &[], "nothing here"),
            5,
            str![[r#"
checking [URL]
mavi: the api check failed: the server refused (HTTP 404): nothing here
hint: check base_url and the proxy settings

"#]],
        ),
        (
            ok(r#"{"code":"0429","msg":"Request has exceeded the limit."}"#),
            6,
            str![[r#"
checking [URL]
mavi: the api check failed: the rate limit is exceeded (code 0429): Request has exceeded the limit.
hint: wait a minute, or give --retries a higher number

"#]],
        ),
        (
            reply("502 Bad Gateway", &[], "oops"),
            7,
            str![[r#"
checking [URL]
mavi: the api check failed: the server failed (HTTP 502): oops
hint: try again later

"#]],
        ),
        (
            reply("302 Found", &["location: https://elsewhere.example/"], ""),
            5,
            str![[r#"
checking [URL]
mavi: the api check failed: the server redirects (HTTP 302) to https://elsewhere.example/
hint: if that address is the service's own, set base_url to it; redirects are not followed, so that the token stays where it belongs

"#]],
        ),
    ] {
        let run = FakeServer::always(answer).env().run("doctor");
        failed(run, "api", status).expect_stderr(says);
    }
}

#[test]
fn a_connection_that_is_cut_is_a_network_failure() {
    let service = FakeServer::always(cut());
    let run = failed(service.env().run("doctor"), "api", 7);
    assert!(remark(&run, "clock").contains("have no date"), "{run:#?}");
}

#[test]
fn a_clock_that_is_far_off_is_a_warning() {
    let date = ["date: Sun, 06 Nov 1994 08:49:37 GMT"];
    let service = FakeServer::always(reply("200 OK", &date, UNKNOWN));
    let run = service.env().run("doctor").ok();
    assert!(results(&run).contains("clock warn, api ok"), "{run:#?}");
    assert!(remark(&run, "clock").contains("ahead of"), "{run:#?}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_address_that_refuses_connections_fails_at_tcp() {
    let (_taken, url) = crate::support::fake_server::refusing();
    let run = failed(TestEnv::at(&url).run("doctor"), "tcp", 7);
    assert!(results(&run).ends_with("tcp FAIL, tls skipped, clock skipped, api skipped"));
}

#[test]
fn a_name_without_an_address_fails_at_the_name() {
    // Reserved never to exist: RFC 6761, section 6.4.
    failed(TestEnv::at("https://host.invalid").run("doctor"), "name", 7)
    .expect_stderr(str![[r#"
checking [URL]
mavi: the name check failed: cannot resolve [HOST]: failed to lookup address information: Name or service not known
hint: check the host in base_url, the network, and the name servers; behind a proxy, set HTTPS_PROXY

"#]]);
}

#[test]
fn a_server_without_tls_fails_at_tls() {
    let service = FakeServer::always(ok(UNKNOWN));
    let url = service.url().replace("http:", "https:");
    let run = failed(TestEnv::at(&url).run("doctor"), "tls", 7);
    assert!(results(&run).contains("tcp ok"), "{run:#?}");
}

#[test]
fn a_ca_file_that_is_none_fails_as_configuration() {
    let env = TestEnv::at(
        &FakeServer::always(ok(UNKNOWN))
            .url()
            .replace("http:", "https:"),
    );
    let config = format!("ca_file = \"{}\"\n", env.write("ca.pem", "").display());
    env.write(".config/mavi/config.toml", &config);
    failed(env.run("doctor"), "tls", 2).expect_stderr(str![[r#"
checking [URL]
mavi: the tls check failed: ca_file [HOME]/ca.pem: it holds no certificate
hint: ca_file names a file of certificates in PEM form

"#]]);
}

#[test]
fn proxy_is_named_without_password_and_resolves_host() {
    // A proxy that hangs up on every request.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    accept(listener, |mut stream| {
        let _ = stream.read(&mut [0; 1024]);
    });
    let proxy = format!("http://ann:hunter2@{address}");
    let env = TestEnv::at("https://host.invalid");
    let run = failed(with(&env, &[("HTTPS_PROXY", &proxy)]), "tls", 7);
    let starts = "config ok, token ok, proxy ok, name skipped, tcp skipped, tls FAIL";
    assert!(results(&run).starts_with(starts), "{run:#?}");
    let said = remark(&run, "proxy");
    assert!(
        said.starts_with(&format!("connected to http://{address} ")),
        "{said}"
    );
    for secret in ["hunter2", "ann"] {
        assert!(!format!("{run:?}").contains(secret), "{run:#?}");
    }
    // One that is told addresses: names are resolved here.
    let socks = format!("socks5://{address}");
    let run = failed(with(&env, &[("ALL_PROXY", &socks)]), "name", 7);
    let starts = "config ok, token ok, proxy ok, name FAIL";
    assert!(results(&run).starts_with(starts), "{run:#?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_proxy_that_cannot_be_reached_is_the_first_thing_wrong() {
    let (_taken, url) = crate::support::fake_server::refusing();
    let env = TestEnv::at("https://host.invalid");
    failed(with(&env, &[("HTTPS_PROXY", &url)]), "proxy", 7).expect_stderr(str![[r#"
checking [URL]
mavi: the proxy check failed: http://127.0.0.2:[PORT]: cannot connect to 127.0.0.2:[PORT]: Connection refused (os error 111)
hint: set HTTPS_PROXY (HTTP_PROXY, ALL_PROXY) to a working proxy, or add the host to NO_PROXY

"#]]);
    let socks = url.replace("http://", "socks5://ann:hunter2@");
    let run = failed(with(&env, &[("ALL_PROXY", &socks)]), "proxy", 7).expect_stderr(str![[r#"
checking [URL]
mavi: the proxy check failed: socks5://127.0.0.2:[PORT]: cannot connect to 127.0.0.2:[PORT]: Connection refused (os error 111)
hint: set HTTPS_PROXY (HTTP_PROXY, ALL_PROXY) to a working proxy, or add the host to NO_PROXY

"#]]);
    assert!(!format!("{run:?}").contains("hunter2"), "{run:#?}");
}

#[test]
fn no_proxy_is_respected() {
    let env = TestEnv::at("https://host.invalid");
    let variables = [
        ("HTTPS_PROXY", "http://127.0.0.1:9"),
        ("NO_PROXY", "host.invalid"),
    ];
    failed(with(&env, &variables), "name", 7);
}

#[test]
fn scripts_get_the_first_failure_as_an_object() {
    let run = TestEnv::at("https://host.invalid").run("doctor --error-format json");
    assert_eq!(run.status, 7, "{run:#?}");
    let errors = run.errors();
    assert_eq!(errors.len(), 1, "{run:#?}");
    assert_eq!(errors[0]["kind"], "network");
    assert!(errors[0]["hint"].is_string());
}

#[test]
fn malformed_proxy_variable_is_named_and_nothing_is_sent() {
    let env = TestEnv::at("https://host.invalid");
    for (name, value) in [
        ("HTTPS_PROXY", "\"http://127.0.0.1:9\""),
        ("https_proxy", "'http://127.0.0.1:9'"),
        ("ALL_PROXY", "http://127.0.0.1:9x"),
    ] {
        let message = format!("{name} is not the address of a proxy\nhint: [..]\n");
        failed(with(&env, &[(name, value)]), "proxy", 2).expect_stderr(format!(
            "checking [URL]\nmavi: the proxy check failed: {message}"
        ));
        for args in ["get T1", "submit V1", "wait T1"] {
            let mut command = env.command(args.split(' '));
            command.env(name, value);
            Run::of(command)
                .expect_failure(2)
                .expect_stderr(format!("mavi: {message}"));
        }
    }
    // Requests to this machine take no proxy.
    let here = FakeServer::always(ok(UNKNOWN)).env();
    with(&here, &[("HTTP_PROXY", "\"nonsense\"")]).ok();
}

#[test]
fn lower_case_proxy_variable_comes_first() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let good = format!("http://{}", listener.local_addr().unwrap());
    let env = TestEnv::at("https://host.invalid");
    let variables = [
        ("https_proxy", &*good),
        ("HTTPS_PROXY", "http://127.0.0.1:1"),
    ];
    let mut command = env.command(["get", "T1", "--retries", "0"]);
    command.envs(variables);
    let run = thread::spawn(move || Run::of(command));
    // The request arrives at the proxy of the lower-case variable.
    let (mut stream, _) = listener.accept().unwrap();
    let mut head = [0; 8];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"CONNECT ");
    drop(stream);
    run.join().unwrap().expect_failure(7);
}

#[test]
fn remarks_wrap_beside_the_columns_on_a_terminal() {
    let env = TestEnv::at("http://127.0.0.1:9");
    let (_, shown) = on_terminal_of_width(40, &env, "doctor --color never --quiet");
    let beside = "proxy   ok       no proxy for this\r\n                 address\r\n\
                  name    skipped  127.0.0.1 is an address\r\n";
    assert!(shown.contains(beside), "{shown:?}");
    let lines = shown.lines().skip_while(|line| !line.starts_with("token"));
    for line in lines.take_while(|line| !line.starts_with("mavi: ")) {
        assert!(line.len() <= 40, "{line:?}");
    }
}
