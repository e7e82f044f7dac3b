//! A live client: a socket that something outside the world uses.

use super::link::{Frame, Packet};
use crate::broker::{By, Cause, Event, Kind, Observer, PacketBytes};
use crate::time::SimTime;
use crate::wire::{self, Property, Splitter, Version};
use bytes::Bytes;
use std::collections::VecDeque;

/// The most bytes that MQTT packets can have (2.1.4 in 5.0), their fixed header counted.
const LARGEST_PACKET_BYTES: u32 = 268_435_460;
/// How many bytes a live client may have sent that its link has not taken; beyond, its socket fails.
pub(super) const WAITING_MAX_BYTES: usize = 256 << 20;

/// A piece of a message that waits for the link.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) frame: Frame,
    pub(super) cause: Cause,
    pub(super) wire_bytes: usize,
    /// Bytes of payload, which `bufferedAmount` counts.
    pub(super) payload_bytes: usize,
}

/// Where the name comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Naming {
    /// CONNECT will say it.
    Connect,
    /// CONNACK will, since CONNECT had an empty one.
    Connack,
    /// It is settled.
    Done,
}

/// What is kept of a live client.
#[derive(Clone, Debug)]
pub(super) struct Live {
    pub(super) id: u32,
    name: String,
    version: Version,
    naming: Naming,
    splitter: Splitter,
    pub(super) waiting: VecDeque<Waiting>,
    pub(super) waiting_bytes: usize,
}

impl Live {
    pub(super) fn new(id: u32) -> Self {
        Self {
            id,
            name: format!("socket-{id}"),
            version: Version::V3,
            naming: Naming::Connect,
            splitter: Splitter::new(LARGEST_PACKET_BYTES),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
        }
    }

    /// The client identifier; before one is known, a name of the socket.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) const fn version(&self) -> Version {
        self.version
    }

    /// Cuts a message that it sends into pieces that each end a packet, but for the last one, and notes the packets.
    pub(super) fn cut<O: Observer>(
        &mut self,
        now: SimTime,
        message: &Bytes,
        cause: Cause,
        observer: &mut O,
    ) -> Vec<(Frame, Cause)> {
        let mut pieces = Vec::with_capacity(1);
        let mut begun_bytes = self.splitter.buffered_bytes();
        let mut from = 0;
        self.splitter.push(message.clone());
        while let Ok(Some(packet)) = self.splitter.next() {
            self.learn_name(&packet);
            let sent = PacketBytes { version: self.version, head: &packet, body: &[] };
            let event = Event::new(now, Kind::PacketSent, By::Client, &self.name, cause);
            let cause = observer.note(Event { packet: Some(sent), ..event });
            let to = (from + packet.len().saturating_sub(begun_bytes)).min(message.len());
            let ends = if begun_bytes == 0 { Packet::Whole } else { Packet::Ends(Box::new(packet)) };
            pieces.push((data(message.slice(from..to), ends), cause));
            (from, begun_bytes) = (to, 0);
        }
        if from < message.len() || pieces.is_empty() {
            pieces.push((data(message.slice(from..), Packet::Open), cause));
        }
        pieces
    }

    /// Notes a packet that it receives.
    pub(super) fn note_received<O: Observer>(
        &mut self,
        now: SimTime,
        (head, body): (&Bytes, &Bytes),
        cause: Cause,
        observer: &mut O,
    ) {
        if self.naming == Naming::Connack {
            self.learn_assigned_name(head);
        }
        let packet = PacketBytes { version: self.version, head, body };
        let event = Event::new(now, Kind::PacketReceived, By::Client, &self.name, cause);
        observer.note(Event { packet: Some(packet), ..event });
    }

    /// Reads the name out of CONNECT, which is the first packet.
    fn learn_name(&mut self, packet: &Bytes) {
        if self.naming != Naming::Connect {
            return;
        }
        self.naming = Naming::Done;
        if let Ok(wire::Packet::Connect(connect)) = wire::decode(packet, Version::V5) {
            self.version = connect.version;
            self.splitter.speak(connect.version);
            if connect.client_id.is_empty() {
                self.naming = Naming::Connack;
            } else {
                connect.client_id.as_str().clone_into(&mut self.name);
            }
        }
    }

    /// Reads the name that the server assigned out of CONNACK.
    fn learn_assigned_name(&mut self, packet: &Bytes) {
        self.naming = Naming::Done;
        let Ok(wire::Packet::Connack(connack)) = wire::decode(packet, self.version) else { return };
        let assigned = connack.properties.0.iter().find_map(|property| match property {
            Property::AssignedClientIdentifier(name) => Some(name.as_str()),
            _ => None,
        });
        if let Some(name) = assigned {
            name.clone_into(&mut self.name);
        }
    }

    /// Roughly how many bytes a copy takes; what is sent is shared.
    pub(super) fn size_bytes(&self) -> usize {
        size_of::<Self>() + self.splitter.buffered_bytes() + self.waiting.len() * size_of::<Waiting>()
    }
}

fn data(head: Bytes, packet: Packet) -> Frame {
    Frame::Data { head, body: Bytes::new(), packet }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::NoObserver;

    fn pieces(live: &mut Live, message: &'static [u8]) -> Vec<(usize, &'static str)> {
        live.cut(SimTime::ZERO, &Bytes::from_static(message), Cause::NONE, &mut NoObserver)
            .into_iter()
            .map(|(frame, _)| match frame {
                Frame::Data { head, packet: Packet::Whole, .. } => (head.len(), "whole"),
                Frame::Data { head, packet: Packet::Ends(packet), .. } => {
                    assert_eq!(&packet[..], [0xc0, 0]);
                    (head.len(), "ends")
                }
                Frame::Data { head, packet: Packet::Open, .. } => (head.len(), "open"),
                _ => unreachable!(),
            })
            .collect()
    }

    #[test]
    fn messages_are_cut_where_packets_end() {
        let mut live = Live::new(3);
        assert_eq!(live.name(), "socket-3");
        let connect = b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02hi\xc0\x00\xc0";
        assert_eq!(pieces(&mut live, connect), [(16, "whole"), (2, "whole"), (1, "open")]);
        assert_eq!((live.name(), live.version()), ("hi", Version::V3));
        assert_eq!(pieces(&mut live, b"\x00\xc0\x00\xc0"), [(1, "ends"), (2, "whole"), (1, "open")]);
        assert_eq!(pieces(&mut live, b"\x00"), [(1, "ends")]);
    }

    #[test]
    fn bytes_that_are_no_mqtt_pass_as_they_are() {
        let mut live = Live::new(1);
        assert_eq!(pieces(&mut live, b"\x00\x00\x00"), [(3, "open")]);
        assert_eq!(pieces(&mut live, b"\xc0\x00"), [(2, "open")]);
        assert_eq!(pieces(&mut live, b""), [(0, "open")]);
    }
}
