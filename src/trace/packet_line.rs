//! A packet's own fields in an event's JSON line.

use super::store::whole;
use crate::broker::PacketBytes;
use crate::json::{Object, write_hex, write_text};
use crate::wire::{
    Connect, Packet, PacketType, Properties, PropertyValue, Publish, QoS, ReasonCode, Subscribe, Version,
    decode,
};
use std::fmt::Write as _;

/// A payload of at most this many bytes stands in the line; of a longer one, its length only.
const SHOWN_BYTES: usize = 256;

/// Writes the fields; says whether `topic` was among them.
pub(super) fn write_packet(object: &mut Object<'_>, packet: &PacketBytes<'_>) -> bool {
    let bytes = whole(packet);
    let packet_type = bytes.first().and_then(|first| PacketType::from_number(first >> 4));
    object.text("packet", packet_type.map_or("reserved", PacketType::name));
    let mut topic_said = false;
    match (decode(&bytes, packet.version), packet_type) {
        (Ok(decoded), Some(packet_type)) => {
            if let Packet::Publish(publish) = &decoded {
                topic_said = !publish.topic.is_empty();
            }
            write_decoded(object, &decoded, packet_type, packet.version);
        }
        (Err(malformed), _) => {
            object.text("malformed", malformed.what);
            object.number("offset", malformed.offset as u64);
        }
        (Ok(_), None) => {}
    }
    object.number("bytes", bytes.len() as u64);
    topic_said
}

fn write_decoded(object: &mut Object<'_>, packet: &Packet, packet_type: PacketType, version: Version) {
    let properties = match packet {
        Packet::Connect(connect) => {
            write_connect(object, connect);
            &connect.properties
        }
        Packet::Connack(connack) => {
            object.switch("session_present", connack.session_present);
            write_code(object, connack.code, packet_type, version);
            &connack.properties
        }
        Packet::Publish(publish) => {
            write_publish(object, publish);
            &publish.properties
        }
        Packet::Puback(ack) | Packet::Pubrec(ack) | Packet::Pubrel(ack) | Packet::Pubcomp(ack) => {
            object.number("id", u64::from(ack.id));
            if version == Version::V5 {
                write_code(object, ack.code, packet_type, version);
            }
            &ack.properties
        }
        Packet::Subscribe(subscribe) => {
            write_subscribe(object, subscribe, version);
            &subscribe.properties
        }
        Packet::Suback(suback) => {
            object.number("id", u64::from(suback.id));
            write_codes(object, &suback.codes);
            &suback.properties
        }
        Packet::Unsubscribe(unsubscribe) => {
            object.number("id", u64::from(unsubscribe.id));
            let mut filters = List::begin(object.key("filters"));
            for filter in &unsubscribe.filters {
                write_text(filters.item(), filter);
            }
            filters.end();
            &unsubscribe.properties
        }
        Packet::Unsuback(unsuback) => {
            object.number("id", u64::from(unsuback.id));
            if version == Version::V5 {
                write_codes(object, &unsuback.codes);
            }
            &unsuback.properties
        }
        Packet::Disconnect(disconnect) => {
            if version == Version::V5 {
                write_code(object, disconnect.code, packet_type, version);
            }
            &disconnect.properties
        }
        Packet::Auth(auth) => {
            write_code(object, auth.code, packet_type, version);
            &auth.properties
        }
        Packet::Pingreq | Packet::Pingresp => &Properties::NONE,
    };
    write_properties(object, properties);
}

fn write_connect(object: &mut Object<'_>, connect: &Connect) {
    object.text("version", if connect.version == Version::V5 { "5" } else { "3.1.1" });
    object.text("client_id", &connect.client_id);
    object.switch("clean_start", connect.clean_start);
    object.number("keep_alive_s", u64::from(connect.keep_alive_s));
    if let Some(username) = &connect.username {
        object.text("username", username);
    }
    if let Some(password) = &connect.password {
        object.number("password_bytes", password.len() as u64);
    }
    if let Some(will) = &connect.will {
        let mut inner = Object::begin(object.key("will"));
        inner.text("topic", &will.topic);
        write_message(&mut inner, will.qos, will.retain, &will.payload);
        write_properties(&mut inner, &will.properties);
        inner.end();
    }
}

