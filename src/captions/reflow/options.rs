//! The choice of limits: by language, by a named set, and one by one.

use std::time::Duration;

use super::language::Language;
use super::limits::ReflowLimits;
use crate::names::named;

/// A named set of limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Netflix, Timed Text Style Guide: the limits of each language.
    Netflix,
    /// BBC, Subtitle Guidelines: 37 characters a line; 160 to 180 words a minute, with 6 characters a word.
    Bbc,
    /// Videos on a screen of any size, whose viewers can pause: no norm, but common practice.
    Youtube,
    /// Short upright videos: one short line at a time. No norm, but common practice.
    Social,
}

named!(Preset {
    Netflix => "netflix",
    Bbc => "bbc",
    Youtube => "youtube",
    Social => "social",
});

impl Preset {
    /// Returns its limits, of which those of `language` stay where they are stricter.
    fn limits(self, language: ReflowLimits) -> ReflowLimits {
        let with = |width: usize, speed: u32| ReflowLimits {
            max_line_width: language.max_line_width.min(width),
            max_cps: language.max_cps.min(speed),
            ..language
        };
        match self {
            Self::Netflix => language,
            Self::Bbc => ReflowLimits {
                min_duration: Duration::from_secs(1),
                // Two frames at 25 a second.
                min_gap: Duration::from_millis(80),
                ..with(37, 18)
            },
            Self::Youtube => ReflowLimits {
                min_duration: Duration::from_secs(1),
                ..with(42, 21)
            },
            Self::Social => ReflowLimits {
                max_lines: 1,
                min_duration: Duration::from_millis(500),
                max_duration: Duration::from_secs(3),
                ..with(28, 20)
            },
        }
    }
}

/// What was chosen of the limits; the rest follows from the language of the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReflowOptions {
    /// The language; `None` if the text tells.
    pub language: Option<Language>,
    /// The set of limits; `None` for Netflix's for the language, or for the script if that alone is known.
    pub preset: Option<Preset>,
    /// See [`ReflowLimits`], as all below.
    pub max_line_width: Option<usize>,
    /// Maximum lines of a cue.
    pub max_lines: Option<usize>,
    /// Maximum reading speed.
    pub max_cps: Option<u32>,
    /// Minimum duration of a cue.
    pub min_duration: Option<Duration>,
    /// Maximum duration of a cue.
    pub max_duration: Option<Duration>,
    /// Minimum time between two cues.
    pub min_gap: Option<Duration>,
}

impl ReflowOptions {
    /// Returns the limits for a text that seems to be in `found`.
    #[must_use]
    pub fn limits(&self, found: Language) -> ReflowLimits {
        let language = match (self.language, self.preset) {
            (Some(language), _) => language.limits(),
            (None, Some(_)) => found.limits(),
            (None, None) => found.limits_of_script(),
        };
        let limits = self
            .preset
            .map_or(language, |preset| preset.limits(language));
        let min_duration = self.min_duration.unwrap_or(limits.min_duration);
        let max_duration = self.max_duration.unwrap_or(limits.max_duration);
        ReflowLimits {
            max_line_width: self.max_line_width.unwrap_or(limits.max_line_width),
            max_lines: self.max_lines.unwrap_or(limits.max_lines),
            max_cps: self.max_cps.unwrap_or(limits.max_cps),
            counts_spaces: limits.counts_spaces,
            // Where one is set, the other gives way.
            min_duration: if self.min_duration.is_some() {
                min_duration
            } else {
                min_duration.min(max_duration)
            },
            max_duration: if self.max_duration.is_some() {
                max_duration
            } else {
                max_duration.max(min_duration)
            },
            min_gap: self.min_gap.unwrap_or(limits.min_gap),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Named as _;

    fn language(code: &str) -> Language {
        Language::from_name(code).unwrap()
    }

    #[test]
    fn language_sets_the_limits_and_flags_beat_it() {
        let options = |language: Option<Language>| ReflowOptions {
            language,
            ..ReflowOptions::default()
        };
        let of = |options: ReflowOptions, found| {
            let limits = options.limits(language(found));
            (limits.max_line_width, limits.max_cps, limits.counts_spaces)
        };
        assert_eq!(of(options(None), "ja"), (26, 4, false));
        assert_eq!(of(options(None), "ko"), (32, 12, false));
        // Latin letters alone do not tell the language.
        assert_eq!(of(options(None), "es"), (42, 20, true));
        assert_eq!(of(options(Some(language("es"))), "es"), (42, 17, true));
        assert_eq!(of(options(Some(language("zh"))), "en"), (32, 9, false));
        let set = ReflowOptions {
            max_line_width: Some(50),
            max_cps: Some(30),
            preset: Some(Preset::Bbc),
            ..options(Some(language("zh")))
        };
        assert_eq!(of(set, "zh"), (50, 30, false));
    }

    #[test]
    fn presets_keep_to_the_stricter_limit() {
        let of = |preset, found| {
            let options = ReflowOptions {
                preset: Some(preset),
                ..ReflowOptions::default()
            };
            let limits = options.limits(language(found));
            (limits.max_line_width, limits.max_lines, limits.max_cps)
        };
        assert_eq!(of(Preset::Netflix, "es"), (42, 2, 17));
        assert_eq!(of(Preset::Bbc, "en"), (37, 2, 18));
        assert_eq!(of(Preset::Bbc, "ja"), (26, 2, 4));
        assert_eq!(of(Preset::Social, "en"), (28, 1, 20));
    }

    #[test]
    fn set_duration_moves_the_other_bound() {
        let options = ReflowOptions {
            min_duration: Some(Duration::from_secs(5)),
            preset: Some(Preset::Social),
            ..ReflowOptions::default()
        };
        let limits = options.limits(language("en"));
        assert_eq!(limits.max_duration, Duration::from_secs(5));
    }
}
