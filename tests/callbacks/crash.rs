//! A receiver that is killed at any instant: whoever was told 200 finds the result on disk and on
//! record, and no file is half there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::receiver::{Receiver, exchange, result};
use crate::support::Bench;

/// Large enough that a file is not written in one go.
fn text(task: &str) -> String {
    format!("{task} ").repeat(20_000)
}

#[test]
fn killing_the_receiver_at_any_instant_loses_nothing() {
    let bench = Bench::new();
    let args = ["--any", "-o", "out/{taskNo}.jsonl"];
    let (mut told, mut untold) = (Vec::new(), 0);
    for round in 0..24_u64 {
        let mut listen = Receiver::start(&bench, &args);
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
                            return told;
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
            told.extend(sender.join().unwrap());
            untold += 1;
        }
    }
    let finished = bench.run("tasks --status finished --format ids").ok();
    let on_record: Vec<&str> = finished.stdout.lines().collect();
    for task in &told {
        assert!(on_record.contains(&&**task), "{task} is not on record");
        let file = bench.path(&format!("out/{task}.jsonl"));
        assert!(file.exists(), "{task} is not on disk");
    }
    // Also what nobody was told of is whole, or not there: a temporary file has another name.
    for name in bench.files() {
        let task = name.strip_prefix("out/").unwrap();
        if let Some(task) = task.strip_suffix(".jsonl") {
            let body = result(task, &text(task));
            assert_eq!(bench.read(&name), format!("{body}\n"), "{name}");
        }
    }
    assert!(told.len() >= 24 && untold == 48, "{} told", told.len());
}
