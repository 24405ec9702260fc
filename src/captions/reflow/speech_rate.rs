//! The speech rate of a transcription: a segment that takes longer than its text usually does has longer
//! pauses, not slower words.

use super::speech::CueText;
use super::timing::scaled;

/// Cues start a little before what they say, by the time of so many units of speech, which is that of a letter.
/// Found as the times of speech were: the words of talks ask for less, people's cues for more.
const START_LEAD: i64 = 2;

/// Maximum time of a unit of speech that counts, in milliseconds: three times the usual. A segment that takes
/// longer has music or silence in it.
const MAX_UNIT_MS: i64 = 100;

/// The time that speech took in the segments so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SpeechRate {
    millis: i64,
    units: i64,
}

impl SpeechRate {
    /// Records a segment of `span` milliseconds that has these `texts`.
    pub(super) fn record(&mut self, span: i64, texts: &[CueText]) {
        let units: i64 = texts.iter().map(|text| text.speech).sum();
        let millis = span.min(MAX_UNIT_MS.saturating_mul(units));
        self.millis = self.millis.saturating_add(millis);
        self.units = self.units.saturating_add(units);
    }

    /// Sets the speech of the `texts` of a recorded segment to what each takes of its `span` milliseconds: the
    /// usual time, and of the rest a part by its slack. A segment faster than usual is faster everywhere.
    pub(super) fn apply(&self, span: i64, texts: &mut [CueText]) {
        let sum = |of: fn(&CueText) -> i64| texts.iter().map(of).sum::<i64>();
        let (speech, slack) = (sum(|text| text.speech), sum(|text| text.slack));
        if let [first, .., last] = texts {
            first.speech = (first.speech - START_LEAD).max(1);
            last.speech += START_LEAD;
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
    fn times(rate: &mut SpeechRate, span: i64) -> [i64; 2] {
        let text = |slack| CueText {
            characters: 100,
            speech: 100,
            slack,
        };
        let mut texts = [text(300), text(100)];
        rate.record(span, &texts);
        rate.apply(span, &mut texts);
        texts.map(|text| text.speech * span / (texts[0].speech + texts[1].speech))
    }

    #[test]
    fn slow_segment_has_longer_pauses() {
        let mut rate = SpeechRate::default();
        assert_eq!(times(&mut rate, 10_000), [4900, 5100]);
        // The usual is 60 ms a letter by now, so 2 of 14 seconds are left.
        assert_eq!(times(&mut rate, 14_000), [5880 + 1500, 6120 + 500]);
        // A fast one is faster everywhere.
        assert_eq!(times(&mut rate, 10_000), [4900, 5100]);
    }
    #[test]
    fn silence_is_not_taken_for_slow_speech() {
        let mut rate = SpeechRate::default();
        times(&mut rate, 700_000);
        times(&mut rate, 10_000);
        // The usual is 77 ms a unit by now, so some of 16 seconds is left for the pause.
        let [first, _] = times(&mut rate, 16_000);
        assert!(first > 98 * 16_000 / 200, "{first}");
    }
}
