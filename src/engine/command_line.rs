//! A command line to show to the user, ready to be pasted into a shell.

use std::fmt::Write as _;

use crate::ids::TaskNo;

/// A command line, quoted for POSIX shells when it is printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandLine(Vec<String>);

impl CommandLine {
    /// Creates a command line of these words.
    pub fn new<W: Into<String>>(words: impl IntoIterator<Item = W>) -> Self {
        Self(words.into_iter().map(Into::into).collect())
    }

    /// Creates the command that waits for a task.
    pub(super) fn wait(task: &TaskNo) -> Self {
        Self::new(["mavi", "wait"]).with_args([task])
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
        let task = TaskNo::new("T1").unwrap();
        assert_eq!(CommandLine::wait(&task).to_string(), "mavi wait T1");
    }
}
