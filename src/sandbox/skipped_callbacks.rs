//! Reports the callback addresses that the sandbox does not call, and why: each once, without its
//! path, which may be a secret.

use std::collections::HashSet;

use url::Url;

/// Maximum number of distinct addresses to report.
const MAX_REPORTED: usize = 20;

type LogFn = Box<dyn Fn(&str) + Send>;

/// The addresses that were skipped.
pub(super) struct SkippedCallbacks {
    reported: HashSet<String>,
    log: LogFn,
}

impl SkippedCallbacks {
    pub(super) fn new(log: impl Fn(&str) + Send + 'static) -> Self {
        Self {
            reported: HashSet::new(),
            log: Box::new(log),
        }
    }

    /// Reports this address, unless it has been reported.
    pub(super) fn report(&mut self, url: &Url) {
        let address = url.origin().ascii_serialization();
        let why = if url.scheme() == "http" {
            "only loopback addresses are called (127.0.0.1, [::1], localhost), unless --callbacks-anywhere is given"
        } else {
            "it does not speak TLS, so the address has to start with http://"
        };
        if self.reported.len() < MAX_REPORTED && self.reported.insert(address.clone()) {
            (self.log)(&format!("the sandbox does not call {address}: {why}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn each_address_is_reported_once_with_reason_and_without_path() {
        let (sender, lines) = mpsc::channel();
        let mut skipped = SkippedCallbacks::new(move |line| sender.send(line.to_owned()).unwrap());
        for url in [
            "http://10.0.0.1:8787/secret",
            "http://10.0.0.1:8787/other",
            "https://127.0.0.1/secret",
        ] {
            skipped.report(&Url::parse(url).unwrap());
        }
        for at in 0..100 {
            skipped.report(&Url::parse(&format!("http://host{at}/")).unwrap());
        }
        drop(skipped);
        let lines: Vec<String> = lines.iter().collect();
        assert_eq!(lines.len(), MAX_REPORTED);
        assert!(
            lines[0].contains("http://10.0.0.1:8787: only loopback"),
            "{lines:?}"
        );
        assert!(
            lines[1].contains("https://127.0.0.1: it does not speak TLS"),
            "{lines:?}"
        );
        assert!(!lines.iter().any(|line| line.contains("secret")));
    }
}
