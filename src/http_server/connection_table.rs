//! Tracks open connections and chooses which to evict at the limit: first the oldest that has not
//! authenticated (for the receiver: presented the secret path), then the one idle longest while
//! sending its body. A connection whose request is complete is never evicted.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::task::AbortHandle;

/// Minimum idle time before a connection may be evicted while another has been idle that long.
const MIN_IDLE: Duration = Duration::from_secs(1);

/// The open connections.
#[derive(Clone, Default)]
pub(super) struct ConnectionTable(Rc<RefCell<Table>>);

#[derive(Default)]
struct Table {
    last_id: u64,
    /// In the order in which they were accepted.
    entries: BTreeMap<u64, TrackedConnection>,
}

struct TrackedConnection {
    phase: Phase,
    last_activity: Instant,
    task: AbortHandle,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Has not shown that its request will be valid.
    Unauthenticated,
    /// Has authenticated and is sending its body.
    Authenticated,
    /// Has sent its whole request.
    Complete,
}

/// A connection's place in the table, given up when it is dropped.
pub(crate) struct Connection {
    id: u64,
    table: ConnectionTable,
}

impl ConnectionTable {
    /// Reserves the place of the next connection.
    pub(super) fn reserve(&self) -> Connection {
        let mut state = self.0.borrow_mut();
        state.last_id += 1;
        Connection {
            id: state.last_id,
            table: self.clone(),
        }
    }

    /// Adds the connection with this ID, which ends when its task is aborted.
    pub(super) fn insert(&self, id: u64, task: AbortHandle) {
        let entry = TrackedConnection {
            phase: Phase::Unauthenticated,
            last_activity: Instant::now(),
            task,
        };
        self.0.borrow_mut().entries.insert(id, entry);
    }

    /// Ends the connection that can best be spared, if there is one.
    pub(super) fn evict_one(&self) {
        let evicted = self.0.borrow_mut().evict(Instant::now());
        if let Some(entry) = evicted {
            entry.task.abort();
        }
    }

    /// Ends all connections that have not authenticated.
    pub(super) fn evict_unauthenticated(&self) {
        for entry in self.0.borrow().entries.values() {
            if entry.phase == Phase::Unauthenticated {
                entry.task.abort();
            }
        }
    }
}

impl Table {
    fn evict(&mut self, now: Instant) -> Option<TrackedConnection> {
        self.entries.remove(&self.eviction_candidate(now)?)
    }

    fn eviction_candidate(&self, now: Instant) -> Option<u64> {
        let longest_idle = |phase| {
            let of_phase = self.entries.iter().filter(move |(_, it)| it.phase == phase);
            of_phase.min_by_key(|(_, entry)| entry.last_activity)
        };
        let has_idled = |entry: Option<(_, &TrackedConnection)>| {
            entry.is_some_and(|(_, entry)| {
                now.saturating_duration_since(entry.last_activity) >= MIN_IDLE
            })
        };
        let unauthenticated = longest_idle(Phase::Unauthenticated);
        let authenticated = longest_idle(Phase::Authenticated);
        let candidate = if has_idled(unauthenticated) || !has_idled(authenticated) {
            unauthenticated.or(authenticated)
        } else {
            authenticated
        };
        candidate.map(|(id, _)| *id)
    }
}

impl Connection {
    pub(super) fn id(&self) -> u64 {
        self.id
    }

    /// Marks the connection as authenticated and active: call it when a request is found to be
    /// valid so far, and for each part of its body.
    pub(crate) fn touch(&self) {
        self.update(Phase::Authenticated, Instant::now());
    }

    /// Protects the connection from eviction: call it when the request has arrived as a whole.
    pub(crate) fn complete(&self) {
        self.update(Phase::Complete, Instant::now());
    }

    /// Takes the protection back, until the next request authenticates.
    pub(super) fn await_next_request(&self) {
        self.update(Phase::Unauthenticated, Instant::now());
    }

    fn update(&self, phase: Phase, now: Instant) {
        if let Some(entry) = self.table.0.borrow_mut().entries.get_mut(&self.id) {
            (entry.phase, entry.last_activity) = (phase, now);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.table.0.borrow_mut().entries.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;
    use Phase::{Authenticated, Complete};

    /// Returns the order in which four connections, accepted one second after the other, are
    /// evicted `later` than the last one, after these changes: connection, phase, and seconds after
    /// the first one was accepted.
    fn eviction_order(changes: &[(usize, Phase, u64)], later: Duration) -> Vec<usize> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let (table, start) = (ConnectionTable::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut tasks = Vec::new();
        let connections = [0, 1, 2, 3].map(|second| {
            let connection = table.reserve();
            let task = runtime.spawn(pending::<()>()).abort_handle();
            tasks.push(task.id());
            table.insert(connection.id, task);
            connection.update(Phase::Unauthenticated, at(second));
            connection
        });
        for (connection, phase, second) in changes {
            connections[*connection].update(*phase, at(*second));
        }
        std::iter::from_fn(|| table.0.borrow_mut().evict(at(3) + later))
            .map(|entry| tasks.iter().position(|id| *id == entry.task.id()).unwrap())
            .collect()
    }

    const LATER: Duration = Duration::from_mins(1);

    #[test]
    fn evicts_unauthenticated_first_and_oldest_of_them_first() {
        let changes = [(0, Authenticated, 0)];
        assert_eq!(eviction_order(&changes, LATER), [1, 2, 3, 0]);
        let all_at_once = [0, 1, 2, 3].map(|at| (at, Phase::Unauthenticated, 3));
        assert_eq!(eviction_order(&all_at_once, Duration::ZERO), [0, 1, 2, 3]);
    }

    #[test]
    fn evicts_longest_silent_body_first() {
        let changes = [(0, 6), (1, 4), (2, 2), (3, 3)].map(|(at, time)| (at, Authenticated, time));
        assert_eq!(eviction_order(&changes, LATER), [2, 3, 1, 0]);
    }

    #[test]
    fn evicts_stalled_body_before_new_connection() {
        let changes = [
            (0, Phase::Unauthenticated, 3),
            (1, Phase::Unauthenticated, 3),
            (2, Authenticated, 2),
            (3, Authenticated, 3),
        ];
        assert_eq!(eviction_order(&changes, Duration::ZERO), [2, 0, 1, 3]);
        assert_eq!(eviction_order(&changes, MIN_IDLE), [0, 1, 2, 3]);
    }

    #[test]
    fn never_evicts_complete_request() {
        let changes = [(0, Complete, 0), (3, Complete, 3)];
        assert_eq!(eviction_order(&changes, LATER), [1, 2]);
    }

    #[test]
    fn dropped_connection_leaves_the_table() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let table = ConnectionTable::default();
        let connection = table.reserve();
        let task = runtime.spawn(pending::<()>()).abort_handle();
        table.insert(connection.id, task);
        drop(connection);
        assert!(table.0.borrow().entries.is_empty());
    }
}
