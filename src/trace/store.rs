//! The trace: all events of a run in the order of their `seq`, within bounds.

use super::chunk::{Chunk, SHARED_BYTES};
use super::hash::Hash;
use super::recorder::{Numbers, Sink};
use crate::broker::{Event, PacketBytes};
use crate::profile::Profile;
use crate::texts::Texts;
use crate::time::EPOCH;
use crate::wire::PacketType;
use bytes::{BufMut, Bytes, BytesMut};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

/// How much of a run is kept. The `seq` of an event is the same at every level.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Level {
    /// Counts only; they are the recorder's.
    Totals,
    /// Packets, sockets, sessions, what was asked, and the narration.
    Packets,
    /// Everything.
    #[default]
    Full,
}

impl Level {
    /// The name in the JSON lines.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Totals => "totals",
            Self::Packets => "packets",
            Self::Full => "full",
        }
    }

    /// The level of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Totals, Self::Packets, Self::Full].into_iter().find(|level| level.name() == name)
    }
}

/// How much a trace holds before its oldest events go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// Events; they take 48 bytes each.
    pub events: usize,
    /// Bytes of packets.
    pub packet_bytes: usize,
    /// Names of messages; they take 8 bytes each. Events about a message whose name went have none.
    pub messages: usize,
    /// Whether events that go still count in [`Trace::hash`], which then has to write each as its line. Without, there is no hash
    /// once events went.
    pub hash_dropped: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { events: 1_000_000, packet_bytes: 64 << 20, messages: 4_000_000, hash_dropped: true }
    }
}

/// The most client names that a trace tells apart; what is about any further one has the empty name.
const MAX_CLIENTS: usize = 1 << 20;
/// How many of the latest long payloads are remembered, so that the packets which carry them share them.
const RECENT_PAYLOADS: usize = 16;

/// What line 1 of the JSON lines says of the run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// The version of the engine: this package's.
    pub engine: String,
    /// The run's seed.
    pub seed: u64,
    /// The profile as the run began: its name, and the settings that were changed from the preset's.
    pub profile: Profile,
    /// The moment zero, as RFC 3339 writes it.
    pub epoch: String,
}

impl Default for Header {
    fn default() -> Self {
        Self {
            engine: env!("CARGO_PKG_VERSION").into(),
            seed: 0,
            profile: Profile::default(),
            epoch: EPOCH.into(),
        }
    }
}

/// The name of a message: one publication, the same in every branch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MessageName<'a> {
    /// Who published it; empty for the broker, as an operator's hand.
    pub client: &'a str,
    /// How manieth publication of that client it is, from 1.
    pub nth: u32,
}

impl std::fmt::Display for MessageName<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // What an operator publishes is the broker's own, and a name of the broker's own begins with `$`.
        let client = if self.client.is_empty() { "$broker" } else { self.client };
        write!(f, "{client}/{}", self.nth)
    }
}

/// The events of a run. A copy shares what it holds with the original until either changes it, so that a branch is cheap.
#[derive(Clone, Debug)]
pub struct Trace {
    pub(super) header: Header,
    level: Level,
    bounds: Bounds,
    pub(super) chunks: VecDeque<Arc<Chunk>>,
    /// One more than the `seq` of the last event that was offered.
    next_seq: u32,
    events: usize,
    dropped: u64,
    packet_bytes: usize,
    pub(super) clients: Texts,
    /// The client and its publication's number, of each message from `first_message` on.
    messages: VecDeque<(u32, u32)>,
    first_message: u32,
    recent: VecDeque<(u32, Bytes)>,
    pub(super) hash: RefCell<Hash>,
}

impl Trace {
    /// An empty trace.
    pub fn new(header: Header, level: Level, bounds: Bounds) -> Self {
        Self {
            header,
            level,
            bounds,
            chunks: VecDeque::new(),
            next_seq: 0,
            events: 0,
            dropped: 0,
            packet_bytes: 0,
            clients: Texts::new(),
            messages: VecDeque::new(),
            first_message: 0,
            recent: VecDeque::new(),
            hash: RefCell::new(Hash::new()),
        }
    }

