//! CONNECT, CONNACK, takeover, keep alive: who comes in and who goes.

mod common {
    pub mod driver;
}

use bytes::Bytes;
use common::driver::*;
use glassbroker::broker::{Closed, Command, Ending, Kind};
use glassbroker::profile::Value;
use glassbroker::time::Span;
use glassbroker::wire::*;

/// [C2] [S1] CONNACK says whether a session was present. [3.1.1 MQTT-3.1.2-4, MQTT-3.1.2-6, MQTT-3.1.4-3, MQTT-3.1.4-4]
/// [3.1.1 MQTT-3.2.2-1, MQTT-3.2.2-2, MQTT-3.2.2-3] [5.0 MQTT-3.1.2-4, MQTT-3.1.2-5, MQTT-3.1.2-6, MQTT-3.1.4-4, MQTT-3.1.4-5]
/// [5.0 MQTT-3.2.2-2, MQTT-3.2.2-3]
#[test]
fn connack_says_whether_the_session_was_present() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        for (connect, present) in [
            (persistent(version, "lamp"), false),
            (persistent(version, "lamp"), true),
            (client(version, "lamp"), false),
            (persistent(version, "lamp"), false),
        ] {
            let conn = pair.connect(connect);
            let connack = pair.connack(conn);
            assert_eq!(
                (connack.code, connack.session_present),
                (ReasonCode::SUCCESS, present),
                "{version:?}"
            );
            pair.disconnect(conn);
            assert!(pair.is_closed(conn));
        }
    }
}

/// Whatever comes before CONNECT ends the connection, unanswered. [MQTT-3.1.0-1]
#[test]
fn the_first_packet_must_be_connect() {
    for first in [
        &[0xC0, 0x00][..],                     // PINGREQ
        &[0x30, 0x03, 0x00, 0x01, b'a'],       // PUBLISH
        &[0xE0, 0x00],                         // DISCONNECT
        &[0x00, 0x00],                         // no packet at all
        b"GET / HTTP/1.1\r\n",                 // another protocol
        &[0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], // a Remaining Length of five bytes
    ] {
        let mut pair = Pair::new("mqtt");
        let conn = pair.open();
        pair.send_bytes(conn, Bytes::copy_from_slice(first));
        assert!(pair.is_closed(conn), "{first:?}");
        assert_eq!(pair.inbox(conn), []);
    }
}

/// A second CONNECT is a protocol error; 5.0 is told so, and neither gets a second CONNACK. [MQTT-3.1.0-2, MQTT-3.2.0-2]
#[test]
fn a_second_connect_ends_the_connection() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let conn = pair.join(client(version, "lamp"));
        pair.send_connect(conn, client(version, "lamp"));
        assert!(pair.is_closed(conn));
        match version {
            V3 => assert_eq!(pair.inbox(conn), []),
            V5 => assert_eq!(pair.disconnected(conn), ReasonCode::PROTOCOL_ERROR),
        }
        assert_eq!(pair.inbox(conn), []);
    }
}

/// CONNACK 0x01 in 3.1.1's form for a level below 5, 0x84 in 5.0's form for one above; then closed.
/// [3.1.1 MQTT-3.1.2-2, MQTT-3.2.2-5] [5.0 MQTT-3.1.2-2, MQTT-3.2.2-7]
#[test]
fn an_unsupported_version_is_answered_in_the_nearest_form() {
    let connect =
        |level: u8| Bytes::from(vec![0x10, 0x0D, 0, 4, b'M', b'Q', b'T', b'T', level, 2, 0, 0, 0, 1, b'a']);
    for (level, answer) in [(3, &[0x20, 0x02, 0x00, 0x01][..]), (6, &[0x20, 0x03, 0x00, 0x84, 0x00])] {
        let mut pair = Pair::new("mqtt");
        let conn = pair.open();
        pair.wire(conn).version = Some(if level == 3 { V3 } else { V5 });
        pair.send_bytes(conn, connect(level));
        let connack = pair.connack(conn);
        assert_eq!(connack.code, ReasonCode(answer[3]));
        assert!(pair.is_closed(conn));
    }
}

