//! The branches of a run: going from one to another, what they are called, and giving them up.

use super::branch::Branch;
use super::run::Run;
use super::{BranchInfo, Journal, Moment, Progress, Setup};
use crate::time::SimTime;
use crate::trace::Trace;

/// How many branches are kept, the current one included. Of more, the one that was left first is given up.
pub const BRANCHES_MAX: usize = 8;
/// About how many bytes all branches but the current one may take; the one that was left last is kept in any case.
pub const BRANCHES_MAX_BYTES: usize = 256 << 20;
/// The longest name of a branch, in characters.
pub const BRANCH_NAME_MAX: usize = 80;

/// A branch without what was computed of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SavedBranch {
    /// Its number.
    pub id: u32,
    /// What it is called; empty where it has no name.
    pub name: String,
    /// The number of the branch that it left, and where.
    pub from: Option<(u32, Moment)>,
    /// How many steps it has in common with that one.
    pub from_steps: u64,
    /// What was done to it; of the current branch nothing here, since it stands beside the branches.
    pub journal: Journal,
}

/// What was done to a run, in all its branches.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Branches {
    /// What was done to the current one.
    pub journal: Journal,
    /// All of them in the order in which they were left, the current one last; none where there is only one.
    pub all: Vec<SavedBranch>,
}

impl Branches {
    /// Whether these can be the branches of a run.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self) -> Result<(), String> {
        if self.all.len() > BRANCHES_MAX {
            return Err(format!("a run keeps at most {BRANCHES_MAX} branches, not {}", self.all.len()));
        }
        let twice = |(at, one): (usize, &SavedBranch)| self.all[..at].iter().any(|other| other.id == one.id);
        match self.all.iter().enumerate().find(|one| twice(*one)) {
            Some((_, one)) => Err(format!("there are two branches with the number {}", one.id)),
            None => Ok(()),
        }
    }
}

impl Branch {
    fn saved(&self, journal: Journal) -> SavedBranch {
        let (id, name, from, from_steps) = (self.id, self.name.clone(), self.from, self.from_steps);
        SavedBranch { id, name, from, from_steps, journal }
    }

    fn take(&mut self, saved: SavedBranch) {
        (self.id, self.from, self.from_steps) = (saved.id, saved.from, saved.from_steps);
        self.name = saved.name.chars().take(BRANCH_NAME_MAX).collect();
    }
}

impl Run {
    /// A run with all its branches, of which nothing was computed yet.
    ///
    /// # Errors
    /// Where two clients have the same name, or these cannot be the branches of a run.
    pub fn replay_all(setup: &Setup, branches: Branches) -> Result<Self, String> {
        branches.check()?;
        let mut run = Self::replay(setup, branches.journal)?;
        let mut all = branches.all;
        run.next_branch = all.iter().map(|one| one.id).max().map_or(1, |id| id.saturating_add(1));
        if let Some(current) = all.pop() {
            run.branch.take(current);
        }
        for mut one in all {
            let mut branch = Branch::new(setup, std::mem::take(&mut one.journal))?;
            branch.take(one);
            run.others.push(branch);
        }
        Ok(run)
    }

    /// What was done to the run in all its branches, for links and files.
    pub fn saved(&self) -> Branches {
        let others = self.others.iter().map(|branch| branch.saved(branch.journal.clone()));
        let current = (!self.others.is_empty()).then(|| self.branch.saved(Journal::default()));
        Branches { journal: self.journal().clone(), all: others.chain(current).collect() }
    }

    /// The branches, the current one first.
    pub fn branches(&self) -> Vec<BranchInfo> {
        [&self.branch].into_iter().chain(self.others.iter().rev()).map(Branch::info).collect()
    }

    fn branch(&self, id: u32) -> Option<&Branch> {
        [&self.branch].into_iter().chain(&self.others).find(|branch| branch.id == id)
    }

