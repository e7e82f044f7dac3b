//! What comes from the server.

use super::device::{Client, State};
use super::packets;
use super::session::{Asked, Granted, Stage};
use crate::broker::{Cause, Kind, Observer};
use crate::policy::{self, METHOD};
use crate::rule::v5;
use crate::time::{SimTime, Span};
use crate::wire::{
    Ack, Auth, Connack, Packet, PacketType, Property, Publish, QoS, ReasonCode, Suback, Text, Version, decode,
};
use bytes::Bytes;

impl Client {
    /// Takes one packet, as the broker sends them: each in a WebSocket message of its own.
    pub fn receive<O: Observer>(&mut self, now: SimTime, bytes: &Bytes, cause: Cause, observer: &mut O) {
        if !matches!(self.state, State::Connecting | State::Connected) {
            return;
        }
        let cause = self.note_packet(now, Kind::PacketReceived, bytes, cause, observer);
        match decode(bytes, self.version()) {
            Ok(packet) => self.take(now, packet, cause, observer),
            Err(malformed) => self.refuse(now, malformed.code, malformed.what, cause, observer),
        }
        if self.state == State::Connected {
            self.send_again(now, observer);
            self.send_held(now, observer);
        }
    }

    fn take<O: Observer>(&mut self, now: SimTime, packet: Packet, cause: Cause, observer: &mut O) {
        match (self.state, packet) {
            (State::Connecting, Packet::Connack(connack)) => self.connack(now, &connack, cause, observer),
            (_, Packet::Auth(auth)) if auth.code == ReasonCode::CONTINUE_AUTHENTICATION => {
                self.answer(now, &auth, cause, observer);
            }
            (State::Connected, Packet::Auth(auth)) if auth.code == ReasonCode::SUCCESS => {}
            (State::Connecting, _) => {
                self.refuse(now, ReasonCode::PROTOCOL_ERROR, "a packet before CONNACK", cause, observer);
            }
            (_, Packet::Publish(publish)) => self.delivered(now, &publish, cause, observer),
            (_, Packet::Puback(ack)) => self.finish(ack.id, false),
            (_, Packet::Pubrec(ack)) => self.pubrec(now, &ack, cause, observer),
            (_, Packet::Pubcomp(ack)) => self.finish(ack.id, true),
            (_, Packet::Pubrel(ack)) => {
                let known = self.session.incoming.remove(&ack.id).is_some();
                let code = match self.version() {
                    Version::V5 if !known => ReasonCode::PACKET_IDENTIFIER_NOT_FOUND,
                    _ => ReasonCode::default(),
                };
                let answer = Packet::Pubcomp(Ack { id: ack.id, code, ..Ack::default() });
                self.acknowledge(now, answer, cause, observer);
            }
            (_, Packet::Suback(suback)) => self.suback(&suback),
            (_, Packet::Unsuback(unsuback)) => {
                if let Some(Asked::Unsubscribe(filters)) = self.session.asked.remove(&unsuback.id) {
                    for filter in filters {
                        self.session.subscriptions.remove(filter.as_str());
                    }
                }
            }
            (_, Packet::Pingresp) => self.connection.pinged = None,
            // The server closes the WebSocket next.
            (_, Packet::Disconnect(packet)) => {
                self.dismissed = Some((PacketType::Disconnect, packet.code));
                self.state = State::Closing;
            }
            _ => self.refuse(
                now,
                ReasonCode::PROTOCOL_ERROR,
                "a packet that a server never sends",
                cause,
                observer,
            ),
        }
    }

    fn connack<O: Observer>(&mut self, now: SimTime, connack: &Connack, cause: Cause, observer: &mut O) {
        self.connect_by = None;
        if connack.code != ReasonCode::default() {
            // The server closes the WebSocket next [3.1.1 MQTT-3.2.2-5] [5.0 MQTT-3.2.2-7].
            self.dismissed = Some((PacketType::Connack, connack.code));
            self.state = State::Closing;
            return;
        }
        if connack.session_present && !self.session.exists && self.version() == Version::V5 {
            // [5.0 MQTT-3.2.2-4]; 3.1.1 asks nothing of the client here.
            self.state = State::Connected;
            let why = "the server has a session that the client knows nothing of";
            self.decide(now, why, v5("MQTT-3.2.2-4"), cause, observer);
            self.refuse(now, ReasonCode::PROTOCOL_ERROR, why, cause, observer);
            return;
        }
        self.state = State::Connected;
        self.set_limits(connack);
        if !connack.session_present {
            self.forget_session(now, "the server has no session", cause, observer);
        }
        self.session.exists = true;
        self.connection.resend = self.session.begin_connection();
        self.connection.resumed = cause;
    }

