//! Reason codes (2.4 in 5.0) and 3.1.1's return codes.

use super::{PacketType, Version};

/// A reason code as it stands on the wire. 3.1.1's CONNACK return codes and SUBACK failures are carried as their byte too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct ReasonCode(pub u8);

macro_rules! codes {
    ($($constant:ident = $number:literal, $name:literal;)*) => {
        /// The codes of MQTT 5.0, by the standard's names (table 2-6).
        #[allow(missing_docs)]
        impl ReasonCode {
            $(pub const $constant: Self = Self($number);)*
        }

        const fn name_of(number: u8) -> &'static str {
            match number {
                0 => "Success",
                $($number => $name,)*
                _ => "Reserved",
            }
        }
    };
}

codes! {
    GRANTED_QOS_1 = 0x01, "Granted QoS 1";
    GRANTED_QOS_2 = 0x02, "Granted QoS 2";
    DISCONNECT_WITH_WILL_MESSAGE = 0x04, "Disconnect with Will Message";
    NO_MATCHING_SUBSCRIBERS = 0x10, "No matching subscribers";
    NO_SUBSCRIPTION_EXISTED = 0x11, "No subscription existed";
    CONTINUE_AUTHENTICATION = 0x18, "Continue authentication";
    RE_AUTHENTICATE = 0x19, "Re-authenticate";
    UNSPECIFIED_ERROR = 0x80, "Unspecified error";
    MALFORMED_PACKET = 0x81, "Malformed Packet";
    PROTOCOL_ERROR = 0x82, "Protocol Error";
    IMPLEMENTATION_SPECIFIC_ERROR = 0x83, "Implementation specific error";
    UNSUPPORTED_PROTOCOL_VERSION = 0x84, "Unsupported Protocol Version";
    CLIENT_IDENTIFIER_NOT_VALID = 0x85, "Client Identifier not valid";
    BAD_USER_NAME_OR_PASSWORD = 0x86, "Bad User Name or Password";
    NOT_AUTHORIZED = 0x87, "Not authorized";
    SERVER_UNAVAILABLE = 0x88, "Server unavailable";
    SERVER_BUSY = 0x89, "Server busy";
    BANNED = 0x8A, "Banned";
    SERVER_SHUTTING_DOWN = 0x8B, "Server shutting down";
    BAD_AUTHENTICATION_METHOD = 0x8C, "Bad authentication method";
    KEEP_ALIVE_TIMEOUT = 0x8D, "Keep Alive timeout";
    SESSION_TAKEN_OVER = 0x8E, "Session taken over";
    TOPIC_FILTER_INVALID = 0x8F, "Topic Filter invalid";
    TOPIC_NAME_INVALID = 0x90, "Topic Name invalid";
    PACKET_IDENTIFIER_IN_USE = 0x91, "Packet Identifier in use";
    PACKET_IDENTIFIER_NOT_FOUND = 0x92, "Packet Identifier not found";
    RECEIVE_MAXIMUM_EXCEEDED = 0x93, "Receive Maximum exceeded";
    TOPIC_ALIAS_INVALID = 0x94, "Topic Alias invalid";
    PACKET_TOO_LARGE = 0x95, "Packet too large";
    MESSAGE_RATE_TOO_HIGH = 0x96, "Message rate too high";
    QUOTA_EXCEEDED = 0x97, "Quota exceeded";
    ADMINISTRATIVE_ACTION = 0x98, "Administrative action";
    PAYLOAD_FORMAT_INVALID = 0x99, "Payload format invalid";
    RETAIN_NOT_SUPPORTED = 0x9A, "Retain not supported";
    QOS_NOT_SUPPORTED = 0x9B, "QoS not supported";
    USE_ANOTHER_SERVER = 0x9C, "Use another server";
    SERVER_MOVED = 0x9D, "Server moved";
    SHARED_SUBSCRIPTIONS_NOT_SUPPORTED = 0x9E, "Shared Subscriptions not supported";
    CONNECTION_RATE_EXCEEDED = 0x9F, "Connection rate exceeded";
    MAXIMUM_CONNECT_TIME = 0xA0, "Maximum connect time";
    SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED = 0xA1, "Subscription Identifiers not supported";
    WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED = 0xA2, "Wildcard Subscriptions not supported";
}

