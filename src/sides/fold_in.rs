//! What each event means for the things that are compared.

use super::fold::{NONE, Sides};
use super::thing::{Subject, What};
use crate::broker::{By, Kind, NO_SUBSCRIPTION};
use crate::trace::EventRef;
use crate::wire::{Packet, PacketType};

/// Set in the root of a message that is a Will: the rest is the Will's thing.
const OF_WILL: u32 = 1 << 31;

impl Sides {
    pub(super) fn take_in(&mut self, side: usize, event: &EventRef<'_>, root: u32) {
        let client = self.names.number(event.client());
        let by_client = event.by() == By::Client;
        match event.kind() {
            Kind::PacketSent | Kind::PacketReceived if by_client => {
                self.packet_of_client(side, event, root, client);
            }
            Kind::PacketReceived | Kind::PacketLost => {
                if let Some(message) = self.message(side, event, root, client) {
                    let lost =
                        event.kind() == Kind::PacketLost && event.packet_type() == Some(PacketType::Publish);
                    let to_client = lost && self.is_taken(side, message);
                    let thing = if to_client { self.delivery(message, client) } else { Some(message) };
                    let what = if lost { What::Lost } else { What::Noted };
                    self.step(side, thing, event, what, 0);
                }
            }
            Kind::SocketRefused => {
                let thing = self.begin(side, Subject::Connection, root, client, NONE);
                self.step(side, thing, event, What::SocketRefused, event.code().unwrap_or(0));
            }
            Kind::SocketClosed if by_client => {
                let thing = self.folds[side].connection.remove(&client);
                self.step(side, thing, event, What::Closed, event.code().unwrap_or(0));
            }
            Kind::SessionCreated => {
                if let Some(thing) = self.begin(side, Subject::Session, root, client, NONE) {
                    self.folds[side].session.insert(client, thing);
                    self.step(side, Some(thing), event, What::Noted, 0);
                }
            }
            Kind::SessionExpired | Kind::SessionCleared => {
                let what = match event.kind() {
                    Kind::SessionExpired => What::SessionExpired,
                    _ => What::SessionCleared,
                };
                let thing = self.folds[side].session.remove(&client);
                self.step(side, thing, event, what, 0);
            }
            Kind::WillArmed => {
                let topic = self.names.number(event.topic());
                if let Some(thing) = self.begin(side, Subject::Will, root, client, topic) {
                    self.folds[side].will.insert(client, thing);
                    self.step(side, Some(thing), event, What::Noted, 0);
                }
            }
            Kind::WillScheduled | Kind::WillSent | Kind::WillDiscarded => {
                let what = match event.kind() {
                    Kind::WillSent => What::WillSent,
                    Kind::WillDiscarded => What::WillDiscarded,
                    _ => What::Waits,
                };
                let thing = self.folds[side].will.get(&client).copied();
                self.step(side, thing, event, what, 0);
                if what == What::WillSent {
                    // Its message is the same one whatever it was sent for.
                    let root = thing.map_or(root, |thing| thing | OF_WILL);
                    let message = self.message(side, event, root, client);
                    self.step(side, message, event, What::Accepted, 0);
                }
            }
            kind => self.decision(side, event, root, client, kind),
        }
    }

    /// What the broker, or a client that publishes, decides of a message or of a filter that was asked for.
    fn decision(&mut self, side: usize, event: &EventRef<'_>, root: u32, client: u32, kind: Kind) {
        if event.by() == By::Client {
            let what = match kind {
                Kind::MessageQueued => What::Waits,
                Kind::MessageDropped => What::Withheld,
                _ => return,
            };
            let thing = self.held(side, event, root, client);
            return self.step(side, thing, event, what, 0);
        }
        let Some(message) = self.message(side, event, root, client) else {
            return self.about_filter(side, event, client);
        };
        let taken = self.is_taken(side, message);
        let failed = event.code().is_some_and(|code| code >= 0x80);
        let (what, to_client) = match kind {
            Kind::MessageAccepted => (What::Accepted, false),
            Kind::RetainedStored | Kind::RetainedReplaced | Kind::RetainedCleared => (What::Retained, false),
            Kind::MessageQueued => (What::Waits, true),
            Kind::MessageDropped => (What::Dropped, true),
            Kind::MessageExpired => (What::Expired, true),
            Kind::QuotaDelayed => (What::Delayed, taken),
            Kind::PolicyDenied if taken => (What::Denied, true),
            Kind::PolicyDenied => (What::Refused, false),
            Kind::QuotaRefused => (What::Refused, false),
            Kind::Decision if event.rule() == Some(NO_SUBSCRIPTION) => (What::Unmatched, false),
            Kind::Decision if failed && !taken => (What::Refused, false),
            Kind::Decision => (What::Noted, false),
            _ => return,
        };
        let thing = if to_client { self.delivery(message, client) } else { Some(message) };
        self.step(side, thing, event, what, 0);
    }

    /// What was decided of a filter, while its SUBSCRIBE waits for the answer.
    fn about_filter(&mut self, side: usize, event: &EventRef<'_>, client: u32) {
        let Some(topic) = self.names.find(event.topic()) else { return };
        let asked = self.folds[side].asked.iter().filter(|(who, ..)| *who == client);
        let mut things = asked.flat_map(|(.., things)| things).copied();
        let about =
            things.find(|thing| self.things.get(*thing as usize).is_some_and(|thing| thing.topic == topic));
        self.step(side, about, event, What::Noted, 0);
    }

