//! How connections ended, for as long as an account can ask.

use super::session::Session;
use crate::sorted::Sorted;
use crate::time::{SimTime, Span};

/// For how long a connection that has ended can be looked at ([aws.operation.get-connection]).
const KEPT: Span = Span::s(30 * 60);
/// The most client identifiers of which that is kept; of one more nothing is known.
const MOST: usize = 100_000;

/// A connection that has ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Departed {
    pub(super) at: SimTime,
    /// Why, as an account calls it.
    pub(super) reason: &'static str,
    pub(super) keep_alive_s: u16,
    pub(super) expiry_s: Option<u32>,
}

/// The last one of each client identifier.
#[derive(Clone, Debug, Default)]
pub(super) struct Departures {
    by_client: Sorted<Box<str>, Departed>,
    /// When those that are old are to be forgotten.
    sweep_at: SimTime,
}

impl Departures {
    /// A connection ends.
    pub(super) fn add(&mut self, now: SimTime, session: &Session, reason: &'static str, keep_alive_s: u16) {
        if now >= self.sweep_at {
            let mut kept = Sorted::new();
            let young = self.by_client.iter().filter(|(_, departed)| departed.is_known(now));
            young.for_each(|(client, departed)| _ = kept.insert(client.clone(), *departed));
            self.by_client = kept;
            self.sweep_at = now + KEPT;
        }
        if self.by_client.len() >= MOST && !self.by_client.contains(session.client.as_str()) {
            return;
        }
        let departed = Departed { at: now, reason, keep_alive_s, expiry_s: session.expiry_s };
        self.by_client.insert(session.client.as_str().into(), departed);
    }

    /// How a client's last connection ended.
    pub(super) fn of(&self, client: &str, now: SimTime) -> Option<Departed> {
        self.by_client.get(client).copied().filter(|departed| departed.is_known(now))
    }
}

impl Departed {
    fn is_known(&self, now: SimTime) -> bool {
        now.since(self.at) <= KEPT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Text, Version};

    #[test]
    fn no_more_are_kept_than_the_most_and_none_for_longer() {
        let mut departures = Departures::default();
        let mut add = |now, n: usize| {
            let session = Session::new(Text::from(n.to_string()), Version::V5, None);
            departures.add(now, &session, "CONNECTION_LOST", 0);
            departures.of(&session.client, now).map(|departed| departed.at)
        };
        let first = SimTime(1);
        (0..MOST).for_each(|n| assert!(add(first, n).is_some()));
        assert_eq!(add(first, MOST), None);
        let then = first + Span::s(60);
        assert_eq!(add(then, 7), Some(then), "of one that is known the latest end is kept");
        let later = first + KEPT + Span::s(1);
        assert_eq!(add(later, MOST), Some(later), "those that are old have made room");
    }
}
