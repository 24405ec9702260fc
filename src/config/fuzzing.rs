//! The seam of the fuzz target `config`.

use std::path::Path;

use super::env::Env;
use super::file::ConfigFile;
use super::paths::PathBase;
use crate::error::Error;

/// Parses `text` as the configuration file `config.toml` of a user without a home directory.
pub fn parse(text: &str) -> Result<(), Error> {
    let base = PathBase {
        file: Path::new("config.toml"),
        env: &Env::default(),
    };
    ConfigFile::parse(text, &base).map(|_| ())
}
