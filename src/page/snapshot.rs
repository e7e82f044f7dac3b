//! `broker.snapshot()`: the broker's state as plain data. Times are microseconds of the run; `docs` of each field are in
//! `www/headless/glassbroker.d.ts`.

use crate::account::{self, RuleCounts, ShadowView};
use crate::broker::{
    ConnectionView, CountsView, FlightView, GroupView, MessageView, QuotaView, ReplayView, RetainedView,
    SessionView, SubscriptionView, WillView,
};
use crate::json::push_hex;
use crate::profile::Value;
use crate::sim::World;
use crate::sorted::Sorted;
use crate::time::SimTime;
use crate::wire::Version;
use bytes::Bytes;
use serde::{Serialize, Serializer};

/// Everything that the broker holds at one moment.
#[derive(Serialize)]
pub(super) struct Snapshot {
    t: u64,
    profile: &'static str,
    set: Sorted<&'static str, Value>,
    counts: Counts,
    sessions: Vec<Session>,
    retained: Vec<Retained>,
    groups: Vec<Group>,
    quotas: Vec<Quota>,
    shadows: Vec<Shadow>,
    rules: Vec<TopicRule>,
}

#[derive(Serialize)]
struct Shadow {
    thing: String,
    name: Option<String>,
    version: u64,
    document: String,
}

#[derive(Serialize)]
struct TopicRule {
    name: String,
    sql: String,
    enabled: bool,
    matched: u32,
    passed: u32,
    republished: u32,
    failed: u32,
}

#[derive(Serialize)]
struct Counts {
    connections: usize,
    sessions: usize,
    subscriptions: usize,
    retained: usize,
    retained_bytes: usize,
    queued: usize,
    inflight: usize,
    held_bytes: usize,
}

#[derive(Serialize)]
struct Session {
    client: String,
    version: &'static str,
    connection: Option<Connection>,
    expiry_s: Option<u32>,
    ends_at: Option<u64>,
    subscriptions: Vec<Subscription>,
    queued: usize,
    queue: Vec<Message>,
    stored: usize,
    queue_bytes: usize,
    inflight_count: usize,
    inflight: Vec<Flight>,
    incoming: Vec<u16>,
    will: Option<Will>,
    replay: Option<Replay>,
    quotas: Vec<Quota>,
}

#[derive(Serialize)]
struct Connection {
    opened_at: u64,
    websocket: bool,
    keep_alive_s: u16,
    silent_until: Option<u64>,
    quota: u16,
    quota_max: u16,
    bytes_free: usize,
    waiting: usize,
    resend: usize,
}

#[derive(Serialize)]
struct Subscription {
    filter: String,
    qos: u8,
    no_local: bool,
    retain_as_published: bool,
    retain_handling: u8,
    identifier: Option<u32>,
    shared: bool,
}

/// A payload as scenarios write it: text where it is UTF-8, else hexadecimal digits.
fn payload<S: Serializer>(bytes: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Digits {
        hex: String,
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => serializer.serialize_str(text),
        Err(_) => {
            let mut digits = Digits { hex: String::new() };
            push_hex(&mut digits.hex, bytes);
            digits.serialize(serializer)
        }
    }
}

#[derive(Serialize)]
struct Message {
    topic: String,
    #[serde(serialize_with = "payload")]
    payload: Bytes,
    qos: u8,
    retain: bool,
    expires_at: Option<u64>,
}

#[derive(Serialize)]
struct Flight {
    id: u16,
    qos: u8,
    released: bool,
    topic: String,
    #[serde(serialize_with = "payload")]
    payload: Bytes,
}

#[derive(Serialize)]
struct Will {
    topic: String,
    #[serde(serialize_with = "payload")]
    payload: Bytes,
    qos: u8,
    retain: bool,
    delay_s: u32,
    due_at: Option<u64>,
}

#[derive(Serialize)]
struct Replay {
    per_s: u64,
    depth: usize,
    next_at: Option<u64>,
    empty_at: Option<u64>,
}

#[derive(Serialize)]
struct Quota {
    key: &'static str,
    level: u64,
    capacity: u64,
    per_s: Option<u64>,
    next_at: Option<u64>,
    empty_at: Option<u64>,
}

#[derive(Serialize)]
struct Retained {
    topic: String,
    #[serde(serialize_with = "payload")]
    payload: Bytes,
    qos: u8,
    stored_at: u64,
    expires_at: Option<u64>,
}

#[derive(Serialize)]
struct Group {
    name: String,
    members: Vec<String>,
    messages: u64,
    active: usize,
    queued: usize,
    queue: Vec<Message>,
    replay: Option<Replay>,
    quotas: Vec<Quota>,
}

impl Snapshot {
    /// The broker of a world, now.
    pub(super) fn of(world: &World) -> Self {
        let (broker, now) = (world.broker(), world.now());
        let mut set = Sorted::new();
        broker.profile().changed().for_each(|(key, value)| _ = set.insert(key, value));
        Self {
            t: now.0,
            profile: broker.profile().name(),
            set,
            counts: broker.counts().into(),
            sessions: broker.sessions(now).into_iter().map(Session::from).collect(),
            retained: broker.retained().into_iter().map(Retained::from).collect(),
            groups: broker.groups(now).into_iter().map(Group::from).collect(),
            quotas: broker.quotas(now).into_iter().map(Quota::from).collect(),
            shadows: world.account().shadows().map(Shadow::from).collect(),
            rules: world.account().rules().map(TopicRule::from).collect(),
        }
    }
}

