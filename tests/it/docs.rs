//! The documentation holds what it promises: links lead somewhere, every example is one that `mavi`
//! understands, every script of the README and of `docs` is run against the sandbox, and every
//! configuration loads.

use std::collections::BTreeSet;
use std::path::Path;
use std::process;

use clap::{CommandFactory as _, Parser as _};
use mavi::cli::Cli;

use crate::recipes::run_script;
use crate::support::all_at_once;
use crate::support::env::TestEnv;
use crate::support::pages::{Block, blocks, commands_in, pages_in, read, root, user_pages};

/// What is done with a script of a page.
enum Use {
    /// It is run with these lines before and after it, and leaves these files: name and start.
    Run(
        &'static str,
        &'static str,
        &'static [(&'static str, &'static str)],
    ),
    /// It is not run, for this reason.
    Not(&'static str),
}

const SRT: &str = "1\n00:00:0";
/// A finished task, as the scripts about one expect it.
const TASK: &str = "TASK=$(mavi submit VI605961375402668032 --type audio); VIDEO=lecture-1\n\
                    mavi wait \"$TASK\" -o talk.json";
/// The client ID and the code of an account: those of the sandbox.
const CODE: &str = "unset MAVI_TOKEN\nCLIENT_ID=$MAVI_SANDBOX_CLIENT_ID CODE=$MAVI_SANDBOX_CODE";
/// A login that needs no terminal.
const LOGIN: &str = "printf %s \"$MAVI_SANDBOX_CODE\" | \
                     mavi auth login --client-id \"$MAVI_SANDBOX_CLIENT_ID\" --code-stdin #";

/// Every script of the README and of `docs`, in order; the recipes have a list of their own.
const SCRIPTS: &[(&str, &str, Use)] = &[
    (
        "README.md",
        "Try it",
        Use::Not("`.ci/run` runs the first line, and this is part of the second"),
    ),
    (
        "README.md",
        "From a release",
        Use::Not("it downloads and installs a release"),
    ),
    (
        "README.md",
        "From source",
        Use::Not("it builds and installs mavi"),
    ),
    (
        "README.md",
        "From source",
        Use::Not("it builds and installs mavi"),
    ),
    (
        "README.md",
        "Subtitles for your own video",
        Use::Run(
            "unset MAVI_TOKEN",
            "",
            &[
                ("talk.srt", SRT),
                ("talk.vtt", "WEBVTT\n"),
                ("cut-7.vtt", "WEBVTT\n"),
                ("stdout", "config  ok"),
            ],
        ),
    ),
    (
        "docs/account.md",
        "Log in with a code that you have",
        Use::Run(
            CODE,
            "mavi auth status",
            &[("stdout", "service:       http://127.0.0.1:")],
        ),
    ),
    (
        "docs/account.md",
        "Have `mavi` receive the code",
        Use::Run(
            "cat > login.sh <<'END'\nunset MAVI_TOKEN",
            "mavi auth status\nEND\nmavi sandbox --auth-callback http://127.0.0.1:8788/mavi-code -- bash -e login.sh",
            &[("stdout", "service:       http://127.0.0.1:")],
        ),
    ),
    (
        "docs/callbacks.md",
        "In CI",
        Use::Run(
            "",
            "",
            &[
                ("captions/lecture-1.srt", SRT),
                ("captions/lecture-2.srt", SRT),
            ],
        ),
    ),
    (
        "docs/callbacks.md",
        "As a service",
        Use::Run(
            "",
            " --addr 127.0.0.1:0 --count 1 2> log &\n\
         until address=$(grep -om 1 'http://[^ ]*' log); do sleep 0.1; done\n\
         mavi submit lecture-1 --callback \"$address\"\nwait $!\ncp in/*.json result.json",
            &[("result.json", "{"), (".mavi-callback", "")],
        ),
    ),
    (
        "docs/callbacks.md",
        "Making it reachable",
        Use::Not("it needs another machine"),
    ),
    (
        "docs/commands.md",
        "`mavi convert`",
        Use::Run(
            TASK,
            "",
            &[
                ("talk.srt", SRT),
                ("talk.vtt", "WEBVTT\n"),
                ("talk.json", "{"),
            ],
        ),
    ),
    (
        "docs/commands.md",
        "`mavi videos`",
        Use::Run("", "mavi tasks -f ids > tasks.txt", &[("tasks.txt", "")]),
    ),
    (
        "docs/commands.md",
        "`mavi auth`",
        Use::Run(
            "unset MAVI_TOKEN",
            "! mavi auth status",
            &[("stdout", "service:       http://127.0.0.1:")],
        ),
    ),
    (
        "docs/commands.md",
        "`mavi sandbox`",
        Use::Run(
            "mkdir -p bin tests/films\nPATH=$PWD/bin:$PATH\n\
         printf '#!/bin/sh\\nmavi submit V7 --wait -f txt\\n' | tee nightly.sh > bin/make\n\
         chmod +x nightly.sh bin/make\n\
         echo '[{\"content\": \"One line.\"}]' > tests/films/V7.json",
            "",
            &[("stdout", "")],
        ),
    ),
    (
        "docs/commands.md",
        "`mavi sandbox`",
        Use::Run("", "", &[("stdout", "service:       http://127.0.0.1:")]),
    ),
    (
        "docs/comparison.md",
        "",
        Use::Run("", "", &[("stdout", "")]),
    ),
    (
        "docs/formats.md",
        "Captions that people can read",
        Use::Run(TASK, "", &[("talk.srt", SRT), ("talk.vtt", "WEBVTT\n")]),
    ),
    (
        "docs/formats.md",
        "A page to check captions",
        Use::Run("", "", &[("talk.html", "<!doctype html>")]),
    ),
    (
        "docs/performance.md",
        "Measure it yourself",
        Use::Not("it takes minutes on a quiet machine"),
    ),
    (
        "docs/scripts-and-ci.md",
        "Tests without an account",
        Use::Run(
            "printf '#!/bin/sh\\nmavi submit lecture-1 --wait -f srt\\n' > your-script\nchmod +x your-script",
            "",
            &[("stdout", SRT)],
        ),
    ),
];

/// Replaces what is not there in a test: a terminal, the account, an address that others reach.
fn for_the_sandbox(text: &str) -> String {
    // Of this process alone, so that other runs of the tests on this machine do not meet it.
    let [_, a, b, c] = process::id().to_be_bytes();
    let address = format!("127.{}.{b}.{c}:8788", 128 | a);
    text.replace("mavi auth login   ", LOGIN)
        .replace("127.0.0.1:8788", &address)
        .replace("127.0.0.1:8787", "127.0.0.1:0")
        .replace(" --public-url https://ci.example.com/mavi ", " ")
        .replace("https://mavi-backend.memories.ai", "$MAVI_BASE_URL")
        .replace("sleep 10", "sleep 0.1")
}

#[test]
fn every_script_does_what_it_says() {
    let pages = user_pages().into_iter();
    let scripts = pages.filter(|page| page != "docs/recipes.md");
    let mut scripts = scripts.flat_map(|page| blocks(&page));
    let mut runs = Vec::new();
    for (page, heading, what) in SCRIPTS {
        let script = scripts.find(|block| block.language() == "sh");
        let script = script.expect("a script of the list is gone from its page");
        assert_eq!((&*script.page, &*script.heading), (*page, *heading));
        match what {
            Use::Run(before, after, files) => runs.push((script, *before, *after, *files)),
            Use::Not(reason) => assert!(!reason.is_empty()),
        }
    }
    let unlisted = scripts.find(|block| block.language() == "sh");
    assert!(unlisted.is_none(), "{}", unlisted.unwrap().text);
    all_at_once(runs, |(script, before, after, files)| {
        let joint = if after.starts_with(' ') { "" } else { "\n" };
        let text = format!("{before}\n{}{joint}{after}", script.text);
        run_script(
            &Block {
                text: for_the_sandbox(&text),
                ..script
            },
            files,
        );
    });
}

/// Sessions that always print the same, and what is left out of them.
#[test]
fn sessions_print_what_they_show() {
    let sessions = [
        ("docs/formats.md", "File names", "2> /dev/null"),
        (
            "docs/scripts-and-ci.md",
            "Errors as JSON",
            "2>&1 || test $? = 5",
        ),
    ];
    all_at_once(sessions, |(page, heading, end)| {
        let is_it = |block: &Block| block.language() == "console" && block.heading == heading;
        let block = blocks(page).into_iter().find(is_it).unwrap();
        let lines = block.text.lines();
        let shown: Vec<&str> = lines.filter(|line| !line.starts_with("$ ")).collect();
        let shown = shown.join(" ");
        let text = format!("{{ {}\n}} {end}", block.typed());
        let output = run_script(&Block { text, ..block }, &[]);
        let words =
            |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_owned).collect() };
        assert_eq!(words(&output), words(&shown), "{page}");
    });
}

