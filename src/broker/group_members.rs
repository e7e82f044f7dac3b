//! Members of a shared subscription that come and go: whether one may join, what one that is away leaves to the others, and what is lost
//! with the last.

use super::ending::{Lost, note_lost};
use super::group_queue::{HANDED_ON, count};
use super::inflight::Step;
use super::outbox::Queued;
use super::publication::{Publication, Routed};
use super::pump::note_expired;
use super::shared::Group;
use super::store::SessionId;
use super::timers::TimerKey;
use super::turn::Turn;
use super::{Broker, Cause, Kind, Observer};
use crate::wire::QoS;
use std::sync::Arc;

impl Broker {
    /// A member's connection has ended: what it has not acknowledged of its groups' QoS 1 messages goes to other members
    /// ([aws.shared.handed-on]).
    pub(super) fn pass_on<O: Observer>(&mut self, turn: &mut Turn<'_, O>, id: SessionId, cause: Cause) {
        let groups = Arc::clone(&self.store.groups);
        let Some(session) = self.store.sessions.get_mut(id.0) else { return };
        let is_shared = |serial: u32| serial > 0 && groups.number_of(serial).is_some();
        let unfinished = session.inflight.iter().filter(|(_, flight)| {
            let is_sent = matches!(flight.step, Step::Published(_));
            is_sent && flight.qos == QoS::AtLeastOnce && is_shared(flight.group)
        });
        let unfinished: Vec<u16> = unfinished.map(|(packet_id, _)| packet_id).collect();
        let mut handed: Vec<(u32, Arc<Publication>, Cause)> = Vec::new();
        for packet_id in unfinished {
            let Some(flight) = session.inflight.take(packet_id) else { continue };
            let Step::Published(publication) = flight.step else { continue };
            let cause = Cause { event: cause.event, message: flight.cause.message };
            if publication.is_expired(turn.now) {
                let (qos, retain, ids, group) = (flight.qos, flight.retain, flight.ids, flight.group);
                let expired = Queued { publication, qos, retain, ids, group, until: None, cause };
                note_expired(turn, &session.client, &expired, None);
                continue;
            }
            let cause = turn.note(Kind::Decision, &session.client, cause, |event| {
                event.rule = Some(HANDED_ON);
                event.topic = &publication.message.topic;
                event.qos = Some(flight.qos as u8);
                event.why = "not acknowledged: another member of the shared subscription gets it";
            });
            handed.push((flight.group, publication, cause));
        }
        let waiting = session.outbox.take_shared(is_shared);
        for (after, queued) in (0..waiting.len()).rev().zip(waiting) {
            if queued.publication.is_expired(turn.now) {
                note_expired(turn, &session.client, &queued, count(session.outbox.len() + after));
                continue;
            }
            let cause = Cause { event: cause.event, message: queued.cause.message };
            let cause = turn.note(Kind::MessageDequeued, &session.client, cause, |event| {
                event.rule = Some(HANDED_ON);
                event.topic = &queued.publication.message.topic;
                event.qos = Some(queued.qos as u8);
                event.number = count(session.outbox.len() + after);
                event.why = "not sent: another member of the shared subscription gets it";
            });
            handed.push((queued.group, queued.publication, cause));
        }
        drop(groups);
        self.weigh_session(id);
        for (serial, publication, cause) in handed {
            if let Some(number) = self.store.groups.number_of(serial) {
                self.share(turn, number, &mut Routed::shared(publication), cause);
            }
        }
    }

    /// The last member has left a group: what waits in its queue is lost.
    pub(super) fn end_group<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        number: u32,
        mut group: Group,
        cause: Cause,
    ) {
        self.unweigh(group.weighed_bytes);
        self.live.timers.clear(&mut group.replay_at, TimerKey::GroupReplay(number));
        self.live.timers.clear(&mut group.expiry_at, TimerKey::GroupExpiry(number));
        for (after, queued) in (0..group.queue.len()).rev().zip(group.queue.stored()) {
            let lost = Lost {
                topic: &queued.publication.message.topic,
                qos: queued.qos as u8,
                why: "the last member left the shared subscription",
                depth: count(after),
            };
            note_lost(
                turn,
                &group.filter,
                &lost,
                Cause { event: cause.event, message: queued.cause.message },
            );
        }
    }

    /// Whether a session may subscribe to a shared subscription by the bounds of these: why not, and the cause of what follows
    /// ([aws.quota.shared]).
    pub(super) fn may_join<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        id: SessionId,
        share: &str,
        filter: &str,
        is_member: bool,
        cause: Cause,
    ) -> Result<(), (&'static str, Cause)> {
        let groups = Arc::clone(&self.store.groups);
        let (limits, group) = (&self.limits, groups.named(share, filter));
        let full = match group {
            None if groups.len() >= limits.subscription_shared_max_groups => {
                Some(("subscription.shared_max_groups", groups.len(), "too many shared subscriptions"))
            }
            Some(group) if !is_member && group.members.len() >= limits.subscription_shared_max_members => {
                let key = "subscription.shared_max_members";
                Some((key, group.members.len(), "the shared subscription has too many members"))
            }
            _ => None,
        };
        let client = self.store.session(id).map_or_else(Default::default, |session| session.client.clone());
        if let Some((key, level, why)) = full {
            let rule = self.profile.rule_of(key);
            let cause = turn.note(Kind::QuotaRefused, &client, cause, |event| {
                event.rule = rule;
                event.topic = key;
                event.number = count(level);
                event.why = why;
            });
            return Err((why, cause));
        }
        self.may_change_group(turn, &client, &format!("{share}/{filter}"), cause)
    }
}
