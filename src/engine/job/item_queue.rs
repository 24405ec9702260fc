//! A queue of items that wait for one kind of work.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::event::ItemId;

/// The items that wait, first those given first.
#[derive(Debug, Default)]
pub(super) struct ItemQueue {
    ready: BTreeSet<ItemId>,
    /// Failed attempts, and when they may be repeated.
    delayed: BTreeSet<(Duration, ItemId)>,
}

impl ItemQueue {
    pub(super) fn push(&mut self, id: ItemId) {
        self.ready.insert(id);
    }

    pub(super) fn delay(&mut self, id: ItemId, until: Duration) {
        self.delayed.insert((until, id));
    }

    /// Returns the number of items that may be served now.
    pub(super) fn len(&self) -> usize {
        self.ready.len()
    }

    /// Moves delayed items whose time has come to the ready ones.
    pub(super) fn make_ready(&mut self, now: Duration) {
        while self.next().is_some_and(|time| time <= now) {
            if let Some((_, id)) = self.delayed.pop_first() {
                self.ready.insert(id);
            }
        }
    }

    /// Returns the first item that may be served.
    pub(super) fn first(&self) -> Option<ItemId> {
        self.ready.first().copied()
    }

    pub(super) fn take_first(&mut self) -> Option<ItemId> {
        self.ready.pop_first()
    }

    /// Takes an item out.
    pub(super) fn remove(&mut self, id: ItemId) {
        self.ready.remove(&id);
        self.delayed.retain(|(_, delayed)| *delayed != id);
    }

    /// Returns when the next delayed item may be served.
    pub(super) fn next(&self) -> Option<Duration> {
        self.delayed.first().map(|(time, _)| *time)
    }

    /// Takes all items out.
    pub(super) fn clear(&mut self) -> impl Iterator<Item = ItemId> {
        let (ready, delayed) = (
            std::mem::take(&mut self.ready),
            std::mem::take(&mut self.delayed),
        );
        ready
            .into_iter()
            .chain(delayed.into_iter().map(|(_, id)| id))
    }
}
