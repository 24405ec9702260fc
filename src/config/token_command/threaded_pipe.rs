//! A pipe that a thread reads, for systems that do not tell whether reading would wait.

use std::io::{self, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

/// Maximum number of bytes that are read at once.
const MAX_CHUNK: usize = 4096;

/// An empty chunk is the end of the pipe.
type Chunk = io::Result<Zeroizing<Vec<u8>>>;

/// The reading end of a pipe. Its thread reads one chunk ahead, and ends with the pipe.
pub(super) struct ThreadedPipe {
    chunks: Receiver<Chunk>,
    next: Option<Chunk>,
}

impl ThreadedPipe {
    /// Starts to read the pipe.
    pub(super) fn new(mut pipe: impl Read + Send + 'static) -> Self {
        let (sender, chunks) = mpsc::sync_channel(0);
        thread::spawn(move || {
            loop {
                let mut buffer = Zeroizing::new(vec![0; MAX_CHUNK]);
                let chunk = pipe.read(&mut buffer).map(|read| {
                    buffer.truncate(read);
                    buffer
                });
                let is_last = chunk.as_ref().map_or(true, |bytes| bytes.is_empty());
                if sender.send(chunk).is_err() || is_last {
                    return;
                }
            }
        });
        Self { chunks, next: None }
    }

    /// Returns `true` as soon as reading does not wait, `false` if the time is over before.
    pub(super) fn wait(&mut self, within: Duration) -> bool {
        if self.next.is_none() {
            self.next = match self.chunks.recv_timeout(within) {
                Ok(chunk) => Some(chunk),
                Err(RecvTimeoutError::Timeout) => return false,
                Err(RecvTimeoutError::Disconnected) => Some(Ok(Zeroizing::default())),
            };
        }
        true
    }
}

impl Read for ThreadedPipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let next = self.next.take().or_else(|| self.chunks.recv().ok());
        let mut chunk = next.unwrap_or_else(|| Ok(Zeroizing::default()))?;
        let read = (&chunk[..]).read(buffer)?;
        if read < chunk.len() {
            chunk.drain(..read);
            self.next = Some(Ok(chunk));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_arrive_in_order_and_then_the_end() {
        let text = "hunter2\n".repeat(MAX_CHUNK);
        let mut pipe = ThreadedPipe::new(io::Cursor::new(text.clone()));
        assert!(pipe.wait(Duration::from_mins(1)));
        let (mut bytes, mut buffer) = (Vec::new(), [0; 1000]);
        loop {
            let read = pipe.read(&mut buffer).unwrap();
            bytes.extend_from_slice(&buffer[..read]);
            if read == 0 {
                break;
            }
        }
        assert_eq!(bytes, text.as_bytes());
        assert!(pipe.wait(Duration::from_mins(1)), "the end does not wait");
    }

    #[test]
    fn wait_ends_with_its_time() {
        let (reader, mut writer) = io::pipe().unwrap();
        let mut pipe = ThreadedPipe::new(reader);
        assert!(!pipe.wait(Duration::from_millis(1)));
        io::Write::write_all(&mut writer, b"x").unwrap();
        assert!(pipe.wait(Duration::from_mins(1)));
        assert_eq!(pipe.read(&mut [0; 2]).unwrap(), 1);
        drop(writer);
        assert!(pipe.wait(Duration::from_mins(1)));
        assert_eq!(pipe.read(&mut [0; 2]).unwrap(), 0);
    }
}
