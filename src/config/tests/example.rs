//! `config.example.toml` and `docs/configuration.md` are made from the table of keys. To write them
//! anew: `SNAPSHOTS=overwrite cargo test --lib config::`.

use snapbox::data::DataFormat;
use snapbox::{Assert, Data};

use super::*;
use crate::config::init::EXAMPLE;
use crate::config::keys::KEYS;

const HEAD: &str = "\
# Settings of mavi. Every key is here, commented out, with its default; remove the `#` before a key to
# set it. Flags take precedence over environment variables, these over the profile, and the profile
# over the top of this file. `mavi config show` prints the values in force and where they come from.
#
# Durations are seconds, or text such as \"90s\", \"15m\", \"1h30m\", \"30d\" or \"2w\".
";

/// The text before the first key of each section.
const INTRODUCTIONS: &[(&str, &str)] = &[
    (
        "credentials",
        "Without any of these, the login of `mavi auth login` is used. If several are set, the first \
         counts; MAVI_TOKEN takes precedence over all.",
    ),
    (
        "limits",
        "The service's documented limits for an account. Lower these to leave room for others who use \
         the same account.",
    ),
    (
        "captions",
        "Limits of --reflow in srt and vtt. The defaults are Netflix's for English subtitles.",
    ),
];

const TAIL: &str = "
# A profile has a name and any of the keys above; it is chosen with --profile or MAVI_PROFILE.
# What it does not set comes from the top of this file.

#[profiles.work]
#token_command = [\"pass\", \"show\", \"work/mavi-token\"]
#base_url = \"https://mavi.example.com/proxy\"

#[profiles.work.wait]
#timeout = \"6h\"
";

fn section(key: &Key) -> &'static str {
    match key.name.split_once('.') {
        Some((section, _)) => section,
        None if key.example().starts_with("token") => "credentials",
        None => "top",
    }
}

/// The meaning of a key as sentences, with the flag and the variable that set it.
fn meaning(key: &Key) -> String {
    let flag = key.extra.flag.filter(|group| *group != Group::Declared);
    let flag = flag.map(|_| format!("--{}", key.flag_name()));
    let variable = key.extra.variable.map(str::to_owned);
    let mut text = key.help.to_owned();
    let names = (key.names)();
    if names.first().is_some_and(|name| !text.contains(name)) {
        text = format!("{text}: {}", names.join(", "));
    }
    match &flag.into_iter().chain(variable).collect::<Vec<_>>()[..] {
        [] => {}
        ways => text = format!("{text} ({})", ways.join(", ")),
    }
    format!("{text}. {}", key.extra.details)
        .trim_end()
        .to_owned()
}

fn comment(text: &str) -> String {
    let options = textwrap::Options::new(100)
        .initial_indent("# ")
        .subsequent_indent("# ")
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options) + "\n"
}

fn example() -> String {
    let (mut text, mut last) = (HEAD.to_owned(), "");
    for key in KEYS {
        let section = section(key);
        text += "\n";
        if section != std::mem::replace(&mut last, section) {
            if !["credentials", "top"].contains(&section) {
                text += &["[", section, "]\n"].concat();
            }
            if let Some((_, introduction)) = INTRODUCTIONS.iter().find(|(it, _)| *it == section) {
                text += &comment(introduction);
                text += "\n";
            }
        }
        text += &comment(&meaning(key));
        text += &["#", &*key.example(), "\n"].concat();
    }
    text + TAIL
}

/// The reference page with its tables made anew: each stands between `<!-- keys: SECTION… -->` and
/// `<!-- end -->`.
fn reference(page: &str) -> String {
    let (mut text, mut count) = (String::new(), 0);
    let mut rest = page;
    while let Some((before, after)) = rest.split_once("<!-- keys: ") {
        let (sections, after) = after.split_once(" -->").unwrap();
        let (_, after) = after.split_once("<!-- end -->").unwrap();
        let sections: Vec<_> = sections.split(' ').collect();
        text += before;
        text += &["<!-- keys: ", &*sections.join(" "), " -->\n\n"].concat();
        text += "| key | default | meaning |\n| --- | --- | --- |\n";
        for key in KEYS.iter().filter(|key| sections.contains(&section(key))) {
            let default = key.default_text();
            let default = default.map_or_else(String::new, |default| format!("`{default}`"));
            let cells = [&*format!("`{}`", key.name), &default, &meaning(key)].join(" | ");
            text += &["| ", &*cells, " |\n"].concat();
            count += 1;
        }
        text += "\n<!-- end -->";
        rest = after;
    }
    assert_eq!(count, KEYS.len(), "a section has no table");
    text + rest
}

#[track_caller]
fn is_current(file: &str, made: impl Fn(&str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let made = made(&fs::read_to_string(&path).unwrap());
    let expected = Data::read_from(&path, Some(DataFormat::Text)).raw();
    Assert::new()
        .action_env("SNAPSHOTS")
        .eq(Data::text(made).raw(), expected);
}

#[test]
fn example_and_reference_are_made_from_the_table() {
    is_current("config.example.toml", |_| example());
    is_current("docs/configuration.md", reference);
}

/// The example with the comment mark before every key and section removed; marks before prose are
/// followed by a space.
fn uncommented() -> String {
    EXAMPLE
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.is_empty() && !rest.starts_with(' ') => rest,
            _ => line,
        })
        .fold(String::new(), |text, line| text + line + "\n")
}

fn shown(text: &str) -> toml::Table {
    let settings = TestConfig::new(text).load(&[]).unwrap();
    show(&settings, None).parse().unwrap()
}

#[test]
fn example_sets_nothing_as_it_is() {
    let settings = TestConfig::new(EXAMPLE).load(&[]).unwrap();
    assert!(settings.token_source.is_none());
    assert_eq!(shown(EXAMPLE), shown(""));
    assert!(!show(&settings, None).contains("  # file"));
}

#[test]
fn example_loads_with_every_key() {
    let text = uncommented();
    let config = TestConfig::new(&text);
    let env = home(config.folder.path());
    Settings::load(&config.profile("work"), Layer::default(), &env).unwrap();
    let table: toml::Table = text.parse().unwrap();
    for key in KEYS {
        let value = match key.name.split_once('.') {
            Some((section, key)) => table[section].get(key),
            None => table.get(key.name),
        };
        assert!(value.is_some(), "{}", key.name);
    }
}
