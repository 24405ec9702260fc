//! Configuration: what is in force and where it came from, what is refused, and the first file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::service::{Service, fails_both_ways, ok};
use crate::support::{Bench, Run, TOKEN, finished};

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
fn a_flag_beats_the_environment_a_profile_the_file_and_the_default() {
    let bench = Bench::new();
    let show = |args: &str, variable: &str| {
        let mut command = bench.command(["config", "show"]);
        command.args(args.split_whitespace());
        command.env("MAVI_BASE_URL", variable);
        shown(&Run::of(command).ok(), "base_url")
    };
    let default = "base_url = \"https://mavi-backend.memories.ai\" # default";
    assert_eq!(show("", ""), default);
    bench.write(
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
    let bench = Bench::new();
    bench.write(
        CONFIG,
        "[wait]\ntimeout = 90\n[output]\nformat = \"srt\"\n[profiles.p.wait]\ntimeout = \"2h\"\n",
    );
    let show = |args: &str| bench.run(&format!("config show {args}")).ok();
    assert_eq!(shown(&show(""), "timeout"), "timeout = \"1m30s\" # file");
    assert_eq!(
        shown(&show("--profile p"), "timeout"),
        "timeout = \"2h\" # profile p"
    );
    assert_eq!(shown(&show("--retries 7"), "retries"), "retries = 7 # flag");
    assert_eq!(shown(&show(""), "format"), "format = \"srt\" # file");
    let mut command = bench.command(["config", "show"]);
    command.env("MAVI_FORMAT", "vtt").env("MAVI_PROFILE", "p");
    let run = Run::of(command).ok();
    assert_eq!(shown(&run, "format"), "format = \"vtt\" # MAVI_FORMAT");
    assert_eq!(shown(&run, "timeout"), "timeout = \"2h\" # profile p");
}

#[test]
fn the_format_comes_from_the_flag_the_extension_the_variable_the_file_or_is_table() {
    let bench = Service::always(ok(finished("T1", ""))).bench();
    let get = |args: &str, variable: &str| {
        let mut command = bench.command(["get", "T1"]);
        command
            .args(args.split_whitespace())
            .env("MAVI_FORMAT", variable);
        Run::of(command).ok().stdout
    };
    assert!(get("", "").starts_with("task T1"));
    bench.write(CONFIG, "[output]\nformat = \"csv\"\n");
    assert!(get("", "").starts_with("task_no,"));
    assert!(get("", "vtt").starts_with("WEBVTT"));
    get("-o x.csv", "vtt");
    assert!(bench.read("x.csv").starts_with("task_no,"));
    get("-o x.csv -f vtt", "json");
    assert!(bench.read("x.csv").starts_with("WEBVTT"));
}

#[test]
fn show_prints_every_key_and_never_the_token() {
    let bench = Bench::new();
    bench.write(CONFIG, &format!("token = \"{TOKEN}\"\n"));
    let run = bench.run("config show").ok();
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
        assert!(run.stdout.contains(unset), "{unset}: {run:#?}");
    }
    // What is shown can be a configuration file itself.
    run.stdout.parse::<toml::Table>().expect("it is TOML");
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_the_nearest_known_one() {
    for (config, key, near) in [
        ("retires = 3\n", "retires", "retries"),
        ("\nbase-url = \"x\"\n", "base-url", "base_url"),
        ("[wait]\ntimeot = 1\n", "wait.timeot", "wait.timeout"),
        ("[profiles.p]\ntokn = \"x\"\n", "profiles.p.tokn", "token"),
    ] {
        let bench = Bench::new();
        bench.write(CONFIG, config);
        let line = format!("config.toml:{}", config.matches('\n').count());
        for command in [&["config", "show"][..], &["get", "T1"]] {
            let error = fails_both_ways(&bench, command, 2, "config");
            let message = error["message"].as_str().unwrap();
            assert!(
                message.contains(key) && message.contains(&line),
                "{message}"
            );
            let hint = error["hint"].as_str().unwrap();
            assert!(hint.contains(&format!("`{near}`")), "{hint}");
        }
    }
}

#[test]
fn a_value_that_is_wrong_is_named_by_its_key_and_not_shown() {
    for (config, key) in [
        (format!("retries = \"{TOKEN}\"\n"), "retries"),
        (format!("token = [\"{TOKEN}\"]\n"), "token"),
        (format!("base_url = \"{TOKEN}\"\n"), "base_url"),
        (format!("[submit]\ntype = \"{TOKEN}\"\n"), "submit.type"),
        (format!("token = \"{TOKEN}\n"), "config.toml:1"),
        ("token = \"\"\n".to_owned(), "token"),
        ("jobs = 0\n".to_owned(), "jobs"),
        ("request_timeout = 0\n".to_owned(), "request_timeout"),
        ("max_reply_size = \"lots\"\n".to_owned(), "max_reply_size"),
        ("[output]\nformat = \"docx\"\n".to_owned(), "output.format"),
        ("wait = 5\n".to_owned(), "wait"),
        ("profiles = 5\n".to_owned(), "profiles"),
    ] {
        let bench = Bench::new();
        bench.write(CONFIG, &config);
        let error = fails_both_ways(&bench, &["config", "show"], 2, "config");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(key), "{config}: {message}");
    }
}

