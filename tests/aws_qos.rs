//! The levels of service of AWS IoT Core, and what it does with what it has not.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::Kind;
use glassbroker::profile::Value;
use glassbroker::rule::Source;
use glassbroker::wire::*;

const AWS: &str = "aws-iot-core";

/// With a Will.
fn with_will(connect: Connect, topic: &str, qos: QoS, properties: Vec<Property>) -> Connect {
    let properties = Properties(properties);
    let will = Will { topic: topic.into(), payload: "gone".into(), qos, retain: false, properties };
    Connect { will: Some(will), ..connect }
}

/// [Q3] [M7] [aws.qos.max] MQTT 5 is told that there is no QoS 2, and disconnected when it publishes so. [MQTT-3.2.2-9, MQTT-3.2.2-11]
#[test]
fn the_newer_version_is_told() {
    let mut pair = Pair::new(AWS);
    let lamp = pair.connect(client(V5, "lamp"));
    let connack = pair.connack(lamp);
    assert!(connack.properties.0.contains(&Property::MaximumQoS(1)), "{connack:?}");
    pair.publish(lamp, "t", "x", QOS2);
    assert_eq!(pair.disconnected(lamp), ReasonCode::QOS_NOT_SUPPORTED);
    assert!(pair.is_closed(lamp));
}

/// [Q3] [aws.qos.publish] In 3.1.1 the message goes nowhere and is not answered; what comes after it is taken as ever.
#[test]
fn the_older_version_is_passed_over() {
    let mut pair = Pair::new(AWS);
    let lamp = pair.join(client(V3, "lamp"));
    pair.subscribe(lamp, "t", QOS1);
    pair.send(lamp, publish_as(9, "t", "two", QOS2));
    assert_eq!(pair.inbox(lamp), []);
    assert_eq!(rule_of(pair.last(Kind::Decision)), (Source::Aws, "aws.qos.publish"));
    pair.publish(lamp, "t", "one", QOS1);
    assert_eq!(pair.receive_all(lamp).iter().map(payload).collect::<Vec<_>>(), ["one"]);

    // As some clients report.
    let mut pair = Pair::with(AWS, &[("publish.qos_over_ignored_v3", Value::Switch(false))]);
    let lamp = pair.join(client(V3, "lamp"));
    pair.publish(lamp, "t", "two", QOS2);
    assert!(pair.is_closed(lamp));
}

/// [Q3] [aws.qos.subscribe] [aws.qos.subscribe-v5] A SUBSCRIBE that asks for QoS 2 gets no SUBACK in 3.1.1, and QoS 1 in MQTT 5;
/// each may be set otherwise. [MQTT-3.2.2-10]
#[test]
fn a_subscription_at_qos_2_is_not_answered() {
    let v3 = "subscription.qos_over_unanswered_v3";
    let v5 = "subscription.qos_over_unanswered_v5";
    for (version, set, is_answered) in [
        (V3, None, false),
        (V5, None, true),
        (V3, Some((v3, Value::Switch(false))), true),
        (V5, Some((v5, Value::Switch(true))), false),
    ] {
        let mut pair = Pair::with(AWS, set.as_slice());
        let lamp = pair.join(client(version, "lamp"));
        pair.send(lamp, subscribe(3, &[("a", QOS1), ("b", QOS2)]));
        let granted = vec![ReasonCode(1), ReasonCode(1)];
        let suback = Suback { id: 3, properties: Properties::default(), codes: granted };
        let expected = if is_answered { vec![Packet::Suback(suback)] } else { vec![] };
        assert_eq!(pair.inbox(lamp), expected, "{version:?} {set:?}");
        pair.publish(lamp, "a", "x", QOS0);
        assert_eq!(pair.payloads(lamp).len(), usize::from(is_answered), "all of it or nothing");
        assert!(!pair.is_closed(lamp));
    }
}

/// [Q3] [aws.qos.max] A Will at QoS 2: 3.1.1 is closed without CONNACK, MQTT 5 is told.
#[test]
fn a_will_at_qos_2_is_refused() {
    let mut pair = Pair::new(AWS);
    let old = pair.connect(with_will(client(V3, "old"), "w", QOS2, vec![]));
    assert!(pair.is_closed(old) && pair.wire(old).packets.is_empty());
    let new = pair.connect(with_will(client(V5, "new"), "w", QOS2, vec![]));
    assert_eq!(pair.connack(new).code, ReasonCode::QOS_NOT_SUPPORTED);
    assert!(pair.is_closed(new));
}

