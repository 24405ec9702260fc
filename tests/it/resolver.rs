//! A name server that does not answer: the process ends in time all the same. A library that stands
//! before the system's plays it.

#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::process::Command;

use snapbox::str;

use crate::support::env::TestEnv;
use crate::support::run::Run;

/// A look-up that outlasts every test.
const SILENT_RESOLVER: &str = "#include <unistd.h>
int getaddrinfo(const char *name, const char *service, const void *hints, void *result) {
    sleep(600);
    return -3;
}
";

/// Returns the library, made by `cc`, which also links Rust programs.
fn silent_resolver(env: &TestEnv) -> PathBuf {
    let source = env.write("resolver.c", SILENT_RESOLVER);
    let library = env.path("resolver.so");
    let mut compiler = Command::new("cc");
    compiler
        .args(["-shared", "-fPIC", "-o"])
        .args([&library, &source]);
    assert!(compiler.status().expect("cc runs").success());
    library
}

#[test]
fn silent_resolver_holds_up_no_command() {
    let env = TestEnv::at("https://silent.example");
    let library = silent_resolver(&env);
    for (args, status, says) in [
        (
            "get T1 --retries 0",
            7,
            str![[r#"
getting task T1
mavi: could not get task T1: the connection timed out
hint: check the network, the proxy settings and base_url; `mavi doctor` names what is wrong

"#]],
        ),
        (
            "submit V1 --retries 1",
            7,
            str![[r#"
submitting V1 (audio)
retrying: the connection timed out
mavi: could not submit V1 (audio): the connection timed out
hint: check the network, the proxy settings and base_url; `mavi doctor` names what is wrong

"#]],
        ),
        (
            "wait T1 --timeout 500ms",
            8,
            str![[r#"
waiting for task T1
retrying: the connection timed out
mavi: task T1 is still running after 500ms; the last attempt failed: the connection timed out
hint: to resume, run: mavi wait --request-timeout 300ms --timeout 500ms T1

"#]],
        ),
        (
            "doctor",
            7,
            str![[r#"
checking [URL]
mavi: the name check failed: cannot resolve [HOST]: the name servers do not answer
hint: check the host in base_url, the network, and the name servers; behind a proxy, set HTTPS_PROXY

"#]],
        ),
    ] {
        let args = args
            .split_whitespace()
            .chain(["--request-timeout", "300ms"]);
        let mut command = env.command(args);
        command.env("LD_PRELOAD", &library);
        let run = Run::of(command);
        assert_eq!(run.status, status, "{run:#?}");
        run.expect_stderr(says);
    }
    env.run("tasks --status all --format ids").expect_output(
        "",
        "no tasks recorded yet: `mavi submit` records what it submits\n",
    );
}
