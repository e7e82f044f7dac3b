//! The other side of the lab's run: the same scenario under another profile, or another branch; and the comparison of both.

use super::super::browser;
use super::super::text::time as text;
use crate::scenario::{Overrides, Scenario, compile};
use crate::sides::{Comparison, Other, Sides};
use crate::sim::Run;
use crate::time::SimTime;
use crate::trace::Trace;
use std::cell::RefCell;
use std::rc::Rc;

/// How many steps of the world, and how many events of a side, are taken between two looks at the clock.
const STEPS: u64 = 256;
const EVENTS: usize = 512;
/// A comparison that took so long is made again at the earliest after this many times as long, while more comes.
const REST: f64 = 12.0;

/// What a run is compared with.
#[derive(Clone)]
pub(crate) enum With {
    /// The same scenario under the profile of this name.
    Profile(String),
    /// The branch with this number.
    Branch(u32),
}

/// The run of the other side.
enum Side {
    Profile {
        name: String,
        run: Box<Other>,
    },
    /// The other branch, the present one, and how many entries of their journals they have in common.
    Branch {
        id: u32,
        own: u32,
        common: usize,
    },
}

impl Side {
    /// The events of one of both sides.
    fn trace<'a>(&'a self, side: usize, run: &'a Run) -> Option<&'a Trace> {
        match (self, side) {
            (_, 0) => Some(run.trace()),
            (Self::Profile { run, .. }, _) => Some(run.trace()),
            (Self::Branch { id, .. }, _) => run.branch_trace(*id),
        }
    }
}

/// The other side.
pub(crate) struct Against {
    side: Side,
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
    pub(crate) fn new(scenario: &Scenario, run: &Run, with: With) -> Result<Self, String> {
        let side = match with {
            With::Profile(name) => {
                let overrides = Overrides { profile: Some(name.clone()), ..Overrides::default() };
                let plan = compile(scenario, &overrides).map_err(|problems| {
                    problems.first().map(|problem| problem.message.clone()).unwrap_or_default()
                })?;
                Side::Profile { name, run: Box::new(Other::new(&plan.setup)?) }
            }
            With::Branch(id) => {
                let journal = run.branch_journal(id).ok_or(text::NO_BRANCH)?;
                let own = run.branches().first().map_or(0, |branch| branch.id);
                Side::Branch { id, own, common: journal.common(run.journal()) }
            }
        };
        Ok(Self { side, sides: Sides::default(), kept: RefCell::default() })
    }

    /// The same comparison once more, of a run that became another one. A branch that one goes to is compared with the one that
    /// one left; what was given up is compared with nothing.
    pub(crate) fn again(self, scenario: &Scenario, run: &Run) -> Option<Self> {
        let here = run.branches().first().map(|branch| branch.id);
        let with = match self.side {
            Side::Profile { name, .. } => With::Profile(name),
            Side::Branch { id, own, .. } if here == Some(id) => With::Branch(own),
            Side::Branch { id, .. } => With::Branch(id),
        };
        Self::new(scenario, run, with).ok()
    }

    /// Follows the run to its head while `go_on` says so. Says whether something is left.
    pub(crate) fn follow(&mut self, run: &mut Run, go_on: &mut dyn FnMut() -> bool) -> bool {
        loop {
            let head = run.head();
            let done = match &mut self.side {
                Side::Profile { run: other, .. } => other.advance_to(head, run.journal(), STEPS).done,
                Side::Branch { id, .. } => run.advance_other(*id, head, STEPS).done,
            };
            let mut left = !done;
            for side in 0..2 {
                let Some(trace) = self.side.trace(side, run) else { continue };
                let events = trace.range(self.sides.next_seq(side)..u32::MAX).take(EVENTS);
                for event in events.take_while(|event| event.at() <= head) {
                    let is_own = match &self.side {
                        Side::Profile { .. } => false,
                        Side::Branch { id, own, common } => {
                            let entry = run.branch_entry_of([*own, *id][side], event.seq());
                            entry.is_some_and(|entry| entry >= *common)
                        }
                    };
                    self.sides.take_as(side, &event, is_own);
                }
                left |= self.is_behind(side, run);
            }
            if !left || !go_on() {
                return left;
            }
        }
    }

    /// The events of both sides.
    pub(crate) fn traces<'a>(&'a self, run: &'a Run) -> [&'a Trace; 2] {
        [run.trace(), self.side.trace(1, run).unwrap_or(run.trace())]
    }

    /// Whether a side has events up to the run's head that were not taken.
    fn is_behind(&self, side: usize, run: &Run) -> bool {
        let next = self.side.trace(side, run).and_then(|trace| trace.get(self.sides.next_seq(side)));
        !self.sides.left_out() && next.is_some_and(|event| event.at() <= run.head())
    }

    /// How far the other side was computed.
    fn head(&self, run: &Run) -> SimTime {
        match &self.side {
            Side::Profile { run, .. } => run.head(),
            Side::Branch { id, .. } => run
                .branches()
                .iter()
                .find(|branch| branch.id == *id)
                .map_or(SimTime::ZERO, |branch| branch.head),
        }
    }

    /// Whether it has not followed the run to its head yet.
    pub(crate) fn lags(&self, run: &Run) -> bool {
        self.head(run) < run.head() || self.is_behind(0, run)
    }

    /// The name of its profile; `None` where it is a branch.
    pub(crate) fn profile(&self) -> Option<&str> {
        match &self.side {
            Side::Profile { name, .. } => Some(name),
            Side::Branch { .. } => None,
        }
    }

    /// The branch that it is.
    pub(crate) fn branch(&self) -> Option<u32> {
        match &self.side {
            Side::Profile { .. } => None,
            Side::Branch { id, .. } => Some(*id),
        }
    }

    /// What is compared.
    pub(crate) fn sides(&self) -> &Sides {
        &self.sides
    }

    /// The comparison, and whether it is of all that both sides came to: while more comes, a long one is not made at once.
    pub(crate) fn comparison(&self, run: &Run) -> (Rc<Comparison>, bool) {
        let of = ([0, 1].map(|side| self.sides.next_seq(side)), self.head(run).min(run.head()));
        let mut kept = self.kept.borrow_mut();
        let now = browser::now_ms();
        let rests = kept.took_ms > 2.0 && now < kept.made_ms + REST * kept.took_ms;
        let fresh = kept.of == of || !rests;
        if kept.of != of && fresh {
            let found = Rc::new(self.sides.compare(self.traces(run), of.1));
            let took_ms = browser::now_ms() - now;
            *kept = Kept { of, found, made_ms: now + took_ms, took_ms };
        }
        (Rc::clone(&kept.found), fresh)
    }
}
