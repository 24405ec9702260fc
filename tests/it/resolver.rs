//! A name server that does not answer: the process ends in time all the same. A library that stands
//! before the system's plays it.

#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::process::Command;

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
        ("get T1 --retries 0", 7, "the connection timed out"),
        ("submit V1 --retries 1", 7, "the connection timed out"),
        ("wait T1 --timeout 500ms", 8, "the connection timed out"),
        ("doctor", 7, "the name servers do not answer"),
    ] {
        let args = args
            .split_whitespace()
            .chain(["--request-timeout", "300ms"]);
        let mut command = env.command(args);
        command.env("LD_PRELOAD", &library);
        let run = Run::of(command);
        assert_eq!(run.status, status, "{run:#?}");
        let run = run.stderr_contains(&[says]);
        assert!(!run.stderr.contains("not known"), "{run:#?}");
    }
    let run = env.run("tasks --status all --format ids").ok();
    assert_eq!(run.stdout, "", "the submit was certainly not accepted");
}