#[test]
fn a_variable_that_is_wrong_is_named() {
    for (name, value, kind) in [
        ("MAVI_FORMAT", "docx", "config"),
        ("MAVI_BASE_URL", "nowhere", "config"),
        ("MAVI_PROFILE", "nobody", "config"),
        ("MAVI_CONFIG", "/nowhere/x.toml", "config"),
    ] {
        let bench = Bench::new();
        let mut command = bench.command(["get", "T1", "--error-format", "json"]);
        command.env(name, value);
        let named = if name == "MAVI_PROFILE" { value } else { name };
        let run = Run::of(command).fails(2).says(&[named]);
        assert_eq!(crate::service::errors(&run)[0]["kind"], kind);
    }
}

#[test]
fn a_file_that_was_asked_for_must_exist_and_the_default_one_need_not() {
    let bench = Bench::new();
    bench.run("config show").ok();
    let run = bench.run("config show --config nowhere.toml").fails(2);
    run.says(&["nowhere.toml", "does not exist", "hint: "]);
    bench.write("mine.toml", "retries = 8\n");
    let run = bench.run("config show --config mine.toml").ok();
    assert_eq!(shown(&run, "retries"), "retries = 8 # file");
    let mut command = bench.command(["config", "show"]);
    command.env("MAVI_CONFIG", "mine.toml");
    assert_eq!(
        shown(&Run::of(command).ok(), "retries"),
        "retries = 8 # file"
    );
}

#[test]
fn a_profile_that_was_asked_for_must_exist() {
    let bench = Bench::new();
    bench.run("get T1 --profile work").fails(2).says(&["work"]);
    bench.write(CONFIG, "[profiles.home]\n");
    let run = bench.run("get T1 --profile work").fails(2);
    run.says(&["mavi: ", "work", "home"]);
}

#[test]
fn path_prints_where_the_file_is_or_would_be() {
    let bench = Bench::new();
    let path = |args: &str| bench.run(&format!("config path {args}")).ok().stdout;
    assert_eq!(path(""), format!("{}\n", bench.path(CONFIG).display()));
    assert_eq!(path("--config x.toml"), "x.toml\n");
    let mut command = bench.command(["config", "path"]);
    command.env("XDG_CONFIG_HOME", bench.path("xdg"));
    let wanted = format!("{}\n", bench.path("xdg/mavi/config.toml").display());
    assert_eq!(Run::of(command).ok().stdout, wanted);
    // A file that is broken can still be found.
    bench.write(CONFIG, "nonsense");
    assert_eq!(path(""), format!("{}\n", bench.path(CONFIG).display()));
}

#[test]
fn init_writes_the_example_for_its_owner_alone() {
    let bench = Bench::new();
    let run = bench.run("config init").ok();
    assert_eq!(run.stdout, "");
    run.says(&[CONFIG]);
    let example = include_str!("../../config.example.toml");
    assert_eq!(bench.read(CONFIG), example);
    let mode = |name| fs::metadata(bench.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(CONFIG), mode(".config/mavi")), (0o600, 0o700));
    bench.run("config show").ok();
    let run = bench.run("config init --config deep/er/mavi.toml").ok();
    assert_eq!(
        (run.stdout, mode("deep/er/mavi.toml")),
        (String::new(), 0o600)
    );
}

#[test]
fn init_leaves_a_file_that_exists_unless_it_is_forced() {
    let bench = Bench::new();
    bench.write(CONFIG, "retries = 1\n");
    let error = fails_both_ways(&bench, &["config", "init"], 1, "io");
    assert!(error["message"].as_str().unwrap().contains("exists"));
    assert!(error["hint"].as_str().unwrap().contains("--force"));
    assert_eq!(bench.read(CONFIG), "retries = 1\n");
    bench.run("config init --force").ok();
    assert!(bench.read(CONFIG).starts_with("# "));
    let mode = fs::metadata(bench.path(CONFIG))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn init_takes_a_token_from_stdin_and_get_uses_it() {
    let service = Service::always(ok(finished("T1", "")));
    let bench = service.bench();
    let mut command = bench.command(["config", "init", "--token-stdin"]);
    command.write_stdin(format!("{TOKEN}\n"));
    assert_eq!(Run::of(command).ok().stdout, "");
    assert!(bench.read(CONFIG).contains(TOKEN));
    let mut command = bench.command(["get", "T1"]);
    command.env_remove("MAVI_TOKEN");
    let run = Run::of(command).ok();
    assert!(!run.stderr.contains("warning"), "{run:#?}");
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(
        service.the_request().header("authorization"),
        Some(&*bearer)
    );
}

#[test]
fn init_refuses_what_cannot_be_a_token() {
    for stdin in ["", " \n", "two\nlines\n", "tök\n"] {
        let bench = Bench::new();
        let mut command = bench.command(["config", "init", "--token-stdin"]);
        command.write_stdin(stdin);
        Run::of(command).fails(2).says(&["mavi: "]);
        assert!(!fs::exists(bench.path(CONFIG)).unwrap());
    }
}
