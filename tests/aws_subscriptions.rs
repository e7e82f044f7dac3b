//! Subscriptions and retained messages of AWS IoT Core.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::Kind;
use glassbroker::profile::Value;
use glassbroker::rule::Source;
use glassbroker::wire::*;

const AWS: &str = "aws-iot-core";

/// [T5] [aws.topic.hash-parent] `sensor/#` does not match `sensor`, live or retained; in `mqtt` it does.
#[test]
fn a_filter_with_hash_leaves_its_parent_out() {
    for version in BOTH {
        for (profile, has_parent) in [(AWS, false), ("mqtt", true)] {
            let mut pair = Pair::new(profile);
            let sensor = pair.join(client(version, "sensor"));
            pair.subscribe(sensor, "sensor/#", QOS0);
            for topic in ["sensor", "sensor/", "sensor/temperature", "sensor/temperature/room1", "sensors/x"]
            {
                pair.publish(sensor, topic, topic, QOS0);
            }
            let mut expected = vec!["sensor/", "sensor/temperature", "sensor/temperature/room1"];
            if has_parent {
                expected.insert(0, "sensor");
            }
            assert_eq!(pair.payloads(sensor), expected, "{profile}");
        }
    }
}

/// [M7] [aws.subscription.identifiers] CONNACK tells that there are none, and who uses one is disconnected with 0xA1.
#[test]
fn there_are_no_subscription_identifiers() {
    let mut pair = Pair::new(AWS);
    let lamp = pair.connect(client(V5, "lamp"));
    assert!(pair.connack(lamp).properties.0.contains(&Property::SubscriptionIdentifierAvailable(0)));
    let Packet::Subscribe(packet) = subscribe(1, &[("t", QOS0)]) else { unreachable!() };
    let properties = Properties(vec![Property::SubscriptionIdentifier(3)]);
    pair.send(lamp, Packet::Subscribe(Subscribe { properties, ..packet }));
    assert_eq!(pair.disconnected(lamp), ReasonCode::SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED);
    assert!(pair.is_closed(lamp));
}

/// [M2] [M7] [aws.quota.topic-alias] Eight topic aliases, told in CONNACK; the ninth disconnects with 0x94. [MQTT-3.3.2-9]
#[test]
fn there_are_eight_topic_aliases() {
    let mut pair = Pair::new(AWS);
    let lamp = pair.connect(client(V5, "lamp"));
    assert!(pair.connack(lamp).properties.0.contains(&Property::TopicAliasMaximum(8)));
    pair.send(lamp, with_properties(publish("t", "x", QOS0), vec![Property::TopicAlias(8)]));
    assert!(!pair.is_closed(lamp));
    pair.send(lamp, with_properties(publish("t", "x", QOS0), vec![Property::TopicAlias(9)]));
    assert_eq!(pair.disconnected(lamp), ReasonCode::TOPIC_ALIAS_INVALID);
}

/// [H1] [aws.shared.both-versions] A client of each version shares one subscription.
#[test]
fn both_versions_share_subscriptions() {
    let mut pair = Pair::new(AWS);
    let members = BOTH.map(|version| {
        let conn = pair.join(client(version, if version == V3 { "old" } else { "new" }));
        pair.subscribe(conn, "$share/g/t", QOS1);
        conn
    });
    let sensor = pair.join(client(V3, "sensor"));
    for n in 0..40 {
        pair.publish(sensor, "t", &n.to_string(), QOS0);
    }
    let got = members.map(|member| pair.publishes(member).len());
    assert_eq!(got[0] + got[1], 40);
    assert!(got.iter().all(|count| *count > 5), "each has its share: {got:?}");
}

/// [H1] [aws.shared.since-v5] The edition before MQTT 5 has no shared subscriptions.
#[test]
fn the_edition_of_2022_shares_no_subscriptions() {
    let mut pair = Pair::new("aws-iot-core-2022");
    let lamp = pair.join(client(V3, "lamp"));
    pair.send(lamp, subscribe(1, &[("$share/g/t", QOS0)]));
    assert!(pair.broker.groups(pair.now).is_empty());
}

/// [H1] [aws.shared.name] A ShareName has at most 128 bytes: MQTT 5 is told of a longer one, 3.1.1 is closed; `mqtt` takes it.
#[test]
fn a_share_name_has_at_most_128_bytes() {
    let filter = |bytes: usize| format!("$share/{}/t", "é".repeat(bytes / 2));
    for (profile, longer) in [(AWS, 0x8F), ("mqtt", 0)] {
        let mut pair = Pair::new(profile);
        let lamp = pair.join(client(V5, "lamp"));
        pair.send(lamp, subscribe(1, &[(&filter(128), QOS0), (&filter(130), QOS0)]));
        let codes = pair.take(lamp, |packet| match packet {
            Packet::Suback(suback) => Some(suback.codes.clone()),
            _ => None,
        });
        assert_eq!(codes, [ReasonCode(0), ReasonCode(longer)], "{profile}");
    }
    let mut pair = Pair::new(AWS);
    let lamp = pair.join(client(V3, "lamp"));
    pair.send(lamp, subscribe(1, &[(&filter(130), QOS0)]));
    assert!(pair.is_closed(lamp));
}

