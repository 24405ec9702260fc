//! The settings of a run: what the flags, the environment and the configuration file say, merged by one
//! rule of precedence, each value with its source. Nothing here knows clap or HTTP: flags arrive as a
//! plain [`Layer`], and what leaves is plain `Settings`, already checked. Each key stands in one place,
//! the table in `keys`.

pub mod env;
#[cfg(fuzzing)]
pub mod fuzzing;
pub(crate) mod init;
pub(crate) mod paths;
pub(crate) mod proxy;

mod check;
mod file;
mod key;
mod keys;
mod load;
mod lookup;
mod origin;
mod settings;
mod show;
mod table;
mod token;
mod token_command;
mod types;
mod user_dirs;
mod value;

#[cfg(test)]
mod tests;

pub(crate) use env::Env;
pub(crate) use key::Group;
pub use keys::{AuthScheme, Layer};
pub(crate) use keys::{CaptionSettings, Key};
pub(crate) use load::{Selection, profile_names};
pub(crate) use lookup::in_group;
pub(crate) use origin::{Origin, Setting};
pub(crate) use settings::Settings;
pub(crate) use show::show;
pub(crate) use token::TokenSource;
