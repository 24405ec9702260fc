//! Runs a `token_command` within a time limit, and reads the first line that it prints.

#[cfg(any(not(unix), test))]
mod threaded_pipe;

use std::io::{self, IsTerminal as _, Read, Write as _};
#[cfg(unix)]
use std::process::ChildStdout;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::env::{MAVI_API_KEY, MAVI_TOKEN};
use crate::duration;
use crate::error::ErrorKind;
use crate::secret::MAX_TOKEN;
use crate::signals;

/// Maximum time between two looks at whether the command has ended.
const MAX_PAUSE: Duration = Duration::from_millis(20);

/// The time that a command has to put a terminal or a file of its own in order once a signal has come.
const GRACE: Duration = Duration::from_millis(300);

/// The reason why a command gives no line.
pub(super) enum CommandError {
    NotStarted(io::Error),
    Read(io::Error),
    Failed(ExitStatus),
    TimedOut,
    /// The program is about to end.
    Ending,
}

/// Runs the program with its arguments, and returns the first line of its output. The command has
/// ended when it returns; a child of the command may live on with the pipes open.
///
/// After the time limit the command is killed; its first line is returned all the same if it was
/// complete by then. It is ended, too, when the program ends, which waits for that.
pub(super) fn first_line(
    argv: &[String],
    within: Duration,
) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    let _hold = signals::hold_exit().ok_or(CommandError::Ending)?;
    let end = Instant::now() + within.min(duration::MAX);
    let child = command(argv).spawn().map_err(CommandError::NotStarted)?;
    let mut run = Run::of(child);
    let status = run.until(end);
    if !matches!(status, Ok(Some(_))) {
        if signals::is_ending() {
            run.end();
        }
        // It may have ended by itself in this moment.
        let _ = run.child.kill();
        let _ = run.child.wait();
    }
    if matches!(status, Ok(Some(status)) if !status.success()) {
        // A Ctrl-C ends the command too, and may do so first.
        thread::sleep(MAX_PAUSE);
    }
    if signals::is_ending() {
        return Err(CommandError::Ending);
    }
    match status.map_err(CommandError::Read)? {
        Some(status) if !status.success() => Err(CommandError::Failed(status)),
        None if !run.is_complete => Err(CommandError::TimedOut),
        _ => Ok(run.line),
    }
}

/// Returns the command, ready to run. It never sees token and API key of the environment, which were not
/// meant for it.
fn command(argv: &[String]) -> Command {
    let mut command = Command::new(argv.first().map_or("", String::as_str));
    command
        .args(argv.iter().skip(1))
        .env_remove(MAVI_TOKEN)
        .env_remove(MAVI_API_KEY)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(stderr());
    command
}

/// A pipe whose content is passed on: a child that lives on must not keep the stderr of this process
/// open, which the reader at its other end waits for. A terminal has no such reader.
fn stderr() -> Stdio {
    if cfg!(not(unix)) || io::stderr().is_terminal() {
        Stdio::inherit()
    } else {
        Stdio::piped()
    }
}

#[cfg(unix)]
type Stdout = ChildStdout;
#[cfg(not(unix))]
type Stdout = threaded_pipe::ThreadedPipe;

/// A command that runs, and the first line that it has printed so far.
struct Run {
    child: Child,
    stdout: Option<Stdout>,
    stderr: Option<ChildStderr>,
    line: Zeroizing<Vec<u8>>,
    is_complete: bool,
}

impl Run {
    fn of(mut child: Child) -> Self {
        let stdout = child.stdout.take();
        #[cfg(not(unix))]
        let stdout = stdout.map(Stdout::new);
        Self {
            stdout,
            stderr: child.stderr.take(),
            child,
            line: Zeroizing::default(),
            is_complete: false,
        }
    }

