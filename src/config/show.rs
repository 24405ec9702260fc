//! `mavi config show`: the settings in force as a configuration file that would set them, each with
//! where it came from. The token is named by its place alone; no command is run for it.

use std::fmt::{Display, Write as _};
use std::path::Path;
use std::time::Duration;

use super::settings::{Setting, Settings};
use super::value::format_size;
use crate::duration;
use crate::text;

/// Comments are not pushed further right than this by one long value.
const WIDEST: usize = 56;

/// The settings as lines of TOML, with a line end after each.
#[must_use]
pub fn show(settings: &Settings) -> String {
    let mut page = Page::default();
    page.head(settings);
    page.top(settings);
    page.section("submit");
    page.types(settings);
    page.optional("callback", &settings.submit.callback, |url| quoted(url));
    page.section("wait");
    page.value("timeout", &settings.wait.timeout, |timeout| match timeout {
        Some(timeout) => span(timeout),
        None => "0".into(),
    });
    page.optional("interval", &settings.wait.interval, span);
    page.section("output");
    page.value("format", &settings.format, |format| quoted(format.name()));
    page.section("limits");
    let limits = &settings.limits;
    page.plain("submit_audio_per_minute", &limits.submit_audio_per_minute);
    page.plain("submit_video_per_minute", &limits.submit_video_per_minute);
    page.plain("get_per_minute", &limits.get_per_minute);
    page.section("captions");
    let captions = &settings.captions;
    page.plain("max_line_width", &captions.max_line_width);
    page.plain("max_lines", &captions.max_lines);
    page.plain("max_cps", &captions.max_cps);
    page.value("min_duration", &captions.min_duration, span);
    page.value("max_duration", &captions.max_duration, span);
    page.value("min_gap", &captions.min_gap, span);
    page.finish()
}

/// The lines so far: what is said, and where it came from.
#[derive(Default)]
struct Page(Vec<(String, Option<String>)>);

impl Page {
    fn head(&mut self, settings: &Settings) {
        match &settings.file {
            None => self.line("# no configuration file: there is no home folder"),
            Some(file) => {
                let state = match (settings.file_exists, file.is_explicit()) {
                    (true, false) => String::new(),
                    (true, true) => format!(" ({})", file.origin.describe("config")),
                    (false, _) => " (does not exist; `mavi config init` writes it)".into(),
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
        match &settings.token_source {
            None => self.line("# token: not set"),
            Some(source) => self.line(format!(
                "# token: from {}, not shown",
                text::one_line(&source.origin())
            )),
        }
        self.line("");
    }

    fn top(&mut self, settings: &Settings) {
        self.value("base_url", &settings.base_url, |url| {
            quoted(url.as_str().trim_end_matches('/'))
        });
        self.value("auth_scheme", &settings.auth_scheme, |it| quoted(it.name()));
        self.optional("ca_file", &settings.ca_file, |path| quoted_path(path));
        self.plain("allow_http", &settings.allow_http);
        self.value("request_timeout", &settings.request_timeout, span);
        self.plain("retries", &settings.retries);
        self.plain("jobs", &settings.jobs);
        self.value("max_reply_size", &settings.max_reply_size, |&bytes| {
            quoted(&format_size(bytes))
        });
        self.value("time_unit", &settings.time_unit, |it| quoted(it.name()));
    }

    fn types(&mut self, settings: &Settings) {
        self.value("type", &settings.submit.types, |types| {
            let names: Vec<_> = types.iter().map(|kind| quoted(kind.name())).collect();
            format!("[{}]", names.join(", "))
        });
    }

    fn line(&mut self, text: impl Into<String>) {
        self.0.push((text.into(), None));
    }

    fn section(&mut self, name: &str) {
        self.line("");
        self.line(format!("[{name}]"));
    }

    fn value<T>(&mut self, key: &str, setting: &Setting<T>, write: impl Fn(&T) -> String) {
        let line = format!("{key} = {}", write(&setting.value));
        self.0.push((line, Some(setting.origin.to_string())));
    }

    fn plain<T: Display>(&mut self, key: &str, setting: &Setting<T>) {
        self.value(key, setting, T::to_string);
    }

    fn optional<T>(
        &mut self,
        key: &str,
        setting: &Setting<Option<T>>,
        write: impl Fn(&T) -> String,
    ) {
        match &setting.value {
            Some(value) => self.0.push((
                format!("{key} = {}", write(value)),
                Some(setting.origin.to_string()),
            )),
            None => self.line(format!("# {key} is not set")),
        }
    }

    fn finish(self) -> String {
        let width = self
            .0
            .iter()
            .filter(|(_, origin)| origin.is_some())
            .map(|(line, _)| line.chars().count())
            .filter(|&width| width <= WIDEST)
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

fn span(duration: &Duration) -> String {
    quoted(&duration::format(*duration))
}

fn quoted_path(path: &Path) -> String {
    quoted(&path.to_string_lossy())
}

/// The text as a TOML string.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
