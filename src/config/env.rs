//! The process's surroundings: its variables, its own path, its arguments. This is the one place
//! that asks the operating system for them; everything else works on the snapshot made here, so that
//! tests need no process of their own and never touch a real home folder.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::{env, fmt, io};

use super::paths::Folders;
use crate::error::{Error, Kind};

/// The variable that holds the token.
pub const MAVI_TOKEN: &str = "MAVI_TOKEN";
/// The variable that holds the base URL.
pub const MAVI_BASE_URL: &str = "MAVI_BASE_URL";
/// The variable that names the configuration file.
pub const MAVI_CONFIG: &str = "MAVI_CONFIG";
/// The variable that names the profile.
pub const MAVI_PROFILE: &str = "MAVI_PROFILE";
/// The variable that holds the output format.
pub const MAVI_FORMAT: &str = "MAVI_FORMAT";
/// The variable that names the state directory.
pub const MAVI_STATE_DIR: &str = "MAVI_STATE_DIR";

const VARIABLES: [&str; 6] = [
    MAVI_TOKEN,
    MAVI_BASE_URL,
    MAVI_CONFIG,
    MAVI_PROFILE,
    MAVI_FORMAT,
    MAVI_STATE_DIR,
];

/// The variables that `mavi` reads and the user's folders, at one moment. `Debug` shows names only:
/// one of the values is the token.
#[derive(Clone, Default)]
pub struct Env {
    variables: HashMap<&'static str, OsString>,
    folders: Option<Folders>,
}

impl Env {
    /// What this process finds.
    #[must_use]
    pub fn from_process() -> Self {
        Self {
            variables: VARIABLES
                .into_iter()
                .filter_map(|name| Some((name, env::var_os(name)?)))
                .collect(),
            folders: Folders::of_this_user(),
        }
    }

    /// These variables and no home folder: for tests.
    #[must_use]
    pub fn of<V: Into<OsString>>(variables: impl IntoIterator<Item = (&'static str, V)>) -> Self {
        Self {
            variables: variables
                .into_iter()
                .map(|(name, value)| (name, value.into()))
                .collect(),
            folders: None,
        }
    }

    /// The same variables with these folders.
    #[must_use]
    pub fn with_folders(mut self, folders: Folders) -> Self {
        self.folders = Some(folders);
        self
    }

    /// The variable's value; an empty one is unset. A value that is not UTF-8 is an error of kind
    /// `config` that names the variable and does not show the value.
    pub fn get(&self, name: &'static str) -> Result<Option<&str>, Error> {
        match self.variables.get(name).map(|value| value.to_str()) {
            None | Some(Some("")) => Ok(None),
            Some(Some(value)) => Ok(Some(value)),
            Some(None) => Err(Error::config(format!("{name} is not valid UTF-8"))),
        }
    }

    /// Returns the variable's value, whatever its encoding; `None` if it is unset or empty.
    pub(super) fn os(&self, name: &str) -> Option<&OsStr> {
        let value = self.variables.get(name)?;
        Some(&**value).filter(|value| !value.is_empty())
    }

    /// The user's folders, where there is a home.
    #[must_use]
    pub const fn folders(&self) -> Option<&Folders> {
        self.folders.as_ref()
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env")
            .field("variables", &self.variables.keys())
            .field("folders", &self.folders)
            .finish()
    }
}

/// The path on which a Unix system looks for programs where `PATH` is unset.
const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// The path of the running program.
pub fn own_program() -> io::Result<PathBuf> {
    env::current_exe()
}

/// The value of `PATH` with `folder` before all others. A folder that `PATH` cannot hold (one with
/// the separator in its name) is an error of kind `io`.
pub fn path_with_first(folder: &Path) -> Result<OsString, Error> {
    with_first(folder, env::var_os("PATH"))
}

fn with_first(folder: &Path, path: Option<OsString>) -> Result<OsString, Error> {
    // Where PATH is unset, programs are looked for on the system's default path, and still have to be.
    let path = path.or(cfg!(unix).then(|| DEFAULT_PATH.into()));
    // An empty PATH would split into one empty entry, which means the current folder.
    let path = path.filter(|path| !path.is_empty());
    let rest = path.iter().flat_map(env::split_paths);
    env::join_paths(std::iter::once(folder.to_owned()).chain(rest)).map_err(|error| {
        Error::new(
            Kind::Io,
            format!("{} cannot stand in PATH: {error}", folder.display()),
        )
    })
}

/// The arguments of this process as they came, the program's name first.
#[must_use]
pub fn raw_args() -> Vec<OsString> {
    env::args_os().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_unset() {
        let env = Env::of([(MAVI_TOKEN, ""), (MAVI_FORMAT, "srt")]);
        assert_eq!(env.get(MAVI_TOKEN), Ok(None));
        assert_eq!(env.get(MAVI_PROFILE), Ok(None));
        assert_eq!(env.get(MAVI_FORMAT), Ok(Some("srt")));
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_text_is_named_and_not_shown() {
        use std::os::unix::ffi::OsStringExt as _;
        let env = Env::of([(MAVI_TOKEN, OsString::from_vec(b"hunter2\xff".to_vec()))]);
        let error = env.get(MAVI_TOKEN).unwrap_err();
        assert_eq!(error.kind, Kind::Config);
        assert_eq!(error.message, "MAVI_TOKEN is not valid UTF-8");
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", Env::of([(MAVI_TOKEN, "hunter2")]));
        assert!(
            shown.contains(MAVI_TOKEN) && !shown.contains("hunter2"),
            "{shown}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_comes_first_in_path() {
        let folder = Path::new("/opt/mavi");
        for (path, joined) in [
            (Some("/bin:/usr/bin"), "/opt/mavi:/bin:/usr/bin"),
            (Some(""), "/opt/mavi"),
            (None, "/opt/mavi:/usr/local/bin:/usr/bin:/bin"),
        ] {
            assert_eq!(with_first(folder, path.map(Into::into)).unwrap(), joined);
        }
        assert_eq!(
            with_first(Path::new("/a:b"), None).unwrap_err().kind,
            Kind::Io
        );
    }
}
