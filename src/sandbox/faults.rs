//! Parses `--fault`: the faults to inject and their probabilities.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use fastrand::Rng;

use crate::duration;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// HTTP 500 with HTML, with nothing, or with an envelope; nothing was done.
    Http500,
    /// HTTP 503 with `Retry-After: 1`; nothing was done.
    Http503,
    /// The connection is reset before anything is done.
    Reset,
    /// The response comes late; what was asked for has been done in time.
    Slow,
    /// HTTP 200 with an HTML page, as a captive portal answers; nothing was done.
    Html,
    /// It was done, and the response's body is cut short.
    Truncate,
    /// The task ends with `FAIL`.
    Fail,
    /// A submit was accepted, and the connection is closed without a response.
    DropAfterAccept,
    /// A callback never comes.
    CallbackLose,
    /// A callback comes twice.
    CallbackDuplicate,
    /// A callback comes late.
    CallbackDelay,
    /// A callback comes after the next one.
    CallbackReorder,
}

/// Every fault in the order in which they are listed to people, with the form that it has in a list:
/// its name, then what must follow.
const FORMS: [(Fault, &str); 12] = [
    (Fault::Http500, "http-500:P"),
    (Fault::Http503, "http-503:P"),
    (Fault::Reset, "reset:P"),
    (Fault::Slow, "slow:DUR:P"),
    (Fault::Html, "html:P"),
    (Fault::Truncate, "truncate:P"),
    (Fault::Fail, "fail:P"),
    (Fault::DropAfterAccept, "drop-after-accept:P"),
    (Fault::CallbackLose, "callback-lose:P"),
    (Fault::CallbackDuplicate, "callback-duplicate:P"),
    (Fault::CallbackDelay, "callback-delay:DUR:P"),
    (Fault::CallbackReorder, "callback-reorder:P"),
];

impl Fault {
    fn form(self) -> &'static str {
        let form = FORMS.iter().find(|(fault, _)| *fault == self);
        form.map_or("", |(_, form)| form)
    }

    /// Returns its name, such as `drop-after-accept`.
    fn name(self) -> &'static str {
        self.form().split(':').next().unwrap_or_default()
    }

    fn has_duration(self) -> bool {
        self.form().contains("DUR")
    }
}

/// Faults with their probabilities: a list such as `http-500:0.1,slow:2s:0.1`. P is a probability
/// from 0 to 1, DUR a duration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults(Vec<FaultRate>);

#[derive(Clone, Debug, PartialEq)]
struct FaultRate {
    fault: Fault,
    /// Zero for a fault that has none.
    duration: Duration,
    probability: f64,
}

impl Faults {
    /// Rolls for one fault; returns its duration if it happens.
    pub(super) fn roll(&self, fault: Fault, rng: &mut Rng) -> Option<Duration> {
        let rate = self.0.iter().find(|rate| rate.fault == fault)?;
        (rng.f64() < rate.probability).then_some(rate.duration)
    }
}

impl FromStr for Faults {
    type Err = String;

    /// Parses the list; the error says what is wrong and which faults there are.
    fn from_str(list: &str) -> Result<Self, String> {
        let mut rates: Vec<FaultRate> = Vec::new();
        for text in list
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty())
        {
            let rate = parse_rate(text)?;
            if rates.iter().any(|other| other.fault == rate.fault) {
                return Err(format!("the fault {} is given twice", rate.fault.name()));
            }
            rates.push(rate);
        }
        Ok(Self(rates))
    }
}

fn parse_rate(text: &str) -> Result<FaultRate, String> {
    let (name, rest) = text.split_once(':').unwrap_or((text, ""));
    let fault = FORMS
        .iter()
        .map(|(fault, _)| *fault)
        .find(|fault| fault.name() == name)
        .ok_or_else(|| {
            let known = FORMS.map(|(_, form)| form).join(", ");
            format!("there is no fault {name:?}; the faults are {known}")
        })?;
    let form = || format!("{text:?} should read {}", fault.form());
    let (span, probability) = if fault.has_duration() {
        let (span, probability) = rest.split_once(':').ok_or_else(form)?;
        let span = duration::parse(span).map_err(|why| format!("{}: {why}", form()))?;
        (span, probability)
    } else {
        (Duration::ZERO, rest)
    };
    let number: f64 = probability.parse().map_err(|_| form())?;
    if !(0.0..=1.0).contains(&number) {
        return Err(format!("{}: P is from 0 to 1", form()));
    }
    Ok(FaultRate {
        fault,
        duration: span,
        probability: number,
    })
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, rate) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma}{}:", rate.fault.name())?;
            if rate.fault.has_duration() {
                write!(f, "{}:", duration::format(rate.duration))?;
            }
            write!(f, "{}", rate.probability)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_is_printed_as_it_is_read() {
        for list in [
            "",
            "reset:1",
            "http-500:0.1,reset:0.05,slow:2s:0.1,html:0.02,fail:0.01,drop-after-accept:0.02",
            "slow:1m30s:0.5,truncate:0,http-503:0.25",
            "callback-lose:0.1,callback-duplicate:0.2,callback-delay:3s:0.3,callback-reorder:0.4",
        ] {
            assert_eq!(list.parse::<Faults>().unwrap().to_string(), list);
        }
        let spaced: Faults = " reset:1 , html:0.5,".parse().unwrap();
        assert_eq!(spaced.to_string(), "reset:1,html:0.5");
    }

    #[test]
    fn error_shows_the_right_form() {
        for (list, why) in [
            ("reset", r#""reset" should read reset:P"#),
            ("reset:often", r#""reset:often" should read reset:P"#),
            ("reset:1.5", "reset:P: P is from 0 to 1"),
            ("reset:-0.1", "P is from 0 to 1"),
            ("reset:NaN", "P is from 0 to 1"),
            ("slow:0.1", r#""slow:0.1" should read slow:DUR:P"#),
            ("slow:soon:0.1", r#""soon" is not a duration"#),
            ("reset:0.1,reset:0.2", "reset is given twice"),
            (
                "reste:0.1",
                r#"there is no fault "reste"; the faults are http-500:P, http-503:P, reset:P, slow:DUR:P"#,
            ),
        ] {
            let error = list.parse::<Faults>().unwrap_err();
            assert!(error.contains(why), "{list}: {error}");
        }
    }
}
