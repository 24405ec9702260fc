//! Builds the command lines that resume a run, from its arguments and settings.

use std::ffi::OsString;
use std::path::Path;

use crate::cli::{Global, OutputArgs, Waiting};
use crate::config::Layer;
use crate::engine::CallbackReceiver;
use crate::engine::command_line::{CommandLine, HintCommands};
use crate::error::ErrorFormat;
use crate::ui::ColorChoice;

use super::Context;

impl Context {
    /// Returns a command with the flags of this run that choose the service.
    pub(super) fn service_command<'a>(
        &self,
        command: impl IntoIterator<Item = &'a str>,
    ) -> CommandLine {
        let mut line = CommandLine::new(["mavi"].into_iter().chain(command));
        line.option("--config", self.global.config.as_deref().map(text_of));
        line.option("--profile", self.global.profile.clone());
        let keys = Layer {
            base_url: self.global.keys.base_url.clone(),
            ..Layer::default()
        };
        for (flag, value) in keys.flags() {
            line.option(&flag, Some(value));
        }
        line
    }

    /// Returns the commands that hints name.
    pub(super) fn hint_commands(&self) -> HintCommands {
        HintCommands::new(self.service_command(["tasks"]))
    }

    /// Returns the commands that hints name, for a run with these output options. A file for all results
    /// is not for one of them.
    pub(super) fn hint_commands_for(
        &self,
        output: &OutputArgs,
        is_collected: bool,
    ) -> HintCommands {
        let commands = self.hint_commands();
        if is_collected {
            return commands;
        }
        commands.with_wait(self.wait_command(&Waiting::default(), output, None))
    }

    /// Returns the command that waits for tasks with the options of this run. A receiver is only worth
    /// having again where tasks know its address, secret path and port included.
    pub(super) fn wait_command(
        &self,
        waiting: &Waiting,
        output: &OutputArgs,
        receiver: Option<&CallbackReceiver>,
    ) -> CommandLine {
        let mut waiting = waiting.clone();
        if waiting.path_secret_file.is_some() {
            waiting.listen = receiver.map(CallbackReceiver::addr);
        } else {
            (waiting.listen, waiting.public_url) = (None, None);
        }
        let mut line = self.command_line("wait", waiting.layer().or(output.layer()));
        add_waiting(&mut line, &waiting);
        add_output(&mut line, output);
        line
    }

    /// Returns `mavi` with this command and the global flags of this run; `keys` are the flags of its
    /// own that configuration knows too.
    pub(super) fn command_line(&self, command: &str, keys: Layer) -> CommandLine {
        let mut line = CommandLine::new(["mavi", command]);
        let global: &Global = &self.global;
        line.option("--config", global.config.as_deref().map(text_of));
        line.option("--profile", global.profile.clone());
        for (flag, value) in global.keys.layer().or(keys).flags() {
            line.option(&flag, Some(value));
        }
        line.switch("--quiet", global.quiet);
        line.switch("--verbose", global.verbose);
        let color = (global.color != ColorChoice::default()).then(|| global.color.name());
        line.option("--color", color);
        let errors = global.error_format;
        line.option(
            "--error-format",
            (errors != ErrorFormat::default()).then(|| errors.name()),
        );
        line
    }
}

/// Adds the flags of waiting that are not keys of the configuration.
pub(super) fn add_waiting(line: &mut CommandLine, waiting: &Waiting) {
    line.option("--listen", waiting.listen.map(|addr| addr.to_string()));
    line.option("--public-url", waiting.public_url.clone());
    line.option(
        "--path-secret-file",
        waiting.path_secret_file.as_deref().map(text_of),
    );
}

/// Adds the output options that are not keys of the configuration.
pub(super) fn add_output(line: &mut CommandLine, output: &OutputArgs) {
    let formats: Vec<&str> = output.formats.iter().map(|format| format.name()).collect();
    line.option("--format", (!formats.is_empty()).then(|| formats.join(",")));
    line.option("--output", output.output.as_deref().map(text_of));
    line.switch("--no-clobber", output.no_clobber);
    line.option("--media", output.media.as_deref().map(text_of));
    line.switch("--reflow", output.reflow);
}

/// Returns the arguments as they were given, for the command that goes on; `None` where they came by
/// stdin, or cannot be shown as they are.
pub(super) fn given(arguments: &[OsString]) -> Option<Vec<String>> {
    let is_stdin = arguments.iter().any(|argument| argument == "-");
    let texts = arguments.iter().map(|argument| argument.to_str());
    let texts: Option<Vec<&str>> = texts.collect();
    let texts = texts.filter(|_| !is_stdin)?;
    Some(texts.into_iter().map(str::to_owned).collect())
}

fn text_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
