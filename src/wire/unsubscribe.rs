//! UNSUBSCRIBE (3.10).

use super::property;
use super::read::{Notes, Reader};
use super::subscribe::{read_filter, read_head};
use super::write::{put_text, text_len};
use super::{Malformed, PacketType, Properties, Text, Version};
use bytes::{BufMut, BytesMut};

/// The client unsubscribes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Unsubscribe {
    /// The Packet Identifier.
    pub id: u16,
    /// Properties (5.0).
    pub properties: Properties,
    /// At least one Topic Filter.
    pub filters: Vec<Text>,
}

impl Unsubscribe {
    pub(super) fn read<N: Notes>(reader: &mut Reader<'_, N>) -> Result<Self, Malformed> {
        let (id, properties) = read_head(reader, PacketType::Unsubscribe)?;
        let mut filters = Vec::new();
        while reader.left() > 0 {
            filters.push(read_filter(reader, PacketType::Unsubscribe)?);
        }
        if filters.is_empty() {
            let rule = reader.version.rule("MQTT-3.10.3-2", "MQTT-3.10.3-2");
            return reader.forbidden(
                rule,
                reader.at,
                "UNSUBSCRIBE has no Topic Filter; it has at least one.",
            );
        }
        Ok(Self { id, properties, filters })
    }

    pub(super) fn len(&self, version: Version) -> u64 {
        let properties = if version == Version::V5 { property::len(&self.properties) } else { 0 };
        2 + properties + self.filters.iter().map(text_len).sum::<u64>()
    }

    pub(super) fn write(&self, version: Version, out: &mut BytesMut) {
        out.put_u16(self.id);
        if version == Version::V5 {
            property::write(&self.properties, out);
        }
        for filter in &self.filters {
            put_text(out, filter);
        }
    }
}
