//! The messages at the end of a run: the outcome, and the command that resumes it. Pure: made from the
//! job's state.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::SignedDuration;

use super::command_line::HintCommands;
use super::event::{ItemId, Message};
use super::item::{Item, State};
use super::job::{Ending, JobOutcome};
use super::resume::{ResumeCommands, TO_POLL};
use crate::duration;
use crate::error::{Error, ErrorKind};
use crate::output::WriteReport;
use crate::text::count;

/// The facts that the messages need besides the items and the outcome.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closing<'a> {
    /// The timeout of the wait.
    pub(super) timeout: Option<Duration>,
    /// The reason why calls failed at the end, if they did.
    pub(super) outage: Option<&'a str>,
    /// The number of results that were asked for.
    pub(super) count: Option<usize>,
    /// The run waits for results.
    pub(super) waits: bool,
    /// The journal has everything that this run did.
    pub(super) is_recorded: bool,
    /// The run polls each task once.
    pub(super) polls_once: bool,
    /// The commands that resume the run.
    pub(super) resume: &'a ResumeCommands,
    /// The commands that hints name.
    pub(super) commands: &'a HintCommands,
}

impl Closing<'_> {
    /// Returns the messages that end a run.
    #[must_use]
    pub(super) fn messages(
        &self,
        items: &[Item],
        outcome: &JobOutcome,
        elapsed: Duration,
    ) -> Vec<Message> {
        let count = self.count_line(items, outcome, elapsed).map(Message::Info);
        if self.polls_once && outcome.ending.is_none() {
            let errors = self.not_finished(items, outcome).into_iter();
            return errors.map(Message::Error).chain(count).collect();
        }
        let error = self.error(items, outcome).map(Message::Error);
        count.into_iter().chain(error).collect()
    }

    /// Returns the line that counts what came of several items.
    fn count_line(
        &self,
        items: &[Item],
        outcome: &JobOutcome,
        elapsed: Duration,
    ) -> Option<String> {
        let fetched = self.polls_once && outcome.ending.is_none();
        let has_files = items.iter().any(|item| item.file.is_some());
        if items.len() < 2 || !(self.waits || fetched || has_files) {
            return None;
        }
        // Those without an answer are described with what is left.
        let unanswered = items.iter().filter(|item| item.state.is_unanswered());
        let failed = outcome.failed.saturating_sub(unanswered.count());
        let (done, all) = (outcome.done, items.len());
        let stopped = match outcome.ending {
            Some(Ending::AuthFailed(_)) => all.saturating_sub(done + failed),
            _ => 0,
        };
        let mut rest = match (failed, stopped) {
            (failed, 0) => format!("{failed} failed"),
            (0, stopped) => format!("{stopped} stopped"),
            (failed, stopped) => format!("{failed} failed, {stopped} stopped"),
        };
        if fetched && !outcome.running.is_empty() {
            let _ = write!(rest, ", {} unfinished", outcome.running.len());
        }
        let finished = if self.waits || fetched {
            "finished"
        } else {
            "uploaded"
        };
        Some(format!(
            "{done} of {all} {finished}, {rest}, {}",
            seconds(elapsed)
        ))
    }

    /// Returns the error for a run that did not do everything, unless each item has reported its own.
    fn error(&self, items: &[Item], outcome: &JobOutcome) -> Option<Error> {
        let resume = self.resume.hint(items, outcome, self.is_recorded);
        let rest = self.rest(items, outcome);
        let error = match (&outcome.ending, &outcome.submit_stop) {
            (Some(Ending::OutputClosed), _) => return None,
            (Some(Ending::Signal(kind)), _) => {
                let error = Error::interrupted(*kind);
                Error::new(*kind, joined(&error.message, ": ", &rest))
            }
            (Some(Ending::AuthFailed(error)), _) => stopped(error, &self.submits(items, outcome)),
            (_, Some(error)) if outcome.running.is_empty() => stopped(error, &rest),
            (_, Some(error)) => {
                let timed_out = self.timed_out(items, outcome, &rest);
                let is_unfinished = outcome.exit == timed_out.kind.exit();
                let kind = if is_unfinished {
                    timed_out.kind
                } else {
                    error.kind
                };
                Error {
                    kind,
                    ..stopped(error, &timed_out.message)
                }
            }
            _ if !outcome.running.is_empty() => self.timed_out(items, outcome, &rest),
            _ => {
                let wanted = self.count.filter(|count| outcome.done < *count)?;
                let wanted = count(wanted, "result");
                let message = format!("{} of {wanted} arrived in time", outcome.done);
                let resume = resume.unwrap_or_else(|| {
                    let wait = self.resume.wait.clone().with("--pending");
                    format!("{TO_POLL}, run: {wait}")
                });
                return Some(Error::new(ErrorKind::Unfinished, message).with_hint(resume));
            }
        };
        Some(match (&error.hint, resume) {
            (Some(_), Some(resume)) => error.with_second_hint(resume),
            (None, Some(resume)) => error.with_hint(resume),
            (_, None) => error,
        })
    }

    /// Returns the errors for tasks that their only poll found unfinished. The last has the one command
    /// that waits for all of them.
    fn not_finished(&self, items: &[Item], outcome: &JobOutcome) -> Vec<Error> {
        let unfinished = outcome.running.iter().map(|id| items[*id].unfinished());
        let mut errors: Vec<Error> = unfinished.collect();
        let purpose = match errors.len() {
            1 => "to wait for it",
            _ => "to wait for them",
        };
        let resume = ResumeCommands {
            wait: self.resume.wait.clone().renamed("wait"),
            again: None,
            purpose: Some(purpose),
            ..self.resume.clone()
        };
        let hint = resume.hint(items, outcome, self.is_recorded);
        if let (Some(hint), Some(last)) = (hint, errors.pop()) {
            errors.push(last.with_hint(hint));
        }
        errors
    }

    fn timed_out(&self, items: &[Item], outcome: &JobOutcome, rest: &str) -> Error {
        let mut after = self.timeout.map(duration::format).unwrap_or_default();
        if let Some(outage) = self.outage {
            after = format!("{after}; the last attempt failed: {outage}");
        }
        let error = Error::new(ErrorKind::Unfinished, format!("{rest} after {after}"));
        match &outcome.running[..] {
            [id] => match &items[*id].task {
                Some(task) => error.with_task(task.as_str()),
                None => error,
            },
            _ => error,
        }
    }

    /// Describes what is left to do.
    fn rest(&self, items: &[Item], outcome: &JobOutcome) -> String {
        let fetches = !self.waits && items.iter().any(|item| item.task.is_some());
        let running = match &outcome.running[..] {
            [] => String::new(),
            [id] if fetches => format!("the result of {} was not fetched", items[*id].subject()),
            running if fetches => format!(
                "the results of {} of {} were not fetched",
                running.len(),
                count(items.len(), noun(items))
            ),
            [id] if items.len() == 1 || items[*id].task.is_none() => still_open(&items[*id]),
            running => still_running(items, running),
        };
        joined(&running, "; ", &self.submits(items, outcome))
    }

    /// Describes the submits that were not made, or not answered.
    fn submits(&self, items: &[Item], outcome: &JobOutcome) -> String {
        let unanswered = unanswered(items, self.is_recorded, self.commands);
        let left = joined(&not_uploaded(items), "; ", &not_submitted(items, outcome));
        joined(&left, "; ", &unanswered)
    }
}

