//! AUTH (3.15), of 5.0 only.

use super::part::Part;
use super::property::{self, Carrier};
use super::read::{Notes, Reader};
use super::{Malformed, PacketType, Properties, ReasonCode, Version};
use crate::rule::v5;
use bytes::{BufMut, BytesMut};

/// A step of an enhanced authentication.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Auth {
    /// Success, Continue authentication or Re-authenticate.
    pub code: ReasonCode,
    /// Properties, Authentication Method among them.
    pub properties: Properties,
}

impl Auth {
    pub(super) fn read<N: Notes>(reader: &mut Reader<'_, N>) -> Result<Self, Malformed> {
        let start = reader.at;
        if reader.left() == 0 {
            return no_method(reader, start);
        }
        let code = ReasonCode(reader.u8(Part::Code(PacketType::Auth))?);
        if !code.is_listed(PacketType::Auth, Version::V5) {
            let rule = v5("MQTT-3.15.2-1");
            return reader.forbidden(
                rule,
                start,
                "AUTH has no such Reason Code; it has 0x00, 0x18 and 0x19.",
            );
        }
        let at = reader.at;
        let properties = property::read(reader, Carrier::Packet(PacketType::Auth))?;
        if properties.authentication_method().is_none() {
            return no_method(reader, at);
        }
        Ok(Self { code, properties })
    }

    pub(super) fn len(&self) -> u64 {
        if self.is_short() { 0 } else { 1 + property::len(&self.properties) }
    }

    pub(super) fn write(&self, out: &mut BytesMut) {
        if !self.is_short() {
            out.put_u8(self.code.0);
            property::write(&self.properties, out);
        }
    }

    const fn is_short(&self) -> bool {
        self.code.0 == 0 && self.properties.is_empty()
    }
}

/// 3.15.2.1 gives the form without any property a meaning, but 3.15.2.2.2 makes it an error to leave the method out.
#[cold]
fn no_method<T, N: Notes>(reader: &Reader<'_, N>, at: usize) -> Result<T, Malformed> {
    reader.forbidden(
        v5("MQTT-4.12.0-5"),
        at,
        "AUTH has no Authentication Method; every AUTH repeats the one of CONNECT.",
    )
}
