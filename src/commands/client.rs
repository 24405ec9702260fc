//! Builds the client of the service from the settings.

use std::ffi::OsStr;

use crate::api::{ClientOptions, HttpClient, ProxyOptions};
use crate::config::{AuthScheme, Settings, proxy};
use crate::error::Error;

use super::Context;

impl Context {
    /// Creates the client of a run; nothing has been sent. `reuse_connections` says whether connections
    /// are kept open between requests.
    pub(super) fn client(
        &self,
        settings: &Settings,
        reuse_connections: bool,
    ) -> Result<HttpClient, Error> {
        let ca_file = settings.ca_file.as_ref();
        let options = ClientOptions {
            base_url: settings.base_url.value.clone(),
            raw_token: *settings.auth_scheme == AuthScheme::Raw,
            ca_file: ca_file.map(|file| file.path.clone()),
            cert_file: self.env.ssl_cert_file().map(OsStr::to_owned),
            max_reply_size: *settings.max_reply_size,
            time_unit: *settings.time_unit,
            connect_timeout: *settings.request_timeout / 2,
            reuse_connections,
            proxy: self.proxy(settings)?,
        };
        let observer = self.global.verbose.then(|| {
            let reporter = self.reporter.clone();
            Box::new(move |line: &str| reporter.info(line)) as _
        });
        HttpClient::new(options, observer)
    }

    /// Returns the proxy that the environment names for the service.
    pub(super) fn proxy(&self, settings: &Settings) -> Result<Option<ProxyOptions>, Error> {
        let proxy = proxy::for_url(&settings.base_url, &self.env)?;
        Ok(proxy.map(|proxy| ProxyOptions {
            url: proxy.url,
            no_proxy: proxy.no_proxy,
        }))
    }
}
