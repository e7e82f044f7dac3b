//! `topic.levels_max`: how a topic with too many levels is refused, packet by packet, as AWS IoT Core documents it and as Mosquitto
//! does. `tests/mosquitto` compares the latter with the real one.
#![cfg(not(target_arch = "wasm32"))]

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{ConnId, Kind};
use glassbroker::wire::*;

/// Eight levels, and nine.
const EIGHT: &str = "1/2/3/4/5/6/7/8";
const NINE: &str = "1/2/3/4/5/6/7/8/";

fn joined(profile: &str, version: Version) -> (Pair, ConnId) {
    let mut pair = Pair::new(profile);
    let conn = pair.join(client(version, "lamp"));
    (pair, conn)
}

/// The codes of the acknowledgement that came.
fn codes(pair: &mut Pair, conn: ConnId) -> Vec<u8> {
    pair.take(conn, |packet| match packet {
        Packet::Puback(ack) | Packet::Pubrec(ack) => Some(vec![ack.code.0]),
        Packet::Suback(Suback { codes, .. }) | Packet::Unsuback(Unsuback { codes, .. }) => {
            Some(codes.iter().map(|code| code.0).collect())
        }
        _ => None,
    })
}

/// `[aws.topic.levels]` 5.0 is told where there is a packet for it, and goes on; at QoS 0 DISCONNECT says it; 3.1.1 is closed.
#[test]
fn aws_takes_seven_slashes() {
    for version in BOTH {
        let (mut pair, conn) = joined("aws-iot-core", version);
        pair.send(conn, subscribe(1, &[(EIGHT, QOS0), ("#", QOS0)]));
        assert_eq!(codes(&mut pair, conn), [0, 0]);
        for qos in [QOS0, QOS1] {
            pair.publish(conn, EIGHT, "x", qos);
            assert_eq!(pair.payloads(conn), ["x"]);
        }
    }
    let (mut pair, conn) = joined("aws-iot-core", V5);
    pair.send(conn, subscribe(1, &[("#", QOS0), (NINE, QOS0)]));
    assert_eq!(codes(&mut pair, conn), [0, 0x8F]);
    pair.send(conn, unsubscribe(2, &[NINE, EIGHT]));
    assert_eq!(codes(&mut pair, conn), [0x8F, 0x11]);
    pair.send(conn, publish(NINE, "x", QOS1));
    assert_eq!(codes(&mut pair, conn), [0x90]);
    let refused = pair.last(Kind::QuotaRefused);
    assert_eq!((refused.topic.as_str(), rule_of(refused).1), (NINE, "glassbroker.bound.levels"));
    assert!(pair.payloads(conn).is_empty());
    pair.publish(conn, NINE, "x", QOS0);
    assert_eq!(pair.disconnected(conn).0, 0x90);
    for packet in [publish(NINE, "x", QOS1), subscribe(1, &[(NINE, QOS0)]), unsubscribe(1, &[NINE])] {
        let (mut pair, conn) = joined("aws-iot-core", V3);
        pair.send(conn, packet);
        assert!(pair.is_closed(conn) && pair.inbox(conn).is_empty());
    }
}

/// `[aws.topic.levels]` What stands before the topic proper does not count.
#[test]
fn a_share_and_a_rule_of_basic_ingest_are_no_levels_for_aws() {
    let (mut pair, conn) = joined("aws-iot-core", V5);
    let filters = [(format!("$share/group/{EIGHT}"), 0), (format!("$share/group/{NINE}"), 0x8F)];
    let all: Vec<_> = filters.iter().map(|(filter, _)| (filter.as_str(), QOS0)).collect();
    pair.send(conn, subscribe(1, &all));
    assert_eq!(codes(&mut pair, conn), filters.map(|(_, code)| code));
    pair.send(conn, publish(&format!("$aws/rules/rule/{EIGHT}"), "x", QOS1));
    assert_eq!(codes(&mut pair, conn), [0]);
    pair.send(conn, publish(&format!("$aws/rules/rule/{NINE}"), "x", QOS1));
    assert_eq!(codes(&mut pair, conn), [0x90]);
    assert_eq!(rule_of(pair.last(Kind::QuotaRefused)).1, "glassbroker.bound.levels");
}

/// `[aws.topic.levels]` `[mosquitto.topic.levels]` A Will's topic is looked at with its CONNECT.
#[test]
fn a_will_with_too_many_levels_lets_nobody_in() {
    for (profile, slashes, told) in [("aws-iot-core", 7, Some(0x90)), ("mosquitto-2.0", 200, None)] {
        for version in BOTH {
            for (slashes, is_in) in [(slashes, true), (slashes + 1, false)] {
                let mut pair = Pair::new(profile);
                let topic = "/".repeat(slashes).as_str().into();
                let (payload, properties) = ("x".into(), Properties::default());
                let will = Some(Will { topic, payload, qos: QOS0, retain: false, properties });
                let conn = pair.connect(Connect { will, ..client(version, "lamp") });
                let answer = pair.inbox(conn).into_iter().find_map(|packet| match packet {
                    Packet::Connack(connack) => Some(connack.code.0),
                    _ => None,
                });
                let refused = told.filter(|_| version == V5);
                assert_eq!(answer, if is_in { Some(0) } else { refused }, "{profile} {version:?} {slashes}");
                assert_eq!(pair.is_closed(conn), !is_in);
            }
        }
    }
}

/// `[mosquitto.topic.levels]` It counts `$share/NAME/` and ends the connection.
#[test]
fn mosquitto_takes_two_hundred_slashes() {
    let (most, more) = ("/".repeat(200), "/".repeat(201));
    let (share, more_share) =
        (format!("$share/g/{}", "/".repeat(198)), format!("$share/g/{}", "/".repeat(199)));
    for version in BOTH {
        let (mut pair, conn) = joined("mosquitto-2.0", version);
        pair.send(conn, subscribe(1, &[(&most, QOS0), (&share, QOS0)]));
        assert_eq!(codes(&mut pair, conn), [0, 0]);
        pair.publish(conn, &most, "x", QOS1);
        assert_eq!(codes(&mut pair, conn), [0]);
        for (packet, code) in [
            (publish(&more, "x", QOS0), 0x82),
            (publish(&more, "x", QOS1), 0x82),
            (publish(&more, "x", QOS2), 0x82),
            (subscribe(1, &[("a", QOS0), (&more, QOS0)]), 0x81),
            (subscribe(1, &[(&more_share, QOS0)]), 0x81),
            (unsubscribe(1, &[&more]), 0x81),
        ] {
            let (mut pair, conn) = joined("mosquitto-2.0", version);
            pair.send(conn, packet);
            assert!(pair.is_closed(conn));
            if version == V5 {
                assert_eq!(pair.disconnected(conn).0, code);
            }
        }
    }
}
