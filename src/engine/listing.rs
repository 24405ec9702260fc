//! Joins the pages of a listing: each video once, up to the last page that has any.

use std::collections::HashMap;

use crate::api::{Video, VideoPage};
use crate::ids::VideoNo;
use crate::text::agree;

/// Maximum number of successive pages with nothing but repetitions: a service that ignores the number of
/// the page would go on for ever.
const MAX_REPEATED_PAGES: u32 = 3;

/// Maximum number of pages of a listing: more than the service allows requests in a day.
pub(super) const MAX_PAGES: u32 = 1_000;

/// Returns the warning for a status that is not known.
pub(super) fn unknown_status(word: &str) -> String {
    format!("the service reports an unknown video status: {word}; such videos count as pending")
}

/// The videos of the pages so far.
#[derive(Debug, Default)]
pub(super) struct Listing {
    pub(super) videos: Vec<Video>,
    places: HashMap<VideoNo, usize>,
    records: usize,
    skipped: usize,
    repeated_pages: u32,
    total: Option<u64>,
    pub(super) unknown_status: Option<String>,
    /// Pages that were announced hold nothing.
    is_cut_short: bool,
}

impl Listing {
    /// Adds a page. Returns `true` if it is the last one.
    pub(super) fn add(&mut self, page: VideoPage, number: u32) -> bool {
        let known = self.videos.len();
        self.records += page.records;
        self.skipped += page.records - page.videos.len();
        self.total = page.total.or(self.total);
        self.unknown_status = self.unknown_status.take().or(page.unknown_status);
        for video in page.videos {
            // A listing that changes meanwhile shifts videos to the next page.
            if let Some(place) = self.places.get(&video.video_no) {
                self.videos[*place] = video;
            } else {
                let place = self.videos.len();
                self.places.insert(video.video_no.clone(), place);
                self.videos.push(video);
            }
        }
        let has_news = self.videos.len() > known;
        self.repeated_pages = if has_news { 0 } else { self.repeated_pages + 1 };
        let has_more_pages = page.pages.is_some_and(|pages| u64::from(number) < pages);
        let may_have_more = match self.total {
            Some(total) => (self.records as u64) < total,
            None => page.pages.is_none(),
        };
        let is_stuck = page.records == 0 || self.repeated_pages >= MAX_REPEATED_PAGES;
        self.is_cut_short = has_more_pages && is_stuck;
        is_stuck || !(has_more_pages || (may_have_more && has_news))
    }

    /// Returns the video with this ID.
    pub(super) fn get(&self, video: &VideoNo) -> Option<&Video> {
        self.places.get(video).map(|place| &self.videos[*place])
    }

    /// Returns warnings to print if the listing is not whole.
    pub(super) fn gaps(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.skipped > 0 {
            let records = agree(
                self.skipped,
                "record of the listing has",
                "records of the listing have",
            );
            warnings.push(format!("{records} no usable video ID"));
        }
        let listed = (self.videos.len() + self.skipped) as u64;
        let counted = self.total.filter(|total| *total > listed);
        if let Some(total) = counted {
            let videos = agree(total.try_into().unwrap_or(usize::MAX), "video", "videos");
            warnings.push(format!(
                "the service counts {videos} but listed {listed}: the list may be incomplete"
            ));
        } else if self.is_cut_short {
            warnings.push(
                "the service announces more pages than it has: the list may be incomplete"
                    .to_owned(),
            );
        }
        warnings
    }
}
