//! From flags and settings to a session with the service.

use std::num::NonZeroU32;

use crate::api::{Client, ClientOptions, Credentials, Limits, Session, SessionOptions};
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
    /// A session with the service: the token is at hand, nothing has been sent.
    pub(super) fn connect(&self, settings: &Settings) -> Result<Session, Error> {
        let source = settings.token()?.clone();
        let renewable = source.can_renew();
        let credentials = Credentials::new(move || source.fetch(), renewable);
        credentials.prepare()?;
        let progress = self.progress.clone();
        let options = SessionOptions {
            request_timeout: *settings.request_timeout,
            retries: *settings.retries,
            limits: Limits {
                submit_audio: at_least_one(*settings.limits.submit_audio_per_minute),
                submit_video: at_least_one(*settings.limits.submit_video_per_minute),
                get: at_least_one(*settings.limits.get_per_minute),
            },
            trouble: Box::new(move |line: &str| progress.note(line)),
        };
        Ok(Session::new(self.client(settings)?, credentials, options))
    }

    /// The client below a session; nothing has been sent.
    pub(super) fn client(&self, settings: &Settings) -> Result<Client, Error> {
        let options = ClientOptions {
            base_url: settings.base_url.value.clone(),
            raw_token: *settings.auth_scheme == AuthScheme::Raw,
            ca_file: settings.ca_file.value.clone(),
            max_reply_size: *settings.max_reply_size,
            time_unit: *settings.time_unit,
        };
        let observer = self.global.verbose.then(|| {
            let progress = self.progress.clone();
            Box::new(move |line: &str| progress.note(line)) as _
        });
        Client::new(options, observer)
    }
}

/// A limit as the budgets take it; configuration has refused zero.
fn at_least_one(limit: u32) -> NonZeroU32 {
    NonZeroU32::new(limit).unwrap_or(NonZeroU32::MIN)
}
