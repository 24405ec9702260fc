//! Files and videos for the tests of the job, and the answers to calls about them.

use std::sync::Arc;

use jiff::Timestamp;

use super::super::super::event::Event;
use super::super::super::item::NewItem;
use super::super::{JobOptions, Polls, UploadRules};
use super::support::{Bench, SentCall, failure, options};
use crate::api::{ApiError, FailureClass, UploadedVideo, Video, VideoPage};
use crate::ids::{TranscriptionType, VideoNo};
use crate::video_file::VideoFile;

pub(super) const BOTH: [TranscriptionType; 2] =
    [TranscriptionType::Audio, TranscriptionType::Video];

pub(super) fn transcribe() -> JobOptions {
    JobOptions {
        uploads: UploadRules {
            waits_for_parse: true,
            reuse: true,
        },
        ..options(Polls::UntilEnd)
    }
}

pub(super) fn upload_alone() -> JobOptions {
    options(Polls::Never)
}

pub(super) fn file(name: &str, types: &[TranscriptionType], is_hashed: bool) -> NewItem {
    NewItem::Upload {
        file: Arc::new(VideoFile {
            path: name.into(),
            name: name.to_owned(),
            size: 10,
            modified: None,
        }),
        types: types.to_vec(),
        is_hashed,
    }
}

/// A video, uploaded so many seconds after the time at which uploads begin.
pub(super) fn video(number: &str, name: &str, word: &str, seconds: i64) -> Video {
    Video {
        video_no: VideoNo::new(number).unwrap(),
        name: Some(name.to_owned()),
        status_word: Some(word.to_owned()),
        uploaded_at: Timestamp::from_second(1_000 + seconds).ok(),
        seconds: None,
    }
}

pub(super) fn page(videos: &[Video]) -> VideoPage {
    VideoPage {
        records: videos.len(),
        pages: Some(1),
        total: Some(videos.len() as u64),
        videos: videos.to_vec(),
        unknown_status: None,
    }
}

pub(super) fn incomplete() -> ApiError {
    ApiError {
        is_incomplete: true,
        ..failure(FailureClass::ConnectionLost)
    }
}

impl Bench {
    pub(super) fn hashed(&mut self) {
        let is_hash = |call: &SentCall| matches!(call, SentCall::Hash(_));
        let at = self.calls.iter().position(is_hash).expect("a hash");
        let SentCall::Hash(item) = self.calls.remove(at) else {
            unreachable!("it was looked for")
        };
        let result = Ok(format!("{item:064x}"));
        self.on(Event::Hashed { item, result });
    }

    pub(super) fn uploaded(&mut self, result: Result<Video, ApiError>) {
        let is_upload = |call: &SentCall| matches!(call, SentCall::Upload(..));
        let at = self.calls.iter().position(is_upload).expect("an upload");
        let SentCall::Upload(item, permit) = self.calls.remove(at) else {
            unreachable!("it was looked for")
        };
        let result = result.map(|video| UploadedVideo {
            video,
            sha256: "00".repeat(32),
        });
        self.on(Event::Uploaded {
            item,
            permit,
            result,
            began: Timestamp::from_second(1_000).unwrap(),
        });
    }

    pub(super) fn listed(&mut self, result: Result<VideoPage, ApiError>) {
        let is_list = |call: &SentCall| matches!(call, SentCall::List(..));
        let at = self.calls.iter().position(is_list).expect("a listing");
        let SentCall::List(_, _, permit) = self.calls.remove(at) else {
            unreachable!("it was looked for")
        };
        let has_namesake = self.has_namesake;
        self.on(Event::Listed {
            permit,
            result,
            has_namesake,
        });
    }

    pub(super) fn has_upload(&self) -> bool {
        let mut calls = self.calls.iter();
        calls.any(|call| matches!(call, SentCall::Upload(..)))
    }

    pub(super) fn has_listing(&self) -> bool {
        let mut calls = self.calls.iter();
        calls.any(|call| matches!(call, SentCall::List(..)))
    }
}
