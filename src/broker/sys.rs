//! `$SYS` (row O8): what the broker tells of itself, as retained messages of its own by Mosquitto's names.
//!
//! It tells while somebody subscribes to any of it, so that a run in which nobody does has no trace of it.

use super::counted::{Counted, Loads};
use super::inflight::Step;
use super::publication::{Publication, Routed};
use super::timers::TimerKey;
use super::turn::Turn;
use super::{Broker, Cause, Kind, Observer};
use crate::rule::{RuleId, own};
use crate::time::SimTime;
use crate::wire::{Publish, QoS, Text, Version};
use bytes::Bytes;

/// The rule of the broker's own topics.
pub(super) const SYS: RuleId = own("glassbroker.sys");

/// Where they begin.
const SYS_PREFIX: &str = "$SYS/";

/// What is counted, and when it is told again.
#[derive(Clone, Debug, Default)]
pub(super) struct Sys {
    pub(super) counted: Counted,
    loads: Loads,
    timer_at: Option<SimTime>,
}

/// Whether a topic is one of them, or a filter, without `$share/…/`, matches any of them.
pub(super) fn is_sys(topic: &str) -> bool {
    topic.starts_with(SYS_PREFIX)
}

impl Broker {
    /// Somebody is about to subscribe to some of it: it is told from now on, unless it is already.
    pub(super) fn begin_sys<O: Observer>(&mut self, turn: &mut Turn<'_, O>, cause: Cause) {
        if self.limits.sys_interval.is_some() && self.live.sys.timer_at.is_none() {
            self.tell_sys(turn, cause);
            self.arm_sys(turn.now);
        }
    }

    /// The interval is over.
    pub(super) fn on_sys_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>) {
        self.live.sys.timer_at = None;
        if self.limits.sys_interval.is_some() && self.store.sys_subscriptions > 0 {
            self.tell_sys(turn, Cause::NONE);
            self.arm_sys(turn.now);
        }
    }

    /// Sets the timer, or takes it back where nothing is to be told.
    pub(super) fn arm_sys(&mut self, now: SimTime) {
        let slot = &mut self.live.sys.timer_at;
        match self.limits.sys_interval {
            Some(interval) => self.live.timers.set(slot, TimerKey::Sys, now + interval),
            None => self.live.timers.clear(slot, TimerKey::Sys),
        }
    }

    /// The broker begins to count again.
    pub(super) fn restart_sys(&mut self, now: SimTime) {
        self.live.timers.clear(&mut self.live.sys.timer_at, TimerKey::Sys);
        let counted = Counted { began: now, ..Counted::default() };
        self.live.sys = Sys { counted, loads: Loads::since(now), timer_at: None };
        if self.store.sys_subscriptions > 0 {
            self.arm_sys(now);
        }
    }

    /// Publishes what has another value than its retained message.
    fn tell_sys<O: Observer>(&mut self, turn: &mut Turn<'_, O>, cause: Cause) {
        let Sys { counted, loads, .. } = &mut self.live.sys;
        loads.update(turn.now, counted);
        for (name, value) in self.sys_values(turn.now) {
            let topic = format!("{SYS_PREFIX}broker/{name}");
            let told = self.store.retained.names().get(&topic);
            if told.is_some_and(|kept| kept.publication.message.payload == value.as_bytes()) {
                continue;
            }
            let message = Publish {
                // Each subscriber gets it at its own QoS.
                qos: QoS::ExactlyOnce,
                retain: true,
                topic: Text::from(topic),
                payload: Bytes::from(value),
                ..Publish::default()
            };
            let cause = turn.note(Kind::MessageAccepted, "", cause, |event| {
                event.rule = Some(SYS);
                event.topic = &message.topic;
                event.qos = Some(message.qos as u8);
            });
            let mut routed = Routed::new(Publication { message, publisher: None, expires_at: None }, 0);
            self.retain(turn, Version::V5, "", &mut routed, cause);
            self.route(turn, &mut routed, cause);
        }
    }

    /// Everything that is told, by its name below `$SYS/broker/`.
    fn sys_values(&self, now: SimTime) -> Vec<(String, String)> {
        let counted = &self.live.sys.counted;
        let counts = self.counts();
        let (mut shared, mut bytes) = (0, 0);
        for (_, kept) in self.store.retained.names().iter() {
            bytes += kept.publication.message.payload.len();
        }
        for (_, session) in self.store.sessions.iter() {
            shared += session.subscriptions.values().filter(|held| held.shared).count();
            let queued = session.outbox.stored().iter().chain(session.outbox.live());
            bytes += queued.map(|queued| queued.publication.message.payload.len()).sum::<usize>();
            for (_, flight) in session.inflight.iter() {
                if let Step::Published(publication) = &flight.step {
                    bytes += publication.message.payload.len();
                }
            }
        }
        let total = counts.sessions as u64;
        let stored = (counts.retained + counts.queued + counts.inflight) as u64;
        let numbers = [
            ("bytes/received", counted.bytes_received),
            ("bytes/sent", counted.bytes_sent),
            ("clients/connected", counted.connected),
            ("clients/disconnected", total.saturating_sub(counted.connected)),
            ("clients/expired", counted.expired),
            ("clients/maximum", counted.connected_maximum),
            ("clients/total", total),
            ("messages/received", counted.messages_received),
            ("messages/sent", counted.messages_sent),
            ("messages/stored", stored),
            ("publish/bytes/received", counted.publish_bytes_received),
            ("publish/bytes/sent", counted.publish_bytes_sent),
            ("publish/messages/dropped", counted.publish_dropped),
            ("publish/messages/received", counted.publish_received),
            ("publish/messages/sent", counted.publish_sent),
            ("retained messages/count", counts.retained as u64),
            ("shared_subscriptions/count", shared as u64),
            ("store/messages/bytes", bytes as u64),
            ("store/messages/count", stored),
            ("subscriptions/count", (counts.subscriptions - shared) as u64),
        ];
        let uptime = format!("{} seconds", now.since(counted.began).as_s());
        let version = format!("glassbroker version {}", env!("CARGO_PKG_VERSION"));
        let mut values = vec![("version".to_owned(), version), ("uptime".to_owned(), uptime)];
        values.extend(numbers.map(|(name, number)| (name.to_owned(), number.to_string())));
        values.extend(self.live.sys.loads.each());
        values
    }
}
