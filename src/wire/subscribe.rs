//! SUBSCRIBE (3.8).

use super::part::Part;
use super::property::{self, Carrier};
use super::read::{Notes, Reader};
use super::write::{put_text, text_len};
use super::{Malformed, PacketType, Properties, QoS, Text, Version};
use crate::rule::{v3, v5};
use bytes::{BufMut, BytesMut};

/// When retained messages are sent for a subscription (5.0); 3.1.1 always behaves as `OnSubscribe`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum RetainHandling {
    /// At every SUBSCRIBE.
    #[default]
    OnSubscribe = 0,
    /// Only where the subscription did not exist.
    OnNewSubscription = 1,
    /// Never.
    Never = 2,
}

/// The Subscription Options of one Topic Filter; 3.1.1 has the QoS only.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SubscribeOptions {
    /// The maximum QoS at which the client wants messages.
    pub qos: QoS,
    /// Not back to the connection that published.
    pub no_local: bool,
    /// Keep the RETAIN flag as it was published.
    pub retain_as_published: bool,
    /// When to send retained messages.
    pub retain_handling: RetainHandling,
}

/// One Topic Filter of a SUBSCRIBE with its options.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Subscription {
    /// The Topic Filter, with its `$share/…/` prefix if it has one.
    pub filter: Text,
    /// Its options.
    pub options: SubscribeOptions,
}

/// The client subscribes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Subscribe {
    /// The Packet Identifier.
    pub id: u16,
    /// Properties (5.0).
    pub properties: Properties,
    /// At least one Topic Filter.
    pub filters: Vec<Subscription>,
}

impl SubscribeOptions {
    /// The byte after a Topic Filter; in 3.1.1 it holds the QoS only.
    pub const fn to_byte(self, version: Version) -> u8 {
        match version {
            Version::V3 => self.qos as u8,
            Version::V5 => {
                self.qos as u8
                    | (self.no_local as u8) << 2
                    | (self.retain_as_published as u8) << 3
                    | (self.retain_handling as u8) << 4
            }
        }
    }

    fn read<N: Notes>(reader: &mut Reader<'_, N>, filter: &Text) -> Result<Self, Malformed> {
        let at = reader.at;
        let byte = reader.u8(Part::SubscriptionOptions)?;
        if reader.version == Version::V3 {
            return match QoS::from_number(byte) {
                Some(qos) => Ok(Self { qos, ..Self::default() }),
                None if byte == 3 => {
                    reader.malformed(v3("MQTT-3.8.3-4"), at, "The requested QoS is 3; it is 0, 1 or 2.")
                }
                None => reader.malformed(
                    v3("MQTT-3.8.3-4"),
                    at,
                    "Reserved bits are set in the byte of the requested QoS; its upper six bits are 0.",
                ),
            };
        }
        if byte & 0xC0 != 0 {
            return reader.malformed(
                v5("MQTT-3.8.3-5"),
                at,
                "Reserved bits of the Subscription Options are set; bits 7 and 6 are 0.",
            );
        }
        let Some(qos) = QoS::from_number(byte & 3) else {
            return reader.forbidden(
                None,
                at,
                "The Maximum QoS of the Subscription Options is 3; it is 0, 1 or 2.",
            );
        };
        let retain_handling = match byte >> 4 {
            0 => RetainHandling::OnSubscribe,
            1 => RetainHandling::OnNewSubscription,
            2 => RetainHandling::Never,
            _ => return reader.forbidden(None, at, "Retain Handling is 3; it is 0, 1 or 2."),
        };
        let no_local = byte & 4 != 0;
        if no_local && filter.starts_with("$share/") {
            return reader.forbidden(
                v5("MQTT-3.8.3-4"),
                at,
                "No Local is 1 on a shared subscription; there it is 0.",
            );
        }
        Ok(Self { qos, no_local, retain_as_published: byte & 8 != 0, retain_handling })
    }
}

impl Subscribe {
    pub(super) fn read<N: Notes>(reader: &mut Reader<'_, N>) -> Result<Self, Malformed> {
        let (id, properties) = read_head(reader, PacketType::Subscribe)?;
        let mut filters = Vec::new();
        while reader.left() > 0 {
            let filter = read_filter(reader, PacketType::Subscribe)?;
            let options = SubscribeOptions::read(reader, &filter)?;
            filters.push(Subscription { filter, options });
        }
        if filters.is_empty() {
            let rule = reader.version.rule("MQTT-3.8.3-3", "MQTT-3.8.3-2");
            return reader.forbidden(rule, reader.at, "SUBSCRIBE has no Topic Filter; it has at least one.");
        }
        Ok(Self { id, properties, filters })
    }

    pub(super) fn len(&self, version: Version) -> u64 {
        let properties = if version == Version::V5 { property::len(&self.properties) } else { 0 };
        2 + properties + self.filters.iter().map(|one| text_len(&one.filter) + 1).sum::<u64>()
    }

    pub(super) fn write(&self, version: Version, out: &mut BytesMut) {
        out.put_u16(self.id);
        if version == Version::V5 {
            property::write(&self.properties, out);
        }
        for one in &self.filters {
            put_text(out, &one.filter);
            out.put_u8(one.options.to_byte(version));
        }
    }
}

/// The Packet Identifier and the properties of SUBSCRIBE and UNSUBSCRIBE.
pub(super) fn read_head<N: Notes>(
    reader: &mut Reader<'_, N>,
    packet_type: PacketType,
) -> Result<(u16, Properties), Malformed> {
    let at = reader.at;
    let id = reader.u16(Part::PacketIdentifier(packet_type))?;
    if id == 0 {
        let rule = reader.version.rule("MQTT-2.3.1-1", "MQTT-2.2.1-3");
        return reader.forbidden(rule, at, "The Packet Identifier is 0; it goes from 1 to 65,535.");
    }
    let properties = match reader.version {
        Version::V3 => Properties::NONE,
        Version::V5 => property::read(reader, Carrier::Packet(packet_type))?,
    };
    Ok((id, properties))
}

/// A Topic Filter; where its wildcards stand is for the subscription tree's floor to check.
pub(super) fn read_filter<N: Notes>(
    reader: &mut Reader<'_, N>,
    packet_type: PacketType,
) -> Result<Text, Malformed> {
    let at = reader.at;
    let filter = reader.text(Part::TopicFilter(packet_type))?;
    if filter.is_empty() {
        let rule = reader.version.rule("MQTT-4.7.3-1", "MQTT-4.7.3-1");
        return reader.forbidden(rule, at, "A Topic Filter is empty; it has at least one character.");
    }
    Ok(filter)
}
