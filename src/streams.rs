//! Streams whose other end may be slow: a pipe, a terminal, a socket. Reading and writing wait where
//! another program has set `O_NONBLOCK`; writing gives up with [`io::ErrorKind::Interrupted`] once the
//! program has been asked to end and nobody reads. Regular files take the direct path.

use std::io::{self, BufWriter, Read, Write};

const BUFFER_SIZE: usize = 64 * 1024;

/// Writes through one buffer to a stream, and flushes it.
#[cfg(unix)]
pub fn write_to<T>(
    fd: impl std::os::fd::AsFd,
    write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> io::Result<T> {
    let writer = unix::StreamWriter::new(fd, crate::signals::is_pending);
    let mut out = BufWriter::with_capacity(BUFFER_SIZE, writer);
    let result = write(&mut out).and_then(|value| out.flush().map(|()| value));
    if result.is_err() {
        // Without another attempt to write what is left.
        let _ = out.into_parts();
    }
    result.map_err(unix::to_interrupted)
}

/// Writes through one buffer to a stream, and flushes it.
#[cfg(not(unix))]
pub fn write_to<T>(
    stream: impl Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<T>,
) -> io::Result<T> {
    let mut out = BufWriter::with_capacity(BUFFER_SIZE, stream);
    let value = write(&mut out)?;
    out.flush()?;
    Ok(value)
}

/// Returns a reader of stdin without a buffer.
#[must_use]
pub fn stdin() -> impl Read {
    #[cfg(unix)]
    return unix::StreamReader::new(io::stdin());
    #[cfg(not(unix))]
    return io::stdin();
}

/// Reads all of stdin, into one buffer of its size where that is known.
pub fn read_stdin() -> io::Result<Vec<u8>> {
    #[cfg(unix)]
    let size = rustix::fs::fstat(io::stdin()).map_or(0, |stat| stat.st_size);
    #[cfg(not(unix))]
    let size = 0;
    let mut bytes = Vec::with_capacity(size.try_into().unwrap_or(0));
    stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(unix)]
pub use unix::open_fifo;

#[cfg(unix)]
mod unix {
    use std::fs::File;
    use std::io::{self, IsTerminal as _, Read, Write};
    use std::os::fd::{AsFd, BorrowedFd};
    use std::path::Path;
    use std::thread;
    use std::time::{Duration, Instant};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::{FileType, Mode, OFlags, fstat};
    use rustix::io::Errno;

    /// Interval at which a wait looks whether the program has been asked to end.
    const POLL_INTERVAL: Duration = Duration::from_millis(50);

    /// Maximum bytes of one write to a pipe or socket: what a pipe that is ready takes without
    /// blocking (`PIPE_BUF`).
    const MAX_CHUNK: usize = 4096;

    /// Maximum bytes of one write to a terminal, which does not say how many it takes.
    const MAX_TERMINAL_CHUNK: usize = 256;

    /// An unbuffered writer that never blocks for longer than [`POLL_INTERVAL`] once it is cancelled.
    pub(super) struct StreamWriter<F> {
        fd: F,
        /// `None` where a write never waits for anybody: files and devices.
        max_chunk: Option<usize>,
        is_cancelled: fn() -> bool,
    }

    impl<F: AsFd> StreamWriter<F> {
        pub(super) fn new(fd: F, is_cancelled: fn() -> bool) -> Self {
            let max_chunk = match fstat(&fd).map(|stat| FileType::from_raw_mode(stat.st_mode)) {
                Ok(FileType::Fifo | FileType::Socket) => Some(MAX_CHUNK),
                Ok(FileType::CharacterDevice) if fd.as_fd().is_terminal() => {
                    Some(MAX_TERMINAL_CHUNK)
                }
                _ => None,
            };
            Self {
                fd,
                max_chunk,
                is_cancelled,
            }
        }
    }

    impl<F: AsFd> Write for StreamWriter<F> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let Some(max_chunk) = self.max_chunk else {
                return Ok(rustix::io::write(&self.fd, bytes)?);
            };
            let chunk = &bytes[..bytes.len().min(max_chunk)];
            loop {
                while !is_ready(self.fd.as_fd(), PollFlags::OUT)? {
                    if (self.is_cancelled)() {
                        return Err(io::Error::other(Cancelled));
                    }
                }
                match rustix::io::write(&self.fd, chunk) {
                    Err(Errno::AGAIN) => {}
                    written => return Ok(written?),
                }
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// The reason of a write that was given up. [`io::ErrorKind::Interrupted`] itself would make
    /// `write_all` try again.
    #[derive(Debug, thiserror::Error)]
    #[error("interrupted while waiting for the reader")]
    struct Cancelled;

    /// Turns the error of a cancelled write into one of kind [`io::ErrorKind::Interrupted`].
    pub(super) fn to_interrupted(error: io::Error) -> io::Error {
        match error.get_ref() {
            Some(inner) if inner.is::<Cancelled>() => {
                io::Error::new(io::ErrorKind::Interrupted, Cancelled)
            }
            _ => error,
        }
    }

    /// An unbuffered reader that waits where the stream would not block.
    pub(super) struct StreamReader<F>(F);

    impl<F: AsFd> StreamReader<F> {
        pub(super) fn new(fd: F) -> Self {
            Self(fd)
        }
    }

    impl<F: AsFd> Read for StreamReader<F> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            loop {
                match rustix::io::read(&self.0, &mut *buffer) {
                    Err(Errno::AGAIN) => while !is_ready(self.0.as_fd(), PollFlags::IN)? {},
                    // As the standard library has it: a closed stdin is empty.
                    Err(Errno::BADF) => return Ok(0),
                    read => return Ok(read?),
                }
            }
        }
    }

    /// Waits for at most [`POLL_INTERVAL`]. A stream that is closed at its other end is ready.
    fn is_ready(fd: BorrowedFd<'_>, events: PollFlags) -> io::Result<bool> {
        let timeout = Timespec::try_from(POLL_INTERVAL).ok();
        match poll(
            &mut [PollFd::from_borrowed_fd(fd, events)],
            timeout.as_ref(),
        ) {
            Err(Errno::INTR) => Ok(false),
            ready => Ok(ready? > 0),
        }
    }

    /// Opens a FIFO for writing as soon as it has a reader. Fails with [`io::ErrorKind::TimedOut`] if it
    /// has none until `deadline`.
    pub fn open_fifo(path: &Path, deadline: Option<Instant>) -> io::Result<File> {
        open_fifo_unless(path, deadline, crate::signals::is_pending)
    }

    fn open_fifo_unless(
        path: &Path,
        deadline: Option<Instant>,
        is_cancelled: fn() -> bool,
    ) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        loop {
            match rustix::fs::open(path, flags, Mode::empty()) {
                Err(Errno::NXIO) if is_cancelled() => {
                    return Err(io::Error::new(io::ErrorKind::Interrupted, Cancelled));
                }
                Err(Errno::NXIO) if deadline.is_some_and(|deadline| deadline <= Instant::now()) => {
                    let why = "nobody has opened it for reading";
                    return Err(io::Error::new(io::ErrorKind::TimedOut, why));
                }
                Err(Errno::NXIO) => thread::sleep(POLL_INTERVAL),
                file => return Ok(File::from(file?)),
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use std::io::PipeWriter;

        fn fill(pipe: &PipeWriter) {
            let flags = rustix::fs::fcntl_getfl(pipe).unwrap();
            rustix::fs::fcntl_setfl(pipe, flags | OFlags::NONBLOCK).unwrap();
            while rustix::io::write(pipe, &[0; MAX_CHUNK]).is_ok() {}
            rustix::fs::fcntl_setfl(pipe, flags).unwrap();
        }

        #[test]
        fn write_to_full_pipe_ends_when_cancelled() {
            let (_reader, writer) = io::pipe().unwrap();
            fill(&writer);
            let mut writer = StreamWriter::new(writer, || true);
            let error = writer.write_all(b"text").unwrap_err();
            assert_eq!(to_interrupted(error).kind(), io::ErrorKind::Interrupted);
        }

        #[test]
        fn write_to_read_pipe_goes_on_when_cancelled() {
            let (mut reader, writer) = io::pipe().unwrap();
            let mut writer = StreamWriter::new(writer, || true);
            writer.write_all(b"text").unwrap();
            drop(writer);
            let mut text = String::new();
            reader.read_to_string(&mut text).unwrap();
            assert_eq!(text, "text");
        }

        #[test]
        fn non_blocking_pipe_is_waited_for_at_both_ends() {
            let (reader, writer) = io::pipe().unwrap();
            for fd in [reader.as_fd(), writer.as_fd()] {
                let flags = rustix::fs::fcntl_getfl(fd).unwrap();
                rustix::fs::fcntl_setfl(fd, flags | OFlags::NONBLOCK).unwrap();
            }
            let sent = vec![7; 500_000];
            let received = thread::scope(|scope| {
                let receiver = scope.spawn(move || {
                    let mut received = Vec::new();
                    StreamReader::new(reader)
                        .read_to_end(&mut received)
                        .unwrap();
                    received
                });
                let mut writer = StreamWriter::new(writer, || false);
                writer.write_all(&sent).unwrap();
                drop(writer);
                receiver.join().unwrap()
            });
            assert!(received == sent, "{} bytes", received.len());
        }

        #[test]
        fn fifo_without_reader_is_given_up_when_cancelled() {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("fifo");
            // rustix has no call for it on macOS.
            let status = std::process::Command::new("mkfifo").arg(&path).status();
            assert!(status.unwrap().success());
            let error = open_fifo_unless(&path, None, || true).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::Interrupted);
            let error = open_fifo_unless(&path, Some(Instant::now()), || false).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
            let _reader = File::options().read(true).write(true).open(&path).unwrap();
            open_fifo_unless(&path, Some(Instant::now()), || true).unwrap();
        }
    }
}
