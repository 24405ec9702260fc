//! `mavi videos`: lists the videos of the account.

mod output;

use std::cmp::Reverse;

use crate::api::{VideoFilter, VideoStatus};
use crate::cli::{VideoStatusFilter, VideosArgs, VideosFormat};
use crate::config::Layer;
use crate::engine::{EventQueue, VideoCalls};
use crate::error::{Error, ExitStatus};
use crate::output::{check_stdout, to_stdout};
use crate::text::count;

use super::Context;

pub(super) fn run(context: &Context, args: &VideosArgs) -> anyhow::Result<ExitStatus> {
    if let (Some(since), Some(until)) = (args.since, args.until)
        && since > until
    {
        let error = Error::usage("--since is later than --until, so no video can match");
        return Err(error.with_hint("exchange the two times").into());
    }
    check_stdout()?;
    let settings = context.settings(Layer::default())?;
    let parts = context.run_parts(&settings, EventQueue::new(), false, None)?;
    let mut calls = VideoCalls::new(parts, *settings.retries)?;
    let filter = VideoFilter {
        status: status(args.status),
        since: args.since,
        until: args.until,
        name: args.name.clone(),
    };
    let listed = calls.list(&filter, |_| false)?;
    let mut videos = listed.videos;
    context.reporter.finish();
    if args.since.is_some() || args.until.is_some() {
        let listed = videos.len();
        videos.retain(|video| video.uploaded_at.is_some());
        let undated = listed - videos.len();
        if undated > 0 {
            let (have, are) = if undated == 1 {
                ("has", "is")
            } else {
                ("have", "are")
            };
            let videos = count(undated, "video");
            let warning = format!("{videos} {have} no upload time and {are} left out");
            context.reporter.warn(&warning);
        }
    }
    // A listing with gaps has been warned about, and says nothing about the account.
    if videos.is_empty() && listed.is_complete {
        let which = if filter == VideoFilter::default() {
            "the account has no videos"
        } else {
            "no videos match"
        };
        context.reporter.info(which);
    }
    // The order of the listing is not documented.
    videos.sort_by_key(|video| Reverse(video.uploaded_at));
    if args.limit == Some(0) && !videos.is_empty() {
        let found = count(videos.len(), "video");
        context
            .reporter
            .info(&format!("--limit 0 leaves out {found}"));
        if args.format == VideosFormat::Table {
            return Ok(ExitStatus::SUCCESS);
        }
    }
    videos.truncate(args.limit.unwrap_or(usize::MAX));
    let style = context.stdout_style();
    to_stdout(|out| output::write(&videos, args.format, &style, out))?;
    Ok(ExitStatus::SUCCESS)
}

fn status(filter: VideoStatusFilter) -> Option<VideoStatus> {
    match filter {
        VideoStatusFilter::All => None,
        VideoStatusFilter::Parsed => Some(VideoStatus::Parsed),
        VideoStatusFilter::Pending => Some(VideoStatus::Pending),
        VideoStatusFilter::Failed => Some(VideoStatus::Failed),
    }
}
