//! Resolves the path of an output. Symbolic links are followed one by one to their end, which need not
//! exist; a path to one of our own open descriptors (`/dev/stdout`, `/dev/fd/3`) is that descriptor, whatever
//! file the shell has opened it on.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

#[cfg(unix)]
use crate::files;

/// Maximum number of symbolic links to follow, as on Linux.
#[cfg(unix)]
const MAX_LINKS: usize = 40;

/// The place that a path leads to.
#[derive(Debug)]
pub(super) enum Destination {
    /// A regular file, which may not exist yet.
    File(PathBuf, Option<Metadata>),
    /// A FIFO, a device, or anything else to which bytes are written as to a stream.
    #[cfg(unix)]
    Special(PathBuf, Metadata),
    /// An open descriptor of this process.
    #[cfg(unix)]
    Descriptor(i32),
}

impl Destination {
    /// Follows `path` to its end.
    #[cfg(unix)]
    pub(super) fn resolve(path: &Path) -> io::Result<Self> {
        let mut path = path.to_owned();
        for _ in 0..MAX_LINKS {
            let parent = files::parent_dir(&path);
            let parent = fs::canonicalize(parent).unwrap_or_else(|_| parent.to_owned());
            if let Some(number) = descriptor(&parent, &path) {
                return Ok(Self::Descriptor(number));
            }
            match fs::symlink_metadata(&path) {
                Ok(found) if found.is_symlink() => path = parent.join(fs::read_link(&path)?),
                Ok(found) if found.is_dir() => return Err(is_directory()),
                Ok(found) if found.is_file() => return Ok(Self::File(path, Some(found))),
                Ok(found) => return Ok(Self::Special(path, found)),
                // Creating the file reports any other error than that it does not exist.
                Err(_) => return Ok(Self::File(path, None)),
            }
        }
        Err(io::Error::other("too many levels of symbolic links"))
    }

    /// Follows `path` to its end.
    #[cfg(not(unix))]
    pub(super) fn resolve(path: &Path) -> io::Result<Self> {
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => Err(is_directory()),
            Ok(found) => Ok(Self::File(fs::canonicalize(path)?, Some(found))),
            Err(_) => Ok(Self::File(path.to_owned(), None)),
        }
    }

    /// Returns `true` if it is a regular file that exists.
    pub(super) fn is_existing_file(path: &Path) -> bool {
        matches!(Self::resolve(path), Ok(Self::File(_, Some(_))))
    }
}

fn is_directory() -> io::Error {
    io::Error::new(
        io::ErrorKind::IsADirectory,
        "it is a directory; name a file in it",
    )
}

/// Returns the number of the descriptor that the path names, in a directory of our descriptors.
#[cfg(unix)]
fn descriptor(parent: &Path, path: &Path) -> Option<i32> {
    let own = PathBuf::from(format!("/proc/{}", std::process::id()));
    let is_of_a_thread = parent.starts_with(own.join("task")) && parent.ends_with("fd");
    let is_own = is_of_a_thread
        || parent == own.join("fd")
        || ["/dev/fd", "/proc/self/fd", "/proc/thread-self/fd"]
            .iter()
            .any(|known| parent == Path::new(known));
    let number = path.file_name()?.to_str()?;
    number.parse().ok().filter(|_| is_own)
}

/// Opens a descriptor of this process again, sharing its offset and flags. Only descriptors that were
/// inherited count: the others are internal.
#[cfg(unix)]
pub(super) fn open_descriptor(number: i32) -> io::Result<std::os::fd::OwnedFd> {
    use std::os::fd::AsFd as _;
    match number {
        1 => io::stdout().as_fd().try_clone_to_owned(),
        2 => io::stderr().as_fd().try_clone_to_owned(),
        _ => open_inherited(number),
    }
}

