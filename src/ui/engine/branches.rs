//! What is done to the run, and the branches that come of it.

use super::Engine;
use crate::sim::{BranchInfo, Input};
use crate::ui::sides::{Against, With};
use crate::ui::text::time as text;

impl Engine {
    /// Has the branch compared with another one.
    ///
    /// # Errors
    /// Why it cannot be, as a sentence.
    pub(crate) fn set_against_branch(&mut self, branch: u32) -> Result<(), String> {
        let origin = self.run().branches().first().map(|branch| branch.id);
        if origin == Some(branch) {
            return Err(text::SAME_BRANCH.to_owned());
        }
        let against = Against::new(&self.scenario, &self.run(), With::Branch(branch))?;
        self.against = Some(against);
        Ok(())
    }

    /// Does things at the view, in one. In the past that begins a branch.
    ///
    /// # Errors
    /// Why one of them cannot be done; those before it are.
    pub(crate) fn input(&mut self, inputs: impl IntoIterator<Item = Input>) -> Result<(), String> {
        let branches = !self.run().is_at_head();
        self.expected = None;
        let mut done = None;
        let mut refused = None;
        let mut run = self.run.borrow_mut();
        for input in inputs {
            let first = done.is_none().then(|| text::deed_at(std::slice::from_ref(&input), run.view().at));
            let one = if done.is_none() { run.input(input) } else { run.input_along(input) };
            if let Err(why) = one {
                refused = Some(why);
                break;
            }
            done = done.or(first);
        }
        if let (true, Some(name)) = (branches, &done)
            && let Some(id) = run.branches().first().map(|branch| branch.id)
        {
            run.name_branch(id, name);
        }
        drop(run);
        if done.is_some() {
            self.future.clear();
        }
        if branches && done.is_some() {
            self.start_again();
        } else {
            self.fold();
        }
        refused.map_or(Ok(()), Err)
    }

    /// Goes to another branch, to where this one left it.
    pub(crate) fn go_to_branch(&mut self, branch: u32) {
        let at = self.run().view();
        if self.run.borrow_mut().switch(branch).is_ok() {
            self.start_again();
            self.go_to_moment(at);
        }
    }

    /// Calls a branch by another name.
    pub(crate) fn name_branch(&mut self, branch: u32, name: &str) {
        self.run.borrow_mut().name_branch(branch, name);
    }

    /// Gives up a branch; the present one is left first.
    ///
    /// # Errors
    /// Where there is no other.
    pub(crate) fn throw_away(&mut self, branch: u32) -> Result<(), String> {
        let (at, here) = (self.run().view(), self.run().branches().first().map(|branch| branch.id));
        let compared = self.against.as_ref().and_then(Against::branch) == Some(branch);
        self.run.borrow_mut().throw_away(branch)?;
        if here == Some(branch) || compared {
            self.start_again();
        }
        if here == Some(branch) {
            self.go_to_moment(at);
        }
        Ok(())
    }

    /// Brings back the branch that was given up last.
    pub(crate) fn bring_back(&mut self) {
        self.run.borrow_mut().bring_back();
    }

    /// The branches, the current one first.
    pub(crate) fn branches(&self) -> Vec<BranchInfo> {
        self.run().branches()
    }
}