/// The three names of code 0, and 3.1.1's return codes (its table 3.1 and 3.9.3).
impl ReasonCode {
    /// Success, also 3.1.1's Connection Accepted.
    pub const SUCCESS: Self = Self(0);
    /// The DISCONNECT that discards the Will.
    pub const NORMAL_DISCONNECTION: Self = Self(0);
    /// A subscription was granted with QoS 0.
    pub const GRANTED_QOS_0: Self = Self(0);
    /// 3.1.1's CONNACK: the server does not support the protocol level.
    pub const V3_UNACCEPTABLE_PROTOCOL_VERSION: Self = Self(1);
    /// 3.1.1's CONNACK: the client identifier is not allowed.
    pub const V3_IDENTIFIER_REJECTED: Self = Self(2);
    /// 3.1.1's CONNACK: the MQTT service is unavailable.
    pub const V3_SERVER_UNAVAILABLE: Self = Self(3);
    /// 3.1.1's CONNACK: the user name or password is malformed.
    pub const V3_BAD_USER_NAME_OR_PASSWORD: Self = Self(4);
    /// 3.1.1's CONNACK: the client is not authorized to connect.
    pub const V3_NOT_AUTHORIZED: Self = Self(5);
    /// 3.1.1's SUBACK: the subscription was refused.
    pub const V3_FAILURE: Self = Self(0x80);

    /// Whether the code says that something failed: 0x80 and above. 3.1.1's CONNACK refuses with 1 to 5 instead; see
    /// [`super::Connack::is_accepted`].
    pub const fn is_failure(self) -> bool {
        self.0 >= 0x80
    }

    /// The code's name in a packet of this type and version; `Reserved` where the packet has no such code.
    pub fn name(self, packet_type: PacketType, version: Version) -> &'static str {
        if !self.is_listed(packet_type, version) {
            return "Reserved";
        }
        match (version, packet_type, self.0) {
            (Version::V3, PacketType::Connack, 0) => "Connection accepted",
            (Version::V3, PacketType::Connack, 1) => "Connection refused, unacceptable protocol version",
            (Version::V3, PacketType::Connack, 2) => "Connection refused, identifier rejected",
            (Version::V3, PacketType::Connack, 3) => "Connection refused, server unavailable",
            (Version::V3, PacketType::Connack, 4) => "Connection refused, bad user name or password",
            (Version::V3, PacketType::Connack, 5) => "Connection refused, not authorized",
            (Version::V3, PacketType::Suback, 0) => "Success, maximum QoS 0",
            (Version::V3, PacketType::Suback, 1) => "Success, maximum QoS 1",
            (Version::V3, PacketType::Suback, 2) => "Success, maximum QoS 2",
            (Version::V3, PacketType::Suback, _) => "Failure",
            (_, PacketType::Suback, 0) => "Granted QoS 0",
            (_, PacketType::Disconnect, 0) => "Normal disconnection",
            (_, _, number) => name_of(number),
        }
    }

    /// The codes that a packet of this type and version may carry, in ascending order; none where it carries no code.
    pub const fn listed(packet_type: PacketType, version: Version) -> &'static [u8] {
        match (version, packet_type) {
            (Version::V3, PacketType::Connack) => &[0, 1, 2, 3, 4, 5],
            (Version::V3, PacketType::Suback) => &[0, 1, 2, 0x80],
            (Version::V3, _) => &[],
            (_, PacketType::Connack) => &[
                0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95,
                0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F,
            ],
            (_, PacketType::Puback | PacketType::Pubrec) => {
                &[0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]
            }
            (_, PacketType::Pubrel | PacketType::Pubcomp) => &[0x00, 0x92],
            (_, PacketType::Suback) => {
                &[0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2]
            }
            (_, PacketType::Unsuback) => &[0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91],
            // 0x8C is not in table 3-13, but table 2-6 gives it to DISCONNECT too: accepted.
            (_, PacketType::Disconnect) => &[
                0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93,
                0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
            ],
            (_, PacketType::Auth) => &[0x00, 0x18, 0x19],
            _ => &[],
        }
    }

    /// Whether a packet of this type and version may carry the code.
    pub fn is_listed(self, packet_type: PacketType, version: Version) -> bool {
        Self::listed(packet_type, version).contains(&self.0)
    }

    /// The return code of 3.1.1's CONNACK that says the same; `None` where none fits, and then [3.1.1 MQTT-3.2.2-6]
    /// closes
    /// the connection without a CONNACK.
    pub const fn to_v3_connack(self) -> Option<Self> {
        match self.0 {
            0..=5 => Some(self),
            0x84 => Some(Self::V3_UNACCEPTABLE_PROTOCOL_VERSION),
            0x85 => Some(Self::V3_IDENTIFIER_REJECTED),
            0x88 | 0x89 | 0x97 | 0x9F => Some(Self::V3_SERVER_UNAVAILABLE),
            0x86 => Some(Self::V3_BAD_USER_NAME_OR_PASSWORD),
            0x87 | 0x8A | 0x8C => Some(Self::V3_NOT_AUTHORIZED),
            _ => None,
        }
    }

    /// Whether a client may give the code in its DISCONNECT (5.0, table 3-13); the others are the server's.
    pub const fn is_from_client(self) -> bool {
        matches!(self.0, 0x00 | 0x04 | 0x80..=0x83 | 0x90 | 0x93..=0x99)
    }
}
