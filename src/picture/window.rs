//! Which stretch of time is on the screen, and how zooming and panning change it.

use super::folds::Folds;
use crate::time::SimTime;

/// The narrowest window, in microseconds.
const NARROWEST_US: u64 = 20;
/// The widest window: eight days, so that a session of seven fits.
const WIDEST_US: u64 = 8 * 86_400_000_000;

/// How wide the gap of a fold is, in pixels, and how much of the width all of them may take.
const GAP_PX: f64 = 56.0;
const GAPS_PART: f64 = 0.4;
/// The least time beside the gaps when a stretch is shown that is all folded, in microseconds.
const OPEN_US: u64 = 10_000_000;

/// A stretch of time laid over a width in pixels. What is folded in it is a gap of the same width at every zoom.
#[derive(Clone, PartialEq, Debug)]
pub struct Window {
    /// The moment at the left edge.
    pub from: SimTime,
    /// How much time would be in view if nothing were folded, in microseconds; never zero.
    pub length_us: u64,
    /// The width that it is laid over, in pixels.
    pub width: f64,
    /// What is folded.
    pub folds: Folds,
}

impl Window {
    /// The window over `from` to `to`, never narrower nor wider than a window can be.
    pub fn new(from: SimTime, to: SimTime, width: f64) -> Self {
        let length_us = to.since(from).0.clamp(NARROWEST_US, WIDEST_US);
        Self { from, length_us, width: width.max(1.0), folds: Folds::default() }
    }

    /// The same width over `from` to `to`, with the same folds.
    #[must_use]
    pub fn over(&self, from: SimTime, to: SimTime) -> Self {
        let ((drawn_from, gaps_from), (drawn_to, gaps_to)) = (self.folds.before(from), self.folds.before(to));
        let drawn = drawn_to.saturating_sub(drawn_from);
        let least = if gaps_to > gaps_from { OPEN_US } else { NARROWEST_US };
        let gaps = (gaps_to - gaps_from) * self.gap_px();
        let for_gaps = drawn.max(least) as f64 * gaps / (self.width - gaps);
        let length_us = drawn.max(least) + for_gaps as u64;
        Self { from, length_us: length_us.clamp(NARROWEST_US, WIDEST_US), ..self.clone() }
    }

    /// How wide each gap is, in pixels.
    pub fn gap_px(&self) -> f64 {
        GAP_PX.min(self.width * GAPS_PART / self.folds.as_slice().len().max(1) as f64)
    }

    /// The moment at the right edge.
    pub fn to(&self) -> SimTime {
        if self.folds.as_slice().is_empty() {
            return SimTime(self.from.0.saturating_add(self.length_us));
        }
        self.at(self.width)
    }

    /// Where a moment stands, in pixels from the left edge; outside of `0..width` where it is out of view.
    pub fn x(&self, at: SimTime) -> f64 {
        let scale = |us: f64| us * self.width / self.length_us as f64;
        if self.folds.as_slice().is_empty() {
            return scale(at.0 as f64 - self.from.0 as f64);
        }
        let ((drawn_from, gaps_from), (drawn, gaps)) = (self.folds.before(self.from), self.folds.before(at));
        scale(drawn as f64 - drawn_from as f64) + (gaps - gaps_from) * self.gap_px()
    }

    /// The moment at a place, in pixels from the left edge.
    pub fn at(&self, x: f64) -> SimTime {
        if x < 0.0 { self.earlier(-x) } else { self.later(x) }
    }

    /// The moment so many pixels after the left edge.
    fn later(&self, mut pixels: f64) -> SimTime {
        let mut at = self.from;
        for fold in self.folds.as_slice().iter().filter(|fold| fold.to > self.from) {
            let open = self.x_of_us(fold.from.since(at).0);
            if pixels <= open {
                break;
            }
            let begins = at.max(fold.from);
            let gap = self.gap_of(begins, fold.to, fold.to.since(fold.from).0);
            pixels -= open;
            if pixels < gap {
                return SimTime(begins.0 + (fold.to.since(begins).0 as f64 * pixels / gap) as u64);
            }
            pixels -= gap;
            at = fold.to;
        }
        SimTime(at.0.saturating_add((pixels * self.us_per_px()) as u64))
    }

