//! A packet's own fields in an event's JSON line.

use super::json::Object;
use crate::broker::PacketBytes;
use crate::wire::PacketType;

/// Writes the fields; says whether `topic` was among them.
pub(super) fn write_packet(object: &mut Object<'_>, packet: &PacketBytes<'_>) -> bool {
    let first = packet.head.first().map_or(0, |first| first >> 4);
    object.text("packet", PacketType::from_number(first).map_or("reserved", PacketType::name));
    object.number("bytes", (packet.head.len() + packet.body.len()) as u64);
    false
}
