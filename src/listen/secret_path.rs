//! The path that only the service was told: 128 random bits, new for each run or kept in a file so
//! that a restarted receiver has the same address. It is compared in constant time and does not
//! show itself in debug output.

use std::fmt::{self, Write as _};
use std::fs::File;
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
    is_exposed: bool,
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
            is_exposed: false,
        })
    }

    /// The one that this file holds; if there is no such file, a new one, written there for the
    /// next time and readable by the owner alone.
    ///
    /// Fails with [`Kind::Io`] if the file can be neither read nor made, with [`Kind::Config`] if
    /// what it holds cannot be one: 22 to 128 of `A–Z a–z 0–9 - _`, on one line.
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let shown = path.display();
        let failed = |what, error: &io::Error| {
            Error::new(Kind::Io, format!("{shown} cannot be {what}: {error}"))
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

    /// Whether it came from a file that someone besides its owner can read. A reason for a warning,
    /// as with the token's file.
    #[must_use]
    pub fn is_exposed(&self) -> bool {
        self.is_exposed
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
    let is_exposed = others_can_read(&file)?;
    let mut bytes = Vec::new();
    file.take(LONGEST as u64 + 2).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text).to_owned();
    Ok(SecretPath { text, is_exposed })
}

#[cfg(unix)]
fn others_can_read(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = file.metadata()?;
    Ok(metadata.is_file() && metadata.permissions().mode() & 0o044 != 0)
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn others_can_read(_: &File) -> io::Result<bool> {
    Ok(false)
}

impl fmt::Debug for SecretPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[path]")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

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
        assert!(!read.is_exposed());
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
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(SecretPath::from_file(&file).unwrap().is_exposed());
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
    fn a_missing_folder_is_named() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("no/secret");
        let error = SecretPath::from_file(&file).unwrap_err();
        assert_eq!(error.kind, Kind::Io);
        assert!(error.message.contains("no/secret"), "{error}");
    }
}
