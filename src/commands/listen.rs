//! `mavi listen`: receives callbacks and delivers each result as it comes. The sender is told that
//! all is well only once the result is written and on record.

use std::cell::RefCell;
use std::collections::HashSet;
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
use super::inbox::{self, Inbox, Next};
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
    /// For `--verify`.
    session: Option<Session>,
    unit: TimeUnit,
    done: RefCell<HashSet<TaskNo>>,
    failures: RefCell<Vec<Exit>>,
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
        let progress = &self.context.progress;
        let result = inbox::result_in(body, self.unit);
        let Some((task, result)) =
            result.and_then(|result| Some((TaskNo::new(&result.task_no).ok()?, result)))
        else {
            progress.warn("what came to the callback address was no result");
            return Verdict::NotAResult;
        };
        if self.done.borrow().contains(&task) {
            return Verdict::Accepted;
        }
        let Some(session) = &self.session else {
            if !self.args.any && !self.known.borrow_mut().holds(&self.record, &task) {
                progress.warn(&format!(
                    "a result for task {task}, which is not on record here, was ignored"
                ));
                return Verdict::NotAResult;
            }
            return self.deliver(&task, &result);
        };
        match session.get(&task) {
            Ok(reply) => match reply.transcript() {
                Ok(verified) => self.deliver(&task, &verified),
                Err(failure) => self.unverified(&task, failure.error),
            },
            Err(failure) => self.unverified(&task, failure.error),
        }
    }

    fn deliver(&self, task: &TaskNo, result: &Transcript<'_>) -> Verdict {
        let outcome = match result.status {
            Some(Status::Finished) => match self.delivery.emit(result) {
                Ok(()) => Outcome::Finished,
                Err(chain) => return self.failed(chain, Verdict::Unsafe),
            },
            Some(Status::Failed) => {
                self.failed(task_failed(task).into(), Verdict::Accepted);
                Outcome::Failed
            }
            _ => {
                self.context.progress.warn(&format!(
                    "task {task} was reported before its end, which was ignored"
                ));
                return Verdict::NotAResult;
            }
        };
        self.record.ended(&End::of(task, result), outcome);
        self.done.borrow_mut().insert(task.clone());
        Verdict::Accepted
    }

    fn unverified(&self, task: &TaskNo, error: Error) -> Verdict {
        let is_forged = error.kind == Kind::Api;
        let error = error
            .with_task(task.as_str())
            .of(format_args!("could not verify the result of task {task}"));
        self.context.progress.warn(&error.message);
        if is_forged {
            Verdict::NotAResult
        } else {
            Verdict::Unsafe
        }
    }

    fn failed(&self, chain: anyhow::Error, verdict: Verdict) -> Verdict {
        match self.context.report(chain) {
            Ok(exit) => self.failures.borrow_mut().push(exit),
            Err(closed_pipe) => *self.closed_pipe.borrow_mut() = Some(closed_pipe),
        }
        verdict
    }

    fn ended(self) -> anyhow::Result<Exit> {
        if let Some(chain) = self.closed_pipe.into_inner() {
            return Err(chain);
        }
        let mut failures = self.failures.into_inner();
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
