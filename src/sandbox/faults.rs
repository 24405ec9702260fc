//! Bad days on demand: what may go wrong, how often, and the dice that decide. The dice of
//! submits, gets and tasks are separate, so that with a seed the same submits go wrong however
//! often a task is asked about.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use fastrand::Rng;

use crate::duration;

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// HTTP 500 with HTML, with nothing, or with an envelope; nothing was done.
    Http500,
    /// HTTP 503 with `Retry-After: 1`; nothing was done.
    Http503,
    /// The connection is reset before anything is done.
    Reset,
    /// The answer comes late; what was asked for has been done in time.
    Slow,
    /// HTTP 200 with an HTML page, as a captive portal answers; nothing was done.
    Html,
    /// It was done, and the answer's body is cut short.
    Truncate,
    /// The task ends with `FAIL`.
    Fail,
    /// A submit was accepted, and the connection is closed without an answer.
    DropAfterAccept,
}

impl Fault {
    /// Every fault, in the order in which they are listed to people.
    pub const ALL: [Self; 8] = [
        Self::Http500,
        Self::Http503,
        Self::Reset,
        Self::Slow,
        Self::Html,
        Self::Truncate,
        Self::Fail,
        Self::DropAfterAccept,
    ];

    /// How it is written in a list of faults: its name, then what must follow, such as
    /// `slow:DUR:P`.
    #[must_use]
    pub const fn form(self) -> &'static str {
        match self {
            Self::Http500 => "http-500:P",
            Self::Http503 => "http-503:P",
            Self::Reset => "reset:P",
            Self::Slow => "slow:DUR:P",
            Self::Html => "html:P",
            Self::Truncate => "truncate:P",
            Self::Fail => "fail:P",
            Self::DropAfterAccept => "drop-after-accept:P",
        }
    }

    /// Its name, such as `drop-after-accept`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.form().split(':').next().unwrap_or_default()
    }

    fn has_duration(self) -> bool {
        self.form().contains("DUR")
    }
}

/// What may go wrong, and how often: a list such as `http-500:0.1,slow:2s:0.1`. P is a
/// probability from 0 to 1, DUR a duration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults(Vec<Chance>);

#[derive(Clone, Debug, PartialEq)]
struct Chance {
    fault: Fault,
    /// Zero for a fault that has none.
    duration: Duration,
    probability: f64,
}

impl Faults {
    /// Throws the dice for one fault: its duration if it happens.
    fn strike(&self, fault: Fault, dice: &mut Rng) -> Option<Duration> {
        let chance = self.0.iter().find(|chance| chance.fault == fault)?;
        (dice.f64() < chance.probability).then_some(chance.duration)
    }
}

impl FromStr for Faults {
    type Err = String;

    /// Reads the list; the error says what is wrong and which faults there are.
    fn from_str(list: &str) -> Result<Self, String> {
        let mut chances: Vec<Chance> = Vec::new();
        for text in list
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty())
        {
            let chance = chance(text)?;
            if chances.iter().any(|other| other.fault == chance.fault) {
                return Err(format!("the fault {} is given twice", chance.fault.name()));
            }
            chances.push(chance);
        }
        Ok(Self(chances))
    }
}

fn chance(text: &str) -> Result<Chance, String> {
    let (name, rest) = text.split_once(':').unwrap_or((text, ""));
    let fault = Fault::ALL
        .into_iter()
        .find(|fault| fault.name() == name)
        .ok_or_else(|| {
            let known = Fault::ALL.map(Fault::form).join(", ");
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
    Ok(Chance {
        fault,
        duration: span,
        probability: number,
    })
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, chance) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}{}:", chance.fault.name())?;
            if chance.fault.has_duration() {
                write!(f, "{}:", duration::format(chance.duration))?;
            }
            write!(f, "{}", chance.probability)?;
        }
        Ok(())
    }
}

/// The faults with the dice that decide about them.
#[derive(Debug)]
pub(super) struct Dice {
    faults: Faults,
    submits: Rng,
    gets: Rng,
    tasks: Rng,
}

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Trouble {
    /// How long the answer is held back.
    pub(super) delay: Duration,
    pub(super) mishap: Option<Mishap>,
}

/// What comes of a request in place of its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mishap {
    Reset,
    Http500(Page),
    Http503,
    Html,
    Truncate,
    Drop,
}

