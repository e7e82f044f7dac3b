//! Bytes that decide what several clients do to one broker, and what must hold whatever they do.
//!
//! Needs [`super::packets`] beside it. Property tests and fuzzers share it.
#![allow(dead_code, unreachable_pub)]

use super::packets::{Tape, encoded};
use bytes::Bytes;
use glassbroker::broker::{
    Broker, Cause, Closed, Command, ConnId, Event, Kind, Link, NoObserver, Observer, Output,
};
use glassbroker::profile::{Profile, Value};
use glassbroker::time::{SimTime, Span};
use glassbroker::wire::*;
use std::collections::BTreeMap;

const CLIENTS: usize = 4;
const TOPICS: [&str; 6] = ["a", "a/b", "a/b/c", "$x", "b", ""];
const FILTERS: [&str; 8] = ["a", "a/#", "+/b", "#", "$share/g/a/#", "$share/h/+", "a/#/b", "b"];

/// Small enough that random steps reach them.
const BOUNDS: &[(&str, u64)] = &[
    ("connect.max_count", 6),
    ("connect.receive_maximum", 3),
    ("connection.waiting_max_bytes", 1_024),
    ("packet.max_bytes", 4_096),
    ("retained.max_bytes", 300),
    ("retained.max_messages", 3),
    ("session.inflight_max_messages", 4),
    ("session.max_count", 4),
    ("session.queue_max_bytes", 400),
    ("session.queue_max_messages", 5),
    ("subscription.max_per_session", 4),
];

/// Keeps nothing but what events must keep to.
#[derive(Default)]
struct Watcher {
    seq: u32,
    at: SimTime,
}

impl Observer for Watcher {
    const WATCHES: bool = true;

    fn note(&mut self, event: Event<'_>) -> Cause {
        assert!(event.cause.event == Cause::NO_EVENT || event.cause.event < self.seq, "a cause is earlier");
        assert!(event.at >= self.at, "time does not go back");
        assert!(event.until.is_none_or(|until| until >= event.at || event.kind != Kind::QuotaDelayed));
        if let Some(rule) = event.rule {
            assert!(glassbroker::rules::find(rule).is_some(), "{rule:?} is in the catalogue");
        }
        self.at = event.at;
        self.seq += 1;
        Cause { event: self.seq - 1, message: event.cause.message }
    }
}

/// The far end of one connection.
struct Far {
    version: Version,
    splitter: Splitter,
    /// How many bytes the broker may still send, and what it began with.
    free: usize,
    capacity: usize,
    /// QoS 1 and 2 messages that it has not acknowledged.
    open: Vec<(u16, QoS)>,
    is_connected: bool,
}

struct Scene {
    broker: Broker,
    watcher: Watcher,
    now: SimTime,
    far: BTreeMap<ConnId, Far>,
    /// Everything that left, to compare two runs.
    record: Vec<u8>,
}

/// Runs what the bytes say, and again with a clone in the middle and nobody watching: both must send the same.
pub fn run(decisions: &[u8]) {
    let watched = play(decisions, true);
    let unwatched = play(decisions, false);
    assert!(watched == unwatched, "watching or cloning changes nothing");
}

fn play(decisions: &[u8], watched: bool) -> Vec<u8> {
    let mut tape = Tape(decisions);
    let name = if tape.flag() { "aws-iot-core" } else { "mqtt" };
    let mut profile = Profile::named(name).expect("a preset");
    if tape.flag() {
        for (key, most) in BOUNDS {
            profile.set(key, Value::Number(*most)).expect("an allowed value");
        }
    }
    if tape.flag() {
        profile.set("subscription.overlap_once", Value::Switch(false)).expect("an allowed value");
    }
    let mut scene = Scene {
        broker: Broker::new(profile, 7),
        watcher: Watcher::default(),
        now: SimTime::ZERO,
        far: BTreeMap::new(),
        record: Vec::new(),
    };
    let mut steps = 0;
    while !tape.0.is_empty() && steps < 2_000 {
        steps += 1;
        if watched {
            scene.step(&mut tape, Watched);
        } else {
            if steps % 16 == 0 {
                scene.broker = scene.broker.clone();
            }
            scene.step(&mut tape, Unwatched);
        }
        scene.check();
    }
    scene.record
}

/// Which observer a step uses; the two are different types.
trait Eyes: Copy {
    type Observer: Observer;
    fn of(self, watcher: &mut Watcher) -> Self::Observer;
    fn back(self, observer: Self::Observer, watcher: &mut Watcher);
}

#[derive(Clone, Copy)]
struct Watched;

#[derive(Clone, Copy)]
struct Unwatched;

