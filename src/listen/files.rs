//! How many connections the system lets this process have. Each is an open file, and a process that
//! has none left can neither write a result nor look into the journal.

/// Open files that are left to everything but connections.
#[cfg(unix)]
const OTHERS: u64 = 64;

/// `wanted`, or as many as there is room for. Where the limit is the soft one, it is raised as far
/// as that takes.
#[cfg(unix)]
pub(super) fn room_for(wanted: usize) -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};

    let needed = u64::try_from(wanted).unwrap_or(u64::MAX) / 3 * 4 + OTHERS;
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < needed) {
        let before = limit.current;
        limit.current = Some(limit.maximum.map_or(needed, |most| most.min(needed)));
        if setrlimit(Resource::Nofile, limit).is_err() {
            limit.current = before;
        }
    }
    limit.current.map_or(wanted, |files| within(files, wanted))
}

/// `wanted`; elsewhere there is no such limit.
#[cfg(not(unix))]
pub(super) fn room_for(wanted: usize) -> usize {
    wanted
}

/// At most three quarters of the files are for connections, and no more than leaves the others
/// theirs, unless that would be hardly any.
#[cfg(unix)]
fn within(files: u64, wanted: usize) -> usize {
    let most = (files / 4 * 3).min(files.saturating_sub(OTHERS).max(files / 4));
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
