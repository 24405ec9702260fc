//! Where things are on this machine: the configuration file, the state folder, and what a path in
//! the configuration file means. The platform's conventions are the `directories` crate's business
//! (XDG Base Directory Specification on Linux, Known Folders on Windows, Standard Directories on
//! macOS).

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use directories::BaseDirs;

use super::env::{Env, MAVI_CONFIG, MAVI_STATE_DIR};
use super::settings::Origin;
use crate::error::Error;

/// The user's folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// The home folder: what a leading `~/` means.
    pub home: PathBuf,
    /// Where programs keep their configuration.
    pub config: PathBuf,
    /// Where programs keep what they have to remember.
    pub state: PathBuf,
}

impl Folders {
    /// The folders of the user who runs this process; `None` where there is no home.
    #[must_use]
    pub fn of_this_user() -> Option<Self> {
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

/// The configuration file's path, and who named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file.
    pub path: PathBuf,
    /// The flag, the variable, or by default the platform.
    pub origin: Origin,
}

impl Location {
    /// Whether the file was asked for by name: then it must exist.
    #[must_use]
    pub fn is_explicit(&self) -> bool {
        self.origin != Origin::Default
    }
}

/// Where the configuration file is: `--config`, `MAVI_CONFIG`, else `mavi/config.toml` in the
/// platform's configuration folder. `None` where neither names one and there is no home folder. The
/// file need not exist.
pub fn config_file(flag: Option<&Path>, env: &Env) -> Result<Option<Location>, Error> {
    if let Some(path) = flag {
        return Ok(Some(Location {
            path: path.to_owned(),
            origin: Origin::Flag,
        }));
    }
    if let Some(path) = env.get(MAVI_CONFIG)? {
        return Ok(Some(Location {
            path: path.into(),
            origin: Origin::Environment(MAVI_CONFIG),
        }));
    }
    Ok(env.folders().map(|folders| Location {
        path: folders.config.join("mavi").join("config.toml"),
        origin: Origin::Default,
    }))
}

/// What to say where a command needs [`config_file`] and there is none.
#[must_use]
pub fn no_home() -> Error {
    Error::config("there is no home folder, so there is no place for a configuration file")
        .with_hint("name the file with --config or MAVI_CONFIG")
}

/// Returns the state directory: `MAVI_STATE_DIR`, else `mavi` in the platform's directory for state.
/// `None` where there is no home directory either. It need not exist.
#[must_use]
pub fn state_dir(env: &Env) -> Option<PathBuf> {
    let named = env.os(MAVI_STATE_DIR).map(PathBuf::from);
    named.or_else(|| env.folders().map(|folders| folders.state.join("mavi")))
}

/// What a path in the configuration file means: a leading `~/` is the home folder, and a relative
/// path starts at the folder of that file, so that it means the same from everywhere.
pub(super) fn expand(text: &str, file: &Path, env: &Env) -> Result<PathBuf, Error> {
    if let Some(rest) = text.strip_prefix("~/") {
        let folders = env.folders().ok_or_else(|| {
            Error::config(format!("{text:?} cannot be found: there is no home folder"))
        })?;
        return Ok(folders.home.join(rest));
    }
    Ok(file.parent().unwrap_or(Path::new("")).join(text))
}

/// Whether someone besides the owner can read a file. False for what is no regular file (a pipe is
/// read once) and where the platform has no such modes.
#[cfg(unix)]
pub(super) fn others_can_read(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.is_file() && metadata.permissions().mode() & 0o044 != 0
}

/// Whether someone besides the owner can read a file; not known here.
#[cfg(not(unix))]
pub(super) fn others_can_read(_: &Metadata) -> bool {
    false
}

/// The warning about a file that holds a token and that others can read.
pub(super) fn exposed(path: &Path) -> String {
    let path = path.display();
    format!("{path} holds a token and others can read it: run `chmod 600 {path}`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders() -> Folders {
        Folders {
            home: "/home/ada".into(),
            config: "/home/ada/.config".into(),
            state: "/home/ada/.local/state".into(),
        }
    }

    #[test]
    fn the_flag_names_the_file_then_the_variable_then_the_platform() {
        let bare = Env::default().with_folders(folders());
        let set = Env::of([(MAVI_CONFIG, "from-env.toml")]).with_folders(folders());
        let empty = Env::of([(MAVI_CONFIG, "")]).with_folders(folders());
        let flag = Some(Path::new("from-flag.toml"));
        for (flag, env, path, origin) in [
            (flag, &set, "from-flag.toml", Origin::Flag),
            (
                None,
                &set,
                "from-env.toml",
                Origin::Environment(MAVI_CONFIG),
            ),
            (
                None,
                &empty,
                "/home/ada/.config/mavi/config.toml",
                Origin::Default,
            ),
            (
                None,
                &bare,
                "/home/ada/.config/mavi/config.toml",
                Origin::Default,
            ),
        ] {
            let location = config_file(flag, env).unwrap().unwrap();
            assert_eq!(location.path, Path::new(path));
            assert_eq!(location.origin, origin);
        }
        assert_eq!(config_file(None, &Env::default()), Ok(None));
    }

    #[test]
    fn without_a_home_there_is_no_state_folder() {
        assert_eq!(state_dir(&Env::default()), None);
        assert_eq!(
            state_dir(&Env::default().with_folders(folders())),
            Some("/home/ada/.local/state/mavi".into())
        );
        for (value, path) in [("/tmp/s", "/tmp/s"), ("", "/home/ada/.local/state/mavi")] {
            let env = Env::of([(MAVI_STATE_DIR, value)]).with_folders(folders());
            assert_eq!(state_dir(&env), Some(path.into()));
        }
    }

    #[test]
    fn paths_start_at_home_or_at_the_file() {
        let env = Env::default().with_folders(folders());
        let file = Path::new("/etc/mavi/config.toml");
        for (text, path) in [
            ("~/token", "/home/ada/token"),
            ("token", "/etc/mavi/token"),
            ("../token", "/etc/mavi/../token"),
            ("/run/token", "/run/token"),
            ("~other", "/etc/mavi/~other"),
        ] {
            assert_eq!(expand(text, file, &env).unwrap(), Path::new(path), "{text}");
        }
        assert!(expand("~/token", file, &Env::default()).is_err());
        assert_eq!(
            expand("token", Path::new("config.toml"), &env).unwrap(),
            Path::new("token")
        );
    }
}
