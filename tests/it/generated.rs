//! What is made from the code and kept in the repository: help pages, completion scripts, examples
//! of every format. To write them anew:
//!
//! ```sh
//! SNAPSHOTS=overwrite cargo test --test it generated output
//! ```

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use clap::{CommandFactory as _, Parser as _};
use mavi::cli::Cli;
use mavi::render::Format;
use snapbox::data::DataFormat;
use snapbox::{Assert, Data, str};

use crate::support::env::TestEnv;
use crate::support::pages::{commands_in, read};
use crate::support::run::Run;

/// Every command's path, hidden ones too: `[]`, `["submit"]`, `["config", "path"]` and so on.
pub(crate) fn commands() -> Vec<Vec<String>> {
    fn collect(command: &clap::Command, path: &[String], found: &mut Vec<Vec<String>>) {
        found.push(path.to_vec());
        for subcommand in command.get_subcommands() {
            let path = [path, &[subcommand.get_name().to_owned()]].concat();
            collect(subcommand, &path, found);
        }
    }
    let mut found = Vec::new();
    collect(&Cli::command(), &[], &mut found);
    found
}

/// The file, named from the top of the repository, holds exactly this.
#[track_caller]
pub(crate) fn is_current(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    // Raw: `[..]` and `...` are text here, not wildcards.
    let expected = Data::read_from(&path, Some(DataFormat::Text)).raw();
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(Data::text(text).raw(), expected);
}

