//! The path that only the service was told: 128 random bits, new for each run or kept in a file so
//! that a restarted receiver has the same address. It is compared in constant time and does not
//! show itself in debug output.

use std::fmt::{self, Write as _};
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use subtle::ConstantTimeEq as _;

use crate::error::{Error, Kind};

/// What 128 bits come to in base64, the densest form that a path takes as it is.
const SHORTEST: usize = 22;
const LONGEST: usize = 128;

/// The last segment of the callback address. Whoever knows it can hand in results.
#[derive(Clone)]
pub struct SecretPath {
    text: String,
    exposure: Option<Exposure>,
}

/// What others than its owner may do with the file that keeps a secret path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// Learn the path.
    Read,
    /// Put one that they know in its place.
    Change,
}

impl SecretPath {
    /// A new one, of 128 random bits in hexadecimal.
    ///
    /// Fails with [`Kind::Internal`] if the system has no random bits to give.
    pub fn random() -> Result<Self, Error> {
        let mut bits = [0_u8; 16];
        getrandom::fill(&mut bits).map_err(|error| {
            Error::new(Kind::Internal, format!("no random bits to be had: {error}"))
        })?;
        let text = bits.iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}"); // a String takes all
            text
        });
        Ok(Self {
            text,
            exposure: None,
        })
    }

    /// The one that this file holds; if there is no such file, a new one, written there for the
    /// next time and readable by the owner alone. Missing folders are made.
    ///
    /// Fails with [`Kind::Io`] if the file can be neither read nor made, with [`Kind::Config`] if
    /// what it holds cannot be one: 22 to 128 of `A–Z a–z 0–9 - _`, on one line.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let shown = path.display();
        let failed = |what, error: &io::Error| {
            // The system's own words: a wrapped error may name a file of a moment.
            let why = error.raw_os_error().map(io::Error::from_raw_os_error);
            let why = why.map_or_else(|| error.to_string(), |why| why.to_string());
            Error::new(
                Kind::Io,
                format!("the secret path's file {shown} cannot be {what}: {why}"),
            )
            .with_hint("--path-secret-file names a file in a folder of your own")
        };
        match read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed("read", &error)),
            Ok(found) => return found.checked(path),
        }
        let new = Self::random()?;
        match new.write(path) {
            Ok(()) => Ok(new),
            // Another process was faster: both must use the same.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => read(path)
                .map_err(|error| failed("read", &error))?
                .checked(path),
            Err(error) => Err(failed("written", &error)),
        }
    }

    /// What others may do with the file that it came from, the worst of it. A reason for a warning,
    /// as with the token's file.
    #[must_use]
    pub fn exposure(&self) -> Option<Exposure> {
        self.exposure
    }

    /// The path itself, without a slash.
    pub(super) fn expose(&self) -> &str {
        &self.text
    }

    /// Whether `guess` is this path. The time it takes tells nothing but the length.
    pub(super) fn is(&self, guess: &str) -> bool {
        self.text.as_bytes().ct_eq(guess.as_bytes()).into()
    }

    fn checked(self, path: &Path) -> Result<Self, Error> {
        let is_plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
        if (SHORTEST..=LONGEST).contains(&self.text.len()) && self.text.bytes().all(is_plain) {
            return Ok(self);
        }
        let shown = path.display();
        Err(Error::config(format!(
            "{shown} does not hold a secret path: that is {SHORTEST} to {LONGEST} letters, digits, - or _"
        ))
        .with_hint("remove the file, and a new one is made"))
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        fs::create_dir_all(folder)?;
        // Temporary files are made with mode 0600.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        writeln!(file, "{}", self.text)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path)
            .map(drop)
            .map_err(|error| error.error)
    }
}

/// What the file holds, not yet checked. No more is read than could be one.
fn read(path: &Path) -> io::Result<SecretPath> {
    let file = File::open(path)?;
    let exposure = exposure(&file)?;
    let mut bytes = Vec::new();
    file.take(LONGEST as u64 + 2).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text).to_owned();
    Ok(SecretPath { text, exposure })
}

