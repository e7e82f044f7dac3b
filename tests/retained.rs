//! Retained messages.

mod common {
    pub mod driver;
}

use bytes::Bytes;
use common::driver::*;
use glassbroker::broker::{Command, Kind};
use glassbroker::profile::Value;
use glassbroker::wire::*;

fn flags(publishes: &[Publish]) -> Vec<(String, bool)> {
    publishes.iter().map(|p| (payload(p), p.retain)).collect()
}

fn is(expected: &[(&str, bool)]) -> Vec<(String, bool)> {
    expected.iter().map(|(text, retain)| ((*text).to_owned(), *retain)).collect()
}

/// [R1] Stored, replaced, sent on subscribing with RETAIN set; live copies without it. [MQTT-3.3.1-5]
/// [3.1.1 MQTT-3.3.1-6, MQTT-3.3.1-7, MQTT-3.3.1-8, MQTT-3.3.1-9] [5.0 MQTT-3.3.1-9, MQTT-3.3.1-12]
#[test]
fn a_retained_message_is_sent_to_later_subscribers() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let (a, b, c) =
            (pair.join(client(version, "a")), pair.join(client(version, "b")), pair.join(client(V5, "c")));
        pair.subscribe(b, "lamps/#", QOS1);
        pair.send(a, retained("lamps/1", "on", QOS1));
        pair.send(a, retained("lamps/1", "off", QOS0));
        pair.send(a, retained("lamps/2", "on", QOS2));
        assert_eq!(flags(&pair.publishes(b)), is(&[("on", false), ("off", false), ("on", false)]));
        assert_eq!(pair.events(Kind::RetainedStored).len(), 2);
        assert_eq!(pair.events(Kind::RetainedReplaced).len(), 1);
        pair.subscribe(c, "lamps/+", QOS1);
        let got = pair.publishes(c);
        assert_eq!(flags(&got), is(&[("off", true), ("on", true)]));
        assert_eq!(got.iter().map(|p| p.qos).collect::<Vec<_>>(), [QOS0, QOS1]);
    }
}

/// [R1] An empty one clears, is delivered, and is never stored. [3.1.1 MQTT-3.3.1-10, MQTT-3.3.1-11]
/// [5.0 MQTT-3.3.1-6, MQTT-3.3.1-7]
#[test]
fn an_empty_retained_message_clears() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let (a, b) = (pair.join(client(version, "a")), pair.join(client(version, "b")));
        pair.subscribe(b, "t", QOS0);
        pair.send(a, retained("t", "x", QOS0));
        pair.send(a, retained("t", "", QOS0));
        pair.send(a, retained("u", "", QOS0));
        assert_eq!(pair.payloads(b), ["x", ""]);
        assert_eq!(pair.broker.retained(), []);
        assert_eq!(pair.events(Kind::RetainedCleared).len(), 1);
        let event = pair.last(Kind::RetainedCleared);
        let rule = if version == V3 { "MQTT-3.3.1-10" } else { "MQTT-3.3.1-6" };
        assert_eq!((rule_of(event), &*event.topic), (mqtt(version, rule), "t"));
    }
}

/// [R8] Without RETAIN the stored one stays as it was. [3.1.1 MQTT-3.3.1-12] [5.0 MQTT-3.3.1-8]
#[test]
fn a_message_without_retain_leaves_the_store_alone() {
    for version in BOTH {
        let mut pair = Pair::new("mqtt");
        let a = pair.join(client(version, "a"));
        pair.send(a, retained("t", "old", QOS1));
        pair.publish(a, "t", "new", QOS1);
        pair.publish(a, "t", "", QOS1);
        let kept = pair.broker.retained_at("t").expect("kept");
        assert_eq!((kept.payload, kept.qos), (Bytes::from_static(b"old"), QOS1));
    }
}

/// Retained messages are no session state. [3.1.1 MQTT-3.1.2-7]
#[test]
fn retained_messages_outlive_the_session() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V3, "a"));
    pair.send(a, retained("t", "x", QOS1));
    pair.cut(a);
    let b = pair.join(client(V5, "b"));
    pair.subscribe(b, "t", QOS0);
    assert_eq!(flags(&pair.publishes(b)), is(&[("x", true)]));
}

