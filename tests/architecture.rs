//! Holds the boundaries of the design: which room may import which, which library may be named where,
//! how long a file may be, and that a name means one thing. It reads the sources; a line that breaks a
//! boundary is named.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, from the top down. A room may import rooms of lower layers alone, so the rooms of one layer
/// know nothing of each other.
const LAYERS: &[&[&str]] = &[
    &["main", "lib"],
    &["commands"],
    &["cli", "engine"],
    &["login"],
    &["api", "config", "journal", "output", "receiver", "sandbox"],
    &["http_server", "render", "ui"],
    &["captions"],
    &["transcript"],
    &["envelope", "files", "streams", "urls", "video_file", "when"],
    &[
        "duration",
        "ids",
        "json",
        "permissions",
        "secret",
        "signals",
    ],
    &["error", "text"],
    &["names"],
];

/// Rooms of lower layers that a room must not import all the same.
const STRANGERS: &[(&str, &[&str])] = &[
    // It knows `config`, whose one table of settings its flags are made from.
    (
        "cli",
        &["api", "http_server", "journal", "output", "receiver"],
    ),
    ("engine", &["config", "sandbox"]),
    ("api", &["http_server", "render", "ui"]),
    ("config", &["http_server", "ui"]),
    ("journal", &["http_server", "render", "ui"]),
    (
        "login",
        &[
            "config", "journal", "output", "receiver", "render", "sandbox", "ui",
        ],
    ),
    ("output", &["http_server"]),
    ("receiver", &["render", "ui"]),
    ("sandbox", &["render", "ui"]),
];

/// The rooms that speak HTTP: the client, the one server and the rooms that stand on it.
const HTTP: &[&str] = &["api", "http_server", "login", "receiver", "sandbox"];

/// The rooms that speak HTTP, and the file that waits for the events of a Windows console.
const RUNTIME: &[&str] = &[
    "api",
    "http_server",
    "login",
    "receiver",
    "sandbox",
    "signals/windows.rs",
];

/// A word that only these rooms and files of `src` may hold, and why.
const BOUNDARIES: &[(&str, &[&str], &str)] = &[
    ("reqwest", &["api"], "HTTP is the API room's business"),
    ("rustls", &["api"], "TLS is the API room's business"),
    ("indicatif", &["ui"], "only the ui room draws"),
    ("console", &["ui"], "only the ui room draws"),
    (
        "clap",
        &["cli", "main", "commands"],
        "arguments reach the rest as plain types",
    ),
    (
        "std::env",
        &["config", "ui"],
        "the environment is read in one place",
    ),
    (
        "env::var",
        &["config", "ui"],
        "the environment is read in one place",
    ),
    ("tokio", RUNTIME, "only HTTP needs a runtime"),
    ("hyper", HTTP, "only HTTP has bodies and connections"),
    (
        "anyhow",
        &[
            "commands",
            "output",
            "error",
            // Where results are written, the errors of the output room pass through.
            "engine/driver.rs",
            "engine/driver/deliver.rs",
            "engine/result_writer.rs",
            "engine/submit_output.rs",
            "engine/upload_output.rs",
        ],
        "libraries have errors of their own",
    ),
    (
        "io::stdout",
        &["output", "ui"],
        "results leave through one room",
    ),
    ("process::exit", &[], "main alone ends the program"),
];

const MAX_FILE_LINES: usize = 500;
const MAX_MAIN_LINES: usize = 60;

