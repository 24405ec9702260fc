//! Waiting for a batch, in virtual time: as `mavi` does, and by plain round-robin.

use std::collections::VecDeque;
use std::time::Duration;

use fastrand::Rng;
use mavi::api::limiter::Permit;
use mavi::schedule::{Next, Pace, Schedule};

use crate::batch::{START, Task};
use crate::outcome::Outcome;
use crate::referee::Referee;
use crate::{PER_MINUTE, limiter};

const WORKERS: usize = 4;

/// A request under way.
pub(crate) struct Flight {
    id: usize,
    /// When the service counts it and looks whether the task has ended.
    arrives: Duration,
    answered: Duration,
    permit: Permit,
}

/// Waits for all tasks with the schedule and the limiter that `mavi` uses.
pub(crate) fn ours(tasks: &[Task], seed: u64) -> Outcome {
    let mut rng = Rng::with_seed(seed);
    let limiter = limiter();
    let mut schedule = Schedule::new(Pace::adaptive(), seed);
    let mut referee = Referee::new(tasks.len());
    let mut flights: Vec<Flight> = Vec::new();
    let mut noticed = vec![Duration::ZERO; tasks.len()];
    let mut counted = Vec::new();
    let mut unknown = tasks.iter().enumerate().peekable();
    let mut now = START;
    loop {
        while let Some((id, task)) = unknown.next_if(|(_, task)| task.known <= now) {
            schedule.add(id, Some(now.saturating_sub(task.submitted)), now);
            referee.learnt(id, task);
        }
        for flight in flights.extract_if(.., |flight| flight.answered <= now) {
            let task = &tasks[flight.id];
            limiter.answered(flight.permit, now);
            if task.ends <= flight.arrives {
                noticed[flight.id] = now;
                assert!(schedule.ended(flight.id));
            } else {
                schedule.pending(flight.id);
                referee.unfinished(flight.id, task);
            }
        }
        let mut wake = unknown.peek().map_or(Duration::MAX, |(_, task)| task.known);
        while flights.len() < WORKERS {
            match schedule.peek(now) {
                Next::Ask(id) => match limiter.reserve(now) {
                    Ok(permit) => {
                        assert_eq!(schedule.next(now), Next::Ask(id));
                        referee.asked(id, now);
                        let there = Duration::from_millis(rng.u64(50..150));
                        let back = Duration::from_millis(rng.u64(50..150));
                        let arrives = now + there;
                        counted.push(arrives);
                        flights.push(Flight {
                            id,
                            arrives,
                            answered: arrives + back,
                            permit,
                        });
                        continue;
                    }
                    Err(wait) => wake = wake.min(now + wait),
                },
                Next::Wait(until) => wake = wake.min(until),
                Next::Busy | Next::Done => {}
            }
            break;
        }
        for flight in &flights {
            wake = wake.min(flight.answered);
        }
        if wake == Duration::MAX {
            break;
        }
        now = wake;
    }
    assert_eq!(schedule.open(), 0);
    Outcome::new(tasks, &noticed, counted)
}

/// Plain round-robin over the open tasks: evenly spaced requests, the whole documented budget.
pub(crate) fn round_robin(tasks: &[Task]) -> Outcome {
    let latency = Duration::from_millis(200);
    let mut unknown = tasks.iter().enumerate().peekable();
    let mut open = VecDeque::new();
    let mut noticed = vec![Duration::ZERO; tasks.len()];
    let mut counted = Vec::new();
    let mut now = START;
    loop {
        while let Some((id, _)) = unknown.next_if(|(_, task)| task.known <= now) {
            open.push_back(id);
        }
        if let Some(id) = open.pop_front() {
            counted.push(now + latency / 2);
            if tasks[id].ends <= now + latency / 2 {
                noticed[id] = now + latency;
            } else {
                open.push_back(id);
            }
        } else if unknown.peek().is_none() {
            break;
        }
        now += Duration::from_mins(1) / PER_MINUTE;
    }
    Outcome::new(tasks, &noticed, counted)
}
