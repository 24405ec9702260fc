//! `mavi listen`: receives callbacks and delivers each result as it comes. The sender is told that
//! all is well only once the result is written and on record.

mod later;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::api::{Answer, Failure, Reply, Session};
use crate::cli::{Global, Listen, Output, Waiting};
use crate::error::{Error, Exit, Kind};
use crate::journal::Outcome;
use crate::receiver::CallbackResponse;
use crate::task::TaskNo;
use crate::transcript::{Status, TimeUnit, Transcript};

use super::Context;
use super::connect::{self, AddTo as _};
use super::deliver::Delivery;
use super::get::task_failed;
use super::inbox::{Complaints, Door, Inbox, Next, letter};
use super::known::{Known, Standing};
use super::record::{End, Record};
use super::resume::{self, Open};
use later::Later;

/// How long a sender waits while its result is verified, and all who come after it with it.
const TO_VERIFY: Duration = Duration::from_secs(10);

/// How long after it was asked about in vain a task is asked about again.
const PAUSE: Duration = Duration::from_secs(10);

pub(super) fn run(context: &Context, args: &Listen) -> anyhow::Result<Exit> {
    if args.count == Some(0) {
        let error = Error::usage("--count 0 asks for nothing");
        return Err(error
            .with_hint("leave it out to receive without end")
            .into());
    }
    let settings = context.settings(&args.output.add_to(connect::overrides(&context.global)))?;
    let delivery = Delivery::plan(context, &args.output, &settings, args.count != Some(1))?;
    if delivery.output.is_collected() {
        let error = Error::usage(
            "a sender is answered once its result is written, so each needs a file of its own",
        );
        return Err(error
            .with_hint("put {taskNo} into the file name of -o")
            .into());
    }
    let record = Record::open(context, &settings);
    if !args.any && !args.verify {
        record.require()?;
    }
    let session = args
        .verify
        .then(|| context.connect(&settings))
        .transpose()?
        .map(Arc::new);
    let door = Door {
        addr: args.addr,
        public_url: args.public_url.as_deref(),
        path_secret_file: args.path_secret_file.as_deref(),
    };
    let inbox = door.open(context, &settings)?;
    context.progress.essential(&format!(
        "listening; the callback address is {}",
        inbox.callback_url()
    ));
    context.resume.close_first(inbox.closer());
    let desk = Desk {
        context,
        args,
        delivery: &delivery,
        inbox: &inbox,
        record,
        known: RefCell::new(Known::at(inbox.callback_url())),
        complaints: Complaints::to(&context.progress),
        session,
        later: Arc::new(Mutex::new(Later::new())),
        unit: *settings.time_unit,
        done: RefCell::default(),
        failures: RefCell::default(),
        closed_pipe: RefCell::default(),
    };
    if let Some(timeout) = args.timeout.filter(|timeout| !timeout.is_zero()) {
        let (close, end) = (inbox.closer(), Instant::now() + timeout);
        thread::spawn(move || {
            thread::sleep(end.saturating_duration_since(Instant::now()));
            close();
        });
    }
    desk.keep_resumable();
    inbox.each_and(|body| desk.take(body), || desk.catch_up());
    inbox.close();
    desk.ended()
}

/// Takes results, one at a time.
struct Desk<'a> {
    context: &'a Context,
    args: &'a Listen,
    delivery: &'a Delivery<'a>,
    inbox: &'a Inbox,
    record: Record,
    known: RefCell<Known>,
    complaints: Complaints,
    /// For `--verify`.
    session: Option<Arc<Session>>,
    later: Arc<Mutex<Later>>,
    unit: TimeUnit,
    done: RefCell<HashSet<TaskNo>>,
    /// What came of the tasks that are not delivered, as far as it is known.
    failures: RefCell<BTreeMap<TaskNo, Failed>>,
    closed_pipe: RefCell<Option<anyhow::Error>>,
}

/// What came of a task, and what was said about it.
struct Failed {
    said: String,
    exit: Exit,
}

