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
    /// The service refuses with 0429, for an upload before its body is read; nothing was done.
    RateLimit,
    /// A submit, upload, deletion, login or refresh was done, and the connection is closed without a response.
    DropAfterAccept,
    /// The connection is reset once half of an upload has been read; nothing was done.
    UploadCut,
    /// The body of an upload is read evenly over a duration.
    UploadThrottle,
    /// HTTP 413 from a gateway, before the body of an upload is read; nothing was done.
    UploadTooLarge,
    /// An uploaded video cannot be parsed.
    ParseFail,
    /// A page of the listing has a duplicate, another order, and other names and types of fields.
    ListOdd,
    /// A page of the listing comes without its videos.
    ListEmpty,
    /// The task ends with `FAIL`.
    Fail,
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
const FORMS: [(Fault, &str); 19] = [
    (Fault::Http500, "http-500:P"),
    (Fault::Http503, "http-503:P"),
    (Fault::Reset, "reset:P"),
    (Fault::Slow, "slow:DUR:P"),
    (Fault::Html, "html:P"),
    (Fault::Truncate, "truncate:P"),
    (Fault::RateLimit, "rate-limit:P"),
    (Fault::DropAfterAccept, "drop-after-accept:P"),
    (Fault::UploadCut, "upload-cut:P"),
    (Fault::UploadThrottle, "upload-throttle:DUR:P"),
    (Fault::UploadTooLarge, "upload-http-413:P"),
    (Fault::ParseFail, "parse-fail:P"),
    (Fault::ListOdd, "list-odd:P"),
    (Fault::ListEmpty, "list-empty:P"),
    (Fault::Fail, "fail:P"),
    (Fault::CallbackLose, "callback-lose:P"),
    (Fault::CallbackDuplicate, "callback-duplicate:P"),
    (Fault::CallbackDelay, "callback-delay:DUR:P"),
    (Fault::CallbackReorder, "callback-reorder:P"),
];

/// A call of the API, with the prefix that limits a fault of requests to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SandboxCall {
    Submit,
    Get,
    Upload,
    List,
    Delete,
    Login,
    Refresh,
}

const PREFIXES: [(SandboxCall, &str); 7] = [
    (SandboxCall::Submit, "submit-"),
    (SandboxCall::Get, "get-"),
    (SandboxCall::Upload, "upload-"),
    (SandboxCall::List, "list-"),
    (SandboxCall::Delete, "delete-"),
    (SandboxCall::Login, "login-"),
    (SandboxCall::Refresh, "refresh-"),
];

impl SandboxCall {
    fn prefix(self) -> &'static str {
        let prefix = PREFIXES.iter().find(|(call, _)| *call == self);
        prefix.map_or("", |(_, prefix)| prefix)
    }

    /// Returns `true` if the call changes something, so that it matters if its response is lost.
    pub(super) const fn has_effect(self) -> bool {
        !matches!(self, Self::Get | Self::List)
    }
}

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

    /// Returns `true` for a fault of requests that this call can have, and others too.
    const fn can_be_limited_to(self, call: SandboxCall) -> bool {
        match self {
            Self::DropAfterAccept => call.has_effect(),
            Self::Http500
            | Self::Http503
            | Self::Reset
            | Self::Slow
            | Self::Html
            | Self::Truncate
            | Self::RateLimit => true,
            _ => false,
        }
    }

    /// Parses a name, such as `reset` or `upload-reset`.
    fn parse(name: &str) -> Option<(Option<SandboxCall>, Self)> {
        let named = |name: &str| {
            let mut faults = FORMS.iter().map(|(fault, _)| *fault);
            faults.find(|fault| fault.name() == name)
        };
        let limited = || {
            PREFIXES.iter().find_map(|(call, prefix)| {
                let fault = named(name.strip_prefix(prefix)?)?;
                fault
                    .can_be_limited_to(*call)
                    .then_some((Some(*call), fault))
            })
        };
        named(name).map(|fault| (None, fault)).or_else(limited)
    }
}

/// Faults with their probabilities: a list such as `http-500:0.1,upload-slow:2s:once`. P is a
/// probability from 0 to 1, or `once`; DUR is a duration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults(Vec<FaultRate>);

