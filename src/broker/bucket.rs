//! A token bucket in whole microseconds.

use crate::profile::Rate;
use crate::sorted::Sorted;
use crate::time::{SimTime, Span};

/// How many microseconds a second has: a token is counted as so many parts, one for each microsecond at a rate of one a second.
const PARTS: u64 = 1_000_000;

/// How much of a rate is used up, and with that when there is a token again.
///
/// Nothing is rounded but the moments, which are those at which there is a whole token: with a burst of 1 no second holds more
/// than the rate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bucket {
    /// What was used and has not come back by `at`, in parts of a token.
    used: u64,
    at: SimTime,
}

impl Bucket {
    /// The time between two, at a rate of so many a second.
    pub(super) const fn spacing(per_s: u64) -> Span {
        Span(if per_s == 0 { u64::MAX } else { PARTS.div_ceil(per_s) })
    }

    /// What is used now, in parts.
    fn used_now(&self, now: SimTime, rate: Rate) -> u64 {
        self.used.saturating_sub(now.since(self.at).0.saturating_mul(rate.per_s))
    }

    /// When no more than so many parts are used.
    fn when(&self, now: SimTime, rate: Rate, parts: u64) -> SimTime {
        let over = self.used_now(now, rate).saturating_sub(parts);
        now + Span(over.div_ceil(rate.per_s.max(1)))
    }

    /// When there is a token: `now` or later.
    pub(super) fn next(&self, now: SimTime, rate: Rate) -> SimTime {
        self.when(now, rate, rate.burst.saturating_sub(1).saturating_mul(PARTS))
    }

    /// When there is a token and one more is left, where as many fit: `now` or later.
    pub(super) fn next_beside(&self, now: SimTime, rate: Rate) -> SimTime {
        self.when(now, rate, rate.burst.saturating_sub(2).saturating_mul(PARTS))
    }

    /// When nothing of it is used any more: `now` or later.
    pub(super) fn full_at(&self, now: SimTime, rate: Rate) -> SimTime {
        self.when(now, rate, 0)
    }

    /// How many tokens are used, whole ones and what is begun.
    pub(super) fn level(&self, now: SimTime, rate: Rate) -> u64 {
        self.used_now(now, rate).div_ceil(PARTS)
    }

    /// Takes so many. More than there are may be taken: then there is none for longer.
    pub(super) fn take(&mut self, now: SimTime, rate: Rate, tokens: u64) {
        self.used = self.used_now(now, rate).saturating_add(tokens.saturating_mul(PARTS));
        self.at = now;
    }

    /// Takes one, where there is one.
    pub(super) fn admits(&mut self, now: SimTime, rate: Rate) -> bool {
        let admits = self.next(now, rate) <= now;
        if admits {
            self.take(now, rate, 1);
        }
        admits
    }

    /// The rate changes: what is used stays used.
    pub(super) fn change(&mut self, now: SimTime, from: Rate) {
        self.take(now, from, 0);
    }
}

/// Buckets by name, each as long as something of it is used.
#[derive(Clone, Debug, Default)]
pub(super) struct Buckets {
    by_name: Sorted<Box<str>, Bucket>,
    /// When those that are full are to be forgotten.
    sweep_at: SimTime,
}

impl Buckets {
    /// Takes one from a name's bucket.
    ///
    /// # Errors
    /// The bucket, where there is none in it.
    pub(super) fn admits(&mut self, now: SimTime, rate: Rate, name: &str) -> Result<(), Bucket> {
        if now >= self.sweep_at {
            let used = |bucket: &Bucket| bucket.full_at(now, rate) > now;
            let mut kept = Sorted::new();
            self.by_name.iter().filter(|(_, bucket)| used(bucket)).for_each(|(name, bucket)| {
                kept.insert(name.clone(), *bucket);
            });
            self.by_name = kept;
            self.sweep_at = now + Span::s(1);
        }
        let mut bucket = self.by_name.get(name).copied().unwrap_or_default();
        if !bucket.admits(now, rate) {
            return Err(bucket);
        }
        self.by_name.insert(name.into(), bucket);
        Ok(())
    }

    /// The rate changes, as of all buckets.
    pub(super) fn change(&mut self, now: SimTime, from: Rate) {
        self.by_name.values_mut().for_each(|bucket| bucket.change(now, from));
    }

    /// How many are remembered.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.by_name.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn departures(per_s: u64, burst: u64, count: usize) -> Vec<u64> {
        let (rate, mut bucket) = (Rate { per_s, burst }, Bucket::default());
        let mut now = SimTime(5_000_000);
        (0..count)
            .map(|_| {
                now = bucket.next(now, rate);
                assert!(bucket.admits(now, rate));
                now.0
            })
            .collect()
    }

    #[test]
    fn one_leaves_at_once_and_the_rest_evenly() {
        assert_eq!(departures(10, 1, 4), [5_000_000, 5_100_000, 5_200_000, 5_300_000]);
        assert_eq!(departures(10, 3, 5), [5_000_000, 5_000_000, 5_000_000, 5_100_000, 5_200_000]);
        assert_eq!(departures(3, 500, 501)[498..], [5_000_000, 5_000_000, 5_333_334]);
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

    #[test]
    fn a_name_is_forgotten_once_its_bucket_is_full() {
        let (rate, mut buckets) = (Rate { per_s: 1, burst: 1 }, Buckets::default());
        for ms in 0..10_000 {
            let now = SimTime(ms * 1_000);
            assert!(buckets.admits(now, rate, &ms.to_string()).is_ok());
            assert!(buckets.admits(now, rate, &ms.to_string()).is_err());
            assert!(buckets.len() <= 2_001);
        }
    }

    #[test]
    fn what_is_taken_too_much_is_missing_for_longer() {
        let (rate, mut bucket, now) = (Rate { per_s: 1_000, burst: 1_000 }, Bucket::default(), SimTime(0));
        bucket.take(now, rate, 3_000);
        assert_eq!((bucket.level(now, rate), bucket.next(now, rate)), (3_000, SimTime(2_001_000)));
        assert_eq!(bucket.full_at(now, rate), SimTime(3_000_000));
        assert!(!bucket.admits(SimTime(2_000_999), rate) && bucket.admits(SimTime(2_001_000), rate));
        assert_eq!(bucket.level(SimTime(2_001_000), rate), 1_000);
    }
}
