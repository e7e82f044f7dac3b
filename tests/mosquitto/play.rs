//! Plays a script on one side: clients that keep to the protocol, and what each of them received in each step.

use super::script::{Message, Step};
use super::side::Side;
use bytes::{Bytes, BytesMut};
use glassbroker::wire::Version::{self, V5};
use glassbroker::wire::{
    Ack, Connect, Disconnect, Packet, Properties, Property, Publish, QoS, ReasonCode, Subscribe, Text,
    Unsubscribe, decode, encode,
};
use std::collections::BTreeMap;

/// What a client received, as far as the sides can be compared: Packet Identifiers that the broker chose are left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Got {
    Connack {
        session_present: bool,
        code: ReasonCode,
        properties: Vec<Property>,
    },
    Message {
        topic: Text,
        payload: Bytes,
        qos: QoS,
        retain: bool,
        dup: bool,
        properties: Vec<Property>,
    },
    /// The broker's acknowledgement of what the client published.
    Ack {
        kind: &'static str,
        id: u16,
        code: ReasonCode,
        properties: Vec<Property>,
    },
    Pubrel {
        payload: Bytes,
    },
    Suback {
        codes: Vec<ReasonCode>,
        properties: Vec<Property>,
    },
    Unsuback {
        codes: Vec<ReasonCode>,
        properties: Vec<Property>,
    },
    Disconnect {
        code: ReasonCode,
        properties: Vec<Property>,
    },
    Closed,
    Other(Packet),
}

impl Got {
    fn ack(kind: &'static str, ack: &Ack) -> Self {
        Self::Ack { kind, id: ack.id, code: ack.code, properties: sorted(ack.properties.clone()) }
    }

    fn disconnect(packet: Disconnect) -> Self {
        Self::Disconnect { code: packet.code, properties: sorted(packet.properties) }
    }
}

/// What each client received in one step.
pub(crate) type Received = BTreeMap<usize, Vec<Got>>;

/// One message that the client published and that is not acknowledged for good.
#[derive(Clone)]
struct Pending {
    publish: Publish,
    /// PUBREC came.
    received: bool,
    /// PUBREL waits for [`Step::Finish`].
    unreleased: bool,
}

/// A client with what it knows.
#[derive(Default)]
struct Device {
    conn: Option<usize>,
    version: Option<Version>,
    last_id: u16,
    published: usize,
    pending: BTreeMap<u16, Pending>,
    /// Acknowledgements that are held back; `None` where none are.
    held: Option<Vec<Packet>>,
    /// The payloads of QoS 2 messages that came and are not released, by the broker's identifier.
    incoming: BTreeMap<u16, Bytes>,
    aliases: BTreeMap<u16, &'static str>,
    alias_maximum: u16,
    /// How many more messages may be under way to the broker.
    quota: usize,
    expiry_s: u32,
    /// Whether its Will has a delay.
    will_waits: bool,
}

/// The clients of one script on one side.
pub(crate) struct Play<'a, S> {
    side: &'a mut S,
    devices: BTreeMap<usize, Device>,
    received: Received,
}

impl<'a, S: Side> Play<'a, S> {
    pub(crate) fn new(side: &'a mut S) -> Self {
        Self { side, devices: BTreeMap::new(), received: Received::new() }
    }

    /// Does one step, waits until nothing more comes of it, and gives what the clients received.
    pub(crate) fn step(&mut self, step: &Step) -> Received {
        self.act(step);
        self.settle(step.who());
        std::mem::take(&mut self.received)
    }

