//! Read-only views of all that the broker holds, as plain data: enough to draw every panel.

use super::bucket::Bucket;
use super::inflight::Step;
use super::outbox::Queued;
use super::publication::Publication;
use super::session::Session;
use super::shared::Group;
use super::store::SessionId;
use super::{Broker, Ending, Verdict, WillTerms};
use crate::profile::Quota;
use crate::sorted::Sorted;
use crate::time::{SimTime, Span};
use crate::wire::{QoS, SubscribeOptions, Version};
use bytes::Bytes;

/// How many messages of one queue a view shows: panels are drawn several times a second, and queues can be long.
pub const SHOWN: usize = 1_000;

/// How many of each thing the broker holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CountsView {
    /// Open connections.
    pub connections: usize,
    /// Sessions, connected or not.
    pub sessions: usize,
    /// Subscriptions of all sessions.
    pub subscriptions: usize,
    /// Retained messages.
    pub retained: usize,
    /// Bytes of their topics, payloads and properties.
    pub retained_bytes: usize,
    /// Messages in the queues of all sessions.
    pub queued: usize,
    /// Messages under way to clients.
    pub inflight: usize,
    /// Bytes of all that sessions and connections hold, with something for the place of each.
    pub held_bytes: usize,
}

/// One session.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionView {
    /// The client identifier.
    pub client: String,
    /// The version that the client speaks or spoke.
    pub version: Version,
    /// Its connection, where it is connected.
    pub connection: Option<ConnectionView>,
    /// How many seconds the session outlives its connection; `None` where it never ends.
    pub expiry_s: Option<u32>,
    /// When it ends, where the client is away and it ends at all.
    pub ends_at: Option<SimTime>,
    /// Its subscriptions, ordered by filter.
    pub subscriptions: Vec<SubscriptionView>,
    /// How many messages wait in its queue.
    pub queued: usize,
    /// The first [`SHOWN`] of those, in order: first what was stored, then what came since.
    pub queue: Vec<MessageView>,
    /// How many of those were stored while the client was away.
    pub stored: usize,
    /// Topics, payloads and properties of the queue, in bytes.
    pub queue_bytes: usize,
    /// How many messages are under way to the client.
    pub inflight_count: usize,
    /// Their topics, payloads and properties, as long as they are kept for sending them again, in bytes.
    pub inflight_bytes: usize,
    /// The first [`SHOWN`] of those, in the order of sending.
    pub inflight: Vec<FlightView>,
    /// Packet Identifiers of the client's QoS 2 messages that await PUBREL.
    pub incoming: Vec<u16>,
    /// Its Will.
    pub will: Option<WillView>,
    /// The pace of what was stored, where the profile sets one and something waits.
    pub replay: Option<ReplayView>,
    /// The bounds and rates of the session and of its connection, with what is used of them, in the order of [`Broker::quotas`].
    pub quotas: Vec<QuotaView>,
}

/// An open connection of a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ConnectionView {
    /// Its number.
    pub conn: super::ConnId,
    /// When it was opened.
    pub opened_at: SimTime,
    /// Whether it runs over WebSocket.
    pub websocket: bool,
    /// The keep alive in force, in seconds; 0 for none.
    pub keep_alive_s: u16,
    /// When the connection ends if nothing comes.
    pub silent_until: Option<SimTime>,
    /// How many more QoS 1 and 2 messages may be sent before one is acknowledged.
    pub quota: u16,
    /// What that began with.
    pub quota_max: u16,
    /// How many bytes the link takes now.
    pub bytes_free: usize,
    /// How many packets and QoS 0 messages wait for it.
    pub waiting: usize,
    /// How many messages a resumption has still to send again.
    pub resend: usize,
}

/// One subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SubscriptionView {
    /// The Topic Filter, with `$share/…/` where it has it.
    pub filter: String,
    /// Its options; the QoS is the granted one.
    pub options: SubscribeOptions,
    /// Its Subscription Identifier.
    pub identifier: Option<u32>,
    /// Whether it is a member's of a group.
    pub shared: bool,
}

/// A message that waits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageView {
    /// Its topic.
    pub topic: String,
    /// Its payload, shared.
    pub payload: Bytes,
    /// The QoS at which it is delivered.
    pub qos: QoS,
    /// Whether it is delivered with RETAIN set.
    pub retain: bool,
    /// When it expires.
    pub expires_at: Option<SimTime>,
    /// What queued it.
    pub cause: super::Cause,
}