/// Returns the failure that ended the submits or the run, with what is left.
fn stopped(error: &Error, rest: &str) -> Error {
    let message = match rest {
        "" => error.message.clone(),
        rest => format!("{}. {rest}", error.message.trim_end_matches('.')),
    };
    Error {
        message,
        ..error.clone()
    }
}

/// Returns the word for the items of the run: those with files are no tasks yet.
fn noun(items: &[Item]) -> &'static str {
    if items.iter().any(|item| item.file.is_some()) {
        "item"
    } else {
        "task"
    }
}

/// Describes several items that the run waited for: those that are transcribed, and those that are not
/// submitted yet.
fn still_running(items: &[Item], running: &[ItemId]) -> String {
    let all = count(items.len(), noun(items));
    let is_upload = items.iter().all(|item| item.transcription_type.is_none());
    let parsing = if is_upload {
        "still being parsed"
    } else {
        "still being parsed and not submitted"
    };
    let stage = |id: &ItemId| match &items[*id] {
        item if item.task.is_some() => "still running",
        item if awaits_submit(item) => "still being submitted by another run",
        _ => parsing,
    };
    let stages = [
        "still running",
        parsing,
        "still being submitted by another run",
    ];
    let counted = stages.map(|it| (running.iter().filter(|id| stage(id) == it).count(), it));
    let mut text = String::new();
    for (number, stage) in counted.into_iter().filter(|(number, _)| *number > 0) {
        let of_all = if text.is_empty() {
            format!(" of {all}")
        } else {
            String::new()
        };
        text = joined(&text, ", ", &format!("{number}{of_all} {stage}"));
    }
    text
}

/// Returns `true` if the run waited for a submit of the same video under way elsewhere.
fn awaits_submit(item: &Item) -> bool {
    item.awaits_other_since.is_some() && item.video.is_some() && item.task.is_none()
}

