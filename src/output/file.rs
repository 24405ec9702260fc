//! Files that appear whole or not at all: written under a temporary name in the same folder,
//! flushed to the disk, then renamed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::interrupt;

/// Writes the file; missing folders are made. `None` where it exists and `no_clobber` is set.
///
/// What exists and is no regular file (`/dev/null`, a named pipe) is written to as it is; behind a
/// symbolic link the file it points to is replaced.
pub(super) fn write<T>(
    path: &Path,
    no_clobber: bool,
    write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> io::Result<Option<T>> {
    let existing = fs::metadata(path).ok();
    match &existing {
        Some(found) if found.is_dir() => {
            return Err(io::Error::new(
                io::ErrorKind::IsADirectory,
                "it is a folder; name a file in it",
            ));
        }
        Some(found) if !found.is_file() => {
            return write_through(OpenOptions::new().write(true).open(path)?, write).map(Some);
        }
        Some(_) if no_clobber => return Ok(None),
        _ => {}
    }
    let path = if existing.is_some() {
        fs::canonicalize(path)?
    } else {
        path.to_owned()
    };
    let folder = folder_of(&path);
    make_folder(&folder)?;

    let _shield = interrupt::shield();
    let mut builder = tempfile::Builder::new();
    builder.prefix(".mavi-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any program makes a file: the umask takes away what it shall not have.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let temporary = builder.tempfile_in(&folder).map_err(without_path)?;
    let value = write_through(temporary.as_file().try_clone()?, write)?;
    temporary.as_file().sync_all()?;
    if !no_clobber {
        temporary.persist(&path).map_err(|error| error.error)?;
        return Ok(Some(value));
    }
    match temporary.persist_noclobber(&path) {
        Ok(_) => Ok(Some(value)),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(None),
        Err(error) => Err(error.error),
    }
}

/// The error without the name of the temporary file, which means nothing to the person who reads it.
fn without_path(error: io::Error) -> io::Error {
    let said = error.to_string();
    match said.rsplit_once(" at path ") {
        Some((why, _)) => io::Error::new(error.kind(), why),
        None => error,
    }
}

fn write_through<T>(
    file: File,
    write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> io::Result<T> {
    let mut out = BufWriter::with_capacity(64 * 1024, file);
    let value = write(&mut out)?;
    out.flush()?;
    Ok(value)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder).map_err(|error| {
        // The system says "file exists", or "not a directory", and not which.
        match folder.ancestors().find(|part| part.is_file()) {
            Some(file) => {
                let why = format!("{} is a file, not a folder", file.display());
                io::Error::new(io::ErrorKind::NotADirectory, why)
            }
            None => error,
        }
    })
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_temporary_file_is_not_named_in_an_error() {
        let missing = tempfile::tempdir().unwrap().path().join("gone");
        let error = tempfile::Builder::new().tempfile_in(missing).unwrap_err();
        assert!(error.to_string().contains("gone"), "{error}");
        let kind = error.kind();
        let error = without_path(error);
        assert_eq!(error.kind(), kind);
        assert!(!error.to_string().contains("gone"), "{error}");
    }

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/a.srt");
        assert_eq!(
            write(&path, false, |out| out.write_all(b"one")).unwrap(),
            Some(())
        );
        let failed = write(&path, false, |out| {
            out.write_all(&vec![0; 200_000])?;
            Err::<(), _>(io::Error::other("disk full"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "disk full");
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(names(path.parent().unwrap()), ["a.srt"]);
    }

    #[test]
    fn an_existing_file_is_replaced_or_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.srt");
        for (no_clobber, text, written) in [
            (true, "one", true),
            (true, "two", false),
            (false, "three", true),
        ] {
            assert_eq!(
                write(&path, no_clobber, |out| out.write_all(text.as_bytes()))
                    .unwrap()
                    .is_some(),
                written
            );
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "three");
        assert_eq!(names(folder.path()), ["a.srt"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_devices_stay() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, false, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        write(Path::new("/dev/null"), false, |out| out.write_all(b"new")).unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        let full = write(Path::new("/dev/full"), false, |out| out.write_all(b"new"));
        assert_eq!(full.unwrap_err().kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn a_folder_is_no_file() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(
            write(folder.path(), false, |_| Ok(())).unwrap_err().kind(),
            io::ErrorKind::IsADirectory
        );
    }
}
