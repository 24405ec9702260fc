//! The rule of precedence: flag, environment, profile, top of the file, default. Each value is picked
//! from the most specific place that has one; the groups of values that need more are put together
//! and checked here.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::env::{Env, MAVI_BASE_URL, MAVI_FORMAT};
use super::file::Layer;
use super::paths;
use super::settings::{Captions, Limits, Origin, Setting, SubmitSettings, WaitSettings};
use super::{Overrides, check, keys, value};
use crate::error::Error;
use crate::ids::TranscriptionType;
use crate::render::Format;

const BASE_URL: &str = "https://mavi-backend.memories.ai";

/// The two layers of the file that are in force.
pub(super) struct Layers<'a> {
    pub profile: Option<(&'a String, &'a Layer)>,
    pub top: &'a Layer,
}

impl<'a> Layers<'a> {
    /// The layers with their names, most specific first.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&'a Layer, Origin)> {
        self.profile
            .map(|(name, layer)| (layer, Origin::Profile(name.clone())))
            .into_iter()
            .chain([(self.top, Origin::File)])
    }

    /// The value of a setting that the environment cannot set.
    pub(super) fn pick<T>(
        &self,
        flag: Option<T>,
        get: impl Fn(&Layer) -> Option<T>,
        default: T,
    ) -> Setting<T> {
        self.pick_with_env(flag, None, get, default)
    }

    fn pick_with_env<T>(
        &self,
        flag: Option<T>,
        variable: Option<(&'static str, T)>,
        get: impl Fn(&Layer) -> Option<T>,
        default: T,
    ) -> Setting<T> {
        if let Some(value) = flag {
            return Setting::new(value, Origin::Flag);
        }
        if let Some((name, value)) = variable {
            return Setting::new(value, Origin::Environment(name));
        }
        self.iter()
            .find_map(|(layer, origin)| Some(Setting::new(get(layer)?, origin)))
            .unwrap_or_else(|| Setting::new(default, Origin::Default))
    }

    pub(super) fn base_url(&self, flags: &Overrides, env: &Env) -> Result<Setting<String>, Error> {
        let variable = env.get(MAVI_BASE_URL)?;
        Ok(self.pick_with_env(
            flags.base_url.clone(),
            variable.map(|url| (MAVI_BASE_URL, url.to_owned())),
            |layer| layer.base_url.clone(),
            BASE_URL.to_owned(),
        ))
    }

    pub(super) fn ca_file(
        &self,
        file: &Path,
        env: &Env,
    ) -> Result<Setting<Option<PathBuf>>, Error> {
        let Setting { value, origin } =
            self.pick(None, |layer| layer.ca_file.clone().map(Some), None);
        let path = value
            .map(|text| paths::expand(&text, file, env))
            .transpose()?;
        Ok(Setting::new(path, origin))
    }

    pub(super) fn submit(&self, flags: &Overrides) -> Result<SubmitSettings, Error> {
        let types = Some(flags.types.clone()).filter(|types| !types.is_empty());
        let callback = self.pick(
            flags.callback.clone().map(Some),
            |layer| layer.submit.callback.clone().map(Some),
            None,
        );
        Ok(SubmitSettings {
            types: self.pick(
                types.map(value::each_once),
                |layer| layer.submit.types.clone(),
                vec![TranscriptionType::default()],
            ),
            callback: check::callback(callback)?,
        })
    }

    pub(super) fn wait(&self, flags: &Overrides) -> Result<WaitSettings, Error> {
        let timeout = self.pick(
            flags.timeout,
            |layer| layer.wait.timeout,
            Duration::from_hours(1),
        );
        let interval = self.pick(
            flags.interval.map(Some),
            |layer| layer.wait.interval.map(Some),
            None,
        );
        check::span("wait.timeout", *timeout, &timeout.origin)?;
        check::span(
            "wait.interval",
            interval.unwrap_or_default(),
            &interval.origin,
        )?;
        Ok(WaitSettings {
            timeout: timeout.map(|timeout| Some(timeout).filter(|timeout| !timeout.is_zero())),
            interval,
        })
    }

    pub(super) fn format(&self, env: &Env) -> Result<Setting<Format>, Error> {
        let variable = match env.get(MAVI_FORMAT)? {
            None => None,
            Some(name) => Some(Format::from_name(name).ok_or_else(|| {
                let expected = keys::FORMAT;
                Error::config(format!("{MAVI_FORMAT} is {name:?}; it must be {expected}"))
            })?),
        };
        Ok(self.pick_with_env(
            None,
            variable.map(|format| (MAVI_FORMAT, format)),
            |layer| layer.output.format,
            Format::default(),
        ))
    }

    pub(super) fn limits(&self) -> Limits {
        Limits {
            submit_audio_per_minute: self.pick(
                None,
                |layer| layer.limits.submit_audio_per_minute.map(Into::into),
                50,
            ),
            submit_video_per_minute: self.pick(
                None,
                |layer| layer.limits.submit_video_per_minute.map(Into::into),
                20,
            ),
            get_per_minute: self.pick(
                None,
                |layer| layer.limits.get_per_minute.map(Into::into),
                50,
            ),
        }
    }

    pub(super) fn captions(&self, flags: &Overrides) -> Captions {
        Captions {
            max_line_width: self.pick(
                flags.max_line_width,
                |layer| layer.captions.max_line_width.map(Into::into),
                42,
            ),
            max_lines: self.pick(
                flags.max_lines,
                |layer| layer.captions.max_lines.map(Into::into),
                2,
            ),
            max_cps: self.pick(
                flags.max_cps,
                |layer| layer.captions.max_cps.map(Into::into),
                20,
            ),
            min_duration: self.pick(
                flags.min_duration,
                |layer| layer.captions.min_duration,
                Duration::from_millis(833),
            ),
            max_duration: self.pick(
                flags.max_duration,
                |layer| layer.captions.max_duration,
                Duration::from_secs(7),
            ),
            min_gap: self.pick(
                flags.min_gap,
                |layer| layer.captions.min_gap,
                Duration::from_millis(83),
            ),
        }
    }
}
