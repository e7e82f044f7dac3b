//! Traffic through the bare broker, bytes in to bytes out: a publisher and its subscribers, as far ends that only speak bytes.

use bytes::{BufMut, Bytes, BytesMut};
use glassbroker::broker::{Broker, Cause, ConnId, Link, Observer, Output};
use glassbroker::profile::Profile;
use glassbroker::time::SimTime;
use glassbroker::wire::*;

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) version: Version,
    pub(crate) qos: QoS,
    /// How many clients get each message.
    pub(crate) subscribers: usize,
    pub(crate) payload_bytes: usize,
    /// How many packets come in one chunk, as a socket's read or a WebSocket message brings them.
    pub(crate) packets_a_chunk: usize,
}

/// A broker under that load.
pub(crate) struct Traffic<O> {
    load: Load,
    pub(crate) broker: Broker,
    pub(crate) observer: O,
    now: SimTime,
    publisher: ConnId,
    /// One chunk of PUBLISHes.
    chunk: Bytes,
    /// What the far ends answer, by connection: acknowledgements that go back in one chunk.
    answers: Vec<BytesMut>,
    /// How many PUBLISHes reached subscribers.
    pub(crate) delivered: u64,
    /// How many bytes left.
    pub(crate) bytes_out: u64,
}

impl<O: Observer> Traffic<O> {
    pub(crate) fn new(load: Load, observer: O) -> Self {
        let mut traffic = Self {
            load,
            broker: Broker::new(Profile::default(), 7),
            observer,
            now: SimTime::ZERO,
            publisher: ConnId(0),
            chunk: Bytes::new(),
            answers: Vec::new(),
            delivered: 0,
            bytes_out: 0,
        };
        traffic.publisher = traffic.join("publisher");
        for n in 0..load.subscribers {
            let conn = traffic.join(&format!("subscriber{n}"));
            let options = SubscribeOptions { qos: load.qos, ..SubscribeOptions::default() };
            let filters = vec![Subscription { filter: "factory/+/status".into(), options }];
            traffic.send(conn, Packet::Subscribe(Subscribe { id: 1, filters, ..Subscribe::default() }));
        }
        let mut chunk = BytesMut::new();
        for n in 0..load.packets_a_chunk {
            let publish = Publish {
                qos: load.qos,
                topic: "factory/1/status".into(),
                id: if load.qos == QoS::AtMostOnce { 0 } else { n as u16 + 1 },
                payload: Bytes::from(vec![b'x'; load.payload_bytes]),
                ..Publish::default()
            };
            encode(&Packet::Publish(publish), load.version, &mut chunk);
        }
        traffic.chunk = chunk.freeze();
        traffic
    }

    fn join(&mut self, id: &str) -> ConnId {
        let link = Link { websocket: false, bytes_free: usize::MAX, ..Link::default() };
        let conn = self.broker.open(self.now, link, Cause::NONE, &mut self.observer);
        self.answers.resize_with(conn.0 as usize + 1, BytesMut::new);
        let connect = Connect {
            version: self.load.version,
            clean_start: true,
            keep_alive_s: 60,
            client_id: id.into(),
            will: None,
            username: None,
            password: None,
            properties: Properties::default(),
        };
        self.send(conn, Packet::Connect(Box::new(connect)));
        conn
    }

    fn send(&mut self, conn: ConnId, packet: Packet) {
        let mut out = BytesMut::new();
        encode(&packet, self.load.version, &mut out);
        self.broker.receive(self.now, conn, out.freeze(), Cause::NONE, &mut self.observer);
        while self.broker.poll().is_some() {}
    }

    /// One chunk from the publisher, and everything that follows from it until nothing is under way any more.
    pub(crate) fn round(&mut self) {
        self.now.0 += 10;
        let mut input = Some((self.publisher, self.chunk.clone()));
        let mut next = 0;
        while let Some((conn, bytes)) = input.take() {
            self.broker.receive(self.now, conn, bytes, Cause::NONE, &mut self.observer);
            while let Some(output) = self.broker.poll() {
                if let Output::Send { conn, head, body, .. } = output {
                    self.bytes_out += (head.len() + body.len()) as u64;
                    self.answer(conn, &head);
                }
            }
            // Whoever has something to say speaks next.
            for _ in 0..self.answers.len() {
                let at = next % self.answers.len();
                next += 1;
                if !self.answers[at].is_empty() {
                    input = Some((ConnId(at as u32), self.answers[at].split().freeze()));
                    break;
                }
            }
        }
    }

    /// What a client answers to a packet.
    fn answer(&mut self, conn: ConnId, head: &[u8]) {
        let answers = &mut self.answers[conn.0 as usize];
        let (first, id) = match head[0] >> 4 {
            3 => {
                self.delivered += 1;
                let qos = head[0] >> 1 & 3;
                if qos == 0 {
                    return;
                }
                let length_bytes = head[1..].iter().take_while(|byte| **byte & 0x80 != 0).count() + 1;
                let topic = 1 + length_bytes;
                let id = topic + 2 + usize::from(u16::from_be_bytes([head[topic], head[topic + 1]]));
                (if qos == 1 { 0x40 } else { 0x50 }, &head[id..id + 2])
            }
            5 => (0x62, &head[2..4]),
            6 => (0x70, &head[2..4]),
            _ => return,
        };
        answers.put_slice(&[first, 2]);
        answers.put_slice(id);
    }
}
