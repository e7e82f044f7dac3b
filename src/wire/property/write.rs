//! Writing properties.

use super::super::write::{prefixed_len, put_prefixed, put_text, put_variable, text_len, variable_len};
use super::{Properties, Property};
use bytes::{BufMut, BytesMut};

/// The length of the properties with the Property Length before them.
#[inline]
pub(in crate::wire) fn len(properties: &Properties) -> u64 {
    let inner = inner_len(properties);
    variable_len(inner) + inner
}

impl Properties {
    /// How many bytes they take in a packet, without the Property Length before them.
    pub fn encoded_len(&self) -> usize {
        inner_len(self) as usize
    }
}

#[inline]
fn inner_len(properties: &Properties) -> u64 {
    properties.iter().map(one_len).sum()
}

fn one_len(property: &Property) -> u64 {
    1 + match property {
        Property::PayloadFormatIndicator(_)
        | Property::RequestProblemInformation(_)
        | Property::RequestResponseInformation(_)
        | Property::MaximumQoS(_)
        | Property::RetainAvailable(_)
        | Property::WildcardSubscriptionAvailable(_)
        | Property::SubscriptionIdentifierAvailable(_)
        | Property::SharedSubscriptionAvailable(_) => 1,
        Property::ServerKeepAlive(_)
        | Property::ReceiveMaximum(_)
        | Property::TopicAliasMaximum(_)
        | Property::TopicAlias(_) => 2,
        Property::MessageExpiryInterval(_)
        | Property::SessionExpiryInterval(_)
        | Property::WillDelayInterval(_)
        | Property::MaximumPacketSize(_) => 4,
        Property::SubscriptionIdentifier(id) => variable_len(u64::from(*id)),
        Property::CorrelationData(bytes) | Property::AuthenticationData(bytes) => prefixed_len(bytes.len()),
        Property::ContentType(text)
        | Property::ResponseTopic(text)
        | Property::AssignedClientIdentifier(text)
        | Property::AuthenticationMethod(text)
        | Property::ResponseInformation(text)
        | Property::ServerReference(text)
        | Property::ReasonString(text) => text_len(text),
        Property::UserProperty(name, value) => text_len(name) + text_len(value),
    }
}

/// The properties with the Property Length before them. The caller has found with [`len`] that they can be written.
#[inline]
pub(in crate::wire) fn write(properties: &Properties, out: &mut BytesMut) {
    put_variable(out, inner_len(properties));
    for property in properties {
        write_one(property, out);
    }
}

fn write_one(property: &Property, out: &mut BytesMut) {
    out.put_u8(property.id());
    match property {
        Property::PayloadFormatIndicator(byte)
        | Property::RequestProblemInformation(byte)
        | Property::RequestResponseInformation(byte)
        | Property::MaximumQoS(byte)
        | Property::RetainAvailable(byte)
        | Property::WildcardSubscriptionAvailable(byte)
        | Property::SubscriptionIdentifierAvailable(byte)
        | Property::SharedSubscriptionAvailable(byte) => out.put_u8(*byte),
        Property::ServerKeepAlive(number)
        | Property::ReceiveMaximum(number)
        | Property::TopicAliasMaximum(number)
        | Property::TopicAlias(number) => out.put_u16(*number),
        Property::MessageExpiryInterval(number)
        | Property::SessionExpiryInterval(number)
        | Property::WillDelayInterval(number)
        | Property::MaximumPacketSize(number) => out.put_u32(*number),
        Property::SubscriptionIdentifier(id) => put_variable(out, u64::from(*id)),
        Property::CorrelationData(bytes) | Property::AuthenticationData(bytes) => put_prefixed(out, bytes),
        Property::ContentType(text)
        | Property::ResponseTopic(text)
        | Property::AssignedClientIdentifier(text)
        | Property::AuthenticationMethod(text)
        | Property::ResponseInformation(text)
        | Property::ServerReference(text)
        | Property::ReasonString(text) => put_text(out, text),
        Property::UserProperty(name, value) => {
            put_text(out, name);
            put_text(out, value);
        }
    }
}
