//! The other side of the lab's run: the same scenario under another profile, and the comparison of both.

use super::super::browser;
use crate::scenario::{Overrides, Scenario, compile};
use crate::sides::{Comparison, Other, Sides};
use crate::sim::Run;
use crate::time::SimTime;
use std::cell::RefCell;
use std::rc::Rc;

/// How many steps of the world, and how many events of a side, are taken between two looks at the clock.
const STEPS: u64 = 256;
const EVENTS: usize = 512;
/// A comparison that took so long is made again at the earliest after this many times as long, while more comes.
const REST: f64 = 12.0;

/// The other side.
pub(crate) struct Against {
    profile: String,
    other: Other,
    sides: Sides,
    kept: RefCell<Kept>,
}

/// The last comparison: of how many events of both sides, up to when, when it was made and how long that took, in milliseconds.
#[derive(Default)]
struct Kept {
    of: ([u32; 2], SimTime),
    found: Rc<Comparison>,
    made_ms: f64,
    took_ms: f64,
}

impl Against {
    /// The other side of a scenario's run, at its beginning.
    ///
    /// # Errors
    /// What is wrong, as a sentence.
    pub(crate) fn new(scenario: &Scenario, profile: &str) -> Result<Self, String> {
        let overrides = Overrides { profile: Some(profile.to_owned()), ..Overrides::default() };
        let plan = compile(scenario, &overrides).map_err(|problems| {
            problems.first().map(|problem| problem.message.clone()).unwrap_or_default()
        })?;
        let other = Other::new(&plan.setup)?;
        Ok(Self { profile: profile.to_owned(), other, sides: Sides::default(), kept: RefCell::default() })
    }

    /// Follows the run to its head while `go_on` says so. Says whether something is left.
    pub(crate) fn follow(&mut self, run: &Run, go_on: &mut dyn FnMut() -> bool) -> bool {
        loop {
            let done = self.other.advance_to(run.head(), run.journal(), STEPS).done;
            let mut left = !done;
            for (side, trace) in [run.trace(), self.other.trace()].into_iter().enumerate() {
                for event in trace.range(self.sides.next_seq(side)..u32::MAX).take(EVENTS) {
                    self.sides.take(side, &event);
                }
                left |= self.is_behind(side, trace.next_seq());
            }
            if !left || !go_on() {
                return left;
            }
        }
    }

    fn is_behind(&self, side: usize, events: u32) -> bool {
        !self.sides.left_out() && self.sides.next_seq(side) < events
    }

    /// Whether it has not followed the run to its head yet.
    pub(crate) fn lags(&self, run: &Run) -> bool {
        self.other.head() < run.head() || self.is_behind(0, run.trace().next_seq())
    }

    /// The name of its profile.
    pub(crate) fn profile(&self) -> &str {
        &self.profile
    }

    /// Its run.
    pub(crate) fn other(&self) -> &Other {
        &self.other
    }

    /// What is compared.
    pub(crate) fn sides(&self) -> &Sides {
        &self.sides
    }

    /// The comparison, and whether it is of all that both sides came to: while more comes, a long one is not made at once.
    pub(crate) fn comparison(&self, run: &Run) -> (Rc<Comparison>, bool) {
        let of = ([0, 1].map(|side| self.sides.next_seq(side)), self.other.head().min(run.head()));
        let mut kept = self.kept.borrow_mut();
        let now = browser::now_ms();
        let rests = kept.took_ms > 2.0 && now < kept.made_ms + REST * kept.took_ms;
        let fresh = kept.of == of || !rests;
        if kept.of != of && fresh {
            let found = Rc::new(self.sides.compare([run.trace(), self.other.trace()], of.1));
            let took_ms = browser::now_ms() - now;
            *kept = Kept { of, found, made_ms: now + took_ms, took_ms };
        }
        (Rc::clone(&kept.found), fresh)
    }
}
