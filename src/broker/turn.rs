//! One input of the broker being worked off: its time, and whoever watches.

use super::{By, Cause, Event, Kind, Observer};
use crate::time::SimTime;

/// What every handler is given.
pub(super) struct Turn<'a, O> {
    pub(super) now: SimTime,
    pub(super) observer: &'a mut O,
}

impl<O: Observer> Turn<'_, O> {
    /// Tells whoever watches, and gives the cause for what follows. Where nobody does, nothing is left of it.
    #[inline(always)]
    pub(super) fn note<'e>(
        &mut self,
        kind: Kind,
        client: &'e str,
        cause: Cause,
        fill: impl FnOnce(&mut Event<'e>),
    ) -> Cause {
        if !O::WATCHES {
            return cause;
        }
        let mut event = Event::new(self.now, kind, By::Broker, client, cause);
        fill(&mut event);
        self.observer.note(event)
    }
}
