//! Bad input, packet by packet: what each version answers to what is malformed or forbidden, and that nobody else notices.
//!
//! Each row is a version, a first byte and what follows the Remaining Length, the answer, the clause, and what is wrong. Where
//! 5.0 says that something must not be, but neither that it is malformed nor that it is a protocol error, either code will do.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::Kind;
use glassbroker::rule::Source;
use glassbroker::wire::*;
use std::fmt::Debug;

/// What the broker answers before it closes the connection.
#[derive(Clone, Copy, Debug)]
enum Answer {
    /// Nothing.
    Closed,
    /// DISCONNECT with this code.
    Told(u8),
    /// DISCONNECT with Malformed Packet or Protocol Error.
    ToldEither,
    /// CONNACK with this code.
    Refused(u8),
    /// CONNACK with Malformed Packet or Protocol Error.
    RefusedEither,
}

use Answer::{Closed, Refused, RefusedEither, Told, ToldEither};

const MALFORMED: u8 = 0x81;
const PROTOCOL_ERROR: u8 = 0x82;
const UNSUPPORTED: u8 = 0x84;
const ALIAS_INVALID: u8 = 0x94;

/// Version, first byte, the rest, answer, statement (or section where no statement has a number), what is wrong.
type Row = (Version, u8, &'static [u8], Answer, &'static str, &'static str);

/// A packet of this first byte and body, which is short.
fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let length = u8::try_from(body.len()).ok().filter(|length| *length < 0x80).expect("a short packet");
    let mut bytes = vec![first, length];
    bytes.extend_from_slice(body);
    bytes
}

/// A broker, and on it a client that does no harm.
struct Scene {
    pair: Pair,
    innocent: glassbroker::broker::ConnId,
}

impl Scene {
    fn new() -> Self {
        let mut pair = Pair::new("mqtt");
        let innocent = pair.join(persistent(V5, "innocent"));
        pair.subscribe(innocent, "#", QOS2);
        Self { pair, innocent }
    }

    /// Sends the bytes on a connection of their own, which `connected` says to be one of a client that is known.
    fn offend(
        &mut self,
        version: Version,
        connected: bool,
        bytes: &[u8],
        answer: Answer,
        clause: &str,
        what: &str,
    ) {
        let row = (version, what, bytes);
        let pair = &mut self.pair;
        let conn = if connected { pair.join(client(version, "offender")) } else { pair.open() };
        pair.wire(conn).version = Some(version);
        pair.send_bytes(conn, bytes.to_vec());
        assert!(pair.is_closed(conn), "{row:02X?} ends the connection");
        let inbox = pair.inbox(conn);
        let either = |code: ReasonCode| [MALFORMED, PROTOCOL_ERROR].contains(&code.0);
        let is_as_it_should_be = match (answer, &inbox[..]) {
            (Closed, []) => true,
            (Told(code), [Packet::Disconnect(told)]) => told.code.0 == code,
            (ToldEither, [Packet::Disconnect(told)]) => either(told.code),
            (Refused(code), [Packet::Connack(connack)]) => connack.code.0 == code && !connack.session_present,
            (RefusedEither, [Packet::Connack(connack)]) => either(connack.code) && !connack.session_present,
            _ => false,
        };
        assert!(is_as_it_should_be, "{row:02X?}: {answer:?}, and not {inbox:?}");
        let decision = pair.last(Kind::Decision);
        let (source, id) = rule_of(decision);
        if clause.starts_with("MQTT-") {
            assert_eq!((source, id), (mqtt(version, "").0, clause), "{row:02X?}");
        } else {
            assert!([Source::Mqtt311, Source::Mqtt5].contains(&source), "{row:02X?} is against {id}");
        }
        self.nobody_else_noticed(&row);
    }

