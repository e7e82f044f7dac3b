//! CONNECT (3.1).

use super::part::Part;
use super::property::{self, Carrier};
use super::read::{Notes, Reader};
use super::write::{prefixed_len, put_prefixed, put_text, text_len};
use super::{Malformed, PacketType, Properties, QoS, ReasonCode, Text, Version, header};
use crate::rule::{v3, v5};
use bytes::{BufMut, Bytes, BytesMut};

/// The Will that a CONNECT carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Will {
    /// Where it is published.
    pub topic: Text,
    /// What is published.
    pub payload: Bytes,
    /// With which quality of service.
    pub qos: QoS,
    /// Whether it is retained.
    pub retain: bool,
    /// Its own properties (5.0), Will Delay Interval among them.
    pub properties: Properties,
}

/// The client requests a connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Connect {
    /// The version that the client asks for.
    pub version: Version,
    /// Clean Session (3.1.1), Clean Start (5.0).
    pub clean_start: bool,
    /// Seconds; 0 turns the mechanism off.
    pub keep_alive_s: u16,
    /// The client identifier, which may be empty.
    pub client_id: Text,
    /// The Will, if there is one.
    pub will: Option<Will>,
    /// The user name, if there is one.
    pub username: Option<Text>,
    /// The password, if there is one.
    pub password: Option<Bytes>,
    /// Properties (5.0).
    pub properties: Properties,
}

const RESERVED: u8 = 0x01;
const CLEAN_START: u8 = 0x02;
const WILL: u8 = 0x04;
const WILL_QOS_SHIFT: u8 = 3;
const WILL_RETAIN: u8 = 0x20;
const PASSWORD: u8 = 0x40;
const USER_NAME: u8 = 0x80;

/// The version that the bytes of a CONNECT announce; `None` where they announce none or are no CONNECT.
pub(super) fn announced(bytes: &[u8]) -> Option<Version> {
    if bytes.first()? >> 4 != PacketType::Connect as u8 {
        return None;
    }
    match bytes.get(header::read(bytes).ok()??.len..)? {
        [0, 4, b'M', b'Q', b'T', b'T', 4, ..] => Some(Version::V3),
        [0, 4, b'M', b'Q', b'T', b'T', 5, ..] => Some(Version::V5),
        _ => None,
    }
}

impl Connect {
    pub(super) fn read<N: Notes>(reader: &mut Reader<'_, N>) -> Result<Self, Malformed> {
        let version = read_version(reader)?;
        let at = reader.at;
        let flags = reader.u8(Part::ConnectFlags)?;
        check_flags(reader, flags, at)?;
        let keep_alive_s = reader.u16(Part::KeepAlive)?;
        let properties = match version {
            Version::V3 => Properties::NONE,
            Version::V5 => read_properties(reader)?,
        };
        let client_id = reader.text(Part::ClientIdentifier)?;
        let will = if flags & WILL == 0 { None } else { Some(Will::read(reader, flags)?) };
        let username = if flags & USER_NAME == 0 { None } else { Some(reader.text(Part::UserName)?) };
        let password = if flags & PASSWORD == 0 { None } else { Some(reader.binary(Part::Password)?) };
        let clean_start = flags & CLEAN_START != 0;
        Ok(Self { version, clean_start, keep_alive_s, client_id, will, username, password, properties })
    }

    pub(super) fn len(&self) -> u64 {
        let v5 = self.version == Version::V5;
        let properties = if v5 { property::len(&self.properties) } else { 0 };
        let will = self.will.as_ref().map_or(0, |will| {
            let properties = if v5 { property::len(&will.properties) } else { 0 };
            properties + text_len(&will.topic) + prefixed_len(will.payload.len())
        });
        let username = self.username.as_ref().map_or(0, text_len);
        let password = self.password.as_ref().map_or(0, |password| prefixed_len(password.len()));
        10 + properties + text_len(&self.client_id) + will + username + password
    }

    pub(super) fn write(&self, out: &mut BytesMut) {
        let v5 = self.version == Version::V5;
        out.extend_from_slice(&[0, 4, b'M', b'Q', b'T', b'T', if v5 { 5 } else { 4 }, self.flags()]);
        out.put_u16(self.keep_alive_s);
        if v5 {
            property::write(&self.properties, out);
        }
        put_text(out, &self.client_id);
        if let Some(will) = &self.will {
            if v5 {
                property::write(&will.properties, out);
            }
            put_text(out, &will.topic);
            put_prefixed(out, &will.payload);
        }
        if let Some(username) = &self.username {
            put_text(out, username);
        }
        if let Some(password) = &self.password {
            put_prefixed(out, password);
        }
    }

