//! Copies of the world along a run, from which any moment is computed again with little work.

use super::world::World;
use std::sync::Arc;

/// The least work between two copies, in steps. Copying the small world of a lesson costs about as much as these.
const SPACING_STEPS: u64 = 2_048;
/// A copy of a large world waits until this many bytes of it stand against each step.
const BYTES_A_STEP: u64 = 64;

/// A copy of the world.
#[derive(Clone, Debug)]
pub(super) struct Checkpoint {
    pub(super) world: Arc<World>,
    size_bytes: usize,
}

/// The copies of one branch, in the order of their steps. The first is that of the beginning, and stays.
#[derive(Clone, Debug)]
pub(super) struct Checkpoints {
    copies: Vec<Checkpoint>,
    bytes: usize,
    max_bytes: usize,
}

impl Checkpoints {
    pub(super) fn new(beginning: &World, max_bytes: usize) -> Self {
        let mut checkpoints = Self { copies: Vec::new(), bytes: 0, max_bytes };
        checkpoints.keep(0, beginning);
        checkpoints
    }

    /// Keeps a copy of the world if enough work was done since the last one before it. Cheap where it was not.
    pub(super) fn offer(&mut self, world: &World, head_steps: u64) {
        let at = self.copies.partition_point(|copy| copy.world.steps() <= world.steps());
        let Some(before) = at.checked_sub(1).and_then(|before| self.copies.get(before)) else { return };
        let work = world.steps() - before.world.steps();
        if work < SPACING_STEPS || work < before.size_bytes as u64 / BYTES_A_STEP {
            return;
        }
        if self.copies.get(at).is_some_and(|after| after.world.steps() - world.steps() < SPACING_STEPS) {
            return;
        }
        self.keep(at, world);
        while self.bytes > self.max_bytes && self.thin(head_steps) {}
    }

    fn keep(&mut self, at: usize, world: &World) {
        let size_bytes = world.size_bytes();
        let world = Arc::new(world.as_checkpoint());
        self.bytes += size_bytes;
        self.copies.insert(at, Checkpoint { world, size_bytes });
    }

    /// Gives up the copy that is missed least: the gap that it leaves is smallest for its age. Neither the first nor the last.
    fn thin(&mut self, head_steps: u64) -> bool {
        let steps = |at: usize| self.copies.get(at).map_or(0, |copy| copy.world.steps());
        let cost = |at: &usize| {
            let gap = u128::from(steps(at + 1) - steps(at - 1));
            let age = u128::from(head_steps.saturating_sub(steps(*at)) + SPACING_STEPS);
            (gap << 32) / age
        };
        let Some(last) = self.copies.len().checked_sub(1) else { return false };
        let Some(at) = (1..last).min_by_key(cost) else { return false };
        let gone = self.copies.remove(at);
        self.bytes -= gone.size_bytes;
        true
    }

    /// The last copy for which `before` holds; the beginning where it holds for none. `before` must hold for all up to some
    /// copy and for none after it.
    pub(super) fn last_where(&self, before: impl Fn(&World) -> bool) -> Option<&Arc<World>> {
        let at = self.copies.partition_point(|copy| before(&copy.world)).max(1) - 1;
        self.copies.get(at).map(|copy| &copy.world)
    }

    /// Forgets what comes after this many steps.
    pub(super) fn truncate(&mut self, steps: u64) {
        let keep = self.copies.partition_point(|copy| copy.world.steps() <= steps).max(1);
        let gone: usize = self.copies.drain(keep..).map(|copy| copy.size_bytes).sum();
        self.bytes -= gone;
    }

    /// How many there are, and about how many bytes they take.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.copies.len(), self.bytes)
    }
}
