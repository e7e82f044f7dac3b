//! A broker, raw clients that speak bytes, and a clock that the test turns: behaviour tests read as short stories.
//!
//! What lies between the clients and the broker is memory, or where `STORIES_OVER` is `tcp` or `websocket` the sockets of a
//! `glassbroker serve`, which the driver's own broker then goes along with.
#![allow(dead_code, unreachable_pub)]

mod far_end;
mod notes;
#[path = "serve.rs"]
mod serve;
mod sockets;
mod trace_file;

use bytes::{Bytes, BytesMut};
use glassbroker::account::Cloud;
use glassbroker::broker::{Broker, Cause, Closed, Command, ConnId, Kind, Link, Output, SessionView};
use glassbroker::policy::Access;
use glassbroker::profile::{Profile, Value};
use glassbroker::rule::Source;
use glassbroker::time::{EPOCH, SimTime, Span, epoch_ms};
use glassbroker::wire::*;
use sockets::{Over, Sockets};
use std::collections::BTreeMap;

pub use notes::{Noted, Notes};

pub use glassbroker::wire::QoS::{AtLeastOnce as QOS1, AtMostOnce as QOS0, ExactlyOnce as QOS2};
pub use glassbroker::wire::Version::{self, V3, V5};

/// Both versions, for what they have in common.
pub const BOTH: [Version; 2] = [V3, V5];

/// Why a story about a link of little room is told in memory only.
pub const ROOM: &str = "how much a socket takes is the system's affair";

/// The seed of every broker here.
const SEED: u64 = 7;

/// The far end of one connection.
#[derive(Default)]
pub struct Wire {
    pub version: Option<Version>,
    /// How many bytes the client sent.
    sent_bytes: usize,
    /// What the broker sent and has not come yet.
    under_way: BytesMut,
    splitter: Option<Splitter>,
    /// What came and was not looked at yet, with the time.
    pub inbox: Vec<(SimTime, Packet)>,
    /// Every packet that came, as bytes.
    pub packets: Vec<Bytes>,
    /// With which code the broker closed it.
    pub closed: Option<ReasonCode>,
}

impl Wire {
    /// Bytes come.
    fn arrive(&mut self, now: SimTime, bytes: Bytes) {
        let splitter = self.splitter.get_or_insert_with(|| Splitter::new(u32::MAX));
        splitter.push(bytes);
        let version = self.version.unwrap_or(V3);
        while let Some(bytes) = splitter.next().expect("the broker sends packets") {
            self.packets.push(bytes.clone());
            let packet = decode(&bytes, version).expect("the broker sends lawful packets");
            self.inbox.push((now, packet));
        }
    }
}

/// The broker with its surroundings.
pub struct Pair {
    over: Over,
    /// There from the first thing that is done, where the story runs over sockets.
    sockets: Option<Sockets>,
    /// The broker with its account, where the profile has one.
    pub broker: Cloud,
    pub now: SimTime,
    pub notes: Notes,
    pub wires: BTreeMap<ConnId, Wire>,
    /// What was closed, by the number that it had.
    pub ended: Vec<(ConnId, Wire)>,
}

impl Pair {
    pub fn new(profile: &str) -> Self {
        Self::with(profile, &[])
    }

    /// A broker whose profile has some settings changed.
    pub fn with(profile: &str, set: &[(&str, Value)]) -> Self {
        let mut profile = Profile::named(profile).expect("a known profile");
        for (key, value) in set {
            profile.set(key, *value).expect("an allowed value");
        }
        Self {
            over: Over::chosen(),
            sockets: None,
            broker: Cloud::new(Broker::new(profile, SEED), SEED, epoch_ms(EPOCH).expect("a date")),
            now: SimTime::ZERO,
            notes: Notes::default(),
            wires: BTreeMap::new(),
            ended: Vec::new(),
        }
    }

    /// The same with a broker that is told who may come in and do what.
    pub fn told(self, access: Access) -> Self {
        Self { broker: self.broker.with_access(access.into()), ..self }
    }

