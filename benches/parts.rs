//! Benchmarks of the parts that process every segment or every task: `cargo bench`. `benches/peers/run.sh`
//! compares the whole program with others; `benches/growth.sh` measures how its cost grows.

use std::io;
use std::time::Duration;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use mavi::captions::{Cues, Reflow, ReflowLimits};
use mavi::engine::rate_limit::{
    AccountLimits, Endpoint, Pacing, Permit, Reservation, SharedRateLimiter,
};
use mavi::engine::schedule::{PollInterval, Schedule};
use mavi::render::{self, Format, Style};
use mavi::transcript::{TimeUnit, Transcript};

const SEGMENTS: usize = 10_000;

fn main() {
    divan::main();
}

/// Returns the text of segment `number`; every 20th or so has special characters.
fn text(number: usize) -> &'static str {
    match number % 20 {
        3 => r#" \"No,\" she said, \"not before half past three, and not without the key.\""#,
        9 => " 我们明天早上八点半在车站门口见面，别忘了带上你的票和身份证。",
        14 => r" first line of what is shown\nand a second one & a <third>",
        _ => " so nobody knows how long it takes before somebody asks for the answer again",
    }
}

/// Returns a `data` object of the API with this many segments.
fn data(segments: usize) -> String {
    let list: Vec<String> = (0..segments)
        .map(|number| {
            let (start, end, text) = (number * 3, number * 3 + 2, text(number));
            format!(
                r#"{{"id":{number},"startTime":{start}.25,"endTime":"{end}.875","content":"{text}"}}"#
            )
        })
        .collect();
    format!(
        r#"{{"status":"FINISH","type":"AUDIO","videoNo":"VI1","taskNo":"T1","transcriptions":[{}]}}"#,
        list.join(",")
    )
}

fn parsed(json: &str) -> Transcript<'_> {
    Transcript::parse(json, TimeUnit::Seconds).expect("it is well-formed")
}

#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    let json = data(SEGMENTS);
    bencher
        .counter(BytesCount::of_str(&json))
        .bench(|| parsed(divan::black_box(&json)).segments.len());
}

#[divan::bench]
fn cues(bencher: Bencher<'_, '_>) {
    let json = data(SEGMENTS);
    let transcript = parsed(&json);
    bencher
        .counter(ItemsCount::new(SEGMENTS))
        .bench(|| Cues::new(divan::black_box(&transcript)).count());
}

#[divan::bench]
fn reflow(bencher: Bencher<'_, '_>) {
    let json = data(SEGMENTS);
    let transcript = parsed(&json);
    bencher.counter(ItemsCount::new(SEGMENTS)).bench(|| {
        let cues = Cues::new(divan::black_box(&transcript));
        Reflow::new(cues, &ReflowLimits::default()).count()
    });
}

#[divan::bench(args = Format::ALL)]
fn write(bencher: Bencher<'_, '_>, format: Format) {
    let json = data(SEGMENTS);
    let transcript = parsed(&json);
    bencher.counter(BytesCount::of_str(&json)).bench(|| {
        render::write(
            format,
            &transcript,
            &Style::default(),
            true,
            &mut io::sink(),
        )
    });
}

/// A whole wait: every task is polled until it is ten minutes old.
#[divan::bench(args = [1, 100, 10_000])]
fn schedule(bencher: Bencher<'_, '_>, tasks: usize) {
    const LENGTH: Duration = Duration::from_mins(10);
    bencher.counter(ItemsCount::new(tasks)).bench(|| {
        let mut schedule = Schedule::new(6);
        let interval = PollInterval::adaptive();
        for task in 0..tasks {
            schedule.add(task, interval, Some(Duration::ZERO), Duration::ZERO);
        }
        let mut polls = 0_u32;
        while let Some(now) = schedule.next_due() {
            let Some(task) = schedule.due(now) else {
                break;
            };
            schedule.take(task, now);
            if now < LENGTH {
                polls += 1;
                schedule.reschedule(task);
            } else {
                schedule.remove(task);
            }
        }
        polls
    });
}

/// One call's share of the file that all processes share, with the minute full: both ends of the call.
#[divan::bench]
fn rate_limit_of_a_call(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let (url, limits) = ("https://example.com", AccountLimits::default());
    let mut limiter = SharedRateLimiter::open(Some(folder.path()), url, b"token", limits);
    for endpoint in [Endpoint::Get, Endpoint::SubmitAudio, Endpoint::List] {
        for _ in 0..50 {
            let permit = reserve(&mut limiter, endpoint);
            limiter.complete(permit);
        }
    }
    bencher.bench_local(|| {
        let permit = reserve(&mut limiter, Endpoint::Get);
        limiter.cancel(permit);
    });
    assert_eq!(limiter.take_warning(), None);
}

fn reserve(limiter: &mut SharedRateLimiter, endpoint: Endpoint) -> Permit {
    match limiter.reserve(endpoint, Pacing::Immediate) {
        Reservation::Slot { permit, .. } => permit,
        Reservation::DaySpent { .. } => unreachable!("a day has more calls"),
    }
}
