//! What is no packet: for each mistake the reason code, the statement and the offset that the specifications give.

use bytes::Bytes;
use glassbroker::rule::Source;
use glassbroker::wire::Version::{V3, V5};
use glassbroker::wire::*;

const MALFORMED: u8 = 0x81;
const PROTOCOL_ERROR: u8 = 0x82;
const UNSUPPORTED: u8 = 0x84;
const ALIAS_INVALID: u8 = 0x94;

/// Version, bytes, code, statement (empty where none has a number), offset.
type Row = (Version, &'static [u8], u8, &'static str, usize);

#[track_caller]
fn check(rows: &[Row]) {
    for &(version, bytes, code, rule, offset) in rows {
        let refused =
            decode(&Bytes::from_static(bytes), version).expect_err(&format!("{version:?} {bytes:02X?}"));
        let found = (refused.code.0, refused.rule.map_or("", |rule| rule.id), refused.offset);
        assert_eq!(found, (code, rule, offset), "{version:?} {bytes:02X?}: {}", refused.what);
        assert!(refused.what.ends_with('.') && refused.what.len() > 20, "a sentence: {}", refused.what);
        if let Some(rule) = refused.rule {
            let source = if version == V3 { Source::Mqtt311 } else { Source::Mqtt5 };
            assert_eq!(rule.source, source, "{version:?} {bytes:02X?}");
        }
        // The splitter lets it pass or says the same, when it knows the version.
        let mut splitter = Splitter::new(u32::MAX);
        splitter.speak(version);
        splitter.push(Bytes::from_static(bytes));
        if let Err(early) = splitter.next() {
            assert_eq!(early, refused, "{version:?} {bytes:02X?}");
        }
    }
}

#[test]
fn the_first_byte() {
    check(&[
        (V3, b"", MALFORMED, "", 0),
        (V5, b"", MALFORMED, "", 0),
        // Table 2-1: type 0 is forbidden, 15 too in 3.1.1.
        (V3, b"\x00\x00", MALFORMED, "", 0),
        (V5, b"\x00\x00", MALFORMED, "", 0),
        (V3, b"\xF0\x00", MALFORMED, "", 0),
        (V3, b"\xF1\x00", MALFORMED, "", 0),
        // Table 2-2: flags.
        (V3, b"\x21\x02\x00\x00", MALFORMED, "MQTT-2.2.2-2", 0),
        (V5, b"\x21\x03\x00\x00\x00", MALFORMED, "MQTT-2.1.3-1", 0),
        (V3, b"\x42\x02\x00\x01", MALFORMED, "MQTT-2.2.2-2", 0),
        (V5, b"\x48\x02\x00\x01", MALFORMED, "MQTT-2.1.3-1", 0),
        (V3, b"\x54\x02\x00\x01", MALFORMED, "MQTT-2.2.2-2", 0),
        (V5, b"\x51\x02\x00\x01", MALFORMED, "MQTT-2.1.3-1", 0),
        (V3, b"\x60\x02\x00\x01", MALFORMED, "MQTT-3.6.1-1", 0),
        (V5, b"\x6A\x02\x00\x01", MALFORMED, "MQTT-3.6.1-1", 0),
        (V3, b"\x72\x02\x00\x01", MALFORMED, "MQTT-2.2.2-2", 0),
        (V5, b"\x72\x02\x00\x01", MALFORMED, "MQTT-2.1.3-1", 0),
        (V3, b"\x80\x06\x00\x01\x00\x01a\x00", MALFORMED, "MQTT-3.8.1-1", 0),
        (V5, b"\x83\x07\x00\x01\x00\x00\x01a\x00", MALFORMED, "MQTT-3.8.1-1", 0),
        (V3, b"\x92\x03\x00\x01\x00", MALFORMED, "MQTT-2.2.2-2", 0),
        (V5, b"\x92\x04\x00\x01\x00\x00", MALFORMED, "MQTT-2.1.3-1", 0),
        (V3, b"\xA0\x05\x00\x01\x00\x01a", MALFORMED, "MQTT-3.10.1-1", 0),
        (V5, b"\xA0\x06\x00\x01\x00\x00\x01a", MALFORMED, "MQTT-3.10.1-1", 0),
        (V3, b"\xB4\x02\x00\x01", MALFORMED, "MQTT-2.2.2-2", 0),
        (V5, b"\xB2\x04\x00\x01\x00\x00", MALFORMED, "MQTT-2.1.3-1", 0),
        (V3, b"\xC1\x00", MALFORMED, "MQTT-2.2.2-2", 0),
        (V5, b"\xC8\x00", MALFORMED, "MQTT-2.1.3-1", 0),
        (V3, b"\xD1\x00", MALFORMED, "MQTT-2.2.2-2", 0),
        (V5, b"\xD1\x00", MALFORMED, "MQTT-2.1.3-1", 0),
        (V3, b"\xE2\x00", MALFORMED, "MQTT-3.14.1-1", 0),
        (V5, b"\xE1\x00", MALFORMED, "MQTT-3.14.1-1", 0),
        (V5, b"\xF1\x00", MALFORMED, "MQTT-3.15.1-1", 0),
        // A CONNECT says its own version, and so whose statement it breaks.
        (V3, b"\x11\x0D\0\x04MQTT\x04\x02\0\0\0\x01c", MALFORMED, "MQTT-2.2.2-2", 0),
        (V5, b"\x11\x0E\0\x04MQTT\x05\x02\0\0\0\0\x01c", MALFORMED, "MQTT-2.1.3-1", 0),
    ]);
}