#[test]
fn every_command_of_the_documentation_parses() {
    let mut count = 0;
    for page in user_pages() {
        for block in blocks(&page) {
            if !["sh", "console"].contains(&block.language()) {
                continue;
            }
            let typed = block.typed().replace("$address", "http://a.example/");
            for words in commands_in(&typed) {
                count += 1;
                let parsed = Cli::try_parse_from(&words);
                assert!(parsed.is_ok(), "{page}: {words:?}: {}", parsed.unwrap_err());
            }
        }
    }
    assert!(count > 70, "only {count} commands");
}

#[test]
fn every_configuration_of_the_documentation_loads() {
    let mut count = 0;
    for page in user_pages() {
        for block in blocks(&page) {
            if block.language() == "toml" {
                count += 1;
                let env = TestEnv::new();
                env.configure(&block.text);
                let run = env.run("config show").ok().expect_stderr("");
                // In part: the pages set what they like.
                assert!(run.stdout.contains("  # file"), "{page}: {run:#?}");
            }
        }
    }
    assert!(count >= 3, "only {count} configurations");
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let pages = [user_pages(), pages_in("."), pages_in(".github")].concat();
    let (mut broken, mut count) = (Vec::new(), 0);
    for page in &pages {
        let folder = Path::new(page).parent().unwrap();
        for target in links(&prose(&read(page))) {
            if target.starts_with("https://") {
                continue;
            }
            count += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let path = if file.is_empty() {
                page.into()
            } else {
                folder.join(file)
            };
            if !root().join(&path).exists() {
                broken.push(format!("{page}: no file {target}"));
            } else if !anchor.is_empty() && !anchors(&read(path.to_str().unwrap())).contains(anchor)
            {
                broken.push(format!("{page}: no heading {target}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(count > 50, "only {count} links");
}

#[test]
fn the_readme_is_short_and_leads_to_every_page() {
    let readme = read("README.md");
    assert!(readme.lines().count() <= 250, "{}", readme.lines().count());
    let targets = links(&prose(&readme));
    for page in pages_in("docs")
        .iter()
        .map(String::as_str)
        .chain(["SECURITY.md", "CONTRIBUTING.md"])
    {
        assert!(targets.iter().any(|target| target == page), "{page}");
    }
    let rust = format!("Rust {} ", env!("CARGO_PKG_RUST_VERSION"));
    assert!(readme.contains(&rust), "{rust}");
}

#[test]
fn every_command_has_a_row_in_the_readme_and_a_chapter() {
    let (readme, chapters) = (read("README.md"), anchors(&read("docs/commands.md")));
    let command = Cli::command();
    for command in command
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
    {
        let name = command.get_name();
        let row = format!("\n| [`mavi {name}`](docs/commands.md#mavi-{name}) |");
        assert!(readme.contains(&row), "{name}");
        assert!(chapters.contains(&format!("mavi-{name}")), "{name}");
    }
}

/// Returns the text without code: blocks, and what stands in backticks.
fn prose(text: &str) -> String {
    let outside = text.split("\n```").step_by(2);
    let text: Vec<&str> = outside.collect();
    text.join("\n").split('`').step_by(2).collect()
}

/// Returns the targets of all links and pictures.
fn links(prose: &str) -> Vec<String> {
    let ends = prose.split("](").skip(1);
    ends.map(|rest| rest.split_once(')').unwrap().0.to_owned())
        .collect()
}

/// Returns the anchors of all headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let outside = text.split("\n```").step_by(2);
    let headings = outside
        .flat_map(str::lines)
        .filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let title = line.trim_start_matches('#').trim().to_lowercase();
            let kept = title
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}
