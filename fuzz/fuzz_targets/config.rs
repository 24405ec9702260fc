//! Any configuration file: it is read, or refused with a message on one line that names file and line.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mavi::config::fuzzing;

fuzz_target!(|text: &str| {
    let Err(error) = fuzzing::parse(text) else {
        return;
    };
    assert!(!error.message.chars().any(char::is_control), "{error:?}");
    let place = error.message.strip_prefix("config.toml:");
    let (line, reason) = place.and_then(|place| place.split_once(": ")).unwrap();
    let line: usize = line.parse().unwrap();
    let lines = 1 + text.matches('\n').count();
    assert!((1..=lines).contains(&line), "{error:?}");
    assert!(!reason.is_empty(), "{error:?}");
});
