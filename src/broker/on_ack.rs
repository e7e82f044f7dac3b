//! PUBACK, PUBREC, PUBREL and PUBCOMP (3.4 to 3.7).

use super::inflight::{Flight, Step};
use super::publication::Routed;
use super::session::Unreleased;
use super::store::SessionId;
use super::turn::Turn;
use super::{Broker, Cause, ConnId, Kind, Observer};
use crate::wire::{Ack, Packet, QoS, ReasonCode, Version};

/// The cause of a handshake's later steps: what came in now, about the message that was delivered then.
const fn about(cause: Cause, delivery: Cause) -> Cause {
    Cause { event: cause.event, message: delivery.message }
}

impl Broker {
    /// The client has a QoS 1 message.
    pub(super) fn on_puback<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        id: SessionId,
        ack: &Ack,
        cause: Cause,
    ) {
        self.finish(turn, conn, id, ack, QoS::AtLeastOnce, cause);
    }

    /// The client has a QoS 2 message for good.
    pub(super) fn on_pubcomp<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        id: SessionId,
        ack: &Ack,
        cause: Cause,
    ) {
        self.finish(turn, conn, id, ack, QoS::ExactlyOnce, cause);
    }

    /// Ends a handshake and sends what waited for it.
    fn finish<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        id: SessionId,
        ack: &Ack,
        qos: QoS,
        cause: Cause,
    ) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        let fits = |flight: &Flight| match flight.step {
            Step::Published(_) => qos == QoS::AtLeastOnce && flight.qos == qos,
            Step::Released => qos == QoS::ExactlyOnce,
        };
        if !session.inflight.get(ack.id).is_some_and(fits) {
            self.note_unknown(turn, id, ack, cause);
            return;
        }
        let Some(flight) = session.inflight.take(ack.id) else { return };
        turn.note(Kind::MessageAcknowledged, &session.client, about(cause, flight.cause), |event| {
            event.rule = Some(match qos {
                QoS::ExactlyOnce => session.version.rule("MQTT-4.3.3-1", "MQTT-4.3.3-5"),
                _ => session.version.rule("MQTT-4.3.2-1", "MQTT-4.3.2-3"),
            });
            event.qos = Some(qos as u8);
            event.code = Some(u16::from(ack.code.0));
        });
        self.give_back_quota(conn, &flight);
        self.weigh_session(id);
        self.pump(turn, conn);
    }

    /// The client has a QoS 2 message, or refuses it.
    pub(super) fn on_pubrec<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        id: SessionId,
        ack: &Ack,
        cause: Cause,
    ) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        let version = session.version;
        let Some(flight) = session.inflight.get_mut(ack.id).filter(|flight| flight.qos == QoS::ExactlyOnce)
        else {
            self.note_unknown(turn, id, ack, cause);
            let code = match version {
                Version::V3 => ReasonCode::SUCCESS,
                Version::V5 => ReasonCode::PACKET_IDENTIFIER_NOT_FOUND,
            };
            if !ack.code.is_failure() {
                self.send_ack(turn, conn, Packet::Pubrel, ack.id, code, cause);
            }
            return;
        };
        let cause = about(cause, flight.cause);
        if version == Version::V5 && ack.code.is_failure() {
            // [MQTT-4.4.0-2]: it counts as acknowledged.
            let flight = session.inflight.take(ack.id);
            turn.note(Kind::MessageAcknowledged, &session.client, cause, |event| {
                event.rule = Some(crate::rule::v5("MQTT-4.4.0-2"));
                event.qos = Some(QoS::ExactlyOnce as u8);
                event.code = Some(u16::from(ack.code.0));
            });
            if let Some(flight) = flight {
                self.give_back_quota(conn, &flight);
            }
            self.weigh_session(id);
            self.pump(turn, conn);
            return;
        }
        // The message itself is not needed any more: PUBLISH is never sent again after PUBREL. [5.0 MQTT-4.3.3-6, MQTT-4.3.3-7]
        session.inflight.release(ack.id);
        let cause = turn.note(Kind::Decision, &session.client, cause, |event| {
            event.rule = Some(version.rule("MQTT-4.3.3-1", "MQTT-4.3.3-4"));
            event.why = "received by the client: released";
        });
        self.weigh_session(id);
        self.send_ack(turn, conn, Packet::Pubrel, ack.id, ReasonCode::SUCCESS, cause);
        // What is not kept any more may leave room for what waits.
        self.pump(turn, conn);
    }

    /// The client releases a QoS 2 message that it published.
    pub(super) fn on_pubrel<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        id: SessionId,
        ack: &Ack,
        cause: Cause,
    ) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        let version = session.version;
        let known = session.incoming.release(ack.id);
        let unreleased = session.incoming.take(ack.id);
        let cause = turn.note(Kind::Decision, &session.client, cause, |event| {
            event.rule = Some(version.rule("MQTT-4.3.3-2", "MQTT-4.3.3-11"));
            event.why = if known {
                "released by the publisher"
            } else {
                "no message of this Packet Identifier waits"
            };
        });
        let code = match version {
            Version::V5 if !known => ReasonCode::PACKET_IDENTIFIER_NOT_FOUND,
            _ => ReasonCode::SUCCESS,
        };
        if let Some(Unreleased { publication, cause: accepted, .. }) = unreleased {
            self.weigh_session(id);
            self.hand_on(turn, id, version, &mut Routed::shared(publication), about(cause, accepted));
        }
        self.send_ack(turn, conn, Packet::Pubcomp, ack.id, code, cause);
    }

    /// The send quota grows with each PUBACK, PUBCOMP and failed PUBREC (4.9), but not for what was sent on an earlier
    /// connection only: more would then be under way than the Receive Maximum ([MQTT-3.3.4-9]).
    pub(super) fn give_back_quota(&mut self, conn: ConnId, flight: &Flight) {
        if let Some(connection) = self.live.connection_mut(conn).filter(|_| flight.counts) {
            connection.quota = connection.quota.saturating_add(1).min(connection.quota_max);
        }
    }

    /// An acknowledgement of nothing that is under way is ignored: it may be of before a lost session.
    fn note_unknown<O: Observer>(&mut self, turn: &mut Turn<'_, O>, id: SessionId, ack: &Ack, cause: Cause) {
        let Some(session) = self.store.session(id) else { return };
        turn.note(Kind::Decision, &session.client, cause, |event| {
            event.rule = Some(session.version.rule("MQTT-2.3.1-6", "MQTT-2.2.1-5"));
            event.number = Some(u32::from(ack.id));
            event.why = "no message of this Packet Identifier is at this step";
        });
    }
}
