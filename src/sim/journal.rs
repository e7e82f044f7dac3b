//! What was done to a run while it ran.

use super::Input;
use crate::time::SimTime;
use std::ops::Range;

/// One thing that was done, and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// After how many steps of the world and inputs together.
    pub steps: u64,
    /// At which time.
    pub at: SimTime,
    /// What.
    pub input: Input,
    /// Whether it was done in one with the entry before: a client that is added and connects is one deed.
    pub along: bool,
}

/// All that was done, in order. With the setup, it makes the run again.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Journal {
    entries: Vec<Entry>,
}

/// The most inputs that a run takes.
const MAX_INPUTS: usize = 1 << 24;

impl Journal {
    /// A journal of these entries.
    ///
    /// # Errors
    /// Where they are not in order.
    pub fn new(entries: Vec<Entry>) -> Result<Self, String> {
        let ordered = |pair: &[Entry]| match pair {
            [a, b] => a.steps < b.steps && a.at <= b.at,
            _ => true,
        };
        if entries.len() > MAX_INPUTS {
            return Err(format!("a journal holds at most {MAX_INPUTS} inputs"));
        }
        if let Some(at) = entries.windows(2).position(|pair| !ordered(pair)) {
            return Err(format!("entry {} of the journal is not after the one before it", at + 1));
        }
        Ok(Self { entries })
    }

    /// The entries, in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Which entries are the last thing that was done by hand. What live clients did is nobody's deed here.
    pub fn last_deed(&self) -> Option<Range<usize>> {
        let last = self.entries.iter().rposition(|entry| entry.input.is_by_hand())?;
        let first = self.entries.iter().take(last + 1).rposition(|entry| !entry.along).unwrap_or(0);
        Some(first..last + 1)
    }

    /// How many entries stand first in both.
    pub fn common(&self, other: &Self) -> usize {
        self.entries.iter().zip(&other.entries).take_while(|(a, b)| a == b).count()
    }

    /// Takes out what was done after this many steps.
    pub(super) fn split_off(&mut self, steps: u64) -> Vec<Entry> {
        self.entries.split_off(self.entries.partition_point(|entry| entry.steps < steps))
    }

    /// Puts back what [`Journal::split_off`] took out.
    pub(super) fn append(&mut self, mut entries: Vec<Entry>) {
        self.entries.append(&mut entries);
    }

    /// What is done after this many steps.
    pub(super) fn after(&self, steps: u64) -> Option<&Entry> {
        // Nearly always one looks at the end, or there is nothing.
        match self.entries.last() {
            None => None,
            Some(last) if last.steps < steps => None,
            Some(last) if last.steps == steps => Some(last),
            Some(_) => {
                let at = self.entries.partition_point(|entry| entry.steps < steps);
                self.entries.get(at).filter(|entry| entry.steps == steps)
            }
        }
    }

    /// Adds what is done now, in place of all that was to come.
    ///
    /// # Errors
    /// Where it is full.
    pub(super) fn push(&mut self, entry: Entry) -> Result<(), String> {
        self.truncate(entry.steps);
        if self.entries.len() >= MAX_INPUTS {
            return Err(format!("a run takes at most {MAX_INPUTS} inputs; start a new one"));
        }
        self.entries.push(entry);
        Ok(())
    }

    /// Forgets what was done after this many steps.
    pub(super) fn truncate(&mut self, steps: u64) {
        let keep = self.entries.partition_point(|entry| entry.steps < steps);
        self.entries.truncate(keep);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(steps: u64, at: u64) -> Entry {
        let input = Input::Mark { title: String::new(), text: String::new() };
        Entry { steps, at: SimTime(at), input, along: false }
    }

    #[test]
    fn entries_are_found_by_their_step() {
        let mut journal = Journal::new(vec![entry(0, 0), entry(3, 7), entry(4, 7)]).unwrap();
        assert_eq!(journal.after(3), Some(&entry(3, 7)));
        assert_eq!(journal.after(4), Some(&entry(4, 7)));
        assert_eq!((journal.after(1), journal.after(5)), (None, None));
        journal.push(entry(3, 9)).unwrap();
        assert_eq!(journal.entries(), [entry(0, 0), entry(3, 9)]);
    }

    #[test]
    fn the_last_deed_is_one_with_what_was_done_along() {
        let live = Input::Live { id: 1, act: crate::sim::LiveAct::Vanish };
        let along = |steps| Entry { along: true, ..entry(steps, 0) };
        let entries = vec![entry(0, 0), entry(1, 0), along(2), Entry { input: live, ..entry(5, 0) }];
        let mut journal = Journal::new(entries).unwrap();
        assert_eq!(journal.last_deed(), Some(1..3));
        assert_eq!(journal.split_off(1).len(), 3);
        assert_eq!(journal.last_deed(), Some(0..1));
        assert_eq!(Journal::default().last_deed(), None);
    }

    #[test]
    fn a_journal_out_of_order_is_refused() {
        assert!(Journal::new(vec![entry(1, 0), entry(1, 0)]).is_err());
        assert!(Journal::new(vec![entry(1, 5), entry(2, 4)]).unwrap_err().contains("entry 1"));
    }
}
