//! Tests with many callers of several processes that share one account, in virtual time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use fastrand::Rng;
use proptest::prelude::*;

use super::*;

/// Callers that want to call all the time, and a service that counts.
struct Simulation {
    limiter: RateLimiter,
    rng: Rng,
    now: Duration,
    /// The next event of each worker, with its time.
    events: BinaryHeap<Reverse<(Duration, usize)>>,
    workers: Vec<Worker>,
    pacing: Pacing,
    /// Milliseconds from sending to the answer.
    latency: Range<u64>,
    /// Milliseconds that a worker wakes up late.
    lateness: Range<u64>,
    /// Milliseconds between a call and the next one.
    idle: Range<u64>,
    /// Probability that a slot is cancelled, and that a worker is killed at a step.
    cancelled: f64,
    killed: f64,
    service: Service,
}

struct Worker {
    step: Step,
    /// The permit of what is under way.
    permit: Option<Permit>,
    /// Calls yet to be made.
    left: usize,
    accepted: usize,
}

#[derive(Clone, Copy)]
enum Step {
    Reserve,
    Start,
    /// The service counts the call; the answer comes at this time.
    Arrive(Duration),
    Answer {
        is_accepted: bool,
    },
}

/// The limit of the service in 60 s, and the calls that it accepted.
struct Service {
    per_minute: usize,
    accepted: Vec<Duration>,
    refused: usize,
}

impl Service {
    fn accepts(&mut self, now: Duration) -> bool {
        let recent = self
            .accepted
            .iter()
            .rev()
            .take_while(|call| now < **call + MINUTE);
        let is_accepted = recent.count() < self.per_minute;
        if is_accepted {
            self.accepted.push(now);
        } else {
            self.refused += 1;
        }
        is_accepted
    }
}

impl Simulation {
    fn new(limiter: RateLimiter, workers: usize, seed: u64) -> Self {
        let worker = || Worker {
            step: Step::Reserve,
            permit: None,
            left: usize::MAX,
            accepted: 0,
        };
        Self {
            limiter,
            rng: Rng::with_seed(seed),
            now: at(0),
            events: (0..workers)
                .map(|worker| Reverse((at(0), worker)))
                .collect(),
            workers: (0..workers).map(|_| worker()).collect(),
            pacing: Pacing::Even,
            latency: 50..400,
            lateness: 0..5,
            idle: 0..1,
            cancelled: 0.0,
            killed: 0.0,
            service: Service {
                per_minute: usize::MAX,
                accepted: Vec::new(),
                refused: 0,
            },
        }
    }

    /// Runs until everything is done, or for this time.
    fn run(&mut self, time: Duration) {
        while let Some(Reverse((now, index))) = self.events.pop() {
            self.now = now;
            if now > at(0) + time {
                break;
            }
            if let Some(next) = self.step(index) {
                self.events.push(Reverse((next, index)));
            }
        }
    }

    /// Does a worker's next step; returns the time of the one after it.
    fn step(&mut self, index: usize) -> Option<Duration> {
        let now = self.now;
        let worker = &mut self.workers[index];
        let is_killed = self.rng.f64() < self.killed;
        let permit = worker.permit.take();
        match (worker.step, permit) {
            (Step::Arrive(answered), permit) => {
                let is_accepted = self.service.accepts(now);
                worker.permit = permit;
                worker.step = Step::Answer { is_accepted };
                return Some(answered);
            }
            (Step::Start, Some(_)) if is_killed => {}
            (Step::Reserve, _) if worker.left == 0 => return None,
            (Step::Reserve, _) => {
                let reserved = self.limiter.reserve(Endpoint::Get, self.pacing, now);
                return Some(self.proceed(index, reserved));
            }
            (Step::Start, Some(permit)) if self.rng.f64() < self.cancelled => {
                self.limiter.cancel(permit, now);
            }
            (Step::Start, Some(permit)) => {
                let started = self.limiter.start(permit, now);
                return Some(self.proceed(index, started));
            }
            (Step::Answer { is_accepted: true }, Some(permit)) => {
                self.limiter.complete(permit, now);
                worker.left -= 1;
                worker.accepted += 1;
            }
            (Step::Answer { is_accepted: false }, Some(permit)) => {
                self.limiter.rate_limited(permit, None, now);
            }
            (Step::Start | Step::Answer { .. }, None) => unreachable!("both hold a permit"),
        }
        worker.step = Step::Reserve;
        Some(now + ms(self.rng.u64(self.idle.clone())))
    }

    fn proceed(&mut self, index: usize, reservation: Reservation) -> Duration {
        let worker = &mut self.workers[index];
        let (permit, wait) = match reservation {
            Reservation::Slot { permit, wait } => (permit, wait),
            Reservation::DaySpent { wait } => {
                assert!(!wait.is_zero());
                worker.step = Step::Reserve;
                return self.now + wait;
            }
        };
        if wait.is_zero() && self.rng.f64() < self.killed {
            // The service has the request already.
            self.service.accepts(self.now);
            worker.step = Step::Reserve;
            return self.now + ms(self.rng.u64(self.idle.clone()));
        }
        worker.permit = Some(permit);
        if wait.is_zero() {
            let answered = self.now + ms(self.rng.u64(self.latency.clone()));
            worker.step = Step::Arrive(answered);
            // Nobody knows when the service counts: at once, with the answer, or in between.
            match self.rng.u8(..3) {
                0 => self.now,
                1 => answered,
                _ => self.now + answered.saturating_sub(self.now).mul_f64(self.rng.f64()),
            }
        } else {
            worker.step = Step::Start;
            self.now + wait + ms(self.rng.u64(self.lateness.clone()))
        }
    }