/// Retain Handling; 3.1.1 sends them again at each SUBSCRIBE. [5.0 MQTT-3.3.1-9, MQTT-3.3.1-10, MQTT-3.3.1-11, MQTT-3.8.4-4]
/// [3.1.1 MQTT-3.8.4-3]
#[test]
fn retain_handling_decides_when_they_are_sent() {
    for (handling, expected) in [
        (RetainHandling::OnSubscribe, [1, 1]),
        (RetainHandling::OnNewSubscription, [1, 0]),
        (RetainHandling::Never, [0, 0]),
    ] {
        let mut pair = Pair::new("mqtt");
        let (a, b) = (pair.join(client(V5, "a")), pair.join(client(V5, "b")));
        pair.send(a, retained("t", "x", QOS0));
        let options = SubscribeOptions { retain_handling: handling, ..SubscribeOptions::default() };
        for count in expected {
            pair.subscribe_with(b, "t", options, None);
            assert_eq!(pair.publishes(b).len(), count, "{handling:?}");
        }
    }
    let mut pair = Pair::new("mqtt");
    let (a, b) = (pair.join(client(V3, "a")), pair.join(client(V3, "b")));
    pair.send(a, retained("t", "x", QOS0));
    for _ in 0..2 {
        pair.subscribe(b, "t", QOS0);
        assert_eq!(pair.publishes(b).len(), 1);
    }
}

/// With Retain As Published the flag is handed on as it came. [5.0 MQTT-3.3.1-13]
#[test]
fn retain_as_published_keeps_the_flag() {
    let mut pair = Pair::new("mqtt");
    let (a, b) = (pair.join(client(V5, "a")), pair.join(client(V5, "b")));
    let options = SubscribeOptions { retain_as_published: true, ..SubscribeOptions::default() };
    pair.subscribe_with(b, "t", options, None);
    pair.send(a, retained("t", "kept", QOS0));
    pair.publish(a, "t", "passing", QOS0);
    assert_eq!(flags(&pair.publishes(b)), is(&[("kept", true), ("passing", false)]));
}

/// 4.8.2: a shared subscription gets none; later messages reach it.
#[test]
fn a_shared_subscription_gets_none() {
    let mut pair = Pair::new("mqtt");
    let (a, b) = (pair.join(client(V5, "a")), pair.join(client(V5, "b")));
    pair.send(a, retained("t", "kept", QOS0));
    pair.subscribe(b, "$share/g/t", QOS0);
    assert_eq!(pair.publishes(b), []);
    pair.send(a, retained("t", "later", QOS0));
    assert_eq!(flags(&pair.publishes(b)), is(&[("later", false)]));
}

/// A subscription's identifier comes with the retained messages that it brings (3.3.2.3.8).
#[test]
fn they_carry_the_subscription_identifier() {
    let mut pair = Pair::new("mqtt");
    let (a, b) = (pair.join(client(V5, "a")), pair.join(client(V5, "b")));
    pair.send(a, retained("t", "x", QOS0));
    pair.subscribe_with(b, "#", SubscribeOptions::default(), Some(268_435_455));
    let got = pair.publishes(b);
    assert_eq!(got[0].properties.subscription_identifiers().collect::<Vec<_>>(), [268_435_455]);
}

