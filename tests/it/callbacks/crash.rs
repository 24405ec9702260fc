//! A receiver that is killed at any instant: whoever was told 200 finds the result on disk and on
//! record, and no file is half there.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::support::env::TestEnv;
use crate::support::receiver::{Receiver, exchange, result};

/// Large enough that a file is not written in one go.
fn text(task: &str) -> String {
    format!("{task} ").repeat(20_000)
}

#[test]
fn killing_the_receiver_at_any_instant_loses_nothing() {
    let env = TestEnv::new();
    let args = ["--any", "-o", "out/{taskNo}.jsonl"];
    let (mut told, mut untold) = (Vec::new(), Vec::new());
    for round in 0..24_u64 {
        let mut listen = Receiver::start(&env, &args);
        let (addr, path) = (listen.addr, listen.path.clone());
        let begun = Arc::new(AtomicBool::new(false));
        let senders: Vec<_> = (0..2)
            .map(|sender| {
                let (path, begun) = (path.clone(), Arc::clone(&begun));
                thread::spawn(move || {
                    let mut told = Vec::new();
                    for at in 0.. {
                        let task = format!("R{round}-{sender}-{at}");
                        let body = result(&task, &text(&task));
                        let answer = exchange(addr, "POST", &path, &body);
                        if answer.as_ref().map(|it| it.status) != Some(200) {
                            return (told, task);
                        }
                        told.push(task);
                        begun.store(true, Ordering::SeqCst);
                    }
                    unreachable!("it is killed before that")
                })
            })
            .collect();
        while !begun.load(Ordering::SeqCst) {
            thread::yield_now();
        }
        // Each round at another point of some request.
        thread::sleep(Duration::from_micros(round * 1_300));
        listen.kill();
        for sender in senders {
            let (of_sender, last) = sender.join().unwrap();
            told.extend(of_sender);
            untold.push(last);
        }
    }
    let finished = env
        .run("tasks --all-services --status finished --format ids")
        .ok();
    let on_record: HashSet<&str> = finished.stdout.lines().collect();
    for task in &told {
        assert!(on_record.contains(&**task), "{task} is not on record");
    }
    for task in &on_record {
        let file = env.path(&format!("out/{task}.jsonl"));
        assert!(file.exists(), "{task} is not on disk");
    }
    assert!(told.len() >= 24, "{} told", told.len());

    // Whoever was not told comes again.
    let listen = Receiver::start(&env, &args);
    for task in &untold {
        assert_eq!(listen.post(&result(task, &text(task))).status, 200);
        told.push(task.clone());
    }
    // What is there is whole: a temporary file has another name.
    for task in told {
        let body = result(&task, &text(&task));
        let written = env.read(&format!("out/{task}.jsonl"));
        assert_eq!(written, format!("{body}\n"), "{task}");
    }
}
