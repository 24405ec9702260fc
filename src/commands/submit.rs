//! `mavi submit`: submits videos and prints their task numbers, or waits for the tasks.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::api::{Session, Submission};
use crate::cli::Submit;
use crate::config::Limits;
use crate::duration;
use crate::error::{Error, Exit, Kind};
use crate::journal::{Reusable, Reuse, Task};
use crate::task::{TaskNo, TranscriptionType, VideoNo};

use super::connect::{self, AddTo as _};
use super::deliver::Delivery;
use super::listing::Listing;
use super::record::Record;
use super::resume::Open;
use super::watch::Watch;
use super::{Context, items};

pub(super) fn run(context: &Context, args: &Submit) -> anyhow::Result<Exit> {
    let settings = context.settings(&args.add_to(connect::overrides(&context.global)))?;
    let listing = if args.wait {
        None
    } else {
        Some(Listing::plan(args)?)
    };
    let videos = items::read(context, &args.videos, VideoNo::new)?;
    let several = videos.len() * settings.submit.types.len() > 1;
    let delivery = match listing {
        None => Some(Delivery::plan(context, &args.output, &settings, several)?),
        Some(_) => None,
    };
    if videos.is_empty() {
        return Ok(Exit::SUCCESS);
    }
    let record = Record::open(context, &settings);
    let known = if args.reuse {
        Some(record.require_tasks()?)
    } else {
        None
    };
    let reusable = known.as_ref().map(|tasks| tasks.reusable(&record.base_url));
    let session = context.connect(&settings)?;
    let flags = (&args.waiting, &args.output);
    let watch = match &delivery {
        Some(delivery) => Some(Watch::new(
            context, &session, delivery, &record, &settings, flags,
        )?),
        None => None,
    };
    let received = watch.as_ref().and_then(Watch::callback_url);
    let callback = received.or(settings.submit.callback.as_deref());
    let submissions = submissions(&videos, &settings.submit.types, callback);
    if watch.is_none() {
        keep_resumable(context, submissions.len());
    }
    let jobs = *settings.jobs;
    let batch = Batch {
        context,
        session: &session,
        record: &record,
        reusable,
        known: known
            .as_ref()
            .map(|tasks| tasks.by_number(&record.base_url))
            .unwrap_or_default(),
        submissions: &submissions,
        listing,
        watch: watch.as_ref(),
        seconds: seconds(&submissions, &settings.limits),
        next: AtomicUsize::new(0),
        answers: Mutex::default(),
    };
    batch.say_state();
    thread::scope(|scope| {
        let waiting = batch
            .watch
            .map(|watch| scope.spawn(move || watch.run(jobs)));
        let workers: Vec<_> = (0..jobs.min(submissions.len()))
            .map(|_| scope.spawn(|| batch.work()))
            .collect();
        let stopped = workers.into_iter().find_map(|worker| joined(worker).err());
        if let Some(watch) = batch.watch {
            watch.no_more();
        }
        let waited = waiting.map(joined).transpose();
        if let Some(chain) = stopped {
            return Err(chain);
        }
        let left = batch.unsubmitted();
        if left > 0 {
            context.progress.warn(&format!(
                "{left} submits were not made, since the token is refused"
            ));
        }
        let mut failures = std::mem::take(&mut batch.answers().failures);
        failures.extend(waited?.filter(|exit| *exit != Exit::SUCCESS));
        Ok(Exit::of_failures(failures))
    })
}

/// From now on a signal says how to go on without paying twice.
fn keep_resumable(context: &Context, submits: usize) {
    context.resume.set(move || {
        Some(Open {
            what: match submits {
                1 => "the submit may have been made".to_owned(),
                _ => format!("some of {submits} submits may not have been made"),
            },
            command: "the same command with --reuse; `mavi tasks` lists what was submitted"
                .to_owned(),
        })
    });
}

/// The result of a worker; a panic goes on here.
fn joined<T>(worker: thread::ScopedJoinHandle<'_, anyhow::Result<T>>) -> anyhow::Result<T> {
    worker
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn submissions(
    videos: &[VideoNo],
    types: &[TranscriptionType],
    callback: Option<&str>,
) -> Vec<Submission> {
    let of_video = |video| {
        types.iter().map(move |kind| Submission {
            video_no: VideoNo::clone(video),
            kind: *kind,
            callback: callback.map(str::to_owned),
        })
    };
    videos.iter().flat_map(of_video).collect()
}

/// How many seconds the submits of each type take within the rate limits.
fn seconds(submissions: &[Submission], limits: &Limits) -> [usize; 2] {
    let of = |kind, per_minute: u32| {
        let count = submissions
            .iter()
            .filter(|submission| submission.kind == kind)
            .count();
        count * 60 / usize::try_from(per_minute).unwrap_or(usize::MAX).max(1)
    };
    [
        of(TranscriptionType::Audio, *limits.submit_audio_per_minute),
        of(TranscriptionType::Video, *limits.submit_video_per_minute),
    ]
}

/// All submits of a run, shared by its workers.
struct Batch<'a> {
    context: &'a Context,
    session: &'a Session,
    record: &'a Record,
    /// What is on record, for `--reuse`.
    reusable: Option<Reusable<'a>>,
    known: HashMap<&'a TaskNo, &'a Task>,
    submissions: &'a [Submission],
    /// How the numbers are printed; none where the results are waited for.
    listing: Option<Listing>,
    watch: Option<&'a Watch<'a>>,
    /// How many seconds the submits of each type take within the rate limits.
    seconds: [usize; 2],
    next: AtomicUsize,
    answers: Mutex<Answers>,
}

/// Answers that came before those of earlier submissions, and what was printed.
#[derive(Default)]
struct Answers {
    waiting: BTreeMap<usize, Option<TaskNo>>,
    printed: usize,
    failures: Vec<Exit>,
}

