//! The calls as commands make them: with the token, within the rate limits, tried again where that
//! is safe. The policy in [`super::retry`] decides and this file sleeps. One session serves all
//! workers of a run.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::client::{Client, Reply, Submission};
use super::credentials::Credentials;
use super::failure::Failure;
use super::limiter::{Limiter, Permit};
use super::retry::{Call, Decision, Patience, Policy, Trouble};
use crate::secret::Secret;
use crate::task::{TaskNo, TranscriptionType};

/// Calls a minute that the service allows, each for the whole account.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Submits of type `AUDIO`.
    pub submit_audio: NonZeroU32,
    /// Submits of type `VIDEO`.
    pub submit_video: NonZeroU32,
    /// Questions about tasks.
    pub get: NonZeroU32,
}

/// How a session behaves.
pub struct SessionOptions {
    /// The longest that one request may take.
    pub request_timeout: Duration,
    /// Further tries of one call, outside a wait.
    pub retries: u32,
    /// The budgets.
    pub limits: Limits,
    /// Hears one line when trouble starts, and one when it ends.
    pub trouble: Box<dyn Fn(&str) + Send + Sync>,
}

/// Hears of each time that a submit is sent, so that none is ever off the record.
pub trait Witness {
    /// The request is sent next: from here on it may be paid for.
    fn sending(&self);
    /// It was certainly not accepted.
    fn refused(&self);
}

/// A conversation with the service.
pub struct Session {
    client: Client,
    credentials: Credentials,
    options: SessionOptions,
    started: Instant,
    submit_audio: Limiter,
    submit_video: Limiter,
    get: Limiter,
    /// Decides about the further tries of one call.
    tries: Mutex<Policy>,
    /// Decides inside a wait, where nothing that passes ends it.
    patient: Mutex<Policy>,
    /// Failed questions since the last answer, over all tasks of a wait.
    strikes: AtomicU32,
    /// Why calls fail at present, if they do.
    trouble: Mutex<Option<String>>,
}

/// What came of one question about a task.
pub enum Answer {
    /// A reply.
    Reply(Reply),
    /// Trouble that passes: ask again after this long, at the earliest.
    Later(Duration),
    /// A final refusal.
    Failed(Failure),
}

impl Session {
    /// A session over this client.
    #[must_use]
    pub fn new(client: Client, credentials: Credentials, options: SessionOptions) -> Self {
        let policy = |patience| Mutex::new(Policy::new(patience, fastrand::u64(..)));
        Self {
            client,
            credentials,
            started: Instant::now(),
            submit_audio: Limiter::new(options.limits.submit_audio),
            submit_video: Limiter::new(options.limits.submit_video),
            get: Limiter::new(options.limits.get),
            tries: policy(Patience::Tries(options.retries)),
            patient: policy(Patience::Unlimited),
            strikes: AtomicU32::new(0),
            trouble: Mutex::default(),
            options,
        }
    }

    /// Submits a video; again only where the service certainly did not accept it.
    pub fn submit(
        &self,
        submission: &Submission,
        witness: &dyn Witness,
    ) -> Result<TaskNo, Failure> {
        let limiter = match submission.kind {
            TranscriptionType::Audio => &self.submit_audio,
            TranscriptionType::Video => &self.submit_video,
        };
        self.with_retries(Call::Submit, limiter, |token| {
            witness.sending();
            let answer = self
                .client
                .submit(token, submission, self.options.request_timeout);
            if answer
                .as_ref()
                .is_err_and(Failure::is_certainly_not_accepted)
            {
                witness.refused();
            }
            answer
        })
    }

    /// Asks for a task, with the retries of a single call.
    pub fn get(&self, task_no: &TaskNo) -> Result<Reply, Failure> {
        self.with_retries(Call::Get, &self.get, |token| {
            self.client
                .get(token, task_no, self.options.request_timeout)
        })
    }

    /// Asks for a task once, as one question of a long wait: trouble that may pass is no failure.
    /// Nothing lasts beyond the deadline.
    pub fn ask(&self, task_no: &TaskNo, deadline: Option<Instant>) -> Answer {
        let answer = self.credentials.with_token(|token| {
            let Ok(permit) = self.take_turn(|now| self.get.reserve(now), deadline) else {
                return Ok(None);
            };
            let left = deadline.map_or(Duration::MAX, |end| {
                end.saturating_duration_since(Instant::now())
            });
            let reply = self
                .client
                .get(token, task_no, self.options.request_timeout.min(left));
            self.get.answered(permit, self.now());
            reply.map(Some)
        });
        match answer {
            // Its turn would come after the deadline, which the caller sees for itself.
            Ok(None) => Answer::Later(deadline.map_or(Duration::ZERO, |end| {
                end.saturating_duration_since(Instant::now())
            })),
            Ok(Some(reply)) => {
                self.strikes.store(0, Ordering::Relaxed);
                self.trouble_ended();
                Answer::Reply(reply)
            }
            Err(failure) => {
                let failed = self
                    .strikes
                    .fetch_add(1, Ordering::Relaxed)
                    .saturating_add(1);
                match decide(&self.patient, Call::Get, failure.trouble, failed) {
                    Decision::GiveUp => {
                        self.trouble_ended();
                        Answer::Failed(failure)
                    }
                    // A question that the deadline cut short says nothing about the service.
                    Decision::Retry(after) if deadline.is_some_and(|end| Instant::now() >= end) => {
                        Answer::Later(after)
                    }
                    Decision::Retry(after) => {
                        self.trouble_started(&failure);
                        self.hold_back(&self.get, &failure, after);
                        Answer::Later(after)
                    }
                }
            }
        }
    }

