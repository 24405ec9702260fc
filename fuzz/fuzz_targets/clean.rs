//! Any text: once cleaned it holds no control but line breaks, stays as it is when cleaned again, and is
//! made of nothing but characters of the original, in their order. The same on one line and as a cue.

#![no_main]

use std::borrow::Cow;

use libfuzzer_sys::fuzz_target;
use mavi::captions::cue_text;
use mavi::text::{clean, excerpt, is_bidi_control, one_line};

fuzz_target!(|text: &str| {
    let cleaned = clean(text);
    assert!(
        cleaned.chars().all(|c| c == '\n' || is_shown(c)),
        "{cleaned:?}"
    );
    assert_eq!(clean(&cleaned), cleaned);
    let mut rest = text.chars();
    for c in cleaned.chars().filter(|c| !c.is_whitespace()) {
        assert!(rest.any(|other| other == c), "{c:?} is not from {text:?}");
    }

    let line = one_line(text);
    assert!(
        line.chars().all(|c| is_shown(c) && !is_bidi_control(c)),
        "{line:?}"
    );
    assert_eq!(line.trim(), line);
    assert_eq!(one_line(&line), line);
    assert!(excerpt(text, 40).chars().count() <= 41);

    let cue = cue_text(Cow::Borrowed(text));
    assert_eq!(cue_text(Cow::Owned(text.to_owned())), cue);
    assert_eq!(cue_text(Cow::Borrowed(&cue)), cue);
    for line in cue.split('\n').filter(|_| !cue.is_empty()) {
        assert!(!line.is_empty() && line.trim() == line, "{cue:?}");
    }
});

fn is_shown(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}
