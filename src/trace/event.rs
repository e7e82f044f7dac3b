//! One event of a trace, to be read.

use super::chunk::{Chunk, Row};
use super::store::{MessageName, Trace, whole};
use crate::broker::{By, Kind, PacketBytes};
use crate::rule::RuleId;
use crate::time::SimTime;
use crate::wire::{Malformed, Packet, PacketType};

/// An event that a trace holds.
#[derive(Clone, Copy)]
pub struct EventRef<'a> {
    pub(super) trace: &'a Trace,
    pub(super) chunk: &'a Chunk,
    pub(super) row: &'a Row,
    pub(super) index: usize,
}

impl<'a> EventRef<'a> {
    /// Its number in the run, from 0.
    pub const fn seq(&self) -> u32 {
        self.chunk.seq(self.row)
    }

    /// When it was.
    pub fn at(&self) -> SimTime {
        self.chunk.at(self.row)
    }

    /// What it says.
    pub fn kind(&self) -> Kind {
        self.row.kind()
    }

    /// Who says it.
    pub const fn by(&self) -> By {
        self.row.by()
    }

    /// The client identifier that it is about; empty where there is none.
    pub fn client(&self) -> &'a str {
        self.trace.clients.get(self.row.client).unwrap_or_default()
    }

    /// The trace's number for that client.
    pub const fn client_number(&self) -> u32 {
        self.row.client
    }

    /// The `seq` of the event that led to it.
    pub const fn cause(&self) -> Option<u32> {
        self.row.cause()
    }

    /// The event that led to it, if the trace holds it.
    pub fn led_to_by(&self) -> Option<Self> {
        // A cause is always earlier.
        self.trace.get(self.cause().filter(|cause| *cause < self.seq())?)
    }

    /// The rule that was followed.
    pub fn rule(&self) -> Option<RuleId> {
        self.chunk.rule(self.row)
    }

    /// The message that it is about.
    pub fn message(&self) -> Option<MessageName<'a>> {
        self.trace.message_name(self.row.message()?)
    }

    /// The number, in causes, of the message that it is about.
    pub const fn message_number(&self) -> Option<u32> {
        self.row.message()
    }

    /// The topic, the filter, or the key: what the kind says it is; for a PUBLISH its Topic Name. Empty where there is none.
    pub fn topic(&self) -> &'a str {
        match self.noted_topic() {
            "" => self.packet().and_then(|packet| publish_topic(&packet)).unwrap_or_default(),
            topic => topic,
        }
    }

    /// The topic as the event was noted with it, without a look at its packet.
    pub(super) fn noted_topic(&self) -> &'a str {
        self.chunk.topic(self.row)
    }

    /// Why, in a few words. Empty where nothing is said.
    pub fn why(&self) -> &'a str {
        self.chunk.why(self.row)
    }

    /// The QoS granted or used; for a PUBLISH its own.
    pub fn qos(&self) -> Option<u8> {
        self.row.qos().or_else(|| {
            let first = *self.packet()?.head.first()?;
            (first >> 4 == PacketType::Publish as u8).then_some(first >> 1 & 0b11)
        })
    }

    /// A reason code, a return code or a WebSocket close code.
    pub const fn code(&self) -> Option<u16> {
        self.row.code()
    }

    /// The number that the kind tells.
    pub const fn number(&self) -> Option<u32> {
        self.row.number()
    }

    /// The moment until which it holds.
    pub const fn until(&self) -> Option<SimTime> {
        self.row.until()
    }

    /// The bytes of its packet.
    pub fn packet(&self) -> Option<PacketBytes<'a>> {
        self.chunk.packet(self.index)
    }

    /// The type of its packet, which the first byte says; `None` also where that is reserved.
    pub fn packet_type(&self) -> Option<PacketType> {
        PacketType::from_number(self.packet()?.head.first()? >> 4)
    }

    /// Its packet decoded, or why the bytes are none.
    pub fn decode(&self) -> Option<Result<Packet, Malformed>> {
        let packet = self.packet()?;
        Some(crate::wire::decode(&whole(&packet), packet.version))
    }

    /// The bytes of its packet in one piece, for the field map and for exports.
    pub fn packet_bytes(&self) -> Option<bytes::Bytes> {
        self.packet().map(|packet| whole(&packet))
    }
}

/// The Topic Name of a PUBLISH; `None` for another packet and where it is torn. A name that is longer than what stands before the
/// payload's shared part does not occur.
fn publish_topic<'a>(packet: &PacketBytes<'a>) -> Option<&'a str> {
    let head = packet.head;
    if *head.first()? >> 4 != PacketType::Publish as u8 {
        return None;
    }
    let length = head.get(1..)?.iter().take(4).position(|byte| byte & 0x80 == 0)?;
    let at = length + 2;
    let bytes = usize::from(u16::from_be_bytes([*head.get(at)?, *head.get(at + 1)?]));
    std::str::from_utf8(head.get(at + 2..at + 2 + bytes)?).ok()
}

impl std::fmt::Debug for EventRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut line = String::new();
        self.write_json(&mut line);
        f.write_str(&line)
    }
}
