//! One branch of a run: how far it was computed, and all that is kept of it.

use super::checkpoints::Checkpoints;
use super::ends::Ends;
use super::journal::{Entry, Journal};
use super::world::World;
use super::{BranchInfo, Input, LiveAct, LiveOutput, Moment, Setup};
use crate::time::SimTime;
use crate::trace::{Count, Header, Sink, Trace};

/// A run without its view.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) id: u32,
    from: Option<(u32, Moment)>,
    pub(super) head: World,
    pub(super) trace: Trace,
    pub(super) checkpoints: Checkpoints,
    pub(super) journal: Journal,
    pub(super) ends: Ends,
    pub(super) rewinds: bool,
}

impl Branch {
    pub(super) fn new(setup: &Setup, journal: Journal) -> Result<Self, String> {
        let mut head = World::new(setup)?;
        let checkpoints = Checkpoints::new(&head, setup.checkpoints_max_bytes);
        head.tells_live = true;
        let header = Header {
            seed: setup.seed,
            profile: setup.profile.clone(),
            epoch: setup.epoch.clone(),
            ..Header::default()
        };
        let trace = Trace::new(header, setup.level, setup.bounds);
        let (ends, rewinds) = (Ends::default(), setup.rewinds);
        Ok(Self { id: 0, from: None, head, trace, checkpoints, journal, ends, rewinds })
    }

    pub(super) fn info(&self) -> BranchInfo {
        BranchInfo { id: self.id, from: self.from, head: self.head.now(), events: self.head.events() }
    }

    /// Another branch that leaves this one where `world` stands.
    pub(super) fn leave_at(&self, world: World, id: u32) -> Self {
        let mut trace = self.trace.clone();
        trace.truncate(world.events());
        let mut checkpoints = self.checkpoints.clone();
        checkpoints.truncate(world.steps());
        let mut journal = self.journal.clone();
        journal.truncate(world.steps());
        let mut ends = self.ends.clone();
        ends.truncate(world.events());
        let at = Moment { at: world.now(), ordinal: world.ordinal() };
        let mut head = world;
        head.tells_live = true;
        let from = Some((self.id, at));
        Self { id, from, head, trace, checkpoints, journal, ends, rewinds: self.rewinds }
    }

    /// Computes one step more. Gives its time; `None` where nothing is left to happen before or at `until`.
    pub(super) fn step_head(&mut self, until: SimTime) -> Option<SimTime> {
        let events = self.head.events();
        let at = step(&mut self.head, &self.journal, until, &mut self.trace)?;
        if self.rewinds {
            if self.head.events() > events {
                self.ends.mark(self.head.events());
            }
            self.checkpoints.offer(&self.head, self.head.steps());
        }
        Some(at)
    }

    /// Does something at the head, now.
    pub(super) fn input(&mut self, input: Input) -> Result<(), String> {
        let entry = Entry { steps: self.head.steps(), at: self.head.now(), input };
        self.journal.push(entry)?;
        self.step_head(SimTime::END);
        if !self.rewinds {
            self.journal.truncate(0);
        }
        Ok(())
    }

    /// Closes the sockets of all live clients: they do not follow a run into another branch.
    pub(super) fn leave_live_behind(&mut self) -> Result<(), String> {
        let ids: Vec<u32> = self.head.live.keys().copied().collect();
        self.head.tells_live = false;
        for id in ids {
            self.input(Input::Live { id, act: LiveAct::LeftBehind })?;
        }
        self.head.tells_live = true;
        Ok(())
    }

    /// What the live clients are told that this branch leaves behind.
    pub(super) fn farewells(&mut self) -> Vec<(u32, LiveOutput)> {
        self.head.live_outputs.clear();
        let code = crate::socket::CloseCode::SERVICE_RESTART.0;
        let closed =
            LiveOutput::Closed { code, reason: "the run went on in another branch".into(), clean: false };
        self.head.live.keys().map(|id| (*id, closed.clone())).collect()
    }

    /// Computes a copy of the world one step on, as it happened in this branch.
    pub(super) fn step_copy(&self, world: &mut World, until: SimTime) -> Option<SimTime> {
        step(world, &self.journal, until, &mut Count)
    }

    /// The same with events going to `sink`.
    pub(super) fn step_copy_into(&self, world: &mut World, sink: &mut dyn Sink) -> Option<SimTime> {
        step(world, &self.journal, SimTime::END, sink)
    }

    /// When something happens next to a world of this branch.
    pub(super) fn next_due(&self, world: &World) -> Option<SimTime> {
        match self.journal.after(world.steps()) {
            Some(entry) => Some(entry.at.max(world.now())),
            None => world.next_due(),
        }
    }
}

/// The next thing that happens, if it does by `until`: what the journal says, else what is due in the world.
///
/// The sink is chosen while it runs, so that a module which people download holds one copy of the world's code, not one for each.
fn step(world: &mut World, journal: &Journal, until: SimTime, mut sink: &mut dyn Sink) -> Option<SimTime> {
    let sink = &mut sink;
    if let Some(entry) = journal.after(world.steps()) {
        if entry.at > until {
            return None;
        }
        world.input(entry.at, &entry.input, sink);
        return Some(world.now());
    }
    world.step(until, sink)
}