#[test]
fn libraries_stay_in_their_rooms() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        for (word, rooms, why) in BOUNDARIES {
            let is_allowed = is_one_of(&path, rooms);
            for (number, line) in code_lines(&text) {
                if !is_allowed && has_word(line, word) {
                    broken.push(format!("src/{}:{number}: `{word}`: {why}", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn rooms_import_lower_layers_only() {
    let layer = |room: &str| {
        let at = LAYERS.iter().position(|rooms| rooms.contains(&room));
        at.unwrap_or_else(|| panic!("{room} is in no layer"))
    };
    let (mut broken, mut imports) = (Vec::new(), 0);
    for (path, text) in sources() {
        let room = room_of(&path);
        let stands = layer(&room);
        let strangers = STRANGERS.iter().filter(|(of, _)| *of == room);
        let strangers: Vec<_> = strangers.flat_map(|(_, strangers)| *strangers).collect();
        for import in imported_rooms(&text) {
            imports += 1;
            let is_stranger = strangers.contains(&&&*import);
            if import != room && (layer(&import) <= stands || is_stranger) {
                broken.push(format!("src/{} must not import {import}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    assert!(imports > 200, "only {imports} imports were found");
}

/// The files of a room, and what each imports of the others.
#[test]
fn files_of_a_room_import_no_circle() {
    let files: Vec<(Vec<String>, String)> = sources()
        .into_iter()
        .map(|(path, text)| (module_of(&path), text))
        .collect();
    let modules: BTreeSet<&[String]> = files.iter().map(|(module, _)| &module[..]).collect();
    let mut imports: BTreeMap<&[String], BTreeSet<&[String]>> = BTreeMap::new();
    for (module, text) in &files {
        for path in used_paths(module, text) {
            let file = (1..=path.len())
                .rev()
                .find_map(|end| modules.get(&path[..end]));
            if let Some(file) = file
                && file[0] == module[0]
                && *file != &module[..]
            {
                imports.entry(module).or_default().insert(file);
            }
        }
    }
    let mut circles = BTreeSet::new();
    for start in imports.keys() {
        // Everything that can be reached from a file; itself among it is a circle.
        let (mut reached, mut next) = (BTreeSet::new(), vec![*start]);
        while let Some(file) = next.pop() {
            for import in imports.get(file).into_iter().flatten() {
                if reached.insert(*import) {
                    next.push(import);
                }
            }
        }
        if reached.contains(start) {
            circles.insert(start.join("/"));
        }
    }
    assert!(
        imports.len() > 50,
        "only {} files import others",
        imports.len()
    );
    assert!(
        circles.is_empty(),
        "files that import each other: {circles:#?}"
    );
}

#[test]
fn files_stay_readable() {
    let (mut lengths, mut broken) = (Vec::new(), BTreeSet::new());
    for (path, text) in sources() {
        let length = text.lines().count();
        if length > MAX_FILE_LINES {
            broken.insert(format!("src/{} is too long", path.display()));
        }
        assert!(
            path != Path::new("main.rs") || length < MAX_MAIN_LINES,
            "main.rs has {length} lines"
        );
        if !text.starts_with("//! ") {
            broken.insert(format!("src/{} does not say its purpose", path.display()));
        }
        if !path.ends_with("tests.rs") {
            lengths.push(code_length(&text));
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median < 150, "the median file has {median} lines");
}

#[test]
fn type_names_have_one_meaning() {
    let mut places: BTreeMap<String, BTreeSet<PathBuf>> = BTreeMap::new();
    // Types of tests are seen by nobody else.
    for (path, text) in sources().into_iter().filter(|(path, _)| !is_test(path)) {
        let code = text.split("\n#[cfg(test)]\nmod ").next().unwrap();
        for name in code_lines(code).filter_map(|(_, line)| type_declared(line)) {
            let name = name.to_owned();
            places.entry(name).or_default().insert(path.clone());
        }
    }
    assert!(places.len() > 150, "only {} types", places.len());
    let shared = places.iter().filter(|(_, paths)| paths.len() > 1);
    let broken: Vec<_> = shared.map(|(name, _)| name).collect();
    assert!(broken.is_empty(), "types with two meanings: {broken:#?}");
}

/// A derived `Deserialize` also takes a list for a struct, so that a list would pass for a reply.
#[test]
fn structs_are_parsed_from_objects_alone() {
    let files: Vec<(PathBuf, String)> = sources()
        .into_iter()
        .filter(|(path, _)| !is_test(path))
        .map(|(path, text)| {
            (
                path,
                text.split("\n#[cfg(test)]\nmod ").next().unwrap().into(),
            )
        })
        .collect();
    let mut structs = BTreeSet::new();
    for (_, code) in &files {
        for derived in code.split("#[derive(").skip(1) {
            let declared = derived.lines().find(|line| type_declared(line).is_some());
            let is_derived = derived.split(')').next().unwrap().contains("Deserialize");
            if let Some(line) = declared.filter(|line| is_derived && line.contains("struct ")) {
                structs.insert(type_declared(line).unwrap());
            }
        }
    }
    assert!(structs.len() > 10, "only {structs:?}");
    let mut broken = Vec::new();
    for (path, code) in &files {
        let names_struct = structs.iter().any(|name| has_word(code, name));
        for (number, line) in code_lines(code) {
            let is_parser = line.contains("serde_json::from_") && !line.contains("IgnoredAny");
            if names_struct && is_parser {
                broken.push(format!("src/{}:{number}: use crate::json", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn limits_are_named_max_and_min() {
    const WORDS: [&str; 5] = ["MOST", "LONGEST", "SHORTEST", "WIDEST", "DEEPEST"];
    let mut broken = BTreeSet::new();
    for (path, text) in sources() {
        for (_, line) in code_lines(&text) {
            let Some((_, declared)) = line.split_once("const ") else {
                continue;
            };
            let name = word_at_start(declared);
            if name.split('_').any(|part| WORDS.contains(&part)) {
                let path = path.display();
                broken.insert(format!(
                    "src/{path}: the constant {name} is not MAX_ or MIN_"
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// Assertions about a part of what a command has printed.
const IN_PART: [&str; 7] = [
    ".stderr_contains(",
    "stderr.contains(",
    "stderr.starts_with(",
    "stderr.ends_with(",
    "stdout.contains(",
    "stdout.starts_with(",
    "stdout.ends_with(",
];

#[test]
fn tests_compare_all_output_or_say_why_not() {
    let mut broken = BTreeSet::new();
    for (path, text) in files_below("tests/it") {
        if path.starts_with("support") {
            continue;
        }
        for function in text.split("\n}\n") {
            let code: String = function.split_whitespace().collect();
            let is_in_part = IN_PART.iter().any(|assertion| code.contains(assertion));
            if is_in_part && !function.contains("// In part: ") {
                broken.insert(format!(
                    "tests/it/{} compares output in part",
                    path.display()
                ));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// Returns the room of a file: its folder or name right below `src`.
fn room_of(path: &Path) -> String {
    let first = path.components().next().unwrap().as_os_str();
    Path::new(first)
        .file_stem()
        .unwrap()
        .to_string_lossy()
        .into_owned()
}

/// Returns `true` if the file is one of these, or in one of these rooms.
fn is_one_of(path: &Path, places: &[&str]) -> bool {
    let room = room_of(path);
    let mut places = places.iter();
    places.any(|place| **place == *room || path == Path::new(place))
}

fn is_test(path: &Path) -> bool {
    path.iter()
        .any(|part| part == "tests" || part == "tests.rs")
}

/// Returns the rooms that follow `crate::` in the code, one by one and in braces.
fn imported_rooms(text: &str) -> BTreeSet<String> {
    let code: Vec<&str> = code_lines(text).map(|(_, line)| line).collect();
    let code = code.join("\n");
    let mut rooms = BTreeSet::new();
    for (at, path) in code.match_indices("crate::") {
        let is_part = code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
        let rest = &code[at + path.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            // A name with a capital is no module.
            let is_room = rest.starts_with(|c: char| c.is_ascii_lowercase());
            if is_room && !is_part {
                rooms.insert(word_at_start(rest).to_owned());
            }
            continue;
        };
        let mut depth = 0;
        for part in group.split_inclusive(['{', '}', ',']) {
            if depth == 0 && !word_at_start(part.trim_start()).is_empty() {
                rooms.insert(word_at_start(part.trim_start()).to_owned());
            }
            depth += i32::from(part.ends_with('{')) - i32::from(part.ends_with('}'));
            if depth < 0 {
                break;
            }
        }
    }
    rooms
}

/// Returns the name of the type that is declared on this line. Associated types are none.
fn type_declared(line: &str) -> Option<&str> {
    let declaration = line.trim_start();
    let is_indented = declaration.len() < line.len();
    let declaration = match declaration.strip_prefix("pub(") {
        Some(rest) => rest.split_once(") ")?.1,
        None => declaration.strip_prefix("pub ").unwrap_or(declaration),
    };
    let (keyword, rest) = declaration.split_once(' ')?;
    let is_type = match keyword {
        "struct" | "enum" | "union" | "trait" => true,
        "type" => !is_indented,
        _ => false,
    };
    let name = word_at_start(rest); // empty for a parameter of a macro
    (is_type && !name.is_empty()).then_some(name)
}

fn word_at_start(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

/// Returns the number of lines before the unit tests that stand at the end of a file.
fn code_length(text: &str) -> usize {
    text.lines()
        .take_while(|line| *line != "#[cfg(test)]")
        .count()
}

/// Returns every source file, its path relative to `src`.
fn sources() -> Vec<(PathBuf, String)> {
    files_below("src")
}

/// Returns every source file below a directory, its path relative to it.
fn files_below(directory: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
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

/// Returns the lines that are code, numbered from 1: comments may name anything.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Returns `true` if the line holds the word, not as a part of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !is_part(before) && !is_part(after)
    })
}

/// Returns the module of a file: `engine/job.rs` is `engine::job`.
fn module_of(path: &Path) -> Vec<String> {
    let parts = path.with_extension("");
    parts
        .iter()
        .map(|part| part.to_str().unwrap().to_owned())
        .collect()
}

/// Returns the paths that the `use` items of a file name, from the root of the crate. Those that make a
/// name of another file public are no imports.
fn used_paths(module: &[String], text: &str) -> Vec<Vec<String>> {
    let code: Vec<&str> = code_lines(text).map(|(_, line)| line).collect();
    let code = code.join("\n");
    let items = code.split(';').filter_map(|item| {
        let at = item.rfind("use ")?;
        let is_item = item[..at].trim_end().is_empty() || item[..at].ends_with('\n');
        is_item.then(|| item[at + 4..].split_whitespace().collect::<String>())
    });
    let mut paths = Vec::new();
    for item in items {
        for path in spread(&item) {
            let mut parts = path.split("::").peekable();
            let mut from = module.to_vec();
            match parts.peek() {
                Some(&"crate") => from.clear(),
                Some(&"super") => {}
                // A module of its own.
                _ => continue,
            }
            for part in parts {
                match part {
                    "crate" => {}
                    "super" => drop(from.pop()),
                    name => from.push(name.to_owned()),
                }
            }
            paths.push(from);
        }
    }
    paths
}

/// Returns the single paths of a `use` item with braces.
fn spread(item: &str) -> Vec<String> {
    let Some(open) = item.find('{') else {
        return vec![item.to_owned()];
    };
    let inner = &item[open + 1..item.rfind('}').unwrap_or(item.len())];
    let (mut depth, mut start, mut paths) = (0, 0, Vec::new());
    for (at, letter) in inner.char_indices().chain([(inner.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let part = &inner[start..at];
                paths.extend(spread(&format!("{}{part}", &item[..open])));
                start = at + 1;
            }
            _ => {}
        }
    }
    paths
}

#[test]
fn used_paths_are_resolved() {
    let module = ["engine", "job", "polls"].map(str::to_owned);
    let code = "use super::super::event::{Action, Item};\nuse super::{Job, lanes::{a, b}};\n";
    let paths: Vec<String> = used_paths(&module, code)
        .iter()
        .map(|path| path.join("/"))
        .collect();
    let expected = [
        "engine/event/Action",
        "engine/event/Item",
        "engine/job/Job",
        "engine/job/lanes/a",
        "engine/job/lanes/b",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn imports_in_braces_are_found() {
    let code = "use crate::{a, b::{c, d::E}, f};\nuse crate::g::H;\n// crate::i\ncrate::J;\n";
    let found: Vec<String> = imported_rooms(code).into_iter().collect();
    assert_eq!(found, ["a", "b", "f", "g"]);
}
