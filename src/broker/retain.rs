//! What a publication does to the retained store, and what a subscription gets from it.

use super::deliver::Delivery;
use super::publication::{Ids, Routed};
use super::store::SessionId;
use super::timers::TimerKey;
use super::turn::Turn;
use super::{Broker, Cause, Kind, Observer};
use crate::rule::{RuleId, aws, own, v5};
use crate::wire::Version;

impl Broker {
    /// Applies a publication with RETAIN set. `false` where the store has no room for it.
    pub(super) fn retain<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        version: Version,
        client: &str,
        routed: &mut Routed,
        cause: Cause,
    ) -> bool {
        let message = &routed.publication.message;
        // [3.1.1 MQTT-3.3.1-11] [5.0 MQTT-3.3.1-7]
        if message.payload.is_empty() {
            if self.store.retained.remove(&message.topic).is_some() {
                turn.note(Kind::RetainedCleared, client, cause, |event| {
                    event.rule = Some(version.rule("MQTT-3.3.1-10", "MQTT-3.3.1-6"));
                    event.topic = &message.topic;
                });
            }
            self.arm_retained_expiry();
            return true;
        }
        let (count, bytes) = self.store.retained.with(&routed.publication);
        if count > self.limits.retained_max_messages || bytes > self.limits.retained_max_bytes {
            turn.note(Kind::QuotaRefused, client, cause, |event| {
                event.rule = Some(match self.limits.retained_full_unanswered_v3 {
                    true => aws("aws.retained.throttled"),
                    false => own("glassbroker.bound.retained"),
                });
                event.topic = &message.topic;
                event.number = Some(u32::try_from(count).unwrap_or(u32::MAX));
                event.why = "the retained store is full";
            });
            return false;
        }
        let old =
            self.store.retained.store(routed.keep(), cause.message, turn.now, self.limits.retained_kept);
        let message = &routed.publication.message;
        let kind = if old.is_some() { Kind::RetainedReplaced } else { Kind::RetainedStored };
        turn.note(kind, client, cause, |event| {
            event.rule = Some(version.rule("MQTT-3.3.1-5", "MQTT-3.3.1-5"));
            event.topic = &message.topic;
            event.qos = Some(message.qos as u8);
            event.until = self.store.retained.names().get(&message.topic).and_then(|kept| kept.ends_at);
        });
        self.arm_retained_expiry();
        true
    }

    /// Sends the retained messages that a filter matches to a new subscription.
    pub(super) fn send_retained<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        to: SessionId,
        filter: &str,
        qos: crate::wire::QoS,
        id: u32,
        cause: Cause,
    ) {
        let mut found = Vec::new();
        if self.limits.retained_by_exact_filter {
            // A filter with wildcards is no Topic Name, so that nothing is kept by it.
            found.extend(
                self.store.retained.names().get(filter).map(|kept| (kept.publication.clone(), kept.message)),
            );
        } else {
            self.store.retained.names().for_each_match(filter, self.parent_match(), |_, kept| {
                found.push((kept.publication.clone(), kept.message));
            });
        }
        for (publication, message) in found {
            if publication.is_expired(turn.now) {
                continue;
            }
            let delivery =
                Delivery { qos: publication.message.qos.min(qos), retain: true, ids: Ids::of(id), group: 0 };
            // The subscription led to it, and it is the message that it was when it was published.
            let cause = Cause { event: cause.event, message };
            if self.limits.retained_kept.is_some() {
                self.store.retained.keep_on(&publication.message.topic, turn.now, self.limits.retained_kept);
                self.arm_retained_expiry();
            }
            self.deliver(turn, to, &mut Routed::shared(publication), delivery, cause);
        }
    }

    /// Sets the timer to the first moment at which a retained message expires.
    pub(super) fn arm_retained_expiry(&mut self) {
        let retained = &mut self.store.retained;
        match retained.next_expiry() {
            Some(at) => self.live.timers.set(&mut retained.timer_at, TimerKey::Retained, at),
            None => self.live.timers.clear(&mut retained.timer_at, TimerKey::Retained),
        }
    }

    /// Removes retained messages that have expired (row R5).
    pub(super) fn on_retained_expiry<O: Observer>(&mut self, turn: &mut Turn<'_, O>) {
        self.store.retained.timer_at = None;
        while let Some(kept) = self.store.retained.take_expired(turn.now) {
            let is_expired = kept.publication.is_expired(turn.now);
            turn.note(Kind::RetainedExpired, "", Cause::NONE, |event| {
                event.rule = Some(if is_expired { RETAINED_EXPIRY } else { aws("aws.retained.three-years") });
                event.topic = &kept.publication.message.topic;
            });
        }
        self.arm_retained_expiry();
    }
}

const RETAINED_EXPIRY: RuleId = v5("MQTT-3.3.2-5");
