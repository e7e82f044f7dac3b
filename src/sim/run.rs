//! A run: how far it has been computed, what is looked at, and what was done to it.

use super::branch::Branch;
use super::journal::Journal;
use super::world::World;
use super::{Input, LiveOutput, Moment, Progress, Setup};
use crate::time::SimTime;
use crate::trace::{EventRef, Level, Trace};
use std::ops::Range;

/// How many steps [`Run::seek`] computes at most before it asks to be continued: little, for a step may carry a payload of megabytes.
const SLICE_STEPS: u64 = 16;
/// How many steps without any event a single step forward passes over.
const SILENT_STEPS_MAX: u64 = 100_000;
/// How many events one looks back through at a time.
const LOOK_EVENTS: u32 = 4_096;

/// Where the view is going.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Target {
    /// To a moment.
    Moment(Moment),
    /// To where there were this many events.
    Events(u32),
}

/// A run of a scenario, in which one can go back and forth, and act.
///
/// The *head* is how far it was computed; the *view* is the moment that is looked at, and is at the head or before it. Rewinding moves the
/// view only. Acting while the view is before the head begins another branch there; the branch that was left is kept. Live clients
/// live at the head.
#[derive(Debug)]
pub struct Run {
    pub(super) branch: Branch,
    /// The branches that were left, in the order in which that was.
    pub(super) others: Vec<Branch>,
    /// The branch that was given up last.
    pub(super) gone: Option<Branch>,
    pub(super) next_branch: u32,
    /// The world at the view; `None` where that is the head.
    pub(super) view: Option<Box<World>>,
    pub(super) target: Option<Target>,
    until: SimTime,
    pub(super) outputs: Vec<(u32, LiveOutput)>,
}

impl Run {
    /// A run at its beginning. Nothing was computed yet.
    ///
    /// # Errors
    /// Where two clients have the same name.
    pub fn new(setup: &Setup) -> Result<Self, String> {
        Self::replay(setup, Journal::default())
    }

    /// A run to which the same things will be done as to an earlier one, as it is advanced. Acting takes the place of all that was still
    /// to come.
    ///
    /// # Errors
    /// Where two clients have the same name.
    pub fn replay(setup: &Setup, journal: Journal) -> Result<Self, String> {
        Ok(Self {
            branch: Branch::new(setup, journal)?,
            others: Vec::new(),
            gone: None,
            next_branch: 1,
            view: None,
            target: None,
            until: setup.until,
            outputs: Vec::new(),
        })
    }

    /// Where playing stops by itself, as the setup says.
    pub const fn until(&self) -> SimTime {
        self.until
    }

    /// The time up to which the run was computed.
    pub const fn head(&self) -> SimTime {
        self.branch.head.now()
    }

    /// The moment that is looked at.
    pub fn view(&self) -> Moment {
        let world = self.world();
        Moment { at: world.now(), ordinal: world.ordinal() }
    }

    /// Whether the view is at the head.
    pub const fn is_at_head(&self) -> bool {
        self.view.is_none()
    }

    /// The world at the view.
    pub fn world(&self) -> &World {
        self.view.as_deref().unwrap_or(&self.branch.head)
    }

    /// The world at the head.
    pub const fn head_world(&self) -> &World {
        &self.branch.head
    }

    /// The events of this branch up to the head, those that the level and the bounds keep.
    pub const fn trace(&self) -> &Trace {
        &self.branch.trace
    }

    /// How many events there were at the view: those with a lower `seq` are past.
    pub fn visible(&self) -> u32 {
        self.world().events()
    }

    /// The events of the last step of the world that noted any before the view: what happened at once.
    pub fn last_step(&self) -> Range<u32> {
        let visible = self.visible();
        self.branch.ends.before(visible)..visible
    }

    /// What was done to this branch, for links and files.
    pub const fn journal(&self) -> &Journal {
        &self.branch.journal
    }

    /// When something happens next at the head.
    pub fn next_due(&self) -> Option<SimTime> {
        self.branch.next_due(&self.branch.head)
    }

    /// Closes the sockets of all live clients, as they are told elsewhere that this run is left for another.
    ///
    /// # Errors
    /// Where the run takes no more.
    pub fn leave_live(&mut self) -> Result<(), String> {
        self.take_live_outputs();
        self.branch.leave_live_behind()
    }

    /// About how many bytes it takes.
    pub fn size_bytes(&self) -> usize {
        let all = [&self.branch].into_iter().chain(&self.others).chain(&self.gone);
        all.map(Branch::size_bytes).sum()
    }