    /// The server challenges the client.
    fn answer<O: Observer>(&mut self, now: SimTime, auth: &Auth, cause: Cause, observer: &mut O) {
        let options = &self.options.connect;
        let asked = auth.properties.authentication_method().map(Text::as_str);
        if asked != options.auth.as_deref() || asked != Some(METHOD) {
            let why = "a challenge by a method that the client does not know, or did not name";
            return self.refuse(now, ReasonCode::PROTOCOL_ERROR, why, cause, observer);
        }
        let challenge = auth.properties.authentication_data().map(|data| &data[..]).unwrap_or_default();
        let answer = policy::answer(challenge, options.password.as_deref().unwrap_or_default());
        let packet = packets::auth(options, Some(answer));
        self.send(now, &Packet::Auth(packet), cause, observer);
    }

    /// What the server allows on this connection.
    fn set_limits(&mut self, connack: &Connack) {
        let options = &self.options.connect;
        let connection = &mut self.connection;
        let mut keep_alive_s = options.keep_alive_s;
        let mut session_expiry_s = options.session_expiry_s.unwrap_or(0);
        for property in &connack.properties.0 {
            match property {
                Property::ReceiveMaximum(maximum) => connection.receive_maximum = *maximum,
                Property::MaximumQoS(0) => connection.maximum_qos = QoS::AtMostOnce,
                Property::MaximumQoS(1) => connection.maximum_qos = QoS::AtLeastOnce,
                Property::RetainAvailable(available) => connection.retain_available = *available != 0,
                Property::MaximumPacketSize(bytes) => {
                    connection.maximum_packet_bytes = usize::try_from(*bytes).unwrap_or(usize::MAX);
                }
                Property::TopicAliasMaximum(maximum) => connection.topic_alias_maximum = *maximum,
                Property::ServerKeepAlive(seconds) => keep_alive_s = *seconds,
                Property::SessionExpiryInterval(seconds) => session_expiry_s = *seconds,
                Property::AssignedClientIdentifier(identifier) => {
                    self.identifier = identifier.as_str().to_owned();
                }
                _ => {}
            }
        }
        connection.keep_alive = (keep_alive_s > 0).then(|| Span::s(u64::from(keep_alive_s)));
        connection.session_ends = match self.options.version {
            Version::V3 => options.clean_start,
            Version::V5 => session_expiry_s == 0,
        };
    }

    /// An application message arrived.
    fn delivered<O: Observer>(&mut self, now: SimTime, publish: &Publish, cause: Cause, observer: &mut O) {
        let ack = Ack { id: publish.id, ..Ack::default() };
        if publish.qos != QoS::AtMostOnce && self.version() == Version::V5 {
            self.connection.incoming.insert(publish.id, ());
            let most = self.options.connect.receive_maximum.unwrap_or(u16::MAX);
            if self.connection.incoming.len() > usize::from(most) {
                let why = "more messages at once than the client's Receive Maximum";
                self.refuse(now, ReasonCode::RECEIVE_MAXIMUM_EXCEEDED, why, cause, observer);
                return;
            }
        }
        match publish.qos {
            QoS::AtMostOnce => {}
            QoS::AtLeastOnce => self.acknowledge(now, Packet::Puback(ack), cause, observer),
            QoS::ExactlyOnce => {
                self.session.incoming.insert(publish.id, ());
                self.acknowledge(now, Packet::Pubrec(ack), cause, observer);
            }
        }
    }

    fn pubrec<O: Observer>(&mut self, now: SimTime, ack: &Ack, cause: Cause, observer: &mut O) {
        if ack.code.0 >= 0x80 {
            self.finish(ack.id, false);
            return;
        }
        let version = self.version();
        let code = match self.session.flights.get_mut(&ack.id) {
            Some(flight) => {
                flight.stage = Stage::Released;
                ReasonCode::default()
            }
            None if version == Version::V5 => ReasonCode::PACKET_IDENTIFIER_NOT_FOUND,
            None => ReasonCode::default(),
        };
        let answer = Packet::Pubrel(Ack { id: ack.id, code, ..Ack::default() });
        self.send(now, &answer, cause, observer);
    }

    /// A publication is finished, or was refused by the server. `released` tells whether PUBREL should have been sent before.
    fn finish(&mut self, id: u16, released: bool) {
        let Some(flight) = self.session.flights.get(&id) else { return };
        if released == matches!(flight.stage, Stage::Released) {
            if flight.counts {
                self.connection.unacknowledged = self.connection.unacknowledged.saturating_sub(1);
            }
            self.session.flights.remove(&id);
        }
    }

    fn suback(&mut self, suback: &Suback) {
        let Some(Asked::Subscribe(request)) = self.session.asked.remove(&suback.id) else { return };
        for (asked, code) in request.filters.into_iter().zip(&suback.codes) {
            self.session.subscriptions.insert(asked.filter.into(), Granted { asked: asked.qos, code: *code });
        }
    }
}