    /// The moment so many pixels before the left edge.
    fn earlier(&self, mut pixels: f64) -> SimTime {
        let mut at = self.from;
        for fold in self.folds.as_slice().iter().rev().filter(|fold| fold.from < self.from) {
            let open = self.x_of_us(at.since(fold.to).0);
            if pixels <= open {
                break;
            }
            let ends = at.min(fold.to);
            let gap = self.gap_of(fold.from, ends, fold.to.since(fold.from).0);
            pixels -= open;
            if pixels < gap {
                return SimTime(ends.0 - (ends.since(fold.from).0 as f64 * pixels / gap) as u64);
            }
            pixels -= gap;
            at = fold.from;
        }
        SimTime(at.0.saturating_sub((pixels * self.us_per_px()) as u64))
    }

    fn x_of_us(&self, us: u64) -> f64 {
        us as f64 / self.us_per_px()
    }

    /// How wide this part of a gap is.
    fn gap_of(&self, from: SimTime, to: SimTime, whole_us: u64) -> f64 {
        self.gap_px() * to.since(from).0 as f64 / whole_us as f64
    }

    /// The stretches in view that are not folded.
    pub fn open(&self) -> Vec<(SimTime, SimTime)> {
        let (mut from, to) = (self.from, self.to());
        let mut open = Vec::new();
        for fold in self.folds.as_slice().iter().filter(|fold| fold.to > self.from && fold.from < to) {
            if fold.from > from {
                open.push((from, fold.from));
            }
            from = fold.to;
        }
        if from < to {
            open.push((from, to));
        }
        open
    }

    /// How much time a pixel is, in microseconds.
    pub fn us_per_px(&self) -> f64 {
        self.length_us as f64 / self.width
    }

    /// Zooms by a factor (over 1 shows more time) around the moment at `x`, which stays where it is.
    #[must_use]
    pub fn zoomed(&self, factor: f64, x: f64) -> Self {
        let from = self.at(x);
        let length_us = ((self.length_us as f64 * factor) as u64).clamp(NARROWEST_US, WIDEST_US);
        let there = Self { from, length_us, ..self.clone() };
        Self { from: there.at(-x), ..there }
    }

    /// Moves by pixels; to the right shows later time. It stops at the epoch.
    #[must_use]
    pub fn panned(&self, pixels: f64) -> Self {
        Self { from: self.at(pixels), ..self.clone() }
    }

    /// The same stretch over another width.
    #[must_use]
    pub fn resized(&self, width: f64) -> Self {
        Self { width: width.max(1.0), ..self.clone() }
    }

    /// Moves the least that is needed to bring `at` between the edges, `margin` (a part of the width) away from them.
    #[must_use]
    pub fn showing(&self, at: SimTime, margin: f64) -> Self {
        let room = self.width * margin;
        let x = self.x(at);
        if x < room {
            self.panned(x - room)
        } else if x > self.width - room {
            self.panned(x - (self.width - room))
        } else {
            self.clone()
        }
    }

    /// Wide enough that `at` is in view, from where it begins; where that is too wide, moved there.
    #[must_use]
    pub fn reaching(&self, at: SimTime) -> Self {
        if at <= self.to() {
            return self.clone();
        }
        let margin = at.since(self.from).0 / 40;
        self.over(self.from, SimTime(at.0.saturating_add(margin))).showing(at, 0.02)
    }