/// 3.1.1 closes on a reserved flag without CONNACK; 5.0 says Malformed Packet. [MQTT-3.1.4-1, MQTT-3.1.2-3] [3.1.1 MQTT-3.2.2-6]
#[test]
fn a_connect_with_the_reserved_flag_is_refused() {
    let mut pair = Pair::new("mqtt");
    let conn = pair.open();
    pair.send_bytes(conn, vec![0x10, 0x0D, 0, 4, b'M', b'Q', b'T', b'T', 4, 3, 0, 0, 0, 1, b'a']);
    assert!(pair.is_closed(conn));
    assert_eq!(pair.inbox(conn), []);

    let conn = pair.open();
    pair.wire(conn).version = Some(V5);
    pair.send_bytes(conn, vec![0x10, 0x0E, 0, 4, b'M', b'Q', b'T', b'T', 5, 3, 0, 0, 0, 0, 1, b'a']);
    assert!(pair.is_closed(conn));
    assert_eq!(pair.connack(conn).code, ReasonCode::MALFORMED_PACKET);
}

/// An empty identifier gets a new one; in 3.1.1 only with Clean Session. [MQTT-3.1.3-6] [3.1.1 MQTT-3.1.3-7, MQTT-3.1.3-8, MQTT-3.1.3-9]
/// [5.0 MQTT-3.1.3-7, MQTT-3.2.2-16]
#[test]
fn an_empty_client_identifier_is_replaced() {
    let mut pair = Pair::new("mqtt");
    let conn = pair.connect(persistent(V3, ""));
    assert_eq!(pair.connack(conn).code, ReasonCode::V3_IDENTIFIER_REJECTED);
    assert!(pair.is_closed(conn));

    let mut assigned = Vec::new();
    for version in [V3, V5, V5] {
        let conn = pair.connect(client(version, ""));
        let connack = pair.connack(conn);
        assert_eq!(connack.code, ReasonCode::SUCCESS);
        let sessions = pair.broker.sessions(pair.now);
        let new: Vec<_> =
            sessions.iter().map(|s| s.client.clone()).filter(|id| !assigned.contains(id)).collect();
        assert_eq!(new.len(), 1);
        assert!(new[0].len() <= 23 && new[0].bytes().all(|byte| byte.is_ascii_alphanumeric()), "{new:?}");
        if version == V5 {
            assert_eq!(
                connack.properties.assigned_client_identifier().map(|id| id.to_string()),
                Some(new[0].clone())
            );
        }
        assigned.extend(new);
    }
    // The same seed assigns the same.
    let mut again = Pair::new("mqtt");
    again.connect(client(V3, ""));
    assert!(again.has_session(&assigned[0]));
}

/// A session is known by its Client Identifier, and by nothing else: each has what it subscribed to. [MQTT-3.1.3-2]
#[test]
fn a_session_is_known_by_its_client_identifier() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let names = ["lamp", "Lamp", "lamp ", "lamp/1", "l"];
        for name in names {
            let conn = pair.join(persistent(version, name));
            pair.subscribe(conn, name, QOS1);
            pair.cut(conn);
        }
        for name in names {
            let conn = pair.connect(Connect { username: Some("anna".into()), ..persistent(version, name) });
            assert!(pair.connack(conn).session_present, "{name:?}");
            let filters = pair.session(name).subscriptions;
            assert_eq!(filters.iter().map(|held| &*held.filter).collect::<Vec<_>>(), [name]);
        }
    }
}

/// Each letter and digit may stand in an identifier of up to 23 bytes. [MQTT-3.1.3-5]
#[test]
fn plain_identifiers_of_23_bytes_are_accepted() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        for name in ["0123456789abcdefghijklm", "nopqrstuvwxyzABCDEFGHIJ", "KLMNOPQRSTUVWXYZ", "a"] {
            pair.join(client(version, name));
            assert!(pair.has_session(name));
        }
    }
}