fn write_publish(object: &mut Object<'_>, publish: &Publish) {
    if publish.qos != QoS::AtMostOnce {
        object.number("id", u64::from(publish.id));
    }
    if !publish.topic.is_empty() {
        object.text("topic", &publish.topic);
    }
    write_message(object, publish.qos, publish.retain, &publish.payload);
    if publish.dup {
        object.switch("dup", true);
    }
}

fn write_message(object: &mut Object<'_>, qos: QoS, retain: bool, payload: &[u8]) {
    object.number("qos", qos as u64);
    if retain {
        object.switch("retain", true);
    }
    object.number("payload_bytes", payload.len() as u64);
    if !payload.is_empty() && payload.len() <= SHOWN_BYTES {
        write_bytes(object.key("payload"), payload);
    }
}

fn write_subscribe(object: &mut Object<'_>, subscribe: &Subscribe, version: Version) {
    object.number("id", u64::from(subscribe.id));
    let mut filters = List::begin(object.key("filters"));
    for subscription in &subscribe.filters {
        let mut inner = Object::begin(filters.item());
        inner.text("filter", &subscription.filter);
        inner.number("qos", subscription.options.qos as u64);
        if version == Version::V5 {
            inner.switch("no_local", subscription.options.no_local);
            inner.switch("retain_as_published", subscription.options.retain_as_published);
            inner.number("retain_handling", subscription.options.retain_handling as u64);
        }
        inner.end();
    }
    filters.end();
}

fn write_code(object: &mut Object<'_>, code: ReasonCode, packet_type: PacketType, version: Version) {
    object.number("code", u64::from(code.0));
    object.text("reason", code.name(packet_type, version));
}

fn write_codes(object: &mut Object<'_>, codes: &[ReasonCode]) {
    let mut list = List::begin(object.key("codes"));
    for code in codes {
        let _ = write!(list.item(), "{}", code.0);
    }
    list.end();
}

/// Writes the properties by the standard's names in lower case with underscores. The two that may stand in a packet several times
/// are lists.
fn write_properties(object: &mut Object<'_>, properties: &Properties) {
    if properties.is_empty() {
        return;
    }
    let mut inner = Object::begin(object.key("properties"));
    for property in properties.iter() {
        let key = || property.name().to_lowercase().replace(' ', "_");
        match property.value() {
            PropertyValue::Byte(n) => inner.number(&key(), u64::from(n)),
            PropertyValue::TwoByteInteger(n) => inner.number(&key(), u64::from(n)),
            PropertyValue::FourByteInteger(n) => inner.number(&key(), u64::from(n)),
            PropertyValue::Utf8String(text) => inner.text(&key(), text),
            PropertyValue::BinaryData(bytes) => write_bytes(inner.key(&key()), bytes),
            // These may come several times: lists, below.
            PropertyValue::VariableByteInteger(_) | PropertyValue::Utf8StringPair(..) => {}
        }
    }
    if properties.subscription_identifiers().next().is_some() {
        let mut list = List::begin(inner.key("subscription_identifiers"));
        for identifier in properties.subscription_identifiers() {
            let _ = write!(list.item(), "{identifier}");
        }
        list.end();
    }
    if properties.user_properties().next().is_some() {
        let mut list = List::begin(inner.key("user_properties"));
        for (name, value) in properties.user_properties() {
            let mut pair = List::begin(list.item());
            write_text(pair.item(), name);
            write_text(pair.item(), value);
            pair.end();
        }
        list.end();
    }
    inner.end();
}

/// Writes bytes as text where they are UTF-8, else as `{"hex":"…"}`.
fn write_bytes(out: &mut String, bytes: &[u8]) {
    match std::str::from_utf8(bytes) {
        Ok(text) => write_text(out, text),
        Err(_) => {
            let mut object = Object::begin(out);
            write_hex(object.key("hex"), bytes);
            object.end();
        }
    }
}

