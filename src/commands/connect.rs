//! From flags and settings to a client of the service.

use crate::api::{Client, ClientOptions};
use crate::cli::{Global, Output, Submit, Waiting};
use crate::config::{AuthScheme, Overrides, Settings};
use crate::error::Error;

use super::Context;

/// The flags that outrank configuration.
pub(super) fn overrides(global: &Global) -> Overrides {
    Overrides {
        config: global.config.clone(),
        profile: global.profile.clone(),
        base_url: global.base_url.clone(),
        request_timeout: global.request_timeout,
        retries: global.retries,
        jobs: global.jobs,
        ..Overrides::default()
    }
}

/// The same with a command's own flags.
pub(super) trait AddTo {
    /// Adds what these flags say.
    fn add_to(&self, overrides: Overrides) -> Overrides;
}

impl AddTo for Waiting {
    fn add_to(&self, overrides: Overrides) -> Overrides {
        Overrides {
            timeout: self.timeout,
            interval: self.interval,
            ..overrides
        }
    }
}

impl AddTo for Output {
    fn add_to(&self, overrides: Overrides) -> Overrides {
        let limits = &self.limits;
        Overrides {
            time_unit: self.time_unit,
            max_line_width: limits.max_line_width,
            max_lines: limits.max_lines,
            max_cps: limits.max_cps,
            min_duration: limits.min_duration,
            max_duration: limits.max_duration,
            min_gap: limits.min_gap,
            ..overrides
        }
    }
}

impl AddTo for Submit {
    fn add_to(&self, overrides: Overrides) -> Overrides {
        let overrides = Overrides {
            types: self.types.clone(),
            callback: self.callback.clone(),
            ..overrides
        };
        self.output.add_to(self.waiting.add_to(overrides))
    }
}

impl Context {
    /// The client below a run; nothing has been sent.
    pub(super) fn client(
        &self,
        settings: &Settings,
        reuse_connections: bool,
    ) -> Result<Client, Error> {
        let options = ClientOptions {
            base_url: settings.base_url.value.clone(),
            raw_token: *settings.auth_scheme == AuthScheme::Raw,
            ca_file: settings.ca_file.value.clone(),
            max_reply_size: *settings.max_reply_size,
            time_unit: *settings.time_unit,
            connect_timeout: settings.request_timeout.mul_f64(0.9),
            reuse_connections,
        };
        let observer = self.global.verbose.then(|| {
            let progress = self.progress.clone();
            Box::new(move |line: &str| progress.note(line)) as _
        });
        Client::new(options, observer)
    }
}
