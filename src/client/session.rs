//! What a client keeps of its session from one connection to the next.

use super::SubscribeRequest;
use crate::sorted::{Sorted, in_order};
use crate::wire::{Publish, QoS, ReasonCode};
use std::collections::VecDeque;

/// How far an outgoing message of QoS 1 or 2 is.
#[derive(Clone, Debug)]
pub(super) enum Stage {
    /// PUBLISH was sent; PUBACK or PUBREC is awaited.
    Sent(Box<Publish>),
    /// PUBREL was sent; PUBCOMP is awaited.
    Released,
}

/// One outgoing message of QoS 1 or 2 that is not finished.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    /// Counts the first sendings, so that re-sending keeps their order [MQTT-4.6.0-1].
    pub(super) order: u64,
    pub(super) stage: Stage,
    /// The observer's number for the message.
    pub(super) message: u32,
    /// Whether it was sent on the present connection, and so counts towards the server's Receive Maximum.
    pub(super) counts: bool,
}

/// What an identifier of SUBSCRIBE or UNSUBSCRIBE was used for.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    Subscribe(SubscribeRequest),
    Unsubscribe(Vec<String>),
}

/// A subscription as the client knows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Granted {
    /// The QoS that was asked for.
    pub asked: QoS,
    /// What the server answered: the granted QoS, or 0x80 and above for a refusal.
    pub code: ReasonCode,
}

/// The session state of a client (4.1 in both versions), and its subscriptions as far as it was told.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    /// Whether a server ever accepted a connection since the state was empty.
    pub(super) exists: bool,
    pub(super) flights: Sorted<u16, Flight>,
    /// Incoming QoS 2 messages that were taken and not yet released.
    pub(super) incoming: Sorted<u16, ()>,
    pub(super) asked: Sorted<u16, Asked>,
    pub(super) subscriptions: Sorted<Box<str>, Granted>,
    last_id: u16,
    orders: u64,
}

impl Session {
    /// A Packet Identifier that is not in use [MQTT-2.3.1-2, MQTT-2.2.1-3]; `None` where all are.
    pub(super) fn free_id(&mut self) -> Option<u16> {
        if self.flights.len() + self.asked.len() >= usize::from(u16::MAX) {
            return None;
        }
        loop {
            self.last_id = self.last_id.checked_add(1).unwrap_or(1);
            if !self.flights.contains(&self.last_id) && !self.asked.contains(&self.last_id) {
                return Some(self.last_id);
            }
        }
    }

    /// Keeps a message until it is acknowledged.
    pub(super) fn keep(&mut self, publish: Publish, message: u32) {
        self.orders += 1;
        let id = publish.id;
        let flight =
            Flight { order: self.orders, stage: Stage::Sent(Box::new(publish)), message, counts: true };
        self.flights.insert(id, flight);
    }

    /// A connection begins: none of what is unfinished was sent on it. Gives the identifiers of all that is, in the order of the first
    /// sending.
    pub(super) fn begin_connection(&mut self) -> VecDeque<u16> {
        self.flights.values_mut().for_each(|flight| flight.counts = false);
        let flights: Vec<(u16, u64)> = self.flights.iter().map(|(id, flight)| (*id, flight.order)).collect();
        in_order(flights, |(_, order)| *order).into_iter().map(|(id, _)| id).collect()
    }

    /// Empties the state; gives the messages whose sending was not finished, in order.
    pub(super) fn clear(&mut self) -> Vec<Flight> {
        let lost = std::mem::take(self).flights.into_values().collect();
        in_order(lost, |flight: &Flight| flight.order)
    }

    /// What ends with the connection although the session goes on: identifiers of requests without an answer.
    pub(super) fn connection_ended(&mut self) {
        self.asked = Sorted::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publish(id: u16) -> Publish {
        Publish { id, qos: QoS::AtLeastOnce, ..Publish::default() }
    }

    #[test]
    fn identifiers_in_use_are_passed_over_and_zero_is_none() {
        let mut session = Session::default();
        assert_eq!(session.free_id(), Some(1));
        session.keep(publish(2), 0);
        assert_eq!(session.free_id(), Some(3));
        session.last_id = u16::MAX;
        assert_eq!(session.free_id(), Some(1));
        for id in 1..=u16::MAX {
            session.keep(publish(id), 0);
        }
        assert_eq!(session.free_id(), None);
    }

    #[test]
    fn order_is_that_of_the_first_sending() {
        let mut session = Session::default();
        for id in [9, 3, 5] {
            session.keep(publish(id), 0);
        }
        assert_eq!(session.begin_connection(), [9, 3, 5]);
        assert!(session.flights.values().all(|flight| !flight.counts));
        assert_eq!(session.clear().len(), 3);
        assert!(session.flights.is_empty());
    }
}