/// [R5] [M3] Message expiry removes a retained message, when it is due; one that replaces it lives by its own. [MQTT-3.3.2-5]
#[test]
fn message_expiry_removes_a_retained_message() {
    let mut pair = Pair::new("mqtt");
    let a = pair.join(client(V5, "a"));
    let expiring = |topic: &str, s| {
        with_properties(retained(topic, "x", QOS0), vec![Property::MessageExpiryInterval(s)])
    };
    pair.send(a, expiring("short", 10));
    pair.send(a, expiring("replaced", 10));
    pair.send(a, expiring("replaced", 20));
    pair.send(a, expiring("again", 10));
    pair.send(a, expiring("again", 10));
    pair.send(a, expiring("cleared", 10));
    pair.send(a, retained("cleared", "", QOS0));
    pair.pass_s(9);
    let b = pair.join(client(V5, "b"));
    pair.subscribe(b, "short", QOS0);
    assert_eq!(pair.publishes(b)[0].properties.message_expiry_interval(), Some(1));
    pair.pass_s(1);
    assert_eq!(pair.broker.retained().iter().map(|r| &*r.topic).collect::<Vec<_>>(), ["replaced"]);
    pair.pass_s(10);
    assert_eq!(pair.broker.retained(), []);
    let times: Vec<_> =
        pair.events(Kind::RetainedExpired).iter().map(|e| (e.at.0, e.topic.clone())).collect();
    let expected = [(10_000_000, "again"), (10_000_000, "short"), (20_000_000, "replaced")];
    assert_eq!(times, expected.map(|(at, topic)| (at, topic.to_owned())));
}

/// [T1] A leading wildcard does not bring names that begin with `$`. [MQTT-4.7.2-1]
#[test]
fn a_leading_wildcard_does_not_bring_dollar_topics() {
    let mut pair = Pair::new("mqtt");
    let (a, b) = (pair.join(client(V5, "a")), pair.join(client(V5, "b")));
    pair.send(a, retained("$lab/x", "x", QOS0));
    pair.subscribe(b, "#", QOS0);
    assert_eq!(pair.publishes(b), []);
    pair.subscribe(b, "$lab/#", QOS0);
    assert_eq!(pair.payloads(b), ["x"]);
}

/// [O2] The bound of the store: 5.0 is told 0x97, and nothing is changed; an update of a known topic still fits.
/// [glassbroker.bound.retained]
#[test]
fn a_full_store_refuses_what_is_new() {
    let mut pair = Pair::with("mqtt", &[("retained.max_messages", Value::Number(1))]);
    let (a, b) = (pair.join(client(V5, "a")), pair.join(client(V3, "b")));
    pair.send(a, retained("one", "x", QOS1));
    pair.send(a, retained("two", "x", QOS1));
    pair.send(b, retained("two", "x", QOS1));
    pair.send(a, retained("one", "y", QOS1));
    let codes: Vec<_> = pair
        .inbox(a)
        .into_iter()
        .map(|packet| match packet {
            Packet::Puback(ack) => ack.code,
            other => panic!("{other:?}"),
        })
        .collect();
    let none = ReasonCode::NO_MATCHING_SUBSCRIBERS;
    assert_eq!(codes, [none, ReasonCode::QUOTA_EXCEEDED, none]);
    assert_eq!(pair.inbox(b), [Packet::Puback(ack(1))]);
    assert_eq!(pair.events(Kind::QuotaRefused).len(), 2);
    assert_eq!(pair.broker.retained().len(), 1);
}

/// [R4] An operator writes and deletes; subscribers receive both. [glassbroker.operator]
#[test]
fn an_operator_writes_and_deletes() {
    let mut pair = Pair::new("mqtt");
    let b = pair.join(client(V5, "b"));
    pair.subscribe(b, "t", QOS1);
    let payload = Bytes::from_static(b"by hand");
    let write = retain("t".to_owned(), payload, QOS1);
    pair.command(write).unwrap();
    pair.command(Command::RetainedRead { topic: "t".to_owned() }).unwrap();
    pair.command(Command::RetainedDelete { topic: "t".to_owned() }).unwrap();
    assert!(pair.command(Command::RetainedRead { topic: "t".to_owned() }).unwrap_err().contains("`t`"));
    assert_eq!(pair.payloads(b), ["by hand", ""]);
    assert!(pair.command(Command::RetainedDelete { topic: "t".to_owned() }).unwrap_err().contains("`t`"));
}

/// [R4] [MQTT-3.3.2-2]
#[test]
fn an_operator_writes_to_no_filter() {
    let mut pair = Pair::new("mqtt").memory_only("serve refuses such a step as it reads it");
    let write = retain("a/#".to_owned(), Bytes::new(), QOS0);
    assert!(pair.command(write).unwrap_err().contains("wildcard"));
}
