//! Holds the boundaries of the design: which library may be known in which room, how `main` stays
//! thin, and how long a file may grow. It reads the sources; a line that breaks a boundary is named.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::{Path, PathBuf};

/// The one server and the two rooms that stand on it.
const SERVERS: &[&str] = &[
    "http_server",
    "http_server.rs",
    "receiver",
    "receiver.rs",
    "sandbox",
    "sandbox.rs",
];

/// A word that only these files and folders of `src` may hold, and why.
const BOUNDARIES: &[(&str, &[&str], &str)] = &[
    ("reqwest", &["api"], "HTTP is the API room's business"),
    ("rustls", &["api"], "TLS is the API room's business"),
    (
        "indicatif",
        &["progress.rs"],
        "only the progress room draws",
    ),
    (
        "clap",
        &["cli.rs", "cli", "main.rs", "commands.rs", "commands"],
        "arguments reach the rest as plain types",
    ),
    (
        "std::env",
        &["config", "terminal.rs"],
        "the environment is read in one place",
    ),
    (
        "env::var",
        &["config", "terminal.rs"],
        "the environment is read in one place",
    ),
    ("tokio", SERVERS, "only the servers need a runtime"),
    ("hyper", SERVERS, "only the servers serve"),
    (
        "anyhow",
        &["commands", "commands.rs", "output.rs", "output", "error.rs"],
        "libraries have errors of their own",
    ),
    (
        "io::stdout",
        &["output.rs", "output", "terminal.rs"],
        "results leave through one door",
    ),
    ("process::exit", &[], "main alone ends the program"),
];

/// What a room must not import from the crate.
const STRANGERS: &[(&str, &[&str])] = &[
    (
        "api",
        &[
            "terminal", "render", "journal", "output", "progress", "commands", "cli", "config",
        ],
    ),
    (
        "api.rs",
        &[
            "terminal", "render", "journal", "output", "progress", "commands", "cli", "config",
        ],
    ),
    (
        "render",
        &[
            "api", "terminal", "output", "journal", "config", "commands", "cli",
        ],
    ),
    (
        "render.rs",
        &[
            "api", "terminal", "output", "journal", "config", "commands", "cli",
        ],
    ),
    (
        "captions",
        &[
            "api", "terminal", "output", "journal", "config", "commands", "cli", "render",
        ],
    ),
    (
        "captions.rs",
        &[
            "api", "terminal", "output", "journal", "config", "commands", "cli", "render",
        ],
    ),
    (
        "transcript",
        &[
            "api", "terminal", "output", "journal", "config", "commands", "cli", "render",
            "captions",
        ],
    ),
    (
        "transcript.rs",
        &[
            "api", "terminal", "output", "journal", "config", "commands", "cli", "render",
            "captions",
        ],
    ),
    (
        "config",
        &["api", "terminal", "output", "journal", "commands", "cli"],
    ),
    (
        "config.rs",
        &["api", "terminal", "output", "journal", "commands", "cli"],
    ),
    (
        "schedule.rs",
        &[
            "api", "terminal", "output", "journal", "commands", "cli", "config",
        ],
    ),
    (
        "journal.rs",
        &["api", "terminal", "output", "commands", "cli", "config"],
    ),
    (
        "progress.rs",
        &[
            "api", "render", "output", "journal", "commands", "cli", "config",
        ],
    ),
    (
        "terminal.rs",
        &[
            "api", "render", "output", "journal", "commands", "cli", "config",
        ],
    ),
    (
        "cli.rs",
        &["api", "output", "journal", "commands", "config"],
    ),
    ("cli", &["api", "output", "journal", "commands", "config"]),
    ("http_server", ABOVE_SERVERS),
    ("http_server.rs", ABOVE_SERVERS),
    ("http_server", &["receiver", "sandbox"]),
    ("http_server.rs", &["receiver", "sandbox"]),
    ("receiver", ABOVE_SERVERS),
    ("receiver.rs", ABOVE_SERVERS),
    ("receiver", &["sandbox"]),
    ("receiver.rs", &["sandbox"]),
    ("sandbox", ABOVE_SERVERS),
    ("sandbox.rs", ABOVE_SERVERS),
    ("sandbox", &["receiver"]),
    ("sandbox.rs", &["receiver"]),
];

/// What none of the server rooms may import.
const ABOVE_SERVERS: &[&str] = &[
    "api", "terminal", "render", "journal", "output", "progress", "commands", "cli", "config",
];

const LONGEST_FILE: usize = 500;
const LONGEST_MAIN: usize = 60;

#[test]
fn libraries_stay_in_their_rooms() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        for (word, rooms, why) in BOUNDARIES {
            let allowed = rooms.iter().any(|room| path.starts_with(room));
            for (number, line) in code_lines(&text) {
                if !allowed && holds_word(line, word) {
                    broken.push(format!("src/{}:{number}: `{word}`: {why}", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn rooms_do_not_know_strangers() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        for (_, strangers) in STRANGERS.iter().filter(|(room, _)| path.starts_with(room)) {
            for (number, line) in code_lines(&text) {
                for stranger in *strangers {
                    if line.contains(&format!("crate::{stranger}")) {
                        broken.push(format!(
                            "src/{}:{number}: knows `{stranger}`",
                            path.display()
                        ));
                    }
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn files_stay_readable() {
    let mut lengths = Vec::new();
    for (path, text) in sources() {
        let length = text.lines().count();
        assert!(
            length <= LONGEST_FILE,
            "src/{} has {length} lines: split it at a seam",
            path.display()
        );
        assert!(
            path != Path::new("main.rs") || length < LONGEST_MAIN,
            "main.rs has {length} lines"
        );
        assert!(
            text.starts_with("//! "),
            "src/{} does not say what it is for",
            path.display()
        );
        if !path.ends_with("tests.rs") {
            lengths.push(code_length(&text));
        }
    }
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median < 150, "the median file has {median} lines");
}

/// The lines before the unit tests that stand at the end of a file.
fn code_length(text: &str) -> usize {
    text.lines()
        .take_while(|line| *line != "#[cfg(test)]")
        .count()
}

/// Every source file, its path relative to `src`.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut files, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    assert!(files.len() > 20, "the sources were not found");
    files
}

/// The lines that are code, numbered from 1: comments may name anything.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Whether the line holds the word, not as a part of a longer one.
fn holds_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let part_of_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !part_of_word(before) && !part_of_word(after)
    })
}
