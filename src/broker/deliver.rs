//! One message for one subscriber: sent at once, kept until it can be, or dropped.

use super::access::May;
use super::arena::{Arena, Shape};
use super::connection::Connection;
use super::held::TOTAL;
use super::inflight::{Flight, Step};
use super::outbox::Queued;
use super::publication::{Ids, Routed};
use super::session::Session;
use super::store::SessionId;
use super::timers::TimerKey;
use super::turn::Turn;
use super::{Broker, Cause, ConnId, Kind, Observer, Output, PacketBytes};
use crate::policy::Action;
use crate::profile::{Limits, Quota};
use crate::rule::{RuleId, own, v5};
use crate::wire::{QoS, Version};
use bytes::Bytes;
use std::collections::VecDeque;

/// How many messages under way share the bytes that came in, which their acknowledgements soon let go.
const SOON: usize = 64;
/// What is said of the bound of all.
const FULL: &str = "the broker holds all that it may";

/// What was decided for one subscriber.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    /// The lower of the published and the granted one.
    pub(super) qos: QoS,
    pub(super) retain: bool,
    pub(super) ids: Ids,
    /// The shared subscription that it is for: [`super::shared::Group::serial`]; 0 for none.
    pub(super) group: u32,
}

/// The rule that a message is kept by for a client that is away.
const fn stored_rule(version: Version) -> RuleId {
    version.rule("MQTT-3.1.2-5", "MQTT-4.5.0-1")
}