#[test]
fn the_remaining_length() {
    check(&[
        (V3, b"\xC0", MALFORMED, "", 1),
        (V5, b"\xC0", MALFORMED, "", 1),
        (V3, b"\x30\x80", MALFORMED, "", 2),
        (V5, b"\x30\xFF\xFF\xFF", MALFORMED, "", 4),
        // Four bytes are the most (2.2.3 in 3.1.1, 1.5.5 in 5.0).
        (V3, b"\x30\xFF\xFF\xFF\xFF\x01", MALFORMED, "", 1),
        (V5, b"\x30\x80\x80\x80\x80\x00", MALFORMED, "", 1),
        // 5.0 wants the fewest bytes; 3.1.1 does not say so.
        (V5, b"\xC0\x80\x00", MALFORMED, "MQTT-1.5.5-1", 1),
        (V5, b"\x40\x82\x80\x80\x00\x00\x01", MALFORMED, "MQTT-1.5.5-1", 1),
        (V5, b"\x10\x8E\x00\0\x04MQTT\x05\x02\0\0\0\0\x01c", MALFORMED, "MQTT-1.5.5-1", 1),
        // More or fewer bytes than it counts.
        (V3, b"\x40\x02\x00", MALFORMED, "", 3),
        (V5, b"\x40\x02\x00\x01\x00", MALFORMED, "", 4),
        // More bytes than the packet has fields.
        (V3, b"\x40\x03\x00\x01\x00", MALFORMED, "", 4),
        (V3, b"\x50\x03\x00\x01\x00", MALFORMED, "", 4),
        (V3, b"\x62\x04\x00\x01\x00\x00", MALFORMED, "", 4),
        (V3, b"\x70\x03\x00\x01\x00", MALFORMED, "", 4),
        (V3, b"\xB0\x03\x00\x01\x00", MALFORMED, "", 4),
        (V3, b"\xC0\x01\x00", MALFORMED, "", 2),
        (V5, b"\xC0\x01\x00", MALFORMED, "", 2),
        (V3, b"\xD0\x01\x00", MALFORMED, "", 2),
        (V5, b"\xD0\x02\x00\x00", MALFORMED, "", 2),
        (V3, b"\xE0\x01\x00", MALFORMED, "", 2),
        (V3, b"\x20\x03\x00\x00\x00", MALFORMED, "", 4),
        (V5, b"\x20\x04\x00\x00\x00\x00", MALFORMED, "", 5),
        (V5, b"\x40\x05\x00\x01\x00\x00\x00", MALFORMED, "", 6),
        (V5, b"\xE0\x03\x00\x00\x00", MALFORMED, "", 4),
    ]);
}

