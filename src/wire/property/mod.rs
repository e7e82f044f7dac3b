//! Properties (2.2.2 in 5.0).

mod read;
mod table;
mod value;
mod write;

pub(super) use read::read;
pub(super) use table::row_of;
pub use table::{Carrier, Form, PROPERTIES, PropertyRow};
pub use value::PropertyValue;
pub(super) use write::{len, write};

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

impl Property {
    /// The identifier on the wire.
    pub const fn id(&self) -> u8 {
        match self {
            Self::PayloadFormatIndicator(_) => 0x01,
            Self::MessageExpiryInterval(_) => 0x02,
            Self::ContentType(_) => 0x03,
            Self::ResponseTopic(_) => 0x08,
            Self::CorrelationData(_) => 0x09,
            Self::SubscriptionIdentifier(_) => 0x0B,
            Self::SessionExpiryInterval(_) => 0x11,
            Self::AssignedClientIdentifier(_) => 0x12,
            Self::ServerKeepAlive(_) => 0x13,
            Self::AuthenticationMethod(_) => 0x15,
            Self::AuthenticationData(_) => 0x16,
            Self::RequestProblemInformation(_) => 0x17,
            Self::WillDelayInterval(_) => 0x18,
            Self::RequestResponseInformation(_) => 0x19,
            Self::ResponseInformation(_) => 0x1A,
            Self::ServerReference(_) => 0x1C,
            Self::ReasonString(_) => 0x1F,
            Self::ReceiveMaximum(_) => 0x21,
            Self::TopicAliasMaximum(_) => 0x22,
            Self::TopicAlias(_) => 0x23,
            Self::MaximumQoS(_) => 0x24,
            Self::RetainAvailable(_) => 0x25,
            Self::UserProperty(..) => 0x26,
            Self::MaximumPacketSize(_) => 0x27,
            Self::WildcardSubscriptionAvailable(_) => 0x28,
            Self::SubscriptionIdentifierAvailable(_) => 0x29,
            Self::SharedSubscriptionAvailable(_) => 0x2A,
        }
    }

    /// The standard's name, such as `Session Expiry Interval`.
    pub fn name(&self) -> &'static str {
        row_of(u32::from(self.id())).map_or("", |row| row.name)
    }

    /// Whether it may stand there.
    pub fn is_allowed_in(&self, carrier: Carrier) -> bool {
        carrier.clause(self.id()).is_some()
    }
}

/// The properties of a packet, in the order that they stand in it. Empty in 3.1.1, and then without any cost.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Properties(pub Vec<Property>);

macro_rules! accessors {
    ($($method:ident, $variant:ident, $type:ty, $of:ident, $doc:literal;)*) => {
        $(
            #[doc = $doc]
            pub fn $method(&self) -> Option<$type> {
                self.0.iter().find_map(|property| match property {
                    Property::$variant(value) => Some($of!(value)),
                    _ => None,
                })
            }
        )*
    };
}

macro_rules! copied {
    ($value:ident) => {
        *$value
    };
}

macro_rules! borrowed {
    ($value:ident) => {
        $value
    };
}

macro_rules! flag {
    ($value:ident) => {
        *$value != 0
    };
}

/// Each accessor gives the property's value, `None` where the packet does not have it: the standard's default for an
/// absent property is the caller's to know.
impl Properties {
    /// No properties.
    pub const NONE: Self = Self(Vec::new());

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one at the end.
    pub fn push(&mut self, property: Property) {
        self.0.push(property);
    }

