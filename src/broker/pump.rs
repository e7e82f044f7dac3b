//! What waits for a connection leaves as the link, the send quota and the replay rate allow.

use super::arena::Shape;
use super::bucket::Bucket;
use super::connection::Connection;
use super::deliver::{Delivery, depth, emit, has_window, note_delivered, note_too_large};
use super::inflight::{Flight, Step};
use super::outbox::Queued;
use super::session::Session;
use super::store::SessionId;
use super::timers::TimerKey;
use super::turn::Turn;
use super::{Broker, Cause, ConnId, Kind, Observer};
use crate::profile::{QUOTAS, Quota};
use crate::time::SimTime;
use crate::wire::{Packet, QoS, ReasonCode};

/// Which of the two queues of an outbox.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lane {
    Stored,
    Live,
}

impl Broker {
    /// After a session was resumed or created: all that is unacknowledged is sent again, in order and with its identifier
    /// ([3.1.1 MQTT-4.4.0-1], [5.0 MQTT-4.4.0-1], [MQTT-4.6.0-1]), then what was stored.
    pub(super) fn resume<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        id: SessionId,
        cause: Cause,
    ) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        session.inflight.begin_connection();
        session.incoming.begin_connection();
        connection.resend = session.inflight.iter().map(|(id, _)| id).collect();
        connection.resumed = cause;
        self.pump(turn, conn);
    }

    /// Sends what waits and may leave.
    #[inline]
    pub(super) fn pump<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId) {
        let Some(connection) = self.live.connections.get(conn.0) else { return };
        let Some(id) = connection.session else {
            self.pump_waiting(turn, conn);
            self.arm_write(turn, conn, Cause::NONE);
            return self.weigh_connection(conn);
        };
        let Some(session) = self.store.sessions.get(id.0) else { return };
        let idle = connection.waiting.is_empty()
            && connection.qos0.is_empty()
            && connection.resend.is_empty()
            && session.outbox.is_empty();
        if !idle {
            self.pump_slowly(turn, conn, id);
            if self.limits.session_resend_after.is_some() {
                self.arm_resend(turn.now, id);
            }
            self.weigh_session(id);
            self.weigh_connection(conn);
            self.arm_write(turn, conn, Cause::NONE);
        }
        if self.store.groups.waiting() > 0 {
            self.pump_groups(turn);
        }
    }

    fn pump_slowly<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId, id: SessionId) {
        self.pump_waiting(turn, conn);
        self.pump_qos0(turn, conn, id);
        let all_sent_again = self.pump_resend(turn, conn, id);
        if all_sent_again {
            self.pump_outbox(turn, conn, id, Lane::Stored);
        }
        let Some(connection) = self.live.connections.get(conn.0) else { return };
        let Some(session) = self.store.sessions.get(id.0) else { return };
        let paced = self.limits.rate(Quota::Replay).is_some();
        if paced || (connection.resend.is_empty() && session.outbox.stored().is_empty()) {
            self.pump_outbox(turn, conn, id, Lane::Live);
        }
    }

    /// Packets that wait for the link.
    fn pump_waiting<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId) {
        while let Some(connection) = self.live.connections.get_mut(conn.0) {
            let Some(first) = connection.waiting.pop_front() else { return };
            let rest = std::mem::take(&mut connection.waiting);
            if !connection.takes(turn.now, first.head.len()) {
                connection.waiting = rest;
                connection.waiting.push_front(first);
                return;
            }
            connection.lets_go(first.head.len());
            self.transmit_now(turn, conn, first.head, first.cause);
            if let Some(connection) = self.live.connections.get_mut(conn.0) {
                connection.waiting = rest;
            }
        }
    }

    /// QoS 0 messages that wait for the link.
    fn pump_qos0<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId, id: SessionId) {
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        while let Some(queued) = connection.qos0.pop_front() {
            let size = queued.publication.size();
            if queued.publication.is_expired(turn.now) {
                connection.lets_go(size);
                note_expired(turn, &session.client, &queued, depth(session, Some(connection)));
                continue;
            }
            let shape = Shape {
                version: connection.version,
                qos: QoS::AtMostOnce,
                retain: queued.retain,
                dup: false,
                id: 0,
                ids: &queued.ids,
            };
            let body = &queued.publication.message.payload;
            let head = self.live.arena.publish(&queued.publication, &shape, turn.now);
            let topic = &queued.publication.message.topic;
            let Some(head) = head.filter(|head| head.len() + body.len() <= connection.packet_max_bytes)
            else {
                connection.lets_go(size);
                let left = depth(session, Some(connection));
                note_too_large(turn, session, topic, queued.qos, left, queued.cause);
                continue;
            };
            if !connection.takes(turn.now, head.len() + body.len()) {
                connection.qos0.push_front(queued);
                return;
            }
            connection.lets_go(size);
            let left = depth(session, Some(connection));
            let cause = note_dequeued(turn, &session.client, &queued, left);
            let Queued { qos, retain, group, .. } = queued;
            let delivery = Delivery { qos, retain, ids: queued.ids.clone(), group };
            let cause = note_delivered(turn, session, topic, &delivery, cause);
            let body = body.clone();
            let limits = &self.limits;
            emit(turn, limits, &mut self.live.outputs, session, connection, conn, head, body, cause);
        }
    }

    /// What a resumption sends again. `true` once all of it has left.
    fn pump_resend<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId, id: SessionId) -> bool {
        while let Some(connection) = self.live.connections.get_mut(conn.0) {
            let Some(packet_id) = connection.resend.front().copied() else { return true };
            let Some(session) = self.store.sessions.get_mut(id.0) else { return false };
            let Some(flight) = session.inflight.get(packet_id) else {
                connection.resend.pop_front();
                continue;
            };
            let cause = Cause { event: connection.resumed.event, message: flight.cause.message };
            match &flight.step {
                Step::Released => {
                    if !connection.waiting.is_empty() {
                        return false;
                    }
                    connection.resend.pop_front();
                    if self.limits.session_resend_over_quota {
                        take_quota(connection, session, packet_id, turn.now);
                    }
                    self.send_ack(turn, conn, Packet::Pubrel, packet_id, ReasonCode::SUCCESS, cause);
                }
                Step::Published(publication) => {
                    let shape = Shape {
                        version: connection.version,
                        qos: flight.qos,
                        retain: flight.retain,
                        // [MQTT-3.3.1-1].
                        dup: self.limits.session_resend_dup,
                        id: packet_id,
                        ids: &flight.ids,
                    };
                    let body = publication.message.payload.clone();
                    let head = self.live.arena.publish(publication, &shape, turn.now);
                    let Some(head) =
                        head.filter(|head| head.len() + body.len() <= connection.packet_max_bytes)
                    else {
                        // The client takes less than it did: as if it had been sent and acknowledged.
                        let (topic, qos) = (publication.message.topic.clone(), flight.qos);
                        connection.resend.pop_front();
                        session.inflight.take(packet_id);
                        note_too_large(turn, session, &topic, qos, None, cause);
                        continue;
                    };
                    let over_quota = connection.quota == 0 && !self.limits.session_resend_over_quota;
                    if over_quota || !connection.takes(turn.now, head.len() + body.len()) {
                        return false;
                    }
                    if !self.may_replay(turn, id) {
                        return false;
                    }
                    let Some(connection) = self.live.connections.get_mut(conn.0) else { return false };
                    let Some(session) = self.store.sessions.get_mut(id.0) else { return false };
                    take_quota(connection, session, packet_id, turn.now);
                    connection.resend.pop_front();
                    let limits = &self.limits;
                    emit(turn, limits, &mut self.live.outputs, session, connection, conn, head, body, cause);
                }
            }
        }
        false
    }

    /// The messages of one queue, while there is room in flight and on the link and the pace allows.
    fn pump_outbox<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId, id: SessionId, lane: Lane) {
        loop {
            let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
            let Some(session) = self.store.sessions.get_mut(id.0) else { return };
            let queue = if lane == Lane::Stored { session.outbox.stored() } else { session.outbox.live() };
            let Some(first) = queue.front() else { return };
            if first.publication.is_expired(turn.now) {
                if let Some(queued) = session.outbox.pop(lane == Lane::Live) {
                    note_expired(turn, &session.client, &queued, depth(session, Some(connection)));
                }
                continue;
            }
            if !has_window(session, connection, &self.limits) {
                return;
            }
            let shape = Shape {
                version: connection.version,
                qos: first.qos,
                retain: first.retain,
                dup: false,
                id: session.inflight.next_id(),
                ids: &first.ids,
            };
            let body = first.publication.message.payload.clone();
            let head = self.live.arena.publish(&first.publication, &shape, turn.now);
            let Some(head) = head.filter(|head| head.len() + body.len() <= connection.packet_max_bytes)
            else {
                if let Some(queued) = session.outbox.pop(lane == Lane::Live) {
                    let left = depth(session, Some(connection));
                    let topic = &queued.publication.message.topic;
                    note_too_large(turn, session, topic, queued.qos, left, queued.cause);
                }
                continue;
            };
            if !connection.takes(turn.now, head.len() + body.len()) {
                return;
            }
            if lane == Lane::Stored && !self.may_replay(turn, id) {
                return;
            }
            let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
            let Some(session) = self.store.sessions.get_mut(id.0) else { return };
            let Some(queued) = session.outbox.pop(lane == Lane::Live) else { return };
            let cause = note_dequeued(turn, &session.client, &queued, depth(session, Some(connection)));
            let Queued { publication, qos, retain, ids, group, .. } = queued;
            let delivery = Delivery { qos, retain, ids, group };
            let cause = note_delivered(turn, session, &publication.message.topic, &delivery, cause);
            let Delivery { ids, .. } = delivery;
            let step = Step::Published(publication);
            let (first_at, sent_at) = (turn.now, turn.now);
            let flight = Flight { step, qos, retain, ids, group, cause, first_at, sent_at, counts: true };
            session.inflight.add(flight);
            connection.quota -= 1;
            let limits = &self.limits;
            emit(turn, limits, &mut self.live.outputs, session, connection, conn, head, body, cause);
        }
    }

    /// Takes a token of the session's replay bucket, and one of those of all that goes to it; where there is none, sets the timer to
    /// when there will be.
    fn may_replay<O: Observer>(&mut self, turn: &mut Turn<'_, O>, id: SessionId) -> bool {
        let Some(rate) = self.limits.rate(Quota::Replay) else { return true };
        let Some(session) = self.store.sessions.get_mut(id.0) else { return false };
        let all = self.limits.rate(Quota::PublishOut);
        let mut next = (session.bucket.next(turn.now, rate), Quota::Replay);
        let free = |all| match self.limits.session_replay_yields {
            // [aws.session.replay-yields]
            true => session.sent.next_beside(turn.now, all),
            false => session.sent.next(turn.now, all),
        };
        if let Some(at) = all.map(free).filter(|at| *at > next.0) {
            next = (at, Quota::PublishOut);
        }
        let (next, quota) = next;
        if next <= turn.now {
            session.bucket.take(turn.now, rate, 1);
            if let Some(all) = all {
                session.sent.take(turn.now, all, 1);
            }
            return true;
        }
        // What goes to the client meanwhile makes it later: that is looked at when it is due.
        if session.replay_at.is_none_or(|at| next < at) {
            self.live.timers.set(&mut session.replay_at, TimerKey::Replay(id), next);
            let depth = session.outbox.stored().len();
            let cause = session.outbox.stored().front().map_or(Cause::NONE, |queued| queued.cause);
            let said = &QUOTAS[quota as usize];
            turn.note(Kind::QuotaDelayed, &session.client, cause, |event| {
                event.rule = self.profile.rule_of(said.key);
                event.topic = said.key;
                event.number = Some(u32::try_from(depth).unwrap_or(u32::MAX));
                event.until = Some(next);
                event.why = said.why;
            });
        }
        false
    }

    /// The bucket has a token again.
    pub(super) fn on_replay_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>, id: SessionId) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        session.replay_at = None;
        if let Some(conn) = session.conn {
            self.pump(turn, conn);
        }
    }

    /// Something in a queue expires ([MQTT-3.3.2-5]).
    pub(super) fn on_queue_expiry<O: Observer>(&mut self, turn: &mut Turn<'_, O>, id: SessionId) {
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        session.expiry_at = None;
        let expired = session.outbox.take_expired(turn.now);
        let connection = session.conn.and_then(|conn| self.live.connections.get(conn.0));
        let left = depth(session, connection);
        for (after, queued) in (0..expired.len() as u32).rev().zip(&expired) {
            note_expired(turn, &session.client, queued, left.map(|left| left.saturating_add(after)));
        }
        if let Some(at) = session.outbox.next_expiry() {
            self.live.timers.set(&mut session.expiry_at, TimerKey::Expiry(id), at);
        }
        self.weigh_session(id);
    }

    /// How long the replay bucket spaces two stored messages; `None` where it does not.
    pub(super) fn replay_spacing(&self) -> Option<crate::time::Span> {
        self.limits.rate(Quota::Replay).map(|rate| Bucket::spacing(rate.per_s))
    }
}

/// A message that was under way before takes one of the new connection's send quota, as long as there is any.
fn take_quota(connection: &mut Connection, session: &mut Session, packet_id: u16, now: SimTime) {
    if let Some(flight) = session.inflight.get_mut(packet_id) {
        flight.sent_at = now;
        flight.counts = true;
    }
    connection.quota = connection.quota.saturating_sub(1);
}

/// What waited goes unsent.
pub(super) fn note_expired<O: Observer>(
    turn: &mut Turn<'_, O>,
    client: &str,
    queued: &Queued,
    depth: Option<u32>,
) {
    turn.note(Kind::MessageExpired, client, queued.cause, |event| {
        event.rule = Some(crate::rule::v5("MQTT-3.3.2-5"));
        event.number = depth;
        event.topic = &queued.publication.message.topic;
        event.qos = Some(queued.qos as u8);
    });
}

fn note_dequeued<O: Observer>(
    turn: &mut Turn<'_, O>,
    client: &str,
    queued: &Queued,
    depth: Option<u32>,
) -> Cause {
    turn.note(Kind::MessageDequeued, client, queued.cause, |event| {
        event.topic = &queued.publication.message.topic;
        event.qos = Some(queued.qos as u8);
        event.number = depth;
    })
}
