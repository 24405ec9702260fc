//! The form in which `mavi submit` prints tasks: task IDs, one per line, unless `-f` says otherwise.
//! The configured format does not apply, so that `TASK=$(mavi submit …)` works everywhere.

use serde::Serialize;

use super::item::Item;
use crate::error::Error;
use crate::output::{check_stdout, to_stdout};
use crate::render::Format;

/// The form of the list of tasks.
#[derive(Clone, Copy, Debug)]
pub enum SubmitOutput {
    /// The task IDs alone.
    TaskNos,
    /// Indented JSON objects.
    Json,
    /// JSON objects, one per line.
    Jsonl,
    /// Columns: video, type, task.
    Table,
}

impl SubmitOutput {
    /// Returns the form that `-f` asks for. A format of transcriptions is a usage error, and a closed
    /// stdout is found before anything is paid for.
    pub fn new(formats: &[Format]) -> Result<Self, Error> {
        let output = match formats {
            [] => Self::TaskNos,
            [Format::Json] => Self::Json,
            [Format::Jsonl] => Self::Jsonl,
            [Format::Table] => Self::Table,
            _ => {
                let error = Error::usage("tasks are printed as json, jsonl or table");
                return Err(error.with_hint("add --wait to print the transcriptions"));
            }
        };
        check_stdout()?;
        Ok(output)
    }

    /// Prints the task of an item.
    pub(super) fn print(self, item: &Item) -> anyhow::Result<()> {
        let row = Row {
            video_no: item.video.as_ref().map_or("", |video| video.as_str()),
            transcription_type: item.transcription_type.unwrap_or_default().wire_name(),
            task_no: item.task.as_ref().map_or("", |task| task.as_str()),
        };
        let line = match self {
            Self::TaskNos => row.task_no.to_owned(),
            Self::Json => serde_json::to_string_pretty(&row)?,
            Self::Jsonl => serde_json::to_string(&row)?,
            Self::Table => {
                format!(
                    "{}  {}  {}",
                    row.video_no, row.transcription_type, row.task_no
                )
            }
        };
        to_stdout(|out| writeln!(out, "{line}"))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    video_no: &'a str,
    #[serde(rename = "type")]
    transcription_type: &'a str,
    task_no: &'a str,
}