#[test]
fn connect() {
    check(&[
        // The Protocol Name and the version.
        (V3, b"\x10\x00", MALFORMED, "", 2),
        (V3, b"\x10\x04\0\x04MQ", MALFORMED, "", 6),
        (V3, b"\x10\x0D\0\x04MQTt\x04\x02\0\0\0\x01c", UNSUPPORTED, "MQTT-3.1.2-1", 2),
        (V5, b"\x10\x0D\0\x04mqtt\x05\x02\0\0\0\x01c", UNSUPPORTED, "MQTT-3.1.2-1", 2),
        (V3, b"\x10\x0F\0\x06MQIsdp\x03\x02\0\0\0\x01c", UNSUPPORTED, "MQTT-3.1.2-1", 2),
        (V3, b"\x10\x09\0\0\x04\x02\0\0\0\x01c", UNSUPPORTED, "MQTT-3.1.2-1", 2),
        (V3, b"\x10\x06\0\x04MQTT", MALFORMED, "", 8),
        (V3, b"\x10\x0D\0\x04MQTT\x00\x02\0\0\0\x01c", UNSUPPORTED, "MQTT-3.1.2-2", 8),
        (V3, b"\x10\x0D\0\x04MQTT\x03\x02\0\0\0\x01c", UNSUPPORTED, "MQTT-3.1.2-2", 8),
        (V5, b"\x10\x0D\0\x04MQTT\x06\x02\0\0\0\x01c", UNSUPPORTED, "MQTT-3.1.2-2", 8),
        (V5, b"\x10\x0D\0\x04MQTT\x84\x02\0\0\0\x01c", UNSUPPORTED, "MQTT-3.1.2-2", 8),
        // The Connect Flags.
        (V3, b"\x10\x07\0\x04MQTT\x04", MALFORMED, "", 9),
        (V3, b"\x10\x0D\0\x04MQTT\x04\x03\0\0\0\x01c", MALFORMED, "MQTT-3.1.2-3", 9),
        (V5, b"\x10\x0E\0\x04MQTT\x05\x03\0\0\0\0\x01c", MALFORMED, "MQTT-3.1.2-3", 9),
        (V3, b"\x10\x0D\0\x04MQTT\x04\x0A\0\0\0\x01c", MALFORMED, "MQTT-3.1.2-13", 9),
        (V5, b"\x10\x0E\0\x04MQTT\x05\x12\0\0\0\0\x01c", MALFORMED, "MQTT-3.1.2-11", 9),
        (V3, b"\x10\x0D\0\x04MQTT\x04\x22\0\0\0\x01c", MALFORMED, "MQTT-3.1.2-15", 9),
        (V5, b"\x10\x0E\0\x04MQTT\x05\x22\0\0\0\0\x01c", MALFORMED, "MQTT-3.1.2-13", 9),
        (V3, b"\x10\x12\0\x04MQTT\x04\x1E\0\0\0\x01c\0\x01w\0\0", MALFORMED, "MQTT-3.1.2-14", 9),
        (V5, b"\x10\x14\0\x04MQTT\x05\x1E\0\0\0\0\x01c\0\0\x01w\0\0", MALFORMED, "MQTT-3.1.2-12", 9),
        (V3, b"\x10\x10\0\x04MQTT\x04\x42\0\0\0\x01c\0\x01p", MALFORMED, "MQTT-3.1.2-22", 9),
        // Keep Alive and Client Identifier.
        (V3, b"\x10\x09\0\x04MQTT\x04\x02\0", MALFORMED, "", 11),
        (V3, b"\x10\x0A\0\x04MQTT\x04\x02\0\0", MALFORMED, "MQTT-3.1.3-3", 12),
        (V5, b"\x10\x0A\0\x04MQTT\x05\x02\0\0", MALFORMED, "MQTT-2.2.2-1", 12),
        (V5, b"\x10\x0B\0\x04MQTT\x05\x02\0\0\0", MALFORMED, "MQTT-3.1.3-3", 13),
        (V3, b"\x10\x0D\0\x04MQTT\x04\x02\0\0\0\x02c", MALFORMED, "MQTT-3.1.3-3", 15),
        (V3, b"\x10\x0E\0\x04MQTT\x04\x02\0\0\0\x02c\xFF", MALFORMED, "MQTT-1.5.3-1", 15),
        (V5, b"\x10\x0F\0\x04MQTT\x05\x02\0\0\0\0\x02c\xFF", MALFORMED, "MQTT-1.5.4-1", 16),
        (V3, b"\x10\x0E\0\x04MQTT\x04\x02\0\0\0\x02c\0", MALFORMED, "MQTT-1.5.3-2", 15),
        (V5, b"\x10\x0F\0\x04MQTT\x05\x02\0\0\0\0\x02\0c", MALFORMED, "MQTT-1.5.4-2", 15),
        // The Will.
        (V3, b"\x10\x0D\0\x04MQTT\x04\x06\0\0\0\x01c", MALFORMED, "MQTT-3.1.2-9", 15),
        (V5, b"\x10\x0E\0\x04MQTT\x05\x06\0\0\0\0\x01c", MALFORMED, "MQTT-3.1.2-9", 16),
        (V5, b"\x10\x0F\0\x04MQTT\x05\x06\0\0\0\0\x01c\0", MALFORMED, "MQTT-3.1.2-9", 17),
        (V3, b"\x10\x10\0\x04MQTT\x04\x06\0\0\0\x01c\0\x01w", MALFORMED, "MQTT-3.1.2-9", 18),
        (V3, b"\x10\x12\0\x04MQTT\x04\x06\0\0\0\x01c\0\x01+\0\0", PROTOCOL_ERROR, "MQTT-4.7.1-1", 15),
        (V5, b"\x10\x14\0\x04MQTT\x05\x06\0\0\0\0\x01c\0\0\x01#\0\0", PROTOCOL_ERROR, "MQTT-4.7.0-1", 17),
        (V3, b"\x10\x11\0\x04MQTT\x04\x06\0\0\0\x01c\0\0\0\0", PROTOCOL_ERROR, "MQTT-4.7.3-1", 15),
        (V5, b"\x10\x13\0\x04MQTT\x05\x06\0\0\0\0\x01c\0\0\0\0\0", PROTOCOL_ERROR, "MQTT-4.7.3-1", 17),
        // User name and password.
        (V3, b"\x10\x0D\0\x04MQTT\x04\x82\0\0\0\x01c", MALFORMED, "MQTT-3.1.2-19", 15),
        (V5, b"\x10\x0E\0\x04MQTT\x05\x82\0\0\0\0\x01c", MALFORMED, "MQTT-3.1.2-17", 16),
        (V3, b"\x10\x10\0\x04MQTT\x04\xC2\0\0\0\x01c\0\x01u", MALFORMED, "MQTT-3.1.2-21", 18),
        (V5, b"\x10\x0E\0\x04MQTT\x05\x42\0\0\0\0\x01c", MALFORMED, "MQTT-3.1.2-19", 16),
        (V3, b"\x10\x10\0\x04MQTT\x04\x82\0\0\0\x01c\0\x01\xC0", MALFORMED, "MQTT-1.5.3-1", 17),
        // Fields without their flags.
        (V3, b"\x10\x10\0\x04MQTT\x04\x02\0\0\0\x01c\0\x01u", MALFORMED, "", 15),
        (V5, b"\x10\x11\0\x04MQTT\x05\x02\0\0\0\0\x01c\0\x01u", MALFORMED, "", 16),
    ]);
}

