//! Where results come in, as the flags say, and what has to be said about such a place before
//! anybody relies on it: who can reach it, who can read along, who can read its secret.

use std::net::SocketAddr;
use std::path::Path;

use url::Url;

use crate::config::Settings;
use crate::error::Error;
use crate::receiver::{FileExposure, Refusal, SecretPath};
use crate::urls::is_loopback;

use super::super::Context;
use super::Inbox;

/// What the flags of `listen`, and of a wait with `--listen`, say about it.
#[derive(Clone, Copy)]
pub(in super::super) struct Door<'a> {
    pub(in super::super) addr: SocketAddr,
    pub(in super::super) public_url: Option<&'a str>,
    pub(in super::super) path_secret_file: Option<&'a Path>,
}

impl Door<'_> {
    /// Starts receiving there.
    pub(in super::super) fn open(
        &self,
        context: &Context,
        settings: &Settings,
    ) -> Result<Inbox, Error> {
        let public_url = self.public_url.map(public).transpose()?;
        let path = match self.path_secret_file {
            Some(file) => SecretPath::from_file(file)?,
            None => SecretPath::random()?,
        };
        let exposure = path.exposure();
        let is_public = public_url.is_some();
        let progress = context.progress.clone();
        let on_refusal = move |refusal: Refusal| progress.warn(&refusal.to_string());
        let mut inbox = Inbox::open(self.addr, public_url, path, settings, on_refusal)?;
        if inbox.addr().ip().is_loopback() && !is_public && !is_loopback(&settings.base_url.value) {
            // The service would call itself.
            inbox.callable = None;
        }
        let warn = |text: &str| context.progress.warn(text);
        if let (Some(exposure), Some(file)) = (exposure, self.path_secret_file) {
            let can = match exposure {
                FileExposure::Read => "read",
                FileExposure::Change => "change",
            };
            let file = file.display();
            warn(&format!(
                "others can {can} the secret in {file}: chmod 600 it"
            ));
        }
        let ip = inbox.addr().ip();
        if ip.is_unspecified() && !is_public {
            warn(&format!(
                "listening on all addresses of this machine, and {ip} is none that the service can call: \
                 say with --public-url how it is reached, or listen on an address that others can reach"
            ));
        }
        if !ip.is_loopback() && inbox.callback_url().starts_with("http:") {
            warn(&format!(
                "what comes to {} is not encrypted: put something that speaks HTTPS before it, and \
                 give its address with --public-url",
                inbox.addr()
            ));
        }
        Ok(inbox)
    }
}

fn public(text: &str) -> Result<Url, Error> {
    Url::parse(text).map_err(|error| {
        let why = match error {
            _ if text.trim().is_empty() => "is empty".to_owned(),
            url::ParseError::RelativeUrlWithoutBase => {
                "must start with http:// or https://".to_owned()
            }
            error => format!("is no address: {error}"),
        };
        Error::usage(format!("--public-url {why}"))
            .with_hint("give an address such as https://ci.example.com/mavi")
    })
}
