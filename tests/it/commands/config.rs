//! Configuration: what is in force and where it came from, what is refused, and the first file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use snapbox::str;

use crate::support::env::{TOKEN, TestEnv, finished};
use crate::support::fake_server::{FakeServer, expect_failure_both_ways, ok};
use crate::support::process::WriteStdin as _;
use crate::support::run::{Run, Transcript};

const CONFIG: &str = ".config/mavi/config.toml";

/// The line of `config show` about this key.
#[track_caller]
fn shown(run: &Run, key: &str) -> String {
    let start = format!("{key} = ");
    let line = run.stdout.lines().find(|line| line.starts_with(&start));
    let line = line.unwrap_or_else(|| panic!("no {key}: {run:#?}"));
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn precedence_is_flag_environment_profile_file_default() {
    let env = TestEnv::new();
    let show = |args: &str, variable: &str| {
        let mut command = env.command(["config", "show"]);
        command.args(args.split_whitespace());
        command.env("MAVI_BASE_URL", variable);
        shown(&Run::of(command).ok(), "base_url")
    };
    let default = "base_url = \"https://mavi-backend.memories.ai\" # default";
    assert_eq!(show("", ""), default);
    env.write(
        CONFIG,
        "base_url = \"https://file\"\n[profiles.p]\nbase_url = \"https://profile/x/\"\n[profiles.q]\n",
    );
    assert_eq!(show("", ""), "base_url = \"https://file\" # file");
    assert_eq!(
        show("--profile q", ""),
        "base_url = \"https://file\" # file"
    );
    assert_eq!(
        show("--profile p", ""),
        "base_url = \"https://profile/x\" # profile p"
    );
    assert_eq!(
        show("--profile p", "https://env"),
        "base_url = \"https://env\" # MAVI_BASE_URL"
    );
    assert_eq!(
        show("--profile p --base-url https://flag", "https://env"),
        "base_url = \"https://flag\" # flag"
    );
}

#[test]
fn sections_follow_the_same_rule() {
    let env = TestEnv::new();
    env.write(
        CONFIG,
        "[wait]\ntimeout = 90\n[output]\nformat = \"srt\"\n[profiles.p.wait]\ntimeout = \"2h\"\n",
    );
    let show = |args: &str| env.run(&format!("config show {args}")).ok();
    assert_eq!(shown(&show(""), "timeout"), "timeout = \"1m30s\" # file");
    assert_eq!(
        shown(&show("--profile p"), "timeout"),
        "timeout = \"2h\" # profile p"
    );
    assert_eq!(shown(&show("--retries 7"), "retries"), "retries = 7 # flag");
    assert_eq!(shown(&show(""), "format"), "format = \"srt\" # file");
    let mut command = env.command(["config", "show"]);
    command.env("MAVI_FORMAT", "vtt").env("MAVI_PROFILE", "p");
    let run = Run::of(command).ok();
    assert_eq!(shown(&run, "format"), "format = \"vtt\" # MAVI_FORMAT");
    assert_eq!(shown(&run, "timeout"), "timeout = \"2h\" # profile p");
}

#[test]
fn show_prints_every_key_and_never_the_token() {
    let env = TestEnv::new();
    env.write(CONFIG, &format!("token = \"{TOKEN}\"\n"));
    let run = env.run("config show").ok();
    for key in [
        "base_url",
        "auth_scheme",
        "allow_http",
        "request_timeout",
        "retries",
        "jobs",
        "max_reply_size",
        "time_unit",
        "type",
        "timeout",
        "format",
        "submit_audio_per_minute",
        "submit_video_per_minute",
        "get_per_minute",
        "max_line_width",
        "max_lines",
        "max_cps",
        "min_duration",
        "max_duration",
        "min_gap",
    ] {
        shown(&run, key);
    }
    for unset in ["ca_file", "callback", "interval", "MAVI_TOKEN"] {
        // In part: the values are compared in the tests of their keys.
        assert!(run.stdout.contains(unset), "{unset}: {run:#?}");
    }
    // What is shown can be a configuration file itself.
    run.stdout.parse::<toml::Table>().expect("it is TOML");
}

#[test]
fn unknown_key_is_named_with_position_and_suggestion() {
    for (config, said) in [
        (
            "retires = 3\n",
            str![[r#"
mavi: [HOME]/.config/mavi/config.toml:1: `retires` is not a known key
hint: did you mean `retries`?

"#]],
        ),
        (
            "\nbase-url = \"x\"\n",
            str![[r#"
mavi: [HOME]/.config/mavi/config.toml:2: `base-url` is not a known key
hint: did you mean `base_url`?

"#]],
        ),
        (
            "[wait]\ntimeot = 1\n",
            str![[r#"
mavi: [HOME]/.config/mavi/config.toml:2: `wait.timeot` is not a known key
hint: did you mean `wait.timeout`?

"#]],
        ),
        (
            "[profiles.p]\ntokn = \"x\"\n",
            str![[r#"
mavi: [HOME]/.config/mavi/config.toml:2: `profiles.p.tokn` is not a known key
hint: did you mean `token`?

"#]],
        ),
    ] {
        let env = TestEnv::new();
        env.write(CONFIG, config);
        for command in [&["config", "show"][..], &["get", "T1"]] {
            expect_failure_both_ways(&env, command, 2, "config");
        }
        env.run("get T1").expect_stderr(said);
    }
}

#[test]
fn a_value_that_is_wrong_is_named_by_its_key_and_not_shown() {
    let mut transcript = Transcript::default();
    for config in [
        &*format!("retries = \"{TOKEN}\"\n"),
        &format!("token = [\"{TOKEN}\"]\n"),
        &format!("base_url = \"{TOKEN}\"\n"),
        &format!("[submit]\ntype = \"{TOKEN}\"\n"),
        &format!("token = \"{TOKEN}\n"),
        "token = \"\"\n",
        "jobs = 0\n",
        "request_timeout = 0\n",
        "max_reply_size = \"lots\"\n",
        "[output]\nformat = \"docx\"\n",
        "wait = 5\n",
        "profiles = 5\n",
    ] {
        let env = TestEnv::new();
        env.write(CONFIG, config);
        expect_failure_both_ways(&env, &["config", "show"], 2, "config");
        transcript.add(config.trim_end(), &env.run("config show"));
    }
    transcript.expect(str![[r#"
$ retries = "tok-5ecret-0123456789"
mavi: [HOME]/.config/mavi/config.toml:1: `retries` must be 0 or a positive whole number
hint: for example: retries = 3
[2]
$ token = ["tok-5ecret-0123456789"]
mavi: [HOME]/.config/mavi/config.toml:1: `token` must be text that is not empty
hint: for example: token = "your token"
[2]
$ base_url = "tok-5ecret-0123456789"
mavi: [HOME]/.config/mavi/config.toml:1: `base_url` must be an absolute http or https URL, such as https://host/prefix
hint: for example: base_url = "https://mavi-backend.memories.ai"
[2]
$ [submit]
type = "tok-5ecret-0123456789"
mavi: [HOME]/.config/mavi/config.toml:2: `submit.type` must be "audio" or "video", or a list of them
hint: for example: type = "audio"
[2]
$ token = "tok-5ecret-0123456789
mavi: [HOME]/.config/mavi/config.toml:1: invalid basic string, expected `"`
[2]
$ token = ""
mavi: [HOME]/.config/mavi/config.toml:1: `token` must be text that is not empty
hint: for example: token = "your token"
[2]
$ jobs = 0
mavi: [HOME]/.config/mavi/config.toml:1: `jobs` must be a whole number from 1 to 1024
hint: for example: jobs = 4
[2]
$ request_timeout = 0
mavi: [HOME]/.config/mavi/config.toml:1: `request_timeout` must be longer than 0
hint: for example: request_timeout = "1m"
[2]
$ max_reply_size = "lots"
mavi: [HOME]/.config/mavi/config.toml:1: `max_reply_size` must be a number of bytes, or a size such as "256MiB"
hint: for example: max_reply_size = "256MiB"
[2]
$ [output]
format = "docx"
mavi: [HOME]/.config/mavi/config.toml:2: `output.format` must be one of "table", "json", "jsonl", "srt", "vtt", "txt", "csv", "tsv", "md" and "html"
hint: for example: format = "table"
[2]
$ wait = 5
mavi: [HOME]/.config/mavi/config.toml:1: `wait` must be a section, [wait]
[2]
$ profiles = 5
mavi: [HOME]/.config/mavi/config.toml:1: `profiles` must be [profiles.NAME] sections
[2]

"#]]);
}

#[test]
fn a_variable_that_is_wrong_is_named() {
    for (name, value, said) in [
        (
            "MAVI_FORMAT",
            "docx",
            str![[r#"
{"error":{"kind":"config","exit_code":2,"message":"MAVI_FORMAT must be one of \"table\", \"json\", \"jsonl\", \"srt\", \"vtt\", \"txt\", \"csv\", \"tsv\", \"md\" and \"html\""}}

"#]],
        ),
        (
            "MAVI_BASE_URL",
            "nowhere",
            str![[r#"
{"error":{"kind":"config","exit_code":2,"message":"MAVI_BASE_URL must be an absolute http or https URL, such as https://host/prefix"}}

"#]],
        ),
        (
            "MAVI_PROFILE",
            "nobody",
            str![[r#"
{"error":{"kind":"config","exit_code":2,"message":"there is no profile \"nobody\": [HOME]/.config/mavi/config.toml has none","hint":"add a section [profiles.\"nobody\"] to the configuration file; to find it, run: mavi config path"}}

"#]],
        ),
        (
            "MAVI_CONFIG",
            "/nowhere/x.toml",
            str![[r#"
{"error":{"kind":"config","exit_code":2,"message":"the configuration file /nowhere/x.toml (MAVI_CONFIG) does not exist","hint":"to create it, run: mavi config init"}}

"#]],
        ),
    ] {
        let env = TestEnv::new();
        let mut command = env.command(["get", "T1", "--error-format", "json"]);
        command.env(name, value);
        let run = Run::of(command).expect_failure(2).expect_stderr(said);
        assert_eq!(run.errors()[0]["kind"], "config");
    }
}

#[test]
fn named_config_file_must_exist_default_may_be_missing() {
    let env = TestEnv::new();
    env.run("config show").ok();
    let run = env
        .run("config show --config nowhere.toml")
        .expect_failure(2);
    run.expect_stderr(str![[r#"
mavi: the configuration file nowhere.toml (--config) does not exist
hint: to create it, run: mavi --config nowhere.toml config init

"#]]);
    env.write("mine.toml", "retries = 8\n");
    let run = env.run("config show --config mine.toml").ok();
    assert_eq!(shown(&run, "retries"), "retries = 8 # file");
    let mut command = env.command(["config", "show"]);
    command.env("MAVI_CONFIG", "mine.toml");
    assert_eq!(
        shown(&Run::of(command).ok(), "retries"),
        "retries = 8 # file"
    );
}

#[test]
fn a_profile_that_was_asked_for_must_exist() {
    let env = TestEnv::new();
    env.run("get T1 --profile work")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: there is no profile "work": [HOME]/.config/mavi/config.toml has none
hint: add a section [profiles."work"] to the configuration file; to find it, run: mavi config path

"#]]);
    env.write(CONFIG, "[profiles.home]\n");
    let run = env.run("get T1 --profile work").expect_failure(2);
    run.expect_stderr(str![[r#"
mavi: there is no profile "work": [HOME]/.config/mavi/config.toml has home
hint: add a section [profiles."work"] to the configuration file; to find it, run: mavi config path

"#]]);
}

#[test]
fn path_prints_where_the_file_is_or_would_be() {
    let env = TestEnv::new();
    let path = |args: &str| env.run(&format!("config path {args}")).ok().stdout;
    assert_eq!(path(""), format!("{}\n", env.path(CONFIG).display()));
    assert_eq!(path("--config x.toml"), "x.toml\n");
    let mut command = env.command(["config", "path"]);
    command.env("XDG_CONFIG_HOME", env.path("xdg"));
    let wanted = format!("{}\n", env.path("xdg/mavi/config.toml").display());
    Run::of(command).expect_output(wanted, "");
    // A file that is broken can still be found.
    env.write(CONFIG, "nonsense");
    assert_eq!(path(""), format!("{}\n", env.path(CONFIG).display()));
}

#[test]
fn init_writes_the_example_for_its_owner_alone() {
    let env = TestEnv::new();
    env.run("config init").expect_output(
        "",
        "created [HOME]/.config/mavi/config.toml; only you can read it\n",
    );
    let example = include_str!("../../../config.example.toml");
    assert_eq!(env.read(CONFIG), example);
    let mode = |name| fs::metadata(env.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(CONFIG), mode(".config/mavi")), (0o600, 0o700));
    env.run("config show").ok();
    let run = env.run("config init --config deep/er/mavi.toml").ok();
    assert_eq!(
        (run.stdout, mode("deep/er/mavi.toml")),
        (String::new(), 0o600)
    );
}

#[test]
fn init_leaves_a_file_that_exists_unless_it_is_forced() {
    let env = TestEnv::new();
    env.write(CONFIG, "retries = 1\n");
    let error = expect_failure_both_ways(&env, &["config", "init"], 1, "io");
    assert!(error["message"].as_str().unwrap().contains("exists"));
    assert!(error["hint"].as_str().unwrap().contains("--force"));
    assert_eq!(env.read(CONFIG), "retries = 1\n");
    env.run("config init --force").ok();
    assert!(env.read(CONFIG).starts_with("# "));
    let mode = fs::metadata(env.path(CONFIG)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn init_takes_a_token_from_stdin_and_get_uses_it() {
    let service = FakeServer::always(ok(finished("T1", "")));
    let env = service.env();
    let mut command = env.command(["config", "init", "--token-stdin"]);
    command.write_stdin(format!("{TOKEN}\n"));
    Run::of(command).expect_output(
        "",
        "created [HOME]/.config/mavi/config.toml with the token; only you can read it\n",
    );
    assert!(env.read(CONFIG).contains(TOKEN));
    let mut command = env.command(["get", "T1"]);
    command.env_remove("MAVI_TOKEN");
    Run::of(command).ok();
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(
        service.the_request().header("authorization"),
        Some(&*bearer)
    );
}

#[test]
fn init_refuses_what_cannot_be_a_token() {
    for (stdin, said) in [
        (
            "",
            str![[r#"
mavi: no token on stdin
hint: for example: pass show mavi | mavi config init --token-stdin

"#]],
        ),
        (
            " \n",
            str![[r#"
mavi: no token on stdin
hint: for example: pass show mavi | mavi config init --token-stdin

"#]],
        ),
        (
            "two\nlines\n",
            str![[r#"
mavi: stdin gives a token with control characters or characters outside ASCII in it

"#]],
        ),
        (
            "tök\n",
            str![[r#"
mavi: stdin gives a token with control characters or characters outside ASCII in it

"#]],
        ),
    ] {
        let env = TestEnv::new();
        let mut command = env.command(["config", "init", "--token-stdin"]);
        command.write_stdin(stdin);
        Run::of(command).expect_failure(2).expect_stderr(said);
        assert!(!fs::exists(env.path(CONFIG)).unwrap());
    }
}

#[test]
fn flag_given_twice_counts_as_given_last() {
    let env = TestEnv::new();
    env.write(CONFIG, "[profiles.a]\n[profiles.b]\nretries = 9\n");
    for (args, line) in [
        ("-q -q", "retries = 3 # default"),
        ("--retries 1 --retries 2", "retries = 2 # flag"),
        ("--profile a --profile b", "retries = 9 # profile b"),
        ("--profile missing --profile b", "retries = 9 # profile b"),
    ] {
        let before = env.run(&format!("{args} config show")).ok();
        let after = env.run(&format!("config show {args}")).ok();
        assert_eq!(shown(&before, "retries"), line, "{args}");
        assert_eq!(shown(&after, "retries"), line, "{args}");
    }
    let run = env.run("--retries 1 config show --retries 2").ok();
    assert_eq!(shown(&run, "retries"), "retries = 2 # flag");

    env.write(
        "a.json",
        &finished("T1", r#"{"startTime":1,"endTime":2,"content":"one"}"#),
    );
    env.run("convert a.json -f csv --time-unit seconds --time-unit milliseconds")
        .expect_output(
            str![[r#"
task_no,id,start,end,content,video_no,type
T1,,0.001,0.002,one,V1,audio

"#]],
            "",
        );
    env.run("--color always --color never convert a.json -f table")
        .expect_output(
            str![[r#"
task T1  video V1  type AUDIO  1 segment  0:00:01.000 to 0:00:02.000
#        start          end  text
1  0:00:01.000  0:00:02.000  one

"#]],
            "",
        );
    env.run("convert a.json -o - -o=-x.srt")
        .expect_output("", "");
    assert!(env.read("-x.srt").contains("one"));
    // Lists are added to.
    env.run("convert a.json -f srt -f txt -o {ext}")
        .expect_output("", "");
    assert_eq!(env.files(), ["-x.srt", "a.json", "srt", "txt"]);
}

#[test]
fn output_may_begin_with_a_dash() {
    let env = TestEnv::new();
    env.write(
        "a.json",
        &finished("T1", r#"{"startTime":1,"endTime":2,"content":"one"}"#),
    );
    env.run("convert a.json -o -x.srt").ok();
    env.run("convert a.json --output -y.srt").ok();
    assert_eq!(env.files(), ["-x.srt", "-y.srt", "a.json"]);
}

#[test]
fn durations_take_days_and_weeks_and_have_a_maximum() {
    let env = TestEnv::at("http://127.0.0.1:9");
    for age in ["30d", "1d", "2w", "1w2d"] {
        env.run(&format!("tasks --prune {age}")).ok();
    }
    env.run("tasks --prune 30x")
        .expect_failure(2)
        .expect_stderr(str![[r#"
mavi: invalid value '30x' for '--prune <DUR>': "30x" is not a duration such as 90, 90s, 15m, 1h30m, 30d or 2w
hint: for help, run: mavi tasks --help

"#]]);
    env.write(CONFIG, "[wait]\ntimeout = \"2d\"\n");
    let run = env.run("config show").ok();
    assert_eq!(shown(&run, "timeout"), "timeout = \"2d\" # file");
    let mut transcript = Transcript::default();
    for long in [
        "18446744073709551615",
        "9223372036854775807s",
        "5000000000s",
    ] {
        for command in [
            "listen --any --addr 127.0.0.1:0",
            "wait T",
            "submit V --wait",
        ] {
            let args = format!("{command} --timeout {long}");
            transcript.add(&args, &env.run(&args));
        }
        env.run(&format!("tasks --prune {long}")).expect_failure(2);
        env.run(&format!("sandbox --delay {long} -- true"))
            .expect_failure(2);
    }
    transcript.expect(str![[r#"
$ listen --any --addr 127.0.0.1:0 --timeout 18446744073709551615
mavi: invalid value '18446744073709551615' for '--timeout <DUR>': "18446744073709551615" is longer than 10 years
hint: for help, run: mavi listen --help
[2]
$ wait T --timeout 18446744073709551615
mavi: invalid value '18446744073709551615' for '--timeout <DUR>': must be a number of seconds, or a duration such as "90s", "15m", "1h30m" or "30d", at most 10 years
hint: for help, run: mavi wait --help
[2]
$ submit V --wait --timeout 18446744073709551615
mavi: invalid value '18446744073709551615' for '--timeout <DUR>': must be a number of seconds, or a duration such as "90s", "15m", "1h30m" or "30d", at most 10 years
hint: for help, run: mavi submit --help
[2]
$ listen --any --addr 127.0.0.1:0 --timeout 9223372036854775807s
mavi: invalid value '9223372036854775807s' for '--timeout <DUR>': "9223372036854775807s" is longer than 10 years
hint: for help, run: mavi listen --help
[2]
$ wait T --timeout 9223372036854775807s
mavi: invalid value '9223372036854775807s' for '--timeout <DUR>': must be a number of seconds, or a duration such as "90s", "15m", "1h30m" or "30d", at most 10 years
hint: for help, run: mavi wait --help
[2]
$ submit V --wait --timeout 9223372036854775807s
mavi: invalid value '9223372036854775807s' for '--timeout <DUR>': must be a number of seconds, or a duration such as "90s", "15m", "1h30m" or "30d", at most 10 years
hint: for help, run: mavi submit --help
[2]
$ listen --any --addr 127.0.0.1:0 --timeout 5000000000s
mavi: invalid value '5000000000s' for '--timeout <DUR>': "5000000000s" is longer than 10 years
hint: for help, run: mavi listen --help
[2]
$ wait T --timeout 5000000000s
mavi: invalid value '5000000000s' for '--timeout <DUR>': must be a number of seconds, or a duration such as "90s", "15m", "1h30m" or "30d", at most 10 years
hint: for help, run: mavi wait --help
[2]
$ submit V --wait --timeout 5000000000s
mavi: invalid value '5000000000s' for '--timeout <DUR>': must be a number of seconds, or a duration such as "90s", "15m", "1h30m" or "30d", at most 10 years
hint: for help, run: mavi submit --help
[2]

"#]]);
}

#[test]
fn state_dir_variable_moves_the_journal() {
    let service = FakeServer::always(ok(r#"{"code":"0000","data":{"taskNo":"T1"}}"#));
    let env = service.env();
    let mut command = env.command(["submit", "V1"]);
    command.env("MAVI_STATE_DIR", env.path("elsewhere"));
    Run::of(command).ok();
    assert!(env.files().contains(&"elsewhere/journal.jsonl".to_owned()));
    env.run("tasks -f ids").expect_output(
        "",
        "no tasks recorded yet: `mavi submit` records what it submits\n",
    );
    let mut command = env.command(["tasks", "-f", "ids"]);
    command.env("MAVI_STATE_DIR", env.path("elsewhere"));
    Run::of(command).expect_output("T1\n", "");
    let mut command = env.command(["tasks", "-f", "ids"]);
    command.env("MAVI_STATE_DIR", "");
    Run::of(command).expect_output(
        "",
        "no tasks recorded yet: `mavi submit` records what it submits\n",
    );
}

/// The hint of a run that fails for its arguments.
#[track_caller]
fn hint(env: &TestEnv, args: &str) -> String {
    let run = env.run(args).expect_failure(2);
    let (_, hint) = run.stderr.split_once("\nhint: ").expect("a hint");
    hint.trim_end().to_owned()
}

#[test]
fn unknown_command_or_flag_suggests_nearest() {
    let env = TestEnv::new();
    for (args, expected) in [
        ("list", "to list the submitted tasks, run: mavi tasks"),
        ("ls", "to list the submitted tasks, run: mavi tasks"),
        (
            "status",
            "to list tasks, run: mavi tasks\nhint: to see the login, run: mavi auth status",
        ),
        ("login", "to log in, run: mavi auth login"),
        ("logout", "to log out, run: mavi auth logout"),
        (
            "VI605961375402668032",
            "to transcribe the video, run: mavi transcribe VI605961375402668032",
        ),
        (
            "--profile get mavi_video_1",
            "to transcribe the video, run: mavi transcribe mavi_video_1",
        ),
        (
            "5e1f1b5e-0d6b-4b7e-9d53-1f4f4fb2b1a4",
            "to wait for the task, run: mavi wait 5e1f1b5e-0d6b-4b7e-9d53-1f4f4fb2b1a4",
        ),
        ("sumbit V1", "a similar subcommand exists: 'submit'"),
        ("--profile get wait", "for help, run: mavi wait --help"),
    ] {
        assert_eq!(hint(&env, args), expected, "{args}");
    }
    for (args, command) in [
        ("talk.mp4", "mavi transcribe talk.mp4"),
        ("./clips/talk.mkv", "mavi transcribe ./clips/talk.mkv"),
        ("https://example.com/talk.mp4", "mavi transcribe FILE"),
    ] {
        let hint = hint(&env, args);
        assert!(hint.ends_with(command), "{hint}");
    }
    for args in ["--token x get T1", "get T1 --token=x"] {
        let hint = hint(&env, args);
        for part in [
            "mavi auth login",
            "MAVI_TOKEN",
            "mavi config init --token-stdin",
        ] {
            assert!(hint.contains(part), "{hint}");
        }
    }
    env
        .run(&format!("get T1 --token {TOKEN}"))
        .expect_failure(2)
    .expect_stderr(str![[r#"
mavi: unexpected argument '--token' found
Usage: mavi get [OPTIONS] <TASK_NO>...
       mavi get [OPTIONS] --last
       mavi get [OPTIONS] --pending
hint: arguments show in process lists: log in with `mavi auth login`, set MAVI_TOKEN, or write the token to the configuration file with `mavi config init --token-stdin`

"#]]);
}

#[test]
fn usage_error_follows_last_error_format_before_double_dash() {
    let env = TestEnv::new();
    // In part: the form is what matters.
    let is_json = |args: &str| env.run(args).expect_failure(2).stderr.starts_with('{');
    assert!(is_json("get --error-format json"));
    assert!(is_json("get --error-format human --error-format=json"));
    assert!(!is_json("get --error-format json --error-format human"));
    assert!(!is_json("sandbox --nonsense -- x --error-format json"));
}
