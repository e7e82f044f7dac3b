//! CONNACK (3.2).

use super::part::Part;
use super::property::{self, Carrier};
use super::read::{Notes, Reader};
use super::{Malformed, PacketType, Properties, ReasonCode, Version};
use bytes::{BufMut, BytesMut};

/// The server's answer to CONNECT.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Connack {
    /// Whether the server resumes a session that it held.
    pub session_present: bool,
    /// The Connect Reason Code, or 3.1.1's return code.
    pub code: ReasonCode,
    /// Properties (5.0).
    pub properties: Properties,
}

impl Connack {
    /// Whether the connection was accepted: code 0 in either version.
    pub const fn is_accepted(&self) -> bool {
        self.code.0 == 0
    }

    pub(super) fn read<N: Notes>(reader: &mut Reader<'_, N>) -> Result<Self, Malformed> {
        let version = reader.version;
        let at = reader.at;
        let flags = reader.u8(Part::AcknowledgeFlags)?;
        if flags > 1 {
            let rule = (version == Version::V5).then(|| crate::rule::v5("MQTT-3.2.2-1"));
            return reader.malformed(
                rule,
                at,
                "Reserved Connect Acknowledge Flags are set; bits 7 to 1 are 0.",
            );
        }
        let session_present = flags == 1;
        let code_at = reader.at;
        let code = ReasonCode(reader.u8(Part::Code(PacketType::Connack))?);
        if !code.is_listed(PacketType::Connack, version) {
            return match version {
                Version::V3 => reader.malformed(
                    None,
                    code_at,
                    "CONNACK has no such return code; 0 to 5 are defined, the rest reserved.",
                ),
                Version::V5 => reader.forbidden(
                    crate::rule::v5("MQTT-3.2.2-8"),
                    code_at,
                    "CONNACK has no such Reason Code; 3.2.2.2 lists them.",
                ),
            };
        }
        if session_present && code != ReasonCode::SUCCESS {
            let rule = version.rule("MQTT-3.2.2-4", "MQTT-3.2.2-6");
            return reader.forbidden(
                rule,
                at,
                "Session Present is 1 in a refusal; with a code other than 0 it is 0.",
            );
        }
        let properties = match version {
            Version::V3 => Properties::NONE,
            Version::V5 => property::read(reader, Carrier::Packet(PacketType::Connack))?,
        };
        Ok(Self { session_present, code, properties })
    }

    pub(super) fn len(&self, version: Version) -> u64 {
        match version {
            Version::V3 => 2,
            Version::V5 => 2 + property::len(&self.properties),
        }
    }

    pub(super) fn write(&self, version: Version, out: &mut BytesMut) {
        out.put_u8(u8::from(self.session_present));
        match version {
            Version::V3 => {
                out.put_u8(self.code.to_v3_connack().unwrap_or(ReasonCode::V3_SERVER_UNAVAILABLE).0);
            }
            Version::V5 => {
                out.put_u8(self.code.0);
                property::write(&self.properties, out);
            }
        }
    }
}