    /// How many checkpoints this branch has, and about how many bytes they take.
    pub fn checkpoints(&self) -> (usize, usize) {
        self.branch.checkpoints.size()
    }

    /// Moves the view to the end of this time: through what is already computed, and beyond the head by computing on. Does at most
    /// this many steps; call again until it is done. Time before the view is no error, and done.
    pub fn advance_to(&mut self, to: SimTime, max_steps: u64) -> Progress {
        self.target = None;
        let mut steps = 0;
        if let Some(view) = &mut self.view {
            let within = to.min(self.branch.head.now());
            while view.steps() < self.branch.head.steps() {
                if steps >= max_steps {
                    return Progress { done: false, steps };
                }
                if self.branch.step_copy(view, within).is_none() {
                    break;
                }
                steps += 1;
            }
            if view.steps() < self.branch.head.steps() {
                view.pass_time(to);
                return Progress { done: true, steps };
            }
            if to < self.branch.head.now() {
                view.pass_time(to);
                return Progress { done: true, steps };
            }
            self.view = None;
        }
        let head = self.advance_head(to, max_steps - steps);
        Progress { done: head.done, steps: steps + head.steps }
    }

    /// Computes the head on to the end of this time, and leaves the view where it is, unless that is the head. Does at most this many
    /// steps; call again until it is done.
    pub fn advance_head(&mut self, to: SimTime, max_steps: u64) -> Progress {
        for steps in 0..max_steps {
            if self.branch.step_head(to).is_none() {
                self.branch.head.pass_time(to);
                return Progress { done: true, steps };
            }
        }
        Progress { done: false, steps: max_steps }
    }

