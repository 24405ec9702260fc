//! `mavi delete`: deletes videos permanently, after a question or with `--yes`.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead as _, BufReader, Read as _};

use anyhow::Context as _;

use crate::api::{Video, VideoFilter};
use crate::cli::Delete;
use crate::config::Layer;
use crate::engine::{EventQueue, VideoCalls};
use crate::error::{self, Error, ExitStatus};
use crate::ids::VideoNo;
use crate::output::to_stdout;
use crate::streams;
use crate::text::{self, count};

use super::{Context, input_list, video_ids};

/// Maximum number of videos to show before the question.
const MAX_SHOWN: usize = 20;
/// Maximum length of a name before the question, in characters.
const MAX_NAME: usize = 60;
/// Maximum length of an answer that is read.
const MAX_ANSWER: u64 = 100;

/// The names of videos, as the service has them: untrusted.
type Names = HashMap<VideoNo, String>;

pub(super) fn run(context: &Context, args: &Delete) -> anyhow::Result<ExitStatus> {
    let parse = |text: &str| {
        let list = context.service_command(["videos"]);
        let hint = format!("give video IDs, one per argument or line; to list them, run: {list}");
        video_ids::parse(text).map_err(|error| error.with_hint(hint))
    };
    let videos = input_list::read(context, &args.videos, parse)?;
    if videos.is_empty() {
        return Ok(ExitStatus::SUCCESS);
    }
    let settings = context.settings(Layer::default())?;
    let many = count(videos.len(), "video");
    if args.dry_run {
        print_plan(&videos, None, videos.len())?;
        let note = format!("{many} would be permanently deleted; nothing was sent");
        context.reporter.info(&note);
        return Ok(ExitStatus::SUCCESS);
    }
    let terminal = &context.terminal;
    let can_ask =
        terminal.stdin_is_terminal && terminal.stdout.is_terminal && terminal.stderr.is_terminal;
    if !args.yes && !can_ask {
        let error = Error::usage(format!("deleting {many} requires --yes"));
        let hint = "add --yes, or --dry-run to see what would be deleted; on a terminal mavi asks";
        return Err(error.with_hint(hint).into());
    }
    let parts = context.run_parts(&settings, EventQueue::new(), true, None)?;
    let mut calls = VideoCalls::new(parts, *settings.retries)?;
    if args.yes {
        match print_plan(&videos, None, videos.len()) {
            // Nobody reads stdout, and the videos are to be deleted all the same.
            Err(chain) if error::is_closed_pipe(&chain) => {
                for video in &videos {
                    context.reporter.info(&format!("delete {video}"));
                }
            }
            printed => printed?,
        }
    } else {
        let names = names(context, &mut calls, &videos)?;
        print_plan(&videos, names.as_ref(), MAX_SHOWN)?;
        let them = if videos.len() == 1 { "it" } else { "them" };
        let question = format!("permanently delete {many} and all that belongs to {them}? [y/N] ");
        context.reporter.prompt(&question);
        if !is_confirmed(context)? {
            context.reporter.info("nothing was deleted");
            return Ok(ExitStatus::new(1));
        }
    }
    Ok(calls.delete(&videos))
}

/// Looks up the names of the videos; those that the account does not have are missing. Without an answer
/// there are no names: the question can be asked all the same.
fn names(
    context: &Context,
    calls: &mut VideoCalls,
    videos: &[VideoNo],
) -> Result<Option<Names>, Error> {
    let wanted: HashSet<&VideoNo> = videos.iter().collect();
    let has_all = |listed: &[Video]| {
        let is_wanted = |video: &&Video| wanted.contains(&video.video_no);
        listed.iter().filter(is_wanted).count() == wanted.len()
    };
    let listed = calls.list(&VideoFilter::default(), has_all);
    context.reporter.finish();
    match listed {
        Ok(listed) => Ok(Some(
            (listed.videos)
                .into_iter()
                .filter(|video| wanted.contains(&video.video_no))
                .map(|video| (video.video_no, video.name.unwrap_or_default()))
                .collect(),
        )),
        Err(error) if error.is_refused_token() => Err(error),
        Err(error) => {
            let warning = format!("could not look up the names of the videos: {error}");
            context.reporter.warn(&warning);
            Ok(None)
        }
    }
}

/// Prints a line per video: the first `max` of them.
fn print_plan(videos: &[VideoNo], names: Option<&Names>, max: usize) -> anyhow::Result<()> {
    to_stdout(|out| {
        for video in videos.iter().take(max) {
            let name = match names.map(|names| names.get(video)) {
                None => String::new(),
                Some(None) => "  (not in the account)".to_owned(),
                Some(Some(name)) => format!("  {}", text::excerpt(name, MAX_NAME)),
            };
            writeln!(out, "{}", format!("delete {video}{name}").trim_end())?;
        }
        match videos.len().saturating_sub(max) {
            0 => Ok(()),
            more => writeln!(out, "and {more} more"),
        }
    })
}

/// Reads a line from the terminal.
fn is_confirmed(context: &Context) -> anyhow::Result<bool> {
    let mut line = Vec::new();
    BufReader::new(streams::stdin().take(MAX_ANSWER))
        .read_until(b'\n', &mut line)
        .context("could not read the answer")?;
    if line.ends_with(b"\n") {
        context.reporter.answered();
    }
    let answer = String::from_utf8_lossy(&line).trim().to_ascii_lowercase();
    Ok(matches!(&*answer, "y" | "yes"))
}
