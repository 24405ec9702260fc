//! Limits the number of warnings about callbacks: anyone who knows the address can send any number, and
//! a log is a resource too.

use std::collections::HashSet;

/// Maximum number of warnings to print.
const MAX_WARNINGS: usize = 100;

/// Counts warnings, and remembers those that are printed only once.
#[derive(Debug, Default)]
pub(super) struct WarningLimiter {
    warnings: usize,
    said: HashSet<&'static str>,
}

impl WarningLimiter {
    /// Returns the warnings to print for this one: none beyond the limit, and at the limit one more that
    /// says so.
    pub(super) fn warn(&mut self, text: String) -> Vec<String> {
        self.warnings = self.warnings.saturating_add(1);
        let last = "more warnings of this kind are not printed: the callback address may be known to others";
        match self.warnings {
            ..MAX_WARNINGS => vec![text],
            MAX_WARNINGS => vec![text, last.to_owned()],
            _ => Vec::new(),
        }
    }

    /// Returns `true` for the first call with `what`.
    pub(super) fn is_first(&mut self, what: &'static str) -> bool {
        self.said.insert(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_end_with_a_word_about_the_rest() {
        let mut limiter = WarningLimiter::default();
        let printed: Vec<usize> = (0..300)
            .map(|_| limiter.warn("w".to_owned()).len())
            .collect();
        assert_eq!(printed.iter().sum::<usize>(), MAX_WARNINGS + 1);
        assert_eq!(printed[MAX_WARNINGS - 1], 2);
    }

    #[test]
    fn is_first_is_true_once() {
        let mut limiter = WarningLimiter::default();
        assert!(limiter.is_first("a") && limiter.is_first("b") && !limiter.is_first("a"));
    }
}
