//! The form in which `mavi upload` prints videos: video IDs, one per line, unless `-f` says otherwise.

use serde::Serialize;

use super::item::Item;
use super::video_record::VideoRecord;
use crate::api::Video;
use crate::output::to_stdout;
use crate::text;
use crate::video_file::VideoFile;

/// The form of the list of uploads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UploadOutput {
    /// The video IDs alone.
    VideoNos,
    /// Indented JSON objects.
    Json,
    /// JSON objects, one per line.
    Jsonl,
    /// Columns: video, status, size, file.
    Table,
}

impl UploadOutput {
    /// Prints the video of an item.
    pub(super) fn print(self, item: &Item) -> anyhow::Result<()> {
        let (Some(file), Some(video)) = (&item.file, &item.details) else {
            return Ok(());
        };
        let line = self.line(file, video, item.sha256.as_deref())?;
        to_stdout(|out| writeln!(out, "{line}"))
    }

    fn line(
        self,
        file: &VideoFile,
        video: &Video,
        sha256: Option<&str>,
    ) -> serde_json::Result<String> {
        let path = file.path.to_string_lossy();
        let row = UploadRow {
            video: VideoRecord::new(video),
            sha256,
            size: file.size,
            path: &path,
        };
        Ok(match self {
            Self::VideoNos => row.video.video_no.to_owned(),
            Self::Json => serde_json::to_string_pretty(&row)?,
            Self::Jsonl => serde_json::to_string(&row)?,
            Self::Table => {
                let status = text::one_line(row.video.video_status.unwrap_or("-"));
                let (video, size) = (row.video.video_no, text::size(file.size));
                format!("{video}  {status}  {size}  {}", text::one_line(&path))
            }
        })
    }
}

/// An upload as scripts see it.
#[derive(Serialize)]
struct UploadRow<'a> {
    #[serde(flatten)]
    video: VideoRecord<'a>,
    sha256: Option<&'a str>,
    size: u64,
    path: &'a str,
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::ids::VideoNo;

    #[test]
    fn line_has_the_fields_that_are_known() {
        let file = VideoFile {
            path: PathBuf::from("clips/a\nb.mp4"),
            name: "a_b.mp4".to_owned(),
            size: 312_000_000,
            modified: None,
        };
        let full = Video {
            video_no: VideoNo::new("VI1").unwrap(),
            name: Some("a_b.mp4".to_owned()),
            status_word: Some("UNPARSE".to_owned()),
            uploaded_at: Some("2026-01-31T12:00:00Z".parse().unwrap()),
            seconds: Some(61.0),
        };
        let bare = Video {
            name: None,
            status_word: None,
            uploaded_at: None,
            seconds: None,
            ..full.clone()
        };
        let line = |output: UploadOutput, video, sha256| output.line(&file, video, sha256).unwrap();
        let jsonl = concat!(
            r#"{"videoNo":"VI1","videoName":"a_b.mp4","videoStatus":"UNPARSE","#,
            r#""uploadTime":"2026-01-31T12:00:00Z","duration":61,"sha256":"ab","#,
            r#""size":312000000,"path":"clips/a\nb.mp4"}"#
        );
        assert_eq!(line(UploadOutput::Jsonl, &full, Some("ab")), jsonl);
        let jsonl = concat!(
            r#"{"videoNo":"VI1","videoName":null,"videoStatus":null,"uploadTime":null,"#,
            r#""duration":null,"sha256":null,"size":312000000,"path":"clips/a\nb.mp4"}"#
        );
        assert_eq!(line(UploadOutput::Jsonl, &bare, None), jsonl);
        assert_eq!(line(UploadOutput::VideoNos, &full, None), "VI1");
        let table = "VI1  UNPARSE  312 MB  clips/a b.mp4";
        assert_eq!(line(UploadOutput::Table, &full, None), table);
    }
}