    /// Leaves the broker as it was found: no retained message, no session.
    pub(crate) fn clean_up(&mut self, topics: &[&'static str], admin: Option<(&str, &str)>) {
        for who in self.devices.keys().copied().collect::<Vec<_>>() {
            let connect = Connect {
                version: Version::V3,
                clean_start: true,
                keep_alive_s: 0,
                client_id: format!("c{who}").as_str().into(),
                will: None,
                username: admin.map(|(name, _)| name.into()),
                password: admin.map(|(_, password)| Bytes::copy_from_slice(password.as_bytes())),
                properties: Properties::default(),
            };
            self.connect(who, &connect);
            for topic in topics {
                self.send(
                    who,
                    &Packet::Publish(Publish { retain: true, topic: (*topic).into(), ..Publish::default() }),
                );
            }
            self.disconnect(who, Disconnect::default());
        }
        self.received.clear();
    }

    fn act(&mut self, step: &Step) {
        let who = step.who();
        if let Step::Connect(_, connect) = step {
            self.connect(who, connect);
            return;
        }
        let device = self.devices.entry(who).or_default();
        let (Some(conn), Some(version)) = (device.conn, device.version) else { return };
        match step {
            Step::Connect(..) => {}
            // Which retained message comes first is nobody's promise, and a client that acknowledges nothing sees the first only.
            Step::Subscribe(..) if device.held.is_some() => {}
            Step::Subscribe(_, number, filters) => {
                let mut filters = filters.clone();
                let mut properties = Properties::default();
                if version == V5 {
                    properties.0.extend(number.map(Property::SubscriptionIdentifier));
                } else {
                    for subscription in &mut filters {
                        subscription.options = glassbroker::wire::SubscribeOptions {
                            qos: subscription.options.qos,
                            ..Default::default()
                        };
                    }
                }
                let id = device.next_id();
                self.send(who, &Packet::Subscribe(Subscribe { id, properties, filters }));
            }
            Step::Unsubscribe(_, filters) => {
                let id = device.next_id();
                let filters = filters.iter().map(|filter| Text::from(*filter)).collect();
                self.send(
                    who,
                    &Packet::Unsubscribe(Unsubscribe { id, properties: Properties::default(), filters }),
                );
            }
            Step::Publish(_, message) => {
                for _ in 0..message.times {
                    self.publish(who, version, message);
                }
            }
            Step::Hold(_) => {
                device.held.get_or_insert_default();
            }
            Step::Release(_) => {
                for packet in device.held.take().unwrap_or_default() {
                    self.send(who, &packet);
                }
            }
            Step::Finish(_) => {
                let mut due = Vec::new();
                for (id, pending) in &mut device.pending {
                    if std::mem::take(&mut pending.unreleased) && pending.received {
                        due.push(Packet::Pubrel(Ack::new(*id)));
                    }
                }
                for packet in due {
                    self.send(who, &packet);
                }
            }
            Step::Disconnect(_, with_will, expiry) => {
                let mut disconnect = Disconnect::default();
                if version == V5 {
                    if *with_will {
                        disconnect.code = ReasonCode::DISCONNECT_WITH_WILL_MESSAGE;
                    }
                    // What ended with its connection cannot be given a longer life.
                    let allowed = |s: &u32| if *s == 0 { !device.will_waits } else { device.expiry_s > 0 };
                    if let Some(s) = expiry.filter(allowed) {
                        disconnect.properties.push(Property::SessionExpiryInterval(s));
                    }
                }
                self.disconnect(who, disconnect);
            }
            Step::Cut(_) => {
                device.disconnected();
                self.side.cut(conn);
            }
        }
    }

    fn connect(&mut self, who: usize, connect: &Connect) {
        let old = self.devices.get(&who).and_then(|device| device.conn);
        let conn = self.side.open();
        let device = self.devices.entry(who).or_default();
        if old.is_some() {
            device.disconnected();
        }
        device.version = Some(connect.version);
        device.conn = Some(conn);
        device.expiry_s = match connect.version {
            Version::V3 => u32::from(!connect.clean_start),
            V5 => connect.properties.session_expiry_interval().unwrap_or(0),
        };
        device.will_waits = connect.will.as_ref().is_some_and(|will| {
            will.properties.0.iter().any(|property| matches!(property, Property::WillDelayInterval(1..)))
        });
        self.send(who, &Packet::Connect(Box::new(connect.clone())));
        let Some(bytes) = self.side.receive(conn) else {
            self.closed(who);
            return;
        };
        let device = self.devices.entry(who).or_default();
        let packet = decode(&bytes, connect.version)
            .unwrap_or_else(|error| panic!("{}: {error:?}: {bytes:?}", self.side.name()));
        let Packet::Connack(connack) = packet else {
            self.received.entry(who).or_default().push(Got::Other(packet));
            return;
        };
        device.alias_maximum = connack.properties.topic_alias_maximum().unwrap_or(0);
        // 3.1.1 is told of no limit. Mosquitto loses what goes beyond its own, so clients keep to that.
        device.quota = usize::from(connack.properties.receive_maximum().unwrap_or(20));
        let (session_present, code) = (connack.session_present, connack.code);
        let properties = sorted(connack.properties);
        self.received.entry(who).or_default().push(Got::Connack { session_present, code, properties });
        if let Some(old) = old {
            self.drain_old(who, old);
        }
        let device = self.devices.entry(who).or_default();
        if code.is_failure() {
            return;
        }
        if !session_present {
            device.pending.clear();
            return;
        }
        let mut again = Vec::new();
        for (id, pending) in &mut device.pending {
            if !pending.received {
                again.push(Packet::Publish(Publish { dup: true, ..pending.publish.clone() }));
            } else {
                pending.unreleased = false;
                again.push(Packet::Pubrel(Ack::new(*id)));
            }
        }
        device.quota = device.quota.saturating_sub(again.len());
        for packet in again {
            self.send(who, &packet);
        }
    }

    /// What the connection that was taken over still brings. Messages are lost with it.
    fn drain_old(&mut self, who: usize, old: usize) {
        let version = self.devices.get(&who).and_then(|device| device.version).unwrap_or(V5);
        while let Some(bytes) = self.side.receive(old) {
            // The old one may have spoken the other version; DISCONNECT is from 5.0 alone.
            if let Ok(Packet::Disconnect(disconnect)) = decode(&bytes, V5) {
                self.received.entry(who + OLD).or_default().push(Got::disconnect(disconnect));
            }
        }
        let _ = version;
        self.received.entry(who + OLD).or_default().push(Got::Closed);
    }

    fn publish(&mut self, who: usize, version: Version, message: &Message) {
        let device = self.devices.entry(who).or_default();
        let mut properties = if version == V5 { message.properties.clone() } else { Vec::new() };
        let mut topic = message.topic;
        if let Some(alias) = message.alias.filter(|alias| version == V5 && *alias <= device.alias_maximum) {
            if device.aliases.insert(alias, topic) == Some(topic) && message.qos == QoS::AtMostOnce {
                topic = "";
            }
            properties.push(Property::TopicAlias(alias));
        }
        device.published += 1;
        let payload = if message.empty { Bytes::new() } else { format!("{who}.{}", device.published).into() };
        let mut publish = Publish {
            qos: message.qos,
            retain: message.retain,
            topic: topic.into(),
            properties: Properties(properties),
            payload,
            ..Publish::default()
        };
        if message.qos > QoS::AtMostOnce {
            if device.quota == 0 {
                return;
            }
            device.quota -= 1;
            publish.id = device.next_id();
            let mut kept = publish.clone();
            kept.properties.0.retain(|property| !matches!(property, Property::TopicAlias(_)));
            let unreleased = message.unreleased;
            device.pending.insert(publish.id, Pending { publish: kept, received: false, unreleased });
        }
        self.send(who, &Packet::Publish(publish));
    }

    fn disconnect(&mut self, who: usize, disconnect: Disconnect) {
        self.send(who, &Packet::Disconnect(disconnect));
        let device = self.devices.entry(who).or_default();
        let Some(conn) = device.conn else { return };
        device.disconnected();
        // Its end shows that it has read the packet.
        while self.side.receive(conn).is_some() {}
    }

    fn send(&mut self, who: usize, packet: &Packet) {
        let device = self.devices.entry(who).or_default();
        let (Some(conn), Some(version)) = (device.conn, device.version) else { return };
        let mut bytes = BytesMut::new();
        assert!(encode(packet, version, &mut bytes), "{packet:?} can be written");
        self.side.send(conn, &bytes);
    }

    /// Every connected client asks for an answer and takes all that comes before it, the one that acted first, until
    /// nothing else comes to anyone: then the broker has read all that was sent, and all that it sent was received.
    fn settle(&mut self, first: usize) {
        let mut order: Vec<usize> = self.devices.keys().copied().collect();
        order.sort_by_key(|who| *who != first);
        loop {
            let mut quiet = true;
            for who in &order {
                self.send(*who, &Packet::Pingreq);
                while let Some(packet) = self.next(*who) {
                    if packet == Packet::Pingresp {
                        break;
                    }
                    quiet = false;
                    self.take(*who, packet);
                }
            }
            if quiet {
                return;
            }
        }
    }

    fn next(&mut self, who: usize) -> Option<Packet> {
        let device = self.devices.get(&who)?;
        let (conn, version) = (device.conn?, device.version?);
        let Some(bytes) = self.side.receive(conn) else {
            self.closed(who);
            return None;
        };
        Some(
            decode(&bytes, version)
                .unwrap_or_else(|error| panic!("{}: {error:?}: {bytes:?}", self.side.name())),
        )
    }

    fn closed(&mut self, who: usize) {
        self.received.entry(who).or_default().push(Got::Closed);
        self.devices.entry(who).or_default().disconnected();
    }

    /// Notes what came and answers it.
    fn take(&mut self, who: usize, packet: Packet) {
        let device = self.devices.entry(who).or_default();
        let mut answer = None;
        let got = match packet {
            Packet::Publish(publish) => {
                match publish.qos {
                    QoS::AtMostOnce => {}
                    QoS::AtLeastOnce => answer = Some(Packet::Puback(Ack::new(publish.id))),
                    QoS::ExactlyOnce => {
                        device.incoming.insert(publish.id, publish.payload.clone());
                        answer = Some(Packet::Pubrec(Ack::new(publish.id)));
                    }
                }
                let Publish { topic, payload, qos, retain, dup, properties, .. } = publish;
                Got::Message { topic, payload, qos, retain, dup, properties: sorted(properties) }
            }
            Packet::Pubrel(ack) => {
                answer = Some(Packet::Pubcomp(Ack::new(ack.id)));
                Got::Pubrel { payload: device.incoming.remove(&ack.id).unwrap_or_default() }
            }
            Packet::Puback(ack) => device.acknowledged("PUBACK", &ack),
            Packet::Pubcomp(ack) => device.acknowledged("PUBCOMP", &ack),
            Packet::Pubrec(ack) => {
                let got = Got::ack("PUBREC", &ack);
                if ack.code.is_failure() {
                    device.acknowledged("PUBREC", &ack);
                } else if let Some(pending) = device.pending.get_mut(&ack.id) {
                    pending.received = true;
                    if !pending.unreleased {
                        self.send(who, &Packet::Pubrel(Ack::new(ack.id)));
                    }
                }
                self.received.entry(who).or_default().push(got);
                return;
            }
            Packet::Suback(suback) => {
                Got::Suback { codes: suback.codes, properties: sorted(suback.properties) }
            }
            Packet::Unsuback(unsuback) => {
                Got::Unsuback { codes: unsuback.codes, properties: sorted(unsuback.properties) }
            }
            Packet::Disconnect(disconnect) => Got::disconnect(disconnect),
            other => Got::Other(other),
        };
        self.received.entry(who).or_default().push(got);
        let Some(answer) = answer else { return };
        match &mut self.devices.entry(who).or_default().held {
            Some(held) => held.push(answer),
            None => self.send(who, &answer),
        }
    }
}

/// Added to a client's number: what came on the connection that it took over.
pub(crate) const OLD: usize = 100;

impl Device {
    fn next_id(&mut self) -> u16 {
        loop {
            self.last_id = self.last_id.wrapping_add(1).max(1);
            if !self.pending.contains_key(&self.last_id) {
                return self.last_id;
            }
        }
    }

    fn acknowledged(&mut self, kind: &'static str, ack: &Ack) -> Got {
        if self.pending.remove(&ack.id).is_some() {
            self.quota += 1;
        }
        Got::ack(kind, ack)
    }

    /// Its connection is gone: what belonged to that alone is forgotten.
    fn disconnected(&mut self) {
        self.conn = None;
        self.held = self.held.take().map(|_| Vec::new());
        self.aliases.clear();
    }
}

impl Step {
    /// Which client does it.
    pub(crate) const fn who(&self) -> usize {
        match self {
            Self::Connect(who, _)
            | Self::Subscribe(who, ..)
            | Self::Unsubscribe(who, _)
            | Self::Publish(who, _)
            | Self::Hold(who)
            | Self::Release(who)
            | Self::Finish(who)
            | Self::Disconnect(who, ..)
            | Self::Cut(who) => *who,
        }
    }
}

/// Properties by their identifiers: their order among each other says nothing, but for those of one kind.
fn sorted(properties: Properties) -> Vec<Property> {
    let mut properties = properties.0;
    properties.sort_by_key(Property::id);
    properties
}