/// What an HTTP 500 has as its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    Html,
    Empty,
    Envelope,
}

impl Dice {
    pub(super) fn new(faults: Faults, rng: &mut Rng) -> Self {
        Self {
            faults,
            submits: rng.fork(),
            gets: rng.fork(),
            tasks: rng.fork(),
        }
    }

    /// What goes wrong with a submit.
    pub(super) fn submit(&mut self) -> Trouble {
        let mut trouble = trouble(&self.faults, &mut self.submits);
        let drop = self
            .faults
            .strike(Fault::DropAfterAccept, &mut self.submits);
        if trouble.mishap.is_none() && drop.is_some() {
            trouble.mishap = Some(Mishap::Drop);
        }
        trouble
    }

    /// What goes wrong with a get.
    pub(super) fn get(&mut self) -> Trouble {
        trouble(&self.faults, &mut self.gets)
    }

    /// Whether a new task will fail.
    pub(super) fn task_fails(&mut self) -> bool {
        self.faults.strike(Fault::Fail, &mut self.tasks).is_some()
    }
}

/// A request can be late and also go wrong, but it goes wrong in one way: the first that strikes.
fn trouble(faults: &Faults, dice: &mut Rng) -> Trouble {
    let delay = faults.strike(Fault::Slow, dice).unwrap_or_default();
    let page = match dice.u8(..3) {
        0 => Page::Html,
        1 => Page::Empty,
        _ => Page::Envelope,
    };
    let mishap = [
        (Fault::Reset, Mishap::Reset),
        (Fault::Http500, Mishap::Http500(page)),
        (Fault::Http503, Mishap::Http503),
        (Fault::Html, Mishap::Html),
        (Fault::Truncate, Mishap::Truncate),
    ]
    .into_iter()
    .find(|(fault, _)| faults.strike(*fault, dice).is_some())
    .map(|(_, mishap)| mishap);
    Trouble { delay, mishap }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dice(list: &str, seed: u64) -> Dice {
        Dice::new(list.parse().unwrap(), &mut Rng::with_seed(seed))
    }

    #[test]
    fn a_list_is_printed_as_it_is_read() {
        for list in [
            "",
            "reset:1",
            "http-500:0.1,reset:0.05,slow:2s:0.1,html:0.02,fail:0.01,drop-after-accept:0.02",
            "slow:1m30s:0.5,truncate:0,http-503:0.25",
        ] {
            assert_eq!(list.parse::<Faults>().unwrap().to_string(), list);
        }
        let spaced: Faults = " reset:1 , html:0.5,".parse().unwrap();
        assert_eq!(spaced.to_string(), "reset:1,html:0.5");
    }

    #[test]
    fn an_error_says_what_would_have_been_right() {
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

    #[test]
    fn certain_faults_always_strike_and_impossible_ones_never() {
        let mut certain = dice("html:1,slow:2s:1,fail:1,drop-after-accept:1", 1);
        let mut never = dice("html:0,slow:2s:0,fail:0,drop-after-accept:0", 1);
        for _ in 0..100 {
            let trouble = certain.get();
            assert_eq!(
                (trouble.delay, trouble.mishap),
                (Duration::from_secs(2), Some(Mishap::Html))
            );
            assert!(certain.task_fails());
            assert_eq!(never.submit(), Trouble::default());
            assert!(!never.task_fails());
        }
    }

    #[test]
    fn only_submits_are_dropped_after_they_were_accepted() {
        let mut dice = dice("drop-after-accept:1", 1);
        assert_eq!(dice.submit().mishap, Some(Mishap::Drop));
        assert_eq!(dice.get(), Trouble::default());
    }

    #[test]
    fn a_probability_is_met_about_as_often_as_it_says() {
        let mut dice = dice("reset:0.3", 1);
        let struck = (0..10_000).filter(|_| dice.get().mishap.is_some()).count();
        assert!((2_800..=3_200).contains(&struck), "{struck}");
    }

    #[test]
    fn with_a_seed_the_same_submits_go_wrong_however_many_gets_there_are() {
        let list = "http-500:0.3,reset:0.3,slow:1s:0.5";
        let (mut few, mut many) = (dice(list, 9), dice(list, 9));
        for _ in 0..50 {
            many.get();
            many.get();
            assert_eq!(few.submit(), many.submit());
        }
    }
}
