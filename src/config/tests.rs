//! Precedence, profiles, tokens and the example, through the door that commands use:
//! [`Settings::load`].

mod checks;
mod example;
mod precedence;
mod shown;
mod tokens;

use std::fs;
use std::path::{Path, PathBuf};

use super::env::{MAVI_CONFIG, MAVI_PROFILE};
use super::*;
use crate::error::{Error, Kind};

/// A folder with a private configuration file in it.
struct Place {
    folder: tempfile::TempDir,
    path: PathBuf,
}

impl Place {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        fs::write(&path, text).unwrap();
        let place = Self { folder, path };
        place.set_mode(0o600);
        place
    }

    fn set_mode(&self, mode: u32) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(&self.path, fs::Permissions::from_mode(mode)).unwrap();
        }
        let _ = mode;
    }

    fn overrides(&self) -> Overrides {
        Overrides {
            config: Some(self.path.clone()),
            ..Overrides::default()
        }
    }

    fn load(&self, variables: &[(&'static str, &str)]) -> Result<Settings, Error> {
        load(&self.overrides(), variables)
    }
}

fn load(overrides: &Overrides, variables: &[(&'static str, &str)]) -> Result<Settings, Error> {
    Settings::load(overrides, &Env::of(variables.iter().copied())).map(|loaded| loaded.settings)
}

fn home(folder: &Path) -> Env {
    Env::default().with_folders(paths::Folders {
        home: folder.to_owned(),
        config: folder.join("etc"),
        state: folder.join("state"),
    })
}

#[test]
fn only_a_file_that_was_named_must_exist() {
    let folder = tempfile::tempdir().unwrap();
    let loaded = Settings::load(&Overrides::default(), &home(folder.path())).unwrap();
    assert!(!loaded.settings.file_exists);
    assert_eq!(loaded.settings.retries.origin, Origin::Default);

    let missing = folder.path().join("missing.toml");
    let missing = missing.to_str().unwrap();
    let flag = Overrides {
        config: Some(missing.into()),
        ..Overrides::default()
    };
    for (result, named_by) in [
        (load(&flag, &[]), "--config"),
        (
            load(&Overrides::default(), &[(MAVI_CONFIG, missing)]),
            "MAVI_CONFIG",
        ),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.kind, Kind::Config);
        assert_eq!(
            error.message,
            format!("the configuration file {missing} ({named_by}) does not exist")
        );
    }
}

#[test]
fn a_home_that_is_no_folder_has_no_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let loaded = Settings::load(&Overrides::default(), &home(file.path())).unwrap();
    assert!(!loaded.settings.file_exists);
}

#[test]
fn the_platforms_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("etc/mavi")).unwrap();
    fs::write(folder.path().join("etc/mavi/config.toml"), "retries = 9").unwrap();
    let loaded = Settings::load(&Overrides::default(), &home(folder.path())).unwrap();
    assert_eq!(loaded.settings.retries, Setting::new(9, Origin::File));
    assert!(loaded.settings.file_exists);
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::new("");
    fs::write(&place.path, b"retries = \xff").unwrap();
    for path in [folder.path(), &place.path] {
        let overrides = Overrides {
            config: Some(path.into()),
            ..Overrides::default()
        };
        let error = load(&overrides, &[]).unwrap_err();
        assert_eq!(error.kind, Kind::Config);
        assert!(error.message.contains(" cannot be read: "), "{error}");
    }
}

#[test]
fn a_profile_that_was_asked_for_must_exist() {
    let place = Place::new("[profiles.home]\n[profiles.work]\nretries = 7");
    let chosen = place.load(&[(MAVI_PROFILE, "work")]).unwrap();
    assert_eq!(*chosen.retries, 7);
    assert_eq!(
        chosen.profile,
        Some(Setting::new(
            "work".into(),
            Origin::Environment(MAVI_PROFILE)
        ))
    );
    assert_eq!(place.load(&[]).unwrap().profile, None);

    let flag = Overrides {
        profile: Some("home".into()),
        ..place.overrides()
    };
    let chosen = load(&flag, &[(MAVI_PROFILE, "work")]).unwrap();
    assert_eq!(*chosen.retries, 3);

    let error = place.load(&[(MAVI_PROFILE, "wrok")]).unwrap_err();
    assert_eq!(error.kind, Kind::Config);
    assert!(
        error.message.starts_with("there is no profile \"wrok\": ")
            && error.message.ends_with("config.toml has home, work"),
        "{error}"
    );
    let error = load(&Overrides::default(), &[(MAVI_PROFILE, "work")]).unwrap_err();
    assert_eq!(
        error.message,
        "there is no profile \"work\": there is no configuration file"
    );
}

#[cfg(unix)]
#[test]
fn a_token_that_others_can_read_earns_a_warning() {
    let warnings = |place: &Place| {
        let loaded = Settings::load(&place.overrides(), &Env::default());
        loaded.unwrap().warnings
    };
    for (text, mode, warned) in [
        ("token = \"hunter2\"", 0o600, false),
        ("token = \"hunter2\"", 0o640, true),
        ("token = \"hunter2\"", 0o604, true),
        ("[profiles.work]\ntoken = \"hunter2\"", 0o644, true),
        ("retries = 5", 0o644, false),
    ] {
        let place = Place::new(text);
        place.set_mode(mode);
        let shown = place.path.display();
        let expected =
            format!("{shown} holds a token and others can read it: run `chmod 600 {shown}`");
        let expected = if warned { vec![expected] } else { vec![] };
        assert_eq!(warnings(&place), expected, "{text} {mode:o}");
    }

    let place = Place::new("token_file = \"secret\"");
    assert!(
        warnings(&place).is_empty(),
        "a missing token file is not exposed"
    );
    let secret = place.folder.path().join("secret");
    fs::write(&secret, "hunter2").unwrap();
    let readable = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode;
    for (mode, count) in [(0o600, 0), (0o644, 1)] {
        fs::set_permissions(&secret, readable(mode)).unwrap();
        assert_eq!(warnings(&place).len(), count, "{mode:o}");
    }
}