impl Broker {
    /// Delivers a message to one session.
    #[inline]
    pub(super) fn deliver<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        to: SessionId,
        routed: &mut Routed,
        delivery: Delivery,
        cause: Cause,
    ) {
        if self.limits.quirks {
            self.deliver_by_chance(turn, to, routed, delivery, cause);
        } else {
            self.deliver_now(turn, to, routed, delivery, cause);
        }
    }

    /// The same, once and not late.
    pub(super) fn deliver_now<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        to: SessionId,
        routed: &mut Routed,
        delivery: Delivery,
        cause: Cause,
    ) {
        // [aws.policy.receive]: silently.
        let (may, cause) = self.may(turn, Action::Receive, to, &routed.publication.message.topic, cause);
        if may != May::Yes
            || (self.limits.throttles && !self.may_deliver(turn, to, routed, delivery.qos, cause))
        {
            return;
        }
        let Some(session) = self.store.sessions.get_mut(to.0) else { return };
        let connected = session.conn.and_then(|conn| Some((conn, self.live.connections.get_mut(conn.0)?)));
        let Some((conn, connection)) = connected else {
            self.deliver_absent(turn, to, routed, delivery, cause);
            return;
        };
        let limits = &self.limits;
        if delivery.qos == QoS::AtMostOnce {
            if connection.qos0.is_empty() {
                let arena = &mut self.live.arena;
                let Some(head) = fitting_head(turn, arena, session, connection, routed, &delivery, 0, cause)
                else {
                    return;
                };
                let message = &routed.publication.message;
                if connection.takes(turn.now, head.len() + message.payload.len()) {
                    let cause = note_delivered(turn, session, &message.topic, &delivery, cause);
                    let body = message.payload.clone();
                    emit(turn, limits, &mut self.live.outputs, session, connection, conn, head, body, cause);
                    return;
                }
            }
            self.wait_at_qos0(turn, to, conn, routed, delivery, cause);
            return;
        }
        // Live messages keep the queue's order, unless the stored ones leave at their own pace beside them.
        let paced = self.limits.rate(Quota::Replay).is_some();
        let first = session.outbox.live().is_empty()
            && (paced || (session.outbox.stored().is_empty() && connection.resend.is_empty()));
        let is_full = self.held_bytes + routed.publication.size() > self.limits.broker_max_bytes;
        if first && !is_full && has_window(session, connection, limits) {
            let (arena, id) = (&mut self.live.arena, session.inflight.next_id());
            let Some(head) = fitting_head(turn, arena, session, connection, routed, &delivery, id, cause)
            else {
                return;
            };
            let message = &routed.publication.message;
            if connection.takes(turn.now, head.len() + message.payload.len()) {
                let cause = note_delivered(turn, session, &message.topic, &delivery, cause);
                let body = message.payload.clone();
                let Delivery { qos, retain, ids, group } = delivery;
                session.inflight.add(Flight {
                    step: Step::Published(match session.inflight.len() < SOON {
                        true => routed.share(),
                        false => routed.keep(),
                    }),
                    qos,
                    retain,
                    ids,
                    group,
                    cause,
                    first_at: turn.now,
                    sent_at: turn.now,
                    counts: true,
                });
                connection.quota -= 1;
                emit(turn, limits, &mut self.live.outputs, session, connection, conn, head, body, cause);
                if self.limits.session_resend_after.is_some() {
                    self.arm_resend(turn.now, to);
                }
                self.weigh_session(to);
                return;
            }
        }
        self.enqueue(turn, to, routed, delivery, true, cause);
    }

    /// For a client that is away: QoS 1 and 2 are stored, QoS 0 is not.
    fn deliver_absent<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        to: SessionId,
        routed: &mut Routed,
        delivery: Delivery,
        cause: Cause,
    ) {
        if delivery.qos > QoS::AtMostOnce {
            let limited = self.limits.rate(Quota::Queue).is_some();
            if !limited || self.may_store(turn, to, routed, delivery.qos, cause) {
                self.enqueue(turn, to, routed, delivery, false, cause);
            }
        } else if let Some(session) = self.store.session(to) {
            turn.note(Kind::MessageDropped, &session.client, cause, |event| {
                event.rule = Some(stored_rule(session.version));
                event.topic = &routed.publication.message.topic;
                event.qos = Some(0);
                event.why = "QoS 0 is not stored for a client that is away";
            });
        }
    }

    /// Puts a QoS 1 or 2 message into the outbox, or drops it where that is full.
    fn enqueue<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        to: SessionId,
        routed: &mut Routed,
        delivery: Delivery,
        live: bool,
        cause: Cause,
    ) {
        let Some(session) = self.store.sessions.get_mut(to.0) else { return };
        let connection = session.conn.and_then(|conn| self.live.connections.get(conn.0));
        let size = routed.publication.size();
        let bytes = session.outbox.bytes() + size;
        let topic = &routed.publication.message.topic;
        let full = session.outbox.len() >= self.limits.session_queue_max_messages
            || bytes > self.limits.session_queue_max_bytes;
        let broker_full = self.held_bytes + size > self.limits.broker_max_bytes;
        if full || broker_full {
            self.live.sys.counted.publish_dropped += 1;
            turn.note(Kind::MessageDropped, &session.client, cause, |event| {
                event.rule = Some(if full { own("glassbroker.bound.queue") } else { TOTAL });
                event.topic = topic;
                event.qos = Some(delivery.qos as u8);
                event.number = depth(session, connection);
                event.why = if full { "the queue is full" } else { FULL };
            });
            return;
        }
        // While stored messages leave in the queue's order, live ones line up behind them.
        let live = live && (self.limits.rate(Quota::Replay).is_some() || session.outbox.stored().is_empty());
        let cause = turn.note(Kind::MessageQueued, &session.client, cause, |event| {
            event.rule = Some(match live {
                true => session.version.rule("MQTT-4.5.0-1", "MQTT-4.9.0-2"),
                false => stored_rule(session.version),
            });
            event.topic = topic;
            event.qos = Some(delivery.qos as u8);
            event.number = depth(session, connection).map(|before| before.saturating_add(1));
            event.until = routed.publication.expires_at;
            event.why = if live { "no room in flight or on the link" } else { "stored" };
        });
        if let Some(at) = routed.publication.expires_at
            && session.expiry_at.is_none_or(|armed| at < armed)
        {
            self.live.timers.set(&mut session.expiry_at, TimerKey::Expiry(to), at);
        }
        let Delivery { qos, retain, ids, group } = delivery;
        let until = routed.publication.expires_at;
        session
            .outbox
            .push(Queued { publication: routed.keep(), qos, retain, ids, group, until, cause }, live);
        let conn = session.conn;
        self.weigh_session(to);
        if let Some(conn) = conn {
            self.arm_write(turn, conn, cause);
        }
    }

    /// Keeps a QoS 0 message until the link has room, within the bound of what waits for it.
    fn wait_at_qos0<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        to: SessionId,
        conn: ConnId,
        routed: &mut Routed,
        delivery: Delivery,
        cause: Cause,
    ) {
        let Some(session) = self.store.sessions.get_mut(to.0) else { return };
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        let size = routed.publication.size();
        let topic = &routed.publication.message.topic;
        let full = connection.waiting_bytes + size > self.limits.connection_waiting_max_bytes
            || connection.qos0.len() >= self.limits.session_queue_max_messages;
        let broker_full = self.held_bytes + size > self.limits.broker_max_bytes;
        if full || broker_full {
            self.live.sys.counted.publish_dropped += 1;
            turn.note(Kind::MessageDropped, &session.client, cause, |event| {
                event.rule = Some(if full { own("glassbroker.bound.waiting") } else { TOTAL });
                event.topic = topic;
                event.qos = Some(0);
                event.number = depth(session, Some(connection));
                event.why = if full { "the link takes no more" } else { FULL };
            });
            return;
        }
        let cause = turn.note(Kind::MessageQueued, &session.client, cause, |event| {
            event.rule = Some(own("glassbroker.bound.waiting"));
            event.topic = topic;
            event.qos = Some(0);
            event.number = depth(session, Some(connection)).map(|before| before.saturating_add(1));
            event.why = "no room on the link";
        });
        connection.keeps(size);
        let Delivery { qos, retain, ids, group } = delivery;
        let publication = routed.keep();
        connection.qos0.push_back(Queued { publication, qos, retain, ids, group, until: None, cause });
        self.weigh_connection(conn);
        self.arm_write(turn, conn, cause);
    }
}

