//! The address: where it listens, how it is given, and what is said about one that is no good.

use crate::support::env::{Bench, Run};
use crate::support::receiver::Receiver;

#[test]
fn the_address_to_give_is_below_the_public_url() {
    let bench = Bench::new();
    let listen = bench.run(
        "listen --addr 127.0.0.1:0 --public-url https://ci.example/mavi/ --timeout 50ms --quiet",
    );
    assert_eq!(listen.stdout, "");
    listen.ok().says(&["address is https://ci.example/mavi/"]);
    bench
        .run("listen --addr 127.0.0.1:0 --public-url ftp://ci.example/")
        .fails(2)
        .says(&["must start with http:// or https://"]);
}

#[test]
fn invalid_public_url_is_named_with_example() {
    let bench = Bench::new();
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
        let mut command = bench.command(["listen", "--addr", "127.0.0.1:0", "--public-url"]);
        command.arg(url);
        let run = Run::of(command).fails(2);
        let run = run.says(&[why, "hint: give an address such as https://"]);
        assert!(!run.stderr.contains("pa55"), "{run:?}");
    }
}

#[test]
fn an_address_may_be_a_name_and_a_wrong_one_gets_an_example() {
    let bench = Bench::new();
    bench
        .run("listen --addr localhost:0 --timeout 50ms")
        .ok()
        .says(&["address is http://127.0.0.1:"]);
    for (command, addr) in [
        ("listen --addr", "8787"),
        ("listen --addr", "localhost"),
        ("sandbox --addr", "127.0.0.1"),
        ("wait T1 --listen", "http://127.0.0.1:8787"),
    ] {
        bench
            .run(&format!("{command} {addr}"))
            .fails(2)
            .says(&[addr, "such as 127.0.0.1:8787"]);
    }
}

#[test]
fn unreachable_or_unencrypted_address_is_warned_about() {
    let bench = Bench::new();
    let all = "listening on all addresses of this machine";
    let plain = "are not encrypted: put a reverse proxy";
    for addr in ["0.0.0.0:0", "[::]:0"] {
        let run = bench.run(&format!("listen --addr {addr} --timeout 50ms"));
        run.ok().says(&[all, plain, "--public-url"]);
        let https = "--public-url https://ci.example/";
        let run = bench.run(&format!("listen --addr {addr} --timeout 50ms {https}"));
        assert!(!run.stderr.contains("warning"), "{run:?}");
        run.ok();
    }
    let run = bench.run("listen --addr 127.0.0.1:0 --timeout 50ms").ok();
    assert!(!run.stderr.contains("warning"), "{run:?}");
}

#[test]
fn the_secret_is_kept_in_a_folder_that_is_made() {
    let bench = Bench::new();
    let listen = Receiver::start(&bench, &["--path-secret-file", "not/there/secret", "--any"]);
    let secret = bench.read("not/there/secret");
    assert_eq!(listen.path, format!("/{}", secret.trim_end()));
    bench.write("file", "");
    bench
        .run("listen --addr 127.0.0.1:0 --path-secret-file file/secret")
        .fails(1)
        .says(&["file/secret", "--path-secret-file"]);
}

#[test]
fn remote_service_is_not_expected_to_call_loopback_address() {
    let bench = Bench::new();
    let (addr, secret) = ("127.9.8.3:48787", "0123456789abcdef0123456789abcdef");
    bench.write("secret", secret);
    for (base_url, expected) in [
        ("https://service.invalid", true),
        ("http://127.0.0.1:9", false),
    ] {
        let record = format!(
            r#"{{"time":"2026-11-22T16:38:00Z","event":"submitted","id":"{base_url}","baseUrl":"{base_url}","videoNo":"V","type":"AUDIO","callback":"http://{addr}/{secret}","taskNo":"T1"}}"#
        );
        bench.write(".local/state/mavi/journal.jsonl", &format!("{record}\n"));
        let listen = format!("--listen {addr} --path-secret-file secret --timeout 200ms");
        let run = bench.run(&format!("wait T1 --base-url {base_url} {listen}"));
        let run = run.fails(8);
        let unreachable = "warning: the service cannot reach a loopback address";
        let is_told = run.stderr.contains(unreachable);
        assert_eq!(is_told, expected, "{run:?}");
        let is_asked = run.stderr.contains("0 of 1 task will call here");
        assert_eq!(is_asked, expected, "{run:?}");
        let public = "--public-url https://ci.example/mavi";
        let run = bench.run(&format!("wait T1 --base-url {base_url} {listen} {public}"));
        assert!(!run.stderr.contains("cannot reach"), "{run:?}");
    }
}
