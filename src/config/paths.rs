//! Paths of the configuration file and the state directory, and the resolution of paths in the
//! configuration file.

use std::path::{Path, PathBuf};

use super::env::{Env, MAVI_CONFIG, MAVI_STATE_DIR};
use super::origin::Origin;
use crate::error::Error;

/// The path of the configuration file, and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConfigPath {
    /// The path.
    pub path: PathBuf,
    /// The flag, the variable, or the platform's default.
    pub origin: Origin,
}

impl ConfigPath {
    /// Returns `true` if the user named the file: then it must exist.
    #[must_use]
    pub(crate) fn is_explicit(&self) -> bool {
        self.origin != Origin::Default
    }
}

/// Returns the path of the configuration file: `--config`, `MAVI_CONFIG`, else `mavi/config.toml` in the
/// platform's configuration directory. `None` if neither names one and there is no home directory. The
/// file need not exist.
pub(crate) fn config_file(flag: Option<&Path>, env: &Env) -> Result<Option<ConfigPath>, Error> {
    if let Some(path) = flag {
        return Ok(Some(ConfigPath {
            path: path.to_owned(),
            origin: Origin::Flag,
        }));
    }
    if let Some(path) = env.get(MAVI_CONFIG)? {
        return Ok(Some(ConfigPath {
            path: path.into(),
            origin: Origin::Environment(MAVI_CONFIG),
        }));
    }
    Ok(env.user_dirs().map(|dirs| ConfigPath {
        path: dirs.config.join("mavi").join("config.toml"),
        origin: Origin::Default,
    }))
}

/// Returns the error for a command that needs [`config_file`] where there is none.
#[must_use]
pub(crate) fn no_home() -> Error {
    Error::config("there is no home directory, so there is no default configuration file")
        .with_hint("name the file with --config or MAVI_CONFIG")
}

/// Returns the state directory: `MAVI_STATE_DIR`, else `mavi` in the platform's directory for state.
/// `None` if there is no home directory. It need not exist.
#[must_use]
pub(crate) fn state_dir(env: &Env) -> Option<PathBuf> {
    let named = env.os(MAVI_STATE_DIR).map(PathBuf::from);
    named.or_else(|| env.user_dirs().map(|dirs| dirs.state.join("mavi")))
}

/// Resolves the paths of one configuration file.
pub(crate) struct PathBase<'a> {
    pub file: &'a Path,
    pub env: &'a Env,
}

impl PathBase<'_> {
    /// Returns the path that `text` means: a leading `~/` is the home directory, and a relative path
    /// starts at the directory of the file, so that it means the same from everywhere. Fails with
    /// what is wrong, as the rest of a sentence.
    pub(super) fn resolve(&self, text: &str) -> Result<PathBuf, String> {
        if let Some(rest) = text.strip_prefix("~/") {
            let dirs = self.env.user_dirs();
            let dirs = dirs.ok_or("starts with ~/, and there is no home directory")?;
            return Ok(dirs.home.join(rest));
        }
        Ok(self.file.parent().unwrap_or(Path::new("")).join(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::user_dirs::UserDirs;

    fn user_dirs() -> UserDirs {
        UserDirs {
            home: "/home/ada".into(),
            config: "/home/ada/.config".into(),
            state: "/home/ada/.local/state".into(),
        }
    }

    #[test]
    fn config_file_is_the_flag_then_the_variable_then_the_platform() {
        let bare = Env::default().with_user_dirs(user_dirs());
        let set = Env::of([(MAVI_CONFIG, "from-env.toml")]).with_user_dirs(user_dirs());
        let empty = Env::of([(MAVI_CONFIG, "")]).with_user_dirs(user_dirs());
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
    fn state_dir_is_the_variable_then_the_platform() {
        let platform = Some("/home/ada/.local/state/mavi".into());
        for (value, user_dirs, dir) in [
            ("", None, None),
            ("", Some(user_dirs()), platform),
            ("/srv/mavi", Some(user_dirs()), Some("/srv/mavi".into())),
            ("state", None, Some("state".into())),
        ] {
            let mut env = Env::of([(MAVI_STATE_DIR, value)]);
            if let Some(user_dirs) = user_dirs {
                env = env.with_user_dirs(user_dirs);
            }
            assert_eq!(state_dir(&env), dir, "{value}");
        }
    }

    #[test]
    fn paths_start_at_home_or_at_the_file() {
        let env = Env::default().with_user_dirs(user_dirs());
        let file = Path::new("/etc/mavi/config.toml");
        let base = PathBase { file, env: &env };
        for (text, path) in [
            ("~/token", "/home/ada/token"),
            ("token", "/etc/mavi/token"),
            ("../token", "/etc/mavi/../token"),
            ("/run/token", "/run/token"),
            ("~other", "/etc/mavi/~other"),
        ] {
            assert_eq!(base.resolve(text).as_deref(), Ok(Path::new(path)), "{text}");
        }
        let env = Env::default();
        let file = Path::new("config.toml");
        let base = PathBase { file, env: &env };
        assert!(base.resolve("~/token").is_err());
        assert_eq!(base.resolve("token").as_deref(), Ok(Path::new("token")));
    }
}
