//! The keys of the configuration file, in one list: it decides which keys are known, what is said
//! about a wrong value, and (by a test) what `config.example.toml` has to show.

/// Every key, with what its value has to be. A wrong value is answered with this text and never
/// shown: it may be a token that was pasted into the wrong place.
pub(super) const KEYS: &[(&str, &str)] = &[
    ("token", "text that is not empty"),
    ("token_file", "a path"),
    ("token_command", "a list: a program and its arguments"),
    ("base_url", "an https address"),
    ("auth_scheme", "\"bearer\" or \"raw\""),
    ("ca_file", "a path"),
    ("allow_http", "true or false"),
    ("request_timeout", DURATION),
    ("retries", "a whole number"),
    ("jobs", COUNT),
    (
        "max_reply_size",
        "a number of bytes, or a size such as \"256MiB\"",
    ),
    ("time_unit", "\"seconds\" or \"milliseconds\""),
    ("submit.type", "\"audio\", \"video\", or a list of them"),
    ("submit.callback", "an http or https address"),
    ("wait.timeout", DURATION),
    ("wait.interval", DURATION),
    ("output.format", FORMAT),
    ("limits.submit_audio_per_minute", COUNT),
    ("limits.submit_video_per_minute", COUNT),
    ("limits.get_per_minute", COUNT),
    ("captions.max_line_width", COUNT),
    ("captions.max_lines", COUNT),
    ("captions.max_cps", COUNT),
    ("captions.min_duration", DURATION),
    ("captions.max_duration", DURATION),
    ("captions.min_gap", DURATION),
];

const DURATION: &str = "a number of seconds, or a duration such as \"90s\", \"15m\" or \"1h30m\"";
const COUNT: &str = "a whole number, at least 1";
pub(super) const FORMAT: &str =
    "one of \"table\", \"json\", \"jsonl\", \"srt\", \"vtt\", \"txt\", \"csv\" and \"tsv\"";

/// What the value of a key has to be; `None` where there is no such key.
pub(super) fn expected(key: &str) -> Option<&'static str> {
    KEYS.iter()
        .find_map(|&(name, expected)| (name == key).then_some(expected))
}

/// Whether some keys stand in a section of this name.
pub(super) fn is_section(name: &str) -> bool {
    sections().any(|section| section == name)
}

/// Advice for someone who wrote `key`, which is not known: the nearest known key or section, or
/// where none is near the keys that could stand in its place.
pub(super) fn advice(key: &str) -> String {
    let sections = sections().chain(["profiles"]);
    let nearest = KEYS
        .iter()
        .map(|&(name, _)| name)
        .chain(sections)
        .map(|known| (distance(key, known), known))
        .min_by_key(|&(distance, _)| distance);
    if let Some((distance, known)) = nearest
        && distance <= last_part(key).chars().count().div_ceil(3)
    {
        return format!("did you mean `{known}`?");
    }
    let section = key.rsplit_once('.').map(|(section, _)| section);
    let names = KEYS
        .iter()
        .filter_map(|&(name, _)| match (section, name.split_once('.')) {
            (None, None) => Some(name),
            (Some(wanted), Some((section, rest))) if wanted == section => Some(rest),
            _ => None,
        })
        .collect::<Vec<_>>();
    format!("the keys known there are {}", names.join(", "))
}

/// How far `written` is from a known key. A key that only stands in the wrong section is nearer than
/// one that is misspelt.
fn distance(written: &str, known: &str) -> usize {
    let whole = strsim::damerau_levenshtein(written, known);
    let last = strsim::damerau_levenshtein(last_part(written), last_part(known));
    whole.min(last + 1)
}

fn last_part(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

fn sections() -> impl Iterator<Item = &'static str> {
    // Keys of one section stand together in the list.
    let mut last = "";
    KEYS.iter().filter_map(move |&(name, _)| {
        let (section, _) = name.split_once('.')?;
        (section != std::mem::replace(&mut last, section)).then_some(section)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_names_the_nearest_key_where_one_is_near() {
        for (written, known) in [
            ("tokn", "token"),
            ("base-url", "base_url"),
            ("baseurl", "base_url"),
            ("token_fiel", "token_file"),
            ("wait.timeot", "wait.timeout"),
            ("timeout", "wait.timeout"),
            ("wait.get_per_minute", "limits.get_per_minute"),
            ("wiat", "wait"),
            ("profile", "profiles"),
            ("caption.max_cps", "captions.max_cps"),
        ] {
            assert_eq!(
                advice(written),
                format!("did you mean `{known}`?"),
                "{written}"
            );
        }
        assert_eq!(
            advice("wait.colour"),
            "the keys known there are timeout, interval"
        );
        assert!(advice("colour").starts_with("the keys known there are token, token_file,"));
    }

    #[test]
    fn each_section_is_listed_once() {
        assert_eq!(
            sections().collect::<Vec<_>>(),
            ["submit", "wait", "output", "limits", "captions"]
        );
    }
}
