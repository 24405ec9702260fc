//! Who is connected and could make place for somebody new. When there is no room, the connection
//! that has been a stranger for longest goes first: whoever only sits there keeps nobody out. Where
//! no stranger has had its time yet, it is the one that knows the path and has been longest without
//! a byte of its body. Whoever has said all there is to say keeps its place until it has its answer.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::task::AbortHandle;

/// The time in which an honest sender shows life. Before it is over, nobody goes for whom somebody
/// else could go.
const GRACE: Duration = Duration::from_secs(1);

/// The connections that may have to go.
#[derive(Clone, Default)]
pub(super) struct Places(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// Counts arrivals and signs of life.
    count: u64,
    strangers: Queue,
    /// Those that know the path and are at their bodies.
    senders: Queue,
}

/// Connections in the order of their last sign of life.
type Queue = BTreeMap<u64, Seen>;

struct Seen {
    last: Instant,
    task: AbortHandle,
}

/// One connection's place, until all of its request is there or it ends.
pub(super) struct Place {
    /// The number of its last sign of life.
    number: AtomicU64,
    all: Places,
}

impl Places {
    /// A place for the next connection; it counts from when [`Self::enter`] is told its task.
    pub(super) fn next(&self) -> Place {
        let mut state = self.state();
        state.count += 1;
        Place {
            number: AtomicU64::new(state.count),
            all: self.clone(),
        }
    }

    /// Notes the task of the connection that took the last place.
    pub(super) fn enter(&self, task: AbortHandle) {
        let mut state = self.state();
        let (number, last) = (state.count, Instant::now());
        state.strangers.insert(number, Seen { last, task });
    }

    /// Ends the connection that can best be spared, if there is one.
    pub(super) fn evict(&self) {
        let spared = self.state().spared(Instant::now());
        if let Some(task) = spared {
            task.abort();
        }
    }

    /// Ends all connections of strangers.
    pub(super) fn evict_strangers(&self) {
        let all = std::mem::take(&mut self.state().strangers);
        for seen in all.into_values() {
            seen.task.abort();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change leaves a whole state, also one that a panic cuts short.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn spared(&mut self, now: Instant) -> Option<AbortHandle> {
        let has_been = |queue: &Queue| {
            let first = queue.first_key_value();
            first.is_some_and(|(_, seen)| now.saturating_duration_since(seen.last) >= GRACE)
        };
        let is_sender =
            !has_been(&self.strangers) && (has_been(&self.senders) || self.strangers.is_empty());
        let queue = if is_sender {
            &mut self.senders
        } else {
            &mut self.strangers
        };
        queue.pop_first().map(|(_, seen)| seen.task)
    }

    fn remove(&mut self, number: u64) -> Option<AbortHandle> {
        let stranger = self.strangers.remove(&number);
        let seen = stranger.or_else(|| self.senders.remove(&number));
        seen.map(|seen| seen.task)
    }
}

impl Place {
    /// It knows the path, or another part of its body came.
    pub(super) fn advances(&self) {
        self.advances_at(Instant::now());
    }

    fn advances_at(&self, last: Instant) {
        let mut state = self.all.state();
        if let Some(task) = state.remove(self.number.load(Ordering::Relaxed)) {
            state.count += 1;
            let number = state.count;
            state.senders.insert(number, Seen { last, task });
            self.number.store(number, Ordering::Relaxed);
        }
    }

    /// Its request is complete: it does not make place any more.
    pub(super) fn is_complete(&self) {
        let mut state = self.all.state();
        state.remove(self.number.load(Ordering::Relaxed));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.is_complete();
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    /// The order in which connections go at this time after their last signs of life.
    fn order(arrange: impl Fn(&[Place; 4]), later: Duration) -> Vec<usize> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let (places, mut tasks) = (Places::default(), Vec::new());
        let all = [(); 4].map(|()| {
            let place = places.next();
            let task = runtime.spawn(pending::<()>()).abort_handle();
            tasks.push(task.id());
            places.enter(task);
            place
        });
        arrange(&all);
        let now = Instant::now() + later;
        std::iter::from_fn(|| places.state().spared(now))
            .map(|gone| tasks.iter().position(|task| *task == gone.id()).unwrap())
            .collect()
    }

    #[test]
    fn strangers_go_first_and_the_oldest_of_them_before_the_others() {
        let arrange = |all: &[Place; 4]| all[0].advances();
        assert_eq!(order(arrange, Duration::from_mins(1)), [1, 2, 3, 0]);
        assert_eq!(order(arrange, Duration::ZERO), [1, 2, 3, 0]);
    }

    #[test]
    fn of_those_at_their_bodies_the_one_goes_that_has_been_silent_for_longest() {
        let arrange = |all: &[Place; 4]| {
            for at in [0, 1, 2, 3, 1, 0, 0] {
                all[at].advances();
            }
        };
        assert_eq!(order(arrange, Duration::ZERO), [2, 3, 1, 0]);
    }

    #[test]
    fn a_newcomer_is_spared_where_a_body_has_stalled() {
        let stalled = |all: &[Place; 4]| {
            let long_ago = Instant::now().checked_sub(GRACE).unwrap();
            all[2].advances_at(long_ago);
            all[3].advances();
        };
        assert_eq!(order(stalled, Duration::ZERO), [2, 0, 1, 3]);
        assert_eq!(order(stalled, GRACE), [0, 1, 2, 3]);
    }

    #[test]
    fn whoever_is_complete_stays() {
        let arrange = |all: &[Place; 4]| {
            all[0].advances();
            all[0].is_complete();
            all[3].is_complete();
            all[3].advances();
        };
        assert_eq!(order(arrange, Duration::from_mins(1)), [1, 2]);
    }
}
