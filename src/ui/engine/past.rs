//! Undo and redo: of what was done by hand in the run, and then of its opening in place of another one.

use super::Engine;
use crate::scenario::{Mark, Marker, Scenario};
use crate::sim::{Deed, Run};

/// How many runs that were left are kept, and about how many bytes they may take together.
const HELD_MAX: usize = 6;
const HELD_MAX_BYTES: usize = 128 << 20;

/// A run that was left for another one, as it was.
pub(super) struct Held {
    run: Run,
    scenario: Scenario,
    lesson: Option<String>,
    profile: String,
    marks: Vec<Mark>,
    markers: Vec<Marker>,
}

/// What was undone or redone.
pub(crate) enum Done {
    /// Something that was done in the run.
    Deed(Deed),
    /// The opening of a run: the markers of the one that is there now.
    Opening(Vec<Marker>),
}

impl Engine {
    /// Keeps the run that was there before, with its markers, for undoing.
    pub(super) fn hold(&mut self, held: Held) {
        self.past.push(held);
        self.future.clear();
        let bytes = |past: &[Held]| past.iter().map(|held| held.run.size_bytes()).sum::<usize>();
        while self.past.len() > HELD_MAX || (self.past.len() > 1 && bytes(&self.past) > HELD_MAX_BYTES) {
            self.past.remove(0);
        }
    }

    /// Puts a run in the place of the present one, which it gives with these markers.
    pub(super) fn exchange(&mut self, other: Held, markers: Vec<Marker>) -> Held {
        let Held { run, scenario, lesson, profile, marks, .. } = other;
        if let Some(bridge) = &self.bridge {
            bridge.close_all();
        }
        let mut left = std::mem::replace(&mut *self.run.borrow_mut(), run);
        // They were told just now; the run that they leave knows it too.
        let _ = left.leave_live();
        Held {
            run: left,
            scenario: std::mem::replace(&mut self.scenario, scenario),
            lesson: std::mem::replace(&mut self.lesson, lesson),
            profile: std::mem::replace(&mut self.profile, profile),
            marks: std::mem::replace(&mut self.marks, marks),
            markers,
        }
    }

    /// What undoing would undo in the run; the title of the run that it would open again.
    pub(crate) fn to_undo(&self) -> Option<Result<Deed, &str>> {
        let deed = self.run().last_done().map(Ok);
        deed.or_else(|| self.past.last().map(|held| Err(held.scenario.title.as_str())))
    }

    /// The same for redoing.
    pub(crate) fn to_redo(&self) -> Option<Result<Deed, &str>> {
        let deed = self.run().last_undone().map(Ok);
        deed.or_else(|| self.future.last().map(|held| Err(held.scenario.title.as_str())))
    }

    /// How many openings were undone that can be redone.
    pub(crate) const fn openings_undone(&self) -> usize {
        self.future.len()
    }

    /// Undoes the last thing that was done by hand in this branch; without one, the opening of the run.
    ///
    /// # Errors
    /// Where there is nothing to undo.
    pub(crate) fn undo(&mut self, markers: Vec<Marker>) -> Result<Done, String> {
        self.again(Run::undo, markers, |engine| (&mut engine.past, &mut engine.future), false)
    }

    /// Does again what was undone last.
    ///
    /// # Errors
    /// Where there is nothing to redo.
    pub(crate) fn redo(&mut self, markers: Vec<Marker>) -> Result<Done, String> {
        self.again(Run::redo, markers, |engine| (&mut engine.future, &mut engine.past), true)
    }

    fn again(
        &mut self,
        change: fn(&mut Run) -> Result<Deed, String>,
        markers: Vec<Marker>,
        runs: fn(&mut Self) -> (&mut Vec<Held>, &mut Vec<Held>),
        shows: bool,
    ) -> Result<Done, String> {
        let view = self.view().at;
        let done = change(&mut self.run.borrow_mut());
        let why = match done {
            Ok(deed) => {
                self.expected = None;
                self.start_again();
                // Later than the deed, one sees what has become of the same moment.
                if view > deed.at || (deed.branches && !shows) {
                    self.go_to(view);
                }
                return Ok(Done::Deed(deed));
            }
            Err(why) => why,
        };
        let Some(held) = runs(self).0.pop() else { return Err(why) };
        let opened = held.markers.clone();
        let left = self.exchange(held, markers);
        runs(self).1.push(left);
        self.expected = None;
        self.start_again();
        Ok(Done::Opening(opened))
    }
}

impl Held {
    /// A run that was never shown, for [`Engine::exchange`].
    pub(super) fn new(
        run: Run,
        scenario: Scenario,
        lesson: Option<String>,
        profile: String,
        marks: Vec<Mark>,
    ) -> Self {
        Self { run, scenario, lesson, profile, marks, markers: Vec::new() }
    }
}
