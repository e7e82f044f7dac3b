//! The fixed header (2.2 in 3.1.1, 2.1 in 5.0): type, flags and Remaining Length.

use super::{Malformed, PacketType, ReasonCode, Version};
use crate::rule::RuleId;

/// A fixed header that was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Header {
    /// Its own length in bytes, 2 to 5.
    pub(super) len: usize,
    /// How many bytes follow it.
    pub(super) remaining: usize,
    /// Whether the Remaining Length is written with as few bytes as it can be.
    pub(super) minimal: bool,
}

impl Header {
    /// The length of the packet with its header.
    pub(super) const fn total(&self) -> usize {
        self.len + self.remaining
    }
}

/// The length of the packet that begins here; `None` where more bytes are needed to say.
#[inline]
pub(super) fn read(bytes: &[u8]) -> Result<Option<Header>, Malformed> {
    let mut remaining = 0;
    for index in 0..4 {
        let Some(&byte) = bytes.get(1 + index) else { return Ok(None) };
        remaining |= usize::from(byte & 0x7F) << (7 * index);
        if byte & 0x80 == 0 {
            return Ok(Some(Header { len: index + 2, remaining, minimal: index == 0 || byte != 0 }));
        }
    }
    Err(Malformed {
        code: ReasonCode::MALFORMED_PACKET,
        rule: None,
        offset: 1,
        what: "The Remaining Length has more than four bytes; four is the most.",
    })
}

/// The type in a packet's first byte, whose flags must be those of the type.
///
/// The version decides whether type 15 exists and which statement is named; where it is not known yet, 15 passes and the
/// statements are 3.1.1's.
#[inline]
pub(super) fn packet_type(first: u8, version: Option<Version>) -> Result<PacketType, Malformed> {
    match LAWFUL[usize::from(first)] {
        Some(PacketType::Auth) if version == Some(Version::V3) => refuse_type(),
        Some(packet_type) => Ok(packet_type),
        None => refuse(first, version.unwrap_or(Version::V3)),
    }
}

/// The type that each first byte gives; `None` where the type or its flags are impossible.
static LAWFUL: [Option<PacketType>; 256] = {
    let mut lawful = [None; 256];
    let mut first = 0;
    while first < 256 {
        let flags = first as u8 & 0x0F;
        lawful[first] = match PacketType::from_number((first >> 4) as u8) {
            // QoS 3, and DUP at QoS 0.
            Some(PacketType::Publish) if flags & 0b0110 == 0b0110 || flags & 0b1110 == 0b1000 => None,
            Some(PacketType::Publish) => Some(PacketType::Publish),
            Some(packet_type) if flags == packet_type.flags() => Some(packet_type),
            _ => None,
        };
        first += 1;
    }
    lawful
};

impl PacketType {
    /// The flags of the fixed header that every packet of the type has; PUBLISH's vary.
    pub const fn flags(self) -> u8 {
        match self {
            Self::Pubrel | Self::Subscribe | Self::Unsubscribe => 0b0010,
            _ => 0,
        }
    }

    /// Whether clients send packets of this type (table 2.1 in 3.1.1, 2-1 in 5.0).
    pub const fn is_from_client(self, version: Version) -> bool {
        !matches!(
            (self, version),
            (Self::Connack | Self::Suback | Self::Unsuback | Self::Pingresp, _) | (Self::Auth, Version::V3)
        )
    }

    /// Whether servers send packets of this type; DISCONNECT and AUTH in 5.0 only.
    pub const fn is_from_server(self, version: Version) -> bool {
        !matches!(
            (self, version),
            (Self::Connect | Self::Subscribe | Self::Unsubscribe | Self::Pingreq, _)
                | (Self::Disconnect | Self::Auth, Version::V3)
        )
    }
}

#[cold]
fn refuse_type() -> Result<PacketType, Malformed> {
    let what = "There is no such packet type; 3.1.1 has 1 to 14, 5.0 has 1 to 15.";
    Err(Malformed { code: ReasonCode::MALFORMED_PACKET, rule: None, offset: 0, what })
}

#[cold]
fn refuse(first: u8, version: Version) -> Result<PacketType, Malformed> {
    let flags = first & 0x0F;
    let Some(packet_type) = PacketType::from_number(first >> 4) else { return refuse_type() };
    let (rule, what): (RuleId, _) = match packet_type {
        PacketType::Publish if flags & 0b0110 == 0b0110 => {
            (version.rule("MQTT-3.3.1-4", "MQTT-3.3.1-4"), "PUBLISH has QoS 3; QoS is 0, 1 or 2.")
        }
        PacketType::Publish => {
            (version.rule("MQTT-3.3.1-2", "MQTT-3.3.1-2"), "PUBLISH has DUP 1 at QoS 0, where DUP is 0.")
        }
        PacketType::Pubrel => (version.rule("MQTT-3.6.1-1", "MQTT-3.6.1-1"), "PUBREL's flags are not 0010."),
        PacketType::Subscribe => {
            (version.rule("MQTT-3.8.1-1", "MQTT-3.8.1-1"), "SUBSCRIBE's flags are not 0010.")
        }
        PacketType::Unsubscribe => {
            (version.rule("MQTT-3.10.1-1", "MQTT-3.10.1-1"), "UNSUBSCRIBE's flags are not 0010.")
        }
        PacketType::Disconnect => {
            (version.rule("MQTT-3.14.1-1", "MQTT-3.14.1-1"), "DISCONNECT's flags are not 0000.")
        }
        PacketType::Auth if version == Version::V3 => return refuse_type(),
        PacketType::Auth => (crate::rule::v5("MQTT-3.15.1-1"), "AUTH's flags are not 0000."),
        _ => (version.rule("MQTT-2.2.2-2", "MQTT-2.1.3-1"), "This packet type's flags are not 0000."),
    };
    Err(Malformed { code: ReasonCode::MALFORMED_PACKET, rule: Some(rule), offset: 0, what })
}