impl Eyes for Watched {
    type Observer = Watcher;
    fn of(self, watcher: &mut Watcher) -> Watcher {
        std::mem::take(watcher)
    }
    fn back(self, observer: Watcher, watcher: &mut Watcher) {
        *watcher = observer;
    }
}

impl Eyes for Unwatched {
    type Observer = NoObserver;
    fn of(self, _: &mut Watcher) -> NoObserver {
        NoObserver
    }
    fn back(self, _: NoObserver, _: &mut Watcher) {}
}

impl Scene {
    fn with<E: Eyes, T>(
        &mut self,
        eyes: E,
        act: impl FnOnce(&mut Broker, SimTime, &mut E::Observer) -> T,
    ) -> T {
        let mut observer = eyes.of(&mut self.watcher);
        let result = act(&mut self.broker, self.now, &mut observer);
        eyes.back(observer, &mut self.watcher);
        self.drain();
        result
    }

    fn step<E: Eyes>(&mut self, tape: &mut Tape<'_>, eyes: E) {
        let conn = self.pick(tape);
        match tape.byte() % 16 {
            0 => self.open(tape, eyes),
            1 | 2 => {
                self.open(tape, eyes);
                if let Some(conn) = self.far.keys().last().copied() {
                    self.connect(conn, tape, eyes);
                }
            }
            3 => {
                if let Some(conn) = conn {
                    self.connect(conn, tape, eyes);
                }
            }
            4 | 5 => self.send(conn, subscribe(tape), eyes),
            6 | 7 | 8 => self.send(conn, publish(tape), eyes),
            9 | 10 => self.acknowledge(conn, tape, eyes),
            11 => {
                let version =
                    conn.and_then(|conn| self.far.get(&conn)).map_or(Version::V5, |far| far.version);
                let packet = tape.packet(version);
                self.send(conn, packet, eyes);
            }
            12 => {
                let Some(conn) = conn else { return };
                let version = self.far[&conn].version;
                let bytes = tape.mutated(version);
                self.receive(conn, Bytes::from(bytes), eyes);
            }
            13 => self.wait(tape, eyes),
            14 => {
                let Some(conn) = conn else { return };
                if tape.flag() {
                    let free = tape.below(3_000);
                    let far = self.far.get_mut(&conn).expect("an open connection");
                    far.free = free;
                    far.capacity = far.capacity.max(free);
                    self.with(eyes, |broker, now, observer| {
                        broker.writable(now, conn, free, Cause::NONE, observer)
                    });
                } else {
                    let how = [Closed::Lost, Closed::Finished, Closed::WebSocketClose][tape.below(3)];
                    self.far.remove(&conn);
                    self.with(eyes, |broker, now, observer| {
                        broker.closed(now, conn, how, Cause::NONE, observer)
                    });
                }
            }
            _ => {
                let command = command(tape);
                let _ = self
                    .with(eyes, |broker, now, observer| broker.command(now, command, Cause::NONE, observer));
            }
        }
    }

    fn pick(&self, tape: &mut Tape<'_>) -> Option<ConnId> {
        let at = tape.below(self.far.len().max(1));
        self.far.keys().nth(at).copied()
    }

    fn open<E: Eyes>(&mut self, tape: &mut Tape<'_>, eyes: E) {
        let bytes_free = if tape.flag() { usize::MAX } else { tape.below(400) };
        let link = Link { websocket: tape.flag(), bytes_free };
        let mut observer = eyes.of(&mut self.watcher);
        let conn = self.broker.open(self.now, link, Cause::NONE, &mut observer);
        eyes.back(observer, &mut self.watcher);
        let far = Far {
            version: Version::V3,
            splitter: Splitter::new(u32::MAX),
            free: bytes_free,
            capacity: bytes_free,
            open: Vec::new(),
            is_connected: false,
        };
        assert!(self.far.insert(conn, far).is_none(), "a number in use is not given again");
        self.drain();
    }

    fn connect<E: Eyes>(&mut self, conn: ConnId, tape: &mut Tape<'_>, eyes: E) {
        let version = if tape.flag() { Version::V5 } else { Version::V3 };
        let Some(far) = self.far.get_mut(&conn) else { return };
        if !far.is_connected {
            far.version = version;
        }
        let mut properties = Vec::new();
        if version == Version::V5 {
            if tape.flag() {
                properties.push(Property::SessionExpiryInterval(tape.below(100) as u32));
            }
            if tape.flag() {
                properties.push(Property::ReceiveMaximum(1 + tape.below(4) as u16));
            }
            if tape.flag() {
                properties.push(Property::MaximumPacketSize(1 + tape.below(60) as u32));
            }
        }
        let will = tape.flag().then(|| Will {
            topic: TOPICS[tape.below(5)].into(),
            payload: Bytes::from_static(b"will"),
            qos: qos(tape),
            retain: tape.flag(),
            properties: match version {
                Version::V5 => Properties(vec![Property::WillDelayInterval(tape.below(20) as u32)]),
                Version::V3 => Properties::default(),
            },
        });
        let connect = Connect {
            version,
            clean_start: tape.flag(),
            keep_alive_s: tape.below(30) as u16,
            client_id: ["c0", "c1", "c2", "c3", ""][tape.below(CLIENTS + 1)].into(),
            will,
            username: None,
            password: None,
            properties: Properties(properties),
        };
        self.send(Some(conn), Packet::Connect(Box::new(connect)), eyes);
    }