/// CONNACK comes first, and once, whatever waits for the client or came with its CONNECT.
/// [3.1.1 MQTT-3.2.0-1, MQTT-3.1.4-4] [5.0 MQTT-3.2.0-1, MQTT-3.2.0-2, MQTT-3.1.4-5]
#[test]
fn connack_comes_first_and_once() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let a = pair.join(client(version, "a"));
        let lamp = pair.join(persistent(version, "lamp"));
        pair.subscribe(lamp, "t", QOS1);
        pair.publish(a, "t", "under way", QOS1);
        pair.cut(lamp);
        pair.publish(a, "t", "stored", QOS1);
        pair.send(a, retained("r", "kept", QOS0));
        let lamp = pair.open();
        pair.wire(lamp).version = Some(version);
        let connect = Packet::Connect(Box::new(persistent(version, "lamp")));
        pair.send_all(lamp, &[connect, Packet::Pingreq, subscribe(1, &[("r", QOS0)])]);
        let kinds: Vec<_> = pair.inbox(lamp).iter().map(Packet::packet_type).collect();
        use PacketType::{Connack, Pingresp, Publish, Suback};
        assert_eq!(kinds, [Connack, Publish, Publish, Pingresp, Suback, Publish]);
    }
}

/// A session is there for as long as its connection, however short it is to live after it.
/// [3.1.1 MQTT-4.1.0-2] [5.0 MQTT-4.1.0-1]
#[test]
fn a_session_lasts_as_long_as_its_connection() {
    for version in BOTH {
        let set =
            [("session.expiry_default_s", Value::Number(1)), ("session.expiry_max_s", Value::Number(1))];
        let mut pair = Pair::with("mqtt", &set);
        let clients = [client(version, "clean"), persistent(version, "short")].map(|connect| {
            let conn = pair.join(connect);
            pair.subscribe(conn, "t", QOS1);
            conn
        });
        pair.pass_s(365 * 86_400);
        let a = pair.join(client(version, "a"));
        pair.publish(a, "t", "a year later", QOS1);
        for conn in clients {
            assert_eq!(pair.payloads(conn), ["a year later"]);
        }
    }
}

/// [C3] The newcomer is accepted, the old one disconnected, 0x8E in 5.0. [3.1.1 MQTT-3.1.4-2, MQTT-3.1.4-3]
/// [5.0 MQTT-3.1.4-3, MQTT-3.1.4-4]
#[test]
fn a_second_connection_takes_the_session_over() {
    for version in BOTH {
        for resumed in [true, false] {
            let mut pair = Pair::new("mqtt");
            let old = pair.join(persistent(version, "lamp"));
            pair.subscribe(old, "a", QOS1);
            let again = if resumed { persistent(version, "lamp") } else { client(version, "lamp") };
            let new = pair.connect(again);
            assert_eq!(pair.connack(new).session_present, resumed);
            assert!(pair.is_closed(old) && !pair.is_closed(new));
            if version == V5 {
                assert_eq!(pair.disconnected(old), ReasonCode::SESSION_TAKEN_OVER);
            }
            assert_eq!(pair.inbox(old), []);
            assert_eq!(pair.session("lamp").subscriptions.len(), usize::from(resumed));
            let rule = mqtt(version, if version == V3 { "MQTT-3.1.4-2" } else { "MQTT-3.1.4-3" });
            assert_eq!(rule_of(pair.last(Kind::SessionTakenOver)), rule);
            // What the network says of the old connection afterwards is about nothing any more.
            pair.cut(old);
            assert!(pair.session("lamp").connection.is_some());
        }
    }
}