    /// The most calls that the service counted in any span of this length, both ends included.
    fn most_in(&self, span: Duration) -> usize {
        let times = &self.service.accepted;
        let mut start = 0;
        let mut most = 0;
        for end in 0..times.len() {
            while times[end] > times[start] + span {
                start += 1;
            }
            most = most.max(end - start + 1);
        }
        most
    }
}

#[test]
fn burst_is_paid_for_by_a_minute_at_half_the_pace() {
    let mut simulation = Simulation::new(limiter(50, 10_000), 1, 0);
    (simulation.latency, simulation.lateness) = (0..1, 0..1);
    simulation.run(ms(200_000));
    let sent = simulation.service.accepted;
    assert!(sent[..25].iter().all(|time| *time == at(0)), "{sent:?}");
    for pair in sent[25..].windows(2) {
        let gap = pair[1].saturating_sub(pair[0]);
        assert!(gap >= ms(1_209) && gap <= ms(2_421), "{gap:?}");
    }
    let slow = sent.windows(2).filter(|pair| pair[1] > pair[0] + ms(1_300));
    assert_eq!(slow.count(), 24, "{sent:?}");
}

#[test]
fn long_run_uses_whole_budget() {
    for (per_minute, latency) in [
        (50, 0),
        (50, 200),
        (50, 1_000),
        (20, 200),
        (1, 200),
        (200, 200),
    ] {
        let mut simulation = Simulation::new(limiter(per_minute, 1_000_000), 8, 1);
        simulation.latency = latency..latency + 1;
        simulation.lateness = 0..50;
        simulation.run(FULL_WINDOW * 40);
        let (used, full) = (simulation.service.accepted.len(), 40 * per_minute as usize);
        assert!(
            used * 100 >= full * 97,
            "{per_minute} a minute, {latency} ms: {used} of {full}"
        );
        assert!(used <= full + per_minute as usize);
    }
}

#[test]
fn busy_processes_use_budget_in_equal_shares() {
    for workers in [5, 10, 20] {
        let mut simulation = Simulation::new(limiter(50, 1_000_000), workers, 2);
        simulation.service.per_minute = 50;
        simulation.run(MINUTE * 20);
        let used = simulation.service.accepted.len();
        assert!(used >= 50 * 20 * 95 / 100, "{workers}: {used}");
        assert_eq!(simulation.service.refused, 0);
        let shares: Vec<_> = simulation
            .workers
            .iter()
            .map(|worker| worker.accepted)
            .collect();
        let fair = used / workers;
        assert!(
            shares.iter().all(|share| *share * 10 >= fair * 8),
            "{shares:?}"
        );
    }
}

#[test]
fn newcomer_gets_fair_share_from_start() {
    let mut simulation = Simulation::new(limiter(50, 1_000_000), 9, 3);
    // The last one comes when the others have been busy for minutes.
    simulation
        .events
        .retain(|Reverse((_, worker))| *worker != 8);
    simulation.events.push(Reverse((at(200_000), 8)));
    simulation.run(ms(200_000) + MINUTE * 2);
    let share = simulation.workers[8].accepted;
    assert!(share >= 9, "{share} of 100 among 9");
}

#[test]
fn smaller_limit_of_service_costs_few_refusals() {
    for seed in 0..20 {
        let mut simulation = Simulation::new(limiter(50, 4_000), 5, seed);
        simulation.service.per_minute = 10;
        for worker in &mut simulation.workers {
            worker.left = 40;
        }
        simulation.run(MINUTE * 26);
        assert_eq!(simulation.service.accepted.len(), 200);
        let refused = simulation.service.refused;
        assert!(refused < 10, "{refused}");
    }
}

#[test]
fn limit_that_is_larger_again_is_used_again() {
    let mut simulation = Simulation::new(limiter(50, 10_000), 5, 4);
    simulation.service.per_minute = 10;
    simulation.run(MINUTE * 3);
    simulation.service.per_minute = 50;
    simulation.run(MINUTE * 15);
    let before = simulation.service.accepted.len();
    simulation.run(MINUTE * 20);
    let used = simulation.service.accepted.len() - before;
    assert!(used >= 225, "{used} of 250");
}

#[test]
fn killed_processes_cost_little() {
    let mut simulation = Simulation::new(limiter(50, 1_000_000), 10, 5);
    simulation.killed = 0.02;
    simulation.run(MINUTE * 20);
    let used = simulation.service.accepted.len();
    assert!(used >= 900, "{used} of 1,000");
    assert!(simulation.most_in(MINUTE) <= 50);
}

