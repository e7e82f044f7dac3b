//! Events that the trace let go and that were computed again, since somebody looks at them.

use crate::sim::Run;
use crate::trace::{Level, Trace};
use std::cell::{Cell, Ref, RefCell};
use std::ops::{Deref, Range};

/// How many events are computed again at once, and the most steps of the world that this may take.
const EVENTS: u32 = 1_024;
const STEPS: u64 = 20_000;

/// The part of the past that was looked at last.
#[derive(Default)]
pub(super) struct Recalled {
    trace: RefCell<Option<Trace>>,
    /// Which part that is, also where it would have taken too much.
    part: Cell<(u32, u32)>,
}

/// The run's trace or a part of it that was computed again.
pub(crate) enum TraceWith<'a> {
    /// The run's.
    Own(&'a Trace),
    /// The other.
    Recalled(Ref<'a, Option<Trace>>),
}

impl TraceWith<'_> {
    /// The event with this number.
    pub(crate) fn get(&self, seq: u32) -> Option<crate::trace::EventRef<'_>> {
        match self {
            Self::Own(trace) => trace.get(seq),
            Self::Recalled(trace) => trace.deref().as_ref()?.get(seq),
        }
    }

    /// The trace; the run's own stands for one that could not be computed again.
    pub(crate) fn or<'a>(&'a self, own: &'a Trace) -> &'a Trace {
        match self {
            Self::Own(trace) => trace,
            Self::Recalled(trace) => trace.deref().as_ref().unwrap_or(own),
        }
    }
}

impl Recalled {
    /// The part with this event, computed again unless it was just now.
    pub(super) fn with(&self, run: &Run, seq: u32) -> Ref<'_, Option<Trace>> {
        let (from, to) = self.part.get();
        if !(from..to).contains(&seq) {
            // What a look still holds stays as it is.
            if let Ok(mut trace) = self.trace.try_borrow_mut() {
                let part = part_around(seq, run.trace().first_seq());
                self.part.set((part.start, part.end));
                *trace = run.recompute(part, Level::Full, STEPS);
            }
        }
        self.trace.borrow()
    }
}

/// Some events around one, none of which the trace holds.
fn part_around(seq: u32, first_held: u32) -> Range<u32> {
    let from = seq.saturating_sub(EVENTS / 2);
    from..(from + EVENTS).min(first_held).max(seq + 1)
}