    /// An empty trace that knows the same clients and messages: for computing events again that this one dropped.
    #[must_use]
    pub fn empty_like(&self, level: Level, from_seq: u32) -> Self {
        Self {
            clients: self.clients.clone(),
            messages: self.messages.clone(),
            first_message: self.first_message,
            next_seq: from_seq,
            hash: RefCell::new(Hash::unknown()),
            ..Self::new(self.header.clone(), level, self.bounds)
        }
    }

    /// What line 1 says.
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// How much is kept.
    pub const fn level(&self) -> Level {
        self.level
    }

    /// How many events are held.
    pub const fn len(&self) -> usize {
        self.events
    }

    /// Whether no event is held.
    pub const fn is_empty(&self) -> bool {
        self.events == 0
    }

    /// How many events went because a bound was reached.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// About how many bytes it takes.
    pub const fn size_bytes(&self) -> usize {
        self.events * size_of::<super::chunk::Row>() + self.packet_bytes
    }

    /// How many bytes of packets are held.
    pub const fn packet_bytes(&self) -> usize {
        self.packet_bytes
    }

    /// One more than the highest `seq` that came, whether or not the level kept it.
    pub const fn next_seq(&self) -> u32 {
        self.next_seq
    }

    /// The names of the clients, by the number that events give them, in the order of their first event.
    pub fn clients(&self) -> impl ExactSizeIterator<Item = &str> {
        self.clients.iter()
    }

    /// The number of a client's name.
    pub fn client_number(&self, name: &str) -> Option<u32> {
        self.clients.find(name)
    }

    /// The name of a message by the number that causes carry.
    pub fn message_name(&self, message: u32) -> Option<MessageName<'_>> {
        let (client, nth) = *self.messages.get(message.checked_sub(self.first_message)? as usize)?;
        Some(MessageName { client: self.clients.get(client)?, nth })
    }

    /// The number of a message by its name; looks through all of them.
    pub fn message_number(&self, client: &str, nth: u32) -> Option<u32> {
        let name = (self.client_number(client)?, nth);
        let index = self.messages.iter().position(|known| *known == name)?;
        Some(self.first_message + u32::try_from(index).ok()?)
    }

    /// Forgets every event from `seq` on: what a run does when it leaves its past for another future.
    pub fn truncate(&mut self, seq: u32) {
        self.next_seq = self.next_seq.min(seq);
        while self.chunks.back().is_some_and(|chunk| chunk.first_seq >= seq) {
            let Some(chunk) = self.chunks.pop_back() else { break };
            self.events -= chunk.rows.len();
            self.packet_bytes = self.packet_bytes.saturating_sub(chunk.bytes());
        }
        if let Some(last) = self.chunks.back_mut() {
            let chunk = Arc::make_mut(last);
            let (rows, bytes) = (chunk.rows.len(), chunk.bytes());
            chunk.truncate(seq);
            self.events -= rows - chunk.rows.len();
            self.packet_bytes = self.packet_bytes.saturating_sub(bytes - chunk.bytes());
        }
        self.recent.clear();
        self.hash.get_mut().truncate(seq);
    }

    /// The number of a client's name, a new one where it was not seen before.
    fn client(&mut self, name: &str) -> u32 {
        let known = self.clients.len() < MAX_CLIENTS || self.clients.find(name).is_some();
        self.clients.number(if known { name } else { "" })
    }

    fn name_message(&mut self, message: u32, client: u32, nth: u32) {
        // After a branch the numbers are given again, to other publications.
        match message.checked_sub(self.first_message) {
            Some(held) if held as usize <= self.messages.len() => self.messages.truncate(held as usize),
            _ => self.messages.clear(),
        }
        if self.messages.is_empty() {
            self.first_message = message;
        }
        self.messages.push_back((client, nth));
        if self.messages.len() > self.bounds.messages {
            self.messages.pop_front();
            self.first_message += 1;
        }
    }

    /// The long payload that the packet ends with, and whether it was not stored before.
    fn shared_payload(&mut self, message: u32, packet: &PacketBytes<'_>) -> Option<(Bytes, bool)> {
        if packet.head.len() + packet.body.len() < SHARED_BYTES {
            return None;
        }
        if packet.head.first()? >> 4 != PacketType::Publish as u8 {
            return None;
        }
        let known =
            self.recent.iter().rev().find(|(of, payload)| *of == message && ends_with(packet, payload));
        if let Some((_, payload)) = known {
            return Some((payload.clone(), false));
        }
        let payload = match packet.body {
            [] => Bytes::copy_from_slice(packet.head.get(payload_at(packet)?..)?),
            body => Bytes::copy_from_slice(body),
        };
        if payload.len() < SHARED_BYTES {
            return None;
        }
        if self.recent.len() == RECENT_PAYLOADS {
            self.recent.pop_front();
        }
        self.recent.push_back((message, payload.clone()));
        Some((payload, true))
    }

    /// Lets the oldest events go until the bounds hold. One chunk stays, the one that is written to.
    fn keep_bounds(&mut self) {
        while self.chunks.len() > 1
            && (self.events > self.bounds.events || self.packet_bytes > self.bounds.packet_bytes)
        {
            if self.bounds.hash_dropped {
                let end = self.chunks.get(1).map_or(self.next_seq, |next| next.first_seq);
                self.roll_hash(end);
            } else {
                self.hash.get_mut().give_up();
            }
            let Some(chunk) = self.chunks.pop_front() else { break };
            self.events -= chunk.rows.len();
            self.dropped += chunk.rows.len() as u64;
            self.packet_bytes = self.packet_bytes.saturating_sub(chunk.bytes());
        }
    }
}

