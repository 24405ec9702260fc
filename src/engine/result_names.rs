//! The video and type that a result names, for the journal.

use crate::ids::{TranscriptionType, VideoNo};
use crate::transcript::Transcript;

/// The video and type that a result names.
#[derive(Default)]
pub(super) struct ResultNames {
    pub(super) video: Option<VideoNo>,
    pub(super) transcription_type: Option<TranscriptionType>,
}

impl ResultNames {
    pub(super) fn of(transcript: Option<&Transcript<'_>>) -> Self {
        transcript.map_or_else(Self::default, |transcript| Self {
            video: VideoNo::new(&transcript.video_no).ok(),
            transcription_type: TranscriptionType::from_name(&transcript.transcription_type),
        })
    }
}
