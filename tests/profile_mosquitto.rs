//! What the profile `mosquitto-2.0` does otherwise than the standards' profile, story by story. `tests/mosquitto` compares it
//! with a real Mosquitto.
#![cfg(not(target_arch = "wasm32"))]

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::{ConnId, Kind};
use glassbroker::profile::Value;
use glassbroker::wire::*;

const MOSQUITTO: &str = "mosquitto-2.0";

/// Subscribes with options and gives no thought to the SUBACK.
fn subscribe(pair: &mut Pair, conn: ConnId, filters: &[(&str, SubscribeOptions)]) {
    let filters =
        filters.iter().map(|(filter, options)| Subscription { filter: (*filter).into(), options: *options });
    let subscribe = Subscribe { id: 9, properties: Properties::default(), filters: filters.collect() };
    pair.send(conn, Packet::Subscribe(subscribe));
    pair.take(conn, |packet| matches!(packet, Packet::Suback(_)).then_some(()));
}

fn at(qos: QoS) -> SubscribeOptions {
    SubscribeOptions { qos, ..SubscribeOptions::default() }
}

fn with_will(mut connect: Connect, delay_s: u32) -> Connect {
    let properties =
        Properties((delay_s > 0).then_some(Property::WillDelayInterval(delay_s)).into_iter().collect());
    let payload = "gone".into();
    connect.will = Some(Will { topic: "will".into(), payload, qos: QOS0, retain: false, properties });
    connect
}

fn with_receive_maximum(mut connect: Connect, count: u16) -> Connect {
    connect.properties.push(Property::ReceiveMaximum(count));
    connect
}

#[test]
fn a_qos_2_message_goes_out_when_its_publisher_releases_it() {
    for (profile, at_publish) in [("mqtt", 1), (MOSQUITTO, 0)] {
        for version in BOTH {
            let mut pair = Pair::new(profile);
            let (watcher, sensor) =
                (pair.join(client(version, "watcher")), pair.join(client(version, "sensor")));
            pair.subscribe(watcher, "a", QOS0);
            pair.publish(sensor, "a", "x", QOS2);
            assert_eq!(pair.payloads(watcher).len(), at_publish, "{profile}");
            pair.send(sensor, Packet::Pubrel(ack(1)));
            assert_eq!(pair.payloads(watcher).len(), 1 - at_publish, "{profile}");
            // A repeated PUBREL releases nothing more.
            pair.send(sensor, Packet::Pubrel(ack(1)));
            assert!(pair.payloads(watcher).is_empty());
            pair.take(sensor, |packet| matches!(packet, Packet::Pubcomp(_)).then_some(()));
        }
    }
}

#[test]
fn an_unreleased_message_waits_for_its_publisher_and_goes_with_the_session() {
    let mut pair = Pair::new(MOSQUITTO);
    let watcher = pair.join(client(V5, "watcher"));
    pair.subscribe(watcher, "a", QOS0);
    let sensor = pair.join(persistent(V5, "sensor"));
    pair.publish(sensor, "a", "x", QOS2);
    pair.cut(sensor);
    let sensor = pair.join(persistent(V5, "sensor"));
    pair.send(sensor, Packet::Pubrel(ack(1)));
    assert_eq!(pair.payloads(watcher), ["x"]);
    pair.publish(sensor, "a", "y", QOS2);
    pair.disconnect(sensor);
    let sensor = pair.join(client(V5, "sensor"));
    assert_eq!(pair.last(Kind::MessageDropped).why, "its session ended");
    pair.send(sensor, Packet::Pubrel(ack(1)));
    assert!(pair.payloads(watcher).is_empty());
}

#[test]
fn a_shared_subscription_gets_retained_messages() {
    for (profile, count) in [("mqtt", 0), (MOSQUITTO, 1)] {
        let mut pair = Pair::new(profile);
        let lamp = pair.join(client(V5, "lamp"));
        pair.send(lamp, retained("a/b", "x", QOS0));
        pair.subscribe(lamp, "$share/g/a/#", QOS0);
        assert_eq!(pair.payloads(lamp).len(), count, "{profile}");
    }
}

