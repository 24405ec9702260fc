//! Where the token must not be: in process lists, and in the environment of a child that did not
//! ask for it. That no run leaves it in a file or says it is checked by [`TestEnv`] for every test.

use std::time::Duration;

use mavi::sandbox::SandboxOptions;
use snapbox::str;

use crate::support::env::{TestEnv, videos};
use crate::support::process::Process;

#[cfg(target_os = "linux")]
#[test]
fn no_process_list_shows_the_token() {
    use std::fs;

    let env = TestEnv::with_sandbox(SandboxOptions {
        delay: Duration::ZERO,
        ..SandboxOptions::default()
    });
    let token = env.sandbox().token();
    let args = "submit --wait --jobs 4 --verbose --interval 10ms --format jsonl -";
    let mut process = Process::start(env.command_with_items(args, &videos("film", 50)));
    let mut seen = 0;
    process.wait_until(|process| {
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            // A process may end while it is looked at.
            let arguments = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let arguments = String::from_utf8_lossy(&arguments);
            assert!(!arguments.contains(token), "{arguments}");
            let is_ours = entry.file_name().to_str() == Some(&process.id().to_string());
            seen += usize::from(is_ours && arguments.contains("mavi"));
        }
        false
    });
    assert!(seen > 0, "it was never looked at");
    let run = process.end().ok();
    // In part: fifty tasks end in any order.
    assert!(run.stderr.contains("> GET "), "{run:#?}");
}

#[test]
fn the_sandbox_command_gets_the_token_of_the_sandbox_alone() {
    let env = TestEnv::with_sandbox(SandboxOptions::default());
    env.run("sandbox --delay 0 -- env").expect_output(
        str![[r#"
HOME=[HOME]
MAVI_API_KEY=sandbox-key-[HEX]
MAVI_BASE_URL=http://127.0.0.1:[PORT]
MAVI_SANDBOX_CLIENT_ID=sandbox
MAVI_SANDBOX_CODE=sandbox-code-[HEX]
MAVI_STATE_DIR=/tmp/mavi-sandbox-[RANDOM]
MAVI_TOKEN=sandbox-[HEX]
PATH=[PATH]

"#]],
        "",
    );
}
