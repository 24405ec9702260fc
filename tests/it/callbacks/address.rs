//! The address: where it listens, how it is given, and what is said about one that is no good.

use snapbox::str;

use crate::support::env::TestEnv;
use crate::support::receiver::Receiver;
use crate::support::run::Run;

#[test]
fn the_address_to_give_is_below_the_public_url() {
    let env = TestEnv::new();
    env.run(
        "listen --addr 127.0.0.1:0 --public-url https://ci.example/mavi/ --timeout 50ms --quiet",
    )
    .expect_output(
        "",
        "listening; the callback address is https://ci.example/mavi/[HEX]\n",
    );
    env.run("listen --addr 127.0.0.1:0 --public-url ftp://ci.example/")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: --public-url must start with http:// or https://
hint: give an address such as https://ci.example.com/mavi

"#]]);
}

#[test]
fn invalid_public_url_is_named_with_example() {
    let env = TestEnv::new();
    for (url, why) in [
        (
            "",
            str![[r#"
mavi: --public-url is empty
hint: give an address such as https://ci.example.com/mavi

"#]],
        ),
        (
            "ci.example.com",
            str![[r#"
mavi: --public-url must start with http:// or https://
hint: give an address such as https://ci.example.com/mavi

"#]],
        ),
        (
            "http://",
            str![[r#"
mavi: --public-url is not an address: empty host
hint: give an address such as https://ci.example.com/mavi

"#]],
        ),
        (
            "https://ci.example/?a=b",
            str![[r#"
mavi: --public-url must not have a query or a fragment
hint: give an address such as https://ci.example.com/mavi

"#]],
        ),
        (
            "https://me:pa55@ci.example/",
            str![[r#"
mavi: --public-url must not hold a user name or a password: the address is shown to others
hint: give an address such as https://ci.example.com/mavi

"#]],
        ),
        (
            "http://0.0.0.0:8787/",
            str![[r#"
mavi: --public-url must be an address that can be called: that one only serves to listen on
hint: give an address such as https://ci.example.com/mavi

"#]],
        ),
        (
            "https://[::]/",
            str![[r#"
mavi: --public-url must be an address that can be called: that one only serves to listen on
hint: give an address such as https://ci.example.com/mavi

"#]],
        ),
    ] {
        let mut command = env.command(["listen", "--addr", "127.0.0.1:0", "--public-url"]);
        command.arg(url);
        Run::of(command).expect_failure(2).expect_stderr(why);
    }
}

#[test]
fn listen_address_may_be_a_name_and_errors_give_example() {
    let env = TestEnv::new();
    env.run("listen --addr localhost:0 --timeout 50ms")
        .ok()
        .expect_stderr("listening; the callback address is http://127.0.0.1:[PORT]/[HEX]\n");
    env.expect_transcript(
        [
            "listen --addr 8787",
            "listen --addr localhost",
            "sandbox --addr 127.0.0.1",
            "wait T1 --listen http://127.0.0.1:8787",
        ],
        str![[r#"
$ mavi listen --addr 8787
mavi: invalid value '8787' for '--addr <ADDR>': "8787" is not an address with a port, such as 127.0.0.1:8787 or localhost:8787
hint: for help, run: mavi listen --help
[2]
$ mavi listen --addr localhost
mavi: invalid value 'localhost' for '--addr <ADDR>': "localhost" is not an address with a port, such as 127.0.0.1:8787 or localhost:8787
hint: for help, run: mavi listen --help
[2]
$ mavi sandbox --addr 127.0.0.1
mavi: invalid value '127.0.0.1' for '--addr <ADDR>': "127.0.0.1" is not an address with a port, such as 127.0.0.1:8787 or localhost:8787
hint: for help, run: mavi sandbox --help
[2]
$ mavi wait T1 --listen http://127.0.0.1:8787
mavi: invalid value 'http://127.0.0.1:8787' for '--listen <ADDR>': "http://127.0.0.1:8787" is not an address with a port, such as 127.0.0.1:8787 or localhost:8787
hint: for help, run: mavi wait --help
[2]

"#]],
    );
}

#[test]
fn address_of_another_machine_is_refused() {
    let env = TestEnv::new();
    env.run("listen --addr 192.0.2.1:8787")
        .expect_failure(1)
        .expect_stderr(str![[r#"
mavi: could not listen on 192.0.2.1:8787: Cannot assign requested address (os error 99)
hint: this machine has no such address; 0.0.0.0 takes all that it has

"#]]);
}

#[test]
fn unreachable_or_unencrypted_address_is_warned_about() {
    let env = TestEnv::new();
    for (addr, said) in [
        (
            "0.0.0.0:0",
            str![[r#"
warning: listening on all addresses of this machine, and the service cannot reach 0.0.0.0: pass a reachable address with --public-url, or listen on one that others can reach
warning: callbacks to 0.0.0.0:[PORT] are not encrypted: put a reverse proxy that speaks HTTPS in front of it, and pass its address with --public-url
listening; the callback address is http://0.0.0.0:[PORT]/[HEX]

"#]],
        ),
        (
            "[::]:0",
            str![[r#"
warning: listening on all addresses of this machine, and the service cannot reach ::: pass a reachable address with --public-url, or listen on one that others can reach
warning: callbacks to [::]:[PORT] are not encrypted: put a reverse proxy that speaks HTTPS in front of it, and pass its address with --public-url
listening; the callback address is http://[::]:[PORT]/[HEX]

"#]],
        ),
    ] {
        env.run(&format!("listen --addr {addr} --timeout 50ms"))
            .ok()
            .expect_stderr(said);
        let https = "--public-url https://ci.example/";
        env.run(&format!("listen --addr {addr} --timeout 50ms {https}"))
            .ok();
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
        .expect_stderr(str![[r#"
mavi: the file file/secret with the secret path cannot be read: Not a directory (os error 20)
hint: --path-secret-file names a file in a directory of your own

"#]]);
}

#[test]
fn remote_service_is_not_expected_to_call_loopback_address() {
    let env = TestEnv::new();
    let (addr, secret) = ("127.9.8.3:48787", "0123456789abcdef0123456789abcdef");
    env.write("secret", secret);
    for (base_url, said) in [
        (
            "https://service.invalid",
            str![[r#"
listening for callbacks on 127.9.8.3:[PORT]
warning: the service cannot reach a loopback address, so tasks are polled as usual: pass a reachable address with --public-url
0 of 1 task will call here; the other is polled as usual
waiting for V (audio)
retrying: could not connect: failed to lookup address information: Name or service not known
mavi: V (audio), task T1, is still running after 200ms; the last attempt failed: could not connect: failed to lookup address information: Name or service not known
hint: to resume, run: mavi wait --base-url https://service.invalid --timeout 200ms --listen 127.9.8.3:[PORT] --path-secret-file secret T1

"#]],
        ),
        (
            "http://127.0.0.1:9",
            str![[r#"
listening for callbacks on 127.9.8.3:[PORT]
waiting for V (audio)
retrying: could not connect: Connection refused (os error 111)
mavi: V (audio), task T1, is still running after 200ms; the last attempt failed: could not connect: Connection refused (os error 111)
hint: to resume, run: mavi wait --base-url http://127.0.0.1:9 --timeout 200ms --listen 127.9.8.3:[PORT] --path-secret-file secret T1

"#]],
        ),
    ] {
        let record = format!(
            r#"{{"time":"2026-11-22T16:38:00Z","event":"submitted","id":"{base_url}","baseUrl":"{base_url}","videoNo":"V","type":"AUDIO","callback":"http://{addr}/{secret}","taskNo":"T1"}}"#
        );
        env.write(".local/state/mavi/journal.jsonl", &format!("{record}\n"));
        let listen = format!("--listen {addr} --path-secret-file secret --timeout 200ms");
        env.run(&format!("wait T1 --base-url {base_url} {listen}"))
            .expect_failure(8)
            .expect_stderr(said);
        let public = "--public-url https://ci.example/mavi";
        env.run(&format!("wait T1 --base-url {base_url} {listen} {public}"))
            .expect_failure(8);
    }
}