#[test]
fn shared_subscriptions_are_for_3_1_1_too_and_their_members_take_turns() {
    let mut pair = Pair::new(MOSQUITTO);
    let (one, two) = (pair.join(persistent(V3, "one")), pair.join(client(V5, "two")));
    pair.subscribe(one, "$share/g/a", QOS1);
    pair.subscribe(two, "$share/g/a", QOS1);
    for payload in ["1", "2", "3"] {
        pair.publish(two, "a", payload, QOS0);
    }
    assert_eq!((pair.payloads(one), pair.payloads(two)), (vec!["1".into(), "3".into()], vec!["2".into()]));
    // Whoever is away has its turn all the same.
    pair.cut(one);
    for payload in ["4", "5", "6"] {
        pair.publish(two, "a", payload, QOS1);
    }
    assert_eq!(pair.payloads(two), ["4", "6"]);
    let one = pair.join(persistent(V3, "one"));
    assert_eq!(pair.payloads(one), ["5"]);
}

#[test]
fn a_message_comes_to_3_1_1_by_the_first_subscription_and_to_5_0_by_each() {
    let filters = [("#", at(QOS2)), ("a/+", at(QOS0)), ("+/b", at(QOS1))];
    let delivered = |profile: &str, version| {
        let mut pair = Pair::new(profile);
        let lamp = pair.join(persistent(version, "lamp"));
        subscribe(&mut pair, lamp, &filters);
        pair.publish(lamp, "a/b", "x", QOS2);
        pair.send(lamp, Packet::Pubrel(ack(1)));
        pair.publishes(lamp).iter().map(|publish| publish.qos).collect::<Vec<_>>()
    };
    // [MQTT-3.3.5-1] of 3.1.1 and [MQTT-3.3.4-2] of 5.0: at the highest QoS.
    assert_eq!((delivered("mqtt", V3), delivered("mqtt", V5)), (vec![QOS2], vec![QOS2]));
    assert_eq!((delivered(MOSQUITTO, V3), delivered(MOSQUITTO, V5)), (vec![QOS0], vec![QOS0, QOS1, QOS2]));
}

#[test]
fn a_client_that_is_away_gets_a_message_by_the_first_subscription_that_stores_it() {
    let mut pair = Pair::new(MOSQUITTO);
    let (lamp, sensor) = (pair.join(persistent(V3, "lamp")), pair.join(client(V3, "sensor")));
    subscribe(&mut pair, lamp, &[("#", at(QOS2)), ("a/+", at(QOS0)), ("+/b", at(QOS1))]);
    pair.cut(lamp);
    pair.publish(sensor, "a/b", "x", QOS1);
    pair.publish(sensor, "a/b", "lost", QOS0);
    let lamp = pair.join(persistent(V3, "lamp"));
    let publishes = pair.publishes(lamp);
    assert_eq!(
        publishes.iter().map(|publish| (payload(publish), publish.qos)).collect::<Vec<_>>(),
        [("x".into(), QOS1)]
    );
}

#[test]
fn a_subscription_made_again_keeps_its_first_options() {
    for (profile, own) in [("mqtt", 1), (MOSQUITTO, 0)] {
        let mut pair = Pair::new(profile);
        let lamp = pair.join(client(V5, "lamp"));
        subscribe(&mut pair, lamp, &[("a", SubscribeOptions { no_local: true, ..at(QOS0) })]);
        subscribe(&mut pair, lamp, &[("a", at(QOS0))]);
        pair.publish(lamp, "a", "x", QOS0);
        assert_eq!(
            pair.payloads(lamp).len(),
            own,
            "{profile}: [MQTT-3.8.4-3] says that the new one replaces the old"
        );
    }
}

#[test]
fn a_client_that_takes_its_session_over_sends_no_will_and_its_old_connection_is_told_nothing() {
    for (profile, told, wills) in [("mqtt", 1, 1), (MOSQUITTO, 0, 0)] {
        let mut pair = Pair::new(profile);
        let watcher = pair.join(client(V5, "watcher"));
        pair.subscribe(watcher, "will", QOS0);
        let old = pair.join(with_will(persistent(V5, "lamp"), 0));
        pair.join(persistent(V5, "lamp"));
        assert!(pair.is_closed(old));
        assert_eq!(pair.inbox(old).len(), told, "{profile}");
        assert_eq!(pair.payloads(watcher).len(), wills, "{profile}: [MQTT-3.1.2-8]");
    }
}

