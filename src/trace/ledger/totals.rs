//! How many messages of each promise met each fate.

use super::{Fate, Line};
use std::fmt;

/// What the QoS levels promise, in MQTT's words.
const PROMISES: [&str; 3] = ["at most once", "at least once", "exactly once"];

/// The sums of a ledger's lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Totals([[u32; 3]; Fate::ALL.len()]);

impl Totals {
    /// How many lines of this QoS met this fate.
    pub fn of(&self, fate: Fate, qos: u8) -> u32 {
        self.0[fate as usize][usize::from(qos.min(2))]
    }
}

impl Line {
    /// What its QoS promises, in MQTT's words.
    pub fn promise(&self) -> &'static str {
        PROMISES[usize::from(self.qos.min(2))]
    }
}

impl FromIterator<Line> for Totals {
    fn from_iter<I: IntoIterator<Item = Line>>(lines: I) -> Self {
        let mut totals = Self::default();
        for line in lines {
            totals.0[line.fate as usize][usize::from(line.qos.min(2))] += 1;
        }
        totals
    }
}

/// A table of plain text: a row for each fate that was met.
impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:15}", "fate")?;
        PROMISES.iter().try_for_each(|promise| write!(f, " {promise:>13}"))?;
        writeln!(f)?;
        for (fate, counts) in
            Fate::ALL.iter().zip(&self.0).filter(|(_, counts)| counts.iter().any(|n| *n > 0))
        {
            write!(f, "{:15}", fate.name())?;
            counts.iter().try_for_each(|count| write!(f, " {count:>13}"))?;
            writeln!(f)?;
        }
        Ok(())
    }
}
