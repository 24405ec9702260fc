//! Files: uploaded by several runs, killed at any moment and started again, under all faults. Nothing is
//! uploaded twice, and every video is transcribed in the end.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use mavi::api::{ApiError, FailureClass, UploadedVideo, Video};
use mavi::engine::event::{Action, Event, ItemId, RecordedSubmit, RecordedTask, RecordedUpload};
use mavi::engine::item::{NewItem, State};
use mavi::engine::job::{JobOptions, UploadRules};
use mavi::engine::rate_limit::{AccountLimits, Endpoint, Permit};
use mavi::error::{Error, ErrorKind};
use mavi::ids::{TaskNo, TranscriptionType};
use mavi::video_file::VideoFile;

use crate::batch::Lengths;
use crate::service::{SimService, timestamp};
use crate::world::{Faults, Flight, Happening, Observer, World, waiting};

/// The time that an upload takes.
const UPLOAD: Duration = Duration::from_secs(20);
const HASH: Duration = Duration::from_secs(1);

/// What the processes have on record.
#[derive(Default)]
pub(crate) struct Record {
    files: HashMap<String, RecordedFile>,
    /// The task of each video; `None` while the outcome of its submit is not known.
    tasks: HashMap<String, Option<String>>,
}

#[derive(Default)]
struct RecordedFile {
    video: Option<Video>,
    is_sent: bool,
    began: Duration,
    /// The process that uploads it, while it lives.
    holder: Option<usize>,
}

impl Record {
    /// Ends what a process holds.
    pub(crate) fn release(&mut self, process: usize) {
        for file in self.files.values_mut() {
            file.holder.take_if(|holder| *holder == process);
        }
    }

    /// Returns what is recorded about the submit of a video; `None` if it may be sent, which is recorded.
    pub(crate) fn begin_submit(&mut self, video: &str) -> Option<RecordedSubmit> {
        let Some(task) = self.tasks.get(video) else {
            self.tasks.insert(video.to_owned(), None);
            return None;
        };
        Some(task.as_ref().map_or(RecordedSubmit::Unanswered, |task| {
            RecordedSubmit::Task(RecordedTask {
                task: TaskNo::new(task).expect("a name"),
                age: None,
                calls_here: false,
            })
        }))
    }

    pub(crate) fn submitted(&mut self, video: &str, task: &str) {
        self.tasks.insert(video.to_owned(), Some(task.to_owned()));
    }

    pub(crate) fn submit_failed(&mut self, video: &str) {
        self.tasks.remove(video);
    }

    fn find(&self, name: &str, process: usize) -> Option<RecordedUpload> {
        let file = self.files.get(name)?;
        match (&file.video, file.holder) {
            (Some(video), _) => Some(RecordedUpload::Video(video.clone())),
            (None, Some(holder)) if holder != process => Some(RecordedUpload::InProgress),
            (None, None) if file.is_sent => Some(RecordedUpload::Unanswered(timestamp(file.began))),
            _ => None,
        }
    }
}

impl<O: Observer> World<O> {
    pub(crate) fn perform_file(
        &mut self,
        process: usize,
        action: Action<()>,
        events: &mut Vec<Event<()>>,
    ) {
        let name = |item: ItemId| {
            let file = self.processes[process].job.item(item).file.as_ref();
            file.expect("a file").name.clone()
        };
        match action {
            Action::Hash(item) => {
                let result = Ok(format!("hash of {}", name(item)));
                let event = Box::new(Event::Hashed { item, result });
                self.at(self.now + HASH, Happening::Answer(process, event));
            }
            Action::FindUpload(item) => events.push(Event::UploadFound {
                item,
                permit: None,
                found: Ok(self.record.find(&name(item), process)),
            }),
            Action::Upload(item, permit) => {
                let name = name(item);
                if let Some(found) = self.record.find(&name, process) {
                    events.push(Event::UploadFound {
                        item,
                        permit: Some(permit),
                        found: Ok(Some(found)),
                    });
                    return;
                }
                self.record.files.insert(
                    name.clone(),
                    RecordedFile {
                        began: self.now,
                        holder: Some(process),
                        ..RecordedFile::default()
                    },
                );
                self.processes[process].calls += 1;
                let flight = Flight {
                    process,
                    item,
                    permit,
                    endpoint: Endpoint::Upload,
                    name,
                    listing: None,
                };
                self.uploads.insert((process, item), flight);
                self.at(self.now + UPLOAD, Happening::LastBytes(process, item));
            }
            Action::HandOver(item, goes_on) => self.hand_over(process, item, goes_on),
            Action::ResolveUpload(item, video) => {
                let name = name(item);
                let videos = self.service.videos.iter();
                let mut found = videos.filter(|(known, _)| known.video_no == video);
                let found = found.next().expect("it was listed").0.clone();
                self.record.files.entry(name).or_default().video = Some(found);
            }
            Action::RecordParsed(item, _) => {
                let file = self.record.files.entry(name(item)).or_default();
                if let Some(video) = &mut file.video {
                    video.status_word = Some("PARSE".to_owned());
                }
            }
            Action::List {
                permit,
                filter,
                page,
                ..
            } => {
                self.processes[process].calls += 1;
                let flight = Flight {
                    process,
                    item: 0,
                    permit,
                    endpoint: Endpoint::List,
                    name: String::new(),
                    listing: Some((filter, page)),
                };
                let there = self.one_way();
                self.at(self.now + there, Happening::Arrive(flight));
            }
            Action::ReleaseUpload(item) => {
                let name = name(item);
                self.record.files.entry(name).or_default().holder = None;
            }
            Action::CancelUpload(_) => {}
            other => unreachable!("{other:?}"),
        }
    }

