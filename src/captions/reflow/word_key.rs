//! The numbers by which the tables of a lexicon know words: hashes that ignore case. A test of the lexicon checks
//! that no two of its words share one.

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

/// Returns a hash of `word` after what `hash` is that of: eight bytes at a time, or one character, as [`keys`]
/// does, in scripts without spaces.
fn hash(mut hash: u64, word: &str) -> u64 {
    let mut add = |bytes: u64| hash = mix(hash, bytes);
    let mut rest = 0;
    if word.is_ascii() {
        let (eights, others) = word.as_bytes().as_chunks();
        // The bit in which letters of either case differ, and what else is in words has.
        for eight in eights {
            add(u64::from_be_bytes(*eight) | 0x2020_2020_2020_2020);
        }
        for byte in others {
            rest = rest << 8 | u64::from(byte | 0x20);
        }
    } else if word.starts_with(is_unspaced) {
        // Without case.
        return word.chars().fold(hash, |hash, c| mix(hash, c.into())) | 1;
    } else {
        let mut count = 0;
        // The Turkish capital would become two characters.
        let chars = word.chars().map(|c| if c == 'İ' { 'i' } else { c });
        for c in chars.flat_map(char::to_lowercase) {
            let c = if c == '’' { '\'' } else { c };
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                rest = rest << 8 | u64::from(byte);
                count += 1;
                if count % 8 == 0 {
                    add(std::mem::take(&mut rest));
                }
            }
        }
    }
    add(rest);
    hash | 1
}
