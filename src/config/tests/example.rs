//! `config.example.toml` is complete, right, and loads.

use super::*;
use crate::config::init::EXAMPLE;
use crate::config::keys::KEYS;

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
    let settings = Place::new(text).load(&[]).unwrap();
    show(&settings).parse().unwrap()
}

#[test]
fn the_example_loads_as_it_is_and_sets_nothing() {
    let settings = Place::new(EXAMPLE).load(&[]).unwrap();
    assert!(settings.token_source.is_none());
    assert_eq!(shown(EXAMPLE), shown(""));
    assert!(!show(&settings).contains("  # file"));
}

#[test]
fn the_example_names_every_key_and_loads_with_all_of_them() {
    let text = uncommented();
    let place = Place::new(&text);
    let flags = Overrides {
        profile: Some("work".into()),
        ..place.overrides()
    };
    Settings::load(&flags, &home(place.folder.path())).unwrap();
    let table: toml::Table = text.parse().unwrap();
    for (key, _) in KEYS {
        let value = match key.split_once('.') {
            Some((section, key)) => table[section].get(key),
            None => table.get(*key),
        };
        assert!(value.is_some(), "config.example.toml does not show {key}");
    }
}

#[test]
fn the_example_shows_the_real_defaults() {
    // These have no default; the example shows what a value could be.
    let without = ["ca_file", "callback", "interval"];
    let text: String = uncommented()
        .lines()
        .take_while(|line| !line.starts_with("[profiles"))
        .filter(|line| !line.starts_with("token"))
        .filter(|line| {
            !without
                .iter()
                .any(|key| line.starts_with(&format!("{key} = ")))
        })
        .fold(String::new(), |text, line| text + line + "\n");
    assert!(text.contains("max_cps") && text.contains("base_url"));
    let settings = Place::new(&text).load(&[]).unwrap();
    assert_eq!(shown(&text), shown(""));
    let by_default = show(&settings);
    let by_default: Vec<_> = by_default
        .lines()
        .filter(|line| line.ends_with("# default"))
        .collect();
    assert_eq!(by_default, Vec::<&str>::new(), "not in the example");
}
