//! The secret path of the callback address: 128 random bits, new for each run or kept in a file so
//! that a restarted receiver has the same address. It is compared in constant time and left out of
//! debug output.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use subtle::ConstantTimeEq as _;

use crate::error::{Error, ErrorKind};
use crate::permissions::FileExposure;
use crate::text;

/// Minimum length: that of 128 bits in base64, the densest form that a path takes as it is.
const MIN_LENGTH: usize = 22;
const MAX_LENGTH: usize = 128;

/// The last segment of the callback address. Anyone who knows it can send results.
#[derive(Clone)]
pub(crate) struct SecretPath {
    text: String,
    exposure: Option<FileExposure>,
}

impl SecretPath {
    /// Creates a path of 128 random bits, in hexadecimal.
    ///
    /// Fails with [`ErrorKind::Internal`] if the system's random generator fails.
    pub(crate) fn random() -> Result<Self, Error> {
        let mut bits = [0_u8; 16];
        getrandom::fill(&mut bits).map_err(|error| {
            Error::new(
                ErrorKind::Internal,
                format!("could not read random bytes: {error}"),
            )
        })?;
        Ok(Self {
            text: text::hex(&bits),
            exposure: None,
        })
    }

    /// Reads the path from a file. If there is no such file, creates a path and writes it there,
    /// readable by the owner alone. Missing directories are created.
    ///
    /// Fails with [`ErrorKind::Io`] if the file can be neither read nor created, with [`ErrorKind::Config`] if
    /// it does not hold a path: 22 to 128 of `A–Z a–z 0–9 - _`, on one line.
    pub(crate) fn from_file(path: &Path) -> Result<Self, Error> {
        let shown = path.display();
        let failed = |what, error: &io::Error| {
            // The system's own message: a wrapped error may name the temporary file.
            let why = error.raw_os_error().map(io::Error::from_raw_os_error);
            let why = why.map_or_else(|| error.to_string(), |why| why.to_string());
            Error::new(
                ErrorKind::Io,
                format!("the file {shown} with the secret path cannot be {what}: {why}"),
            )
            .with_hint("--path-secret-file names a file in a directory of your own")
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

    /// Returns the widest access that others have to the file that the path came from: a reason for
    /// a warning, as with the token's file.
    pub(crate) fn exposure(&self) -> Option<FileExposure> {
        self.exposure
    }

    /// Returns the path itself, without a slash.
    pub(super) fn expose(&self) -> &str {
        &self.text
    }

    /// Returns `true` if `guess` is this path. The time it takes tells nothing but the length.
    pub(super) fn is(&self, guess: &str) -> bool {
        self.text.as_bytes().ct_eq(guess.as_bytes()).into()
    }

    fn checked(self, path: &Path) -> Result<Self, Error> {
        let is_plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
        if (MIN_LENGTH..=MAX_LENGTH).contains(&self.text.len()) && self.text.bytes().all(is_plain) {
            return Ok(self);
        }
        let shown = path.display();
        Err(Error::config(format!(
            "{shown} does not hold a secret path: that is {MIN_LENGTH} to {MAX_LENGTH} letters, digits, - or _"
        ))
        .with_hint("remove the file, and a new one is created"))
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let directory = match path.parent() {
            Some(directory) if directory != Path::new("") => directory,
            _ => Path::new("."),
        };
        fs::create_dir_all(directory)?;
        // Temporary files are created with mode 0600.
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        writeln!(file, "{}", self.text)?;
        file.as_file().sync_all()?;
        file.persist_noclobber(path)
            .map(drop)
            .map_err(|error| error.error)
    }
}

/// Reads the path from a file, without checking it. Reads no more than the maximum length.
fn read(path: &Path) -> io::Result<SecretPath> {
    let file = File::open(path)?;
    let exposure = FileExposure::of(&file.metadata()?);
    let mut bytes = Vec::new();
    file.take(MAX_LENGTH as u64 + 2).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text).to_owned();
    Ok(SecretPath { text, exposure })
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
    fn random_path_has_128_bits_and_is_unique() {
        let [one, other] = [(); 2].map(|()| SecretPath::random().unwrap());
        assert_eq!(one.expose().len(), 32);
        assert!(one.expose().bytes().all(|c| c.is_ascii_hexdigit()));
        assert_ne!(one.expose(), other.expose());
        assert!(one.is(one.expose()) && !one.is(other.expose()));
        assert!(!one.is("") && !one.is(&one.expose()[1..]));
    }

    #[test]
    fn debug_shows_placeholder() {
        let path = SecretPath::random().unwrap();
        assert_eq!(format!("{path:?}"), "[path]");
    }

    #[test]
    fn file_keeps_path_for_next_run() {
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
    fn file_is_private_and_exposure_is_reported() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("secret");
        SecretPath::from_file(&file).unwrap();
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        for (mode, exposure) in [
            (0o640, FileExposure::Read),
            (0o644, FileExposure::Read),
            (0o622, FileExposure::Change),
            (0o666, FileExposure::Change),
        ] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let found = SecretPath::from_file(&file).unwrap().exposure();
            assert_eq!(found, Some(exposure), "{mode:o}");
        }
    }

    #[test]
    fn accepts_user_supplied_secret() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("secret");
        let longest = "x".repeat(MAX_LENGTH);
        for own in ["Abcdefghij-1234567890_", &longest] {
            for end in ["", "\n", "\r\n"] {
                fs::write(&file, format!("{own}{end}")).unwrap();
                assert_eq!(SecretPath::from_file(&file).unwrap().expose(), own);
            }
        }
    }

    #[test]
    fn invalid_secret_is_rejected_and_not_shown() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("secret");
        let too_long = "x".repeat(MAX_LENGTH + 1);
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
            assert_eq!(error.kind, ErrorKind::Config, "{text:?}");
            assert!(text.len() < 2 || !error.message.contains(text), "{error}");
            assert_eq!(fs::read_to_string(&file).unwrap(), text, "it was replaced");
        }
        fs::write(&file, [0xff; 30]).unwrap();
        assert_eq!(
            SecretPath::from_file(&file).unwrap_err().kind,
            ErrorKind::Config
        );
    }

    #[test]
    fn missing_directories_are_created() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("not/there/secret");
        let made = SecretPath::from_file(&file).unwrap();
        let read = SecretPath::from_file(&file).unwrap();
        assert_eq!(made.expose(), read.expose());
    }

    #[test]
    fn unwritable_file_is_named_with_its_flag() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("file"), "").unwrap();
        let file = home.path().join("file/secret");
        let error = SecretPath::from_file(&file).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Io);
        let shown = file.display().to_string();
        assert!(error.message.contains(&shown), "{error}");
        let rest = error.message.replace(&shown, "");
        assert!(!rest.contains('/'), "a temporary name is shown: {error}");
        assert!(error.hint.unwrap().contains("--path-secret-file"));
    }
}
