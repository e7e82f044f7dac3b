//! The field map of packets that the specifications print, and of packets that are none.

use glassbroker::wire::Version::{V3, V5};
use glassbroker::wire::{Version, field_map};

/// Start, end, name, value, meaning, clause.
type Row = (usize, usize, &'static str, &'static str, &'static str, &'static str);

#[track_caller]
fn check(bytes: &[u8], version: Version, rows: &[Row]) {
    let fields = field_map(bytes, version);
    let found: Vec<_> = fields
        .iter()
        .map(|field| (field.start, field.end, field.name, &*field.value, &*field.meaning, field.clause))
        .collect();
    assert_eq!(found, rows);
}

#[test]
fn publish() {
    check(
        b"\x3A\x0B\0\x03a/b\0\x0A\0hi!",
        V5,
        &[
            (0, 1, "Packet type and flags", "0x3A", "PUBLISH: DUP 1, QoS 1, RETAIN 0", "3.3.1"),
            (1, 2, "Remaining Length", "11", "11 bytes after the fixed header", "2.1.4"),
            (2, 4, "Topic Name length", "3", "3 bytes follow", "3.3.2.1"),
            (4, 7, "Topic Name", "a/b", "The topic that the message is published to", "3.3.2.1"),
            (7, 9, "Packet Identifier", "10", "The number that the answer to this packet repeats", "3.3.2.2"),
            (9, 10, "Property Length", "0", "No properties", "3.3.2.3.1"),
            (10, 13, "Payload", "hi!", "The application message: 3 bytes of UTF-8 text", "3.3.3"),
        ],
    );
}

#[test]
fn connect_with_a_will() {
    check(
        b"\x10\x1E\0\x04MQTT\x04\xCE\0\x0A\0\0\0\x01w\0\x03bye\0\x02me\0\x04\0key",
        V5,
        &[
            (0, 1, "Packet type and flags", "0x10", "CONNECT: type 1, flags 0000 as reserved", "3.1.1"),
            (1, 2, "Remaining Length", "30", "30 bytes after the fixed header", "2.2.3"),
            (2, 4, "Protocol Name length", "4", "4 bytes follow", "3.1.2.1"),
            (4, 8, "Protocol Name", "MQTT", "The protocol that the client wants to speak", "3.1.2.1"),
            (8, 9, "Protocol Level", "4", "MQTT 3.1.1", "3.1.2.2"),
            (
                9,
                10,
                "Connect Flags",
                "0xCE",
                "User Name 1, Password 1, Will Retain 0, Will QoS 1, Will 1, Clean Session 1, reserved 0",
                "3.1.2.3",
            ),
            (
                10,
                12,
                "Keep Alive",
                "10",
                "10 seconds: after one and a half times as long without a packet the server ends the connection",
                "3.1.2.10",
            ),
            (12, 14, "Client Identifier length", "0", "Empty: no bytes follow", "3.1.3.1"),
            (14, 16, "Will Topic length", "1", "1 byte follows", "3.1.3.2"),
            (16, 17, "Will Topic", "w", "Where the Will is published", "3.1.3.2"),
            (17, 19, "Will Message length", "3", "3 bytes follow", "3.1.3.3"),
            (19, 22, "Will Message", "bye", "The Will's payload: 3 bytes of UTF-8 text", "3.1.3.3"),
            (22, 24, "User Name length", "2", "2 bytes follow", "3.1.3.4"),
            (24, 26, "User Name", "me", "The user name", "3.1.3.4"),
            (26, 28, "Password length", "4", "4 bytes follow", "3.1.3.5"),
            (28, 32, "Password", "00 6B 65 79", "The password: 4 bytes", "3.1.3.5"),
        ],
    );
}

