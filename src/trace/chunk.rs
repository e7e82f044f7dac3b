//! A piece of the trace: rows of 48 bytes, the packets' bytes, and the strings that the rows name.

use super::kind::KINDS;
use super::recorder::Numbers;
use crate::broker::{By, Cause, Event, Kind, PacketBytes};
use crate::texts::Texts;
use crate::time::SimTime;
use crate::wire::Version;
use bytes::Bytes;

/// The most events in a chunk.
pub(super) const CHUNK_EVENTS: usize = 4_096;
/// A chunk that holds this many bytes of packets takes no further event.
const CHUNK_BYTES: usize = 256 * 1024;
/// Payloads of at least this many bytes are stored once for all packets that carry them.
pub(super) const SHARED_BYTES: usize = 512;

/// One event. What is a text or a rule is an index into the chunk's tables, what is a client one into the trace's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Microseconds; `u64::MAX` where the event holds until no moment.
    until_us: u64,
    /// Microseconds since the chunk's first event.
    after_us: u32,
    cause: u32,
    message: u32,
    pub(super) client: u32,
    topic: u32,
    why: u32,
    number: u32,
    /// Where the packet's bytes end in the chunk's bytes; they begin where those of the row before end.
    packet_end: u32,
    rule: u16,
    code: u16,
    /// `seq` less the chunk's first.
    after_seq: u16,
    kind: u8,
    flags: u8,
}

const _: () = assert!(size_of::<Row>() == 48 && KINDS < 256);

const BY: u8 = 0b11;
const QOS_SHIFT: u8 = 2;
const NO_QOS: u8 = 0b11;
const V5: u8 = 1 << 4;
const HAS_PACKET: u8 = 1 << 5;
const HAS_CODE: u8 = 1 << 6;
const HAS_NUMBER: u8 = 1 << 7;
const NO_RULE: u16 = u16::MAX;

/// Up to [`CHUNK_EVENTS`] events in a row.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    pub(super) first_seq: u32,
    first_at: SimTime,
    /// No event in it has an earlier cause than this; [`Cause::NO_EVENT`] where none has a cause.
    pub(super) first_cause: u32,
    pub(super) rows: Vec<Row>,
    packets: Vec<u8>,
    /// Ends of packets that are shared with other packets, with the index of their row.
    tails: Vec<(u16, Bytes)>,
    tail_bytes: usize,
    strings: Texts,
    rules: Vec<crate::rule::RuleId>,
}

impl Chunk {
    /// An empty chunk for the event with these numbers and those that follow.
    pub(super) fn new(first_seq: u32, first_at: SimTime) -> Self {
        Self {
            first_seq,
            first_at,
            first_cause: Cause::NO_EVENT,
            rows: Vec::new(),
            packets: Vec::new(),
            tails: Vec::new(),
            tail_bytes: 0,
            strings: Texts::new(),
            rules: Vec::new(),
        }
    }

    /// Whether the event must go into a new chunk.
    pub(super) fn is_full(&self, seq: u32, at: SimTime) -> bool {
        self.rows.len() >= CHUNK_EVENTS
            || self.bytes() >= CHUNK_BYTES
            || seq.saturating_sub(self.first_seq) > u32::from(u16::MAX)
            || at < self.first_at
            || at.since(self.first_at).0 > u64::from(u32::MAX)
    }

    /// How many bytes of packets this chunk brought into the trace.
    pub(super) const fn bytes(&self) -> usize {
        self.packets.len() + self.tail_bytes
    }

    /// Appends an event. `shared` is the end of its packet where that is stored apart, with whether this event is the first to carry it.
    pub(super) fn push(
        &mut self,
        numbers: Numbers,
        client: u32,
        event: &Event<'_>,
        shared: Option<(Bytes, bool)>,
    ) {
        let mut flags = event.by as u8 & BY | event.qos.map_or(NO_QOS, |qos| qos.min(2)) << QOS_SHIFT;
        if let Some(packet) = &event.packet {
            flags |= HAS_PACKET;
            if packet.version == Version::V5 {
                flags |= V5;
            }
            let apart = shared.as_ref().map_or(0, |(tail, _)| tail.len());
            let kept = (packet.head.len() + packet.body.len()).saturating_sub(apart);
            let of_head = kept.min(packet.head.len());
            self.packets.extend_from_slice(&packet.head[..of_head]);
            self.packets.extend_from_slice(&packet.body[..(kept - of_head).min(packet.body.len())]);
            if let Some((tail, is_new)) = shared {
                self.tail_bytes += if is_new { tail.len() } else { 0 };
                self.tails.push((self.rows.len() as u16, tail));
            }
        }
        if event.code.is_some() {
            flags |= HAS_CODE;
        }
        if event.number.is_some() {
            flags |= HAS_NUMBER;
        }
        let row = Row {
            until_us: event.until.map_or(u64::MAX, |until| until.0),
            after_us: u32::try_from(event.at.since(self.first_at).0).unwrap_or(u32::MAX),
            cause: event.cause.event,
            message: numbers.message,
            client,
            topic: self.intern(event.topic),
            why: self.intern(event.why),
            number: event.number.unwrap_or(0),
            packet_end: u32::try_from(self.packets.len()).unwrap_or(u32::MAX),
            rule: self.intern_rule(event.rule),
            code: event.code.unwrap_or(0),
            after_seq: numbers.seq.saturating_sub(self.first_seq) as u16,
            kind: event.kind as u8,
            flags,
        };
        // No cause has the highest number.
        self.first_cause = self.first_cause.min(row.cause);
        self.rows.push(row);
    }