    /// Reads until the command has ended, and returns its status; `None` if the time is over, or the
    /// program is about to end. What follows the line is dropped, but read: a command whose pipe is full or
    /// closed would not end well.
    fn until(&mut self, end: Instant) -> io::Result<Option<ExitStatus>> {
        let mut pause = Duration::from_millis(1);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let [out, err] = self.readable(left.min(pause))?;
            if out {
                self.read_stdout()?;
            }
            if err {
                self.forward_stderr()?;
            }
            if signals::is_ending() {
                return Ok(None);
            }
            if left.is_zero() && (self.is_complete || !out) {
                return self.child.try_wait();
            }
            if out || err {
                continue;
            }
            // If a child of the command keeps the pipe open, what the command wrote has been read.
            let is_over = self.stdout.is_none() || !self.line.is_empty();
            if let Some(status) = self.child.try_wait()?.filter(|_| is_over) {
                return Ok(Some(status));
            }
            pause = (pause * 2).min(MAX_PAUSE);
        }
    }

    /// Gives the command, to which a terminal sends its Ctrl-C too, time to end by itself.
    fn end(&mut self) {
        if signals::pending() == Some(ErrorKind::Terminated) {
            self.terminate();
        }
        let end = Instant::now() + GRACE;
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < end {
            let Ok([out, err]) = self.readable(MAX_PAUSE) else {
                return;
            };
            let read = if out { self.read_stdout() } else { Ok(()) };
            let forwarded = if err { self.forward_stderr() } else { Ok(()) };
            if read.and(forwarded).is_err() {
                return;
            }
        }
    }

    fn read_stdout(&mut self) -> io::Result<()> {
        let mut buffer = Zeroizing::new([0; 4096]);
        let read = read(&mut self.stdout, &mut *buffer)?;
        if self.is_complete {
            return Ok(());
        }
        let line = buffer[..read].split_inclusive(|&byte| byte == b'\n').next();
        self.line.extend_from_slice(line.unwrap_or_default());
        let is_long = self.line.len() >= MAX_TOKEN;
        let is_last = self.stdout.is_none() && !self.line.is_empty();
        self.is_complete = is_last || is_long || self.line.ends_with(b"\n");
        Ok(())
    }

    fn forward_stderr(&mut self) -> io::Result<()> {
        let mut buffer = [0; 4096];
        let read = read(&mut self.stderr, &mut buffer)?;
        // Write errors on stderr are ignored.
        let _ = io::stderr().write_all(&buffer[..read]);
        Ok(())
    }
}

/// Reads what is there, and drops the pipe at its end.
fn read(pipe: &mut Option<impl Read>, buffer: &mut [u8]) -> io::Result<usize> {
    let read = pipe.as_mut().map_or(Ok(0), |pipe| pipe.read(buffer))?;
    if read == 0 {
        *pipe = None;
    }
    Ok(read)
}

#[cfg(unix)]
impl Run {
    /// Sends SIGTERM, which reached this process alone.
    fn terminate(&self) {
        use rustix::process::{Pid, Signal, kill_process};

        // It has not been waited for, so that the number is still its own.
        let _ = kill_process(Pid::from_child(&self.child), Signal::TERM);
    }

    /// Waits until one of the pipes can be read, or the time is over. Returns which can be.
    fn readable(&mut self, within: Duration) -> io::Result<[bool; 2]> {
        use std::os::fd::AsFd as _;

        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        use rustix::io::Errno;

        let pipes = [
            self.stdout.as_ref().map(|pipe| pipe.as_fd()),
            self.stderr.as_ref().map(|pipe| pipe.as_fd()),
        ];
        let open = pipes.iter().flatten();
        let mut polled: Vec<_> = open.map(|pipe| PollFd::new(pipe, PollFlags::IN)).collect();
        let within = Timespec::try_from(within).ok();
        match poll(&mut polled, within.as_ref()) {
            Err(Errno::INTR) => return Ok([false; 2]),
            result => result?,
        };
        let mut is_ready = polled.iter().map(|pipe| !pipe.revents().is_empty());
        Ok(pipes.map(|pipe| pipe.is_some() && is_ready.next().unwrap_or(false)))
    }
}

#[cfg(not(unix))]
impl Run {
    /// A console's signals reach all of its processes.
    #[expect(clippy::unused_self, reason = "used on Unix")]
    fn terminate(&self) {}

    /// Waits until stdout can be read, or the time is over. The command's stderr is that of this process.
    #[expect(clippy::unnecessary_wraps, reason = "fails on Unix")]
    fn readable(&mut self, within: Duration) -> io::Result<[bool; 2]> {
        let Some(pipe) = &mut self.stdout else {
            std::thread::sleep(within);
            return Ok([false; 2]);
        };
        Ok([pipe.wait(within), false])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_does_not_get_the_secrets_of_the_environment() {
        let command = command(&["pass".to_owned()]);
        for secret in [MAVI_TOKEN, MAVI_API_KEY] {
            let mut variables = command.get_envs();
            assert!(variables.any(|(name, value)| name == secret && value.is_none()));
        }
    }
}
