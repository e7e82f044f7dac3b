//! Which properties there are, of what form, and where each may stand (2.2.2.2 in 5.0, table 2-4).

use super::super::PacketType;

/// What carries properties: a packet, or the Will inside CONNECT.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Carrier {
    /// A packet's own properties.
    Packet(PacketType),
    /// The Will Properties in CONNECT's payload.
    Will,
}

/// How a property's value is written (1.5 in 5.0).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Form {
    Byte,
    TwoByteInteger,
    FourByteInteger,
    VariableByteInteger,
    BinaryData,
    Utf8String,
    Utf8StringPair,
}

/// One property of the standard: its identifier, its name and the form of its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PropertyRow {
    /// The identifier on the wire.
    pub id: u8,
    /// The standard's name.
    pub name: &'static str,
    /// The form of its value.
    pub form: Form,
}

impl Carrier {
    /// The properties that may stand here, each with the clause that says so, in the clauses' order.
    pub const fn allowed(self) -> &'static [(u8, &'static str)] {
        match self {
            Self::Will => WILL,
            Self::Packet(PacketType::Connect) => CONNECT,
            Self::Packet(PacketType::Connack) => CONNACK,
            Self::Packet(PacketType::Publish) => PUBLISH,
            Self::Packet(PacketType::Puback) => &[(0x1F, "3.4.2.2.2"), (0x26, "3.4.2.2.3")],
            Self::Packet(PacketType::Pubrec) => &[(0x1F, "3.5.2.2.2"), (0x26, "3.5.2.2.3")],
            Self::Packet(PacketType::Pubrel) => &[(0x1F, "3.6.2.2.2"), (0x26, "3.6.2.2.3")],
            Self::Packet(PacketType::Pubcomp) => &[(0x1F, "3.7.2.2.2"), (0x26, "3.7.2.2.3")],
            Self::Packet(PacketType::Subscribe) => &[(0x0B, "3.8.2.1.2"), (0x26, "3.8.2.1.3")],
            Self::Packet(PacketType::Suback) => &[(0x1F, "3.9.2.1.2"), (0x26, "3.9.2.1.3")],
            Self::Packet(PacketType::Unsubscribe) => &[(0x26, "3.10.2.1.2")],
            Self::Packet(PacketType::Unsuback) => &[(0x1F, "3.11.2.1.2"), (0x26, "3.11.2.1.3")],
            Self::Packet(PacketType::Disconnect) => {
                &[(0x11, "3.14.2.2.2"), (0x1F, "3.14.2.2.3"), (0x26, "3.14.2.2.4"), (0x1C, "3.14.2.2.5")]
            }
            Self::Packet(PacketType::Auth) => {
                &[(0x15, "3.15.2.2.2"), (0x16, "3.15.2.2.3"), (0x1F, "3.15.2.2.4"), (0x26, "3.15.2.2.5")]
            }
            Self::Packet(PacketType::Pingreq | PacketType::Pingresp) => &[],
        }
    }

    /// The clause that defines this property here; `None` where it may not stand.
    pub fn clause(self, id: u8) -> Option<&'static str> {
        self.allowed().iter().find(|row| row.0 == id).map(|row| row.1)
    }

    /// The clause of the Property Length.
    pub const fn length_clause(self) -> &'static str {
        match self {
            Self::Will => "3.1.3.2.1",
            Self::Packet(PacketType::Connect) => "3.1.2.11.1",
            Self::Packet(PacketType::Connack) => "3.2.2.3.1",
            Self::Packet(PacketType::Publish) => "3.3.2.3.1",
            Self::Packet(PacketType::Puback) => "3.4.2.2.1",
            Self::Packet(PacketType::Pubrec) => "3.5.2.2.1",
            Self::Packet(PacketType::Pubrel) => "3.6.2.2.1",
            Self::Packet(PacketType::Pubcomp) => "3.7.2.2.1",
            Self::Packet(PacketType::Subscribe) => "3.8.2.1.1",
            Self::Packet(PacketType::Suback) => "3.9.2.1.1",
            Self::Packet(PacketType::Unsubscribe) => "3.10.2.1.1",
            Self::Packet(PacketType::Unsuback) => "3.11.2.1.1",
            Self::Packet(PacketType::Disconnect) => "3.14.2.2.1",
            Self::Packet(PacketType::Auth) => "3.15.2.2.1",
            Self::Packet(PacketType::Pingreq | PacketType::Pingresp) => "2.2.2.1",
        }
    }
}