    /// The events of a branch up to its head.
    pub fn branch_trace(&self, id: u32) -> Option<&Trace> {
        self.branch(id).map(|branch| &branch.trace)
    }

    /// What was done to a branch.
    pub fn branch_journal(&self, id: u32) -> Option<&Journal> {
        self.branch(id).map(|branch| &branch.journal)
    }

    /// [`Run::entry_of`] in a branch.
    pub fn branch_entry_of(&self, id: u32, seq: u32) -> Option<usize> {
        self.branch(id)?.entry_of(seq)
    }

    /// Computes another branch on to the end of this time, as [`Run::advance_head`] does the current one.
    pub fn advance_other(&mut self, id: u32, to: SimTime, max_steps: u64) -> Progress {
        let Some(branch) = self.others.iter_mut().find(|branch| branch.id == id) else {
            return Progress { done: true, steps: 0 };
        };
        for steps in 0..max_steps {
            if branch.step_head(to).is_none() {
                branch.head.pass_time(to);
                return Progress { done: true, steps };
            }
        }
        Progress { done: false, steps: max_steps }
    }

    /// Calls a branch by another name. Of a long one only the beginning is taken, and nothing of an empty one.
    pub fn name_branch(&mut self, id: u32, name: &str) {
        let name: String = name.trim().chars().take(BRANCH_NAME_MAX).collect();
        let mut all = [&mut self.branch].into_iter().chain(&mut self.others);
        if let Some(branch) = all.find(|branch| branch.id == id && !name.is_empty()) {
            branch.name = name;
        }
    }

    /// Goes to another branch, to its head. Live clients of this one are closed with 1012.
    ///
    /// # Errors
    /// Where there is no branch of this number.
    pub fn switch(&mut self, branch: u32) -> Result<(), String> {
        if branch == self.branch.id {
            return Ok(());
        }
        let at = self.others.iter().position(|other| other.id == branch);
        let Some(at) = at else { return Err(format!("there is no branch {branch}")) };
        let branch = self.others.remove(at);
        self.view = None;
        self.target = None;
        self.change_to(branch)
    }

    pub(super) fn change_to(&mut self, branch: Branch) -> Result<(), String> {
        let mut left = std::mem::replace(&mut self.branch, branch);
        self.outputs.append(&mut left.farewells());
        self.others.push(left);
        let bytes = |others: &[Branch]| others.iter().map(Branch::size_bytes).sum::<usize>();
        while self.others.len() >= BRANCHES_MAX
            || (self.others.len() > 1 && bytes(&self.others) > BRANCHES_MAX_BYTES)
        {
            self.gone = Some(self.others.remove(0));
        }
        self.branch.leave_live_behind()
    }

    /// Gives up a branch. The current one is left first, for the one that it left, or else for the one that was left last.
    ///
    /// # Errors
    /// Where it is the only one, or there is none of this number.
    pub fn throw_away(&mut self, id: u32) -> Result<(), String> {
        if id == self.branch.id {
            let origin = self.branch.from.map(|(origin, _)| origin);
            let found = self.others.iter().find(|other| Some(other.id) == origin).or(self.others.last());
            let to = found.map(|other| other.id).ok_or("the only branch cannot be thrown away")?;
            self.switch(to)?;
        }
        let at = self.others.iter().position(|other| other.id == id);
        let at = at.ok_or_else(|| format!("there is no branch {id}"))?;
        self.gone = Some(self.others.remove(at));
        Ok(())
    }

    /// The branch that was given up last: by hand, or since there were too many.
    pub fn gone(&self) -> Option<BranchInfo> {
        self.gone.as_ref().map(Branch::info)
    }

    /// Brings back the branch that was given up last. Where there are too many, the one that was left first goes in its place.
    pub fn bring_back(&mut self) {
        let Some(branch) = self.gone.take() else { return };
        if self.others.len() + 1 >= BRANCHES_MAX {
            self.gone = Some(self.others.remove(0));
        }
        self.others.push(branch);
    }
}
