//! What a group does with its messages where the profile lets it: each goes to a member that can have it, and what none can have waits in
//! the group's own queue.

use super::deliver::{Delivery, has_window};
use super::outbox::Queued;
use super::publication::{Ids, Routed};
use super::pump::note_expired;
use super::shared::{Group, Groups, Membership};
use super::store::{SessionId, Subscribed};
use super::timers::TimerKey;
use super::turn::Turn;
use super::{Broker, Cause, Kind, Observer};
use crate::chance::chance_below;
use crate::profile::Quota;
use crate::rule::{RuleId, aws};
use crate::time::{SimTime, Span};
use crate::wire::{Publish, QoS};
use std::sync::Arc;

/// The rule by which a message goes from one member to another.
pub const HANDED_ON: RuleId = aws("aws.shared.handed-on");
/// The rule by which a group's queue empties.
pub const GROUP_REPLAY: RuleId = aws("aws.shared.replay-rate");

/// Why no member of a group can have a message.
const NOBODY: &str = "no member of the shared subscription is connected";
const ALL_BUSY: &str = "each member that is connected gets as many messages as it may";

/// A place in a queue, as events count them.
pub(super) fn count(messages: usize) -> Option<u32> {
    Some(u32::try_from(messages).unwrap_or(u32::MAX))
}

impl Subscribed {
    /// How a message goes to a member of a group.
    fn delivery(&self, message: &Publish, group: u32) -> Delivery {
        let retain = message.retain && self.retain_as_published;
        Delivery { qos: message.qos.min(self.qos), retain, ids: Ids::of(self.id), group }
    }
}

impl Broker {
    pub(super) fn groups_mut(&mut self) -> &mut Groups {
        Arc::make_mut(&mut self.store.groups)
    }