#[cfg(target_os = "linux")]
fn open_inherited(number: i32) -> io::Result<std::os::fd::OwnedFd> {
    use rustix::fs::{Mode, OFlags, SeekFrom, open, seek};
    use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};

    let info = fs::read_to_string(format!("/proc/self/fdinfo/{number}")).unwrap_or_default();
    let field = |name| {
        let mut lines = info.lines();
        lines.find_map(|line| Some(line.strip_prefix(name)?.trim()))
    };
    let flags = field("flags:").and_then(|flags| u32::from_str_radix(flags, 8).ok());
    let flags = flags.map(OFlags::from_bits_retain);
    let Some(flags) = flags.filter(|flags| !flags.contains(OFlags::CLOEXEC)) else {
        let why = format!("descriptor {number} is not open");
        return Err(io::Error::new(io::ErrorKind::NotFound, why));
    };
    let own = pidfd_open(getpid(), PidfdFlags::empty())
        .and_then(|own| pidfd_getfd(own, number, PidfdGetfdFlags::empty()));
    if let Ok(fd) = own {
        return Ok(fd);
    }
    // Old kernels and some containers have no such call. A descriptor that is opened anew has an
    // offset of its own, which starts where the inherited one stands.
    let flags = flags & (OFlags::ACCMODE | OFlags::APPEND) | OFlags::CLOEXEC | OFlags::NOCTTY;
    let fd = open(format!("/proc/self/fd/{number}"), flags, Mode::empty())?;
    if let Some(offset) = field("pos:").and_then(|offset| offset.parse().ok()) {
        // A pipe has none.
        let _ = seek(&fd, SeekFrom::Start(offset));
    }
    Ok(fd)
}

/// Elsewhere, opening `/dev/fd/N` duplicates the descriptor.
#[cfg(all(unix, not(target_os = "linux")))]
fn open_inherited(number: i32) -> io::Result<std::os::fd::OwnedFd> {
    let path = format!("/dev/fd/{number}");
    Ok(fs::OpenOptions::new().write(true).open(path)?.into())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn links_are_followed_to_their_end() {
        let dir = tempfile::tempdir().unwrap();
        let dir = fs::canonicalize(dir.path()).unwrap();
        let at = |name: &str| dir.join(name);
        fs::write(at("file"), "").unwrap();
        fs::create_dir(at("sub")).unwrap();
        symlink("file", at("to-file")).unwrap();
        symlink("../to-file", at("sub/twice")).unwrap();
        symlink("sub/absent", at("dangling")).unwrap();
        symlink("loop", at("loop")).unwrap();
        symlink("/dev/stdout", at("out")).unwrap();
        symlink("/dev/fd", at("fds")).unwrap();
        let resolve = |name| Destination::resolve(&at(name));
        for (name, end) in [("to-file", "file"), ("sub/twice", "file")] {
            let resolved = resolve(name).unwrap();
            let Destination::File(path, Some(_)) = resolved else {
                panic!("{name}: {resolved:?}");
            };
            assert_eq!(fs::canonicalize(path).unwrap(), at(end));
        }
        let dangling = resolve("dangling").unwrap();
        assert!(
            matches!(&dangling, Destination::File(path, None) if *path == at("sub/absent")),
            "{dangling:?}"
        );
        assert!(resolve("loop").is_err());
        assert!(resolve("sub").is_err());
        #[cfg(target_os = "linux")]
        for (name, number) in [("out", 1), ("fds/2", 2), ("fds/7", 7)] {
            let resolved = resolve(name).unwrap();
            let is_expected = matches!(resolved, Destination::Descriptor(n) if n == number);
            assert!(is_expected, "{name}: {resolved:?}");
        }
    }

    #[test]
    fn descriptors_are_recognized_by_every_path() {
        for (path, number) in [
            ("/dev/stdout", Some(1)),
            ("/dev/stderr", Some(2)),
            ("/dev/fd/3", Some(3)),
            ("/proc/self/fd/4", Some(4)),
            ("/proc/thread-self/fd/5", Some(5)),
            ("/dev/null", None),
            ("stdout", None),
        ] {
            let found = match Destination::resolve(Path::new(path)) {
                Ok(Destination::Descriptor(number)) => Some(number),
                _ => None,
            };
            assert_eq!(found, number, "{path}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn internal_and_closed_descriptors_are_refused() {
        use std::os::fd::AsRawFd as _;
        let file = fs::File::open("/dev/null").unwrap();
        for number in [file.as_raw_fd(), 9_999] {
            let error = open_descriptor(number).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::NotFound);
        }
    }
}