    fn send<E: Eyes>(&mut self, conn: Option<ConnId>, packet: Packet, eyes: E) {
        let Some(conn) = conn else { return };
        let version = self.far[&conn].version;
        let packet = match (version, packet) {
            (Version::V3, Packet::Publish(publish)) => {
                Packet::Publish(Publish { properties: Properties::default(), ..publish })
            }
            (_, packet) => packet,
        };
        self.receive(conn, Bytes::from(encoded(&packet, version)), eyes);
    }

    fn receive<E: Eyes>(&mut self, conn: ConnId, bytes: Bytes, eyes: E) {
        self.with(eyes, |broker, now, observer| broker.receive(now, conn, bytes, Cause::NONE, observer));
    }

    /// The right acknowledgement, or any.
    fn acknowledge<E: Eyes>(&mut self, conn: Option<ConnId>, tape: &mut Tape<'_>, eyes: E) {
        let Some(conn) = conn else { return };
        let Some(far) = self.far.get_mut(&conn) else { return };
        let (id, qos) = match far.open.is_empty() || tape.byte() < 30 {
            true => (tape.u16() % 8, QoS::ExactlyOnce),
            false => far.open.remove(tape.below(far.open.len())),
        };
        let ack = Ack { id: id.max(1), ..Ack::default() };
        let packet = match (qos, tape.below(4)) {
            (QoS::AtLeastOnce, _) => Packet::Puback(ack),
            (_, 0) => Packet::Pubrel(ack),
            (_, 1) => Packet::Pubcomp(ack),
            _ => Packet::Pubrec(ack),
        };
        self.send(Some(conn), packet, eyes);
    }

    /// Lets time pass, deadline by deadline or, as a slow host does, over some at once.
    fn wait<E: Eyes>(&mut self, tape: &mut Tape<'_>, eyes: E) {
        let end = self.now + Span::ms(tape.below(60_000) as u64);
        let exact = tape.flag();
        let mut ticks = 0;
        while let Some(due) = self.broker.next_deadline().filter(|due| *due <= end) {
            assert!(due >= self.now || !exact || ticks == 0, "a tick does all that is due");
            self.now = if exact { due.max(self.now) } else { end };
            self.with(eyes, |broker, now, observer| broker.tick(now, observer));
            ticks += 1;
            assert!(ticks < 100_000, "time goes on");
        }
        self.now = end;
    }

    /// What left keeps to the link, to the protocol and to the order of the contract.
    fn drain(&mut self) {
        while let Some(output) = self.broker.poll() {
            match output {
                Output::Send { conn, head, body, .. } => {
                    // A connection that the network has just closed gets nothing.
                    let far = self.far.get_mut(&conn).expect("something is sent on an open connection only");
                    let size = head.len() + body.len();
                    assert!(size <= far.free || far.free >= far.capacity, "no more than the link takes");
                    far.free = far.free.saturating_sub(size);
                    self.record.extend_from_slice(&head);
                    self.record.extend_from_slice(&body);
                    far.splitter.push(head);
                    far.splitter.push(body);
                    while let Some(bytes) = far.splitter.next().expect("whole packets") {
                        // Bytes that were made at random may have asked for the other version.
                        if !far.is_connected && decode(&bytes, far.version).is_err() {
                            far.version = if far.version == Version::V3 { Version::V5 } else { Version::V3 };
                        }
                        match decode(&bytes, far.version).expect("lawful packets") {
                            Packet::Connack(connack) => {
                                assert!(!far.is_connected, "one CONNACK");
                                far.is_connected = connack.code == ReasonCode::SUCCESS;
                            }
                            Packet::Publish(publish) => {
                                assert!(far.is_connected, "CONNACK comes first");
                                if publish.qos != QoS::AtMostOnce {
                                    far.open.push((publish.id, publish.qos));
                                }
                            }
                            Packet::Pubrel(ack) => far.open.push((ack.id, QoS::ExactlyOnce)),
                            _ => assert!(far.is_connected, "CONNACK comes first"),
                        }
                    }
                }
                Output::Close { conn, .. } => {
                    assert!(self.far.remove(&conn).is_some(), "an open connection is closed, once");
                    self.record.extend_from_slice(b"close");
                }
                Output::PauseRead { .. } => {}
            }
        }
    }