    /// The same, which stays in memory wherever the other stories run, for this reason.
    pub fn memory_only(self, why: &str) -> Self {
        if self.over != Over::Memory {
            sockets::tally(&format!("memory\t{why}"));
        }
        Self { over: Over::Memory, ..self }
    }

    /// The sockets between the clients and the broker, where there are some.
    fn sockets(&mut self) -> Option<&mut Sockets> {
        if self.over != Over::Memory && self.sockets.is_none() {
            let (profile, access) = (self.broker.profile(), self.broker.access());
            self.sockets = Some(Sockets::start(self.over, profile, access, SEED));
        }
        self.sockets.as_mut()
    }

    /// Opens a link, of WebSocket where there is a choice, with all the room in the world.
    pub fn open(&mut self) -> ConnId {
        self.open_with(Link { websocket: self.over != Over::Tcp, bytes_free: usize::MAX, ..Link::default() })
    }

    pub fn open_with(&mut self, link: Link) -> ConnId {
        assert!(self.over == Over::Memory || link.bytes_free == usize::MAX, "a socket's room is its own");
        let conn = self.broker.open(self.now, link, Cause::NONE, &mut self.notes);
        if let Some(old) = self.wires.insert(conn, Wire::default()) {
            assert!(old.closed.is_some(), "a number is used again only after its connection was closed");
            self.ended.push((conn, old));
        }
        if let Some(sockets) = self.sockets() {
            sockets.open(conn);
        }
        self.drain();
        conn
    }

    /// Opens a link and connects.
    pub fn connect(&mut self, connect: Connect) -> ConnId {
        let conn = self.open();
        self.send_connect(conn, connect);
        conn
    }

    pub fn send_connect(&mut self, conn: ConnId, connect: Connect) {
        self.wire(conn).version = Some(connect.version);
        self.send(conn, Packet::Connect(Box::new(connect)));
    }

    /// Connects and takes the CONNACK, which must be a success.
    pub fn join(&mut self, connect: Connect) -> ConnId {
        let conn = self.connect(connect);
        let connack = self.connack(conn);
        assert_eq!(connack.code, ReasonCode::SUCCESS);
        conn
    }

    /// Sends a packet.
    pub fn send(&mut self, conn: ConnId, packet: Packet) {
        let version = self.wire(conn).version.unwrap_or(V3);
        let mut out = BytesMut::new();
        assert!(encode(&packet, version, &mut out), "{packet:?} can be written");
        self.send_bytes(conn, out.freeze());
    }

    /// Sends bytes as they are.
    pub fn send_bytes(&mut self, conn: ConnId, bytes: impl Into<Bytes>) {
        let bytes = bytes.into();
        if let Some(sockets) = self.sockets() {
            sockets.send(conn, &bytes);
        }
        if let Some(wire) = self.wires.get_mut(&conn) {
            wire.sent_bytes += bytes.len();
        }
        self.broker.receive(self.now, conn, bytes, Cause::NONE, &mut self.notes);
        self.drain();
    }

    /// Subscribes to one filter at one QoS and takes the SUBACK, which must grant it.
    pub fn subscribe(&mut self, conn: ConnId, filter: &str, qos: QoS) {
        self.subscribe_with(conn, filter, SubscribeOptions { qos, ..SubscribeOptions::default() }, None);
    }

    pub fn subscribe_with(
        &mut self,
        conn: ConnId,
        filter: &str,
        options: SubscribeOptions,
        identifier: Option<u32>,
    ) {
        let properties = Properties(identifier.map(Property::SubscriptionIdentifier).into_iter().collect());
        let filters = vec![Subscription { filter: filter.into(), options }];
        self.send(conn, Packet::Subscribe(Subscribe { id: 999, properties, filters }));
        let suback = self.take(conn, |packet| match packet {
            Packet::Suback(suback) => Some(suback.clone()),
            _ => None,
        });
        assert_eq!(suback.id, 999);
        assert_eq!(suback.codes, [ReasonCode(options.qos as u8)]);
    }

