//! In how many units a packet is metered.

use crate::trace::EventRef;
use crate::wire::{Packet, Properties, Publish, Will};

/// The bytes of one unit [aws.metering.unit] [aws.metering.kilobyte].
pub(super) const UNIT_BYTES: usize = 5 * 1_024;

/// The bytes of one unit of a shadow operation [aws.metering.shadow-record].
const RECORD_UNIT_BYTES: usize = 1_024;

/// In how many units so many bytes are metered; none are one unit too.
fn units(bytes: usize, unit: usize) -> u32 {
    u32::try_from(bytes.div_ceil(unit).max(1)).unwrap_or(u32::MAX)
}

/// The units of a body of so many bytes.
pub(super) fn of_bytes(bytes: usize) -> u32 {
    units(bytes, UNIT_BYTES)
}

/// The units of an event's packet.
pub(super) fn of_packet(event: &EventRef<'_>) -> u32 {
    large(event, |packet, bytes| match packet {
        Packet::Publish(message) => publish_bytes(message),
        Packet::Subscribe(subscribe) => {
            let filters = subscribe.filters.iter().map(|filter| filter.filter.len()).sum::<usize>();
            filters + user_bytes(&subscribe.properties)
        }
        _ => bytes,
    })
}

/// The units of the Will in an event's CONNECT; none where it has none.
pub(super) fn of_will(event: &EventRef<'_>) -> u32 {
    large(event, |packet, _| match packet {
        Packet::Connect(connect) => connect.will.as_ref().map_or(0, will_bytes),
        _ => 0,
    })
}

/// The units of a shadow operation whose request is an event's PUBLISH.
pub(super) fn of_record(event: &EventRef<'_>) -> u32 {
    match event.decode() {
        Some(Ok(Packet::Publish(message))) => units(message.payload.len(), RECORD_UNIT_BYTES),
        _ => 1,
    }
}

/// The units of a packet, which is only read where it is larger than a unit: what is metered of it is never more than all of it.
fn large(event: &EventRef<'_>, metered: impl FnOnce(&Packet, usize) -> usize) -> u32 {
    let bytes = event.packet().map_or(0, |packet| packet.head.len() + packet.body.len());
    if bytes <= UNIT_BYTES {
        return 1;
    }
    match event.decode() {
        Some(Ok(packet)) => units(metered(&packet, bytes), UNIT_BYTES),
        _ => units(bytes, UNIT_BYTES),
    }
}

fn publish_bytes(message: &Publish) -> usize {
    message.topic.len() + message.payload.len() + message.properties.content_bytes()
}

fn will_bytes(will: &Will) -> usize {
    will.topic.len() + will.payload.len() + will.properties.content_bytes()
}

fn user_bytes(properties: &Properties) -> usize {
    properties.user_properties().map(|(name, value)| name.len() + value.len()).sum()
}
