//! What is known of one open connection.

use super::on_auth::Authentication;
use super::outbox::Queued;
use super::quirks::LateAck;
use super::store::{SessionId, Store};
use super::throughput::Throttle;
use super::{Cause, Link};
use crate::profile::Rate;
use crate::time::{SimTime, Span};
use crate::wire::{PacketType, Splitter, Text, Version};
use bytes::Bytes;
use std::collections::VecDeque;

/// A packet that waits for room on the link.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) head: Bytes,
    pub(super) cause: Cause,
}

/// Whether what waits is a packet of this type, which its first four bits say.
fn is_of(waiting: &Waiting, packet_type: PacketType) -> bool {
    waiting.head.first().is_some_and(|byte| byte >> 4 == packet_type as u8)
}

/// One connection.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) websocket: bool,
    /// Whose it is, where that does not depend on what its CONNECT says.
    pub(super) principal: Option<Text>,
    /// What the link took when it was empty.
    pub(super) capacity: usize,
    /// What it takes now.
    pub(super) free: usize,
    /// What a packet takes of that beyond its own bytes.
    pub(super) packet_bytes: usize,
    pub(super) splitter: Splitter,
    /// The version of its CONNECT; 3.1.1 before that.
    pub(super) version: Version,
    /// Its enhanced authentication, where CONNECT named a method that the broker knows.
    pub(super) auth: Option<Box<Authentication>>,
    /// The session, once CONNECT was accepted.
    pub(super) session: Option<SessionId>,
    /// The client identifier that its CONNECT gave, until it has a session: what is answered before is told of that client.
    pub(super) asking: Text,
    /// How long it may be silent; `None` where it may forever.
    pub(super) patience: Option<Span>,
    pub(super) opened_at: SimTime,
    /// When the last packet came.
    pub(super) heard_at: SimTime,
    /// When a WebSocket has been open for as long as it may be.
    pub(super) ends_at: Option<SimTime>,
    /// When silence is looked at next.
    pub(super) silence_at: Option<SimTime>,
    /// What the client asked for as keep alive, or the broker instead, in seconds.
    pub(super) keep_alive_s: u16,
    /// The largest packet that the client takes.
    pub(super) packet_max_bytes: usize,
    /// Whether the client wants Reason Strings on every packet that can have one ([MQTT-3.1.2-29]).
    pub(super) problem_information: bool,
    /// The send quota (4.9 of 5.0): how many more QoS 1 and 2 messages may be under way.
    pub(super) quota: u16,
    /// How many may be under way to the session at once, where the client decides that and not the profile.
    pub(super) inflight_told: Option<u16>,
    /// What the quota began with.
    pub(super) quota_max: u16,
    /// How many QoS 2 messages the client may have under way: what it was told, whatever the profile says since.
    pub(super) receive_maximum: u16,
    /// How many topic aliases the client may use.
    pub(super) alias_maximum: u16,
    /// The topics of the client's aliases, by alias - 1.
    pub(super) aliases: Vec<Option<Text>>,
    /// Packets other than PUBLISH that wait for room; nothing overtakes them.
    pub(super) waiting: VecDeque<Waiting>,
    /// QoS 0 messages that wait for room.
    pub(super) qos0: VecDeque<Queued>,
    /// The bytes of both, and of the acknowledgements that leave late.
    pub(super) waiting_bytes: usize,
    /// What is to be sent again after a resumption, by Packet Identifier, in order.
    pub(super) resend: VecDeque<u16>,
    /// What led to sending it again.
    pub(super) resumed: Cause,
    pub(super) throttle: Throttle,
    /// Acknowledgements that leave late, so that others overtake them.
    pub(super) late: VecDeque<LateAck>,
    /// When the first of them does.
    pub(super) late_at: Option<SimTime>,
    /// What it was taken to weigh when it was weighed last.
    pub(super) weighed_bytes: usize,
}

impl Connection {
    pub(super) fn new(link: Link, packet_max_bytes: u32, now: SimTime) -> Self {
        Self {
            websocket: link.websocket,
            principal: link.principal,
            capacity: link.bytes_free,
            free: link.bytes_free,
            packet_bytes: link.packet_bytes,
            splitter: Splitter::new(packet_max_bytes),
            version: Version::V3,
            auth: None,
            session: None,
            asking: Text::default(),
            patience: None,
            opened_at: now,
            heard_at: SimTime(now.0.saturating_sub(link.age.0)),
            ends_at: None,
            silence_at: None,
            keep_alive_s: 0,
            packet_max_bytes: usize::MAX,
            problem_information: true,
            quota: u16::MAX,
            quota_max: u16::MAX,
            receive_maximum: u16::MAX,
            inflight_told: None,
            alias_maximum: 0,
            aliases: Vec::new(),
            waiting: VecDeque::new(),
            qos0: VecDeque::new(),
            waiting_bytes: 0,
            resend: VecDeque::new(),
            resumed: Cause::NONE,
            throttle: Throttle::default(),
            late: VecDeque::new(),
            late_at: None,
            weighed_bytes: 0,
        }
    }

    /// Whether the link takes a packet of this size, and the rate lets it go. One that is larger than the whole link leaves when it
    /// is empty.
    #[inline]
    pub(super) fn takes(&self, now: SimTime, bytes: usize) -> bool {
        let fits = bytes.saturating_add(self.packet_bytes) <= self.free;
        self.waiting.is_empty()
            && self.throttle.held_until <= now
            && (fits || (self.free >= self.capacity && self.capacity > 0))
    }

    /// A packet of this size leaves, where so many bytes a second may.
    #[inline]
    pub(super) fn gives(&mut self, now: SimTime, rate: Option<Rate>, bytes: usize) {
        if let Some(rate) = rate {
            self.throttle.sends(now, rate, bytes);
        }
        self.free = self.free.saturating_sub(bytes.saturating_add(self.packet_bytes));
    }

    /// A packet or a message of this size waits.
    pub(super) fn keeps(&mut self, bytes: usize) {
        self.waiting_bytes += bytes + self.packet_bytes;
    }

    /// It does not wait any more.
    pub(super) fn lets_go(&mut self, bytes: usize) {
        self.waiting_bytes = self.waiting_bytes.saturating_sub(bytes + self.packet_bytes);
    }

    /// Whether CONNACK waits for room, so that the client cannot have it.
    pub(super) fn connack_waits(&self) -> bool {
        self.waiting.front().is_some_and(|first| is_of(first, PacketType::Connack))
    }

    /// How many PUBACK wait for room, or leave late.
    pub(super) fn pubacks_waiting(&self) -> u16 {
        let pubacks = self.waiting.iter().filter(|waiting| is_of(waiting, PacketType::Puback));
        u16::try_from(pubacks.count() + self.late.len()).unwrap_or(u16::MAX)
    }

    /// The client identifier of its session, or else the one that it asks for.
    pub(super) fn client<'a>(&'a self, store: &'a Store) -> &'a str {
        self.session.and_then(|id| store.session(id)).map_or(&*self.asking, |session| &session.client)
    }

    /// The topic of a client's alias.
    pub(super) fn alias(&self, alias: u16) -> Option<&Text> {
        self.aliases.get(usize::from(alias).checked_sub(1)?)?.as_ref()
    }

    /// Sets a client's alias, which is in range.
    pub(super) fn set_alias(&mut self, alias: u16, topic: Text) {
        let Some(at) = usize::from(alias).checked_sub(1) else { return };
        if self.aliases.len() <= at {
            self.aliases.resize(at + 1, None);
        }
        self.aliases[at] = Some(topic);
    }
}
