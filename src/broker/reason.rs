//! Reason Strings: why something failed, told to a 5.0 client in words.

use super::turn::Turn;
use super::{Broker, Cause, ConnId, Observer};
use crate::wire::{Packet, Properties, Property, Text, Version};

impl Broker {
    /// Sends a packet that says that something failed: with the reason, and with what else is to be told, where the client wants to
    /// read it ([MQTT-3.1.2-29]), and as much of it as fits into a packet so large as it takes (such as [MQTT-3.2.2-19], [MQTT-3.9.2-2]).
    pub(super) fn send_failure<O: Observer>(
        &mut self,
        turn: &mut Turn<'_, O>,
        conn: ConnId,
        mut packet: Packet,
        (why, more): (&str, Vec<Property>),
        cause: Cause,
    ) {
        let Some(connection) = self.live.connection(conn) else { return };
        let always = matches!(packet, Packet::Connack(_) | Packet::Disconnect(_));
        let largest = connection.packet_max_bytes;
        if connection.version == Version::V5 && (always || connection.problem_information) {
            let is_said = self.limits.packet_reason_string && !why.is_empty();
            let reason = is_said.then(|| Property::ReasonString(Text::from(why)));
            let before = properties(&mut packet).map_or(0, |properties| {
                let before = properties.0.len();
                reason.into_iter().chain(more).for_each(|property| properties.push(property));
                before
            });
            while packet.encoded_len(Version::V5).is_none_or(|bytes| bytes > largest)
                && let Some(properties) = properties(&mut packet).filter(|all| all.0.len() > before)
            {
                properties.0.pop();
            }
        }
        self.send_packet(turn, conn, &packet, cause);
    }

    /// What a User Property tells of a refused Topic Filter: SUBACK and UNSUBACK have one Reason String for all of them.
    pub(super) fn told_of_filter(&self, filter: &Text, why: &str) -> Option<Property> {
        let pair = || Property::UserProperty(filter.clone(), Text::from(why));
        self.limits.packet_user_properties.then(pair)
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
