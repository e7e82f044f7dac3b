//! QoS 1 on a connection that lives: what is not acknowledged in time is sent again, and given up in the end.

use super::arena::Shape;
use super::deliver::{emit, note_too_large};
use super::inflight::{Flight, Step};
use super::store::SessionId;
use super::timers::TimerKey;
use super::turn::Turn;
use super::{Broker, Cause, ConnId, Kind, Observer};
use crate::rule::{aws, v5};
use crate::time::{SimTime, Span};
use crate::wire::{QoS, Version};

/// What becomes of a message that is not acknowledged.
enum Due {
    Again,
    GivenUp,
    Expired,
}

impl Broker {
    /// How long a client may take to acknowledge before its message is given up.
    const fn resend_window(&self, version: Version) -> Option<Span> {
        match version {
            Version::V3 => self.limits.session_resend_window_v3,
            Version::V5 => self.limits.session_resend_window_v5,
        }
    }

    /// When a message is next looked at, if no acknowledgement comes.
    fn due_at(&self, version: Version, flight: &Flight) -> Option<SimTime> {
        let again_at = self.limits.session_resend_after.map(|span| flight.sent_at + span);
        let end_at = self.resend_window(version).map(|span| flight.first_at + span);
        [again_at, end_at].into_iter().flatten().min()
    }

    /// Sets the timer to the first moment at which something is not acknowledged in time, unless it is set.
    #[cold]
    pub(super) fn arm_resend(&mut self, now: SimTime, id: SessionId) {
        let Some(session) = self.store.session(id).filter(|session| session.resend_at.is_none()) else {
            return;
        };
        let waits = session.inflight.iter().filter(|(_, flight)| is_unacknowledged(flight));
        let next = waits.filter_map(|(_, flight)| self.due_at(session.version, flight)).min();
        let (Some(next), Some(session)) = (next, self.store.sessions.get_mut(id.0)) else { return };
        // What could not leave in time is looked at again a moment later, not at once.
        let at = if next > now { next } else { now + Span::s(1) };
        self.live.timers.set(&mut session.resend_at, TimerKey::Resend(id), at);
    }

    /// Sends again what is not acknowledged in time, and drops what never was.
    pub(super) fn on_resend_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>, id: SessionId) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        session.resend_at = None;
        let Some(session) = self.store.session(id) else { return };
        let (Some(conn), version) = (session.conn, session.version) else { return };
        let window = self.resend_window(version);
        let mut due = Vec::new();
        for (packet_id, flight) in session.inflight.iter().filter(|(_, flight)| is_unacknowledged(flight)) {
            let Step::Published(publication) = &flight.step else { continue };
            if self.due_at(version, flight).is_none_or(|at| at > turn.now) {
                continue;
            }
            due.push((
                packet_id,
                match window {
                    _ if publication.is_expired(turn.now) => Due::Expired,
                    Some(window) if flight.first_at + window <= turn.now => Due::GivenUp,
                    _ => Due::Again,
                },
            ));
        }
        for (packet_id, what) in due {
            match what {
                Due::Again => self.send_again(turn, conn, id, packet_id),
                Due::GivenUp | Due::Expired => self.give_up(turn, conn, id, packet_id, &what),
            }
        }
        self.weigh_session(id);
        self.pump(turn, conn);
        self.arm_resend(turn.now, id);
    }

    fn send_again<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        id: SessionId,
        packet_id: u16,
    ) {
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        // What a resumption has still to send is not under way on this connection.
        if connection.resend.contains(&packet_id) {
            return;
        }
        let Some(flight) = session.inflight.get_mut(packet_id) else { return };
        let Step::Published(publication) = &flight.step else { return };
        let shape = Shape {
            version: connection.version,
            qos: flight.qos,
            retain: flight.retain,
            dup: self.limits.session_resend_dup,
            id: packet_id,
            ids: &flight.ids,
        };
        let (body, topic) = (publication.message.payload.clone(), publication.message.topic.clone());
        let Some(head) = self.live.arena.publish(publication, &shape, turn.now) else { return };
        let (cause, qos) = (flight.cause, flight.qos);
        if head.len() + body.len() > connection.packet_max_bytes {
            note_too_large(turn, session, &topic, qos, None, cause);
            return;
        }
        if !connection.takes(turn.now, head.len() + body.len()) {
            return;
        }
        flight.sent_at = turn.now;
        let cause = turn.note(Kind::Decision, &session.client, cause, |event| {
            event.rule = Some(aws("aws.qos.resend"));
            event.topic = &topic;
            event.number = Some(u32::from(packet_id));
            event.why = "not acknowledged: sent again";
        });
        let limits = &self.limits;
        emit(turn, limits, &mut self.live.outputs, session, connection, conn, head, body, cause);
    }

    fn give_up<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        id: SessionId,
        packet_id: u16,
        what: &Due,
    ) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        let Some(flight) = session.inflight.take(packet_id) else { return };
        let Step::Published(publication) = &flight.step else { return };
        let (kind, rule, why) = match what {
            Due::Expired => {
                (Kind::MessageExpired, v5("MQTT-3.3.2-5"), "it expired before it was acknowledged")
            }
            _ => (Kind::MessageDropped, aws("aws.qos.window"), "not acknowledged for too long"),
        };
        turn.note(kind, &session.client, Cause { ..flight.cause }, |event| {
            event.rule = Some(rule);
            event.topic = &publication.message.topic;
            event.qos = Some(flight.qos as u8);
            event.why = why;
        });
        self.give_back_quota(conn, &flight);
    }
}

/// Whether a QoS 1 message was sent on the present connection and is not acknowledged.
fn is_unacknowledged(flight: &Flight) -> bool {
    flight.counts && flight.qos == QoS::AtLeastOnce && matches!(flight.step, Step::Published(_))
}
