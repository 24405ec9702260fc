//! The pages of the documentation, the blocks of code in them, and the commands in those.

use std::fs;
use std::path::{Path, PathBuf};

/// A block of code: its page, the heading above it, the words after its fence, its text.
pub(crate) struct Block {
    pub(crate) page: String,
    pub(crate) heading: String,
    pub(crate) info: Vec<String>,
    pub(crate) text: String,
}

impl Block {
    /// Returns the language of the block.
    pub(crate) fn language(&self) -> &str {
        self.info.first().map_or("", String::as_str)
    }

    /// Returns the programs that a block needs: those named in ` ```sh needs PROGRAM… `.
    pub(crate) fn needs(&self) -> &[String] {
        match self.info.get(1).map(String::as_str) {
            Some("needs") => &self.info[2..],
            _ => &[],
        }
    }

    /// Returns what is typed: all of a script, and of a session the lines after a prompt.
    pub(crate) fn typed(&self) -> String {
        let lines = self.text.lines();
        match self.language() {
            "console" => lines.filter_map(|line| line.strip_prefix("$ ")),
            _ => return self.text.clone(),
        }
        .collect::<Vec<_>>()
        .join("\n")
    }
}

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the pages for users, named from the top of the repository: the README, then those of `docs`.
pub(crate) fn user_pages() -> Vec<String> {
    [vec!["README.md".to_owned()], pages_in("docs")].concat()
}

/// Returns every page in a folder, in order.
pub(crate) fn pages_in(folder: &str) -> Vec<String> {
    let files = fs::read_dir(root().join(folder)).unwrap();
    let paths = files.map(|file| Path::new(folder).join(file.unwrap().file_name()));
    let mut pages: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    pages.sort();
    pages
        .iter()
        .map(|path| path.to_str().unwrap().to_owned())
        .collect()
}

pub(crate) fn read(page: &str) -> String {
    fs::read_to_string(root().join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// Returns the blocks of a page, in order.
pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let text = read(page);
    let (mut blocks, mut heading) = (Vec::new(), String::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.trim_start_matches('#').strip_prefix(' ')
            && line.starts_with("##")
        {
            title.clone_into(&mut heading);
        } else if let Some(info) = line.strip_prefix("```") {
            let text: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push(Block {
                page: page.to_owned(),
                heading: heading.clone(),
                info: info.split_whitespace().map(str::to_owned).collect(),
                text: text.join("\n"),
            });
        }
    }
    blocks
}

/// Returns the words of every `mavi` command in a script, also of those that a shell or another program
/// runs, after one of its flags.
pub(crate) fn commands_in(script: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for part in simple_commands(script) {
        let words = shell_words::split(&part).unwrap_or_else(|_| panic!("{part:?} in {script:?}"));
        for (at, word) in words.iter().enumerate() {
            if at > 0 && words[at - 1] == "-c" {
                found.extend(commands_in(word));
            } else if word == "mavi" && (at == 0 || words[at - 1].starts_with("--")) {
                found.push(words[at..].to_vec());
            }
        }
    }
    found
}

/// Splits a script where a simple command ends: at what connects commands, outside of quotes. Comments
/// and the file descriptors of redirections are left out.
fn simple_commands(script: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut quote, mut before) = (None, '\n');
    let script = script.replace("\\\n", " ");
    let mut letters = script.chars();
    while let Some(letter) = letters.next() {
        match letter {
            _ if quote == Some(letter) => quote = None,
            _ if quote.is_some() => {}
            '\'' | '"' => quote = Some(letter),
            '#' if before.is_whitespace() => {
                letters.by_ref().find(|letter| *letter == '\n');
                parts.push(std::mem::take(&mut part));
                continue;
            }
            '|' | '&' | '(' | ')' | '<' | '>' | ';' | '\n' => {
                if part.ends_with(" 2") {
                    part.pop();
                }
                parts.push(std::mem::take(&mut part));
                before = letter;
                continue;
            }
            _ => {}
        }
        part.push(letter);
        before = letter;
    }
    parts.push(part);
    parts
}

#[test]
fn commands_are_found_in_quotes_pipes_and_comments() {
    let script = "T=$(mavi submit 'a | b' 2> x) && mavi get \"$T\" \\\n -f srt # it's mavi nope\n\
                  mavi sandbox -- sh -c 'mavi wait --last | wc'\nman mavi\nmavi x   # y";
    let found: Vec<String> = commands_in(script).iter().map(|it| it.join(" ")).collect();
    let expected = [
        "mavi submit a | b",
        "mavi get $T -f srt",
        "mavi sandbox -- sh -c mavi wait --last | wc",
        "mavi wait --last",
        "mavi x",
    ];
    assert_eq!(found, expected);
}
