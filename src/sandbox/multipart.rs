//! Reads the body of an upload: `multipart/form-data` with one part, `file` (RFC 7578). The file is hashed
//! and counted as it arrives, and not kept, so memory does not grow with it.

use memchr::memmem;
use ring::digest::{Context, SHA256};

use crate::text;

/// Maximum length of what stands before the file.
const MAX_HEAD: usize = 16 * 1024;

/// A file that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReceivedFile {
    pub(super) name: String,
    pub(super) size: u64,
    /// In hexadecimal digits.
    pub(super) sha256: String,
}

/// The state of reading a body.
pub(super) struct MultipartReader {
    /// A line break and the boundary.
    delimiter: Vec<u8>,
    /// Bytes that are not consumed yet: less than a delimiter and a part of the body.
    buffer: Vec<u8>,
    place: Place,
    hash: Context,
    size: u64,
}

enum Place {
    Head,
    File(String),
    End(String),
}

impl MultipartReader {
    /// Creates a reader for a body of this content type.
    pub(super) fn new(content_type: &str) -> Result<Self, &'static str> {
        let is_form = content_type.starts_with("multipart/form-data");
        let boundary = parameter(content_type, "boundary").filter(|_| is_form);
        let boundary = boundary.ok_or("The body is not multipart/form-data.")?;
        Ok(Self {
            delimiter: format!("\r\n--{boundary}").into_bytes(),
            // So that the first boundary is like the others.
            buffer: b"\r\n".to_vec(),
            place: Place::Head,
            hash: Context::new(&SHA256),
            size: 0,
        })
    }

    /// Takes the next bytes of the body.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), &'static str> {
        self.buffer.extend_from_slice(bytes);
        if matches!(self.place, Place::Head) {
            let Some(end) = memmem::find(&self.buffer, b"\r\n\r\n") else {
                let is_short = self.buffer.len() <= MAX_HEAD;
                return is_short
                    .then_some(())
                    .ok_or("The head of the part is too long.");
            };
            let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
            self.place = Place::File(file_name(&head, &self.delimiter)?);
            self.buffer.drain(..end + 4);
        }
        if let Place::File(name) = &mut self.place {
            let found = memmem::find(&self.buffer, &self.delimiter);
            let kept = self.buffer.len().saturating_sub(self.delimiter.len() - 1);
            let end = found.unwrap_or(kept);
            self.hash.update(&self.buffer[..end]);
            self.size += end as u64;
            self.buffer.drain(..end);
            if found.is_some() {
                self.place = Place::End(std::mem::take(name));
            }
        }
        if matches!(self.place, Place::End(_)) && self.buffer.len() > MAX_HEAD {
            return Err("There is more than one part.");
        }
        Ok(())
    }

    /// Ends the body and returns the file.
    pub(super) fn finish(self) -> Result<ReceivedFile, &'static str> {
        let Place::End(name) = self.place else {
            return Err("The body is incomplete.");
        };
        if self
            .buffer
            .get(self.delimiter.len()..)
            .is_none_or(|rest| !rest.starts_with(b"--"))
        {
            return Err("There is more than one part.");
        }
        Ok(ReceivedFile {
            name,
            size: self.size,
            sha256: text::hex(self.hash.finish().as_ref()),
        })
    }
}

/// Returns the file name in the head of the part, which starts with the boundary.
fn file_name(head: &str, delimiter: &[u8]) -> Result<String, &'static str> {
    if !head.as_bytes().starts_with(delimiter) {
        return Err("The body does not start with the boundary.");
    }
    let header = |name: &str| {
        head.lines().skip(2).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    };
    let disposition = header("content-disposition").unwrap_or_default();
    if parameter(disposition, "name").as_deref() != Some("file") {
        return Err("There is no part named file.");
    }
    if !header("content-type").is_some_and(|kind| kind.starts_with("video/")) {
        return Err("The file is no video.");
    }
    parameter(disposition, "filename*")
        .map(|value| decoded(&value))
        .or_else(|| parameter(disposition, "filename"))
        .filter(|name| !name.is_empty())
        .ok_or("The file has no name.")
}

/// Decodes a parameter such as `utf-8''a%20b.mp4` (RFC 8187).
fn decoded(value: &str) -> String {
    let (_, text) = value.rsplit_once('\'').unwrap_or(("", value));
    // The decoder is that of forms, where a plus is a space.
    let form = text.replace('+', "%2B");
    let mut pairs = url::form_urlencoded::parse(form.as_bytes());
    pairs
        .next()
        .map_or_else(String::new, |(name, _)| name.into_owned())
}