    /// Sends several packets in one chunk.
    pub fn send_all(&mut self, conn: ConnId, packets: &[Packet]) {
        let version = self.wire(conn).version.unwrap_or(V3);
        let mut out = BytesMut::new();
        for packet in packets {
            assert!(encode(packet, version, &mut out), "{packet:?} can be written");
        }
        self.send_bytes(conn, out.freeze());
    }

    /// Publishes with the Packet Identifier 1 where it needs one.
    pub fn publish(&mut self, conn: ConnId, topic: &str, payload: &str, qos: QoS) {
        self.send(conn, publish(topic, payload, qos));
    }

    /// The link to a client takes this many bytes.
    pub fn writable(&mut self, conn: ConnId, bytes_free: usize) {
        self.broker.writable(self.now, conn, bytes_free, Cause::NONE, &mut self.notes);
        self.drain();
    }

    /// The network fails between a client and the broker.
    pub fn cut(&mut self, conn: ConnId) {
        self.closed(conn, Closed::Lost);
    }

    pub fn closed(&mut self, conn: ConnId, how: Closed) {
        if let Some(sockets) = self.sockets() {
            sockets.leave(conn, how);
        }
        self.broker.closed(self.now, conn, how, Cause::NONE, &mut self.notes);
        if let Some(mut wire) = self.wires.remove(&conn) {
            wire.closed.get_or_insert(ReasonCode::SUCCESS);
            self.ended.push((conn, wire));
        }
        self.drain();
    }

    pub fn disconnect(&mut self, conn: ConnId) {
        self.send(conn, Packet::Disconnect(Disconnect::default()));
    }

    pub fn command(&mut self, command: Command) -> Result<(), String> {
        let done = self.broker.command(self.now, command.clone(), Cause::NONE, &mut self.notes);
        if let Some(sockets) = self.sockets() {
            sockets.command(&command, &done);
        }
        self.drain();
        done
    }

    /// Lets time pass, stopping at each moment that the broker asks for.
    pub fn pass(&mut self, span: Span) {
        let end = self.now + span;
        while let Some(due) = self.broker.next_deadline().filter(|due| *due <= end) {
            assert!(due >= self.now, "a deadline lies ahead");
            self.now = due;
            self.broker.tick(self.now, &mut self.notes);
            assert!(self.broker.next_deadline().is_none_or(|next| next > due), "a tick does all that is due");
            if self.send_out() {
                self.arrive();
            }
        }
        self.now = end;
        self.arrive();
    }

    pub fn pass_s(&mut self, s: u64) {
        self.pass(Span::s(s));
    }

    /// One mutation was done: hands all outputs to the far ends.
    pub fn drain(&mut self) {
        self.send_out();
        self.arrive();
    }

    /// Puts all outputs on their way; whether there was any.
    fn send_out(&mut self) -> bool {
        let mut any = false;
        while let Some(output) = self.broker.poll() {
            any = true;
            match output {
                Output::Send { conn, head, body, cause } => {
                    let sent = &self.notes.events[cause.event as usize];
                    assert_eq!(sent.kind, Kind::PacketSent, "what leaves was noted");
                    let wire = self.wires.entry(conn).or_default();
                    assert!(wire.closed.is_none(), "nothing is sent after the end");
                    wire.under_way.extend_from_slice(&head);
                    wire.under_way.extend_from_slice(&body);
                }
                Output::Close { conn, code, .. } => {
                    let wire = self.wires.entry(conn).or_default();
                    assert!(wire.closed.is_none(), "closed once");
                    wire.closed = Some(code);
                }
            }
        }
        any
    }

    /// What is on its way comes to the far ends: by itself, or over the sockets once the broker behind them is as far.
    fn arrive(&mut self) {
        self.sockets();
        if let Some(sockets) = &mut self.sockets {
            let open = || self.wires.values().filter(|wire| wire.closed.is_none());
            sockets.settle(self.now, open().count(), open().map(|wire| wire.sent_bytes).sum());
            sockets.compare(&self.notes.events);
        }
        for (conn, wire) in &mut self.wires {
            let mut bytes = wire.under_way.split().freeze();
            let known = wire.packets.len();
            if let Some(sockets) = &mut self.sockets {
                bytes = sockets.take(*conn, &bytes, wire.closed).into();
            }
            wire.arrive(self.now, bytes);
            if let Some(sockets) = &mut self.sockets {
                sockets.count_packets(wire.packets.len() - known);
            }
        }
    }