const CONNECT: &[(u8, &str)] = &[
    (0x11, "3.1.2.11.2"),
    (0x21, "3.1.2.11.3"),
    (0x27, "3.1.2.11.4"),
    (0x22, "3.1.2.11.5"),
    (0x19, "3.1.2.11.6"),
    (0x17, "3.1.2.11.7"),
    (0x26, "3.1.2.11.8"),
    (0x15, "3.1.2.11.9"),
    (0x16, "3.1.2.11.10"),
];

const WILL: &[(u8, &str)] = &[
    (0x18, "3.1.3.2.2"),
    (0x01, "3.1.3.2.3"),
    (0x02, "3.1.3.2.4"),
    (0x03, "3.1.3.2.5"),
    (0x08, "3.1.3.2.6"),
    (0x09, "3.1.3.2.7"),
    (0x26, "3.1.3.2.8"),
];

const CONNACK: &[(u8, &str)] = &[
    (0x11, "3.2.2.3.2"),
    (0x21, "3.2.2.3.3"),
    (0x24, "3.2.2.3.4"),
    (0x25, "3.2.2.3.5"),
    (0x27, "3.2.2.3.6"),
    (0x12, "3.2.2.3.7"),
    (0x22, "3.2.2.3.8"),
    (0x1F, "3.2.2.3.9"),
    (0x26, "3.2.2.3.10"),
    (0x28, "3.2.2.3.11"),
    (0x29, "3.2.2.3.12"),
    (0x2A, "3.2.2.3.13"),
    (0x13, "3.2.2.3.14"),
    (0x1A, "3.2.2.3.15"),
    (0x1C, "3.2.2.3.16"),
    (0x15, "3.2.2.3.17"),
    (0x16, "3.2.2.3.18"),
];

const PUBLISH: &[(u8, &str)] = &[
    (0x01, "3.3.2.3.2"),
    (0x02, "3.3.2.3.3"),
    (0x23, "3.3.2.3.4"),
    (0x08, "3.3.2.3.5"),
    (0x09, "3.3.2.3.6"),
    (0x26, "3.3.2.3.7"),
    (0x0B, "3.3.2.3.8"),
    (0x03, "3.3.2.3.9"),
];

/// Every property of the standard, by identifier.
pub const PROPERTIES: &[PropertyRow] = &[
    row(0x01, "Payload Format Indicator", Form::Byte),
    row(0x02, "Message Expiry Interval", Form::FourByteInteger),
    row(0x03, "Content Type", Form::Utf8String),
    row(0x08, "Response Topic", Form::Utf8String),
    row(0x09, "Correlation Data", Form::BinaryData),
    row(0x0B, "Subscription Identifier", Form::VariableByteInteger),
    row(0x11, "Session Expiry Interval", Form::FourByteInteger),
    row(0x12, "Assigned Client Identifier", Form::Utf8String),
    row(0x13, "Server Keep Alive", Form::TwoByteInteger),
    row(0x15, "Authentication Method", Form::Utf8String),
    row(0x16, "Authentication Data", Form::BinaryData),
    row(0x17, "Request Problem Information", Form::Byte),
    row(0x18, "Will Delay Interval", Form::FourByteInteger),
    row(0x19, "Request Response Information", Form::Byte),
    row(0x1A, "Response Information", Form::Utf8String),
    row(0x1C, "Server Reference", Form::Utf8String),
    row(0x1F, "Reason String", Form::Utf8String),
    row(0x21, "Receive Maximum", Form::TwoByteInteger),
    row(0x22, "Topic Alias Maximum", Form::TwoByteInteger),
    row(0x23, "Topic Alias", Form::TwoByteInteger),
    row(0x24, "Maximum QoS", Form::Byte),
    row(0x25, "Retain Available", Form::Byte),
    row(0x26, "User Property", Form::Utf8StringPair),
    row(0x27, "Maximum Packet Size", Form::FourByteInteger),
    row(0x28, "Wildcard Subscription Available", Form::Byte),
    row(0x29, "Subscription Identifier Available", Form::Byte),
    row(0x2A, "Shared Subscription Available", Form::Byte),
];

const fn row(id: u8, name: &'static str, form: Form) -> PropertyRow {
    PropertyRow { id, name, form }
}

/// The row of this identifier; `None` where the standard has no such property.
pub(in crate::wire) fn row_of(id: u32) -> Option<&'static PropertyRow> {
    PROPERTIES.iter().find(|row| u32::from(row.id) == id)
}
