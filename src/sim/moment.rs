//! Where in a run one can be.

use crate::time::SimTime;

/// A moment: after everything before `at`, and after the first `ordinal` events of that very time (more where one step of the
/// world notes several at once, since a step is never halved).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Moment {
    /// The time.
    pub at: SimTime,
    /// How many of that time's events; [`Moment::ALL`] for all of them.
    pub ordinal: u32,
}

impl Moment {
    /// The ordinal that stands for all events of a time.
    pub const ALL: u32 = u32::MAX;

    /// After everything at or before this time.
    pub const fn after(at: SimTime) -> Self {
        Self { at, ordinal: Self::ALL }
    }
}

/// How far a piece of work has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Whether all that was asked for is done; else ask again.
    pub done: bool,
    /// How many steps of the world were computed.
    pub steps: u64,
}

/// One branch of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BranchInfo {
    /// Its number, from 0 for the run as it began.
    pub id: u32,
    /// What it is called; empty where nobody said.
    pub name: String,
    /// The branch that it left, and when; `None` for the first.
    pub from: Option<(u32, Moment)>,
    /// How far it has been computed.
    pub head: SimTime,
    /// How many events it has.
    pub events: u32,
}
