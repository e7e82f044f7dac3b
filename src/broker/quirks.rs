//! What a broker may do now and then and a setting brings about by chance: a message that comes twice, or late, or an acknowledgement that
//! does.

use super::Kind;
use super::connection::Waiting;
use super::deliver::Delivery;
use super::ending::{Lost, note_lost};
use super::outbox::Queued;
use super::publication::Routed;
use super::session::Session;
use super::store::SessionId;
use super::timers::TimerKey;
use super::turn::Turn;
use super::{Broker, Cause, ConnId, Observer};
use crate::chance::chance_below;
use crate::rule::{RuleId, aws};
use crate::time::SimTime;
use crate::wire::QoS;
use bytes::Bytes;

/// The rule by which something leaves late.
const LATE: RuleId = aws("aws.order");

/// An acknowledgement that leaves late.
#[derive(Clone, Debug)]
pub(super) struct LateAck {
    pub(super) at: SimTime,
    pub(super) waiting: Waiting,
}

impl Broker {
    /// Whether what happens so often in a million times happens now.
    fn happens(&mut self, per_million: u64, purpose: &str, client: &str) -> bool {
        if per_million == 0 {
            return false;
        }
        self.store.chances += 1;
        chance_below(1_000_000, self.seed, purpose, client, self.store.chances) < per_million
    }

