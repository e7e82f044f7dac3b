//! The parts that packets are made of: what an error and the field map call each span of bytes.

use super::property::{Carrier, row_of};
use super::{PacketType, Version};
use crate::rule::{RuleId, v5};

/// One kind of field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    FixedHeader(PacketType),
    RemainingLength,
    ProtocolName,
    ProtocolLevel,
    ConnectFlags,
    KeepAlive,
    ClientIdentifier,
    WillTopic,
    WillPayload,
    UserName,
    Password,
    AcknowledgeFlags,
    Code(PacketType),
    PacketIdentifier(PacketType),
    TopicName,
    Payload,
    TopicFilter(PacketType),
    SubscriptionOptions,
    PropertyLength(Carrier),
    PropertyIdentifier,
    Property(Carrier, u8),
    UserPropertyName(Carrier),
    UserPropertyValue(Carrier),
}

impl Part {
    /// The specification's name for the field.
    pub(super) fn name(self, version: Version) -> &'static str {
        let v3 = version == Version::V3;
        match self {
            Self::FixedHeader(_) => "Packet type and flags",
            Self::RemainingLength => "Remaining Length",
            Self::ProtocolName => "Protocol Name",
            Self::ProtocolLevel if v3 => "Protocol Level",
            Self::ProtocolLevel => "Protocol Version",
            Self::ConnectFlags => "Connect Flags",
            Self::KeepAlive => "Keep Alive",
            Self::ClientIdentifier => "Client Identifier",
            Self::WillTopic => "Will Topic",
            Self::WillPayload if v3 => "Will Message",
            Self::WillPayload => "Will Payload",
            Self::UserName => "User Name",
            Self::Password => "Password",
            Self::AcknowledgeFlags => "Connect Acknowledge Flags",
            Self::Code(PacketType::Connack) if v3 => "Connect Return code",
            Self::Code(_) if v3 => "Return Code",
            Self::Code(_) => "Reason Code",
            Self::PacketIdentifier(_) => "Packet Identifier",
            Self::TopicName => "Topic Name",
            Self::Payload => "Payload",
            Self::TopicFilter(_) => "Topic Filter",
            Self::SubscriptionOptions if v3 => "Requested QoS",
            Self::SubscriptionOptions => "Subscription Options",
            Self::PropertyLength(Carrier::Will) => "Will Property Length",
            Self::PropertyLength(_) => "Property Length",
            Self::PropertyIdentifier => "Property Identifier",
            Self::Property(_, id) => row_of(u32::from(id)).map_or("Property", |row| row.name),
            Self::UserPropertyName(_) => "User Property name",
            Self::UserPropertyValue(_) => "User Property value",
        }
    }

    /// The name of the two bytes of length before a string or binary data.
    pub(super) fn length_name(self, version: Version) -> &'static str {
        match self {
            Self::ProtocolName => "Protocol Name length",
            Self::ClientIdentifier => "Client Identifier length",
            Self::WillTopic => "Will Topic length",
            Self::WillPayload if version == Version::V3 => "Will Message length",
            Self::WillPayload => "Will Payload length",
            Self::UserName => "User Name length",
            Self::Password => "Password length",
            Self::TopicName => "Topic Name length",
            Self::TopicFilter(_) => "Topic Filter length",
            Self::UserPropertyName(_) => "User Property name length",
            Self::UserPropertyValue(_) => "User Property value length",
            Self::Property(_, 0x03) => "Content Type length",
            Self::Property(_, 0x08) => "Response Topic length",
            Self::Property(_, 0x09) => "Correlation Data length",
            Self::Property(_, 0x12) => "Assigned Client Identifier length",
            Self::Property(_, 0x15) => "Authentication Method length",
            Self::Property(_, 0x16) => "Authentication Data length",
            Self::Property(_, 0x1A) => "Response Information length",
            Self::Property(_, 0x1C) => "Server Reference length",
            Self::Property(_, 0x1F) => "Reason String length",
            _ => "Length",
        }
    }

    /// The section of the version's specification that defines the field.
    pub(super) fn clause(self, version: Version) -> &'static str {
        let v3 = version == Version::V3;
        match self {
            Self::FixedHeader(packet_type) => fixed_header_clause(packet_type),
            Self::RemainingLength if v3 => "2.2.3",
            Self::RemainingLength => "2.1.4",
            Self::ProtocolName => "3.1.2.1",
            Self::ProtocolLevel => "3.1.2.2",
            Self::ConnectFlags => "3.1.2.3",
            Self::KeepAlive => "3.1.2.10",
            Self::ClientIdentifier => "3.1.3.1",
            Self::WillTopic if v3 => "3.1.3.2",
            Self::WillTopic => "3.1.3.3",
            Self::WillPayload if v3 => "3.1.3.3",
            Self::WillPayload => "3.1.3.4",
            Self::UserName if v3 => "3.1.3.4",
            Self::UserName => "3.1.3.5",
            Self::Password if v3 => "3.1.3.5",
            Self::Password => "3.1.3.6",
            Self::AcknowledgeFlags => "3.2.2.1",
            Self::Code(packet_type) => code_clause(packet_type, version),
            Self::PacketIdentifier(PacketType::Publish) => "3.3.2.2",
            Self::PacketIdentifier(packet_type) => variable_header_clause(packet_type),
            Self::TopicName => "3.3.2.1",
            Self::Payload => "3.3.3",
            Self::TopicFilter(PacketType::Unsubscribe) => "3.10.3",
            Self::TopicFilter(_) => "3.8.3",
            Self::SubscriptionOptions if v3 => "3.8.3",
            Self::SubscriptionOptions => "3.8.3.1",
            Self::PropertyLength(carrier) => carrier.length_clause(),
            Self::PropertyIdentifier => "2.2.2.2",
            Self::Property(carrier, id) => carrier.clause(id).unwrap_or("2.2.2.2"),
            Self::UserPropertyName(carrier) | Self::UserPropertyValue(carrier) => {
                carrier.clause(0x26).unwrap_or("2.2.2.2")
            }
        }
    }

    /// The statement that a packet breaks which ends before the field does, where one has a number.
    pub(super) fn missing_rule(self, version: Version) -> Option<RuleId> {
        Some(match self {
            Self::ClientIdentifier => version.rule("MQTT-3.1.3-3", "MQTT-3.1.3-3"),
            Self::WillTopic | Self::WillPayload => version.rule("MQTT-3.1.2-9", "MQTT-3.1.2-9"),
            Self::PropertyLength(Carrier::Will) => v5("MQTT-3.1.2-9"),
            Self::PropertyLength(_) => v5("MQTT-2.2.2-1"),
            Self::UserName => version.rule("MQTT-3.1.2-19", "MQTT-3.1.2-17"),
            Self::Password => version.rule("MQTT-3.1.2-21", "MQTT-3.1.2-19"),
            Self::TopicName => version.rule("MQTT-3.3.2-1", "MQTT-3.3.2-1"),
            Self::SubscriptionOptions => version.rule("MQTT-3.8.3-3", "MQTT-3.8.3-2"),
            _ => return None,
        })
    }

    /// What is wrong where the packet ends before the field does.
    pub(super) const fn cut_short(self) -> &'static str {
        match self {
            Self::FixedHeader(_) | Self::RemainingLength => "The packet ends within its fixed header.",
            Self::ProtocolName => {
                "The packet ends within the Protocol Name; the Remaining Length must count all fields."
            }
            Self::ProtocolLevel => {
                "The packet ends before the byte of the protocol version; the Remaining Length must count all fields."
            }
            Self::ConnectFlags => {
                "The packet ends before the Connect Flags; the Remaining Length must count all fields."
            }
            Self::KeepAlive => {
                "The packet ends within the Keep Alive; the Remaining Length must count all fields."
            }
            Self::ClientIdentifier => {
                "The packet ends within the Client Identifier, which every CONNECT has, if only with length 0."
            }
            Self::WillTopic => "The packet ends within the Will Topic, which the Will Flag announces.",
            Self::WillPayload => "The packet ends within the Will's payload, which the Will Flag announces.",
            Self::UserName => "The packet ends within the User Name, which the User Name Flag announces.",
            Self::Password => "The packet ends within the Password, which the Password Flag announces.",
            Self::AcknowledgeFlags => {
                "The packet ends before the Connect Acknowledge Flags; CONNACK always has them."
            }
            Self::Code(_) => "The packet ends before its code; the Remaining Length must count all fields.",
            Self::PacketIdentifier(_) => "The packet ends within the Packet Identifier, which has two bytes.",
            Self::TopicName => {
                "The packet ends within the Topic Name; the Remaining Length must count all fields."
            }
            Self::Payload => "The packet ends within its payload.",
            Self::TopicFilter(_) => {
                "The packet ends within a Topic Filter; the Remaining Length must count all fields."
            }
            Self::SubscriptionOptions => {
                "The packet ends before a Topic Filter's options; each filter is followed by a byte for its QoS."
            }
            Self::PropertyLength(_) => {
                "The packet ends within the Property Length, which is there even if it is 0."
            }
            Self::PropertyIdentifier => "The properties end within a Property Identifier.",
            Self::Property(..) | Self::UserPropertyName(_) | Self::UserPropertyValue(_) => {
                "The properties end within a property's value; the Property Length must count all of it."
            }
        }
    }
}