impl Sink for Trace {
    /// Takes an event; one whose `seq` came before is held already and changes nothing.
    fn record(&mut self, numbers: Numbers, event: &Event<'_>) {
        if numbers.seq < self.next_seq {
            return;
        }
        self.next_seq = numbers.seq + 1;
        if self.level == Level::Totals {
            return;
        }
        let kept = self.level == Level::Full || event.kind.is_of_packets();
        if !kept && numbers.nth.is_none() {
            return;
        }
        let client = self.client(event.client);
        if let Some(nth) = numbers.nth {
            self.name_message(numbers.message, client, nth);
        }
        if !kept {
            return;
        }
        let shared = event.packet.as_ref().and_then(|packet| self.shared_payload(numbers.message, packet));
        if self.chunks.back().is_none_or(|chunk| chunk.is_full(numbers.seq, event.at)) {
            self.chunks.push_back(Arc::new(Chunk::new(numbers.seq, event.at)));
        }
        let Some(last) = self.chunks.back_mut() else { return };
        let chunk = Arc::make_mut(last);
        let before = chunk.bytes();
        chunk.push(numbers, client, event, shared);
        self.packet_bytes += chunk.bytes() - before;
        self.events += 1;
        if self.events > self.bounds.events || self.packet_bytes > self.bounds.packet_bytes {
            self.keep_bounds();
        }
    }
}

fn ends_with(packet: &PacketBytes<'_>, payload: &[u8]) -> bool {
    match packet.body {
        [] => packet.head.ends_with(payload),
        body => body == payload,
    }
}

/// Where the payload of a PUBLISH begins that stands whole in `head`; `None` where it is torn.
fn payload_at(packet: &PacketBytes<'_>) -> Option<usize> {
    let head = packet.head;
    let number = |at: usize| {
        let mut value = 0;
        for (n, byte) in head.get(at..)?.iter().take(4).enumerate() {
            value |= usize::from(byte & 0x7f) << (7 * n);
            if byte & 0x80 == 0 {
                return Some((value, at + n + 1));
            }
        }
        None
    };
    let (_, topic) = number(1)?;
    let length = usize::from(u16::from_be_bytes([*head.get(topic)?, *head.get(topic + 1)?]));
    let mut at = topic + 2 + length;
    if head.first()? & 0b0110 != 0 {
        at += 2;
    }
    if packet.version == crate::wire::Version::V5 {
        let (length, from) = number(at)?;
        at = from + length;
    }
    (at <= head.len()).then_some(at)
}

/// The packet's bytes in one piece.
pub(super) fn whole(packet: &PacketBytes<'_>) -> Bytes {
    let mut bytes = BytesMut::with_capacity(packet.head.len() + packet.body.len());
    bytes.put_slice(packet.head);
    bytes.put_slice(packet.body);
    bytes.freeze()
}
