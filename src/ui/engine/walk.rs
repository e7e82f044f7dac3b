//! The engine's steps: by event, by packet, by message, and over what is only keep-alive traffic.

use super::{Engine, Goal, STEPS};
use crate::sim::{Moment, Pace, Run, is_ping};
use crate::time::{SimTime, Span};

/// How far after the scenario's end one looks for something.
const FAR: Span = Span::s(30 * 86_400);

/// A search at the head.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Look {
    pub(super) pace: Pace,
    pub(super) until: SimTime,
}

/// Where a skip began.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Skip {
    at: SimTime,
    events: u32,
}

/// What was passed over.
pub(crate) struct Skipped {
    /// From when.
    pub(crate) from: SimTime,
    /// To when.
    pub(crate) to: SimTime,
    /// How many times a client sent PINGREQ meanwhile.
    pub(crate) pings: usize,
    /// Whether something else happens there; else it is the end.
    pub(crate) found: bool,
}

impl Look {
    /// Computes to the next event, or up to the end of the search. Says whether it is over.
    pub(super) fn go_on(self, run: &mut Run) -> bool {
        let events = run.visible();
        if run.next_due().is_none_or(|due| due > self.until) {
            // An end that is no moment of the run is not gone to.
            return self.until == SimTime::END || run.advance_to(self.until, STEPS).done;
        }
        let over = run.step_forward().done && run.visible() == events;
        over || run.trace().range(events..u32::MAX).any(|event| self.pace.wants(&event))
    }
}

impl Engine {
    /// One step on or back: past or before all that one step of the world noted.
    pub(crate) fn step(&mut self, forward: bool, pace: Pace) {
        self.skip = None;
        let mut run = self.run.borrow_mut();
        let wants = move |event: &crate::trace::EventRef<'_>| pace.wants(event);
        let found = if forward { run.next_where(&wants) } else { run.last_where(&wants) };
        self.goal = match found {
            Some(seq) => (!run.seek_event(seq).done).then_some(Goal::GoOn),
            None if forward => {
                run.go_to_head();
                let (head, end) = (run.head(), run.until());
                let until = match pace {
                    Pace::Event => SimTime::END,
                    _ if head < end => end,
                    _ => head + FAR,
                };
                Some(Goal::Look(Look { pace, until }))
            }
            None => (!run.seek(Moment::default()).done).then_some(Goal::GoOn),
        };
        drop(run);
        self.fold();
    }

    /// Goes on to the next moment at which something other than keep-alive traffic happens; [`Engine::skipped`] says what was passed.
    pub(crate) fn skip(&mut self) {
        let from = Skip { at: self.view().at, events: self.events() };
        self.step(true, Pace::Eventful);
        self.skip = Some(from);
    }

    /// Once a skip has come to its end: what it passed over.
    pub(crate) fn skipped(&mut self) -> Option<Skipped> {
        if self.goal.is_some() {
            return None;
        }
        let Skip { at: from, events } = self.skip.take()?;
        let run = self.run();
        let passed = || run.trace().range(events..run.visible());
        let pings = passed().filter(is_ping).count();
        let found = passed().any(|event| Pace::Eventful.wants(&event));
        Some(Skipped { from, to: run.view().at, pings, found })
    }

    /// Computes on as fast as it goes, to this time, until [`Engine::pause`].
    pub(crate) fn run_on(&mut self, to: SimTime) {
        self.goal = Some(Goal::On(to));
    }

    /// Leaves the view where [`Engine::run_on`] has brought it.
    pub(crate) fn pause(&mut self) {
        self.goal = self.goal.take_if(|goal| !matches!(goal, Goal::On(_)));
    }

    /// Leaves the view where a search at the head has brought it.
    pub(crate) fn give_up(&mut self) {
        self.goal = self.goal.take_if(|goal| !matches!(goal, Goal::On(_) | Goal::Look(_)));
    }

    /// Whether a search at the head is under way.
    pub(crate) const fn is_looking(&self) -> bool {
        matches!(self.goal, Some(Goal::Look(_)))
    }

    /// Whether something other than keep-alive traffic happened since there were this many events.
    pub(crate) fn is_eventful_since(&self, events: u32) -> bool {
        let run = self.run();
        run.trace().range(events..run.visible()).any(|event| Pace::Eventful.wants(&event))
    }
}
