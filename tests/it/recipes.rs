//! Runs every `sh` block of `docs/recipes.md`, each in a folder of its own against the sandbox, and
//! looks at the files that it leaves; then the examples of help pages, as one session each. A block that
//! needs a program which is not installed is skipped, and said so.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::support::all_at_once;
use crate::support::env::TestEnv;
use crate::support::pages::{Block, blocks};
use crate::support::run::Run;

/// The files that the blocks below a heading leave, in the order of the blocks: name and start.
type Left = &'static [&'static [(&'static str, &'static str)]];

const SRT: &str = "1\n00:00:00,";
const RECIPES: &[(&str, Left)] = &[
    (
        "A directory of films",
        &[
            &[
                ("captions/one.srt", "1\n00:00:0"),
                ("captions/two.srt", "1\n00:00:0"),
            ],
            &[("stdout", "films/one.mp4 (audio): upload 8.8 kB, submit\n")],
        ],
    ),
    (
        "A watch directory with cron",
        &[&[
            ("captions/one.srt", "1\n00:00:0"),
            ("captions/two.srt", "1\n00:00:0"),
            ("stdout", ""),
        ]],
    ),
    (
        "Running again after a failure",
        &[&[
            ("captions/one.srt", "1\n00:00:0"),
            ("captions/two.srt", "1\n00:00:0"),
        ]],
    ),
    (
        "A CI job",
        &[
            &[
                ("captions/lecture-1.srt", SRT),
                ("captions/lecture-2.json", "{"),
            ],
            &[
                ("lecture-1.vtt", "WEBVTT\n"),
                ("stdout", "captions are ready\n"),
            ],
        ],
    ),
    (
        "cron",
        &[&[
            ("captions/lecture-1.srt", SRT),
            ("captions/lecture-2.srt", SRT),
            ("stdout", ""),
        ]],
    ),
    (
        "A column of a table",
        &[&[("tasks.jsonl", "{\"videoNo\":\"lecture-1\"")]],
    ),
    ("xargs", &[&[]]),
    ("GNU parallel", &[&[("words.txt", "films/")]]),
    (
        "jq",
        &[
            &[("text.txt", "")],
            &[(
                "street.tsv",
                "0.48\t It is half past three, and the whole street",
            )],
            &[("status.txt", "UNFINISHED\n")],
        ],
    ),
    (
        "Subtitles in the picture",
        &[&[("burnt.mp4", "")], &[("with-subtitles.mp4", "")]],
    ),
    (
        "Another format later",
        &[&[
            ("lecture-1.json", "{"),
            ("lecture-1.srt", SRT),
            ("lecture-1.vtt", "WEBVTT\n"),
            ("lecture-1.csv", "task_no,"),
        ]],
    ),
    (
        "Check captions in a browser",
        &[&[("talk.html", "<!doctype html>"), ("talk.srt", "1\n00:00:0")]],
    ),
    (
        "Log in once on the runner",
        &[&[
            ("login.json", "{\n  \"baseUrl\": \"http://127.0.0.1:"),
            ("captions/lecture-1.srt", SRT),
        ]],
    ),
    (
        "Clearing old videos",
        &[
            &[
                ("old.csv", "videoNo,videoName,"),
                ("old.txt", "VI480512907733422081\nVI480512907733422080\n"),
                ("stdout", "delete VI480512907733422081\n"),
            ],
            &[("stdout", "delete VI480512907733422081\n")],
        ],
    ),
    (
        "Callbacks",
        &[
            &[
                ("captions/lecture-1.srt", SRT),
                ("captions/lecture-2.srt", SRT),
            ],
            &[
                ("captions/lecture-1.srt", SRT),
                ("captions/lecture-2.srt", SRT),
                ("secret", ""),
            ],
        ],
    ),
    ("Errors for a program", &[&[("error.json", "{\"error\":")]]),
];