/// Returns a parameter of a header's value: a quoted string, or a token.
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut rest = value.split_once(';')?.1;
    loop {
        let (key, after) = rest.split_once('=')?;
        let (found, after) = if let Some(quoted) = after.strip_prefix('"') {
            unquoted(quoted)?
        } else {
            let (token, after) = after.split_once(';').unwrap_or((after, ""));
            (token.trim().to_owned(), after)
        };
        if key.trim_matches([' ', ';']).eq_ignore_ascii_case(name) {
            return Some(found);
        }
        rest = after;
    }
}

/// Returns a quoted string after its first quotation mark, and what follows it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut unquoted = String::new();
    let mut rest = text.chars();
    loop {
        match rest.next()? {
            '"' => return Some((unquoted, rest.as_str())),
            '\\' => unquoted.push(rest.next()?),
            c => unquoted.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=xyz";

    fn body(head: &str, file: &[u8], end: &str) -> Vec<u8> {
        let head = format!("--xyz\r\n{head}\r\n\r\n");
        [head.as_bytes(), file, end.as_bytes()].concat()
    }

    fn head(disposition: &str) -> String {
        format!("Content-Disposition: form-data; {disposition}\r\nContent-Type: video/mp4")
    }

    fn read(body: &[u8], chunk: usize) -> Result<ReceivedFile, &'static str> {
        let mut reader = MultipartReader::new(TYPE)?;
        for chunk in body.chunks(chunk) {
            reader.push(chunk)?;
        }
        reader.finish()
    }

    #[test]
    fn file_is_hashed_however_it_is_cut() {
        let file = b"\r\n--xy\r\n--xy\r\nabc\r\n";
        let body = body(
            &head(r#"name="file"; filename="a \"b\".mp4""#),
            file,
            "\r\n--xyz--\r\n",
        );
        let digest = ring::digest::digest(&SHA256, file);
        for chunk in 1..=body.len() {
            let read = read(&body, chunk).unwrap();
            assert_eq!((&*read.name, read.size), ("a \"b\".mp4", file.len() as u64));
            assert_eq!(&read.sha256[..2], format!("{:02x}", digest.as_ref()[0]));
            assert_eq!(read.sha256.len(), 64);
        }
    }

    #[test]
    fn encoded_name_is_decoded() {
        let head = head("name=\"file\"; filename*=utf-8''caf%C3%A9%20a+b%3D%26.mp4");
        let file = read(&body(&head, b"x", "\r\n--xyz--"), 64).unwrap();
        assert_eq!(file.name, "caf\u{e9} a+b=&.mp4");
    }

    #[test]
    fn memory_does_not_grow_with_the_file() {
        let mut reader = MultipartReader::new(TYPE).unwrap();
        let head = body(&head(r#"name="file"; filename="a.mp4""#), b"", "");
        reader.push(&head).unwrap();
        for _ in 0..1_000 {
            reader.push(&[b'\r'; 4096]).unwrap();
            assert!(reader.buffer.len() < reader.delimiter.len());
        }
        reader.push(b"\r\n--xyz--").unwrap();
        assert_eq!(reader.finish().unwrap().size, 4_096_000);
    }

    #[test]
    fn other_bodies_are_refused() {
        let file = head(r#"name="file"; filename="a.mp4""#);
        let end = "\r\n--xyz--";
        for (body, why) in [
            (
                body(&head(r#"name="video"; filename="a.mp4""#), b"x", end),
                "no part named file",
            ),
            (body(&head(r#"name="file""#), b"x", end), "no name"),
            (
                body(&file.replace("video/", "text/"), b"x", end),
                "no video",
            ),
            (body(&file, b"x", ""), "incomplete"),
            (
                body(&file, b"x", "\r\n--xyz\r\n\r\n\r\n"),
                "more than one part",
            ),
            (b"x".repeat(MAX_HEAD + 1), "too long"),
            (b"--abc\r\n\r\n\r\n".to_vec(), "boundary"),
        ] {
            let error = read(&body, 7).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
        for bad in [
            "",
            "application/json",
            "multipart/form-data",
            "multipart/mixed; boundary=x",
        ] {
            assert!(MultipartReader::new(bad).is_err(), "{bad}");
        }
    }
}
