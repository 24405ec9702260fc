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

#[cfg(test)]
mod tests {
    use super::*;

    fn video(number: usize) -> Video {
        Video {
            video_no: VideoNo::new(&format!("V{number}")).unwrap(),
            name: None,
            status_word: None,
            uploaded_at: None,
            seconds: None,
        }
    }

    /// Returns a page of these videos, and so many records that are none.
    fn page(numbers: &[usize], skipped: usize) -> VideoPage {
        VideoPage {
            videos: numbers.iter().map(|number| video(*number)).collect(),
            records: numbers.len() + skipped,
            pages: None,
            total: None,
            unknown_status: None,
        }
    }

    fn of_pages(pages: u64, page: VideoPage) -> VideoPage {
        let pages = Some(pages);
        VideoPage { pages, ..page }
    }

    fn of_total(total: u64, page: VideoPage) -> VideoPage {
        let total = Some(total);
        VideoPage { total, ..page }
    }

    /// Lists these pages, of which the last one is the last of the listing.
    fn listed(pages: impl IntoIterator<Item = VideoPage>) -> Listing {
        let mut listing = Listing::default();
        let mut is_last = false;
        for (page, number) in pages.into_iter().zip(1..) {
            assert!(!is_last, "page {number} is not asked for");
            is_last = listing.add(page, number);
        }
        assert!(is_last, "there are no more pages");
        listing
    }

    fn numbers(listing: &Listing) -> Vec<&str> {
        let videos = listing.videos.iter();
        videos.map(|video| video.video_no.as_str()).collect()
    }

    #[test]
    fn pages_are_joined_and_each_video_is_listed_once() {
        let first = Video {
            status_word: Some("PARSE".to_owned()),
            ..video(2)
        };
        let mut last = page(&[], 0);
        (last.videos, last.records) = (vec![first, video(3)], 2);
        let listing = listed([of_pages(2, page(&[1, 2], 0)), of_pages(2, last)]);
        assert_eq!(numbers(&listing), ["V1", "V2", "V3"]);
        let video = listing.get(&VideoNo::new("V2").unwrap()).unwrap();
        assert_eq!(video.status_word.as_deref(), Some("PARSE"), "the later one");
        assert_eq!(listing.gaps(), [""; 0]);
    }

    #[test]
    fn listing_ends_with_the_last_page_by_number_by_total_or_without_news() {
        listed([of_pages(1, page(&[1], 0))]);
        listed([of_pages(0, page(&[1], 0))]);
        listed([of_total(1, page(&[1], 0))]);
        listed([of_total(3, page(&[1, 2], 0)), page(&[3], 0)]);
        listed([of_total(3, page(&[1], 1)), page(&[2], 0)]);
        listed([page(&[1], 0), page(&[2], 0), page(&[2], 0)]);
        let listing = listed([page(&[1], 0), page(&[], 0)]);
        assert_eq!(listing.gaps(), [""; 0], "no more were announced");
        let both = |numbers| of_pages(1, of_total(2, page(numbers, 0)));
        listed([both(&[1]), both(&[2])]);
    }

    #[test]
    fn announced_pages_that_repeat_are_given_up_after_a_few() {
        let repeated = || of_pages(1_000, page(&[1], 0));
        let listing = listed((0..4).map(|_| repeated()));
        let cut_short = "the service announces more pages than it has: the list may be incomplete";
        assert_eq!(listing.gaps(), [cut_short]);
        // A page of news in between lets it go on.
        let pages = [1, 1, 1, 2, 2, 2, 2].map(|number| of_pages(1_000, page(&[number], 0)));
        listed(pages);
        let listing = listed([repeated(), of_pages(1_000, page(&[], 0))]);
        assert_eq!(listing.gaps(), [cut_short]);
    }

    #[test]
    fn videos_that_are_counted_and_not_listed_are_warned_of() {
        let listing = listed([of_total(3, page(&[1], 1)), page(&[], 0)]);
        let unusable = "1 record of the listing has no usable video ID";
        let missing = "the service counts 3 videos but listed 2: the list may be incomplete";
        assert_eq!(listing.gaps(), [unusable, missing]);
        let listing = listed([of_total(3, page(&[1], 2))]);
        let unusable = "2 records of the listing have no usable video ID";
        assert_eq!(listing.gaps(), [unusable]);
    }

    #[test]
    fn first_unknown_status_is_kept() {
        let of_status = |word: &str, page| VideoPage {
            unknown_status: Some(word.to_owned()),
            ..page
        };
        let pages = [
            of_status("HALF", page(&[1], 0)),
            of_status("X", page(&[], 0)),
        ];
        assert_eq!(listed(pages).unknown_status.as_deref(), Some("HALF"));
        let warning =
            "the service reports an unknown video status: HALF; such videos count as pending";
        assert_eq!(unknown_status("HALF"), warning);
    }
}