#[test]
fn properties_one_by_one() {
    check(
        b"\xE0\x0E\x8E\x0C\x11\xFF\xFF\xFF\xFF\x26\0\x01k\0\0\x1F",
        V5,
        &[
            (0, 1, "Packet type and flags", "0xE0", "DISCONNECT: type 14, flags 0000 as reserved", "3.14.1"),
            (1, 2, "Remaining Length", "14", "14 bytes after the fixed header", "2.1.4"),
            (2, 3, "Reason Code", "0x8E", "Session taken over", "3.14.2.1"),
            (3, 4, "Property Length", "12", "12 bytes of properties", "3.14.2.2.1"),
            (4, 5, "Property Identifier", "0x11", "Session Expiry Interval, a Four Byte Integer", "2.2.2.2"),
            (5, 9, "Session Expiry Interval", "4294967295", "The session never expires", "3.14.2.2.2"),
            (9, 10, "Property Identifier", "0x26", "User Property, a UTF-8 String Pair", "2.2.2.2"),
            (10, 12, "User Property name length", "1", "1 byte follows", "3.14.2.2.4"),
            (12, 13, "User Property name", "k", "The name of a User Property", "3.14.2.2.4"),
            (13, 15, "User Property value length", "0", "Empty: no bytes follow", "3.14.2.2.4"),
            (15, 16, "Property Identifier", "0x1F", "Reason String, a UTF-8 Encoded String", "2.2.2.2"),
            (
                16,
                16,
                "Malformed",
                "",
                "The properties end within a property's value; the Property Length must count all of it. (At byte 16.)",
                "4.13",
            ),
        ],
    );
}

#[test]
fn the_mistake_is_marked_where_it_is() {
    check(
        b"\x82\x09\0\x01\0\x01a\x07\0\x01b",
        V3,
        &[
            (0, 1, "Packet type and flags", "0x82", "SUBSCRIBE: type 8, flags 0010 as reserved", "3.8.1"),
            (1, 2, "Remaining Length", "9", "9 bytes after the fixed header", "2.2.3"),
            (2, 4, "Packet Identifier", "1", "The number that the answer to this packet repeats", "3.8.2"),
            (4, 6, "Topic Filter length", "1", "1 byte follows", "3.8.3"),
            (6, 7, "Topic Filter", "a", "A filter that is subscribed", "3.8.3"),
            (
                7,
                8,
                "Requested QoS",
                "0x07",
                "Reserved bits are set in the byte of the requested QoS; its upper six bits are 0.",
                "MQTT-3.8.3-4",
            ),
            (
                8,
                11,
                "Not read",
                "00 01 62",
                "Reserved bits are set in the byte of the requested QoS; its upper six bits are 0. (At byte 7.)",
                "MQTT-3.8.3-4",
            ),
        ],
    );
    check(
        b"\x36\x03\0\x01a",
        V5,
        &[(
            0,
            5,
            "Malformed",
            "36 03 00 01 61",
            "PUBLISH has QoS 3; QoS is 0, 1 or 2. (At byte 0.)",
            "MQTT-3.3.1-4",
        )],
    );
    check(
        b"",
        V3,
        &[(0, 0, "Malformed", "", "There is no byte at all; a packet has at least two. (At byte 0.)", "4.8")],
    );
}

/// Binary and long values are shown by their beginning; the bytes themselves are the reader's to show.
#[test]
fn long_values_are_cut() {
    let mut bytes = b"\x30\xD3\x01\0\x01a".to_vec();
    bytes.extend([0xFF; 208]);
    let fields = field_map(&bytes, V3);
    let payload = fields.last().unwrap();
    assert_eq!((payload.start, payload.end), (6, 214));
    assert_eq!(payload.value.len(), 64 * 3 - 1 + " …".len());
    assert_eq!(payload.meaning, "The application message: 208 bytes");
    let text = [b"\x30\xD3\x01\0\x01a".to_vec(), "é".repeat(104).into_bytes()].concat();
    let fields = field_map(&text, V3);
    assert_eq!(fields.last().unwrap().value, format!("{}…", "é".repeat(64)));
}
