//! Rates: what is discarded or refused because more came, or was to leave, than a second allows.

use super::admit::Refusal;
use super::bucket::{Bucket, Buckets};
use super::publication::Routed;
use super::shared::Group;
use super::store::SessionId;
use super::turn::Turn;
use super::{Broker, Cause, ConnId, Kind, Observer};
use crate::profile::{QUOTAS, Quota, Rate};
use crate::rule::aws;
use crate::time::SimTime;
use crate::topic::SHARE;
use crate::wire::{Publish, QoS, ReasonCode, Version};
use std::sync::Arc;

/// What all clients have used of the rates that they share.
#[derive(Clone, Debug, Default)]
pub(super) struct Rates {
    /// In the order of [`Quota`]; those of one connection or session stay empty.
    pub(super) shared: [Bucket; QUOTAS.len()],
    /// CONNECT by client identifier.
    connects: Buckets,
    /// Messages with RETAIN by topic.
    retained: Buckets,
    /// Subscribing and unsubscribing by shared subscription.
    group_changes: Buckets,
    /// Operations by their names.
    operations: Buckets,
    /// Operations by their names and the clients that they are about.
    operations_on_clients: Buckets,
}

/// One exceeded rate: what its event says.
pub(super) struct Exceeded {
    pub(super) quota: Quota,
    /// How much of it is used; of what is delayed, how many wait.
    pub(super) level: u64,
    pub(super) until: SimTime,
}

impl Exceeded {
    fn of(quota: Quota, bucket: &Bucket, now: SimTime, rate: Rate) -> Self {
        Self { quota, level: bucket.level(now, rate), until: bucket.next(now, rate) }
    }
}

/// Takes one, where there is one; else what is exceeded.
fn take(quota: Quota, bucket: &mut Bucket, now: SimTime, rate: Rate) -> Option<Exceeded> {
    if bucket.admits(now, rate) { None } else { Some(Exceeded::of(quota, bucket, now, rate)) }
}

/// The same by name.
fn take_named(
    quota: Quota,
    buckets: &mut Buckets,
    now: SimTime,
    rate: Option<Rate>,
    name: &str,
) -> Option<Exceeded> {
    let bucket = buckets.admits(now, rate?, name).err()?;
    Some(Exceeded::of(quota, &bucket, now, rate?))
}

