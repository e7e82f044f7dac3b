//! DISCONNECT (3.14).

use super::part::Part;
use super::property::{self, Carrier};
use super::read::{Notes, Reader};
use super::{Malformed, PacketType, Properties, ReasonCode, Version};
use bytes::{BufMut, BytesMut};

/// The last packet of a connection; in 3.1.1 only a client sends it, without a code.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Disconnect {
    /// The reason code; 0 (Normal disconnection) where none is on the wire.
    pub code: ReasonCode,
    /// Properties (5.0).
    pub properties: Properties,
}

impl Disconnect {
    /// A DISCONNECT with this code and no properties.
    pub const fn new(code: ReasonCode) -> Self {
        Self { code, properties: Properties::NONE }
    }

    pub(super) fn read<N: Notes>(reader: &mut Reader<'_, N>) -> Result<Self, Malformed> {
        if reader.left() == 0 || reader.version == Version::V3 {
            return Ok(Self::default());
        }
        let at = reader.at;
        let code = ReasonCode(reader.u8(Part::Code(PacketType::Disconnect))?);
        if !code.is_listed(PacketType::Disconnect, Version::V5) {
            let rule = crate::rule::v5("MQTT-3.14.2-1");
            return reader.forbidden(rule, at, "DISCONNECT has no such Reason Code; 3.14.2.1 lists them.");
        }
        let properties = match reader.left() {
            // With a Remaining Length below 2 there is no Property Length.
            0 => Properties::NONE,
            _ => property::read(reader, Carrier::Packet(PacketType::Disconnect))?,
        };
        Ok(Self { code, properties })
    }

    pub(super) fn len(&self, version: Version) -> u64 {
        match version {
            Version::V5 if !self.properties.is_empty() => 1 + property::len(&self.properties),
            Version::V5 if self.code != ReasonCode::NORMAL_DISCONNECTION => 1,
            _ => 0,
        }
    }

    pub(super) fn write(&self, version: Version, out: &mut BytesMut) {
        if self.len(version) > 0 {
            out.put_u8(self.code.0);
            if !self.properties.is_empty() {
                property::write(&self.properties, out);
            }
        }
    }
}