#[test]
fn connack() {
    check(&[
        (V3, b"\x20\x00", MALFORMED, "", 2),
        (V3, b"\x20\x01\x00", MALFORMED, "", 3),
        (V5, b"\x20\x02\x00\x00", MALFORMED, "MQTT-2.2.2-1", 4),
        (V3, b"\x20\x02\x02\x00", MALFORMED, "", 2),
        (V5, b"\x20\x03\x81\x00\x00", MALFORMED, "MQTT-3.2.2-1", 2),
        (V3, b"\x20\x02\x00\x06", MALFORMED, "", 3),
        (V3, b"\x20\x02\x00\x87", MALFORMED, "", 3),
        (V5, b"\x20\x03\x00\x01\x00", PROTOCOL_ERROR, "MQTT-3.2.2-8", 3),
        (V5, b"\x20\x03\x00\x8E\x00", PROTOCOL_ERROR, "MQTT-3.2.2-8", 3),
        (V3, b"\x20\x02\x01\x05", PROTOCOL_ERROR, "MQTT-3.2.2-4", 2),
        (V5, b"\x20\x03\x01\x87\x00", PROTOCOL_ERROR, "MQTT-3.2.2-6", 2),
    ]);
}

#[test]
fn publish() {
    check(&[
        (V3, b"\x36\x05\0\x01a\0\x01", MALFORMED, "MQTT-3.3.1-4", 0),
        (V5, b"\x3E\x06\0\x01a\0\x01\0", MALFORMED, "MQTT-3.3.1-4", 0),
        (V3, b"\x38\x03\0\x01a", MALFORMED, "MQTT-3.3.1-2", 0),
        (V5, b"\x39\x04\0\x01a\0", MALFORMED, "MQTT-3.3.1-2", 0),
        (V3, b"\x30\x00", MALFORMED, "MQTT-3.3.2-1", 2),
        (V3, b"\x30\x02\0\x01", MALFORMED, "MQTT-3.3.2-1", 4),
        (V5, b"\x30\x04\0\x09ab", MALFORMED, "MQTT-3.3.2-1", 6),
        (V3, b"\x30\x02\0\0", PROTOCOL_ERROR, "MQTT-4.7.3-1", 2),
        (V5, b"\x30\x03\0\0\0", PROTOCOL_ERROR, "MQTT-4.7.3-1", 2),
        (V3, b"\x30\x05\0\x03a/#", PROTOCOL_ERROR, "MQTT-3.3.2-2", 2),
        (V5, b"\x30\x06\0\x03+/b\0", PROTOCOL_ERROR, "MQTT-3.3.2-2", 2),
        (V3, b"\x30\x05\0\x03a\0b", MALFORMED, "MQTT-1.5.3-2", 5),
        // Surrogates, overlong forms and cut sequences are no UTF-8.
        (V3, b"\x30\x06\0\x04a\xED\xA0\x80", MALFORMED, "MQTT-1.5.3-1", 5),
        (V5, b"\x30\x06\0\x03\xED\xBF\xBF\0", MALFORMED, "MQTT-1.5.4-1", 4),
        (V3, b"\x30\x04\0\x02\xC0\x80", MALFORMED, "MQTT-1.5.3-1", 4),
        (V3, b"\x30\x06\0\x03ab\xE2\x82", MALFORMED, "MQTT-1.5.3-1", 6),
        (V3, b"\x30\x06\0\x04\xF4\x90\x80\x80", MALFORMED, "MQTT-1.5.3-1", 4),
        (V3, b"\x32\x03\0\x01a", MALFORMED, "", 5),
        (V3, b"\x34\x04\0\x01a\0", MALFORMED, "", 6),
        (V3, b"\x32\x05\0\x01a\0\0", PROTOCOL_ERROR, "MQTT-2.3.1-1", 5),
        (V5, b"\x34\x06\0\x01a\0\0\0", PROTOCOL_ERROR, "MQTT-2.2.1-3", 5),
        (V5, b"\x30\x03\0\x01a", MALFORMED, "MQTT-2.2.2-1", 5),
        (V5, b"\x32\x05\0\x01a\0\x01", MALFORMED, "MQTT-2.2.2-1", 7),
        (V5, b"\x30\x07\0\x01a\x03\x23\0\0", ALIAS_INVALID, "MQTT-3.3.2-8", 7),
        (V5, b"\x30\x08\0\x01a\x04\x08\0\x01#", PROTOCOL_ERROR, "MQTT-3.3.2-14", 7),
        (V5, b"\x30\x07\0\x01a\x03\x08\0\0", PROTOCOL_ERROR, "MQTT-4.7.3-1", 7),
        (V5, b"\x30\x06\0\x01a\x02\x0B\0", PROTOCOL_ERROR, "", 7),
        (V5, b"\x30\x06\0\x01a\x02\x01\x02", PROTOCOL_ERROR, "", 7),
    ]);
}