impl Broker {
    /// Tells of a rate that is exceeded.
    pub(super) fn note_exceeded<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        kind: Kind,
        client: &str,
        exceeded: &Exceeded,
        cause: Cause,
    ) -> Cause {
        if !O::WATCHES {
            return cause;
        }
        let said = &QUOTAS[exceeded.quota as usize];
        let rule = self.profile.rule_of(said.key);
        turn.note(kind, client, cause, |event| {
            event.rule = rule;
            event.topic = said.key;
            event.number = Some(u32::try_from(exceeded.level).unwrap_or(u32::MAX));
            event.until = Some(exceeded.until);
            event.why = said.why;
        })
    }

    /// Whether a client may publish one more message now; else it is discarded ([aws.quota.publish-in]), which only an
    /// acknowledgement of MQTT 5 can tell.
    #[cold]
    pub(super) fn may_publish<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        from: SessionId,
        publish: &Publish,
        cause: Cause,
    ) -> bool {
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return false };
        let (version, bucket) = (connection.version, &mut connection.throttle.publishes);
        let own = self.limits.rate(Quota::PublishIn);
        let own = own.and_then(|rate| take(Quota::PublishIn, bucket, turn.now, rate));
        let Some(exceeded) = own.or_else(|| self.take_shared(Quota::AllIn, turn.now)) else { return true };
        let (why, cause) = self.refused(turn, self.client_of(conn), &exceeded, cause);
        let is_answered = publish.qos != QoS::AtMostOnce;
        if version == Version::V5 && is_answered && self.limits.publish_over_rate_told {
            let cause = turn.note(Kind::Decision, self.client_of(conn), cause, |event| {
                event.rule = Some(aws("aws.quota.publish-told"));
                event.topic = &publish.topic;
                event.why = "MQTT 5 is told that the message was discarded";
            });
            let (to, code) = ((publish.qos, publish.id), ReasonCode::QUOTA_EXCEEDED);
            self.answer_publish(turn, conn, from, to, code, why, cause);
        }
        false
    }

    /// Whether one more message may go to a client, or be stored for it, now; else it is discarded for this client
    /// ([aws.quota.publish-out]).
    #[cold]
    pub(super) fn may_deliver<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        to: SessionId,
        routed: &Routed,
        qos: QoS,
        cause: Cause,
    ) -> bool {
        let Some(session) = self.store.sessions.get_mut(to.0) else { return false };
        let own = self.limits.rate(Quota::PublishOut);
        let own = own.and_then(|rate| take(Quota::PublishOut, &mut session.sent, turn.now, rate));
        let exceeded = own.or_else(|| self.take_shared(Quota::AllOut, turn.now));
        self.is_within(turn, to, routed, qos, exceeded, cause)
    }

    /// Whether one more message may be stored for clients that are away; else it is discarded for this one ([aws.quota.queue]).
    #[cold]
    pub(super) fn may_store<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        to: SessionId,
        routed: &Routed,
        qos: QoS,
        cause: Cause,
    ) -> bool {
        let exceeded = self.take_shared(Quota::Queue, turn.now);
        self.is_within(turn, to, routed, qos, exceeded, cause)
    }

    /// Whether one more message may be stored for a group whose queue has this depth; else it is discarded.
    pub(super) fn may_store_for_group<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        group: &Group,
        routed: &Routed,
        qos: QoS,
        cause: Cause,
    ) -> bool {
        let Some(exceeded) = self.take_shared(Quota::Queue, turn.now) else { return true };
        let depth = u32::try_from(group.queue.len()).ok();
        self.drop_exceeded(turn, &group.filter, depth, routed, qos, &exceeded, cause);
        false
    }

    /// Whether nothing is exceeded; else a message is discarded for one client.
    fn is_within<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        to: SessionId,
        routed: &Routed,
        qos: QoS,
        exceeded: Option<Exceeded>,
        cause: Cause,
    ) -> bool {
        let Some(exceeded) = exceeded else { return true };
        let Some(session) = self.store.session(to) else { return false };
        let connection = session.conn.and_then(|conn| self.live.connection(conn));
        let depth = super::deliver::depth(session, connection);
        let client = session.client.clone();
        self.drop_exceeded(turn, &client, depth, routed, qos, &exceeded, cause);
        false
    }

    /// Discards a message for one client or group.
    #[allow(clippy::too_many_arguments)]
    fn drop_exceeded<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        client: &str,
        depth: Option<u32>,
        routed: &Routed,
        qos: QoS,
        exceeded: &Exceeded,
        cause: Cause,
    ) {
        self.live.sys.counted.publish_dropped += 1;
        let cause = self.note_exceeded(turn, Kind::QuotaRefused, client, exceeded, cause);
        turn.note(Kind::MessageDropped, client, cause, |event| {
            event.rule = self.profile.rule_of(QUOTAS[exceeded.quota as usize].key);
            event.topic = &routed.publication.message.topic;
            event.qos = Some(qos as u8);
            event.number = depth;
            event.why = QUOTAS[exceeded.quota as usize].why;
        });
    }

    /// Tells of a refusal: why, and the cause of what follows.
    fn refused<O: Observer>(
        &self,
        turn: &mut Turn<'_, O>,
        client: &str,
        exceeded: &Exceeded,
        cause: Cause,
    ) -> (&'static str, Cause) {
        let cause = self.note_exceeded(turn, Kind::QuotaRefused, client, exceeded, cause);
        (QUOTAS[exceeded.quota as usize].why, cause)
    }

    /// Takes one of what all clients share; what is exceeded, where there is none.
    fn take_shared(&mut self, quota: Quota, now: SimTime) -> Option<Exceeded> {
        take(quota, &mut self.live.rates.shared[quota as usize], now, self.limits.rate(quota)?)
    }

    /// Whether a client may send a CONNECT now: why not, and the cause of what follows. ([aws.quota.connect-client])
    pub(super) fn may_come_now<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        client: &str,
        cause: Cause,
    ) -> Result<(), (Refusal, Cause)> {
        let (quota, connects) = (Quota::ConnectOfClient, &mut self.live.rates.connects);
        let rate = self.limits.rate(quota).filter(|_| !client.is_empty());
        let own = take_named(quota, connects, turn.now, rate, client);
        let Some(exceeded) = own.or_else(|| self.take_shared(Quota::Connect, turn.now)) else {
            return Ok(());
        };
        let (why, cause) = self.refused(turn, client, &exceeded, cause);
        let (v5, rule) = (ReasonCode::QUOTA_EXCEEDED, aws("aws.quota.connect-told"));
        Err((Refusal { v3: None, v5, rule, why }, cause))
    }

    /// Whether one more Topic Filter may be subscribed to now: why not, and the cause of what follows. ([aws.quota.subscribe])
    pub(super) fn may_add_filter<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        id: SessionId,
        cause: Cause,
    ) -> Result<(), (&'static str, Cause)> {
        let Some(exceeded) = self.take_shared(Quota::Subscribe, turn.now) else { return Ok(()) };
        let client = self.store.session(id).map_or("", |session| &session.client);
        Err(self.refused(turn, client, &exceeded, cause))
    }

    /// Whether one more message may be retained now; else why not ([aws.quota.retain]).
    pub(super) fn may_retain<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        client: &str,
        topic: &str,
        cause: Cause,
    ) -> Result<(), &'static str> {
        let (quota, retained) = (Quota::RetainAtTopic, &mut self.live.rates.retained);
        let own = take_named(quota, retained, turn.now, self.limits.rate(quota), topic);
        let Some(exceeded) = own.or_else(|| self.take_shared(Quota::Retain, turn.now)) else { return Ok(()) };
        Err(self.refused(turn, client, &exceeded, cause).0)
    }

    /// Whether a shared subscription may change once more now: why not, and the cause of what follows ([aws.quota.shared]).
    pub(super) fn may_change_group<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        client: &str,
        filter: &str,
        cause: Cause,
    ) -> Result<(), (&'static str, Cause)> {
        let (quota, changes) = (Quota::GroupChange, &mut self.live.rates.group_changes);
        let exceeded = take_named(quota, changes, turn.now, self.limits.rate(quota), filter);
        exceeded.map_or(Ok(()), |exceeded| Err(self.refused(turn, client, &exceeded, cause)))
    }

    /// A shared subscription changes by an UNSUBSCRIBE, which is never refused ([aws.quota.shared-unsubscribe]).
    pub(super) fn count_group_change(&mut self, now: SimTime, filter: &str) {
        if let (Some(rate), Some(name)) = (self.limits.rate(Quota::GroupChange), filter.strip_prefix(SHARE)) {
            let _ = self.live.rates.group_changes.admits(now, rate, name);
        }
    }

    /// Whether the account may do an operation on a client's connection now; else why not ([aws.operation.rate]).
    pub(super) fn may_operate<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        operation: &str,
        client: &str,
        cause: Cause,
    ) -> Result<(), (&'static str, Cause)> {
        let (limits, rates, now) = (&self.limits, &mut self.live.rates, turn.now);
        let take = |quota, buckets, name: &str| take_named(quota, buckets, now, limits.rate(quota), name);
        let of_client = format!("{operation} {client}");
        let exceeded = take(Quota::OperationOnClient, &mut rates.operations_on_clients, &of_client)
            .or_else(|| take(Quota::Operation, &mut rates.operations, operation));
        exceeded.map_or(Ok(()), |exceeded| Err(self.refused(turn, client, &exceeded, cause)))
    }

    /// Whether a message that has no client may be published now; else why not ([aws.quota.account]).
    pub(super) fn may_post<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        cause: Cause,
    ) -> Result<(), (&'static str, Cause)> {
        let exceeded = self.take_shared(Quota::AllIn, turn.now);
        exceeded.map_or(Ok(()), |exceeded| Err(self.refused(turn, "", &exceeded, cause)))
    }

    /// The profile changed: what is used of each rate stays used.
    pub(super) fn change_rates(&mut self, now: SimTime, before: &crate::profile::Limits) {
        let rates = &mut self.live.rates;
        for (bucket, rate) in rates.shared.iter_mut().zip(before.rates()) {
            if let Some(rate) = rate {
                bucket.change(now, *rate);
            }
        }
        for (quota, buckets) in [
            (Quota::ConnectOfClient, &mut rates.connects),
            (Quota::RetainAtTopic, &mut rates.retained),
            (Quota::GroupChange, &mut rates.group_changes),
            (Quota::Operation, &mut rates.operations),
            (Quota::OperationOnClient, &mut rates.operations_on_clients),
        ] {
            if let Some(rate) = before.rate(quota) {
                buckets.change(now, rate);
            }
        }
        let change = |bucket: &mut Bucket, quota: Quota| {
            if let Some(rate) = before.rate(quota) {
                bucket.change(now, rate);
            }
        };
        for session in self.store.sessions.iter_mut() {
            change(&mut session.bucket, Quota::Replay);
            change(&mut session.sent, Quota::PublishOut);
        }
        if before.rate(Quota::GroupReplay).is_some() {
            for group in Arc::make_mut(&mut self.store.groups).iter_mut() {
                group.members.values_mut().for_each(|member| change(&mut member.pace, Quota::GroupReplay));
            }
        }
        for connection in self.live.connections.iter_mut() {
            let throttle = &mut connection.throttle;
            change(&mut throttle.publishes, Quota::PublishIn);
            change(&mut throttle.bytes_in, Quota::BytesIn);
            change(&mut throttle.bytes_out, Quota::BytesOut);
            throttle.held_until = match self.limits.rate(Quota::BytesOut) {
                Some(rate) => throttle.bytes_out.next(now, rate),
                None => SimTime::ZERO,
            };
        }
    }
}
