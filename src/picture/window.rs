//! Which stretch of time is on the screen, and how zooming and panning change it.

use crate::time::SimTime;

/// The narrowest window, in microseconds.
const NARROWEST_US: u64 = 20;
/// The widest window: eight days, so that a session of seven fits.
const WIDEST_US: u64 = 8 * 86_400_000_000;

/// A stretch of time laid over a width in pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Window {
    /// The moment at the left edge.
    pub from: SimTime,
    /// How much time is in view, in microseconds; never zero.
    pub length_us: u64,
    /// The width that it is laid over, in pixels.
    pub width: f64,
}

impl Window {
    /// The window over `from` to `to`, never narrower nor wider than a window can be.
    pub fn new(from: SimTime, to: SimTime, width: f64) -> Self {
        let length_us = to.since(from).0.clamp(NARROWEST_US, WIDEST_US);
        Self { from, length_us, width: width.max(1.0) }
    }

    /// The moment at the right edge.
    pub fn to(&self) -> SimTime {
        SimTime(self.from.0.saturating_add(self.length_us))
    }

    /// Where a moment stands, in pixels from the left edge; outside of `0..width` where it is out of view.
    pub fn x(&self, at: SimTime) -> f64 {
        let us = at.0 as f64 - self.from.0 as f64;
        us * self.width / self.length_us as f64
    }

    /// The moment at a place, in pixels from the left edge.
    pub fn at(&self, x: f64) -> SimTime {
        let us = x * self.us_per_px();
        if us < 0.0 {
            SimTime(self.from.0.saturating_sub(-us as u64))
        } else {
            SimTime(self.from.0.saturating_add(us as u64))
        }
    }

    /// How much time a pixel is, in microseconds.
    pub fn us_per_px(&self) -> f64 {
        self.length_us as f64 / self.width
    }

    /// Zooms by a factor (over 1 shows more time) around the moment at `x`, which stays where it is.
    #[must_use]
    pub fn zoomed(&self, factor: f64, x: f64) -> Self {
        let anchor = self.at(x);
        let length_us = ((self.length_us as f64 * factor) as u64).clamp(NARROWEST_US, WIDEST_US);
        let left = (x / self.width * length_us as f64) as u64;
        Self { from: SimTime(anchor.0.saturating_sub(left)), length_us, width: self.width }
    }

    /// Moves by pixels; to the right shows later time. It stops at the epoch.
    #[must_use]
    pub fn panned(&self, pixels: f64) -> Self {
        Self { from: self.at(pixels), ..*self }
    }

    /// The same stretch over another width.
    #[must_use]
    pub fn resized(&self, width: f64) -> Self {
        Self { width: width.max(1.0), ..*self }
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
            *self
        }
    }

    /// Wide enough that `at` is in view, from where it begins; where that is too wide, moved there.
    #[must_use]
    pub fn reaching(&self, at: SimTime) -> Self {
        if at <= self.to() {
            return *self;
        }
        let margin = at.since(self.from).0 / 40;
        Self::new(self.from, SimTime(at.0.saturating_add(margin)), self.width).showing(at, 0.02)
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
    use super::*;

    const TEN_S: Window = Window { from: SimTime(5_000_000), length_us: 10_000_000, width: 1000.0 };

    #[test]
    fn places_and_moments_are_each_others_inverse() {
        assert_eq!(TEN_S.x(SimTime(5_000_000)), 0.0);
        assert_eq!(TEN_S.x(SimTime(15_000_000)), 1000.0);
        assert_eq!(TEN_S.at(250.0), SimTime(7_500_000));
        assert_eq!(TEN_S.at(-100.0), SimTime(4_000_000));
        assert_eq!(TEN_S.at(-9000.0), SimTime::ZERO);
    }

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer() {
        let near = TEN_S.zoomed(0.5, 300.0);
        assert_eq!(near.at(300.0), TEN_S.at(300.0));
        assert_eq!(near.length_us, 5_000_000);
        assert_eq!(TEN_S.zoomed(0.0, 10.0).length_us, NARROWEST_US);
        assert_eq!(TEN_S.zoomed(1e30, 10.0).length_us, WIDEST_US);
    }

    #[test]
    fn following_moves_no_more_than_needed() {
        assert_eq!(TEN_S.showing(SimTime(10_000_000), 0.1), TEN_S);
        assert_eq!(TEN_S.showing(SimTime(20_000_000), 0.1).x(SimTime(20_000_000)), 900.0);
        assert_eq!(TEN_S.showing(SimTime(1_000_000), 0.1).from, SimTime::ZERO);
    }

    #[test]
    fn a_moment_beyond_the_edge_is_reached_from_where_the_window_begins() {
        assert_eq!(TEN_S.reaching(SimTime(9_000_000)), TEN_S);
        let wide = TEN_S.reaching(SimTime(105_000_000));
        assert_eq!(wide.from, TEN_S.from);
        assert!((960.0..1000.0).contains(&wide.x(SimTime(105_000_000))));
        let year = SimTime(366 * 86_400_000_000);
        assert!((0.0..=1000.0).contains(&TEN_S.reaching(year).x(year)));
    }

    #[test]
    fn the_ruler_has_round_steps() {
        assert_eq!(TEN_S.ruler_step_us(80.0), 1_000_000);
        assert_eq!(Window { length_us: 1_000, ..TEN_S }.ruler_step_us(80.0), 100);
        assert_eq!(Window { length_us: 600_000_000, ..TEN_S }.ruler_step_us(80.0), 60_000_000);
    }
}