const fn us(at: SimTime) -> u64 {
    at.0
}

impl From<CountsView> for Counts {
    fn from(view: CountsView) -> Self {
        let CountsView {
            connections,
            sessions,
            subscriptions,
            retained,
            retained_bytes,
            queued,
            inflight,
            held_bytes,
        } = view;
        Self { connections, sessions, subscriptions, retained, retained_bytes, queued, inflight, held_bytes }
    }
}

impl From<SessionView> for Session {
    fn from(view: SessionView) -> Self {
        Self {
            client: view.client,
            version: match view.version {
                Version::V3 => "3.1.1",
                Version::V5 => "5.0",
            },
            connection: view.connection.map(Connection::from),
            expiry_s: view.expiry_s,
            ends_at: view.ends_at.map(us),
            subscriptions: view.subscriptions.into_iter().map(Subscription::from).collect(),
            queued: view.queued,
            queue: view.queue.into_iter().map(Message::from).collect(),
            stored: view.stored,
            queue_bytes: view.queue_bytes,
            inflight_count: view.inflight_count,
            inflight: view.inflight.into_iter().map(Flight::from).collect(),
            incoming: view.incoming,
            will: view.will.map(Will::from),
            replay: view.replay.map(Replay::from),
            quotas: view.quotas.into_iter().map(Quota::from).collect(),
        }
    }
}

impl From<ConnectionView> for Connection {
    fn from(view: ConnectionView) -> Self {
        Self {
            opened_at: view.opened_at.0,
            websocket: view.websocket,
            keep_alive_s: view.keep_alive_s,
            silent_until: view.silent_until.map(us),
            quota: view.quota,
            quota_max: view.quota_max,
            bytes_free: view.bytes_free,
            waiting: view.waiting,
            resend: view.resend,
        }
    }
}

impl From<SubscriptionView> for Subscription {
    fn from(view: SubscriptionView) -> Self {
        Self {
            filter: view.filter,
            qos: view.options.qos as u8,
            no_local: view.options.no_local,
            retain_as_published: view.options.retain_as_published,
            retain_handling: view.options.retain_handling as u8,
            identifier: view.identifier,
            shared: view.shared,
        }
    }
}

impl From<MessageView> for Message {
    fn from(view: MessageView) -> Self {
        let MessageView { topic, payload, qos, retain, expires_at, .. } = view;
        Self { topic, payload, qos: qos as u8, retain, expires_at: expires_at.map(us) }
    }
}

impl From<FlightView> for Flight {
    fn from(view: FlightView) -> Self {
        let FlightView { id, qos, released, topic, payload, .. } = view;
        Self { id, qos: qos as u8, released, topic, payload }
    }
}

impl From<WillView> for Will {
    fn from(view: WillView) -> Self {
        let WillView { topic, payload, qos, retain, delay_s, due_at, .. } = view;
        Self { topic, payload, qos: qos as u8, retain, delay_s, due_at: due_at.map(us) }
    }
}

impl From<ReplayView> for Replay {
    fn from(view: ReplayView) -> Self {
        let ReplayView { per_s, depth, next_at, empty_at } = view;
        Self { per_s, depth, next_at: next_at.map(us), empty_at: empty_at.map(us) }
    }
}

impl From<QuotaView> for Quota {
    fn from(view: QuotaView) -> Self {
        let QuotaView { key, level, capacity, per_s, next_at, empty_at } = view;
        Self { key, level, capacity, per_s, next_at: next_at.map(us), empty_at: empty_at.map(us) }
    }
}

impl From<RetainedView> for Retained {
    fn from(view: RetainedView) -> Self {
        let RetainedView { topic, payload, qos, stored_at, expires_at } = view;
        Self { topic, payload, qos: qos as u8, stored_at: stored_at.0, expires_at: expires_at.map(us) }
    }
}

impl From<GroupView> for Group {
    fn from(view: GroupView) -> Self {
        let GroupView { name, members, messages, active, queued, .. } = view;
        Self {
            name,
            members,
            messages,
            active,
            queued,
            queue: view.queue.into_iter().map(Message::from).collect(),
            replay: view.replay.map(Replay::from),
            quotas: view.quotas.into_iter().map(Quota::from).collect(),
        }
    }
}

impl From<ShadowView> for Shadow {
    fn from(view: ShadowView) -> Self {
        let ShadowView { thing, name, version, document } = view;
        Self { thing, name, version, document }
    }
}

impl From<(&str, &account::TopicRule, RuleCounts)> for TopicRule {
    fn from((name, rule, counts): (&str, &account::TopicRule, RuleCounts)) -> Self {
        let RuleCounts { matched, passed, republished, failed } = counts;
        let (name, sql) = (name.to_owned(), rule.query.text().to_owned());
        Self { name, sql, enabled: !rule.disabled, matched, passed, republished, failed }
    }
}
