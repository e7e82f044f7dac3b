//! CONNACK (3.2): what it says, when it comes, and what follows from a refusal.

mod common {
    pub mod driver;
}

use bytes::{Bytes, BytesMut};
use common::driver::*;
use glassbroker::profile::Value;
use glassbroker::time::Span;
use glassbroker::wire::*;

fn will(qos: QoS, retain: bool, properties: Vec<Property>) -> Option<Will> {
    Some(Will { topic: "w".into(), payload: "gone".into(), qos, retain, properties: Properties(properties) })
}

/// [3.1.1 MQTT-3.1.4-5] [5.0 MQTT-3.1.4-6] What comes after a CONNECT that is refused is not looked at.
#[test]
fn nothing_after_a_refused_connect_is_processed() {
    for version in BOTH {
        let mut pair = Pair::with("mqtt", &[("session.max_count", Value::Number(1))]);
        let reader = pair.join(client(version, "reader"));
        pair.subscribe(reader, "a", QOS0);
        let conn = pair.open();
        pair.wire(conn).version = Some(version);
        let mut bytes = BytesMut::new();
        for packet in [
            Packet::Connect(Box::new(client(version, "one-too-many"))),
            publish("a", "x", QOS0),
            Packet::Pingreq,
        ] {
            encode(&packet, version, &mut bytes);
        }
        pair.send_bytes(conn, bytes.freeze());
        assert!(matches!(pair.inbox(conn)[..], [Packet::Connack(_)]));
        assert!(pair.is_closed(conn) && pair.publishes(reader).is_empty());
    }
}

/// [MQTT-3.2.0-2]: one CONNACK a connection, also where it authenticates again or breaks the protocol later.
#[test]
fn there_is_one_connack() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let conn = pair.join(client(version, "c"));
        pair.send_connect(conn, client(version, "c"));
        assert!(!pair.inbox(conn).iter().any(|packet| matches!(packet, Packet::Connack(_))));
    }
}

/// [MQTT-3.2.2-22]: without Server Keep Alive the client's own counts; [MQTT-3.2.2-21] with it, that.
#[test]
fn the_keep_alive_in_force_is_the_client_s_unless_connack_says_another() {
    for (set, told, after_s) in [(None, None, 15), (Some(4), Some(4), 6)] {
        let set: Vec<_> = set.map(|s| ("keep_alive.max_s", Value::Number(s))).into_iter().collect();
        let mut pair = Pair::with("mqtt", &set);
        let conn = pair.connect(Connect { keep_alive_s: 10, ..client(V5, "c") });
        assert_eq!(pair.connack(conn).properties.server_keep_alive(), told);
        pair.pass(Span::ms(after_s * 1_000 - 1));
        assert!(!pair.is_closed(conn));
        pair.pass(Span::ms(1));
        assert_eq!(pair.disconnected(conn), ReasonCode::KEEP_ALIVE_TIMEOUT);
    }
}

/// [M6] [5.0 MQTT-3.1.3-10] A Will's User Properties keep their order, names that come twice included.
#[test]
fn a_will_keeps_its_user_properties_in_order() {
    let pairs = [("b", "1"), ("a", "2"), ("b", "3")];
    let properties: Vec<_> =
        pairs.iter().map(|(n, v)| Property::UserProperty((*n).into(), (*v).into())).collect();
    let mut pair = Pair::new("mqtt");
    let reader = pair.join(client(V5, "reader"));
    pair.subscribe(reader, "w", QOS0);
    let conn = pair.join(Connect { will: will(QOS0, false, properties), ..client(V5, "c") });
    pair.cut(conn);
    let sent = pair.publishes(reader).remove(0);
    let found: Vec<_> = sent.properties.user_properties().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(found, pairs);
}

