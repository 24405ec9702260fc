//! Runs every `sh` block of `docs/recipes.md`, each in a folder of its own against the sandbox, and
//! looks at the files that it leaves; then what the README has somebody type, as one session. A block
//! that needs a program which is not installed is skipped, and said so.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::support::all_at_once;
use crate::support::env::TestEnv;
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

/// One block: its heading, the program that it needs, its text.
struct Block {
    heading: String,
    needs: Option<String>,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let page = fs::read_to_string(page).unwrap();
    let (mut blocks, mut heading) = (Vec::new(), String::new());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.trim_start_matches('#').strip_prefix(' ')
            && line.starts_with("##")
        {
            title.clone_into(&mut heading);
        } else if let Some(info) = line.strip_prefix("```") {
            let text: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            if info.split(' ').next() == Some("sh") {
                blocks.push(Block {
                    heading: heading.clone(),
                    needs: info.strip_prefix("sh needs ").map(str::to_owned),
                    text: text.join("\n"),
                });
            }
        }
    }
    blocks
}

#[test]
fn every_recipe_does_what_it_says() {
    let blocks = blocks("docs/recipes.md");
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
    all_at_once(runs, |(block, files)| run(block, files));
}

#[test]
fn the_session_of_the_readme_does_what_it_says() {
    let blocks = blocks("README.md");
    let typed = |heading: &str| {
        let mut found = blocks.iter().filter(|block| block.heading == heading);
        let text = &found.next().expect(heading).text;
        // The sandbox has a code of its own and no terminal, and nobody outside reaches it.
        let login = "unset MAVI_TOKEN; printf %s \"$MAVI_SANDBOX_CODE\" | \
                     mavi auth login --client-id \"$MAVI_SANDBOX_CLIENT_ID\" --code-stdin #";
        text.replace("mavi auth login ", login)
            .replace("127.0.0.1:8787", "127.0.0.1:0")
            .replace(" --public-url https://ci.example.com/mavi", "")
    };
    let session = [
        typed("Quick start"),
        "mavi wait \"$TASK\" -o talk.json; VIDEO=lecture-1".to_owned(),
        typed("`mavi convert`: another format, later"),
        typed("Captions that people can read"),
        typed("In CI"),
    ];
    let block = Block {
        heading: "README".to_owned(),
        needs: Some("jq".to_owned()),
        text: session.join("\n"),
    };
    let left = [
        ("talk.json", "{"),
        ("talk.srt", "1\n00:00:0"),
        ("talk.vtt", "WEBVTT\n"),
        ("captions/lecture-1.srt", SRT),
        ("captions/lecture-2.srt", SRT),
        ("stdout", "config  ok"),
    ];
    run(&block, &left);
}

#[test]
fn login_with_the_sandbox_works_as_the_readme_says() {
    let blocks = blocks("README.md");
    let mut found = blocks
        .iter()
        .filter(|block| block.text.contains("--token-lifetime"));
    let block = found.next().unwrap();
    run(block, &[("stdout", "service:       http://127.0.0.1:")]);
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
            heading: format!("mavi {command} --help"),
            needs: None,
            text: lines.join("\n"),
        };
        run(&block, &files);
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

#[expect(clippy::print_stdout, reason = "a check that is left out says so")]
fn run(block: &Block, files: &[(&str, &str)]) {
    let Block {
        heading,
        needs,
        text,
    } = block;
    if let Some(program) = needs
        && on_path(program).is_none()
    {
        println!("skipped, {program} is not installed: {heading}");
        return;
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
    let mut command = env.command(["sandbox", "--delay", "1500ms", "--parse-delay", "0s", "--"]);
    command.args(shell).env_remove("MAVI_TOKEN");
    let run = Run::of(command).allow_warnings("captions beyond their limits earn one");
    let context = format!("{heading}:\n{text}\n{run:#?}");
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

fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
}
