//! [`Settings::load`]: finds and reads the configuration file, chooses the profile and the source of
//! the token, and merges flags, environment, file and defaults into checked settings.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::check;
use super::env::{Env, MAVI_PROFILE, MAVI_TOKEN};
use super::file::ConfigFile;
use super::key::Source;
use super::keys::{KEYS, Layer, Values};
use super::origin::{Origin, Setting};
use super::paths::{self, ConfigPath, PathBase};
use super::settings::Settings;
use super::token::{self, TokenSource};
use crate::error::Error;

/// The configuration file and the profile that the flags name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    /// `--config`: the file, which must then exist.
    pub config: Option<PathBuf>,
    /// `--profile`: the profile, which must then exist.
    pub profile: Option<String>,
}

/// The settings of a run, and warnings about them.
#[derive(Debug)]
pub(crate) struct LoadedSettings {
    /// The settings, checked.
    pub settings: Settings,
    /// Warnings, a sentence each.
    pub warnings: Vec<String>,
}

impl Settings {
    /// Reads the configuration file and merges it with flags, environment and defaults.
    ///
    /// Fails with kind `config`, or `usage` where a flag is at fault. A missing token is not an error
    /// here: see [`Settings::token`].
    pub(crate) fn load(
        selection: &Selection,
        flags: Layer,
        env: &Env,
    ) -> Result<LoadedSettings, Error> {
        let location = paths::config_file(selection.config.as_deref(), env)?;
        let mut warnings = Vec::new();
        let file = match &location {
            Some(location) => read(location, env, &mut warnings)?,
            None => None,
        };
        let file_exists = file.is_some();
        let mut file = file.unwrap_or_default();
        let profile = profile(selection, env, &file, location.as_ref())?;
        let environment = environment(env, &flags)?;
        let mut layers = vec![(Source::Flags, flags), (Source::Environment, environment)];
        if let Some(Setting { value: name, .. }) = &profile
            && let Some(layer) = file.profiles.remove(name)
        {
            layers.push((Source::Profile(name.clone()), layer));
        }
        layers.push((Source::File, file.top));
        let token_source = token_source(&layers);
        warnings.extend(token_source.as_ref().and_then(TokenSource::warning));
        let values = Values::merge(&layers);
        check::base_url(&values)?;
        check::cue_durations(&values)?;
        let settings = Self {
            file: location,
            file_exists,
            profile,
            token_source,
            values,
        };
        Ok(LoadedSettings { settings, warnings })
    }
}

/// Returns the names of the profiles in the configuration file, `--config` or the usual one; none where it
/// cannot be read.
pub(crate) fn profile_names(config: Option<&Path>, env: &Env) -> Vec<String> {
    let location = paths::config_file(config, env).ok().flatten();
    let file = location.and_then(|location| read(&location, env, &mut Vec::new()).ok()?);
    file.map_or_else(Vec::new, |file| file.profiles.into_keys().collect())
}

/// Reads the file; `None` if the platform's own file does not exist.
fn read(
    location: &ConfigPath,
    env: &Env,
    warnings: &mut Vec<String>,
) -> Result<Option<ConfigFile>, Error> {
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
            let flag = match location.origin {
                Origin::Flag => format!("--config {} ", shell_words::quote(&shown.to_string())),
                _ => String::new(),
            };
            return Err(Error::config(format!(
                "the configuration file {shown} ({named_by}) does not exist"
            ))
            .with_hint(format!("to create it, run: mavi {flag}config init")));
        }
        Err(error) => {
            return Err(Error::config(format!(
                "could not read the configuration file {shown}: {error}"
            )));
        }
    };
    let file = ConfigFile::parse(&text, &PathBase { file: path, env })?;
    if file.holds_token() {
        warnings.extend(token::exposure_warning(path, &metadata));
    }
    Ok(Some(file))
}

/// Returns the profile that was asked for; it must exist.
fn profile(
    selection: &Selection,
    env: &Env,
    file: &ConfigFile,
    location: Option<&ConfigPath>,
) -> Result<Option<Setting<String>>, Error> {
    let chosen = match (&selection.profile, env.get(MAVI_PROFILE)?) {
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
        Some(ConfigPath { path, .. }) if known.is_empty() => format!("{} has none", path.display()),
        Some(ConfigPath { path, .. }) => format!("{} has {known}", path.display()),
    };
    let message = format!("there is no profile {:?}: {why}", chosen.value);
    let section = toml::Value::from(chosen.value.as_str());
    Err(chosen.origin.error(message).with_hint(format!(
        "add a section [profiles.{section}] to the configuration file; to find it, run: mavi config path"
    )))
}

/// Reads the environment variables of the keys that the flags leave open.
fn environment(env: &Env, flags: &Layer) -> Result<Layer, Error> {
    let mut layer = Layer::default();
    for key in KEYS {
        if let Some(variable) = key.extra.variable
            && (key.text)(flags).is_none()
            && let Some(text) = env.get(variable)?
        {
            key.set_text(&mut layer, text)
                .map_err(|why| Error::config(format!("{variable} {why}")))?;
        }
    }
    Ok(layer)
}

/// Returns the token source of the most specific layer that has one; within a layer `token` comes
/// before `token_file`, and that before `token_command`.
fn token_source(layers: &[(Source, Layer)]) -> Option<TokenSource> {
    layers.iter().find_map(|(source, layer)| {
        let origin = source.origin(Some(MAVI_TOKEN));
        if let Some(token) = &layer.token {
            return Some(TokenSource::text(token.clone(), origin));
        }
        if let Some(file) = &layer.token_file {
            return Some(TokenSource::file(file.clone(), origin));
        }
        let argv = layer.token_command.clone()?;
        Some(TokenSource::command(argv, origin))
    })
}
