//! SUBSCRIBE and UNSUBSCRIBE, and what answers them.

mod common {
    pub mod driver;
}

use common::driver::*;
use glassbroker::broker::Kind;
use glassbroker::profile::Value;
use glassbroker::wire::*;

fn filters(pair: &Pair, client: &str) -> Vec<String> {
    pair.session(client).subscriptions.iter().map(|held| held.filter.to_string()).collect()
}

/// One SUBACK, with the SUBSCRIBE's identifier and a code for each filter, in their order.
/// [MQTT-3.8.4-1, MQTT-3.8.4-2, MQTT-3.9.3-1, MQTT-2.3.1-7] [3.1.1 MQTT-3.8.4-4, MQTT-3.8.4-5]
/// [5.0 MQTT-3.8.4-5, MQTT-3.8.4-6, MQTT-3.8.4-7, MQTT-2.2.1-6]
#[test]
fn one_suback_answers_every_filter() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let (a, b) = (pair.join(client(version, "a")), pair.join(client(version, "b")));
        pair.send(b, subscribe(0x1234, &[("two", QOS2), ("zero", QOS0), ("one/+", QOS1)]));
        let codes = vec![ReasonCode(2), ReasonCode(0), ReasonCode(1)];
        let suback = Suback { id: 0x1234, properties: Properties::default(), codes };
        assert_eq!(pair.inbox(b), [Packet::Suback(suback)]);
        for (id, topic) in [(1, "two"), (2, "zero"), (3, "one/x"), (4, "other")] {
            pair.send(a, publish_as(id, topic, topic, QOS2));
        }
        let got: Vec<_> = pair.publishes(b).iter().map(|p| (payload(p), p.qos)).collect();
        let expected = [("two", QOS2), ("zero", QOS0), ("one/x", QOS1)];
        assert_eq!(got, expected.map(|(text, qos)| (text.to_owned(), qos)));
    }
}

/// The same filter again replaces the subscription, and what is under way for it is not lost; one that differs in a character
/// is another. [3.1.1 MQTT-3.8.4-3] [5.0 MQTT-3.8.4-3, MQTT-3.8.4-4]
#[test]
fn the_same_filter_replaces_the_subscription() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let (a, b) = (pair.join(client(version, "a")), pair.join(client(version, "b")));
        let number = |n| (version == V5).then_some(n);
        pair.subscribe_with(b, "t", SubscribeOptions { qos: QOS1, ..SubscribeOptions::default() }, number(7));
        pair.publish(a, "t", "under way", QOS1);
        assert_eq!(pair.publishes(b).len(), 1);
        pair.subscribe_with(b, "t", SubscribeOptions { qos: QOS2, ..SubscribeOptions::default() }, number(8));
        assert_eq!(filters(&pair, "b"), ["t"]);
        assert_eq!(pair.session("b").inflight_count, 1);
        pair.publish(a, "t", "once", QOS2);
        let got = pair.publishes(b);
        let numbers: Vec<u32> = got[0].properties.subscription_identifiers().collect();
        assert_eq!((got.len(), got[0].qos, numbers), (1, QOS2, number(8).into_iter().collect()));
        pair.subscribe(b, "t/", QOS0);
        assert_eq!(filters(&pair, "b"), ["t", "t/"]);
    }
}

/// Only the very filter is deleted, and UNSUBACK comes once for all, whether something was deleted or not.
/// [MQTT-3.10.4-1, MQTT-3.10.4-6, MQTT-2.3.1-7] [3.1.1 MQTT-3.10.4-4, MQTT-3.10.4-5]
/// [5.0 MQTT-3.10.4-4, MQTT-3.10.4-5, MQTT-2.2.1-6, MQTT-3.11.3-1]
#[test]
fn only_the_very_filter_is_deleted() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let (a, b) = (pair.join(client(version, "a")), pair.join(client(version, "b")));
        for filter in ["a/+", "a/b", "A/b", "a/b/#"] {
            pair.subscribe(b, filter, QOS0);
        }
        pair.send(b, unsubscribe(0x4321, &["a/#", "a/b", "a/b"]));
        let (none, done) = (ReasonCode::NO_SUBSCRIPTION_EXISTED, ReasonCode::SUCCESS);
        let codes = if version == V5 { vec![none, done, none] } else { vec![] };
        let unsuback = Unsuback { id: 0x4321, properties: Properties::default(), codes };
        assert_eq!(pair.inbox(b), [Packet::Unsuback(unsuback)]);
        assert_eq!(filters(&pair, "b"), ["A/b", "a/+", "a/b/#"]);
        for filter in ["a/+", "a/b/#"] {
            pair.send(b, unsubscribe(1, &[filter]));
        }
        pair.inbox(b);
        pair.publish(a, "a/b", "", QOS0);
        assert_eq!(pair.publishes(b), [], "nothing that matched it is left");
    }
}

/// Each version's shared filter is no plain one: unsubscribing from the one leaves the other. [5.0 MQTT-3.10.4-1]
#[test]
fn a_shared_and_a_plain_filter_are_two() {
    let mut pair = Pair::new("mqtt");
    let (a, b) = (pair.join(client(V5, "a")), pair.join(client(V5, "b")));
    pair.subscribe(b, "$share/g/t", QOS0);
    pair.subscribe(b, "t", QOS0);
    pair.send(b, unsubscribe(1, &["t"]));
    pair.inbox(b);
    pair.publish(a, "t", "shared", QOS0);
    assert_eq!(pair.payloads(b), ["shared"]);
}

/// [M7] [3.1.1 MQTT-3.8.3-2] Without wildcards 3.1.1 is refused the filters that have them and keeps the others; 5.0 is told in
/// CONNACK, and who sends one all the same is disconnected with 0xA2 and has subscribed to nothing (3.2.2.3.11).
#[test]
fn a_broker_without_wildcards_refuses_them() {
    for (version, filter) in [(V3, "a/#"), (V3, "+"), (V5, "a/#"), (V5, "+"), (V5, "$share/g/+/b")] {
        let mut pair = Pair::with("mqtt", &[("subscription.wildcards", Value::Switch(false))]);
        let conn = pair.connect(persistent(version, "c"));
        let told = pair.connack(conn).properties.wildcard_subscription_available();
        assert_eq!(told, (version == V5).then_some(false));
        pair.send(conn, subscribe(1, &[("a/b", QOS1), (filter, QOS1)]));
        if version == V5 {
            assert_eq!(pair.disconnected(conn), ReasonCode::WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);
            assert_eq!(pair.session("c").subscriptions, []);
            continue;
        }
        let codes = vec![ReasonCode::GRANTED_QOS_1, ReasonCode::V3_FAILURE];
        let suback = Suback { id: 1, properties: Properties::default(), codes };
        assert_eq!(pair.inbox(conn), [Packet::Suback(suback)]);
        assert_eq!(filters(&pair, "c"), ["a/b"]);
        assert_eq!(pair.last(Kind::QuotaRefused).rule.map(|rule| rule.id), Some("MQTT-3.8.3-2"));
    }
    // One that has them says nothing.
    let mut pair = Pair::new("mqtt");
    let conn = pair.connect(client(V5, "c"));
    assert_eq!(pair.connack(conn).properties.wildcard_subscription_available(), None);
}
