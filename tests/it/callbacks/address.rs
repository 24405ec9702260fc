//! The address: where it listens, how it is given, and what is said about one that is no good.

use crate::support::env::TestEnv;
use crate::support::receiver::Receiver;
use crate::support::run::Run;

#[test]
fn the_address_to_give_is_below_the_public_url() {
    let env = TestEnv::new();
    let listen = env.run(
        "listen --addr 127.0.0.1:0 --public-url https://ci.example/mavi/ --timeout 50ms --quiet",
    );
    assert_eq!(listen.stdout, "");
    listen
        .ok()
        .stderr_contains(&["address is https://ci.example/mavi/"]);
    env.run("listen --addr 127.0.0.1:0 --public-url ftp://ci.example/")
        .expect_failure(2)
        .stderr_contains(&["must start with http:// or https://"]);
}

#[test]
fn invalid_public_url_is_named_with_example() {
    let env = TestEnv::new();
    for (url, why) in [
        ("", "--public-url is empty"),
        (
            "ci.example.com",
            "--public-url must start with http:// or https://",
        ),
        ("http://", "--public-url is not an address: empty host"),
        (
            "https://ci.example/?a=b",
            "--public-url must not have a query",
        ),
        (
            "https://me:pa55@ci.example/",
            "--public-url must not hold a user name",
        ),
        (
            "http://0.0.0.0:8787/",
            "--public-url must be an address that can be called",
        ),
        (
            "https://[::]/",
            "--public-url must be an address that can be called",
        ),
    ] {
        let mut command = env.command(["listen", "--addr", "127.0.0.1:0", "--public-url"]);
        command.arg(url);
        let run = Run::of(command).expect_failure(2);
        let run = run.stderr_contains(&[why, "hint: give an address such as https://"]);
        assert!(!run.stderr.contains("pa55"), "{run:?}");
    }
}

#[test]
fn listen_address_may_be_a_name_and_errors_give_example() {
    let env = TestEnv::new();
    env.run("listen --addr localhost:0 --timeout 50ms")
        .ok()
        .stderr_contains(&["address is http://127.0.0.1:"]);
    for (command, addr) in [
        ("listen --addr", "8787"),
        ("listen --addr", "localhost"),
        ("sandbox --addr", "127.0.0.1"),
        ("wait T1 --listen", "http://127.0.0.1:8787"),
    ] {
        env.run(&format!("{command} {addr}"))
            .expect_failure(2)
            .stderr_contains(&[addr, "such as 127.0.0.1:8787"]);
    }
}

#[test]
fn unreachable_or_unencrypted_address_is_warned_about() {
    let env = TestEnv::new();
    let all = "warning: listening on all addresses of this machine";
    let plain = "are not encrypted: put a reverse proxy";
    for addr in ["0.0.0.0:0", "[::]:0"] {
        let run = env.run(&format!("listen --addr {addr} --timeout 50ms"));
        let plain_of = "warning: callbacks to ";
        run.ok()
            .stderr_contains(&[all, plain_of, plain, "--public-url"]);
        let https = "--public-url https://ci.example/";
        let run = env.run(&format!("listen --addr {addr} --timeout 50ms {https}"));
        run.ok();
    }
    env.run("listen --addr 127.0.0.1:0 --timeout 50ms").ok();
}

#[test]
fn the_secret_is_kept_in_a_folder_that_is_made() {
    let env = TestEnv::new();
    let listen = Receiver::start(&env, &["--path-secret-file", "not/there/secret", "--any"]);
    let secret = env.read("not/there/secret");
    assert_eq!(listen.path, format!("/{}", secret.trim_end()));
    env.write("file", "");
    env.run("listen --addr 127.0.0.1:0 --path-secret-file file/secret")
        .expect_failure(1)
        .stderr_contains(&["file/secret", "--path-secret-file"]);
}

#[test]
fn remote_service_is_not_expected_to_call_loopback_address() {
    let env = TestEnv::new();
    let (addr, secret) = ("127.9.8.3:48787", "0123456789abcdef0123456789abcdef");
    env.write("secret", secret);
    for (base_url, expected) in [
        ("https://service.invalid", true),
        ("http://127.0.0.1:9", false),
    ] {
        let record = format!(
            r#"{{"time":"2026-11-22T16:38:00Z","event":"submitted","id":"{base_url}","baseUrl":"{base_url}","videoNo":"V","type":"AUDIO","callback":"http://{addr}/{secret}","taskNo":"T1"}}"#
        );
        env.write(".local/state/mavi/journal.jsonl", &format!("{record}\n"));
        let listen = format!("--listen {addr} --path-secret-file secret --timeout 200ms");
        let run = env.run(&format!("wait T1 --base-url {base_url} {listen}"));
        let run = run.expect_failure(8);
        let is_asked = run.stderr.contains("0 of 1 task will call here");
        assert_eq!(is_asked, expected, "{run:?}");
        if expected {
            run.stderr_contains(&["warning: the service cannot reach a loopback address"]);
        }
        let public = "--public-url https://ci.example/mavi";
        let run = env.run(&format!("wait T1 --base-url {base_url} {listen} {public}"));
        run.expect_failure(8);
    }
}
