//! One client that sends what it is told to and acknowledges nothing by itself: for stories that scripts cannot tell.

use super::side::Side;
use bytes::BytesMut;
use glassbroker::wire::{
    Ack, Connack, Connect, Packet, Properties, Property, Publish, QoS, ReasonCode, Subscribe,
    SubscribeOptions, Subscription, Unsubscribe, Version, Will, decode, encode,
};

/// A connection and the version that it speaks.
#[derive(Clone, Copy)]
pub(crate) struct Peer {
    conn: usize,
    version: Version,
}

/// A CONNECT; in 5.0 with a session that lasts.
pub(crate) fn hello(version: Version, id: &str) -> Connect {
    let is_5 = version == Version::V5;
    Connect {
        version,
        clean_start: false,
        keep_alive_s: 0,
        client_id: id.into(),
        will: None,
        username: None,
        password: None,
        properties: is_5.then_some(Property::SessionExpiryInterval(1_000)).into_iter().collect(),
    }
}

/// A Will with its topic for a payload.
pub(crate) fn will(topic: &str, qos: QoS) -> Will {
    let (payload, properties) = (topic.to_owned().into(), Properties::default());
    Will { topic: topic.into(), payload, qos, retain: false, properties }
}

pub(crate) fn publish(id: u16, topic: &str, payload: &str, qos: QoS) -> Packet {
    Packet::Publish(Publish {
        id,
        topic: topic.into(),
        payload: payload.to_owned().into(),
        qos,
        ..Publish::default()
    })
}

pub(crate) fn subscribe(filter: &str, options: SubscribeOptions) -> Packet {
    let filters = vec![Subscription { filter: filter.into(), options }];
    Packet::Subscribe(Subscribe { id: 1, properties: Properties::default(), filters })
}

pub(crate) fn unsubscribe(filter: &str) -> Packet {
    Packet::Unsubscribe(Unsubscribe {
        id: 1,
        properties: Properties::default(),
        filters: vec![filter.into()],
    })
}

pub(crate) fn at(qos: QoS) -> SubscribeOptions {
    SubscribeOptions { qos, ..SubscribeOptions::default() }
}

impl Peer {
    /// Connects, and gives what the broker answered; `None` where it closed the connection.
    pub(crate) fn connect(side: &mut dyn Side, connect: Connect) -> (Self, Option<Connack>) {
        let peer = Self { conn: side.open(), version: connect.version };
        peer.send(side, &Packet::Connect(Box::new(connect)));
        let connack = match peer.next(side) {
            Some(Packet::Connack(connack)) => Some(connack),
            None => None,
            other => panic!("no CONNACK: {other:?}"),
        };
        (peer, connack)
    }

    /// Connects where that is no question.
    pub(crate) fn join(side: &mut dyn Side, connect: Connect) -> Self {
        let (peer, connack) = Self::connect(side, connect);
        assert_eq!(connack.map(|connack| connack.code), Some(ReasonCode::SUCCESS), "{}", side.name());
        peer
    }

    pub(crate) fn send(self, side: &mut dyn Side, packet: &Packet) {
        let mut bytes = BytesMut::new();
        assert!(encode(packet, self.version, &mut bytes), "{packet:?} can be written");
        side.send(self.conn, &bytes);
    }

    pub(crate) fn next(self, side: &mut dyn Side) -> Option<Packet> {
        let bytes = side.receive(self.conn)?;
        Some(decode(&bytes, self.version).unwrap_or_else(|error| panic!("{}: {error:?}", side.name())))
    }

    /// All that comes before the answer to a PINGREQ.
    pub(crate) fn settle(self, side: &mut dyn Side) -> Vec<Packet> {
        self.send(side, &Packet::Pingreq);
        let more = || self.next(side).filter(|packet| *packet != Packet::Pingresp);
        std::iter::from_fn(more).collect()
    }

    /// Sends a packet and gives all that comes of it.
    pub(crate) fn ask(self, side: &mut dyn Side, packet: &Packet) -> Vec<Packet> {
        self.send(side, packet);
        self.settle(side)
    }

    /// All that comes until the broker closes the connection.
    pub(crate) fn to_the_end(self, side: &mut dyn Side) -> Vec<Packet> {
        std::iter::from_fn(|| self.next(side)).collect()
    }

    /// The payloads of the messages that came, acknowledged by nobody.
    pub(crate) fn payloads(self, side: &mut dyn Side) -> Vec<String> {
        let payload = |packet: &Packet| match packet {
            Packet::Publish(publish) => Some(String::from_utf8_lossy(&publish.payload).into_owned()),
            _ => None,
        };
        self.settle(side).iter().filter_map(payload).collect()
    }

    pub(crate) fn cut(self, side: &mut dyn Side) {
        side.cut(self.conn);
    }
}

/// PUBREL.
pub(crate) fn release(id: u16) -> Packet {
    Packet::Pubrel(Ack::new(id))
}