const fn fixed_header_clause(packet_type: PacketType) -> &'static str {
    match packet_type {
        PacketType::Connect => "3.1.1",
        PacketType::Connack => "3.2.1",
        PacketType::Publish => "3.3.1",
        PacketType::Puback => "3.4.1",
        PacketType::Pubrec => "3.5.1",
        PacketType::Pubrel => "3.6.1",
        PacketType::Pubcomp => "3.7.1",
        PacketType::Subscribe => "3.8.1",
        PacketType::Suback => "3.9.1",
        PacketType::Unsubscribe => "3.10.1",
        PacketType::Unsuback => "3.11.1",
        PacketType::Pingreq => "3.12.1",
        PacketType::Pingresp => "3.13.1",
        PacketType::Disconnect => "3.14.1",
        PacketType::Auth => "3.15.1",
    }
}

const fn variable_header_clause(packet_type: PacketType) -> &'static str {
    match packet_type {
        PacketType::Connect => "3.1.2",
        PacketType::Connack => "3.2.2",
        PacketType::Publish => "3.3.2",
        PacketType::Puback => "3.4.2",
        PacketType::Pubrec => "3.5.2",
        PacketType::Pubrel => "3.6.2",
        PacketType::Pubcomp => "3.7.2",
        PacketType::Subscribe => "3.8.2",
        PacketType::Suback => "3.9.2",
        PacketType::Unsubscribe => "3.10.2",
        PacketType::Unsuback => "3.11.2",
        PacketType::Pingreq => "3.12.2",
        PacketType::Pingresp => "3.13.2",
        PacketType::Disconnect => "3.14.2",
        PacketType::Auth => "3.15.2",
    }
}

const fn code_clause(packet_type: PacketType, version: Version) -> &'static str {
    match (packet_type, version) {
        (PacketType::Connack, Version::V3) => "3.2.2.3",
        (PacketType::Connack, Version::V5) => "3.2.2.2",
        (PacketType::Puback, _) => "3.4.2.1",
        (PacketType::Pubrec, _) => "3.5.2.1",
        (PacketType::Pubrel, _) => "3.6.2.1",
        (PacketType::Pubcomp, _) => "3.7.2.1",
        (PacketType::Suback, _) => "3.9.3",
        (PacketType::Unsuback, _) => "3.11.3",
        (PacketType::Disconnect, _) => "3.14.2.1",
        (PacketType::Auth, _) => "3.15.2.1",
        _ => variable_header_clause(packet_type),
    }
}
