//! What clients do wrong: each offence ends the connection with the code that 5.0 names, and 3.1.1 is closed.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::profile::Value;
use glassbroker::wire::*;

/// [MQTT-4.8.0-1] (3.1.1), [MQTT-4.13.1-1] (5.0).
#[test]
fn offences_end_the_connection() {
    let both: &[(&[u8], u8, &str)] = &[
        (&[0x36, 0x04, 0, 1, b'a', 1], 0x81, "QoS 3"),
        (&[0x32, 0x05, 0, 1, b'a', 0, 0], 0x81, "Packet Identifier 0"),
        (&[0x62 ^ 0x02, 0x02, 0, 1], 0x81, "PUBREL with wrong flags"),
        (&[0x80, 0x06, 0, 1, 0, 1, b'a', 0], 0x81, "SUBSCRIBE with wrong flags"),
        (&[0x82, 0x02, 0, 1], 0x81, "SUBSCRIBE without filters"),
        (&[0xA0, 0x05, 0, 1, 0, 1, b'a'], 0x81, "UNSUBSCRIBE with wrong flags"),
        (&[0xC1, 0x00], 0x81, "PINGREQ with wrong flags"),
        (&[0xE1, 0x00], 0x81, "DISCONNECT with wrong flags"),
        (&[0x00, 0x00], 0x81, "the reserved packet type"),
        (&[0x20, 0x02, 0, 0], 0, "CONNACK from a client"),
        (&[0xD0, 0x00], 0, "PINGRESP from a client"),
        (&[0x30, 0x04, 0, 2, 0xC3, 0x28], 0x81, "text that is no UTF-8"),
        (&[0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], 0x81, "a Remaining Length of five bytes"),
    ];
    for version in BOTH {
        for (bytes, code, what) in both {
            let mut pair = Pair::new("mqtt");
            let watcher = pair.join(client(V5, "watcher"));
            pair.subscribe(watcher, "#", QOS2);
            let conn = pair.join(client(version, "lamp"));
            pair.send_bytes(conn, bytes.to_vec());
            assert!(pair.is_closed(conn), "{version:?}: {what}");
            match version {
                V3 => assert_eq!(pair.inbox(conn), [], "{what}"),
                V5 => {
                    let told = pair.disconnected(conn);
                    assert!(
                        told.is_failure() && (*code == 0 || told.0 == *code || told.0 == 0x82),
                        "{what}: {told:?}"
                    );
                }
            }
            assert_eq!(pair.publishes(watcher), [], "{what}");
            assert!(!pair.is_closed(watcher));
        }
    }
}

/// [MQTT-3.3.2-2], [MQTT-4.7.3-1]: a Topic Name without wildcards and not empty.
#[test]
fn a_topic_name_must_be_one() {
    for version in BOTH {
        for topic in ["a/#", "+", ""] {
            let mut pair = Pair::new("mqtt");
            let conn = pair.join(client(version, "lamp"));
            pair.publish(conn, topic, "x", QOS0);
            assert!(pair.is_closed(conn), "{topic:?}");
            if version == V5 {
                assert!(pair.disconnected(conn).is_failure());
            }
        }
    }
}

/// 3.1.1 closes on an invalid filter; 5.0 says 0x8F for that filter and grants the rest. [3.1.1 MQTT-4.7.1-2, MQTT-4.7.1-3]
/// [5.0 MQTT-4.7.1-1, MQTT-4.7.1-2, MQTT-4.8.2-2, MQTT-3.8.4-6, MQTT-3.8.4-7, MQTT-3.9.3-1]
#[test]
fn an_invalid_filter_is_refused() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let conn = pair.join(client(version, "lamp"));
        let filters = ["ok", "a/#/b", "x+", "$share/g"]
            .map(|filter| Subscription { filter: filter.into(), ..Subscription::default() });
        pair.send(
            conn,
            Packet::Subscribe(Subscribe { id: 1, filters: filters.to_vec(), ..Subscribe::default() }),
        );
        match version {
            V3 => {
                assert!(pair.is_closed(conn));
                assert_eq!(pair.inbox(conn), []);
            }
            V5 => {
                let Packet::Suback(suback) = pair.inbox(conn).remove(0) else { panic!("a SUBACK") };
                assert_eq!(
                    suback.codes.iter().map(|code| code.0).collect::<Vec<_>>(),
                    [0x00, 0x8F, 0x8F, 0x8F]
                );
                assert_eq!(pair.session("lamp").subscriptions.len(), 1);
            }
        }
    }
}