    pub fn wire(&mut self, conn: ConnId) -> &mut Wire {
        self.wires.get_mut(&conn).expect("an open connection")
    }

    /// All that came since the last look.
    pub fn inbox(&mut self, conn: ConnId) -> Vec<Packet> {
        std::mem::take(&mut self.wire(conn).inbox).into_iter().map(|(_, packet)| packet).collect()
    }

    /// All PUBLISHes that came since the last look, with their time; other packets are dropped.
    pub fn publishes_at(&mut self, conn: ConnId) -> Vec<(SimTime, Publish)> {
        std::mem::take(&mut self.wire(conn).inbox)
            .into_iter()
            .filter_map(|(at, packet)| match packet {
                Packet::Publish(publish) => Some((at, publish)),
                _ => None,
            })
            .collect()
    }

    pub fn publishes(&mut self, conn: ConnId) -> Vec<Publish> {
        self.publishes_at(conn).into_iter().map(|(_, publish)| publish).collect()
    }

    /// The payloads of all PUBLISHes since the last look.
    pub fn payloads(&mut self, conn: ConnId) -> Vec<String> {
        self.publishes(conn).iter().map(payload).collect()
    }

    /// Takes the first packet of a kind out of an inbox.
    pub fn take<T>(&mut self, conn: ConnId, mut is: impl FnMut(&Packet) -> Option<T>) -> T {
        let inbox = &mut self.wire(conn).inbox;
        let at = inbox.iter().position(|(_, packet)| is(packet).is_some());
        let at = at.unwrap_or_else(|| panic!("the packet is in {inbox:?}"));
        is(&inbox.remove(at).1).expect("found above")
    }

    pub fn connack(&mut self, conn: ConnId) -> Connack {
        self.take(conn, |packet| match packet {
            Packet::Connack(connack) => Some(connack.clone()),
            _ => None,
        })
    }

    /// Acknowledges every PUBLISH and PUBREL that comes, until nothing more does, and gives the PUBLISHes.
    pub fn receive_all(&mut self, conn: ConnId) -> Vec<Publish> {
        let mut all = Vec::new();
        loop {
            let inbox = self.inbox(conn);
            if inbox.is_empty() {
                return all;
            }
            for packet in inbox {
                match packet {
                    Packet::Publish(publish) => {
                        match publish.qos {
                            QOS0 => {}
                            QOS1 => self.send(conn, Packet::Puback(ack(publish.id))),
                            QOS2 => self.send(conn, Packet::Pubrec(ack(publish.id))),
                        }
                        all.push(publish);
                    }
                    Packet::Pubrel(released) => self.send(conn, Packet::Pubcomp(ack(released.id))),
                    _ => {}
                }
            }
        }
    }

    /// What the broker keeps for a client.
    pub fn session(&self, client: &str) -> SessionView {
        self.broker.session(client, self.now).expect("a session")
    }

    pub fn has_session(&self, client: &str) -> bool {
        self.broker.session(client, self.now).is_some()
    }

    /// The code of a DISCONNECT in an inbox.
    pub fn disconnected(&mut self, conn: ConnId) -> ReasonCode {
        self.take(conn, |packet| match packet {
            Packet::Disconnect(disconnect) => Some(disconnect.code),
            _ => None,
        })
    }

    pub fn is_closed(&self, conn: ConnId) -> bool {
        self.wires.get(&conn).is_none_or(|wire| wire.closed.is_some())
    }

    /// All events of a kind.
    pub fn events(&self, kind: Kind) -> Vec<&Noted> {
        self.notes.events.iter().filter(|event| event.kind == kind).collect()
    }

    /// The last event of a kind, which must cite a rule of this id.
    pub fn last(&self, kind: Kind) -> &Noted {
        self.events(kind).last().copied().unwrap_or_else(|| panic!("{kind:?} was noted"))
    }
}

