//! After which events a step of the world ended: one bit an event.

/// The numbers of events at which one can stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Ends {
    bits: Vec<u64>,
}

impl Ends {
    /// A step ended when there were this many events.
    pub(super) fn mark(&mut self, events: u32) {
        let word = events as usize / 64;
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] |= 1 << (events % 64);
    }

    /// The highest marked number below this one; 0 where there is none.
    pub(super) fn before(&self, events: u32) -> u32 {
        let (word, bit) = (events as usize / 64, events % 64);
        let first = self.bits.get(word).map_or(0, |bits| bits & ((1 << bit) - 1));
        let words = self.bits.iter().enumerate().take(word).rev();
        let mut found = [(word, first)].into_iter().chain(words.map(|(word, bits)| (word, *bits)));
        found.find(|(_, bits)| *bits != 0).map_or(0, |(word, bits)| word as u32 * 64 + bits.ilog2())
    }

    /// The lowest marked number that is not below this one.
    pub(super) fn from(&self, events: u32) -> Option<u32> {
        let (word, bit) = (events as usize / 64, events % 64);
        let first = self.bits.get(word)? & (u64::MAX << bit);
        let words = self.bits.iter().enumerate().skip(word + 1);
        let mut found = [(word, first)].into_iter().chain(words.map(|(word, bits)| (word, *bits)));
        found.find(|(_, bits)| *bits != 0).map(|(word, bits)| word as u32 * 64 + bits.trailing_zeros())
    }

    /// Forgets numbers above this one.
    pub(super) fn truncate(&mut self, events: u32) {
        let (word, bit) = (events as usize / 64, events % 64);
        self.bits.truncate(word + 1);
        if let Some(bits) = self.bits.get_mut(word) {
            *bits &= u64::MAX >> (63 - bit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_found_across_words() {
        let mut ends = Ends::default();
        for events in [3, 64, 200] {
            ends.mark(events);
        }
        assert_eq!(
            [1, 3, 4, 64, 65, 200, 201, 9_999].map(|n| ends.before(n)),
            [0, 0, 3, 3, 64, 64, 200, 200]
        );
        assert_eq!(
            [0, 3, 4, 64, 65, 201].map(|n| ends.from(n)),
            [Some(3), Some(3), Some(64), Some(64), Some(200), None]
        );
        ends.truncate(64);
        assert_eq!((ends.before(999), ends.from(65)), (64, None));
        ends.truncate(63);
        assert_eq!(ends.before(999), 3);
    }
}