    /// Removes the events from `seq` on.
    pub(super) fn truncate(&mut self, seq: u32) {
        let keep = self.index_from(seq);
        self.rows.truncate(keep);
        self.packets.truncate(self.rows.last().map_or(0, |row| row.packet_end as usize));
        self.tails.retain(|(row, _)| usize::from(*row) < keep);
    }

    /// The index of the first row whose `seq` is not below this.
    pub(super) fn index_from(&self, seq: u32) -> usize {
        self.rows.partition_point(|row| self.seq(row) < seq)
    }

    /// The index of the first row that is not before this moment.
    pub(super) fn index_at(&self, at: SimTime) -> usize {
        self.rows.partition_point(|row| self.at(row) < at)
    }

    pub(super) const fn seq(&self, row: &Row) -> u32 {
        self.first_seq + row.after_seq as u32
    }

    pub(super) fn at(&self, row: &Row) -> SimTime {
        SimTime(self.first_at.0 + u64::from(row.after_us))
    }

    pub(super) fn topic(&self, row: &Row) -> &str {
        self.string(row.topic)
    }

    pub(super) fn why(&self, row: &Row) -> &str {
        self.string(row.why)
    }

    pub(super) fn rule(&self, row: &Row) -> Option<crate::rule::RuleId> {
        self.rules.get(usize::from(row.rule)).copied()
    }

    /// The packet of the row with this index.
    pub(super) fn packet(&self, index: usize) -> Option<PacketBytes<'_>> {
        let row = self.rows.get(index)?;
        if row.flags & HAS_PACKET == 0 {
            return None;
        }
        let from = index.checked_sub(1).and_then(|before| self.rows.get(before)).map_or(0, |r| r.packet_end);
        let head = self.packets.get(from as usize..row.packet_end as usize)?;
        let tail = self.tails.binary_search_by_key(&index, |(row, _)| usize::from(*row));
        let body = tail.ok().and_then(|at| self.tails.get(at)).map_or(&[][..], |(_, bytes)| bytes);
        let version = if row.flags & V5 == 0 { Version::V3 } else { Version::V5 };
        Some(PacketBytes { version, head, body })
    }

    fn string(&self, index: u32) -> &str {
        index.checked_sub(1).and_then(|index| self.strings.get(index)).unwrap_or_default()
    }

    /// The number of a text in this chunk; 0 is the empty one.
    fn intern(&mut self, text: &str) -> u32 {
        if text.is_empty() { 0 } else { self.strings.number(text) + 1 }
    }

    fn intern_rule(&mut self, rule: Option<crate::rule::RuleId>) -> u16 {
        let Some(rule) = rule else { return NO_RULE };
        let index = self.rules.iter().position(|known| *known == rule).unwrap_or_else(|| {
            self.rules.push(rule);
            self.rules.len() - 1
        });
        u16::try_from(index).unwrap_or(NO_RULE)
    }
}

impl Row {
    pub(super) fn kind(&self) -> Kind {
        Kind::from_number(self.kind)
    }

    pub(super) const fn by(&self) -> By {
        match self.flags & BY {
            0 => By::Broker,
            1 => By::Client,
            2 => By::Link,
            _ => By::User,
        }
    }

    pub(super) const fn cause(&self) -> Option<u32> {
        if self.cause == Cause::NO_EVENT { None } else { Some(self.cause) }
    }

    pub(super) const fn message(&self) -> Option<u32> {
        if self.message == Cause::NO_MESSAGE { None } else { Some(self.message) }
    }

    pub(super) const fn qos(&self) -> Option<u8> {
        let qos = self.flags >> QOS_SHIFT & 0b11;
        if qos == NO_QOS { None } else { Some(qos) }
    }

    pub(super) const fn code(&self) -> Option<u16> {
        if self.flags & HAS_CODE == 0 { None } else { Some(self.code) }
    }

    pub(super) const fn number(&self) -> Option<u32> {
        if self.flags & HAS_NUMBER == 0 { None } else { Some(self.number) }
    }

    pub(super) const fn until(&self) -> Option<SimTime> {
        if self.until_us == u64::MAX { None } else { Some(SimTime(self.until_us)) }
    }
}
