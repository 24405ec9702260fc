//! Plain round-robin over the open tasks: evenly spaced requests, the whole documented budget.

use std::collections::VecDeque;
use std::time::Duration;

use crate::batch::{START, SimTask};
use crate::outcome::Outcome;

const LATENCY: Duration = Duration::from_millis(200);

pub(crate) fn wait(tasks: &[SimTask], per_minute: u32) -> Outcome {
    let mut open: VecDeque<usize> = (0..tasks.len()).collect();
    let mut noticed = vec![Duration::ZERO; tasks.len()];
    let (mut requests, mut now) = (0, START);
    while let Some(id) = open.pop_front() {
        requests += 1;
        if tasks[id].ends <= now + LATENCY / 2 {
            noticed[id] = now + LATENCY;
        } else {
            open.push_back(id);
        }
        now += Duration::from_mins(1) / per_minute;
    }
    Outcome::new(tasks, &noticed, requests)
}
