//! From a packet to bytes.

use super::write::{MOST, put_variable, text_len, variable_len};
use super::{Malformed, Packet, PacketType, Publish, QoS, ReasonCode, Version, decode};
use bytes::{BufMut, BytesMut};

/// Appends the packet's bytes to `out`.
///
/// What 3.1.1 has no form for (properties, most codes, subscription options) is left out there; CONNECT is written in
/// the version that it asks for. Whether the values are allowed is not asked: [`Packet::check`] does that.
///
/// A packet that has no form at all is not written, and the answer is `false`: a string or binary data above 65,535
/// bytes, a Remaining Length above 268,435,455, AUTH in 3.1.1.
pub fn encode(packet: &Packet, version: Version, out: &mut BytesMut) -> bool {
    if let Packet::Publish(publish) = packet {
        let written = encode_publish_head(publish, publish.payload.len(), version, out).is_some();
        if written {
            out.extend_from_slice(&publish.payload);
        }
        return written;
    }
    if version == Version::V3 && matches!(packet, Packet::Auth(_)) {
        return false;
    }
    let length = packet.len(version);
    if length > MOST {
        return false;
    }
    let packet_type = packet.packet_type();
    out.reserve(length as usize + 5);
    out.put_u8((packet_type as u8) << 4 | packet_type.flags());
    put_variable(out, length);
    match packet {
        Packet::Connect(connect) => connect.write(out),
        Packet::Connack(connack) => connack.write(version, out),
        Packet::Puback(ack) | Packet::Pubrec(ack) | Packet::Pubrel(ack) | Packet::Pubcomp(ack) => {
            ack.write(version, out);
        }
        Packet::Subscribe(subscribe) => subscribe.write(version, out),
        Packet::Suback(suback) => suback.write(version, out),
        Packet::Unsubscribe(unsubscribe) => unsubscribe.write(version, out),
        Packet::Unsuback(unsuback) => unsuback.write(version, out),
        Packet::Disconnect(disconnect) => disconnect.write(version, out),
        Packet::Auth(auth) => auth.write(out),
        Packet::Publish(_) | Packet::Pingreq | Packet::Pingresp => {}
    }
    true
}

/// Where in a PUBLISH's head a field stands that differs from one receiver to the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HeadOffsets {
    /// The length of the head in bytes.
    pub len: usize,
    /// The offset of the Packet Identifier from the head's first byte; at QoS 0 there is none.
    pub id: Option<usize>,
}

/// Appends a PUBLISH up to its payload, of which only the length is needed, so that all receivers share the payload.
///
/// `None`, and nothing written, where the packet has no form; see [`encode`].
#[inline]
pub fn encode_publish_head(
    publish: &Publish,
    payload_len: usize,
    version: Version,
    out: &mut BytesMut,
) -> Option<HeadOffsets> {
    let head = publish.head_len(version);
    let length = head + payload_len as u64;
    if length > MOST {
        return None;
    }
    out.reserve(head as usize + 5);
    let start = out.len();
    out.put_u8((PacketType::Publish as u8) << 4 | publish.flags());
    put_variable(out, length);
    let id = (publish.qos != QoS::AtMostOnce).then(|| out.len() - start + text_len(&publish.topic) as usize);
    publish.write_head(version, out);
    Some(HeadOffsets { len: out.len() - start, id })
}

/// Writes a Packet Identifier at the offset that [`HeadOffsets::id`] gave, so that one head, copied, serves many receivers.
///
/// Outside the head it does nothing.
#[inline]
pub fn patch_id(head: &mut [u8], offset: usize, id: u16) {
    if let Some(place) = head.get_mut(offset..).and_then(|rest| rest.first_chunk_mut()) {
        *place = id.to_be_bytes();
    }
}

impl Packet {
    /// The packet's type.
    pub const fn packet_type(&self) -> PacketType {
        match self {
            Self::Connect(_) => PacketType::Connect,
            Self::Connack(_) => PacketType::Connack,
            Self::Publish(_) => PacketType::Publish,
            Self::Puback(_) => PacketType::Puback,
            Self::Pubrec(_) => PacketType::Pubrec,
            Self::Pubrel(_) => PacketType::Pubrel,
            Self::Pubcomp(_) => PacketType::Pubcomp,
            Self::Subscribe(_) => PacketType::Subscribe,
            Self::Suback(_) => PacketType::Suback,
            Self::Unsubscribe(_) => PacketType::Unsubscribe,
            Self::Unsuback(_) => PacketType::Unsuback,
            Self::Pingreq => PacketType::Pingreq,
            Self::Pingresp => PacketType::Pingresp,
            Self::Disconnect(_) => PacketType::Disconnect,
            Self::Auth(_) => PacketType::Auth,
        }
    }

    /// Whether a receiver would take the packet, by the decoder's own rules.
    ///
    /// # Errors
    /// What the receiver would say; [`ReasonCode::PACKET_TOO_LARGE`] where the packet cannot even be written.
    pub fn check(&self, version: Version) -> Result<(), Malformed> {
        let mut out = BytesMut::new();
        if !encode(self, version, &mut out) {
            let what = match self {
                Self::Auth(_) if version == Version::V3 => "MQTT 3.1.1 has no AUTH.",
                _ => {
                    "A string or binary data has more than 65,535 bytes, or the packet more than 268,435,455."
                }
            };
            return Err(Malformed { code: ReasonCode::PACKET_TOO_LARGE, rule: None, offset: 0, what });
        }
        decode(&out.freeze(), version).map(|_| ())
    }

    /// The number of bytes that [`encode`] would write; `None` where it would write nothing.
    pub fn encoded_len(&self, version: Version) -> Option<usize> {
        let length = self.len(version);
        let has_form = length <= MOST && !(version == Version::V3 && matches!(self, Self::Auth(_)));
        has_form.then(|| (1 + variable_len(length) + length) as usize)
    }

    /// The Remaining Length; above [`MOST`] where it has no form.
    fn len(&self, version: Version) -> u64 {
        match self {
            Self::Connect(connect) => connect.len(),
            Self::Connack(connack) => connack.len(version),
            Self::Publish(publish) => publish.head_len(version) + publish.payload.len() as u64,
            Self::Puback(ack) | Self::Pubrec(ack) | Self::Pubrel(ack) | Self::Pubcomp(ack) => {
                ack.len(version)
            }
            Self::Subscribe(subscribe) => subscribe.len(version),
            Self::Suback(suback) => suback.len(version),
            Self::Unsubscribe(unsubscribe) => unsubscribe.len(version),
            Self::Unsuback(unsuback) => unsuback.len(version),
            Self::Disconnect(disconnect) => disconnect.len(version),
            Self::Auth(auth) => auth.len(),
            Self::Pingreq | Self::Pingresp => 0,
        }
    }
}
