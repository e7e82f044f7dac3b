//! Rates: what is discarded, refused or held back because more came, or was to leave, than a second allows.

use super::admit::Refusal;
use super::bucket::{Bucket, Buckets};
use super::connection::Connection;
use super::publication::Routed;
use super::shared::{Group, SHARE};
use super::store::SessionId;
use super::timers::TimerKey;
use super::turn::Turn;
use super::{Broker, Cause, ConnId, Kind, Observer};
use crate::profile::{QUOTAS, Quota, Rate};
use crate::rule::aws;
use crate::time::SimTime;
use crate::wire::{Ack, Properties, Publish, QoS, ReasonCode, Version};
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::Arc;

/// What a connection's rates have let through, and what waits for them.
#[derive(Clone, Debug, Default)]
pub(super) struct Throttle {
    /// Messages from the client.
    pub(super) publishes: Bucket,
    pub(super) bytes_in: Bucket,
    pub(super) bytes_out: Bucket,
    /// Until when nothing is sent.
    pub(super) held_until: SimTime,
    /// When what waits for that is sent.
    pub(super) write_at: Option<SimTime>,
    /// What came and is not read yet, each with its cause.
    pub(super) unread: VecDeque<(Bytes, Cause)>,
    pub(super) unread_bytes: usize,
    /// When it is read on.
    pub(super) read_at: Option<SimTime>,
}

impl Throttle {
    /// So many bytes leave.
    #[cold]
    pub(super) fn sends(&mut self, now: SimTime, rate: Rate, bytes: usize) {
        self.bytes_out.take(now, rate, bytes as u64);
        self.held_until = self.bytes_out.next(now, rate);
    }
}

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
struct Exceeded {
    quota: Quota,
    /// How much of it is used; of what is delayed, how many wait.
    level: u64,
    until: SimTime,
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

impl Broker {
    /// Tells of a rate that is exceeded.
    fn note_exceeded<O: Observer>(
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
        let client = self.client_of(conn);
        let cause = self.note_exceeded(turn, Kind::QuotaRefused, client, &exceeded, cause);
        if version == Version::V5 && self.limits.publish_over_rate_told {
            let (id, code) = (publish.id, ReasonCode::QUOTA_EXCEEDED);
            let ack = Ack { id, code, properties: Properties::default() };
            let why = QUOTAS[exceeded.quota as usize].why;
            self.answer_publish(turn, conn, from, publish.qos, ack, why, cause);
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
        let Some(exceeded) = own.or_else(|| self.take_shared(Quota::AllOut, turn.now)) else { return true };
        self.drop_for_session(turn, to, routed, qos, &exceeded, cause);
        false
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
        let Some(exceeded) = self.take_shared(Quota::Queue, turn.now) else { return true };
        self.drop_for_session(turn, to, routed, qos, &exceeded, cause);
        false
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

    fn drop_for_session<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        to: SessionId,
        routed: &Routed,
        qos: QoS,
        exceeded: &Exceeded,
        cause: Cause,
    ) {
        let Some(session) = self.store.session(to) else { return };
        let depth = super::deliver::depth(session, self.connection_of(session));
        let client = session.client.clone();
        self.drop_exceeded(turn, &client, depth, routed, qos, exceeded, cause);
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
        let own = self.limits.rate(Quota::ConnectOfClient).filter(|_| !client.is_empty());
        let own = own.and_then(|rate| {
            let bucket = self.live.rates.connects.admits(turn.now, rate, client).err()?;
            Some(Exceeded::of(Quota::ConnectOfClient, &bucket, turn.now, rate))
        });
        let Some(exceeded) = own.or_else(|| self.take_shared(Quota::Connect, turn.now)) else {
            return Ok(());
        };
        let cause = self.note_exceeded(turn, Kind::QuotaRefused, client, &exceeded, cause);
        let (v5, rule) = (ReasonCode::QUOTA_EXCEEDED, aws("aws.quota.connect-told"));
        Err((Refusal { v3: None, v5, rule, why: QUOTAS[exceeded.quota as usize].why }, cause))
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
        let cause = self.note_exceeded(turn, Kind::QuotaRefused, client, &exceeded, cause);
        Err((QUOTAS[exceeded.quota as usize].why, cause))
    }

    /// Whether one more message may be retained now; else why not ([aws.quota.retain]).
    pub(super) fn may_retain<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        client: &str,
        topic: &str,
        cause: Cause,
    ) -> Result<(), &'static str> {
        let own = self.limits.rate(Quota::RetainAtTopic).and_then(|rate| {
            let bucket = self.live.rates.retained.admits(turn.now, rate, topic).err()?;
            Some(Exceeded::of(Quota::RetainAtTopic, &bucket, turn.now, rate))
        });
        let Some(exceeded) = own.or_else(|| self.take_shared(Quota::Retain, turn.now)) else { return Ok(()) };
        self.note_exceeded(turn, Kind::QuotaRefused, client, &exceeded, cause);
        Err(QUOTAS[exceeded.quota as usize].why)
    }