    /// Delivers a message to one session, perhaps twice or late.
    #[cold]
    pub(super) fn deliver_by_chance<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        to: SessionId,
        routed: &mut Routed,
        delivery: Delivery,
        cause: Cause,
    ) {
        let Some(session) = self.store.session(to) else { return };
        let client = session.client.clone();
        if session.conn.is_none() {
            return self.deliver_now(turn, to, routed, delivery, cause);
        }
        if let Some((rule, why)) = self.repeats(delivery.qos, &client) {
            self.deliver_now(turn, to, routed, delivery.clone(), cause);
            let cause = turn.note(Kind::Decision, &client, cause, |event| {
                event.rule = Some(rule);
                event.topic = &routed.publication.message.topic;
                event.why = why;
            });
            return self.deliver_now(turn, to, routed, delivery, cause);
        }
        let is_late = self.has_room_for_late(to, routed.publication.size())
            && self.happens(self.limits.publish_late_per_million, "late", &client);
        match is_late {
            true => self.keep_late(turn, to, routed, delivery, cause),
            false => self.deliver_now(turn, to, routed, delivery, cause),
        }
    }

    /// Whether a message comes twice: the rule, and what is said of it. Never at QoS 2, which promises that it comes once.
    fn repeats(&mut self, qos: QoS, client: &str) -> Option<(RuleId, &'static str)> {
        let (often, rule, why) = match qos {
            QoS::AtMostOnce => {
                (self.limits.publish_repeat_qos0_per_million, aws("aws.qos.zero-or-more"), "sent twice")
            }
            QoS::AtLeastOnce => (
                self.limits.publish_repeat_qos1_per_million,
                aws("aws.qos.other-identifier"),
                "sent twice, under another Packet Identifier",
            ),
            QoS::ExactlyOnce => return None,
        };
        self.happens(often, "repeat", client).then_some((rule, why))
    }

    /// Whether one more message of this size may be late: what is late has the bounds of a queue.
    fn has_room_for_late(&self, id: SessionId, size_bytes: usize) -> bool {
        let (limits, full) = (&self.limits, self.is_full(size_bytes));
        !full
            && self.store.session(id).is_some_and(|session| {
                session.late.len() < limits.session_queue_max_messages
                    && session.late_bytes + size_bytes <= limits.session_queue_max_bytes
            })
    }

    /// Keeps a message until it leaves late.
    fn keep_late<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        to: SessionId,
        routed: &mut Routed,
        delivery: Delivery,
        cause: Cause,
    ) {
        let at = turn.now + self.limits.publish_late;
        let Some(session) = self.store.sessions.get_mut(to.0) else { return };
        let cause = turn.note(Kind::Decision, &session.client, cause, |event| {
            event.rule = Some(LATE);
            event.topic = &routed.publication.message.topic;
            event.until = Some(at);
            event.why = "sent late: the order of messages is not promised";
        });
        let Delivery { qos, retain, ids, group } = delivery;
        let publication = routed.keep();
        session.late_bytes += publication.size();
        session.late.push_back(Queued { publication, qos, retain, ids, group, until: Some(at), cause });
        if session.late_at.is_none() {
            self.live.timers.set(&mut session.late_at, TimerKey::Late(to), at);
        }
        self.weigh_session(to);
    }

    /// What is late leaves now.
    pub(super) fn on_late_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>, id: SessionId) {
        while let Some(session) = self.store.sessions.get_mut(id.0) {
            self.live.timers.clear(&mut session.late_at, TimerKey::Late(id));
            let Some(first) = session.late.pop_front() else { break };
            if let Some(at) = first.until.filter(|at| *at > turn.now) {
                session.late.push_front(first);
                self.live.timers.set(&mut session.late_at, TimerKey::Late(id), at);
                break;
            }
            session.late_bytes -= first.publication.size();
            let is_away = session.conn.is_none();
            let Queued { publication, qos, retain, ids, group, cause, .. } = first;
            let routed = &mut Routed::shared(publication);
            // The member of a group that has left meanwhile does not keep it to itself.
            match self.store.groups.number_of(group).filter(|_| is_away && self.limits.shares_by_group()) {
                Some(number) => self.share(turn, number, routed, cause),
                None => self.deliver_now(turn, id, routed, Delivery { qos, retain, ids, group }, cause),
            }
        }
        self.weigh_session(id);
    }

    /// Whether a PUBACK leaves late: then it is kept until then, within the bound of what waits for the link.
    #[cold]
    pub(super) fn is_late_ack<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        head: &Bytes,
        cause: Cause,
    ) -> bool {
        let client = self.client_of(conn).to_owned();
        let waiting_bytes = self.live.connection(conn).map_or(0, |connection| connection.waiting_bytes);
        let is_full = waiting_bytes >= self.limits.connection_waiting_max_bytes || self.is_full(head.len());
        if is_full || !self.happens(self.limits.publish_late_per_million, "late acknowledgement", &client) {
            return false;
        }
        let at = turn.now + self.limits.publish_late;
        let cause = turn.note(Kind::Decision, &client, cause, |event| {
            event.rule = Some(LATE);
            event.until = Some(at);
            event.why = "acknowledged late: the order of acknowledgements is not promised";
        });
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return true };
        connection.keeps(head.len());
        connection.late.push_back(LateAck { at, waiting: Waiting { head: head.clone(), cause } });
        if connection.late_at.is_none() {
            self.live.timers.set(&mut connection.late_at, TimerKey::LateAck(conn), at);
        }
        self.weigh_connection(conn);
        true
    }

    /// Acknowledgements that are late leave now.
    pub(super) fn on_late_ack_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId) {
        while let Some(connection) = self.live.connections.get_mut(conn.0) {
            self.live.timers.clear(&mut connection.late_at, TimerKey::LateAck(conn));
            let Some(first) = connection.late.pop_front() else { return };
            if first.at > turn.now {
                self.live.timers.set(&mut connection.late_at, TimerKey::LateAck(conn), first.at);
                connection.late.push_front(first);
                return;
            }
            connection.lets_go(first.waiting.head.len());
            self.transmit_now(turn, conn, first.waiting.head, first.waiting.cause);
            self.weigh_connection(conn);
        }
    }
}

/// What is late goes with its session.
pub(super) fn note_late_lost<O: Observer>(turn: &mut Turn<'_, O>, session: &Session, cause: Cause) {
    for late in &session.late {
        let topic = &late.publication.message.topic;
        let lost = Lost { topic, qos: late.qos as u8, why: "its session ended", depth: None };
        note_lost(turn, &session.client, &lost, Cause { event: cause.event, message: late.cause.message });
    }
}
