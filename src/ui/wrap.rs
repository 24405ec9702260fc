//! Wraps messages at the terminal's width. Commands that they offer stay whole, to be copied.

use textwrap::{Options, WordSeparator, WordSplitter};

/// Indentation of the lines after the first.
const INDENT: &str = "  ";

/// Stands for a space within a command. It is as wide as a space, and no text has it.
const COMMAND_SPACE: char = '\u{f8ff}';

/// Wraps a message behind its label. Neither a long word nor a command is broken: a command is what
/// stands in backquotes, and all that follows `run: `.
pub(super) fn wrap(label: &str, text: &str, width: usize) -> String {
    let text = keep_commands(text);
    let options = Options::new(width)
        .subsequent_indent(INDENT)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    let text = format!("{label}{text}");
    let lines = text
        .lines()
        .map(|line| textwrap::fill(line, options.clone()));
    let lines: Vec<String> = lines.collect();
    lines.join("\n").replace(COMMAND_SPACE, " ")
}

fn keep_commands(text: &str) -> String {
    let (text, command) = match text.split_once("run: mavi ") {
        Some((text, command)) => (text, format!("run: mavi {command}")),
        None => (text, String::new()),
    };
    let mut kept = String::with_capacity(text.len() + command.len());
    for (at, part) in text.split('`').enumerate() {
        if at > 0 {
            kept.push('`');
        }
        match at % 2 {
            1 => kept.push_str(&part.replace(' ', &COMMAND_SPACE.to_string())),
            _ => kept.push_str(part),
        }
    }
    let command = command.replace(' ', &COMMAND_SPACE.to_string());
    kept + &command.replacen(COMMAND_SPACE, " ", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_and_never_broken() {
        let wrapped = wrap("mavi: ", "could not get a_very_long_task: no such task", 20);
        let expected = "mavi: could not get\n  a_very_long_task:\n  no such task";
        assert_eq!(wrapped, expected);
        let long = "x".repeat(50);
        assert_eq!(wrap("", &long, 20), long);
        assert_eq!(wrap("", "short", 20), "short");
    }

    #[test]
    fn lines_and_their_indentation_stay() {
        let text = "these were not given:\n  <TASK_NO>...\nUsage: mavi";
        assert_eq!(
            wrap("", text, 40),
            "these were not given:\n  <TASK_NO>...\nUsage: mavi"
        );
    }

    #[test]
    fn commands_stay_whole() {
        let hint = "to resume, run: mavi wait --output 'a b' T1";
        assert_eq!(
            wrap("hint: ", hint, 20),
            "hint: to resume,\n  run:\n  mavi wait --output 'a b' T1"
        );
        assert_eq!(wrap("hint: ", hint, 60), format!("hint: {hint}"));
        let hint = "see `mavi tasks --all` for all of them";
        assert_eq!(
            wrap("", hint, 12),
            "see\n  `mavi tasks --all`\n  for all of\n  them"
        );
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(wrap("", "日本 日本 日本", 9), "日本 日本\n  日本");
    }
}
