//! [`Settings::load`]: finds and reads the configuration file, chooses the profile and the token's
//! source, and joins everything into checked settings.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::Duration;

use super::env::{Env, MAVI_PROFILE};
use super::file::File;
use super::layers::Layers;
use super::paths::{self, Location};
use super::settings::{AuthScheme, Origin, Setting, Settings};
use super::token::TokenSource;
use super::{Overrides, check};
use crate::error::Error;
use crate::transcript::TimeUnit;

/// The settings of a run, and what its user should know about them.
#[derive(Debug)]
pub struct Loaded {
    /// The settings, checked.
    pub settings: Settings,
    /// Warnings, a sentence each, for stderr.
    pub warnings: Vec<String>,
}

impl Settings {
    /// Reads the configuration file and joins it with flags, environment and defaults.
    ///
    /// Fails with kind `config`, or `usage` where a flag is at fault, before anything is sent. A
    /// missing token is not an error here: see [`Settings::token`].
    pub fn load(flags: &Overrides, env: &Env) -> Result<Loaded, Error> {
        let location = paths::config_file(flags.config.as_deref(), env)?;
        let mut warnings = Vec::new();
        let file = match &location {
            Some(location) => read(location, &mut warnings)?,
            None => None,
        };
        let file_exists = file.is_some();
        let file = file.unwrap_or_default();
        let path = location.as_ref().map_or(Path::new(""), |at| &at.path);
        let profile = profile(flags, env, &file, location.as_ref())?;
        let layers = Layers {
            profile: profile
                .as_ref()
                .and_then(|name| file.profiles.get_key_value(&name.value)),
            top: &file.top,
        };
        let token_source = token_source(&layers, path, env)?;
        warnings.extend(token_source.as_ref().and_then(TokenSource::warning));
        let allow_http = layers.pick(None, |layer| layer.allow_http, false);
        let base_url = layers.base_url(flags, env)?;
        let timeout = Duration::from_mins(1);
        let timeout = layers.pick(
            flags.request_timeout,
            |layer| layer.request_timeout,
            timeout,
        );
        let jobs = layers.pick(flags.jobs, |layer| layer.jobs.map(Into::into), 4);
        let seconds = TimeUnit::Seconds;
        let settings = Settings {
            base_url: check::base_url(base_url, *allow_http)?,
            auth_scheme: layers.pick(None, |layer| layer.auth_scheme, AuthScheme::default()),
            ca_file: layers.ca_file(path, env)?,
            allow_http,
            request_timeout: check::request_timeout(timeout)?,
            retries: layers.pick(flags.retries, |layer| layer.retries, 3),
            jobs: check::jobs(jobs)?,
            max_reply_size: layers.pick(None, |layer| layer.max_reply_size, 256 << 20),
            time_unit: layers.pick(flags.time_unit, |layer| layer.time_unit, seconds),
            submit: layers.submit(flags)?,
            wait: layers.wait(flags)?,
            format: layers.format(env)?,
            limits: layers.limits(),
            captions: check::captions(layers.captions(flags))?,
            file: location,
            file_exists,
            profile,
            token_source,
        };
        Ok(Loaded { settings, warnings })
    }
}

/// The file's content; `None` where the platform's own file does not exist.
fn read(location: &Location, warnings: &mut Vec<String>) -> Result<Option<File>, Error> {
    let path = &location.path;
    let shown = path.display();
    let mut text = String::new();
    let opened = fs::File::open(path).and_then(|mut file| {
        file.read_to_string(&mut text)?;
        file.metadata()
    });
    let metadata = match opened {
        Ok(metadata) => metadata,
        // HOME=/dev/null, as some build machines have it, comes as "not a directory".
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            if !location.is_explicit() {
                return Ok(None);
            }
            let named_by = location.origin.describe("config");
            return Err(Error::config(format!(
                "the configuration file {shown} ({named_by}) does not exist"
            ))
            .with_hint("`mavi config init` writes one to begin with"));
        }
        Err(error) => {
            return Err(Error::config(format!(
                "the configuration file {shown} cannot be read: {error}"
            )));
        }
    };
    let file = File::parse(&text, path)?;
    if file.holds_token() && paths::others_can_read(&metadata) {
        warnings.push(paths::exposed(path));
    }
    Ok(Some(file))
}

/// The profile that was asked for; it must exist.
fn profile(
    flags: &Overrides,
    env: &Env,
    file: &File,
    location: Option<&Location>,
) -> Result<Option<Setting<String>>, Error> {
    let chosen = match (&flags.profile, env.get(MAVI_PROFILE)?) {
        (Some(name), _) => Setting::new(name.clone(), Origin::Flag),
        (None, Some(name)) => Setting::new(name.to_owned(), Origin::Environment(MAVI_PROFILE)),
        (None, None) => return Ok(None),
    };
    if file.profiles.contains_key(&chosen.value) {
        return Ok(Some(chosen));
    }
    let known = file.profiles.keys().cloned().collect::<Vec<_>>().join(", ");
    let why = match location {
        None => "there is no configuration file".to_owned(),
        Some(Location { path, .. }) if known.is_empty() => format!("{} has none", path.display()),
        Some(Location { path, .. }) => format!("{} has {known}", path.display()),
    };
    let message = format!("there is no profile {:?}: {why}", chosen.value);
    let section = toml::Value::from(chosen.value.as_str());
    Err(check::blame(&chosen.origin, message).with_hint(format!(
        "a profile is a section [profiles.{section}] of the configuration file; `mavi config path` names the file"
    )))
}

/// The most specific layer that has a token; within a layer `token`, `token_file`, `token_command`.
fn token_source(layers: &Layers<'_>, path: &Path, env: &Env) -> Result<Option<TokenSource>, Error> {
    if let Some(source) = TokenSource::from_env(env)? {
        return Ok(Some(source));
    }
    for (layer, origin) in layers.iter() {
        if let Some(token) = &layer.token {
            return Ok(Some(TokenSource::text(token.clone(), origin)));
        }
        if let Some(written) = &layer.token_file {
            let path = paths::expand(written, path, env)?;
            return Ok(Some(TokenSource::file(path, written.clone(), origin)));
        }
        if let Some(argv) = &layer.token_command {
            return Ok(Some(TokenSource::command(argv.clone(), origin)));
        }
    }
    Ok(None)
}