    /// The innocent client got nothing, and goes on as before.
    fn nobody_else_noticed(&mut self, row: &dyn Debug) {
        let (pair, innocent) = (&mut self.pair, self.innocent);
        assert!(!pair.is_closed(innocent), "{row:02X?}");
        assert_eq!(pair.inbox(innocent), [], "{row:02X?}");
        assert!(!pair.has_session("offender"), "{row:02X?}");
        pair.publish(innocent, "still/here", "yes", QOS2);
        pair.send(innocent, Packet::Pubrel(ack(1)));
        pair.send(innocent, Packet::Pingreq);
        let got = pair.receive_all(innocent);
        assert_eq!(got.iter().map(payload).collect::<Vec<_>>(), ["yes"], "{row:02X?}");
        let session = pair.session("innocent");
        assert_eq!((session.subscriptions.len(), session.inflight_count, session.queued), (1, 0, 0));
    }
}

/// What clients send once they are connected.
#[track_caller]
fn check(rows: &[Row]) {
    let mut scene = Scene::new();
    for &(version, first, body, answer, clause, what) in rows {
        scene.offend(version, true, &packet(first, body), answer, clause, what);
    }
}

/// What comes first on a connection.
#[track_caller]
fn check_first(rows: &[Row]) {
    let mut scene = Scene::new();
    for &(version, first, body, answer, clause, what) in rows {
        scene.offend(version, false, &packet(first, body), answer, clause, what);
    }
}

/// [MQTT-3.1.0-1] [3.1.1 MQTT-3.1.4-1] [5.0 MQTT-3.1.4-1]
#[test]
#[rustfmt::skip]
fn before_connect() {
    check_first(&[
        (V3, 0xC0, b"", Closed, "MQTT-3.1.0-1", "PINGREQ"),
        (V3, 0x30, b"\0\x01a", Closed, "MQTT-3.1.0-1", "PUBLISH"),
        (V3, 0x82, b"\0\x01\0\x01a\0", Closed, "MQTT-3.1.0-1", "SUBSCRIBE"),
        (V3, 0xE0, b"", Closed, "MQTT-3.1.0-1", "DISCONNECT"),
        (V3, 0x20, b"\0\0", Closed, "MQTT-3.1.0-1", "CONNACK"),
        (V5, 0xF0, b"\x18\x04\x15\0\x01m", Closed, "3.1", "AUTH"),
    ]);
}

