//! Packets and bytes: the fifteen control packets of MQTT 3.1.1 and 5.0, one packet a file.
//!
//! The way in: [`Splitter`] cuts a stream into whole packets, [`decode`] reads one. The way out: [`encode`], and for a
//! message that many receive [`encode_publish_head`], whose head is copied for each receiver, its Packet Identifier
//! written with [`patch_id`], and sent before the payload that all share. To look at: [`field_map`].
//!
//! **Strict.** What the specifications call malformed is refused as [`Malformed`]: the reason code, the statement, the
//! offset, a sentence. Where a specification names no code for a mistake, its definitions (1.2 in 5.0) decide: what cannot
//! be read, flags included, is a Malformed Packet; what can be read and is forbidden is a Protocol Error. The encoder asks
//! none of this, so that a client can be made to misbehave; [`Packet::check`] asks the decoder.
//!
//! **Shared.** Decoded text and payloads are slices of the bytes that came in; nothing is copied, and a PUBLISH without
//! properties is decoded without allocating. A slice keeps the whole chunk alive: a store that keeps small things for long
//! copies them.
//!
//! **One reader.** The decoder names every part that it reads; nobody listens while packets flow, and the compiler removes
//! it, but the field map listens. So the map and the decoder cannot disagree.
//!
//! **What the caller checks**, because it depends on more than the packet: who may send it
//! ([`PacketType::is_from_client`], [`PacketType::is_from_server`], [`ReasonCode::is_from_client`], no Subscription
//! Identifier in a client's PUBLISH [MQTT-3.3.4-6]), where wildcards stand in a Topic Filter, the negotiated limits, and
//! whether a payload is the UTF-8 that its indicator says it is.
//!
//! Choices where the specifications leave one, or contradict themselves:
//! - 3.1.1 does not ask for the shortest form of the Remaining Length, so a longer one is taken there; 5.0 asks.
//! - Control characters and non-characters in strings are taken; both versions permit refusing them.
//! - AUTH with Remaining Length 0 has a form (3.15.2.1) but no Authentication Method (3.15.2.2.2): refused.
//! - DISCONNECT with 0x8C is in table 2-6 and not in 3-13: taken.
//! - A No Local shared subscription is refused here, since 5.0 makes it a Protocol Error of the packet.

mod ack;
mod auth;
mod connack;
mod connect;
mod decode;
mod disconnect;
mod encode;
mod header;
mod map;
mod part;
mod property;
mod publish;
mod read;
mod reason;
mod split;
mod suback;
mod subscribe;
mod text;
mod unsubscribe;
mod write;

pub use ack::Ack;
pub use auth::Auth;
pub use connack::Connack;
pub use connect::{Connect, Will};
pub use decode::decode;
pub use disconnect::Disconnect;
pub use encode::{HeadOffsets, encode, encode_publish_head, patch_id};
pub use map::{Field, field_map, version_of};
pub use property::{Carrier, Form, PROPERTIES, Properties, Property, PropertyRow, PropertyValue};
pub use publish::Publish;
pub use reason::ReasonCode;
pub use split::Splitter;
pub use suback::{Suback, Unsuback};
pub use subscribe::{RetainHandling, Subscribe, SubscribeOptions, Subscription};
pub use text::Text;
pub use unsubscribe::Unsubscribe;

use crate::rule::RuleId;

/// The version of the protocol that a connection speaks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Version {
    /// MQTT 3.1.1, protocol level 4.
    V3,
    /// MQTT 5.0, protocol version 5.
    V5,
}

impl Version {
    /// The rule of this version: the first for 3.1.1, the second for 5.0.
    pub const fn rule(self, v3: &'static str, v5: &'static str) -> RuleId {
        match self {
            Self::V3 => crate::rule::v3(v3),
            Self::V5 => crate::rule::v5(v5),
        }
    }
}

/// The quality of service of a message or a subscription.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum QoS {
    /// At most once.
    #[default]
    AtMostOnce = 0,
    /// At least once.
    AtLeastOnce = 1,
    /// Exactly once.
    ExactlyOnce = 2,
}

impl QoS {
    /// The level of this number; `None` for 3 and above, which [MQTT-3.3.1-4] forbids.
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::AtMostOnce),
            1 => Some(Self::AtLeastOnce),
            2 => Some(Self::ExactlyOnce),
            _ => None,
        }
    }
}

/// The type of a control packet: the first four bits of its fixed header.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum PacketType {
    Connect = 1,
    Connack = 2,
    Publish = 3,
    Puback = 4,
    Pubrec = 5,
    Pubrel = 6,
    Pubcomp = 7,
    Subscribe = 8,
    Suback = 9,
    Unsubscribe = 10,
    Unsuback = 11,
    Pingreq = 12,
    Pingresp = 13,
    Disconnect = 14,
    Auth = 15,
}

impl PacketType {
    /// The name as the specifications print it, such as `PUBLISH`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "CONNECT",
            Self::Connack => "CONNACK",
            Self::Publish => "PUBLISH",
            Self::Puback => "PUBACK",
            Self::Pubrec => "PUBREC",
            Self::Pubrel => "PUBREL",
            Self::Pubcomp => "PUBCOMP",
            Self::Subscribe => "SUBSCRIBE",
            Self::Suback => "SUBACK",
            Self::Unsubscribe => "UNSUBSCRIBE",
            Self::Unsuback => "UNSUBACK",
            Self::Pingreq => "PINGREQ",
            Self::Pingresp => "PINGRESP",
            Self::Disconnect => "DISCONNECT",
            Self::Auth => "AUTH",
        }
    }

    /// The type of this number; `None` for 0 and above 15.
    pub const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Connect,
            2 => Self::Connack,
            3 => Self::Publish,
            4 => Self::Puback,
            5 => Self::Pubrec,
            6 => Self::Pubrel,
            7 => Self::Pubcomp,
            8 => Self::Subscribe,
            9 => Self::Suback,
            10 => Self::Unsubscribe,
            11 => Self::Unsuback,
            12 => Self::Pingreq,
            13 => Self::Pingresp,
            14 => Self::Disconnect,
            15 => Self::Auth,
            _ => return None,
        })
    }
}

/// One MQTT control packet.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Packet {
    Connect(Box<Connect>),
    Connack(Connack),
    Publish(Publish),
    Puback(Ack),
    Pubrec(Ack),
    Pubrel(Ack),
    Pubcomp(Ack),
    Subscribe(Subscribe),
    Suback(Suback),
    Unsubscribe(Unsubscribe),
    Unsuback(Unsuback),
    Pingreq,
    Pingresp,
    Disconnect(Disconnect),
    Auth(Auth),
}

/// Why bytes are no packet: what a receiver must know to answer as the specification says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Malformed {
    /// The reason that MQTT 5.0 names for it: Malformed Packet, Protocol Error, Packet Too Large, Unsupported Protocol Version, …
    pub code: ReasonCode,
    /// The statement that was broken, where one has a number.
    pub rule: Option<RuleId>,
    /// The offset in the packet, in bytes from its first, of what is wrong.
    pub offset: usize,
    /// What is wrong and what is allowed, as a sentence.
    pub what: &'static str,
}
