//! The value of a property by its form, for whatever treats all properties of one form alike.

use super::super::Text;
use super::Property;
use bytes::Bytes;

/// A property's value (1.5 in 5.0): one variant a [`Form`](super::Form).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum PropertyValue<'a> {
    Byte(u8),
    TwoByteInteger(u16),
    FourByteInteger(u32),
    VariableByteInteger(u32),
    BinaryData(&'a Bytes),
    Utf8String(&'a Text),
    Utf8StringPair(&'a Text, &'a Text),
}

impl Property {
    /// The value in its form.
    #[inline]
    pub const fn value(&self) -> PropertyValue<'_> {
        match self {
            Self::PayloadFormatIndicator(byte)
            | Self::RequestProblemInformation(byte)
            | Self::RequestResponseInformation(byte)
            | Self::MaximumQoS(byte)
            | Self::RetainAvailable(byte)
            | Self::WildcardSubscriptionAvailable(byte)
            | Self::SubscriptionIdentifierAvailable(byte)
            | Self::SharedSubscriptionAvailable(byte) => PropertyValue::Byte(*byte),
            Self::ServerKeepAlive(number)
            | Self::ReceiveMaximum(number)
            | Self::TopicAliasMaximum(number)
            | Self::TopicAlias(number) => PropertyValue::TwoByteInteger(*number),
            Self::MessageExpiryInterval(number)
            | Self::SessionExpiryInterval(number)
            | Self::WillDelayInterval(number)
            | Self::MaximumPacketSize(number) => PropertyValue::FourByteInteger(*number),
            Self::SubscriptionIdentifier(number) => PropertyValue::VariableByteInteger(*number),
            Self::CorrelationData(bytes) | Self::AuthenticationData(bytes) => {
                PropertyValue::BinaryData(bytes)
            }
            Self::ContentType(text)
            | Self::ResponseTopic(text)
            | Self::AssignedClientIdentifier(text)
            | Self::AuthenticationMethod(text)
            | Self::ResponseInformation(text)
            | Self::ServerReference(text)
            | Self::ReasonString(text) => PropertyValue::Utf8String(text),
            Self::UserProperty(name, value) => PropertyValue::Utf8StringPair(name, value),
        }
    }
}