#[test]
fn acknowledgements() {
    check(&[
        (V3, b"\x40\x01\x00", MALFORMED, "", 3),
        (V5, b"\x50\x00", MALFORMED, "", 2),
        (V3, b"\x40\x02\0\0", PROTOCOL_ERROR, "MQTT-2.3.1-6", 2),
        (V5, b"\x50\x02\0\0", PROTOCOL_ERROR, "MQTT-2.2.1-5", 2),
        (V3, b"\x62\x02\0\0", PROTOCOL_ERROR, "MQTT-2.3.1-6", 2),
        (V5, b"\x70\x02\0\0", PROTOCOL_ERROR, "MQTT-2.2.1-5", 2),
        (V5, b"\x40\x03\0\x01\x92", PROTOCOL_ERROR, "MQTT-3.4.2-1", 4),
        (V5, b"\x50\x03\0\x01\x01", PROTOCOL_ERROR, "MQTT-3.5.2-1", 4),
        (V5, b"\x62\x03\0\x01\x10", PROTOCOL_ERROR, "MQTT-3.6.2-1", 4),
        (V5, b"\x70\x04\0\x01\x80\0", PROTOCOL_ERROR, "MQTT-3.7.2-1", 4),
        (V5, b"\x40\x04\0\x01\0\x01", MALFORMED, "", 5),
        (V5, b"\x40\x06\0\x01\0\x02\x01\0", MALFORMED, "", 6),
    ]);
}

