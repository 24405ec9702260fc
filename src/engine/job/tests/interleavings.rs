//! Property tests over every interleaving of answers, callbacks, failed deliveries, signals and
//! deadlines.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::super::super::event::{Delivery, Event, RequestId, TaskState};
use super::super::super::item::State;
use super::super::{JobOptions, Polls};
use super::support::*;
use crate::api::FailureClass;
use crate::error::{Error, ErrorKind};
use crate::receiver::CallbackResponse;

/// Something that the outside does next.
#[derive(Clone, Debug)]
enum Step {
    Submitted(u8),
    Polled(u8),
    Callback(usize, bool),
    DiskFull,
    Pass(u64),
    Signal,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0u8..8).prop_map(Step::Submitted),
        6 => (0u8..8).prop_map(Step::Polled),
        3 => (0usize..8, any::<bool>()).prop_map(|(task, done)| Step::Callback(task, done)),
        1 => Just(Step::DiskFull),
        4 => (0u64..40).prop_map(Step::Pass),
        1 => Just(Step::Signal),
    ]
}

fn error(choice: u8) -> crate::api::ApiError {
    match choice {
        4 => failure(FailureClass::ConnectionLost),
        5 => rate_limited(3),
        6 => failure(FailureClass::NotConnected),
        _ => refused("0001"),
    }
}

proptest! {
    #[test]
    fn every_interleaving_keeps_the_promises(
        steps in proptest::collection::vec(step(), 1..120),
        submits in 1usize..5,
        tasks in 0usize..4,
        timeout in proptest::option::of(10u64..200),
    ) {
        let options = JobOptions {
            callbacks: Some(OWN),
            timeout: timeout.map(S),
            workers: 3,
            ..options(Polls::UntilEnd)
        };
        let items = (0..submits).map(video).chain((100..100 + tasks).map(task));
        let mut bench = Bench::new(options, items);
        let mut accepted: HashSet<usize> = HashSet::new();
        let mut submitted: HashMap<usize, u32> = HashMap::new();
        let mut requests: RequestId = 0;
        let mut requested: HashMap<RequestId, usize> = HashMap::new();
        for step in steps {
            if bench.is_stopped {
                break;
            }
            match step {
                Step::Submitted(choice) => {
                    let Some(SentCall::Submit(item, _)) =
                        bench.calls.iter().find(|call| matches!(call, SentCall::Submit(..)))
                    else { continue };
                    let item = *item;
                    prop_assert!(!accepted.contains(&item), "{item} was submitted twice");
                    let result = if choice < 4 { Ok(item) } else { Err(error(choice)) };
                    if matches!(choice, 0..=4) {
                        // Accepted, or possibly so: it must never be sent again.
                        accepted.insert(item);
                    }
                    *submitted.entry(item).or_default() += 1;
                    bench.submitted(result);
                }
                Step::Polled(choice) => {
                    if !bench.calls.iter().any(|call| matches!(call, SentCall::Poll(..))) {
                        continue;
                    }
                    bench.polled(match choice {
                        0 | 1 => Ok(reply(TaskState::Unfinished, 0)),
                        2 => Ok(reply(TaskState::Finished, 1)),
                        3 => Ok(reply(TaskState::Failed, 2)),
                        other => Err(error(other)),
                    });
                }
                Step::Callback(number, done) => {
                    let number = if number < 4 { number } else { 96 + number };
                    let state = if done { TaskState::Finished } else { TaskState::Unfinished };
                    requested.insert(requests, number);
                    bench.callback(requests, number, reply(state, 3));
                    if bench.lookups.iter().any(|(request, _)| *request == requests) {
                        let origin = Ok(super::super::super::callback_target::TaskOrigin::Unknown);
                        bench.on(Event::LookedUp { request: requests, origin });
                    }
                    requests += 1;
                }
                Step::DiskFull => {
                    bench.delivery = Some(Delivery::Failed(Error::new(ErrorKind::Io, "disk full")));
                }
                Step::Pass(seconds) => bench.pass(S(seconds)),
                Step::Signal => bench.on(Event::Signal(ErrorKind::Interrupted)),
            }
            // No call is under way twice, and no more of them than there are workers.
            let sent = bench.sent();
            prop_assert!(sent.len() <= 3);
            prop_assert_eq!(sent.iter().collect::<HashSet<_>>().len(), sent.len());
        }
        // Whatever is under way is answered, and time passes: the job comes to its end.
        for _ in 0..1000 {
            if bench.is_stopped {
                break;
            }
            match bench.calls.first() {
                Some(SentCall::Submit(item, _)) => {
                    let item = *item;
                    prop_assert!(accepted.insert(item), "{item} was submitted twice");
                    bench.submitted(Ok(item));
                }
                Some(SentCall::Poll(..)) => {
                    bench.polled(Ok(reply(TaskState::Finished, 4)));
                }
                Some(call) => unreachable!("no item has a file: {call:?}"),
                None => bench.pass(S(130)),
            }
        }
        prop_assert!(bench.is_stopped, "it never ended");
        // Each result is delivered once; each sender has one response, 200 only after delivery.
        let delivered: HashSet<usize> = bench.delivered.iter().map(|(item, _)| *item).collect();
        prop_assert_eq!(delivered.len(), bench.delivered.len());
        let answered: HashSet<RequestId> = bench.responses.iter().map(|(to, _)| *to).collect();
        prop_assert_eq!(answered.len(), bench.responses.len());
        prop_assert_eq!(answered.len() as u64, requests);
        for (request, _) in bench.responses.iter().filter(|(_, response)| *response == CallbackResponse::Stored) {
            let task = task_no(requested[request]);
            let item = bench.job.items().iter().position(|item| item.task.as_ref() == Some(&task));
            let item = item.expect("only an item's result is stored");
            prop_assert!(delivered.contains(&item) || bench.failed.contains(&item));
        }
        // The states agree with what happened, and every open item is in the outcome.
        let outcome = bench.job.outcome();
        for (id, item) in bench.job.items().iter().enumerate() {
            prop_assert_eq!(item.state == State::Done, delivered.contains(&id));
            let is_open = matches!(item.state, State::Polling | State::TimedOut | State::Delivering);
            prop_assert_eq!(is_open, outcome.running.contains(&id));
        }
        let all_done = outcome.done == bench.job.items().len();
        prop_assert_eq!(outcome.exit.code() == 0, all_done && outcome.ending.is_none());
    }
}
