//! Who is connected and has not shown that it knows the path. When there is no room for a new
//! connection, the one that has been a stranger for longest makes place: whoever only sits there
//! keeps nobody out, and whoever sends its request at once is never the oldest.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::AbortHandle;

/// The strangers, in the order of their arrival.
#[derive(Clone, Default)]
pub(super) struct Strangers(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    arrivals: u64,
    connections: BTreeMap<u64, AbortHandle>,
}

/// One connection's place among them, until it is known or ends.
pub(super) struct Stranger {
    number: u64,
    all: Strangers,
}

impl Strangers {
    /// The place of the next connection; it counts from when [`Self::enter`] is told its task.
    pub(super) fn next(&self) -> Stranger {
        let mut state = self.state();
        state.arrivals += 1;
        Stranger {
            number: state.arrivals,
            all: self.clone(),
        }
    }

    /// Notes the task of the connection that took the last place.
    pub(super) fn enter(&self, task: AbortHandle) {
        let mut state = self.state();
        let number = state.arrivals;
        state.connections.insert(number, task);
    }

    /// Ends the oldest one's connection, if there is one.
    pub(super) fn evict_oldest(&self) {
        let oldest = self.state().connections.pop_first();
        if let Some((_, task)) = oldest {
            task.abort();
        }
    }

    /// Ends all their connections.
    pub(super) fn evict_all(&self) {
        let all = std::mem::take(&mut self.state().connections);
        for task in all.into_values() {
            task.abort();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is made in one step, so that a poisoned state is a whole one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stranger {
    /// It knows the path: it is not a stranger any more.
    pub(super) fn is_known(&self) {
        self.all.state().connections.remove(&self.number);
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.is_known();
    }
}
