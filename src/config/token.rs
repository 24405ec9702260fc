//! Where the token comes from: the environment, the configuration file, a file of its own, or a
//! command that prints it. The token is fetched when it is needed and not before, and no error, name
//! or `Debug` here shows it or anything that a command printed.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use zeroize::Zeroizing;

use super::env::{Env, MAVI_TOKEN};
use super::paths;
use super::settings::Origin;
use crate::error::{Error, Kind};
use crate::secret::Secret;

/// No token is as long as this many bytes.
const LONGEST: u64 = 64 * 1024;

/// A place from which the token can be fetched, more than once where it is a command.
#[derive(Clone)]
pub struct TokenSource {
    way: Way,
    origin: Origin,
}

#[derive(Clone)]
enum Way {
    Text(Secret),
    /// The path, and how the configuration file writes it.
    File(PathBuf, String),
    Command(Vec<String>),
}

impl TokenSource {
    pub(super) fn from_env(env: &Env) -> Result<Option<Self>, Error> {
        let token = env.get(MAVI_TOKEN)?;
        Ok(token.map(|token| Self::text(Secret::new(token), Origin::Environment(MAVI_TOKEN))))
    }

    pub(super) const fn text(token: Secret, origin: Origin) -> Self {
        let way = Way::Text(token);
        Self { way, origin }
    }

    pub(super) const fn file(path: PathBuf, written: String, origin: Origin) -> Self {
        let way = Way::File(path, written);
        Self { way, origin }
    }

    pub(super) const fn command(argv: Vec<String>, origin: Origin) -> Self {
        let way = Way::Command(argv);
        Self { way, origin }
    }

    /// The place in words, such as `MAVI_TOKEN` or `token_file in profile work (~/x)`. Of a command
    /// it names the program alone: arguments may be secret.
    #[must_use]
    pub fn origin(&self) -> String {
        let place = |key| self.origin.describe(key);
        match &self.way {
            Way::Text(_) => place("token"),
            Way::File(_, written) => format!("{} ({written})", place("token_file")),
            Way::Command(argv) => format!("{} ({})", place("token_command"), program(argv)),
        }
    }

    /// Returns what identifies the account: the token, or the command that produces its tokens.
    pub fn account(&self) -> Result<Vec<u8>, Error> {
        match &self.way {
            Way::Command(argv) => Ok(argv.join("\0").into_bytes()),
            Way::Text(_) | Way::File(..) => Ok(self.fetch()?.expose().as_bytes().to_vec()),
        }
    }

    /// Whether fetching again may give a fresh token.
    #[must_use]
    pub const fn can_renew(&self) -> bool {
        matches!(self.way, Way::Command(_))
    }

    /// The token: the first line of the file or of the command's output, without space around it.
    /// The command gets no input and not the variable `MAVI_TOKEN`; its stderr passes through.
    ///
    /// Fails with kind `auth`, naming the place.
    pub fn fetch(&self) -> Result<Secret, Error> {
        match &self.way {
            Way::Text(token) => self.checked(token.expose()),
            Way::File(path, _) => {
                let line = File::open(path)
                    .and_then(|mut file| first_line(&mut file))
                    .map_err(|error| {
                        self.refuse(&format!("cannot be read: {error}"))
                            .with_hint(format!("put the token into {}", path.display()))
                    })?;
                self.checked_bytes(&line)
            }
            Way::Command(argv) => self.run(argv),
        }
    }

    /// What to say about a token file that others can read.
    pub(super) fn warning(&self) -> Option<String> {
        let Way::File(path, _) = &self.way else {
            return None;
        };
        // A file that cannot be read is reported when the token is fetched.
        let metadata = fs::metadata(path).ok()?;
        paths::others_can_read(&metadata).then(|| paths::exposed(path))
    }

    fn run(&self, argv: &[String]) -> Result<Secret, Error> {
        let program = program(argv);
        let mut child = command(argv).spawn().map_err(|error| {
            let error = self.refuse(&format!("cannot be run: {error}"));
            error.with_hint(format!("check that {program} is installed and on PATH"))
        })?;
        let line = output(&mut child);
        let status = child
            .wait()
            .map_err(|error| self.refuse(&format!("cannot be waited for: {error}")))?;
        if !status.success() {
            return Err(self
                .refuse(&format!("failed: {status}"))
                .with_hint("run it by hand to see why"));
        }
        let line = line.map_err(|error| self.refuse(&format!("cannot be read: {error}")))?;
        self.checked_bytes(&line)
    }

    fn checked_bytes(&self, line: &[u8]) -> Result<Secret, Error> {
        let line = std::str::from_utf8(line)
            .map_err(|_| self.refuse("does not give text, so it cannot be a token"))?;
        self.checked(line.trim_start_matches('\u{feff}'))
    }

    fn checked(&self, text: &str) -> Result<Secret, Error> {
        checked(text).map_err(|why| self.refuse(why))
    }

    fn refuse(&self, why: &str) -> Error {
        Error::new(Kind::Auth, format!("{} {why}", self.origin()))
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenSource({})", self.origin())
    }
}

/// The token in `text`, without space around it; else why it cannot be one. A header can carry
/// visible ASCII and spaces (RFC 9110 §5.5).
pub(super) fn checked(text: &str) -> Result<Secret, &'static str> {
    let token = text.trim();
    if token.is_empty() {
        return Err("gives an empty token");
    }
    if token.len() as u64 >= LONGEST {
        return Err("gives too long a line to be a token");
    }
    if !token.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err("gives a token with control characters or characters outside ASCII in it");
    }
    Ok(Secret::new(token))
}

fn program(argv: &[String]) -> &str {
    argv.first().map_or("", String::as_str)
}

/// The command, ready to run. It never sees the token of the environment: whoever set that did not
/// mean it for this program.
fn command(argv: &[String]) -> Command {
    let mut command = Command::new(program(argv));
    command
        .args(argv.iter().skip(1))
        .env_remove(MAVI_TOKEN)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    command
}

/// The first line that the command prints. The rest is read too, and dropped: a command whose pipe
/// is closed under it would fail for that alone.
fn output(child: &mut Child) -> io::Result<Zeroizing<Vec<u8>>> {
    let Some(mut stdout) = child.stdout.take() else {
        return Ok(Zeroizing::default());
    };
    let line = first_line(&mut stdout)?;
    io::copy(&mut stdout, &mut io::sink())?;
    Ok(line)
}

fn first_line(from: &mut impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut line = Zeroizing::default();
    BufReader::new(from.take(LONGEST)).read_until(b'\n', &mut line)?;
    Ok(line)
}

#[cfg(test)]
mod tests;
