//! What is used of each bound and rate, as gauges show it.

use super::Broker;
use super::bucket::Bucket;
use super::session::Session;
use super::shared::Group;
use super::view::QuotaView;
use crate::profile::{QUOTAS, Quota};
use crate::time::SimTime;

/// The rates that all clients share.
const SHARED: [Quota; 6] =
    [Quota::Connect, Quota::AllIn, Quota::AllOut, Quota::Queue, Quota::Retain, Quota::Subscribe];

impl Broker {
    /// What is used of what all clients share: the rates that the profile sets, then the bounds.
    pub fn quotas(&self, now: SimTime) -> Vec<QuotaView> {
        let shared = |quota: &Quota| self.gauge(*quota, &self.live.rates.shared[*quota as usize], now);
        let mut gauges: Vec<QuotaView> = SHARED.iter().filter_map(shared).collect();
        let (limits, store) = (&self.limits, &self.store);
        gauges.extend([
            bound("connect.max_count", self.live.connections.len(), limits.connect_max_count),
            bound("session.max_count", store.sessions.len(), limits.session_max_count),
            bound("retained.max_messages", store.retained.names().len(), limits.retained_max_messages),
            bound("retained.max_bytes", store.retained.bytes(), limits.retained_max_bytes),
            bound("broker.max_bytes", self.held_bytes, limits.broker_max_bytes),
        ]);
        if limits.subscription_shared_max_groups < usize::MAX {
            let most = limits.subscription_shared_max_groups;
            gauges.push(bound("subscription.shared_max_groups", store.groups.len(), most));
        }
        gauges
    }

    /// What is used of a session's and its connection's.
    pub(super) fn session_quotas(&self, session: &Session, now: SimTime) -> Vec<QuotaView> {
        let mut gauges = Vec::new();
        let connection = session.conn.and_then(|conn| self.live.connection(conn));
        if let Some(connection) = connection {
            let throttle = &connection.throttle;
            for (quota, bucket) in [
                (Quota::PublishIn, &throttle.publishes),
                (Quota::BytesIn, &throttle.bytes_in),
                (Quota::BytesOut, &throttle.bytes_out),
            ] {
                gauges.extend(self.gauge(quota, bucket, now));
            }
        }
        for (quota, bucket) in [(Quota::PublishOut, &session.sent), (Quota::Replay, &session.bucket)] {
            gauges.extend(self.gauge(quota, bucket, now));
        }
        let limits = &self.limits;
        let subscriptions = limits.subscription_max_per_session;
        gauges.extend([
            bound("subscription.max_per_session", session.subscriptions.len(), subscriptions),
            bound("session.queue_max_messages", session.outbox.len(), limits.session_queue_max_messages),
            bound("session.queue_max_bytes", session.outbox.bytes(), limits.session_queue_max_bytes),
        ]);
        if let Some(connection) = connection {
            let inflight = connection.quota_max.min(limits.session_inflight_max_messages);
            gauges.push(bound(
                "session.inflight_max_messages",
                session.inflight.len(),
                usize::from(inflight),
            ));
            if connection.receive_maximum < u16::MAX {
                let under_way = session.incoming.under_way() + usize::from(connection.pubacks_waiting());
                let most = usize::from(connection.receive_maximum);
                gauges.push(bound("connect.receive_maximum", under_way, most));
            }
            if connection.alias_maximum > 0 {
                let used = connection.aliases.iter().flatten().count();
                gauges.push(bound("topic_alias.maximum", used, usize::from(connection.alias_maximum)));
            }
        }
        gauges
    }

    /// What is used of a shared subscription's bounds.
    pub(super) fn group_quotas(&self, group: &Group) -> Vec<QuotaView> {
        let limits = &self.limits;
        let mut gauges = Vec::new();
        if limits.subscription_shared_queue {
            let (depth, most) = (group.queue.len(), limits.subscription_shared_queue_max_messages);
            gauges.push(bound("subscription.shared_queue_max_messages", depth, most));
        }
        if limits.subscription_shared_max_members < usize::MAX {
            let most = limits.subscription_shared_max_members;
            gauges.push(bound("subscription.shared_max_members", group.members.len(), most));
        }
        gauges
    }

    fn gauge(&self, quota: Quota, bucket: &Bucket, now: SimTime) -> Option<QuotaView> {
        let rate = self.limits.rate(quota)?;
        let (next, empty) = (bucket.next(now, rate), bucket.full_at(now, rate));
        Some(QuotaView {
            key: QUOTAS[quota as usize].key,
            level: bucket.level(now, rate),
            capacity: rate.burst,
            per_s: Some(rate.per_s),
            next_at: (next > now).then_some(next),
            empty_at: (empty > now).then_some(empty),
        })
    }
}

fn bound(key: &'static str, level: usize, capacity: usize) -> QuotaView {
    let (level, capacity) = (level as u64, capacity as u64);
    QuotaView { key, level, capacity, per_s: None, next_at: None, empty_at: None }
}
