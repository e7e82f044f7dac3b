//! The metrics: how often each thing was done, and what came of it [aws.metric.names].

use super::{OPERATIONS, OUTCOMES, Operation, Outcome, Reader};
use crate::trace::{EventRef, Trace};
use std::fmt;

/// The counters of a run so far.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    reader: Reader,
    counts: [[u64; OUTCOMES.len()]; OPERATIONS.len()],
}

impl Metrics {
    /// Those of the events below this number.
    pub fn of(trace: &Trace, end: u32) -> Self {
        let mut metrics = Self::default();
        trace.range(0..end).for_each(|event| metrics.take(&event));
        metrics
    }

    /// Takes the next event of the trace.
    pub fn take(&mut self, event: &EventRef<'_>) {
        for (operation, outcome) in self.reader.take(event).into_iter().flatten() {
            // [aws.http.metric]
            if operation == Operation::HttpPublishIn
                && matches!(outcome, Outcome::AuthError | Outcome::Throttle)
            {
                continue;
            }
            self.counts[operation as usize][outcome as usize] += 1;
        }
    }

    /// The metrics that are not zero, by their names, such as `PublishIn.Throttle`.
    pub fn iter(&self) -> impl Iterator<Item = (String, u64)> + '_ {
        let named = OPERATIONS.iter().zip(&self.counts).filter(|((_, name, _), _)| !name.is_empty());
        named.flat_map(|((operation, name, _), counts)| {
            let counted = OUTCOMES.iter().zip(counts).filter(|(_, count)| **count > 0);
            counted.map(move |(outcome, count)| {
                let dot = if outcome.is_empty() { "" } else { "." };
                let dimension = if operation.is_http() { " Protocol=HTTP" } else { "" };
                (format!("{name}{dot}{outcome}{dimension}"), *count)
            })
        })
    }
}

/// A line for each metric.
impl fmt::Display for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|(name, count)| writeln!(f, "{name:24} {count:>9}"))
    }
}