/// [C4] After one and a half times the keep alive, not before. [3.1.1 MQTT-3.1.2-24] [5.0 MQTT-3.1.2-22, MQTT-3.2.2-22]
/// [MQTT-3.12.4-1]
#[test]
fn silence_ends_the_connection_after_one_and_a_half_keep_alives() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let conn = pair.join(Connect { keep_alive_s: 10, ..persistent(version, "lamp") });
        pair.pass_s(14);
        pair.send(conn, Packet::Pingreq);
        assert_eq!(pair.inbox(conn), [Packet::Pingresp]);
        assert_eq!(
            pair.session("lamp").connection.and_then(|c| c.silent_until),
            Some(pair.now + Span::s(15))
        );
        pair.pass(Span::ms(14_999));
        assert!(!pair.is_closed(conn));
        pair.pass(Span::ms(1));
        assert!(pair.is_closed(conn));
        if version == V5 {
            assert_eq!(pair.disconnected(conn), ReasonCode::KEEP_ALIVE_TIMEOUT);
        }
        let event = pair.last(Kind::SessionDisconnected);
        assert_eq!((event.at.0, &*event.why), (29_000_000, Ending::KeepAliveTimeout.name()));
        let rule = if version == V3 { "MQTT-3.1.2-24" } else { "MQTT-3.1.2-22" };
        assert_eq!(rule_of(event), mqtt(version, rule));
    }
}

/// [C4] 3.1.2.10: a keep alive of 0 turns the mechanism off. Part of a packet is no sign of life.
#[test]
fn only_whole_packets_count_and_zero_means_never() {
    let mut pair = Pair::new("mqtt");
    let patient = pair.join(client(V5, "patient"));
    let halting = pair.join(Connect { keep_alive_s: 1, ..client(V5, "halting") });
    pair.pass_s(1);
    pair.send_bytes(halting, vec![0xC0]);
    pair.pass_s(1);
    assert!(pair.is_closed(halting));
    pair.pass_s(1_000_000);
    assert!(!pair.is_closed(patient));
}

/// A connection without CONNECT does not stay for ever. [glassbroker.connect.timeout]
#[test]
fn a_connection_without_connect_is_closed_in_time() {
    let mut pair = Pair::new("mqtt");
    let conn = pair.open();
    pair.pass_s(29);
    assert!(!pair.is_closed(conn));
    pair.pass_s(1);
    assert!(pair.is_closed(conn));
}

/// [M7] 3.2.2.3: CONNACK tells 5.0 what it may not assume; 3.1.1 gets two bytes.
#[test]
fn connack_tells_the_limits_of_the_profile() {
    let set = [
        ("connect.receive_maximum", Value::Number(20)),
        ("packet.max_bytes", Value::Number(1_000)),
        ("keep_alive.max_s", Value::Number(1_200)),
        ("session.expiry_max_s", Value::Number(3_600)),
        ("subscription.identifiers", Value::Switch(false)),
        ("subscription.shared", Value::Switch(false)),
        ("subscription.wildcards", Value::Switch(false)),
        ("topic_alias.maximum", Value::Number(8)),
    ];
    let mut pair = Pair::with("mqtt", &set);
    let mut connect = client(V5, "lamp");
    connect.properties.0.push(Property::SessionExpiryInterval(100_000));
    let conn = pair.connect(connect);
    assert_eq!(
        pair.connack(conn).properties.0,
        [
            Property::SessionExpiryInterval(3_600),
            Property::ReceiveMaximum(20),
            Property::MaximumPacketSize(1_000),
            Property::TopicAliasMaximum(8),
            Property::WildcardSubscriptionAvailable(0),
            Property::SubscriptionIdentifierAvailable(0),
            Property::SharedSubscriptionAvailable(0),
            Property::ServerKeepAlive(1_200),
        ]
    );
    // [MQTT-3.2.2-21]: the server's keep alive holds.
    assert_eq!(pair.session("lamp").connection.map(|c| c.keep_alive_s), Some(1_200));
    let conn = pair.connect(client(V3, "old"));
    assert_eq!(pair.connack(conn), Connack::default());
}

