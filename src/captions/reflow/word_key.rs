//! The numbers by which the tables of a lexicon know words: hashes that ignore case. A test of the lexicon
//! checks that no two of its words share one.

use super::marks::is_unspaced;

/// Returns a number that identifies a word, in any case, which no two words of the lexicons share. Never 0.
pub(super) fn key(word: &str) -> u64 {
    hash(SEED, word)
}

/// Returns a number that identifies two words in a row. Never 0.
pub(super) fn pair_key(word: &str, next: &str) -> u64 {
    hash(hash(hash(SEED, word), " "), next)
}

/// Iterates over the keys of the first of `chars`, of the first two, and so on, in scripts without spaces.
pub(super) fn keys(chars: impl Iterator<Item = char>) -> impl Iterator<Item = u64> {
    chars.scan(SEED, |key, c| {
        *key = mix(*key, c.into());
        Some(*key | 1)
    })
}

/// 2^64 over the golden ratio.
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(hash: u64, bytes: u64) -> u64 {
    (hash ^ bytes).wrapping_mul(SEED)
}

/// The bit in which letters of either case differ, and what else is in words has.
const LOWER_CASE: u64 = 0x2020_2020_2020_2020;
const NOT_ASCII: u64 = 0x8080_8080_8080_8080;

/// Returns a hash of `word` after what `hash` is that of: eight bytes at a time, or one character, as [`keys`]
/// does, in scripts without spaces.
fn hash(hash: u64, word: &str) -> u64 {
    let (eights, rest) = word.as_bytes().as_chunks();
    let eights = eights.iter().map(|eight| u64::from_be_bytes(*eight));
    let last = number(rest);
    if eights.clone().fold(last, |all, eight| all | eight) & NOT_ASCII == 0 {
        let of_rest = !(u64::MAX << (8 * rest.len()));
        let hash = eights.fold(hash, |hash, eight| mix(hash, eight | LOWER_CASE));
        return mix(hash, last | LOWER_CASE & of_rest) | 1;
    }
    hash_chars(hash, word)
}

/// Returns the [`hash`] of a word that is not ASCII.
fn hash_chars(mut hash: u64, word: &str) -> u64 {
    if word.starts_with(is_unspaced) {
        // Without case.
        return word.chars().fold(hash, |hash, c| mix(hash, c.into())) | 1;
    }
    let (mut rest, mut count) = (0, 0);
    // The Turkish capital would become two characters.
    let chars = word.chars().map(|c| if c == 'İ' { 'i' } else { c });
    for c in chars.flat_map(char::to_lowercase) {
        let c = if c == '’' { '\'' } else { c };
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            rest = rest << 8 | u64::from(byte);
            count += 1;
            if count % 8 == 0 {
                hash = mix(hash, std::mem::take(&mut rest));
            }
        }
    }
    mix(hash, rest) | 1
}

/// Returns the number with these bytes, of which there are at most eight, the first of which counts most.
fn number(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let number = |four: &[u8; 4]| u64::from(u32::from_be_bytes(*four));
        // They may have some in common.
        return number(first) << (8 * (bytes.len() - 4)) | number(last);
    }
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_differ_in_case_or_apostrophe_have_one_key() {
        for (word, same) in [
            ("a", "A"),
            ("the", "THE"),
            ("they're", "They’re"),
            ("notwithstanding", "NotWithStanding"),
            ("für", "FÜR"),
        ] {
            assert_eq!(key(word), key(same), "{word}");
        }
    }

    #[test]
    fn every_byte_counts() {
        let word = "abcdefghijklmnopqrst";
        let mut keys: Vec<_> = (0..=word.len()).map(|len| key(&word[..len])).collect();
        for at in 0..word.len() {
            let (before, after) = word.split_at(at);
            keys.push(key(&format!("{before}z{}", &after[1..])));
        }
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count);
    }
}
