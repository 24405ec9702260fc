//! The user's directories. The platform's conventions are the `directories` crate's business (XDG
//! Base Directory Specification on Linux, Known Folders on Windows, Standard Directories on macOS).

use std::path::PathBuf;

use directories::BaseDirs;

/// The user's directories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserDirs {
    /// The home directory: what a leading `~/` stands for.
    pub home: PathBuf,
    /// The directory for configuration.
    pub config: PathBuf,
    /// The directory for state that outlives a run.
    pub state: PathBuf,
}

impl UserDirs {
    /// Returns the directories of the user who runs this process; `None` if there is no home.
    #[must_use]
    pub(crate) fn of_process() -> Option<Self> {
        let base = BaseDirs::new()?;
        Some(Self {
            home: base.home_dir().to_owned(),
            config: base.config_dir().to_owned(),
            state: base
                .state_dir()
                .unwrap_or_else(|| base.data_local_dir())
                .to_owned(),
        })
    }
}