/// No Local on a shared subscription, before anything else of the packet is done. [5.0 MQTT-3.8.3-4]
#[test]
fn no_local_on_a_shared_subscription_is_a_protocol_error() {
    let mut pair = Pair::new("mqtt");
    let conn = pair.join(persistent(V5, "lamp"));
    let filter = |filter: &str, no_local| Subscription {
        filter: filter.into(),
        options: SubscribeOptions { no_local, ..SubscribeOptions::default() },
    };
    let filters = vec![filter("a", false), filter("$share/g/a", true)];
    pair.send(conn, Packet::Subscribe(Subscribe { id: 1, filters, ..Subscribe::default() }));
    assert_eq!(pair.disconnected(conn), ReasonCode::PROTOCOL_ERROR);
    assert_eq!(pair.session("lamp").subscriptions, []);
}

/// [M7] 3.2.2.3.12, 3.2.2.3.13: who uses what CONNACK said is not available is disconnected.
#[test]
fn what_is_not_available_ends_the_connection() {
    for (key, filter, number, code) in [
        ("subscription.shared", "$share/g/a", None, ReasonCode::SHARED_SUBSCRIPTIONS_NOT_SUPPORTED),
        ("subscription.identifiers", "a", Some(1), ReasonCode::SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED),
    ] {
        let mut pair = Pair::with("mqtt", &[(key, Value::Switch(false))]);
        let conn = pair.join(persistent(V5, "lamp"));
        let filters = vec![Subscription { filter: filter.into(), ..Subscription::default() }];
        let properties = Properties(number.map(Property::SubscriptionIdentifier).into_iter().collect());
        pair.send(conn, Packet::Subscribe(Subscribe { id: 1, properties, filters }));
        assert_eq!(pair.disconnected(conn), code, "{key}");
        assert_eq!(pair.session("lamp").subscriptions, [], "{key}");
    }
}

/// [M5] A packet above the announced maximum: 0x95, as soon as its length is read. [MQTT-3.2.2-15]
#[test]
fn a_packet_above_the_maximum_is_refused() {
    for version in BOTH {
        let mut pair = Pair::with("mqtt", &[("packet.max_bytes", Value::Number(100))]);
        let conn = pair.join(client(version, "lamp"));
        let overhead = if version == V3 { 5 } else { 6 };
        pair.publish(conn, "t", &"x".repeat(100 - overhead), QOS0);
        assert!(!pair.is_closed(conn));
        pair.send_bytes(conn, vec![0x30, 0x63]);
        assert!(pair.is_closed(conn));
        if version == V5 {
            assert_eq!(pair.disconnected(conn), ReasonCode::PACKET_TOO_LARGE);
        }
    }
}

/// AUTH without a method in CONNECT. 3.1.1 has no AUTH. [MQTT-4.12.0-7]
#[test]
fn auth_is_refused() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let conn = pair.join(client(version, "lamp"));
        pair.send_bytes(conn, vec![0xF0, 0x00]);
        assert!(pair.is_closed(conn));
        if version == V5 {
            assert!(pair.disconnected(conn).is_failure());
        }
    }
}

/// A client sends no Subscription Identifier with PUBLISH. [MQTT-3.3.4-6]
#[test]
fn a_client_sends_no_subscription_identifier() {
    let mut pair = Pair::new("mqtt");
    let conn = pair.join(client(V5, "lamp"));
    pair.send(conn, with_properties(publish("t", "", QOS0), vec![Property::SubscriptionIdentifier(1)]));
    assert_eq!(pair.disconnected(conn), ReasonCode::PROTOCOL_ERROR);
}

/// No DISCONNECT before CONNACK. [MQTT-3.14.0-1]
#[test]
fn nothing_is_told_before_connack() {
    let mut pair = Pair::new("mqtt");
    let conn = pair.open();
    pair.wire(conn).version = Some(V5);
    pair.send_bytes(conn, vec![0xC0, 0x00]);
    assert!(pair.is_closed(conn));
    assert_eq!(pair.inbox(conn), []);
}
