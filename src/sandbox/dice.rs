//! The dice that decide when a [`Fault`] strikes. Submits, gets, tasks and callbacks have dice of
//! their own, so that with a seed the same submits go wrong however often a task is asked about.

use std::time::Duration;

use fastrand::Rng;

use super::faults::{Fault, Faults};

/// The faults with the dice that decide about them.
#[derive(Debug)]
pub(super) struct Dice {
    faults: Faults,
    submits: Rng,
    gets: Rng,
    tasks: Rng,
    callbacks: Rng,
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

/// What goes wrong with one callback.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fate {
    pub(super) is_lost: bool,
    pub(super) is_doubled: bool,
    /// How late it is.
    pub(super) delay: Duration,
    pub(super) is_reordered: bool,
}

impl Dice {
    pub(super) fn new(faults: Faults, rng: &mut Rng) -> Self {
        Self {
            faults,
            submits: rng.fork(),
            gets: rng.fork(),
            tasks: rng.fork(),
            callbacks: rng.fork(),
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

    /// What goes wrong with a callback.
    pub(super) fn callback(&mut self) -> Fate {
        let mut strike = |fault| self.faults.strike(fault, &mut self.callbacks);
        Fate {
            is_lost: strike(Fault::CallbackLose).is_some(),
            is_doubled: strike(Fault::CallbackDuplicate).is_some(),
            delay: strike(Fault::CallbackDelay).unwrap_or_default(),
            is_reordered: strike(Fault::CallbackReorder).is_some(),
        }
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
            assert_eq!(never.callback(), Fate::default());
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
            many.callback();
            assert_eq!(few.submit(), many.submit());
        }
    }
}
