//! One row makes a key: whatever the table holds is read from file and environment and shown, and the
//! code that does so names no key.

use super::*;
use crate::config::keys::KEYS;

/// The line of `config show` about a key: the value and its source, in single spaces.
fn line(settings: &Settings, key: &Key) -> String {
    let page = show(settings, None);
    let (section, name) = key.name.split_once('.').unwrap_or(("", key.name));
    let start = format!("{section}]");
    let mut sections = page.split("\n[");
    let in_section = match section {
        "" => sections.next(),
        _ => sections.find(|part| part.starts_with(&start)),
    };
    let starts = [format!("{name} = "), format!("# {name} is not set")];
    let line = in_section
        .unwrap_or_else(|| panic!("no [{section}]: {page}"))
        .lines()
        .find(|line| starts.iter().any(|start| line.starts_with(start)));
    let line = line.unwrap_or_else(|| panic!("no {}: {page}", key.name));
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn has_value(key: &Key) -> bool {
    (key.shown)(&load(&Selection::default(), &[]).unwrap().values).is_some()
}

#[test]
fn every_key_is_read_from_the_file_and_shown() {
    for key in KEYS {
        let section = key.name.split_once('.').map(|(section, _)| section);
        let example = key.example();
        let head = |before: &str| match section {
            None => format!("{before}\n"),
            Some(section) if before.is_empty() => format!("[{section}]\n"),
            Some(section) => format!("[{}.{section}]\n", before.trim_matches(['[', ']'])),
        };
        for (before, source) in [("", "file"), ("[profiles.p]", "profile p")] {
            let mut text = format!("{}{example}\n", head(before));
            if before.is_empty() {
                text += "[profiles.p]\n";
            }
            let config = TestConfig::new(&text);
            let env = home(config.folder.path());
            let loaded = Settings::load(&config.profile("p"), Layer::default(), &env);
            let settings = loaded.unwrap().settings;
            if has_value(key) {
                let line = line(&settings, key);
                assert!(line.ends_with(&format!(" # {source}")), "{line}");
            } else {
                let origin = settings.token_source.unwrap().origin();
                assert!(origin.starts_with(key.name), "{origin}");
            }
        }
        if has_value(key) {
            let line = line(&load(&Selection::default(), &[]).unwrap(), key);
            let default = (key.default)().is_some();
            assert_eq!(line.ends_with(" # default"), default, "{line}");
        }
    }
}

#[test]
fn every_variable_sets_its_key() {
    let mut count = 0;
    for key in KEYS {
        let Some(variable) = key.extra.variable else {
            continue;
        };
        count += 1;
        let text = key.default_text().unwrap_or_else(|| "hunter2".to_owned());
        let settings = load(&Selection::default(), &[(variable, &text)]).unwrap();
        if has_value(key) {
            let line = line(&settings, key);
            assert!(line.ends_with(&format!(" # {variable}")), "{line}");
        } else {
            assert_eq!(settings.token_source.unwrap().origin(), variable);
        }
    }
    assert!(count >= 3, "{count} variables");
}

/// Code that handles any key must have no list of keys of its own.
#[test]
fn code_for_any_key_names_none() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in [
        "cli.rs",
        "cli/key_flags.rs",
        "commands/config.rs",
        "config/env.rs",
        "config/file.rs",
        "config/key.rs",
        "config/lookup.rs",
        "config/origin.rs",
        "config/settings.rs",
        "config/show.rs",
        "config/table.rs",
        "config/types.rs",
        "config/value.rs",
    ] {
        let text = fs::read_to_string(src.join(file)).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let code: Vec<_> = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        for key in KEYS
            .iter()
            .filter(|key| key.extra.flag != Some(Group::Declared))
        {
            let last = key.name.rsplit('.').next().unwrap();
            // As a name of the language, or as text: not each "token" or "format" is the key.
            let names = [
                format!("\"{}\"", key.name),
                format!("\"{last}\""),
                last.to_owned(),
            ];
            for line in &code {
                let found = names.iter().any(|name| {
                    (name.contains('_') || name.contains('"')) && line.contains(name.as_str())
                });
                assert!(!found, "src/{file} names {}: {line}", key.name);
            }
        }
    }
}
