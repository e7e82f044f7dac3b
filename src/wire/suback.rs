//! SUBACK (3.9) and UNSUBACK (3.11).

use super::part::Part;
use super::property::{self, Carrier};
use super::read::{Notes, Reader};
use super::{Malformed, PacketType, Properties, ReasonCode, Version};
use crate::rule::{RuleId, v5};
use bytes::{BufMut, BytesMut};

/// The server's answer to SUBSCRIBE: one code a Topic Filter.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Suback {
    /// The Packet Identifier of the SUBSCRIBE.
    pub id: u16,
    /// Properties (5.0).
    pub properties: Properties,
    /// One code a Topic Filter, in their order.
    pub codes: Vec<ReasonCode>,
}

/// The server's answer to UNSUBSCRIBE: in 5.0 one code a Topic Filter, in 3.1.1 none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Unsuback {
    /// The Packet Identifier of the UNSUBSCRIBE.
    pub id: u16,
    /// Properties (5.0).
    pub properties: Properties,
    /// One code a Topic Filter, in their order; empty in 3.1.1.
    pub codes: Vec<ReasonCode>,
}

impl Suback {
    pub(super) fn read<N: Notes>(reader: &mut Reader<'_, N>) -> Result<Self, Malformed> {
        let (id, properties) = read_head(reader, PacketType::Suback)?;
        let rule = reader.version.rule("MQTT-3.9.3-2", "MQTT-3.9.3-2");
        let what = match reader.version {
            Version::V3 => "SUBACK has no such return code; it has 0x00, 0x01, 0x02 and 0x80.",
            Version::V5 => "SUBACK has no such Reason Code; 3.9.3 lists them.",
        };
        let codes = read_codes(reader, PacketType::Suback, rule, what)?;
        if codes.is_empty() {
            let rule = reader.version.rule("MQTT-3.8.4-5", "MQTT-3.8.4-6");
            return reader.forbidden(
                rule,
                reader.at,
                "SUBACK has no code; it has one for each Topic Filter.",
            );
        }
        Ok(Self { id, properties, codes })
    }

    pub(super) fn len(&self, version: Version) -> u64 {
        let properties = if version == Version::V5 { property::len(&self.properties) } else { 0 };
        2 + properties + self.codes.len() as u64
    }

    pub(super) fn write(&self, version: Version, out: &mut BytesMut) {
        out.put_u16(self.id);
        if version == Version::V5 {
            property::write(&self.properties, out);
        }
        for code in &self.codes {
            // 3.1.1 knows one failure ([3.1.1 MQTT-3.9.3-2]).
            let failed = version == Version::V3 && code.is_failure();
            out.put_u8(if failed { ReasonCode::V3_FAILURE.0 } else { code.0 });
        }
    }
}

impl Unsuback {
    pub(super) fn read<N: Notes>(reader: &mut Reader<'_, N>) -> Result<Self, Malformed> {
        let (id, properties) = read_head(reader, PacketType::Unsuback)?;
        if reader.version == Version::V3 {
            return Ok(Self { id, properties, codes: Vec::new() });
        }
        let what = "UNSUBACK has no such Reason Code; 3.11.3 lists them.";
        let codes = read_codes(reader, PacketType::Unsuback, v5("MQTT-3.11.3-2"), what)?;
        if codes.is_empty() {
            let rule = v5("MQTT-3.11.3-1");
            return reader.forbidden(
                rule,
                reader.at,
                "UNSUBACK has no code; it has one for each Topic Filter.",
            );
        }
        Ok(Self { id, properties, codes })
    }

    pub(super) fn len(&self, version: Version) -> u64 {
        match version {
            Version::V3 => 2,
            Version::V5 => 2 + property::len(&self.properties) + self.codes.len() as u64,
        }
    }

    pub(super) fn write(&self, version: Version, out: &mut BytesMut) {
        out.put_u16(self.id);
        if version == Version::V5 {
            property::write(&self.properties, out);
            for code in &self.codes {
                out.put_u8(code.0);
            }
        }
    }
}

fn read_head<N: Notes>(
    reader: &mut Reader<'_, N>,
    packet_type: PacketType,
) -> Result<(u16, Properties), Malformed> {
    let at = reader.at;
    let id = reader.u16(Part::PacketIdentifier(packet_type))?;
    if id == 0 {
        let rule = reader.version.rule("MQTT-2.3.1-7", "MQTT-2.2.1-6");
        return reader.forbidden(
            rule,
            at,
            "The Packet Identifier is 0; it repeats the request's, which is never 0.",
        );
    }
    let properties = match reader.version {
        Version::V3 => Properties::NONE,
        Version::V5 => property::read(reader, Carrier::Packet(packet_type))?,
    };
    Ok((id, properties))
}

fn read_codes<N: Notes>(
    reader: &mut Reader<'_, N>,
    packet_type: PacketType,
    rule: RuleId,
    what: &'static str,
) -> Result<Vec<ReasonCode>, Malformed> {
    let mut codes = Vec::with_capacity(reader.left());
    while reader.left() > 0 {
        let at = reader.at;
        let code = ReasonCode(reader.u8(Part::Code(packet_type))?);
        if !code.is_listed(packet_type, reader.version) {
            return reader.forbidden(rule, at, what);
        }
        codes.push(code);
    }
    Ok(codes)
}
