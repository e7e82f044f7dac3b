//! From event to event: along a track, a message, or all that came of the same first cause.

use crate::trace::{EventRef, Trace};

/// Which events a walk goes by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Along {
    /// Those about the same client.
    Track,
    /// Those about the same message.
    Message,
    /// Those that came of the same first cause.
    Cause,
}

/// The event after this one, or before it, among those of a walk; none that comes at or after event `events`.
pub fn walk(trace: &Trace, seq: u32, along: Along, forward: bool, events: u32) -> Option<u32> {
    let from = trace.get(seq)?;
    let found = |event: EventRef<'_>| event.seq();
    match along {
        Along::Track => {
            let client = from.client_number();
            step(trace, seq, forward, events, |event| event.client_number() == client).map(found)
        }
        Along::Message => {
            let message = Some(from.message_number()?);
            step(trace, seq, forward, events, |event| event.message_number() == message).map(found)
        }
        Along::Cause => tree(trace, seq, forward, events),
    }
}

fn step<'a>(
    trace: &'a Trace,
    seq: u32,
    forward: bool,
    events: u32,
    is_it: impl Fn(&EventRef<'a>) -> bool,
) -> Option<EventRef<'a>> {
    if forward {
        return trace.range(seq + 1..events).find(is_it);
    }
    let mut at = seq.min(events);
    loop {
        let event = trace.before(at)?;
        if is_it(&event) {
            return Some(event);
        }
        at = event.seq();
    }
}

/// What came of the same first cause, in order.
fn tree(trace: &Trace, seq: u32, forward: bool, events: u32) -> Option<u32> {
    let root = trace.cause_chain(seq).last()?.seq();
    let mut known = vec![root];
    let mut before = None;
    for event in trace.range(root..events) {
        let one = event.seq();
        let is_of_it = one == root || event.cause().is_some_and(|cause| known.binary_search(&cause).is_ok());
        if !is_of_it {
            continue;
        }
        match (forward, one) {
            (true, one) if one > seq => return Some(one),
            (false, one) if one >= seq => return before,
            _ => before = Some(one),
        }
        if one != root {
            known.push(one);
        }
    }
    if forward { None } else { before.filter(|one| *one < seq) }
}

#[cfg(test)]
mod tests {
    use super::super::path::tests::{TWO, trace};
    use super::*;

    /// All events that a walk comes by, from one on.
    fn all(along: Along, from: u32, forward: bool) -> Vec<u32> {
        let (trace, _) = trace(&TWO);
        let next = |seq: &u32| walk(&trace, *seq, along, forward, trace.next_seq());
        std::iter::successors(next(&from), next).collect()
    }

    #[test]
    fn a_walk_stays_on_its_track() {
        assert_eq!(all(Along::Track, 6, true), [10, 12, 13]);
        assert_eq!(all(Along::Track, 12, false), [10, 6]);
        assert!(all(Along::Track, 13, true).is_empty());
    }

    #[test]
    fn a_walk_goes_through_a_message() {
        assert_eq!(all(Along::Message, 1, true), [4, 5, 6, 7, 12, 13]);
        assert_eq!(all(Along::Message, 12, false), [7, 6, 5, 4, 1]);
        assert!(all(Along::Message, 0, true).is_empty(), "the input is before the message");
    }

    #[test]
    fn a_walk_goes_through_what_came_of_the_same_first_cause() {
        assert_eq!(all(Along::Cause, 2, true), [3, 8, 9, 10, 11]);
        assert_eq!(all(Along::Cause, 10, false), [9, 8, 3, 2]);
        assert!(all(Along::Cause, 2, false).is_empty());
    }

    #[test]
    fn a_walk_ends_at_the_view() {
        let (trace, _) = trace(&TWO);
        assert_eq!(walk(&trace, 6, Along::Track, true, 10), None);
        assert_eq!(walk(&trace, 6, Along::Track, true, 11), Some(10));
        assert_eq!(
            walk(&trace, 13, Along::Cause, false, 8),
            Some(7),
            "from what has not happened yet back to what has"
        );
        assert_eq!(walk(&trace, 99, Along::Track, true, 14), None);
    }
}
