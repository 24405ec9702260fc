//! Permissions of files that hold a secret.

use std::fs::Metadata;

/// The most that others than its owner may do with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileExposure {
    /// Read what is in it.
    Read,
    /// Replace what is in it.
    Change,
}

impl FileExposure {
    /// Returns what the file's mode allows others. `None` for what is no regular file (a pipe is
    /// read once) and where the platform has no such modes.
    #[must_use]
    pub fn of(metadata: &Metadata) -> Option<Self> {
        if !metadata.is_file() {
            return None;
        }
        match mode(metadata) {
            mode if mode & 0o022 != 0 => Some(Self::Change),
            mode if mode & 0o044 != 0 => Some(Self::Read),
            _ => None,
        }
    }
}

#[cfg(unix)]
fn mode(metadata: &Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode()
}

#[cfg(not(unix))]
fn mode(_: &Metadata) -> u32 {
    0
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn exposure_is_the_worst_that_the_mode_allows() {
        use std::os::unix::fs::PermissionsExt as _;
        let file = tempfile::NamedTempFile::new().unwrap();
        for (mode, exposure) in [
            (0o600, None),
            (0o711, None),
            (0o640, Some(FileExposure::Read)),
            (0o604, Some(FileExposure::Read)),
            (0o620, Some(FileExposure::Change)),
            (0o666, Some(FileExposure::Change)),
        ] {
            let mode = std::fs::Permissions::from_mode(mode);
            file.as_file().set_permissions(mode.clone()).unwrap();
            let metadata = file.as_file().metadata().unwrap();
            assert_eq!(FileExposure::of(&metadata), exposure, "{mode:?}");
        }
        let folder = tempfile::tempdir().unwrap();
        let metadata = std::fs::metadata(folder.path()).unwrap();
        assert_eq!(FileExposure::of(&metadata), None);
    }
}