    /// The distance between two marks of a ruler, in microseconds: 1, 2 or 5 times a power of ten up to seconds, then the
    /// clock's own steps, and at least `least_px` pixels wide.
    pub fn ruler_step_us(&self, least_px: f64) -> u64 {
        const CLOCK_S: [u64; 17] =
            [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400];
        let least = self.us_per_px() * least_px;
        let mut decade = 1;
        while decade < 1_000_000 {
            for step in [1, 2, 5] {
                if (decade * step) as f64 >= least {
                    return decade * step;
                }
            }
            decade *= 10;
        }
        CLOCK_S.iter().map(|s| s * 1_000_000).find(|step| *step as f64 >= least).unwrap_or(86_400_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::super::folds::Idle;
    use super::*;

    fn ten_s() -> Window {
        Window::new(SimTime(5_000_000), SimTime(15_000_000), 1000.0)
    }

    /// Two gaps: from 11 s to 999 s, and from 1,011 s to 1,999 s.
    fn folded() -> Window {
        let mut idle = Idle::default();
        for s in [0, 5, 10, 1_000, 1_005, 1_010, 2_000] {
            idle.happens(SimTime(s * 1_000_000));
        }
        Window { folds: idle.folds(SimTime(2_000_000_000), &[]), ..ten_s() }
    }

    #[test]
    fn places_and_moments_are_each_others_inverse() {
        assert_eq!(ten_s().x(SimTime(5_000_000)), 0.0);
        assert_eq!(ten_s().x(SimTime(15_000_000)), 1000.0);
        assert_eq!(ten_s().at(250.0), SimTime(7_500_000));
        assert_eq!(ten_s().at(-100.0), SimTime(4_000_000));
        assert_eq!(ten_s().at(-9000.0), SimTime::ZERO);
    }

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer() {
        let near = ten_s().zoomed(0.5, 300.0);
        assert_eq!(near.at(300.0), ten_s().at(300.0));
        assert_eq!(near.length_us, 5_000_000);
        assert_eq!(ten_s().zoomed(0.0, 10.0).length_us, NARROWEST_US);
        assert_eq!(ten_s().zoomed(1e30, 10.0).length_us, WIDEST_US);
    }

    #[test]
    fn following_moves_no_more_than_needed() {
        assert_eq!(ten_s().showing(SimTime(10_000_000), 0.1), ten_s());
        assert_eq!(ten_s().showing(SimTime(20_000_000), 0.1).x(SimTime(20_000_000)), 900.0);
        assert_eq!(ten_s().showing(SimTime(1_000_000), 0.1).from, SimTime::ZERO);
    }

    #[test]
    fn a_moment_beyond_the_edge_is_reached_from_where_the_window_begins() {
        assert_eq!(ten_s().reaching(SimTime(9_000_000)), ten_s());
        let wide = ten_s().reaching(SimTime(105_000_000));
        assert_eq!(wide.from, ten_s().from);
        assert!((960.0..1000.0).contains(&wide.x(SimTime(105_000_000))));
        let year = SimTime(366 * 86_400_000_000);
        assert!((0.0..=1000.0).contains(&ten_s().reaching(year).x(year)));
    }

    #[test]
    fn the_ruler_has_round_steps() {
        assert_eq!(ten_s().ruler_step_us(80.0), 1_000_000);
        assert_eq!(Window { length_us: 1_000, ..ten_s() }.ruler_step_us(80.0), 100);
        assert_eq!(Window { length_us: 600_000_000, ..ten_s() }.ruler_step_us(80.0), 60_000_000);
    }

    #[test]
    fn a_gap_has_the_same_width_at_every_zoom() {
        for length_us in [1_000_000, 10_000_000, 100_000_000_000] {
            let window = Window { length_us, ..folded() };
            for fold in window.folds.as_slice() {
                assert!((window.x(fold.to) - window.x(fold.from) - GAP_PX).abs() < 1e-6);
            }
        }
        let narrow = folded().resized(200.0);
        assert_eq!(narrow.gap_px(), 40.0, "both take no more than a part of the width");
    }

    #[test]
    fn with_gaps_too_places_and_moments_are_each_others_inverse_and_grow_together() {
        for from in [0, 9_000_000, 500_000_000, 1_003_000_000, 1_500_000_000, 3_000_000_000] {
            let window = Window { from: SimTime(from), ..folded() };
            let mut before = SimTime::ZERO;
            for x in -3_000..3_000 {
                let at = window.at(f64::from(x));
                assert!(at >= before, "{x} from {from}");
                // A pixel of a gap is about 18 s; that the epoch is the first moment is no mistake.
                assert!(
                    at == SimTime::ZERO || (window.x(at) - f64::from(x)).abs() < 0.001,
                    "{x} from {from}: {at:?}"
                );
                before = at;
            }
        }
    }

    #[test]
    fn zooming_across_a_gap_keeps_the_moment_under_the_pointer() {
        let window = folded();
        for x in [0.0, 550.0, 620.0, 640.0, 900.0] {
            let near = window.zoomed(0.5, x);
            assert!((near.x(window.at(x)) - x).abs() < 0.001, "{x}");
        }
    }

    #[test]
    fn the_whole_run_is_shown_with_its_gaps() {
        let whole = folded().over(SimTime::ZERO, SimTime(2_000_000_000));
        assert!((whole.x(SimTime(2_000_000_000)) - 1000.0).abs() < 0.01);
        let expected = [(0, 11), (999, 1_011), (1_999, 2_000)];
        let open = whole.open();
        let seconds: Vec<_> =
            open.iter().map(|(from, to)| (from.0 / 1_000_000, (to.0 + 500_000) / 1_000_000)).collect();
        assert_eq!(seconds, expected);
        // A week that is still to come: what happens first has room.
        let week = Window { folds: Idle::default().folds(SimTime(604_800_000_000), &[]), ..ten_s() };
        let week = week.over(SimTime::ZERO, SimTime(604_800_000_000));
        assert!(week.length_us < 15_000_000, "{}", week.length_us);
    }
}
