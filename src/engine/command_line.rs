//! Command lines to show to the user, ready to be pasted into a shell.

use std::fmt::Write as _;

use crate::ids::{TaskNo, TranscriptionType, VideoNo};
use crate::text;

/// A command line, quoted for POSIX shells when it is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandLine(Vec<String>);

impl CommandLine {
    /// Creates a command line of these words.
    pub fn new<W: Into<String>>(words: impl IntoIterator<Item = W>) -> Self {
        Self(words.into_iter().map(Into::into).collect())
    }

    /// Returns the command line with another command in place of its own.
    #[must_use]
    pub(super) fn renamed(mut self, command: &str) -> Self {
        command.clone_into(&mut self.0[1]);
        self
    }

    /// Returns `true` if the command can be shown as it is: its words are text, on one line.
    pub(super) fn is_exact(&self) -> bool {
        let is_exact =
            |word: &String| !word.contains('\u{fffd}') && text::one_line(word) == word.trim();
        self.0.iter().all(is_exact)
    }

    /// Adds a word.
    #[must_use]
    pub fn with(mut self, word: impl Into<String>) -> Self {
        self.0.push(word.into());
        self
    }

    /// Adds a flag, if it is set.
    pub fn switch(&mut self, name: &str, is_set: bool) {
        if is_set {
            self.0.push(name.to_owned());
        }
    }

    /// Adds a flag with its value, if it has one. A value that looks like a flag is joined with `=`.
    pub fn option(&mut self, name: &str, value: Option<impl Into<String>>) {
        match value.map(Into::into) {
            Some(value) if value.starts_with('-') => self.0.push(format!("{name}={value}")),
            Some(value) => self.0.extend([name.to_owned(), value]),
            None => {}
        }
    }

    /// Adds arguments, after `--` if one looks like a flag.
    #[must_use]
    pub fn with_args<A: ToString>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        let args: Vec<String> = args.into_iter().map(|arg| arg.to_string()).collect();
        self.switch("--", args.iter().any(|arg| arg.starts_with('-')));
        self.0.extend(args);
        self
    }
}

/// The commands that hints name. They carry the flags of the run that choose the service: without them,
/// another one would be asked.
#[derive(Clone, Debug)]
pub struct HintCommands {
    /// A command with the flags that choose the service.
    service: CommandLine,
    /// `mavi wait` with the output options of the run, too.
    wait: CommandLine,
}

impl Default for HintCommands {
    fn default() -> Self {
        Self::new(CommandLine::new(["mavi", "tasks"]))
    }
}

impl HintCommands {
    /// Creates the commands from any that has the flags that choose the service.
    #[must_use]
    pub fn new(service: CommandLine) -> Self {
        let wait = service.clone().renamed("wait");
        Self { service, wait }
    }

    /// Sets the `mavi wait` with the output options of the run, if it can be shown.
    #[must_use]
    pub fn with_wait(mut self, wait: CommandLine) -> Self {
        if wait.is_exact() {
            self.wait = wait;
        }
        self
    }

    /// Returns a command with the flags that choose the service.
    #[must_use]
    pub fn named(&self, command: &str) -> CommandLine {
        self.service.clone().renamed(command)
    }

    /// Returns the command that lists submits without an answer.
    #[must_use]
    pub fn unknown_submits(&self) -> CommandLine {
        self.named("tasks").with("--status").with("unknown")
    }

    /// Returns the command that waits for a task.
    pub(super) fn wait_for(&self, task: &TaskNo) -> CommandLine {
        self.wait.clone().with_args([task])
    }

    /// Returns the command that submits a video.
    pub(super) fn submit(
        &self,
        video: &VideoNo,
        transcription_type: TranscriptionType,
        reuse: bool,
    ) -> CommandLine {
        let mut line = self.named("submit");
        line.switch("--reuse", reuse);
        line.option("--type", Some(transcription_type.name()));
        line.with_args([video])
    }
}

impl std::fmt::Display for CommandLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, word) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_char(' ')?;
            }
            f.write_str(&quote(word))?;
        }
        Ok(())
    }
}

/// Quotes a word for a POSIX shell, and for the history expansion of an interactive one.
#[must_use]
pub fn quote(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        for (word, quoted) in [
            ("plain-1.srt", "plain-1.srt"),
            ("", "''"),
            ("a b", "'a b'"),
            ("it's", r"'it'\''s'"),
            ("wow!x.srt", "'wow!x.srt'"),
            ("$HOME", "'$HOME'"),
            ("{taskNo}.srt", "'{taskNo}.srt'"),
            ("~x", "'~x'"),
        ] {
            assert_eq!(quote(word), quoted);
            let split = shell_words::split(&quote(word)).unwrap();
            assert_eq!(split, [word]);
        }
    }

    #[test]
    fn values_and_arguments_that_look_like_flags_stay_apart() {
        let mut line = CommandLine::new(["mavi", "wait"]);
        line.option("--output", Some("-x.srt"));
        line.option("--format", None::<String>);
        line.option("--type", Some("audio"));
        line.switch("--quiet", true);
        let line = line.with_args(["-x", "T1"]);
        assert_eq!(
            line.to_string(),
            "mavi wait --output=-x.srt --type audio --quiet -- -x T1"
        );
    }

    #[test]
    fn what_a_shell_would_not_get_back_is_not_exact() {
        for (word, exact) in [
            ("a b'c.srt", true),
            (" é ", true),
            ("esc\u{1b}[31m.mp4", false),
            ("two\nlines", false),
            ("a\tb", false),
            ("a\u{202e}b", false),
            ("caf\u{fffd}", false),
        ] {
            let line = CommandLine::new(["mavi", "wait", word]);
            assert_eq!(line.is_exact(), exact, "{word:?}");
        }
    }

    #[test]
    fn commands_of_hints_choose_the_service_of_the_run() {
        let mut service = CommandLine::new(["mavi", "any"]);
        service.option("--profile", Some("work"));
        let commands = HintCommands::new(service.clone());
        let (task, video) = (TaskNo::new("T1").unwrap(), VideoNo::new("V1").unwrap());
        let shown = |line: CommandLine| line.to_string();
        assert_eq!(
            shown(commands.wait_for(&task)),
            "mavi wait --profile work T1"
        );
        assert_eq!(
            shown(commands.unknown_submits()),
            "mavi tasks --profile work --status unknown"
        );
        assert_eq!(
            shown(commands.submit(&video, TranscriptionType::Video, true)),
            "mavi submit --profile work --reuse --type video V1"
        );
        let wait = |path: &str| service.clone().renamed("wait").with(path);
        let with_output = |path| commands.clone().with_wait(wait(path)).wait_for(&task);
        assert_eq!(
            shown(with_output("-oa.srt")),
            "mavi wait --profile work -oa.srt T1"
        );
        assert_eq!(
            shown(with_output("-oa\u{1b}.srt")),
            "mavi wait --profile work T1"
        );
    }
}
