//! What a field's bytes say, in words.

use super::super::part::Part;
use super::super::property::{Form, row_of};
use super::super::{PacketType, ReasonCode, Version};
use std::fmt::Write;

/// How much of a payload or of binary data a value shows.
const SHOWN_BYTES: usize = 64;

/// The value and the meaning of a field. The decoder has read its bytes, so they have the length that its kind has.
pub(super) fn describe(part: Part, bytes: &[u8], version: Version) -> (String, String) {
    let number = big_endian(bytes);
    let byte = number as u8;
    let plain = |meaning: &str| (number.to_string(), meaning.to_owned());
    let text = |meaning: &str| (String::from_utf8_lossy(bytes).into_owned(), meaning.to_owned());
    match part {
        Part::FixedHeader(packet_type) => (hex(bytes), fixed_header(packet_type, byte)),
        Part::RemainingLength => {
            let length = variable(bytes);
            (length.to_string(), format!("{} after the fixed header", count(length, "byte")))
        }
        Part::ProtocolName => text("The protocol that the client wants to speak"),
        Part::ProtocolLevel => plain(if byte == 4 { "MQTT 3.1.1" } else { "MQTT 5.0" }),
        Part::ConnectFlags => (hex(bytes), connect_flags(byte, version)),
        Part::KeepAlive if number == 0 => plain("Keep alive is turned off"),
        Part::KeepAlive => (
            number.to_string(),
            format!(
                "{}: after one and a half times as long without a packet the server ends the connection",
                count(number, "second")
            ),
        ),
        Part::ClientIdentifier => text("The client's name, which is its session's name too"),
        Part::WillTopic => text("Where the Will is published"),
        Part::WillPayload => data(bytes, "The Will's payload"),
        Part::UserName => text("The user name"),
        Part::Password => data(bytes, "The password"),
        Part::AcknowledgeFlags if byte == 1 => {
            (hex(bytes), "Session Present 1: the session goes on".to_owned())
        }
        Part::AcknowledgeFlags => (hex(bytes), "Session Present 0: there was no session".to_owned()),
        Part::Code(packet_type) => (hex(bytes), ReasonCode(byte).name(packet_type, version).to_owned()),
        Part::PacketIdentifier(packet_type) => plain(packet_identifier(packet_type)),
        Part::TopicName => text("The topic that the message is published to"),
        Part::Payload => data(bytes, "The application message"),
        Part::TopicFilter(PacketType::Unsubscribe) => text("A filter whose subscription ends"),
        Part::TopicFilter(_) => text("A filter that is subscribed"),
        Part::SubscriptionOptions => (hex(bytes), subscription_options(byte, version)),
        Part::PropertyLength(_) => match variable(bytes) {
            0 => ("0".to_owned(), "No properties".to_owned()),
            length => (length.to_string(), format!("{} of properties", count(length, "byte"))),
        },
        Part::PropertyIdentifier => {
            let meaning =
                row_of(variable(bytes)).map(|row| format!("{}, a {}", row.name, form_name(row.form)));
            (hex(bytes), meaning.unwrap_or_default())
        }
        Part::Property(_, id) => property(id, bytes),
        Part::UserPropertyName(_) => text("The name of a User Property"),
        Part::UserPropertyValue(_) => text("The value of a User Property"),
    }
}

/// The two bytes of length before a string or binary data.
pub(super) fn describe_length(bytes: &[u8]) -> (String, String) {
    match big_endian(bytes) {
        0 => ("0".to_owned(), "Empty: no bytes follow".to_owned()),
        1 => ("1".to_owned(), "1 byte follows".to_owned()),
        length => (length.to_string(), format!("{length} bytes follow")),
    }
}

/// Bytes in hexadecimal: `0x31` for one, `68 65 79 …` for more.
pub(super) fn hex(bytes: &[u8]) -> String {
    if let [byte] = bytes {
        return format!("0x{byte:02X}");
    }
    let mut text = String::new();
    for (index, byte) in bytes.iter().take(SHOWN_BYTES).enumerate() {
        let space = if index == 0 { "" } else { " " };
        let _ = write!(text, "{space}{byte:02X}");
    }
    if bytes.len() > SHOWN_BYTES {
        text.push_str(" …");
    }
    text
}

fn fixed_header(packet_type: PacketType, byte: u8) -> String {
    let name = packet_type.name();
    let flags = byte & 0x0F;
    match packet_type {
        PacketType::Publish => {
            format!("{name}: DUP {}, QoS {}, RETAIN {}", flags >> 3, flags >> 1 & 3, flags & 1)
        }
        _ => format!("{name}: type {}, flags {flags:04b} as reserved", packet_type as u8),
    }
}

fn connect_flags(byte: u8, version: Version) -> String {
    let bit = |number: u8| byte >> number & 1;
    let clean = if version == Version::V3 { "Clean Session" } else { "Clean Start" };
    format!(
        "User Name {}, Password {}, Will Retain {}, Will QoS {}, Will {}, {clean} {}, reserved {}",
        bit(7),
        bit(6),
        bit(5),
        byte >> 3 & 3,
        bit(2),
        bit(1),
        bit(0)
    )
}