/// How many messages wait for a client, in its outbox and for its link: the depth that events tell.
pub(super) fn depth(session: &Session, connection: Option<&Connection>) -> Option<u32> {
    let waiting = session.outbox.len() + connection.map_or(0, |connection| connection.qos0.len());
    Some(u32::try_from(waiting).unwrap_or(u32::MAX))
}

/// Whether one more QoS 1 or 2 message may be under way ([MQTT-3.3.4-9], [MQTT-4.9.0-2]).
pub(super) fn has_window(session: &Session, connection: &Connection, limits: &Limits) -> bool {
    let most = connection.inflight_told.unwrap_or(limits.session_inflight_max_messages);
    let has_room = session.inflight.len() == 0 || session.inflight.bytes() < limits.session_queue_max_bytes;
    has_room
        && connection.quota > 0
        && session.inflight.len() < usize::from(most)
        && session.inflight.has_id()
}

/// The packet up to its payload, where the client takes one of that size; else the message is dropped.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn fitting_head<O: Observer>(
    turn: &mut Turn<'_, O>,
    arena: &mut Arena,
    session: &Session,
    connection: &Connection,
    routed: &mut Routed,
    delivery: &Delivery,
    id: u16,
    cause: Cause,
) -> Option<Bytes> {
    let shape = Shape {
        version: connection.version,
        qos: delivery.qos,
        retain: delivery.retain,
        // [MQTT-3.3.1-2, MQTT-2.3.1-5] [5.0 MQTT-2.2.1-2, MQTT-4.3.2-1, MQTT-4.3.2-2, MQTT-4.3.3-1, MQTT-4.3.3-2]
        dup: false,
        id,
        ids: &delivery.ids,
    };
    let head = routed.head(arena, &shape, turn.now);
    let message = &routed.publication.message;
    let head = head.filter(|head| head.len() + message.payload.len() <= connection.packet_max_bytes);
    if head.is_none() {
        note_too_large(turn, session, &message.topic, delivery.qos, None, cause);
    }
    head
}

/// The broker decided to hand a message to a subscriber's connection now.
#[inline(always)]
pub(super) fn note_delivered<O: Observer>(
    turn: &mut Turn<'_, O>,
    session: &Session,
    topic: &str,
    delivery: &Delivery,
    cause: Cause,
) -> Cause {
    turn.note(Kind::MessageDelivered, &session.client, cause, |event| {
        event.rule = Some(session.version.rule("MQTT-3.8.4-6", "MQTT-3.8.4-8"));
        event.topic = topic;
        event.qos = Some(delivery.qos as u8);
    })
}

/// A message that the client does not take is dropped as if it had been sent ([MQTT-3.1.2-25]).
#[cold]
pub(super) fn note_too_large<O: Observer>(
    turn: &mut Turn<'_, O>,
    session: &Session,
    topic: &str,
    qos: QoS,
    depth: Option<u32>,
    cause: Cause,
) {
    turn.note(Kind::MessageDropped, &session.client, cause, |event| {
        event.rule = Some(v5("MQTT-3.1.2-25"));
        event.topic = topic;
        event.qos = Some(qos as u8);
        event.number = depth;
        event.why = "larger than the client's Maximum Packet Size";
    });
}

/// Hands a PUBLISH that the link takes to whoever moves bytes.
#[inline]
#[allow(clippy::too_many_arguments)]
pub(super) fn emit<O: Observer>(
    turn: &mut Turn<'_, O>,
    limits: &Limits,
    outputs: &mut VecDeque<Output>,
    session: &Session,
    connection: &mut Connection,
    conn: ConnId,
    head: Bytes,
    body: Bytes,
    cause: Cause,
) {
    connection.gives(turn.now, limits.rate(Quota::BytesOut), head.len() + body.len());
    let version = connection.version;
    let cause = turn.note(Kind::PacketSent, &session.client, cause, |event| {
        event.packet = Some(PacketBytes { version, head: &head, body: &body });
    });
    outputs.push_back(Output::Send { conn, head, body, cause });
}
