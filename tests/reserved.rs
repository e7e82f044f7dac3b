//! The reserved topics of AWS IoT Core (row T6): what each version sees where a client does with them what it may not.
#![cfg(not(target_arch = "wasm32"))]

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{ConnId, Kind};
use glassbroker::profile::Value;
use glassbroker::wire::*;

const GET: &str = "$aws/things/lamp/shadow/get";
const ACCEPTED: &str = "$aws/things/lamp/shadow/get/accepted";

fn joined(version: Version) -> (Pair, ConnId) {
    let mut pair = Pair::new("aws-iot-core");
    let conn = pair.join(client(version, "lamp"));
    (pair, conn)
}

fn suback(pair: &mut Pair, conn: ConnId) -> Vec<u8> {
    pair.take(conn, |packet| match packet {
        Packet::Suback(suback) => Some(suback.codes.iter().map(|code| code.0).collect()),
        _ => None,
    })
}

fn puback(pair: &mut Pair, conn: ConnId) -> u8 {
    pair.take(conn, |packet| match packet {
        Packet::Puback(ack) => Some(ack.code.0),
        _ => None,
    })
}

/// [T6] [aws.reserved.subscribe] 5.0 is told of each filter by itself; 3.1.1 is closed, and nothing was granted.
#[test]
fn a_subscription_to_a_reserved_topic() {
    let filters = [("lamps/#", QOS0), ("$invalid/reserved/topic", QOS0), (ACCEPTED, QOS1), ("$SYS/#", QOS0)];
    let (mut pair, conn) = joined(V5);
    pair.send(conn, subscribe(1, &filters));
    assert_eq!(suback(&mut pair, conn), [0, 0x8F, 1, 0x8F]);
    assert_eq!(rule_of(pair.last(Kind::QuotaRefused)).1, "aws.reserved.subscribe");
    let (mut pair, conn) = joined(V3);
    pair.send(conn, subscribe(1, &filters));
    assert!(pair.is_closed(conn) && pair.inbox(conn).is_empty());
}

/// [T6] [aws.reserved.publish] At QoS 1 PUBACK says it, at QoS 0 DISCONNECT; 3.1.1 is closed.
#[test]
fn a_publication_to_a_reserved_topic() {
    for topic in [ACCEPTED, "$mine/topic", "$aws/events/presence/connected/lamp"] {
        let (mut pair, conn) = joined(V5);
        pair.publish(conn, topic, "{}", QOS1);
        assert_eq!(puback(&mut pair, conn), 0x90, "{topic}");
        pair.publish(conn, "lamps/1", "on", QOS1);
        assert!(puback(&mut pair, conn) < 0x80, "the connection goes on");
        pair.publish(conn, topic, "{}", QOS0);
        assert_eq!(pair.disconnected(conn).0, 0x90);
        for qos in [QOS0, QOS1] {
            let (mut pair, conn) = joined(V3);
            pair.publish(conn, topic, "{}", qos);
            assert!(pair.is_closed(conn) && pair.inbox(conn).is_empty());
        }
    }
}

/// [T6] [aws.reserved.topics] What is allowed is taken by the account, whoever else listens or not.
#[test]
fn a_publication_to_the_account_is_received() {
    let (mut pair, conn) = joined(V5);
    for topic in [GET, "$aws/rules/store/lamps/1"] {
        pair.publish(conn, topic, "", QOS1);
        assert_eq!(puback(&mut pair, conn), 0, "{topic}");
    }
}

/// [T6] [aws.reserved.retain] RETAIN makes the topic a wrong one.
#[test]
fn nothing_is_retained_on_a_reserved_topic() {
    let retained = |qos| match publish(GET, "{}", qos) {
        Packet::Publish(publish) => Packet::Publish(Publish { retain: true, ..publish }),
        other => other,
    };
    let (mut pair, conn) = joined(V5);
    pair.send(conn, retained(QOS1));
    assert_eq!(puback(&mut pair, conn), 0x90);
    assert_eq!(rule_of(pair.last(Kind::QuotaRefused)).1, "aws.reserved.retain");
    assert_eq!(pair.broker.counts().retained, 0);
    let (mut pair, conn) = joined(V3);
    pair.send(conn, retained(QOS1));
    assert!(pair.is_closed(conn));
}

/// [T6] [aws.reserved.wildcards] [aws.ingest.publish-only] Wildcards reach no reserved topic by accident, and a rule's topics none at all.
#[test]
fn wildcards_on_reserved_topics() {
    let (mut pair, conn) = joined(V5);
    pair.send(
        conn,
        subscribe(
            1,
            &[
                ("#", QOS0),
                ("$aws/#", QOS0),
                ("$aws/things/lamp/#", QOS0),
                ("$aws/things/+/shadow/#", QOS0),
                ("$aws/rules/store/#", QOS0),
                ("$share/watchers/$aws/events/#", QOS0),
                ("$share/watchers/$aws/rules/#", QOS0),
            ],
        ),
    );
    assert_eq!(suback(&mut pair, conn), [0, 0x8F, 0x8F, 0, 0x8F, 0, 0x8F]);
    pair.publish(conn, "$aws/rules/store/lamps/1", "x", QOS0);
    assert!(!pair.payloads(conn).contains(&"x".to_owned()), "`#` does not match it");
}

/// [aws.reserved.publish] A Will is published by the client too.
#[test]
fn a_will_on_a_reserved_topic_lets_nobody_in() {
    let mut pair = Pair::new("aws-iot-core");
    let (payload, properties) = ("x".into(), Properties::default());
    let will = Some(Will { topic: ACCEPTED.into(), payload, qos: QOS0, retain: false, properties });
    let conn = pair.connect(Connect { will, ..client(V5, "lamp") });
    assert_eq!(pair.connack(conn).code.0, 0x90);
}

/// [aws.reserved.topics] For the standards `$` topics are the broker's to use, and it has no such use for them; a setting chooses.
#[test]
fn the_standards_reserve_nothing() {
    for (profile, set, codes) in [
        ("mqtt", [].as_slice(), [0, 0]),
        ("aws-iot-core", [("topic.reserved", Value::Switch(false))].as_slice(), [0, 0]),
        ("aws-iot-core", [].as_slice(), [0x8F, 0x8F]),
    ] {
        let mut pair = Pair::with(profile, set);
        let conn = pair.join(client(V5, "lamp"));
        pair.send(conn, subscribe(1, &[("$aws/#", QOS0), ("$mine/#", QOS0)]));
        assert_eq!(suback(&mut pair, conn), codes, "{profile}");
    }
}