/// The task of a submission.
enum Found {
    /// It was submitted this moment.
    New(TaskNo),
    /// An earlier run submitted it.
    OnRecord(TaskNo),
}

impl Found {
    fn number(&self) -> &TaskNo {
        match self {
            Self::New(task) | Self::OnRecord(task) => task,
        }
    }
}

impl Batch<'_> {
    /// Takes one submission after the other until none is left or stdout is gone.
    fn work(&self) -> anyhow::Result<()> {
        loop {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(submission) = self.submissions.get(at) else {
                return Ok(());
            };
            let found = match self.task_of(submission) {
                Ok(found) => Some(found),
                Err(error) => {
                    if error.is_refused_token() {
                        // The others would meet the same refusal.
                        self.next.store(self.submissions.len(), Ordering::Relaxed);
                    }
                    let exit = self.context.report(error.into())?;
                    self.answers().failures.push(exit);
                    None
                }
            };
            if let (Some(watch), Some(found)) = (self.watch, &found) {
                let task = found.number();
                // First, so that a signal in between offers a command that has it.
                match found {
                    Found::New(task) => watch.add_new(task.clone()),
                    Found::OnRecord(task) => {
                        watch.add_known(task.clone(), self.known.get(task).copied());
                    }
                }
                self.context.progress.note(&format!(
                    "video {} ({}): task {task}",
                    submission.video_no, submission.kind
                ));
            }
            let task = found.map(|found| found.number().clone());
            let printed = self.answered(at, task);
            if printed.is_err() {
                // Nobody reads the numbers any more: nothing further is paid for.
                self.next.store(self.submissions.len(), Ordering::Relaxed);
            }
            printed?;
        }
    }

    /// The task of a submission: the one on record with `--reuse`, else a new one.
    fn task_of(&self, submission: &Submission) -> Result<Found, Error> {
        let what = || {
            format!(
                "could not submit video {} ({})",
                submission.video_no, submission.kind
            )
        };
        let known = self.reusable.as_ref();
        match known.map(|known| known.get(&submission.video_no, submission.kind)) {
            Some(Reuse::Task(task)) => return Ok(Found::OnRecord(task.clone())),
            Some(Reuse::Unknown(_)) => {
                let error = Error::new(
                    Kind::Network,
                    "an earlier submit has no recorded answer and may have been accepted",
                );
                return Err(error.with_video(submission.video_no.as_str()).of(what()).with_hint(
                    "look for its task at the service; to submit it again all the same, leave out --reuse",
                ));
            }
            Some(Reuse::Nothing) | None => {}
        }
        let attempt = self.record.attempt(submission);
        match self.session.submit(submission, &attempt) {
            Ok(task) => {
                attempt.accepted(&task);
                Ok(Found::New(task))
            }
            Err(failure) => {
                let unknown = !failure.is_certainly_not_accepted();
                let mut error = failure
                    .error
                    .with_video(submission.video_no.as_str())
                    .of(what());
                if unknown {
                    error
                        .message
                        .push_str("; whether the service accepted it is not known");
                    error.hint = Some(UNKNOWN_HINT.to_owned());
                } else if error.api_code.as_deref() == Some("0409") {
                    error.hint = Some(
                        "`mavi tasks` may have its task; `mavi submit --reuse` prints it"
                            .to_owned(),
                    );
                }
                Err(error)
            }
        }
    }

    /// Notes an answer and prints all numbers whose turn it is. A number is paid for: where stdout
    /// fails, stderr gets it.
    fn answered(&self, at: usize, task: Option<TaskNo>) -> anyhow::Result<()> {
        let mut answers = self.answers();
        answers.waiting.insert(at, task);
        let mut result = Ok(());
        while let Some(task) = {
            let turn = answers.printed;
            answers.waiting.remove(&turn)
        } {
            let submission = &self.submissions[answers.printed];
            answers.printed += 1;
            if let (Some(listing), Some(task)) = (&self.listing, task) {
                let printed = self
                    .context
                    .progress
                    .suspend(|| listing.print(submission, &task));
                if printed.is_err() || result.is_err() {
                    self.context.progress.essential(&format!(
                        "video {} ({}): task {task}",
                        submission.video_no, submission.kind
                    ));
                }
                result = result.and(printed);
            }
        }
        drop(answers);
        self.say_state();
        result
    }

    /// How long the rest takes within the rate limits, in whole minutes; nothing below one.
    fn time_left(&self, done: usize) -> Option<Duration> {
        let [audio, video] = self.seconds;
        let all = self.submissions.len();
        let minutes = audio.max(video) * (all - done) / all / 60;
        let minutes = u64::try_from(minutes).ok().filter(|minutes| *minutes > 0)?;
        Some(Duration::from_mins(minutes))
    }

    /// How many submits were not even tried.
    fn unsubmitted(&self) -> usize {
        let answers = self.answers();
        self.submissions.len() - answers.printed - answers.waiting.len()
    }

    fn say_state(&self) {
        let (done, all) = (self.answers().printed, self.submissions.len());
        let progress = &self.context.progress;
        match self.submissions {
            [] => {}
            [one] => progress.state(&format!("submitting video {} ({})", one.video_no, one.kind)),
            _ if done == 0 => progress.state(&format!("submitting {all} tasks")),
            _ if done < all => {
                let left = self.time_left(done).map_or(String::new(), |left| {
                    format!(", about {} left", duration::format(left))
                });
                progress.detail(&format!("submitted {done} of {all}{left}"));
            }
            _ => {}
        }
    }

    fn answers(&self) -> std::sync::MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const UNKNOWN_HINT: &str = "it was not sent again, since that could be paid for twice; `mavi tasks --status unknown` lists such submits";
