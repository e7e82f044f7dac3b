//! Reading properties.

use super::super::part::Part;
use super::super::read::{Notes, Reader};
use super::super::{Malformed, ReasonCode};
use super::{Carrier, Properties, Property, row_of};
use crate::rule::v5;

/// Properties with their length before them; none, and nothing read, in 3.1.1's packets is the caller's choice.
#[inline]
pub(in crate::wire) fn read<N: Notes>(
    reader: &mut Reader<'_, N>,
    carrier: Carrier,
) -> Result<Properties, Malformed> {
    if reader.bytes.get(reader.at) == Some(&0) {
        reader.take(reader.at + 1, Part::PropertyLength(carrier), false);
        return Ok(Properties::NONE);
    }
    read_some(reader, carrier)
}

fn read_some<N: Notes>(reader: &mut Reader<'_, N>, carrier: Carrier) -> Result<Properties, Malformed> {
    let start = reader.at;
    let length = reader.variable(Part::PropertyLength(carrier))? as usize;
    let whole = reader.bytes;
    let Some(bytes) = whole.get(..reader.at + length) else {
        return reader.malformed(None, start, "The Property Length goes past the end of the packet.");
    };
    reader.bytes = bytes;
    let mut properties = Vec::new();
    let mut seen = 0_u64;
    while reader.left() > 0 {
        properties.push(read_one(reader, carrier, &mut seen)?);
    }
    reader.bytes = whole;
    Ok(Properties(properties))
}

fn read_one<N: Notes>(
    reader: &mut Reader<'_, N>,
    carrier: Carrier,
    seen: &mut u64,
) -> Result<Property, Malformed> {
    let start = reader.at;
    let number = reader.variable(Part::PropertyIdentifier)?;
    let Some(row) = row_of(number) else {
        return reader.malformed(
            None,
            start,
            "There is no property of this identifier; table 2-4 lists them.",
        );
    };
    let id = row.id;
    if carrier.clause(id).is_none() {
        return reader.malformed(
            None,
            start,
            "This property may not stand in this packet; table 2-4 says where it may.",
        );
    }
    let bit = 1_u64 << (id & 63);
    let repeats = id == 0x26 || (id == 0x0B && carrier == Carrier::Packet(super::super::PacketType::Publish));
    if *seen & bit != 0 && !repeats {
        return reader.forbidden(None, start, "This property stands twice in the packet; it may stand once.");
    }
    *seen |= bit;
    let at = reader.at;
    let part = Part::Property(carrier, id);
    let property = match id {
        0x01 => Property::PayloadFormatIndicator(flag(reader, part)?),
        0x02 => Property::MessageExpiryInterval(reader.u32(part)?),
        0x03 => Property::ContentType(reader.text(part)?),
        0x08 => {
            let (topic, has_wildcard) = reader.name(part)?;
            if has_wildcard {
                let rule = v5("MQTT-3.3.2-14");
                return reader.forbidden(
                    rule,
                    at,
                    "The Response Topic holds + or #; a topic name has no wildcards.",
                );
            }
            if topic.is_empty() {
                let rule = v5("MQTT-4.7.3-1");
                return reader.forbidden(
                    rule,
                    at,
                    "The Response Topic is empty; a topic name has at least one character.",
                );
            }
            Property::ResponseTopic(topic)
        }
        0x09 => Property::CorrelationData(reader.binary(part)?),
        0x0B => Property::SubscriptionIdentifier(match reader.variable(part)? {
            0 => {
                return reader.forbidden(
                    None,
                    at,
                    "The Subscription Identifier is 0; it goes from 1 to 268,435,455.",
                );
            }
            id => id,
        }),
        0x11 => Property::SessionExpiryInterval(reader.u32(part)?),
        0x12 => Property::AssignedClientIdentifier(reader.text(part)?),
        0x13 => Property::ServerKeepAlive(reader.u16(part)?),
        0x15 => Property::AuthenticationMethod(reader.text(part)?),
        0x16 => Property::AuthenticationData(reader.binary(part)?),
        0x17 => Property::RequestProblemInformation(flag(reader, part)?),
        0x18 => Property::WillDelayInterval(reader.u32(part)?),
        0x19 => Property::RequestResponseInformation(flag(reader, part)?),
        0x1A => Property::ResponseInformation(reader.text(part)?),
        0x1C => Property::ServerReference(reader.text(part)?),
        0x1F => Property::ReasonString(reader.text(part)?),
        0x21 => Property::ReceiveMaximum(match reader.u16(part)? {
            0 => return reader.forbidden(None, at, "The Receive Maximum is 0; it goes from 1 to 65,535."),
            maximum => maximum,
        }),
        0x22 => Property::TopicAliasMaximum(reader.u16(part)?),
        0x23 => Property::TopicAlias(match reader.u16(part)? {
            0 => {
                let rule = v5("MQTT-3.3.2-8");
                let what = "The Topic Alias is 0; it goes from 1 to the receiver's Topic Alias Maximum.";
                return reader.refuse(ReasonCode::TOPIC_ALIAS_INVALID, rule, at, what);
            }
            alias => alias,
        }),
        0x24 => Property::MaximumQoS(flag(reader, part)?),
        0x25 => Property::RetainAvailable(flag(reader, part)?),
        0x26 => Property::UserProperty(
            reader.text(Part::UserPropertyName(carrier))?,
            reader.text(Part::UserPropertyValue(carrier))?,
        ),
        0x27 => Property::MaximumPacketSize(match reader.u32(part)? {
            0 => return reader.forbidden(None, at, "The Maximum Packet Size is 0; it is at least 1."),
            maximum => maximum,
        }),
        0x28 => Property::WildcardSubscriptionAvailable(flag(reader, part)?),
        0x29 => Property::SubscriptionIdentifierAvailable(flag(reader, part)?),
        _ => Property::SharedSubscriptionAvailable(flag(reader, part)?),
    };
    Ok(property)
}

fn flag<N: Notes>(reader: &mut Reader<'_, N>, part: Part) -> Result<u8, Malformed> {
    let at = reader.at;
    match reader.u8(part)? {
        byte @ (0 | 1) => Ok(byte),
        _ => reader.forbidden(None, at, "The property's value is neither 0 nor 1; no other is allowed."),
    }
}
