//! From bytes to a packet.

use super::part::Part;
use super::read::{LONGER_THAN_NEEDED, Notes, Quiet, Reader};
use super::{
    Ack, Auth, Connack, Connect, Disconnect, Malformed, Packet, PacketType, Publish, ReasonCode, Suback,
    Subscribe, Unsuback, Unsubscribe, Version, connect, header,
};
use crate::rule::v5;
use bytes::Bytes;

/// Decodes one whole packet, as [`super::Splitter`] cuts them.
///
/// Text and payloads become slices of `bytes`. CONNECT announces its own version, and `version` then only says whose
/// statement an unreadable one breaks.
///
/// # Errors
/// What is wrong, with the code that MQTT 5.0 names for it, in either version.
#[inline]
pub fn decode(bytes: &Bytes, version: Version) -> Result<Packet, Malformed> {
    decode_noting(bytes, version, &mut Quiet)
}

/// The decoder, which tells `notes` of every field.
pub(super) fn decode_noting<N: Notes>(
    bytes: &Bytes,
    version: Version,
    notes: &mut N,
) -> Result<Packet, Malformed> {
    let Some(&first) = bytes.first() else {
        return refuse(0, "There is no byte at all; a packet has at least two.");
    };
    // The statements that a CONNECT breaks are those of the version that it announces.
    let version = match first >> 4 {
        1 => connect::announced(bytes).unwrap_or(version),
        _ => version,
    };
    let packet_type = header::packet_type(first, Some(version))?;
    let mut reader = Reader::new(bytes, version, notes);
    reader.take(1, Part::FixedHeader(packet_type), false);
    let Some(header) = header::read(bytes)? else {
        return refuse(bytes.len(), Part::RemainingLength.cut_short());
    };
    if !header.minimal && version == Version::V5 {
        return reader.malformed(v5("MQTT-1.5.5-1"), 1, LONGER_THAN_NEEDED);
    }
    reader.take(header.len, Part::RemainingLength, false);
    if header.total() != bytes.len() {
        return wrong_length(header.total(), bytes.len());
    }
    let packet = match packet_type {
        PacketType::Publish => Packet::Publish(Publish::read(&mut reader, first & 0x0F)?),
        PacketType::Puback => Packet::Puback(Ack::read(&mut reader, packet_type)?),
        PacketType::Pubrec => Packet::Pubrec(Ack::read(&mut reader, packet_type)?),
        PacketType::Pubrel => Packet::Pubrel(Ack::read(&mut reader, packet_type)?),
        PacketType::Pubcomp => Packet::Pubcomp(Ack::read(&mut reader, packet_type)?),
        PacketType::Connect => Packet::Connect(Box::new(Connect::read(&mut reader)?)),
        PacketType::Connack => Packet::Connack(Connack::read(&mut reader)?),
        PacketType::Subscribe => Packet::Subscribe(Subscribe::read(&mut reader)?),
        PacketType::Suback => Packet::Suback(Suback::read(&mut reader)?),
        PacketType::Unsubscribe => Packet::Unsubscribe(Unsubscribe::read(&mut reader)?),
        PacketType::Unsuback => Packet::Unsuback(Unsuback::read(&mut reader)?),
        PacketType::Pingreq => Packet::Pingreq,
        PacketType::Pingresp => Packet::Pingresp,
        PacketType::Disconnect => Packet::Disconnect(Disconnect::read(&mut reader)?),
        PacketType::Auth => Packet::Auth(Auth::read(&mut reader)?),
    };
    if reader.left() > 0 {
        return refuse(
            reader.at,
            "Bytes follow the packet's last field; the Remaining Length must count its fields only.",
        );
    }
    Ok(packet)
}

#[cold]
fn wrong_length(announced: usize, actual: usize) -> Result<Packet, Malformed> {
    if actual < announced {
        refuse(actual, "The packet ends before the Remaining Length says so.")
    } else {
        refuse(announced, "Bytes follow the packet that the Remaining Length announces.")
    }
}

#[cold]
fn refuse(offset: usize, what: &'static str) -> Result<Packet, Malformed> {
    Err(Malformed { code: ReasonCode::MALFORMED_PACKET, rule: None, offset, what })
}