/// A message under way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FlightView {
    /// Its Packet Identifier.
    pub id: u16,
    /// The QoS at which it is delivered.
    pub qos: QoS,
    /// Whether PUBREC came and PUBCOMP is awaited; else PUBACK or PUBREC is.
    pub released: bool,
    /// Its topic; empty once it is released.
    pub topic: String,
    /// Its payload; empty once it is released.
    pub payload: Bytes,
    /// What led to it.
    pub cause: super::Cause,
}

/// A Will.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WillView {
    /// Its topic.
    pub topic: String,
    /// Its payload.
    pub payload: Bytes,
    /// Its QoS.
    pub qos: QoS,
    /// Whether it is retained.
    pub retain: bool,
    /// Its Will Delay Interval in seconds.
    pub delay_s: u32,
    /// When it is sent, where the connection has ended and it is delayed.
    pub due_at: Option<SimTime>,
    /// What would become of it by each way of ending, while the client is connected.
    pub fates: Vec<(Ending, Verdict)>,
}

/// One bound or rate, and what of it is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QuotaView {
    /// The setting that it is.
    pub key: &'static str,
    /// How much is used, in the setting's unit: of a rate, what has not come back yet.
    pub level: u64,
    /// How much there is: of a rate, how many at once.
    pub capacity: u64,
    /// How many come back each second; `None` for a bound.
    pub per_s: Option<u64>,
    /// When there is one more, where a rate is used up.
    pub next_at: Option<SimTime>,
    /// When nothing of a rate is used any more, where something is.
    pub empty_at: Option<SimTime>,
}

/// The pace of stored messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReplayView {
    /// The rate.
    pub per_s: u64,
    /// How many are still to leave, those that are sent again included.
    pub depth: usize,
    /// When the next may leave, where the client is connected.
    pub next_at: Option<SimTime>,
    /// When the last may leave if nothing but the rate holds them up, where the client is connected.
    pub empty_at: Option<SimTime>,
}

/// A retained message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RetainedView {
    /// Its topic.
    pub topic: String,
    /// Its payload, shared.
    pub payload: Bytes,
    /// The QoS at which it was published.
    pub qos: QoS,
    /// When it was stored.
    pub stored_at: SimTime,
    /// When it expires, or is no longer kept.
    pub expires_at: Option<SimTime>,
}

/// A group that shares a subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GroupView {
    /// ShareName and filter, as `name/filter`.
    pub name: String,
    /// The client identifiers of its members, ordered.
    pub members: Vec<String>,
    /// How many messages it got.
    pub messages: u64,
    /// How many of its members are connected.
    pub active: usize,
    /// How many messages wait in its own queue.
    pub queued: usize,
    /// The first [`SHOWN`] of those, in order.
    pub queue: Vec<MessageView>,
    /// The pace of that queue, where the profile sets one and something waits: that of all members that are connected together.
    pub replay: Option<ReplayView>,
    /// Its bounds, with what is used of them.
    pub quotas: Vec<QuotaView>,
}

impl Broker {
    /// How much the broker holds.
    pub fn counts(&self) -> CountsView {
        let mut counts = CountsView {
            connections: self.live.connections.len(),
            sessions: self.store.sessions.len(),
            retained: self.store.retained.names().len(),
            retained_bytes: self.store.retained.bytes(),
            ..CountsView::default()
        };
        for (_, session) in self.store.sessions.iter() {
            counts.subscriptions += session.subscriptions.len();
            counts.queued += session.outbox.len();
            counts.inflight += session.inflight.len();
        }
        counts.held_bytes = self.held_bytes;
        counts
    }

    /// All sessions, ordered by client identifier.
    pub fn sessions(&self, now: SimTime) -> Vec<SessionView> {
        self.store.by_client.values().filter_map(|id| self.view(*id, now)).collect()
    }

    /// The session of one client.
    pub fn session(&self, client: &str, now: SimTime) -> Option<SessionView> {
        self.view(self.store.of_client(client)?, now)
    }

    /// The client identifiers of all sessions, in order.
    pub fn session_names(&self) -> impl Iterator<Item = &str> {
        self.store.by_client.keys().map(|client| &**client)
    }

