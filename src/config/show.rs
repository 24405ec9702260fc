//! `mavi config show`: the settings in force as a configuration file that would set them, each with
//! its source. The token is named by its source alone; no command is run for it.

use std::fmt::Write as _;

use super::keys::KEYS;
use super::settings::Settings;
use super::token::TokenSource;
use crate::text;

/// The maximum width up to which a long value moves the comments of all lines to the right.
const MAX_WIDTH: usize = 56;

/// Returns the settings as lines of TOML, with a line end after each. `login` describes the stored login, if
/// there is one.
#[must_use]
pub(crate) fn show(settings: &Settings, login: Option<&str>) -> String {
    let mut page = TomlWriter::default();
    page.head(settings, login);
    let mut current = "";
    for key in KEYS {
        let Some((value, origin)) = (key.shown)(&settings.values) else {
            continue;
        };
        let (section, name) = key.name.split_once('.').unwrap_or(("", key.name));
        if section != std::mem::replace(&mut current, section) {
            page.line("");
            page.line(format!("[{section}]"));
        }
        match value {
            Some(value) => {
                let line = format!("{name} = {value}");
                page.0.push((line, Some(origin.to_string())));
            }
            None => page.line(format!("# {name} is not set")),
        }
    }
    page.finish()
}

/// The lines so far: the text, and the source for the comment after it.
#[derive(Default)]
struct TomlWriter(Vec<(String, Option<String>)>);

impl TomlWriter {
    fn head(&mut self, settings: &Settings, login: Option<&str>) {
        match &settings.file {
            None => self.line("# no configuration file: there is no home directory"),
            Some(file) => {
                let state = match (settings.file_exists, file.is_explicit()) {
                    (true, false) => String::new(),
                    (true, true) => format!(" ({})", file.origin.describe("config")),
                    (false, _) => " (does not exist; `mavi config init` creates it)".into(),
                };
                let path = file.path.display().to_string();
                self.line(format!("# file: {}{state}", text::one_line(&path)));
            }
        }
        match &settings.profile {
            None => self.line("# profile: none"),
            Some(name) => self.line(format!(
                "# profile: {} ({})",
                text::one_line(name),
                name.origin.describe("profile")
            )),
        }
        let source = settings.token_source.as_ref().map(TokenSource::origin);
        let source = source.map(|source| format!("from {}, not shown", text::one_line(&source)));
        let token = source.as_deref().or(login).unwrap_or("not set");
        self.line(format!("# token: {token}"));
        self.line("");
    }

    fn line(&mut self, text: impl Into<String>) {
        self.0.push((text.into(), None));
    }

    fn finish(self) -> String {
        let width = self
            .0
            .iter()
            .filter(|(_, origin)| origin.is_some())
            .map(|(line, _)| line.chars().count())
            .filter(|&width| width <= MAX_WIDTH)
            .max()
            .unwrap_or_default();
        self.0
            .iter()
            .fold(String::new(), |mut page, (line, origin)| {
                // Writing to a string cannot fail.
                let _ = match origin {
                    Some(origin) => writeln!(page, "{line:width$}  # {}", text::one_line(origin)),
                    None => writeln!(page, "{line}"),
                };
                page
            })
    }
}