#[test]
fn day_of_polls_is_spread_without_gaps() {
    let mut simulation = Simulation::new(limiter(50, 10_000), 4, 6);
    simulation.pacing = Pacing::EvenOverDay;
    simulation.run(DAY * 2);
    assert!(simulation.most_in(DAY) <= 10_000);
    let sent = &simulation.service.accepted;
    assert!(sent.len() >= 19_000, "{} of 20,000", sent.len());
    let longest = sent
        .windows(2)
        .map(|pair| pair[1].saturating_sub(pair[0]))
        .max();
    assert!(longest < Some(MINUTE), "{longest:?}");
}

proptest! {
    /// However calls interleave, however long they take, whenever the service counts them, and
    /// whoever is killed or gives back slots: no 60 s hold more than the limit.
    #[test]
    fn no_minute_holds_more_than_limit(
        per_minute in 1u32..60,
        workers in 2usize..=10,
        seed: u64,
        latency in prop_oneof![1u64..500, 1u64..59_000],
        idle in prop_oneof![1u64..10, 1u64..5_000],
        (cancelled, killed) in (0.0..0.3, 0.0..0.1),
        pacing in prop_oneof![Just(Pacing::Immediate), Just(Pacing::Even), Just(Pacing::EvenOverDay)],
    ) {
        let mut simulation = Simulation::new(limiter(per_minute, 1_000_000), workers, seed);
        simulation.pacing = pacing;
        (simulation.latency, simulation.idle) = (0..latency, 0..idle);
        (simulation.cancelled, simulation.killed) = (cancelled, killed);
        simulation.lateness = 0..300;
        simulation.run(MINUTE * 6);
        prop_assert!(simulation.most_in(MINUTE) <= per_minute as usize);
    }

    /// Nobody who comes later gets an earlier slot.
    #[test]
    fn later_reservation_is_never_earlier(
        per_minute in 1u32..60,
        pacing in prop_oneof![Just(Pacing::Immediate), Just(Pacing::Even), Just(Pacing::EvenOverDay)],
        steps in proptest::collection::vec((0u64..3_000, 0u64..90_000), 1..200),
    ) {
        let mut limiter = limiter(per_minute, 100);
        let (mut now, mut latest) = (at(0), at(0));
        let (mut waiting, mut in_flight): (Vec<(Duration, Permit)>, Vec<_>) = (vec![], vec![]);
        for (idle, latency) in steps {
            now += ms(idle);
            for (_, permit) in in_flight.extract_if(.., |(over, _)| *over <= now) {
                limiter.complete(permit, now);
            }
            let due: Vec<_> = waiting.extract_if(.., |(time, _)| *time <= now).collect();
            for (_, permit) in due {
                match limiter.start(permit, now) {
                    Reservation::Slot { permit, wait } if wait.is_zero() => {
                        in_flight.push((now + ms(latency), permit));
                    }
                    Reservation::Slot { permit, wait } => waiting.push((now + wait, permit)),
                    Reservation::DaySpent { .. } => {}
                }
            }
            if let Reservation::Slot { permit, wait } = limiter.reserve(Endpoint::Get, pacing, now) {
                prop_assert!(now + wait >= latest, "{:?} before {latest:?}", now + wait);
                latest = now + wait;
                waiting.push((latest, permit));
            }
        }
    }

    /// No 24 h hold more than the limit of the day.
    #[test]
    fn no_day_holds_more_than_limit(
        per_day in 1u32..300,
        seed: u64,
        idle in 1u64..3_600_000,
        latency in 1u64..59_000,
        pacing in prop_oneof![Just(Pacing::Immediate), Just(Pacing::Even), Just(Pacing::EvenOverDay)],
    ) {
        let mut simulation = Simulation::new(limiter(50, per_day), 3, seed);
        simulation.pacing = pacing;
        (simulation.latency, simulation.idle) = (0..latency, 0..idle);
        simulation.run(DAY * 3);
        prop_assert!(simulation.most_in(DAY) <= per_day as usize);
    }
}

/// Processes that are killed while they wait for their slots, one every two seconds, beside one that is
/// always busy.
#[test]
fn slots_of_killed_waiters_are_used_by_others() {
    let mut limiter = limiter(50, 1_000_000);
    let (mut waiting, mut calls) = (None::<(Permit, Duration)>, 0);
    for step in 0..6_000 {
        let now = at(step * 100);
        if step % 20 == 0 {
            drop(limiter.reserve(Endpoint::Get, Pacing::Even, now));
        }
        let reservation = match waiting.take() {
            None => limiter.reserve(Endpoint::Get, Pacing::Even, now),
            Some((permit, due)) if due <= now => limiter.start(permit, now),
            Some(not_yet) => {
                waiting = Some(not_yet);
                continue;
            }
        };
        let Reservation::Slot { permit, wait } = reservation else {
            panic!("the day is long")
        };
        if wait.is_zero() {
            calls += 1;
            limiter.complete(permit, now);
        } else {
            waiting = Some((permit, now + wait));
        }
    }
    println!("{calls} of 500 calls in ten minutes beside 300 killed waiters");
    assert!(calls >= 400, "{calls}");
}
