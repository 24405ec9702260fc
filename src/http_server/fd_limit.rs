//! The number of connections that the limit of open files allows. A process that has no file
//! descriptor left can neither write a result nor read the journal.

/// Number of file descriptors that are reserved for everything but connections.
#[cfg(unix)]
const RESERVED: u64 = 64;

/// Returns `wanted`, or as many connections as the limit of open files allows. Raises the soft limit
/// as far as that takes.
#[cfg(unix)]
pub(super) fn max_connections(wanted: usize) -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};

    let needed = u64::try_from(wanted).unwrap_or(u64::MAX) / 3 * 4 + RESERVED;
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < needed) {
        let before = limit.current;
        limit.current = Some(limit.maximum.map_or(needed, |hard| hard.min(needed)));
        if setrlimit(Resource::Nofile, limit).is_err() {
            limit.current = before;
        }
    }
    limit.current.map_or(wanted, |files| within(files, wanted))
}

/// Returns `wanted`: this platform has no such limit.
#[cfg(not(unix))]
pub(super) fn max_connections(wanted: usize) -> usize {
    wanted
}

/// Returns `wanted`, or at most three quarters of `files`, less where that would not leave the
/// reserved ones, but at least a quarter of `files`, and at least 1.
#[cfg(unix)]
fn within(files: u64, wanted: usize) -> usize {
    let most = (files / 4 * 3).min(files.saturating_sub(RESERVED).max(files / 4));
    wanted
        .min(usize::try_from(most).unwrap_or(usize::MAX))
        .max(1)
}

#[cfg(all(test, unix))]
mod tests {
    use super::within;

    #[test]
    fn connections_leave_files_for_the_rest() {
        for (files, connections) in [
            (0, 1),
            (16, 4),
            (64, 16),
            (128, 64),
            (256, 192),
            (340, 255),
            (1024, 256),
            (u64::MAX, 256),
        ] {
            assert_eq!(within(files, 256), connections, "{files}");
        }
    }
}
