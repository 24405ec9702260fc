//! Where phrases start in scripts without spaces: bunsetsu in Japanese, words and short phrases in Chinese
//! and Thai. By the models of `BudouX` (Apache License 2.0): a sum of weights of the characters around each
//! boundary, of tens of kilobytes where a dictionary takes megabytes.

use std::iter::repeat_n;
use std::sync::LazyLock;

use super::table::HashTable;

/// The boundary between two characters, as a place for a line break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seam {
    /// A phrase starts.
    Phrase,
    /// A word may start.
    Weak,
    /// A word continues.
    None,
}

/// How phrases are found in one script.
pub(super) struct Phrases {
    models: Vec<Model>,
    /// The score from which a phrase is certain.
    certain: i32,
}

impl Phrases {
    /// Returns the phrases of texts in this script, if it has any.
    pub(super) fn of(script: &str) -> Option<&'static Self> {
        // Where both models of Chinese are this certain, one in a hundred boundaries is inside a word; of those
        // that they just allow, one in eight (measured on the development texts of the evaluation's Chinese).
        static HAN: LazyLock<Phrases> = LazyLock::new(|| {
            let texts = [
                include_str!("phrases/zh-hans.txt"),
                include_str!("phrases/zh-hant.txt"),
            ];
            Phrases::read(&texts, 2000)
        });
        static JAPANESE: LazyLock<Phrases> =
            LazyLock::new(|| Phrases::read(&[include_str!("phrases/ja.txt")], 0));
        static THAI: LazyLock<Phrases> =
            LazyLock::new(|| Phrases::read(&[include_str!("phrases/th.txt")], 0));
        match script {
            "Han" => Some(&HAN),
            "Japanese" => Some(&JAPANESE),
            "Thai" => Some(&THAI),
            _ => None,
        }
    }

    fn read(texts: &[&str], certain: i32) -> Self {
        let models = texts.iter().map(|text| Model::read(text)).collect();
        Self { models, certain }
    }

    /// Writes the seam before each character of `text` to `seams`.
    pub(super) fn find(&self, text: &str, seams: &mut Vec<Seam>) {
        let chars: Vec<char> = text.chars().collect();
        let mut lowest = Vec::new();
        for model in &self.models {
            let scores = model.scores(&chars);
            if lowest.is_empty() {
                lowest = scores;
            } else {
                for (low, score) in lowest.iter_mut().zip(scores) {
                    *low = score.min(*low);
                }
            }
        }
        seams.clear();
        seams.extend(lowest.into_iter().map(|score| match score {
            score if score > self.certain => Seam::Phrase,
            1.. => Seam::Weak,
            _ => Seam::None,
        }));
        end_phrases_with_particles(&chars, seams);
    }
}

/// Moves seams before a particle of Chinese after it, for it belongs to what it follows; the models take some
/// for the start of a phrase.
fn end_phrases_with_particles(chars: &[char], seams: &mut [Seam]) {
    for (place, pair) in chars.windows(2).enumerate() {
        if seams[place] != Seam::None && is_particle(pair[0], pair[1]) {
            let seam = std::mem::replace(&mut seams[place], Seam::None);
            if seams[place + 1] != Seam::Phrase {
                seams[place + 1] = seam;
            }
        }
    }
}

/// Returns `true` if `c` is a particle before `next`, not the first character of a word: 的确, 了解, 着急.
fn is_particle(c: char, next: char) -> bool {
    let words = match c {
        '的' => "确確话話士",
        '了' => "解不如结結却断斷",
        '着' => "急手陆陸重火想眼装裝色",
        '们' | '們' | '吗' | '嗎' | '呢' | '吧' => "",
        _ => return false,
    };
    !words.contains(next)
}

/// Weights by one to three characters and by their position.
struct Model {
    base: i32,
    weights: HashTable<[i16; 6]>,
}

impl Model {
    fn read(text: &str) -> Self {
        let mut model = Self {
            base: 0,
            weights: HashTable::default(),
        };
        for line in text.lines().filter(|line| !line.starts_with("# ")) {
            let (name, numbers) = line.split_once(' ').unwrap_or((line, ""));
            if name == "base" {
                model.base = numbers.parse().unwrap_or(0);
                continue;
            }
            let name: Vec<char> = name
                .chars()
                .map(|c| if c == '␠' { ' ' } else { c })
                .collect();
            let weights = model.weights.entry(key(&name));
            // An empty weight is 0.
            for (weight, number) in weights.iter_mut().zip(numbers.split(' ')) {
                *weight = number.parse().unwrap_or(0);
            }
        }
        model
    }

    /// Returns the score of the boundary before each character.
    fn scores(&self, chars: &[char]) -> Vec<i32> {
        let mut scores: Vec<i32> = repeat_n(self.base, chars.len()).collect();
        for start in 0..chars.len() {
            for (len, positions) in [(1, 6), (2, 3), (3, 4)] {
                let Some(part) = chars.get(start..start + len) else {
                    break;
                };
                let Some(weights) = self.weights.get(key(part)) else {
                    continue;
                };
                // The first weight is that for the furthest boundary after the characters.
                for (place, weight) in weights[..positions].iter().enumerate() {
                    let boundary = (start + 3).saturating_sub(place + usize::from(len == 2));
                    let is_inside = start + 3 >= place + usize::from(len == 2);
                    if is_inside && (1..scores.len()).contains(&boundary) {
                        scores[boundary] += i32::from(*weight);
                    }
                }
            }
        }
        scores
    }
}

/// Returns a number that identifies up to three characters. Never 0 but for the null character.
fn key(chars: &[char]) -> u64 {
    chars
        .iter()
        .fold(0, |key, c| key << 21 | u64::from(u32::from(*c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrases(script: &str, text: &str) -> Vec<String> {
        let mut seams = Vec::new();
        Phrases::of(script).unwrap().find(text, &mut seams);
        let mut found: Vec<String> = Vec::new();
        for (c, seam) in text.chars().zip(seams) {
            match found.last_mut() {
                Some(last) if seam != Seam::Phrase => last.push(c),
                _ => found.push(c.into()),
            }
        }
        found
    }

    #[test]
    fn phrases_stay_whole() {
        assert_eq!(
            phrases(
                "Japanese",
                "全ての枝が下がってしまっているので美しくはありません。"
            ),
            [
                "全ての",
                "枝が",
                "下がってしまっているので",
                "美しくは",
                "ありません。"
            ]
        );
        assert_eq!(
            phrases("Han", "昨天我和妹妹一起去商店买了很多东西"),
            ["昨天我", "和妹妹一起去商店买了", "很多东西"]
        );
        assert_eq!(
            phrases("Thai", "วันนี้อากาศดีมาก"),
            ["วัน", "นี้", "อากาศ", "ดี", "มาก"]
        );
    }

    #[test]
    fn chinese_particle_ends_a_phrase() {
        assert_eq!(
            phrases("Han", "孩子们在河边捡到的石头"),
            ["孩子们在河边捡到的", "石头"]
        );
        assert!(is_particle('的', '书') && is_particle('了', '很'));
        assert!(!is_particle('的', '确') && !is_particle('了', '解') && !is_particle('书', '的'));
    }
}
