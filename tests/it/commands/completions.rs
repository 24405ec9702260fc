//! Completion: the words that `mavi __complete` offers, and what the scripts of the shells make of them.

use std::path::Path;
use std::process::Command;

use jiff::Timestamp;

use crate::recipes::on_path;
use crate::support::env::TestEnv;
use crate::support::run::Run;

const HERE: &str = "http://127.0.0.1:9";
const ELSEWHERE: &str = "http://127.0.0.1:8";

/// Two pending tasks and one that failed, a pending one and one that is unknown elsewhere, two uploads of
/// which one is deleted, and two profiles.
fn env() -> TestEnv {
    let now = Timestamp::now();
    let record = |event: &str, base_url: &str, rest: &str| {
        format!(r#"{{"time":"{now}","event":"{event}","baseUrl":"{base_url}",{rest}}}"#) + "\n"
    };
    let task = |task: &str, video: &str| {
        format!(r#""id":"{task}","videoNo":"{video}","type":"audio","taskNo":"{task}""#)
    };
    let upload = |video: &str, name: &str| {
        format!(
            r#""id":"{video}","videoNo":"{video}","path":"/{name}","name":"{name}","size":1,"sha256":"{video}""#
        )
    };
    let env = TestEnv::at(HERE);
    let journal = [
        record("uploaded", HERE, &upload("V1", "talk.mp4")),
        record("uploaded", HERE, &upload("V2", "gone.mp4")),
        record("deleted", HERE, r#""videoNo":"V2""#),
        record("submitted", HERE, &task("task-1", "V1")),
        record("submitted", HERE, &task("task-2", "V2")),
        record("submitted", HERE, &task("task-3", "V3")),
        record("failed", HERE, r#""taskNo":"task-3""#),
        record("submitted", ELSEWHERE, &task("task-9", "V9")),
    ];
    env.write(".local/state/mavi/journal.jsonl", &journal.concat());
    env.configure(&format!(
        "[profiles.work]\nbase_url = \"{ELSEWHERE}\"\n[profiles.home]\n"
    ));
    env
}

/// Asserts the words that are offered after `before`, with their descriptions.
#[track_caller]
fn assert_offered(env: &TestEnv, before: &str, word: &str, expected: &str) {
    let mut command = env.command(["__complete", &format!("--word={word}"), "--"]);
    command.args(before.split_whitespace());
    Run::of(command).expect_output(expected, "");
}

#[test]
fn recorded_tasks_and_videos_are_offered_newest_first() {
    let env = env();
    let pending = "task-2\tV2 (audio), just now\ntask-1\tV1 (audio), just now\n";
    assert_offered(&env, "wait", "", pending);
    assert_offered(&env, "get -f srt", "task", pending);
    assert_offered(&env, "get task-2", "", "task-1\tV1 (audio), just now\n");
    let failed = "task-3\tV3 (audio), failed, just now\n";
    assert_offered(&env, "tasks --forget", "", &[failed, pending].concat());
    assert_offered(&env, "submit", "", "V1\ttalk.mp4\n");
    assert_offered(&env, "delete", "V", "V1\ttalk.mp4\n");
    assert_offered(&TestEnv::new(), "wait", "", "");
}

#[test]
fn words_that_a_shell_would_have_to_quote_are_not_offered() {
    let env = TestEnv::at(HERE);
    let now = Timestamp::now();
    let special = [
        "$(touch${IFS}pwned)",
        "`x`",
        "a;b",
        "a b",
        "a&b",
        "a|b",
        "a>b",
        "a*",
        "~a",
        "a'b",
        "a!b",
        "{a}",
        "@a",
        "a,b",
        "%1",
        "#a",
        "[a]",
        "\u{e4}",
    ];
    let record = |id: &str| {
        let start = format!(r#"{{"time":"{now}","baseUrl":"{HERE}","videoNo":"{id}""#);
        let task =
            format!(r#"{start},"event":"submitted","id":"{id}","type":"audio","taskNo":"{id}"}}"#);
        let upload = r#""path":"/a","name":"a","size":1"#;
        format!(
            "{task}\n{start},\"event\":\"uploaded\",\"id\":\"u{id}\",{upload},\"sha256\":\"{id}\"}}\n"
        )
    };
    let journal: String = special.iter().map(|id| record(id)).collect();
    let profile = |name: &&str| format!("[profiles.\"{name}\"]\n");
    let profiles: String = special.iter().map(profile).collect();
    env.write(".local/state/mavi/journal.jsonl", &journal);
    env.configure(&format!("{profiles}[profiles.\"two\\nlines\"]\n"));
    assert_eq!(env.run("tasks -f ids").ok().stdout.lines().count(), 18);
    for before in [
        "get",
        "wait",
        "tasks --forget",
        "submit",
        "delete",
        "--profile",
    ] {
        assert_offered(&env, before, "", "");
    }
    assert_offered(&env, "", "--profile=", "");
}

#[test]
fn service_of_the_command_line_decides_on_tasks() {
    let env = env();
    let mut command = env.command(["__complete", "--", "wait", "--profile", "work"]);
    command.env_remove("MAVI_BASE_URL");
    let elsewhere = "task-9\tV9 (audio), just now\n";
    Run::of(command).expect_output(elsewhere, "");
    let flag = format!("--base-url {ELSEWHERE} wait");
    assert_offered(&env, &flag, "", elsewhere);
}

#[test]
fn profiles_of_the_configuration_file_are_offered() {
    let env = env();
    assert_offered(&env, "--profile", "", "home\nwork\n");
    assert_offered(&env, "wait task-1 --profile", "w", "work\n");
    env.write("other.toml", "[profiles.third]\n");
    assert_offered(&env, "--config other.toml --profile", "", "third\n");
    assert_offered(&env, "--config none.toml --profile", "", "");
    env.configure("nonsense = [");
    assert_offered(&env, "--profile", "", "");
    assert_offered(&env, "wait", "", "");
}

#[test]
fn lists_go_on_after_a_comma() {
    let env = env();
    assert_offered(&env, "get -f", "srt,v", "srt,vtt\n");
    assert_offered(
        &env,
        "get",
        "--format=srt,j",
        "--format=srt,json\n--format=srt,jsonl\n",
    );
    assert_offered(&env, "submit V1 -t", "audio,", "audio,video\n");
    assert_offered(&env, "submit V1 --type", "", "audio\nvideo\n");
}

#[test]
fn values_of_keys_are_offered() {
    let env = env();
    let presets = "netflix\nbbc\nyoutube\nsocial\n";
    assert_offered(&env, "get --reflow --preset", "", presets);
    assert_offered(&env, "convert --language", "p", "pt\npl\n");
    assert_offered(
        &env,
        "convert",
        "--language=p",
        "--language=pt\n--language=pl\n",
    );
    assert_offered(&env, "wait --time-unit", "m", "milliseconds\n");
}

#[test]
fn files_are_offered_where_files_belong_alone() {
    let env = env();
    for (before, word) in [
        ("transcribe", ""),
        ("transcribe a.mp4", "b"),
        ("upload", ""),
        ("convert", ""),
        ("convert a.json -o", ""),
        ("convert a.json --media", ""),
        ("wait", "--config="),
        ("listen --path-secret-file", ""),
        ("sandbox --", ""),
    ] {
        assert_offered(&env, before, word, ":files\n");
    }
    assert_offered(&env, "sandbox --transcripts", "", ":directories\n");
    assert_offered(&env, "man", "", ":directories\n");
    for before in [
        "tasks",
        "doctor",
        "listen",
        "listen --addr",
        "submit V1 --callback",
        "videos --since",
    ] {
        assert_offered(&env, before, "", "");
    }
}

#[test]
fn commands_and_flags_are_offered_with_their_help() {
    let env = env();
    assert_offered(&env, "", "su", "submit\tSubmit videos for transcription\n");
    assert_offered(
        &env,
        "auth",
        "",
        "login\tLog in with a client ID and a code\n\
         status\tShow which token is used and when it expires\n\
         logout\tDelete the stored login\n",
    );
    assert_offered(
        &env,
        "convert",
        "--ref",
        "--reflow\tSplit long segments into readable cues (srt, vtt, html)\n",
    );
}

/// Returns a script of the repository.
fn script(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    folder.join(name).display().to_string()
}

#[test]
fn bash_offers_words_as_it_splits_them() {
    let env = env();
    let offered = |words: &str, word: &str| {
        let line = format!(
            "source '{}'; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _mavi mavi '{word}' x; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            script("mavi.bash")
        );
        let mut bash = env.shell("exec bash -c \"$LINE\"");
        bash.env("LINE", line);
        Run::of(bash).ok().stdout
    };
    assert_eq!(offered("mavi su", "su"), "submit\n");
    assert_eq!(offered("mavi wait ''", ""), "task-2\ntask-1\n");
    assert_eq!(offered("mavi --profile ''", ""), "home\nwork\n");
    assert_eq!(offered("mavi get -f srt,v", "srt,v"), "srt,vtt\n");
    // Bash splits at `=` and `:`, and replaces what is behind them.
    assert_eq!(offered("mavi get --format = srt,v", "srt,v"), "srt,vtt\n");
    assert_eq!(offered("mavi submit V1 --type =", ""), "audio\nvideo\n");
    assert_eq!(
        offered("mavi --base-url = http : //127.0.0.1 : 8 wait ''", ""),
        "task-9\n"
    );
    assert_eq!(offered("mavi convert --ref", "--ref"), "--reflow\n");
    // As bash 3 has it. Later ones offer files by themselves, but only where somebody types.
    env.write("a file.json", "");
    assert_eq!(offered("mavi convert a", "a"), "a file.json\n");
    assert_eq!(offered("mavi listen --addr ''", ""), "\n");
}

#[test]
fn other_shells_accept_their_scripts() {
    let env = env();
    let found = |program: &str| {
        if on_path(program).is_none() {
            println!("skipped, {program} is not installed");
        }
        on_path(program).is_some()
    };
    if found("zsh") {
        let zsh = Command::new("zsh").args(["-n", &script("_mavi")]).status();
        assert!(zsh.unwrap().success());
    }
    if found("fish") {
        let mut fish = env.shell("exec fish --no-config --command \"$LINE\"");
        let lines = ["wait ", "get -f srt,v", "--profile w", "convert ", "tasks "];
        let lines = lines.map(|line| format!("complete --do-complete 'mavi {line}'"));
        let source = format!("source '{}'; ", script("mavi.fish"));
        fish.env("LINE", source + &lines.join("; "));
        env.write("a file.json", "");
        let pending = "task-2\tV2 (audio), just now\ntask-1\tV1 (audio), just now\n";
        Run::of(fish).expect_output(format!("{pending}srt,vtt\nwork\na file.json\n"), "");
    }
}

#[test]
fn instructions_work_in_an_empty_home() {
    let env = TestEnv::new();
    let help = env.run("completions --help").ok().stdout;
    let examples = help.split_once("Examples:\n").unwrap().1;
    let lines: Vec<_> = examples
        .lines()
        .take_while(|line| !line.is_empty())
        .collect();
    assert_eq!(lines.len(), 8, "{lines:?}");
    for line in lines {
        Run::of(env.shell(line)).expect_output("", "");
    }
    let bash = "exec bash -c 'source ~/.bashrc && complete -p mavi'";
    Run::of(env.shell(bash)).expect_output("complete -F _mavi mavi\n", "");
    assert_eq!(env.read(".zshrc"), ". ~/.local/share/mavi/_mavi\n");
    for (shell, file) in [
        ("zsh", ".local/share/mavi/_mavi"),
        ("fish", ".config/fish/completions/mavi.fish"),
    ] {
        let script = env.run(&format!("completions {shell}")).ok().stdout;
        assert_eq!(env.read(file), *script);
    }
    let elvish = "eval (mavi completions elvish | slurp)\n";
    assert_eq!(env.read(".config/elvish/rc.elv"), elvish);
    let man = env.run("man --help").ok().stdout;
    let pages = "mavi man ~/.local/share/man/man1";
    assert!(
        man.contains(&format!(
            "\n  {pages}\n  man -M ~/.local/share/man mavi-submit\n"
        )),
        "{man}"
    );
    Run::of(env.shell(pages)).expect_output("", "");
    assert!(
        env.read(".local/share/man/man1/mavi-submit.1")
            .contains(".SH NAME")
    );
}