    /// Whether a shared subscription may change once more now: why not, and the cause of what follows ([aws.quota.shared]).
    pub(super) fn may_change_group<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        client: &str,
        filter: &str,
        cause: Cause,
    ) -> Result<(), (&'static str, Cause)> {
        let Some(rate) = self.limits.rate(Quota::GroupChange) else { return Ok(()) };
        let Err(bucket) = self.live.rates.group_changes.admits(turn.now, rate, filter) else { return Ok(()) };
        let exceeded = Exceeded::of(Quota::GroupChange, &bucket, turn.now, rate);
        let cause = self.note_exceeded(turn, Kind::QuotaRefused, client, &exceeded, cause);
        Err((QUOTAS[exceeded.quota as usize].why, cause))
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
        for (quota, name) in
            [(Quota::OperationOnClient, &*format!("{operation} {client}")), (Quota::Operation, operation)]
        {
            let Some(rate) = self.limits.rate(quota) else { continue };
            let rates = &mut self.live.rates;
            let buckets = match quota {
                Quota::Operation => &mut rates.operations,
                _ => &mut rates.operations_on_clients,
            };
            let Err(bucket) = buckets.admits(turn.now, rate, name) else { continue };
            let exceeded = Exceeded::of(quota, &bucket, turn.now, rate);
            let cause = self.note_exceeded(turn, Kind::QuotaRefused, client, &exceeded, cause);
            return Err((QUOTAS[quota as usize].why, cause));
        }
        Ok(())
    }

    /// Whether a message that has no client may be published now; else why not ([aws.quota.account]).
    pub(super) fn may_post<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        cause: Cause,
    ) -> Result<(), (&'static str, Cause)> {
        let Some(exceeded) = self.take_shared(Quota::AllIn, turn.now) else { return Ok(()) };
        let cause = self.note_exceeded(turn, Kind::QuotaRefused, "", &exceeded, cause);
        Err((QUOTAS[exceeded.quota as usize].why, cause))
    }

    fn connection_of(&self, session: &super::session::Session) -> Option<&Connection> {
        session.conn.and_then(|conn| self.live.connection(conn))
    }

    /// Whether bytes that came have to wait because more came than are read ([aws.quota.throughput]). They do so here, whole and with
    /// their cause, whatever moves bytes does meanwhile.
    #[cold]
    pub(super) fn leaves_unread<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        rate: Rate,
        bytes: &Bytes,
        cause: Cause,
    ) -> bool {
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return false };
        let throttle = &mut connection.throttle;
        let next = throttle.bytes_in.next(turn.now, rate);
        if throttle.unread.is_empty() && next <= turn.now {
            throttle.bytes_in.take(turn.now, rate, bytes.len() as u64);
            return false;
        }
        // The client is not silent.
        connection.heard_at = turn.now;
        throttle.unread.push_back((bytes.clone(), cause));
        throttle.unread_bytes += bytes.len();
        if throttle.unread.len() == 1 {
            self.live.timers.set(&mut throttle.read_at, TimerKey::Read(conn), next);
            let exceeded = Exceeded { quota: Quota::BytesIn, level: 1, until: next };
            self.note_exceeded(turn, Kind::QuotaDelayed, self.client_of(conn), &exceeded, cause);
        }
        true
    }

    /// Reads on what waited: as much as the rate lets through, or all of it where nothing more will come.
    pub(super) fn read_on<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId, all: bool) {
        while let Some(connection) = self.live.connections.get_mut(conn.0) {
            let throttle = &mut connection.throttle;
            self.live.timers.clear(&mut throttle.read_at, TimerKey::Read(conn));
            if throttle.unread.is_empty() {
                return;
            }
            if let Some(rate) = self.limits.rate(Quota::BytesIn) {
                let next = throttle.bytes_in.next(turn.now, rate);
                if next > turn.now && !all {
                    self.live.timers.set(&mut throttle.read_at, TimerKey::Read(conn), next);
                    return;
                }
                let first_bytes = throttle.unread.front().map_or(0, |(bytes, _)| bytes.len());
                throttle.bytes_in.take(turn.now, rate, first_bytes as u64);
            }
            let Some((bytes, cause)) = throttle.unread.pop_front() else { return };
            throttle.unread_bytes -= bytes.len();
            self.read(turn, conn, bytes, cause);
        }
    }

    /// There is a token for what waits unread.
    pub(super) fn on_read_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId) {
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        connection.throttle.read_at = None;
        self.read_on(turn, conn, false);
        self.weigh_connection(conn);
    }

    /// Where something waits because more was sent than a second allows, sets the timer to when it goes on.
    pub(super) fn arm_write<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId, cause: Cause) {
        if self.limits.rate(Quota::BytesOut).is_none() {
            return;
        }
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        let throttle = &mut connection.throttle;
        if throttle.held_until <= turn.now || throttle.write_at.is_some() {
            return;
        }
        self.live.timers.set(&mut throttle.write_at, TimerKey::Write(conn), throttle.held_until);
        let until = throttle.held_until;
        let waits = connection.waiting.len() + connection.qos0.len();
        let session = connection.session.and_then(|id| self.store.session(id));
        let level = (waits + session.map_or(0, |session| session.outbox.len())) as u64;
        let exceeded = Exceeded { quota: Quota::BytesOut, level, until };
        self.note_exceeded(turn, Kind::QuotaDelayed, self.client_of(conn), &exceeded, cause);
    }

    /// What waited for the rate is sent on.
    pub(super) fn on_write_due<O: Observer>(&mut self, turn: &mut Turn<'_, O>, conn: ConnId) {
        let Some(connection) = self.live.connections.get_mut(conn.0) else { return };
        connection.throttle.write_at = None;
        self.pump(turn, conn);
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