fn subscription_options(byte: u8, version: Version) -> String {
    let qos = byte & 3;
    if version == Version::V3 {
        return format!("QoS {qos} at most");
    }
    let retained = match byte >> 4 & 3 {
        0 => "0 (at every SUBSCRIBE)",
        1 => "1 (only for a new subscription)",
        _ => "2 (never)",
    };
    format!(
        "QoS {qos} at most, No Local {}, Retain As Published {}, Retain Handling {retained}",
        byte >> 2 & 1,
        byte >> 3 & 1
    )
}

const fn packet_identifier(packet_type: PacketType) -> &'static str {
    match packet_type {
        PacketType::Publish | PacketType::Subscribe | PacketType::Unsubscribe => {
            "The number that the answer to this packet repeats"
        }
        _ => "The number of the packet that this one answers",
    }
}

fn property(id: u8, bytes: &[u8]) -> (String, String) {
    let about = about(id);
    let form = row_of(u32::from(id)).map_or(Form::BinaryData, |row| row.form);
    let number = match form {
        Form::VariableByteInteger => variable(bytes),
        Form::Utf8String | Form::Utf8StringPair => {
            return (String::from_utf8_lossy(bytes).into_owned(), about.to_owned());
        }
        Form::BinaryData => return data(bytes, about),
        Form::Byte | Form::TwoByteInteger | Form::FourByteInteger => big_endian(bytes),
    };
    let meaning = match (id, number) {
        (0x01, 0) => "The payload is bytes of any kind".to_owned(),
        (0x01, _) => "The payload is UTF-8 text".to_owned(),
        (0x11, u32::MAX) => "The session never expires".to_owned(),
        (0x11, 0) => "The session ends with the connection".to_owned(),
        (0x02 | 0x11 | 0x13 | 0x18, seconds) => format!("{}: {about}", count(seconds, "second")),
        (0x27, size) => format!("{}: {about}", count(size, "byte")),
        (0x17 | 0x19 | 0x25 | 0x28..=0x2A, 0) => format!("No: {about}"),
        (0x17 | 0x19 | 0x25 | 0x28..=0x2A, _) => format!("Yes: {about}"),
        _ => about.to_owned(),
    };
    (number.to_string(), meaning)
}

const fn about(id: u8) -> &'static str {
    match id {
        0x02 => "how long the message may still be delivered",
        0x03 => "What the payload is, in the publisher's words",
        0x08 => "The topic on which an answer is expected",
        0x09 => "What tells the requester which request is answered",
        0x0B => "The number that the subscriber gave to the subscription",
        0x11 => "how long the session outlives its connection",
        0x12 => "The client identifier that the server chose",
        0x13 => "the keep alive that the server wants instead of the client's",
        0x15 => "The name of the authentication method",
        0x16 => "Data of the authentication method",
        0x17 => "reason strings and user properties are wanted on packets of any type",
        0x18 => "how long the server waits with the Will after the connection's end",
        0x19 => "Response Information is wanted in CONNACK",
        0x1A => "The basis from which the client makes response topics",
        0x1C => "Another server to use",
        0x1F => "The reason, for people to read",
        0x21 => "How many QoS 1 and QoS 2 messages the sender takes at once",
        0x22 => "The highest Topic Alias that the sender takes; 0 means none",
        0x23 => "The number that stands for the topic on this connection",
        0x24 => "The highest QoS that the server supports",
        0x25 => "the server supports retained messages",
        0x27 => "the largest packet that the sender takes",
        0x28 => "the server supports wildcard subscriptions",
        0x29 => "the server supports Subscription Identifiers",
        0x2A => "the server supports shared subscriptions",
        _ => "",
    }
}

const fn form_name(form: Form) -> &'static str {
    match form {
        Form::Byte => "Byte",
        Form::TwoByteInteger => "Two Byte Integer",
        Form::FourByteInteger => "Four Byte Integer",
        Form::VariableByteInteger => "Variable Byte Integer",
        Form::BinaryData => "Binary Data",
        Form::Utf8String => "UTF-8 Encoded String",
        Form::Utf8StringPair => "UTF-8 String Pair",
    }
}

/// Text where the bytes are text to look at, else hexadecimal; the beginning only where there are many.
fn data(bytes: &[u8], about: &str) -> (String, String) {
    let size = count(bytes.len() as u32, "byte");
    let is_shown = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    match std::str::from_utf8(bytes) {
        Ok(text) if text.chars().all(is_shown) => {
            let mut value: String = text.chars().take(SHOWN_BYTES).collect();
            if value.len() < text.len() {
                value.push('…');
            }
            (value, format!("{about}: {size} of UTF-8 text"))
        }
        _ => (hex(bytes), format!("{about}: {size}")),
    }
}

fn count(number: u32, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

fn big_endian(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, &byte| number << 8 | u32::from(byte))
}

fn variable(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).rev().fold(0, |number, &byte| number << 7 | u32::from(byte & 0x7F))
}
