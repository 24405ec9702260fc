//! The type of the token: it can be moved and compared but not printed, logged or serialized by accident.
//! It is created where the token is read, and exposed in two places: the request, and the file of a login.

use std::fmt;

use zeroize::Zeroizing;

mod escapes;

/// A secret text. `Debug` prints a placeholder; there is no `Display` and no `Serialize`; the
/// memory is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Creates a secret; the memory is zeroed on drop.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Creates the secret of a token, without space around it and without `Bearer ` before it, as it
    /// stands in headers. Fails with the reason why the text cannot be one. A header can carry visible
    /// ASCII and spaces (RFC 9110, section 5.5).
    pub fn from_token(text: &str) -> Result<Self, &'static str> {
        let token = text.trim();
        let token = match token.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim_start(),
            _ if token.eq_ignore_ascii_case("bearer") => "",
            _ => token,
        };
        if token.is_empty() {
            return Err("gives an empty token");
        }
        if token.len() >= MAX_TOKEN {
            return Err("gives too long a line to be a token");
        }
        if !token.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err("gives a token with control characters or characters outside ASCII in it");
        }
        Ok(Self::new(token))
    }

    /// Returns the text. For the request that carries it, for the file of logins, and for redacting what
    /// the service echoes.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns `text` with every occurrence of the secret replaced by a placeholder. Each character may be
    /// escaped in the way of JSON, URLs or HTML. A long secret is also found where its case was changed.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        let (mut redacted, mut rest) = (String::with_capacity(text.len()), text);
        while let Some(c) = rest.chars().next() {
            let length = self.length_at_start(rest);
            match length {
                Some(_) => redacted.push_str(PLACEHOLDER),
                None => redacted.push(c),
            }
            rest = &rest[length.unwrap_or(c.len_utf8())..];
        }
        redacted
    }

    /// Returns the length of the longest writing of the secret with which `text` starts, in bytes.
    fn length_at_start(&self, text: &str) -> Option<usize> {
        let mut ends = Vec::new();
        for (number, wanted) in self.0.chars().enumerate() {
            // A character of the secret can look like an escape, so there can be several ends.
            let starts = match number {
                0 => vec![0],
                _ => std::mem::take(&mut ends),
            };
            for start in starts {
                for length in self.lengths_of(wanted, &text[start..]) {
                    if !ends.contains(&(start + length)) {
                        ends.push(start + length);
                    }
                }
            }
            if ends.is_empty() {
                return None;
            }
        }
        ends.into_iter().max()
    }

    /// Returns the lengths of the writings of a character with which `text` starts.
    fn lengths_of(&self, wanted: char, text: &str) -> impl Iterator<Item = usize> {
        let ignores_case = self.0.len() >= MIN_LENGTH_WITHOUT_CASE;
        let literal = text.chars().next().map(|c| (c, c.len_utf8()));
        let is_it = move |c: char| c == wanted || ignores_case && c.eq_ignore_ascii_case(&wanted);
        literal
            .into_iter()
            .chain(escapes::decode(text))
            .filter_map(move |(c, length)| is_it(c).then_some(length))
    }
}

/// The size from which a text cannot be a token, in bytes.
pub const MAX_TOKEN: usize = 64 * 1024;

const PLACEHOLDER: &str = "[token]";

/// Minimum length of a secret that is found in another case too, in bytes. A shorter one could be a word.
const MIN_LENGTH_WITHOUT_CASE: usize = 16;

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PLACEHOLDER)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn debug_shows_a_placeholder() {
        assert_eq!(
            format!("{:?}", Some(Secret::new("hunter2"))),
            "Some([token])"
        );
    }

    #[test]
    fn echo_is_redacted() {
        let secret = Secret::new("hunter2");
        assert_eq!(
            secret.redact("bad token hunter2, hunter2! Hunter2"),
            "bad token [token], [token]! Hunter2"
        );
        assert_eq!(Secret::new("").redact("text"), "text");
    }

    #[test]
    fn writings_of_the_secret_are_redacted() {
        let secret = Secret::new("aB/c+d==\"e\"-f_g.~");
        for writing in [
            r#"aB\/c+d==\"e\"-f_g.~"#,
            r"aB\u002fc\u002Bd\u003d\u003d\u0022e\u0022-f_g.~",
            "aB%2Fc%2Bd%3D%3D%22e%22-f_g.~",
            "aB%2fc%2bd%3d%3d%22e%22-f_g.%7E",
            "aB/c%2Bd%3D%3D%22e%22-f_g.~",
            "aB/c+d==&quot;e&quot;-f_g.~",
            "aB/c&#43;d&#61;=&#34;e&#x22;-f_g.~",
            "aB&#x2F;c&#x2b;d==&QUOT;e&quot;-f&lowbar;g.~",
            "ab%2fc%2bd%3d%3d&quot;e&quot;-f_g.~",
            "AB/C+D==\"E\"-F_G.~",
            "aB%252Fc%252Bd==&amp;quot;e&amp;quot;-f_g.~",
            r"aB/c\u0026#43;d==\\\u0022e\u0026quot;-f_g.~",
        ] {
            let redacted = secret.redact(&format!("<{writing}>{writing}"));
            assert_eq!(redacted, "<[token]>[token]", "{writing}");
        }
    }

    #[test]
    fn secret_that_looks_like_an_escape_is_redacted() {
        for secret in [
            "%2B%2B",
            "&quot;quot;",
            r"\\\\u0041",
            "a+b c",
            "&&amp;",
            "%%25",
        ] {
            let in_url: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            let in_json = serde_json::to_string(secret).unwrap();
            for writing in [secret, &in_url, in_json.trim_matches('"')] {
                let redacted = Secret::new(secret).redact(&format!("x{writing}y"));
                assert_eq!(redacted, "x[token]y", "{writing}");
            }
        }
    }

    /// Returns one of the writings of a character.
    fn written(c: char, how: usize) -> String {
        let named = [
            ('"', "quot"),
            ('&', "amp"),
            ('+', "plus"),
            ('=', "equals"),
            ('<', "lt"),
        ];
        let code = u32::from(c);
        match how {
            0 => format!("%{code:02X}"),
            1 => format!("%{code:02x}"),
            2 => format!("\\u{code:04x}"),
            3 => format!("\\u{code:04X}"),
            4 => format!("&#{code};"),
            5 => format!("&#x{code:x};"),
            6 => format!("&#X{code:X};"),
            7 if "\"/\\".contains(c) => format!("\\{c}"),
            8 => named
                .iter()
                .find(|(of, _)| *of == c)
                .map_or(c.to_string(), |(_, name)| format!("&{name};")),
            9 => format!("%25{code:02x}"),
            10 => c.to_lowercase().to_string(),
            _ => c.to_string(),
        }
    }

    proptest! {
        #[test]
        fn every_mix_of_writings_is_redacted(
            secret in "[ -~]{16,40}",
            hows in proptest::collection::vec(0..14_usize, 40),
            before in "[é一 .]{0,5}",
        ) {
            let writing: String = secret.chars().zip(hows).map(|(c, how)| written(c, how)).collect();
            let redacted = Secret::new(secret.as_str()).redact(&format!("{before}{writing}é"));
            prop_assert_eq!(redacted, format!("{before}[token]é"));
        }

        #[test]
        fn text_without_the_secret_is_unchanged(secret in "[a-m]{8,20}", text in "([n-zé%&;# \\\\]|%25|&amp;){0,60}") {
            prop_assert_eq!(Secret::new(secret).redact(&text), text);
        }
    }
}