impl Desk<'_> {
    fn take(&self, body: &str) -> (CallbackResponse, Next) {
        (self.verdict(body), self.next())
    }

    /// Asks about one of the tasks that were put off, if it is time.
    fn catch_up(&self) -> (Option<Duration>, Next) {
        let next = self.later().next(Instant::now());
        if let (Some(session), Some(task)) = (&self.session, next)
            && self.verify(session, &task) == CallbackResponse::NotStored
        {
            self.later().postpone(&task, Instant::now() + PAUSE);
        }
        (self.later().wait(Instant::now()), self.next())
    }

    fn next(&self) -> Next {
        let count = self.args.count;
        let enough = count.is_some_and(|count| self.done.borrow().len() >= count);
        let gone = self.closed_pipe.borrow().is_some();
        if enough || gone { Next::Stop } else { Next::Go }
    }

    fn verdict(&self, body: &str) -> CallbackResponse {
        let subject = letter::subject_of(body).inspect_err(|why| self.complaints.say(why));
        let Ok(subject) = subject else {
            return CallbackResponse::Rejected;
        };
        let task = &subject.task;
        if self.done.borrow().contains(task) {
            return CallbackResponse::Stored;
        }
        match self.standing(&subject) {
            Ok(Standing::Taken) => return CallbackResponse::Stored,
            Ok(Standing::Found | Standing::Ours { .. }) => {}
            Ok(Standing::Stranger) if self.takes_strangers() => {}
            Ok(Standing::Stranger) => {
                self.complaints.say_and_advise(
                    &format!("a result for task {task}, which is not on record here, was ignored"),
                    "--verify asks the service about such a task, --any takes it as it is; only \
                     tasks of the base URL of this run are looked up",
                );
                return CallbackResponse::Rejected;
            }
            // Journal trouble is no reason to lose a result that would be taken anyway.
            Err(error) if self.takes_strangers() => self.complaints.say(&error.message),
            Err(error) => {
                self.complaints.no_look_up(task, &error);
                return CallbackResponse::NotStored;
            }
        }
        if let Some(session) = &self.session {
            return self.verify(session, task);
        }
        let Some(result) = letter::result_in(body, task, self.unit) else {
            self.complaints.say(letter::NO_RESULT);
            return CallbackResponse::Rejected;
        };
        if is_final(&result) {
            return self.deliver(task, &result);
        }
        self.complaints.say(&format!(
            "task {task} was reported before its end, which was ignored"
        ));
        CallbackResponse::Rejected
    }

    /// Whether it takes results of tasks that are not on record here.
    fn takes_strangers(&self) -> bool {
        self.args.any || self.args.verify
    }

    fn standing(&self, task: &letter::Subject) -> Result<Standing, Error> {
        let mut known = self.known.borrow_mut();
        if self.takes_strangers() {
            known.first_standing(&self.record, task)
        } else {
            known.standing(&self.record, task)
        }
    }

    /// What came says no more than which task to ask about. It is asked about once and not for long,
    /// since others wait for their turn: whoever cannot be told now is told to come again.
    fn verify(&self, session: &Arc<Session>, task: &TaskNo) -> CallbackResponse {
        let (asking, number) = (Arc::clone(session), task.clone());
        let asked = self.inbox.ask(move || asking.get_once(&number, TO_VERIFY));
        let verdict = match asked {
            None => CallbackResponse::NotStored, // the end has come
            Some(Answer::Reply(reply)) => self.verified(task, &reply),
            Some(Answer::Failed(failure)) => self.unverified(task, &failure),
            Some(Answer::Later(after)) => {
                self.complaints.note_once("later", &format!(
                    "more results come than the rate limit lets verify; the others, task {task} first, \
                     are asked about as soon as it does"
                ));
                self.later().add(task, Instant::now() + after);
                CallbackResponse::RetryAfter(after)
            }
        };
        if matches!(
            verdict,
            CallbackResponse::Stored | CallbackResponse::Rejected
        ) {
            self.later().remove(task);
        }
        verdict
    }

    fn verified(&self, task: &TaskNo, reply: &Reply) -> CallbackResponse {
        match reply.transcript() {
            Ok(result) if !is_about(&result, task) => {
                let other = reply.shown(&result.task_no);
                self.complaints.say(&format!(
                    "asked about task {task}, the service told about task {other:?}, which was ignored"
                ));
                CallbackResponse::NotStored
            }
            Ok(result) if is_final(&result) => self.deliver(task, &result),
            Ok(_) => {
                self.complaints.say(&format!(
                    "a result for task {task} came, but the service says that it has not ended"
                ));
                // It may be about to say otherwise.
                CallbackResponse::NotStored
            }
            Err(failure) => self.unverified(task, &failure),
        }
    }

    fn unverified(&self, task: &TaskNo, failure: &Failure) -> CallbackResponse {
        let why = &failure.error.message;
        self.complaints.say(&format!(
            "could not verify the result of task {task}: {why}"
        ));
        if failure.is_unknown_task() {
            CallbackResponse::Rejected
        } else {
            CallbackResponse::NotStored
        }
    }

    fn deliver(&self, task: &TaskNo, result: &Transcript<'_>) -> CallbackResponse {
        let end = End::of(task, result).by_callback();
        // First, so that its number is on record whatever comes of the delivery.
        let subject = letter::Subject {
            task: task.clone(),
            video: end.video_no.clone().zip(end.kind),
        };
        self.known.borrow_mut().found(&self.record, &subject);
        let outcome = if result.status == Some(Status::Failed) {
            self.failed(task, task_failed(task).into(), CallbackResponse::Stored);
            Outcome::Failed
        } else {
            if let Err(chain) = self.delivery.emit(task, result) {
                return self.failed(task, chain, CallbackResponse::NotStored);
            }
            // An earlier try may have found the disk full.
            self.failures.borrow_mut().remove(task);
            Outcome::Finished
        };
        self.record.ended(&end, outcome);
        self.done.borrow_mut().insert(task.clone());
        CallbackResponse::Stored
    }

    /// Says it, unless it was said when the same result came before.
    fn failed(
        &self,
        task: &TaskNo,
        chain: anyhow::Error,
        verdict: CallbackResponse,
    ) -> CallbackResponse {
        let said = format!("{chain:#}");
        let mut failures = self.failures.borrow_mut();
        if failures.get(task).is_some_and(|before| before.said == said) {
            return verdict;
        }
        match self.context.report(chain) {
            Ok(exit) => drop(failures.insert(task.clone(), Failed { said, exit })),
            Err(closed_pipe) => *self.closed_pipe.borrow_mut() = Some(closed_pipe),
        }
        verdict
    }

    fn ended(self) -> anyhow::Result<Exit> {
        if let Some(chain) = self.closed_pipe.into_inner() {
            return Err(chain);
        }
        let failed = self.failures.into_inner().into_values();
        let mut failures: Vec<Exit> = failed.map(|failed| failed.exit).collect();
        let done = self.done.borrow().len();
        let wanted = self.args.count.filter(|count| done < *count);
        let put_off = unverified_tasks(&self.context.global, &self.args.output, &lock(&self.later));
        let said = match (wanted, &put_off) {
            (Some(count), _) => format!("{done} of {count} results came in time"),
            (None, Some(open)) if self.args.count.is_none() => open.what.clone(),
            (None, _) => return Ok(Exit::of_failures(failures)),
        };
        if !self.context.resume.is_closing() {
            let hint = put_off.map_or("mavi wait --pending".to_owned(), |open| {
                resume::hint(&open.command)
            });
            let error = Error::new(Kind::Unfinished, said).with_hint(hint);
            self.context.progress.error(&error);
            failures.push(Kind::Unfinished.exit());
        }
        Ok(Exit::of_failures(failures))
    }

    /// From now on a signal names what came and could not be verified.
    fn keep_resumable(&self) {
        let (global, output) = (self.context.global.clone(), self.args.output.clone());
        let later = Arc::clone(&self.later);
        self.context
            .resume
            .set(move || unverified_tasks(&global, &output, &lock(&later)));
    }

    fn later(&self) -> MutexGuard<'_, Later> {
        lock(&self.later)
    }
}

/// The tasks that are still to be verified, with the command that gets their results.
fn unverified_tasks(global: &Global, output: &Output, later: &Later) -> Option<Open> {
    let tasks = later.tasks();
    let what = match tasks[..] {
        [] => return None,
        [task] => format!("task {task} is not verified"),
        ref all => format!("{} tasks are not verified", all.len()),
    };
    let command = resume::command(global, &Waiting::default(), output, &tasks);
    Some(Open { what, command })
}

fn lock(later: &Mutex<Later>) -> MutexGuard<'_, Later> {
    later.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a reply is about this task, as far as it says.
fn is_about(result: &Transcript<'_>, task: &TaskNo) -> bool {
    result.task_no.is_empty() || TaskNo::new(&result.task_no).is_ok_and(|of| of == *task)
}

/// Whether nothing more will come of the task.
fn is_final(result: &Transcript<'_>) -> bool {
    matches!(result.status, Some(Status::Finished | Status::Failed))
}