/// No method is supported, and CONNACK says so. [MQTT-4.12.0-1]
#[test]
fn an_authentication_method_is_refused() {
    let mut pair = Pair::new("mqtt");
    let mut connect = client(V5, "lamp");
    connect.properties.0.push(Property::AuthenticationMethod("SCRAM-SHA-1".into()));
    let conn = pair.connect(connect);
    assert_eq!(pair.connack(conn).code, ReasonCode::BAD_AUTHENTICATION_METHOD);
    assert!(pair.is_closed(conn) && !pair.has_session("lamp"));
}

/// User name and password are taken; nothing checks them yet.
#[test]
fn a_user_name_and_a_password_are_accepted() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        pair.join(Connect {
            username: Some("anna".into()),
            password: Some(Bytes::from_static(b"\x00secret")),
            ..client(version, "lamp")
        });
    }
}

/// Nothing is taken after DISCONNECT, be it in the same chunk. [3.1.1 MQTT-3.14.4-2] [5.0 MQTT-3.14.4-1]
#[test]
fn nothing_is_read_after_disconnect() {
    let mut pair = Pair::new("mqtt");
    let watcher = pair.join(client(V3, "watcher"));
    pair.subscribe(watcher, "#", QOS0);
    let conn = pair.join(client(V3, "lamp"));
    pair.send_bytes(conn, vec![0xE0, 0x00, 0x30, 0x03, 0x00, 0x01, b'a']);
    assert_eq!(pair.publishes(watcher), []);
    assert_eq!(pair.wire(conn).closed, Some(ReasonCode::SUCCESS));
}

/// [C6] The operator disconnects a client: 0x98 in 5.0. [MQTT-4.13.2-1] [5.0 MQTT-3.14.4-2] [glassbroker.operator]
#[test]
fn an_operator_disconnects_a_client() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let conn = pair.join(client(version, "lamp"));
        pair.command(Command::disconnect("lamp".to_owned())).unwrap();
        assert!(pair.is_closed(conn));
        if version == V5 {
            assert_eq!(pair.disconnected(conn), ReasonCode::ADMINISTRATIVE_ACTION);
        }
    }
}

/// [C6] [glassbroker.operator] Whom there is not nobody can disconnect.
#[test]
fn an_operator_disconnects_nobody() {
    let mut pair =
        Pair::new("mqtt").memory_only("serve knows its clients and refuses such a step as it reads it");
    let message = pair.command(Command::disconnect("lamp".to_owned())).unwrap_err();
    assert!(message.contains("`lamp`"));
}

/// [O2] Bounds of the profile: connections and sessions. [glassbroker.bound.connections, glassbroker.bound.sessions]
/// [5.0 MQTT-3.1.4-2]
#[test]
fn too_many_connections_and_sessions_are_refused() {
    let mut pair = Pair::with("mqtt", &[("connect.max_count", Value::Number(2))])
        .memory_only("serve closes one more before the broker hears of it");
    let first = pair.open();
    pair.open();
    let third = pair.open();
    assert!(pair.is_closed(third) && !pair.is_closed(first));
    assert_eq!(pair.broker.counts().connections, 2);

    let mut pair = Pair::with("mqtt", &[("session.max_count", Value::Number(1))]);
    let lamp = pair.join(persistent(V5, "lamp"));
    pair.cut(lamp);
    for (version, code) in [(V3, ReasonCode::V3_SERVER_UNAVAILABLE), (V5, ReasonCode::QUOTA_EXCEEDED)] {
        let conn = pair.connect(client(version, "second"));
        assert_eq!(pair.connack(conn).code, code);
        assert!(pair.is_closed(conn));
    }
    pair.join(persistent(V5, "lamp"));
}

/// A connection's number is given again once it is closed, and what comes for an unknown number is ignored.
#[test]
fn numbers_are_used_again() {
    let mut pair = Pair::new("mqtt");
    let conn = pair.join(client(V3, "lamp"));
    pair.disconnect(conn);
    pair.send_bytes(conn, vec![0xC0, 0x00]);
    pair.closed(conn, Closed::Lost);
    let next = pair.open();
    assert_eq!(next, conn);
}
