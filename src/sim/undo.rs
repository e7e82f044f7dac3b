//! Undoing and redoing what was done by hand.
//!
//! To undo a deed is to take it out of the journal and to go on from there: the run is as if it had never been done. What live
//! clients did after it cannot stand without it and goes with it, to come back with it; their sockets close with 1012, as in a
//! branch. A deed that began a branch is undone by going back to the branch that was left.

use super::branch::{Branch, Undone};
use super::run::Run;
use super::{Entry, Input};
use crate::time::SimTime;

/// Something that was done by hand, in one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deed {
    /// When.
    pub at: SimTime,
    /// What, in order.
    pub inputs: Vec<Input>,
    /// Whether it led to another branch.
    pub branches: bool,
    /// How many inputs of live clients go and come with it.
    pub live: usize,
}

impl Deed {
    /// The deed that these entries begin with.
    fn of(entries: &[Entry], branches: bool) -> Self {
        let at = entries.first().map_or(SimTime::ZERO, |entry| entry.at);
        let inputs = entries[..length(entries)].iter().map(|entry| entry.input.clone()).collect();
        let live =
            if branches { 0 } else { entries.iter().filter(|entry| !entry.input.is_by_hand()).count() };
        Self { at, inputs, branches, live }
    }
}

/// How many of these entries the deed is that they begin with.
fn length(entries: &[Entry]) -> usize {
    let along = entries.iter().skip(1).take_while(|entry| entry.along && entry.input.is_by_hand());
    (1 + along.count()).min(entries.len())
}

impl Branch {
    /// The last deed, and all that was done after it.
    fn last_done(&self) -> Option<&[Entry]> {
        self.journal.entries().get(self.journal.last_deed()?.start..)
    }

    /// The deed that began this branch, and all that was done after it.
    fn first_done(&self) -> Option<&[Entry]> {
        let entries = self.journal.entries();
        let of_branch = |entry: &Entry| entry.steps >= self.from_steps && entry.input.is_by_hand();
        entries.get(entries.iter().position(of_branch)?..)
    }
}

impl Run {
    /// The branch that undoing leads back to, where the last deed began the present one.
    fn origin(&self, done: &[Entry]) -> Option<u32> {
        let (origin, _) = self.branch.from?;
        let began = self.branch.first_done().and_then(<[Entry]>::first);
        let is_kept = self.others.iter().any(|other| other.id == origin);
        (is_kept && began.map(|entry| entry.steps) == done.first().map(|entry| entry.steps)).then_some(origin)
    }

    /// What [`Run::undo`] would undo.
    pub fn last_done(&self) -> Option<Deed> {
        let done = self.branch.last_done().filter(|_| self.branch.rewinds)?;
        Some(Deed::of(done, self.origin(done).is_some()))
    }

    /// What [`Run::redo`] would do again.
    pub fn last_undone(&self) -> Option<Deed> {
        self.branch.undone.iter().rev().find_map(|undone| match undone {
            Undone::Entries(entries) => Some(Deed::of(entries, false)),
            Undone::Branch(id) => {
                let branch = self.others.iter().find(|other| other.id == *id)?;
                Some(Deed::of(branch.first_done()?, true))
            }
        })
    }

    /// Undoes the last thing that was done by hand in this branch, wherever the view is. A view that lies after it is at the head
    /// then, where it was done; one before it stays.
    ///
    /// # Errors
    /// Where there is nothing to undo.
    pub fn undo(&mut self) -> Result<Deed, String> {
        let nothing = || "nothing was done by hand in this branch".to_owned();
        let done = self.branch.last_done().filter(|_| self.branch.rewinds).ok_or_else(nothing)?;
        let (steps, at) = done.first().map(|entry| (entry.steps, entry.at)).ok_or_else(nothing)?;
        let origin = self.origin(done);
        let deed = Deed::of(done, origin.is_some());
        let undone = match origin {
            Some(origin) => {
                let branch = self.branch.id;
                self.switch(origin)?;
                Undone::Branch(branch)
            }
            None => {
                let had_come = self.stand_at(steps, at)?;
                let entries = self.branch.journal.split_off(steps);
                if had_come {
                    self.branch.leave_live_behind()?;
                }
                Undone::Entries(entries)
            }
        };
        self.branch.undone.push(undone);
        Ok(deed)
    }

    /// Does again what was undone last, at its moment, as long as nothing else was done since. The view is at the head then, unless
    /// that has not come so far.
    ///
    /// # Errors
    /// Where there is nothing to redo.
    pub fn redo(&mut self) -> Result<Deed, String> {
        while let Some(undone) = self.branch.undone.pop() {
            match undone {
                Undone::Entries(entries) => {
                    let Some(first) = entries.first() else { continue };
                    let (steps, at) = (first.steps, first.at);
                    let deed = Deed::of(&entries, false);
                    let has_come = self.stand_at(steps, at)?;
                    self.branch.journal.split_off(steps);
                    let count = length(&entries);
                    self.branch.journal.append(entries);
                    for _ in 0..if has_come { count } else { 0 } {
                        self.branch.step_head(SimTime::END);
                    }
                    return Ok(deed);
                }
                Undone::Branch(id) => {
                    let Some(branch) = self.others.iter().find(|other| other.id == id) else { continue };
                    let deed = branch.first_done().map(|done| Deed::of(done, true));
                    self.switch(id)?;
                    return deed.ok_or_else(|| "the branch is empty".to_owned());
                }
            }
        }
        Err("nothing was undone in this branch, or something else was done since".to_owned())
    }

    /// Takes the head back to where something was done, and says whether it had come so far; the journal stays.
    fn stand_at(&mut self, steps: u64, at: SimTime) -> Result<bool, String> {
        let is_past =
            |steps_then: u64, then: SimTime| steps_then > steps || (steps_then == steps && then >= at);
        if !is_past(self.branch.head.steps(), self.branch.head.now()) {
            return Ok(false);
        }
        let world = self.branch.world_at(steps, at).ok_or("the moment cannot be computed again")?;
        self.outputs.append(&mut self.branch.head.live_outputs);
        let mut closed = self.branch.farewells();
        self.outputs.append(&mut closed);
        self.branch.cut_at(world);
        if self.view.as_ref().is_some_and(|view| is_past(view.steps(), view.now())) {
            self.view = None;
        }
        self.target = None;
        Ok(true)
    }
}
