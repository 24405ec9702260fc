//! Several processes and one state folder.

use std::collections::HashSet;
use std::fs;
use std::time::Duration;

use mavi::sandbox::SandboxOptions;
use serde_json::Value;

use crate::support::env::{TestEnv, videos};
use crate::support::process::Process;

#[test]
fn eight_processes_at_once_leave_every_record_whole() {
    let env = TestEnv::with_sandbox(SandboxOptions {
        delay: Duration::from_hours(1),
        ..SandboxOptions::default()
    });
    let processes: Vec<_> = (0..8)
        .map(|number| videos(&format!("process-{number}"), 25))
        .map(|videos| Process::start(env.command_with_items("submit --jobs 4 -", &videos)))
        .collect();
    let printed: HashSet<String> = processes
        .into_iter()
        .flat_map(|process| process.end().ok().lines())
        .collect();

    let record = env.reconcile();
    assert_eq!(record.unknown.len(), 0);
    assert_eq!(printed.len(), 8 * 25);
    assert_eq!(printed, record.numbered.into_keys().collect());
    // Each submit has its line before the request and its line after it; none is torn or mixed.
    let journal = fs::read_to_string(env.journal()).unwrap();
    assert_eq!(journal.lines().count(), 2 * printed.len());
    for line in journal.lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
}
