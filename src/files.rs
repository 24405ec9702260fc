//! Additions to the standard library for files: creates and flushes directories, with errors that name
//! the culprit, and locks files.

mod lock;

use std::fs::DirBuilder;
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

pub use lock::{TryLock, is_unsupported, lock_within};

/// Creates a directory and its missing ancestors, with this Unix mode less the umask. An error names
/// the ancestor that is a file, if there is one: the system says "file exists" without saying which.
pub fn create_dir_all(directory: &Path, mode: u32) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, mode);
    #[cfg(not(unix))]
    let _ = mode;
    builder.recursive(true).create(directory).map_err(|error| {
        match directory.ancestors().find(|part| part.is_file()) {
            Some(file) => {
                let why = format!("{} is a file, not a directory", file.display());
                io::Error::new(io::ErrorKind::NotADirectory, why)
            }
            None => error,
        }
    })
}

/// Creates a temporary file. An error does not name it: its name means nothing to a reader.
pub fn create_temporary(
    builder: &tempfile::Builder,
    directory: &Path,
) -> io::Result<NamedTempFile> {
    builder.tempfile_in(directory).map_err(|error| {
        let message = error.to_string();
        match message.rsplit_once(" at path ") {
            Some((why, _)) => io::Error::new(error.kind(), why),
            None => error,
        }
    })
}

/// Maximum time to wait until others have closed a file that is to be replaced: Windows replaces none that
/// is open.
const REPLACE_TIMEOUT: Duration = Duration::from_secs(if cfg!(windows) { 2 } else { 0 });

/// Gives a temporary file its name, in place of the file that has it now.
pub fn replace(mut temporary: NamedTempFile, path: &Path) -> io::Result<()> {
    let end = Instant::now() + REPLACE_TIMEOUT;
    loop {
        match temporary.persist(path) {
            Ok(_) => return Ok(()),
            Err(failed)
                if failed.error.kind() == io::ErrorKind::PermissionDenied
                    && Instant::now() < end =>
            {
                temporary = failed.file;
                thread::sleep(Duration::from_millis(2));
            }
            Err(failed) => return Err(failed.error),
        }
    }
}

/// Flushes a directory, so that a file created or renamed in it survives a power failure. File systems
/// that cannot flush a directory (CIFS, vboxsf, some FUSE), and directories that may be written but
/// not read, are not an error: the file itself is flushed all the same.
#[cfg(unix)]
pub fn sync_dir(directory: &Path) -> io::Result<()> {
    use std::io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    match std::fs::File::open(directory).and_then(|directory| directory.sync_all()) {
        Err(error) if matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported) => {
            Ok(())
        }
        result => result,
    }
}

/// Does nothing: only Unix opens directories.
#[cfg(not(unix))]
pub fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Returns the directory that holds the file at this path.
#[must_use]
pub fn parent_dir(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn create_dir_all_names_the_file_that_blocks_it() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "").unwrap();
        create_dir_all(&dir.path().join("a/b"), 0o700).unwrap();
        let error = create_dir_all(&file.join("a/b"), 0o700).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{} is a file, not a directory", file.display())
        );
    }

    #[test]
    fn error_does_not_name_the_temporary_file() {
        let missing = tempfile::tempdir().unwrap().path().join("gone");
        let builder = tempfile::Builder::new();
        let named = builder.tempfile_in(&missing).unwrap_err();
        assert!(named.to_string().contains("gone"), "{named}");
        let error = create_temporary(&builder, &missing).unwrap_err();
        assert_eq!(error.kind(), named.kind());
        assert!(!error.to_string().contains("gone"), "{error}");
    }

    /// `/proc` is a file system whose directories cannot be flushed: its `fsync` is EINVAL.
    #[cfg(target_os = "linux")]
    #[test]
    fn sync_dir_tolerates_file_systems_without_it() {
        let directory = std::fs::File::open("/proc/self").unwrap();
        assert_eq!(
            directory.sync_all().unwrap_err().kind(),
            io::ErrorKind::InvalidInput
        );
        sync_dir(Path::new("/proc/self")).unwrap();
        assert!(sync_dir(Path::new("/proc/self/absent")).is_err());
    }

    #[test]
    fn parent_of_a_bare_name_is_the_working_directory() {
        assert_eq!(parent_dir(Path::new("a.srt")), Path::new("."));
        assert_eq!(parent_dir(Path::new("x/a.srt")), Path::new("x"));
    }
}
