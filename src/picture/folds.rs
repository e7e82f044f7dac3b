//! Stretches in which nothing happens but keep alive, and which of them are drawn as narrow gaps.

use super::glance::Glance;
use crate::time::SimTime;
use crate::wire::PacketType;
use std::rc::Rc;

/// A shorter stretch is never folded, in microseconds.
const LEAST_US: u64 = 60_000_000;
/// Nor is what is still to come where it is shorter than this, in microseconds: there something may happen.
const LEAST_TO_COME_US: u64 = 600_000_000;
/// Nor is one that is less than this part of the run.
const PART: u64 = 20;
/// How much of a stretch stays open at each side: this part of it, and at most so much, in microseconds.
const OPEN_PART: u64 = 20;
const OPEN_US: u64 = 1_000_000;

/// The stretches between one event and the next that are long enough to be folded.
#[derive(Clone, Debug, Default)]
pub struct Idle {
    stretches: Vec<(SimTime, SimTime)>,
    last: SimTime,
}

impl Idle {
    /// Takes the next event. Keep alive goes on where nothing happens.
    pub fn take(&mut self, event: &Glance<'_>) {
        if !matches!(event.packet, Some(PacketType::Pingreq | PacketType::Pingresp)) {
            self.happens(event.at);
        }
    }

    /// Takes the time at which something happens.
    pub(super) fn happens(&mut self, at: SimTime) {
        if at.since(self.last).0 >= LEAST_US {
            self.stretches.push((self.last, at));
        }
        self.last = at;
    }

    /// Those that are folded in a run that ends here, but for those that begin at one of `open`.
    pub fn folds(&self, end: SimTime, open: &[SimTime]) -> Folds {
        let least = LEAST_US.max(end.0 / PART);
        let rest = (self.last, end.max(self.last));
        let mut hidden = 0;
        let mut folds = Vec::new();
        let stretches = self.stretches.iter().map(|stretch| (stretch, least));
        for (&(begins, ends), least) in stretches.chain([(&rest, least.max(LEAST_TO_COME_US))]) {
            let length = ends.since(begins).0;
            if length < least || open.contains(&begins) {
                continue;
            }
            let margin = (length / OPEN_PART).min(OPEN_US);
            let (from, to) = (SimTime(begins.0 + margin), SimTime(ends.0 - margin));
            folds.push(Fold { begins, from, to, hidden });
            hidden += to.since(from).0;
        }
        Folds(if folds.is_empty() { None } else { Some(folds.into()) })
    }
}

/// One stretch that is drawn as a gap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fold {
    /// When nothing happened any more: it is known by that.
    pub begins: SimTime,
    /// Where the gap begins.
    pub from: SimTime,
    /// Where it ends.
    pub to: SimTime,
    /// How much time the gaps before it hide, in microseconds.
    hidden: u64,
}

/// The gaps, in order.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Folds(Option<Rc<[Fold]>>);

impl Folds {
    /// Each of them.
    pub fn as_slice(&self) -> &[Fold] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether a moment lies in a gap.
    pub(super) fn hides(&self, at: SimTime) -> bool {
        let folds = self.as_slice();
        let begun = folds.partition_point(|fold| fold.from < at);
        begun.checked_sub(1).is_some_and(|last| at < folds[last].to)
    }

    /// What is between the epoch and a moment: time that is drawn, in microseconds, and gaps with the part of the one that it is in.
    pub(super) fn before(&self, at: SimTime) -> (u64, f64) {
        let folds = self.as_slice();
        let begun = folds.partition_point(|fold| fold.from < at);
        let Some(last) = begun.checked_sub(1).map(|last| &folds[last]) else { return (at.0, 0.0) };
        let whole = last.to.since(last.from).0;
        let gone = at.since(last.from).0.min(whole);
        let gaps = (begun - 1) as f64 + gone as f64 / whole as f64;
        (at.0 - last.hidden - gone, gaps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: u64 = 1_000_000;
    const DAY: u64 = 86_400 * S;

    fn idle(seconds: &[u64]) -> Idle {
        let mut idle = Idle::default();
        seconds.iter().for_each(|s| idle.happens(SimTime(s * S)));
        idle
    }

    fn lengths(folds: &Folds) -> Vec<(u64, u64)> {
        folds.as_slice().iter().map(|fold| (fold.from.0 / S, fold.to.0 / S)).collect()
    }

    #[test]
    fn what_is_long_beside_the_run_is_folded() {
        let week = idle(&[1, 5, 20, 7 * 86_400]);
        assert_eq!(lengths(&week.folds(SimTime(7 * DAY + 10 * S), &[])), [(21, 7 * 86_400 - 1)]);
        assert_eq!(lengths(&idle(&[1, 5, 50]).folds(SimTime(60 * S), &[])), [], "a lesson has pauses");
        assert_eq!(lengths(&idle(&[1, 5]).folds(SimTime(90 * S), &[])), [], "and has more to come");
        // What is still to come is one stretch.
        assert_eq!(lengths(&idle(&[1, 5]).folds(SimTime(1_000 * S), &[])), [(6, 999)]);
        // A minute of an hour is seen well enough.
        assert_eq!(
            lengths(&idle(&[1, 62, 1_000, 3_599]).folds(SimTime(3_600 * S), &[])),
            [(63, 999), (1_001, 3_598)]
        );
    }

    #[test]
    fn one_that_was_opened_stays_open() {
        let run = idle(&[1, 1_000, 2_000]);
        let folds = run.folds(SimTime(2_000 * S), &[]);
        assert_eq!(folds.as_slice().len(), 2);
        let open = run.folds(SimTime(2_000 * S), &[folds.as_slice()[0].begins]);
        assert_eq!(lengths(&open), [(1_001, 1_999)]);
    }

    #[test]
    fn time_before_a_moment_is_drawn_or_in_a_gap() {
        let folds = idle(&[1, 1_001, 1_005]).folds(SimTime(1_005 * S), &[]);
        assert_eq!(folds.before(SimTime(S)), (S, 0.0));
        assert_eq!(folds.before(SimTime(2 * S)), (2 * S, 0.0));
        assert_eq!(folds.before(SimTime(501 * S)), (2 * S, 0.5));
        assert_eq!(folds.before(SimTime(1_000 * S)), (2 * S, 1.0));
        assert_eq!(folds.before(SimTime(1_005 * S)), (7 * S, 1.0));
    }
}
