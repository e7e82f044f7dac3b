//! Publishing: what is sent at once, what is held back, what is dropped, and what is sent again.

use super::Message;
use super::device::{Client, Held, Output, State};
use super::packets;
use super::session::Stage;
use crate::broker::{By, Cause, Event, Kind, Observer};
use crate::rule::{RuleId, own, v5};
use crate::time::SimTime;
use crate::wire::{Ack, Packet, Property, Publish, QoS, Text, Version, encode};
use bytes::{Bytes, BytesMut};

const TOO_LONG: &str = "MQTT cannot carry a field that is this long";

/// Why a publication cannot go now.
enum Obstacle {
    /// It never can: why, and the rule that says so.
    Never(&'static str, RuleId),
    /// It can later.
    NotYet(&'static str, RuleId),
}

impl Client {
    pub(super) fn publish<O: Observer>(
        &mut self,
        now: SimTime,
        message: &Message,
        cause: Cause,
        observer: &mut O,
    ) {
        let obstacle = match self.obstacle(message) {
            None if !self.held.is_empty() => {
                Obstacle::NotYet("behind others that wait", own("glassbroker.client.held"))
            }
            None => return self.send_publish(now, message, cause, observer),
            Some(obstacle) => obstacle,
        };
        match obstacle {
            Obstacle::Never(why, rule) => self.drop_message(now, message, why, rule, cause, observer),
            Obstacle::NotYet(_, rule) if self.held.len() >= self.options.queue_max_messages => {
                self.drop_message(
                    now,
                    message,
                    "the client holds back as many as it can",
                    rule,
                    cause,
                    observer,
                );
            }
            Obstacle::NotYet(why, rule) => {
                let depth = u32::try_from(self.held.len() + 1).ok();
                let event = Event::new(now, Kind::MessageQueued, By::Client, &self.identifier, cause);
                let qos = Some(message.qos as u8);
                let cause = observer.note(Event {
                    topic: &message.topic,
                    qos,
                    why,
                    rule: Some(rule),
                    number: depth,
                    ..event
                });
                self.held.push_back(Held { message: message.clone(), cause });
            }
        }
    }

    /// Sends what was held back, as far as it can go.
    pub(super) fn send_held<O: Observer>(&mut self, now: SimTime, observer: &mut O) {
        while let Some(held) = self.held.pop_front() {
            match self.obstacle(&held.message) {
                None => self.send_publish(now, &held.message, held.cause, observer),
                Some(Obstacle::Never(why, rule)) => {
                    self.drop_message(now, &held.message, why, rule, held.cause, observer);
                }
                Some(Obstacle::NotYet(..)) => {
                    self.held.push_front(held);
                    return;
                }
            }
        }
    }

    /// The link takes this many bytes now.
    pub fn writable<O: Observer>(&mut self, now: SimTime, bytes_free: usize, observer: &mut O) {
        self.connection.room_bytes = bytes_free;
        if !self.held.is_empty() {
            self.send_held(now, observer);
        }
    }

    /// Whether it waits to hear that its link takes bytes again.
    pub fn wants_room(&self) -> bool {
        self.state == State::Connected && !self.held.is_empty() && self.connection.room_bytes == 0
    }

    fn obstacle(&self, message: &Message) -> Option<Obstacle> {
        let connection = &self.connection;
        if self.state != State::Connected {
            return Some(match message.qos {
                QoS::AtMostOnce => {
                    Obstacle::Never("the client is not connected", own("glassbroker.client.not-connected"))
                }
                _ => Obstacle::NotYet("the client is not connected", own("glassbroker.client.held")),
            });
        }
        if message.qos > connection.maximum_qos {
            return Some(Obstacle::Never("above the server's Maximum QoS", v5("MQTT-3.2.2-11")));
        }
        if message.retain && !connection.retain_available {
            return Some(Obstacle::Never("the server retains nothing", v5("MQTT-3.2.2-14")));
        }
        if connection.room_bytes == 0 {
            return Some(Obstacle::NotYet("the link is full", own("glassbroker.client.held")));
        }
        if packets::is_acknowledged(message.qos) {
            if connection.unacknowledged >= connection.receive_maximum || !connection.resend.is_empty() {
                return Some(Obstacle::NotYet("the server's Receive Maximum is reached", v5("MQTT-4.9.0-2")));
            }
            if self.session.flights.len() + self.session.asked.len() >= usize::from(u16::MAX) {
                return Some(Obstacle::NotYet(
                    "all Packet Identifiers are in use",
                    own("glassbroker.client.held"),
                ));
            }
        }
        None
    }

    fn send_publish<O: Observer>(&mut self, now: SimTime, message: &Message, cause: Cause, observer: &mut O) {
        let mut publish = packets::publish(message, self.version());
        if packets::is_acknowledged(message.qos) {
            let Some(id) = self.session.free_id() else { return };
            publish.id = id;
        }
        let whole = publish.clone();
        let aliased = match self.alias(message, &mut publish) {
            Ok(aliased) => aliased,
            Err((why, rule)) => return self.drop_message(now, message, why, rule, cause, observer),
        };
        let Some(bytes) = self.encoded(&Packet::Publish(publish)) else {
            return self.drop_message(
                now,
                message,
                TOO_LONG,
                own("glassbroker.client.too-long"),
                cause,
                observer,
            );
        };
        if bytes.len() > self.connection.maximum_packet_bytes {
            let (why, rule) = ("larger than the server's Maximum Packet Size", v5("MQTT-3.2.2-15"));
            return self.drop_message(now, message, why, rule, cause, observer);
        }
        let sent = self.send_bytes(now, bytes, cause, observer);
        if let Some(alias) = aliased {
            self.tell_alias(alias, &message.topic);
        }
        if packets::is_acknowledged(message.qos) {
            self.connection.unacknowledged += 1;
            self.session.keep(without_alias(whole), sent.message);
        }
    }

    /// Replaces the topic by its alias where the message has one and the server knows it; gives the alias that the packet tells.
    fn alias(&self, message: &Message, publish: &mut Publish) -> Result<Option<u16>, (&'static str, RuleId)> {
        let alias = message.extra.as_ref().and_then(|extra| extra.topic_alias);
        let Some(alias) = alias.filter(|_| self.version() == Version::V5) else { return Ok(None) };
        if alias == 0 || alias > self.connection.topic_alias_maximum {
            return Err(("the topic alias is above the server's maximum", v5("MQTT-3.2.2-17")));
        }
        if self.connection.aliases.iter().any(|(known, topic)| (*known, topic) == (alias, &message.topic)) {
            publish.topic = Text::default();
            return Ok(None);
        }
        Ok(Some(alias))
    }

    /// The server was sent an alias with its topic.
    fn tell_alias(&mut self, alias: u16, topic: &str) {
        self.connection.aliases.retain(|(known, _)| *known != alias);
        self.connection.aliases.push((alias, topic.to_owned()));
    }

    /// Sends again what is not finished, in the order of the first sending, as far as the server's Receive Maximum lets it.
    /// [3.1.1 MQTT-4.4.0-1] [5.0 MQTT-4.4.0-1] [MQTT-4.6.0-1, MQTT-3.3.4-7]
    pub(super) fn send_again<O: Observer>(&mut self, now: SimTime, observer: &mut O) {
        while let Some(id) = self.connection.resend.front().copied() {
            let Some(flight) = self.session.flights.get_mut(&id) else {
                self.connection.resend.pop_front();
                continue;
            };
            let cause = Cause { event: self.connection.resumed.event, message: flight.message };
            let packet = match &flight.stage {
                Stage::Sent(_) if self.connection.unacknowledged >= self.connection.receive_maximum => return,
                Stage::Sent(publish) => {
                    flight.counts = true;
                    self.connection.unacknowledged += 1;
                    Packet::Publish(Publish { dup: true, ..Publish::clone(publish) })
                }
                Stage::Released => Packet::Pubrel(Ack { id, ..Ack::default() }),
            };
            self.connection.resend.pop_front();
            self.send(now, &packet, cause, observer);
        }
    }

    /// Encodes a packet, notes it and asks for it to be sent; gives the cause for what follows. A packet that MQTT has no form for
    /// is not sent.
    pub(super) fn send<O: Observer>(
        &mut self,
        now: SimTime,
        packet: &Packet,
        cause: Cause,
        observer: &mut O,
    ) -> Option<Cause> {
        let Some(bytes) = self.encoded(packet) else {
            self.ignore(now, TOO_LONG, cause, observer);
            return None;
        };
        Some(self.send_bytes(now, bytes, cause, observer))
    }

    pub(super) fn send_bytes<O: Observer>(
        &mut self,
        now: SimTime,
        bytes: Bytes,
        cause: Cause,
        observer: &mut O,
    ) -> Cause {
        let cause = self.note_packet(now, Kind::PacketSent, &bytes, cause, observer);
        self.connection.last_sent = now;
        self.connection.room_bytes = self.connection.room_bytes.saturating_sub(bytes.len());
        self.outputs.push_back(Output::Send { bytes, cause });
        cause
    }

    fn encoded(&self, packet: &Packet) -> Option<Bytes> {
        let payload = match packet {
            Packet::Publish(publish) => publish.payload.len() + publish.topic.len(),
            _ => 0,
        };
        let mut bytes = BytesMut::with_capacity(payload + 32);
        encode(packet, self.version(), &mut bytes).then(|| bytes.freeze())
    }

    fn drop_message<O: Observer>(
        &self,
        now: SimTime,
        message: &Message,
        why: &'static str,
        rule: RuleId,
        cause: Cause,
        observer: &mut O,
    ) {
        let event = Event::new(now, Kind::MessageDropped, By::Client, &self.identifier, cause);
        let qos = Some(message.qos as u8);
        observer.note(Event { topic: &message.topic, qos, why, rule: Some(rule), ..event });
    }
}

/// The packet as another connection can carry it, where the alias means nothing.
fn without_alias(mut publish: Publish) -> Publish {
    publish.properties.0.retain(|property| !matches!(property, Property::TopicAlias(_)));
    publish
}