    /// The last bytes go their way, or the upload ends before them.
    fn hand_over(&mut self, process: usize, item: ItemId, goes_on: bool) {
        let flight = self.uploads.remove(&(process, item)).expect("an upload");
        let is_cut = self.rng.u8(..100) < self.faults.cut_upload;
        if goes_on && !is_cut {
            self.record
                .files
                .entry(flight.name.clone())
                .or_default()
                .is_sent = true;
            let there = self.one_way();
            self.at(self.now + there, Happening::Arrive(flight));
            return;
        }
        self.record.files.remove(&flight.name);
        let error = Error::new(ErrorKind::Network, "cut");
        let event = Event::Uploaded {
            item,
            permit: flight.permit,
            result: Err(ApiError {
                is_incomplete: true,
                ..ApiError::new(error, FailureClass::ConnectionLost)
            }),
            began: timestamp(self.now),
        };
        self.at(self.now, Happening::Answer(process, Box::new(event)));
    }

    /// The service has a whole upload.
    pub(crate) fn arrive_upload(
        &mut self,
        process: usize,
        item: ItemId,
        permit: Permit,
        name: &str,
        error: Option<ApiError>,
        is_lost: bool,
    ) -> Event<()> {
        let began = self
            .record
            .files
            .get(name)
            .map_or(self.now, |file| file.began);
        let is_dead = self.processes[process].ended.is_some();
        let result = match error {
            // Nothing arrived, although it was handed over: nobody can know.
            Some(error) if error.class == FailureClass::NotConnected => {
                Err(ApiError::new(error.error, FailureClass::ConnectionLost))
            }
            Some(error) => {
                if !is_dead && matches!(error.class, FailureClass::RateLimited { .. }) {
                    self.record.files.remove(name);
                }
                Err(error)
            }
            None => {
                let video = self.service.upload(name, self.now);
                if is_lost || is_dead {
                    let error = Error::new(ErrorKind::Network, "lost");
                    Err(ApiError::new(error, FailureClass::ConnectionLost))
                } else {
                    self.record.files.entry(name.to_owned()).or_default().video =
                        Some(video.clone());
                    let sha256 = String::new();
                    Ok(UploadedVideo { video, sha256 })
                }
            }
        };
        Event::Uploaded {
            item,
            permit,
            result,
            began: timestamp(began),
        }
    }
}

fn transcribe(seed: u64) -> JobOptions {
    JobOptions {
        uploads: UploadRules {
            waits_for_parse: true,
            reuse: true,
        },
        ..waiting(seed)
    }
}

fn file(number: usize) -> NewItem {
    let name = format!("{number}.mp4");
    NewItem::Upload {
        file: Arc::new(VideoFile {
            path: name.clone().into(),
            name,
            size: 1_000_000,
            modified: None,
        }),
        types: vec![TranscriptionType::Audio],
        is_hashed: true,
    }
}

/// Returns how often each file was uploaded.
fn upload_counts(world: &World) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for (video, _) in &world.service.videos {
        *counts
            .entry(video.name.clone().expect("a name"))
            .or_default() += 1;
    }
    counts
}

