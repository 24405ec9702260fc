//! The content codings of a reply (RFC 9110, section 8.4). Only gzip is asked for, and decoded.

use std::io::{self, BufRead as _, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

/// The way in which a body is encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ContentCoding {
    /// Not at all.
    Identity,
    /// By gzip, which is also called `x-gzip`.
    Gzip,
    /// By another coding, or by several.
    Unsupported(String),
}

impl ContentCoding {
    /// Reads the coding from the headers of a reply. Names are compared without case.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let values = headers.get_all(CONTENT_ENCODING).iter();
        let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()).to_lowercase());
        let names = values.collect::<Vec<_>>().join(",");
        let names = names.split(',').map(str::trim);
        let names: Vec<_> = names
            .filter(|name| !matches!(*name, "" | "identity"))
            .collect();
        match names[..] {
            [] => Self::Identity,
            ["gzip" | "x-gzip"] => Self::Gzip,
            _ => Self::Unsupported(names.join(", ")),
        }
    }

    /// Reads up to `limit` decoded bytes of `body` into `bytes`.
    pub(super) fn read(&self, body: impl Read, limit: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
        if *self == Self::Gzip {
            let mut body = BufReader::new(body);
            // An empty body is an empty one, whatever its header says.
            if !body.fill_buf()?.is_empty() {
                MultiGzDecoder::new(body).take(limit).read_to_end(bytes)?;
            }
        } else {
            body.take(limit).read_to_end(bytes)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn names_are_compared_without_case() {
        let unsupported = |names: &str| ContentCoding::Unsupported(names.to_owned());
        for (values, expected) in [
            (&[][..], ContentCoding::Identity),
            (&["identity"], ContentCoding::Identity),
            (&[" "], ContentCoding::Identity),
            (&["gzip"], ContentCoding::Gzip),
            (&["GZIP"], ContentCoding::Gzip),
            (&["X-GZip"], ContentCoding::Gzip),
            (&[",identity ,", "gzip"], ContentCoding::Gzip),
            (&["br"], unsupported("br")),
            (&["gzip, Gzip"], unsupported("gzip, gzip")),
            (&["gzip", "deflate"], unsupported("gzip, deflate")),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CONTENT_ENCODING, HeaderValue::from_static(value));
            }
            assert_eq!(ContentCoding::of(&headers), expected, "{values:?}");
        }
    }
}
