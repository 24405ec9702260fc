//! How `mavi submit` prints task numbers: one a line unless `-f` says otherwise. Configuration has
//! no say, so that `TASK=$(mavi submit …)` works everywhere.

use serde::Serialize;

use crate::api::Submission;
use crate::cli::Submit;
use crate::error::Error;
use crate::output::{check_stdout, to_stdout};
use crate::render::Format;
use crate::task::TaskNo;

/// The form of the list.
pub(super) enum Listing {
    Numbers,
    Json,
    Jsonl,
    Table,
}

impl Listing {
    /// The form that was asked for. What only makes sense for transcriptions is a usage error, and
    /// a closed stdout is found out before anything is paid for.
    pub(super) fn plan(args: &Submit) -> anyhow::Result<Self> {
        let needs_wait = [
            ("--timeout", args.waiting.timeout.is_some()),
            ("--interval", args.waiting.interval.is_some()),
            ("--listen", args.waiting.listen.is_some()),
            ("--output", args.output.output.is_some()),
            ("--no-clobber", args.output.no_clobber),
            ("--time-unit", args.output.time_unit.is_some()),
            ("--reflow", args.output.reflow),
        ];
        if let Some((flag, _)) = needs_wait.iter().find(|(_, given)| *given) {
            let error = Error::usage(format!(
                "{flag} is about transcriptions, and without --wait there are none"
            ));
            return Err(error.with_hint("add --wait").into());
        }
        let listing = match args.output.formats[..] {
            [] => Self::Numbers,
            [Format::Json] => Self::Json,
            [Format::Jsonl] => Self::Jsonl,
            [Format::Table] => Self::Table,
            _ => {
                let error = Error::usage("task numbers are printed as json, jsonl or table");
                return Err(error
                    .with_hint("add --wait to print the transcriptions")
                    .into());
            }
        };
        check_stdout()?;
        Ok(listing)
    }

    /// Prints one task, at once.
    pub(super) fn print(&self, submission: &Submission, task: &TaskNo) -> anyhow::Result<()> {
        let record = Record {
            video_no: submission.video_no.as_str(),
            kind: submission.kind.wire_name(),
            task_no: task.as_str(),
        };
        let line = match self {
            Self::Numbers => task.to_string(),
            Self::Json => serde_json::to_string_pretty(&record)?,
            Self::Jsonl => serde_json::to_string(&record)?,
            Self::Table => format!("{}  {}  {}", record.video_no, record.kind, record.task_no),
        };
        to_stdout(|out| writeln!(out, "{line}"))
    }
}

#[derive(Serialize)]
struct Record<'a> {
    #[serde(rename = "videoNo")]
    video_no: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(rename = "taskNo")]
    task_no: &'a str,
}
