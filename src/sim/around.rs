//! One step of a run, looked at from before and from after it.

use super::Run;
use super::world::World;
use std::ops::Range;

/// A copy of the world on its way to a step and past it. The run itself stays as it is.
#[derive(Debug)]
pub struct Around {
    world: Box<World>,
    step: Range<u32>,
}

impl Around {
    /// The events of the step.
    pub fn step(&self) -> Range<u32> {
        self.step.clone()
    }

    /// The world where the copy is.
    pub fn world(&self) -> &World {
        &self.world
    }
}

impl Run {
    /// The events of the step of the world that noted this one: what happened at once. `None` where it has not happened, or the run
    /// does not rewind.
    pub fn step_of(&self, seq: u32) -> Option<Range<u32>> {
        let after = self.branch.ends.from(seq.checked_add(1)?)?;
        Some(self.branch.ends.before(after)..after)
    }

    /// Begins a look at the step that noted this event, from the nearest copy of the world before it.
    pub fn around(&self, seq: u32) -> Option<Around> {
        let step = self.step_of(seq)?;
        let copy = self.branch.checkpoints.last_where(|world| world.events() <= step.start)?;
        Some(Around { world: Box::new(World::clone(copy)), step })
    }

    /// Computes the copy on until there were this many events, with at most so many steps. Says whether it is there.
    pub fn approach(&self, around: &mut Around, events: u32, max_steps: u64) -> bool {
        for _ in 0..max_steps {
            if around.world.events() >= events {
                return true;
            }
            if self.branch.step_copy(&mut around.world, crate::time::SimTime::END).is_none() {
                return true;
            }
        }
        around.world.events() >= events
    }
}