#[test]
fn subscribe_and_unsubscribe() {
    check(&[
        (V3, b"\x82\x00", MALFORMED, "", 2),
        (V3, b"\x82\x02\0\x01", PROTOCOL_ERROR, "MQTT-3.8.3-3", 4),
        (V5, b"\x82\x03\0\x01\0", PROTOCOL_ERROR, "MQTT-3.8.3-2", 5),
        (V5, b"\x82\x02\0\x01", MALFORMED, "MQTT-2.2.2-1", 4),
        (V3, b"\x82\x06\0\0\0\x01a\0", PROTOCOL_ERROR, "MQTT-2.3.1-1", 2),
        (V5, b"\x82\x07\0\0\0\0\x01a\0", PROTOCOL_ERROR, "MQTT-2.2.1-3", 2),
        (V3, b"\x82\x05\0\x01\0\x01a", MALFORMED, "MQTT-3.8.3-3", 7),
        (V5, b"\x82\x06\0\x01\0\0\x01a", MALFORMED, "MQTT-3.8.3-2", 8),
        (V3, b"\x82\x05\0\x01\0\x02a", MALFORMED, "", 7),
        (V3, b"\x82\x05\0\x01\0\0\0", PROTOCOL_ERROR, "MQTT-4.7.3-1", 4),
        (V5, b"\x82\x06\0\x01\0\0\0\0", PROTOCOL_ERROR, "MQTT-4.7.3-1", 5),
        (V3, b"\x82\x06\0\x01\0\x01\xFF\0", MALFORMED, "MQTT-1.5.3-1", 6),
        (V3, b"\x82\x06\0\x01\0\x01a\x03", MALFORMED, "MQTT-3.8.3-4", 7),
        (V3, b"\x82\x06\0\x01\0\x01a\x04", MALFORMED, "MQTT-3.8.3-4", 7),
        (V3, b"\x82\x06\0\x01\0\x01a\x81", MALFORMED, "MQTT-3.8.3-4", 7),
        (V5, b"\x82\x07\0\x01\0\0\x01a\x03", PROTOCOL_ERROR, "", 8),
        (V5, b"\x82\x07\0\x01\0\0\x01a\x30", PROTOCOL_ERROR, "", 8),
        (V5, b"\x82\x07\0\x01\0\0\x01a\x40", MALFORMED, "MQTT-3.8.3-5", 8),
        (V5, b"\x82\x07\0\x01\0\0\x01a\x80", MALFORMED, "MQTT-3.8.3-5", 8),
        (V5, b"\x82\x10\0\x01\0\0\x0A$share/g/a\x04", PROTOCOL_ERROR, "MQTT-3.8.3-4", 17),
        (V5, b"\x82\x09\0\x01\x02\x0B\0\0\x01a\0", PROTOCOL_ERROR, "", 6),
        (V3, b"\xA2\x02\0\x01", PROTOCOL_ERROR, "MQTT-3.10.3-2", 4),
        (V5, b"\xA2\x03\0\x01\0", PROTOCOL_ERROR, "MQTT-3.10.3-2", 5),
        (V3, b"\xA2\x05\0\0\0\x01a", PROTOCOL_ERROR, "MQTT-2.3.1-1", 2),
        (V5, b"\xA2\x06\0\0\0\0\x01a", PROTOCOL_ERROR, "MQTT-2.2.1-3", 2),
        (V3, b"\xA2\x04\0\x01\0\x01", MALFORMED, "", 6),
        (V3, b"\xA2\x04\0\x01\0\0", PROTOCOL_ERROR, "MQTT-4.7.3-1", 4),
        (V5, b"\xA2\x05\0\x01\0\0\0", PROTOCOL_ERROR, "MQTT-4.7.3-1", 5),
        (V5, b"\xA2\x08\0\x01\x02\x0B\x01\0\x01a", MALFORMED, "", 5),
    ]);
}

#[test]
fn suback_and_unsuback() {
    check(&[
        (V3, b"\x90\x01\0", MALFORMED, "", 3),
        (V3, b"\x90\x02\0\x01", PROTOCOL_ERROR, "MQTT-3.8.4-5", 4),
        (V5, b"\x90\x03\0\x01\0", PROTOCOL_ERROR, "MQTT-3.8.4-6", 5),
        (V3, b"\x90\x03\0\0\0", PROTOCOL_ERROR, "MQTT-2.3.1-7", 2),
        (V5, b"\x90\x04\0\0\0\0", PROTOCOL_ERROR, "MQTT-2.2.1-6", 2),
        (V3, b"\x90\x04\0\x01\0\x03", PROTOCOL_ERROR, "MQTT-3.9.3-2", 5),
        (V3, b"\x90\x03\0\x01\x87", PROTOCOL_ERROR, "MQTT-3.9.3-2", 4),
        (V5, b"\x90\x04\0\x01\0\x11", PROTOCOL_ERROR, "MQTT-3.9.3-2", 5),
        (V3, b"\xB0\x02\0\0", PROTOCOL_ERROR, "MQTT-2.3.1-7", 2),
        (V5, b"\xB0\x02\0\x01", MALFORMED, "MQTT-2.2.2-1", 4),
        (V5, b"\xB0\x03\0\x01\0", PROTOCOL_ERROR, "MQTT-3.11.3-1", 5),
        (V5, b"\xB0\x04\0\x01\0\x01", PROTOCOL_ERROR, "MQTT-3.11.3-2", 5),
    ]);
}