    /// Moves the view to a moment; one after the head is the head. Does a slice of the work at most: where that was not all,
    /// [`Run::go_on`] continues, and the view is on its way there.
    pub fn seek(&mut self, to: Moment) -> Progress {
        let head = &self.branch.head;
        let beyond = match to.at.cmp(&head.now()) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => to.ordinal >= head.ordinal() && to.ordinal > 0,
            std::cmp::Ordering::Greater => true,
        };
        if beyond {
            return self.go_to_head();
        }
        self.head_for(Target::Moment(to))
    }

    /// Moves the view to where the event with this number has just happened, with all that the same step of the world did.
    pub fn seek_event(&mut self, seq: u32) -> Progress {
        match self.branch.ends.from(seq.saturating_add(1)) {
            Some(events) if events < self.branch.head.events() => self.head_for(Target::Events(events)),
            _ => self.go_to_head(),
        }
    }

    /// Moves the view to the head.
    pub fn go_to_head(&mut self) -> Progress {
        self.view = None;
        self.target = None;
        Progress { done: true, steps: 0 }
    }

    /// Moves the view past the next step that noted an event; at the head, computes it.
    pub fn step_forward(&mut self) -> Progress {
        let visible = self.visible();
        if self.view.is_some() {
            return match self.branch.ends.from(visible + 1) {
                Some(events) if events < self.branch.head.events() => self.head_for(Target::Events(events)),
                _ => self.go_to_head(),
            };
        }
        self.target = None;
        let mut steps = 0;
        while steps < SILENT_STEPS_MAX && self.branch.head.events() == visible {
            if self.branch.step_head(SimTime::END).is_none() {
                return Progress { done: true, steps };
            }
            steps += 1;
        }
        Progress { done: self.branch.head.events() > visible, steps }
    }

    /// Moves the view to before the last step that noted an event.
    pub fn step_back(&mut self) -> Progress {
        let events = self.branch.ends.before(self.visible());
        self.head_for(Target::Events(events))
    }

    /// Goes on with what [`Run::seek`] or a step began, at most this many steps.
    pub fn go_on(&mut self, max_steps: u64) -> Progress {
        let (Some(target), Some(view)) = (self.target, &mut self.view) else {
            return Progress { done: true, steps: 0 };
        };
        let mut steps = 0;
        loop {
            let (due, reached) = match target {
                Target::Events(events) => (SimTime::END, view.events() >= events),
                Target::Moment(to) => {
                    let ordinal = if view.now() == to.at { view.ordinal() } else { 0 };
                    (to.at, ordinal >= to.ordinal || view.now() > to.at)
                }
            };
            // Nothing before the moment may be left out, whatever the ordinal.
            let early = match target {
                Target::Moment(to) => self.branch.next_due(view).is_some_and(|due| due < to.at),
                Target::Events(_) => false,
            };
            if (reached && !early) || view.steps() >= self.branch.head.steps() {
                break;
            }
            if steps >= max_steps {
                return Progress { done: false, steps };
            }
            if self.branch.step_copy(view, due).is_none() {
                break;
            }
            steps += 1;
            self.branch.checkpoints.offer(view, self.branch.head.steps());
        }
        if let Target::Moment(to) = target {
            view.pass_time(to.at);
        }
        self.target = None;
        Progress { done: true, steps }
    }

    /// Sets the view on its way, from the nearest place before the target.
    fn head_for(&mut self, target: Target) -> Progress {
        if !self.branch.rewinds {
            return self.go_to_head();
        }
        let before = |world: &World| match target {
            Target::Events(events) => world.events() < events,
            Target::Moment(to) => {
                world.now() < to.at || (world.now() == to.at && world.ordinal() < to.ordinal)
            }
        };
        let checkpoint = self.branch.checkpoints.last_where(before);
        let nearer = self.view.as_ref().is_some_and(|view| {
            before(view) && checkpoint.is_none_or(|checkpoint| checkpoint.steps() <= view.steps())
        });
        if !nearer {
            let Some(checkpoint) = checkpoint else { return Progress { done: true, steps: 0 } };
            self.view = Some(Box::new(World::clone(checkpoint)));
        }
        self.target = Some(target);
        self.go_on(SLICE_STEPS)
    }

    /// Does something at the view: at the head in this branch, before it in a new one. A new branch closes the sockets of live
    /// clients with 1012.
    ///
    /// # Errors
    /// Where the input speaks of a part that there is not, or the run takes no more.
    pub fn input(&mut self, input: Input) -> Result<(), String> {
        self.do_now(input, false)
    }

    /// Does something more in one with what was done last: both are undone together.
    ///
    /// # Errors
    /// As [`Run::input`].
    pub fn input_along(&mut self, input: Input) -> Result<(), String> {
        self.do_now(input, true)
    }

    fn do_now(&mut self, input: Input, along: bool) -> Result<(), String> {
        self.world().check(&input)?;
        self.target = None;
        if let Some(world) = self.view.take() {
            let id = self.next_branch;
            self.next_branch += 1;
            let branch = self.branch.leave_at(*world, id);
            self.change_to(branch)?;
        }
        self.branch.undone.clear();
        self.branch.input(input, along)
    }

    /// Does something at the head, wherever the view is: what live clients do.
    ///
    /// # Errors
    /// As [`Run::input`].
    pub fn input_at_head(&mut self, input: Input) -> Result<(), String> {
        self.branch.head.check(&input)?;
        self.branch.undone.clear();
        self.branch.input(input, false)
    }

    /// What was done that this event tells of: the number of its entry in the journal. Steps of the scenario are none.
    pub fn entry_of(&self, seq: u32) -> Option<usize> {
        self.branch.entry_of(seq)
    }

    /// The number of the first computed event after the view that is wanted.
    pub fn next_where(&self, wanted: &dyn Fn(&EventRef<'_>) -> bool) -> Option<u32> {
        self.trace().range(self.visible()..u32::MAX).find(wanted).map(|event| event.seq())
    }

    /// The number of the last event before the view that is wanted and belongs to an earlier step than the view does.
    pub fn last_where(&self, wanted: &dyn Fn(&EventRef<'_>) -> bool) -> Option<u32> {
        let mut end = self.branch.ends.before(self.visible());
        while end > 0 {
            let start = end.saturating_sub(LOOK_EVENTS);
            if let Some(event) = self.trace().range(start..end).filter(wanted).last() {
                return Some(event.seq());
            }
            end = start;
        }
        None
    }

    /// Takes what the live clients are to be told, in order: the number of each and what.
    pub fn take_live_outputs(&mut self) -> Vec<(u32, LiveOutput)> {
        let mut outputs = std::mem::take(&mut self.outputs);
        outputs.append(&mut self.branch.head.live_outputs);
        outputs
    }

    /// Computes events again that the trace does not hold, because of its level or its bounds: those with these numbers, at this
    /// level. `None` where that takes more than this many steps, or the run does not rewind.
    pub fn recompute(&self, seqs: Range<u32>, level: Level, max_steps: u64) -> Option<Trace> {
        if !self.branch.rewinds {
            return None;
        }
        let mut trace = self.branch.trace.empty_like(level, seqs.start);
        let start = self.branch.checkpoints.last_where(|world| world.events() <= seqs.start)?;
        let mut world = World::clone(start);
        let end = seqs.end.min(self.branch.head.events());
        for _ in 0..max_steps {
            if world.events() >= end || self.branch.step_copy_into(&mut world, &mut trace).is_none() {
                trace.truncate(end);
                return Some(trace);
            }
        }
        None
    }
}