    /// Asks for a task once, for somebody who waits for the answer: all of it, its turn within the
    /// rate limit included, takes no longer than `within`. Where there is no turn in that time, or
    /// the service says that there is none, the answer is when there will be one.
    pub fn get_once(&self, task_no: &TaskNo, within: Duration) -> Answer {
        let deadline = Instant::now() + within;
        let result = self.credentials.with_token(|token| {
            let reserve = |now| self.get.reserve_at_once(now);
            let permit = match self.take_turn(reserve, Some(deadline)) {
                Ok(permit) => permit,
                Err(wait) => return Ok(Err(wait)),
            };
            let left = deadline.saturating_duration_since(Instant::now());
            let timeout = self.options.request_timeout.min(left);
            let result = self.client.get(token, task_no, timeout);
            self.get.answered(permit, self.now());
            result.map(Ok)
        });
        let failure = match result {
            Ok(Ok(reply)) => return Answer::Reply(reply),
            Ok(Err(wait)) => return Answer::Later(wait),
            Err(failure) => failure,
        };
        if matches!(failure.trouble, Trouble::RateLimited { .. })
            && let Decision::Retry(after) = decide(&self.patient, Call::Get, failure.trouble, 1)
        {
            self.hold_back(&self.get, &failure, after);
            return Answer::Later(after);
        }
        Answer::Failed(failure)
    }

    fn with_retries<T>(
        &self,
        call: Call,
        limiter: &Limiter,
        once: impl Fn(&Secret) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        for failed in 1.. {
            let result = self.credentials.with_token(|token| {
                let permit = self.take_turn(|now| limiter.reserve(now), None).ok();
                let result = once(token);
                if let Some(permit) = permit {
                    limiter.answered(permit, self.now());
                }
                result
            });
            let failure = match result {
                Ok(value) => {
                    self.trouble_ended();
                    return Ok(value);
                }
                Err(failure) => failure,
            };
            match decide(&self.tries, call, failure.trouble, failed) {
                Decision::GiveUp => return Err(failure),
                Decision::Retry(after) => {
                    self.trouble_started(&failure);
                    self.hold_back(limiter, &failure, after);
                    thread::sleep(after);
                }
            }
        }
        unreachable!("a policy gives up before it has counted to the end")
    }

    /// Sleeps until the budget allows a call; where that would be after the deadline, how long it
    /// would be instead.
    fn take_turn(
        &self,
        reserve: impl Fn(Duration) -> Result<Permit, Duration>,
        deadline: Option<Instant>,
    ) -> Result<Permit, Duration> {
        loop {
            match reserve(self.now()) {
                Ok(permit) => return Ok(permit),
                Err(wait) if deadline.is_some_and(|end| Instant::now() + wait > end) => {
                    return Err(wait);
                }
                Err(wait) => thread::sleep(wait),
            }
        }
    }

    /// After a 0429 all workers pause, not only the one that heard it.
    fn hold_back(&self, limiter: &Limiter, failure: &Failure, after: Duration) {
        if matches!(failure.trouble, Trouble::RateLimited { .. }) {
            limiter.pause_until(self.now() + after);
        }
    }

    /// Why the last call failed, where it did and is tried again.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.present_trouble().clone()
    }

    fn trouble_started(&self, failure: &Failure) {
        let why = failure.error.message.trim_end_matches('.');
        let before = self.present_trouble().replace(why.to_owned());
        if before.is_none() {
            (self.options.trouble)(&format!("trouble: {why}; trying again"));
        }
    }

    fn trouble_ended(&self) {
        let before = self.present_trouble().take();
        if before.is_some() {
            (self.options.trouble)("the service answers again");
        }
    }

    fn present_trouble(&self) -> MutexGuard<'_, Option<String>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

fn decide(policy: &Mutex<Policy>, call: Call, trouble: Trouble, failed: u32) -> Decision {
    policy
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .decide(call, trouble, failed)
}
