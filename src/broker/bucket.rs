//! A token bucket in whole microseconds.

use crate::time::{SimTime, Span};

/// When the next one may leave, at a rate and with a burst (the generic cell rate algorithm).
///
/// The spacing is rounded up to whole microseconds, so that with a burst of 1 no second holds more than the rate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bucket {
    /// When the bucket is full again.
    full_at: SimTime,
}

impl Bucket {
    /// The time between two, at a rate a second.
    pub(super) const fn spacing(per_s: u64) -> Span {
        Span(if per_s == 0 { u64::MAX } else { 1_000_000u64.div_ceil(per_s) })
    }

    /// When the next one may leave: `now` or later.
    pub(super) fn next(&self, now: SimTime, per_s: u64, burst: u64) -> SimTime {
        let ahead = Span(Self::spacing(per_s).0.saturating_mul(burst.saturating_sub(1)));
        now.max(SimTime(self.full_at.0.saturating_sub(ahead.0)))
    }

    /// The rate changes: what the bucket lacks stays the same number of messages.
    pub(super) fn change(&mut self, now: SimTime, from_per_s: u64, to_per_s: u64) {
        let lacks = u128::from(self.full_at.since(now).0) * u128::from(Self::spacing(to_per_s).0);
        let lacks = lacks / u128::from(Self::spacing(from_per_s).0);
        self.full_at = now + Span(u64::try_from(lacks).unwrap_or(u64::MAX));
    }

    /// One leaves now.
    pub(super) fn take(&mut self, now: SimTime, per_s: u64) {
        self.full_at = self.full_at.max(now) + Self::spacing(per_s);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn departures(per_s: u64, burst: u64, count: usize) -> Vec<u64> {
        let mut bucket = Bucket::default();
        let mut now = SimTime(5_000_000);
        (0..count)
            .map(|_| {
                now = bucket.next(now, per_s, burst);
                bucket.take(now, per_s);
                now.0
            })
            .collect()
    }

    #[test]
    fn one_leaves_at_once_and_the_rest_evenly() {
        assert_eq!(departures(10, 1, 4), [5_000_000, 5_100_000, 5_200_000, 5_300_000]);
        assert_eq!(departures(10, 3, 5), [5_000_000, 5_000_000, 5_000_000, 5_100_000, 5_200_000]);
    }

    #[test]
    fn no_second_holds_more_than_the_rate() {
        for per_s in [1, 3, 7, 10, 999] {
            let times = departures(per_s, 1, 3_000);
            let most =
                times.iter().map(|t| times.iter().filter(|u| (*t..t + 1_000_000).contains(*u)).count()).max();
            assert!(most.unwrap() as u64 <= per_s, "{per_s}: {most:?}");
        }
    }
}