#[test]
fn a_takeover_that_ends_the_session_sends_the_will_unless_it_has_a_delay() {
    for version in BOTH {
        let mut pair = Pair::new(MOSQUITTO);
        let watcher = pair.join(client(V5, "watcher"));
        pair.subscribe(watcher, "will", QOS0);
        pair.join(with_will(persistent(version, "lamp"), 0));
        pair.join(client(version, "lamp"));
        assert_eq!(pair.payloads(watcher), ["gone"]);
    }
    let mut pair = Pair::new(MOSQUITTO);
    let watcher = pair.join(client(V5, "watcher"));
    pair.subscribe(watcher, "will", QOS0);
    let old = pair.join(with_will(persistent(V5, "lamp"), 60));
    pair.join(client(V5, "lamp"));
    assert!(pair.is_closed(old));
    let lamp = pair.join(with_will(persistent(V5, "lamp"), 60));
    pair.cut(lamp);
    pair.join(client(V5, "lamp"));
    pair.pass_s(100);
    assert!(pair.payloads(watcher).is_empty());
}

#[test]
fn the_receive_maximum_replaces_twenty_and_does_not_bound_what_is_sent_again() {
    let mut pair = Pair::new(MOSQUITTO);
    let lamp = pair.join(with_receive_maximum(persistent(V5, "lamp"), 30));
    pair.subscribe(lamp, "a", QOS1);
    let sensor = pair.join(client(V5, "sensor"));
    for n in 0..40 {
        pair.publish(sensor, "a", &n.to_string(), QOS1);
    }
    assert_eq!(pair.payloads(lamp).len(), 30);
    pair.cut(lamp);
    let lamp = pair.join(with_receive_maximum(persistent(V5, "lamp"), 5));
    assert_eq!(pair.payloads(lamp).len(), 30, "[MQTT-3.3.4-9] would say 5");
}

#[test]
fn without_a_receive_maximum_twenty_messages_are_under_way() {
    for version in BOTH {
        let mut pair = Pair::new(MOSQUITTO);
        let lamp = pair.join(persistent(version, "lamp"));
        pair.subscribe(lamp, "a", QOS1);
        for n in 0..40 {
            pair.publish(lamp, "a", &n.to_string(), QOS1);
        }
        assert_eq!(pair.payloads(lamp).len(), 20);
    }
}

#[test]
fn a_session_goes_on_in_the_other_version() {
    let mut pair = Pair::new(MOSQUITTO);
    let lamp = pair.join(persistent(V3, "lamp"));
    pair.subscribe(lamp, "a", QOS1);
    pair.cut(lamp);
    let lamp = pair.connect(persistent(V5, "lamp"));
    assert!(pair.connack(lamp).session_present);
}

#[test]
fn only_a_client_that_is_told_of_a_receive_maximum_must_keep_to_it() {
    for (version, closed) in [(V3, false), (V5, true)] {
        let mut pair = Pair::with("mqtt", &[("connect.receive_maximum", Value::Number(1))]);
        let sensor = pair.join(client(version, "sensor"));
        for id in [1, 2] {
            let Packet::Publish(publish) = publish("a", "x", QOS2) else { unreachable!() };
            pair.send(sensor, Packet::Publish(Publish { id, ..publish }));
        }
        // [MQTT-3.3.4-7]; 3.1.1 has no such clause.
        assert_eq!(pair.is_closed(sensor), closed, "{version:?}");
    }
}

#[test]
fn a_subscription_matches_though_no_local_keeps_the_message_from_its_publisher() {
    let mut pair = Pair::new("mqtt");
    let lamp = pair.join(client(V5, "lamp"));
    subscribe(&mut pair, lamp, &[("a", SubscribeOptions { no_local: true, ..at(QOS0) })]);
    for (topic, code) in [("a", ReasonCode::SUCCESS), ("b", ReasonCode::NO_MATCHING_SUBSCRIBERS)] {
        pair.publish(lamp, topic, "x", QOS1);
        let puback = pair.take(lamp, |packet| match packet {
            Packet::Puback(ack) => Some(ack.clone()),
            _ => None,
        });
        assert_eq!(puback.code, code, "[MQTT-3.8.3-3] keeps the message back, it does not end the match");
    }
}