    /// All of them, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Property> {
        self.0.iter()
    }

    /// The User Properties, name and value, in order; a name may come more than once.
    pub fn user_properties(&self) -> impl Iterator<Item = (&Text, &Text)> {
        self.0.iter().filter_map(|property| match property {
            Property::UserProperty(name, value) => Some((name, value)),
            _ => None,
        })
    }

    /// The bytes of what they say of a message itself: User Properties, Response Topic, Correlation Data and Content Type.
    pub fn content_bytes(&self) -> usize {
        let bytes = |property: &Property| match property {
            Property::UserProperty(name, value) => name.len() + value.len(),
            Property::ResponseTopic(text) | Property::ContentType(text) => text.len(),
            Property::CorrelationData(data) => data.len(),
            _ => 0,
        };
        self.0.iter().map(bytes).sum()
    }

    /// The Subscription Identifiers: at most one in SUBSCRIBE, one a matching subscription in PUBLISH.
    pub fn subscription_identifiers(&self) -> impl Iterator<Item = u32> {
        self.0.iter().filter_map(|property| match property {
            Property::SubscriptionIdentifier(id) => Some(*id),
            _ => None,
        })
    }

    accessors! {
        payload_format_indicator, PayloadFormatIndicator, u8, copied, "0: unspecified bytes, 1: UTF-8 text.";
        message_expiry_interval, MessageExpiryInterval, u32, copied, "The message's lifetime in seconds.";
        content_type, ContentType, &Text, borrowed, "What the payload is, as its publisher describes it.";
        response_topic, ResponseTopic, &Text, borrowed, "Where an answer is expected.";
        correlation_data, CorrelationData, &Bytes, borrowed, "What tells the requester which request is answered.";
        subscription_identifier, SubscriptionIdentifier, u32, copied, "The first Subscription Identifier.";
        session_expiry_interval, SessionExpiryInterval, u32, copied, "Seconds that the session outlives its connection; 0xFFFFFFFF: for ever.";
        assigned_client_identifier, AssignedClientIdentifier, &Text, borrowed, "The identifier that the server chose.";
        server_keep_alive, ServerKeepAlive, u16, copied, "The keep alive in seconds that the server asks for.";
        authentication_method, AuthenticationMethod, &Text, borrowed, "The name of the authentication method.";
        authentication_data, AuthenticationData, &Bytes, borrowed, "The authentication data of the method.";
        request_problem_information, RequestProblemInformation, bool, flag, "Whether reason strings and user properties are wanted on any packet.";
        will_delay_interval, WillDelayInterval, u32, copied, "Seconds between the end of the connection and the Will.";
        request_response_information, RequestResponseInformation, bool, flag, "Whether Response Information is wanted in CONNACK.";
        response_information, ResponseInformation, &Text, borrowed, "The basis for response topics.";
        server_reference, ServerReference, &Text, borrowed, "Another server to use.";
        reason_string, ReasonString, &Text, borrowed, "A reason for people to read.";
        receive_maximum, ReceiveMaximum, u16, copied, "How many QoS 1 and 2 PUBLISHes at once; never 0.";
        topic_alias_maximum, TopicAliasMaximum, u16, copied, "The highest topic alias that is accepted.";
        topic_alias, TopicAlias, u16, copied, "The number that stands for the topic; never 0.";
        maximum_qos, MaximumQoS, u8, copied, "The highest QoS that the server supports: 0 or 1.";
        retain_available, RetainAvailable, bool, flag, "Whether the server supports retained messages.";
        maximum_packet_size, MaximumPacketSize, u32, copied, "The size in bytes of the largest packet that is accepted; never 0.";
        wildcard_subscription_available, WildcardSubscriptionAvailable, bool, flag, "Whether the server supports wildcard subscriptions.";
        subscription_identifier_available, SubscriptionIdentifierAvailable, bool, flag, "Whether the server supports Subscription Identifiers.";
        shared_subscription_available, SharedSubscriptionAvailable, bool, flag, "Whether the server supports shared subscriptions.";
    }
}

impl FromIterator<Property> for Properties {
    fn from_iter<I: IntoIterator<Item = Property>>(properties: I) -> Self {
        Self(properties.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a Properties {
    type Item = &'a Property;
    type IntoIter = std::slice::Iter<'a, Property>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
