//! The run on the other side: the same scenario and seed under another profile, to which the same things are done.

use crate::sim::{Journal, Progress, Run, Setup};
use crate::time::SimTime;
use crate::trace::Trace;

/// A run that follows another one.
#[derive(Debug)]
pub struct Other {
    run: Run,
    /// How many entries of the other run's journal were done here.
    done: usize,
}

impl Other {
    /// A run at its beginning. It keeps nothing by which one could go back in it.
    ///
    /// # Errors
    /// As [`Run::new`].
    pub fn new(setup: &Setup) -> Result<Self, String> {
        let setup = Setup { rewinds: false, ..setup.clone() };
        Ok(Self { run: Run::new(&setup)?, done: 0 })
    }

    /// Computes it up to the end of this time, with all that the journal says was done until then. Does about so many steps at
    /// most; call again until it is done.
    pub fn advance_to(&mut self, to: SimTime, journal: &Journal, max_steps: u64) -> Progress {
        let mut steps = 0;
        loop {
            let next = journal.entries().get(self.done).filter(|entry| entry.at <= to);
            let until = next.map_or(to, |entry| entry.at);
            let progress = self.run.advance_head(until, max_steps - steps);
            steps += progress.steps;
            // Nobody listens to what its live clients are told.
            self.run.take_live_outputs();
            let Some(entry) = next.filter(|_| progress.done) else {
                return Progress { done: progress.done && next.is_none(), steps };
            };
            // What cannot be done here, since the other broker did otherwise, is left out.
            let _ = self.run.input_at_head(entry.input.clone());
            self.done += 1;
            steps += 1;
            if steps >= max_steps {
                return Progress { done: false, steps };
            }
        }
    }

    /// How far it was computed.
    pub const fn head(&self) -> SimTime {
        self.run.head()
    }

    /// Its events.
    pub const fn trace(&self) -> &Trace {
        self.run.trace()
    }
}
