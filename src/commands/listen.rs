//! `mavi listen`: receives callbacks and delivers each result as it comes. The sender is told that
//! all is well only once the result is written and on record.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::thread;
use std::time::Instant;

use crate::api::Session;
use crate::cli::Listen;
use crate::error::{Error, Exit, Kind};
use crate::journal::Outcome;
use crate::listen::{SecretPath, Verdict};
use crate::task::TaskNo;
use crate::transcript::{Status, TimeUnit, Transcript};

use super::Context;
use super::connect::{self, AddTo as _};
use super::deliver::Delivery;
use super::get::task_failed;
use super::inbox::{Complaints, Inbox, Next, letter};
use super::record::{End, Known, Record};

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
    let session = args
        .verify
        .then(|| context.connect(&settings))
        .transpose()?;
    let path = match &args.path_secret_file {
        Some(file) => SecretPath::from_file(file)?,
        None => SecretPath::random()?,
    };
    if let (true, Some(file)) = (path.is_exposed(), &args.path_secret_file) {
        context.progress.warn(&format!(
            "others can read the secret in {}: chmod 600 it",
            file.display()
        ));
    }
    let inbox = Inbox::open(args.addr, args.public_url.as_deref(), path, &settings)?;
    context.progress.essential(&format!(
        "listening; the callback address is {}",
        inbox.callback_url()
    ));
    context.resume.close_first(inbox.closer());
    let desk = Desk {
        context,
        args,
        delivery: &delivery,
        record: Record::open(context, &settings),
        known: RefCell::default(),
        complaints: Complaints::to(&context.progress),
        session,
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
    inbox.each(|body| desk.take(body));
    inbox.close();
    desk.ended()
}

/// Takes results, one at a time.
struct Desk<'a> {
    context: &'a Context,
    args: &'a Listen,
    delivery: &'a Delivery<'a>,
    record: Record,
    known: RefCell<Known>,
    complaints: Complaints,
    /// For `--verify`.
    session: Option<Session>,
    unit: TimeUnit,
    done: RefCell<HashSet<TaskNo>>,
    /// What came of the tasks that are not delivered, as far as it is known.
    failures: RefCell<BTreeMap<TaskNo, Exit>>,
    closed_pipe: RefCell<Option<anyhow::Error>>,
}

impl Desk<'_> {
    fn take(&self, body: &str) -> (Verdict, Next) {
        let verdict = self.verdict(body);
        let enough = self
            .args
            .count
            .is_some_and(|count| self.done.borrow().len() >= count);
        let gone = self.closed_pipe.borrow().is_some();
        (verdict, if enough || gone { Next::Stop } else { Next::Go })
    }

    fn verdict(&self, body: &str) -> Verdict {
        let Some(task) = letter::task_in(body) else {
            self.complaints.no_result();
            return Verdict::NotAResult;
        };
        if self.done.borrow().contains(&task) {
            return Verdict::Accepted;
        }
        if let Some(session) = &self.session {
            return self.verify(session, &task);
        }
        if !self.args.any && !self.known.borrow_mut().holds(&self.record, &task) {
            self.complaints.say(&format!(
                "a result for task {task}, which is not on record here, was ignored"
            ));
            return Verdict::NotAResult;
        }
        let Some(result) = letter::result_in(body, &task, self.unit) else {
            self.complaints.no_result();
            return Verdict::NotAResult;
        };
        if is_final(&result) {
            return self.deliver(&task, &result);
        }
        self.complaints.say(&format!(
            "task {task} was reported before its end, which was ignored"
        ));
        Verdict::NotAResult
    }

    /// What came says no more than which task to ask about.
    fn verify(&self, session: &Session, task: &TaskNo) -> Verdict {
        let failure = match session.get(task) {
            Ok(reply) => match reply.transcript() {
                Ok(result) if is_final(&result) => return self.deliver(task, &result),
                Ok(_) => {
                    self.complaints.say(&format!(
                        "a result for task {task} came, but the service says that it has not ended"
                    ));
                    // It may be about to say otherwise.
                    return Verdict::Unsafe;
                }
                Err(failure) => failure,
            },
            Err(failure) => failure,
        };
        let is_forged = failure.error.kind == Kind::Api;
        let error = failure
            .error
            .with_task(task.as_str())
            .of(format_args!("could not verify the result of task {task}"));
        if is_forged {
            self.complaints.say(&error.message);
            return Verdict::NotAResult;
        }
        self.failed(task, error.into(), Verdict::Unsafe)
    }

    fn deliver(&self, task: &TaskNo, result: &Transcript<'_>) -> Verdict {
        let outcome = if result.status == Some(Status::Failed) {
            self.failed(task, task_failed(task).into(), Verdict::Accepted);
            Outcome::Failed
        } else {
            if let Err(chain) = self.delivery.emit(result) {
                return self.failed(task, chain, Verdict::Unsafe);
            }
            // An earlier try may have found the disk full.
            self.failures.borrow_mut().remove(task);
            Outcome::Finished
        };
        self.record.ended(&End::of(task, result), outcome);
        self.done.borrow_mut().insert(task.clone());
        Verdict::Accepted
    }

    fn failed(&self, task: &TaskNo, chain: anyhow::Error, verdict: Verdict) -> Verdict {
        match self.context.report(chain) {
            Ok(exit) => drop(self.failures.borrow_mut().insert(task.clone(), exit)),
            Err(closed_pipe) => *self.closed_pipe.borrow_mut() = Some(closed_pipe),
        }
        verdict
    }

    fn ended(self) -> anyhow::Result<Exit> {
        if let Some(chain) = self.closed_pipe.into_inner() {
            return Err(chain);
        }
        let mut failures: Vec<Exit> = self.failures.into_inner().into_values().collect();
        let done = self.done.borrow().len();
        let wanted = self.args.count.filter(|count| done < *count);
        if let (Some(count), false) = (wanted, self.context.resume.is_closing()) {
            let error = Error::new(
                Kind::Unfinished,
                format!("{done} of {count} results came in time"),
            );
            self.context
                .progress
                .error(&error.with_hint("mavi wait --pending"));
            failures.push(Kind::Unfinished.exit());
        }
        Ok(Exit::of_failures(failures))
    }
}

/// Whether nothing more will come of the task.
fn is_final(result: &Transcript<'_>) -> bool {
    matches!(result.status, Some(Status::Finished | Status::Failed))
}