    /// A packet that a client sends or receives.
    fn packet_of_client(&mut self, side: usize, event: &EventRef<'_>, root: u32, client: u32) {
        let sent = event.kind() == Kind::PacketSent;
        match (event.packet_type(), sent) {
            (Some(PacketType::Connect), true) => {
                if let Some(thing) = self.begin(side, Subject::Connection, root, client, NONE) {
                    self.folds[side].connection.insert(client, thing);
                    self.step(side, Some(thing), event, What::Sent, 0);
                }
            }
            (Some(PacketType::Publish), true) => {
                let message = self.message(side, event, root, client);
                self.step(side, message, event, What::Sent, 0);
            }
            (Some(PacketType::Publish), false) => {
                let first = event.packet().and_then(|packet| packet.head.first().copied()).unwrap_or(0);
                // A repeat after a cut is a matter of time.
                let what = if first & 0b1000 == 0 { What::Received } else { What::Noted };
                if let Some(message) = self.message(side, event, root, client) {
                    let thing = self.delivery(message, client);
                    self.step(side, thing, event, what, u16::from(first & 0b111));
                }
            }
            (
                Some(
                    PacketType::Connack
                    | PacketType::Suback
                    | PacketType::Disconnect
                    | PacketType::Puback
                    | PacketType::Pubrec,
                ),
                false,
            )
            | (Some(PacketType::Subscribe), true) => {
                if let Some(Ok(packet)) = event.decode() {
                    self.answer(side, event, root, client, packet);
                }
            }
            _ => {}
        }
    }

    fn answer(&mut self, side: usize, event: &EventRef<'_>, root: u32, client: u32, packet: Packet) {
        let connection = self.folds[side].connection.get(&client).copied();
        match packet {
            Packet::Subscribe(subscribe) => {
                let things = subscribe.filters.iter().filter_map(|one| {
                    let filter = self.names.number(&one.filter);
                    let thing = self.begin(side, Subject::Subscription, root, client, filter)?;
                    self.step(side, Some(thing), event, What::Sent, 0);
                    Some(thing)
                });
                let things = things.collect();
                self.ask(side, client, subscribe.id, things);
            }
            Packet::Suback(suback) => {
                let asked = &mut self.folds[side].asked;
                let of_this = |(who, id, _): &(u32, u16, Vec<u32>)| *who == client && *id == suback.id;
                let Some(at) = asked.iter().position(of_this) else { return };
                for (thing, code) in asked.remove(at).2.into_iter().zip(&suback.codes) {
                    self.step(side, Some(thing), event, What::Suback, u16::from(code.0));
                }
            }
            Packet::Connack(connack) => {
                let code = u16::from(connack.code.0) | u16::from(connack.session_present) << 8;
                self.step(side, connection, event, What::Connack, code);
            }
            Packet::Disconnect(disconnect) => {
                self.step(side, connection, event, What::Disconnect, u16::from(disconnect.code.0));
            }
            Packet::Puback(ack) | Packet::Pubrec(ack) if ack.code.is_failure() => {
                let message = self.message(side, event, root, client);
                self.step(side, message, event, What::Nack, u16::from(ack.code.0));
            }
            _ => {}
        }
    }

    /// The message that an event is about, begun where it is new.
    fn message(&mut self, side: usize, event: &EventRef<'_>, root: u32, client: u32) -> Option<u32> {
        let number = event.message_number()?;
        let at = number as usize;
        let messages = &mut self.folds[side].messages;
        if at >= messages.len() {
            messages.resize(at + 1, NONE);
        }
        if messages[at] != NONE {
            return Some(messages[at]);
        }
        let topic = self.names.number(event.topic());
        let thing = match self.folds[side].held.remove(&root) {
            Some(held) => held,
            None => self.begin(side, Subject::Message, root, client, self.told_apart_by(event, topic))?,
        };
        self.folds[side].messages[at] = thing;
        let thing_of = self.things.get_mut(thing as usize)?;
        thing_of.message[side] = Some(number);
        thing_of.topic = topic;
        Some(thing)
    }

    /// What the broker tells by itself is told apart by its topic, and a Will from what its client publishes.
    fn told_apart_by(&self, event: &EventRef<'_>, topic: u32) -> u32 {
        let own = event.client().is_empty() || event.kind() == Kind::WillSent;
        if own { topic } else { NONE }
    }

    /// A message that its client holds back or gives up before it sends it.
    fn held(&mut self, side: usize, event: &EventRef<'_>, root: u32, client: u32) -> Option<u32> {
        if let Some(message) = self.message(side, event, root, client) {
            return Some(message);
        }
        if let Some(held) = self.folds[side].held.get(&root) {
            return Some(*held);
        }
        let thing = self.begin(side, Subject::Message, root, client, NONE)?;
        self.folds[side].held.insert(root, thing);
        let topic = self.names.number(event.topic());
        self.things.get_mut(thing as usize)?.topic = topic;
        Some(thing)
    }

    /// Whether the broker has taken a message on.
    fn is_taken(&self, side: usize, message: u32) -> bool {
        let thing = self.things.get(message as usize);
        thing.is_some_and(|thing| thing.facts(side).any(|step| step.what == What::Accepted))
    }
}