#[test]
fn every_recipe_does_what_it_says() {
    let mut blocks = blocks("docs/recipes.md");
    blocks.retain(|block| block.language() == "sh");
    let mut left = RECIPES
        .iter()
        .flat_map(|(heading, blocks)| blocks.iter().map(move |files| (*heading, *files)));
    let mut runs = Vec::new();
    for block in &blocks {
        let (heading, files) = left.next().expect("each block has its files in the list");
        assert_eq!(block.heading, heading, "the list has the order of the page");
        runs.push((block, files));
    }
    assert!(left.next().is_none(), "a recipe is gone from the page");
    assert!(blocks.len() >= 14, "the page was not read");
    all_at_once(runs, |(block, files)| drop(run_script(block, files)));
}

/// The examples of a command's help, as one session.
#[test]
fn examples_of_help_do_what_they_say() {
    let session = |(command, files): (&str, Vec<(&str, &str)>)| {
        let help = TestEnv::new().run(&format!("{command} --help")).ok().stdout;
        let (_, examples) = help.split_once("\nExamples:\n").unwrap();
        let lines: Vec<&str> = examples.lines().map(str::trim).collect();
        assert_eq!(lines.len(), 4, "{lines:#?}");
        let block = Block {
            page: "help".to_owned(),
            heading: format!("mavi {command} --help"),
            info: Vec::new(),
            text: lines.join("\n"),
        };
        run_script(&block, &files);
    };
    let transcribed = vec![
        ("talk.srt", "1\n00:00:0"),
        ("cut-7.srt", "1\n00:00:0"),
        ("captions/three.vtt", "WEBVTT\n"),
        ("stdout", "cut-7.mp4 (audio): reuse video VI"),
    ];
    let uploaded = vec![("videos.txt", "VI"), ("stdout", "{\n  \"videoNo\": \"VI")];
    all_at_once([("transcribe", transcribed), ("upload", uploaded)], session);
}

/// Runs a block with bash in an environment of its own, checks the files that it leaves, and returns its
/// stdout, which is also the file `stdout`.
#[expect(clippy::print_stdout, reason = "a check that is left out says so")]
pub(crate) fn run_script(block: &Block, files: &[(&str, &str)]) -> String {
    let Block {
        page,
        heading,
        text,
        ..
    } = block;
    let mut needed = block.needs().iter();
    if let Some(program) = needed.find(|program| on_path(program).is_none()) {
        println!("skipped, {program} is not installed: {page}, {heading}");
        return String::new();
    }
    let env = TestEnv::new();
    env.write("videos.txt", "# tonight's\nlecture-1\n\nlecture-2\n");
    let demo = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/demo/talk.mp4")).unwrap();
    film(&env, "talk.mp4", &demo);
    let others = [
        "films/one.mp4",
        "films/two.mp4",
        "films/three.mkv",
        "cut-7.mp4",
    ];
    for (name, end) in others.into_iter().zip(1..) {
        film(&env, name, &[&*demo, &[end]].concat());
    }
    let shell = ["bash", "-euo", "pipefail", "-c", text];
    // What is to be found unfinished is, however slow the machine.
    let is_unfinished = files.contains(&("status.txt", "UNFINISHED\n"));
    let delay = if is_unfinished { "1h" } else { "1500ms" };
    let mut command = env.command(["sandbox", "--delay", delay, "--parse-delay", "0s", "--"]);
    command.args(shell).env_remove("MAVI_TOKEN");
    let run = Run::of(command).allow_warnings("captions beyond their limits earn one");
    let context = format!("{page}, {heading}:\n{text}\n{run:#?}");
    assert_eq!(run.status, 0, "{context}");
    env.write("stdout", &run.stdout);
    for (name, start) in files {
        let bytes = fs::read(env.path(name)).unwrap_or_else(|_| panic!("{name}: {context}"));
        let is_filled = *name == "stdout" || !bytes.is_empty();
        assert!(is_filled, "{name} is empty: {context}");
        assert!(bytes.starts_with(start.as_bytes()), "{name}: {context}");
    }
    if heading == "xargs" {
        let files = env.files();
        let counts = files.iter().filter(|name| name.contains(".words"));
        assert_eq!(counts.count(), 2, "{context}");
    }
    run.stdout.clone()
}

/// Writes a film that nobody has changed for an hour.
fn film(env: &TestEnv, name: &str, bytes: &[u8]) {
    let path = env.path(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_hours(1))
        .unwrap();
}

pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}
