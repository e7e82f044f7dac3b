//! Who is drawn next, where not everybody can be drawn in one frame.

use std::collections::VecDeque;

/// Those who are to be drawn, each by a number, and how long each took lately.
#[derive(Debug, Default)]
pub struct Turns {
    due: VecDeque<u32>,
    /// Whose turn it was last, until it is drawn.
    drawing: Option<u32>,
    /// By number, in milliseconds.
    took_ms: Vec<f64>,
}

impl Turns {
    /// Has all of these drawn. Those who wait already come first, so that nobody waits for ever.
    pub fn add(&mut self, all: impl Iterator<Item = u32>) {
        let waiting = self.due.len();
        for one in all {
            if !self.due.range(..waiting).any(|due| *due == one) {
                self.due.push_back(one);
            }
        }
    }

    /// How long the next one will take, in milliseconds, as far as that is known.
    pub fn expected_ms(&self) -> f64 {
        self.due.front().and_then(|one| self.took_ms.get(*one as usize)).copied().unwrap_or(0.0)
    }

    /// Whose turn it is, if it is expected to end within this many milliseconds and the one before was drawn.
    pub fn next(&mut self, left_ms: f64) -> Option<u32> {
        if self.drawing.is_none() && self.expected_ms() <= left_ms {
            self.drawing = self.due.pop_front();
            return self.drawing;
        }
        None
    }

    /// That one was drawn, in its turn or not, and needs no turn any more.
    pub fn drawn(&mut self, one: u32) {
        self.due.retain(|due| *due != one);
        self.drawing.take_if(|drawing| *drawing == one);
    }

    /// Waits no longer for the one whose turn it was: it is gone, or is drawn some other time.
    pub fn give_up(&mut self) {
        self.drawing = None;
    }

    /// How long one took, in milliseconds.
    pub fn took(&mut self, one: u32, ms: f64) {
        let at = one as usize;
        if self.took_ms.len() <= at {
            self.took_ms.resize(at + 1, 0.0);
        }
        // What happens once, such as a collection of garbage, is soon forgotten; the first time is often the longest.
        self.took_ms[at] = (self.took_ms[at] + ms) / 2.0;
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.due.is_empty() && self.drawing.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(turns: &mut Turns) -> Vec<u32> {
        std::iter::from_fn(|| turns.next(f64::INFINITY).inspect(|one| turns.drawn(*one))).collect()
    }

    #[test]
    fn one_waits_whose_time_is_not_there() {
        let mut turns = Turns::default();
        turns.took(2, 8.0);
        turns.took(2, 4.0);
        turns.add([1, 2, 3].into_iter());
        assert_eq!(turns.next(3.0), Some(1), "how long it takes is not known yet");
        turns.drawn(1);
        assert_eq!((turns.expected_ms(), turns.next(3.0)), (4.0, None));
        assert_eq!(turns.next(4.0), Some(2));
        assert_eq!(turns.next(4.0), None, "it is not drawn yet");
        turns.give_up();
        assert_eq!(turns.next(0.0), Some(3));
        assert!(!turns.is_empty());
        turns.drawn(3);
        assert!(turns.is_empty() && turns.next(9.0).is_none());
    }

    #[test]
    fn those_who_wait_come_first_and_nobody_twice() {
        let mut turns = Turns::default();
        turns.add([1, 2, 3].into_iter());
        assert_eq!(turns.next(1.0), Some(1));
        turns.drawn(1);
        turns.add([1, 2, 3].into_iter());
        assert_eq!(all(&mut turns), [2, 3, 1]);
    }

    #[test]
    fn who_was_drawn_with_another_needs_no_turn() {
        let mut turns = Turns::default();
        turns.add([1, 2, 3].into_iter());
        turns.drawn(2);
        assert_eq!(all(&mut turns), [1, 3]);
    }
}