#[test]
fn thousand_files_stay_within_the_limits_of_minute_and_day() {
    let limits = AccountLimits::default();
    let mut world = World::new(limits, SimService::new(limits, Lengths::Mixture, 1), 1);
    let run = world.start(Duration::ZERO, transcribe(1), (0..1_500).map(file));
    world.run(Duration::from_hours(72));
    let SimService {
        uploads,
        listings,
        submits,
        gets,
        ..
    } = &world.service;
    println!(
        "1,500 files: at most {} uploads a minute and {} in any 24 h, {} listings, {} polls in any 24 h",
        uploads.busiest_minute, uploads.busiest_day, listings.busiest_day, gets.busiest_day
    );
    let refused = uploads.refused + listings.refused + submits.refused + gets.refused;
    assert_eq!(refused, 0);
    assert!(world.processes[run].ended.is_some());
    assert_eq!(world.processes[run].job.outcome().exit.code(), 0);
    assert_eq!(world.delivered.len(), 1_500);
}

#[test]
fn every_fault_at_once_uploads_nothing_twice() {
    let limits = AccountLimits::default();
    for seed in 0..20 {
        let service = SimService::new(limits, Lengths::Mixture, seed);
        let mut world = World::new(limits, service, seed);
        world.faults = Faults {
            no_connection: 5,
            lost_answer: 10,
            server_error: 10,
            disk_full: 5,
            cut_upload: 20,
        };
        let run = world.start(Duration::ZERO, transcribe(seed), (0..60).map(file));
        world.run(Duration::from_hours(72));
        let process = &world.processes[run];
        assert!(process.ended.is_some(), "seed {seed}: it ended");
        let uploads = upload_counts(&world);
        assert!(
            uploads.values().all(|count| *count == 1),
            "seed {seed}: {uploads:?}"
        );
        let paid = &world.service.paid;
        assert!(
            paid.values().all(|count| *count == 1),
            "seed {seed}: {paid:?}"
        );
        for item in process.job.items() {
            let name = &item.file.as_ref().expect("a file").name;
            match item.state {
                State::Done => {}
                State::Unknown(exit) => assert_eq!(exit.code(), 7, "seed {seed}: {name}"),
                State::Undelivered(exit) => assert_eq!(exit.code(), 1, "seed {seed}: {name}"),
                // Never accepted, after all retries.
                State::Failed(_) => {
                    let is_paid = item
                        .video
                        .as_ref()
                        .is_some_and(|video| paid.contains_key(video.as_str()));
                    assert!(!is_paid, "seed {seed}: {name}");
                }
                ref state => panic!("seed {seed}: {name} ended as {state:?}"),
            }
        }
    }
}

#[test]
fn runs_that_are_killed_and_started_again_pay_once_and_lose_nothing() {
    let limits = AccountLimits::default();
    for seed in 0..20 {
        let service = SimService::new(limits, Lengths::Mixture, seed);
        let mut world = World::new(limits, service, seed);
        for kill in 0..30 {
            let run = world.start(Duration::ZERO, transcribe(seed + kill), (0..12).map(file));
            let life = Duration::from_millis(world.rng.u64(1_000..120_000));
            world.kill(run, life);
            world.run(life + Duration::from_secs(5));
        }
        let run = world.start(Duration::ZERO, transcribe(seed), (0..12).map(file));
        world.run(Duration::from_hours(48));
        let uploads = upload_counts(&world);
        assert!(
            uploads.values().all(|count| *count == 1),
            "seed {seed}: {uploads:?}"
        );
        assert!(world.service.paid.values().all(|count| *count == 1));
        for item in world.processes[run].job.items() {
            // A submit that was killed in flight stays unknown.
            let is_over = matches!(item.state, State::Done | State::Failed(_));
            assert!(is_over, "seed {seed}: {:?} {:?}", item.file, item.state);
            if item.state == State::Done {
                continue;
            }
            let video = item.video.as_ref().expect("it was uploaded").as_str();
            assert_eq!(
                world.record.tasks.get(video),
                Some(&None),
                "seed {seed}: {video}"
            );
        }
    }
}

#[test]
fn two_runs_at_once_upload_each_file_once() {
    let limits = AccountLimits::default();
    for seed in 0..10 {
        let service = SimService::new(limits, Lengths::Mixture, seed);
        let mut world = World::new(limits, service, seed);
        let runs: Vec<usize> = (0..3)
            .map(|run| {
                let later = Duration::from_secs(run * 7);
                world.start(later, transcribe(seed + run), (0..10).map(file))
            })
            .collect();
        world.run(Duration::from_hours(48));
        let uploads = upload_counts(&world);
        assert_eq!(uploads.len(), 10);
        assert!(
            uploads.values().all(|count| *count == 1),
            "seed {seed}: {uploads:?}"
        );
        assert!(world.service.paid.values().all(|count| *count == 1));
        for run in runs {
            assert!(world.processes[run].ended.is_some(), "seed {seed}");
        }
    }
}
