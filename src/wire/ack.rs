//! PUBACK, PUBREC, PUBREL, PUBCOMP (3.4 to 3.7), which share one form.

use super::part::Part;
use super::property::{self, Carrier};
use super::read::{Notes, Reader};
use super::{Malformed, PacketType, Properties, ReasonCode, Version};
use crate::rule::v5;
use bytes::{BufMut, BytesMut};

/// An acknowledgement of the QoS 1 or QoS 2 handshake.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ack {
    /// The Packet Identifier of the PUBLISH.
    pub id: u16,
    /// The reason code; 0 in 3.1.1, which has none on the wire.
    pub code: ReasonCode,
    /// Properties (5.0).
    pub properties: Properties,
}

impl Ack {
    /// An acknowledgement of success without properties.
    pub const fn new(id: u16) -> Self {
        Self { id, code: ReasonCode::SUCCESS, properties: Properties::NONE }
    }

    #[inline]
    pub(super) fn read<N: Notes>(
        reader: &mut Reader<'_, N>,
        packet_type: PacketType,
    ) -> Result<Self, Malformed> {
        let at = reader.at;
        let id = reader.u16(Part::PacketIdentifier(packet_type))?;
        if id == 0 {
            let rule = reader.version.rule("MQTT-2.3.1-6", "MQTT-2.2.1-5");
            return reader.forbidden(
                rule,
                at,
                "The Packet Identifier is 0; it repeats a PUBLISH's, which is never 0.",
            );
        }
        if reader.left() == 0 || reader.version == Version::V3 {
            return Ok(Self::new(id));
        }
        let at = reader.at;
        let code = ReasonCode(reader.u8(Part::Code(packet_type))?);
        if !code.is_listed(packet_type, Version::V5) {
            let (rule, what) = match packet_type {
                PacketType::Puback => {
                    (v5("MQTT-3.4.2-1"), "PUBACK has no such Reason Code; 3.4.2.1 lists them.")
                }
                PacketType::Pubrec => {
                    (v5("MQTT-3.5.2-1"), "PUBREC has no such Reason Code; 3.5.2.1 lists them.")
                }
                PacketType::Pubrel => {
                    (v5("MQTT-3.6.2-1"), "PUBREL has no such Reason Code; it has 0x00 and 0x92.")
                }
                _ => (v5("MQTT-3.7.2-1"), "PUBCOMP has no such Reason Code; it has 0x00 and 0x92."),
            };
            return reader.forbidden(rule, at, what);
        }
        let properties = match reader.left() {
            // With a Remaining Length below 4 there is no Property Length.
            0 => Properties::NONE,
            _ => property::read(reader, Carrier::Packet(packet_type))?,
        };
        Ok(Self { id, code, properties })
    }

    #[inline]
    pub(super) fn len(&self, version: Version) -> u64 {
        match version {
            Version::V5 if !self.properties.is_empty() => 3 + property::len(&self.properties),
            Version::V5 if self.code != ReasonCode::SUCCESS => 3,
            _ => 2,
        }
    }

    #[inline]
    pub(super) fn write(&self, version: Version, out: &mut BytesMut) {
        out.put_u16(self.id);
        if version == Version::V5 && (self.code != ReasonCode::SUCCESS || !self.properties.is_empty()) {
            out.put_u8(self.code.0);
            if !self.properties.is_empty() {
                property::write(&self.properties, out);
            }
        }
    }
}
