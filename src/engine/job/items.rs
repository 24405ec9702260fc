//! The items of a run: how one begins, and moves from state to state.

use std::time::Duration;

use jiff::SignedDuration;

use super::super::event::{ItemId, RecordedTask};
use super::super::item::{Item, NewItem, State};
use super::{Job, Polls};

impl<R> Job<R> {
    pub(super) fn add(&mut self, new: NewItem) {
        let id = self.items.len();
        match new {
            NewItem::Upload {
                file,
                types,
                is_hashed,
            } => self.add_upload(&file, &types, is_hashed),
            NewItem::Submit {
                video,
                transcription_type,
            } => {
                self.items.push(Item {
                    video: Some(video),
                    transcription_type: Some(transcription_type),
                    ..Item::new(State::Submitting { is_sent: false })
                });
                self.queue(transcription_type).push(id);
            }
            NewItem::Task {
                task,
                video,
                age,
                calls_here,
            } => {
                let (video, transcription_type) = video.unzip();
                self.items.push(Item {
                    video,
                    transcription_type,
                    ..Item::new(State::Polling)
                });
                let recorded = RecordedTask {
                    task,
                    age,
                    calls_here,
                };
                self.watch(id, recorded);
            }
        }
        for item in &self.items[id..] {
            *self.counts.of(&item.state) += 1;
        }
    }

    /// Begins to wait for the item's task.
    pub(super) fn watch(&mut self, id: ItemId, recorded: RecordedTask) {
        let RecordedTask {
            task,
            age,
            calls_here,
        } = recorded;
        let item = &mut self.items[id];
        item.submitted_at = age.map(|age| signed(self.now).saturating_sub(signed(age)));
        item.task = Some(task.clone());
        self.by_task.insert(task, id);
        self.set_deadline(id);
        self.calling += usize::from(calls_here);
        let interval = if calls_here {
            self.options.intervals.with_callback
        } else {
            self.options.intervals.default
        };
        // A task that was polled by nobody for an unknown time may have ended long ago.
        let age = if self.options.polls == Polls::Once {
            None
        } else {
            age
        };
        self.schedule.add(id, interval, age, self.now);
    }

    /// Begins to count the timeout of an item, from now on.
    pub(super) fn set_deadline(&mut self, id: ItemId) {
        let timeout = self.options.timeout;
        if let Some(deadline) = timeout.and_then(|timeout| self.now.checked_add(timeout)) {
            self.items[id].deadline = Some(deadline);
            self.deadlines.insert((deadline, id));
        }
    }

    /// Moves an item to another state and keeps the counts.
    pub(super) fn set_state(&mut self, id: ItemId, state: State) {
        let item = &mut self.items[id];
        *self.counts.of(&item.state) -= 1;
        *self.counts.of(&state) += 1;
        if state != State::Polling {
            self.schedule.remove(id);
            self.listings.remove(id);
            if let Some(deadline) = item.deadline {
                self.deadlines.remove(&(deadline, id));
            }
        }
        item.state = state;
    }

    /// Moves an item to a state that takes a while.
    pub(super) fn begin_stage(&mut self, id: ItemId, state: State) {
        self.set_state(id, state);
        let item = &mut self.items[id];
        item.since = self.now;
        item.started_at.get_or_insert(self.now);
    }
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}