    /// The bounds of the profile, and what views and counts say of one another.
    fn check(&self) {
        let most = |key: &str| match self.broker.profile().get(key) {
            Some(Value::Number(number)) => usize::try_from(number).unwrap_or(usize::MAX),
            _ => usize::MAX,
        };
        let counts = self.broker.counts();
        assert_eq!(counts.connections, self.far.len());
        assert!(counts.connections <= most("connect.max_count"));
        assert!(counts.sessions <= most("session.max_count"));
        assert!(
            counts.retained <= most("retained.max_messages")
                && counts.retained_bytes <= most("retained.max_bytes")
        );
        let sessions = self.broker.sessions(self.now);
        assert_eq!(sessions.len(), counts.sessions);
        assert!(sessions.is_sorted_by(|a, b| a.client < b.client));
        let mut subscriptions = 0;
        for session in &sessions {
            assert!(session.queued <= most("session.queue_max_messages"));
            assert!(session.queue_bytes <= most("session.queue_max_bytes"));
            let bytes: usize = session.queue.iter().map(|m| m.topic.len() + m.payload.len()).sum();
            assert!(session.queue_bytes == bytes || session.queued > session.queue.len());
            assert!(session.inflight_count <= most("session.inflight_max_messages"));
            assert!(session.incoming.len() <= most("connect.receive_maximum"));
            assert!(session.subscriptions.len() <= most("subscription.max_per_session"));
            assert!(
                session.connection.is_none_or(|c| c.quota <= c.quota_max && self.far.contains_key(&c.conn))
            );
            assert!(session.connection.is_none() || session.ends_at.is_none());
            assert!(session.connection.is_some() || session.expiry_s != Some(0), "it would have ended");
            subscriptions += session.subscriptions.len();
        }
        assert_eq!(subscriptions, counts.subscriptions);
        let members: usize = self.broker.groups().iter().map(|group| group.members.len()).sum();
        let shared = sessions.iter().flat_map(|s| &s.subscriptions).filter(|s| s.shared).count();
        assert_eq!(members, shared);
    }
}

fn qos(tape: &mut Tape<'_>) -> QoS {
    [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce][tape.below(3)]
}

fn publish(tape: &mut Tape<'_>) -> Packet {
    let qos = qos(tape);
    let mut properties = Vec::new();
    if tape.byte() < 60 {
        properties.push(Property::MessageExpiryInterval(tape.below(30) as u32));
    }
    if tape.byte() < 60 {
        properties.push(Property::TopicAlias(tape.below(18) as u16));
    }
    Packet::Publish(Publish {
        dup: qos != QoS::AtMostOnce && tape.flag(),
        qos,
        retain: tape.byte() < 60,
        topic: TOPICS[tape.below(TOPICS.len())].into(),
        id: if qos == QoS::AtMostOnce { 0 } else { 1 + tape.u16() % 6 },
        properties: Properties(properties),
        payload: Bytes::from(vec![b'p'; tape.below(120)]),
    })
}

fn subscribe(tape: &mut Tape<'_>) -> Packet {
    let id = 1 + tape.u16() % 100;
    if tape.byte() < 60 {
        let filters = vec![FILTERS[tape.below(FILTERS.len())].into()];
        return Packet::Unsubscribe(Unsubscribe { id, properties: Properties::default(), filters });
    }
    let filters = (0..1 + tape.below(3))
        .map(|_| Subscription {
            filter: FILTERS[tape.below(FILTERS.len())].into(),
            options: SubscribeOptions {
                qos: qos(tape),
                no_local: tape.byte() < 20,
                retain_as_published: tape.flag(),
                ..SubscribeOptions::default()
            },
        })
        .collect();
    Packet::Subscribe(Subscribe { id, properties: Properties::default(), filters })
}

fn command(tape: &mut Tape<'_>) -> Command {
    match tape.below(6) {
        0 => Command::Disconnect { client: format!("c{}", tape.below(CLIENTS)) },
        1 => Command::RetainedWrite {
            topic: TOPICS[tape.below(TOPICS.len())].to_owned(),
            payload: Bytes::from(vec![b'r'; tape.below(50)]),
            qos: qos(tape),
        },
        2 => Command::RetainedDelete { topic: TOPICS[tape.below(TOPICS.len())].to_owned() },
        3 => Command::Restart { keep_store: tape.flag() },
        _ => Command::Set {
            key: "session.replay_per_s".to_owned(),
            value: if tape.flag() { Value::Unlimited } else { Value::Number(tape.below(40) as u64) },
        },
    }
}