#[test]
fn disconnect_and_auth() {
    check(&[
        (V5, b"\xE0\x01\x01", PROTOCOL_ERROR, "MQTT-3.14.2-1", 2),
        (V5, b"\xE0\x02\x84\0", PROTOCOL_ERROR, "MQTT-3.14.2-1", 2),
        (V5, b"\xE0\x03\0\x01\x11", MALFORMED, "", 5),
        (V5, b"\xE0\x02\0\x05", MALFORMED, "", 3),
        (V5, b"\xE0\x05\0\x03\x21\0\x01", MALFORMED, "", 4),
        (V5, b"\xF0\x00", PROTOCOL_ERROR, "MQTT-4.12.0-5", 2),
        (V5, b"\xF0\x01\x18", MALFORMED, "MQTT-2.2.2-1", 3),
        (V5, b"\xF0\x02\x18\0", PROTOCOL_ERROR, "MQTT-4.12.0-5", 3),
        (V5, b"\xF0\x06\x01\x04\x15\0\x01m", PROTOCOL_ERROR, "MQTT-3.15.2-1", 2),
        (V5, b"\xF0\x06\x18\x04\x16\0\x01m", PROTOCOL_ERROR, "MQTT-4.12.0-5", 3),
    ]);
}

#[test]
fn properties() {
    check(&[
        // Identifiers that there are not, too long ones, and a length that is too long or too short.
        (V5, b"\xE0\x03\0\x01\x00", MALFORMED, "", 4),
        (V5, b"\xE0\x03\0\x01\x2B", MALFORMED, "", 4),
        (V5, b"\xE0\x04\0\x02\xA6\x00", MALFORMED, "MQTT-1.5.5-1", 4),
        (V5, b"\xE0\x04\0\x02\x91\x01", MALFORMED, "", 4),
        (V5, b"\xE0\x06\0\x04\xFF\xFF\xFF\xFF", MALFORMED, "", 4),
        (V5, b"\xE0\x03\0\x80\x00", MALFORMED, "MQTT-1.5.5-1", 3),
        (V5, b"\xE0\x06\0\x80\x80\x80\x80\x00", MALFORMED, "", 3),
        (V5, b"\xE0\x02\0\x80", MALFORMED, "MQTT-2.2.2-1", 4),
        (V5, b"\xE0\x06\0\x03\x1F\0\x01a", MALFORMED, "", 7),
        (V5, b"\xE0\x06\0\x05\x11\0\0\0", MALFORMED, "", 3),
        // Twice, where once is the most.
        (V5, b"\xE0\x0C\0\x0A\x11\0\0\0\0\x11\0\0\0\0", PROTOCOL_ERROR, "", 9),
        (V5, b"\x20\x09\0\0\x06\x21\0\x01\x21\0\x01", PROTOCOL_ERROR, "", 8),
        (V5, b"\x82\x0B\0\x01\x04\x0B\x01\x0B\x02\0\x01a\0", PROTOCOL_ERROR, "", 7),
        // Values that are not allowed.
        (V5, b"\x20\x06\0\0\x03\x21\0\0", PROTOCOL_ERROR, "", 6),
        (V5, b"\x20\x05\0\0\x02\x24\x02", PROTOCOL_ERROR, "", 6),
        (V5, b"\x20\x05\0\0\x02\x25\x02", PROTOCOL_ERROR, "", 6),
        (V5, b"\x20\x08\0\0\x05\x27\0\0\0\0", PROTOCOL_ERROR, "", 6),
        (V5, b"\x20\x05\0\0\x02\x28\xFF", PROTOCOL_ERROR, "", 6),
        (V5, b"\x20\x05\0\0\x02\x29\x02", PROTOCOL_ERROR, "", 6),
        (V5, b"\x20\x05\0\0\x02\x2A\x02", PROTOCOL_ERROR, "", 6),
        (V5, b"\x10\x10\0\x04MQTT\x05\x02\0\0\x02\x17\x02\0\x01c", PROTOCOL_ERROR, "", 14),
        (V5, b"\x10\x10\0\x04MQTT\x05\x02\0\0\x02\x19\x03\0\x01c", PROTOCOL_ERROR, "", 14),
        (V5, b"\x10\x11\0\x04MQTT\x05\x02\0\0\x03\x21\0\0\0\x01c", PROTOCOL_ERROR, "", 14),
        (V5, b"\x10\x11\0\x04MQTT\x05\x02\0\0\x03\x16\0\0\0\x01c", PROTOCOL_ERROR, "", 12),
        // Strings in properties are strings.
        (V5, b"\xE0\x06\0\x04\x1F\0\x01\0", MALFORMED, "MQTT-1.5.4-2", 7),
        (V5, b"\xE0\x08\0\x06\x26\0\x01a\0\x01", MALFORMED, "", 10),
        (V5, b"\xE0\x09\0\x07\x26\0\x01a\0\x01\xFE", MALFORMED, "MQTT-1.5.4-1", 10),
        (V5, b"\xE0\x09\0\x07\x26\0\x01\0\0\x01b", MALFORMED, "MQTT-1.5.4-2", 7),
        (V5, b"\x30\x09\0\x01a\x05\x0B\xFF\xFF\xFF\xFF", MALFORMED, "", 7),
    ]);
}