/// [Q3] [aws.qos.packets] The packets of QoS 2, and AUTH, end the connection; in `mqtt` an unexpected one does not.
#[test]
fn packets_of_qos_2_are_not_supported() {
    let packets = [Packet::Pubrec(ack(1)), Packet::Pubrel(ack(1)), Packet::Pubcomp(ack(1))];
    for version in BOTH {
        for packet in &packets {
            for (profile, is_taken) in [(AWS, false), ("mqtt", true)] {
                let mut pair = Pair::new(profile);
                let lamp = pair.join(client(version, "lamp"));
                pair.send(lamp, packet.clone());
                assert_eq!(pair.is_closed(lamp), !is_taken, "{profile} {packet:?}");
                if !is_taken && version == V5 {
                    assert_eq!(pair.disconnected(lamp), ReasonCode::PROTOCOL_ERROR);
                }
            }
        }
    }
    let mut pair = Pair::new(AWS);
    let lamp = pair.join(client(V5, "lamp"));
    let auth = Auth { code: ReasonCode::RE_AUTHENTICATE, properties: Properties::default() };
    pair.send(lamp, Packet::Auth(auth));
    assert_eq!(pair.disconnected(lamp), ReasonCode::PROTOCOL_ERROR);
}

/// [C1] [aws.connect.wait] Who sends more together with CONNECT is disconnected; with the switch off, or in `mqtt`, it is taken.
#[test]
fn a_client_waits_for_connack() {
    let set = [("connect.must_wait", Value::Switch(false))];
    for version in BOTH {
        for (profile, set, is_taken) in
            [(AWS, &[][..], false), (AWS, &set[..], true), ("mqtt", &[][..], true)]
        {
            let mut pair = Pair::with(profile, set);
            let lamp = pair.open();
            pair.wire(lamp).version = Some(version);
            let connect = Packet::Connect(Box::new(client(version, "lamp")));
            pair.send_all(lamp, &[connect, subscribe(1, &[("t", QOS0)])]);
            assert_eq!(pair.connack(lamp).code, ReasonCode::SUCCESS);
            assert_eq!(pair.is_closed(lamp), !is_taken, "{profile} {set:?}");
            match (is_taken, version) {
                (true, _) => assert!(matches!(pair.inbox(lamp)[..], [Packet::Suback(_)])),
                (false, V3) => assert_eq!(pair.inbox(lamp), []),
                (false, V5) => assert_eq!(pair.disconnected(lamp), ReasonCode::PROTOCOL_ERROR),
            }
        }
        // Whoever waits may send two packets at once.
        let mut pair = Pair::new(AWS);
        let lamp = pair.join(client(version, "lamp"));
        pair.send_all(lamp, &[subscribe(1, &[("t", QOS0)]), Packet::Pingreq]);
        assert!(!pair.is_closed(lamp));
    }
}

/// [M3] [aws.message.expiry] The interval of a message and of a Will is at least a second and at most seven days.
#[test]
fn the_message_expiry_has_bounds() {
    const WEEK_S: u32 = 604_800;
    for (profile, asked_s, left_s) in
        [(AWS, 0, 1), (AWS, 7, 7), (AWS, WEEK_S + 1, WEEK_S), ("mqtt", WEEK_S + 1, WEEK_S + 1)]
    {
        let mut pair = Pair::new(profile);
        let lamp = pair.join(client(V5, "lamp"));
        pair.subscribe(lamp, "t", QOS0);
        let expiry = Property::MessageExpiryInterval(asked_s);
        let connect = with_will(client(V5, "sensor"), "t", QOS0, vec![expiry.clone()]);
        let sensor = pair.join(connect);
        pair.send(sensor, with_properties(publish("t", "x", QOS1), vec![expiry]));
        pair.cut(sensor);
        let left: Vec<_> =
            pair.publishes(lamp).iter().map(|p| p.properties.message_expiry_interval()).collect();
        assert_eq!(left, [Some(left_s), Some(left_s)], "{profile} {asked_s}");
    }
}

/// [M3] [aws.message.expiry] The publisher's version decides: a 3.1.1 subscriber misses what expired, and what 3.1.1 published stays.
#[test]
fn the_publishers_version_decides_what_expires() {
    for (from, to, is_kept) in [(V5, V3, false), (V3, V5, true)] {
        let mut pair = Pair::new(AWS);
        let lamp = pair.join(persistent(to, "lamp"));
        pair.subscribe(lamp, "t", QOS1);
        pair.cut(lamp);
        let sensor = pair.join(client(from, "sensor"));
        let properties = if from == V5 { vec![Property::MessageExpiryInterval(5)] } else { vec![] };
        pair.send(sensor, with_properties(publish("t", "x", QOS1), properties));
        pair.pass_s(10);
        let lamp = pair.join(persistent(to, "lamp"));
        let got = pair.publishes(lamp);
        assert_eq!(got.len(), usize::from(is_kept), "{from:?} to {to:?}");
        assert!(got.iter().all(|publish| publish.properties.message_expiry_interval().is_none()));
    }
}
