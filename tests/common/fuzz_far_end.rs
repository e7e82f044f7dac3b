//! What the far end of one connection may expect of a broker, whatever it sent.

use glassbroker::broker::Link;
use glassbroker::wire::*;
use std::collections::BTreeMap;

/// How far the handshake of a message that the broker sent is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Puback,
    Pubrec,
    Pubcomp,
}

/// The far end of one connection.
pub struct FarEnd {
    /// What was sent and not yet read by the broker.
    unread: Vec<u8>,
    /// Bytes that a later step sends in front of its own.
    pub held_back: Vec<u8>,
    /// The CONNECT that the broker read.
    connect: Option<Connect>,
    /// What CONNACK speaks.
    pub version: Option<Version>,
    is_last_sent: bool,
    /// What the link takes, and took when it was empty.
    pub bytes_free: usize,
    capacity: usize,
    under_way: BTreeMap<u16, Step>,
    /// PUBLISH and PUBREL that a client should acknowledge.
    pub unanswered: Vec<Packet>,
}

impl FarEnd {
    pub fn new(link: &Link) -> Self {
        Self {
            unread: Vec::new(),
            held_back: Vec::new(),
            connect: None,
            version: None,
            is_last_sent: false,
            bytes_free: link.bytes_free,
            capacity: link.bytes_free,
            under_way: BTreeMap::new(),
            unanswered: Vec::new(),
        }
    }

    /// Whether a CONNACK came.
    pub const fn is_answered(&self) -> bool {
        self.version.is_some()
    }

    /// Bytes are on their way to the broker.
    pub fn sends(&mut self, bytes: &[u8]) {
        self.unread.extend_from_slice(bytes);
    }

    /// The link takes so much from now on.
    pub fn has_room(&mut self, bytes_free: usize) {
        self.bytes_free = bytes_free;
        self.capacity = self.capacity.max(bytes_free);
    }

    /// The broker says that it read a packet.
    pub fn was_read(&mut self, bytes: &[u8]) {
        assert!(self.unread.starts_with(bytes), "the broker reads what was sent, in order");
        self.unread.drain(..bytes.len());
        match decode(&bytes.to_vec().into(), self.version.unwrap_or(Version::V3)) {
            Ok(Packet::Connect(connect)) if self.connect.is_none() => self.connect = Some(*connect),
            Ok(Packet::Puback(ack)) if self.step(ack.id) == Some(Step::Puback) => self.finish(ack.id),
            Ok(Packet::Pubcomp(ack)) if self.step(ack.id) == Some(Step::Pubcomp) => self.finish(ack.id),
            Ok(Packet::Pubrec(ack)) if self.step(ack.id).is_some_and(|step| step != Step::Puback) => {
                if self.version == Some(Version::V5) && ack.code.is_failure() {
                    self.finish(ack.id);
                } else {
                    self.under_way.insert(ack.id, Step::Pubcomp);
                }
            }
            _ => {}
        }
    }

    fn step(&self, id: u16) -> Option<Step> {
        self.under_way.get(&id).copied()
    }

    fn finish(&mut self, id: u16) {
        self.under_way.remove(&id);
    }

    /// The broker sends a packet; gives the topic of a PUBLISH.
    pub fn is_sent(&mut self, bytes: &[u8]) -> Option<Text> {
        assert!(!self.is_last_sent, "nothing follows a refusal or DISCONNECT");
        let is_empty = self.bytes_free >= self.capacity && self.capacity > 0;
        assert!(bytes.len() <= self.bytes_free || is_empty, "more than the link takes");
        self.bytes_free = self.bytes_free.saturating_sub(bytes.len());
        if self.version.is_none() {
            assert_eq!(bytes[0], 0x20, "CONNACK comes first");
            self.version = Some(if bytes[1] == 2 { Version::V3 } else { Version::V5 });
        } else {
            assert_ne!(bytes[0] >> 4, 2, "CONNACK comes once");
        }
        let version = self.version.unwrap_or(Version::V3);
        let packet = decode(&bytes.to_vec().into(), version).expect("the broker sends lawful packets");
        if let Some(connect) = self.connect.as_ref().filter(|_| version == Version::V5) {
            let most = connect.properties.maximum_packet_size().map_or(usize::MAX, |bytes| bytes as usize);
            // MQTT-3.1.2-24 in 5.0.
            assert!(bytes.len() <= most, "larger than the client's Maximum Packet Size {most}: {packet:?}");
        }
        match packet {
            Packet::Connack(connack) => self.is_last_sent = connack.code != ReasonCode::SUCCESS,
            Packet::Publish(publish) => {
                self.is_published(&publish);
                let topic = publish.topic.clone();
                if publish.qos != QoS::AtMostOnce && self.unanswered.len() < 100 {
                    self.unanswered.push(Packet::Publish(publish));
                }
                return Some(topic);
            }
            Packet::Pubrel(ack) if self.unanswered.len() < 100 => self.unanswered.push(Packet::Pubrel(ack)),
            Packet::Disconnect(_) => {
                assert_eq!(version, Version::V5, "3.1.1 has no DISCONNECT from a server [MQTT-3.14.0-1]");
                self.is_last_sent = true;
            }
            Packet::Puback(_) | Packet::Pubrec(_) | Packet::Pubrel(_) | Packet::Pubcomp(_) => {}
            Packet::Suback(_) | Packet::Unsuback(_) | Packet::Pingresp => {}
            other => panic!("a server does not send {other:?}"),
        }
        None
    }

    fn is_published(&mut self, publish: &Publish) {
        let connect = self.connect.as_ref().expect("no PUBLISH before CONNECT");
        assert!(!publish.topic.is_empty(), "the broker uses no topic aliases");
        let step = match publish.qos {
            QoS::AtMostOnce => return,
            QoS::AtLeastOnce => Step::Puback,
            QoS::ExactlyOnce => Step::Pubrec,
        };
        let old = self.under_way.insert(publish.id, step);
        assert_eq!(old, None, "the Packet Identifier {} is in use (MQTT-2.2.1-4)", publish.id);
        let most = connect.properties.receive_maximum().unwrap_or(u16::MAX);
        // MQTT-3.3.4-9.
        assert!(self.under_way.len() <= usize::from(most), "more under way than the Receive Maximum {most}");
    }
}
