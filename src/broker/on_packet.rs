//! Whole packets: decoding, and who handles which.

use super::turn::Turn;
use super::{Broker, Cause, ConnId, Ending, Kind, Observer, PacketBytes};
use crate::profile::Quota;
use crate::rule::{RuleId, aws};
use crate::wire::{self, Malformed, Packet, PacketType, ReasonCode, Version};
use bytes::Bytes;

impl Broker {
    /// Handles one whole packet.
    pub(super) fn on_packet<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        bytes: Bytes,
        cause: Cause,
    ) {
        self.live.sys.counted.messages_received += 1;
        let Some(connection) = self.live.connection(conn) else { return };
        let Some(id) = connection.session else {
            match connection.auth {
                Some(_) => self.on_packet_before_connack(turn, conn, &bytes, cause),
                None => self.on_first_packet(turn, conn, bytes, cause),
            }
            return;
        };
        let version = connection.version;
        let decoded = wire::decode(&bytes, version);
        let cause = if O::WATCHES {
            let client = self.store.session(id).map_or("", |session| &session.client);
            turn.note(Kind::PacketReceived, client, cause, |event| {
                event.packet = Some(PacketBytes { version, head: &bytes, body: &[] });
            })
        } else {
            cause
        };
        match decoded {
            Ok(Packet::Publish(publish)) => self.on_publish(turn, conn, id, publish, cause),
            Ok(Packet::Pubrec(_) | Packet::Pubrel(_) | Packet::Pubcomp(_)) if !self.limits.packet_qos2 => {
                let why = "a packet of QoS 2, which there is not";
                self.refuse(turn, conn, ReasonCode::PROTOCOL_ERROR, aws("aws.qos.packets"), why, cause);
            }
            Ok(Packet::Puback(ack)) => self.on_puback(turn, conn, id, &ack, cause),
            Ok(Packet::Pubrec(ack)) => self.on_pubrec(turn, conn, id, &ack, cause),
            Ok(Packet::Pubrel(ack)) => self.on_pubrel(turn, conn, id, &ack, cause),
            Ok(Packet::Pubcomp(ack)) => self.on_pubcomp(turn, conn, id, &ack, cause),
            Ok(Packet::Subscribe(subscribe)) => self.on_subscribe(turn, conn, id, &subscribe, cause),
            Ok(Packet::Unsubscribe(unsubscribe)) => self.on_unsubscribe(turn, conn, id, &unsubscribe, cause),
            Ok(Packet::Pingreq) => {
                // [MQTT-3.12.4-1]
                self.send_packet(turn, conn, &Packet::Pingresp, cause);
            }
            Ok(Packet::Disconnect(disconnect)) => self.on_disconnect(turn, conn, id, &disconnect, cause),
            Ok(Packet::Connect(_)) => {
                let rule = version.rule("MQTT-3.1.0-2", "MQTT-3.1.0-2");
                self.refuse(turn, conn, ReasonCode::PROTOCOL_ERROR, rule, "a second CONNECT", cause);
            }
            Ok(Packet::Auth(auth)) => self.on_auth(turn, conn, &auth, cause),
            Ok(Packet::Connack(_) | Packet::Suback(_) | Packet::Unsuback(_) | Packet::Pingresp) => {
                let rule = version.rule("MQTT-4.8.0-1", "MQTT-4.13.1-1");
                self.refuse(
                    turn,
                    conn,
                    ReasonCode::PROTOCOL_ERROR,
                    rule,
                    "a packet that only a server sends",
                    cause,
                );
            }
            Err(malformed) => self.refuse_malformed(turn, conn, &malformed, cause),
        }
    }

    /// Ends a connection whose client broke the protocol: 5.0 is told why, 3.1.1 is closed.
    pub(super) fn refuse<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        code: ReasonCode,
        rule: RuleId,
        why: &str,
        cause: Cause,
    ) {
        self.refuse_as(turn, conn, Ending::ProtocolError, code, rule, why, cause);
    }

    /// Ends a connection whose client did what it may not do.
    pub(super) fn refuse_permission<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        rule: RuleId,
        why: &str,
        cause: Cause,
    ) {
        self.refuse_as(turn, conn, Ending::NotAuthorized, ReasonCode::NOT_AUTHORIZED, rule, why, cause);
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn refuse_as<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        ending: Ending,
        code: ReasonCode,
        rule: RuleId,
        why: &str,
        cause: Cause,
    ) {
        let cause = if O::WATCHES {
            turn.note(Kind::Decision, self.client_of(conn), cause, |event| {
                event.rule = Some(rule);
                event.code = Some(u16::from(code.0));
                event.why = why;
            })
        } else {
            cause
        };
        self.hang_up(turn, conn, ending, code, why, cause);
    }

    /// As [`Self::refuse`], for bytes that are no packet.
    pub(super) fn refuse_malformed<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        malformed: &Malformed,
        cause: Cause,
    ) {
        let version = self.live.connection(conn).map_or(Version::V3, |connection| connection.version);
        let rule = malformed.rule.unwrap_or_else(|| match malformed.code {
            ReasonCode::PACKET_TOO_LARGE => self.rule_of("packet.max_bytes"),
            _ => version.rule("MQTT-4.8.0-1", "MQTT-4.13.1-1"),
        });
        // A second CONNECT may be wrong in a way that only CONNACK has a code for.
        let code = match malformed.code.is_listed(PacketType::Disconnect, Version::V5) {
            true => malformed.code,
            false => ReasonCode::PROTOCOL_ERROR,
        };
        self.refuse(turn, conn, code, rule, malformed.what, cause);
    }

    /// The client identifier of a connection; empty before its CONNECT was accepted.
    pub(super) fn client_of(&self, conn: ConnId) -> &str {
        self.live.connection(conn).map_or("", |connection| connection.client(&self.store))
    }

    /// Sends a packet other than PUBLISH, at once or when the link has room, and gives the cause of what follows from it.
    pub(super) fn send_packet<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        packet: &Packet,
        cause: Cause,
    ) {
        let Some(connection) = self.live.connections.get(conn.0) else { return };
        let head = self.live.arena.packet(packet, connection.version);
        self.transmit(turn, conn, head, cause);
    }

    /// Sends bytes of a packet other than PUBLISH.
    #[inline]
    pub(super) fn transmit<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        head: Bytes,
        cause: Cause,
    ) {
        let is_puback = |head: &Bytes| head.first().is_some_and(|byte| byte >> 4 == PacketType::Puback as u8);
        if !(self.limits.quirks && is_puback(&head) && self.is_late_ack(turn, conn, &head, cause)) {
            self.transmit_now(turn, conn, head, cause);
        }
    }

    /// The same, not late.
    pub(super) fn transmit_now<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        head: Bytes,
        cause: Cause,
    ) {
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        if head.len() > connection.packet_max_bytes {
            // As if it had been sent ([MQTT-3.1.2-25]).
            turn.note(Kind::Decision, self.client_of(conn), cause, |event| {
                event.rule = Some(crate::rule::v5("MQTT-3.1.2-24"));
                event.why = "larger than the client's Maximum Packet Size";
            });
            return;
        }
        if !connection.takes(turn.now, head.len()) {
            connection.keeps(head.len());
            connection.waiting.push_back(super::connection::Waiting { head, cause });
            if connection.waiting_bytes > self.limits.connection_waiting_max_bytes {
                self.live.overfull.push(conn);
            }
            self.weigh_connection(conn);
            if self.is_full(0) {
                self.live.overfull.push(conn);
            }
            self.arm_write(turn, conn, cause);
            return;
        }
        connection.gives(turn.now, self.limits.rate(Quota::BytesOut), head.len());
        let client = connection.client(&self.store);
        let version = connection.version;
        let cause = turn.note(Kind::PacketSent, client, cause, |event| {
            event.packet = Some(PacketBytes { version, head: &head, body: &[] });
        });
        self.live.outputs.push_back(super::Output::Send { conn, head, body: Bytes::new(), cause });
    }
}