/// [M7] [MQTT-3.2.2-9, MQTT-3.2.2-11] Maximum QoS is told, and who goes above it is disconnected with 0x9B; 3.1.1 is closed.
#[test]
fn a_broker_without_qos_2_says_so() {
    for (version, most) in [(V3, 1), (V5, 1), (V3, 0), (V5, 0)] {
        let mut pair = Pair::with("mqtt", &[("publish.qos_max", Value::Number(most))]);
        let conn = pair.connect(client(version, "c"));
        let connack = pair.connack(conn);
        assert_eq!(connack.properties.maximum_qos(), (version == V5).then_some(most as u8));
        let level = |number| QoS::from_number(number as u8).unwrap();
        pair.publish(conn, "a", "x", level(most));
        assert!(!pair.is_closed(conn));
        pair.inbox(conn);
        pair.publish(conn, "a", "x", level(most + 1));
        assert!(pair.is_closed(conn));
        match version {
            V3 => assert_eq!(pair.inbox(conn), []),
            V5 => assert_eq!(pair.disconnected(conn), ReasonCode::QOS_NOT_SUPPORTED),
        }
    }
    // One that supports all says nothing.
    let mut pair = Pair::new("mqtt");
    let conn = pair.connect(client(V5, "c"));
    assert_eq!(pair.connack(conn).properties.maximum_qos(), None);
}

/// [MQTT-3.2.2-10]: a subscription at any QoS is accepted, and granted at what there is.
#[test]
fn a_subscription_above_the_maximum_qos_is_granted_at_it() {
    for version in BOTH {
        let mut pair = Pair::with("mqtt", &[("publish.qos_max", Value::Number(1))]);
        let conn = pair.join(client(version, "c"));
        let options = SubscribeOptions { qos: QOS2, ..SubscribeOptions::default() };
        let filters = vec![Subscription { filter: "a".into(), options }];
        pair.send(conn, Packet::Subscribe(Subscribe { id: 5, properties: Properties::default(), filters }));
        let codes = pair.take(conn, |packet| match packet {
            Packet::Suback(suback) => Some(suback.codes.clone()),
            _ => None,
        });
        assert_eq!(codes, [ReasonCode::GRANTED_QOS_1]);
        pair.publish(conn, "a", "x", QOS1);
        assert_eq!(pair.receive_all(conn)[0].qos, QOS1);
    }
}

/// [M7] [R6] [MQTT-3.2.2-14] Retain Available 0 is told, and who retains all the same is disconnected with 0x9A; 3.1.1 is closed.
#[test]
fn a_broker_without_retained_messages_says_so() {
    for version in BOTH {
        let mut pair = Pair::with("mqtt", &[("retained.available", Value::Switch(false))]);
        let conn = pair.connect(client(version, "c"));
        let connack = pair.connack(conn);
        assert_eq!(connack.properties.retain_available(), (version == V5).then_some(false));
        pair.send(conn, retained("a", "x", QOS0));
        assert!(pair.is_closed(conn));
        match version {
            V3 => assert_eq!(pair.inbox(conn), []),
            V5 => assert_eq!(pair.disconnected(conn), ReasonCode::RETAIN_NOT_SUPPORTED),
        }
        assert_eq!(pair.broker.retained(), []);
        let write = retain("a".into(), Bytes::from_static(b"x"), QOS0);
        assert!(pair.command(write).is_err());
    }
}

/// [MQTT-3.2.2-12, MQTT-3.2.2-13] Such a Will is refused at CONNECT; 3.1.1 has no code for it ([3.1.1 MQTT-3.2.2-6]).
#[test]
fn a_will_that_is_not_supported_is_refused() {
    let set = [("publish.qos_max", Value::Number(1)), ("retained.available", Value::Switch(false))];
    for version in BOTH {
        for (qos, retain, code) in [(QOS2, false, Some(0x9B)), (QOS1, true, Some(0x9A)), (QOS1, false, None)]
        {
            let mut pair = Pair::with("mqtt", &set);
            let conn = pair.connect(Connect { will: will(qos, retain, vec![]), ..client(version, "c") });
            assert_eq!(pair.is_closed(conn), code.is_some());
            let answer = pair.inbox(conn).into_iter().next();
            match (version, code) {
                (V3, Some(_)) => assert_eq!(answer, None),
                (_, code) => {
                    let Some(Packet::Connack(connack)) = answer else { panic!("{answer:?}") };
                    assert_eq!(connack.code.0, code.unwrap_or(0));
                }
            }
        }
    }
}