    /// The subscriptions of all sessions, by client identifier and filter: those two, the QoS granted, and whether it is a member's of
    /// a group.
    pub fn subscription_names(&self) -> impl Iterator<Item = (&str, &str, QoS, bool)> {
        self.in_order().flat_map(|session| {
            let all = session.subscriptions.iter();
            all.map(|(filter, held)| {
                (session.client.as_str(), filter.as_str(), held.options.qos, held.shared)
            })
        })
    }

    /// The Wills: the client identifier, the topic, and when it is sent, where that is decided.
    pub fn will_names(&self) -> impl Iterator<Item = (&str, &str, Option<SimTime>)> {
        self.in_order().filter_map(|session| {
            let will = session.will.as_ref()?;
            Some((session.client.as_str(), will.topic.as_str(), session.will_at))
        })
    }

    /// For whom messages wait: the client identifier, or all of `$share/{ShareName}/{filter}`, and how many.
    pub fn queue_names(&self) -> impl Iterator<Item = (&str, usize)> {
        let sessions = self.in_order().map(|session| (session.client.as_str(), session.outbox.len()));
        let groups = self.store.groups.iter().map(|group| (group.filter.as_str(), group.queue.len()));
        sessions.chain(groups).filter(|(_, depth)| *depth > 0)
    }

    /// The topics of all retained messages, in order.
    pub fn retained_names(&self) -> impl Iterator<Item = &str> {
        self.store.retained.names().iter().map(|(topic, _)| topic)
    }

    /// The names of all groups, in order.
    pub fn group_names(&self) -> impl Iterator<Item = &str> {
        self.store.groups.iter().map(Group::name)
    }

    /// The sessions by client identifier.
    fn in_order(&self) -> impl Iterator<Item = &Session> {
        self.store.by_client.values().filter_map(|id| self.store.session(*id))
    }

    /// All retained messages, ordered by topic.
    pub fn retained(&self) -> Vec<RetainedView> {
        self.store.retained.names().iter().map(|(_, kept)| retained_view(kept)).collect()
    }

    /// The retained message of a topic.
    pub fn retained_at(&self, topic: &str) -> Option<RetainedView> {
        self.store.retained.names().get(topic).map(retained_view)
    }

    /// The groups of shared subscriptions, ordered by name.
    pub fn groups(&self, now: SimTime) -> Vec<GroupView> {
        self.store.groups.iter().map(|group| self.group_view(group, now)).collect()
    }

    /// The group of this name, `name/filter`.
    pub fn group(&self, name: &str, now: SimTime) -> Option<GroupView> {
        let (share, filter) = name.split_once('/')?;
        self.store.groups.named(share, filter).map(|group| self.group_view(group, now))
    }

    fn group_view(&self, group: &Group, now: SimTime) -> GroupView {
        let mut members = Sorted::<Box<str>, SessionId>::new();
        for id in group.members.keys() {
            if let Some(session) = self.store.session(*id) {
                members.insert(session.client.as_str().into(), *id);
            }
        }
        GroupView {
            name: group.name().to_owned(),
            members: members.keys().map(|client| client.to_string()).collect(),
            messages: group.messages,
            active: self.active_members(group),
            queued: group.queue.len(),
            queue: group.queue.stored().iter().take(SHOWN).map(message_view).collect(),
            replay: self.group_replay(group, now),
            quotas: self.group_quotas(group),
        }
    }