#[cfg(unix)]
fn exposure(file: &File) -> io::Result<Option<Exposure>> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = file.metadata()?;
    let mode = metadata.permissions().mode();
    Ok(match (mode & 0o022, mode & 0o044) {
        _ if !metadata.is_file() => None,
        (0, 0) => None,
        (0, _) => Some(Exposure::Read),
        _ => Some(Exposure::Change),
    })
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn exposure(_: &File) -> io::Result<Option<Exposure>> {
    Ok(None)
}

impl fmt::Debug for SecretPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[path]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_one_has_128_bits_and_no_twin() {
        let [one, other] = [(); 2].map(|()| SecretPath::random().unwrap());
        assert_eq!(one.expose().len(), 32);
        assert!(one.expose().bytes().all(|c| c.is_ascii_hexdigit()));
        assert_ne!(one.expose(), other.expose());
        assert!(one.is(one.expose()) && !one.is(other.expose()));
        assert!(!one.is("") && !one.is(&one.expose()[1..]));
    }

    #[test]
    fn debug_shows_a_placeholder() {
        let path = SecretPath::random().unwrap();
        assert_eq!(format!("{path:?}"), "[path]");
    }

    #[test]
    fn a_file_keeps_it_for_the_next_run() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("secret");
        let made = SecretPath::from_file(&file).unwrap();
        let read = SecretPath::from_file(&file).unwrap();
        assert_eq!(made.expose(), read.expose());
        assert_eq!(read.exposure(), None);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_the_owners_and_it_is_told_if_it_is_not() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("secret");
        SecretPath::from_file(&file).unwrap();
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        for (mode, exposure) in [
            (0o640, Exposure::Read),
            (0o644, Exposure::Read),
            (0o622, Exposure::Change),
            (0o666, Exposure::Change),
        ] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let found = SecretPath::from_file(&file).unwrap().exposure();
            assert_eq!(found, Some(exposure), "{mode:o}");
        }
    }

    #[test]
    fn a_file_may_be_ones_own() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("secret");
        let longest = "x".repeat(LONGEST);
        for own in ["Abcdefghij-1234567890_", &longest] {
            for end in ["", "\n", "\r\n"] {
                fs::write(&file, format!("{own}{end}")).unwrap();
                assert_eq!(SecretPath::from_file(&file).unwrap().expose(), own);
            }
        }
    }

    #[test]
    fn what_cannot_be_one_is_refused_and_not_shown() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("secret");
        let too_long = "x".repeat(LONGEST + 1);
        for text in [
            "",
            "\n",
            "short",
            "has/a/slash/and/is/long/enough",
            "two-lines-of-enough-length\n\n",
            &too_long,
        ] {
            fs::write(&file, text).unwrap();
            let error = SecretPath::from_file(&file).unwrap_err();
            assert_eq!(error.kind, Kind::Config, "{text:?}");
            assert!(text.len() < 2 || !error.message.contains(text), "{error}");
            assert_eq!(fs::read_to_string(&file).unwrap(), text, "it was replaced");
        }
        fs::write(&file, [0xff; 30]).unwrap();
        assert_eq!(SecretPath::from_file(&file).unwrap_err().kind, Kind::Config);
    }

    #[test]
    fn missing_folders_are_made() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("not/there/secret");
        let made = SecretPath::from_file(&file).unwrap();
        let read = SecretPath::from_file(&file).unwrap();
        assert_eq!(made.expose(), read.expose());
    }

    #[test]
    fn a_file_that_cannot_be_made_is_named_with_its_flag() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("file"), "").unwrap();
        let file = home.path().join("file/secret");
        let error = SecretPath::from_file(&file).unwrap_err();
        assert_eq!(error.kind, Kind::Io);
        let shown = file.display().to_string();
        assert!(error.message.contains(&shown), "{error}");
        let rest = error.message.replace(&shown, "");
        assert!(!rest.contains('/'), "a passing name is shown: {error}");
        assert!(error.hint.unwrap().contains("--path-secret-file"));
    }
}