/// Whether a client can end its connection by a Close frame; over TCP there is none.
pub fn has_close_frames() -> bool {
    let has = Over::chosen() != Over::Tcp;
    if !has {
        sockets::tally("memory\tTCP has no Close frames");
    }
    has
}

/// A 3.1.1 CONNECT with Clean Session, or a 5.0 one with Clean Start and no expiry.
pub fn client(version: Version, id: &str) -> Connect {
    Connect {
        version,
        clean_start: true,
        keep_alive_s: 0,
        client_id: id.into(),
        will: None,
        username: None,
        password: None,
        properties: Properties::default(),
    }
}

/// The same with a user name and a password.
pub fn named(connect: Connect, user: &str, password: &str) -> Connect {
    let password = Some(Bytes::copy_from_slice(password.as_bytes()));
    Connect { username: Some(user.into()), password, ..connect }
}

/// A CONNECT that resumes or creates a session which outlives the connection: for ever in 3.1.1, an hour in 5.0.
pub fn persistent(version: Version, id: &str) -> Connect {
    let mut connect = Connect { clean_start: false, ..client(version, id) };
    if version == V5 {
        connect.properties.0.push(Property::SessionExpiryInterval(3_600));
    }
    connect
}

/// A PUBLISH with the Packet Identifier 1 where it needs one.
pub fn publish(topic: &str, payload: &str, qos: QoS) -> Packet {
    Packet::Publish(Publish {
        qos,
        topic: topic.into(),
        id: u16::from(qos != QOS0),
        payload: Bytes::copy_from_slice(payload.as_bytes()),
        ..Publish::default()
    })
}

/// A retained message, as an operator publishes it.
pub fn retain(topic: String, payload: Bytes, qos: QoS) -> Command {
    Command::publish(Publish { qos, retain: true, topic: topic.into(), payload, ..Publish::default() })
}

/// The same with another Packet Identifier.
pub fn publish_as(id: u16, topic: &str, payload: &str, qos: QoS) -> Packet {
    let Packet::Publish(publish) = publish(topic, payload, qos) else { unreachable!() };
    Packet::Publish(Publish { id, ..publish })
}

/// A SUBSCRIBE of these filters.
pub fn subscribe(id: u16, filters: &[(&str, QoS)]) -> Packet {
    let filters = filters.iter().map(|(filter, qos)| Subscription {
        filter: (*filter).into(),
        options: SubscribeOptions { qos: *qos, ..SubscribeOptions::default() },
    });
    Packet::Subscribe(Subscribe { id, properties: Properties::default(), filters: filters.collect() })
}

/// An UNSUBSCRIBE of these filters.
pub fn unsubscribe(id: u16, filters: &[&str]) -> Packet {
    let filters = filters.iter().map(|filter| (*filter).into()).collect();
    Packet::Unsubscribe(Unsubscribe { id, properties: Properties::default(), filters })
}

/// The same with RETAIN.
pub fn retained(topic: &str, payload: &str, qos: QoS) -> Packet {
    let Packet::Publish(publish) = publish(topic, payload, qos) else { unreachable!() };
    Packet::Publish(Publish { retain: true, ..publish })
}

pub fn with_properties(packet: Packet, properties: Vec<Property>) -> Packet {
    let Packet::Publish(publish) = packet else { unreachable!() };
    Packet::Publish(Publish { properties: Properties(properties), ..publish })
}

pub fn ack(id: u16) -> Ack {
    Ack { id, ..Ack::default() }
}

pub fn payload(publish: &Publish) -> String {
    String::from_utf8_lossy(&publish.payload).into_owned()
}

/// The id of an event's rule in one version, to compare with the specification's numbering.
pub fn rule_of(event: &Noted) -> (Source, &'static str) {
    let rule = event.rule.unwrap_or_else(|| panic!("{event:?} cites a rule"));
    (rule.source, rule.id)
}

/// The rule that a version cites.
pub fn mqtt(version: Version, id: &'static str) -> (Source, &'static str) {
    match version {
        V3 => (Source::Mqtt311, id),
        V5 => (Source::Mqtt5, id),
    }
}