    fn view(&self, id: SessionId, now: SimTime) -> Option<SessionView> {
        let session = self.store.session(id)?;
        let connection = session.conn.and_then(|conn| {
            let connection = self.live.connection(conn)?;
            Some(ConnectionView {
                conn,
                opened_at: connection.opened_at,
                websocket: connection.websocket,
                keep_alive_s: connection.keep_alive_s,
                silent_until: connection.patience.map(|patience| connection.heard_at + patience),
                quota: connection.quota,
                quota_max: connection.quota_max,
                bytes_free: connection.free,
                waiting: connection.waiting.len() + connection.qos0.len(),
                resend: connection.resend.len(),
            })
        });
        Some(SessionView {
            client: session.client.to_string(),
            version: session.version,
            connection,
            expiry_s: session.expiry_s,
            ends_at: session.ends_at,
            subscriptions: session
                .subscriptions
                .iter()
                .map(|(filter, held)| SubscriptionView {
                    filter: filter.to_string(),
                    options: held.options,
                    identifier: (held.id > 0).then_some(held.id),
                    shared: held.shared,
                })
                .collect(),
            queued: session.outbox.len(),
            queue: session
                .outbox
                .stored()
                .iter()
                .chain(session.outbox.live())
                .take(SHOWN)
                .map(message_view)
                .collect(),
            stored: session.outbox.stored().len(),
            queue_bytes: session.outbox.bytes(),
            inflight_count: session.inflight.len(),
            inflight_bytes: session.inflight.bytes(),
            inflight: session
                .inflight
                .iter()
                .take(SHOWN)
                .map(|(id, flight)| flight_view(id, flight))
                .collect(),
            incoming: session.incoming.as_slice().to_vec(),
            will: self.will_view(session),
            replay: self.replay_view(session, connection.as_ref(), now),
            quotas: self.session_quotas(session, now),
        })
    }

    fn active_members(&self, group: &Group) -> usize {
        group.members.keys().filter(|id| self.is_connected(**id)).count()
    }

    fn group_replay(&self, group: &Group, now: SimTime) -> Option<ReplayView> {
        let rate = self.limits.rate(Quota::GroupReplay)?;
        let (depth, per_s) = (group.queue.len(), rate.per_s * self.active_members(group) as u64);
        if depth == 0 {
            return None;
        }
        let next_at = (per_s > 0).then(|| group.replay_at.unwrap_or(now));
        let rest = Span(Bucket::spacing(per_s).0.saturating_mul(depth as u64 - 1));
        Some(ReplayView { per_s, depth, next_at, empty_at: next_at.map(|at| at + rest) })
    }

    fn will_view(&self, session: &Session) -> Option<WillView> {
        let will = session.will.as_ref()?;
        let terms =
            WillTerms { version: session.version, delay_s: will.delay_s, session_expiry_s: session.expiry_s };
        let fates = match session.conn {
            Some(_) => Ending::ALL
                .iter()
                .map(|ending| (*ending, super::will::decide(*ending, &self.limits, terms)))
                .collect(),
            None => Vec::new(),
        };
        Some(WillView {
            topic: will.topic.to_string(),
            payload: will.payload.clone(),
            qos: will.qos,
            retain: will.retain,
            delay_s: will.delay_s,
            due_at: session.will_at,
            fates,
        })
    }

    fn replay_view(
        &self,
        session: &Session,
        connection: Option<&ConnectionView>,
        now: SimTime,
    ) -> Option<ReplayView> {
        let rate = self.limits.rate(Quota::Replay)?;
        let spacing = self.replay_spacing()?;
        let depth = session.outbox.stored().len() + connection.map_or(0, |connection| connection.resend);
        if depth == 0 {
            return None;
        }
        let next_at = connection.map(|_| session.bucket.next(now, rate));
        let rest = Span(spacing.0.saturating_mul(depth as u64 - 1));
        Some(ReplayView { per_s: rate.per_s, depth, next_at, empty_at: next_at.map(|at| at + rest) })
    }
}

fn message_view(queued: &Queued) -> MessageView {
    let Publication { message, expires_at, .. } = &*queued.publication;
    MessageView {
        topic: message.topic.to_string(),
        payload: message.payload.clone(),
        qos: queued.qos,
        retain: queued.retain,
        expires_at: *expires_at,
        cause: queued.cause,
    }
}

fn flight_view(id: u16, flight: &super::inflight::Flight) -> FlightView {
    let (released, topic, payload) = match &flight.step {
        Step::Published(publication) => {
            (false, publication.message.topic.to_string(), publication.message.payload.clone())
        }
        Step::Released => (true, String::new(), Bytes::new()),
    };
    FlightView { id, qos: flight.qos, released, topic, payload, cause: flight.cause }
}

fn retained_view(kept: &super::retained::Kept) -> RetainedView {
    let Publication { message, .. } = &*kept.publication;
    RetainedView {
        topic: message.topic.to_string(),
        payload: message.payload.clone(),
        qos: message.qos,
        stored_at: kept.stored_at,
        expires_at: kept.ends_at,
    }
}
