//! How fast a transcription is spoken: a segment that takes longer than its text usually does has longer
//! pauses, not slower words.

use super::speech::CueText;
use super::timing::scaled;

/// Cues start a little before what they say, by the time of a letter. Found as the times of speech were: the words
/// of talks ask for less, people's cues for more.
const LEAD: i64 = 2;

/// The time that speech took in the segments so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pace {
    millis: i64,
    units: i64,
}

impl Pace {
    /// Counts a segment of `span` milliseconds, and sets the speech of its `texts` to what each takes of that:
    /// the usual time, and of the rest a part by its slack. A segment faster than usual is faster everywhere.
    pub(super) fn fit(&mut self, span: i64, texts: &mut [CueText]) {
        let sum = |of: fn(&CueText) -> i64| texts.iter().map(of).sum::<i64>();
        let (speech, slack) = (sum(|text| text.speech), sum(|text| text.slack));
        self.millis = self.millis.saturating_add(span);
        self.units = self.units.saturating_add(speech);
        if let [first, .., last] = texts {
            first.speech = (first.speech - LEAD).max(1);
            last.speech += LEAD;
        }
        let usual = |speech| scaled(speech, self.millis, self.units);
        let rest = span - usual(speech);
        if rest > 0 {
            for text in texts {
                text.speech = (usual(text.speech) + scaled(rest, text.slack, slack)).max(1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the times of two sentences of 100 letters, with a pause after the first.
    fn times(pace: &mut Pace, span: i64) -> [i64; 2] {
        let text = |slack| CueText {
            characters: 100,
            speech: 100,
            slack,
        };
        let mut texts = [text(300), text(100)];
        pace.fit(span, &mut texts);
        texts.map(|text| text.speech * span / (texts[0].speech + texts[1].speech))
    }

    #[test]
    fn slow_segment_has_longer_pauses() {
        let mut pace = Pace::default();
        assert_eq!(times(&mut pace, 10_000), [4900, 5100]);
        // The usual is 60 ms a letter by now, so 2 of 14 seconds are left.
        assert_eq!(times(&mut pace, 14_000), [5880 + 1500, 6120 + 500]);
        // A fast one is faster everywhere.
        assert_eq!(times(&mut pace, 10_000), [4900, 5100]);
    }
}
