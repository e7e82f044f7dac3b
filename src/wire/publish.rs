//! PUBLISH (3.3).

use super::part::Part;
use super::property::{self, Carrier};
use super::read::{Notes, Reader};
use super::write::{put_text, text_len};
use super::{Malformed, PacketType, Properties, QoS, Text, Version};
use bytes::{BufMut, Bytes, BytesMut};

/// An application message on its way.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Publish {
    /// Whether it may be a re-delivery.
    pub dup: bool,
    /// Its quality of service.
    pub qos: QoS,
    /// To be stored, or taken from the store.
    pub retain: bool,
    /// The Topic Name; empty where a topic alias stands for it (5.0).
    pub topic: Text,
    /// The Packet Identifier; 0 at QoS 0, and only there.
    pub id: u16,
    /// Properties (5.0).
    pub properties: Properties,
    /// The Application Message.
    pub payload: Bytes,
}

impl Publish {
    /// The flags of the fixed header are `flags`, which [`super::header`] has checked.
    #[inline]
    pub(super) fn read<N: Notes>(reader: &mut Reader<'_, N>, flags: u8) -> Result<Self, Malformed> {
        let version = reader.version;
        let qos = match flags & 6 {
            0 => QoS::AtMostOnce,
            2 => QoS::AtLeastOnce,
            _ => QoS::ExactlyOnce,
        };
        let at = reader.at;
        let (topic, has_wildcard) = reader.name(Part::TopicName)?;
        if has_wildcard {
            let rule = version.rule("MQTT-3.3.2-2", "MQTT-3.3.2-2");
            return reader.forbidden(
                rule,
                at,
                "The Topic Name holds + or #; wildcards are for Topic Filters only.",
            );
        }
        if topic.is_empty() && version == Version::V3 {
            let rule = crate::rule::v3("MQTT-4.7.3-1");
            return reader.forbidden(rule, at, "The Topic Name is empty; it has at least one character.");
        }
        let mut id = 0;
        if qos != QoS::AtMostOnce {
            let at = reader.at;
            id = reader.u16(Part::PacketIdentifier(PacketType::Publish))?;
            if id == 0 {
                let rule = version.rule("MQTT-2.3.1-1", "MQTT-2.2.1-3");
                return reader.forbidden(rule, at, "The Packet Identifier is 0; it goes from 1 to 65,535.");
            }
        }
        let mut properties = Properties::NONE;
        if version == Version::V5 {
            properties = property::read(reader, Carrier::Packet(PacketType::Publish))?;
            if topic.is_empty() && properties.topic_alias().is_none() {
                let rule = crate::rule::v5("MQTT-4.7.3-1");
                return reader.forbidden(
                    rule,
                    at,
                    "The Topic Name is empty and no Topic Alias stands for it.",
                );
            }
        }
        let payload = reader.rest(Part::Payload);
        Ok(Self { dup: flags & 8 != 0, qos, retain: flags & 1 != 0, topic, id, properties, payload })
    }

    /// The flags of the fixed header.
    #[inline]
    pub(super) const fn flags(&self) -> u8 {
        (self.dup as u8) << 3 | (self.qos as u8) << 1 | self.retain as u8
    }

    /// The length of everything after the fixed header but the payload.
    #[inline]
    pub(super) fn head_len(&self, version: Version) -> u64 {
        let id = if self.qos == QoS::AtMostOnce { 0 } else { 2 };
        let properties = if version == Version::V5 { property::len(&self.properties) } else { 0 };
        text_len(&self.topic) + id + properties
    }

    /// Everything after the fixed header but the payload.
    #[inline]
    pub(super) fn write_head(&self, version: Version, out: &mut BytesMut) {
        put_text(out, &self.topic);
        if self.qos != QoS::AtMostOnce {
            out.put_u16(self.id);
        }
        if version == Version::V5 {
            property::write(&self.properties, out);
        }
    }
}
