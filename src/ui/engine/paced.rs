//! A program under simulated time: the run goes on only as far as the next thing that concerns the program, and waits until it has
//! done whatever it does then.

use super::walk::Look;
use super::{Engine, STEPS};
use crate::page::{Bridge, Program, Programs};
use crate::sim::{Pace, Run};
use crate::time::SimTime;
use std::cell::RefCell;

/// A program whose time is the run's.
pub(crate) struct Paced {
    program: Program,
    /// When its next timer is due.
    deadline: Option<SimTime>,
    /// Whether it has done all that it does at the present instant.
    settled: bool,
}

impl Paced {
    /// A program that was just started.
    pub(crate) const fn new(program: Program) -> Self {
        Self { program, deadline: None, settled: false }
    }

    /// It has done all that it does at the present instant; its next timer is due at this microsecond, below zero where there is none.
    pub(crate) fn settle(&mut self, deadline: f64) {
        self.settled = true;
        self.deadline = (deadline >= 0.0).then_some(SimTime(deadline as u64));
    }

    /// Whether the run waits for it.
    pub(crate) const fn acts(&self) -> bool {
        !self.settled
    }

    /// Ends it.
    pub(crate) fn stop(&self) {
        self.program.stop();
    }

    /// When anything happens next, in the run or by the program.
    fn next(&self, run: &RefCell<Run>) -> Option<SimTime> {
        [run.borrow().next_due(), self.deadline].into_iter().flatten().min()
    }

    /// Takes the head on: to this time, or to the next instant at which anything happens. Stops earlier where that concerns the program.
    /// Whether it is there.
    pub(crate) fn advance(&mut self, run: &RefCell<Run>, bridge: &Bridge, to: Option<SimTime>) -> bool {
        if self.acts() {
            return false;
        }
        let (at, there) = match (self.next(run), to) {
            (Some(next), Some(to)) if next <= to => (next, false),
            (_, Some(to)) => (to, true),
            (Some(next), None) => (next, true),
            (None, None) => return true,
        };
        if !run.borrow_mut().advance_to(at, STEPS).done {
            return false;
        }
        if bridge.deliver() || self.deadline.is_some_and(|deadline| deadline <= at) {
            self.settled = false;
            self.program.turn(at.0 as f64);
        }
        there
    }
}

impl Engine {
    /// Computes a little towards a time, with a program whose time is the run's. Whether it is reached.
    pub(super) fn paced_to(&mut self, to: SimTime) -> bool {
        let (head, is_at_head) = (self.head(), self.is_at_head());
        let (Some(paced), Some(bridge), true) = (&mut self.paced, &self.bridge, is_at_head) else {
            // What was computed is past for the program too.
            return self.run.borrow_mut().advance_to(to.min(head), STEPS).done && to <= head;
        };
        paced.advance(&self.run, bridge, Some(to))
    }

    /// The same to what is looked for; a program's timer is something too.
    pub(super) fn paced_look(&mut self, look: Look) -> bool {
        let (Some(paced), Some(bridge)) = (&mut self.paced, &self.bridge) else { return true };
        let events = self.run.borrow().visible();
        match paced.next(&self.run) {
            _ if paced.acts() => false,
            Some(next) if next <= look.until => {
                let there = paced.advance(&self.run, bridge, None);
                let run = self.run.borrow();
                let wants = |event| look.pace.wants(&event);
                there && (look.pace == Pace::Event || run.trace().range(events..u32::MAX).any(wants))
            }
            _ => look.until == SimTime::END || paced.advance(&self.run, bridge, Some(look.until)),
        }
    }

    /// Has a program's time be the run's; ends the one before it.
    pub(crate) fn set_paced(&mut self, paced: Option<Paced>) {
        if let Some(before) = std::mem::replace(&mut self.paced, paced) {
            before.stop();
        }
    }

    /// The program whose time is the run's.
    pub(crate) fn paced_mut(&mut self) -> Option<&mut Paced> {
        self.paced.as_mut()
    }

    /// Whether there is a program whose time is the run's.
    pub(crate) fn is_paced(&self) -> bool {
        self.paced.is_some()
    }

    /// Whether the run waits for a program.
    pub(super) fn waits(&self) -> bool {
        self.paced.as_ref().is_some_and(Paced::acts)
    }

    /// What starts programs.
    pub(crate) fn programs(&self) -> Option<Programs> {
        self.programs.clone()
    }
}