/// Writes one list into a string.
struct List<'a> {
    out: &'a mut String,
    first: bool,
}

impl<'a> List<'a> {
    fn begin(out: &'a mut String) -> Self {
        out.push('[');
        Self { out, first: true }
    }

    /// Where the caller writes the next item.
    fn item(&mut self) -> &mut String {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        self.out
    }

    fn end(self) {
        self.out.push(']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Property, Text};

    fn line(version: Version, head: &[u8]) -> String {
        let mut out = String::new();
        let mut object = Object::begin(&mut out);
        write_packet(&mut object, &PacketBytes { version, head, body: &[] });
        object.end();
        assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{out}");
        out
    }

    #[test]
    fn packets_are_written_by_their_fields() {
        // The bytes are laid out by hand from chapter 3 of the specifications.
        let connect = [
            0x10, 20, 0, 4, b'M', b'Q', b'T', b'T', 4, 0x06, 0, 60, 0, 1, b'a', 0, 1, b't', 0, 2, 0xff, 0x00,
        ];
        assert_eq!(
            line(Version::V3, &connect),
            r#"{"packet":"CONNECT","version":"3.1.1","client_id":"a","clean_start":true,"keep_alive_s":60,"will":{"topic":"t","qos":0,"payload_bytes":2,"payload":{"hex":"ff00"}},"bytes":22}"#
        );
        assert_eq!(
            line(Version::V3, &[0x20, 2, 0, 5]),
            r#"{"packet":"CONNACK","session_present":false,"code":5,"reason":"Connection refused, not authorized","bytes":4}"#
        );
        assert_eq!(
            line(Version::V5, &[0x3b, 9, 0, 1, b't', 0, 7, 2, 0x01, 0x01, b'x']),
            r#"{"packet":"PUBLISH","id":7,"topic":"t","qos":1,"retain":true,"payload_bytes":1,"payload":"x","dup":true,"properties":{"payload_format_indicator":1},"bytes":11}"#
        );
        assert_eq!(
            line(Version::V3, &[0x82, 6, 0, 3, 0, 1, b'#', 1]),
            r##"{"packet":"SUBSCRIBE","id":3,"filters":[{"filter":"#","qos":1}],"bytes":8}"##
        );
        assert_eq!(
            line(Version::V3, &[0x90, 4, 0, 3, 1, 0x80]),
            r#"{"packet":"SUBACK","id":3,"codes":[1,128],"bytes":6}"#
        );
        assert_eq!(
            line(Version::V5, &[0xe0, 1, 0x8e]),
            r#"{"packet":"DISCONNECT","code":142,"reason":"Session taken over","bytes":3}"#
        );
        assert_eq!(line(Version::V3, &[0xc0, 0]), r#"{"packet":"PINGREQ","bytes":2}"#);
    }

    #[test]
    fn every_property_is_written_once() {
        let properties = Properties(vec![
            Property::UserProperty(Text::from("a"), Text::from("1")),
            Property::SubscriptionIdentifier(5),
            Property::UserProperty(Text::from("a"), Text::from("2")),
            Property::CorrelationData(bytes::Bytes::from_static(&[0xff])),
            Property::SubscriptionIdentifier(6),
        ]);
        let mut out = String::new();
        let mut object = Object::begin(&mut out);
        write_properties(&mut object, &properties);
        object.end();
        assert_eq!(
            out,
            r#"{"properties":{"correlation_data":{"hex":"ff"},"subscription_identifiers":[5,6],"user_properties":[["a","1"],["a","2"]]}}"#
        );
    }

    #[test]
    fn what_is_no_packet_says_why() {
        let out = line(Version::V3, &[0x30, 1, 0]);
        assert!(
            out.starts_with(r#"{"packet":"PUBLISH","malformed":""#) && out.contains("\"bytes\":3"),
            "{out}"
        );
        assert!(line(Version::V5, &[]).starts_with(r#"{"packet":"reserved","malformed":"#));
    }
}
