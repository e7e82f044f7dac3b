//! Properties (2.2.2 in 5.0).

use super::Text;
use bytes::Bytes;

/// One property of an MQTT 5.0 packet.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Property {
    PayloadFormatIndicator(u8),
    MessageExpiryInterval(u32),
    ContentType(Text),
    ResponseTopic(Text),
    CorrelationData(Bytes),
    SubscriptionIdentifier(u32),
    SessionExpiryInterval(u32),
    AssignedClientIdentifier(Text),
    ServerKeepAlive(u16),
    AuthenticationMethod(Text),
    AuthenticationData(Bytes),
    RequestProblemInformation(u8),
    WillDelayInterval(u32),
    RequestResponseInformation(u8),
    ResponseInformation(Text),
    ServerReference(Text),
    ReasonString(Text),
    ReceiveMaximum(u16),
    TopicAliasMaximum(u16),
    TopicAlias(u16),
    MaximumQoS(u8),
    RetainAvailable(u8),
    UserProperty(Text, Text),
    MaximumPacketSize(u32),
    WildcardSubscriptionAvailable(u8),
    SubscriptionIdentifierAvailable(u8),
    SharedSubscriptionAvailable(u8),
}

/// The properties of a packet, in the order that they stand in it. Empty in 3.1.1, and then without any cost.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Properties(pub Vec<Property>);