/// Table 2-4: every property in every packet, allowed or refused.
#[test]
fn a_property_stands_only_where_it_may() {
    use PacketType::*;
    let table: [(u8, &[PacketType], bool); 27] = [
        (0x01, &[Publish], true),
        (0x02, &[Publish], true),
        (0x03, &[Publish], true),
        (0x08, &[Publish], true),
        (0x09, &[Publish], true),
        (0x0B, &[Publish, Subscribe], false),
        (0x11, &[Connect, Connack, Disconnect], false),
        (0x12, &[Connack], false),
        (0x13, &[Connack], false),
        (0x15, &[Connect, Connack, Auth], false),
        (0x16, &[Connect, Connack, Auth], false),
        (0x17, &[Connect], false),
        (0x18, &[], true),
        (0x19, &[Connect], false),
        (0x1A, &[Connack], false),
        (0x1C, &[Connack, Disconnect], false),
        (0x1F, &[Connack, Puback, Pubrec, Pubrel, Pubcomp, Suback, Unsuback, Disconnect, Auth], false),
        (0x21, &[Connect, Connack], false),
        (0x22, &[Connect, Connack], false),
        (0x23, &[Publish], false),
        (0x24, &[Connack], false),
        (0x25, &[Connack], false),
        (
            0x26,
            &[
                Connect,
                Connack,
                Publish,
                Puback,
                Pubrec,
                Pubrel,
                Pubcomp,
                Subscribe,
                Suback,
                Unsubscribe,
                Unsuback,
                Disconnect,
                Auth,
            ],
            true,
        ),
        (0x27, &[Connect, Connack], false),
        (0x28, &[Connack], false),
        (0x29, &[Connack], false),
        (0x2A, &[Connack], false),
    ];
    for (id, packets, in_will) in table {
        let found: Vec<PacketType> = (1..=15)
            .filter_map(PacketType::from_number)
            .filter(|&packet_type| Carrier::Packet(packet_type).clause(id).is_some())
            .collect();
        assert_eq!(found, packets, "property {id:#04x}");
        assert_eq!(Carrier::Will.clause(id).is_some(), in_will, "property {id:#04x} in the Will");
        // The decoder asks that table: with the property in front, DISCONNECT reads on or refuses its identifier.
        let bytes = Bytes::copy_from_slice(&[0xE0, 0x03, 0x00, 0x01, id]);
        let offset = if packets.contains(&Disconnect) { 5 } else { 4 };
        assert_eq!(decode(&bytes, V5).unwrap_err().offset, offset, "property {id:#04x}");
    }
}

#[test]
fn the_splitter_refuses_as_soon_as_it_can() {
    let refusal = |bytes: &'static [u8], max| {
        let mut splitter = Splitter::new(max);
        let mut taken = 0;
        for &byte in bytes {
            splitter.push(Bytes::copy_from_slice(&[byte]));
            taken += 1;
            match splitter.next() {
                Ok(None) => {}
                Ok(Some(_)) => return Err(taken),
                Err(refused) => {
                    // It stays refused, and keeps nothing.
                    splitter.push(Bytes::from_static(b"\xC0\x00"));
                    assert_eq!(splitter.next(), Err(refused.clone()));
                    assert_eq!(splitter.buffered_bytes(), 0);
                    return Ok((taken, refused.code.0, refused.offset));
                }
            }
        }
        Err(0)
    };
    assert_eq!(refusal(b"\x06\x00", 100), Ok((1, MALFORMED, 0)));
    assert_eq!(refusal(b"\x36\x00", 100), Ok((1, MALFORMED, 0)));
    assert_eq!(refusal(b"\x30\xFF\xFF\xFF\xFF", 100), Ok((5, MALFORMED, 1)));
    // 3.1.2.11.4 in 5.0: the packet size counts the fixed header. 98 and 2 bytes are 100.
    assert_eq!(refusal(b"\x30\x63", 100), Ok((2, 0x95, 1)));
    assert_eq!(refusal(b"\x30\x62", 100), Err(0));
    assert_eq!(refusal(b"\x30\x80\x01", 100), Ok((3, 0x95, 1)));
    assert_eq!(refusal(b"\xC0\x00", 2), Err(2));
    assert_eq!(refusal(b"\xC0\x00", 1), Ok((2, 0x95, 1)));
}
