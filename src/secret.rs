//! The type of the token: it can be moved and compared but not printed, logged or serialized by accident.
//! It is created where the token is read and exposed in one place, the request header.

use std::fmt;

use zeroize::Zeroizing;

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

    /// Returns the text. For the request header, and for redacting what the service echoes.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns `text` with every occurrence of the secret replaced by a placeholder, also in the forms
    /// that JSON (an escaped solidus) and URLs (percent-encoding) give it.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        let in_json = self.0.replace('/', "\\/");
        let in_url: String = url::form_urlencoded::byte_serialize(self.0.as_bytes()).collect();
        [&in_json, &in_url, &in_url.to_lowercase(), self.expose()]
            .into_iter()
            .fold(text.to_owned(), |text, form| {
                text.replace(form, PLACEHOLDER)
            })
    }
}

const PLACEHOLDER: &str = "[token]";

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PLACEHOLDER)
    }
}

#[cfg(test)]
mod tests {
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
            secret.redact("bad token hunter2, hunter2!"),
            "bad token [token], [token]!"
        );
        assert_eq!(Secret::new("").redact("text"), "text");
    }
}
