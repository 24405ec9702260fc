//! Says which callback addresses the sandbox leaves alone, and why: whoever tries callbacks should
//! not have to wonder. Each is said once, without its path, which may be a secret.

use std::collections::HashSet;
use std::fmt;

use url::Url;

/// Nobody needs to hear of more.
const MOST: usize = 20;

type Tell = Box<dyn Fn(&str) + Send>;

/// The addresses that were not called.
#[derive(Default)]
pub(super) struct Uncalled {
    said: HashSet<String>,
    tell: Option<Tell>,
}

impl Uncalled {
    /// From now on, `tell` hears of them.
    pub(super) fn tell(&mut self, tell: impl Fn(&str) + Send + 'static) {
        self.tell = Some(Box::new(tell));
    }

    /// This address is not called.
    pub(super) fn note(&mut self, url: &Url) {
        let address = url.origin().ascii_serialization();
        let why = if url.scheme() == "http" {
            "only this machine is called (127.0.0.1, [::1], localhost), unless --callbacks-anywhere is given"
        } else {
            "it speaks no TLS, so the address has to start with http://"
        };
        let is_new = self.said.len() < MOST && self.said.insert(address.clone());
        if let (Some(tell), true) = (&self.tell, is_new) {
            tell(&format!("the sandbox does not call {address}: {why}"));
        }
    }
}

impl fmt::Debug for Uncalled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Uncalled")
            .field("said", &self.said)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn each_address_is_said_once_with_the_reason_and_without_its_path() {
        let (sender, said) = mpsc::channel();
        let mut uncalled = Uncalled::default();
        uncalled.tell(move |line| sender.send(line.to_owned()).unwrap());
        for url in [
            "http://10.0.0.1:8787/secret",
            "http://10.0.0.1:8787/other",
            "https://127.0.0.1/secret",
        ] {
            uncalled.note(&Url::parse(url).unwrap());
        }
        for at in 0..100 {
            uncalled.note(&Url::parse(&format!("http://host{at}/")).unwrap());
        }
        drop(uncalled);
        let said: Vec<String> = said.iter().collect();
        assert_eq!(said.len(), MOST);
        assert!(
            said[0].contains("http://10.0.0.1:8787: only this machine"),
            "{said:?}"
        );
        assert!(
            said[1].contains("https://127.0.0.1: it speaks no TLS"),
            "{said:?}"
        );
        assert!(!said.iter().any(|line| line.contains("secret")));
    }
}