#[test]
#[rustfmt::skip]
fn connect() {
    check_first(&[
        (V3, 0x11, b"\0\x04MQTT\x04\x02\0\0\0\x01c", Closed, "MQTT-2.2.2-2", "a fixed header with flags"),
        (V5, 0x11, b"\0\x04MQTT\x05\x02\0\0\0\0\x01c", Closed, "2.1.3", "the same: the version is not read"),
        (V3, 0x10, b"\0\x04mqtt\x04\x02\0\0\0\x01c", Closed, "MQTT-3.1.2-1", "another protocol's name"),
        (V5, 0x10, b"\0\x04mqtt\x05\x02\0\0\0\0\x01c", Refused(UNSUPPORTED), "MQTT-3.1.2-1", "another protocol's name"),
        (V3, 0x10, b"\0\x04MQTT\x03\x02\0\0\0\x01c", Refused(0x01), "MQTT-3.1.2-2", "level 3"),
        (V5, 0x10, b"\0\x04MQTT\x06\x02\0\0\0\0\x01c", Refused(UNSUPPORTED), "MQTT-3.1.2-2", "version 6"),
        (V3, 0x10, b"\0\x04MQTT\x04\x03\0\0\0\x01c", Closed, "MQTT-3.1.2-3", "the reserved flag"),
        (V5, 0x10, b"\0\x04MQTT\x05\x03\0\0\0\0\x01c", Refused(MALFORMED), "MQTT-3.1.2-3", "the reserved flag"),
        (V3, 0x10, b"\0\x04MQTT\x04\x0A\0\0\0\x01c", Closed, "MQTT-3.1.2-13", "Will QoS without a Will"),
        (V5, 0x10, b"\0\x04MQTT\x05\x0A\0\0\0\0\x01c", RefusedEither, "MQTT-3.1.2-11", "Will QoS without a Will"),
        (V3, 0x10, b"\0\x04MQTT\x04\x22\0\0\0\x01c", Closed, "MQTT-3.1.2-15", "Will Retain without a Will"),
        (V5, 0x10, b"\0\x04MQTT\x05\x22\0\0\0\0\x01c", RefusedEither, "MQTT-3.1.2-13", "Will Retain without a Will"),
        (V3, 0x10, b"\0\x04MQTT\x04\x1E\0\0\0\x01c\0\x01w\0\0", Closed, "MQTT-3.1.2-14", "Will QoS 3"),
        (V5, 0x10, b"\0\x04MQTT\x05\x1E\0\0\0\0\x01c\0\0\x01w\0\0", Refused(MALFORMED), "MQTT-3.1.2-12", "Will QoS 3"),
        (V3, 0x10, b"\0\x04MQTT\x04\x06\0\0\0\x01c", Closed, "MQTT-3.1.2-9", "a Will Flag without a Will"),
        (V5, 0x10, b"\0\x04MQTT\x05\x06\0\0\0\0\x01c", Refused(MALFORMED), "MQTT-3.1.2-9", "a Will Flag without a Will"),
        (V3, 0x10, b"\0\x04MQTT\x04\x42\0\0\0\x01c\0\x01p", Closed, "MQTT-3.1.2-22", "a password without a user name"),
        (V3, 0x10, b"\0\x04MQTT\x04\x82\0\0\0\x01c", Closed, "MQTT-3.1.2-19", "a flag without its user name"),
        (V5, 0x10, b"\0\x04MQTT\x05\x82\0\0\0\0\x01c", Refused(MALFORMED), "MQTT-3.1.2-17", "a flag without its user name"),
        (V3, 0x10, b"\0\x04MQTT\x04\xC2\0\0\0\x01c\0\x01u", Closed, "MQTT-3.1.2-21", "a flag without its password"),
        (V5, 0x10, b"\0\x04MQTT\x05\x42\0\0\0\0\x01c", Refused(MALFORMED), "MQTT-3.1.2-19", "a flag without its password"),
        (V3, 0x10, b"\0\x04MQTT\x04\x02\0\0", Closed, "MQTT-3.1.3-3", "no Client Identifier"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\0", Refused(MALFORMED), "MQTT-3.1.3-3", "no Client Identifier"),
        (V3, 0x10, b"\0\x04MQTT\x04\0\0\0\0\0", Refused(0x02), "MQTT-3.1.3-8", "an empty one without Clean Session"),
        (V3, 0x10, b"\0\x04MQTT\x04\x02\0\0\0\x02c\xFF", Closed, "MQTT-1.5.3-1", "an identifier that is no UTF-8"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\0\0\x02c\xFF", Refused(MALFORMED), "MQTT-1.5.4-1", "an identifier that is no UTF-8"),
        (V3, 0x10, b"\0\x04MQTT\x04\x02\0\0\0\x02c\0", Closed, "MQTT-1.5.3-2", "an identifier with U+0000"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\0\0\x02c\0", Refused(MALFORMED), "MQTT-1.5.4-2", "an identifier with U+0000"),
        (V3, 0x10, b"\0\x04MQTT\x04\x82\0\0\0\x01c\0\x01\xC0", Closed, "MQTT-1.5.3-1", "a user name that is no UTF-8"),
        (V5, 0x10, b"\0\x04MQTT\x05\x82\0\0\0\0\x01c\0\x01\xC0", Refused(MALFORMED), "MQTT-1.5.4-1", "a user name that is no UTF-8"),
        (V3, 0x10, b"\0\x04MQTT\x04\x06\0\0\0\x01c\0\x01+\0\0", Closed, "MQTT-4.7.1-1", "a wildcard in the Will Topic"),
        (V5, 0x10, b"\0\x04MQTT\x05\x06\0\0\0\0\x01c\0\0\x01+\0\0", RefusedEither, "MQTT-4.7.0-1", "a wildcard in the Will Topic"),
        (V3, 0x10, b"\0\x04MQTT\x04\x06\0\0\0\x01c\0\0\0\0", Closed, "MQTT-4.7.3-1", "an empty Will Topic"),
        (V5, 0x10, b"\0\x04MQTT\x05\x06\0\0\0\0\x01c\0\0\0\0\0", RefusedEither, "MQTT-4.7.3-1", "an empty Will Topic"),
        (V3, 0x10, b"\0\x04MQTT\x04\x02\0\0\0\x01c\0\x01u", Closed, "3.1.2", "a field without its flag"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\0\0\x01c\0\x01u", Refused(MALFORMED), "3.1.2", "a field without its flag"),
    ]);
}

/// [5.0 MQTT-1.5.7-1]
#[test]
#[rustfmt::skip]
fn properties_of_connect() {
    check_first(&[
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\x03\x21\0\0\0\x01c", Refused(PROTOCOL_ERROR), "3.1.2.11.3", "Receive Maximum 0"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\x05\x27\0\0\0\0\0\x01c", Refused(PROTOCOL_ERROR), "3.1.2.11.4", "Maximum Packet Size 0"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\x02\x19\x02\0\x01c", Refused(PROTOCOL_ERROR), "3.1.2.11.6", "Request Response Information 2"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\x02\x17\x02\0\x01c", Refused(PROTOCOL_ERROR), "3.1.2.11.7", "Request Problem Information 2"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\x04\x16\0\x01x\0\x01c", Refused(PROTOCOL_ERROR), "3.1.2.11.10", "Authentication Data without a method"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\x06\x21\0\x01\x21\0\x02\0\x01c", Refused(PROTOCOL_ERROR), "3.1.2.11.3", "Receive Maximum twice"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\x03\x23\0\x01\0\x01c", Refused(MALFORMED), "2.2.2.2", "a Topic Alias"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\x02\x7E\0\0\x01c", Refused(MALFORMED), "2.2.2.2", "a property that there is not"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\x80\0\0\x01c", Refused(MALFORMED), "MQTT-1.5.5-1", "a length of more bytes than it needs"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\x07\x26\0\x01a\0\x01\xFE\0\x01c", Refused(MALFORMED), "MQTT-1.5.4-1", "half a pair that is no UTF-8"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\x07\x26\0\x01\0\0\x01b\0\x01c", Refused(MALFORMED), "MQTT-1.5.4-2", "half a pair with U+0000"),
        (V5, 0x10, b"\0\x04MQTT\x05\x06\0\0\0\0\x01c\x02\x24\x01\0\x01w\0\0", Refused(MALFORMED), "2.2.2.2", "Maximum QoS in a Will"),
        (V5, 0x10, b"\0\x04MQTT\x05\x06\0\0\0\0\x01c\x04\x08\0\x01#\0\x01w\0\0", RefusedEither, "MQTT-3.3.2-14", "a wildcard in a Will's Response Topic"),
    ]);
}

/// [5.0 MQTT-3.3.2-13, MQTT-3.3.2-19]
#[test]
#[rustfmt::skip]
fn publish() {
    check(&[
        (V3, 0x36, b"\0\x01a\0\x01", Closed, "MQTT-3.3.1-4", "QoS 3"),
        (V5, 0x36, b"\0\x01a\0\x01\0", Told(MALFORMED), "MQTT-3.3.1-4", "QoS 3"),
        (V3, 0x38, b"\0\x01a", Closed, "MQTT-3.3.1-2", "DUP at QoS 0"),
        (V5, 0x38, b"\0\x01a\0", ToldEither, "MQTT-3.3.1-2", "DUP at QoS 0"),
        (V3, 0x30, b"", Closed, "MQTT-3.3.2-1", "no Topic Name"),
        (V5, 0x30, b"\0\x09ab", Told(MALFORMED), "MQTT-3.3.2-1", "a Topic Name that is cut"),
        (V3, 0x30, b"\0\0x", Closed, "MQTT-4.7.3-1", "an empty Topic Name"),
        (V5, 0x30, b"\0\0\0x", Told(PROTOCOL_ERROR), "MQTT-4.7.3-1", "an empty Topic Name and no alias"),
        (V3, 0x30, b"\0\x03a/#", Closed, "MQTT-3.3.2-2", "`#` in a Topic Name"),
        (V5, 0x30, b"\0\x03a/#\0", ToldEither, "MQTT-3.3.2-2", "`#` in a Topic Name"),
        (V3, 0x30, b"\0\x03+/b", Closed, "MQTT-3.3.2-2", "`+` in a Topic Name"),
        (V5, 0x30, b"\0\x03+/b\0", ToldEither, "MQTT-3.3.2-2", "`+` in a Topic Name"),
        (V3, 0x30, b"\0\x03a\0b", Closed, "MQTT-1.5.3-2", "U+0000 in a Topic Name"),
        (V5, 0x30, b"\0\x03a\0b\0", Told(MALFORMED), "MQTT-1.5.4-2", "U+0000 in a Topic Name"),
        (V3, 0x30, b"\0\x04a\xED\xA0\x80", Closed, "MQTT-1.5.3-1", "a surrogate in a Topic Name"),
        (V5, 0x30, b"\0\x04a\xED\xA0\x80\0", Told(MALFORMED), "MQTT-1.5.4-1", "a surrogate in a Topic Name"),
        (V3, 0x32, b"\0\x01a", Closed, "3.3.2.2", "no Packet Identifier"),
        (V5, 0x32, b"\0\x01a", Told(MALFORMED), "3.3.2.2", "no Packet Identifier"),
        (V3, 0x32, b"\0\x01a\0\0", Closed, "MQTT-2.3.1-1", "Packet Identifier 0"),
        (V5, 0x34, b"\0\x01a\0\0\0", ToldEither, "MQTT-2.2.1-3", "Packet Identifier 0"),
        (V5, 0x30, b"\0\x01a", Told(MALFORMED), "MQTT-2.2.2-1", "no Property Length"),
        (V5, 0x30, b"\0\x01a\x03\x23\0\0", Told(ALIAS_INVALID), "MQTT-3.3.2-8", "Topic Alias 0"),
        (V5, 0x30, b"\0\x01a\x03\x23\0\x11", Told(ALIAS_INVALID), "MQTT-3.3.2-9", "a Topic Alias above the maximum of 16"),
        (V5, 0x30, b"\0\0\x03\x23\0\x01", Told(PROTOCOL_ERROR), "MQTT-3.3.2-7", "a Topic Alias that was never set"),
        (V5, 0x30, b"\0\x01a\x06\x23\0\x01\x23\0\x01", Told(PROTOCOL_ERROR), "3.3.2.3.4", "a Topic Alias twice"),
        (V5, 0x30, b"\0\x01a\x04\x08\0\x01#", ToldEither, "MQTT-3.3.2-14", "a wildcard in the Response Topic"),
        (V5, 0x30, b"\0\x01a\x04\x08\0\x01\xFF", Told(MALFORMED), "MQTT-1.5.4-1", "a Response Topic that is no UTF-8"),
        (V5, 0x30, b"\0\x01a\x04\x03\0\x01\xFF", Told(MALFORMED), "MQTT-1.5.4-1", "a Content Type that is no UTF-8"),
        (V5, 0x30, b"\0\x01a\x02\x0B\x01", ToldEither, "MQTT-3.3.4-6", "a Subscription Identifier of a client"),
        (V5, 0x30, b"\0\x01a\x04\x01\0\x01\0", Told(PROTOCOL_ERROR), "3.3.2.3.2", "a Payload Format Indicator twice"),
        (V5, 0x30, b"\0\x01a\x02\x01\x02", ToldEither, "3.3.2.3.2", "Payload Format Indicator 2"),
        (V5, 0x30, b"\0\x01a\x05\x11\0\0\0\x01", Told(MALFORMED), "2.2.2.2", "a Session Expiry Interval"),
    ]);
}

#[test]
#[rustfmt::skip]
fn acknowledgements() {
    check(&[
        (V3, 0x41, b"\0\x01", Closed, "MQTT-2.2.2-2", "PUBACK with flags"),
        (V5, 0x41, b"\0\x01", Told(MALFORMED), "MQTT-2.1.3-1", "PUBACK with flags"),
        (V3, 0x51, b"\0\x01", Closed, "MQTT-2.2.2-2", "PUBREC with flags"),
        (V5, 0x51, b"\0\x01", Told(MALFORMED), "MQTT-2.1.3-1", "PUBREC with flags"),
        (V3, 0x60, b"\0\x01", Closed, "MQTT-3.6.1-1", "PUBREL without its flags"),
        (V5, 0x60, b"\0\x01", Told(MALFORMED), "MQTT-3.6.1-1", "PUBREL without its flags"),
        (V3, 0x72, b"\0\x01", Closed, "MQTT-2.2.2-2", "PUBCOMP with flags"),
        (V5, 0x72, b"\0\x01", Told(MALFORMED), "MQTT-2.1.3-1", "PUBCOMP with flags"),
        (V3, 0x40, b"\0", Closed, "2.3.1", "half a Packet Identifier"),
        (V5, 0x50, b"", Told(MALFORMED), "2.2.1", "no Packet Identifier"),
        (V3, 0x40, b"\0\0", Closed, "MQTT-2.3.1-6", "Packet Identifier 0"),
        (V5, 0x40, b"\0\0", ToldEither, "MQTT-2.2.1-5", "Packet Identifier 0"),
        (V3, 0x62, b"\0\0", Closed, "MQTT-2.3.1-6", "Packet Identifier 0"),
        (V5, 0x62, b"\0\0", ToldEither, "MQTT-2.2.1-5", "Packet Identifier 0"),
        (V3, 0x40, b"\0\x01\0", Closed, "3.4", "a byte too many"),
        (V5, 0x40, b"\0\x01\x92", ToldEither, "MQTT-3.4.2-1", "a code that PUBACK has not"),
        (V5, 0x50, b"\0\x01\x01", ToldEither, "MQTT-3.5.2-1", "a code that PUBREC has not"),
        (V5, 0x62, b"\0\x01\x10", ToldEither, "MQTT-3.6.2-1", "a code that PUBREL has not"),
        (V5, 0x70, b"\0\x01\x80", ToldEither, "MQTT-3.7.2-1", "a code that PUBCOMP has not"),
        (V5, 0x40, b"\0\x01\0\x02\x01\0", Told(MALFORMED), "2.2.2.2", "a property that PUBACK has not"),
        (V5, 0x40, b"\0\x01\0\x08\x1F\0\x01a\x1F\0\x01b", Told(PROTOCOL_ERROR), "3.4.2.2.2", "a Reason String twice"),
    ]);
}

#[test]
#[rustfmt::skip]
fn subscribe() {
    check(&[
        (V3, 0x80, b"\0\x01\0\x01a\0", Closed, "MQTT-3.8.1-1", "no flags"),
        (V5, 0x80, b"\0\x01\0\0\x01a\0", Told(MALFORMED), "MQTT-3.8.1-1", "no flags"),
        (V3, 0x82, b"\0\x01", Closed, "MQTT-3.8.3-3", "no Topic Filter"),
        (V5, 0x82, b"\0\x01\0", Told(PROTOCOL_ERROR), "MQTT-3.8.3-2", "no Topic Filter"),
        (V3, 0x82, b"\0\0\0\x01a\0", Closed, "MQTT-2.3.1-1", "Packet Identifier 0"),
        (V5, 0x82, b"\0\0\0\0\x01a\0", ToldEither, "MQTT-2.2.1-3", "Packet Identifier 0"),
        (V3, 0x82, b"\0\x01\0\x01a", Closed, "MQTT-3.8.3-3", "a filter without its QoS"),
        (V5, 0x82, b"\0\x01\0\0\x01a", Told(MALFORMED), "MQTT-3.8.3-2", "a filter without its options"),
        (V3, 0x82, b"\0\x01\0\0\0", Closed, "MQTT-4.7.3-1", "an empty filter"),
        (V5, 0x82, b"\0\x01\0\0\0\0", ToldEither, "MQTT-4.7.3-1", "an empty filter"),
        (V3, 0x82, b"\0\x01\0\x01\xFF\0", Closed, "MQTT-1.5.3-1", "a filter that is no UTF-8"),
        (V5, 0x82, b"\0\x01\0\0\x01\xFF\0", Told(MALFORMED), "MQTT-1.5.4-1", "a filter that is no UTF-8"),
        (V3, 0x82, b"\0\x01\0\x01\0\0", Closed, "MQTT-1.5.3-2", "a filter with U+0000"),
        (V3, 0x82, b"\0\x01\0\x03a#b\0", Closed, "MQTT-4.7.1-2", "`#` that is not alone"),
        (V3, 0x82, b"\0\x01\0\x02a+\0", Closed, "MQTT-4.7.1-3", "`+` that is not alone"),
        (V3, 0x82, b"\0\x01\0\x01a\x03", Closed, "MQTT-3.8.3-4", "QoS 3"),
        (V5, 0x82, b"\0\x01\0\0\x01a\x03", Told(PROTOCOL_ERROR), "3.8.3.1", "QoS 3"),
        (V3, 0x82, b"\0\x01\0\x01a\x04", Closed, "MQTT-3.8.3-4", "a reserved bit"),
        (V5, 0x82, b"\0\x01\0\0\x01a\x40", Told(MALFORMED), "MQTT-3.8.3-5", "a reserved bit"),
        (V5, 0x82, b"\0\x01\0\0\x01a\x30", Told(PROTOCOL_ERROR), "3.8.3.1", "Retain Handling 3"),
        (V5, 0x82, b"\0\x01\0\0\x0A$share/g/a\x04", Told(PROTOCOL_ERROR), "MQTT-3.8.3-4", "No Local on a shared subscription"),
        (V5, 0x82, b"\0\x01\x02\x0B\0\0\x01a\0", Told(PROTOCOL_ERROR), "3.8.2.1.2", "Subscription Identifier 0"),
        (V5, 0x82, b"\0\x01\x04\x0B\x01\x0B\x02\0\x01a\0", Told(PROTOCOL_ERROR), "3.8.2.1.2", "two Subscription Identifiers"),
        (V5, 0x82, b"\0\x01\x02\x01\0\0\x01a\0", Told(MALFORMED), "2.2.2.2", "a property that SUBSCRIBE has not"),
    ]);
}

#[test]
#[rustfmt::skip]
fn unsubscribe() {
    check(&[
        (V3, 0xA0, b"\0\x01\0\x01a", Closed, "MQTT-3.10.1-1", "no flags"),
        (V5, 0xA0, b"\0\x01\0\0\x01a", Told(MALFORMED), "MQTT-3.10.1-1", "no flags"),
        (V3, 0xA2, b"\0\x01", Closed, "MQTT-3.10.3-2", "no Topic Filter"),
        (V5, 0xA2, b"\0\x01\0", Told(PROTOCOL_ERROR), "MQTT-3.10.3-2", "no Topic Filter"),
        (V3, 0xA2, b"\0\0\0\x01a", Closed, "MQTT-2.3.1-1", "Packet Identifier 0"),
        (V5, 0xA2, b"\0\0\0\0\x01a", ToldEither, "MQTT-2.2.1-3", "Packet Identifier 0"),
        (V3, 0xA2, b"\0\x01\0\0", Closed, "MQTT-4.7.3-1", "an empty filter"),
        (V5, 0xA2, b"\0\x01\0\0\0", ToldEither, "MQTT-4.7.3-1", "an empty filter"),
        (V3, 0xA2, b"\0\x01\0\x01\xFF", Closed, "MQTT-1.5.3-1", "a filter that is no UTF-8"),
        (V5, 0xA2, b"\0\x01\0\0\x01\xFF", Told(MALFORMED), "MQTT-1.5.4-1", "a filter that is no UTF-8"),
        (V3, 0xA2, b"\0\x01\0\x02#a", Closed, "MQTT-4.7.1-2", "`#` that is not last"),
        (V5, 0xA2, b"\0\x01\x02\x0B\x01\0\x01a", Told(MALFORMED), "2.2.2.2", "a property that UNSUBSCRIBE has not"),
    ]);
}

#[test]
#[rustfmt::skip]
fn pings_disconnect_and_auth() {
    check(&[
        (V3, 0xC1, b"", Closed, "MQTT-2.2.2-2", "PINGREQ with flags"),
        (V5, 0xC1, b"", Told(MALFORMED), "MQTT-2.1.3-1", "PINGREQ with flags"),
        (V3, 0xC0, b"\0", Closed, "3.12", "PINGREQ with a body"),
        (V5, 0xC0, b"\0", Told(MALFORMED), "3.12", "PINGREQ with a body"),
        (V3, 0xE1, b"", Closed, "MQTT-3.14.1-1", "DISCONNECT with flags"),
        (V5, 0xE1, b"", Told(MALFORMED), "MQTT-3.14.1-1", "DISCONNECT with flags"),
        (V3, 0xE0, b"\0", Closed, "3.14", "DISCONNECT with a body"),
        (V5, 0xE0, b"\x01", ToldEither, "MQTT-3.14.2-1", "a code that DISCONNECT has not"),
        (V5, 0xE0, b"\0\x05\x11\0\0\0\x09", Told(PROTOCOL_ERROR), "3.14.2.2.2", "a session that was to end is given a longer life"),
        (V5, 0xE0, b"\0\x02\x24\x01", Told(MALFORMED), "2.2.2.2", "a property that DISCONNECT has not"),
        (V3, 0xF0, b"", Closed, "2.2.1", "AUTH, which 3.1.1 has not"),
        (V5, 0xF1, b"\x18\x04\x15\0\x01m", Told(MALFORMED), "MQTT-3.15.1-1", "AUTH with flags"),
        (V5, 0xF0, b"\x01\x04\x15\0\x01m", ToldEither, "MQTT-3.15.2-1", "a code that AUTH has not"),
        (V5, 0xF0, b"\x18\0", Told(PROTOCOL_ERROR), "MQTT-4.12.0-5", "AUTH without a method"),
        (V5, 0xF0, b"\x19\x04\x15\0\x01m", Told(PROTOCOL_ERROR), "MQTT-4.12.0-7", "AUTH where CONNECT had no method"),
    ]);
}

/// [3.1.1 MQTT-4.8.0-1] [5.0 MQTT-4.13.1-1]
#[test]
#[rustfmt::skip]
fn what_no_client_sends() {
    check(&[
        (V3, 0x00, b"", Closed, "2.2.1", "packet type 0"),
        (V5, 0x00, b"", ToldEither, "2.1.2", "packet type 0"),
        (V3, 0x10, b"\0\x04MQTT\x04\x02\0\0\0\x01c", Closed, "MQTT-3.1.0-2", "a second CONNECT"),
        (V5, 0x10, b"\0\x04MQTT\x05\x02\0\0\0\0\x01c", Told(PROTOCOL_ERROR), "MQTT-3.1.0-2", "a second CONNECT"),
        (V3, 0x20, b"\0\0", Closed, "3.2", "CONNACK"),
        (V5, 0x20, b"\0\0\0", Told(PROTOCOL_ERROR), "3.2", "CONNACK"),
        (V3, 0x90, b"\0\x01\0", Closed, "3.9", "SUBACK"),
        (V5, 0x90, b"\0\x01\0\0", Told(PROTOCOL_ERROR), "3.9", "SUBACK"),
        (V3, 0xB0, b"\0\x01", Closed, "3.11", "UNSUBACK"),
        (V5, 0xB0, b"\0\x01\0\0", Told(PROTOCOL_ERROR), "3.11", "UNSUBACK"),
        (V3, 0xD0, b"", Closed, "3.13", "PINGRESP"),
        (V5, 0xD0, b"", Told(PROTOCOL_ERROR), "3.13", "PINGRESP"),
    ]);
}

/// A Remaining Length of five bytes, or in 5.0 of more bytes than it needs, ends the connection. [MQTT-1.5.5-1]
#[test]
fn a_remaining_length_is_refused_before_the_packet_is_there() {
    let mut scene = Scene::new();
    let endless: &[u8] = &[0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F];
    scene.offend(V3, true, endless, Closed, "2.2.3", "a Remaining Length of five bytes");
    scene.offend(V5, true, endless, Told(MALFORMED), "1.5.5", "a Remaining Length of five bytes");
    scene.offend(V5, true, &[0xC0, 0x80, 0x00], Told(MALFORMED), "MQTT-1.5.5-1", "more bytes than it needs");
    scene.offend(V3, false, endless, Closed, "2.2.3", "the same, first on its connection");
}
