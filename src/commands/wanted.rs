//! The results that `mavi submit` and `mavi transcribe` are asked for: each video and each type.

use std::sync::Arc;

use crate::engine::ResultWriter;
use crate::engine::item::NewItem;
use crate::engine::plan::{PlanItem, VideoSource};
use crate::error::Error;
use crate::ids::TranscriptionType;
use crate::output::ItemNames;

/// A result that is asked for.
pub(super) struct Wanted {
    pub(super) source: VideoSource,
    pub(super) transcription_type: TranscriptionType,
    /// The value of `{stem}`, where there is a file.
    stem: Option<String>,
}

impl Wanted {
    fn label(&self) -> String {
        self.source.label(Some(self.transcription_type))
    }

    fn names(&self) -> ItemNames<'_> {
        let video = match &self.source {
            VideoSource::Video(video) => Some(video.as_str()),
            VideoSource::File(_) => None,
        };
        ItemNames {
            video_no: video,
            transcription_type: Some(self.transcription_type.name()),
            stem: self.stem.as_deref(),
            ..ItemNames::default()
        }
    }
}

/// Returns all results that are asked for. Two that would be written to one file are a usage error, and so
/// is one that would replace an input.
pub(super) fn all(
    sources: &[VideoSource],
    types: &[TranscriptionType],
    results: Option<&ResultWriter>,
) -> Result<Vec<Wanted>, Error> {
    let of_source = |source: &VideoSource| {
        let stem = match source {
            VideoSource::File(file) => Some(file.stem()),
            VideoSource::Video(_) => None,
        };
        let source = source.clone();
        let wanted = move |transcription_type: &TranscriptionType| Wanted {
            source: source.clone(),
            transcription_type: *transcription_type,
            stem: stem.clone(),
        };
        types.iter().map(wanted)
    };
    let all: Vec<Wanted> = sources.iter().flat_map(of_source).collect();
    if let Some(results) = results {
        let files = sources.iter().filter_map(|source| match source {
            VideoSource::File(file) => Some(&*file.path),
            VideoSource::Video(_) => None,
        });
        results.protect(files)?;
        results.check_paths(all.iter().map(|wanted| (wanted.label(), wanted.names())))?;
    }
    Ok(all)
}

/// Returns the results whose files do not exist, or may be replaced. Prints a note about the others.
pub(super) fn missing(all: Vec<Wanted>, results: &ResultWriter) -> Vec<Wanted> {
    let is_missing = |wanted: &Wanted| !results.output_exists(&wanted.label(), &wanted.names());
    all.into_iter().filter(is_missing).collect()
}

/// Returns the items of a plan.
pub(super) fn plan_items(all: &[Wanted], results: Option<&ResultWriter>) -> Vec<PlanItem> {
    let item = |wanted: &Wanted| PlanItem {
        source: wanted.source.clone(),
        transcription_type: Some(wanted.transcription_type),
        existing: results.and_then(|results| results.existing_paths(&wanted.names())),
    };
    all.iter().map(item).collect()
}

/// Returns the items of a run. A file is one item, for all types that are wanted of it; with `reuse`, it
/// is looked up in the record.
pub(super) fn new_items(wanted: &[Wanted], reuse: bool) -> Vec<NewItem> {
    let of_source = |wanted: &[Wanted]| match &wanted[0].source {
        VideoSource::File(file) => vec![NewItem::Upload {
            file: Arc::clone(file),
            types: wanted
                .iter()
                .map(|wanted| wanted.transcription_type)
                .collect(),
            is_hashed: reuse,
        }],
        VideoSource::Video(video) => {
            let submit = |wanted: &Wanted| NewItem::Submit {
                video: video.clone(),
                transcription_type: wanted.transcription_type,
            };
            wanted.iter().map(submit).collect()
        }
    };
    wanted
        .chunk_by(|a, b| a.source == b.source)
        .flat_map(of_source)
        .collect()
}
