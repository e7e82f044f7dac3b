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
    pub(super) name: String,
    pub(super) from: Option<(u32, Moment)>,
    /// How many steps it has in common with the branch that it left.
    pub(super) from_steps: u64,
    pub(super) head: World,
    pub(super) trace: Trace,
    pub(super) checkpoints: Checkpoints,
    pub(super) journal: Journal,
    pub(super) ends: Ends,
    /// For each entry of the journal that was done the number of its event.
    pub(super) noted: Vec<u32>,
    /// What was undone here, the latest last.
    pub(super) undone: Vec<Undone>,
    pub(super) rewinds: bool,
}

/// What redoing puts back.
#[derive(Debug)]
pub(super) enum Undone {
    /// What was taken out of the journal: a deed, and what live clients did after it.
    Entries(Vec<Entry>),
    /// The branch to which a deed had led.
    Branch(u32),
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
        Ok(Self {
            id: 0,
            name: String::new(),
            from: None,
            from_steps: 0,
            head,
            trace,
            checkpoints,
            journal,
            ends: Ends::default(),
            noted: Vec::new(),
            undone: Vec::new(),
            rewinds: setup.rewinds,
        })
    }

    pub(super) fn info(&self) -> BranchInfo {
        let (name, from) = (self.name.clone(), self.from);
        BranchInfo { id: self.id, name, from, head: self.head.now(), events: self.head.events() }
    }

    /// About how many bytes are kept of it.
    pub(super) fn size_bytes(&self) -> usize {
        self.trace.size_bytes() + self.checkpoints.size().1
    }

    /// Another branch that leaves this one where `world` stands.
    pub(super) fn leave_at(&self, world: World, id: u32) -> Self {
        let at = Moment { at: world.now(), ordinal: world.ordinal() };
        let mut branch = Self {
            id,
            name: String::new(),
            from: Some((self.id, at)),
            from_steps: world.steps(),
            head: world.clone(),
            trace: self.trace.clone(),
            checkpoints: self.checkpoints.clone(),
            journal: self.journal.clone(),
            ends: self.ends.clone(),
            noted: self.noted.clone(),
            undone: Vec::new(),
            rewinds: self.rewinds,
        };
        branch.journal.truncate(world.steps());
        branch.cut_at(world);
        branch
    }

    /// Forgets all that was computed after the moment where `world` stands, which becomes the head.
    pub(super) fn cut_at(&mut self, world: World) {
        self.trace.truncate(world.events());
        self.checkpoints.truncate(world.steps());
        self.ends.truncate(world.events());
        self.noted.truncate(self.noted.partition_point(|seq| *seq < world.events()));
        self.head = world;
        self.head.tells_live = true;
    }

    /// The world after this many steps, at this time, as it was in this branch.
    pub(super) fn world_at(&self, steps: u64, at: SimTime) -> Option<World> {
        let checkpoint = self.checkpoints.last_where(|world| world.steps() <= steps)?;
        let mut world = World::clone(checkpoint);
        while world.steps() < steps {
            self.step_copy(&mut world, SimTime::END)?;
        }
        world.pass_time(at);
        Some(world)
    }

    /// The number among the journal's entries of the one that this event is about.
    pub(super) fn entry_of(&self, seq: u32) -> Option<usize> {
        self.noted.binary_search(&seq).ok()
    }

    /// Computes one step more. Gives its time; `None` where nothing is left to happen before or at `until`.
    pub(super) fn step_head(&mut self, until: SimTime) -> Option<SimTime> {
        let events = self.head.events();
        let given = self.journal.after(self.head.steps()).is_some();
        let at = step(&mut self.head, &self.journal, until, &mut self.trace)?;
        if self.rewinds {
            if given {
                self.noted.push(events);
            }
            if self.head.events() > events {
                self.ends.mark(self.head.events());
            }
            self.checkpoints.offer(&self.head, self.head.steps());
        }
        Some(at)
    }

    /// Does something at the head, now.
    pub(super) fn input(&mut self, input: Input, along: bool) -> Result<(), String> {
        let entry = Entry { steps: self.head.steps(), at: self.head.now(), input, along };
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
            self.input(Input::Live { id, act: LiveAct::LeftBehind }, false)?;
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
