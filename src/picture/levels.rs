//! A number over time.

use super::glance::Glance;
use crate::time::SimTime;
use std::ops::Deref;

/// A number that changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Level {
    /// The event that changed it.
    pub seq: u32,
    /// When.
    pub at: SimTime,
    /// Its value from then on.
    pub value: u32,
}

/// Its values in order, from nought on.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    steps: Vec<Level>,
    most: u32,
}

impl Levels {
    /// The greatest value that it ever had.
    pub fn most(&self) -> u32 {
        self.most
    }

    /// Adds a step, where it changes.
    pub(super) fn step(&mut self, event: &Glance<'_>, next: impl FnOnce(u32) -> u32) {
        let before = self.steps.last().map_or(0, |level| level.value);
        let value = next(before);
        if value != before {
            self.most = self.most.max(value);
            self.steps.push(Level { seq: event.seq, at: event.at, value });
        }
    }
}

impl Deref for Levels {
    type Target = [Level];

    fn deref(&self) -> &[Level] {
        &self.steps
    }
}
