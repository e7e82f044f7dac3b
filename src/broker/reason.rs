//! Reason Strings: why something failed, told to a 5.0 client in words.

use super::turn::Turn;
use super::{Broker, Cause, ConnId, Observer};
use crate::wire::{Packet, Properties, Property, Text, Version};

impl Broker {
    /// Sends a packet that says that something failed, with the reason where the client wants to read it ([MQTT-3.1.2-29]) and
    /// takes a packet so large (such as [MQTT-3.2.2-19]).
    pub(super) fn send_failure<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        mut packet: Packet,
        why: &str,
        cause: Cause,
    ) {
        let Some(connection) = self.live.connection(conn) else { return };
        let always = matches!(packet, Packet::Connack(_) | Packet::Disconnect(_));
        let wanted = self.limits.packet_reason_string && (always || connection.problem_information);
        let largest = connection.packet_max_bytes;
        if wanted && connection.version == Version::V5 && !why.is_empty() {
            add(&mut packet, Property::ReasonString(Text::from(why)));
            if packet.encoded_len(Version::V5).is_none_or(|bytes| bytes > largest)
                && let Some(properties) = properties(&mut packet)
            {
                properties.0.pop();
            }
        }
        self.send_packet(turn, conn, &packet, cause);
    }
}

fn add(packet: &mut Packet, property: Property) {
    if let Some(properties) = properties(packet) {
        properties.push(property);
    }
}

fn properties(packet: &mut Packet) -> Option<&mut Properties> {
    Some(match packet {
        Packet::Connack(packet) => &mut packet.properties,
        Packet::Puback(packet) | Packet::Pubrec(packet) => &mut packet.properties,
        Packet::Suback(packet) => &mut packet.properties,
        Packet::Unsuback(packet) => &mut packet.properties,
        Packet::Disconnect(packet) => &mut packet.properties,
        _ => return None,
    })
}
