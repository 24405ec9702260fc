//! Finding keys in the table, and what is said about a key that is not there.

use super::key::Group;
use super::keys::{KEYS, Key, Layer};

/// Returns the keys that have a flag in a group of this kind.
pub(crate) fn in_group(is_wanted: impl Fn(Group) -> bool) -> impl Iterator<Item = &'static Key> {
    let is_wanted = move |key: &&Key| key.extra.flag.is_some_and(&is_wanted);
    KEYS.iter().filter(is_wanted)
}

/// Returns the key with this full name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

impl Layer {
    /// Returns the flags that give these values, in order, each with its value.
    pub(crate) fn flags(&self) -> impl Iterator<Item = (String, String)> {
        let given = |key: &Key| Some((format!("--{}", key.flag_name()), (key.text)(self)?));
        KEYS.iter()
            .filter(|key| key.extra.flag.is_some())
            .filter_map(given)
    }
}

/// Returns advice for someone who wrote `name`, which is not known: the nearest known key or
/// section, or where none is near the keys that could stand in its place.
pub(super) fn advice(name: &str) -> String {
    let known = KEYS.iter().map(|key| key.name).chain(sections());
    let nearest = known
        .chain(["profiles"])
        .map(|known| (distance(name, known), known))
        .min_by_key(|&(distance, _)| distance);
    if let Some((distance, known)) = nearest
        && distance <= last_part(name).chars().count().div_ceil(3)
    {
        return format!("did you mean `{known}`?");
    }
    let section = name.rsplit_once('.').map(|(section, _)| section);
    let names = KEYS
        .iter()
        .filter_map(|key| match (section, key.name.split_once('.')) {
            (None, None) => Some(key.name),
            (Some(wanted), Some((section, rest))) if wanted == section => Some(rest),
            _ => None,
        })
        .collect::<Vec<_>>();
    format!("known keys: {}", names.join(", "))
}

/// Returns the edit distance of `written` from a known key. A key that only stands in the wrong section is
/// nearer than one that is misspelt.
fn distance(written: &str, known: &str) -> usize {
    let whole = strsim::damerau_levenshtein(written, known);
    let last = strsim::damerau_levenshtein(last_part(written), last_part(known));
    whole.min(last + 1)
}

fn last_part(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// Returns the sections of the file, in order.
pub(super) fn sections() -> impl Iterator<Item = &'static str> {
    // Keys of one section stand together in the table.
    let mut last = "";
    KEYS.iter().filter_map(move |key| {
        let (section, _) = key.name.split_once('.')?;
        (section != std::mem::replace(&mut last, section)).then_some(section)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_names_the_nearest_key() {
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
        assert!(advice("wait.colour").starts_with("known keys: timeout,"));
        assert!(advice("colour").starts_with("known keys: token, token_file,"));
    }

    #[test]
    fn sections_are_listed_once() {
        assert_eq!(
            sections().collect::<Vec<_>>(),
            ["submit", "wait", "output", "limits", "captions"]
        );
    }
}