#[test]
fn help_pages_are_as_recorded() {
    let env = TestEnv::new();
    let mut names = BTreeSet::new();
    for command in commands() {
        let name = [&["mavi".to_owned()], &*command].concat().join("-");
        for (flag, file) in [
            ("--help", format!("{name}.txt")),
            ("-h", format!("{name}.short.txt")),
        ] {
            let run = env.run(&format!("{} {flag}", command.join(" "))).ok();
            assert_eq!(run.stderr, "", "{command:?} {flag}");
            is_current(&format!("tests/snapshots/help/{file}"), &run.stdout);
            names.insert(file);
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/help");
    let files = fs::read_dir(folder).unwrap();
    let files = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    assert_eq!(
        files.collect::<BTreeSet<_>>(),
        names,
        "a page of a command that is gone"
    );
}

#[test]
fn help_command_prints_the_help_of_a_command() {
    let env = TestEnv::new();
    for command in ["", "transcribe", "config show"] {
        let expected = env.run(&format!("{command} --help")).ok().stdout;
        env.run(&format!("help {command}"))
            .expect_output(&expected, "");
    }
    env.run("help nope")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: unrecognized subcommand 'nope'
Usage: mavi [OPTIONS] <COMMAND>
hint: for help, run: mavi help --help

"#]]);
}

#[test]
fn completion_scripts_are_current() {
    for (shell, file) in [
        ("bash", "mavi.bash"),
        ("zsh", "_mavi"),
        ("fish", "mavi.fish"),
        ("powershell", "_mavi.ps1"),
        ("elvish", "mavi.elv"),
    ] {
        let run = TestEnv::new().run(&format!("completions {shell}")).ok();
        assert_eq!(run.stderr, "", "{shell}");
        is_current(&format!("completions/{file}"), &run.stdout);
    }
}

#[test]
fn there_is_a_man_page_for_every_command() {
    let run = TestEnv::new().run("man").ok();
    assert_eq!(run.stderr, "");
    for command in Cli::command()
        .get_subcommands()
        .filter(|command| !command.is_hide_set())
    {
        let title = format!(".TH mavi-{} 1 ", command.get_name());
        // In part: the page is made by a library.
        assert!(run.stdout.contains(&title), "{title}");
    }
    assert!(run.stdout.contains(".TH mavi 1 "));
}

#[test]
fn man_pages_go_into_a_folder_one_a_command() {
    let env = TestEnv::new();
    let run = env.run("man share/man/man1").ok();
    assert_eq!((&*run.stdout, &*run.stderr), ("", ""));
    let mut pages = Vec::new();
    for command in commands() {
        let name = [&["mavi".to_owned()], &*command].concat().join("-");
        if !["mavi-__complete", "mavi-help", "mavi-man"].contains(&&*name) {
            pages.push(format!("share/man/man1/{name}.1"));
        }
    }
    pages.sort();
    assert_eq!(env.files(), pages);
    let together: String = env.run("man").ok().stdout;
    for page in &pages {
        let page = env.read(page);
        assert!(together.contains(&page), "{page}");
        for section in ["NAME", "SYNOPSIS", "\"GLOBAL OPTIONS\""] {
            assert!(
                page.contains(&format!(".SH {section}\n")),
                "{section}: {page}"
            );
        }
        // What only the long help shows is there too.
        assert!(page.contains("Maximum number of retries"), "{page}");
    }
    env.write("file", "");
    env.run("man file/man1")
        .expect_failure(1)
        .expect_stderr("mavi: could not create file/man1: Not a directory (os error 20)\n");
}

#[test]
fn short_help_fits_a_screen() {
    let env = TestEnv::new();
    for command in commands() {
        let mut run = env.command(command.iter().map(String::as_str).chain(["-h"]));
        run.env("COLUMNS", "80");
        let run = Run::of(run).ok();
        let global =
            "\nGlobal options:\n  -h, --help  Print help; `--help` shows all options, these too\n";
        // In part: the snapshots hold the pages.
        assert!(run.stdout.contains(global), "{command:?}: {}", run.stdout);
        let lines = run.stdout.lines().count();
        assert!(lines <= 24, "mavi {command:?} -h has {lines} lines");
    }
}

#[test]
fn help_text_after_options_fits_80_columns() {
    for path in commands() {
        let mut command = &Cli::command();
        for name in &path {
            command = command.find_subcommand(name).unwrap();
        }
        let texts = [command.get_after_help(), command.get_after_long_help()];
        for text in texts.into_iter().flatten() {
            for line in text.to_string().lines() {
                assert!(line.chars().count() <= 80, "mavi {path:?}: {line}");
            }
        }
    }
}

#[test]
fn every_long_help_has_examples() {
    for path in commands() {
        // `mavi config path` and its like have nothing to show that their usage does not.
        if path.len() == 1 && path != ["help"] {
            let mut command = Cli::command();
            let command = command.find_subcommand_mut(&path[0]).unwrap();
            let help = command.render_long_help().to_string();
            assert!(help.contains("\nExamples:\n  "), "mavi {path:?}");
        }
    }
}

#[test]
fn the_readme_names_every_format_and_exit_status() {
    let readme = read("README.md");
    for format in Format::ALL {
        assert!(readme.contains(&format!("| `{format}` |")), "{format}");
    }
    for status in [0, 1, 2, 3, 4, 5, 6, 7, 8] {
        assert!(readme.contains(&format!("\n| {status} |")), "{status}");
    }
    assert!(readme.contains("\n| 130, 143 |"));
}

#[test]
fn every_example_of_the_help_parses() {
    let mut count = 0;
    for path in commands() {
        let mut command = &Cli::command();
        for name in &path {
            command = command.find_subcommand(name).unwrap();
        }
        let texts = [command.get_after_help(), command.get_after_long_help()];
        for text in texts.into_iter().flatten() {
            let text = text.to_string();
            let Some((_, examples)) = text.split_once("Examples:\n") else {
                continue;
            };
            for line in examples.lines().take_while(|line| line.starts_with("  ")) {
                for words in commands_in(line.trim().split("   ").next().unwrap()) {
                    count += 1;
                    let parsed = Cli::try_parse_from(&words);
                    assert!(parsed.is_ok(), "{words:?}: {}", parsed.unwrap_err());
                }
            }
        }
    }
    assert!(count > 25, "{count} examples");
}