/// Describes an item that the run waited for.
fn still_open(item: &Item) -> String {
    match (&item.task, &item.video) {
        _ if awaits_submit(item) => {
            format!("{} is still being submitted by another run", item.label())
        }
        (None, Some(video)) => format!("{}: video {video} is still being parsed", item.label()),
        (None, None) => format!("{} is still being uploaded by another run", item.label()),
        _ => format!("{} is still running", item.subject()),
    }
}

/// Describes the files that were not uploaded.
fn not_uploaded(items: &[Item]) -> String {
    let files = || (items.iter()).filter(|item| item.file.is_some() && item.leader.is_none());
    let left: Vec<&Item> = files()
        .filter(|item| item.video.is_none() && item.state.is_unpaid())
        .collect();
    match (&left[..], files().count()) {
        ([], _) => String::new(),
        ([item], _) => format!("{} was not uploaded", item.source().unwrap_or_default()),
        (left, all) => format!("{} of {all} files were not uploaded", left.len()),
    }
}

fn not_submitted(items: &[Item], outcome: &JobOutcome) -> String {
    let is_left = |item: &&Item| item.video.is_some() && item.state.is_unpaid();
    let left: Vec<&Item> = items.iter().filter(is_left).collect();
    if outcome.not_started == 0 {
        return String::new();
    }
    let first_type = items.first().and_then(|item| item.transcription_type);
    let has_one_type = (items.iter()).all(|item| item.transcription_type == first_type);
    let noun = if has_one_type { "video" } else { "task" };
    match &left[..] {
        [] => String::new(),
        [item] => format!("{} was not submitted", item.label()),
        left => format!(
            "{} of {} were not submitted",
            left.len(),
            count(items.len(), noun)
        ),
    }
}

/// Describes the submits whose answer the run did not wait for, and how to find them.
fn unanswered(items: &[Item], is_recorded: bool, commands: &HintCommands) -> String {
    let is_upload = |item: &&Item| item.state.is_unanswered() && item.video.is_none();
    let uploads: Vec<String> = (items.iter().filter(is_upload))
        .filter_map(Item::source)
        .collect();
    let uploads = match &uploads[..] {
        [] => String::new(),
        uploads => format!(
            "{} got no answer and may have been accepted (a later run looks for the video): {}",
            count(uploads.len(), "upload"),
            uploads.join(", ")
        ),
    };
    let is_sent = |item: &&Item| item.state == State::Submitting { is_sent: true };
    let sent = items.iter().filter(is_sent);
    let labels: Vec<String> = sent.map(Item::label).collect();
    if labels.is_empty() {
        return uploads;
    }
    let place = if is_recorded {
        format!("`{}` lists such submits", commands.unknown_submits())
    } else {
        format!("nothing records it: {}", labels.join(", "))
    };
    let sent = count(labels.len(), "submit");
    let submits = format!("{sent} got no answer and may have been accepted ({place})");
    joined(&uploads, "; ", &submits)
}

/// Returns the line for an item that has finished `now`: `V1 (audio): finished in 42s, wrote V1.srt
/// (118 cues)`.
pub(super) fn finished_line(item: &Item, now: Duration, report: &WriteReport) -> String {
    let mut line = format!("{}: finished", item.label());
    if let Some(age) = age(item, now) {
        let _ = write!(line, " in {}", seconds(age));
    }
    let cues = report
        .rendered
        .cues
        .map(|cues| format!(" ({})", count(cues, "cue")));
    for (at, path) in report.written.iter().enumerate() {
        let verb = if at == 0 { " wrote" } else { "" };
        let _ = write!(line, ",{verb} {}", path.display());
    }
    if !report.written.is_empty() {
        line.push_str(&cues.unwrap_or_default());
    }
    line
}

/// Returns the time that an item took: a file since the work on it began, a task since its submit. `None`
/// if that is not known.
fn age(item: &Item, now: Duration) -> Option<Duration> {
    let began = match (item.started_at, &item.file) {
        (Some(started_at), Some(_)) => SignedDuration::try_from(started_at).ok()?,
        _ => item.submitted_at?,
    };
    let now = SignedDuration::try_from(now).ok()?;
    Duration::try_from(now.saturating_sub(began)).ok()
}

/// Formats a duration in whole seconds.
fn seconds(duration: Duration) -> String {
    duration::format(Duration::from_secs(duration.as_secs()))
}

fn joined(first: &str, separator: &str, second: &str) -> String {
    if first.is_empty() || second.is_empty() {
        return format!("{first}{second}");
    }
    format!("{first}{separator}{second}")
}

#[cfg(test)]
mod tests;