    /// Gives a message to a member of a group that can have it, or else to the group's queue.
    pub(super) fn share<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        number: u32,
        routed: &mut Routed,
        cause: Cause,
    ) {
        let message = &routed.publication.message;
        let Some((to, with, group)) = self.pick(number, turn.now, message.qos) else {
            self.keep_for_group(turn, number, routed, cause);
            return;
        };
        let delivery = with.delivery(message, group);
        self.deliver(turn, to, routed, delivery, cause);
    }

    /// One of the members that are connected and at QoS 1 and 2 may get one more message now, by chance; with the group's serial.
    fn pick(&mut self, number: u32, now: SimTime, qos: QoS) -> Option<(SessionId, Subscribed, u32)> {
        let ordinal = self.groups_mut().draw(number);
        let group = self.store.groups.get(number)?;
        let can = |id: &SessionId| {
            self.is_connected(*id) && (qos == QoS::AtMostOnce || self.next_out(*id, now) <= now)
        };
        let candidates = group.members.keys().filter(|id| can(id)).count() as u64;
        if candidates == 0 {
            return None;
        }
        let drawn = chance_below(candidates, self.seed, "shared subscription", group.name(), ordinal);
        let mut members = group.members.iter().filter(|(id, _)| can(id));
        let (id, member) = members.nth(usize::try_from(drawn).unwrap_or(0))?;
        Some((*id, member.with, group.serial))
    }

    pub(super) fn is_connected(&self, id: SessionId) -> bool {
        self.store.session(id).is_some_and(|session| session.conn.is_some())
    }

    /// When one more message may go to a client by its own rate: `now` or later.
    fn next_out(&self, id: SessionId, now: SimTime) -> SimTime {
        let rate = self.limits.rate(Quota::PublishOut);
        let next = |rate| Some(self.store.session(id)?.sent.next(now, rate));
        rate.and_then(next).unwrap_or(now)
    }

    /// Puts a message that no member can have now into the group's queue, or drops it.
    fn keep_for_group<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        number: u32,
        routed: &mut Routed,
        cause: Cause,
    ) {
        let groups = Arc::clone(&self.store.groups);
        let Some(group) = groups.get(number) else { return };
        let granted = group.members.values().map(|member| member.with.qos).max().unwrap_or(QoS::AtMostOnce);
        let qos = routed.publication.message.qos.min(granted);
        let is_there = group.members.keys().any(|id| self.is_connected(*id));
        let why = if is_there { ALL_BUSY } else { NOBODY };
        let refused = self.group_keeps_not(group, qos, routed.publication.size(), why);
        let depth = count(group.queue.len());
        if let Some((rule, why)) = refused {
            self.drop_for_group(turn, group, routed, qos, rule, why, cause);
        } else if group.queue.len() >= self.limits.subscription_shared_queue_max_messages {
            // What is stored stays, the new one goes ([aws.shared.queue-size]).
            let (rule, why) = (aws("aws.shared.queue-size"), "the shared subscription's queue is full");
            let cause = turn.note(Kind::QuotaRefused, &group.filter, cause, |event| {
                event.rule = Some(rule);
                event.topic = "subscription.shared_queue_max_messages";
                event.number = depth;
                event.why = why;
            });
            self.drop_for_group(turn, group, routed, qos, rule, why, cause);
        } else if self.may_store_for_group(turn, group, routed, qos, cause) {
            // [aws.shared.queue-kept]
            let longest = self.limits.session_expiry_max_s.map(|s| turn.now + Span::s(u64::from(s)));
            let until = routed.publication.expires_at.or(longest);
            let cause = turn.note(Kind::MessageQueued, &group.filter, cause, |event| {
                event.rule = Some(aws("aws.shared.queue"));
                event.topic = &routed.publication.message.topic;
                event.qos = Some(qos as u8);
                event.number = depth.map(|before| before.saturating_add(1));
                event.until = until;
                event.why = why;
            });
            let (publication, group) = (routed.keep(), group.serial);
            let queued = Queued { publication, qos, retain: false, ids: Ids::None, group, until, cause };
            drop(groups);
            self.groups_mut().push(number, queued);
            self.arm_group_expiry(number);
            self.weigh_group(number);
            // It may be a matter of a moment until a member can have it.
            if is_there {
                self.drain(turn, number);
            }
        }
    }

    /// Why a group's queue does not take a message, full or not: the rule, and what is said of it.
    fn group_keeps_not(
        &self,
        group: &Group,
        qos: QoS,
        size_bytes: usize,
        nobody: &'static str,
    ) -> Option<(RuleId, &'static str)> {
        let persistent = |id: &SessionId| self.store.session(*id).is_some_and(|s| s.expiry_s != Some(0));
        if qos == QoS::AtMostOnce {
            Some((HANDED_ON, nobody))
        } else if !self.limits.subscription_shared_queue {
            Some((aws("aws.shared.not-stored"), nobody))
        } else if !group.members.keys().any(persistent) {
            Some((aws("aws.shared.queue"), "no member's session outlives its connection"))
        } else if self.is_full(size_bytes) {
            Some((super::held::TOTAL, "the broker holds all that it may"))
        } else {
            None
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn drop_for_group<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        group: &Group,
        routed: &Routed,
        qos: QoS,
        rule: RuleId,
        why: &str,
        cause: Cause,
    ) {
        self.live.sys.counted.publish_dropped += 1;
        turn.note(Kind::MessageDropped, &group.filter, cause, |event| {
            event.rule = Some(rule);
            event.topic = &routed.publication.message.topic;
            event.qos = Some(qos as u8);
            event.number = count(group.queue.len());
            event.why = why;
        });
    }

    /// Sends what waits in groups' queues and a member can have.
    #[cold]
    pub(super) fn pump_groups<O: Observer>(&mut self, turn: &mut Turn<'_, O>) {
        for number in self.store.groups.with_queue() {
            self.drain(turn, number);
        }
    }

    /// Sends what waits in a group's queue, each message to the member whose turn comes first, as far as the pace of each lets it.
    fn drain<O: Observer>(&mut self, turn: &mut Turn<'_, O>, number: u32) {
        let mut next = None;
        while let Some((at, id, member)) = self.next_member(number, turn.now) {
            if at > turn.now {
                next = Some(at);
                break;
            }
            let rate = self.limits.rate(Quota::GroupReplay);
            let groups = self.groups_mut();
            let Some(queued) = groups.pop(number) else { break };
            let Some(group) = groups.get_mut(number) else { break };
            if queued.publication.is_expired(turn.now) {
                note_expired(turn, &group.filter, &queued, count(group.queue.len()));
                continue;
            }
            if let (Some(rate), Some(member)) = (rate, group.members.get_mut(&id)) {
                member.pace.take(turn.now, rate, 1);
            }
            let Queued { publication, group: serial, cause, .. } = queued;
            let delivery = member.with.delivery(&publication.message, serial);
            let cause = turn.note(Kind::MessageDequeued, &group.filter, cause, |event| {
                event.rule = Some(GROUP_REPLAY);
                event.topic = &publication.message.topic;
                event.qos = Some(delivery.qos as u8);
                event.number = count(group.queue.len());
            });
            self.deliver(turn, id, &mut Routed::shared(publication), delivery, cause);
        }
        self.weigh_group(number);
        self.arm_group_replay(turn, number, next);
    }

    /// The member that may get the next message of a group's queue first, and when: `now` or later. None where nothing waits, or nobody
    /// could take it.
    fn next_member(&self, number: u32, now: SimTime) -> Option<(SimTime, SessionId, Membership)> {
        let group = self.store.groups.get(number).filter(|group| !group.queue.is_empty())?;
        let rate = self.limits.rate(Quota::GroupReplay);
        let mut first: Option<(SimTime, usize, SessionId, Membership)> = None;
        for (id, member) in group.members.iter().filter(|(id, _)| self.has_room(**id)) {
            let at = rate.map_or(now, |rate| member.pace.next(now, rate)).max(self.next_out(*id, now));
            // Of those that may get it now, the one that has the least to acknowledge.
            let load = self.store.session(*id).map_or(0, |session| session.inflight.len());
            if first.as_ref().is_none_or(|(first_at, least, ..)| (at, load) < (*first_at, *least)) {
                first = Some((at, load, *id, *member));
            }
        }
        first.map(|(at, _, id, member)| (at, id, member))
    }

    /// Whether a client is connected and could take one more message at once.
    fn has_room(&self, id: SessionId) -> bool {
        let Some(session) = self.store.session(id) else { return false };
        let connection = session.conn.and_then(|conn| self.live.connection(conn));
        connection.is_some_and(|connection| {
            session.outbox.live().is_empty()
                && connection.qos0.is_empty()
                && connection.resend.is_empty()
                && has_window(session, connection, &self.limits)
        })
    }

    /// Sets the timer to when a member may get the next message of a group's queue.
    fn arm_group_replay<O: Observer>(&mut self, turn: &mut Turn<'_, O>, number: u32, next: Option<SimTime>) {
        let Some(group) = Arc::make_mut(&mut self.store.groups).get_mut(number) else { return };
        if group.replay_at == next {
            return;
        }
        let key = TimerKey::GroupReplay(number);
        let Some(next) = next else { return self.live.timers.clear(&mut group.replay_at, key) };
        self.live.timers.set(&mut group.replay_at, key, next);
        let cause = group.queue.stored().front().map_or(Cause::NONE, |queued| queued.cause);
        turn.note(Kind::QuotaDelayed, &group.filter, cause, |event| {
            event.rule = Some(GROUP_REPLAY);
            event.topic = "subscription.shared_replay_per_s";
            event.number = count(group.queue.len());
            event.until = Some(next);
            event.why = "what a shared subscription has queued leaves at its rate";
        });
    }

    pub(super) fn on_group_replay_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>, number: u32) {
        if let Some(group) = self.groups_mut().get_mut(number) {
            group.replay_at = None;
        }
        self.drain(turn, number);
    }

    /// Sets the timer to when the next message in a group's queue goes unsent.
    fn arm_group_expiry(&mut self, number: u32) {
        let Some(group) = Arc::make_mut(&mut self.store.groups).get_mut(number) else { return };
        if let Some(at) = group.queue.next_expiry() {
            self.live.timers.set(&mut group.expiry_at, TimerKey::GroupExpiry(number), at);
        }
    }

    /// Something in a group's queue expires, or has waited there for as long as it may.
    pub(super) fn on_group_expiry<O: Observer>(&mut self, turn: &mut Turn<'_, O>, number: u32) {
        let expired = self.groups_mut().take_expired(number, turn.now);
        let Some(group) = self.groups_mut().get_mut(number) else { return };
        group.expiry_at = None;
        for (after, queued) in (0..expired.len()).rev().zip(&expired) {
            let depth = count(group.queue.len() + after);
            if queued.publication.is_expired(turn.now) {
                note_expired(turn, &group.filter, queued, depth);
                continue;
            }
            turn.note(Kind::MessageExpired, &group.filter, queued.cause, |event| {
                event.rule = Some(aws("aws.shared.queue-kept"));
                event.topic = &queued.publication.message.topic;
                event.qos = Some(queued.qos as u8);
                event.number = depth;
                event.why = "it has waited for as long as a session may outlive its connection";
            });
        }
        self.arm_group_expiry(number);
        self.weigh_group(number);
        self.drain(turn, number);
    }
}
