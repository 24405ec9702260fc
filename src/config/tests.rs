//! Precedence, profiles, tokens and the example, through [`Settings::load`].

mod checks;
mod example;
mod precedence;
mod shown;
mod table;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::env::{MAVI_CONFIG, MAVI_PROFILE};
use super::origin::{Origin, Setting};
use super::user_dirs::UserDirs;
use super::*;
use crate::error::{Error, ErrorKind};

/// A directory with a private configuration file in it.
struct TestConfig {
    folder: tempfile::TempDir,
    path: PathBuf,
}

impl TestConfig {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        fs::write(&path, text).unwrap();
        let config = Self { folder, path };
        #[cfg(unix)]
        config.set_mode(0o600);
        config
    }

    #[cfg(unix)]
    fn set_mode(&self, mode: u32) {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&self.path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn selection(&self) -> Selection {
        Selection {
            config: Some(self.path.clone()),
            profile: None,
        }
    }

    fn profile(&self, name: &str) -> Selection {
        Selection {
            profile: Some(name.to_owned()),
            ..self.selection()
        }
    }

    fn load(&self, variables: &[(&'static str, &str)]) -> Result<Settings, Error> {
        load(&self.selection(), variables)
    }
}

fn load(selection: &Selection, variables: &[(&'static str, &str)]) -> Result<Settings, Error> {
    load_with(selection, Layer::default(), variables)
}

fn load_with(
    selection: &Selection,
    flags: Layer,
    variables: &[(&'static str, &str)],
) -> Result<Settings, Error> {
    let env = Env::of(variables.iter().copied());
    Settings::load(selection, flags, &env).map(|loaded| loaded.settings)
}

fn home(folder: &Path) -> Env {
    Env::default().with_user_dirs(UserDirs {
        home: folder.to_owned(),
        config: folder.join("etc"),
        state: folder.join("state"),
    })
}

#[test]
fn named_file_must_exist_and_default_file_need_not() {
    let folder = tempfile::tempdir().unwrap();
    let loaded = Settings::load(
        &Selection::default(),
        Layer::default(),
        &home(folder.path()),
    )
    .unwrap();
    assert!(!loaded.settings.file_exists);
    assert_eq!(loaded.settings.retries.origin, Origin::Default);

    let missing = folder.path().join("missing.toml");
    let missing = missing.to_str().unwrap();
    let flag = Selection {
        config: Some(missing.into()),
        profile: None,
    };
    for (result, named_by) in [
        (load(&flag, &[]), "--config"),
        (
            load(&Selection::default(), &[(MAVI_CONFIG, missing)]),
            "MAVI_CONFIG",
        ),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Config);
        assert_eq!(
            error.message,
            format!("the configuration file {missing} ({named_by}) does not exist")
        );
    }
}

#[test]
fn home_that_is_no_directory_has_no_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let loaded =
        Settings::load(&Selection::default(), Layer::default(), &home(file.path())).unwrap();
    assert!(!loaded.settings.file_exists);
}

#[test]
fn platform_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("etc/mavi")).unwrap();
    fs::write(folder.path().join("etc/mavi/config.toml"), "retries = 9").unwrap();
    let loaded = Settings::load(
        &Selection::default(),
        Layer::default(),
        &home(folder.path()),
    )
    .unwrap();
    assert_eq!(loaded.settings.retries, Setting::new(9, Origin::File));
    assert!(loaded.settings.file_exists);
}

#[test]
fn unreadable_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let config = TestConfig::new("");
    fs::write(&config.path, b"retries = \xff").unwrap();
    for path in [folder.path(), &config.path] {
        let selection = Selection {
            config: Some(path.into()),
            profile: None,
        };
        let error = load(&selection, &[]).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Config);
        assert!(
            error
                .message
                .starts_with("could not read the configuration file "),
            "{error}"
        );
    }
}

#[test]
fn named_profile_must_exist() {
    let config = TestConfig::new("[profiles.home]\n[profiles.work]\nretries = 7");
    let chosen = config.load(&[(MAVI_PROFILE, "work")]).unwrap();
    assert_eq!(*chosen.retries, 7);
    assert_eq!(
        chosen.profile,
        Some(Setting::new(
            "work".into(),
            Origin::Environment(MAVI_PROFILE)
        ))
    );
    assert_eq!(config.load(&[]).unwrap().profile, None);

    let chosen = load(&config.profile("home"), &[(MAVI_PROFILE, "work")]).unwrap();
    assert_eq!(*chosen.retries, 3);

    let error = config.load(&[(MAVI_PROFILE, "wrok")]).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Config);
    assert!(
        error.message.starts_with("there is no profile \"wrok\": ")
            && error.message.ends_with("config.toml has home, work"),
        "{error}"
    );
    let error = load(&Selection::default(), &[(MAVI_PROFILE, "work")]).unwrap_err();
    assert_eq!(
        error.message,
        "there is no profile \"work\": there is no configuration file"
    );
}

#[cfg(unix)]
#[test]
fn exposed_token_earns_a_warning() {
    let warnings = |config: &TestConfig| {
        let loaded = Settings::load(&config.selection(), Layer::default(), &Env::default());
        loaded.unwrap().warnings
    };
    for (text, mode, warned) in [
        ("token = \"hunter2\"", 0o600, false),
        ("token = \"hunter2\"", 0o640, true),
        ("token = \"hunter2\"", 0o604, true),
        ("[profiles.work]\ntoken = \"hunter2\"", 0o644, true),
        ("retries = 5", 0o644, false),
    ] {
        let config = TestConfig::new(text);
        config.set_mode(mode);
        let shown = config.path.display();
        let expected =
            format!("{shown} holds a token and others can read it: run `chmod 600 {shown}`");
        let expected = if warned { vec![expected] } else { vec![] };
        assert_eq!(warnings(&config), expected, "{text} {mode:o}");
    }

    let config = TestConfig::new("token_file = \"secret\"");
    assert!(
        warnings(&config).is_empty(),
        "a missing token file is not exposed"
    );
    let secret = config.folder.path().join("secret");
    fs::write(&secret, "hunter2").unwrap();
    let readable = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode;
    for (mode, count) in [(0o600, 0), (0o644, 1)] {
        fs::set_permissions(&secret, readable(mode)).unwrap();
        assert_eq!(warnings(&config).len(), count, "{mode:o}");
    }
}