/// [R2] [aws.retained.exact] A new subscription gets a retained message only by its very topic, never by wildcards or when shared;
/// later messages come to all.
#[test]
fn a_retained_message_comes_by_its_topic_only() {
    for version in BOTH {
        for (profile, by_wildcard) in [(AWS, 0), ("mqtt", 1)] {
            let mut pair = Pair::new(profile);
            let sensor = pair.join(client(version, "sensor"));
            pair.send(sensor, retained("a/b", "x", QOS1));
            for (filter, came) in [("a/b", 1), ("a/+", by_wildcard), ("#", by_wildcard), ("$share/g/a/b", 0)]
            {
                let lamp = pair.join(client(version, &format!("on {filter}")));
                pair.subscribe(lamp, filter, QOS0);
                assert_eq!(pair.publishes(lamp).len(), came, "{profile} {filter}");
            }
            let lamp = pair.join(client(version, "later"));
            pair.subscribe(lamp, "#", QOS0);
            pair.publishes(lamp);
            pair.send(sensor, retained("a/b", "y", QOS1));
            let live = pair.publishes(lamp);
            assert_eq!(
                live.iter().map(|p| (payload(p), p.retain)).collect::<Vec<_>>(),
                [("y".into(), false)]
            );
        }
    }
}

/// [R3] [aws.reserved.retain] Nothing is retained on `$aws/`: told where there is a PUBACK for it, else the connection ends.
#[test]
fn nothing_is_retained_on_reserved_topics() {
    for (version, qos, is_told) in [(V5, QOS1, true), (V5, QOS0, false), (V3, QOS1, false)] {
        let mut pair = Pair::new(AWS);
        let sensor = pair.join(client(version, "sensor"));
        pair.send(sensor, retained("$aws/things/a/shadow/get", "x", qos));
        assert!(pair.broker.retained().is_empty());
        assert_eq!(pair.is_closed(sensor), !is_told, "{version:?} {qos:?}");
        match &pair.inbox(sensor)[..] {
            [Packet::Puback(ack)] if is_told => assert_eq!(ack.code, ReasonCode::TOPIC_NAME_INVALID),
            [Packet::Disconnect(end)] if version == V5 => {
                assert_eq!(end.code, ReasonCode::TOPIC_NAME_INVALID)
            }
            [] if version == V3 => {}
            other => panic!("{other:?}"),
        }
    }
}

/// [R3] [aws.retained.throttled] At the account's limit a retained message with a payload is throttled, until one is deleted.
#[test]
fn a_full_store_takes_deletions_only() {
    for version in BOTH {
        let mut pair = Pair::with(AWS, &[("retained.max_messages", Value::Number(1))]);
        let lamp = pair.join(client(version, "lamp"));
        pair.subscribe(lamp, "#", QOS0);
        let sensor = pair.join(client(version, "sensor"));
        let acked = |pair: &mut Pair, topic: &str, payload: &str| {
            pair.send(sensor, retained(topic, payload, QOS1));
            pair.inbox(sensor)
                .iter()
                .map(|packet| match packet {
                    Packet::Puback(ack) => ack.code,
                    other => panic!("{other:?}"),
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(acked(&mut pair, "a", "x"), [ReasonCode::SUCCESS]);
        let refused = acked(&mut pair, "b", "x");
        assert_eq!(refused, if version == V5 { vec![ReasonCode::QUOTA_EXCEEDED] } else { vec![] });
        assert_eq!(rule_of(pair.last(Kind::QuotaRefused)), (Source::Aws, "aws.retained.throttled"));
        assert_eq!(acked(&mut pair, "a", "y"), [ReasonCode::SUCCESS], "one that replaces takes no more room");
        assert_eq!(acked(&mut pair, "a", ""), [ReasonCode::SUCCESS]);
        assert_eq!(acked(&mut pair, "b", "x"), [ReasonCode::SUCCESS]);
        assert_eq!(pair.publishes(lamp).len(), 4);
    }
}

/// [S5] [aws.session.expiry-limit] [aws.session.expiry] MQTT 5 gets an hour unless the account says more, which is told; never more
/// than seven days.
#[test]
fn a_session_lasts_seven_days_at_most() {
    const WEEK_S: u32 = 604_800;
    let month = Value::Number(30 * 86_400);
    for (set, granted_s) in [(&[][..], 3_600), (&[("session.expiry_max_s", month)][..], WEEK_S)] {
        let mut pair = Pair::with(AWS, set);
        let mut connect = client(V5, "lamp");
        connect.properties.0.push(Property::SessionExpiryInterval(u32::MAX));
        let lamp = pair.connect(connect);
        let told = pair.connack(lamp).properties.session_expiry_interval();
        assert_eq!(told, Some(granted_s));
        assert_eq!(pair.session("lamp").expiry_s, Some(granted_s));
    }
    let mut pair = Pair::with(AWS, &[("session.expiry_default_s", month)]);
    pair.join(persistent(V3, "lamp"));
    assert_eq!(pair.session("lamp").expiry_s, Some(WEEK_S));
}