    fn flags(&self) -> u8 {
        let mut flags = 0;
        if self.clean_start {
            flags |= CLEAN_START;
        }
        if let Some(will) = &self.will {
            flags |= WILL | (will.qos as u8) << WILL_QOS_SHIFT;
            if will.retain {
                flags |= WILL_RETAIN;
            }
        }
        if self.username.is_some() {
            flags |= USER_NAME;
        }
        if self.password.is_some() {
            flags |= PASSWORD;
        }
        flags
    }
}

impl Will {
    fn read<N: Notes>(reader: &mut Reader<'_, N>, flags: u8) -> Result<Self, Malformed> {
        let properties = match reader.version {
            Version::V3 => Properties::NONE,
            Version::V5 => property::read(reader, Carrier::Will)?,
        };
        let at = reader.at;
        let (topic, has_wildcard) = reader.name(Part::WillTopic)?;
        if has_wildcard {
            let rule = reader.version.rule("MQTT-4.7.1-1", "MQTT-4.7.0-1");
            return reader.forbidden(
                rule,
                at,
                "The Will Topic holds + or #; wildcards are for Topic Filters only.",
            );
        }
        if topic.is_empty() {
            let rule = reader.version.rule("MQTT-4.7.3-1", "MQTT-4.7.3-1");
            return reader.forbidden(rule, at, "The Will Topic is empty; it has at least one character.");
        }
        let payload = reader.binary(Part::WillPayload)?;
        let qos = QoS::from_number(flags >> WILL_QOS_SHIFT & 3).unwrap_or_default();
        Ok(Self { topic, payload, qos, retain: flags & WILL_RETAIN != 0, properties })
    }
}

/// The Protocol Name and the version, which from here on decides.
fn read_version<N: Notes>(reader: &mut Reader<'_, N>) -> Result<Version, Malformed> {
    let unsupported = ReasonCode::UNSUPPORTED_PROTOCOL_VERSION;
    let at = reader.at;
    let name = reader.text(Part::ProtocolName)?;
    if &*name != "MQTT" {
        let rule = reader.version.rule("MQTT-3.1.2-1", "MQTT-3.1.2-1");
        return reader.refuse(
            unsupported,
            rule,
            at,
            "The Protocol Name is not MQTT; 3.1.1 and 5.0 both write MQTT.",
        );
    }
    let at = reader.at;
    let level = reader.u8(Part::ProtocolLevel)?;
    let what = "This protocol version is not supported; 4 (MQTT 3.1.1) and 5 (MQTT 5.0) are.";
    reader.version = match level {
        4 => Version::V3,
        5 => Version::V5,
        0..=3 => return reader.refuse(unsupported, v3("MQTT-3.1.2-2"), at, what),
        _ => return reader.refuse(unsupported, v5("MQTT-3.1.2-2"), at, what),
    };
    Ok(reader.version)
}

fn check_flags<N: Notes>(reader: &Reader<'_, N>, flags: u8, at: usize) -> Result<(), Malformed> {
    let version = reader.version;
    let will_qos = flags >> WILL_QOS_SHIFT & 3;
    if flags & RESERVED != 0 {
        let rule = version.rule("MQTT-3.1.2-3", "MQTT-3.1.2-3");
        return reader.malformed(rule, at, "The reserved bit 0 of the Connect Flags is set; it is 0.");
    }
    if flags & WILL == 0 && will_qos != 0 {
        let rule = version.rule("MQTT-3.1.2-13", "MQTT-3.1.2-11");
        return reader.malformed(
            rule,
            at,
            "The Will QoS is set without the Will Flag; without a Will it is 0.",
        );
    }
    if flags & WILL == 0 && flags & WILL_RETAIN != 0 {
        let rule = version.rule("MQTT-3.1.2-15", "MQTT-3.1.2-13");
        return reader.malformed(
            rule,
            at,
            "Will Retain is set without the Will Flag; without a Will it is 0.",
        );
    }
    if will_qos == 3 {
        let rule = version.rule("MQTT-3.1.2-14", "MQTT-3.1.2-12");
        return reader.malformed(rule, at, "The Will QoS is 3; it is 0, 1 or 2.");
    }
    if version == Version::V3 && flags & (USER_NAME | PASSWORD) == PASSWORD {
        let rule = v3("MQTT-3.1.2-22");
        return reader.malformed(
            rule,
            at,
            "The Password Flag is set without the User Name Flag; 3.1.1 wants both or the name alone.",
        );
    }
    Ok(())
}

fn read_properties<N: Notes>(reader: &mut Reader<'_, N>) -> Result<Properties, Malformed> {
    let at = reader.at;
    let properties = property::read(reader, Carrier::Packet(PacketType::Connect))?;
    if properties.authentication_data().is_some() && properties.authentication_method().is_none() {
        return reader.forbidden(
            None,
            at,
            "There is Authentication Data without an Authentication Method; it needs one.",
        );
    }
    Ok(properties)
}