#[derive(Clone, Debug, PartialEq)]
struct FaultRate {
    /// The only call that has the fault; `None` for all that can have it.
    call: Option<SandboxCall>,
    fault: Fault,
    /// Zero for a fault that has none.
    duration: Duration,
    chance: FaultChance,
}

/// How often a fault happens.
#[derive(Clone, Copy, Debug, PartialEq)]
enum FaultChance {
    Probability(f64),
    /// The next time that it can, and never again.
    Once,
}

impl Faults {
    /// Rolls for one fault, whatever the call; returns its duration if it happens.
    pub(super) fn roll(&mut self, fault: Fault, rng: &mut Rng) -> Option<Duration> {
        let mut rates = self.0.iter_mut();
        let rate = rates.find(|rate| rate.fault == fault && rate.call.is_none())?;
        rate.roll(rng)
    }

    /// Rolls for one fault of a call; returns its duration if it happens. A probability for the call
    /// alone takes precedence.
    pub(super) fn roll_for(
        &mut self,
        call: SandboxCall,
        fault: Fault,
        rng: &mut Rng,
    ) -> Option<Duration> {
        let mut rates = self.0.iter_mut();
        match rates.find(|rate| rate.fault == fault && rate.call == Some(call)) {
            Some(rate) => rate.roll(rng),
            None => self.roll(fault, rng),
        }
    }
}

impl FaultRate {
    fn roll(&mut self, rng: &mut Rng) -> Option<Duration> {
        let happens = match self.chance {
            FaultChance::Probability(probability) => rng.f64() < probability,
            FaultChance::Once => {
                self.chance = FaultChance::Probability(0.0);
                true
            }
        };
        happens.then_some(self.duration)
    }

    /// Returns its name with the prefix of its call.
    fn name(&self) -> String {
        let prefix = self.call.map_or("", SandboxCall::prefix);
        format!("{prefix}{}", self.fault.name())
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
            if rates.iter().any(|other| other.name() == rate.name()) {
                return Err(format!("the fault {} is given twice", rate.name()));
            }
            rates.push(rate);
        }
        Ok(Self(rates))
    }
}

fn parse_rate(text: &str) -> Result<FaultRate, String> {
    let (name, rest) = text.split_once(':').unwrap_or((text, ""));
    let (call, fault) = Fault::parse(name).ok_or_else(|| {
        let known = FORMS.map(|(_, form)| form).join(", ");
        format!("there is no fault {name:?}; the faults are {known}")
    })?;
    let prefix = call.map_or("", SandboxCall::prefix);
    let form = || format!("{text:?} should read {prefix}{}", fault.form());
    let (span, chance) = if fault.has_duration() {
        let (span, chance) = rest.split_once(':').ok_or_else(form)?;
        let span = duration::parse(span).map_err(|why| format!("{}: {why}", form()))?;
        (span, chance)
    } else {
        (Duration::ZERO, rest)
    };
    let chance = if chance == "once" {
        FaultChance::Once
    } else {
        let probability: f64 = chance.parse().map_err(|_| form())?;
        if !(0.0..=1.0).contains(&probability) {
            return Err(format!("{}: P is from 0 to 1, or once", form()));
        }
        FaultChance::Probability(probability)
    };
    Ok(FaultRate {
        call,
        fault,
        duration: span,
        chance,
    })
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, rate) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(f, "{comma}{}:", rate.name())?;
            if rate.fault.has_duration() {
                write!(f, "{}:", duration::format(rate.duration))?;
            }
            match rate.chance {
                FaultChance::Probability(probability) => write!(f, "{probability}")?,
                FaultChance::Once => f.write_str("once")?,
            }
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
            "upload-cut:once,upload-throttle:2s:1,upload-http-413:0,parse-fail:0.5,list-odd:1,list-empty:1",
            "reset:0.1,upload-reset:once,list-slow:2s:0.5,delete-drop-after-accept:1,submit-rate-limit:1",
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
                "get-reset:1,get-reset:0.2",
                "the fault get-reset is given twice",
            ),
            (
                "get-slow:0.1",
                r#""get-slow:0.1" should read get-slow:DUR:P"#,
            ),
            (
                "list-drop-after-accept:1",
                r#"there is no fault "list-drop-after-accept""#,
            ),
            ("upload-fail:1", r#"there is no fault "upload-fail""#),
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
