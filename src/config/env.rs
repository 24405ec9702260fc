//! The environment of the process: its variables, its own path, its arguments. This is the one place
//! that asks the operating system for them; everything else works on the snapshot made here, so that
//! tests need no process of their own and never touch a real home directory.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::{env, fmt, io};

use super::user_dirs::UserDirs;
use crate::error::{Error, ErrorKind};

/// The variable that holds the token.
pub(crate) const MAVI_TOKEN: &str = "MAVI_TOKEN";
/// The variable that holds the API key, for `mavi auth login --listen`.
pub(crate) const MAVI_API_KEY: &str = "MAVI_API_KEY";
/// The variable that holds the base URL.
pub(crate) const MAVI_BASE_URL: &str = "MAVI_BASE_URL";
/// The variable that names the configuration file.
pub(crate) const MAVI_CONFIG: &str = "MAVI_CONFIG";
/// The variable that names the profile.
pub(crate) const MAVI_PROFILE: &str = "MAVI_PROFILE";
/// The variable that holds the output format.
pub(crate) const MAVI_FORMAT: &str = "MAVI_FORMAT";
/// The variable that names the state directory.
pub(crate) const MAVI_STATE_DIR: &str = "MAVI_STATE_DIR";
/// The variable that names a file of certificates to trust.
const SSL_CERT_FILE: &str = "SSL_CERT_FILE";

/// Returns `true` for the variables that `mavi` reads.
fn is_read(name: &str) -> bool {
    let is_proxy = name.ends_with("_proxy") || name.ends_with("_PROXY");
    is_proxy || name.starts_with("MAVI_") || ["REQUEST_METHOD", SSL_CERT_FILE].contains(&name)
}

/// A snapshot of the variables that `mavi` reads and of the user's directories. `Debug` shows names
/// only: one of the values is the token.
#[derive(Clone, Default)]
pub(crate) struct Env {
    variables: HashMap<String, OsString>,
    user_dirs: Option<UserDirs>,
}

impl Env {
    /// Takes the snapshot of this process.
    #[must_use]
    pub(crate) fn from_process() -> Self {
        Self {
            variables: env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
                .filter(|(name, _)| is_read(name))
                .collect(),
            user_dirs: UserDirs::of_process(),
        }
    }

    /// Creates an environment with these variables and no home directory.
    #[cfg(test)]
    pub(crate) fn of<V: Into<OsString>>(
        variables: impl IntoIterator<Item = (&'static str, V)>,
    ) -> Self {
        Self {
            variables: variables
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect(),
            user_dirs: None,
        }
    }

    /// Sets the user's directories.
    #[cfg(test)]
    pub(crate) fn with_user_dirs(mut self, user_dirs: UserDirs) -> Self {
        self.user_dirs = Some(user_dirs);
        self
    }

    /// Returns the variable's value; `None` if it is unset or empty. Fails with kind `config` if it is
    /// not UTF-8, with the variable's name and without its value.
    pub(crate) fn get(&self, name: &'static str) -> Result<Option<&str>, Error> {
        self.os(name)
            .map(|value| {
                let invalid = || Error::config(format!("{name} is not valid UTF-8"));
                value.to_str().ok_or_else(invalid)
            })
            .transpose()
    }

    /// Returns the variable's value, whatever its encoding; `None` if it is unset or empty.
    pub(super) fn os(&self, name: &str) -> Option<&OsStr> {
        let value = self.variables.get(name)?;
        Some(&**value).filter(|value| !value.is_empty())
    }

    /// Returns the value of `SSL_CERT_FILE`, also if it is empty: the TLS library reads the variable itself.
    #[must_use]
    pub(crate) fn ssl_cert_file(&self) -> Option<&OsStr> {
        self.variables.get(SSL_CERT_FILE).map(|value| &**value)
    }

    /// Returns the user's directories; `None` if there is no home.
    #[must_use]
    pub(crate) const fn user_dirs(&self) -> Option<&UserDirs> {
        self.user_dirs.as_ref()
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env")
            .field("variables", &self.variables.keys())
            .field("user_dirs", &self.user_dirs)
            .finish()
    }
}

/// The path on which a Unix system looks for programs where `PATH` is unset.
const DEFAULT_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// Returns the path of the running program.
pub(crate) fn own_program() -> io::Result<PathBuf> {
    env::current_exe()
}

/// Returns the value of `PATH` with `dir` before all others. Fails with kind `io` for a directory that
/// `PATH` cannot hold (one with the separator in its name).
pub(crate) fn path_with_first(dir: &Path) -> Result<OsString, Error> {
    with_first(dir, env::var_os("PATH"))
}

fn with_first(dir: &Path, path: Option<OsString>) -> Result<OsString, Error> {
    // Where PATH is unset, programs are looked for on the system's default path, and still have to be.
    let path = path.or(cfg!(unix).then(|| DEFAULT_PATH.into()));
    // An empty PATH would split into one empty entry, which means the current directory.
    let path = path.filter(|path| !path.is_empty());
    let rest = path.iter().flat_map(env::split_paths);
    env::join_paths(std::iter::once(dir.to_owned()).chain(rest)).map_err(|error| {
        Error::new(
            ErrorKind::Io,
            format!("{} cannot stand in PATH: {error}", dir.display()),
        )
    })
}

/// Returns `true` if `COLUMNS` is 0, which is no width.
#[must_use]
pub fn has_zero_columns() -> bool {
    env::var("COLUMNS").is_ok_and(|columns| columns == "0")
}

/// Returns the arguments of this process as given, the program's name first.
#[must_use]
pub fn raw_args() -> Vec<OsString> {
    env::args_os().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_variable_is_unset() {
        let env = Env::of([(MAVI_TOKEN, ""), (MAVI_FORMAT, "srt")]);
        assert_eq!(env.get(MAVI_TOKEN), Ok(None));
        assert_eq!(env.get(MAVI_PROFILE), Ok(None));
        assert_eq!(env.get(MAVI_FORMAT), Ok(Some("srt")));
    }

    #[cfg(unix)]
    #[test]
    fn non_utf8_variable_is_named_and_not_shown() {
        use std::os::unix::ffi::OsStringExt as _;
        let env = Env::of([(MAVI_TOKEN, OsString::from_vec(b"hunter2\xff".to_vec()))]);
        let error = env.get(MAVI_TOKEN).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Config);
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
    fn path_with_first_puts_the_dir_first() {
        let dir = Path::new("/opt/mavi");
        for (path, joined) in [
            (Some("/bin:/usr/bin"), "/opt/mavi:/bin:/usr/bin"),
            (Some(""), "/opt/mavi"),
            (None, "/opt/mavi:/usr/local/bin:/usr/bin:/bin"),
        ] {
            assert_eq!(with_first(dir, path.map(Into::into)).unwrap(), joined);
        }
        assert_eq!(
            with_first(Path::new("/a:b"), None).unwrap_err().kind,
            ErrorKind::Io
        );
    }
}
